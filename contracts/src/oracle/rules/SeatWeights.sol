// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";
import {WeightCap} from "../WeightCap.sol";

/// @dev What each seat of a signer set weighs: its stake, cut as {WeightCap} cuts it, times its reputation, and no party
///      above its part of all weight. The same rule in TypeScript: vectors/economy/seat-weights.json.
/// @dev A party is a provider alone, or all seats of one cluster: they count as one wherever parties are counted or cut, so
///      a cluster gains nothing by more seats. A seat without stake or with factor 0 is no party.
/// @dev No party holds more than 1/k of `total`, exactly: k = 4, or the number of parties below 4; for a cluster 7 from
///      eight parties on. See docs/decisions/weight-cap.md for a quarter.
/// @dev Without clusters and with full factors this is WeightCap, unit by unit.
/// @dev With stakes below 2^96 no product here reaches 2^256, so nothing is checked twice.
library SeatWeights {
    uint256 private constant BPS = 10_000;
    /// @dev Divisible by every k that occurs.
    uint256 private constant WHOLE = 84;

    /// @dev By party, in the order in which their first seats stand.
    struct Parties {
        uint256 count;
        uint256[] ofSeat; // by seat: its party + 1, 0 for none
        uint256[] cluster; // 0: a provider alone
        uint256[] stake;
        uint256[] weight; // before the caps
        uint256[] k;
    }

    /// @notice Weight of every seat, in the order given, and their sum. Never reverts for 32 seats.
    /// @dev Rounds down, except that what a cut cluster's seats lose to rounding goes to its largest, one unit each.
    /// @param stakes below 2^96 each
    /// @param factorBps what reputation leaves of a stake; above 10,000 counts as 10,000
    /// @param clusters who stands together; 0 for a provider alone. All three are of one length.
    function weigh(uint256[] memory stakes, uint256[] memory factorBps, uint256[] memory clusters)
        internal
        pure
        returns (uint256[] memory weights, uint256 total)
    {
        unchecked {
            Parties memory parties = _parties(stakes, factorBps, clusters);
            weights = _believed(parties, stakes, factorBps);
            _setParts(parties);
            total = _total(parties);
            for (uint256 p; p < parties.count; ++p) {
                if (parties.weight[p] == 0) continue;
                uint256 most = total / parties.k[p];
                if (parties.weight[p] > most) _cut(parties, p, weights, most);
            }
        }
    }

    /* PARTIES */

    function _parties(uint256[] memory stakes, uint256[] memory factorBps, uint256[] memory clusters)
        private
        pure
        returns (Parties memory parties)
    {
        unchecked {
            uint256 n = stakes.length;
            parties.ofSeat = new uint256[](n);
            parties.cluster = new uint256[](n);
            parties.stake = new uint256[](n);
            parties.weight = new uint256[](n);
            parties.k = new uint256[](n);
            for (uint256 seat; seat < n; ++seat) {
                if (stakes[seat] == 0 || factorBps[seat] == 0) continue;
                uint256 p = clusters[seat] == 0 ? parties.count : _find(parties, clusters[seat]);
                if (p == parties.count) parties.cluster[parties.count++] = clusters[seat];
                parties.stake[p] += stakes[seat];
                parties.ofSeat[seat] = p + 1;
            }
        }
    }

    function _find(Parties memory parties, uint256 cluster) private pure returns (uint256 p) {
        unchecked {
            while (p < parties.count && parties.cluster[p] != cluster) ++p;
        }
    }

    /// @dev Stake of the seat * what the cap leaves of its party's * factor, rounded down once.
    function _believed(Parties memory parties, uint256[] memory stakes, uint256[] memory factorBps)
        private
        pure
        returns (uint256[] memory weights)
    {
        unchecked {
            uint256[] memory held = new uint256[](parties.count);
            for (uint256 p; p < held.length; ++p) {
                held[p] = parties.stake[p];
            }
            uint256 cap = WeightCap.capOf(held);
            weights = new uint256[](stakes.length);
            for (uint256 seat; seat < weights.length; ++seat) {
                uint256 p = parties.ofSeat[seat];
                if (p-- == 0) continue;
                uint256 whole = held[p];
                uint256 counts = FixedPointMathLib.min(whole, cap) * FixedPointMathLib.min(factorBps[seat], BPS);
                uint256 weight = stakes[seat] * counts / (whole * BPS);
                weights[seat] = weight;
                parties.weight[p] += weight;
            }
        }
    }

    /// @dev How many times a party's weight must fit into all weight. What weighs nothing is not counted, or the rest could
    ///      not fill the whole.
    function _setParts(Parties memory parties) private pure {
        unchecked {
            uint256 count = parties.count;
            uint256[] memory weight = parties.weight;
            uint256 present;
            for (uint256 p; p < count; ++p) {
                if (weight[p] != 0) ++present;
            }
            uint256 alone = FixedPointMathLib.min(present, 4);
            for (uint256 p; p < count; ++p) {
                parties.k[p] = present >= 8 && parties.cluster[p] != 0 ? 7 : alone;
            }
        }
    }

    /* CAPS */

    /// @dev The largest T with T = sum of min(weight, floor(T / k)).
    function _total(Parties memory parties) private pure returns (uint256 total) {
        unchecked {
            uint256 count = parties.count;
            uint256[] memory weight = parties.weight;
            uint256[] memory k = parties.k;
            // First without rounding down: those who are cut hold a fixed part of T, so T = 84 * whole / left.
            bool[] memory isCut = new bool[](count);
            uint256 left = WHOLE;
            uint256 whole; // weight of those who are not cut
            for (uint256 p; p < count; ++p) {
                whole += weight[p];
            }
            if (whole == 0) return 0;
            // Whoever is above his part of T stays so when others are cut too, because that lowers T. `left` stays above 0:
            // the parts of all parties fill the whole, and the one that would take the last of it is not above its part.
            for (bool again = true; again;) {
                again = false;
                (uint256 wholeNow, uint256 leftNow) = (WHOLE * whole, left);
                for (uint256 p; p < count; ++p) {
                    if (isCut[p] || weight[p] * k[p] * leftNow <= wholeNow) continue;
                    (isCut[p], again) = (true, true);
                    whole -= weight[p];
                    left -= WHOLE / k[p];
                }
            }
            // Then down to where rounded parts carry it: fewer than 84 steps, since a multiple of 84 always does.
            for (uint256 sum = WHOLE * whole / left; sum != total;) {
                total = sum;
                sum = 0;
                for (uint256 p; p < count; ++p) {
                    if (weight[p] != 0) sum += FixedPointMathLib.min(weight[p], total / k[p]);
                }
            }
        }
    }

    /// @dev Cuts the seats of party `p` to `most` together, in proportion; the units that rounding leaves go to the largest,
    ///      the first of equals, so that nobody overtakes a larger one.
    function _cut(Parties memory parties, uint256 p, uint256[] memory weights, uint256 most) private pure {
        unchecked {
            uint256 n = weights.length;
            uint256 whole = parties.weight[p];
            uint256 rest = most;
            uint256[] memory before = new uint256[](n);
            for (uint256 seat; seat < n; ++seat) {
                if (parties.ofSeat[seat] != p + 1) continue;
                before[seat] = weights[seat];
                weights[seat] = before[seat] * most / whole;
                rest -= weights[seat];
            }
            for (; rest != 0; --rest) {
                uint256 largest;
                for (uint256 seat; seat < n; ++seat) {
                    if (before[seat] > before[largest]) largest = seat;
                }
                ++weights[largest];
                before[largest] = 0;
            }
        }
    }
}
