// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ECDSA} from "solady/utils/ECDSA.sol";
import {EIP712} from "solady/utils/EIP712.sol";
import {Aggregator} from "../Aggregator.sol";
import {Aggregation} from "../IOracle.sol";
import {IStakeManager} from "../IStakeManager.sol";
import {ReportFrame, ReportVerifier} from "../ReportVerifier.sol";
import {SignerSet, SignerSets} from "../SignerSet.sol";
import {FeedIds} from "./FeedIds.sol";
import {FeedWord, FeedWords} from "./FeedWord.sol";
import {AggregatedSignature, Feed, FeedStatus, IFeeds, Scheme} from "./IFeeds.sol";
import {SchnorrSets} from "./SchnorrSets.sol";
import {SchnorrVerifier} from "./SchnorrVerifier.sol";

interface IEpochLength {
    function EPOCH_SECONDS() external view returns (uint40);
}

/// @dev What it promises and assumes stands at {IFeeds}.
contract Feeds is IFeeds, EIP712 {
    using FeedIds for bytes32;
    using SignerSets for SignerSet;
    using ReportVerifier for ReportFrame;
    using Aggregator for bytes;

    /// @dev The points of a domain's signer set, one slot.
    struct Points {
        address blob;
        uint32 epoch;
        uint40 until;
    }

    uint256 private constant BPS = 10_000;
    uint256 private constant STRONG_BPS = 9_000;
    uint256 private constant STALE_HEARTBEATS = 2;
    uint256 private constant ANEW_HEARTBEATS = 16;
    uint256 private constant GATHERING_ROUNDS = 4;
    uint256 private constant MAX_SCHEMA_BYTES = 16_384;
    uint256 private constant DOMAINS = 16;
    uint256 private constant APART_STEP_BPS = 20;

    IStakeManager public immutable stakeManager;
    /// @notice Whether aggregated signatures (V3) are accepted here.
    bool public immutable AGGREGATION;

    /// @dev How long points count beyond the moment at which their epoch may end.
    uint40 public immutable GRACE_SECONDS;

    mapping(bytes32 feed => FeedWord) private _words;
    mapping(uint8 domain => Points) private _points;
    /// @inheritdoc IFeeds
    mapping(bytes32 feed => bytes32) public secondaryOf;

    constructor(address stakeManager_, bool aggregation) {
        stakeManager = IStakeManager(stakeManager_);
        AGGREGATION = aggregation;
        GRACE_SECONDS = IEpochLength(stakeManager_).EPOCH_SECONDS();
    }

    /// @inheritdoc IFeeds
    function create(Feed calldata terms, string calldata schema) external returns (bytes32 feed) {
        _checkTerms(terms);
        uint256 length = bytes(schema).length;
        require(length != 0 && length <= MAX_SCHEMA_BYTES, Feeds_BadTerms("schema"));
        bytes32 hash = keccak256(bytes(schema));
        require(hash == terms.schema, Feeds_SchemaMismatch(terms.schema, hash));
        feed = FeedIds.idOf(terms);

        if (terms.secondary != 0) secondaryOf[feed] = terms.secondary;

        emit Created(feed, terms, schema);
    }

    /* UPDATING */

    /// @inheritdoc IFeeds
    function updateFirstParty(bytes32 template, int96 value, uint40 observedAt, bytes32 r, bytes32 vs) external {
        _requireScheme(template, Scheme.FirstParty);
        address signer = ECDSA.tryRecover(digestOf(template, value, observedAt, 0), r, vs);
        require(signer != address(0), Feeds_BadSignature(template));
        // There is no weight to ask more of: one who owns the source is believed or not used.
        _accept(FeedIds.firstParty(template, signer), value, observedAt, true);
    }

    /// @inheritdoc IFeeds
    function updateValues(bytes32 feed, uint40 observedAt, uint32 epoch, bytes calldata entries) external {
        (int96 value, uint256 weight, uint256 total) = _checkValues(feed, observedAt, epoch, entries);
        _accept(feed, value, observedAt, _isStrong(weight, total));
    }

    /// @inheritdoc IFeeds
    function updateAgreed(
        bytes32 feed,
        int96 value,
        uint40 observedAt,
        uint32 epoch,
        uint256 seats,
        bytes calldata signatures
    ) external {
        _requireScheme(feed, Scheme.Agreed);
        (uint256 weight, uint256 total) = _checkAgreed(feed, value, observedAt, epoch, seats, signatures);
        _accept(feed, value, observedAt, _isStrong(weight, total));
    }

    /// @inheritdoc IFeeds
    function updateAggregated(
        bytes32 feed,
        int96 value,
        uint40 observedAt,
        uint32 epoch,
        AggregatedSignature calldata signature
    ) external {
        _requireScheme(feed, Scheme.Aggregated);
        (uint256 weight, uint256 total) = _checkAggregated(feed, value, observedAt, epoch, signature);
        _accept(feed, value, observedAt, _isStrong(weight, total));
    }

    /// @inheritdoc IFeeds
    function buildSchnorrSet(uint8 domain, uint256[] calldata points, uint256 inverse) external {
        require(AGGREGATION, Feeds_AggregationOff());
        (address seats, uint32 epoch, uint40 pausedUntil) = stakeManager.signerSet(domain);
        require(block.timestamp >= pausedUntil, Feeds_Paused(domain, pausedUntil));
        address blob = SchnorrSets.write(SignerSets.read(seats), points, inverse);
        uint40 until = stakeManager.epochEndsAt(domain) + GRACE_SECONDS;

        _points[domain] = Points({blob: blob, epoch: epoch, until: until});

        emit SchnorrSetBuilt(domain, epoch, blob, until);
    }

    /// @inheritdoc IFeeds
    function dropSchnorrSet(uint8 domain) external {
        (, uint32 epoch, uint40 pausedUntil) = stakeManager.signerSet(domain);
        require(block.timestamp < pausedUntil || epoch != _points[domain].epoch, Feeds_SchnorrSetStands(domain));

        delete _points[domain];

        emit SchnorrSetDropped(domain);
    }

    /* VIEWS */

    /// @inheritdoc IFeeds
    function read(bytes32 feed)
        external
        view
        returns (FeedStatus status, int96 value, uint40 observedAt, uint32 round)
    {
        FeedWord word = _words[feed];
        (value, observedAt, round) = (word.value(), word.observedAt(), word.round());
        if (round == 0) status = FeedStatus.Unknown;
        else if (_isSilent(feed, observedAt, block.timestamp, STALE_HEARTBEATS)) status = FeedStatus.Stale;
        else status = word.isHalted() ? FeedStatus.Halted : FeedStatus.Fresh;
    }

    /// @inheritdoc IFeeds
    function checkValues(bytes32 feed, uint40 observedAt, uint32 epoch, bytes calldata entries)
        external
        view
        returns (int96 value, uint256 weight)
    {
        (value, weight,) = _checkValues(feed, observedAt, epoch, entries);
    }

    /// @inheritdoc IFeeds
    function checkAgreed(
        bytes32 feed,
        int96 value,
        uint40 observedAt,
        uint32 epoch,
        uint256 seats,
        bytes calldata signatures
    ) external view returns (uint256 weight) {
        _requireScheme(feed, Scheme.Agreed);
        (weight,) = _checkAgreed(feed, value, observedAt, epoch, seats, signatures);
    }

    /// @inheritdoc IFeeds
    function checkAggregated(
        bytes32 feed,
        int96 value,
        uint40 observedAt,
        uint32 epoch,
        AggregatedSignature calldata signature
    ) external view returns (uint256 weight) {
        _requireScheme(feed, Scheme.Aggregated);
        (weight,) = _checkAggregated(feed, value, observedAt, epoch, signature);
    }

    /// @inheritdoc IFeeds
    function idOf(Feed calldata terms) external pure returns (bytes32) {
        return FeedIds.idOf(terms);
    }

    /// @inheritdoc IFeeds
    function momentOf(bytes32 feed, uint40 observedAt) public pure returns (bytes32 moment) {
        assembly ("memory-safe") {
            mstore(0, feed)
            mstore(32, observedAt)
            moment := keccak256(0, 64)
        }
    }

    /// @inheritdoc IFeeds
    function digestOf(bytes32 feed, int96 value, uint40 observedAt, uint32 epoch) public view returns (bytes32) {
        return ReportFrame(_domainSeparator(), momentOf(feed, observedAt), epoch, 0, 0).digestOf(value);
    }

    /* INSIDE */

    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("Sooth Feeds", "1");
    }

    function _checkTerms(Feed calldata terms) private view {
        bool firstParty = terms.scheme == Scheme.FirstParty;
        require(terms.domain < DOMAINS, Feeds_BadTerms("domain"));
        require(terms.heartbeat != 0, Feeds_BadTerms("heartbeat"));
        require(terms.bandBps <= BPS, Feeds_BadTerms("bandBps"));
        require(firstParty == (terms.signer != address(0)), Feeds_BadTerms("signer"));
        require(!firstParty || terms.jump == 0, Feeds_BadTerms("jump"));
        require((terms.secondary == 0) == (terms.apart == 0), Feeds_BadTerms("apart"));
        bool fits = !firstParty && terms.secondary.decimalsOf() == terms.decimals;
        require(terms.secondary == 0 || fits, Feeds_BadTerms("secondary"));
        require(AGGREGATION || terms.scheme != Scheme.Aggregated, Feeds_AggregationOff());
    }

    function _requireScheme(bytes32 feed, Scheme scheme) private pure {
        require(feed.schemeOf() == uint256(scheme), Feeds_WrongScheme(feed, scheme));
    }

    function _current(bytes32 feed, uint32 epoch) private view returns (address blob) {
        uint8 domain = feed.domainOf();
        uint32 current;
        uint40 pausedUntil;
        (blob, current, pausedUntil) = stakeManager.signerSet(domain);
        require(block.timestamp >= pausedUntil, Feeds_Paused(domain, pausedUntil));
        require(epoch == current, Feeds_StaleEpoch(epoch, current));
    }

    function _frame(bytes32 feed, uint40 observedAt, uint32 epoch)
        private
        view
        returns (ReportFrame memory frame, SignerSet memory set)
    {
        set = SignerSets.read(_current(feed, epoch));
        frame = ReportFrame(_domainSeparator(), momentOf(feed, observedAt), epoch, 0, 0);
    }

    function _checkValues(bytes32 feed, uint40 observedAt, uint32 epoch, bytes calldata entries)
        private
        view
        returns (int96 value, uint256 weight, uint256 total)
    {
        _requireScheme(feed, Scheme.Values);
        (ReportFrame memory frame, SignerSet memory set) = _frame(feed, observedAt, epoch);
        (, weight) = frame.checkValues(set, entries);
        (value,) = entries.answer(frame.question, Aggregation.Median, 0, set, weight);
        total = set.totalWeight();
    }

    function _checkAgreed(
        bytes32 feed,
        int96 value,
        uint40 observedAt,
        uint32 epoch,
        uint256 seats,
        bytes calldata signatures
    ) private view returns (uint256 weight, uint256 total) {
        (ReportFrame memory frame, SignerSet memory set) = _frame(feed, observedAt, epoch);
        weight = frame.checkAgreed(set, value, seats, signatures);
        total = set.totalWeight();
        _requireQuorum(feed, weight, total);
    }

    function _checkAggregated(
        bytes32 feed,
        int96 value,
        uint40 observedAt,
        uint32 epoch,
        AggregatedSignature calldata signature
    ) private view returns (uint256 weight, uint256 total) {
        require(AGGREGATION, Feeds_AggregationOff());
        Points storage points = _points[feed.domainOf()];
        (address blob, uint32 current, uint40 until) = (points.blob, points.epoch, points.until);
        require(current == epoch && block.timestamp < until, Feeds_NoSchnorrSet(feed.domainOf(), epoch));
        (weight, total) = SchnorrVerifier.check(blob, digestOf(feed, value, observedAt, epoch), signature);
        require(weight != 0, Feeds_BadSignature(feed));
        _requireQuorum(feed, weight, total);
    }

    function _requireQuorum(bytes32 feed, uint256 weight, uint256 total) private pure {
        require(3 * weight > 2 * total, Feeds_NoQuorum(feed, weight, 2 * total / 3 + 1));
    }

    function _isStrong(uint256 weight, uint256 total) private pure returns (bool) {
        return weight * BPS >= total * STRONG_BPS;
    }

    function _isSilent(bytes32 feed, uint40 since, uint256 at, uint256 heartbeats) private pure returns (bool) {
        // 40 bits, 5 bits and 24 bits.
        unchecked {
            return at > since + heartbeats * feed.heartbeatOf();
        }
    }

    /// @dev Everything that an update is asked apart from who signed it. `strong`: 90 % of all weight, or the owner.
    function _accept(bytes32 feed, int96 value, uint40 observedAt, bool strong) private {
        FeedWord last = _words[feed];
        uint40 before = last.observedAt();
        require(observedAt > before, Feeds_NotNewer(feed, observedAt, before));
        require(observedAt <= block.timestamp, Feeds_FromTheFuture(feed, observedAt));
        require(!_isSilent(feed, observedAt, block.timestamp, 1), Feeds_TooOld(feed, observedAt));

        if (!strong) {
            bool refused;
            uint256 silence;
            uint256 heartbeat = feed.heartbeatOf();
            // 40 bits, the later less the earlier; 24 bits by 5.
            unchecked {
                silence = observedAt - before;
                // Of a feed that was never told it is half a century: no heartbeat is as long.
                if (silence <= heartbeat * ANEW_HEARTBEATS) {
                    // Halted, or silent for so long that the old value is no measure any more: more must vouch for the next.
                    bool unsure = last.isHalted() || silence > heartbeat * STALE_HEARTBEATS;
                    require(!unsure, Feeds_NeedsMore(feed, STRONG_BPS));
                    refused = _isJump(feed, last, value);
                }
            }
            if (refused || feed.apartOf() != 0 && _isApart(feed, value)) {
                _words[feed] = last.halted();
                emit Tripped(feed, value, observedAt);
                return;
            }
        }
        FeedWord next = last.next(value, observedAt);

        _words[feed] = next;

        emit Updated(feed, next);
    }

    /// @dev Further from what the secondary feed says now than the terms allow. One that is not fresh has no say.
    function _isApart(bytes32 feed, int96 value) private view returns (bool) {
        bytes32 secondary = secondaryOf[feed];
        require(secondary != 0, Feeds_NotCreated(feed));
        FeedWord other = _words[secondary];
        bool silent = _isSilent(secondary, other.observedAt(), block.timestamp, STALE_HEARTBEATS);
        if (silent || other.isHalted() || other.round() == 0) return false;
        int256 from = other.value();
        return other.stepTo(value) * BPS > uint256(from < 0 ? -from : from) * feed.apartOf() * APART_STEP_BPS;
    }

    function _isJump(bytes32 feed, FeedWord last, int96 value) private pure returns (bool) {
        uint256 jump = feed.jumpOf();
        if (jump == 0 || last.round() < GATHERING_ROUNDS) return false;
        uint256 step = last.stepTo(value);
        // 96 bits times 16, 88 bits times 8.
        unchecked {
            if (step <= jump * last.deviation()) return false;
            int256 from = last.value();
            return step > uint256(from < 0 ? -from : from) * feed.bandOf() / BPS;
        }
    }
}
