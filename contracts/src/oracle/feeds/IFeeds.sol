// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FeedWord} from "./FeedWord.sol";

/// @dev How an update proves who says it.
enum Scheme {
    FirstParty, // V0: the owner of the source signs; his address is part of the feed's id
    Values, // V1: every provider signs his own value, the weighted median counts
    Agreed, // V2: a quorum co-signs one value
    Aggregated // V3: a quorum's one Schnorr signature; only where the deployment switched it on
}

enum FeedStatus {
    Unknown, // no update yet
    Fresh,
    Stale, // silent for longer than two heartbeats
    Halted // a jump was refused; the next value needs 90 % of all weight
}

/// @dev A feed IS the hash of these terms. What an update needs of them stands in the low bits of the id, see {FeedIds}.
struct Feed {
    bytes32 schema; // keccak256 of the schema text: what is told, of which sources
    Scheme scheme;
    uint8 domain; // whose signer set tells it
    uint8 decimals; // of a value
    uint24 heartbeat; // seconds: an update is due at least so often
    uint8 jump; // a step above `jump` times the trailing mean step is refused by an ordinary quorum; 0: never
    uint16 bandBps; // a step within these basis points of the last value is no jump, however calm the feed was
    address signer; // FirstParty: who signs. Otherwise zero
    bytes32 secondary; // a feed of the same decimals that has a second opinion; zero: none
    uint8 apart; // how far from it a value may be, in steps of 20 basis points of it; 0 without one
    uint64 nonce;
}

/// @notice Values that are told again and again. The newest stands; who wants the history reads the log.
/// @dev Not disputable: what an update says is used at once. Who signs two values for one moment is slashed.
/// @dev A breaker trips and ends by itself: a jump halts the feed until 90 % of all weight sign a value, or until 16
///      heartbeats of silence, after which an ordinary quorum may start it anew. The deviation that a jump is measured
///      by is the mean step, with 1/8 of every new one mixed in: a running stand-in for the deviation of trailing rounds.
///      The first four rounds only gather it.
/// @dev A feed may name a second one. Then a value too far from what that one says, while it is fresh, halts the feed as a
///      jump does, from the first round on. So whoever tells the second opinion can have more weight asked for, and nothing
///      else: while it is silent or halted itself, it has no say.
/// @dev Moves no money.
interface IFeeds {
    event Created(bytes32 indexed feed, Feed terms, string schema);
    /// @param word value, moment and round as they are stored: see {FeedWord}
    event Updated(bytes32 indexed feed, FeedWord word);
    /// @notice A quorum signed a value too far from the last one, or from the secondary feed's. It was not taken.
    event Tripped(bytes32 indexed feed, int96 refused, uint40 observedAt);
    event SchnorrSetBuilt(uint8 indexed domain, uint32 indexed epoch, address blob, uint40 until);
    event SchnorrSetDropped(uint8 indexed domain);

    error Feeds_BadTerms(string what);
    error Feeds_SchemaMismatch(bytes32 wanted, bytes32 got);
    error Feeds_WrongScheme(bytes32 feed, Scheme scheme);
    error Feeds_Paused(uint8 domain, uint40 until);
    error Feeds_StaleEpoch(uint32 signed, uint32 current);
    error Feeds_NotNewer(bytes32 feed, uint40 observedAt, uint40 last);
    error Feeds_FromTheFuture(bytes32 feed, uint40 observedAt);
    error Feeds_TooOld(bytes32 feed, uint40 observedAt);
    error Feeds_NoQuorum(bytes32 feed, uint256 weight, uint256 needed);
    /// @dev After a jump or a long silence an ordinary quorum is not enough.
    error Feeds_NeedsMore(bytes32 feed, uint256 bps);
    error Feeds_BadSignature(bytes32 feed);
    error Feeds_AggregationOff();
    error Feeds_NoSchnorrSet(uint8 domain, uint32 epoch);
    error Feeds_SchnorrSetStands(uint8 domain);
    error Feeds_BadPoint(uint256 seat);
    error Feeds_NoData(bytes32 feed);
    /// @dev Its id says that there is a secondary feed, and nobody has said which.
    error Feeds_NotCreated(bytes32 feed);

    /// @notice Logs the terms of a feed. Nothing is stored, and an update of a feed that nobody created works as well, but for
    ///         a secondary feed: its id is, and updates wait for it.
    function create(Feed calldata terms, string calldata schema) external returns (bytes32 feed);

    /// @notice Takes a value that the owner of the source signed (V0).
    /// @param template the id of the same terms with `signer` zero
    function updateFirstParty(bytes32 template, int96 value, uint40 observedAt, bytes32 r, bytes32 vs) external;
    /// @notice Takes the weighted median of own values (V1).
    /// @param entries as in {IOracle.reportValues}, signed for `momentOf(feed, observedAt)`, round 0, this contract's domain
    function updateValues(bytes32 feed, uint40 observedAt, uint32 epoch, bytes calldata entries) external;
    /// @notice Takes a co-signed value (V2); parameters as in {IOracle.reportAgreed}.
    function updateAgreed(
        bytes32 feed,
        int96 value,
        uint40 observedAt,
        uint32 epoch,
        uint256 seats,
        bytes calldata signatures
    ) external;
    /// @notice Takes a value with one aggregated signature (V3).
    function updateAggregated(
        bytes32 feed,
        int96 value,
        uint40 observedAt,
        uint32 epoch,
        AggregatedSignature calldata signature
    ) external;

    /// @notice The newest value.
    function read(bytes32 feed) external view returns (FeedStatus status, int96 value, uint40 observedAt, uint32 round);

    /// @notice Pull: checks own values (V1) as {updateValues} does, and stores nothing.
    /// @dev Every check proves who signed what, and no more: it asks neither how old the moment is nor what the breaker says
    ///      of the value. Whoever brings the bytes chooses the moment, among those of the current epoch, and which more than
    ///      two thirds to show. A consumer bounds `observedAt`; {read} knows of a halt. A value of one key (V0) needs no
    ///      check here: it recovers from {digestOf} with epoch 0, or it is not his.
    /// @return value the weighted median of the entries
    /// @return weight of the signers, more than two thirds
    function checkValues(bytes32 feed, uint40 observedAt, uint32 epoch, bytes calldata entries)
        external
        view
        returns (int96 value, uint256 weight);
    /// @notice Pull: checks co-signatures without storing anything. @return weight of the signers, more than two thirds
    function checkAgreed(
        bytes32 feed,
        int96 value,
        uint40 observedAt,
        uint32 epoch,
        uint256 seats,
        bytes calldata signatures
    ) external view returns (uint256 weight);
    function checkAggregated(
        bytes32 feed,
        int96 value,
        uint40 observedAt,
        uint32 epoch,
        AggregatedSignature calldata signature
    ) external view returns (uint256 weight);

    /// @notice Keeps the keys of the domain's current signer set as curve points, with their sum. Anyone.
    /// @dev They count until one EPOCH_SECONDS after their epoch may end, without another look at the stake manager: that
    ///      look costs more than the signature. Signers stay slashable for longer than that.
    /// @dev A point is proved by its hash, which is the signer's address; that he holds the key he proved on joining.
    /// @param points x, y of every seat in order
    /// @param inverse 1/z of the sum, so that the contract need not compute it
    function buildSchnorrSet(uint8 domain, uint256[] calldata points, uint256 inverse) external;
    /// @notice Drops the points of a domain that is paused or whose epoch is over. Anyone.
    function dropSchnorrSet(uint8 domain) external;
    /// @notice The secondary feed; zero for none, and while nobody created a feed that has one.
    function secondaryOf(bytes32 feed) external view returns (bytes32);

    function idOf(Feed calldata terms) external pure returns (bytes32);
    /// @notice What stands for the question in the digest that providers sign.
    function momentOf(bytes32 feed, uint40 observedAt) external pure returns (bytes32);
    /// @notice EIP-712 Report(bytes32 question,int96 value,uint32 epoch,uint8 round) of this contract, round 0.
    function digestOf(bytes32 feed, int96 value, uint40 observedAt, uint32 epoch) external view returns (bytes32);
}

/// @dev One Schnorr signature over secp256k1 for the sum P of the signers' keys: s*G = R + e*P,
///      e = keccak256(px | parity of py (27 or 28) | digest | address of R) mod N.
struct AggregatedSignature {
    uint256 seats; // bitmap of the signers
    uint256 s;
    uint256 inverse; // 1/z of the sum in the coordinates that the contract adds in
    address commitment; // of R
    bool byAbsent; // subtract those who did not sign from the sum of all; cheaper when most signed
}
