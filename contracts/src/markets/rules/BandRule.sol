// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// How much a stake counts by its distance from the score.
enum Rule {
    Linear, // (100 - distance)
    Square, // (100 - distance)^2
    Fourth, // (100 - distance)^4
    Eighth, // (100 - distance)^8
    Brier // budget-balanced and truthful in the mean: 10^4 + V - distance^2, V the mean of distance^2 by stake
}

// Stances: 0, 5 to 100.
uint256 constant BANDS = 21;

/// @dev What an opinion market pays by closeness. Stances are 21 bands, 0, 5 to 100; the score is whole, 0 to 100. The same
///      rule in TypeScript and the cases that bind both: vectors/rules/bands.json.
/// @dev A unit staked on a band weighs {weightAt} of it; all units together weigh {sum}; a stake is paid its part of both.
///      Amounts of a band below 2^50, of a market below 2^55, of a position below 2^45, so nothing here overflows:
///      a weight at most 2^70, a sum 2^124, a product of pay-out 2^171.
library BandRule {
    uint256 internal constant BAND_STEP = 5;
    uint256 internal constant HIGHEST = 100;
    uint256 private constant WHOLE = 10_000;

    /* WEIGHTS */

    /// @notice What the stakes come to that is known of a market before any position is looked at: for Brier the sum of
    ///         amount * distance^2, else the sum of all weights. A result keeps it.
    function factsOf(uint256[BANDS] memory totals, uint256 score, Rule rule) internal pure returns (uint256 facts) {
        unchecked {
            for (uint256 band; band < BANDS; ++band) {
                if (totals[band] == 0) continue;
                uint256 distance = _distance(band, score);
                facts += totals[band] * (rule == Rule.Brier ? distance * distance : _power(HIGHEST - distance, rule));
            }
        }
    }

    /// @notice What one unit on `band` weighs.
    /// @param total of all stakes of the market
    function weightAt(uint256 band, uint256 score, Rule rule, uint256 total, uint256 facts)
        internal
        pure
        returns (uint256)
    {
        unchecked {
            uint256 distance = _distance(band, score);
            // distance^2 is at most WHOLE, so this is never below zero.
            if (rule == Rule.Brier) return (WHOLE - distance * distance) * total + facts;
            return _power(HIGHEST - distance, rule);
        }
    }

    /// @notice What all units together weigh: the sum over bands of {weightAt}, exactly.
    function sum(Rule rule, uint256 total, uint256 facts) internal pure returns (uint256) {
        unchecked {
            return rule == Rule.Brier ? WHOLE * total * total : facts;
        }
    }

    /* MONEY */

    /// @notice A part of the whole in basis points, rounded down: the fee, or what the prizes share.
    function part(uint256 total, uint256 bps) internal pure returns (uint256) {
        unchecked {
            return total * bps / WHOLE;
        }
    }

    /// @notice What `amount` units of one weight have of `net`. Rounds down, so all together never have more than `net`.
    /// @param sum_ not 0
    function share(uint256 net, uint256 amount, uint256 weight, uint256 sum_) internal pure returns (uint256) {
        unchecked {
            return net * amount * weight / sum_;
        }
    }

    /* INSIDE */

    function _distance(uint256 band, uint256 score) private pure returns (uint256) {
        unchecked {
            uint256 stance = band * BAND_STEP;
            return stance > score ? stance - score : score - stance;
        }
    }

    function _power(uint256 base, Rule rule) private pure returns (uint256) {
        unchecked {
            if (rule == Rule.Linear) return base;
            base *= base;
            if (rule == Rule.Square) return base;
            base *= base;
            return rule == Rule.Fourth ? base : base * base;
        }
    }
}
