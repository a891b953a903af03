// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, INVALID, TOO_EARLY} from "../../../src/oracle/AnswerWord.sol";
import {ICourt, Jury} from "../../../src/oracle/court/ICourt.sol";
import {Dispute, RootAnswer} from "../../../src/oracle/Dispute.sol";
import {Aggregation, IOracle, Question, Status} from "../../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../../src/oracle/IStakeManager.sol";
import {ILadder, Stage as LadderStep} from "../../../src/oracle/ladder/ILadder.sol";
import {TestSlasher} from "../../doubles/Court.sol";
import {LadderStage} from "./LadderStage.sol";

contract LadderJuryTest is LadderStage {
    Question private terms;
    bytes32 private question;
    Dispute private d;

    function setUp() public override {
        super.setUp();
        terms = _categorical(3);
        question = _answered(terms, 1);
        d = _dispute(alice, question, 2);
    }

    /* convene */

    function test_NobodyReportsAnewSoAJurySits() external {
        _convene(terms, d);
        Jury memory jury = court.jury();
        vm.assertTrue(jury.size == 9 && jury.arbitrable == address(ladder) && jury.fee == DEPOSIT / 4);
        // The seven who signed may not judge themselves; the other three, and strangers, may.
        vm.assertEq(jury.excluded, SEVEN);
        vm.assertEq(uint256(ladder.owed()), DEPOSIT - DEPOSIT / 4);
        vm.assertEq(uint256(oracle.creditOf(address(ladder))), ladder.owed());
    }

    function test_PartiesAreExcluded() external {
        address[] memory keys = new address[](5);
        (keys[0], keys[1], keys[2], keys[3], keys[4]) = (_signer(8), asker, alice, bob, _signer(9));
        jurors.setJurors(keys);
        // Provider 9 is a party too, under his owner's name.
        _credit(_ownerKey(9), 10_000e6);
        _convene(terms, d);
        vm.assertEq(court.jury().excluded, 6);
        _verdict(terms, d, 1);
        vm.prank(_ownerKey(9));
        ladder.appeal(terms, d, 2);
        vm.assertEq(court.jury().excluded, 6 | 16);
        vm.assertEq(uint256(court.jury().size), 31);
    }

    /// The records of an epoch say who stands together; who holds the stakes says who may be drawn of them.
    function test_OfAClusterOnlyTheHeaviestMayBeDrawn() external {
        _seal(address(0), address(this));
        IStakeManager.Standing memory standing;
        (standing.epoch, standing.factorBps, standing.cluster) = (1, 10_000, 5);
        stakes.setStanding(0, _ownerKey(7), standing);
        stakes.setStanding(0, _ownerKey(8), standing);
        stakes.setStanding(0, _ownerKey(9), standing);
        // A party is out already, and keeps no place for its cluster.
        stakes.setStanding(0, _ownerKey(0), standing);
        uint96[] memory weights = new uint96[](20);
        for (uint256 i; i < 20; ++i) {
            weights[i] = i == 8 ? 3 : i == 9 ? 2 : 1;
        }
        jurors.setWeights(weights);
        _convene(terms, d);
        vm.assertEq(court.jury().excluded, SEVEN | 1 << 7 | 1 << 9);
    }

    function test_AClusterOfAnotherDomainKeepsNobodyOut() external {
        _seal(address(0), address(this));
        IStakeManager.Standing memory standing;
        (standing.epoch, standing.factorBps, standing.cluster) = (1, 10_000, 5);
        stakes.setStanding(1, _ownerKey(7), standing);
        stakes.setStanding(1, _ownerKey(8), standing);
        _convene(terms, d);
        vm.assertEq(court.jury().excluded, SEVEN);
    }

    function test_RevertWhen_ConvenedTooSoon() external {
        vm.warp(block.timestamp + REREPORT - 1);
        vm.expectRevert(
            abi.encodeWithSelector(ILadder.Ladder_TooSoon.selector, d.hash(), block.timestamp, block.timestamp + 1)
        );
        ladder.convene(terms, d);
    }

    function test_NoJuryMeansInvalid() external {
        court.setEmpty(true);
        _convene(terms, d);
        vm.assertTrue(_status(question) == Status.Invalid);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT / 4);
        vm.assertEq(slasher.faultOf(d.hash()).times, 0);
        vm.assertEq(uint256(ladder.owed()), 0);
    }

    function test_RevertWhen_TheCourtFailsForAnotherReason() external {
        vm.mockCallRevert(address(court), abi.encodeWithSelector(ICourt.open.selector), "");
        vm.warp(block.timestamp + REREPORT);
        vm.expectRevert();
        ladder.convene(terms, d);
        vm.assertTrue(_status(question) == Status.Disputed);
    }

    function test_AnEmptyDisputeIsDismissed() external {
        // INVALID is the answer, and the claim, out of bounds, says the same. It must neither end the question nor
        // keep others from objecting.
        terms.nonce = 1;
        terms.opensAt = uint40(block.timestamp);
        question = _answered(terms, INVALID);
        d = _dispute(alice, question, 77);
        _convene(terms, d);
        vm.assertTrue(_status(question) == Status.Answered);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - 2 * DEPOSIT);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(6))), uint256(125e6) / 7);
        d = _dispute(bob, question, 2);
        vm.assertEq(uint256(d.deposit), 2 * DEPOSIT);
        ladder.convene(terms, d);
        _verdict(terms, d, 2);
        _conclude(terms, d);
        vm.assertEq(int256(_word(question).value()), 2);
    }

    function test_ARootGoesToAJuryAtOnce() external {
        Question memory many = _numeric();
        (many.aggregation, many.tolerance, many.opensAt) = (Aggregation.Root, 0, uint40(block.timestamp));
        bytes32 id = _ask(many);
        bytes32 root = keccak256("root");
        oracle.reportRoot(many, _epoch(), root, SEVEN, _signedRoot(id, root, SEVEN, 0));
        AnswerWord facts = AnswerWord.wrap(
            uint256(3) << 136 | uint256(7_000) << 144 | uint256(SEVEN) << 160 | uint256(2) << 192 | uint256(250) << 233
        );
        bytes32 claim = keccak256("claim");
        vm.prank(bob);
        oracle.disputeRoot(id, RootAnswer(root, facts), 0, claim, 0);
        Dispute memory over = Dispute(id, facts, root, bob, 0, claim, DEPOSIT, uint40(block.timestamp));
        bytes memory signatures = _signedFor(over, 1, SEVEN);
        uint32 epoch = _epoch();
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_JuryOnly.selector, over.hash()));
        ladder.rereportAgreed(many, over, epoch, 1, SEVEN, signatures);
        ladder.convene(many, over);
        vm.assertEq(court.jury().subject, keccak256(abi.encode(over.hash(), int96(0), claim)));
        _verdict(many, over, 2);
        _conclude(many, over);
        vm.assertTrue(_status(id) == Status.Final);
        TestSlasher.Fault memory fault = slasher.faultOf(over.hash());
        vm.assertTrue(fault.seats == SEVEN && fault.epoch == 2 && fault.challenger == bob);
    }

    /* verdicts */

    function test_TheAnswerStands() external {
        _convene(terms, d);
        _verdict(terms, d, 1);
        vm.assertTrue(_status(question) == Status.Disputed);
        _conclude(terms, d);
        (Status status, int96 value,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 1);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(0))), uint256(125e6) / 7);
        vm.assertEq(uint256(oracle.creditOf(address(court))), DEPOSIT / 4);
        vm.assertEq(uint256(oracle.creditOf(insurance)), DEPOSIT - DEPOSIT / 4 - 7 * (uint256(125e6) / 7));
    }

    function test_TheClaimWins() external {
        _convene(terms, d);
        _verdict(terms, d, 2);
        _conclude(terms, d);
        (Status status, int96 value,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 2);
        // Nobody lost a deposit, so the jury's pay is missing from his.
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT / 4);
        TestSlasher.Fault memory fault = slasher.faultOf(d.hash());
        vm.assertTrue(fault.times == 1 && fault.seats == SEVEN && fault.challenger == alice && !fault.early);
    }

    function test_NeitherIsInvalid() external {
        _convene(terms, d);
        _verdict(terms, d, 3);
        _conclude(terms, d);
        vm.assertTrue(_status(question) == Status.Invalid);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT);
        vm.assertEq(uint256(oracle.creditOf(insurance)), DEPOSIT - DEPOSIT / 4);
        vm.assertTrue(slasher.faultOf(d.hash()).times == 1 && slasher.faultOf(d.hash()).challenger == address(0));
    }

    function test_TooEarlyIsRuled() external {
        terms.nonce = 1;
        terms.opensAt = uint40(block.timestamp);
        question = _answered(terms, 1);
        d = _dispute(alice, question, TOO_EARLY);
        _convene(terms, d);
        _verdict(terms, d, 2);
        _conclude(terms, d);
        vm.assertTrue(_status(question) == Status.Open);
        vm.assertTrue(slasher.faultOf(d.hash()).early);
        vm.warp(_word(question).notBefore());
        _agree(terms, 0, SEVEN);
        vm.warp(block.timestamp + WINDOW);
        vm.assertTrue(_status(question) == Status.Final);
    }

    function test_TheLosersShareIsSplit() external {
        _convene(terms, d);
        _verdict(terms, d, 1);
        vm.prank(bob);
        ladder.appeal(terms, d, 2); // 500 for the claim
        _verdict(terms, d, 2);
        _credit(treasury, 10_000e6);
        vm.prank(treasury);
        ladder.appeal(terms, d, 1); // 1,000 for the answer
        vm.assertEq(uint256(court.jury().size), 101);
        _verdict(terms, d, 2);
        ladder.conclude(terms, d); // nothing comes after 101
        // 1,000 lost: 500 to alice and bob by what they put down, juries had a quarter of all 1,750, insurance the rest.
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 + uint256(500e6) / 3);
        vm.assertEq(uint256(oracle.creditOf(bob)), 100_000e6 + uint256(1_000e6) / 3);
        vm.assertEq(uint256(oracle.creditOf(treasury)), 9_000e6);
        vm.assertEq(uint256(oracle.creditOf(address(court))), 1_750e6 / 4);
        vm.assertEq(uint256(oracle.creditOf(insurance)), 500e6 - 1_750e6 / 4 + 1);
        vm.assertEq(uint256(oracle.creditOf(address(ladder))), 0);
    }

    function test_UndecidedHandsOnAndEndsInvalid() external {
        _convene(terms, d);
        _verdict(terms, d, 0);
        vm.assertEq(uint256(court.jury().size), 31);
        court.decide(0);
        court.close(court.jury()); // whoever closed it before, the fee came back once
        ladder.takeVerdict(terms, d, court.jury());
        vm.assertEq(uint256(court.jury().size), 101);
        _verdict(terms, d, 0);
        vm.assertTrue(_status(question) == Status.Invalid);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6);
        vm.assertEq(slasher.faultOf(d.hash()).times, 0);
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_WrongStage.selector, d.hash(), LadderStep.Done));
        ladder.conclude(terms, d);
    }

    function test_NoLargerJuryMeansInvalid() external {
        _convene(terms, d);
        court.setEmpty(true);
        _verdict(terms, d, 0);
        vm.assertTrue(_status(question) == Status.Invalid);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT / 4);
    }

    function test_WhatAJuryGivesBackIsSwept() external {
        _convene(terms, d);
        _verdict(terms, d, 1);
        court.close(court.jury());
        vm.assertEq(uint256(ladder.sweep()), DEPOSIT / 8);
        vm.assertEq(uint256(oracle.creditOf(insurance)), DEPOSIT / 8);
        vm.assertEq(uint256(ladder.sweep()), 0);
        vm.assertEq(uint256(oracle.creditOf(address(ladder))), ladder.owed());
        _conclude(terms, d);
        vm.assertEq(uint256(oracle.creditOf(address(ladder))), 0);
    }

    /* refusals */

    function test_RevertWhen_TheJuryIsAnotherOrSits() external {
        _convene(terms, d);
        Jury memory jury = court.jury();
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_NotEnded.selector, d.hash(), court.idOf(jury)));
        ladder.takeVerdict(terms, d, jury);
        court.decide(1);
        jury.excluded = 0;
        bytes32 id = court.idOf(jury);
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_UnknownJury.selector, d.hash(), id));
        ladder.takeVerdict(terms, d, jury);
    }

    function test_RevertWhen_AnAppealIsStale() external {
        _convene(terms, d);
        _appealFails(2, LadderStep.Sitting);
        _verdict(terms, d, 1);
        uint40 until = uint40(block.timestamp) + APPEAL;
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_TooLate.selector, d.hash(), until, until));
        vm.prank(bob);
        ladder.appeal(terms, d, 2);
        ladder.conclude(terms, d);
        _appealFails(2, LadderStep.Done);
    }

    function test_RevertWhen_TheChoiceStandsAlreadyOrIsNone() external {
        _convene(terms, d);
        _verdict(terms, d, 1);
        for (uint8 choice; choice < 5; ++choice) {
            if (choice == 2 || choice == 3) continue;
            vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_BadChoice.selector, d.hash(), choice));
            vm.prank(bob);
            ladder.appeal(terms, d, choice);
        }
        vm.prank(bob);
        ladder.appeal(terms, d, 3);
        _verdict(terms, d, 3);
        _conclude(terms, d);
        vm.assertTrue(_status(question) == Status.Invalid);
    }

    function test_RevertWhen_NoJuryCouldHearTheAppeal() external {
        // Otherwise an appeal would turn every verdict into INVALID where jurors are few.
        _convene(terms, d);
        _verdict(terms, d, 1);
        court.setEmpty(true);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_TooFewJurors.selector, 0, 31));
        vm.prank(bob);
        ladder.appeal(terms, d, 2);
        _conclude(terms, d);
        vm.assertTrue(_status(question) == Status.Final);
    }

    function test_RevertWhen_TheAppealIsNotPaid() external {
        _convene(terms, d);
        _verdict(terms, d, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IOracle.Oracle_InsufficientCredit.selector, stranger, uint96(0), 2 * DEPOSIT)
        );
        vm.prank(stranger);
        ladder.appeal(terms, d, 2);
    }

    function test_RevertWhen_AppealedAfterTheLargestJury() external {
        _convene(terms, d);
        _verdict(terms, d, 1);
        vm.prank(bob);
        ladder.appeal(terms, d, 2);
        _verdict(terms, d, 1);
        vm.prank(bob);
        ladder.appeal(terms, d, 2);
        _verdict(terms, d, 1);
        vm.expectPartialRevert(ILadder.Ladder_TooLate.selector);
        vm.prank(bob);
        ladder.appeal(terms, d, 2);
        ladder.conclude(terms, d);
    }

    function test_RevertWhen_ConcludedTwiceOrTooSoon() external {
        _convene(terms, d);
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_WrongStage.selector, d.hash(), LadderStep.Sitting));
        ladder.conclude(terms, d);
        _verdict(terms, d, 1);
        vm.expectPartialRevert(ILadder.Ladder_TooSoon.selector);
        ladder.conclude(terms, d);
        _conclude(terms, d);
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_WrongStage.selector, d.hash(), LadderStep.Done));
        ladder.conclude(terms, d);
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_WrongStage.selector, d.hash(), LadderStep.Done));
        ladder.convene(terms, d);
        Jury memory jury = court.jury();
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_WrongStage.selector, d.hash(), LadderStep.Done));
        ladder.takeVerdict(terms, d, jury);
    }

    function test_RevertWhen_TermsOrDisputeAreOthers() external {
        vm.warp(block.timestamp + REREPORT);
        Question memory other = terms;
        other.nonce = 9;
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_NotTheTerms.selector, d.hash()));
        ladder.convene(other, d);
        Dispute memory forged = d;
        forged.disputer = bob;
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotTheDispute.selector, question, forged.hash()));
        ladder.convene(terms, forged);
    }

    function test_TimeToAppealStopsWhilePaused() external {
        _convene(terms, d);
        _verdict(terms, d, 1);
        pauses.pause(3 days);
        vm.warp(block.timestamp + 3 days + APPEAL - 1);
        vm.expectPartialRevert(ILadder.Ladder_TooSoon.selector);
        ladder.conclude(terms, d);
        vm.prank(bob);
        ladder.appeal(terms, d, 2);
    }

    function _appealFails(uint8 choice, LadderStep step) private {
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_WrongStage.selector, d.hash(), step));
        vm.prank(bob);
        ladder.appeal(terms, d, choice);
    }
}
