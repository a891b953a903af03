// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestDollar} from "../../../src/lib/TestDollar.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {Question, Status} from "../../../src/oracle/IOracle.sol";
import {Case, Stage as LadderStep, Stake} from "../../../src/oracle/ladder/ILadder.sol";
import {Ladder} from "../../../src/oracle/ladder/Ladder.sol";
import {Oracle} from "../../../src/oracle/Oracle.sol";
import {InvariantTest} from "../../Test.sol";
import {WholeHandler} from "./WholeHandler.sol";

/// forge-config: default.invariant.runs = 6
/// forge-config: ci.invariant.runs = 20
/// forge-config: long.invariant.runs = 700
contract WholeInvariantsTest is InvariantTest {
    WholeHandler private handler;
    TestDollar private dollar;
    Oracle private oracle;
    Ladder private ladder;
    address private stakes;
    bytes4[] private _selectors;

    function setUp() external {
        handler = new WholeHandler();
        handler.start();
        (address dollar_, address oracle_, address stakes_, address ladder_) = handler.contracts();
        (dollar, oracle, stakes, ladder) = (TestDollar(dollar_), Oracle(oracle_), stakes_, Ladder(ladder_));
        _often(2, handler.ask.selector);
        _often(4, handler.report.selector);
        _often(4, handler.dispute.selector);
        _often(1, handler.disputeSilence.selector);
        _often(8, handler.proceed.selector);
        _often(2, handler.appeal.selector);
        _often(2, handler.settle.selector);
        _often(1, handler.equivocate.selector);
        _often(1, handler.pauseAndHold.selector);
        _often(1, handler.leave.selector);
        _often(1, handler.withdraw.selector);
        _often(1, handler.turn.selector);
        _target(address(handler), _selectors);
    }

    /// A5, numbers 1 and 2: what both vaults hold is what they owe; a slash moves into credits, whole.
    function invariant_W1_TokensAreCredits() external view {
        vm.assertEq(dollar.balanceOf(address(oracle)), handler.owed());
        vm.assertEq(dollar.balanceOf(stakes), handler.staked());
    }

    /// A5, number 2: the same fault takes once.
    function invariant_W2_NoFaultTakesTwice() external view {
        vm.assertEq(handler.slashedTwice(), 0);
    }

    /// A5, number 3.
    function invariant_W3_AnEndStands() external view {
        Question[] memory questions = handler.questions();
        for (uint256 i; i < questions.length; ++i) {
            bytes32 question = oracle.idOf(questions[i]);
            bytes32 ended = handler.ended(question);
            if (ended != 0) vm.assertEq(handler.endOf(question), ended);
        }
    }

    /// A5, number 4: nothing is settled while disputed; deposits of open cases, and no others, are owed and held.
    function invariant_W4_DepositsEndOnce() external view {
        vm.assertEq(handler.movedWhileDisputed(), 0);
        uint256 owed;
        Dispute[] memory disputes = handler.disputes();
        for (uint256 i; i < disputes.length; ++i) {
            bytes32 id = disputes[i].hash();
            Case memory c = ladder.caseOf(id);
            if (c.stage == LadderStep.None || c.stage == LadderStep.Done) continue;
            Stake[] memory all = ladder.stakesOf(id);
            for (uint256 j; j < all.length; ++j) {
                owed += all[j].amount;
            }
            owed -= c.fees;
        }
        vm.assertEq(uint256(ladder.owed()), owed);
        vm.assertGe(uint256(oracle.creditOf(address(ladder))), owed);
    }

    /// A5, number 6.
    function invariant_W6_FinalAnswersAreInBounds() external view {
        Question[] memory questions = handler.questions();
        for (uint256 i; i < questions.length; ++i) {
            (Status status, int96 value,,) = oracle.get(oracle.idOf(questions[i]));
            if (status == Status.Final) vm.assertTrue(value >= questions[i].min && value <= questions[i].max);
        }
    }

    /// A5, numbers 7 and 9: in the end everybody gets his stake, and no pause lasts.
    function invariant_W7_EverybodyCanGo() external {
        uint256 before = vm.snapshotState();
        vm.assertTrue(handler.everybodyGoes());
        vm.revertToState(before);
    }

    function _often(uint256 times, bytes4 selector) private {
        for (uint256 i; i < times; ++i) {
            _selectors.push(selector);
        }
    }
}
