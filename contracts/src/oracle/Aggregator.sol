// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Entries} from "./Entries.sol";
import {Aggregation} from "./IOracle.sol";
import {Refusals} from "./Refusals.sol";
import {SignerSet, SignerSets} from "./SignerSet.sol";

/// @dev How signed values become one. Entries are checked before: whole, ascending by value, each seat once.
/// @dev The same rule in TypeScript and the cases that bind both: vectors/aggregation.json.
library Aggregator {
    using Entries for bytes;
    using SignerSets for SignerSet;

    uint256 private constant BPS = 10_000;

    /// @param weight of those who reported
    /// @return value the answer
    /// @return confidence basis points of ALL weight that lies within `tolerance` of it, bounds included; rounds down
    function answer(
        bytes calldata entries,
        bytes32 question,
        Aggregation how,
        uint96 tolerance,
        SignerSet memory set,
        uint256 weight
    ) internal pure returns (int96 value, uint256 confidence) {
        requireQuorum(question, set, weight);
        if (how == Aggregation.Median) {
            value = _median(entries, set, weight);
        } else {
            uint256 most;
            (value, most) = _plurality(entries, set);
            if (2 * most <= set.totalWeight()) Refusals.noQuorum(question, most, set.totalWeight());
        }
        confidence = confidenceOf(_agreeing(entries, set, value, tolerance), set);
    }

    /// @return basis points of ALL weight that `weight` is; rounds down
    function confidenceOf(uint256 weight, SignerSet memory set) internal pure returns (uint256) {
        unchecked {
            return weight * BPS / set.totalWeight(); // sums of 32 weights of 96 bits, and a quorum's is not 0
        }
    }

    /// @notice More than two thirds of ALL weight must have signed. Abstaining counts against.
    /// @dev Two such quorums share more than a third; with fewer dishonest than that, they share an honest provider.
    function requireQuorum(bytes32 question, SignerSet memory set, uint256 weight) internal pure {
        uint256 total = set.totalWeight();
        bool isQuorum;
        unchecked {
            isQuorum = 3 * weight > 2 * total; // sums of 32 weights of 96 bits
        }
        if (!isQuorum) Refusals.noQuorum(question, weight, total);
    }

    /// @dev The lower weighted median: the first value at which half of `weight` is reached. Not the mean of two, so the
    ///      answer is always a value that somebody signed.
    function _median(bytes calldata entries, SignerSet memory set, uint256 weight) private pure returns (int96) {
        uint256 cursor;
        uint256 reached = _weightAt(entries, set, cursor);
        unchecked {
            while (2 * reached < weight) {
                cursor += Entries.SIZE;
                reached += _weightAt(entries, set, cursor);
            }
        }
        return entries.valueAt(cursor);
    }

    /// @dev The value with the most weight behind it, the lowest of equals, and that weight.
    function _plurality(bytes calldata entries, SignerSet memory set)
        private
        pure
        returns (int96 winner, uint256 most)
    {
        uint256 weight; // of the run of equal values in which `cursor` stands
        unchecked {
            for (uint256 cursor; cursor < entries.length; cursor += Entries.SIZE) {
                int96 value = entries.valueAt(cursor);
                if (cursor != 0 && value != entries.valueAt(cursor - Entries.SIZE)) weight = 0;
                weight += _weightAt(entries, set, cursor);
                if (weight > most) (winner, most) = (value, weight);
            }
        }
    }

    function _agreeing(bytes calldata entries, SignerSet memory set, int96 value, uint96 tolerance)
        private
        pure
        returns (uint256 weight)
    {
        // Differences of int96 and sums of uint96 are far from overflowing 256 bits.
        unchecked {
            for (uint256 cursor; cursor < entries.length; cursor += Entries.SIZE) {
                int256 off = int256(entries.valueAt(cursor)) - value;
                if (uint256(off < 0 ? -off : off) <= tolerance) weight += _weightAt(entries, set, cursor);
            }
        }
    }

    function _weightAt(bytes calldata entries, SignerSet memory set, uint256 cursor) private pure returns (uint256) {
        (, uint96 weight) = set.seatAt(entries.seatAt(cursor));
        return weight;
    }
}
