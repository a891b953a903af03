// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BundleHashes} from "../../src/bundles/BundleHashes.sol";
import {Bundle, Leg, LegStatus, Mode, NO_LEG, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {IAttesters} from "../../src/bundles/IAttesters.sol";
import {Compensations, Completion, Failure, IBundleHub, LegResult, Refusal} from "../../src/bundles/IBundleHub.sol";
import {HubStage} from "./HubStage.sol";

contract HubDecideTest is HubStage {
    /* COMMITTING WHAT IS PREPARED */

    function test_CommitsWhatIsPrepared() external {
        (, bytes32 id) = _opened(Mode.Escrowed, 1);
        (, bytes32 other) = _opened(Mode.Escrowed, 2);
        bytes memory evidence = _evidence(_two(Facts.prepared(id), Facts.prepared(other)), THREE);
        uint64 base = hub.wordOf(id).base();
        vm.expectEmit(address(hub));
        emit IBundleHub.Decided(id, base, Outcome.Committed);
        vm.expectEmit(address(hub));
        emit IBundleHub.Decided(other, base + 3, Outcome.Committed);
        hub.commitPrepared(_two(id, other), evidence);
    }

    function test_CommitsUntilTheDeadline() external {
        (Bundle memory bundle, bytes32 id) = _opened(Mode.Escrowed, 1);
        vm.warp(bundle.deadline);
        uint256 before = vm.snapshotState();
        _commitPrepared(id);
        _outcome(id, Outcome.Committed);
        vm.revertToState(before);
        vm.warp(bundle.deadline + 1);
        attesters.adopt();
        _passedOver(id, Refusal.Late);
        _commitPrepared(id);
        _outcome(id, Outcome.Open);
    }

    /// I2: the first wins, whoever comes later changes nothing.
    function test_WhatIsDecidedStays() external {
        (Bundle memory bundle, bytes32 id) = _opened(Mode.Escrowed, 1);
        _commitPrepared(id);
        uint256 word = uint256(keccak256(abi.encode(hub.wordOf(id))));
        _passedOver(id, Refusal.NotOpen);
        _commitPrepared(id);
        vm.warp(bundle.deadline + 1);
        _passedOver(id, Refusal.NotOpen);
        hub.expire(_one(id));
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_NotOpen.selector, id, Outcome.Committed));
        hub.abort(bundle);
        vm.assertEq(uint256(keccak256(abi.encode(hub.wordOf(id)))), word);
    }

    function test_NothingIsCommittedAfterAnAbort() external {
        (Bundle memory bundle, bytes32 id) = _opened(Mode.Escrowed, 1);
        vm.prank(owner);
        hub.abort(bundle);
        _passedOver(id, Refusal.NotOpen);
        _commitPrepared(id);
        _outcome(id, Outcome.Aborted);
    }

    function test_RevertWhen_NobodyAttestsIt() external {
        (, bytes32 id) = _opened(Mode.Escrowed, 1);
        (, bytes32 other) = _opened(Mode.Escrowed, 2);
        bytes memory ofOther = _evidence(_one(Facts.prepared(other)), THREE);
        vm.expectPartialRevert(IAttesters.Attesters_NotInBatch.selector);
        hub.commitPrepared(_one(id), ofOther);
        bytes memory ofTwo = _evidence(_one(Facts.prepared(id)), 3);
        vm.expectPartialRevert(IAttesters.Attesters_NoQuorum.selector);
        hub.commitPrepared(_one(id), ofTwo);
        vm.expectPartialRevert(IAttesters.Attesters_NotInBatch.selector);
        hub.commitPrepared(new bytes32[](0), ofOther);
    }

    function test_EachModeHasItsOwnWay() external {
        (, bytes32 ordered) = _opened(Mode.Ordered, 1);
        _passedOver(ordered, Refusal.OtherMode);
        _commitPrepared(ordered);
        (, bytes32 escrowed) = _opened(Mode.Escrowed, 2);
        LegResult[] memory results = _results(LegStatus.Ok);
        bytes memory evidence = _evidence(_leavesOf(escrowed, results), THREE);
        _passedOver(escrowed, Refusal.OtherMode);
        hub.commitCompleted(_completion(escrowed, results), evidence);
        LegResult memory failed = _result(1, LegStatus.Failed);
        evidence = _evidence(_one(_leafOf(escrowed, failed)), THREE);
        _passedOver(escrowed, Refusal.OtherMode);
        hub.abortFailed(_failure(escrowed, failed), evidence);
    }

    /* COMMITTING WHAT RAN */

    function test_CommitsWhatRanWell() external {
        (, bytes32 id) = _opened(Mode.Ordered, 1);
        _commitCompleted(id);
        _outcome(id, Outcome.Committed);
        _passedOver(id, Refusal.NotOpen);
        _commitCompleted(id);
    }

    function test_RevertWhen_ALegIsMissing() external {
        (, bytes32 id) = _opened(Mode.Ordered, 1);
        LegResult[] memory results = new LegResult[](2);
        (results[0], results[1]) = (_result(0, LegStatus.Ok), _result(2, LegStatus.Ok));
        bytes memory evidence = _evidence(_leavesOf(id, results), THREE);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_NotCompleted.selector, id, uint32(2)));
        hub.commitCompleted(_completion(id, results), evidence);
        results[1] = results[0];
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_NotCompleted.selector, id, uint32(6)));
        hub.commitCompleted(_completion(id, results), evidence);
    }

    function test_RevertWhen_AResultIsNotOkOrNotItsOwn() external {
        (, bytes32 id) = _opened(Mode.Ordered, 1);
        (, bytes32 other) = _opened(Mode.Ordered, 2);
        LegResult[] memory results = _results(LegStatus.Ok);
        // Receipts of another bundle, whose legs have other ordinals.
        bytes memory foreign = _evidence(_leavesOf(other, results), THREE);
        vm.expectPartialRevert(IAttesters.Attesters_NotInBatch.selector);
        hub.commitCompleted(_completion(id, results), foreign);
        results[1].status = LegStatus.Failed;
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_BadResult.selector, id, uint8(1), "status"));
        hub.commitCompleted(_completion(id, results), foreign);
        // One of the next bundle's ordinals.
        (results[1].status, results[1].index) = (LegStatus.Ok, 3);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_BadResult.selector, id, uint8(3), "index"));
        hub.commitCompleted(_completion(id, results), foreign);
    }

    function test_CompensationsNeedNotRun() external {
        (bytes32 id, Completion[] memory many, bytes memory evidence) = _withCompensation(0);
        hub.commitCompleted(many, evidence);
        _outcome(id, Outcome.Committed);
    }

    function test_RevertWhen_WhatIsShownIsNoCompensation() external {
        (bytes32 id, Completion[] memory many, bytes memory evidence) = _withCompensation(NO_LEG);
        _badCompensations(id, many, evidence, "undoes");
    }

    function test_RevertWhen_TheLegsShownAreOthers() external {
        (bytes32 id, Completion[] memory many, bytes memory evidence) = _withCompensation(0);
        Compensations memory shown = abi.decode(many[0].compensations, (Compensations));
        bytes memory good = many[0].compensations;
        shown.words[0][10] = bytes32(uint256(1));
        many[0].compensations = abi.encode(shown);
        _badCompensations(id, many, evidence, "leg");
        shown = abi.decode(good, (Compensations));
        shown.places[0] = 3;
        many[0].compensations = abi.encode(shown);
        _badCompensations(id, many, evidence, "leg");
        shown = abi.decode(good, (Compensations));
        shown.legHashes[2] = shown.legHashes[1];
        many[0].compensations = abi.encode(shown);
        _badCompensations(id, many, evidence, "legs");
        shown = abi.decode(good, (Compensations));
        shown.places = new uint8[](0);
        many[0].compensations = abi.encode(shown);
        _badCompensations(id, many, evidence, "legs");
        shown = abi.decode(good, (Compensations));
        shown.bundle.salt += 1;
        many[0].compensations = abi.encode(shown);
        _badCompensations(id, many, evidence, "bundle");
    }

    /* ABORTING */

    function test_TheOwnerAbortsWhileItIsOpen() external {
        for (uint64 mode; mode < 2; ++mode) {
            (Bundle memory bundle, bytes32 id) = _opened(Mode(mode), mode);
            vm.prank(rival);
            vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_NotOwner.selector, owner, rival));
            hub.abort(bundle);
            // In his own name it is another bundle, that nobody opened.
            bundle.owner = rival;
            bytes32 his = hub.idOf(bundle);
            vm.prank(rival);
            vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_NotOpen.selector, his, Outcome.None));
            hub.abort(bundle);
            bundle.owner = owner;
            vm.prank(owner);
            hub.abort(bundle);
            _outcome(id, Outcome.Aborted);
        }
    }

    function test_AFailedOrMissedLegAborts() external {
        LegStatus[2] memory ends = [LegStatus.Failed, LegStatus.Missed];
        for (uint64 i; i < 2; ++i) {
            (, bytes32 id) = _opened(Mode.Ordered, i);
            LegResult memory result = _result(2, ends[i]);
            bytes memory evidence = _evidence(_one(_leafOf(id, result)), THREE);
            hub.abortFailed(_failure(id, result), evidence);
            _outcome(id, Outcome.Aborted);
        }
    }

    function test_RevertWhen_NoLegFailed() external {
        (, bytes32 id) = _opened(Mode.Ordered, 1);
        LegStatus[3] memory others = [LegStatus.None, LegStatus.Ok, LegStatus.Cancelled];
        for (uint256 i; i < 3; ++i) {
            LegResult memory result = _result(0, others[i]);
            bytes memory evidence = _evidence(_one(_leafOf(id, result)), THREE);
            vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_BadResult.selector, id, uint8(0), "status"));
            hub.abortFailed(_failure(id, result), evidence);
        }
        LegResult memory beyond = _result(3, LegStatus.Failed);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_BadResult.selector, id, uint8(3), "index"));
        hub.abortFailed(_failure(id, beyond), "");
    }

    function test_AnybodyExpiresWhatNobodyCommitted() external {
        (Bundle memory bundle, bytes32 escrowed) = _opened(Mode.Escrowed, 1);
        (, bytes32 ordered) = _opened(Mode.Ordered, 2);
        vm.warp(bundle.deadline);
        _passedOver(escrowed, Refusal.Early);
        _passedOver(ordered, Refusal.Early);
        hub.expire(_two(escrowed, ordered));
        vm.warp(bundle.deadline + 1);
        _passedOver(ordered, Refusal.Early);
        hub.expire(_two(escrowed, ordered));
        _outcome(escrowed, Outcome.Aborted);
        _outcome(ordered, Outcome.Open);
        vm.warp(bundle.deadline + GRACE);
        _passedOver(ordered, Refusal.Early);
        hub.expire(_one(ordered));
        vm.warp(bundle.deadline + GRACE + 1);
        hub.expire(_one(ordered));
        _outcome(ordered, Outcome.Aborted);
        _passedOver(keccak256("never opened"), Refusal.NotOpen);
        hub.expire(_one(keccak256("never opened")));
    }

    /// I14: aborts, and what all has happened of already, go on; what would pay escrows out does not.
    function test_APauseStopsCommittingEscrowsAlone() external {
        (Bundle memory bundle, bytes32 id) = _opened(Mode.Escrowed, 1);
        (, bytes32 ordered) = _opened(Mode.Ordered, 2);
        (Bundle memory third, bytes32 thirdId) = _opened(Mode.Ordered, 3);
        vm.prank(guardian);
        hub.pause(72 hours);
        bytes memory evidence = _evidence(_one(Facts.prepared(id)), THREE);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_Paused.selector, uint40(block.timestamp) + 72 hours));
        hub.commitPrepared(_one(id), evidence);
        _commitCompleted(ordered);
        _outcome(ordered, Outcome.Committed);
        vm.prank(owner);
        hub.abort(third);
        _outcome(thirdId, Outcome.Aborted);
        vm.warp(bundle.deadline + 1);
        hub.expire(_one(id));
        _outcome(id, Outcome.Aborted);
    }

    /* HELP */

    function _passedOver(bytes32 id, Refusal why) private {
        vm.expectEmit(address(hub));
        emit IBundleHub.Refused(id, why);
    }

    /// @dev Legs 0 and 1 ran, leg 2 undoes `undone`, or nothing, and did not run.
    function _withCompensation(uint8 undone)
        private
        returns (bytes32 id, Completion[] memory many, bytes memory evidence)
    {
        Leg memory last = _leg(undone);
        bytes32[] memory hashes = new bytes32[](3);
        (hashes[0], hashes[1], hashes[2]) =
        (BundleHashes.legHash(_leg(7)), BundleHashes.legHash(_leg(8)), BundleHashes.legHash(last));
        Bundle memory bundle = _bundle(Mode.Ordered, 1);
        bundle.legsHash = keccak256(abi.encodePacked(hashes));
        id = _open(bundle);
        LegResult[] memory results = new LegResult[](2);
        (results[0], results[1]) = (_result(0, LegStatus.Ok), _result(1, LegStatus.Ok));
        uint8[] memory places = new uint8[](1);
        places[0] = 2;
        bytes32[13][] memory words = new bytes32[13][](1);
        words[0] = _wordsOf(last);
        many = _completion(id, results);
        many[0].compensations = abi.encode(Compensations(bundle, hashes, places, words));
        evidence = _evidence(_leavesOf(id, results), THREE);
    }

    function _badCompensations(bytes32 id, Completion[] memory many, bytes memory evidence, string memory what)
        private
    {
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_BadCompensations.selector, id, what));
        hub.commitCompleted(many, evidence);
    }
}
