// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

/// @dev What a fault costs. The same rule in TypeScript: vectors/economy/slash.json.
/// @dev Rates are parts per million of stake and round down, and so do amounts: whoever is slashed never pays a unit too
///      much, and no slash exceeds the stake. Amounts below 2^96.
library SlashRule {
    uint256 internal constant PPM = 1_000_000;

    /* RATES */

    uint256 internal constant NO_REVEAL = 10_000; // 1 %: committed, then silent
    uint256 internal constant JUROR_MISSING = 5_000; // 0.5 %
    uint256 internal constant JUROR_INCOHERENT = 10_000; // 1 %
    uint256 internal constant VOTE_LEAKED = 100_000; // 10 %
    uint256 internal constant POSITION_UNDECLARED = 500_000; // 50 %
    uint256 internal constant EQUIVOCATION = 1_000_000; // 100 %: two signatures, two values
    uint256 internal constant LEAST_COLLUSION = 200_000; // 20 %
    uint256 internal constant OVERTURNED = 20_000; // 2 %, for one who errs alone
    uint256 internal constant MOST_OVERTURNED = 200_000; // 20 %, the first time
    uint256 internal constant OUTSIDE = 1_000; // 0.1 %, per tolerance off
    uint256 internal constant MOST_OUTSIDE = 10_000; // 1 %
    uint256 internal constant MOST_PER_EPOCH = 300_000; // 30 %, unless a court says more
    uint256 internal constant TOO_EARLY = 100_000; // 10 % of the dispute's deposit, together

    uint256 internal constant ESCALATION = 90 days;
    uint256 internal constant WARNING = 30 days;

    /// @notice Rate for a value that the court overturned: 2 % * (1 + 9 * share of stake that was wrong too), doubled for
    ///         each earlier one of the series, at most all. Errors that many share cost most: a bought majority pays ten
    ///         times what a lone mistake does.
    /// @param wrongStake stake that signed the overturned value, the slashed one's included
    /// @param stake that signed at all; 0 counts as all wrong
    /// @param earlier overturned before, each within 90 days of the next; see {seriesOf}
    function overturnedPpm(uint256 wrongStake, uint256 stake, uint256 earlier) internal pure returns (uint256) {
        uint256 others = (MOST_OVERTURNED - OVERTURNED) * FixedPointMathLib.min(wrongStake, stake);
        uint256 first = stake == 0 ? MOST_OVERTURNED : OVERTURNED + others / stake;
        // 2 % doubled six times is more than all.
        return FixedPointMathLib.min(first << FixedPointMathLib.min(earlier, 6), PPM);
    }

    /// @notice How many came before a fault at `at` in its series: a fault 90 days or less after the last one adds to it.
    function seriesOf(uint256 earlier, uint40 lastAt, uint40 at) internal pure returns (uint256) {
        return lastAt != 0 && at <= lastAt + ESCALATION ? earlier + 1 : 0;
    }

    /// @notice Rate for a number outside tolerance of the final answer: 0.1 % * min(10, distance / tolerance).
    /// @param lastAt unix seconds of the last such number; 0 for none. The first in 30 days is a warning and costs nothing.
    function outsidePpm(uint256 distance, uint256 tolerance, uint40 lastAt, uint40 at) internal pure returns (uint256) {
        if (distance <= tolerance || lastAt == 0 || at > lastAt + WARNING) return 0;
        // Beyond ten tolerances, and with none at all, it is the most.
        if (distance / 10 >= tolerance) return MOST_OUTSIDE;
        return OUTSIDE * distance / tolerance;
    }

    /// @notice Rate for proven collusion, as grave as the verdict says: from 20 % on, at most all.
    function collusionPpm(uint256 verdictPpm) internal pure returns (uint256) {
        return FixedPointMathLib.clamp(verdictPpm, LEAST_COLLUSION, PPM);
    }

    /* AMOUNTS */

    /// @notice What a rate takes of `stake`; rounds down.
    function amountOf(uint256 stake, uint256 ppm) internal pure returns (uint256) {
        return stake * FixedPointMathLib.min(ppm, PPM) / PPM;
    }

    /// @notice What of `amount` may be taken now. Without a court a provider loses at most 30 % of what he held when the
    ///         epoch began; never more than he still has.
    /// @param heldAtStart stake at the beginning of the epoch
    /// @param taken already in this epoch, without a court
    function allowed(uint256 amount, uint256 stake, uint256 heldAtStart, uint256 taken, bool byCourt)
        internal
        pure
        returns (uint256)
    {
        uint256 most = byCourt
            ? stake
            : FixedPointMathLib.min(stake, FixedPointMathLib.zeroFloorSub(amountOf(heldAtStart, MOST_PER_EPOCH), taken));
        return FixedPointMathLib.min(amount, most);
    }

    /// @notice Where a slash goes: half to those who were harmed, 30 % to the challenger, the rest is burned.
    /// @dev The first two round down; the three add up to `amount`.
    function split(uint256 amount) internal pure returns (uint256 insurance, uint256 challenger, uint256 burned) {
        insurance = amount / 2;
        challenger = amount * 3 / 10;
        burned = amount - insurance - challenger;
    }

    /// @notice What one of those who reported too early pays: his share of 10 % of the dispute's deposit, by stake.
    /// @dev Rounds down, so together they pay at most the 10 %; never more than his stake.
    /// @param stakes of all who reported too early, his own included
    function tooEarlyOf(uint256 deposit, uint256 stake, uint256 stakes) internal pure returns (uint256) {
        if (stakes == 0) return 0;
        return
            FixedPointMathLib.min(amountOf(deposit, TOO_EARLY) * FixedPointMathLib.min(stake, stakes) / stakes, stake);
    }
}
