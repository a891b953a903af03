// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestDollar} from "../../src/lib/TestDollar.sol";
import {InvariantTest} from "../Test.sol";
import {MarketsHandler} from "./MarketsHandler.sol";

contract MarketsInvariantsTest is InvariantTest {
    MarketsHandler private handler;
    TestDollar private dollar;
    address private markets;

    function setUp() external {
        handler = new MarketsHandler();
        handler.start();
        address dollar_;
        (dollar_, markets) = handler.contracts();
        dollar = TestDollar(dollar_);
        bytes4[] memory selectors = new bytes4[](10);
        selectors[0] = handler.open.selector;
        selectors[1] = handler.stake.selector;
        selectors[2] = handler.stake.selector;
        selectors[3] = handler.stake.selector;
        selectors[4] = handler.answer.selector;
        selectors[5] = handler.claim.selector;
        selectors[6] = handler.claim.selector;
        selectors[7] = handler.claimMany.selector;
        selectors[8] = handler.collectFee.selector;
        selectors[9] = handler.wait_.selector;
        _target(address(handler), selectors);
    }

    /// M1: collateral held = paid in - paid out, summed over markets.
    function invariant_M1_CollateralIsThere() external view {
        uint256 owed;
        for (uint256 i; i < handler.count(); ++i) {
            MarketsHandler.Book memory book = handler.bookAt(i);
            owed += book.paidIn - book.paidOut;
        }
        vm.assertEq(dollar.balanceOf(markets), owed);
    }

    /// M2: what may still be claimed, with the fee, is there in every market on its own.
    function invariant_M2_EveryMarketCanPay() external view {
        for (uint256 i; i < handler.count(); ++i) {
            MarketsHandler.Book memory book = handler.bookAt(i);
            vm.assertGe(book.paidIn - book.paidOut, handler.dueIn(i));
        }
    }

    /// M3: every payment was what the books say, once, and nothing due was refused.
    function invariant_M3_NobodyIsPaidWrongOrTwice() external view {
        vm.assertEq(handler.wrongPayments(), 0);
    }

    /// M4: once all has been claimed, less than one unit a claim is left, and nothing when void.
    function invariant_M4_DustIsBounded() external view {
        for (uint256 i; i < handler.count(); ++i) {
            MarketsHandler.Book memory book = handler.bookAt(i);
            (bool settled, uint8 winner) = handler.resultOf(i);
            if (!settled || handler.dueIn(i) != 0) continue;
            uint256 dust = book.paidIn - book.paidOut;
            if (winner == book.terms.outcomes) vm.assertEq(dust, 0);
            else vm.assertLe(dust + 1, book.claims, "short by less than one unit a claim");
        }
    }

    /// M5: pools and positions are what was staked; a position claimed is gone, a pool stays.
    function invariant_M5_PoolsAndPositionsAreWhatWasStaked() external view {
        for (uint256 i; i < handler.count(); ++i) {
            vm.assertEq(handler.strayIn(i), 0);
        }
    }
}
