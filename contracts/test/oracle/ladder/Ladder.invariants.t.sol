// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestDollar} from "../../../src/lib/TestDollar.sol";
import {AnswerWord} from "../../../src/oracle/AnswerWord.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {IOracle, Question, Status} from "../../../src/oracle/IOracle.sol";
import {Case, ILadder, Stage as LadderStep, Stake} from "../../../src/oracle/ladder/ILadder.sol";
import {Reach, ReachTest} from "../../Reach.sol";
import {LadderHandler} from "./LadderHandler.sol";

contract LadderInvariantsTest is ReachTest {
    LadderHandler private handler;
    TestDollar private dollar;
    IOracle private oracle;
    ILadder private ladder;

    function setUp() external {
        handler = new LadderHandler();
        handler.start();
        (address dollar_, address oracle_, address ladder_) = handler.contracts();
        (dollar, oracle, ladder) = (TestDollar(dollar_), IOracle(oracle_), ILadder(ladder_));
        _often(3, handler.ask.selector);
        _often(6, handler.report.selector);
        _often(6, handler.dispute.selector);
        _often(2, handler.disputeSilence.selector);
        _often(4, handler.rereport.selector);
        _often(4, handler.convene.selector);
        _often(6, handler.verdict.selector);
        _often(3, handler.appeal.selector);
        _often(5, handler.conclude.selector);
        _often(2, handler.punish.selector);
        _often(2, handler.settle.selector);
        _often(1, handler.pauseAndHold.selector);
        _often(1, handler.noJurors.selector);
        _often(1, handler.sweep.selector);
        _often(2, handler.wait_.selector);
        _target(address(handler), _selectors);
    }

    /// D1: collateral held = credits + rewards not settled + deposits of disputes that the ladder has not taken.
    function invariant_D1_OracleIsSolvent() external view {
        uint256 owed;
        address[] memory accounts = handler.accounts();
        for (uint256 i; i < accounts.length; ++i) {
            owed += oracle.creditOf(accounts[i]);
        }
        Question[] memory questions = handler.questions();
        for (uint256 i; i < questions.length; ++i) {
            if (handler.settled(oracle.idOf(questions[i])) == 0) owed += questions[i].reward;
        }
        Dispute[] memory disputes = handler.disputes();
        for (uint256 i; i < disputes.length; ++i) {
            if (ladder.caseOf(disputes[i].hash()).stage == LadderStep.None) owed += disputes[i].deposit;
        }
        vm.assertEq(dollar.balanceOf(address(oracle)), owed);
    }

    /// D2: the ladder owes the deposits of open cases less what their juries have, and holds as much. So a deposit whose
    ///     case is over has been paid out, and paid out once.
    function invariant_D2_DepositsEndOnce() external view {
        uint256 owed;
        Dispute[] memory disputes = handler.disputes();
        for (uint256 i; i < disputes.length; ++i) {
            bytes32 id = disputes[i].hash();
            Case memory c = ladder.caseOf(id);
            if (c.stage == LadderStep.None || c.stage == LadderStep.Done || c.stage == LadderStep.Corrected) continue;
            Stake[] memory stakes = ladder.stakesOf(id);
            for (uint256 j; j < stakes.length; ++j) {
                owed += stakes[j].amount;
            }
            owed -= c.fees;
        }
        vm.assertEq(uint256(ladder.owed()), owed);
        vm.assertGe(uint256(oracle.creditOf(address(ladder))), owed);
    }

    /// D3: a question ends once; its status, value and time never change after.
    function invariant_D3_EndsStand() external view {
        Question[] memory questions = handler.questions();
        for (uint256 i; i < questions.length; ++i) {
            bytes32 question = oracle.idOf(questions[i]);
            bytes32 ended = handler.ended(question);
            if (ended != 0) vm.assertEq(handler.endOf(question), ended);
        }
    }

    /// D4: a reward is settled once, and never while anything may still change.
    function invariant_D4_NothingIsSettledWhileOpen() external view {
        vm.assertTrue(!handler.settledWhileOpen());
        Question[] memory questions = handler.questions();
        for (uint256 i; i < questions.length; ++i) {
            vm.assertLe(handler.settled(oracle.idOf(questions[i])), 1);
        }
    }

    /// D5: a dispute is open at the oracle exactly while its case is not over, and is concluded once.
    function invariant_D5_DisputesAreDecidedOnce() external view {
        Dispute[] memory disputes = handler.disputes();
        for (uint256 i; i < disputes.length; ++i) {
            bytes32 id = disputes[i].hash();
            LadderStep stage = ladder.caseOf(id).stage;
            uint256 word = AnswerWord.unwrap(oracle.wordOf(disputes[i].question));
            uint256 mask = ~(uint256(0xff) << 136);
            bool open = word & mask == uint256(id) & mask;
            vm.assertTrue(open == (stage != LadderStep.Done && stage != LadderStep.Corrected));
            vm.assertLe(handler.conclusions(id), 1);
        }
    }

    /// D6: an answer that consumers may act on lies within the question's bounds.
    function invariant_D6_FinalAnswersAreInBounds() external view {
        Question[] memory questions = handler.questions();
        for (uint256 i; i < questions.length; ++i) {
            (Status status, int96 value,,) = oracle.get(oracle.idOf(questions[i]));
            if (status == Status.Final) vm.assertTrue(value >= questions[i].min && value <= questions[i].max);
            if (status == Status.Disputed) vm.assertEq(int256(value), 0);
        }
    }

    function _fresh() internal override returns (Reach) {
        LadderHandler one = new LadderHandler();
        one.start();
        return one;
    }

    /// The handler does get to all that the invariants are about.
    function test_TheHandlerReachesAllOfIt() external {
        _play(6, 400);
        string[8] memory ways = [
            "report",
            "dispute",
            "dispute again",
            "dispute of silence",
            "re-report of all",
            "re-report of others",
            "convene",
            "verdict"
        ];
        for (uint256 i; i < ways.length; ++i) {
            _count(ways[i]);
        }
        string[7] memory ends = ["appeal", "conclude", "punish", "settle", "hold", "sweep", "end"];
        for (uint256 i; i < ends.length; ++i) {
            _count(ends[i]);
        }
        _mustHaveReachedAll();
    }
}
