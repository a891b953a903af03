// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Door} from "../../../src/markets/opinions/Door.sol";
import {IOpinions, OpinionLimits, OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {Opinions} from "../../../src/markets/opinions/Opinions.sol";
import {Aggregation, Question} from "../../../src/oracle/IOracle.sol";
import {OpinionStage} from "./OpinionStage.sol";

contract OpinionsAnnounceTest is OpinionStage {
    function test_AnnounceBindsTheQuestionAndTakesTheFee() external {
        OpinionMarket memory terms = _terms();
        _ask(_score());
        bytes32 market = opinions.idOf(terms);
        uint256 before = dollar.balanceOf(treasury);
        _fund(asker, address(opinions), CREATION_FEE);

        vm.expectEmit(address(opinions));
        emit IOpinions.Announced(market, terms.question, terms, STATEMENT);
        vm.prank(asker);
        vm.assertEq(opinions.announce(terms, _score(), STATEMENT), market);

        vm.assertEq(opinions.marketOf(terms.question), market);
        vm.assertEq(dollar.balanceOf(treasury) - before, CREATION_FEE);
    }

    function test_TheDoorSaysWhatTheTermsSay() external view {
        OpinionMarket memory terms = _terms();
        terms.revealSeconds = 1 hours;
        Door door = opinions.doorOf(terms);
        vm.assertEq(door.closesAt(), terms.closesAt);
        vm.assertEq(door.revealsUntil(), terms.closesAt + 1 hours);
        vm.assertTrue(door.isHidden());
        vm.assertEq(door.least(), LEAST_STAKE);
        vm.assertEq(door.mostAt(terms.closesAt - 1 hours - 1), 500e6);
        vm.assertEq(door.mostAt(terms.closesAt - 1 hours), 1e6);
        vm.assertTrue(!opinions.doorOf(_terms()).isHidden());
    }

    function test_RevertWhen_SomebodyElseAnnounces() external {
        Question memory question = _score();
        _ask(question);
        OpinionMarket memory terms = _terms();
        terms.creator = stranger;
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotAsker.selector, asker, stranger));
        vm.prank(stranger);
        opinions.announce(terms, question, STATEMENT);
    }

    function test_RevertWhen_TheQuestionHasAMarket() external {
        OpinionMarket memory terms = _terms();
        bytes32 market = _announce(terms);
        terms.feeBps += 1;
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_AlreadyAnnounced.selector, terms.question, market));
        opinions.announce(terms, _score(), STATEMENT);
    }

    function test_RevertWhen_TermsAreOutOfBounds() external {
        _ask(_score());
        OpinionMarket memory terms = _terms();
        terms.creator = address(0);
        _refused(terms, "creator");
        terms = _terms();
        terms.feeBps = 1_001;
        _refused(terms, "feeBps");
        terms = _terms();
        terms.prizeBps = 5_001;
        _refused(terms, "prizeBps");
        terms = _terms();
        terms.prizes = 0;
        _refused(terms, "prizes");
        terms.prizes = 17;
        _refused(terms, "prizes");
        terms = _terms();
        terms.minConfidence = 10_001;
        _refused(terms, "minConfidence");
        terms = _terms();
        terms.leastStake = LEAST_STAKE - 1;
        _refused(terms, "stakes");
        terms = _terms();
        terms.quietMost = terms.leastStake - 1;
        _refused(terms, "stakes");
        terms = _terms();
        terms.quietMost = terms.mostStake + 1;
        _refused(terms, "stakes");
        terms = _terms();
        terms.mostStake = 1_000_000e6 + 1;
        _refused(terms, "stakes");
        terms = _terms();
        terms.closesAt = START + 1 hours - 1;
        _refused(terms, "closesAt");
        terms.closesAt = START - 1;
        _refused(terms, "closesAt");
        terms = _terms();
        terms.quietSeconds = 12 hours + 1;
        _refused(terms, "quietSeconds");
        terms = _terms();
        terms.revealSeconds = 7 days + 1;
        _refused(terms, "revealSeconds");
        // Nobody could tell another's stance in time, and who is not told loses his stake.
        terms.revealSeconds = 1 hours - 1;
        _refused(terms, "revealSeconds");
        terms = _terms();
        terms.statement = sha256("another");
        _refused(terms, "statement");
    }

    /// @dev What is refused begins one further.
    function test_TermsAtTheirBounds() external {
        OpinionMarket memory terms = _terms();
        (terms.feeBps, terms.prizeBps, terms.prizes, terms.minConfidence) = (1_000, 5_000, 16, 10_000);
        (terms.leastStake, terms.quietMost, terms.mostStake) = (LEAST_STAKE, LEAST_STAKE, LEAST_STAKE);
        (terms.closesAt, terms.quietSeconds) = (START + 12 hours, 12 hours);
        _announce(terms);
        opinions = _newOpinions(address(0));
        terms.prizes = 1;
        (terms.quietMost, terms.mostStake) = (1_000_000e6, 1_000_000e6);
        vm.assertEq(_announceOn(terms, _score()), opinions.idOf(terms));
    }

    function test_TimesAtTheirBounds() external {
        _timed(1 hours, 1 hours, 0);
        _timed(1 hours, 0, 1 hours);
        _timed(1 hours, 0, 7 days);
        OpinionLimits memory limits = OpinionLimits(CREATION_FEE, 1 hours, 30 days, LEAST_STAKE, 1_000_000e6, 12);
        opinions = new Opinions(address(oracle), address(beacon), address(0), limits);
        _timed(30 days, 30 days, 0);
    }

    function test_AStatementIsOf1To280Bytes() external {
        _ask(_score());
        _stated(0, false);
        _stated(281, false);
        _stated(280, true);
        opinions = _newOpinions(address(0));
        _stated(1, true);
    }

    /// @dev A stake larger than its field in a position would run over into what is noted of payments.
    function test_RevertWhen_StakesOfADeploymentHaveNoRoom() external {
        OpinionLimits memory limits = _bounds();
        limits.leastStake = 0;
        _unbuilt(limits, "stakes");
        limits.leastStake = limits.mostStake + 1;
        _unbuilt(limits, "stakes");
        (limits.leastStake, limits.mostStake) = (1, uint48(1 << 45));
        _unbuilt(limits, "stakes");
        limits.mostStake -= 1;
        limits.leastStake = limits.mostStake;
        vm.assertEq(_built(limits).LEAST_STAKE(), limits.mostStake);
    }

    /// @dev A market that may close at no time could not be put up; one that closes in a century keeps its stakes so long.
    function test_RevertWhen_TimesOfADeploymentHaveNoRoom() external {
        OpinionLimits memory limits = _bounds();
        limits.leastSeconds = 0;
        _unbuilt(limits, "seconds");
        limits.leastSeconds = limits.mostSeconds + 1;
        _unbuilt(limits, "seconds");
        (limits.leastSeconds, limits.mostSeconds) = (90 days, 90 days + 1);
        _unbuilt(limits, "seconds");
        limits.mostSeconds = 90 days;
        vm.assertEq(_built(limits).LEAST_SECONDS(), 90 days);
    }

    /// @dev A fee that nobody pays, a round that draws after the prizes' time: both would be for ever.
    function test_RevertWhen_FeeOrLagOfADeploymentIsTooLarge() external {
        OpinionLimits memory limits = _bounds();
        limits.creationFee = 100e6 + 1;
        _unbuilt(limits, "creationFee");
        limits.creationFee = 100e6;
        limits.clockLag = 1 hours + 1;
        _unbuilt(limits, "clockLag");
        limits.clockLag = 1 hours;
        Opinions built = _built(limits);
        vm.assertEq(built.CREATION_FEE(), 100e6);
        vm.assertEq(built.CLOCK_LAG(), 1 hours);
    }

    function test_RevertWhen_TheQuestionIsAnother() external {
        Question memory question = _score();
        _ask(question);
        OpinionMarket memory terms = _terms();
        terms.question = keccak256("another");
        _refused(terms, "question");
    }

    function test_RevertWhen_TheQuestionWasNeverAsked() external {
        _refused(_terms(), "status");
    }

    function test_RevertWhen_TheAnswerWouldBeNoScore() external {
        Question memory question = _score();
        question.max = 10_001;
        _refusedOn(question, "kind");
        question = _score();
        question.min = -1;
        _refusedOn(question, "kind");
        question = _score();
        (question.aggregation, question.tolerance) = (Aggregation.Plurality, 0);
        _refusedOn(question, "kind");
    }

    /// @dev Whoever knows the score while he may still stake, or choose whether to reveal, bets on what happened.
    function test_RevertWhen_TheScoreMayBeKnownTooEarly() external {
        Question memory question = _score();
        question.endsEarly = true;
        _refusedOn(question, "opensAt");
        question = _score();
        question.opensAt = START + 12 hours - 1;
        _refusedOn(question, "opensAt");
        question = _score();
        question.opensAt = START + 12 hours;
        OpinionMarket memory terms = _terms();
        (terms.question, terms.revealSeconds) = (_ask(question), 1 hours);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BadTerms.selector, "opensAt"));
        opinions.announce(terms, question, STATEMENT);
    }

    /// @dev Everybody would be refunded before there can be an answer.
    function test_RevertWhen_TheQuestionOpensTooLate() external {
        OpinionMarket memory terms = _terms();
        Question memory question = _score();
        (question.opensAt, question.deadline) = (terms.closesAt + 7 days + 1, terms.closesAt + 9 days);
        _refusedOn(question, "opensAt");
        question.opensAt -= 1;
        terms.question = _ask(question);
        _announceOn(terms, question);
    }

    function _timed(uint40 open, uint32 quiet, uint32 toReveal) private {
        Question memory question = _score();
        question.opensAt = START + open + toReveal;
        (question.deadline, question.nonce) = (question.opensAt + 1 days, uint64(open) << 24 | toReveal);
        OpinionMarket memory terms = _terms();
        terms.question = _ask(question);
        (terms.closesAt, terms.quietSeconds, terms.revealSeconds) = (START + open, quiet, toReveal);
        vm.assertEq(_announceOn(terms, question), opinions.idOf(terms));
    }

    function _stated(uint256 length, bool isGood) private {
        OpinionMarket memory terms = _terms();
        bytes memory statement = new bytes(length);
        terms.statement = sha256(statement);
        _fund(asker, address(opinions), CREATION_FEE);
        vm.prank(asker);
        if (!isGood) vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BadTerms.selector, "statement"));
        opinions.announce(terms, _score(), string(statement));
    }

    function _bounds() private pure returns (OpinionLimits memory) {
        return OpinionLimits(CREATION_FEE, 1 hours, 90 days, LEAST_STAKE, 1_000_000e6, 12);
    }

    function _built(OpinionLimits memory limits) private returns (Opinions) {
        return new Opinions(address(oracle), address(beacon), address(0), limits);
    }

    function _unbuilt(OpinionLimits memory limits, string memory what) private {
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BadLimits.selector, what));
        _built(limits);
    }

    function _refused(OpinionMarket memory terms, string memory what) private {
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BadTerms.selector, what));
        opinions.announce(terms, _score(), STATEMENT);
    }

    function _refusedOn(Question memory question, string memory what) private {
        OpinionMarket memory terms = _terms();
        terms.question = _ask(question);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BadTerms.selector, what));
        opinions.announce(terms, question, STATEMENT);
    }
}
