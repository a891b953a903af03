// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Entries} from "./Entries.sol";
import {SignerSet, SignerSets} from "./SignerSet.sol";

/// @dev How signed values become one. Entries are checked before: whole, ascending by value, each seat once.
library Aggregator {
    using Entries for bytes;
    using SignerSets for SignerSet;

    /// @notice The lower weighted median: the first value at which half of `weight` is reached.
    /// @dev Lower, not the mean of two: the answer is always a value that somebody signed.
    /// @param weight of those who reported
    function median(bytes calldata entries, SignerSet memory set, uint256 weight) internal pure returns (int96) {
        uint256 reached;
        uint256 cursor;
        while (true) {
            reached += _weightAt(entries, set, cursor);
            if (2 * reached >= weight) break;
            cursor += Entries.SIZE;
        }
        return entries.valueAt(cursor);
    }

    /// @notice The value with the most weight behind it, the lowest of equals, and that weight.
    function plurality(bytes calldata entries, SignerSet memory set)
        internal
        pure
        returns (int96 winner, uint256 most)
    {
        uint256 weight; // of the run of equal values that `cursor` stands in
        for (uint256 cursor; cursor < entries.length; cursor += Entries.SIZE) {
            int96 value = entries.valueAt(cursor);
            if (cursor != 0 && value != entries.valueAt(cursor - Entries.SIZE)) weight = 0;
            weight += _weightAt(entries, set, cursor);
            if (weight > most) (winner, most) = (value, weight);
        }
    }

    /// @notice Weight of those whose value lies within `tolerance` of the answer, bounds included.
    function agreeing(bytes calldata entries, SignerSet memory set, int96 answer, uint96 tolerance)
        internal
        pure
        returns (uint256 weight)
    {
        for (uint256 cursor; cursor < entries.length; cursor += Entries.SIZE) {
            int256 off = int256(entries.valueAt(cursor)) - answer;
            if (uint256(off < 0 ? -off : off) <= tolerance) weight += _weightAt(entries, set, cursor);
        }
    }

    function _weightAt(bytes calldata entries, SignerSet memory set, uint256 cursor) private pure returns (uint256) {
        (, uint96 weight) = set.seatAt(entries.seatAt(cursor));
        return weight;
    }
}
