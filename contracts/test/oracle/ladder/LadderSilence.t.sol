// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, AnswerWords, INVALID, TOO_EARLY} from "../../../src/oracle/AnswerWord.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {Aggregation, IOracle, Question, Status} from "../../../src/oracle/IOracle.sol";
import {Stage as LadderStep} from "../../../src/oracle/ladder/ILadder.sol";
import {LadderStage} from "./LadderStage.sol";

/// @dev Questions that nobody answers, and what becomes of them when somebody says that there is an answer.
contract LadderSilenceTest is LadderStage {
    uint96 private constant REWARD = 90e6;

    Question private terms;
    bytes32 private question;

    function setUp() public override {
        super.setUp();
        terms = _categorical(3);
        (terms.reward, terms.endsEarly) = (REWARD, true);
        question = _ask(terms);
    }

    /* objecting */

    function test_ItDisputesTheInvalidThatTheDeadlineWouldMake() external {
        vm.warp(terms.deadline);
        AnswerWord word = AnswerWords.answeredWord(INVALID, terms.deadline, 0, 0, 0, 0).withDisputes(0, 250);
        vm.expectEmit(address(oracle));
        emit IOracle.Disputed(question, alice, word, 2, DEPOSIT, 0);
        Dispute memory d = _silence(alice, 2);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT);
        vm.assertEq(
            AnswerWord.unwrap(_word(question)), AnswerWord.unwrap(AnswerWords.disputedWord(keccak256(abi.encode(d))))
        );
        vm.warp(terms.deadline + 365 days);
        vm.assertTrue(_status(question) == Status.Disputed);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotSettleable.selector, question, Status.Disputed));
        oracle.settleReward(terms);
    }

    function test_ItBeginsWithTheLastHour() external {
        vm.warp(terms.deadline - 1 hours - 1);
        _refused(Status.Open);
        vm.warp(terms.deadline - 1 hours);
        _silence(alice, 2);
    }

    function test_ItBeginsWithTheLastQuarterOfAShortTime() external {
        (terms.nonce, terms.deadline) = (1, terms.opensAt + 101);
        question = _ask(terms);
        vm.warp(terms.opensAt + 74);
        _refused(Status.Open);
        // A quarter of 101 seconds, rounded up.
        vm.warp(terms.opensAt + 75);
        _silence(alice, 2);
    }

    function test_ItBeginsNoEarlierThanAReportMay() external {
        vm.warp(terms.deadline - 10 minutes);
        _agree(terms, TOO_EARLY, SEVEN);
        vm.warp(terms.deadline - 1);
        _refused(Status.Open);
        vm.warp(terms.deadline);
        Dispute memory d = _silence(alice, 2);
        vm.assertEq(uint256(d.answer.round()), 1);
    }

    function test_RevertWhen_TheDeadlinePassed() external {
        vm.warp(terms.deadline + 1);
        _refused(Status.Invalid);
    }

    function test_RevertWhen_ItIsAnsweredOrDisputed() external {
        vm.warp(terms.deadline - 10 minutes);
        _agree(terms, 1, SEVEN);
        _refused(Status.Answered);
        terms.nonce = 1;
        question = _ask(terms);
        _silence(alice, 2);
        _refused(Status.Disputed);
        terms.nonce = 2;
        question = oracle.idOf(terms);
        _refused(Status.Unknown);
    }

    function test_RevertWhen_TheClaimIsNoValue() external {
        vm.warp(terms.deadline);
        int96[4] memory claims = [INVALID, TOO_EARLY, int96(3), int96(-1)];
        for (uint256 i; i < 4; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_OutOfBounds.selector, question, claims[i]));
            vm.prank(alice);
            oracle.disputeSilence(terms, claims[i], 0);
        }
        (terms.aggregation, terms.deadline) = (Aggregation.Root, terms.deadline + 1);
        question = _ask(terms);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadClaim.selector, question, 1));
        vm.prank(alice);
        oracle.disputeSilence(terms, 1, 0);
    }

    function test_RevertWhen_TheCreditIsTooSmall() external {
        vm.warp(terms.deadline);
        vm.expectRevert(
            abi.encodeWithSelector(IOracle.Oracle_InsufficientCredit.selector, treasury, uint96(0), DEPOSIT)
        );
        vm.prank(treasury);
        oracle.disputeSilence(terms, 1, 0);
    }

    function test_TheDepositFollowsTheSameRule() external {
        (terms.nonce, terms.secures) = (1, 1_000_000e6);
        question = _ask(terms);
        vm.warp(terms.deadline);
        Dispute memory d = _silence(alice, 2);
        vm.assertEq(uint256(d.deposit), 5_000e6);
        // Half a percent, whole: what a report would have said.
        vm.assertEq(uint256(d.answer.deposit()), 5_000);
    }

    /* answering after all */

    function test_AQuorumAnswersByReportingAnew() external {
        vm.warp(terms.deadline - 10 minutes);
        bytes memory late = _cosigned(question, 1, SEVEN);
        uint32 epoch = _epoch();
        Dispute memory d = _silence(bob, 2);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotOpen.selector, question, Status.Disputed));
        oracle.reportAgreed(terms, epoch, 1, SEVEN, late);
        // Nothing is lost: they sign once more, even after the deadline, and are paid.
        vm.warp(terms.deadline + 5 minutes);
        _rereport(terms, d, 1, SEVEN);
        vm.assertTrue(_status(question) == Status.Answered && _word(question).value() == 1);
        vm.assertEq(uint256(oracle.creditOf(bob)), 100_000e6);
        vm.warp(block.timestamp + WINDOW);
        ladder.punish(terms, d);
        vm.assertEq(slasher.faultOf(d.hash()).seats, 0);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(6))), uint256(REWARD) * SHARE_BPS / 10_000 / 7);
    }

    function test_AQuorumMayConfirmTheSilence() external {
        vm.warp(terms.deadline);
        Dispute memory d = _silence(alice, 2);
        _rereport(terms, d, INVALID, SEVEN);
        vm.assertTrue(_step(d) == LadderStep.Confirmed);
        _conclude(terms, d);
        _isRefunded();
        // No signer is there to have half of it.
        vm.assertEq(uint256(oracle.creditOf(insurance)), DEPOSIT);
        vm.assertEq(uint256(ladder.owed()), 0);
    }

    function test_TooEarlyReopensNothingAfterTheDeadline() external {
        vm.warp(terms.deadline);
        Dispute memory d = _silence(alice, 2);
        vm.warp(terms.deadline + 1);
        _rereport(terms, d, TOO_EARLY, SEVEN);
        _isRefunded();
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6);
        vm.assertEq(slasher.faultOf(d.hash()).seats, 0);
    }

    /* juries */

    function test_AJuryGivesTheValue() external {
        vm.warp(terms.deadline);
        Dispute memory d = _silence(alice, 2);
        _convene(terms, d);
        // Nobody signed, so no provider is a party.
        vm.assertEq(court.jury().excluded, 0);
        _verdict(terms, d, 2);
        _conclude(terms, d);
        (Status status, int96 value,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 2);
        vm.assertEq(slasher.faultOf(d.hash()).seats, 0);
        // She is short of the jury's pay. The reward was for those who report: it goes back.
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT / 4);
        vm.assertEq(uint256(oracle.creditOf(address(court))), DEPOSIT / 4);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(asker)), REWARD);
        vm.assertEq(uint256(ladder.owed()), 0);
    }

    function test_TheSilenceStands() external {
        vm.warp(terms.deadline);
        Dispute memory d = _silence(alice, 2);
        _convene(terms, d);
        _verdict(terms, d, 1);
        _conclude(terms, d);
        _isRefunded();
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT);
        vm.assertEq(uint256(oracle.creditOf(insurance)), DEPOSIT - DEPOSIT / 4);
    }

    function test_AnAppealMayEndInNeither() external {
        vm.warp(terms.deadline);
        Dispute memory d = _silence(alice, 2);
        _convene(terms, d);
        _verdict(terms, d, 2);
        vm.prank(bob);
        ladder.appeal(terms, d, 1);
        _verdict(terms, d, 3);
        _conclude(terms, d);
        _isRefunded();
        // Neither was right: half of both deposits is nobody's, and juries are paid.
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT);
        vm.assertEq(uint256(oracle.creditOf(bob)), 100_000e6 - 2 * DEPOSIT);
    }

    function test_UndecidedJuriesEndItInvalid() external {
        vm.warp(terms.deadline);
        Dispute memory d = _silence(alice, 2);
        _convene(terms, d);
        for (uint256 i; i < 3; ++i) {
            _verdict(terms, d, 0);
        }
        _isRefunded();
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6);
    }

    function test_WithoutJurorsItIsOverAtOnce() external {
        vm.warp(terms.deadline);
        Dispute memory d = _silence(alice, 2);
        court.setEmpty(true);
        _convene(terms, d);
        _isRefunded();
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT / 4);
    }

    /* delay */

    function test_AReopenedQuestionThatStaysSilentCostsTwice() external {
        vm.warp(terms.deadline - 12 hours);
        _agree(terms, 1, SEVEN);
        Dispute memory d = _dispute(alice, question, TOO_EARLY);
        _rereport(terms, d, TOO_EARLY, SEVEN);
        vm.assertTrue(_status(question) == Status.Open);
        vm.warp(terms.deadline);
        d = _silence(bob, 2);
        vm.assertEq(uint256(d.deposit), 2 * DEPOSIT);
        // It was disputed before: juries alone decide, at once.
        ladder.convene(terms, d);
        vm.assertTrue(_step(d) == LadderStep.Sitting);
    }

    function test_APauseLeavesTheTimeToReportAnew() external {
        vm.warp(terms.deadline - 10 minutes);
        pauses.pause(2 hours);
        Dispute memory d = _silence(alice, 2);
        vm.warp(block.timestamp + 2 hours + REREPORT - 1);
        _rereport(terms, d, 1, SEVEN);
        vm.assertTrue(_status(question) == Status.Answered);
    }

    function test_ThereIsNothingToHold() external {
        vm.warp(terms.deadline);
        Dispute memory d = _silence(alice, 2);
        AnswerWord word = _word(question);
        pauses.pause(2 hours);
        bytes32[] memory all = new bytes32[](1);
        all[0] = question;
        oracle.hold(all);
        vm.assertEq(AnswerWord.unwrap(_word(question)), AnswerWord.unwrap(word));
        vm.assertTrue(_step(d) == LadderStep.None);
    }

    /* helpers */

    function _silence(address who, int96 claim) private returns (Dispute memory) {
        return _disputeSilence(who, terms, claim);
    }

    function _refused(Status status) private {
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotDisputable.selector, question, status));
        vm.prank(alice);
        oracle.disputeSilence(terms, 2, 0);
    }

    function _isRefunded() private {
        vm.assertTrue(_status(question) == Status.Invalid);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(asker)), REWARD);
    }
}
