// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Status} from "../../oracle/IOracle.sol";
import {IRandomness} from "../../randomness/IRandomness.sol";
import {BandRule, BANDS, Rule} from "../rules/BandRule.sol";
import {Book} from "./Book.sol";
import {Door} from "./Door.sol";
import {IApprover, Result} from "./IApprover.sol";
import {IOpinions, OpinionMarket} from "./IOpinions.sol";
import {Ending, ResultWord, ResultWords} from "./ResultWord.sol";
import {Shelf} from "./Shelf.sol";

/// @dev How a market gets its score and its seed, or ends without one.
abstract contract Scoring is Shelf {
    /// @dev What a market comes to.
    struct Tally {
        uint256 score; // 0 to 100
        uint256 total; // staked with a stance
        uint256 count; // who did
        uint256 facts; // see BandRule
    }

    uint256 private constant ROUND_TIME = 1 days;

    /// @notice Zero: results need nobody's approval.
    address public immutable approver;
    uint40 public immutable CLOCK_LAG;

    constructor(address approver_, uint40 clockLag) {
        approver = approver_;
        CLOCK_LAG = clockLag;
    }

    /* AFTER CLOSING */

    /// @inheritdoc IOpinions
    function score(OpinionMarket calldata terms, bytes calldata approval) external {
        bytes32 market = idOf(terms);
        Book storage book = _books[market];
        ResultWord result = book.result;
        require(result.ending() == Ending.None, Opinions_AlreadyScored(market));
        require(result.isAnnounced(), Opinions_NotAnnounced(market));
        (Status status, int96 answer,, uint16 confidence) = oracle.get(terms.question);
        if (status == Status.Invalid) return _void(market, book, "invalid");
        // The question opens after closing and reveal, so both are over.
        require(status == Status.Final, Opinions_NotFinal(market));
        if (confidence < terms.minConfidence) return _void(market, book, "confidence");

        Tally memory tally = _tally(book, terms.rule, answer);
        if (BandRule.sum(terms.rule, tally.total, tally.facts) == 0) return _void(market, book, "weights");
        if (approver != address(0)) {
            IApprover(approver)
                .requireApproved(Result(market, tally.total, tally.count, uint8(tally.score), confidence), approval);
        }
        result = _resultOf(terms, tally);
        if (terms.revealSeconds != 0 && book.hidden != tally.total) result = result.withForfeit();

        book.result = result;

        emit Scored(market, uint8(tally.score), confidence, tally.total, tally.count, result.round());
    }

    /// @inheritdoc IOpinions
    function expire(bytes32 hash, Door door, bytes32 question) external {
        bytes32 market = _idOf(hash, door);
        Book storage book = _books[market];
        ResultWord result = book.result;
        require(result.ending() == Ending.None, Opinions_AlreadyScored(market));
        uint256 from = door.closesAt();
        if (result.isAnnounced()) {
            require(marketOf[question] == market, Opinions_BadTerms("question"));
            (Status status,, uint40 at,) = oracle.get(question);
            require(status != Status.Answered && status != Status.Disputed, Opinions_NotFinal(market));
            if (status == Status.Final && at > from) from = at;
        }
        _requireTime(market, from + SCORE_TIME);

        _void(market, book, "expired");
    }

    /// @inheritdoc IOpinions
    function rearm(bytes32 market) external {
        ResultWord result = _scored(market);
        _requireTime(market, randomness.timeOf(_unproved(market, result)) + ROUND_TIME);

        uint64 round = _roundFromNow();
        _books[market].result = result.withRound(round);

        emit Rearmed(market, round);
    }

    /// @inheritdoc IOpinions
    function forgo(bytes32 hash, Door door) external {
        bytes32 market = _idOf(hash, door);
        ResultWord result = _scored(market);
        // A score may come late: who sees a round that is not his must not be quicker than who proves it.
        _requireTime(market, randomness.timeOf(_unproved(market, result)) + ROUND_TIME);
        _requireTime(market, door.closesAt() + SEED_TIME);

        _books[market].result = result.asUndrawn();

        emit Forgone(market);
    }

    /* INSIDE */

    function _tally(Book storage book, Rule rule, int96 answer) private view returns (Tally memory tally) {
        uint256[BANDS] memory staked;
        (staked, tally.total, tally.count) = book.totals();
        // Half up: 49.50 is 50.
        tally.score = (uint256(uint96(answer)) + 50) / 100;
        tally.facts = BandRule.factsOf(staked, tally.score, rule);
    }

    /// @dev Names the round only now: whoever chose the score could not know the draw.
    function _resultOf(OpinionMarket calldata terms, Tally memory tally) private view returns (ResultWord result) {
        result = ResultWords.scored(terms.rule, tally.score, tally.total, tally.facts);
        result = result.withShares(terms.feeBps, terms.prizeBps, terms.prizes);
        if (terms.prizeBps != 0) result = result.withRound(_roundFromNow());
    }

    function _void(bytes32 market, Book storage book, string memory why) private {
        book.result = ResultWords.VOID;

        emit Voided(market, why);
    }

    /// @dev Reverts when there is nothing to draw, or it can be.
    function _unproved(bytes32 market, ResultWord result) private view returns (uint64 round) {
        round = result.round();
        require(round != 0, Opinions_NoPrize(market, 0));
        try randomness.seedOf(round) {
            revert Opinions_NotYet(market, type(uint256).max);
        } catch {} // it has no seed, which is what was asked
    }

    function _roundFromNow() private view returns (uint64 round) {
        round = randomness.roundAfter(uint40(block.timestamp) + CLOCK_LAG);
        require(round <= ResultWords.MAX_ROUND, IRandomness.Randomness_BadRound(round));
    }
}
