// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ECDSA} from "solady/utils/ECDSA.sol";
import {IBundleHub} from "../../bundles/IBundleHub.sol";
import {AnswerWord, TOO_EARLY} from "../AnswerWord.sol";
import {JurorFault} from "../court/ICourt.sol";
import {IFeeds} from "../feeds/IFeeds.sol";
import {IOracle, Question, Status} from "../IOracle.sol";
import {SlashRule} from "../rules/SlashRule.sol";
import {SignerSet, SignerSets} from "../SignerSet.sol";
import {Accusations} from "./Accusations.sol";
import {Conflicts} from "./Conflicts.sol";
import {ISlasher} from "./ISlasher.sol";
import {Punishment} from "./Punishment.sol";

/// @dev What it promises stands at {ISlasher}.
contract Slasher is Accusations, Conflicts {
    using SignerSets for SignerSet;

    IFeeds public immutable feeds;
    IBundleHub public immutable bundleHub;

    /// @dev In which a provider may say one thing.
    struct Round {
        bytes32 question;
        uint32 epoch;
        uint8 round;
    }

    constructor(
        address wiring_,
        address stakeManager_,
        address feeds_,
        address bundleHub_,
        address collateral_,
        address insurance_,
        address policy_,
        address[2] memory consumers,
        SlasherLimits memory limits
    )
        Punishment(wiring_, stakeManager_, limits.periodSeconds)
        Accusations(collateral_, insurance_, limits.bond, limits.fee, limits.caseSeconds)
        Conflicts(policy_, consumers)
    {
        (feeds, bundleHub) = (IFeeds(feeds_), IBundleHub(bundleHub_));
    }

    /* WHAT ANYBODY CAN SHOW */

    /// @inheritdoc ISlasher
    function equivocatedReports(
        bytes32 question,
        uint32 epoch,
        uint8 round,
        int96[2] calldata values,
        bytes calldata first,
        bytes calldata second
    ) external {
        Round memory at = Round(question, epoch, round);
        _equivocated(_keyOf(at), _valueIn(at, values[0]), _valueIn(at, values[1]), first, second);
    }

    /// @inheritdoc ISlasher
    function equivocatedRoots(
        bytes32 question,
        uint32 epoch,
        uint8 round,
        bytes32[2] calldata roots,
        bytes calldata first,
        bytes calldata second
    ) external {
        Round memory at = Round(question, epoch, round);
        _equivocated(_keyOf(at), _rootIn(at, roots[0]), _rootIn(at, roots[1]), first, second);
    }

    /// @inheritdoc ISlasher
    function equivocatedKinds(
        bytes32 question,
        uint32 epoch,
        uint8 round,
        int96 value,
        bytes32 root,
        bytes calldata ofValue,
        bytes calldata ofRoot
    ) external {
        Round memory at = Round(question, epoch, round);
        _equivocated(_keyOf(at), _valueIn(at, value), _rootIn(at, root), ofValue, ofRoot);
    }

    /// @inheritdoc ISlasher
    function equivocatedFeeds(
        bytes32 feed,
        uint40 observedAt,
        uint32 epoch,
        int96[2] calldata values,
        bytes calldata first,
        bytes calldata second
    ) external {
        _equivocated(
            keccak256(abi.encode(feed, observedAt, epoch)),
            feeds.digestOf(feed, values[0], observedAt, epoch),
            feeds.digestOf(feed, values[1], observedAt, epoch),
            first,
            second
        );
    }

    /// @inheritdoc ISlasher
    function equivocatedFacts(bytes calldata evidence, bytes calldata first, bytes calldata second) external {
        (bytes32 key, bytes32 digest, bytes32 other) = bundleHub.attesters().conflictOf(evidence);
        _punishEquivocation(key, digest, other, first, second);
    }

    /// @inheritdoc ISlasher
    function falseFact(bytes calldata evidence, bytes calldata signature) external {
        (bytes32 key, bytes32 digest) = bundleHub.falsehoodOf(evidence);
        _punishEquivocation(key, digest, digest, signature, signature);
    }

    /// @inheritdoc ISlasher
    function outside(Question calldata terms, int96 value, bytes calldata signature) external {
        IOracle oracle = IOracle(wiring.oracle());
        bytes32 question = oracle.idOf(terms);
        (Status status, int96 answer,,) = oracle.get(question);
        require(status == Status.Final, Slasher_NotFinal(question));
        uint256 distance = value > answer ? _distance(value, answer) : _distance(answer, value);
        require(
            terms.tolerance != 0 && value >= terms.min && value <= terms.max && distance > terms.tolerance,
            Slasher_NotOutside(question, value)
        );
        address owner = _ownerOf(_reporter(oracle, question, value, signature));
        _punishOutside(owner, question, value, distance, terms.tolerance);
    }

    /* LADDER AND COURT */

    /// @inheritdoc ISlasher
    function overturned(bytes32 fault, uint8 domain, uint32 epoch, uint256 seats, address challenger) external {
        _only(wiring.ladder());
        SignerSet memory set = SignerSets.read(stakeManager.signerSetOf(domain, epoch));
        uint256 wrong = _weightOf(set, seats);
        for (uint256 seat; seat < set.count; ++seat) {
            if (seats >> seat & 1 == 0) continue;
            (address signer,) = set.seatAt(seat);
            _punishOverturned(stakeManager.ownerOf(signer), wrong, set.totalWeight(), challenger, fault);
        }
    }

    /// @inheritdoc ISlasher
    function tooEarly(bytes32 fault, uint8 domain, uint32 epoch, uint256 seats, uint96 deposit, address challenger)
        external
    {
        _only(wiring.ladder());
        SignerSet memory set = SignerSets.read(stakeManager.signerSetOf(domain, epoch));
        uint256 early = _weightOf(set, seats);
        for (uint256 seat; seat < set.count; ++seat) {
            if (seats >> seat & 1 == 0) continue;
            (address signer, uint96 weight) = set.seatAt(seat);
            uint256 amount = SlashRule.tooEarlyOf(deposit, weight, early);
            _takeAmount(stakeManager.ownerOf(signer), amount, challenger, fault);
        }
    }

    /// @inheritdoc ISlasher
    function juror(address signer, bytes32 fault, JurorFault kind, address challenger) external {
        _only(wiring.court());
        address owner = stakeManager.ownerOf(signer);
        // Who said in time that he holds a position does right to stay away.
        if (kind == JurorFault.Missing && _shown[owner][fault]) return;
        bool equivocal = kind == JurorFault.Equivocal;
        _takePpm(owner, _ppmOf(kind), challenger, fault, equivocal || kind == JurorFault.Leaked);
        if (equivocal && owner != address(0)) _ban(owner);
    }

    /* INSIDE */

    function _only(address wire) private view {
        require(msg.sender == wire, Slasher_NotAllowed(msg.sender));
    }

    /// @dev Whatever is signed for one question, epoch and round is one fault, values and roots alike.
    function _keyOf(Round memory at) private pure returns (bytes32) {
        return keccak256(abi.encode(at));
    }

    /// @dev Whoever says "not yet" and later, in the same round, what came about, says nothing against himself.
    function _valueIn(Round memory at, int96 value) private view returns (bytes32 digest) {
        require(value != TOO_EARLY, Slasher_TooEarlyIsNoAnswer(at.question));
        return IOracle(wiring.oracle()).reportDigest(at.question, value, at.epoch, at.round);
    }

    function _rootIn(Round memory at, bytes32 root) private view returns (bytes32 digest) {
        return IOracle(wiring.oracle()).rootDigest(at.question, root, at.epoch, at.round);
    }

    /// @dev Two different statements about one thing, both signed by one key. The fault is the thing, so that of three
    ///      statements no second pair takes anything more.
    function _equivocated(
        bytes32 key,
        bytes32 digest,
        bytes32 other,
        bytes calldata signature,
        bytes calldata otherSignature
    ) private {
        require(digest != other, Slasher_NotTwo(digest));
        _punishEquivocation(key, digest, other, signature, otherSignature);
    }

    /// @dev The two digests may be one: a batch can contradict itself.
    function _punishEquivocation(
        bytes32 key,
        bytes32 digest,
        bytes32 other,
        bytes calldata signature,
        bytes calldata otherSignature
    ) private {
        address signer = ECDSA.tryRecoverCalldata(digest, signature);
        address second = ECDSA.tryRecoverCalldata(other, otherSignature);
        require(signer == second, Slasher_NotOne(signer, second));
        address owner = _ownerOf(signer);
        bytes32 fault = keccak256(abi.encode("equivocation", key));
        require(!stakeManager.isSlashed(owner, fault), Slasher_AlreadyPunished(owner, fault));

        emit Equivocated(owner, signer, digest, other);

        _takePpm(owner, SlashRule.EQUIVOCATION, msg.sender, fault, true);
        _ban(owner);
    }

    function _punishOverturned(address owner, uint256 wrong, uint256 all, address challenger, bytes32 fault) private {
        if (stakeManager.isSlashed(owner, fault)) return;
        Series storage series = _series[owner];
        uint40 now_ = uint40(block.timestamp);
        uint256 earlier = SlashRule.seriesOf(series.overturned, series.overturnedAt, now_);
        (series.overturned, series.overturnedAt) = (earlier < 255 ? uint8(earlier) : 255, now_);
        _takePpm(owner, SlashRule.overturnedPpm(wrong, all, earlier), challenger, fault, true);
    }

    /// @dev Who signed `value` for the epoch and round of the answer.
    function _reporter(IOracle oracle, bytes32 question, int96 value, bytes calldata signature)
        private
        view
        returns (address)
    {
        AnswerWord word = oracle.wordOf(question);
        bytes32 digest = oracle.reportDigest(question, value, word.epoch(), word.round());
        return ECDSA.tryRecoverCalldata(digest, signature);
    }

    function _punishOutside(address owner, bytes32 question, int96 value, uint256 distance, uint256 tolerance) private {
        bytes32 fault = keccak256(abi.encode("outside", question));
        require(!_shown[owner][fault], Slasher_AlreadyPunished(owner, fault));

        _shown[owner][fault] = true;
        uint40 lastAt = _series[owner].outsideAt;
        _series[owner].outsideAt = uint40(block.timestamp);
        uint256 ppm = SlashRule.outsidePpm(distance, tolerance, lastAt, uint40(block.timestamp));
        uint96 taken = _takePpm(owner, ppm, msg.sender, fault, false);

        emit Outside(owner, question, value, taken);
    }

    function _weightOf(SignerSet memory set, uint256 seats) private pure returns (uint256 weight) {
        for (uint256 seat; seat < set.count; ++seat) {
            (, uint96 one) = set.seatAt(seat);
            if (seats >> seat & 1 == 1) weight += one;
        }
    }

    function _ppmOf(JurorFault kind) private pure returns (uint256) {
        if (kind == JurorFault.Missing) return SlashRule.JUROR_MISSING;
        if (kind == JurorFault.Incoherent) return SlashRule.JUROR_INCOHERENT;
        if (kind == JurorFault.Withheld) return SlashRule.NO_REVEAL;
        return kind == JurorFault.Leaked ? SlashRule.VOTE_LEAKED : SlashRule.EQUIVOCATION;
    }

    function _distance(int96 larger, int96 smaller) private pure returns (uint256) {
        return uint256(int256(larger) - int256(smaller));
    }
}
