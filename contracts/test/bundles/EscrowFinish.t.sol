// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HeldLeg, Finish, IEscrow} from "../../src/bundles/IEscrow.sol";
import {Bundle, LegStatus, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {BundleDecision} from "../../src/bundles/ISettler.sol";
import {SilentToken, TestToken} from "../doubles/Tokens.sol";
import {TestVerifier} from "../doubles/Verifier.sol";
import {EscrowStage} from "./EscrowStage.sol";

contract EscrowFinishTest is EscrowStage {
    /* deciding */

    function test_PaysAllWhenCommitted() external {
        _prepareBoth();
        BundleDecision[] memory decisions = _decided(Outcome.Committed);
        vm.expectEmit(address(escrow));
        emit IEscrow.Finished(id, 0, Outcome.Committed);
        vm.expectEmit(address(escrow));
        emit IEscrow.Receipt(BASE, LegStatus.Ok, 0, relayer);
        vm.expectEmit(address(escrow));
        emit IEscrow.Receipt(BASE + 1, LegStatus.Ok, 0, relayer);
        escrow.finish(_both(), decisions, "", relayer);
        vm.assertEq(token.balanceOf(bob), 100e6);
        vm.assertEq(coin.balanceOf(alice), 70e6);
        vm.assertEq(escrow.slotOf(id, 0), bytes32(uint256(Outcome.Committed)));
        vm.assertEq(verifier.highest(), 100e6);
    }

    function test_GivesAllBackWhenAborted() external {
        _prepareBoth();
        BundleDecision[] memory decisions = _decided(Outcome.Aborted);
        vm.expectEmit(address(escrow));
        emit IEscrow.Receipt(BASE, LegStatus.Cancelled, 0, relayer);
        escrow.finish(_both(), decisions, "", relayer);
        vm.assertEq(token.balanceOf(alice), 1_000e6);
        vm.assertEq(coin.balanceOf(bob), 1_000e6);
        vm.assertEq(escrow.slotOf(id, 1), bytes32(uint256(Outcome.Aborted)));
    }

    function test_ASecondTimeHasNoEffect() external {
        _prepareBoth();
        _finishBoth(Outcome.Committed);
        token.mint(address(escrow), 500e6);
        vm.recordLogs();
        _finishBoth(Outcome.Committed);
        // Not even what another decision said: there is none, but if there were.
        _finishBoth(Outcome.Aborted);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(token.balanceOf(bob), 100e6);
    }

    function test_WhatWasNotPreparedIsPassedOver() external {
        _prepare(1, bob);
        _finishBoth(Outcome.Aborted);
        vm.assertEq(coin.balanceOf(bob), 1_000e6);
        vm.assertEq(escrow.slotOf(id, 0), 0);
    }

    function test_RevertWhen_NobodySaysThatItIsDecided() external {
        _prepareBoth();
        BundleDecision[] memory decisions = _decided(Outcome.Aborted);
        decisions[0].outcome = Outcome.Committed;
        Finish[] memory both = _both();
        vm.expectRevert(abi.encodeWithSelector(TestVerifier.TestVerifier_NotSaid.selector, 0));
        escrow.finish(both, decisions, "", relayer);
    }

    function test_RevertWhen_TheDecisionIsAnothersOrNone() external {
        _prepareBoth();
        BundleDecision[] memory decisions = _decided(Outcome.Open);
        Finish[] memory both = _both();
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_Undecided.selector, id));
        escrow.finish(both, decisions, "", relayer);
        decisions[0] = BundleDecision({id: keccak256("other"), base: BASE, outcome: Outcome.Committed});
        verifier.say(Facts.decision(decisions[0].id, BASE, Outcome.Committed));
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_Undecided.selector, id));
        escrow.finish(both, decisions, "", relayer);
    }

    /// Somebody who names himself, or more, names another leg: nothing is held for it.
    function testFuzz_AnotherLegThanIsHeldIsPassedOver(uint96 amount, address recipient) external {
        vm.assume(amount != 100e6 || recipient != bob);
        _prepareBoth();
        Finish[] memory both = _both();
        both[0].leg = _pays(address(token), alice, recipient, amount);
        escrow.finish(both, _decided(Outcome.Committed), "", relayer);
        vm.assertEq(token.balanceOf(address(escrow)), 100e6);
        vm.assertEq(coin.balanceOf(alice), 70e6);
    }

    function test_APauseStopsNothingThatLeaves() external {
        _prepareBoth();
        vm.prank(governor);
        escrow.setLimit(address(token), 1);
        vm.prank(guardian);
        escrow.pause(72 hours);
        Finish[] memory one = new Finish[](1);
        one[0] = _both()[0];
        escrow.finish(one, _decided(Outcome.Aborted), "", relayer);
        vm.warp(DEADLINE + ESCAPE + 1);
        vm.prank(guardian);
        (bool done,) = address(escrow).call(abi.encodeCall(escrow.pause, (72 hours)));
        done;
        escrow.takeBack(header, 1, held[1], 0);
        vm.assertEq(token.balanceOf(alice) + coin.balanceOf(bob), 2_000e6);
    }

    /* recipients that a token refuses */

    function testFuzz_ARefusalHoldsUpNobody(uint8 manner) external {
        TestToken.Manner how =
            TestToken.Manner(_bound(manner, uint8(TestToken.Manner.Refuses), uint8(TestToken.Manner.Burns)));
        _prepareBoth();
        token.behave(how, bob);
        BundleDecision[] memory decisions = _decided(Outcome.Committed);
        vm.expectEmit(address(escrow));
        emit IEscrow.Credited(address(token), bob, 100e6);
        escrow.finish(_both(), decisions, "", relayer);
        vm.assertEq(coin.balanceOf(alice), 70e6);
        vm.assertEq(escrow.creditOf(address(token), bob), 100e6);
        // It is his, and goes where he says, once.
        vm.prank(bob);
        vm.assertEq(escrow.withdraw(address(token), relayer), 100e6);
        vm.assertEq(token.balanceOf(relayer), 100e6);
        bytes memory nothing = abi.encodeWithSelector(IEscrow.Escrow_NothingToWithdraw.selector, address(token), bob);
        vm.expectRevert(nothing);
        vm.prank(bob);
        escrow.withdraw(address(token), relayer);
    }

    function test_ATokenThatReturnsNothingIsPaid() external {
        SilentToken silent = new SilentToken();
        silent.mint(alice, 9);
        _bundle(_pays(address(silent), alice, bob, 9), held[1]);
        _prepareBoth();
        _finishBoth(Outcome.Committed);
        vm.assertEq(silent.balanceOf(bob), 9);
        vm.assertEq(escrow.creditOf(address(silent), bob), 0);
    }

    /// Whoever brings too little gas fails himself: he turns no payment into a credit.
    function testFuzz_TooLittleGasCreditsNobody(uint32 brought) external {
        _prepareBoth();
        BundleDecision[] memory decisions = _decided(Outcome.Committed);
        bytes memory data = abi.encodeCall(IEscrow.finish, (_both(), decisions, bytes(""), relayer));
        (bool done,) = address(escrow).call{gas: _bound(brought, 20_000, 700_000)}(data);
        vm.assertEq(token.balanceOf(bob), done ? 100e6 : 0);
        vm.assertEq(escrow.creditOf(address(token), bob), 0);
    }

    /// A recipient that comes back from within its own payment gets nothing twice, and can hold up nobody.
    function test_ARecipientThatComesBackGetsNothingTwice() external {
        Returning recipient = new Returning();
        token.behave(TestToken.Manner.CallsBack, address(0));
        _bundle(_pays(address(token), alice, address(recipient), 100e6), held[1]);
        _prepareBoth();
        token.mint(alice, 500e6);
        BundleDecision[] memory decisions = _decided(Outcome.Committed);
        recipient.load(address(escrow), abi.encodeCall(IEscrow.finish, (_both(), decisions, bytes(""), relayer)));
        escrow.finish(_both(), decisions, "", relayer);
        vm.assertEq(token.balanceOf(address(recipient)), 100e6);
        vm.assertTrue(!recipient.done());
        vm.assertEq(coin.balanceOf(alice), 70e6);
    }

    /* without anybody's signature */

    function test_ComesBackAfterTheEscape() external {
        _prepareBoth();
        uint256 from = uint256(DEADLINE) + ESCAPE;
        vm.warp(from);
        Bundle memory header_ = header;
        HeldLeg memory leg = held[0];
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_TooSoon.selector, from + 1));
        escrow.takeBack(header_, 0, leg, 0);
        vm.warp(from + 1);
        vm.expectEmit(address(escrow));
        emit IEscrow.TakenBack(id, 0);
        vm.prank(relayer); // whoever calls, the payer gets it
        escrow.takeBack(header_, 0, leg, 0);
        vm.assertEq(token.balanceOf(alice), 1_000e6);
        bytes memory notHeld = abi.encodeWithSelector(IEscrow.Escrow_NotHeld.selector, id, 0);
        vm.expectRevert(notHeld);
        escrow.takeBack(header_, 0, leg, 0);
        // A decision that comes after it has no effect.
        _finishBoth(Outcome.Committed);
        vm.assertEq(token.balanceOf(bob), 0);
    }

    function test_RevertWhen_TakingBackWithAnEarlierDeadline() external {
        _prepareBoth();
        vm.warp(DEADLINE + 1);
        header.deadline = START - ESCAPE;
        bytes32 other = _idOf();
        Bundle memory header_ = header;
        HeldLeg memory leg = held[0];
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_NotHeld.selector, other, 0));
        escrow.takeBack(header_, 0, leg, 0);
    }

    function test_RevertWhen_WhatWasPaidIsTakenBack() external {
        _prepareBoth();
        _finishBoth(Outcome.Committed);
        vm.warp(uint256(DEADLINE) + ESCAPE + 1);
        Bundle memory header_ = header;
        HeldLeg memory leg = held[0];
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_NotHeld.selector, id, 0));
        escrow.takeBack(header_, 0, leg, 0);
    }
}

/// @dev A recipient that calls when it is paid.
contract Returning {
    address private _to;
    bytes private _data;
    bool public done;

    function load(address to, bytes calldata data) external {
        (_to, _data) = (to, data);
    }

    function received(uint256) external {
        (done,) = _to.call(_data);
    }
}
