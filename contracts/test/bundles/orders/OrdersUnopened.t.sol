// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BundleHub} from "../../../src/bundles/BundleHub.sol";
import {BundleHashes} from "../../../src/bundles/BundleHashes.sol";
import {Bundle, Outcome} from "../../../src/bundles/BundleTypes.sol";
import {Escrow} from "../../../src/bundles/Escrow.sol";
import {Facts} from "../../../src/bundles/Facts.sol";
import {HubLimits} from "../../../src/bundles/IBundleHub.sol";
import {Finish, HeldLeg, IEscrow} from "../../../src/bundles/IEscrow.sol";
import {BundleDecision} from "../../../src/bundles/ISettler.sol";
import {IOrders, Order} from "../../../src/bundles/orders/IOrders.sol";
import {Orders} from "../../../src/bundles/orders/Orders.sol";
import {OrdersStage} from "./OrdersStage.sol";

/// @dev A taker who has a maker's tokens set aside for a bundle that he never opens: it costs him gas alone. A real hub, which
///      attesters who are the test itself only repeat.
contract OrdersUnopenedTest is OrdersStage {
    BundleHub private hub;

    function setUp() public override {
        super.setUp();
        hub = new BundleHub(
            HubLimits({
                verifier: address(verifier),
                attesters: address(1),
                stakeManager: address(1),
                guardian: guardian,
                longestWindow: 7 days,
                graceSeconds: 12 hours,
                reclaimSeconds: 14 days,
                attesterBps: 0
            })
        );
        escrow = new Escrow(address(verifier), block.chainid, address(hub), guardian, governor, ESCAPE);
        orders = new Orders(escrow);
        vm.prank(carol);
        token.approve(address(orders), type(uint256).max);
        vm.prank(bob);
        coin.approve(address(escrow), type(uint256).max);
        _take(_partOf(_order(1), GIVES));
    }

    function test_TheMakerHasHisOwnBackSoonAfterTheDeadline() external {
        _prepare(0, alice);
        vm.assertEq(orders.leftOf(_order(1)), 0);
        vm.warp(DEADLINE + 1);
        Bundle memory header_ = header;
        vm.prank(carol);
        hub.expireUnopened(header_, "");
        _finishAsDecided();
        vm.assertEq(token.balanceOf(carol), 1_000e6);
        vm.assertEq(orders.leftOf(_order(1)), GIVES);
        vm.assertEq(escrow.slotOf(id, 0), bytes32(uint256(Outcome.Aborted)));
    }

    /// Without it there would be nothing that attesters could say, and the escape alone.
    function test_RevertWhen_NobodyWroteItDown() external {
        _prepare(0, alice);
        vm.warp(DEADLINE + 1);
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = id;
        hub.expire(ids);
        vm.assertTrue(hub.outcomeOf(id) == Outcome.None);
        (Bundle memory header_, HeldLeg memory leg) = (header, held[0]);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_TooSoon.selector, uint256(DEADLINE) + ESCAPE + 1));
        escrow.takeBack(header_, 0, leg, 0);
    }

    /// Again and again, until the order expires: never longer at once than the maker said.
    function testFuzz_NoTakerHoldsItLongerThanTheMakerSaid(uint40 hold, uint8 times) external {
        Order memory order = _order(1);
        // Of seven days the escrow itself says that a second more is too much.
        order.longestHold = uint40(_bound(hold, 1, 7 days - 1));
        for (uint256 i; i < 1 + times % 4; ++i) {
            uint40 deadline = uint40(block.timestamp) + order.longestHold;
            HeldLeg memory leg = _leg(_partOf(order, GIVES));
            leg.salt = bytes32(i);
            _bundle(leg, held[1]);
            header.deadline = deadline + 1;
            _refits();
            bytes memory tooLong = abi.encodeWithSelector(IOrders.Orders_HeldTooLong.selector, deadline);
            vm.expectRevert(tooLong);
            this.prepareBy(alice);
            header.deadline = deadline;
            _refits();
            this.prepareBy(alice);
            vm.warp(deadline + 1);
            hub.expireUnopened(header, "");
            _finishAsDecided();
            vm.assertEq(token.balanceOf(carol), 1_000e6);
        }
    }

    /// A chain whose clock is behind may still take legs in for it: they only come back.
    function test_WhatEntersLaterComesBackToo() external {
        vm.warp(DEADLINE + 1);
        hub.expireUnopened(header, "");
        vm.warp(DEADLINE);
        _prepareBoth();
        _finishAsDecided();
        vm.assertEq(token.balanceOf(carol), 1_000e6);
        vm.assertEq(coin.balanceOf(bob), 1_000e6);
    }

    function _hubDomain() internal view override returns (bytes32) {
        return BundleHashes.domainOf(block.chainid, address(hub));
    }

    function prepareBy(address who) external {
        _prepare(0, who);
    }

    /* HELP */

    function _refits() private {
        id = _idOf();
    }

    /// @dev By what the hub says, and nothing else.
    function _finishAsDecided() private {
        BundleDecision[] memory decisions = new BundleDecision[](1);
        decisions[0] = BundleDecision(id, hub.wordOf(id).base(), hub.outcomeOf(id));
        verifier.say(Facts.decision(id, decisions[0].base, decisions[0].outcome));
        Finish[] memory both = _both();
        escrow.finish(both, decisions, "", relayer);
    }
}
