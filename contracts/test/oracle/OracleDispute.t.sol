// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, INVALID, TOO_EARLY} from "../../src/oracle/AnswerWord.sol";
import {Dispute, Ruling, Verdict} from "../../src/oracle/Dispute.sol";
import {IOracle, Question, Status} from "../../src/oracle/IOracle.sol";
import {Stage} from "../Stage.sol";

/// @dev Here the ladder is an account, so that each ruling can be tried by itself.
contract OracleDisputeTest is Stage {
    bytes32 private constant REASON = keccak256("the page says otherwise");

    address private immutable ladder = _account("ladder");
    address private immutable court = _account("court");
    Question private terms;
    bytes32 private question;

    function setUp() public override {
        super.setUp();
        wires.set("ladder", ladder);
        wires.set("court", court);
        terms = _categorical(3);
        terms.reward = 100;
        question = _ask(terms);
        vm.warp(terms.opensAt);
        _fund(stranger, address(oracle), 10_000e6);
        vm.startPrank(stranger);
        oracle.deposit(alice, 5_000e6);
        oracle.deposit(bob, 5_000e6);
        vm.stopPrank();
    }

    /* objecting */

    function test_DisputeHidesTheAnswer() external {
        _agree(terms, 1, 7);
        AnswerWord word = _word(question);
        vm.expectEmit(address(oracle));
        emit IOracle.Disputed(question, alice, word, 2, 250e6, REASON);
        Dispute memory d = _dispute(alice, 2);
        (Status status, int96 value, uint40 at, uint16 confidence) = oracle.get(question);
        vm.assertTrue(status == Status.Disputed);
        vm.assertTrue(value == 0 && at == 0 && confidence == 0);
        vm.assertEq(uint256(oracle.creditOf(alice)), 4_750e6);
        // The word is the hash of the dispute, whatever the clock says.
        uint256 mask = ~(uint256(0xff) << 136);
        vm.assertEq(AnswerWord.unwrap(_word(question)) & mask, uint256(keccak256(abi.encode(d))) & mask);
        vm.warp(block.timestamp + 365 days);
        vm.assertTrue(_status(question) == Status.Disputed);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotSettleable.selector, question, Status.Disputed));
        oracle.settleReward(terms);
    }

    function test_TheLastSecondCounts() external {
        _agree(terms, 1, 7);
        vm.warp(terms.opensAt + WINDOW - 1);
        _dispute(alice, 2);
        vm.assertTrue(_status(question) == Status.Disputed);
    }

    function test_RevertWhen_TheAnswerIsFinal() external {
        _agree(terms, 1, 7);
        vm.warp(terms.opensAt + WINDOW);
        _indisputable(Status.Final);
        _indisputable(Status.Final);
    }

    function test_RevertWhen_TheInvalidAnswerIsFinal() external {
        _agree(terms, INVALID, 7);
        vm.warp(terms.opensAt + WINDOW);
        _indisputable(Status.Invalid);
    }

    function test_RevertWhen_NothingIsAnswered() external {
        _indisputable(Status.Open);
        vm.warp(terms.deadline + 1);
        _indisputable(Status.Invalid);
    }

    function test_RevertWhen_DisputedAlready() external {
        _agree(terms, 1, 7);
        _dispute(alice, 2);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotDisputable.selector, question, Status.Disputed));
        vm.prank(bob);
        oracle.dispute(question, 0, 0);
    }

    function test_RevertWhen_TheClaimIsTheAnswer() external {
        _agree(terms, INVALID, 7);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadClaim.selector, question, INVALID));
        vm.prank(alice);
        oracle.dispute(question, INVALID, 0);
        // A value against INVALID is a claim like any other.
        _dispute(alice, 1);
    }

    function test_RevertWhen_TheCreditIsTooSmall() external {
        _agree(terms, 1, 7);
        vm.expectRevert(
            abi.encodeWithSelector(IOracle.Oracle_InsufficientCredit.selector, treasury, uint96(0), uint96(250e6))
        );
        vm.prank(treasury);
        oracle.dispute(question, 2, 0);
        vm.prank(alice);
        oracle.withdraw(alice, 4_750e6 + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IOracle.Oracle_InsufficientCredit.selector, alice, uint96(250e6 - 1), uint96(250e6))
        );
        vm.prank(alice);
        oracle.dispute(question, 2, 0);
    }

    /* ruling */

    function test_UpholdIsFinalAtOnce() external {
        _agree(terms, 1, 7);
        _ruleOne(_dispute(alice, 2), Verdict.Uphold, false, 0);
        (Status status, int96 value, uint40 at, uint16 confidence) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 1 && at == block.timestamp && confidence == 7_500);
        vm.assertTrue(_word(question).ruled());
        vm.assertEq(uint256(oracle.creditOf(ladder)), 250e6);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(0))), 30);
        _indisputable(Status.Final);
    }

    function test_RestoreOpensTheWindowOnceMore() external {
        _agree(terms, 1, 7);
        _ruleOne(_dispute(alice, 2), Verdict.Restore, false, 0);
        vm.assertTrue(_status(question) == Status.Answered);
        AnswerWord word = _word(question);
        vm.assertEq(uint256(word.finalizeAt()), block.timestamp + WINDOW);
        vm.assertEq(uint256(word.disputes()), 1);
        vm.assertEq(uint256(word.round()), 1);
        // The next one costs twice as much.
        vm.assertEq(uint256(_dispute(bob, 2).deposit), 500e6);
    }

    function test_ReplaceByAJuryIsFinalAndPaysNoSigner() external {
        _agree(terms, 1, 7);
        _ruleOne(_dispute(alice, 2), Verdict.Replace, false, 2);
        (Status status, int96 value,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 2);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(asker)), 100);
    }

    function test_ReplaceByAReportMayBeDisputed() external {
        _agree(terms, 1, 7);
        Dispute memory d = _dispute(alice, 2);
        Ruling memory r = Ruling(Verdict.Replace, true, 2, 0, 14, 1, 7_500);
        vm.prank(ladder);
        oracle.rule(terms, d, r);
        AnswerWord word = _word(question);
        vm.assertTrue(_status(question) == Status.Answered && word.value() == 2 && !word.ruled());
        vm.assertEq(uint256(word.finalizeAt()), block.timestamp + WINDOW);
        vm.assertEq(uint256(word.disputes()), 1);
        vm.assertEq(uint256(word.round()), 1);
        vm.warp(block.timestamp + WINDOW);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(3))), 30);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(0))), 0);
    }

    function test_RevertWhen_TheNewValueIsOutOfBounds() external {
        _agree(terms, 1, 7);
        Dispute memory d = _dispute(alice, 2);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_OutOfBounds.selector, question, 3));
        vm.prank(ladder);
        oracle.rule(terms, d, Ruling(Verdict.Replace, false, 3, 0, 0, 0, 0));
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadClaim.selector, question, 0));
        vm.prank(ladder);
        oracle.rule(terms, d, Ruling(Verdict.Replace, false, 0, bytes32(uint256(1)), 0, 0, 0));
    }

    function test_InvalidRefunds() external {
        _agree(terms, 1, 7);
        _ruleOne(_dispute(alice, 2), Verdict.Invalid, false, 0);
        vm.assertTrue(_status(question) == Status.Invalid);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(asker)), 100);
    }

    function test_ReopenGoesOnAsBefore() external {
        _agree(terms, 1, 7);
        bytes memory old = _cosigned2(1);
        Dispute memory d = _dispute(alice, TOO_EARLY);
        _ruleOne(d, Verdict.Reopen, false, 0);
        (Status status,, uint40 at,) = oracle.get(question);
        vm.assertTrue(status == Status.Open);
        vm.assertEq(uint256(at), block.timestamp + LIVENESS);
        AnswerWord word = _word(question);
        vm.assertEq(uint256(word.deadline()), terms.deadline);
        vm.assertEq(uint256(word.round()), 2);
        vm.assertEq(uint256(word.disputes()), 1);
        vm.warp(at);
        // Neither what was signed for the answer nor what was signed for a re-report of it holds now.
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 0));
        oracle.reportAgreed(terms, 1, 2, 7, old);
        _agree(terms, 2, 7);
        vm.assertEq(uint256(_dispute(bob, 1).deposit), 500e6);
        vm.assertTrue(_status(question) == Status.Disputed);
    }

    function test_ReopenAfterTheDeadlineIsInvalid() external {
        _agree(terms, 1, 7);
        Dispute memory d = _dispute(alice, TOO_EARLY);
        vm.warp(terms.deadline + 1);
        _ruleOne(d, Verdict.Reopen, false, 0);
        vm.assertTrue(_status(question) == Status.Invalid);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(asker)), 100);
    }

    function test_TheSeventhDisputeEndsIt() external {
        _fund(stranger, address(oracle), 40_000e6);
        vm.prank(stranger);
        oracle.deposit(alice, 40_000e6);
        _agree(terms, 1, 7);
        for (uint256 i; i < 6; ++i) {
            Dispute memory d = _dispute(alice, 2);
            vm.assertEq(uint256(d.deposit), 250e6 << i);
            _ruleOne(d, Verdict.Restore, false, 0);
            vm.assertTrue(_status(question) == Status.Answered);
        }
        uint256 id = vm.snapshotState();
        // But for one that was no objection: whoever has one must still find the door open.
        uint40 before = _word(question).finalizeAt();
        _ruleOne(_dispute(alice, 2), Verdict.Restore, false, 0);
        vm.assertTrue(_status(question) == Status.Answered);
        vm.assertEq(uint256(_word(question).disputes()), 6);
        vm.assertEq(uint256(_word(question).finalizeAt()), before + 1);
        vm.revertToState(id);
        _ruleOne(_dispute(alice, 2), Verdict.Reopen, false, 0);
        vm.assertTrue(_status(question) == Status.Invalid);
        vm.revertToState(id);
        _ruleOne(_dispute(alice, 2), Verdict.Replace, true, 2);
        vm.assertTrue(_status(question) == Status.Final);
    }

    function test_RoundsThatRunOutEndIt() external {
        terms.liveness = 60;
        terms.nonce = 1;
        question = _ask(terms);
        for (uint256 i; i < 254; ++i) {
            _agree(terms, TOO_EARLY, 7);
            vm.warp(block.timestamp + 60);
        }
        _agree(terms, 1, 7);
        _ruleOne(_dispute(alice, TOO_EARLY), Verdict.Reopen, false, 0);
        vm.assertTrue(_status(question) == Status.Invalid);
    }

    function test_RevertWhen_AnotherThanTheLadderRules() external {
        _agree(terms, 1, 7);
        Dispute memory d = _dispute(alice, 2);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotAllowed.selector, court));
        vm.prank(court);
        oracle.rule(terms, d, Ruling(Verdict.Uphold, false, 0, 0, 0, 0, 0));
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotAllowed.selector, alice));
        vm.prank(alice);
        oracle.takeDeposit(d);
    }

    function test_RevertWhen_ItIsNotTheDispute() external {
        _agree(terms, 1, 7);
        Dispute memory d = _dispute(alice, 2);
        Dispute memory other = _copy(d);
        other.deposit = 5_000e6;
        Ruling memory r = Ruling(Verdict.Uphold, false, 0, 0, 0, 0, 0);
        vm.startPrank(ladder);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotTheDispute.selector, question, other.hash()));
        oracle.rule(terms, other, r);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotTheDispute.selector, question, other.hash()));
        oracle.takeDeposit(other);
        Question memory others = terms;
        others.nonce = 9;
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotTheDispute.selector, question, d.hash()));
        oracle.rule(others, d, r);
        others.nonce = 0;
        oracle.rule(others, d, r);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotTheDispute.selector, question, d.hash()));
        oracle.rule(others, d, r);
        vm.stopPrank();
    }

    function test_TheDepositIsTakenOnce() external {
        _agree(terms, 1, 7);
        Dispute memory d = _dispute(alice, 2);
        vm.startPrank(ladder);
        oracle.takeDeposit(d);
        oracle.takeDeposit(d);
        vm.assertEq(uint256(oracle.creditOf(ladder)), 250e6);
        oracle.rule(terms, d, Ruling(Verdict.Uphold, false, 0, 0, 0, 0, 0));
        vm.assertEq(uint256(oracle.creditOf(ladder)), 250e6);
        vm.stopPrank();
    }

    /* pauses */

    function test_HoldMovesFinalityOncePerPause() external {
        _agree(terms, 1, 7);
        bytes32[] memory all = new bytes32[](2);
        (all[0], all[1]) = (question, keccak256("never asked"));
        uint40 at = _word(question).finalizeAt();
        oracle.hold(all); // no pause
        vm.assertEq(uint256(_word(question).finalizeAt()), at);
        pauses.pause(1 hours);
        vm.warp(block.timestamp + 10 minutes);
        oracle.hold(all);
        vm.assertEq(uint256(_word(question).finalizeAt()), at + 50 minutes);
        vm.warp(block.timestamp + 10 minutes);
        oracle.hold(all);
        vm.assertEq(uint256(_word(question).finalizeAt()), at + 50 minutes);
        vm.warp(block.timestamp + 40 minutes); // over
        oracle.hold(all);
        vm.assertEq(uint256(_word(question).finalizeAt()), at + 50 minutes);
        vm.assertTrue(_status(question) == Status.Answered);
        pauses.pause(1 hours);
        oracle.hold(all);
        vm.assertEq(uint256(_word(question).finalizeAt()), at + 110 minutes);
        vm.warp(at + 110 minutes);
        vm.assertTrue(_status(question) == Status.Final);
        pauses.pause(1 hours);
        oracle.hold(all); // what is final stays final
        vm.assertTrue(_status(question) == Status.Final);
    }

    function test_ADisputeIsPassedOver() external {
        _agree(terms, 1, 7);
        Dispute memory d = _dispute(alice, 2);
        pauses.pause(1 hours);
        bytes32[] memory all = new bytes32[](1);
        all[0] = question;
        oracle.hold(all);
        _ruleOne(d, Verdict.Uphold, false, 0);
        vm.assertTrue(_status(question) == Status.Final);
    }

    /* credit */

    function test_PayMovesCredit() external {
        vm.prank(alice);
        oracle.pay(treasury, 60);
        vm.assertEq(uint256(oracle.creditOf(treasury)), 60);
        vm.assertEq(uint256(oracle.creditOf(alice)), 5_000e6 - 60);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_InsufficientCredit.selector, treasury, 60, 61));
        vm.prank(treasury);
        oracle.pay(alice, 61);
    }

    function test_CollectIsForLadderAndCourt() external {
        vm.prank(ladder);
        oracle.collect(alice, 10);
        vm.prank(court);
        oracle.collect(alice, 20);
        vm.assertEq(uint256(oracle.creditOf(ladder)), 10);
        vm.assertEq(uint256(oracle.creditOf(court)), 20);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotAllowed.selector, bob));
        vm.prank(bob);
        oracle.collect(alice, 1);
    }

    /* helpers */

    function _dispute(address who, int96 claim) private returns (Dispute memory d) {
        d = Dispute(question, _word(question), 0, who, claim, 0, oracle.depositFor(question), uint40(block.timestamp));
        vm.prank(who);
        oracle.dispute(question, claim, REASON);
    }

    function _indisputable(Status status) private {
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotDisputable.selector, question, status));
        vm.prank(alice);
        oracle.dispute(question, 2, 0);
    }

    function _ruleOne(Dispute memory d, Verdict verdict, bool contestable, int96 value) private {
        vm.prank(ladder);
        oracle.rule(terms, d, Ruling(verdict, contestable, value, 0, 0, 0, 0));
    }

    function _cosigned2(uint8 round) private view returns (bytes memory packed) {
        for (uint256 seat; seat < 3; ++seat) {
            packed = bytes.concat(packed, _sign(_key(seat), question, 2, 1, round));
        }
    }

    function _copy(Dispute memory d) private pure returns (Dispute memory) {
        return abi.decode(abi.encode(d), (Dispute));
    }
}
