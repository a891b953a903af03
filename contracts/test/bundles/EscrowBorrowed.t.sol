// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Outcome} from "../../src/bundles/BundleTypes.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {Finish, IEscrow} from "../../src/bundles/IEscrow.sol";
import {BundleDecision} from "../../src/bundles/ISettler.sol";
import {Permit} from "../../src/lib/Permits.sol";
import {TestToken} from "../doubles/Tokens.sol";
import {LaneStage} from "./LaneStage.sol";

/// @dev Lends all it has to whoever has it back by the end of the call.
contract FlashLender {
    TestToken private immutable _token;

    constructor(TestToken token) {
        _token = token;
    }

    function lend(uint256 amount, Borrower to, bytes[] calldata calls) external {
        _token.transfer(address(to), amount);
        to.act(calls);
        _token.transferFrom(address(to), address(this), amount);
    }
}

/// @dev Calls an escrow with what it is told, all in one transaction. What it pays into it owns for that long.
contract Borrower {
    IEscrow private immutable _escrow;

    constructor(IEscrow escrow, TestToken token, address lender) {
        _escrow = escrow;
        token.approve(address(escrow), type(uint256).max);
        token.approve(lender, type(uint256).max);
    }

    function act(bytes[] calldata calls) external {
        for (uint256 i; i < calls.length; ++i) {
            (bool done, bytes memory returned) = address(_escrow).call(calls[i]);
            if (done) continue;
            assembly ("memory-safe") {
                revert(add(returned, 32), mload(returned))
            }
        }
    }
}

/// forge-config: default.isolate = true
/// @dev A bundle that its owner has aborted already: what is paid in may be given back at once. Each call here is a transaction.
contract EscrowBorrowedTest is LaneStage {
    FlashLender private lender;
    Borrower private borrower;

    function setUp() public override {
        super.setUp();
        lender = new FlashLender(token);
        borrower = new Borrower(escrow, token, address(lender));
        token.mint(address(lender), 100e6);
    }

    /// @dev The attack: it cost gas alone, and kept everybody out for an hour.
    function test_RevertWhen_BorrowedTokensFillALimit() external {
        vm.prank(governor);
        escrow.setLimit(address(token), 100e6);
        Crossing memory one = _borrowed(100e6, 1, Outcome.Aborted);
        bytes[] memory calls = _inAndOut(one, Outcome.Aborted);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_JustHeld.selector, one.id, uint8(0)));
        lender.lend(100e6, borrower, calls);
        vm.assertEq(escrow.roomFor(address(token)), 100e6);
        vm.assertEq(token.balanceOf(address(lender)), 100e6);
    }

    /// @dev Half of a lane's limit would do, each half hour.
    function test_RevertWhen_BorrowedTokensTripALane() external {
        _limitLane(THERE, 100e6);
        Crossing memory one = _borrowed(50e6, 1, Outcome.Aborted);
        bytes[] memory calls = _inAndOut(one, Outcome.Aborted);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_JustHeld.selector, one.id, uint8(0)));
        lender.lend(50e6, borrower, calls);
        vm.assertEq(_room(THERE), 100e6);
        vm.assertEq(uint256(escrow.laneRestsUntil(THERE, address(token))), 0);
    }

    /// @dev Paid to whom he likes it fills as much, should a decision be there so soon.
    function test_RevertWhen_WhatCountsIsPaidAtOnce() external {
        _limitLane(THERE, 100e6);
        Crossing memory one = _borrowed(50e6, 1, Outcome.Committed);
        token.mint(address(borrower), 50e6);
        bytes[] memory calls = _inAndOut(one, Outcome.Committed);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_JustHeld.selector, one.id, uint8(0)));
        borrower.act(calls);
    }

    function test_InTheNextTransactionItLeaves() external {
        _limitLane(THERE, 100e6);
        Crossing memory one = _borrowed(50e6, 1, Outcome.Aborted);
        token.mint(address(borrower), 50e6);
        borrower.act(_only(_inAndOut(one, Outcome.Aborted), 0));
        vm.assertEq(_room(THERE), 50e6);
        borrower.act(_only(_inAndOut(one, Outcome.Aborted), 1));
        vm.assertEq(token.balanceOf(address(borrower)), 50e6);
    }

    /// @dev No lane of the bundle bounds this token, and nothing the token itself: nothing is filled.
    function test_WhereNothingBoundsATokenBothMayBeOneTransaction() external {
        Crossing memory one = _borrowed(100e6, 1, Outcome.Aborted);
        lender.lend(100e6, borrower, _inAndOut(one, Outcome.Aborted));
        _limitLane(YONDER, 1);
        vm.prank(governor);
        escrow.setLaneLimit(THERE, address(coin), 1);
        one = _borrowed(100e6, 2, Outcome.Aborted);
        lender.lend(100e6, borrower, _inAndOut(one, Outcome.Aborted));
        vm.assertEq(token.balanceOf(address(lender)), 100e6);
        vm.assertEq(uint256(escrow.slotOf(one.id, 0)), 3);
    }

    function test_AnotherLegLeavesInTheTransactionThatHoldsOne() external {
        _limitLane(THERE, 100e6);
        Crossing memory before = _borrowed(30e6, 1, Outcome.Committed);
        Crossing memory one = _borrowed(30e6, 2, Outcome.Committed);
        token.mint(address(borrower), 60e6);
        borrower.act(_only(_inAndOut(before, Outcome.Committed), 0));
        bytes[] memory calls = _inAndOut(one, Outcome.Committed);
        calls[1] = _inAndOut(before, Outcome.Committed)[1];
        borrower.act(calls);
        vm.assertEq(token.balanceOf(bob), 30e6);
        vm.assertEq(uint256(escrow.slotOf(before.id, 0)), 2);
        vm.assertEq(escrow.slotOf(one.id, 0) ^ one.hashes[0], bytes32(uint256(1)));
    }

    /* inside */

    /// @dev Paid by the borrower to bob, and decided already.
    function _borrowed(uint96 amount, uint64 salt, Outcome outcome) private returns (Crossing memory one) {
        one = _crossingOf(_pays(address(token), address(borrower), bob, amount), salt, _to(THERE));
        verifier.say(Facts.decision(one.id, BASE, outcome));
    }

    function _inAndOut(Crossing memory one, Outcome outcome) private view returns (bytes[] memory calls) {
        Finish[] memory legs = new Finish[](1);
        legs[0] = Finish({id: one.id, index: 0, decision: 0, gas: 0, leg: one.mine});
        BundleDecision[] memory decisions = new BundleDecision[](1);
        decisions[0] = BundleDecision({id: one.id, base: BASE, outcome: outcome});
        calls = new bytes[](2);
        Permit memory none;
        calls[0] =
            abi.encodeCall(escrow.prepareAcross, (one.header, one.hashes, 0, one.mine, "", none, one.others));
        calls[1] = abi.encodeCall(escrow.finish, (legs, decisions, "", relayer));
    }

    function _only(bytes[] memory calls, uint256 which) private pure returns (bytes[] memory list) {
        list = new bytes[](1);
        list[0] = calls[which];
    }
}
