// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {INVALID} from "../../../src/oracle/AnswerWord.sol";
import {Jury} from "../../../src/oracle/court/ICourt.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {Aggregation, IOracle, Question, Status} from "../../../src/oracle/IOracle.sol";
import {Stage as LadderStep} from "../../../src/oracle/ladder/ILadder.sol";
import {LadderStage} from "../ladder/LadderStage.sol";

/// @dev What somebody who wants the money tries at the ladder.
contract LadderAttacksTest is LadderStage {
    /// Whoever closes an undecided jury himself has its fee in the ladder's credit before the ladder knows.
    function test_AFeeThatCameBackIsNotSweptAway() external {
        Question memory terms = _categorical(3);
        bytes32 question = _answered(terms, 1);
        Dispute memory d = _dispute(alice, question, 2);
        _convene(terms, d);
        Jury memory jury = court.jury();
        court.decide(0);
        court.close(jury);
        ladder.sweep();
        ladder.takeVerdict(terms, d, jury);
        vm.assertGe(uint256(oracle.creditOf(address(ladder))), ladder.owed());
        _verdict(terms, d, 0);
        _verdict(terms, d, 0);
        vm.assertTrue(_status(question) == Status.Invalid);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6);
    }

    /// A number within tolerance is right: nobody is slashed because another number is nearer.
    function test_ANearerNumberIsNoObjection() external {
        Question memory terms = _numeric();
        bytes32 question = _answered(terms, 100);
        Dispute memory d = _dispute(alice, question, 101);
        _convene(terms, d);
        vm.assertTrue(_step(d) == LadderStep.Done);
        vm.assertTrue(_status(question) == Status.Answered);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT);
    }

    /// Nor by way of a confirmation and an appeal against it.
    function test_ANearerNumberIsNoneWhenConfirmedEither() external {
        Question memory terms = _numeric();
        bytes32 question = _answered(terms, 100);
        Dispute memory d = _dispute(alice, question, 101);
        _rereport(terms, d, 100, OTHERS);
        vm.assertTrue(_step(d) == LadderStep.Done);
        vm.assertTrue(_status(question) == Status.Answered);
    }

    /// Sham objections, one after the other within a block, must not wear out the right to object.
    function test_ShamObjectionsDoNotMakeAnAnswerFinal() external {
        Question memory terms = _categorical(3);
        bytes32 question = _answered(terms, INVALID);
        Dispute memory d = _dispute(alice, question, 99);
        _convene(terms, d);
        for (uint256 i = 1; i < 8; ++i) {
            d = _dispute(alice, question, 99);
            ladder.convene(terms, d);
            vm.assertTrue(_status(question) == Status.Answered);
        }
        // Still somebody may object in earnest.
        d = _dispute(bob, question, 1);
        ladder.convene(terms, d);
        _verdict(terms, d, 2);
        _conclude(terms, d);
        (Status status, int96 value,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 1);
    }

    /// A value as claim against a question for a root could never be ruled, and the dispute never ended.
    function test_RevertWhen_AValueIsReportedAnewForARoot() external {
        Question memory terms = _categorical(3);
        terms.aggregation = Aggregation.Root;
        bytes32 question = _answered(terms, INVALID);
        Dispute memory d = _dispute(alice, question, 1);
        bytes memory signatures = _signedFor(d, 1, OTHERS);
        uint32 epoch = _epoch();
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "aggregation"));
        ladder.rereportAgreed(terms, d, epoch, 1, OTHERS, signatures);
    }
}
