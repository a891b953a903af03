// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

/// @dev How a reward is divided among those whose work was accepted. {Shares} pays by it. The same rule in TypeScript:
///      vectors/economy/reward.json.
library RewardRule {
    uint256 internal constant BPS = 10_000;
    uint256 internal constant PROVIDERS_BPS = 8_000; // the usual share; the rest is the treasury's
    uint256 internal constant PREMIUM_SCORE = 950;
    uint256 internal constant PREMIUM_FACTOR = 2;

    /// @notice Whether a provider's work counts twice: a reputation of 950 or more, earned over `least` final rounds.
    function isPremium(uint256 score, uint256 rounds, uint256 least) internal pure returns (bool) {
        return score >= PREMIUM_SCORE && rounds >= least;
    }

    /// @notice Shares by accepted work, a premium provider's counted twice, and what is left for the treasury.
    /// @dev Shares round down; shares and `toTreasury` add up to `reward`. Without work all of it is the treasury's.
    /// @param reward below 2^96
    /// @param providersBps above 10,000 counts as 10,000
    /// @param work accepted reports of each, below 2^64; of one length with `premium`
    function split(uint256 reward, uint256 providersBps, uint256[] memory work, bool[] memory premium)
        internal
        pure
        returns (uint256[] memory shares, uint256 toTreasury)
    {
        uint256 points;
        shares = new uint256[](work.length);
        for (uint256 i; i < work.length; ++i) {
            shares[i] = premium[i] ? PREMIUM_FACTOR * work[i] : work[i];
            points += shares[i];
        }
        toTreasury = reward;
        if (points == 0) return (shares, toTreasury);
        uint256 forProviders = reward * FixedPointMathLib.min(providersBps, BPS) / BPS;
        for (uint256 i; i < work.length; ++i) {
            shares[i] = forProviders * shares[i] / points;
            toTreasury -= shares[i];
        }
    }
}
