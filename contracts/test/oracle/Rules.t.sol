// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Aggregation} from "../../src/oracle/IOracle.sol";
import {WeightCap} from "../../src/oracle/WeightCap.sol";
import {Test} from "../Test.sol";
import {Libraries} from "../Vectors.t.sol";

contract RulesTest is Test {
    uint256 private constant REPORTS = 7;

    Libraries private libraries;

    function setUp() external {
        libraries = new Libraries();
    }

    /// @dev Honest providers saw values in [900, 1100]; the others report whatever they like.
    function testFuzz_MedianLiesBetweenHonestValues(
        uint16[REPORTS] calldata weights,
        int96[REPORTS] calldata reported,
        uint8 honestSeats
    ) external view {
        int96[] memory values = new int96[](REPORTS);
        uint256[] memory seats = new uint256[](REPORTS);
        uint256[] memory words = new uint256[](REPORTS + 1);
        uint256 honest;
        int96 least = type(int96).max;
        int96 most = type(int96).min;
        for (uint256 i; i < REPORTS; ++i) {
            (values[i], seats[i]) = (reported[i], i);
            words[i + 1] = uint256(weights[i]) + 1;
            words[0] += words[i + 1];
            if (honestSeats >> i & 1 == 0) continue;
            values[i] = int96(_boundInt(reported[i], 900, 1_100));
            honest += words[i + 1];
            if (values[i] < least) least = values[i];
            if (values[i] > most) most = values[i];
        }
        vm.assume(2 * honest > words[0]);
        _sort(values, seats);
        (int96 answer,) = libraries.aggregate(words, _pack(values, seats), Aggregation.Median, 0, words[0]);
        vm.assertTrue(answer >= least && answer <= most);
    }

    function testFuzz_TheOrderOfEqualsMattersNot(uint8[REPORTS] calldata weights, uint8[REPORTS] calldata reported)
        external
        view
    {
        int96[] memory values = new int96[](REPORTS);
        uint256[] memory seats = new uint256[](REPORTS);
        uint256[] memory words = new uint256[](REPORTS + 1);
        for (uint256 i; i < REPORTS; ++i) {
            (values[i], seats[i]) = (int96(uint96(reported[i] % 3)), i);
            words[i + 1] = uint256(weights[i]) + 1;
            words[0] += words[i + 1];
        }
        _sort(values, seats);
        (int96 answer, uint256 confidence) =
            libraries.aggregate(words, _pack(values, seats), Aggregation.Median, 1, words[0]);
        for (uint256 i; i + 1 < REPORTS; ++i) {
            if (values[i] == values[i + 1]) (seats[i], seats[i + 1]) = (seats[i + 1], seats[i]);
        }
        (int96 again, uint256 confidenceAgain) =
            libraries.aggregate(words, _pack(values, seats), Aggregation.Median, 1, words[0]);
        vm.assertEq(answer, again);
        vm.assertEq(confidence, confidenceAgain);
    }

    function testFuzz_CapIsTheLargestThatHolds(uint96[] calldata drawn) external pure {
        uint256 n = drawn.length > 32 ? 32 : drawn.length;
        vm.assume(n != 0);
        uint256[] memory stakes = new uint256[](n);
        for (uint256 i; i < n; ++i) {
            // Half of them small, so that caps bite.
            stakes[i] = i % 2 == 0 ? drawn[i] : drawn[i] % 1_000;
        }
        uint256 k = n < 4 ? n : 4;
        uint256 cap = WeightCap.capOf(stakes);
        vm.assertTrue(_holds(stakes, cap, k));
        vm.assertTrue(!_holds(stakes, cap + 1, k));
    }

    /// @dev Three or more honest of equal stake: the others weigh a quarter, or at most what their stake is of all stake.
    function testFuzz_DustWeighsAQuarterOrItsStake(uint8 honestDrawn, uint64 stake, uint64[] calldata drawn)
        external
        pure
    {
        uint256 honest = _bound(honestDrawn, 3, 31);
        uint256 others = drawn.length > 32 - honest ? 32 - honest : drawn.length;
        vm.assume(stake != 0 && others != 0);
        uint256[] memory stakes = new uint256[](honest + others);
        uint256 staked;
        for (uint256 i; i < stakes.length; ++i) {
            // Some of them as rich as the honest, most of them poor.
            stakes[i] =
                i < honest ? stake : drawn[i - honest] % (i % 4 == 0 ? 2 * uint256(stake) : uint256(stake) / 16 + 1);
            staked += stakes[i];
        }
        uint256 cap = WeightCap.capOf(stakes);
        uint256 total;
        uint256 dust;
        for (uint256 i; i < stakes.length; ++i) {
            uint256 weight = stakes[i] < cap ? stakes[i] : cap;
            total += weight;
            if (i >= honest) dust += weight;
        }
        vm.assertTrue(4 * dust <= total || dust * staked <= (staked - honest * stake) * total);
    }

    function _holds(uint256[] memory stakes, uint256 cap, uint256 k) private pure returns (bool) {
        uint256 sum;
        for (uint256 i; i < stakes.length; ++i) {
            sum += stakes[i] < cap ? stakes[i] : cap;
        }
        return cap * k <= sum;
    }

    function _sort(int96[] memory values, uint256[] memory seats) private pure {
        for (uint256 i = 1; i < values.length; ++i) {
            for (uint256 j = i; j != 0 && values[j] < values[j - 1]; --j) {
                (values[j], values[j - 1]) = (values[j - 1], values[j]);
                (seats[j], seats[j - 1]) = (seats[j - 1], seats[j]);
            }
        }
    }

    function _pack(int96[] memory values, uint256[] memory seats) private pure returns (bytes memory entries) {
        for (uint256 i; i < values.length; ++i) {
            entries = bytes.concat(entries, abi.encodePacked(uint8(seats[i]), values[i], new bytes(64)));
        }
    }
}
