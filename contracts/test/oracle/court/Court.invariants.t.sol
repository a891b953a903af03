// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {InvariantTest} from "../../Test.sol";
import {CourtHandler} from "./CourtHandler.sol";

contract CourtInvariantsTest is InvariantTest {
    CourtHandler private handler;
    bytes4[] private _selectors;

    function setUp() external {
        handler = new CourtHandler();
        handler.start();
        // A few stand at once from the beginning, so that most calls find one.
        handler.open(9, 0xff, 90e6);
        handler.open(31, 0, 1_000);
        handler.prove(0, "one");
        handler.prove(1, "two");
        _often(1, handler.open.selector);
        _often(2, handler.prove.selector);
        _often(4, handler.post.selector);
        _often(1, handler.postGarbage.selector);
        _often(3, handler.commitOwn.selector);
        _often(4, handler.reveal.selector);
        _often(3, handler.revealOwn.selector);
        _often(1, handler.leak.selector);
        _often(2, handler.withheld.selector);
        _often(3, handler.close.selector);
        _often(1, handler.reward.selector);
        _often(9, handler.wait_.selector);
        _often(1, handler.pauseOrResume.selector);
        _target(address(handler), _selectors);
    }

    /// C1
    function invariant_C1_SeatsVoteOnce() external {
        handler.checkVotes();
    }

    /// C2
    function invariant_C2_VerdictsStand() external {
        handler.checkVerdicts();
    }

    /// C3
    function invariant_C3_FeesGoOutOnce() external view {
        handler.checkMoney();
    }

    /// C4
    function invariant_C4_BlameFollowsTheVotes() external view {
        handler.checkBlame();
    }

    /// @dev By hand what the fuzzer does at random: otherwise the invariants might hold because nothing ever happens.
    function test_HandlerReachesAVerdict() external {
        _wait(3);
        handler.post(0, 1);
        handler.commitOwn(1, 0, 2);
        _wait(1);
        handler.reveal(0, type(uint256).max);
        handler.revealOwn(1, 0, 2);
        _wait(1);
        handler.close(0);
        handler.close(1);
        vm.assertTrue(handler.closedWithVotes(0));
        vm.assertTrue(handler.closedWithVotes(1));
        handler.checkVotes();
        handler.checkVerdicts();
        handler.checkMoney();
        handler.checkBlame();
    }

    /// @dev Ten hours at most a call.
    function _wait(uint256 times) private {
        for (uint256 i; i < times; ++i) {
            handler.wait_(10 hours - 1);
        }
    }

    function _often(uint256 times, bytes4 selector) private {
        for (uint256 i; i < times; ++i) {
            _selectors.push(selector);
        }
    }
}
