// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestDollar} from "../../../src/lib/TestDollar.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {IOracle, Question, Status} from "../../../src/oracle/IOracle.sol";
import {Case, ILadder, Stage as LadderStep, Stake} from "../../../src/oracle/ladder/ILadder.sol";
import {Reach, ReachTest} from "../../Reach.sol";
import {WholeHandler} from "./WholeHandler.sol";

/// forge-config: default.invariant.runs = 6
/// forge-config: ci.invariant.runs = 20
/// forge-config: long.invariant.runs = 400
contract WholeInvariantsTest is ReachTest {
    WholeHandler private handler;
    TestDollar private dollar;
    IOracle private oracle;
    ILadder private ladder;
    address private stakes;

    function setUp() external {
        handler = new WholeHandler();
        handler.start();
        (address dollar_, address oracle_, address stakes_, address ladder_) = handler.contracts();
        (dollar, oracle, stakes, ladder) = (TestDollar(dollar_), IOracle(oracle_), stakes_, ILadder(ladder_));
        _often(3, handler.ask.selector);
        _often(6, handler.report.selector);
        _often(2, handler.reportAmiss.selector);
        _often(2, handler.reportBanned.selector);
        _often(4, handler.dispute.selector);
        _often(1, handler.disputeSilence.selector);
        _often(10, handler.proceed.selector);
        _often(4, handler.appeal.selector);
        _often(2, handler.settle.selector);
        _often(2, handler.outside.selector);
        _often(2, handler.equivocate.selector);
        _often(2, handler.join.selector);
        _often(2, handler.comeBack.selector);
        _often(2, handler.stand.selector);
        _often(1, handler.pauseAndHold.selector);
        _often(2, handler.hold.selector);
        _often(3, handler.showPosition.selector);
        _often(1, handler.accuse.selector);
        _often(4, handler.hearCase.selector);
        _often(1, handler.leave.selector);
        _often(1, handler.withdraw.selector);
        _often(2, handler.turn.selector);
        // What is rarest: a jury must have come to a verdict, and nobody have ended the case.
        _often(2, handler.appeal.selector);
        _often(2, handler.proceed.selector);
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

    /// Section 6.6: no cluster above a seventh where eight parties are, no provider above a quarter.
    function invariant_W5_NobodyWeighsMoreThanHisPart() external view {
        vm.assertEq(handler.faultOf("W5"), "");
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

    /// A5, number 8: whoever is banned never joins, reports or votes again, and neither sits nor is paid.
    function invariant_W8_ABanIsForEver() external view {
        vm.assertEq(handler.faultOf("W8"), "");
        vm.assertEq(handler.whoIsBannedIsOut(), "");
    }

    /// A5, number 5, and section 6.3: no report after the deadline nor twice of one signer, and what an answer secures is no
    /// more than a third of what signed it.
    function invariant_W9_WhatIsAcceptedWasSignedInTimeAndIsSecured() external view {
        vm.assertEq(handler.faultOf("W9"), "");
    }

    /// Section 6.7.
    function invariant_W10_NoMoreThan30PercentWithoutAJury() external view {
        vm.assertEq(handler.faultOf("W10"), "");
    }

    /// Who holds a position in what he judges loses half, once, and nobody else; who is recused pays nothing.
    function invariant_W11_PositionsCostHalfOnce() external view {
        vm.assertEq(handler.faultOf("W11"), "");
    }

    /// An accusation takes what a jury says, of the accused alone, and every bond is held until its case is closed.
    function invariant_W12_AccusationsTakeWhatJuriesSay() external view {
        vm.assertEq(handler.faultOf("W12"), "");
        vm.assertGe(uint256(oracle.creditOf(handler.slasherAddress())), handler.bonds());
    }

    /// What is said of a provider was in a final root, and is the newest.
    function invariant_W13_RecordsWereInFinalRoots() external view {
        vm.assertEq(handler.faultOf("W13"), "");
    }

    function _fresh() internal override returns (Reach) {
        WholeHandler one = new WholeHandler();
        one.start();
        return one;
    }

    /// The handler does get to all that the invariants are about.
    function test_TheHandlerReachesAllOfIt() external {
        _play(5, 230);
        string[14] memory answers = [
            "report",
            "report: no quorum",
            "report: outside tolerance",
            "report: secured",
            "report: deposit above the least",
            "report: secures too much",
            "report: doubled window",
            "report twice",
            "late report",
            "banned: report",
            "outside",
            "settle",
            "record",
            "cluster"
        ];
        for (uint256 i; i < answers.length; ++i) {
            _count(answers[i]);
        }
        string[9] memory cases = [
            "record: forged",
            "position taken",
            "position",
            "no position",
            "juror with a position",
            "recused",
            "accused",
            "guilty",
            "innocent"
        ];
        for (uint256 i; i < cases.length; ++i) {
            _count(cases[i]);
        }
        string[13] memory juries = [
            "dispute",
            "dispute of silence",
            "veto",
            "jury",
            "appeal",
            "conclude",
            "slash without a jury",
            "ban",
            "banned: join",
            "banned: vote",
            "join",
            "leave",
            "pause"
        ];
        for (uint256 i; i < juries.length; ++i) {
            _count(juries[i]);
        }
        _mustHaveReachedAll();
    }
}
