// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle, LegStatus, Outcome} from "./BundleTypes.sol";
import {BundleWord} from "./BundleWord.sol";
import {IAttesters} from "./IAttesters.sol";

/// A bundle that its owner signed, opened by somebody else.
struct Opening {
    Bundle bundle;
    bytes signature; // over the id; r | s | v, r | vs, or what the owner's contract takes (ERC-1271)
    bytes legs; // logged when given; see {IBundleHub-open}
}

/// The RECEIPT fact of a leg of a bundle.
struct LegResult {
    uint8 index;
    LegStatus status;
    bytes32 result;
    address relayer;
}

/// That every leg of an ordered bundle ran well, but for those that compensate another.
struct Completion {
    bytes32 id;
    LegResult[] results; // Ok all of them
    bytes compensations; // empty when every leg ran, else abi.encode(Compensations)
}

/// Which legs compensate: they are shown as what their hashes are made of.
struct Compensations {
    Bundle bundle;
    bytes32[] legHashes;
    uint8[] places;
    bytes32[13][] words; // of each, as {BundleHashes-legHash} hashes them
}

/// A leg of an ordered bundle failed, or was missed.
struct Failure {
    bytes32 id;
    LegResult result;
}

/// Legs whose shares of a decided bundle's fee are due.
struct Settlement {
    Bundle bundle;
    LegResult[] results;
}

/// Why a bundle among many was passed over.
enum Refusal {
    NotOpen, // decided before, or never opened
    OpenAlready, // whatever became of it
    BadTerms,
    BadSignature,
    NoCredit, // its owner has not deposited its fee
    Late, // its deadline has passed
    Early, // its deadline has not passed yet, or not long enough
    OtherMode
}

/// Given for ever at construction.
struct HubLimits {
    address verifier; // believed about other chains
    address attesters; // whose signer sets share the pots
    address stakeManager; // who earns for a signing key
    address guardian;
    uint40 longestWindow; // seconds from opening to deadline
    uint40 graceSeconds; // after the deadline, before anybody may abort an ordered bundle: until what is so on any chain is final
    uint40 reclaimSeconds; // after the deadline, before the owner takes back shares that nobody claimed
    uint16 attesterBps; // of every share
}

/// @notice Where bundles are opened and decided, each once. Its state is the decision: what it says here holds on all chains.
/// @dev A bundle is one word: Open, then Committed or Aborted, and never anything else again; see docs/decisions/bundles.md.
///      Its id is the digest that its owner signs, so nobody can open another's, or the same one twice.
/// @dev Fees, in wei: held = fees of bundles less the shares that went out + credits + pots not claimed. Each leg's share is
///      the fee over the number of legs, rounded down: to whoever its receipt names less a part to the attesters of the
///      epoch of then, all of it to the owner when it names nobody, or himself. Of an ordered leg that did not run a quarter is due, and
///      the rest is the owner's. What rounding leaves is the owner's, with the last share.
/// @dev The guardian may pause opening, and committing escrowed bundles. Ordered ones commit all the same: all has happened
///      already, and an abort would only undo it.
/// @dev In calls of many, one that cannot be done is passed over with {Refused}, whatever the reason: somebody else did it
///      first, as a rule. What is not proved reverts.
interface IBundleHub {
    /// @param base ordinal of the first leg; the others follow
    /// @param legs abi.encode(Leg[]), or empty: then they stay private until they run
    event Opened(bytes32 indexed id, address indexed owner, uint64 base, Bundle bundle, bytes legs);
    /// @notice Nobody opened it until its deadline, and nobody ever will: {Decided} Aborted, without a fee. Its owner may never have
    ///         signed it.
    /// @param base ordinal of the first leg; the others follow
    /// @param legs as of {Opened}
    event Unopened(bytes32 indexed id, address indexed owner, uint64 base, Bundle bundle, bytes legs);
    event Decided(bytes32 indexed id, uint64 base, Outcome outcome);
    event Refused(bytes32 indexed id, Refusal why);
    event ToppedUp(bytes32 indexed id, address indexed from, uint96 amount);
    /// @notice Legs of a bundle for all to read. Whoever shows them is not believed: they are its legs when they hash to it.
    event Shown(bytes32 indexed id, bytes legs);
    /// @param amount what was due of the leg's share; what it lacks of the share went to the owner
    /// @param relayer zero: the share went to the owner
    event ShareSettled(
        bytes32 indexed id, uint8 index, address indexed relayer, uint96 amount, uint32 epoch, uint96 toAttesters
    );
    event Reclaimed(bytes32 indexed id, uint96 amount);
    event Deposited(address indexed account, address indexed from, uint256 amount);
    event Withdrawn(address indexed account, address indexed to, uint256 amount);
    event PotClaimed(uint32 indexed epoch, uint8 seat, address indexed owner, uint256 amount);

    error Hub_BadLimits(string what);
    error Hub_BadTerms(string what);
    error Hub_OpenAlready(bytes32 id);
    error Hub_NotOpen(bytes32 id, Outcome outcome);
    error Hub_NotDecided(bytes32 id, Outcome outcome);
    error Hub_NotOwner(address owner, address caller);
    error Hub_WrongFee(uint96 fee, uint256 value);
    error Hub_FeeTooLarge(uint256 fee);
    error Hub_Late(bytes32 id, uint40 deadline);
    error Hub_Early(bytes32 id, uint256 notBefore);
    error Hub_Paused(uint40 until);
    error Hub_BadResult(bytes32 id, uint8 index, string what);
    /// @notice No leg but a compensation may be missing.
    error Hub_NotCompleted(bytes32 id, uint32 missing);
    error Hub_BadCompensations(bytes32 id, string what);
    error Hub_InsufficientCredit(address account, uint256 credit, uint256 wanted);
    error Hub_NotFalse(uint256 kind, bytes32 subject);
    error Hub_NothingDue(uint32 epoch, uint8 seat);
    /// @dev From the transfer library: `to` refused the money.
    error ETHTransferFailed();

    /* OPENING */

    /// @notice Opens a bundle of the caller's, who pays its fee with the call.
    /// @param legs logged and not looked at: abi.encode(Leg[]) for all to read, or empty
    function open(Bundle calldata bundle, bytes calldata legs) external payable returns (bytes32 id);
    /// @notice Opens bundles that their owners signed. Fees are taken from the owners' credits. Anyone.
    function openMany(Opening[] calldata openings) external;
    /// @notice Logs legs of a bundle that was opened without them, or with others: those of {openMany} nobody signed. Anyone.
    function show(bytes32 id, bytes calldata legs) external;
    /// @notice Raises the fee of an open bundle by the value of the call. Anyone.
    function topUp(bytes32 id) external payable;

    /* DECIDING */

    /// @notice Commits escrowed bundles whose legs are all held, until their deadlines. Anyone.
    /// @param evidence of PREPARED, in the order of `ids`
    function commitPrepared(bytes32[] calldata ids, bytes calldata evidence) external;
    /// @notice Commits ordered bundles whose legs ran well, for as long as nobody aborted them. Anyone.
    /// @param evidence of RECEIPT of every result, in order
    function commitCompleted(Completion[] calldata completions, bytes calldata evidence) external;
    /// @notice Aborts a bundle of the caller's that is open.
    function abort(Bundle calldata bundle) external;
    /// @notice Aborts ordered bundles of which a leg failed or was missed. Anyone.
    /// @param evidence of RECEIPT of every failure, in order
    function abortFailed(Failure[] calldata failures, bytes calldata evidence) external;
    /// @notice Aborts bundles that nobody committed: escrowed ones after their deadlines, ordered ones when
    ///         the grace after theirs is over. Anyone, without anybody's signature.
    function expire(bytes32[] calldata ids) external;
    /// @notice Aborts an escrowed bundle that nobody opened until its deadline, so that what was set aside for it on any chain
    ///         comes back as of any other that was aborted, and not by the escape alone. Anyone, and nobody need have signed it.
    /// @dev Why it is written down here, where attesters could see that there is nothing: whoever was shown too few logs
    ///      would take silence for an answer, and say so.
    /// @param legs as of {open}
    function expireUnopened(Bundle calldata bundle, bytes calldata legs) external;

    /* LIES */

    /// @notice Whether `evidence`, abi.encode(Claim, bytes), is false by what had stood here for the grace when it can have been signed at the earliest:
    ///         reverts otherwise. Whoever signed the digest lied. The bytes: for OPENED abi.encode(Bundle, bytes32[] legHashes)
    ///         of the bundle that has the ordinal, for CURRENT abi.encode(uint32 epoch) of the epoch it names, else empty.
    /// @return key the subject and its kind, as of {IAttesters-conflictOf}
    function falsehoodOf(bytes calldata evidence) external view returns (bytes32 key, bytes32 digest);

    /* FEES */

    /// @notice Pays the shares of legs of decided bundles, each once, as credit. Anyone.
    /// @param evidence of RECEIPT of every result, in order
    function settle(Settlement[] calldata settlements, bytes calldata evidence) external;
    /// @notice Gives the owner what nobody claimed of a decided bundle's fee, once it is long over. Anyone.
    function reclaim(Bundle calldata bundle) external;
    /// @notice Credits the value of the call to `account`.
    function deposit(address account) external payable;
    /// @notice Pays credit of the caller out to `to`.
    function withdraw(address to, uint256 amount) external;
    /// @notice Credits the owner of a seat of an epoch with his part of its pot, by weight. Anyone, again when it has grown.
    function claimPot(uint32 epoch, uint8 seat) external returns (uint256 amount);

    /* VIEWS */

    function idOf(Bundle calldata bundle) external view returns (bytes32);
    /// @notice The stored word as it is; see {BundleWord}. 0: never opened.
    function wordOf(bytes32 id) external view returns (BundleWord);
    function outcomeOf(bytes32 id) external view returns (Outcome);
    /// @notice The first that no leg has. They begin at a number of the hub's own, so two hubs that the same attesters speak of
    ///         share none.
    function nextOrdinal() external view returns (uint64);
    /// @notice Whose sets share the pots, and whose signatures {falsehoodOf} is about.
    function attesters() external view returns (IAttesters);
    function creditOf(address account) external view returns (uint256);
    function potOf(uint32 epoch) external view returns (uint256);
}
