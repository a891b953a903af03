// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, AnswerWords, INVALID, TOO_EARLY} from "./AnswerWord.sol";
import {Dispute, RootAnswer, Ruling, Verdict} from "./Dispute.sol";
import {Aggregation, IOracle, Question, Status} from "./IOracle.sol";
import {IPauses} from "./IOracleNeeds.sol";
import {Ledger} from "./Ledger.sol";
import {Refusals} from "./Refusals.sol";
import {Roots} from "./Roots.sol";

/// @dev How an answer is objected to, and how the ladder's ruling becomes the question's word.
/// @dev The seventh dispute of a question is the last: what would leave it open to an eighth ends it instead. One that is
///      dismissed, because it claimed nothing else than the answer, leaves the right to a seventh.
abstract contract Disputes is Roots, Ledger {
    uint256 private constant MOST_LATE = 1 hours;

    /// Disputes whose deposit is part of the ladder's credit.
    mapping(bytes32 dispute => bool) private _taken;

    /* OBJECTING */

    /// @inheritdoc IOracle
    function dispute(bytes32 question, int96 claim, bytes32 reason) external {
        AnswerWord word = _words[question];
        if (word.state() != AnswerWords.ANSWERED || block.timestamp >= word.finalizeAt()) {
            Refusals.notDisputable(question, _statusOf(word));
        }
        if (claim == word.value()) Refusals.badClaim(question, claim);
        _object(question, word, claim, reason);
    }

    /// @inheritdoc IOracle
    function disputeSilence(Question calldata terms, int96 claim, bytes32 reason) external {
        bytes32 question = idOf(terms);
        AnswerWord open = _words[question];
        if (!_isSilent(terms, open)) Refusals.notDisputable(question, _statusOf(open));
        if (terms.aggregation == Aggregation.Root) Refusals.badClaim(question, claim);
        _checkBounds(question, terms, claim);
        // What the deadline would have made of it: nobody signed, so nobody is blamed, and nobody is owed anything.
        AnswerWord word = AnswerWords.answeredWord(INVALID, open.deadline(), 0, 0, 0, open.round())
            .disputable(open, _depositUnits(terms.secures));
        _object(question, word, claim, reason);
    }

    /// @inheritdoc IOracle
    function disputeRoot(bytes32 question, RootAnswer calldata answer, int96 claim, bytes32 claimRoot, bytes32 reason)
        external
    {
        AnswerWord word = _checkAnswer(question, answer);
        if (block.timestamp >= word.finalizeAt()) Refusals.notDisputable(question, _statusOf(word));
        bool isClaim = claimRoot == 0 ? claim == TOO_EARLY || claim == INVALID : claim == 0 && claimRoot != answer.root;
        if (!isClaim) Refusals.badClaim(question, claim);
        uint96 amount = _depositOf(answer.facts);

        _words[question] = _disputed(question, answer.facts, answer.root, claim, claimRoot, amount);
        _take(msg.sender, amount);

        emit DisputedRoot(question, msg.sender, answer, claim, claimRoot, amount, reason);
    }

    /// @inheritdoc IOracle
    function hold(bytes32[] calldata questions) external {
        (uint32 number, uint40 until) = IPauses(wiring.guard()).lastPause();
        if (number == 0 || block.timestamp >= until) return;
        // An answer lives through far fewer pauses than it takes for a number to return.
        uint8 mark = uint8((number - 1) % AnswerWords.PAUSES + 1);
        uint40 rest = until - uint40(block.timestamp);
        for (uint256 i; i < questions.length; ++i) {
            AnswerWord word = _words[questions[i]];
            uint8 state = word.state();
            if (state != AnswerWords.ANSWERED && state != AnswerWords.ANSWERED_ROOT) continue;
            if (block.timestamp >= word.finalizeAt() || word.held() == mark) continue;
            word = word.withFinalizeAt(word.finalizeAt() + rest).withHeld(mark);

            _words[questions[i]] = word;

            emit Held(questions[i], word.finalizeAt());
        }
    }

    /// @inheritdoc IOracle
    function depositFor(bytes32 question) external view returns (uint96) {
        AnswerWord word = _words[question];
        bool open = word.state() == AnswerWords.ANSWERED && block.timestamp < word.finalizeAt();
        return open ? _depositOf(word) : 0;
    }

    /* RULING */

    /// @inheritdoc IOracle
    function takeDeposit(Dispute calldata dispute_) external {
        bytes32 id = _checkDispute(dispute_);

        _creditDeposit(id, dispute_.deposit);
    }

    /// @inheritdoc IOracle
    function rule(Question calldata terms, Dispute calldata dispute_, Ruling calldata ruling) external {
        bytes32 id = _checkDispute(dispute_);
        bytes32 question = dispute_.question;
        if (idOf(terms) != question) Refusals.notTheDispute(question, id);
        AnswerWord word = _ruled(terms, dispute_, ruling);

        _words[question] = word;
        _creditDeposit(id, dispute_.deposit);

        emit Ruled(question, word, id, ruling.verdict, ruling.root);
    }

    /* INSIDE */

    /// @dev Nobody has answered, and it is late: the last quarter of the time to report, an hour at most. A question that
    ///      was found too early may be reported, and so disputed, later still.
    function _isSilent(Question calldata terms, AnswerWord open) private view returns (bool) {
        if (open.state() != AnswerWords.OPEN || block.timestamp > open.deadline()) return false;
        uint256 late = (uint256(terms.deadline) - terms.opensAt + 3) / 4;
        if (late > MOST_LATE) late = MOST_LATE;
        return block.timestamp + late >= terms.deadline && block.timestamp >= open.notBefore();
    }

    /// @dev To a value, or to the lack of one.
    function _object(bytes32 question, AnswerWord word, int96 claim, bytes32 reason) private {
        uint96 amount = _depositOf(word);

        _words[question] = _disputed(question, word, 0, claim, 0, amount);
        _take(msg.sender, amount);

        emit Disputed(question, msg.sender, word, claim, amount, reason);
    }

    /// @dev Doubled with each dispute before. Below 2^22 whole units.
    function _depositOf(AnswerWord word) private view returns (uint96) {
        return uint96((uint256(word.deposit()) << word.disputes()) * UNIT);
    }

    function _disputed(bytes32 question, AnswerWord word, bytes32 root, int96 claim, bytes32 claimRoot, uint96 amount)
        private
        view
        returns (AnswerWord)
    {
        return AnswerWords.disputedWord(
            Dispute({
                question: question,
                answer: word,
                root: root,
                disputer: msg.sender,
                claim: claim,
                claimRoot: claimRoot,
                deposit: amount,
                at: uint40(block.timestamp)
            }).hash()
        );
    }

    /// @dev The caller is the ladder, and the dispute the one that is open.
    function _checkDispute(Dispute calldata dispute_) private view returns (bytes32 id) {
        require(msg.sender == wiring.ladder(), Oracle_NotAllowed(msg.sender));
        bytes32 question = dispute_.question;
        id = dispute_.idOf();
        if (AnswerWord.unwrap(_words[question]) != AnswerWord.unwrap(AnswerWords.disputedWord(id))) {
            Refusals.notTheDispute(question, id);
        }
    }

    function _creditDeposit(bytes32 id, uint96 amount) private {
        if (_taken[id]) return;
        _taken[id] = true;
        _credit(msg.sender, amount);
    }

    function _ruled(Question calldata terms, Dispute calldata d, Ruling calldata ruling)
        private
        view
        returns (AnswerWord)
    {
        AnswerWord answer = d.answer;
        bool last = answer.disputes() + 1 == AnswerWords.MOST_DISPUTES;
        uint40 now_ = uint40(block.timestamp);
        if (ruling.verdict == Verdict.Restore) return _restored(terms, d);
        if (ruling.verdict == Verdict.Uphold) {
            return _stored(d.question, d.root, d.root == 0 ? answer.withRuled() : answer, now_);
        }
        // A re-report signed the round after the answer's, so what follows takes the one after that.
        if (ruling.verdict == Verdict.Reopen && !last && answer.round() < type(uint8).max - 1) {
            return AnswerWords.openWord(terms.deadline, _laterThan(terms), answer.round() + 2)
                .withDisputes(answer.disputes() + 1, 0);
        }
        bool contestable = ruling.contestable && !last;
        (bytes32 root, AnswerWord word) = _replacement(terms, answer, ruling, contestable);
        return _stored(d.question, root, word, contestable ? _windowFromNow(terms, word) : now_);
    }

    /// @dev However many sham objections there were: were one the last, whoever pays for seven of them in one transaction
    ///      would make an answer final that no jury saw. Once it counts no further, it is later than before: else a second
    ///      dispute within the second would be the same as the first.
    function _restored(Question calldata terms, Dispute calldata d) private view returns (AnswerWord) {
        uint40 finalizeAt = _windowFromNow(terms, d.answer);
        bool last = d.answer.disputes() + 1 == AnswerWords.MOST_DISPUTES;
        if (last && finalizeAt <= d.answer.finalizeAt()) finalizeAt = d.answer.finalizeAt() + 1;
        return _stored(d.question, d.root, d.answer.restored(), finalizeAt);
    }

    /// @param answer that has its window again, or is a new one
    function _windowFromNow(Question calldata terms, AnswerWord answer) private view returns (uint40) {
        (,,, uint40 slowUntil) = stakes.reportingSet(terms.domain);
        return _windowEnd(terms, slowUntil, answer.confidence(), answer.seats());
    }

    /// @dev Whatever else a ruling says than what {_ruled} knows ends the question as invalid.
    function _replacement(Question calldata terms, AnswerWord answer, Ruling calldata ruling, bool contestable)
        private
        pure
        returns (bytes32 root, AnswerWord word)
    {
        int96 value = INVALID;
        if (ruling.verdict == Verdict.Replace) {
            (root, value) = (ruling.root, ruling.value);
            bool many = terms.aggregation == Aggregation.Root;
            if (many != (root != 0)) Refusals.badClaim(idOf(terms), value);
            if (!many) _checkBounds(idOf(terms), terms, value);
        }
        uint8 round = contestable ? answer.round() + 1 : answer.round();
        word = AnswerWords.answeredWord(value, 0, ruling.confidence, ruling.seats, ruling.epoch, round)
            .withDisputes(answer.disputes() + 1, answer.deposit());
        if (root != 0) word = word.asRoot();
        else if (!contestable) word = word.withRuled();
    }

    /// @dev What is stored for an answer: itself, or the hash of its root and facts.
    function _stored(bytes32 question, bytes32 root, AnswerWord answer, uint40 finalizeAt)
        private
        pure
        returns (AnswerWord)
    {
        if (root == 0) return answer.withFinalizeAt(finalizeAt);
        return RootAnswer({root: root, facts: answer}).wordOf(question, finalizeAt);
    }
}
