// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";
import {WeightCap} from "../WeightCap.sol";

/// @dev What each seat of a signer set weighs: its stake, cut as {WeightCap} cuts it, times its reputation, and no party
///      above its part of all weight. The same rule in TypeScript: vectors/economy/seat-weights.json.
/// @dev A party is a provider alone, or all seats that stand together, by a cluster or by the family of language models that
///      they answer by: they count as one wherever parties are counted or cut, so nobody gains by more seats, nor by declaring
///      another family in each of them. A seat without stake or with factor 0 is no party.
/// @dev A party in which somebody answers by a model is a witness: docs/decisions/witnesses.md. The others are people.
/// @dev No party of people holds more than 1/k of `total`, exactly: k = 4, or their number below 4; for a cluster 7 from
///      eight of them on. See docs/decisions/weight-cap.md for a quarter. No witness holds more than a ninth, and all of them
///      together no more than a third; without people nobody weighs anything.
/// @dev Without clusters, witnesses and with full factors this is WeightCap, unit by unit.
/// @dev With stakes below 2^96 no product here reaches 2^256, so nothing is checked twice.
library SeatWeights {
    uint256 private constant BPS = 10_000;
    /// @dev Divisible by every k that occurs.
    uint256 private constant WHOLE = 252;
    /// @dev How many times a witness, and all witnesses, must fit into all weight.
    uint256 private constant WITNESS = 9;
    uint256 private constant WITNESSES = 3;

    /// @dev By party, in the order in which their first seats stand.
    struct Parties {
        uint256 count;
        bool withWitnesses;
        uint256[] ofSeat; // by seat: its party + 1, 0 for none
        bool[] isCluster;
        bool[] isWitness;
        uint256[] stake;
        uint256[] weight; // before the caps
        uint256[] k;
    }

    /// @notice Weight of every seat, in the order given, and their sum. Never reverts for 32 seats.
    /// @dev Rounds down, except that what those who are cut together lose to rounding goes to the largest of them, one unit
    ///      each.
    /// @param stakes below 2^96 each
    /// @param factorBps what reputation leaves of a stake; above 10,000 counts as 10,000
    /// @param clusters who stands together; 0 for a provider alone
    /// @param families by which family of models he answers; 0 for a person. All four are of one length, but for families,
    ///        which may be none at all where nobody is in one.
    function weigh(
        uint256[] memory stakes,
        uint256[] memory factorBps,
        uint256[] memory clusters,
        uint256[] memory families
    ) internal pure returns (uint256[] memory weights, uint256 total) {
        unchecked {
            Parties memory parties = _parties(stakes, factorBps, clusters, families);
            weights = _believed(parties, stakes, factorBps);
            _setParts(parties);
            total = _total(parties);
            if (parties.withWitnesses) {
                uint256[] memory mosts = _mosts(parties, total);
                for (uint256 p; p < parties.count; ++p) {
                    if (parties.weight[p] > mosts[p]) _cut(parties, p, weights, mosts[p]);
                }
                return (weights, total);
            }
            for (uint256 p; p < parties.count; ++p) {
                if (parties.weight[p] == 0) continue;
                uint256 most = total / parties.k[p];
                if (parties.weight[p] > most) _cut(parties, p, weights, most);
            }
        }
    }

    /* PARTIES */

    function _parties(
        uint256[] memory stakes,
        uint256[] memory factorBps,
        uint256[] memory clusters,
        uint256[] memory families
    ) private pure returns (Parties memory parties) {
        unchecked {
            uint256 n = stakes.length;
            parties.ofSeat = new uint256[](n);
            parties.isCluster = new bool[](n);
            parties.isWitness = new bool[](n);
            parties.stake = new uint256[](n);
            parties.weight = new uint256[](n);
            parties.k = new uint256[](n);
            if (!_anybody(clusters) && !_anybody(families)) {
                for (uint256 seat; seat < n; ++seat) {
                    if (stakes[seat] == 0 || factorBps[seat] == 0) continue;
                    parties.stake[parties.count] = stakes[seat];
                    parties.ofSeat[seat] = ++parties.count;
                }
                return parties;
            }
            if (families.length == 0) families = new uint256[](n);
            uint256[] memory firsts = _firsts(stakes, factorBps, clusters, families);
            for (uint256 seat; seat < n; ++seat) {
                if (stakes[seat] == 0 || factorBps[seat] == 0) continue;
                uint256 first = firsts[seat];
                uint256 p = first == seat ? parties.count++ : parties.ofSeat[first] - 1;
                parties.ofSeat[seat] = p + 1;
                parties.stake[p] += stakes[seat];
                if (clusters[seat] != 0) parties.isCluster[p] = true;
                if (families[seat] != 0) (parties.isWitness[p], parties.withWitnesses) = (true, true);
            }
        }
    }

    function _anybody(uint256[] memory values) private pure returns (bool) {
        unchecked {
            uint256 all;
            for (uint256 i; i < values.length; ++i) {
                all |= values[i];
            }
            return all != 0;
        }
    }

    /// @return firsts by seat: the first seat with which it stands together, directly or through others; itself when alone
    function _firsts(
        uint256[] memory stakes,
        uint256[] memory factorBps,
        uint256[] memory clusters,
        uint256[] memory families
    ) private pure returns (uint256[] memory firsts) {
        unchecked {
            uint256 n = stakes.length;
            firsts = new uint256[](n);
            for (uint256 seat; seat < n; ++seat) {
                firsts[seat] = seat;
                if (stakes[seat] == 0 || factorBps[seat] == 0) continue;
                _gather(firsts, seat, clusters, stakes, factorBps);
                _gather(firsts, seat, families, stakes, factorBps);
            }
        }
    }

    /// @dev Puts `seat` together with those before it that share its mark. They stand together already, so one speaks for all.
    function _gather(
        uint256[] memory firsts,
        uint256 seat,
        uint256[] memory marks,
        uint256[] memory stakes,
        uint256[] memory factorBps
    ) private pure {
        unchecked {
            uint256 mark = marks[seat];
            if (mark == 0) return;
            uint256 other = _find(marks, 0, seat, mark);
            while (other != seat && (stakes[other] == 0 || factorBps[other] == 0)) {
                other = _find(marks, other + 1, seat, mark);
            }
            if (other != seat) _join(firsts, seat, firsts[other]);
        }
    }

    /// @dev The first place from `from` on that holds `value`; `end` when none before it does. Sets are built in transactions
    ///      that build sixteen, and this is their hot loop.
    function _find(uint256[] memory values, uint256 from, uint256 end, uint256 value)
        private
        pure
        returns (uint256 at)
    {
        assembly ("memory-safe") {
            let first := add(values, 32)
            for { at := from } lt(at, end) { at := add(at, 1) } {
                if eq(mload(add(first, shl(5, at))), value) { break }
            }
        }
    }

    /// @dev All that stands with `seat` stands with `first` from here on, or the other way round.
    function _join(uint256[] memory firsts, uint256 seat, uint256 first) private pure {
        unchecked {
            (uint256 low, uint256 high) = (first, firsts[seat]);
            if (low == high) return;
            if (low > high) (low, high) = (high, low);
            // A first seat has none before it.
            for (uint256 i = high; i <= seat; ++i) {
                if (firsts[i] == high) firsts[i] = low;
            }
        }
    }

    /// @dev Stake of the seat * what the cap leaves of its party's * factor, rounded down once. Witnesses do not move the cap:
    ///      it is a matter among people.
    function _believed(Parties memory parties, uint256[] memory stakes, uint256[] memory factorBps)
        private
        pure
        returns (uint256[] memory weights)
    {
        unchecked {
            uint256[] memory held = parties.stake;
            uint256 cap = _capOfPeople(parties);
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

    function _capOfPeople(Parties memory parties) private pure returns (uint256) {
        unchecked {
            uint256 count = parties.count;
            if (!parties.withWitnesses && count == parties.stake.length) return WeightCap.capOf(parties.stake);
            uint256[] memory people = new uint256[](count);
            uint256 n;
            for (uint256 p; p < count; ++p) {
                if (!parties.isWitness[p]) people[n++] = parties.stake[p];
            }
            assembly ("memory-safe") {
                mstore(people, n)
            }
            return WeightCap.capOf(people);
        }
    }

    /// @dev How many times a party's weight must fit into all weight. Who weighs nothing is not counted, or the rest could
    ///      not fill the whole.
    function _setParts(Parties memory parties) private pure {
        unchecked {
            uint256 count = parties.count;
            uint256 people;
            for (uint256 p; p < count; ++p) {
                if (parties.weight[p] != 0 && !parties.isWitness[p]) ++people;
            }
            uint256 alone = FixedPointMathLib.min(people, 4);
            for (uint256 p; p < count; ++p) {
                parties.k[p] = parties.isWitness[p] ? WITNESS : people >= 8 && parties.isCluster[p] ? 7 : alone;
            }
        }
    }

    /* CAPS */

    /// @dev The largest T with T = sum of min(weight, floor(T / k)), where what witnesses give is floor(T / 3) at most.
    function _total(Parties memory parties) private pure returns (uint256 total) {
        unchecked {
            uint256 count = parties.count;
            uint256[] memory weight = parties.weight;
            uint256[] memory k = parties.k;
            // First without rounding down: those who are cut hold a fixed part of T, so T = 252 * whole / left.
            bool[] memory isCut = new bool[](count);
            uint256 left = WHOLE;
            uint256 whole; // weight of those who are not cut
            for (uint256 p; p < count; ++p) {
                whole += weight[p];
            }
            // Whoever is above his part of T stays so when others are cut too, because that lowers T. `left` stays above 0:
            // those above their parts weigh no more than the whole, so their parts are less than what is left of it.
            bool withWitnesses = parties.withWitnesses;
            bool isClassCut = !withWitnesses;
            for (bool again = whole != 0; again;) {
                again = false;
                (uint256 wholeNow, uint256 leftNow) = (WHOLE * whole, left);
                for (uint256 p; p < count; ++p) {
                    if (isCut[p] || weight[p] * k[p] * leftNow <= wholeNow) continue;
                    (isCut[p], again) = (true, true);
                    whole -= weight[p];
                    left -= WHOLE / k[p];
                }
                if (!again && !isClassCut) {
                    (isClassCut, whole, left) = _cutClass(parties, isCut, whole, left);
                    again = isClassCut;
                }
                if (whole == 0) return 0;
            }
            // Then down to where rounded parts carry it: fewer than 252 steps, since a multiple of 252 always does.
            for (uint256 sum = WHOLE * whole / left; sum != total;) {
                total = sum;
                sum = 0;
                uint256 witnesses;
                for (uint256 p; p < count; ++p) {
                    if (weight[p] == 0) continue;
                    uint256 counts = FixedPointMathLib.min(weight[p], total / k[p]);
                    sum += counts;
                    if (withWitnesses && parties.isWitness[p]) witnesses += counts;
                }
                if (witnesses > total / WITNESSES) sum -= witnesses - total / WITNESSES;
            }
        }
    }

    /// @dev Cuts all witnesses together to a third, when they hold more. They hold one part from then on, and none of their own.
    function _cutClass(Parties memory parties, bool[] memory isCut, uint256 whole, uint256 left)
        private
        pure
        returns (bool cut, uint256, uint256)
    {
        unchecked {
            uint256 uncut; // weight of witnesses that are not cut
            uint256 parts = WHOLE / WITNESSES; // of the third, less what those hold who are
            uint256 over; // parts beyond it
            for (uint256 p; p < parties.count; ++p) {
                if (!parties.isWitness[p]) continue;
                if (!isCut[p]) uncut += parties.weight[p];
                else if (parts >= WHOLE / WITNESS) parts -= WHOLE / WITNESS;
                else over += WHOLE / WITNESS;
            }
            if (over == 0 && uncut * left <= parts * whole) return (false, whole, left);
            for (uint256 p; p < parties.count; ++p) {
                if (parties.isWitness[p]) isCut[p] = true;
            }
            return (true, whole - uncut, left + over - parts);
        }
    }

    /// @return most by party: what of its weight is left
    function _mosts(Parties memory parties, uint256 total) private pure returns (uint256[] memory most) {
        unchecked {
            uint256 count = parties.count;
            most = new uint256[](count);
            uint256[] memory witnesses = new uint256[](count);
            uint256 whole;
            for (uint256 p; p < count; ++p) {
                if (parties.weight[p] == 0) continue;
                most[p] = FixedPointMathLib.min(parties.weight[p], total / parties.k[p]);
                if (!parties.isWitness[p]) continue;
                witnesses[p] = most[p];
                whole += most[p];
            }
            if (whole <= total / WITNESSES) return most;
            uint256[] memory parts = _divide(witnesses, whole, total / WITNESSES);
            for (uint256 p; p < count; ++p) {
                if (parties.isWitness[p]) most[p] = parts[p];
            }
        }
    }

    /// @dev Cuts the seats of party `p` to `most` together.
    function _cut(Parties memory parties, uint256 p, uint256[] memory weights, uint256 most) private pure {
        unchecked {
            uint256 n = weights.length;
            uint256[] memory before = new uint256[](n);
            for (uint256 seat; seat < n; ++seat) {
                if (parties.ofSeat[seat] == p + 1) before[seat] = weights[seat];
            }
            uint256[] memory parts = _divide(before, parties.weight[p], most);
            for (uint256 seat; seat < n; ++seat) {
                if (parties.ofSeat[seat] == p + 1) weights[seat] = parts[seat];
            }
        }
    }

    /// @dev `most` in proportion to `values`, whose sum is `whole`; the units that rounding leaves go to the largest, the first
    ///      of equals, so that nobody overtakes a larger one. Overwrites `values`.
    function _divide(uint256[] memory values, uint256 whole, uint256 most)
        private
        pure
        returns (uint256[] memory parts)
    {
        unchecked {
            uint256 n = values.length;
            parts = new uint256[](n);
            uint256 rest = most;
            for (uint256 i; i < n; ++i) {
                parts[i] = values[i] * most / whole;
                rest -= parts[i];
            }
            for (; rest != 0; --rest) {
                uint256 largest;
                for (uint256 i; i < n; ++i) {
                    if (values[i] > values[largest]) largest = i;
                }
                ++parts[largest];
                values[largest] = 0;
            }
        }
    }
}
