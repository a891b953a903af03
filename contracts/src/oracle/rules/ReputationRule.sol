// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

/// @dev What a provider was right and wrong about in one domain: sums of information, 1e18 is one whole bit.
struct Counts {
    uint96 right;
    uint96 wrong;
    uint40 at; // unix seconds of the last question that counted
}

/// @dev How far a provider is believed, from the questions that became final. The same rule in TypeScript and the cases
///      that bind both: vectors/economy/reputation.json.
/// @dev Fixed point of 18 decimals ("wad"). Logarithm and exponential are solady's, within 2e-18 of the true value for
///      what goes through here; both languages give the same bits.
/// @dev Nothing reverts for stakes, values and times of the widths that the oracle stores.
library ReputationRule {
    uint256 internal constant WAD = 1e18;
    uint256 internal constant HALF_LIFE = 90 days;
    /// @dev What a question counts that everybody answers alike and the market knew before.
    uint256 internal constant LEAST_INFORMATION = 0.02e18;
    /// @dev A mistake takes three right answers to make good.
    uint256 internal constant WRONG_FACTOR = 3;
    uint256 internal constant PRIOR_RIGHT = 2e18;
    uint256 internal constant PRIOR_WRONG = 1e18;
    /// @dev One-sided confidence of 95 %.
    uint256 internal constant Z = 1.64e18;
    uint256 internal constant Z_SQUARED = 2.6896e18;
    uint256 internal constant LN_2 = 693_147_180_559_945_309;
    uint256 internal constant LN_19 = 2_944_438_979_166_440_460;
    uint256 internal constant MOST_FACTOR_BPS = 10_000;
    uint256 internal constant LEAST_FACTOR_BPS = 1_000;
    /// @dev exp(-7^2) is below 1e-18.
    uint256 private constant FAR = 7e18;

    /* WHAT A QUESTION TELLS */

    /// @notice Entropy of `masses` in bits, wad: 0 when all agree, 1 for two equal camps.
    /// @dev Divisions round down, logarithms up: within 2e-15 of the true value for 32 masses.
    /// @param masses weight behind each distinct answer, or any other shares; their sum below 2^196
    function entropy(uint256[] memory masses) internal pure returns (uint256 bits) {
        uint256 total;
        for (uint256 i; i < masses.length; ++i) {
            total += masses[i];
        }
        if (total == 0) return 0;
        for (uint256 i; i < masses.length; ++i) {
            uint256 share = masses[i] * WAD / total;
            if (share != 0) bits += share * uint256(-FixedPointMathLib.lnWad(int256(share))) / WAD;
        }
        return bits * WAD / LN_2;
    }

    /// @notice How much a question counts, wad: what divided the providers and what the market did not know when it opened.
    function information(uint256 answers, uint256 market) internal pure returns (uint256) {
        return FixedPointMathLib.clamp(FixedPointMathLib.saturatingAdd(answers, market), LEAST_INFORMATION, WAD);
    }

    /// @notice How right a report is, wad: exp(-(distance / tolerance)^2), rounded down. Without tolerance, all or nothing.
    function credit(int96 value, int96 answer, uint96 tolerance) internal pure returns (uint256) {
        uint256 distance = FixedPointMathLib.dist(int256(value), int256(answer));
        if (distance == 0) return WAD;
        if (tolerance == 0) return 0;
        uint256 ratio = distance * WAD / tolerance;
        if (ratio >= FAR) return 0;
        return uint256(FixedPointMathLib.expWad(-int256(ratio * ratio / WAD)));
    }

    /* WHAT A PROVIDER IS KNOWN FOR */

    /// @notice `counts` after a question of `information_` became final at `at` with `credit_` for the provider.
    /// @dev Right gains u * credit, wrong 3u * (1 - credit), each rounded down; sums stop at the top of their width.
    /// @dev A question older than the last one decays nothing: callers give them in the order in which they became final.
    function record(Counts memory counts, uint256 information_, uint256 credit_, uint40 at)
        internal
        pure
        returns (Counts memory)
    {
        (uint256 right, uint256 wrong) = decayed(counts, at);
        right += information_ * credit_ / WAD;
        wrong += WRONG_FACTOR * information_ * (WAD - credit_) / WAD;
        return Counts({right: _top(right), wrong: _top(wrong), at: at > counts.at ? at : counts.at});
    }

    /// @notice The counts as they weigh at `at`: half of them is gone after 90 days. Rounds down.
    function decayed(Counts memory counts, uint40 at) internal pure returns (uint256 right, uint256 wrong) {
        if (at <= counts.at) return (counts.right, counts.wrong);
        uint256 left = uint256(FixedPointMathLib.expWad(-int256(LN_2 * (at - counts.at) / HALF_LIFE)));
        return (counts.right * left / WAD, counts.wrong * left / WAD);
    }

    /// @notice Lower bound of Wilson's interval of being right, wad, at `at`; the prior of 2 right and 1 wrong never decays,
    ///         so whoever is idle returns to where everybody starts: 0.254.
    /// @dev Rounds down: the root and its product up, the quotient down. Below 1 in any case.
    function lowerBound(Counts memory counts, uint40 at) internal pure returns (uint256) {
        (uint256 right, uint256 wrong) = decayed(counts, at);
        right += PRIOR_RIGHT;
        wrong += PRIOR_WRONG;
        uint256 n = right + wrong;
        uint256 square = FixedPointMathLib.mulDivUp(right, wrong, n) + Z_SQUARED / 4;
        uint256 spread = FixedPointMathLib.mulWadUp(Z, _sqrtUp(square * WAD));
        // With two right in the prior the difference is never below 0.6.
        return (right + Z_SQUARED / 2 - spread) * WAD / (n + Z_SQUARED);
    }

    /// @notice `bound` on the scale that people see, 0..1000. Rounds down.
    function scoreOf(uint256 bound) internal pure returns (uint16) {
        return uint16(FixedPointMathLib.min(bound, WAD) * 1_000 / WAD);
    }

    /// @notice What of a stake counts, basis points: clamp(ln(r / (1 - r)) / ln 19, 0.1, 1). Rounds down.
    /// @dev Log-odds are the best weights of independent voters; ln 19 belongs to 0.95.
    function factorBps(uint256 bound) internal pure returns (uint16) {
        if (2 * FixedPointMathLib.min(bound, WAD) <= WAD) return uint16(LEAST_FACTOR_BPS);
        if (bound >= 0.95e18) return uint16(MOST_FACTOR_BPS);
        uint256 logOdds = uint256(FixedPointMathLib.lnWad(int256(bound * WAD / (WAD - bound))));
        return uint16(FixedPointMathLib.clamp(logOdds * MOST_FACTOR_BPS / LN_19, LEAST_FACTOR_BPS, MOST_FACTOR_BPS));
    }

    /* INSIDE */

    function _sqrtUp(uint256 x) private pure returns (uint256 root) {
        root = FixedPointMathLib.sqrt(x);
        if (root * root < x) ++root;
    }

    function _top(uint256 count) private pure returns (uint96) {
        return count > type(uint96).max ? type(uint96).max : uint96(count);
    }
}
