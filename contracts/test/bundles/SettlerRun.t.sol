// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Leg, LegKind, LegStatus} from "../../src/bundles/BundleTypes.sol";
import {BundleDecision, ISettler, LegReceipt, RunnableLeg, Wait} from "../../src/bundles/ISettler.sol";
import {IBrake} from "../../src/bundles/IBrake.sol";
import {Target} from "../doubles/Target.sol";
import {TestVerifier} from "../doubles/Verifier.sol";
import {SettlerStage} from "./SettlerStage.sol";

contract SettlerRunTest is SettlerStage {
    /* once, and as committed */

    function test_RunsALeg() external {
        RunnableLeg memory leg = _opened(_wordLeg(41), _at(0), "");
        vm.expectEmit(address(settler));
        emit ISettler.Returned(BASE, abi.encode(42));
        _expectReceipt(0, LegStatus.Ok, keccak256(abi.encode(42)));
        _run(leg);
        vm.assertEq(target.calls(), 1);
        vm.assertEq(target.caller(), address(settler.shared()));
        vm.assertTrue(settler.isSettled(BASE) && !settler.isSettled(BASE + 1));
        vm.assertEq(settler.settledWord(BASE / 256), 1 << (BASE % 256));
    }

    function test_ASecondTimeHasNoEffect() external {
        RunnableLeg memory leg = _opened(_wordLeg(1), _at(0), "");
        _run(leg);
        vm.recordLogs();
        settler.run{value: 5}(_list(leg), new LegReceipt[](0), new BundleDecision[](0), "", bob);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(target.calls(), 1);
        vm.assertEq(address(settler).balance, 0);
    }

    function test_RunsManyOfTwoWords() external {
        RunnableLeg[] memory legs = new RunnableLeg[](32);
        for (uint8 i; i < 32; ++i) {
            legs[i] = _opened(_wordLeg(i), _at(i), "");
        }
        settler.run(legs, new LegReceipt[](0), new BundleDecision[](0), "", relayer);
        vm.assertEq(target.calls(), 32);
        for (uint8 i; i < 32; ++i) {
            vm.assertTrue(settler.isSettled(BASE + i));
        }
    }

    function test_RevertWhen_NobodySaysThatItIsOpen() external {
        vm.expectRevert(abi.encodeWithSelector(TestVerifier.TestVerifier_NotSaid.selector, 0));
        _run(_unopened(_wordLeg(1), _at(0), ""));
    }

    /// Whatever is signed and changed by one bit is another leg, which nobody opened.
    function testFuzz_RevertWhen_AnythingDiffersFromWhatWasOpened(uint8 word, uint8 bit) external {
        RunnableLeg memory leg = _opened(_wordLeg(1), _at(0), "");
        // Not signed: of the place the low 48 bits, hints and spare; of the rules the low 48, spare.
        uint256 flip = 1 << (word % 5 < 2 ? 48 + uint256(bit) % 208 : bit);
        if (word % 5 == 0) leg.words.place ^= flip;
        if (word % 5 == 1) leg.words.rules ^= flip;
        if (word % 5 == 2) leg.words.callee ^= flip;
        if (word % 5 == 3) leg.words.salt ^= bytes32(flip);
        if (word % 5 == 4) leg.data[bit % 36] ^= bytes1(uint8(1 << (bit % 8)));
        vm.expectRevert();
        _run(leg);
        vm.assertEq(target.calls(), 0);
    }

    function test_RevertWhen_TheLegIsOfAnotherChain() external {
        Leg memory leg = _wordLeg(1);
        leg.chainId = block.chainid + 1;
        RunnableLeg memory elsewhere = _opened(leg, _at(0), "");
        vm.expectRevert(abi.encodeWithSelector(TestVerifier.TestVerifier_NotSaid.selector, 0));
        _run(elsewhere);
    }

    function test_RevertWhen_TheLegIsAnEscrows() external {
        for (uint8 kind = uint8(LegKind.Escrow); kind <= uint8(LegKind.Participant); ++kind) {
            Leg memory leg = _wordLeg(kind);
            leg.kind = LegKind(kind);
            RunnableLeg memory held = _opened(leg, _at(0), "");
            vm.expectRevert(abi.encodeWithSelector(ISettler.Settler_NotRunnable.selector, BASE, "kind"));
            _run(held);
        }
    }

    function test_RevertWhen_ALegIsInTheBatchAndItsReceiptIsNot() external {
        RunnableLeg memory leg = _opened(_wordLeg(1), _at(0), "");
        LegReceipt[] memory receipts = _receipts(_receipt(3, LegStatus.Ok, ""));
        receipts[0].status = LegStatus.Failed;
        vm.expectRevert(abi.encodeWithSelector(TestVerifier.TestVerifier_NotSaid.selector, 1));
        _run(leg, receipts, new BundleDecision[](0));
    }

    /* when */

    function test_RunsUntilTheDeadlineAndWaitsAfterIt() external {
        RunnableLeg memory late = _opened(_wordLeg(1), _at(1), "");
        vm.warp(DEADLINE);
        _run(_opened(_wordLeg(1), _at(0), ""));
        vm.assertEq(target.calls(), 1);
        vm.warp(DEADLINE + 1);
        vm.expectEmit(address(settler));
        emit ISettler.Skipped(BASE + 1, Wait.Late);
        _run(late);
        vm.assertEq(target.calls(), 1);
        vm.assertTrue(!settler.isSettled(BASE + 1));
    }

    function test_APauseHoldsLegsUpAndEndsByItself() external {
        RunnableLeg memory leg = _opened(_wordLeg(1), _at(0), "");
        vm.prank(guardian);
        settler.pause(10 minutes);
        vm.expectEmit(address(settler));
        emit ISettler.Skipped(BASE, Wait.Paused);
        _run(leg);
        vm.warp(START + 10 minutes);
        _run(leg);
        vm.assertEq(target.calls(), 1);
    }

    function test_APauseIsShortAndRare() external {
        vm.expectRevert(abi.encodeWithSelector(IBrake.Brake_NotGuardian.selector, address(this)));
        settler.pause(1);
        vm.expectRevert(abi.encodeWithSelector(IBrake.Brake_TooLong.selector, 72 hours + 1, 72 hours));
        vm.prank(guardian);
        settler.pause(72 hours + 1);
        vm.prank(guardian);
        settler.pause(72 hours);
        vm.warp(START + 144 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(IBrake.Brake_TooSoon.selector, START + 144 hours));
        vm.prank(guardian);
        settler.pause(1);
        vm.warp(START + 144 hours);
        vm.prank(guardian);
        settler.pause(1);
        vm.assertEq(uint256(settler.pausedUntil()), START + 144 hours + 1);
    }

    /* what comes of it */

    function test_ACallThatFailsIsRecorded() external {
        bytes memory why = abi.encodeWithSelector(Target.Target_Failed.selector, 9);
        RunnableLeg memory leg = _opened(_leg(abi.encodeCall(Target.fail, (9))), _at(0), "");
        vm.expectEmit(address(settler));
        emit ISettler.Returned(BASE, why);
        _expectReceipt(0, LegStatus.Failed, keccak256(why));
        _run(leg);
        vm.assertTrue(settler.isSettled(BASE));
    }

    function test_OneThatFailsHoldsUpNoOther() external {
        RunnableLeg[] memory legs = new RunnableLeg[](3);
        legs[0] = _opened(_wordLeg(1), _at(0), "");
        legs[1] = _opened(_leg(abi.encodeCall(Target.fail, (9))), _at(1), "");
        legs[2] = _opened(_wordLeg(2), _at(2), "");
        settler.run(legs, new LegReceipt[](0), new BundleDecision[](0), "", relayer);
        vm.assertEq(target.calls(), 2);
    }

    function testFuzz_OfWhatIsReturnedTheFirst1024BytesAreKept(uint16 size, bool failing) external {
        Leg memory returning = _leg(abi.encodeCall(Target.returnMany, (size, failing)));
        returning.gasLimit = 1_000_000;
        RunnableLeg memory leg = _opened(returning, _at(0), "");
        bytes memory kept = new bytes(size > 1024 ? 1024 : size);
        for (uint256 i; i < 32 && i < kept.length; ++i) {
            kept[i] = 0xff;
        }
        if (kept.length != 0) {
            vm.expectEmit(address(settler));
            emit ISettler.Returned(BASE, kept);
        }
        _expectReceipt(0, failing ? LegStatus.Failed : LegStatus.Ok, keccak256(kept));
        _run(leg);
    }

    function test_ATargetWithoutCodeFails() external {
        Leg memory leg = _wordLeg(1);
        leg.target = bob;
        RunnableLeg memory nothing = _opened(leg, _at(0), "");
        _expectReceipt(0, LegStatus.Failed, 0);
        _run(nothing);
    }

    function test_ValueGoesToWhoeverIsNamed() external {
        Leg memory leg = _leg("");
        (leg.kind, leg.target, leg.value) = (LegKind.Value, bob, 7);
        RunnableLeg memory paying = _opened(leg, _at(0), "");
        _expectReceipt(0, LegStatus.Ok, keccak256(""));
        settler.run{value: 7}(_list(paying), new LegReceipt[](0), new BundleDecision[](0), "", relayer);
        vm.assertEq(bob.balance, 7);
        vm.assertEq(verifier.highest(), 7);
    }

    function test_WhatIsLeftOfTheValueGoesBack() external {
        Leg memory leg = _wordLeg(1);
        leg.value = 5;
        Leg memory failing = _leg(abi.encodeCall(Target.fail, (1)));
        failing.value = 11;
        RunnableLeg[] memory legs = new RunnableLeg[](2);
        (legs[0], legs[1]) = (_opened(failing, _at(0), ""), _opened(leg, _at(1), ""));
        uint256 before = relayer.balance;
        _plainly();
        settler.run{value: 20}(legs, new LegReceipt[](0), new BundleDecision[](0), "", relayer);
        vm.assertEq(before - relayer.balance, 5);
        vm.assertTrue(settler.isSettled(BASE));
        vm.assertEq(target.value(), 5);
        vm.assertEq(address(settler).balance + address(settler.shared()).balance, 0);
    }

    function test_RevertWhen_ItsValueDidNotCome() external {
        Leg memory leg = _wordLeg(1);
        leg.value = 5;
        RunnableLeg memory dear = _opened(leg, _at(0), "");
        vm.expectRevert(abi.encodeWithSelector(ISettler.Settler_ValueMissing.selector, BASE, 5, 4));
        settler.run{value: 4}(_list(dear), new LegReceipt[](0), new BundleDecision[](0), "", relayer);
    }

    /* gas: all of it, or nothing happened */

    /// The target fails when it sees less than its owner stated. However much gas the relayer brings, no failure is written.
    function testFuzz_NobodyStarvesALeg(uint32 stated, uint32 brought, bool pays) external {
        stated = uint32(_bound(stated, 50_000, 3_000_000));
        // What a call is given also pays its way to the first line of the target: 500 at most.
        Leg memory leg = _leg(abi.encodeCall(Target.needGas, (stated - 500)));
        (leg.gasLimit, leg.value) = (stated, pays ? 1 : 0);
        RunnableLeg memory careful = _opened(leg, _at(0), "");
        bytes memory data = _runData(careful);
        uint256 enough = uint256(stated) + stated / 20 + 200_000;
        _plainly();
        (bool done,) = address(settler).call{gas: _bound(brought, stated, enough), value: leg.value}(data);
        vm.assertTrue(done == (target.calls() == 1), "it ran, or nothing happened");
        vm.assertTrue(done == settler.isSettled(BASE), "no failure was written");
        (done,) = address(settler).call{gas: enough + 100_000, value: leg.value}(data);
        vm.assertTrue(done);
        vm.assertEq(target.calls(), 1);
    }

    function test_RevertWhen_TheGasIsShort() external {
        Leg memory leg = _leg(abi.encodeCall(Target.needGas, (999_000)));
        leg.gasLimit = 1_000_000;
        RunnableLeg memory careful = _opened(leg, _at(0), "");
        bytes memory data = _runData(careful);
        _plainly();
        (bool done, bytes memory why) = address(settler).call{gas: 1_000_000}(data);
        vm.assertTrue(!done);
        vm.assertEq(why, abi.encodeWithSelector(ISettler.Settler_Starved.selector, BASE));
    }

    /* calling again from within */

    /// Legs that share a word, one run from within the other: a word kept over the call would forget the inner one.
    function test_ALegThatRunsAnotherKeepsBothBits() external {
        RunnableLeg memory inner = _opened(_wordLeg(1), _at(1), "");
        Leg memory leg = _leg(abi.encodeCall(Target.callOn, (address(settler), _runData(inner))));
        RunnableLeg memory outer = _opened(leg, _at(0), "");
        RunnableLeg[] memory legs = new RunnableLeg[](2);
        (legs[0], legs[1]) = (outer, inner);
        settler.run(legs, new LegReceipt[](0), new BundleDecision[](0), "", relayer);
        vm.assertEq(target.calls(), 2);
        vm.assertTrue(settler.isSettled(BASE) && settler.isSettled(BASE + 1));
    }

    /// It calls whatever the relayer hands it: itself, say.
    function test_ALegThatRunsItselfRunsOnce() external {
        Reenterer again = new Reenterer(address(settler));
        Leg memory leg = _leg(abi.encodeCall(Reenterer.enter, ()));
        (leg.target, leg.gasLimit) = (address(again), 1_000_000);
        RunnableLeg memory outer = _opened(leg, _at(0), "");
        again.load(_runData(outer));
        _run(outer);
        vm.assertEq(again.entered(), 1);
    }

    /// Whoever brings a leg chooses from where. From inside the target's callback it fails, and that says nothing about it.
    function test_ACallbackOfTheTargetFailsNoLeg() external {
        Lending lending = new Lending();
        Leg memory leg = _leg(abi.encodeCall(Lending.order, ()));
        leg.target = address(lending);
        RunnableLeg memory victim = _opened(leg, _at(0), "");
        bytes memory data = _runData(victim);
        vm.expectEmit(address(settler));
        emit ISettler.Skipped(BASE, Wait.Nested);
        _plainly();
        lending.lend(address(settler), data);
        vm.assertTrue(!settler.isSettled(BASE));
        _run(victim);
        vm.assertEq(lending.orders(), 1);
    }

    /// Nor from between two legs of somebody who breaks what it needs and mends it again, all in one transaction.
    function test_ALegBroughtBeforeItFailsNoLeg() external {
        RunnableLeg[] memory legs = new RunnableLeg[](3);
        legs[0] = _opened(_leg(abi.encodeCall(Target.setBroken, (true))), _at(0), "");
        legs[1] = _opened(_leg(abi.encodeCall(Target.failIfBroken, ())), _at(1), "");
        legs[2] = _opened(_leg(abi.encodeCall(Target.setBroken, (false))), _at(2), "");
        vm.expectEmit(address(settler));
        emit ISettler.Skipped(BASE + 1, Wait.Nested);
        _plainly();
        settler.run(legs, new LegReceipt[](0), new BundleDecision[](0), "", bob);
        vm.assertTrue(settler.isSettled(BASE) && !settler.isSettled(BASE + 1) && settler.isSettled(BASE + 2));
        _run(legs[1]);
        vm.assertEq(target.calls(), 1);
    }

    /// An account that delegates to code (EIP-7702) can do before what it likes, and still be whom the transaction is from.
    function test_AnAccountWithCodeFailsNoLeg() external {
        RunnableLeg memory failing = _opened(_leg(abi.encodeCall(Target.fail, (9))), _at(0), "");
        vm.etch(bob, hex"ef01000000000000000000000000000000000000000000");
        vm.prank(bob, bob);
        settler.run(_list(failing), new LegReceipt[](0), new BundleDecision[](0), "", bob);
        vm.assertTrue(!settler.isSettled(BASE));
        _run(failing);
        vm.assertTrue(settler.isSettled(BASE));
    }

    /// It has no code yet, and is in the middle of somebody's transaction all the same.
    function test_AContractThatIsBeingBuiltFailsNoLeg() external {
        RunnableLeg memory failing = _opened(_leg(abi.encodeCall(Target.fail, (9))), _at(0), "");
        new Building(address(settler), _runData(failing));
        vm.assertTrue(!settler.isSettled(BASE));
    }

    /// Value that a leg left over is its relayer's; one who comes in between gets none of it.
    function test_ALegFromWithinSpendsNoValueOfTheOuter() external {
        Leg memory dear = _wordLeg(1);
        dear.value = 5;
        RunnableLeg memory inner = _opened(dear, _at(1), "");
        Leg memory leg = _leg(abi.encodeCall(Target.callOn, (address(settler), _runData(inner))));
        RunnableLeg memory outer = _opened(leg, _at(0), "");
        uint256 before = address(this).balance;
        settler.run{value: 5}(_list(outer), new LegReceipt[](0), new BundleDecision[](0), "", relayer);
        vm.assertEq(address(this).balance, before);
        vm.assertTrue(settler.isSettled(BASE) && !settler.isSettled(BASE + 1));
    }
}

/// @dev A pool, say: whoever borrows from it is called back, and meanwhile it takes orders from nobody.
contract Lending {
    bool private _locked;
    uint256 public orders;

    function lend(address to, bytes calldata data) external {
        _locked = true;
        (bool done,) = to.call(data);
        require(done);
        _locked = false;
    }

    function order() external {
        require(!_locked, "locked");
        ++orders;
    }
}

contract Building {
    constructor(address to, bytes memory data) {
        (bool done,) = to.call(data);
        require(done);
    }
}

contract Reenterer {
    address private immutable _settler;
    bytes private _data;
    uint256 public entered;

    constructor(address settler) {
        _settler = settler;
    }

    function load(bytes calldata data) external {
        _data = data;
    }

    function enter() external {
        ++entered;
        (bool done,) = _settler.call(_data);
        require(done);
    }
}
