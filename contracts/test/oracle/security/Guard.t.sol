// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Question} from "../../../src/oracle/IOracle.sol";
import {IGuard} from "../../../src/oracle/security/IGuard.sol";
import {IPolicy} from "../../../src/oracle/security/IPolicy.sol";
import {Stage} from "../../Stage.sol";

contract GuardTest is Stage {
    function setUp() public override {
        super.setUp();
        _seal(address(0), address(0));
    }

    /* pause */

    function test_RevertWhen_NotTheGuardianOrTooLongOrTooSoon() external {
        vm.expectRevert(abi.encodeWithSelector(IGuard.Guard_NotGuardian.selector, alice));
        vm.prank(alice);
        guard.pause(1);
        vm.expectRevert(abi.encodeWithSelector(IGuard.Guard_TooLong.selector, 72 hours + 1, 72 hours));
        vm.prank(guardian);
        guard.pause(72 hours + 1);
        vm.prank(guardian);
        guard.pause(72 hours);
        // Neither longer while it lasts, nor again at once: a pause cannot be made one without end.
        vm.warp(START + 144 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(IGuard.Guard_TooSoon.selector, START + 144 hours));
        vm.prank(guardian);
        guard.pause(1);
        vm.warp(START + 144 hours);
        vm.prank(guardian);
        guard.pause(1);
        (uint32 number, uint40 until) = guard.lastPause();
        vm.assertEq(uint256(number), 2);
        vm.assertEq(uint256(until), START + 144 hours + 1);
    }

    function test_AnotherGuardianTakesThePolicy() external {
        vm.prank(governor);
        policy.setGuardian(alice);
        vm.expectRevert(abi.encodeWithSelector(IGuard.Guard_NotGuardian.selector, guardian));
        vm.prank(guardian);
        guard.pause(1);
        vm.prank(alice);
        guard.pause(1);
    }

    function test_TheCourtClockStandsStillInAPause() external {
        vm.assertEq(uint256(guard.clock()), START);
        vm.prank(guardian);
        guard.pause(10 hours);
        vm.warp(START + 4 hours);
        vm.assertEq(uint256(guard.clock()), START);
        vm.warp(START + 11 hours);
        vm.assertEq(uint256(guard.clock()), START + 1 hours);
        vm.assertEq(uint256(guard.clockAt(START - 5)), START - 5);
        vm.assertEq(uint256(guard.clockAt(START + 3 hours)), START);
    }

    /// Whatever pauses there were: the clock never runs back, never faster than time, and remembers what it showed.
    function testFuzz_TheClockIsOne(uint32[6] calldata gaps, uint32[6] calldata lengths, uint32[4] calldata looks)
        external
    {
        uint40[] memory at = new uint40[](24);
        uint40[] memory showed = new uint40[](24);
        uint256 n;
        for (uint256 i; i < 6; ++i) {
            (, uint40 until) = guard.lastPause();
            uint256 least = until == 0 ? block.timestamp : until + 72 hours;
            uint256 next = (least > block.timestamp ? least : block.timestamp) + _bound(gaps[i], 0, 30 days);
            vm.warp(next);
            vm.prank(guardian);
            guard.pause(uint40(_bound(lengths[i], 0, 72 hours)));
            for (uint256 k; k < 4; ++k) {
                vm.warp(next + uint256(k + 1) * _bound(looks[k], 0, 1 days));
                (at[n], showed[n]) = (uint40(block.timestamp), guard.clock());
                ++n;
            }
        }
        for (uint256 i; i < n; ++i) {
            vm.assertEq(uint256(guard.clockAt(at[i])), showed[i]);
            for (uint256 k; k < i; ++k) {
                if (at[i] < at[k]) continue;
                vm.assertLe(showed[k], showed[i]);
                vm.assertLe(uint256(showed[i]) - showed[k], uint256(at[i]) - at[k]);
            }
        }
    }

    /* breakers */

    function test_TooMuchValueInAnHourDoublesWindows() external {
        vm.prank(governor);
        policy.setValueLimit(500e6);
        Question[] memory questions = _answered(3, 200e6);
        uint40 from = uint40(block.timestamp) + LIVENESS;
        guard.tripValue(questions, from);
        vm.assertEq(uint256(guard.windowFactor()), 2);
        vm.warp(block.timestamp + 24 hours);
        vm.assertEq(uint256(guard.windowFactor()), 1);
    }

    function test_RevertWhen_TheEvidenceIsNone() external {
        vm.prank(governor);
        policy.setValueLimit(500e6);
        Question[] memory questions = _answered(3, 200e6);
        uint40 from = uint40(block.timestamp) + LIVENESS;
        bytes32 last = oracle.idOf(questions[2]);
        bytes32 first = oracle.idOf(questions[0]);
        // One question counted twice, another hour, less than the limit, and an answer that is final.
        Question[] memory twice = new Question[](2);
        (twice[0], twice[1]) = (questions[2], questions[2]);
        vm.expectRevert(abi.encodeWithSelector(IGuard.Guard_BadEvidence.selector, last, "order"));
        guard.tripValue(twice, from);
        vm.expectRevert(abi.encodeWithSelector(IGuard.Guard_BadEvidence.selector, first, "hour"));
        guard.tripValue(questions, from + 1);
        vm.prank(governor);
        policy.setValueLimit(600e6);
        vm.expectRevert(abi.encodeWithSelector(IGuard.Guard_NotTripped.selector, 600e6, 600e6));
        guard.tripValue(questions, from);
        vm.warp(from);
        vm.expectRevert(abi.encodeWithSelector(IGuard.Guard_BadEvidence.selector, first, "status"));
        guard.tripValue(questions, from);
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = first;
        vm.expectRevert(abi.encodeWithSelector(IGuard.Guard_BadEvidence.selector, first, "status"));
        guard.tripDisputes(ids);
    }

    function test_RevertWhen_ThereIsNoSurge() external {
        vm.expectRevert(abi.encodeWithSelector(IGuard.Guard_NotTripped.selector, 0, SURGE_FLOOR - 1));
        guard.tripDisputes(new bytes32[](0));
        guard.countDisputes(new bytes32[](0));
        vm.assertEq(guard.meanDisputes(), 0);
    }

    /* policy */

    function test_ThePolicyHasBoundsAndOneOwner() external {
        vm.startPrank(governor);
        vm.expectRevert(
            abi.encodeWithSelector(IPolicy.Policy_OutOfBounds.selector, "valueLimit", 1, 1e6, type(uint96).max)
        );
        policy.setValueLimit(1);
        vm.expectRevert(abi.encodeWithSelector(IPolicy.Policy_OutOfBounds.selector, "surgeFloor", 2, 3, 100));
        policy.setSurgeFloor(2);
        vm.expectRevert(abi.encodeWithSelector(IPolicy.Policy_OutOfBounds.selector, "domain", 16, 0, 15));
        policy.setTrustedOnly(16, true);
        vm.expectRevert(abi.encodeWithSelector(IPolicy.Policy_OutOfBounds.selector, "domain", 16, 0, 15));
        policy.setTrusted(16, alice, true);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", alice));
        vm.prank(alice);
        policy.setGuardian(alice);
    }

    /// @dev Answered in this second, ids ascending.
    function _answered(uint256 count, uint96 secures) private returns (Question[] memory questions) {
        questions = new Question[](count);
        for (uint256 i; i < count; ++i) {
            questions[i] = _categorical(2);
            (questions[i].secures, questions[i].nonce) = (secures, uint64(i));
            _ask(questions[i]);
        }
        vm.warp(questions[0].opensAt);
        for (uint256 i; i < count; ++i) {
            _agree(questions[i], 1, 15);
        }
        for (uint256 i; i < count; ++i) {
            for (uint256 k; k + 1 < count - i; ++k) {
                if (oracle.idOf(questions[k]) < oracle.idOf(questions[k + 1])) continue;
                (questions[k], questions[k + 1]) = (questions[k + 1], questions[k]);
            }
        }
    }
}
