// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestDollar} from "../../src/lib/TestDollar.sol";
import {Reach, ReachTest} from "../Reach.sol";
import {MarketsHandler} from "./MarketsHandler.sol";

contract MarketsInvariantsTest is ReachTest {
    MarketsHandler private handler;
    TestDollar private dollar;
    address private markets;

    function setUp() external {
        handler = MarketsHandler(address(_fresh()));
        address dollar_;
        (dollar_, markets) = handler.contracts();
        dollar = TestDollar(dollar_);
        _often(1, MarketsHandler.open.selector);
        _often(3, MarketsHandler.stake.selector);
        _often(1, MarketsHandler.answer.selector);
        _often(2, MarketsHandler.claim.selector);
        _often(1, MarketsHandler.claimMany.selector);
        _often(1, MarketsHandler.collectFee.selector);
        _often(1, MarketsHandler.wait_.selector);
        _target(address(handler), _selectors);
    }

    function _fresh() internal override returns (Reach) {
        MarketsHandler made = new MarketsHandler();
        made.start();
        return made;
    }

    /// M1 to M5 in one function, since the calls are made anew for each: after every call of the whole and of the market that it
    /// was about, at the end of a run (`afterInvariant`) of every market. Nothing that a call did elsewhere heals until then.
    /// forge-config: long.invariant.runs = 4000
    function invariant_M1toM5_HoldWhereTheLastCallWas() external view {
        _holdsOfAll();
        _holdsOf(handler.touched());
    }

    /// @dev forge looks it up by name.
    function afterInvariant() external view {
        uint256 held;
        for (uint256 i; i < handler.count(); ++i) {
            held += _holdsOf(i);
        }
        vm.assertEq(handler.held(), held, "M1: what is owed is the sum over markets");
    }

    function test_TheHandlerReachesAllOfIt() external {
        _play(4, 250);
        _count("stake");
        _count("signed stake");
        _count("claim");
        _count("void claim");
        _count("claims together");
        _count("claim refused");
        _count("fee");
        _mustHaveReachedAll();
    }

    function _holdsOfAll() private view {
        // M1: collateral held = paid in - paid out, summed over markets.
        vm.assertEq(dollar.balanceOf(markets), handler.held(), "M1: the collateral is there");
        // M3: every payment was what the books say, once, and nothing due was refused.
        vm.assertEq(handler.wrong(), 0, "M3: nobody is paid wrong, or twice, or not");
    }

    function _holdsOf(uint256 i) private view returns (uint256) {
        MarketsHandler.Sight memory seen = handler.sightOf(i);
        // M2: what may still be claimed, with the fee, is there in every market on its own.
        vm.assertGe(seen.held, seen.due, "M2: every market can pay");
        // M5: pools and positions are what was staked; a position claimed is gone, a pool stays.
        vm.assertEq(seen.stray, 0, "M5: pools and positions are what was staked");
        // M4: once all has been claimed, less than one unit a claim is left, and nothing when void.
        if (seen.settled && seen.due == 0) {
            if (seen.void) vm.assertEq(seen.held, 0, "M4: nothing is left when void");
            else vm.assertLt(seen.held, seen.claims, "M4: less than one unit a claim is left");
        }
        return seen.held;
    }
}
