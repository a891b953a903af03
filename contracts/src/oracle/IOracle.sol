// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord} from "./AnswerWord.sol";
import {Dispute, RootAnswer, Ruling, Verdict} from "./Dispute.sol";

/// How signed values become one answer.
enum Aggregation {
    Plurality, // the value that holds more than half of ALL weight
    Median, // the weighted median of those who reported
    Root // many answers under one Merkle root, which all co-sign
}

/// What a consumer sees. It acts on Final and Invalid, on nothing else.
enum Status {
    Unknown, // never asked
    Open, // may be answered, now or from opensAt on
    Answered, // answered; anyone may still object until finalizeAt
    Disputed, // somebody objected: the ladder decides
    Final, // the answer stands for ever
    Invalid // no answer will come: everybody is refunded
}

/// @dev A question IS the hash of these terms: nothing but one word is stored for it.
struct Question {
    address asker; // pays the reward, gets it back when the question ends invalid
    bytes32 schema; // keccak256 of the schema text that `ask` logs: what is asked, of which sources, at what time
    Aggregation aggregation;
    int96 min; // inclusive bounds of a value; fixed point with the decimals that the schema names
    int96 max;
    uint96 tolerance; // a report this close to the answer counts towards its confidence; 0 for Plurality
    uint40 opensAt; // unix seconds; no report before, unless it may end early
    uint40 deadline; // unix seconds; without an answer by then the question is invalid
    uint32 liveness; // seconds between the answer and its finality, or more: see {IOracle}
    uint96 reward; // collateral for those who answer
    uint64 nonce; // lets one asker ask the same thing twice
    uint8 domain; // whose signer set answers: 0 to 15
    bool endsEarly; // what is asked about may end before opensAt, and be answered then, by more weight
    uint96 secures; // the most collateral that the asker lets depend on the answer
}

/// @dev What an oracle is built with.
struct OracleLimits {
    uint32 lowestWindow; // seconds to object in where less than 10,000 units are secured; more secure up to 96 times it
    uint32 maxLiveness; // the ladder checks that stake stays bound for longer than this and its own windows
    uint40 maxQuestionSeconds; // from asking to deadline
    uint16 providerShareBps; // of a reward; the rest is the treasury's
    uint96 unit; // smallest units of collateral in a whole one
    uint16 leastDeposit; // of a dispute, whole units
    uint16 mostDeposit;
    uint96 commitTier; // questions that secure as much take own-value reports only after a commitment
    uint32 commitSeconds; // the time to commit, and then the time to reveal
}

/// @notice Questions, the reports that staked providers sign, and the answers that quorums of them make.
/// @dev Finality is lazy: `Final` is a function of one stored word and the clock. No key can set or change an answer.
/// @dev Anyone may object to an answer until its finality. Then it is Disputed, and the ladder alone decides: it upholds,
///      replaces, reopens or invalidates. The seventh dispute is the last, each dearer by
///      twice; what a jury ruled is final. One that objects to nothing is dismissed, and takes nobody's right to object.
/// @dev The time to object follows what the question secures: with a lowest window of half an hour it is that under 10,000
///      units, 2 hours under 100,000, 6 under a million, 24 under ten million, else 48. The asker may say half of it and
///      more. Less than the whole holds only for an answer that at least seven signed with 95 % in agreement; else it is
///      the whole. Twice as long where less than 80 % agree, and while a breaker is tripped; both together are once.
///      Agreement is the confidence that is stored: the weight within tolerance of the answer, where it is co-signed the
///      weight that signed, both of ALL weight. So whoever is left out, or says something else, makes it no higher.
/// @dev A claim need not be within the question's bounds: one that is not says INVALID, except TOO_EARLY.
/// @dev Rounding: a reward is split in shares rounded down; what is left goes to the treasury. Shares are equal, but for
///      those whom the last record calls premium at the time of the split: theirs are twice as large.
/// @dev A question may have a watcher, named by its asker before it opens. He may put off the finality of one answer by one
///      liveness, so that others have time to look and to object; he can neither change nor end it, and not do so twice.
/// @dev Solvency: collateral held >= sum of credits + rewards of questions whose reward is not yet settled + deposits of
///      disputes that the ladder has not taken. What it has taken is part of its credit.
interface IOracle {
    event Asked(bytes32 indexed question, address indexed asker, Question terms, string schema);
    /// @notice The asker said how the question is to be read. Signatures of the round before are worthless.
    /// @param chain of all clarifications, each hashed to those before it
    event Clarified(bytes32 indexed question, uint8 round, bytes16 chain, string text);
    /// @param report what was accepted, so that logs alone prove the answer: own-value entries or co-signatures
    event Answered(bytes32 indexed question, AnswerWord word, bytes report);
    event AnsweredRoot(bytes32 indexed question, AnswerWord word, RootAnswer answer, bytes signatures);
    /// @param blob holds the words, after one byte
    event Packed(bytes32 indexed question, bytes32 root, address blob);
    /// @notice A quorum said "too early": the question is open again from `notBefore`.
    /// @param round the new one; what was signed, TOO_EARLY, was for the round before it
    event Reopened(
        bytes32 indexed question, uint8 round, uint32 epoch, uint40 notBefore, uint256 seats, bytes signatures
    );
    /// @notice A quorum co-signed a batch, so that logs alone prove that it did; see {commitReports}.
    event ReportsCommitted(
        bytes32 indexed question,
        uint8 round,
        uint256 phase,
        bytes32 chained,
        uint32 epoch,
        uint256 seats,
        bytes signatures
    );
    /// @notice The deposit left the disputer's credit: there is no Debited beside this.
    /// @param reason keccak256 of the text that says why, kept elsewhere; 0: none was given
    event Disputed(
        bytes32 indexed question,
        address indexed disputer,
        AnswerWord answer,
        int96 claim,
        uint96 deposit,
        bytes32 reason
    );
    event DisputedRoot(
        bytes32 indexed question,
        address indexed disputer,
        RootAnswer answer,
        int96 claim,
        bytes32 claimRoot,
        uint96 deposit,
        bytes32 reason
    );
    /// @param word what is stored now
    /// @param root that replaces another; its facts follow from the dispute's answer
    event Ruled(bytes32 indexed question, AnswerWord word, bytes32 dispute, Verdict verdict, bytes32 root);
    event Held(bytes32 indexed question, uint40 finalizeAt);
    /// @param watcher zero: nobody
    event WatcherSet(bytes32 indexed question, address watcher);
    /// @notice The question has no watcher from here on.
    /// @param reason as of {Disputed}
    event Vetoed(bytes32 indexed question, address indexed watcher, uint40 finalizeAt, bytes32 reason);
    /// @param premium bitmap of the seats whose work counted twice; who got what, {Credited} tells
    event RewardSettled(bytes32 indexed question, Status outcome, uint32 premium, uint96 toTreasury);
    event Credited(address indexed account, uint96 amount);
    event Debited(address indexed account, uint96 amount);

    error Oracle_AlreadyAsked(bytes32 question);
    error Oracle_NotAsker(address asker, address caller);
    error Oracle_BadTerms(string what);
    error Oracle_SchemaMismatch(bytes32 wanted, bytes32 got);
    error Oracle_NotOpen(bytes32 question, Status status);
    error Oracle_TooEarly(bytes32 question, uint40 opensAt);
    error Oracle_DeadlinePassed(bytes32 question, uint40 deadline);
    /// @param what "length" of the text, "late" (the question opened), "count" (sixteen there are)
    error Oracle_BadClarification(bytes32 question, string what);
    error Oracle_OutOfBounds(bytes32 question, int96 value);
    error Oracle_BadReport(bytes32 question, string what);
    error Oracle_BadSignature(bytes32 question, uint8 seat);
    error Oracle_Paused(bytes32 question, uint40 until);
    error Oracle_StaleEpoch(uint32 signed, uint32 current);
    error Oracle_NoQuorum(bytes32 question, uint256 weight, uint256 totalWeight);
    /// @notice Three times what the question secures must sign.
    error Oracle_Undersecured(bytes32 question, uint256 weight, uint256 wanted);
    /// @notice A question of the top tier takes own values only through {commitReports} and {reportCommitted}.
    error Oracle_CommitFirst(bytes32 question);
    error Oracle_NotCommitted(bytes32 question, bytes32 chained);
    /// @notice It is the other phase's time, until `until`.
    error Oracle_WrongPhase(bytes32 question, uint256 until);
    error Oracle_NotDisputable(bytes32 question, Status status);
    error Oracle_BadClaim(bytes32 question, int96 claim);
    /// @notice What was given is not what the question's word is the hash of.
    error Oracle_NotTheAnswer(bytes32 question);
    error Oracle_NotTheDispute(bytes32 question, bytes32 dispute);
    error Oracle_NotAllowed(address caller);
    error Oracle_NotWatcher(bytes32 question, address caller);
    error Oracle_NotSettleable(bytes32 question, Status status);
    error Oracle_RewardAlreadySettled(bytes32 question);
    error Oracle_InsufficientCredit(address account, uint96 credit, uint96 wanted);
    /// @dev These two come from the transfer library: the collateral refused to move.
    error TransferFailed();
    error TransferFromFailed();

    /* ASKING */

    /// @notice Asks `terms`. Takes the reward from the caller's credit, and what is missing from his tokens.
    /// @param schema canonical JSON, logged and not stored; its keccak256 is `terms.schema`
    function ask(Question calldata terms, string calldata schema) external returns (bytes32 question);
    /// @notice Says how the question is to be read, in 4,096 bytes at most. The asker only, before opensAt, sixteen times.
    /// @dev Opens a new round: whoever signed before read another question, and his signature is worthless.
    function clarify(Question calldata terms, string calldata text) external;

    /* REPORTING */

    /// @notice Answers with one value per provider (mode V1). Anyone may transmit.
    /// @dev Before opensAt only a question that may end early is answered, by nine tenths of all weight.
    /// @param entries 77 bytes each, ascending by value: seat (1) | value int96 (12) | r (32) | vs (32, EIP-2098)
    /// @param epoch the signer set that signed; must be the current one of the question's domain
    function reportValues(Question calldata terms, uint32 epoch, bytes calldata entries) external;
    /// @notice Answers with one value that all co-signed (mode V2). Also the way to say TOO_EARLY and INVALID.
    /// @param seats bitmap of the signers; `signatures` are r|vs, 64 bytes each, ascending by seat
    function reportAgreed(Question calldata terms, uint32 epoch, int96 value, uint256 seats, bytes calldata signatures)
        external;
    /// @notice Stores the hash of a batch of commitments that a quorum co-signed. Two quorums share more than a third of the
    ///         weight, so a phase has one batch, or who signed two is slashed: nobody can choose among commitments later.
    /// @dev Time is cut in pieces of COMMIT_SECONDS, by turns to commit and to reveal; two are a phase. What is committed in
    ///      one piece may be revealed in the next and never after: who copies what was revealed commits too late.
    /// @param chained keccak256 of the commitments, 32 bytes each, ascending by seat
    /// @param seats bitmap of the signers; what they sign is rootDigest(keccak256(abi.encode(question, phase)), chained, …)
    function commitReports(
        Question calldata terms,
        uint32 epoch,
        bytes32 chained,
        uint256 seats,
        bytes calldata signatures
    ) external;
    /// @notice As {reportValues}, of values that were committed before anybody showed his. In the first half of the time to
    ///         reveal only with all of the batch opened: else whoever is quicker could leave out whom he likes.
    /// @param commitments the whole batch: keccak256(abi.encode(question, epoch, round, seat, value, salt)) each
    /// @param openings for each entry 33 bytes: its place in the batch (1) | salt (32)
    function reportCommitted(
        Question calldata terms,
        uint32 epoch,
        bytes calldata entries,
        bytes32[] calldata commitments,
        bytes calldata openings
    ) external;

    /* MANY ANSWERS AT ONCE */

    /// @notice Answers a Root question with the root of a Merkle tree that all co-signed.
    /// @dev Leaf: keccak256(keccak256(abi.encode(index, value))), nodes: keccak256 of the sorted pair. So a leaf is hashed
    ///      from 32 bytes, a node from 64, and neither passes for the other.
    function reportRoot(Question calldata terms, uint32 epoch, bytes32 root, uint256 seats, bytes calldata signatures)
        external;
    /// @notice Answers a Root question with two bits for each answer; the root is keccak256(abi.encode(words)).
    /// @param words 128 answers each, the first in the low bits: 0 pending, 1 no, 2 yes, 3 invalid; 1 to 256 words
    function reportPacked(
        Question calldata terms,
        uint32 epoch,
        uint256[] calldata words,
        uint256 seats,
        bytes calldata signatures
    ) external;
    /// @notice Stores the words of an answer whose root alone was given, by a ruling for example. Anyone.
    function publishPacked(bytes32 question, RootAnswer calldata answer, uint256[] calldata words) external;

    /* DISPUTES */

    /// @notice Objects to an answer, until its finality. Takes the deposit from the caller's credit.
    /// @param claim what is right instead; TOO_EARLY to have the question reopened, INVALID or anything out of bounds to
    ///        have it ended
    /// @param reason keccak256 of a text that says why, with evidence; logged, not stored. 0: none is given.
    function dispute(bytes32 question, int96 claim, bytes32 reason) external;
    /// @notice Objects to the silence of providers, before the deadline makes the question invalid by it: from the last
    ///         quarter of the time to report on, an hour at most, to the deadline. Takes the deposit from the caller's
    ///         credit, as {dispute} does. Not of a Root question.
    /// @dev What is disputed is INVALID, signed by no seats in epoch 0 and final at the deadline; {Disputed} logs its word.
    ///      From here on only the ladder answers: providers by a re-report, which earns them the reward, else juries.
    ///      Nobody is slashed. Where the silence stands the deposit is the jury's and the insurance's.
    /// @param claim what is right, within the question's bounds
    function disputeSilence(Question calldata terms, int96 claim, bytes32 reason) external;
    /// @notice Objects to a root. Either `claimRoot` is given and `claim` is 0, or `claim` is TOO_EARLY or INVALID.
    function disputeRoot(bytes32 question, RootAnswer calldata answer, int96 claim, bytes32 claimRoot, bytes32 reason)
        external;
    /// @notice Moves the finality of answers that are not final by what is left of a pause. Anyone, once for each pause.
    ///         Passes over the others.
    function hold(bytes32[] calldata questions) external;
    /// @notice Names who may {veto} the question's answer, in the place of whoever was named before; zero: nobody may.
    ///         The asker only, until the second in which it opens.
    function setWatcher(Question calldata terms, address watcher) external;
    /// @notice Moves the finality of an answer that is not final by one liveness, half of MAX_LIVENESS at most. The
    ///         question's watcher only, once: not again when the question is answered anew. It costs nothing, and
    ///         everything else goes on as it would.
    /// @param reason keccak256 of a text that says why, with evidence; logged, not stored. 0: none is given.
    function veto(Question calldata terms, bytes32 reason) external;
    /// @notice Ends a dispute. Only the ladder.
    function rule(Question calldata terms, Dispute calldata dispute_, Ruling calldata ruling) external;
    /// @notice Credits the deposit of an open dispute to the ladder, once: what is left of it when a dispute is ruled comes
    ///         by itself. Only the ladder.
    function takeDeposit(Dispute calldata dispute_) external;

    /* REWARDS AND CREDIT */

    /// @notice Splits the reward among the signers of a final answer, or gives it back: when invalid, and when a jury
    ///         gave the answer. Anyone, once.
    function settleReward(Question calldata terms) external;
    /// @notice The same for an answer with a root.
    function settleRootReward(Question calldata terms, RootAnswer calldata answer) external;
    /// @notice Adds collateral to `account`'s credit, taken from the caller's tokens.
    function deposit(address account, uint96 amount) external;
    /// @notice Pays credit of the caller out to `to`.
    function withdraw(address to, uint96 amount) external;
    /// @notice Moves credit of the caller to `to`.
    function pay(address to, uint96 amount) external;
    /// @notice Moves credit of `from` to the caller. Only ladder and court, which take it only from who calls them.
    function collect(address from, uint96 amount) external;
    function creditOf(address account) external view returns (uint96);

    /* VIEWS */

    /// @notice The one read that consumers need.
    /// @return status what may be acted on; an answer of INVALID is Invalid once it is final, never Final
    /// @return value meaningful when Answered or Final; 0 for a root, and while Disputed
    /// @return at Open: when reports may start; Answered and Final: finality; Invalid by deadline: the deadline
    /// @return confidence basis points: weight within tolerance of the answer, of ALL weight; 0 for a root
    function get(bytes32 question) external view returns (Status status, int96 value, uint40 at, uint16 confidence);
    /// @notice One answer of many, with its proof.
    /// @return status act on Final only
    /// @return at finality
    function getProved(
        bytes32 question,
        RootAnswer calldata answer,
        uint256 index,
        int96 value,
        bytes32[] calldata proof
    ) external view returns (Status status, uint40 at);
    /// @notice One of many packed answers. Beyond the last word, and while nobody published the words, it is pending.
    /// @return status act on Final only
    /// @return code 0 pending, 1 no, 2 yes, 3 invalid
    /// @return at finality
    function packedAt(bytes32 question, uint256 index) external view returns (Status status, uint8 code, uint40 at);
    /// @notice The stored word as it is; see AnswerWord.
    function wordOf(bytes32 question) external view returns (AnswerWord);
    /// @notice Who may {veto} the question's answer; zero where nobody was named, and once he did.
    function watchedBy(bytes32 question) external view returns (address);
    function idOf(Question calldata terms) external pure returns (bytes32);
    /// @notice What a provider signs, EIP-712: Report(bytes32 question,int96 value,uint32 epoch,uint8 round)
    function reportDigest(bytes32 question, int96 value, uint32 epoch, uint8 round) external view returns (bytes32);
    /// @notice What a provider signs, EIP-712: RootReport(bytes32 question,bytes32 root,uint32 epoch,uint8 round)
    function rootDigest(bytes32 question, bytes32 root, uint32 epoch, uint8 round) external view returns (bytes32);
    /// @notice What {dispute} takes now, in collateral; 0 where it would revert. For a root see its facts.
    function depositFor(bytes32 question) external view returns (uint96);
    function domainSeparator() external view returns (bytes32);
}
