// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestDollar} from "../../../src/lib/TestDollar.sol";
import {Opinions} from "../../../src/markets/opinions/Opinions.sol";
import {Ending} from "../../../src/markets/opinions/ResultWord.sol";
import {Reach, ReachTest} from "../../Reach.sol";
import {OpinionsBooks} from "./OpinionsBooks.sol";
import {OpinionsHandler} from "./OpinionsHandler.sol";

contract OpinionsInvariantsTest is ReachTest {
    OpinionsHandler private handler;
    TestDollar private dollar;
    Opinions private opinions;

    function setUp() external {
        handler = OpinionsHandler(address(_fresh()));
        (address dollar_, address opinions_) = handler.contracts();
        (dollar, opinions) = (TestDollar(dollar_), Opinions(opinions_));
        _often(2, OpinionsHandler.open.selector);
        _often(8, OpinionsHandler.stake.selector);
        _often(3, OpinionsHandler.reveal.selector);
        _often(2, OpinionsHandler.answer.selector);
        _often(3, OpinionsHandler.score.selector);
        _often(1, OpinionsHandler.expire.selector);
        _often(2, OpinionsHandler.prove.selector);
        _often(1, OpinionsHandler.rearm.selector);
        _often(1, OpinionsHandler.forgo.selector);
        _often(3, OpinionsHandler.claim.selector);
        _often(1, OpinionsHandler.claimMany.selector);
        _often(3, OpinionsHandler.claimPrize.selector);
        _often(1, OpinionsHandler.sweepPrize.selector);
        _often(1, OpinionsHandler.collectFee.selector);
        _often(1, OpinionsHandler.payTogether.selector);
        _often(3, OpinionsHandler.wait_.selector);
        _target(address(handler), _selectors);
    }

    function _fresh() internal override returns (Reach) {
        OpinionsHandler made = new OpinionsHandler();
        made.start();
        return made;
    }

    /// P1: collateral held = paid in - paid out, summed over markets.
    function invariant_P1_CollateralIsThere() external view {
        uint256 held;
        for (uint256 i; i < handler.count(); ++i) {
            OpinionsBooks.Book memory book = handler.bookAt(i);
            held += book.paidIn - book.paidOut;
        }
        vm.assertEq(dollar.balanceOf(address(opinions)), held);
    }

    /// P2: at every step every market on its own holds all that may still be claimed.
    function invariant_P2_EveryMarketCanPay() external view {
        for (uint256 i; i < handler.count(); ++i) {
            OpinionsBooks.Book memory book = handler.bookAt(i);
            vm.assertGe(book.paidIn - book.paidOut, handler.dueIn(i));
        }
    }

    /// P3: every payment and every draw was what the books say, once; what is due is not refused, what is not is; only a
    ///     final answer scores; the round was not published when it was named.
    function invariant_P3_NothingHappensThatTheBooksDoNotSay() external view {
        vm.assertEq(handler.wrong(), 0);
    }

    /// P4: once all has been claimed less than one unit a claim and prize is left, and nothing when void.
    function invariant_P4_DustIsBounded() external view {
        for (uint256 i; i < handler.count(); ++i) {
            OpinionsBooks.Book memory book = handler.bookAt(i);
            Ending ending = handler.endingOf(i);
            if (ending == Ending.None || handler.dueIn(i) != 0) continue;
            uint256 dust = book.paidIn - book.paidOut;
            if (ending == Ending.Void) vm.assertEq(dust, 0);
            // Less than one unit for each of the two parts that a position may have.
            else vm.assertLe(dust, 2 * handler.PEOPLE() + book.terms.prizes);
        }
    }

    /// P5: bands and positions are what was staked and told; positions of a band lie one after the other, without a gap.
    function invariant_P5_BandsArePositions() external view {
        for (uint256 i; i < handler.count(); ++i) {
            bytes32 id = handler.bookAt(i).id;
            uint256[21] memory staked;
            uint256[21] memory counts;
            for (uint256 k; k < handler.PEOPLE(); ++k) {
                address who = handler.person(k);
                OpinionsBooks.Opinion memory want = handler.opinionOf(i, who);
                (uint8 band, uint256 start, uint256 amount, bool paid) = opinions.positionOf(id, who);
                vm.assertEq(amount, want.amount);
                vm.assertTrue(paid == want.paid);
                if (amount == 0) continue;
                vm.assertEq(band, want.told ? want.band : 31);
                if (!want.told) continue;
                staked[band] += amount;
                ++counts[band];
                _startsWhereAnotherEnds(i, id, band, start);
            }
            for (uint8 band; band < 21; ++band) {
                (uint256 total, uint256 number) = opinions.bandOf(id, band);
                vm.assertEq(total, staked[band]);
                vm.assertEq(number, counts[band]);
            }
        }
    }

    function test_TheHandlerReachesAllOfIt() external {
        _play(8, 600);
        _count("open stance");
        _count("hidden stance");
        _count("revealed");
        _count("scored");
        _count("void, invalid");
        _count("expired");
        _count("rearmed");
        _count("forgone");
        _count("claim");
        _count("void claim");
        _count("untold claim");
        _count("untold refund");
        _count("undrawn claim");
        _count("prize");
        _count("swept");
        _count("fee");
        _count("batch");
        _count("batch refused");
        _mustHaveReachedAll();
    }

    function _startsWhereAnotherEnds(uint256 i, bytes32 id, uint8 band, uint256 start) private view {
        if (start == 0) return;
        for (uint256 k; k < handler.PEOPLE(); ++k) {
            if (!handler.opinionOf(i, handler.person(k)).told) continue;
            (uint8 its, uint256 from, uint256 amount,) = opinions.positionOf(id, handler.person(k));
            if (its == band && from + amount == start) return;
        }
        vm.assertTrue(false, "a gap in a band");
    }
}
