// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Door} from "../../../src/markets/opinions/Door.sol";
import {IOpinions, OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {IApprover, Result} from "../../../src/markets/opinions/IApprover.sol";
import {Ending} from "../../../src/markets/opinions/ResultWord.sol";
import {AnswerWord, INVALID} from "../../../src/oracle/AnswerWord.sol";
import {Dispute, Ruling, Verdict} from "../../../src/oracle/Dispute.sol";
import {Question} from "../../../src/oracle/IOracle.sol";
import {IRandomness} from "../../../src/randomness/IRandomness.sol";
import {OpinionStage} from "./OpinionStage.sol";

/// @dev Approves what it was told to, by a word.
contract Approver is IApprover {
    error Refused(bytes32 result);

    bytes32 public good;

    function approve(bytes32 result) external {
        good = result;
    }

    function requireApproved(Result calldata result, bytes calldata approval) external view {
        bytes32 hash = keccak256(abi.encode(result));
        require(hash == good && keccak256(approval) == keccak256("seen"), Refused(hash));
    }
}

contract OpinionsScoreTest is OpinionStage {
    OpinionMarket private terms;
    bytes32 private market;
    bytes32 private hash;
    Door private door;

    function setUp() public override {
        super.setUp();
        terms = _terms();
        market = _announce(terms);
        (hash, door) = (opinions.termsHash(terms), opinions.doorOf(terms));
        _stake(terms, alice, 12, 10e6);
        _stake(terms, bob, 4, 30e6);
    }

    /* SCORING */

    function test_ScoreIsTheFinalAnswer() external {
        _resolve(_score(), 6_249); // 62.49 is 62
        opinions.score(terms, "");
        (Ending ending, uint8 score, uint64 round, uint256 total, uint256 facts) = opinions.resultOf(market);
        vm.assertTrue(ending == Ending.Scored);
        vm.assertEq(score, 62);
        vm.assertEq(total, 40e6);
        vm.assertEq(facts, 10e6 * uint256(98) ** 4 + 30e6 * uint256(58) ** 4);
        vm.assertEq(round, beacon.roundAfter(uint40(block.timestamp) + 12));
    }

    function testFuzz_HalvesGoUp(uint256 answer) external {
        answer = _bound(answer, 0, 10_000);
        _resolve(_score(), int96(uint96(answer)));
        opinions.score(terms, "");
        (, uint8 score,,,) = opinions.resultOf(market);
        vm.assertEq(score, answer % 100 < 50 ? answer / 100 : answer / 100 + 1);
    }

    function test_RevertWhen_TheAnswerIsNotFinal() external {
        vm.warp(_score().opensAt);
        _agree(_score(), 5_000, 7);
        vm.warp(block.timestamp + LIVENESS - 1);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotFinal.selector, market));
        opinions.score(terms, "");
    }

    function test_RevertWhen_AWatcherPutsItOff() external {
        vm.prank(asker);
        oracle.setWatcher(_score(), alice);
        vm.warp(_score().opensAt);
        _agree(_score(), 5_000, 7);
        uint40 at = _word(terms.question).finalizeAt();
        vm.prank(alice);
        oracle.veto(_score(), 0);
        vm.warp(at + LIVENESS - 1);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotFinal.selector, market));
        opinions.score(terms, "");
        vm.warp(at + LIVENESS);
        opinions.score(terms, "");
    }

    function test_RevertWhen_ScoredTwice() external {
        _scoreAt(terms, 50);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_AlreadyScored.selector, market));
        opinions.score(terms, "");
        vm.warp(terms.closesAt + 20 days);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_AlreadyScored.selector, market));
        opinions.expire(hash, door, terms.question);
    }

    function test_RevertWhen_TermsAreNotThoseAnnounced() external {
        _resolve(_score(), 5_000);
        OpinionMarket memory other = terms;
        other.feeBps += 1;
        bytes32 id = opinions.idOf(other);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotAnnounced.selector, id));
        opinions.score(other, "");
    }

    /* VOID */

    function test_AnInvalidQuestionVoids() external {
        _resolve(_score(), INVALID);
        _voided("invalid");
    }

    function test_AnUnansweredQuestionVoids() external {
        vm.warp(uint256(_score().deadline) + 1);
        _voided("invalid");
    }

    function test_AnUnsureAnswerVoids() external {
        Question memory question = _score();
        vm.warp(question.opensAt);
        // Three sign, one of them within tolerance of the median besides itself: half of all weight agrees.
        oracle.reportValues(question, 1, _entries(terms.question, _values(1_000, 5_000, 5_400)));
        vm.warp(block.timestamp + 2 * LIVENESS);
        (,,, uint16 confidence) = oracle.get(terms.question);
        vm.assertLt(confidence, terms.minConfidence);
        _voided("confidence");
    }

    function test_StakesThatAllWeighNothingVoid() external {
        opinions = _newOpinions(address(0));
        market = _announceOn(terms, _score());
        _stake(terms, alice, 0, 5e6);
        _resolve(_score(), 10_000);
        opinions.score(terms, "");
        (Ending ending,,,,) = opinions.resultOf(market);
        vm.assertTrue(ending == Ending.Void);
        vm.assertEq(opinions.claim(market, alice), 5e6);
    }

    function test_AnybodyMayExpireItAfterFourteenDays() external {
        vm.warp(terms.closesAt + 14 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IOpinions.Opinions_NotYet.selector, market, uint256(terms.closesAt) + 14 days)
        );
        opinions.expire(hash, door, terms.question);
        vm.warp(terms.closesAt + 14 days);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BadTerms.selector, "question"));
        opinions.expire(hash, door, keccak256("another"));
        vm.prank(stranger);
        opinions.expire(hash, door, terms.question);
        _refunded();
    }

    /// @dev Or whoever lost would object until the market expires, and have his stake back for a deposit.
    function test_RevertWhen_WhoLostObjectsUntilItWouldExpire() external {
        address ladder = _account("ladder");
        wires.set("ladder", ladder);
        vm.warp(_score().opensAt);
        _agree(_score(), 6_000, 7);
        // Bob stands at 20, and has 30 to lose.
        _fund(bob, address(oracle), 250e6);
        AnswerWord answer = _word(terms.question);
        uint96 deposit = oracle.depositFor(terms.question);
        Dispute memory d = Dispute(terms.question, answer, 0, bob, 2_000, 0, deposit, uint40(block.timestamp));
        vm.startPrank(bob);
        oracle.deposit(bob, deposit);
        oracle.dispute(terms.question, 2_000, 0);
        vm.stopPrank();
        vm.warp(terms.closesAt + 20 days);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotFinal.selector, market));
        opinions.expire(hash, door, terms.question);

        vm.prank(ladder);
        oracle.rule(_score(), d, Ruling(Verdict.Uphold, false, 0, 0, 0, 0, 0));
        uint256 from = block.timestamp + 14 days;
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotYet.selector, market, from));
        opinions.expire(hash, door, terms.question);
        opinions.score(terms, "");
        (, uint8 score,,,) = opinions.resultOf(market);
        vm.assertEq(score, 60);
        // The round is named 20 days late: nobody forgoes the prizes before it could be proved.
        vm.warp(terms.closesAt + 28 days);
        opinions.rearm(market);
        (,, uint64 round,,) = opinions.resultOf(market);
        from = uint256(beacon.timeOf(round)) + 1 days;
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotYet.selector, market, from));
        opinions.forgo(hash, door);
        vm.warp(from);
        opinions.forgo(hash, door);
    }

    /* APPROVAL */

    function test_WhereApprovalIsWantedTheResultIsBoundToIt() external {
        Approver approver = new Approver();
        opinions = _newOpinions(address(approver));
        market = _announceOn(terms, _score());
        _stake(terms, alice, 12, 10e6);
        _resolve(_score(), 6_000);
        (,,, uint16 confidence) = oracle.get(terms.question);
        bytes32 result = keccak256(abi.encode(Result(market, 10e6, 1, 60, confidence)));
        vm.expectRevert(abi.encodeWithSelector(Approver.Refused.selector, result));
        opinions.score(terms, "seen");
        approver.approve(result);
        vm.expectRevert(abi.encodeWithSelector(Approver.Refused.selector, result));
        opinions.score(terms, "");
        opinions.score(terms, "seen");
        (Ending ending,,,,) = opinions.resultOf(market);
        vm.assertTrue(ending == Ending.Scored);
    }

    /* THE ROUND */

    function test_TheRoundIsNotPublishedWhenItIsNamed() external {
        _scoreAt(terms, 50);
        (,, uint64 round,,) = opinions.resultOf(market);
        vm.assertTrue(beacon.timeOf(round) > block.timestamp + 12);
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_NotProved.selector, round));
        opinions.drawOf(market, 0);
    }

    function test_ARoundThatIsADayOldAndNotProvedIsReplaced() external {
        _scoreAt(terms, 50);
        (,, uint64 round,,) = opinions.resultOf(market);
        uint256 from = uint256(beacon.timeOf(round)) + 1 days;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotYet.selector, market, from));
        opinions.rearm(market);
        vm.warp(from);
        opinions.rearm(market);
        (,, uint64 later,,) = opinions.resultOf(market);
        vm.assertEq(later, beacon.roundAfter(uint40(block.timestamp) + 12));
        vm.assertTrue(later > round);
    }

    /// @dev Or whoever dislikes a draw would ask for another.
    function test_RevertWhen_ARoundThatIsProvedWouldBeReplaced() external {
        _scoreAt(terms, 50);
        _prove(market, "seed");
        vm.warp(terms.closesAt + 60 days);
        vm.expectPartialRevert(IOpinions.Opinions_NotYet.selector);
        opinions.rearm(market);
        vm.expectPartialRevert(IOpinions.Opinions_NotYet.selector);
        opinions.forgo(hash, door);
    }

    function test_RevertWhen_ThereIsNothingToDraw() external {
        opinions = _newOpinions(address(0));
        terms.prizeBps = 0;
        market = _announceOn(terms, _score());
        _stake(terms, alice, 12, 10e6);
        _scoreAt(terms, 50);
        (,, uint64 round,,) = opinions.resultOf(market);
        vm.assertEq(round, 0);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NoPrize.selector, market, 0));
        opinions.rearm(market);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NoPrize.selector, market, 0));
        opinions.claimPrize(market, 0, alice);
    }

    function test_RevertWhen_MoneyIsAskedForBeforeTheScore() external {
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotScored.selector, market, Ending.None));
        opinions.claim(market, alice);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotScored.selector, market, Ending.None));
        opinions.claimPrize(market, 0, alice);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NoFee.selector, market));
        opinions.collectFee(terms);
    }

    /* HELP */

    function _voided(string memory why) private {
        vm.expectEmit(address(opinions));
        emit IOpinions.Voided(market, why);
        opinions.score(terms, "");
        _refunded();
    }

    function _refunded() private {
        (Ending ending,,,,) = opinions.resultOf(market);
        vm.assertTrue(ending == Ending.Void);
        vm.assertEq(opinions.claim(market, alice), 10e6);
        vm.assertEq(opinions.claim(market, bob), 30e6);
        vm.assertEq(dollar.balanceOf(address(opinions)), 0);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NoFee.selector, market));
        opinions.collectFee(terms);
    }
}
