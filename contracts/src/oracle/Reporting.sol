// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {EIP712} from "solady/utils/EIP712.sol";
import {LibBit} from "solady/utils/LibBit.sol";
import {Aggregator} from "./Aggregator.sol";
import {AnswerWord, AnswerWords, INVALID, TOO_EARLY} from "./AnswerWord.sol";
import {Entries} from "./Entries.sol";
import {Aggregation, IOracle, OracleLimits, Question} from "./IOracle.sol";
import {IStakeManager} from "./IStakeManager.sol";
import {Questions} from "./Questions.sol";
import {Refusals} from "./Refusals.sol";
import {ReportFrame, ReportVerifier} from "./ReportVerifier.sol";
import {DepositRule} from "./rules/DepositRule.sol";
import {SignerSet, SignerSets} from "./SignerSet.sol";

/// @dev How a quorum makes an answer. A signature holds for one question, epoch and round; rounds only rise.
abstract contract Reporting is Questions, EIP712 {
    using SignerSets for SignerSet;
    using ReportVerifier for ReportFrame;
    using Aggregator for bytes;
    using Entries for bytes;

    uint256 private constant OPENING_BYTES = 33; // place | salt
    uint256 private constant SECURED_TIMES = 3;

    IStakeManager public immutable stakes;
    uint16 public immutable LEAST_DEPOSIT;
    uint16 public immutable MOST_DEPOSIT;
    uint96 public immutable COMMIT_TIER;
    uint32 public immutable COMMIT_SECONDS;
    /// What half a percent of is the least deposit.
    uint256 private immutable _LEAST_SECURES;

    /// @dev 1: a quorum co-signed it in its phase.
    mapping(bytes32 batch => uint256) private _committed;

    constructor(address stakes_, OracleLimits memory limits) {
        require(limits.commitSeconds != 0, Oracle_BadTerms("commitSeconds"));
        require(limits.leastDeposit != 0 && limits.leastDeposit <= limits.mostDeposit, Oracle_BadTerms("deposit"));
        stakes = IStakeManager(stakes_);
        LEAST_DEPOSIT = limits.leastDeposit;
        _LEAST_SECURES = 200 * uint256(limits.leastDeposit) * limits.unit;
        MOST_DEPOSIT = limits.mostDeposit;
        COMMIT_TIER = limits.commitTier;
        COMMIT_SECONDS = limits.commitSeconds;
    }

    /* REPORTING */

    /// @inheritdoc IOracle
    function reportValues(Question calldata terms, uint32 epoch, bytes calldata entries) external {
        (ReportFrame memory frame, SignerSet memory set, AnswerWord word) = _frame(terms, epoch);
        _checkTier(frame.question, terms);
        _reportValues(terms, frame, set, word, entries);
    }

    /// @inheritdoc IOracle
    function reportAgreed(Question calldata terms, uint32 epoch, int96 value, uint256 seats, bytes calldata signatures)
        external
    {
        (ReportFrame memory frame, SignerSet memory set, AnswerWord word) = _frame(terms, epoch);
        if (value != TOO_EARLY && value != INVALID) {
            if (terms.aggregation == Aggregation.Root) Refusals.badReport(frame.question, "aggregation");
            _checkTier(frame.question, terms);
            _checkBounds(frame.question, terms, value);
        }
        uint256 weight = frame.checkAgreed(set, value, seats, signatures);
        Aggregator.requireQuorum(frame.question, set, weight);

        if (value == TOO_EARLY) {
            _reopen(frame, terms, word, seats, signatures);
            return;
        }
        _checkWeight(frame.question, terms, word, set, weight);
        AnswerWord answer = _answerWord(frame, terms, word, value, seats, Aggregator.confidenceOf(weight, set));

        _words[frame.question] = answer;

        emit Answered(frame.question, answer, signatures);
    }

    /// @inheritdoc IOracle
    function commitReports(
        Question calldata terms,
        uint32 epoch,
        bytes32 chained,
        uint256 seats,
        bytes calldata signatures
    ) external {
        (ReportFrame memory frame, SignerSet memory set,) = _frame(terms, epoch);
        uint256 phase = _phaseTo(true, frame.question);
        // Another id for each phase: who signs two batches of one signs two roots for one question, and is slashed for it.
        bytes32 bound = EfficientHashLib.hash(uint256(frame.question), phase);
        _cosignedWeight(frame, set, bound, chained, seats, signatures);

        _committed[_batchOf(bound, frame.round, chained)] = 1;

        emit ReportsCommitted(frame.question, frame.round, phase, chained, epoch, seats, signatures);
    }

    /// @inheritdoc IOracle
    function reportCommitted(
        Question calldata terms,
        uint32 epoch,
        bytes calldata entries,
        bytes32[] calldata commitments,
        bytes calldata openings
    ) external {
        (ReportFrame memory frame, SignerSet memory set, AnswerWord word) = _frame(terms, epoch);
        _checkCommitted(frame.question, frame.round, commitments);
        _checkOpenings(frame, entries, commitments, openings);
        _reportValues(terms, frame, set, word, entries);
    }

    /// @inheritdoc IOracle
    function reportDigest(bytes32 question, int96 value, uint32 epoch, uint8 round) external view returns (bytes32) {
        return ReportFrame(_domainSeparator(), question, epoch, round, 0).digestOf(value);
    }

    /// @inheritdoc IOracle
    function rootDigest(bytes32 question, bytes32 root, uint32 epoch, uint8 round) external view returns (bytes32) {
        return ReportFrame(_domainSeparator(), question, epoch, round, 0).rootDigestOf(root);
    }

    /// @inheritdoc IOracle
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparator();
    }

    /* INSIDE */

    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("Sooth", "1");
    }

    /// @dev What every report must fulfil before a signature is looked at, and what its signers signed.
    function _frame(Question calldata terms, uint32 epoch)
        internal
        view
        returns (ReportFrame memory frame, SignerSet memory set, AnswerWord word)
    {
        bytes32 question = idOf(terms);
        word = _words[question];
        // On the way of every report the arguments of an error are worked out only when it is one: `require` would first.
        if (word.state() != AnswerWords.OPEN) Refusals.notOpen(question, _statusOf(word));
        if (_isEarly(word) && !_mayBeEarly(terms, word)) Refusals.tooEarly(question, word.notBefore());
        if (block.timestamp > word.deadline()) revert Oracle_DeadlinePassed(question, word.deadline());
        (address blob, uint32 current, uint40 pausedUntil, uint40 slowUntil) = stakes.reportingSet(terms.domain);
        require(block.timestamp >= pausedUntil, Oracle_Paused(question, pausedUntil));
        require(epoch == current, Oracle_StaleEpoch(epoch, current));
        frame = ReportFrame(_domainSeparator(), question, epoch, word.round(), slowUntil);
        set = SignerSets.read(blob);
    }

    /// @dev Finality of what `seats` say now.
    function _windowEnd(Question calldata terms, uint256 slowUntil, uint256 confidence, uint256 seats)
        internal
        view
        returns (uint40)
    {
        uint256 liveness = terms.liveness;
        uint256 base = _baseWindow(terms.secures);
        // Counted only where it matters.
        uint256 signers = liveness < base ? LibBit.popCount(seats) : 0;
        unchecked {
            return uint40(
                block.timestamp + DepositRule.window(liveness, base, confidence, signers, block.timestamp < slowUntil)
            );
        }
    }

    /// @dev The weight of a quorum that signed `root` for `id`: the question, or what stands for it.
    function _cosignedWeight(
        ReportFrame memory frame,
        SignerSet memory set,
        bytes32 id,
        bytes32 root,
        uint256 seats,
        bytes calldata signatures
    ) internal view returns (uint256 weight) {
        bytes32 question = frame.question;
        frame.question = id;
        weight = frame.checkRoot(set, root, seats, signatures);
        frame.question = question;
        Aggregator.requireQuorum(question, set, weight);
    }

    /// @dev What the weight of a quorum must fulfil beside being one.
    function _checkWeight(
        bytes32 question,
        Question calldata terms,
        AnswerWord word,
        SignerSet memory set,
        uint256 weight
    ) internal view {
        if (_isEarly(word)) {
            uint256 total = set.totalWeight();
            if (10 * weight < 9 * total) Refusals.noQuorum(question, weight, total);
        }
        uint256 wanted;
        unchecked {
            wanted = SECURED_TIMES * terms.secures; // of 96 bits
        }
        if (weight < wanted) revert Oracle_Undersecured(question, weight, wanted);
    }

    /// @dev What an open question becomes once `seats` signed; `open` is its word so far.
    function _answerWord(
        ReportFrame memory frame,
        Question calldata terms,
        AnswerWord open,
        int96 value,
        uint256 seats,
        uint256 confidence
    ) internal view returns (AnswerWord word) {
        word = AnswerWords.answeredWord(value, 0, uint16(confidence), uint32(seats), frame.epoch, frame.round)
            .disputable(open, _depositUnits(terms.secures));
        word = word.withFinalizeAt(_windowEnd(terms, frame.slowUntil, confidence, seats));
    }

    /// @dev Most questions secure little, and an answer should not pay for the rule then.
    function _depositUnits(uint96 secures) internal view returns (uint16) {
        if (secures <= _LEAST_SECURES) return LEAST_DEPOSIT;
        return DepositRule.depositUnits(secures, UNIT, 0, LEAST_DEPOSIT, MOST_DEPOSIT);
    }

    function _reportValues(
        Question calldata terms,
        ReportFrame memory frame,
        SignerSet memory set,
        AnswerWord word,
        bytes calldata entries
    ) private {
        bytes32 question = frame.question;
        if (terms.aggregation == Aggregation.Root) Refusals.badReport(question, "aggregation");
        (uint256 seats, uint256 weight) = frame.checkValues(set, entries);
        // Ascending, so the two ends stand for all.
        _checkBounds(question, terms, entries.valueAt(0));
        _checkBounds(question, terms, entries.valueAt(entries.length - Entries.SIZE));
        (int96 value, uint256 confidence) = entries.answer(question, terms.aggregation, terms.tolerance, set, weight);
        _checkWeight(question, terms, word, set, weight);
        AnswerWord answer = _answerWord(frame, terms, word, value, seats, confidence);

        _words[question] = answer;

        emit Answered(question, answer, entries);
    }

    /// @dev A new round makes the signatures of the old one worthless, so rounds must never come round again.
    function _reopen(
        ReportFrame memory frame,
        Question calldata terms,
        AnswerWord word,
        uint256 seats,
        bytes calldata signatures
    ) private {
        // Before opensAt it is no news, and would let two thirds answer then.
        if (_isEarly(word)) Refusals.tooEarly(frame.question, word.notBefore());
        if (frame.round == type(uint8).max) Refusals.badReport(frame.question, "round");

        uint40 notBefore = _laterThan(terms);
        uint8 round = frame.round + 1;

        _words[frame.question] = word.reopened(notBefore, round);

        emit Reopened(frame.question, round, frame.epoch, notBefore, seats, signatures);
    }

    /// @dev When a question that was too early may be answered: one liveness on, not before it opens, at its deadline.
    function _laterThan(Question calldata terms) internal view returns (uint40 notBefore) {
        notBefore = uint40(block.timestamp) + terms.liveness;
        if (notBefore < terms.opensAt) notBefore = terms.opensAt;
        if (notBefore > terms.deadline) notBefore = terms.deadline;
    }

    function _isEarly(AnswerWord word) private view returns (bool) {
        return block.timestamp < word.notBefore();
    }

    /// @dev Who reopened it said that it had not ended by then: what ended early is known before opensAt.
    function _mayBeEarly(Question calldata terms, AnswerWord word) private pure returns (bool) {
        return terms.endsEarly && word.notBefore() == terms.opensAt;
    }

    function _checkTier(bytes32 question, Question calldata terms) private view {
        if (terms.secures >= COMMIT_TIER) revert Oracle_CommitFirst(question);
    }

    /* COMMITMENTS */

    /// @dev Reverts in the other piece of time. A phase is a number for the commit and the reveal that belong together.
    function _phaseTo(bool commit, bytes32 question) private view returns (uint256 phase) {
        uint256 piece = block.timestamp / COMMIT_SECONDS;
        if ((piece % 2 == 0) != commit) Refusals.wrongPhase(question, (piece + 1) * COMMIT_SECONDS);
        return piece / 2;
    }

    function _checkCommitted(bytes32 question, uint8 round, bytes32[] calldata commitments) private view {
        bytes32 bound = EfficientHashLib.hash(uint256(question), _phaseTo(false, question));
        bytes32 chained;
        assembly ("memory-safe") {
            let size := shl(5, commitments.length)
            calldatacopy(mload(0x40), commitments.offset, size)
            chained := keccak256(mload(0x40), size)
        }
        if (_committed[_batchOf(bound, round, chained)] == 0) Refusals.notCommitted(question, chained);
    }

    function _batchOf(bytes32 bound, uint8 round, bytes32 chained) private pure returns (bytes32) {
        return EfficientHashLib.hash(uint256(bound), round, uint256(chained));
    }

    function _checkOpenings(
        ReportFrame memory frame,
        bytes calldata entries,
        bytes32[] calldata commitments,
        bytes calldata openings
    ) private view {
        uint256 count = entries.length / Entries.SIZE;
        if (openings.length != count * OPENING_BYTES) Refusals.badReport(frame.question, "openings");
        // Or whoever is quicker could leave out whom he likes.
        if (count < commitments.length && block.timestamp % COMMIT_SECONDS < COMMIT_SECONDS / 2) {
            Refusals.badReport(frame.question, "part");
        }
        for (uint256 i; i < count; ++i) {
            bytes32 commitment = _commitmentOf(frame, entries[i * Entries.SIZE:], openings[i * OPENING_BYTES:]);
            uint256 place = uint8(openings[i * OPENING_BYTES]);
            if (place >= commitments.length || commitments[place] != commitment) {
                Refusals.notCommitted(frame.question, commitment);
            }
        }
    }

    /// @dev Of the first entry and the first opening.
    function _commitmentOf(ReportFrame memory frame, bytes calldata entries, bytes calldata openings)
        private
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(
                frame.question,
                frame.epoch,
                frame.round,
                entries.seatAt(0),
                entries.valueAt(0),
                bytes32(openings[1:OPENING_BYTES])
            )
        );
    }
}
