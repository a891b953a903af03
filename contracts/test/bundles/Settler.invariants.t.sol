// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ISettler} from "../../src/bundles/ISettler.sol";
import {Settler} from "../../src/bundles/Settler.sol";
import {InvariantTest} from "../Test.sol";
import {SettlerHandler} from "./SettlerHandler.sol";

contract SettlerInvariantsTest is InvariantTest {
    SettlerHandler private handler;
    Settler private settler;

    function setUp() external {
        handler = new SettlerHandler();
        (bool done,) = address(handler).call{value: 1 ether}("");
        require(done);
        handler.start();
        (ISettler settler_,) = handler.contracts();
        settler = Settler(address(settler_));
        bytes4[] memory selectors = new bytes4[](13);
        selectors[0] = handler.open.selector;
        selectors[1] = handler.open.selector;
        selectors[2] = handler.open.selector;
        selectors[3] = handler.run.selector;
        selectors[4] = handler.run.selector;
        selectors[5] = handler.run.selector;
        selectors[6] = handler.runAll.selector;
        selectors[7] = handler.abort.selector;
        selectors[8] = handler.cancel.selector;
        selectors[9] = handler.pause.selector;
        selectors[10] = handler.breakTarget.selector;
        selectors[11] = handler.wait_.selector;
        selectors[12] = handler.failOften.selector;
        _target(address(handler), selectors);
    }

    /// I1, I8: an ordinal gets one receipt, and its bit stands from then on, whatever ran from within.
    function invariant_I1_OneReceiptAndItsBitStands() external view {
        for (uint256 i; i < handler.count(); ++i) {
            (uint64 ordinal, uint256 receipts, uint256 effects, bool ok) = handler.openedAt(i);
            vm.assertLe(receipts, 1);
            vm.assertTrue(settler.isSettled(ordinal) == (receipts == 1));
            vm.assertEq(effects, ok ? 1 : 0);
        }
    }

    /// I7: nothing leaves those who did not sign, and what everybody shares holds nothing.
    function invariant_I7_LegsTakeNothingThatIsOthers() external view {
        vm.assertEq(handler.token().balanceOf(handler.victim()), 1e18);
        vm.assertEq(handler.token().balanceOf(settler.accountOf(handler.victim())), 1e18);
        vm.assertEq(address(settler).balance + address(settler.shared()).balance, 0);
    }

    /// I9, I10, I11, I14 and who may settle what, judged receipt by receipt.
    function invariant_I9_EveryReceiptIsRight() external view {
        vm.assertEq(handler.wrong(), 0, handler.why());
    }

    /// I13: every failure that has a receipt counts, though the call that failed was undone, and no other does.
    function invariant_I13_FailuresCountThoughTheirCallsAreUndone() external view {
        (, address target) = handler.contracts();
        vm.assertEq(uint256(settler.restsUntil(target)), handler.restsUntil());
    }
}
