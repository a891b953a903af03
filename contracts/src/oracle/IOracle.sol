// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord} from "./AnswerWord.sol";

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
    Disputed, // reserved for the dispute ladder
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
    uint40 opensAt; // unix seconds; no report before
    uint40 deadline; // unix seconds; without an answer by then the question is invalid
    uint32 liveness; // seconds between the answer and its finality
    uint96 reward; // collateral for those who answer
    uint64 nonce; // lets one asker ask the same thing twice
    uint8 domain; // whose signer set answers: 0 to 15
    bool endsEarly; // what is asked about may end before opensAt, and be answered then, by more weight
    uint96 secures; // the most collateral that the asker lets depend on the answer
}

/// @notice Questions, the reports that staked providers sign, and the answers that quorums of them make.
/// @dev Finality is lazy: `Final` is a function of one stored word and the clock. No key can set or change an answer.
/// @dev Rounding: a reward is split in equal shares rounded down; what is left goes to the treasury.
/// @dev Solvency: collateral held >= sum of credits + rewards of questions whose reward is not yet settled.
interface IOracle {
    event Asked(bytes32 indexed question, address indexed asker, Question terms, string schema);
    /// @param report what was accepted, so that logs alone prove the answer: own-value entries or co-signatures
    event Answered(bytes32 indexed question, AnswerWord word, bytes report);
    /// @notice A quorum said "too early": the question is open again from `notBefore`.
    /// @param round the new one; what was signed, TOO_EARLY, was for the round before it
    event Reopened(
        bytes32 indexed question, uint8 round, uint32 epoch, uint40 notBefore, uint256 seats, bytes signatures
    );
    event RewardSettled(bytes32 indexed question, Status outcome, uint96 perProvider, uint96 toTreasury);
    event Credited(address indexed account, uint96 amount);
    event Debited(address indexed account, uint96 amount);

    error Oracle_AlreadyAsked(bytes32 question);
    error Oracle_NotAsker(address asker, address caller);
    error Oracle_BadTerms(string what);
    error Oracle_SchemaMismatch(bytes32 wanted, bytes32 got);
    error Oracle_NotOpen(bytes32 question, Status status);
    error Oracle_TooEarly(bytes32 question, uint40 opensAt);
    error Oracle_DeadlinePassed(bytes32 question, uint40 deadline);
    error Oracle_OutOfBounds(bytes32 question, int96 value);
    error Oracle_BadReport(bytes32 question, string what);
    error Oracle_BadSignature(bytes32 question, uint8 seat);
    error Oracle_Paused(bytes32 question, uint40 until);
    error Oracle_StaleEpoch(uint32 signed, uint32 current);
    error Oracle_NoQuorum(bytes32 question, uint256 weight, uint256 totalWeight);
    error Oracle_NotSettleable(bytes32 question, Status status);
    error Oracle_RewardAlreadySettled(bytes32 question);
    error Oracle_InsufficientCredit(address account, uint96 credit, uint96 wanted);
    /// @dev These two come from the transfer library: the collateral refused to move.
    error TransferFailed();
    error TransferFromFailed();

    /// @notice Asks `terms`. Takes the reward from the caller's credit, and what is missing from his tokens.
    /// @param schema canonical JSON, logged and not stored; its keccak256 is `terms.schema`
    function ask(Question calldata terms, string calldata schema) external returns (bytes32 question);

    /// @notice Answers with one value per provider (mode V1). Anyone may transmit.
    /// @param entries 77 bytes each, ascending by value: seat (1) | value int96 (12) | r (32) | vs (32, EIP-2098)
    /// @param epoch the signer set that signed; must be the current one
    function reportValues(Question calldata terms, uint32 epoch, bytes calldata entries) external;

    /// @notice Answers with one value that all co-signed (mode V2). Also the way to say TOO_EARLY and INVALID.
    /// @param seats bitmap of the signers; `signatures` are r|vs, 64 bytes each, ascending by seat
    function reportAgreed(Question calldata terms, uint32 epoch, int96 value, uint256 seats, bytes calldata signatures)
        external;

    /// @notice Splits the reward among the signers of a final answer, or gives it back when invalid. Anyone, once.
    function settleReward(Question calldata terms) external;

    /// @notice Adds collateral to `account`'s credit, taken from the caller's tokens.
    function deposit(address account, uint96 amount) external;
    /// @notice Pays credit of the caller out to `to`.
    function withdraw(address to, uint96 amount) external;
    function creditOf(address account) external view returns (uint96);

    /// @notice The one read that consumers need.
    /// @return status what may be acted on
    /// @return value meaningful when Answered or Final
    /// @return at Open: when reports may start; Answered and Final: finality; Invalid by deadline: the deadline
    /// @return confidence basis points: weight within tolerance of the answer, of ALL weight
    function get(bytes32 question) external view returns (Status status, int96 value, uint40 at, uint16 confidence);
    /// @notice The stored word as it is; see AnswerWord.
    function wordOf(bytes32 question) external view returns (AnswerWord);
    function idOf(Question calldata terms) external pure returns (bytes32);
    /// @notice What a provider signs, EIP-712: Report(bytes32 question,int96 value,uint32 epoch,uint8 round)
    function reportDigest(bytes32 question, int96 value, uint32 epoch, uint8 round) external view returns (bytes32);
}
