// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DepositRule} from "../../../src/oracle/rules/DepositRule.sol";
import {EpochRecord, EpochRecords} from "../../../src/oracle/rules/EpochRecord.sol";
import {Counts, ReputationRule} from "../../../src/oracle/rules/ReputationRule.sol";
import {RewardRule} from "../../../src/oracle/rules/RewardRule.sol";
import {SlashRule} from "../../../src/oracle/rules/SlashRule.sol";
import {Test} from "../../Test.sol";

contract EconomyTest is Test {
    uint256 private constant WAD = 1e18;

    /* REPUTATION */

    function testFuzz_ReputationIsTotalAndBounded(Counts calldata counts, uint256 told, uint256 credit, uint40 at)
        external
        pure
    {
        told = _bound(told, 0, WAD);
        credit = _bound(credit, 0, WAD);
        uint256 bound = ReputationRule.lowerBound(ReputationRule.record(counts, told, credit, at), at);
        vm.assertLt(bound, WAD);
        vm.assertLt(uint256(ReputationRule.scoreOf(bound)), 1_000);
        vm.assertGe(uint256(ReputationRule.factorBps(bound)), 1_000);
        vm.assertLe(uint256(ReputationRule.factorBps(bound)), 10_000);
    }

    function testFuzz_RightRaisesAndWrongLowers(uint96 right, uint96 wrong, uint256 told) external pure {
        Counts memory counts = Counts({right: right % 1e24, wrong: wrong % 1e24, at: 1});
        told = _bound(told, ReputationRule.LEAST_INFORMATION, WAD);
        uint256 before = ReputationRule.lowerBound(counts, 1);
        vm.assertTrue(ReputationRule.lowerBound(ReputationRule.record(counts, told, WAD, 1), 1) >= before);
        vm.assertTrue(ReputationRule.lowerBound(ReputationRule.record(counts, told, 0, 1), 1) <= before);
    }

    function testFuzz_CreditIsTotalAndEven(int96 value, int96 answer, uint96 tolerance) external pure {
        uint256 credit = ReputationRule.credit(value, answer, tolerance);
        vm.assertLe(credit, WAD);
        vm.assertEq(ReputationRule.credit(answer, value, tolerance), credit);
        if (value == answer) vm.assertEq(credit, WAD);
    }

    function testFuzz_InformationIsBounded(uint96[] calldata drawn, uint256 market) external pure {
        uint256 n = drawn.length > 32 ? 32 : drawn.length;
        uint256[] memory masses = new uint256[](n);
        for (uint256 i; i < n; ++i) {
            masses[i] = drawn[i];
        }
        uint256 bits = ReputationRule.entropy(masses);
        vm.assertLe(bits, 5 * WAD + 2_000); // log2 of 32
        uint256 told = ReputationRule.information(bits, market);
        vm.assertGe(told, ReputationRule.LEAST_INFORMATION);
        vm.assertLe(told, WAD);
    }

    function testFuzz_FactorNeverFalls(uint256 low, uint256 high) external pure {
        low = _bound(low, 0, WAD);
        high = _bound(high, low, WAD);
        vm.assertLe(uint256(ReputationRule.factorBps(low)), ReputationRule.factorBps(high));
    }

    function test_NewcomersCountATenth() external pure {
        Counts memory none;
        uint256 bound = ReputationRule.lowerBound(none, type(uint40).max);
        vm.assertEq(uint256(ReputationRule.scoreOf(bound)), 254);
        vm.assertEq(uint256(ReputationRule.factorBps(bound)), 1_000);
    }

    /* MONEY */

    function testFuzz_SlashesConserve(uint96 amount, uint96 stake, uint96 atStart, uint96 taken, bool byCourt)
        external
        pure
    {
        uint256 slashed = SlashRule.allowed(amount, stake, atStart, taken, byCourt);
        vm.assertLe(slashed, amount);
        vm.assertLe(slashed, stake);
        if (!byCourt && slashed != 0) vm.assertLe(slashed + taken, uint256(atStart) * 3 / 10);
        (uint256 insurance, uint256 challenger, uint256 burned) = SlashRule.split(slashed);
        vm.assertEq(insurance + challenger + burned, slashed);
    }

    function testFuzz_RatesStayBelowAll(uint96 wrong, uint96 stake, uint256 earlier, uint96 distance, uint96 tolerance)
        external
        pure
    {
        uint256 ppm = SlashRule.overturnedPpm(wrong, stake, earlier);
        vm.assertLe(ppm, SlashRule.PPM);
        vm.assertGe(ppm, SlashRule.OVERTURNED);
        if (earlier == 0) vm.assertLe(ppm, SlashRule.MOST_OVERTURNED);
        vm.assertLe(SlashRule.amountOf(stake, ppm), stake);
        uint256 outside = SlashRule.outsidePpm(distance, tolerance, 1, 1);
        vm.assertLe(outside, SlashRule.MOST_OUTSIDE);
        vm.assertTrue(outside == 0 ? distance <= tolerance : outside >= SlashRule.OUTSIDE);
    }

    function testFuzz_DepositsCoverTheirShare(uint96 secured, uint8 round) external pure {
        uint256 units = DepositRule.depositUnits(secured, 1e6, round, 250, 50_000);
        vm.assertGe(units, 250);
        if (round == 0) vm.assertLe(units, 50_000);
        if (units < 50_000) vm.assertGe(units * 1e6 * 200, secured);
        (uint256 winner, uint256 jurors, uint256 insurance) = DepositRule.splitLost(units * 1e6);
        vm.assertEq(winner + jurors + insurance, units * 1e6);
    }

    function testFuzz_WindowsStayBetween(
        uint96 secured,
        uint24 lowest,
        uint32 liveness,
        uint16 bps,
        uint8 signers,
        bool surge
    ) external pure {
        uint256 base = DepositRule.baseWindow(secured, 1e6, lowest);
        vm.assertGe(base, lowest);
        vm.assertLe(base, DepositRule.HIGHEST_WINDOW * lowest);
        vm.assertGe(2 * DepositRule.leastLiveness(base), base);
        uint256 window = DepositRule.window(liveness, base, bps, signers, surge);
        vm.assertGe(window, liveness);
        vm.assertLe(window, 2 * (base > liveness ? base : liveness));
        // Only what is clear is final before the base is over.
        vm.assertTrue(window >= base || bps >= 9_500 && signers >= 7);
        vm.assertGe(DepositRule.window(liveness, base, bps, signers, true), window);
    }

    function testFuzz_RewardsConserve(uint96 reward, uint16 providersBps, uint64[] calldata drawn, uint256 premiumSeats)
        external
        pure
    {
        uint256 n = drawn.length > 32 ? 32 : drawn.length;
        uint256[] memory work = new uint256[](n);
        bool[] memory premium = new bool[](n);
        for (uint256 i; i < n; ++i) {
            (work[i], premium[i]) = (drawn[i], premiumSeats >> i & 1 == 1);
        }
        (uint256[] memory shares, uint256 sum) = RewardRule.split(reward, providersBps, work, premium);
        for (uint256 i; i < n; ++i) {
            sum += shares[i];
        }
        vm.assertEq(sum, reward);
    }

    /* EPOCH RECORDS */

    function testFuzz_OnlyTheRecordItselfIsIn(EpochRecord calldata record, bytes32 sibling, uint256 change)
        external
        pure
    {
        bytes32 leaf = EpochRecords.leafOf(record);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = sibling;
        bytes32 root = leaf < sibling ? keccak256(abi.encode(leaf, sibling)) : keccak256(abi.encode(sibling, leaf));
        vm.assertTrue(EpochRecords.isIn(record, root, proof));
        EpochRecord memory other = record;
        unchecked {
            if (change % 8 == 0) ++other.domain;
            if (change % 8 == 1) ++other.epoch;
            if (change % 8 == 2) other.owner = address(uint160(other.owner) + 1);
            if (change % 8 == 3) ++other.factorBps;
            if (change % 8 == 4) ++other.score;
            if (change % 8 == 5) ++other.strikes;
            if (change % 8 == 6) ++other.suspendedUntil;
            if (change % 8 == 7) ++other.cluster;
        }
        vm.assertTrue(!EpochRecords.isIn(other, root, proof));
    }

    function test_NothingIsInTheEmptyRoot() external pure {
        EpochRecord memory record;
        vm.assertTrue(!EpochRecords.isIn(record, 0, new bytes32[](0)));
    }
}
