// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

/// @dev What a dispute costs, how long it may be opened, and what may hang on an answer. The same rule in TypeScript:
///      vectors/economy/deposit.json.
/// @dev "Units" are whole units of the collateral: `unit` of its smallest ones. Amounts below 2^128.
library DepositRule {
    uint256 internal constant MOST_UNITS = type(uint16).max;
    /// Of the lowest window: 30 minutes, 2, 6, 24 and 48 hours where it is half an hour.
    uint256 internal constant HIGHEST_WINDOW = 96;
    uint256 internal constant LOW_UNITS = 10_000;
    uint256 internal constant CLEAR_BPS = 9_500;
    uint256 internal constant CLEAR_SIGNERS = 7;
    uint256 internal constant TROUBLED_BPS = 8_000;

    /* DEPOSIT */

    /// @notice Deposit of each side in whole units: clamp(0.5 % of the secured value, least, most), doubled each round.
    /// @dev Rounds up. Stops at 65,535, the most that its field holds, so the doubling ends there.
    /// @param unit smallest units in a whole one; not 0
    /// @param round 0 for the first
    function depositUnits(uint256 secured, uint256 unit, uint256 round, uint256 least, uint256 most)
        internal
        pure
        returns (uint16)
    {
        uint256 first =
            FixedPointMathLib.min(_clamp(FixedPointMathLib.divUp(secured, 200 * unit), least, most), MOST_UNITS);
        return uint16(FixedPointMathLib.min(first << FixedPointMathLib.min(round, 16), MOST_UNITS));
    }

    /// @notice Where the loser's deposit goes: half to the winner, a quarter to the jurors, the rest to insurance.
    /// @dev The first two round down; the three add up to `deposit`.
    function splitLost(uint256 deposit) internal pure returns (uint256 winner, uint256 jurors, uint256 insurance) {
        winner = deposit / 2;
        jurors = deposit / 4;
        insurance = deposit - winner - jurors;
    }

    /* WINDOW */

    /// @notice Seconds in which an answer may be objected to, by what hangs on it: `lowest` under 10,000 units, four times
    ///         that under 100,000, 12 times under a million, 48 times under ten million, else 96 times.
    /// @param lowest below 2^32
    function baseWindow(uint256 secured, uint256 unit, uint256 lowest) internal pure returns (uint256) {
        uint256 units = secured / unit; // rounding down keeps "under n units" exact
        if (units < LOW_UNITS) return lowest;
        if (units < 100_000) return 4 * lowest;
        if (units < 1_000_000) return 12 * lowest;
        if (units < 10_000_000) return 48 * lowest;
        return HIGHEST_WINDOW * lowest;
    }

    /// @notice The shortest that an asker may say: half of the base, rounded up.
    function leastLiveness(uint256 base) internal pure returns (uint256) {
        return base - base / 2;
    }

    /// @notice The window of an answer. What the asker said where that is the base or longer. Shorter, which he says where
    ///         every source gives the same number to whoever asks, holds only for an answer that at least seven signed with
    ///         95 % of all weight in agreement, and else is the base. Doubled once on a sign of trouble: less than 80 % in
    ///         agreement, or a breaker.
    /// @param liveness seconds, below 2^32
    /// @param base {baseWindow} of what the answer secures
    /// @param agreementBps weight within tolerance of the answer, of ALL weight; where it was co-signed, the weight that did
    /// @param surge a breaker is tripped
    function window(uint256 liveness, uint256 base, uint256 agreementBps, uint256 signers, bool surge)
        internal
        pure
        returns (uint256 seconds_)
    {
        seconds_ = liveness;
        if (liveness < base && (agreementBps < CLEAR_BPS || signers < CLEAR_SIGNERS)) seconds_ = base;
        if (surge || agreementBps < TROUBLED_BPS) seconds_ += seconds_;
    }

    /* VALUE CAP */

    /// @notice The most that may hang on an answer: a third of the stake that signed it. Rounds down.
    function mostSecured(uint256 signedStake) internal pure returns (uint256) {
        return signedStake / 3;
    }

    /// @dev `most` wins over a `least` above it.
    function _clamp(uint256 value, uint256 least, uint256 most) private pure returns (uint256) {
        return FixedPointMathLib.min(FixedPointMathLib.max(value, least), most);
    }
}
