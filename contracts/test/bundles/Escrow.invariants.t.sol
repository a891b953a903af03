// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Escrow} from "../../src/bundles/Escrow.sol";
import {InvariantTest} from "../Test.sol";
import {TestToken} from "../doubles/Tokens.sol";
import {EscrowHandler} from "./EscrowHandler.sol";

contract EscrowInvariantsTest is InvariantTest {
    EscrowHandler private handler;
    Escrow private escrow;
    TestToken private token;
    TestToken private coin;

    function setUp() external {
        handler = new EscrowHandler();
        handler.start();
        (escrow, token, coin) = handler.contracts();
        bytes4[] memory selectors = new bytes4[](15);
        selectors[0] = handler.bundle.selector;
        selectors[1] = handler.bundle.selector;
        selectors[2] = handler.prepare.selector;
        selectors[3] = handler.prepare.selector;
        selectors[4] = handler.prepare.selector;
        selectors[5] = handler.prepare.selector;
        selectors[6] = handler.decide.selector;
        selectors[7] = handler.finish.selector;
        selectors[8] = handler.finish.selector;
        selectors[9] = handler.takeBack.selector;
        selectors[10] = handler.withdraw.selector;
        selectors[11] = handler.behave.selector;
        selectors[12] = handler.pause.selector;
        selectors[13] = handler.wait_.selector;
        selectors[14] = handler.agree.selector;
        _target(address(handler), selectors);
    }

    /// I3: of each token exactly what is held and what is credited is there; nobody gave it anything.
    function invariant_I3_WhatIsOwedIsThere() external view {
        vm.assertEq(token.balanceOf(address(escrow)), handler.heldOf(address(token)) + handler.creditOf(address(token)));
        vm.assertEq(coin.balanceOf(address(escrow)), handler.heldOf(address(coin)) + handler.creditOf(address(coin)));
    }

    /// I5, and with it I4: no bundle has one leg paid and another given back.
    function invariant_I5_AllArePaidOrAllGivenBack() external view {
        for (uint256 i; i < handler.count(); ++i) {
            (bool paid, bool back) = handler.endsOf(i);
            vm.assertTrue(!paid || !back);
        }
    }

    /// I4, I12, I14: nobody holds, finishes or takes back what he may not, and nobody is refused what is his.
    function invariant_I4_EveryMoveIsRight() external view {
        vm.assertEq(handler.wrong(), 0, handler.why());
    }
}
