// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ChainlinkVrf} from "../../src/randomness/ChainlinkVrf.sol";
import {Test} from "../Test.sol";
import {VrfCoordinatorDouble} from "../doubles/VrfCoordinatorDouble.sol";

/// @dev Who may have the subscription pay. The rest is tried against what Chainlink publishes: contracts/peers.
contract ChainlinkVrfTest is Test {
    uint40 private constant GENESIS = 1_800_000_000;
    uint32 private constant PERIOD = 60;
    address private constant STRANGER = address(0xBAD);

    VrfCoordinatorDouble private coordinator;
    ChainlinkVrf private beacon;

    function setUp() external {
        coordinator = new VrfCoordinatorDouble();
        beacon = new ChainlinkVrf(coordinator, keccak256("lane"), 1, 3, true, GENESIS, PERIOD);
        vm.warp(GENESIS + 1 days);
    }

    function test_TheSubscriptionsOwnerAsksOnce() external {
        vm.assertEq(beacon.prove(7, ""), 0);
        vm.assertEq(beacon.prove(7, ""), 0);
        vm.assertEq(coordinator.requests(), 1);
    }

    function test_WhoTakesTheSubscriptionOverAsks() external {
        coordinator.handOn(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_NotPayer.selector, address(this), STRANGER));
        beacon.prove(7, "");
        vm.prank(STRANGER);
        beacon.prove(7, "");
        vm.assertEq(coordinator.requests(), 1);
    }

    function test_AnybodyIsToldWhatWasAskedFor() external {
        beacon.prove(7, "");
        vm.prank(STRANGER);
        vm.assertEq(beacon.prove(7, ""), 0);
        coordinator.fulfil(beacon, 1, 42);
        vm.prank(STRANGER);
        vm.assertEq(beacon.prove(7, ""), beacon.seedOf(7));
    }

    function testFuzz_RevertWhen_AStrangerAsks(address who, uint64 round) external {
        vm.assume(who != address(this));
        round = uint64(_bound(round, 1, 1440));
        vm.expectRevert(abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_NotPayer.selector, who, address(this)));
        vm.prank(who);
        beacon.prove(round, "");
        vm.assertEq(coordinator.requests(), 0);
    }
}
