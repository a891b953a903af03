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

    /// P1 to P5 in one function, since the calls are made anew for each: after every call of the whole and of the market that it
    /// was about, at the end of a run (`afterInvariant`) of every market. Nothing that a call did elsewhere heals until then.
    /// forge-config: long.invariant.runs = 4000
    function invariant_P1toP5_HoldWhereTheLastCallWas() external view {
        _holdsOfAll();
        _holdsOf(handler.touched());
    }

    /// @dev forge looks it up by name.
    function afterInvariant() external view {
        uint256 held;
        for (uint256 i; i < handler.count(); ++i) {
            held += _holdsOf(i);
        }
        vm.assertEq(handler.held(), held, "P1: what is owed is the sum over markets");
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

    function _holdsOfAll() private view {
        // P1: collateral held = paid in - paid out, summed over markets.
        vm.assertEq(dollar.balanceOf(address(opinions)), handler.held(), "P1: the collateral is there");
        // P3: every payment and every draw was what the books say, once; what is due is not refused, what is not is; only a
        // final answer scores; the round was not published when it was named.
        vm.assertEq(handler.wrong(), 0, "P3: nothing happens that the books do not say");
    }

    function _holdsOf(uint256 i) private view returns (uint256 held) {
        OpinionsBooks.Book memory book = handler.bookAt(i);
        (Ending ending, uint256 due) = (handler.endingOf(i), handler.dueIn(i));
        held = book.paidIn - book.paidOut;
        // P2: every market on its own holds all that may still be claimed.
        vm.assertGe(held, due, "P2: every market can pay");
        // P4: once all has been claimed less than one unit a claim and prize is left, and nothing when void.
        if (ending != Ending.None && due == 0) {
            // Less than one unit for each of the two parts that a position may have.
            uint256 most = ending == Ending.Void ? 0 : 2 * handler.PEOPLE() + book.terms.prizes;
            vm.assertLe(held, most, "P4: dust is bounded");
        }
        _bandsArePositions(i, book.id);
    }

    /// @dev P5: bands and positions are what was staked and told; positions of a band lie one after the other, without a gap.
    function _bandsArePositions(uint256 i, bytes32 id) private view {
        uint256 people = handler.PEOPLE();
        uint256[21] memory staked;
        uint256[21] memory counts;
        uint256[] memory starts = new uint256[](people);
        uint256[] memory ends = new uint256[](people);
        uint8[] memory bands = new uint8[](people);
        for (uint256 k; k < people; ++k) {
            OpinionsBooks.Opinion memory want = handler.opinionOf(i, handler.person(k));
            uint256 amount;
            bool paid;
            (bands[k], starts[k], amount, paid) = opinions.positionOf(id, handler.person(k));
            vm.assertEq(amount, want.amount, "P5: a position is what was staked");
            vm.assertTrue(paid == want.paid, "P5: a position was paid, or not");
            if (amount == 0) continue;
            vm.assertEq(bands[k], want.told ? want.band : 31, "P5: the band is what was told");
            if (!want.told) continue;
            staked[bands[k]] += amount;
            ++counts[bands[k]];
            ends[k] = starts[k] + amount;
        }
        for (uint8 band; band < 21; ++band) {
            (uint256 total, uint256 number) = opinions.bandOf(id, band);
            vm.assertEq(total, staked[band], "P5: a band is its positions");
            vm.assertEq(number, counts[band], "P5: a band counts its positions");
        }
        for (uint256 k; k < people; ++k) {
            if (ends[k] == 0 || starts[k] == 0) continue;
            bool follows;
            for (uint256 other; other < people; ++other) {
                if (bands[other] == bands[k] && ends[other] == starts[k]) follows = true;
            }
            vm.assertTrue(follows, "P5: a gap in a band");
        }
    }
}
