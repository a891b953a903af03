// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Leg, LegKind, LegStatus, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {BundleDecision, CancelledLeg, ISettler, LegReceipt, RunnableLeg, Wait} from "../../src/bundles/ISettler.sol";
import {Target} from "../doubles/Target.sol";
import {TestVerifier} from "../doubles/Verifier.sol";
import {SettlerStage} from "./SettlerStage.sol";

contract SettlerUndoTest is SettlerStage {
    /* compensations */

    function test_RunsWhatUndoesWhatRanWell() external {
        RunnableLeg memory undoing = _opened(_undo(0), _at(1), hex"00");
        LegReceipt[] memory receipts = _receipts(_receipt(0, LegStatus.Ok, ""));
        BundleDecision[] memory decisions = _aborted();
        // Neither the deadline nor a pause holds it up.
        vm.warp(DEADLINE + 30 days);
        vm.prank(guardian);
        settler.pause(72 hours);
        _expectReceipt(1, LegStatus.Ok, keccak256(""));
        _run(undoing, receipts, decisions);
        vm.assertEq(target.calls(), 1);
        _run(undoing, receipts, decisions);
        vm.assertEq(target.calls(), 1);
    }

    function test_RevertWhen_TheBundleIsNotAborted() external {
        RunnableLeg memory undoing = _opened(_undo(0), _at(1), hex"00");
        LegReceipt[] memory receipts = _receipts(_receipt(0, LegStatus.Ok, ""));
        bytes memory notAborted = abi.encodeWithSelector(ISettler.Settler_NotAborted.selector, BASE + 1);
        vm.expectRevert(notAborted);
        _run(undoing, receipts, new BundleDecision[](0));
        BundleDecision[] memory decisions = _aborted();
        decisions[0].outcome = Outcome.Committed;
        verifier.say(Facts.decision(ID, BASE, Outcome.Committed));
        vm.expectRevert(notAborted);
        _run(undoing, receipts, decisions);
        // Another bundle's abort.
        decisions[0] = BundleDecision({id: ID, base: BASE + 32, outcome: Outcome.Aborted});
        verifier.say(Facts.decision(ID, BASE + 32, Outcome.Aborted));
        vm.expectRevert(notAborted);
        _run(undoing, receipts, decisions);
    }

    function testFuzz_RevertWhen_WhatItUndoesDidNotRunWell(uint8 status) external {
        status = uint8(_bound(status, uint8(LegStatus.Failed), uint8(LegStatus.Missed)));
        RunnableLeg memory undoing = _opened(_undo(0), _at(1), hex"00");
        LegReceipt[] memory receipts = _receipts(_receipt(0, LegStatus(status), ""));
        BundleDecision[] memory decisions = _aborted();
        vm.expectRevert(abi.encodeWithSelector(ISettler.Settler_BadReceipt.selector, BASE + 1, BASE));
        _run(undoing, receipts, decisions);
    }

    function test_OneThatFailsIsTriedAgain() external {
        RunnableLeg memory undoing = _opened(_undo(0), _at(1), hex"00");
        LegReceipt[] memory receipts = _receipts(_receipt(0, LegStatus.Ok, ""));
        BundleDecision[] memory decisions = _aborted();
        target.setBroken(true);
        bytes32 why = keccak256(abi.encodeWithSelector(Target.Target_Failed.selector, 7));
        // More often than any target may fail before it rests.
        for (uint256 i; i < 25; ++i) {
            vm.expectEmit(address(settler));
            emit ISettler.NotUndone(BASE + 1, why, relayer);
            _run(undoing, receipts, decisions);
        }
        vm.assertTrue(!settler.isSettled(BASE + 1));
        target.setBroken(false);
        _expectReceipt(1, LegStatus.Ok, keccak256(""));
        _run(undoing, receipts, decisions);
        vm.assertTrue(settler.isSettled(BASE + 1));
    }

    /// A leg that it ran within its call is undone with the call, its bit with it; so it can run again.
    function test_OneThatFailsUndoesWhatItRan() external {
        RunnableLeg memory inner = _opened(_wordLeg(1), _at(2), "");
        FailingAfter failing = new FailingAfter(address(settler), _runData(inner));
        Leg memory leg = _undo(0);
        (leg.target, leg.data, leg.gasLimit) = (address(failing), abi.encodeCall(FailingAfter.enter, ()), 1_000_000);
        RunnableLeg memory undoing = _opened(leg, _at(1), hex"00");
        LegReceipt[] memory receipts = _receipts(_receipt(0, LegStatus.Ok, ""));
        _run(undoing, receipts, _aborted());
        vm.assertTrue(!settler.isSettled(BASE + 1) && !settler.isSettled(BASE + 2));
        _run(inner);
        vm.assertEq(target.calls(), 1);
    }

    function test_WithoutCodeItIsStillDue() external {
        Leg memory leg = _undo(0);
        leg.target = bob;
        RunnableLeg memory undoing = _opened(leg, _at(1), hex"00");
        LegReceipt[] memory receipts = _receipts(_receipt(0, LegStatus.Ok, ""));
        BundleDecision[] memory decisions = _aborted();
        vm.expectEmit(address(settler));
        emit ISettler.NotUndone(BASE + 1, 0, relayer);
        _run(undoing, receipts, decisions);
        vm.assertTrue(!settler.isSettled(BASE + 1));
    }

    function testFuzz_OneThatUndoesItselfOrALaterOneFails(uint8 undone) external {
        undone = uint8(_bound(undone, 1, 254));
        RunnableLeg memory undoing = _opened(_undo(undone), _at(1), hex"00");
        BundleDecision[] memory decisions = _aborted();
        _expectReceipt(1, LegStatus.Failed, 0);
        _run(undoing, new LegReceipt[](0), decisions);
        vm.assertEq(target.calls(), 0);
    }

    /* cancelling */

    function test_AnAbortCancels() external {
        CancelledLeg memory leg = _cancelled(_wordLeg(1), _at(0));
        BundleDecision[] memory decisions = _aborted();
        _expectReceipt(0, LegStatus.Cancelled, 0);
        _cancel(leg, new LegReceipt[](0), decisions);
        _run(_unopened(_wordLeg(1), _at(0), ""));
        vm.assertEq(target.calls(), 0);
    }

    function test_RevertWhen_NobodyAborted() external {
        CancelledLeg memory leg = _cancelled(_wordLeg(1), _at(0));
        vm.warp(DEADLINE);
        vm.expectRevert(abi.encodeWithSelector(ISettler.Settler_NotAborted.selector, BASE));
        _cancel(leg, new LegReceipt[](0), new BundleDecision[](0));
    }

    /// After the deadline it is Missed whatever the hub says: there is one thing to say, and it never changes.
    function test_AfterTheDeadlineItIsMissed() external {
        CancelledLeg memory first = _cancelled(_wordLeg(1), _at(0));
        CancelledLeg memory second = _cancelled(_wordLeg(1), _at(1));
        BundleDecision[] memory decisions = _aborted();
        vm.warp(DEADLINE + 1);
        _expectReceipt(0, LegStatus.Missed, 0);
        _cancel(first, new LegReceipt[](0), new BundleDecision[](0));
        _expectReceipt(1, LegStatus.Missed, 0);
        _cancel(second, new LegReceipt[](0), decisions);
    }

    function test_WhatRanIsPassedOver() external {
        _run(_opened(_wordLeg(1), _at(0), ""));
        CancelledLeg memory leg = _cancelled(_wordLeg(1), _at(0));
        BundleDecision[] memory decisions = _aborted();
        vm.recordLogs();
        _cancel(leg, new LegReceipt[](0), decisions);
        vm.assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_ACompensationIsCancelledWhenThereIsNothingToUndo() external {
        CancelledLeg memory leg = _cancelled(_undo(0), _at(1));
        LegReceipt[] memory receipts = _receipts(_receipt(0, LegStatus.Failed, ""));
        BundleDecision[] memory decisions = _aborted();
        vm.warp(DEADLINE + 1); // it has none
        vm.expectRevert(abi.encodeWithSelector(ISettler.Settler_NotAborted.selector, BASE + 1));
        _cancel(leg, receipts, new BundleDecision[](0));
        _expectReceipt(1, LegStatus.Cancelled, 0);
        _cancel(leg, receipts, decisions);
    }

    function test_RevertWhen_ACompensationMayStillBeDue() external {
        CancelledLeg memory leg = _cancelled(_undo(0), _at(1));
        BundleDecision[] memory decisions = _aborted();
        bytes memory notDue = abi.encodeWithSelector(ISettler.Settler_NotDue.selector, BASE + 1);
        vm.expectRevert(notDue); // nothing shown
        _cancel(leg, new LegReceipt[](0), decisions);
        LegReceipt[] memory receipts = _receipts(_receipt(0, LegStatus.Ok, ""));
        vm.expectRevert(notDue); // it ran well: there is something to undo
        _cancel(leg, receipts, decisions);
        receipts = _receipts(_receipt(5, LegStatus.Failed, ""));
        vm.expectRevert(notDue); // another leg's end
        _cancel(leg, receipts, decisions);
    }

    function test_RevertWhen_CancellingWhatIsNotOfThisChain() external {
        Leg memory leg = _wordLeg(1);
        leg.chainId = block.chainid + 1;
        CancelledLeg memory elsewhere = _cancelled(leg, _at(0));
        vm.warp(DEADLINE + 1);
        vm.expectRevert(abi.encodeWithSelector(TestVerifier.TestVerifier_NotSaid.selector, 0));
        _cancel(elsewhere, new LegReceipt[](0), new BundleDecision[](0));
    }

    function test_RevertWhen_CancellingAnEscrowsLeg() external {
        Leg memory leg = _wordLeg(1);
        leg.kind = LegKind.Escrow;
        CancelledLeg memory held = _cancelled(leg, _at(0));
        vm.warp(DEADLINE + 1);
        vm.expectRevert(abi.encodeWithSelector(ISettler.Settler_NotRunnable.selector, BASE, "kind"));
        _cancel(held, new LegReceipt[](0), new BundleDecision[](0));
    }

    /* targets that rest */

    function test_ATargetThatFailsAgainAndAgainRests() external {
        _fail(0, 20, LegKind.Shared);
        uint40 until = uint40(block.timestamp) + 10 minutes;
        vm.assertEq(uint256(settler.restsUntil(address(target))), until);
        RunnableLeg memory good = _opened(_wordLeg(1), _at(30), "");
        vm.expectEmit(address(settler));
        emit ISettler.Skipped(BASE + 30, Wait.Resting);
        _run(good);
        vm.warp(until);
        _run(good);
        vm.assertEq(target.calls(), 1);
    }

    /// Nobody makes a target rest in one transaction, before others had a chance to succeed there.
    function test_FailuresOfOneBlockCountOnce() external {
        RunnableLeg[] memory legs = new RunnableLeg[](32);
        for (uint8 i; i < 32; ++i) {
            legs[i] = _opened(_leg(abi.encodeCall(Target.fail, (i))), _at(i), "");
        }
        _plainly();
        settler.run(legs, new LegReceipt[](0), new BundleDecision[](0), "", bob);
        vm.assertTrue(settler.isSettled(BASE + 31));
        vm.assertEq(uint256(settler.restsUntil(address(target))), 0);
        // It was one; nineteen blocks more are twenty.
        _fail(32, 18, LegKind.Shared);
        vm.assertEq(uint256(settler.restsUntil(address(target))), 0);
        _fail(50, 1, LegKind.Shared);
        vm.assertTrue(settler.restsUntil(address(target)) != 0);
    }

    function test_WhatSucceedsMoreOftenDoesNotRest() external {
        _fail(0, 1, LegKind.Shared);
        for (uint8 i = 1; i < 31; ++i) {
            _run(_opened(_wordLeg(i), _at(i), ""));
        }
        _fail(100, 29, LegKind.Shared);
        vm.assertEq(uint256(settler.restsUntil(address(target))), 0, "thirty failed, thirty did not");
        _fail(140, 1, LegKind.Shared);
        vm.assertTrue(settler.restsUntil(address(target)) != 0);
    }

    function test_FailuresOfLongAgoDoNotCount() external {
        _fail(0, 19, LegKind.Shared);
        vm.warp(START + 10 minutes); // and a second, as everywhere here
        _fail(20, 1, LegKind.Shared);
        vm.assertEq(uint256(settler.restsUntil(address(target))), 0);
    }

    /// Nobody makes a token rest by failing to pay with it from his own account.
    function test_FailuresOfAccountsDoNotCount() external {
        _fail(0, 25, LegKind.Account);
        vm.assertEq(uint256(settler.restsUntil(address(target))), 0);
    }

    /* inside */

    function _undo(uint8 undone) private view returns (Leg memory leg) {
        leg = _leg(abi.encodeCall(Target.failIfBroken, ()));
        leg.undoes = undone;
    }

    /// @dev Each in a block of its own.
    function _fail(uint8 first, uint8 count, LegKind kind) private {
        for (uint8 i; i < count; ++i) {
            vm.warp(block.timestamp + 1);
            Leg memory leg = _leg(abi.encodeCall(Target.fail, (i)));
            leg.kind = kind;
            _run(_opened(leg, _at(first + i), ""));
        }
    }
}

contract FailingAfter {
    address private immutable _settler;
    bytes private _data;

    constructor(address settler, bytes memory data) {
        (_settler, _data) = (settler, data);
    }

    function enter() external {
        (bool done,) = _settler.call(_data);
        require(done);
        revert("after");
    }
}
