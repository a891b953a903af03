// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Order} from "../../../src/bundles/orders/IOrders.sol";
import {Orders} from "../../../src/bundles/orders/Orders.sol";
import {TestToken} from "../../doubles/Tokens.sol";
import {InvariantTest} from "../../Test.sol";
import {OrdersHandler} from "./OrdersHandler.sol";

contract OrdersInvariantsTest is InvariantTest {
    OrdersHandler private handler;
    Orders private orders;
    TestToken private token;

    function setUp() external {
        handler = new OrdersHandler();
        handler.start();
        (orders, token) = handler.contracts();
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = handler.take.selector;
        selectors[1] = handler.take.selector;
        selectors[2] = handler.take.selector;
        selectors[3] = handler.decide.selector;
        selectors[4] = handler.decide.selector;
        selectors[5] = handler.cancel.selector;
        selectors[6] = handler.withdraw.selector;
        selectors[7] = handler.behave.selector;
        _target(address(handler), selectors);
    }

    /* always */

    /// Exactly what is set aside and what is credited is there; nobody gave it anything.
    function invariant_WhatIsOwedIsThere() external view {
        vm.assertEq(token.balanceOf(address(orders)), handler.heldNow() + handler.creditsNow());
    }

    /// No order gives more than it says, and what its maker was paid is never less than the order's price, rounded up.
    function invariant_NoOrderGivesMoreOrGetsLess() external view {
        for (uint256 i; i < handler.count(); ++i) {
            Order memory order = handler.orderAt(i);
            vm.assertLe(handler.filledOf(i), order.giveAmount);
            vm.assertGe(handler.paidOf(i) * order.giveAmount, handler.gaveOf(i) * order.wantAmount);
            uint256 left = orders.leftOf(order);
            vm.assertTrue(left == 0 || left == order.giveAmount - handler.filledOf(i));
        }
    }

    function invariant_EveryMoveIsRight() external view {
        vm.assertEq(handler.wrong(), 0, handler.why());
    }
}
