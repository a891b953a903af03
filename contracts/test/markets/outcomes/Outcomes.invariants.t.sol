// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestDollar} from "../../../src/lib/TestDollar.sol";
import {OutcomeTokens} from "../../../src/markets/outcomes/OutcomeTokens.sol";
import {Reach, ReachTest} from "../../Reach.sol";
import {OutcomesHandler} from "./OutcomesHandler.sol";

contract OutcomesInvariantsTest is ReachTest {
    OutcomesHandler private handler;
    TestDollar private dollar;
    OutcomeTokens private tokens;

    function setUp() external {
        handler = OutcomesHandler(address(_fresh()));
        (address dollar_, address tokens_) = handler.contracts();
        (dollar, tokens) = (TestDollar(dollar_), OutcomeTokens(tokens_));
        _often(3, handler.split.selector);
        _often(2, handler.merge.selector);
        _often(2, handler.move.selector);
        _often(6, handler.trade.selector);
        _often(2, handler.settle.selector);
        _often(3, handler.redeem.selector);
        _target(address(handler), _selectors);
    }

    /// O1: collateral held = paid in - paid out, summed over questions.
    function invariant_O1_CollateralIsThere() external view {
        uint256 owed;
        for (uint256 i; i < handler.QUESTIONS(); ++i) {
            owed += handler.bookAt(i).paidIn - handler.bookAt(i).paidOut;
        }
        vm.assertEq(dollar.balanceOf(address(tokens)), owed);
    }

    /// O2: before settling either side's supply is the collateral of its question; after it that covers what may be
    ///     redeemed, short by less than one unit a redemption once all is.
    function invariant_O2_SupplyIsCollateral() external view {
        for (uint256 i; i < handler.QUESTIONS(); ++i) {
            OutcomesHandler.Book memory book = handler.bookAt(i);
            (uint256 yes, uint256 no) = _supplyOf(i);
            uint256 held = book.paidIn - book.paidOut;
            (bool settled, uint256 yesBps) = tokens.shareOf(book.id);
            if (!settled) {
                vm.assertEq(yes, held, "yes");
                vm.assertEq(no, held, "no");
                continue;
            }
            uint256 due = (yes * yesBps + no * (10_000 - yesBps)) / 10_000;
            vm.assertGe(held, due, "what may be redeemed");
            if (yes + no == 0) vm.assertLe(held, book.redemptions, "dust");
        }
    }

    /// O3: balances are what the books say, and nothing was paid that they do not say.
    function invariant_O3_BalancesAreTheBooks() external view {
        vm.assertEq(handler.wrong(), 0);
        for (uint256 i; i < handler.QUESTIONS(); ++i) {
            bytes32 id = handler.bookAt(i).id;
            for (uint256 who; who < handler.PEOPLE(); ++who) {
                (uint256 yes, uint256 no) = handler.hasAt(i, who);
                vm.assertEq(tokens.balanceOf(handler.traderAt(who), tokens.yesOf(id)), yes);
                vm.assertEq(tokens.balanceOf(handler.traderAt(who), tokens.noOf(id)), no);
            }
        }
    }

    function test_TheHandlerReachesAllOfIt() external {
        _play(4, 150);
        _count("split");
        _count("merge");
        _count("move");
        _count("two buyers");
        _count("two sellers");
        _count("a trade");
        _count("settle");
        _count("redeem");
        _mustHaveReachedAll();
    }

    function _fresh() internal override returns (Reach) {
        OutcomesHandler fresh = new OutcomesHandler();
        fresh.start();
        return fresh;
    }

    function _supplyOf(uint256 i) private view returns (uint256 yes, uint256 no) {
        for (uint256 who; who < handler.PEOPLE(); ++who) {
            (uint256 his, uint256 others) = handler.hasAt(i, who);
            (yes, no) = (yes + his, no + others);
        }
    }
}
