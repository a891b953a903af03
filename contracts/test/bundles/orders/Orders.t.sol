// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Outcome} from "../../../src/bundles/BundleTypes.sol";
import {Finish, HeldLeg, IEscrow} from "../../../src/bundles/IEscrow.sol";
import {IParticipant} from "../../../src/bundles/IParticipant.sol";
import {BundleDecision} from "../../../src/bundles/ISettler.sol";
import {IOrders, Order, Part} from "../../../src/bundles/orders/IOrders.sol";
import {TestToken} from "../../doubles/Tokens.sol";
import {EscrowStage} from "../EscrowStage.sol";
import {ParticipantKit} from "../ParticipantKit.sol";
import {OrdersStage} from "./OrdersStage.sol";

contract OrdersTest is ParticipantKit, OrdersStage {
    function setUp() public override(EscrowStage, OrdersStage) {
        OrdersStage.setUp();
    }

    /* taking parts */

    function testFuzz_EveryPartIsPaidForOnBothSides(uint96 amount) external {
        Order memory order = _order(1);
        amount = uint96(_bound(amount, order.leastPart, GIVES));
        Part memory part = _partOf(order, amount);
        _take(part);
        _prepareBoth();
        vm.assertEq(orders.leftOf(order), GIVES - amount);
        _finishBoth(Outcome.Committed);
        vm.assertEq(token.balanceOf(alice), 1_000e6 + amount);
        vm.assertEq(coin.balanceOf(carol), part.pays);
        vm.assertGe(uint256(part.pays) * GIVES, uint256(amount) * WANTS);
        vm.assertEq(token.balanceOf(address(orders)), 0);
    }

    function testFuzz_PartsTogetherNeverCostLessThanTheWhole(uint96 gives, uint96 wants, uint96 first) external view {
        Order memory order = _order(1);
        (order.giveAmount, order.wantAmount) = (uint96(_bound(gives, 1, type(uint96).max)), wants);
        first = uint96(_bound(first, 0, order.giveAmount));
        uint256 parts = orders.priceOf(order, first) + orders.priceOf(order, order.giveAmount - first);
        vm.assertGe(parts, wants);
        vm.assertLe(parts, uint256(wants) + 1);
    }

    function test_WhatCameBackCanBeTakenAgain() external {
        Order memory order = _order(1);
        _take(_partOf(order, GIVES));
        _prepareBoth();
        _finishBoth(Outcome.Aborted);
        vm.assertEq(token.balanceOf(carol), 1_000e6);
        vm.assertEq(orders.leftOf(order), GIVES);
        HeldLeg memory again = _leg(_partOf(order, GIVES));
        again.salt = bytes32("again");
        _bundle(again, held[1]);
        _prepareBoth();
        _finishBoth(Outcome.Committed);
        vm.assertEq(orders.leftOf(order), 0);
    }

    function test_IsReturnedWithoutAnybodysSignature() external {
        _take(_partOf(_order(1), GIVES));
        _prepare(0, alice);
        vm.warp(uint256(DEADLINE) + ESCAPE + 1);
        escrow.takeBack(header, 0, held[0], 0);
        vm.assertEq(token.balanceOf(carol), 1_000e6);
    }

    function test_TheRestMayBeLessThanTheLeastPart() external {
        Order memory order = _order(1);
        order.leastPart = 60e6;
        _take(_partOf(order, 60e6));
        _prepareBoth();
        _take(_partOf(order, 39e6));
        _refused(abi.encodeWithSelector(IOrders.Orders_PartTooSmall.selector, 40e6));
        _take(_partOf(order, 40e6));
        _prepareBoth();
        vm.assertEq(orders.leftOf(order), 0);
    }

    function test_WhomTheTokenRefusesIsCredited() external {
        _take(_partOf(_order(1), GIVES));
        _prepareBoth();
        token.behave(TestToken.Manner.Refuses, alice);
        _finishBoth(Outcome.Committed);
        vm.assertEq(orders.creditOf(address(token), alice), GIVES);
        vm.prank(alice);
        orders.withdraw(address(token), bob);
        vm.assertEq(token.balanceOf(bob), GIVES);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IOrders.Orders_NothingToWithdraw.selector, token, alice));
        orders.withdraw(address(token), bob);
    }

    /* taking more than the maker gives */

    function testFuzz_RevertWhen_OverFilled(uint96 first, uint96 over) external {
        Order memory order = _order(1);
        first = uint96(_bound(first, order.leastPart, GIVES));
        _take(_partOf(order, first));
        _prepareBoth();
        uint96 left = GIVES - first;
        over = uint96(_bound(over, uint256(left) + 1, 900e6));
        _take(_partOf(order, over));
        _refused(abi.encodeWithSelector(IOrders.Orders_OverFilled.selector, orders.digestOf(order), left, over));
    }

    function test_RevertWhen_ThePartIsReplayed() external {
        _take(_partOf(_order(1), 50e6));
        _prepareBoth();
        _refused(abi.encodeWithSelector(IEscrow.Escrow_NotEmpty.selector, id, 0));
        _finishBoth(Outcome.Committed);
        _refused(abi.encodeWithSelector(IEscrow.Escrow_NotEmpty.selector, id, 0));
        // Nor by whoever finishes again.
        _finishBoth(Outcome.Committed);
        vm.assertEq(token.balanceOf(alice), 1_050e6);
    }

    function test_RevertWhen_Cancelled() external {
        Order memory order = _order(1);
        _take(_partOf(order, 50e6));
        _prepareBoth();
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IOrders.Orders_NotMaker.selector, carol, bob));
        orders.cancel(order);
        vm.prank(carol);
        orders.cancel(order);
        vm.assertEq(orders.leftOf(order), 0);
        // What was taken before is nobody's to cancel.
        _finishBoth(Outcome.Committed);
        vm.assertEq(coin.balanceOf(carol), 35e6);
        _take(_partOf(order, 20e6));
        _refused(abi.encodeWithSelector(IOrders.Orders_Cancelled.selector, orders.digestOf(order)));
    }

    function test_RevertWhen_AllWereCancelled() external {
        Order memory order = _order(1);
        _take(_partOf(order, 50e6));
        vm.prank(carol);
        orders.cancelAll();
        _refused(abi.encodeWithSelector(IOrders.Orders_Cancelled.selector, orders.digestOf(order)));
        _take(_partOf(_order(1), 50e6));
        _prepareBoth();
    }

    function test_RevertWhen_Expired() external {
        Order memory order = _order(1);
        order.expiry = START + 10;
        _take(_partOf(order, 50e6));
        vm.warp(START + 11);
        _refused(abi.encodeWithSelector(IOrders.Orders_Expired.selector, START + 10));
        vm.warp(START + 10);
        _prepareBoth();
    }

    function test_RevertWhen_ATakerWouldThinkTooLong() external {
        Order memory order = _order(1);
        order.longestHold = 1 hours - 1;
        _take(_partOf(order, 50e6));
        _refused(abi.encodeWithSelector(IOrders.Orders_HeldTooLong.selector, DEADLINE - 1));
        vm.warp(START + 1);
        _prepareBoth();
    }

    function test_RevertWhen_ItIsForSomebodyElse() external {
        Order memory order = _order(1);
        order.taker = bob;
        _take(_partOf(order, 50e6));
        _refused(abi.encodeWithSelector(IOrders.Orders_NotTaker.selector, bob, alice));
        order.taker = alice;
        _take(_partOf(order, 50e6));
        _prepareBoth();
    }

    /* what the maker signed */

    function testFuzz_RevertWhen_AnyTermIsAnother(uint256 which) external {
        Order memory order = _order(1);
        bytes memory signature = _signedBy(CAROL_KEY, order);
        which %= 8;
        if (which == 0) order.recipient = bob;
        if (which == 1) order.giveAmount += 1;
        if (which == 2) order.wantAmount -= 1;
        if (which == 3) order.leastPart = 0;
        if (which == 4) order.expiry += 1;
        if (which == 5) order.longestHold += 1;
        if (which == 6) order.salt += 1;
        if (which == 7) order.wantToken = address(token);
        Part memory part = _partOf(order, 50e6);
        part.signature = signature;
        _take(part);
        _refused(abi.encodeWithSelector(IOrders.Orders_BadSignature.selector, orders.digestOf(order)));
    }

    function test_RevertWhen_SomebodyElseSigned() external {
        Order memory order = _order(1);
        Part memory part = _partOf(order, 50e6);
        part.signature = _signedBy(ALICE_KEY, order);
        _take(part);
        _refused(abi.encodeWithSelector(IOrders.Orders_BadSignature.selector, orders.digestOf(order)));
    }

    function testFuzz_RevertWhen_ThePriceIsOneLess(uint96 amount) external {
        Order memory order = _order(1);
        Part memory part = _partOf(order, uint96(_bound(amount, order.leastPart, GIVES)));
        uint256 least = part.pays;
        part.pays -= 1;
        _take(part);
        _refused(abi.encodeWithSelector(IOrders.Orders_PaysTooLittle.selector, least, least - 1));
    }

    function test_RevertWhen_TheOrderMakesNoSense() external {
        Order memory order = _order(1);
        order.wantAmount = 0;
        _take(_partOf(order, 50e6));
        _refused(abi.encodeWithSelector(IOrders.Orders_BadOrder.selector, "wantAmount"));
        order = _order(1);
        order.recipient = address(0);
        _take(_partOf(order, 50e6));
        _refused(abi.encodeWithSelector(IOrders.Orders_BadOrder.selector, "recipient"));
        order = _order(1);
        order.giveAmount = 0;
        vm.expectRevert(abi.encodeWithSelector(IOrders.Orders_BadOrder.selector, "giveAmount"));
        orders.priceOf(order, 1);
        Part memory part = _partOf(_order(1), 50e6);
        part.to = address(orders);
        _take(part);
        _refused(abi.encodeWithSelector(IOrders.Orders_BadOrder.selector, "to"));
    }

    /* the bundle that it is part of */

    /// The other leg pays somebody else, another token, less, later known, or the same to be had again.
    function testFuzz_RevertWhen_TheOtherLegIsAnother(uint256 which) external {
        Part memory part = _partOf(_order(1), 50e6);
        HeldLeg memory other = _paying(part);
        which %= 6;
        if (which == 0) other.data = abi.encode(bob, alice);
        if (which == 1) other.target = address(token);
        if (which == 2) other.value -= 1;
        if (which == 3) other.data = abi.encode(carol, carol);
        if (which == 4) other.salt = keccak256("another");
        if (which == 5) other = _leg(part);
        _bundle(_leg(part), other);
        _refused(abi.encodeWithSelector(IOrders.Orders_OtherBundle.selector, id));
    }

    function test_RevertWhen_ItIsPaidOnAnotherChain() external {
        Order memory order = _order(1);
        order.wantChainId = block.chainid + 1;
        _take(_partOf(order, 50e6));
        _refused(abi.encodeWithSelector(IOrders.Orders_OtherBundle.selector, id));
    }

    function test_RevertWhen_ThereAreMoreLegs() external {
        Part memory part = _partOf(_order(1), 50e6);
        _take(part);
        held.push(_pays(address(token), alice, bob, 1e6));
        (header.legs, header.legsHash) = (3, keccak256(abi.encodePacked(_hashes())));
        id = _idOf();
        _refused(abi.encodeWithSelector(IOrders.Orders_OtherBundle.selector, id));
    }

    function test_StandsInEitherPlace() external {
        Part memory part = _partOf(_order(1), 50e6);
        _take(part);
        (HeldLeg memory mine, HeldLeg memory other) = (held[0], held[1]);
        _bundle(other, mine);
        _prepare(0, bob);
        _prepare(1, alice);
        _finishBoth(Outcome.Committed);
        vm.assertEq(coin.balanceOf(carol), 35e6);
    }

    /* tokens */

    function test_RevertWhen_TheTokenTakesAFee() external {
        token.behave(TestToken.Manner.TakesFee, address(0));
        _take(_partOf(_order(1), 50e6));
        _refused(abi.encodeWithSelector(IOrders.Orders_BadToken.selector, token, 50e6 - 1, 50e6));
    }

    function test_RevertWhen_TheMakerHasNoMore() external {
        vm.prank(carol);
        token.transfer(bob, 960e6);
        _take(_partOf(_order(1), 50e6));
        _refused(abi.encodeWithSignature("TransferFromFailed()"));
    }

    /* for the kit */

    function _participant(address) internal view override returns (IParticipant) {
        return orders;
    }

    function _gasLimit() internal pure override returns (uint32) {
        return 450_000;
    }

    /// @dev Parts of few orders, so that they meet. What pays for it does not matter to whether it can finish, so it is always the same.
    function _data(uint256 seed) internal view override returns (bytes memory) {
        Order memory order = _order(uint64(seed % 3));
        Part memory part = _partOf(order, uint96(_bound(seed >> 8, order.leastPart, GIVES / 3)));
        (part.payer, part.pays, part.payingSalt) = (bob, WANTS, keccak256("salt"));
        return abi.encode(part);
    }

    function _meanwhile(IParticipant, uint256 seed) internal override {
        if (seed % 2 == 0) token.behave(TestToken.Manner(seed % 5), seed % 7 == 0 ? carol : alice);
        if (seed % 3 == 0) {
            Order memory order = _order(uint64(seed % 3));
            vm.prank(carol);
            orders.cancel(order);
        }
        if (seed % 11 == 0) {
            vm.prank(carol);
            orders.cancelAll();
        }
        vm.warp(block.timestamp + seed % 100);
    }

    function _bundle(HeldLeg memory first, HeldLeg memory second) internal override(EscrowStage, OrdersStage) {
        // The kit keeps whatever second leg there is; here it is the one that pays.
        if (first.target == address(orders) && second.target == address(coin) && second.value == WANTS) {
            second = _pays(address(coin), bob, carol, WANTS);
        }
        OrdersStage._bundle(first, second);
    }

    /* INSIDE */

    function _refused(bytes memory why) private {
        bytes memory signature = _signed(ALICE_KEY);
        vm.expectRevert(why);
        _prepareSigned(0, signature);
    }
}
