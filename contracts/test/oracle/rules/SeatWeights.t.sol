// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SeatWeights} from "../../../src/oracle/rules/SeatWeights.sol";
import {Scale, Staked} from "../../../src/oracle/Scale.sol";
import {WeightCap} from "../../../src/oracle/WeightCap.sol";
import {Test} from "../../Test.sol";

contract SeatWeightsTest is Test {
    uint256 private constant SEATS = 32;
    Scale private immutable _scale = new Scale();

    struct Set {
        uint256[] stakes;
        uint256[] factorBps;
        uint256[] clusters;
        uint256[] families;
    }

    function testFuzz_EveryPartyKeepsToItsPart(uint96[] calldata drawn, uint256 seed) external pure {
        Set memory set = _draw(drawn, seed);
        (uint256[] memory weights, uint256 total) =
            SeatWeights.weigh(set.stakes, set.factorBps, set.clusters, set.families);
        uint256 sum;
        uint256 parties;
        uint256 witnesses;
        for (uint256 i; i < weights.length; ++i) {
            sum += weights[i];
            if (set.families[i] != 0) witnesses += weights[i];
            else if (_leads(set, weights, i)) ++parties;
        }
        vm.assertEq(sum, total);
        vm.assertLe(witnesses * 3, total);
        if (parties == 0) vm.assertEq(total, 0);
        uint256 alone = parties < 4 ? parties : 4;
        for (uint256 i; i < weights.length; ++i) {
            uint256 k = set.families[i] != 0 ? 9 : set.clusters[i] != 0 && parties >= 8 ? 7 : alone;
            vm.assertLe(_partyWeight(set, weights, i) * k, total);
        }
    }

    function testFuzz_NobodyWeighsMoreThanHeIsBelieved(uint96[] calldata drawn, uint256 seed) external pure {
        Set memory set = _draw(drawn, seed);
        (uint256[] memory weights,) = SeatWeights.weigh(set.stakes, set.factorBps, set.clusters, set.families);
        for (uint256 i; i < weights.length; ++i) {
            vm.assertLe(weights[i], set.stakes[i] * set.factorBps[i] / 10_000);
        }
    }

    function testFuzz_MoreStakeNeverWeighsLess(uint96[] calldata drawn, uint256 seed, uint96 more) external pure {
        Set memory set = _draw(drawn, seed);
        uint256 i = seed % set.stakes.length;
        (uint256[] memory before,) = SeatWeights.weigh(set.stakes, set.factorBps, set.clusters, set.families);
        set.stakes[i] += more;
        (uint256[] memory afterwards,) = SeatWeights.weigh(set.stakes, set.factorBps, set.clusters, set.families);
        // The unit that rounding hands out within a cluster may go to another.
        vm.assertGe(afterwards[i] + 1, before[i]);
        if (set.clusters[i] | set.families[i] == 0) vm.assertGe(afterwards[i], before[i]);
    }

    function testFuzz_SplittingWithinAClusterGainsNothing(uint96[] calldata drawn, uint256 seed, uint256 part)
        external
        pure
    {
        Set memory set = _draw(drawn, seed);
        uint256 i = seed % set.stakes.length;
        if (set.families[i] == 0) set.clusters[i] = 6;
        (uint256[] memory before,) = SeatWeights.weigh(set.stakes, set.factorBps, set.clusters, set.families);
        Set memory more = _withOneMore(set);
        uint256 last = set.stakes.length;
        more.stakes[last] = part % (set.stakes[i] + 1);
        more.stakes[i] -= more.stakes[last];
        more.factorBps[last] = more.factorBps[i];
        (more.clusters[last], more.families[last]) = (more.clusters[i], more.families[i]);
        (uint256[] memory afterwards,) = SeatWeights.weigh(more.stakes, more.factorBps, more.clusters, more.families);
        vm.assertLe(_partyWeight(more, afterwards, last), _partyWeight(set, before, i));
    }

    function testFuzz_WithoutClustersItIsTheCap(uint96[] calldata drawn) external pure {
        Set memory set = _draw(drawn, 0);
        for (uint256 i; i < set.stakes.length; ++i) {
            (set.stakes[i], set.factorBps[i]) = (set.stakes[i] + 1, 10_000);
            (set.clusters[i], set.families[i]) = (0, 0);
        }
        uint256 cap = WeightCap.capOf(set.stakes);
        (uint256[] memory weights,) = SeatWeights.weigh(set.stakes, set.factorBps, set.clusters, set.families);
        for (uint256 i; i < weights.length; ++i) {
            vm.assertEq(weights[i], set.stakes[i] < cap ? set.stakes[i] : cap);
        }
    }

    function testFuzz_TheStakeManagersWaySaysTheSame(uint96[] calldata drawn, uint256 seed, bool isPlain) external {
        Set memory set = _draw(drawn, seed);
        uint256[] memory staked = new uint256[](set.stakes.length);
        for (uint256 i; i < staked.length; ++i) {
            if (isPlain) {
                // Nobody stands together; few sizes, so that many are just a quarter or just above.
                (set.stakes[i], set.factorBps[i]) = (20_000 * (1 + set.stakes[i] % 4), 2_500 * (1 + seed % 4));
                (set.clusters[i], set.families[i]) = (0, 0);
                seed >>= 2;
            }
            staked[i] = Staked.pack(set.stakes[i], set.factorBps[i], set.clusters[i], set.families[i]);
        }
        (uint256[] memory weights, uint256 total) =
            SeatWeights.weigh(set.stakes, set.factorBps, set.clusters, set.families);
        (uint256[] memory got, uint256 sum) = _scale.weigh(staked);
        vm.assertEq(sum, total);
        vm.assertEq(keccak256(abi.encode(got)), keccak256(abi.encode(weights)));
    }

    function test_DeclaringOtherFamiliesFreesNobodyOfHisCluster() external pure {
        Set memory set = _equal(20);
        for (uint256 i; i < 6; ++i) {
            (set.clusters[i], set.families[i]) = (1, i);
        }
        (uint256[] memory weights, uint256 total) =
            SeatWeights.weigh(set.stakes, set.factorBps, set.clusters, set.families);
        uint256 theirs;
        for (uint256 i; i < 6; ++i) {
            theirs += weights[i];
        }
        vm.assertEq(theirs, total / 9);
    }

    function test_WitnessesHoldAThirdAndAFamilyANinth() external pure {
        Set memory set = _equal(20);
        for (uint256 i; i < 10; ++i) {
            set.families[i] = 1 + i / 2;
        }
        (uint256[] memory weights, uint256 total) =
            SeatWeights.weigh(set.stakes, set.factorBps, set.clusters, set.families);
        uint256 theirs;
        for (uint256 i; i < 10; ++i) {
            theirs += weights[i];
            vm.assertLe(weights[i] + weights[i ^ 1], total / 9);
        }
        vm.assertEq(theirs, total / 3);
        // Alone they are no quorum.
        for (uint256 i = 10; i < 20; ++i) {
            set.families[i] = 9;
        }
        (, total) = SeatWeights.weigh(set.stakes, set.factorBps, set.clusters, set.families);
        vm.assertEq(total, 0);
    }

    function _equal(uint256 n) private pure returns (Set memory set) {
        (set.stakes, set.factorBps) = (new uint256[](n), new uint256[](n));
        (set.clusters, set.families) = (new uint256[](n), new uint256[](n));
        for (uint256 i; i < n; ++i) {
            (set.stakes[i], set.factorBps[i]) = (1_000_000, 10_000);
        }
    }

    function test_NobodyAndNothing() external pure {
        uint256[] memory none = new uint256[](0);
        (uint256[] memory weights, uint256 total) = SeatWeights.weigh(none, none, none, none);
        vm.assertEq(weights.length + total, 0);
        uint256[] memory zeros = new uint256[](SEATS);
        (weights, total) = SeatWeights.weigh(zeros, zeros, zeros, zeros);
        vm.assertEq(weights.length, SEATS);
        vm.assertEq(total, 0);
    }

    /// @dev Few sizes and few clusters, so that caps of all kinds bite. At most 32 seats.
    function _draw(uint96[] calldata drawn, uint256 seed) private pure returns (Set memory set) {
        uint256 n = drawn.length == 0 ? 1 : drawn.length > SEATS ? SEATS : drawn.length;
        (set.stakes, set.factorBps) = (new uint256[](n), new uint256[](n));
        (set.clusters, set.families) = (new uint256[](n), new uint256[](n));
        for (uint256 i; i < n && i < drawn.length; ++i) {
            uint256 dice = uint256(keccak256(abi.encode(seed, i)));
            set.stakes[i] = dice % 3 == 0 ? drawn[i] : drawn[i] % 1_000;
            set.factorBps[i] = (dice >> 8) % 8 == 0 ? 0 : 1_000 + (dice >> 16) % 9_001;
            // Who answers by a model is in no cluster here: who is in one as well draws it in with him.
            set.families[i] = (dice >> 48) % 4 == 0 ? 1 + (dice >> 56) % 5 : 0;
            set.clusters[i] = set.families[i] == 0 ? (dice >> 40) % 6 : 0;
        }
    }

    function _withOneMore(Set memory set) private pure returns (Set memory more) {
        uint256 n = set.stakes.length;
        (more.stakes, more.factorBps) = (new uint256[](n + 1), new uint256[](n + 1));
        (more.clusters, more.families) = (new uint256[](n + 1), new uint256[](n + 1));
        for (uint256 i; i < n; ++i) {
            (more.stakes[i], more.factorBps[i]) = (set.stakes[i], set.factorBps[i]);
            (more.clusters[i], more.families[i]) = (set.clusters[i], set.families[i]);
        }
    }

    function _together(Set memory set, uint256 i, uint256 j) private pure returns (bool) {
        if (i == j || set.clusters[i] != 0 && set.clusters[i] == set.clusters[j]) return true;
        return set.families[i] != 0 && set.families[i] == set.families[j];
    }

    /// @dev The weight of all that stands together with seat `i`.
    function _partyWeight(Set memory set, uint256[] memory weights, uint256 i) private pure returns (uint256 weight) {
        for (uint256 j; j < weights.length; ++j) {
            if (_together(set, i, j)) weight += weights[j];
        }
    }

    /// @dev Whether seat `i` is the first of its party, and the party weighs something.
    function _leads(Set memory set, uint256[] memory weights, uint256 i) private pure returns (bool) {
        if (_partyWeight(set, weights, i) == 0) return false;
        for (uint256 j; j < i; ++j) {
            if (_together(set, i, j)) return false;
        }
        return true;
    }
}
