// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";
import {Aggregator} from "../Aggregator.sol";
import {INVALID, TOO_EARLY} from "../AnswerWord.sol";
import {Dispute, Ruling, Verdict} from "../Dispute.sol";
import {Entries} from "../Entries.sol";
import {Aggregation, IOracle, Question, Status} from "../IOracle.sol";
import {ReportFrame, ReportVerifier} from "../ReportVerifier.sol";
import {SignerSet, SignerSets} from "../SignerSet.sol";
import {Case, ILadder, Stage} from "./ILadder.sol";
import {Juries, Unheard} from "./Juries.sol";

/// @dev The first step of the ladder: providers look again.
abstract contract Rereports is Juries {
    using SignerSets for SignerSet;
    using ReportVerifier for ReportFrame;
    using Aggregator for bytes;
    using Entries for bytes;

    uint256 private constant BPS = 10_000;
    uint256 private constant LEAST_DISJOINT = 3;
    /// Of all weight: who did not sign weighs less than a third, so this is a third of that at least.
    uint256 private constant LEAST_DISJOINT_PART = 9;
    uint256 private constant SECURED_TIMES = 3;

    /// @inheritdoc ILadder
    function rereportValues(Question calldata terms, Dispute calldata dispute, uint32 epoch, bytes calldata entries)
        external
    {
        (bytes32 id, ReportFrame memory frame, SignerSet memory set) = _frame(terms, dispute, epoch);
        (Ruling memory ruling, uint256 weight) = _valuesRuling(terms, frame, set, entries);
        bool differs = _differs(terms, ruling.value, dispute.answer.value());
        require(!differs || !_juryOnly(dispute), Ladder_JuryOnly(id));

        emit Rereported(id, differs ? Stage.Corrected : Stage.Confirmed, ruling.value, epoch, ruling.seats, entries);

        if (!differs) _standBy(id, terms, dispute, weight);
        else _correct(id, terms, dispute, weight, ruling);
    }

    /// @inheritdoc ILadder
    function rereportAgreed(
        Question calldata terms,
        Dispute calldata dispute,
        uint32 epoch,
        int96 value,
        uint256 seats,
        bytes calldata signatures
    ) external {
        (bytes32 id, ReportFrame memory frame, SignerSet memory set) = _frame(terms, dispute, epoch);
        if (value != TOO_EARLY && value != INVALID) {
            // A value can never replace what stands in place of a root: the oracle would refuse the ruling for ever.
            require(terms.aggregation != Aggregation.Root, IOracle.Oracle_BadReport(frame.question, "aggregation"));
            _checkBounds(terms, frame.question, value);
        }
        uint256 weight = frame.checkAgreed(set, value, seats, signatures);
        (Stage stage, bool byAll) = _agreed(id, terms, dispute, set, value, seats, weight);

        emit Rereported(id, stage, value, epoch, seats, signatures);

        if (stage == Stage.Corrected) {
            Ruling memory ruling = _rulingFor(value, epoch, seats, weight * BPS / set.totalWeight());
            _correct(id, terms, dispute, weight, ruling);
        } else if (stage == Stage.Confirmed) {
            if (byAll) _standBy(id, terms, dispute, weight);
            else if (_isEmpty(id, terms, dispute)) _dismiss(id, terms, dispute);
            else _stand(id, Stage.Confirmed, THE_ANSWER);
        } else {
            _replaceClaim(id, terms, value);
            _sit(id, terms, dispute, Unheard.Reverts);
        }
    }

    /// @inheritdoc ILadder
    function punish(Question calldata terms, Dispute calldata dispute) external {
        bytes32 id = _idOf(terms, dispute);
        Case storage c = _cases[id];
        require(c.stage == Stage.Corrected, Ladder_WrongStage(id, c.stage));
        (Status status, int96 value,,) = oracle.get(dispute.question);
        require(status == Status.Final || status == Status.Invalid, Ladder_NotFinal(id));
        if (status == Status.Invalid) value = INVALID;

        c.stage = Stage.Done;

        // What providers said anew is a second look and no verdict: what they look at may have moved.
        if (!oracle.wordOf(dispute.question).ruled()) return;
        // A jury may have given the first answer back its right.
        if (!_differs(terms, value, dispute.answer.value())) return;
        _blame(id, terms.domain, dispute, value == _claimOf(terms, dispute) ? dispute.disputer : address(0));
    }

    /* INSIDE */

    /// @dev What every re-report must fulfil before a signature is looked at, and what its signers signed.
    function _frame(Question calldata terms, Dispute calldata d, uint32 epoch)
        private
        returns (bytes32 id, ReportFrame memory frame, SignerSet memory set)
    {
        id = _begin(terms, d);
        require(!d.isRoot(), Ladder_JuryOnly(id));
        (uint40 clock, uint40 until) = _rereportTime(d);
        require(clock < until, Ladder_TooLate(id, clock, until));
        (address blob, uint32 current, uint40 pausedUntil) = stakeManager.signerSet(terms.domain);
        require(block.timestamp >= pausedUntil, IOracle.Oracle_Paused(d.question, pausedUntil));
        require(epoch == current, IOracle.Oracle_StaleEpoch(epoch, current));
        frame = ReportFrame(oracle.domainSeparator(), d.question, epoch, d.answer.round() + 1, 0);
        set = SignerSets.read(blob);
    }

    function _valuesRuling(
        Question calldata terms,
        ReportFrame memory frame,
        SignerSet memory set,
        bytes calldata entries
    ) private view returns (Ruling memory ruling, uint256 weight) {
        uint256 seats;
        (seats, weight) = frame.checkValues(set, entries);
        _checkBounds(terms, frame.question, entries.valueAt(0));
        _checkBounds(terms, frame.question, entries.valueAt(entries.length - Entries.SIZE));
        (int96 value, uint256 confidence) =
            entries.answer(frame.question, terms.aggregation, terms.tolerance, set, weight);
        ruling = _rulingFor(value, frame.epoch, seats, confidence);
    }

    /// @dev What a co-signed re-report makes of the dispute.
    /// @return byAll Confirmed, and not by the others but by more than two thirds of all weight
    function _agreed(
        bytes32 id,
        Question calldata terms,
        Dispute calldata d,
        SignerSet memory set,
        int96 value,
        uint256 seats,
        uint256 weight
    ) private view returns (Stage, bool byAll) {
        bool differs = _differs(terms, value, d.answer.value());
        uint256 total = set.totalWeight();
        byAll = 3 * weight > 2 * total;
        if (_juryOnly(d)) {
            require(byAll && !differs, Ladder_JuryOnly(id));
            return (Stage.Confirmed, true);
        }
        if (byAll && differs) return (Stage.Corrected, true);
        (bool disjoint, uint256 rest) = _restOf(terms.domain, d, set, seats);
        bool byOthers = disjoint && LibBit.popCount(seats) >= LEAST_DISJOINT && 3 * weight > 2 * rest
            && LEAST_DISJOINT_PART * weight >= total;
        require(byOthers || byAll, Ladder_NotDecisive(id, weight, rest));
        return (differs ? Stage.Sitting : Stage.Confirmed, !byOthers);
    }

    /// @dev A jury hears the dispute all the same, if there is one. Only where there is none has the quorum the last word;
    ///      else whoever objects could take any answer away.
    function _standBy(bytes32 id, Question calldata terms, Dispute calldata d, uint256 weight) private {
        uint256 wanted = SECURED_TIMES * terms.secures;
        require(weight >= wanted, IOracle.Oracle_Undersecured(d.question, weight, wanted));
        if (_isEmpty(id, terms, d)) _dismiss(id, terms, d);
        else _sit(id, terms, d, Unheard.Stands);
    }

    /// @dev Whether no owner behind `seats` signed the answer, and the weight now of all who did not.
    function _restOf(uint8 domain, Dispute calldata d, SignerSet memory set, uint256 seats)
        private
        view
        returns (bool disjoint, uint256 rest)
    {
        address[] memory first = _ownersOf(domain, d.answer.epoch(), d.answer.seats());
        disjoint = true;
        for (uint256 seat; seat < set.count; ++seat) {
            (address signer, uint96 weight) = set.seatAt(seat);
            if (!_contains(first, stakeManager.ownerOf(signer))) rest += weight;
            else if (seats >> seat & 1 == 1) disjoint = false;
        }
    }

    /// @dev The deposit goes back whole: no jury was needed.
    function _correct(bytes32 id, Question calldata terms, Dispute calldata d, uint256 weight, Ruling memory ruling)
        private
    {
        uint256 wanted = SECURED_TIMES * terms.secures;
        require(weight >= wanted, IOracle.Oracle_Undersecured(d.question, weight, wanted));
        bool early = ruling.verdict == Verdict.Reopen;

        _cases[id].stage = early ? Stage.Done : Stage.Corrected;

        oracle.rule(terms, d, ruling);
        _split(id, terms.domain, d, UNDECIDED);
        if (early) _blameEarly(id, terms.domain, d, _claimOf(terms, d) == TOO_EARLY ? d.disputer : address(0));
    }

    function _rulingFor(int96 value, uint32 epoch, uint256 seats, uint256 confidence)
        private
        pure
        returns (Ruling memory ruling)
    {
        ruling.verdict = value == TOO_EARLY ? Verdict.Reopen : value == INVALID ? Verdict.Invalid : Verdict.Replace;
        ruling.contestable = true;
        ruling.value = value;
        (ruling.seats, ruling.epoch, ruling.confidence) = (uint32(seats), epoch, uint16(confidence));
    }

    function _replaceClaim(bytes32 id, Question calldata terms, int96 value) private {
        Case storage c = _cases[id];
        // He still said that the answer is wrong, and is right if it is: he need not pay for another's claim.
        if (_differs(terms, value, c.claim)) _stakes[id][0].side = NOT_THE_ANSWER;
        c.claim = value;
    }

    function _checkBounds(Question calldata terms, bytes32 question, int96 value) private pure {
        require(value >= terms.min && value <= terms.max, IOracle.Oracle_OutOfBounds(question, value));
    }
}
