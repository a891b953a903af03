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
        _often(2, handler.splitAll.selector);
        _often(2, handler.mergeAll.selector);
        _often(3, handler.convert.selector);
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

    /// O2: of a question that is not settled the same is owed whatever the answer, its collateral: of each outcome the supply
    ///     of yes where that is the answer, of no where it is not. Settled, all that may be redeemed is there to the
    ///     fraction, and each redemption leaves less than one unit.
    function invariant_O2_SupplyIsCollateral() external view {
        for (uint256 i; i < handler.QUESTIONS(); ++i) {
            OutcomesHandler.Book memory book = handler.bookAt(i);
            uint256 held = book.paidIn - book.paidOut;
            if (book.denominator == 0) {
                // A single outcome, of two sides, may be the answer or not.
                uint256 answers = book.count == 1 ? 2 : book.count;
                for (uint256 answer; answer < answers; ++answer) {
                    vm.assertEq(_owedFor(i, book.count, answer), held, "whatever the answer");
                }
                continue;
            }
            uint256 due = _worthOf(i, book);
            vm.assertGe(held * book.denominator, due, "what may be redeemed");
            vm.assertLe(held * book.denominator, due + book.redemptions * book.denominator, "dust");
        }
    }

    /// O3: balances are what the books say, and nothing was paid that they do not say.
    function invariant_O3_BalancesAreTheBooks() external view {
        vm.assertEq(handler.wrong(), 0);
        for (uint256 i; i < handler.QUESTIONS(); ++i) {
            OutcomesHandler.Book memory book = handler.bookAt(i);
            for (uint256 slot; slot < handler.PEOPLE() * (book.count + 1); ++slot) {
                (uint256 who, uint256 outcome) = (slot / (book.count + 1), slot % (book.count + 1));
                (uint256 yes, uint256 no) = handler.hasAt(i, who, outcome);
                address owner = handler.traderAt(who);
                vm.assertEq(tokens.balanceOf(owner, tokens.yesOf(book.id, uint8(outcome))), yes);
                vm.assertEq(tokens.balanceOf(owner, tokens.noOf(book.id, uint8(outcome))), no);
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
        _count("redeem many");
        _count("split what is no outcome");
        _count("split all");
        _count("merge all");
        _count("convert");
        _count("convert all");
        _count("convert, settled");
        _count("settle a choice");
        _count("end a choice without an answer");
        _mustHaveReachedAll();
    }

    function _fresh() internal override returns (Reach) {
        OutcomesHandler fresh = new OutcomesHandler();
        fresh.start();
        return fresh;
    }

    function _owedFor(uint256 i, uint256 count, uint256 answer) private view returns (uint256 owed) {
        for (uint256 outcome; outcome <= count; ++outcome) {
            (uint256 yes, uint256 no) = _supplyOf(i, outcome);
            owed += outcome == answer && outcome < count ? yes : no;
        }
    }

    /// @return due times the denominator
    function _worthOf(uint256 i, OutcomesHandler.Book memory book) private view returns (uint256 due) {
        for (uint256 outcome; outcome <= book.count; ++outcome) {
            (uint256 yes, uint256 no) = _supplyOf(i, outcome);
            (uint256 share, uint256 whole) = tokens.shareOf(book.id, uint8(outcome));
            due += yes * share + no * (whole - share);
        }
    }

    function _supplyOf(uint256 i, uint256 outcome) private view returns (uint256 yes, uint256 no) {
        for (uint256 who; who < handler.PEOPLE(); ++who) {
            (uint256 his, uint256 others) = handler.hasAt(i, who, outcome);
            (yes, no) = (yes + his, no + others);
        }
    }
}
