// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {INVALID} from "../AnswerWord.sol";
import {ICourt, Jury} from "../court/ICourt.sol";
import {Dispute, Ruling, Verdict} from "../Dispute.sol";
import {Question} from "../IOracle.sol";
import {SignerSet, SignerSets} from "../SignerSet.sol";
import {Cases} from "./Cases.sol";
import {Case, ILadder, LadderWindows, Stage, Stake} from "./ILadder.sol";

/// What becomes of a dispute that no jury can hear.
enum Unheard {
    Reverts, // somebody may still do something else
    Ends, // the question is invalid
    Stands // more than two thirds of all weight stand by the answer
}

/// @dev The steps of the ladder on which juries decide.
abstract contract Juries is Cases {
    using SignerSets for SignerSet;

    uint8 private constant LAST_TIER = 2;
    uint256 private constant FEE_SHARE = 4; // a quarter of the deposit that brings a jury about

    uint40 public immutable REREPORT_SECONDS;
    uint40 public immutable APPEAL_SECONDS;

    constructor(LadderWindows memory windows) {
        REREPORT_SECONDS = windows.rereport;
        APPEAL_SECONDS = windows.appeal;
    }

    /* STEPS */

    /// @inheritdoc ILadder
    function convene(Question calldata terms, Dispute calldata dispute) external {
        bytes32 id = _begin(terms, dispute);
        if (!_juryOnly(dispute)) {
            (uint40 clock, uint40 from) = _rereportTime(dispute);
            require(clock >= from, Ladder_TooSoon(id, clock, from));
        }
        if (_isEmpty(id, terms, dispute)) _dismiss(id, terms, dispute);
        else _sit(id, terms, dispute, Unheard.Ends);
    }

    /// @inheritdoc ILadder
    function takeVerdict(Question calldata terms, Dispute calldata dispute, Jury calldata jury) external {
        bytes32 id = _idOf(terms, dispute);
        Case storage c = _cases[id];
        require(c.stage == Stage.Sitting, Ladder_WrongStage(id, c.stage));
        ICourt court = ICourt(wiring.court());
        bytes32 which = court.idOf(jury);
        require(which == c.jury, Ladder_UnknownJury(id, which));
        (bool ended, uint8 choice,,) = court.verdictOf(jury);
        require(ended, Ladder_NotEnded(id, which));

        _lent -= jury.fee;
        if (choice != UNDECIDED) {
            _stand(id, Stage.Ruled, choice);
            if (c.tier == LAST_TIER) c.until = _clock().clock();
        }

        emit VerdictTaken(id, which, choice, c.until);

        if (choice == UNDECIDED) _handOn(id, terms, dispute, jury, court);
    }

    /// @inheritdoc ILadder
    function appeal(Question calldata terms, Dispute calldata dispute, uint8 choice) external {
        bytes32 id = _idOf(terms, dispute);
        Case storage c = _cases[id];
        require(c.stage == Stage.Confirmed || c.stage == Stage.Ruled, Ladder_WrongStage(id, c.stage));
        uint40 clock = _clock().clock();
        require(clock < c.until, Ladder_TooLate(id, clock, c.until));
        bool isNone = choice < THE_ANSWER || choice > NEITHER || choice == NEITHER && _thirdOf(c, dispute) != NEITHER;
        require(choice != c.verdict && !isNone, Ladder_BadChoice(id, choice));
        uint96 amount = appealDeposit(dispute);

        // From a re-report to the first jury, from a jury to the next.
        if (c.stage == Stage.Ruled) ++c.tier;
        _put(id, msg.sender, amount, choice);

        emit Appealed(id, msg.sender, choice, amount);

        oracle.collect(msg.sender, amount);
        _sit(id, terms, dispute, Unheard.Reverts);
    }

    /// @inheritdoc ILadder
    function conclude(Question calldata terms, Dispute calldata dispute) external {
        bytes32 id = _idOf(terms, dispute);
        Case storage c = _cases[id];
        require(c.stage == Stage.Confirmed || c.stage == Stage.Ruled, Ladder_WrongStage(id, c.stage));
        uint40 clock = _clock().clock();
        require(clock >= c.until, Ladder_TooSoon(id, clock, c.until));

        _end(id, terms, dispute, c.verdict);
    }

    /// @inheritdoc ILadder
    function appealDeposit(Dispute calldata dispute) public view returns (uint96) {
        uint256 deposits = _stakes[dispute.idOf()].length;
        return uint96(uint256(dispute.deposit) << (deposits == 0 ? 1 : deposits));
    }

    /* INSIDE */

    /// @dev A re-report has corrected this question before, or there is no value to report.
    function _juryOnly(Dispute calldata d) internal pure returns (bool) {
        return d.answer.disputes() != 0 || d.isRoot();
    }

    /// @return clock now
    /// @return until when providers may report anew
    function _rereportTime(Dispute calldata d) internal view returns (uint40 clock, uint40 until) {
        return (_clock().clock(), _clock().clockAt(d.at) + REREPORT_SECONDS);
    }

    /// @dev So it will be, unless somebody appeals.
    function _stand(bytes32 id, Stage stage, uint8 choice) internal {
        Case storage c = _cases[id];
        c.stage = stage;
        c.verdict = choice;
        c.until = _clock().clock() + APPEAL_SECONDS;
    }

    /// @dev Hands the case to a jury of its tier.
    /// @param unheard what when none can be drawn
    function _sit(bytes32 id, Question calldata terms, Dispute calldata d, Unheard unheard) internal {
        Case storage c = _cases[id];
        uint96 fee = _feeOf(id);
        c.stage = Stage.Sitting;
        bytes32 jury = _open(id, terms, d, fee, unheard == Unheard.Reverts);
        if (jury == 0) {
            if (unheard == Unheard.Stands) _stand(id, Stage.Confirmed, THE_ANSWER);
            else _endUnheard(id, terms, d, fee);
            return;
        }
        c.jury = jury;
        c.fees += fee;
        _owed -= fee;
        _lent += fee;

        emit Convened(id, jury, c.tier, c.claim, c.claimRoot);
    }

    /// @return jury 0 when none can be drawn, unless that reverts
    function _open(bytes32 id, Question calldata terms, Dispute calldata d, uint96 fee, bool reverts)
        private
        returns (bytes32 jury)
    {
        (address blob, uint32 jurorEpoch,) = stakeManager.jurorSet();
        uint256 excluded = _excluded(id, terms, d, blob);
        (uint8 size, uint8 third) = (_sizeOf(_cases[id].tier), _thirdOf(_cases[id], d));
        try ICourt(wiring.court()).open(subjectOf(id), size, excluded, jurorEpoch, fee, third) returns (
            bytes32 opened
        ) {
            return opened;
        } catch (bytes memory why) {
            // Nothing but this says that there is no jury: a call that ran out of gas must not end a question.
            if (reverts || bytes4(why) != ICourt.Court_TooFewJurors.selector) {
                assembly ("memory-safe") {
                    revert(add(why, 32), mload(why))
                }
            }
        }
    }

    /// @dev Before providers had their time to stand by the answer nobody ends a question for a lack of jurors. What the
    ///      jury would have cost goes to insurance: an objection that nobody can hear must not be free.
    function _endUnheard(bytes32 id, Question calldata terms, Dispute calldata d, uint96 fee) private {
        (uint40 clock, uint40 from) = _rereportTime(d);
        require(clock >= from, Ladder_TooSoon(id, clock, from));
        _cases[id].fees += fee;
        _owed -= fee;
        if (fee != 0) oracle.pay(insurance, fee);

        _end(id, terms, d, UNDECIDED);
    }

    /// @dev What a vote for neither is a vote for: where one of the two others says INVALID, for that one.
    function _thirdOf(Case storage c, Dispute calldata d) private view returns (uint8) {
        if (!d.isRoot() && d.answer.value() == INVALID) return THE_ANSWER;
        return c.claimRoot == 0 && c.claim == INVALID ? THE_CLAIM : NEITHER;
    }

    /// @dev An undecided jury costs nothing: the court gives its fee back.
    function _handOn(bytes32 id, Question calldata terms, Dispute calldata d, Jury calldata jury, ICourt court)
        private
    {
        Case storage c = _cases[id];
        c.fees -= jury.fee;
        _owed += jury.fee;
        bool last = c.tier == LAST_TIER;
        if (!last) ++c.tier;

        if (!court.isClosed(c.jury)) court.close(jury);
        if (last) _end(id, terms, d, UNDECIDED);
        else _sit(id, terms, d, Unheard.Ends);
    }

    /// @dev Whether the claim says the same as the answer. Were it put to a jury, who signed within tolerance would be
    ///      slashed because somebody names a nearer number.
    function _isEmpty(bytes32 id, Question calldata terms, Dispute calldata d) internal view returns (bool) {
        return !d.isRoot() && !_differs(terms, _cases[id].claim, d.answer.value());
    }

    /// @dev Nobody objected to anything: the deposit is lost, and whoever has something to say may still say it.
    function _dismiss(bytes32 id, Question calldata terms, Dispute calldata d) internal {
        _cases[id].stage = Stage.Done;
        Ruling memory ruling;
        ruling.verdict = Verdict.Restore;

        oracle.rule(terms, d, ruling);
        _split(id, terms.domain, d, THE_ANSWER);
    }

    /// @dev A quarter of the last deposit.
    function _feeOf(bytes32 id) private view returns (uint96) {
        Stake[] storage stakes = _stakes[id];
        return stakes[stakes.length - 1].amount / uint96(FEE_SHARE);
    }

    /// @dev Bitmap of jurors who have a part in it: who signed the answer, who asked, who put down a deposit. And of those
    ///      who were banned since the snapshot: a ban must not wait for the next. Of a cluster only the heaviest may be drawn.
    function _excluded(bytes32 id, Question calldata terms, Dispute calldata d, address blob)
        private
        view
        returns (uint256 excluded)
    {
        SignerSet memory jurors = SignerSets.read(blob);
        address[] memory signers = _ownersOf(terms.domain, d.answer.epoch(), d.answer.seats());
        Stake[] memory stakes = _stakes[id];
        uint256[] memory clusters = new uint256[](jurors.count);
        for (uint256 i; i < jurors.count; ++i) {
            (address key,) = jurors.seatAt(i);
            address owner = stakeManager.earnerOf(key);
            bool party = owner == address(0) || owner == terms.asker || key == terms.asker || _contains(signers, owner);
            for (uint256 j; j < stakes.length && !party; ++j) {
                party = stakes[j].who == owner || stakes[j].who == key;
            }
            if (party) {
                excluded |= 1 << i;
                continue;
            }
            clusters[i] = stakeManager.clusterOf(terms.domain, owner);
            if (clusters[i] != 0) excluded |= _lighter(jurors, clusters, excluded, i);
        }
    }

    /// @dev Of juror `i` and the one before him who is of his cluster and not excluded, the lighter, as a bitmap. There is one
    ///      at most, since no second one stays.
    function _lighter(SignerSet memory jurors, uint256[] memory clusters, uint256 excluded, uint256 i)
        private
        pure
        returns (uint256)
    {
        (, uint96 weight) = jurors.seatAt(i);
        for (uint256 j; j < i; ++j) {
            if (clusters[j] != clusters[i] || excluded >> j & 1 == 1) continue;
            (, uint96 other) = jurors.seatAt(j);
            return weight > other ? 1 << j : 1 << i;
        }
        return 0;
    }

    function _sizeOf(uint8 tier) private pure returns (uint8) {
        return tier == 0 ? 9 : tier == 1 ? 31 : 101;
    }
}
