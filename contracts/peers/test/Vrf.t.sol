// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {VRF} from "@chainlink/contracts/src/v0.8/vrf/VRF.sol";
import {ChainlinkVrf, IVrfCoordinator} from "../../src/randomness/ChainlinkVrf.sol";
import {IRandomness} from "../../src/randomness/IRandomness.sol";
import {Test, Vm} from "../../test/Test.sol";
import {ICoordinator} from "./ICoordinator.sol";
import {VrfNode} from "./VrfNode.sol";

/// @dev Our beacon against Chainlink's own coordinator, as their package has it, and a node that proves: subscription, request, proof,
///      callback and payment are the real ones.
contract VrfTest is Test {
    uint40 private constant GENESIS = 1_800_000_000;
    uint32 private constant PERIOD = 60;
    uint64 private constant ROUND = 10;
    uint16 private constant CONFIRMATIONS = 3;
    uint64 private constant MOST_GAS_PRICE = 100 gwei;

    ICoordinator private coordinator;
    VrfNode private node;
    bytes32 private keyHash;
    ChainlinkVrf private beacon;
    uint256 private subscription;
    address private immutable keeper = address(0xC0FFEE);

    /// What the coordinator's log tells the node.
    struct Asked {
        uint256 id;
        uint256 preSeed;
        bytes32 blockHash;
        ICoordinator.Commitment commitment;
    }

    function setUp() external {
        vm.warp(GENESIS);
        coordinator = ICoordinator(_coordinator());
        coordinator.setConfig(CONFIRMATIONS, 2_500_000, 0, 33_825, 4e15, 500, 100, 24, 20);
        node = new VrfNode(uint256(keccak256("a node's key")));
        coordinator.registerProvingKey(node.publicKey(), MOST_GAS_PRICE);
        keyHash = coordinator.hashOfKey(node.publicKey());
        subscription = coordinator.createSubscription();
        coordinator.fundSubscriptionWithNative{value: 10 ether}(subscription);
        beacon = _beacon(PERIOD);
        coordinator.addConsumer(subscription, address(beacon));
    }

    /* ASKING */

    function test_ARoundIsAskedForProvedAndAnswered() external {
        Asked memory asked = _ask(ROUND);
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_NotProved.selector, ROUND));
        beacon.seedOf(ROUND);
        _answer(asked);
        vm.assertTrue(beacon.seedOf(ROUND) != 0);
        vm.assertEq(beacon.prove(ROUND, ""), beacon.seedOf(ROUND));
    }

    function test_ASecondAskerThrowsNoSecondTime() external {
        Asked memory asked = _ask(ROUND);
        vm.prank(keeper);
        vm.assertEq(beacon.prove(ROUND, ""), 0);
        _answer(asked);
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

    function test_ANameableRoundIsNeverAskedFor() external {
        // Whatever round a consumer names now, nobody can have asked for it.
        uint64 named = beacon.roundAfter(uint40(block.timestamp));
        vm.expectRevert(abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_NotYet.selector, named, beacon.timeOf(named)));
        beacon.prove(named, "");
    }

    /* THE ANSWER */

    function test_TheSeedIsOfTheWordAndTheRound() external {
        bytes32 domain = keccak256("sooth.randomness.seed");
        for (uint64 round = ROUND; round < ROUND + 2; ++round) {
            VRF.Proof memory proof = _answer(_ask(round));
            vm.assertEq(beacon.seedOf(round), keccak256(abi.encode(domain, round, node.wordOf(proof))));
        }
        vm.assertTrue(beacon.seedOf(ROUND) != beacon.seedOf(ROUND + 1));
    }

    function test_TheCallbackFitsItsGasAndIsPaidFor() external {
        (, uint96 before,,,) = coordinator.getSubscription(subscription);
        Asked memory asked = _ask(ROUND);
        vm.recordLogs();
        _answer(asked);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        Vm.Log memory last = logs[logs.length - 1];
        vm.assertEq(last.topics[0], ICoordinator.RandomWordsFulfilled.selector);
        // The coordinator tells whether the consumer took the answer; it would pay for a failed one as well.
        (, uint96 payment,, bool success,) = abi.decode(last.data, (uint256, uint96, bool, bool, bool));
        vm.assertTrue(success);
        (, uint96 left,,,) = coordinator.getSubscription(subscription);
        vm.assertEq(before - left, payment);
        vm.assertTrue(payment != 0);
    }

    function test_RevertWhen_TheNodeProvesAnotherValue() external {
        Asked memory asked = _ask(ROUND);
        VRF.Proof memory proof = node.proofOf(asked.preSeed, asked.blockHash);
        // Of the same key, and a point that it proved before: a node that would rather have that draw.
        proof.gamma = node.proofOf(asked.preSeed, bytes32(uint256(1))).gamma;
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "First mul check failed"));
        coordinator.fulfillRandomWords(proof, asked.commitment, false);
        _answer(asked); // and the honest one holds
    }

    function test_RevertWhen_TheNodeWaitsForAnotherBlock() external {
        Asked memory asked = _ask(ROUND);
        VRF.Proof memory proof = node.proofOf(asked.preSeed, blockhash(asked.commitment.blockNum + 1));
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "Second mul check failed"));
        coordinator.fulfillRandomWords(proof, asked.commitment, false);
    }

    function test_RevertWhen_AnotherKeyProves() external {
        Asked memory asked = _ask(ROUND);
        VrfNode other = new VrfNode(uint256(keccak256("another's key")));
        VRF.Proof memory proof = other.proofOf(asked.preSeed, asked.blockHash);
        vm.expectRevert(
            abi.encodeWithSelector(ICoordinator.NoSuchProvingKey.selector, coordinator.hashOfKey(other.publicKey()))
        );
        coordinator.fulfillRandomWords(proof, asked.commitment, false);
        // Registered as well, it still is not the key that was asked.
        coordinator.registerProvingKey(other.publicKey(), MOST_GAS_PRICE);
        vm.expectRevert(ICoordinator.NoCorrespondingRequest.selector);
        coordinator.fulfillRandomWords(proof, asked.commitment, false);
    }

    function test_AnEmptySubscriptionIsAnsweredOnceItIsFunded() external {
        ChainlinkVrf poor = _ofAPoorSubscription();
        Asked memory asked = _askOf(poor, ROUND);
        VRF.Proof memory proof = node.proofOf(asked.preSeed, asked.blockHash);
        vm.expectRevert(ICoordinator.InsufficientBalance.selector);
        coordinator.fulfillRandomWords(proof, asked.commitment, false);
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_NotProved.selector, ROUND));
        poor.seedOf(ROUND);
        coordinator.fundSubscriptionWithNative{value: 1 ether}(poor.SUBSCRIPTION());
        coordinator.fulfillRandomWords(proof, asked.commitment, false);
        vm.assertTrue(poor.seedOf(ROUND) != 0);
    }

    function test_RevertWhen_SomebodyElseAnswers() external {
        Asked memory asked = _ask(ROUND);
        uint256[] memory words = new uint256[](1);
        vm.expectRevert(abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_NotCoordinator.selector, address(this)));
        beacon.rawFulfillRandomWords(asked.id, words);
    }

    function test_RevertWhen_TheCoordinatorAnswersTwiceOrUnasked() external {
        Asked memory asked = _ask(ROUND);
        VRF.Proof memory proof = _answer(asked);
        vm.expectRevert(ICoordinator.NoCorrespondingRequest.selector);
        coordinator.fulfillRandomWords(proof, asked.commitment, false);
        // And were it to call all the same:
        uint256[] memory words = new uint256[](1);
        for (uint256 more; more < 2; ++more) {
            vm.prank(address(coordinator));
            vm.expectRevert(abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_NotAsked.selector, asked.id + more));
            beacon.rawFulfillRandomWords(asked.id + more, words);
        }
    }

    /* MAKING IT */

    function test_RevertWhen_ItIsBuiltWithoutACoordinatorOrAPeriod() external {
        vm.expectRevert(abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_BadParameters.selector, "coordinator"));
        new ChainlinkVrf(IVrfCoordinator(keeper), 0, subscription, CONFIRMATIONS, true, GENESIS, PERIOD);
        vm.expectRevert(abi.encodeWithSelector(ChainlinkVrf.ChainlinkVrf_BadParameters.selector, "period"));
        _beacon(0);
    }

    /* INSIDE */

    function _coordinator() private returns (address made) {
        bytes memory code =
            bytes.concat(vm.getCode("peers/built/VRFCoordinatorV2_5.json"), abi.encode(address(new NoHashes())));
        assembly ("memory-safe") {
            made := create(0, add(code, 32), mload(code))
        }
        require(made != address(0));
    }

    function _beacon(uint32 period) private returns (ChainlinkVrf) {
        return new ChainlinkVrf(coordinator, keyHash, subscription, CONFIRMATIONS, true, GENESIS, period);
    }

    function _ofAPoorSubscription() private returns (ChainlinkVrf poor) {
        uint256 empty = coordinator.createSubscription();
        poor = new ChainlinkVrf(coordinator, keyHash, empty, CONFIRMATIONS, true, GENESIS, PERIOD);
        coordinator.addConsumer(empty, address(poor));
    }

    function _ask(uint64 round) private returns (Asked memory) {
        return _askOf(beacon, round);
    }

    /// @dev As the node reads it, from the log of the request and the hash of its block.
    function _askOf(ChainlinkVrf from, uint64 round) private returns (Asked memory asked) {
        vm.warp(from.timeOf(round));
        vm.recordLogs();
        from.prove(round, "");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        Vm.Log memory log = logs[logs.length - 2];
        vm.assertEq(log.topics[0], ICoordinator.RandomWordsRequested.selector);
        ICoordinator.Commitment memory told = asked.commitment;
        (asked.id, asked.preSeed,, told.callbackGasLimit, told.numWords, told.extraArgs) =
            abi.decode(log.data, (uint256, uint256, uint16, uint32, uint32, bytes));
        (told.blockNum, told.subId, told.sender) = (uint64(block.number), from.SUBSCRIPTION(), address(from));
        vm.roll(block.number + CONFIRMATIONS);
        asked.blockHash = blockhash(told.blockNum);
    }

    function _answer(Asked memory asked) private returns (VRF.Proof memory proof) {
        proof = node.proofOf(asked.preSeed, asked.blockHash);
        vm.prank(keeper);
        coordinator.fulfillRandomWords(proof, asked.commitment, false);
    }
}

/// @dev Hashes of blocks that are too old to ask the chain for: none is kept here.
contract NoHashes {
    function getBlockhash(uint256) external pure returns (bytes32) {
        return 0;
    }
}
