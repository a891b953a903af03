// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

/// @dev What shortens or lengthens the time to object.
struct WindowFacts {
    bool deterministic; // every source gives the same number to whoever asks
    bool aiDisagrees;
    bool surge; // more disputes than usual
    uint256 agreementBps; // weight within tolerance, of all weight
    uint256 providers; // that signed
}

/// @dev What a dispute costs, how long it may be opened, and what may hang on an answer. The same rule in TypeScript:
///      vectors/economy/deposit.json.
/// @dev "Units" are whole units of the collateral: `unit` of its smallest ones. Amounts below 2^128.
library DepositRule {
    uint256 internal constant MOST_UNITS = type(uint16).max;
    uint256 internal constant LEAST_HALVED = 5 minutes;

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

    /// @notice Seconds in which an answer may be objected to, by what hangs on it: under 10,000 units 30 minutes, under
    ///         100,000 2 hours, under a million 6 hours, under ten million 24 hours, else 48 hours.
    function baseWindow(uint256 secured, uint256 unit) internal pure returns (uint256) {
        uint256 units = secured / unit; // rounding down keeps "under n units" exact
        if (units < 10_000) return 30 minutes;
        if (units < 100_000) return 2 hours;
        if (units < 1_000_000) return 6 hours;
        if (units < 10_000_000) return 24 hours;
        return 48 hours;
    }

    /// @notice `base` halved where there is little to object to, to no less than 5 minutes; doubled on any sign of trouble.
    /// @dev Both may hold, in a surge: halved first, then doubled. Halving rounds down and never lengthens.
    function window(uint256 base, WindowFacts memory facts) internal pure returns (uint256 seconds_) {
        seconds_ = base;
        if (facts.deterministic && facts.agreementBps >= 9_500 && facts.providers >= 7) {
            seconds_ = FixedPointMathLib.min(base, FixedPointMathLib.max(base / 2, LEAST_HALVED));
        }
        if (facts.aiDisagrees || facts.surge || facts.agreementBps < 8_000) seconds_ *= 2;
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
