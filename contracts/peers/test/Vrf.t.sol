// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {VRFCoordinatorV2_5Mock} from "@chainlink/contracts/src/v0.8/vrf/mocks/VRFCoordinatorV2_5Mock.sol";
import {ChainlinkVrf, IVrfCoordinator} from "../../src/randomness/ChainlinkVrf.sol";
import {IRandomness} from "../../src/randomness/IRandomness.sol";
import {Test, Vm} from "../../test/Test.sol";

/// @dev Our beacon against the mock that Chainlink publishes of its coordinator: subscriptions, requests and callbacks are the real
///      one's, and no proof is checked.
contract VrfTest is Test {
    uint40 private constant GENESIS = 1_800_000_000;
    uint32 private constant PERIOD = 60;
    uint64 private constant ROUND = 10;

    VRFCoordinatorV2_5Mock private coordinator;
    ChainlinkVrf private beacon;
    uint256 private subscription;
    address private immutable keeper = address(0xC0FFEE);

    function setUp() external {
        vm.warp(GENESIS);
        coordinator = new VRFCoordinatorV2_5Mock(0.1 ether, 1e9, 4e15);
        subscription = coordinator.createSubscription();
        coordinator.fundSubscriptionWithNative{value: 10 ether}(subscription);
        beacon = new ChainlinkVrf(
            IVrfCoordinator(address(coordinator)), keccak256("lane"), subscription, 3, true, GENESIS, PERIOD
        );
        coordinator.addConsumer(subscription, address(beacon));
    }

    function test_ARoundIsAskedForAndAnswered() external {
        uint256 request = _ask(ROUND);
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_NotProved.selector, ROUND));
        beacon.seedOf(ROUND);
        coordinator.fulfillRandomWords(request, address(beacon));
        vm.assertTrue(beacon.seedOf(ROUND) != 0);
        vm.assertEq(beacon.prove(ROUND, ""), beacon.seedOf(ROUND));
    }

    function test_TheSeedIsOfTheWordAndTheRound() external {
        uint256[] memory words = new uint256[](1);
        words[0] = 42;
        uint256 first = _ask(ROUND);
        coordinator.fulfillRandomWordsWithOverride(first, address(beacon), words);
        uint256 second = _ask(ROUND + 1);
        coordinator.fulfillRandomWordsWithOverride(second, address(beacon), words);
        bytes32 domain = keccak256("sooth.randomness.seed");
        vm.assertEq(beacon.seedOf(ROUND), keccak256(abi.encode(domain, ROUND, uint256(42))));
        vm.assertTrue(beacon.seedOf(ROUND) != beacon.seedOf(ROUND + 1));
    }

    function test_TheCallbackFitsItsGas() external {
        uint256 request = _ask(ROUND);
        vm.recordLogs();
        coordinator.fulfillRandomWords(request, address(beacon));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        // The coordinator tells whether the consumer took the answer; it would pay for a failed one as well.
        (,,, bool success,) = abi.decode(logs[logs.length - 1].data, (uint256, uint96, bool, bool, bool));
        vm.assertTrue(success);
    }

    function test_ASecondAskerThrowsNoSecondTime() external {
        uint256 request = _ask(ROUND);
        vm.prank(keeper);
        vm.assertEq(beacon.prove(ROUND, ""), 0);
        coordinator.fulfillRandomWords(request, address(beacon));
        bytes32 seed = beacon.seedOf(ROUND);
        vm.prank(keeper);
        beacon.prove(ROUND, "");
        vm.assertEq(beacon.seedOf(ROUND), seed);
    }

    function test_RevertWhen_TheRoundIsNotDue() external {
        uint40 due = beacon.timeOf(ROUND);
        vm.warp(due - 1);
        vm.expectRevert(abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_NotYet.selector, ROUND, due));
        beacon.prove(ROUND, "");
    }

    function test_RevertWhen_AStrangerHasTheSubscriptionPay() external {
        (, uint96 before,,,) = coordinator.getSubscription(subscription);
        vm.warp(GENESIS + 1 days);
        for (uint64 round = 1; round <= 50; ++round) {
            vm.expectRevert(
                abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_NotPayer.selector, address(0xBAD), address(this))
            );
            vm.prank(address(0xBAD));
            beacon.prove(round, "");
        }
        (, uint96 left,, address owner,) = coordinator.getSubscription(subscription);
        vm.assertEq(left, before);
        vm.assertEq(owner, address(this));
    }

    function test_RevertWhen_AProofIsBrought() external {
        vm.warp(beacon.timeOf(ROUND));
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_BadProof.selector, ROUND));
        beacon.prove(ROUND, "1");
    }

    function test_RevertWhen_SomebodyElseAnswers() external {
        uint256 request = _ask(ROUND);
        uint256[] memory words = new uint256[](1);
        vm.expectRevert(abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_NotCoordinator.selector, address(this)));
        beacon.rawFulfillRandomWords(request, words);
    }

    function test_RevertWhen_TheCoordinatorAnswersTwiceOrUnasked() external {
        uint256 request = _ask(ROUND);
        coordinator.fulfillRandomWords(request, address(beacon));
        uint256[] memory words = new uint256[](1);
        vm.prank(address(coordinator));
        vm.expectRevert(abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_NotAsked.selector, request));
        beacon.rawFulfillRandomWords(request, words);
        vm.prank(address(coordinator));
        vm.expectRevert(abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_NotAsked.selector, request + 1));
        beacon.rawFulfillRandomWords(request + 1, words);
    }

    function test_ANameableRoundIsNeverAskedFor() external {
        // Whatever round a consumer names now, nobody can have asked for it.
        uint64 named = beacon.roundAfter(uint40(block.timestamp));
        vm.expectRevert(abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_NotYet.selector, named, beacon.timeOf(named)));
        beacon.prove(named, "");
    }

    function test_RevertWhen_ItIsBuiltWithoutACoordinatorOrAPeriod() external {
        vm.expectRevert(abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_BadParameters.selector, "coordinator"));
        new ChainlinkVrf(IVrfCoordinator(keeper), 0, subscription, 3, true, GENESIS, PERIOD);
        vm.expectRevert(abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_BadParameters.selector, "period"));
        new ChainlinkVrf(IVrfCoordinator(address(coordinator)), 0, subscription, 3, true, GENESIS, 0);
    }

    function _ask(uint64 round) private returns (uint256 request) {
        vm.warp(beacon.timeOf(round));
        vm.recordLogs();
        beacon.prove(round, "");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        request = abi.decode(logs[logs.length - 1].data, (uint256));
    }
}
