// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Permit} from "../lib/Permits.sol";
import {Question} from "../oracle/IOracle.sol";
import {IPositions} from "../oracle/security/IPositions.sol";

/// @dev A market IS the hash of these terms.
struct Market {
    bytes32 question; // its answer decides
    address creator; // receives the fee
    uint40 closesAt; // unix seconds; no stake from then on; never after the question's opensAt
    uint16 feeBps; // of the losing stakes, so on winnings only; at most 1000
    uint8 outcomes; // 2 to 48
    int96[] cuts; // numeric questions: ascending; outcome i is the number of cuts <= the answer. Otherwise empty
}

struct Position {
    address owner;
    uint8 outcome;
}

/// A stake that the owner signed (EIP-712) and somebody else sends, so that a trader needs no gas.
struct StakeIntent {
    bytes32 market;
    uint8 outcome;
    uint72 amount;
    address owner;
    uint256 nonce; // the owner's next, see nonceOf
    uint40 deadline;
}

/// @notice Parimutuel prediction pools on the answers of the oracle.
/// @dev Settlement is lazy, like finality: a claim reads the oracle, so no transaction stands between a final answer
///      and its pay-outs, and nobody can be late with one. The first claim writes the result down for the rest.
/// @dev Pay-out of a stake a on the winning outcome: a + floor((L - floor(L * feeBps / 10000)) * a / W), where W is
///      staked on the winner and L on all others. Void (question invalid, or W = 0): every stake back whole, no fee.
/// @dev Rounding: down, towards the pool. Short of the pool by less than one unit a claim; that dust stays.
/// @dev Solvency: collateral held >= sum over markets of what may still be claimed.
/// @dev A pool holds at most floor((2^72 - 1) / 48) units, so that a whole market fits 72 bits.
/// @dev Positions: a stake is taken by its owner's transaction or signature, before the question opens, and can neither be
///      passed on nor be claimed before the answer is final. `where` of {holdsPosition} is abi.encode(Market terms, uint8
///      outcome). The creator's fee is no position: anybody may name anybody as a creator.
/// @dev Several calls go in one by `multicall(bytes[])`: all of them or none, in their order, each with the sender of the whole
///      as its caller. It allows nothing that the calls one by one would not, and takes no coin.
/// @dev Assumes a collateral token without fees on transfer and with at most 8 decimals (amounts are 72 bits).
interface IMarkets is IPositions {
    event Opened(bytes32 indexed market, bytes32 indexed question, Market terms);
    event Staked(bytes32 indexed market, address indexed owner, uint8 indexed outcome, uint72 amount);
    event Claimed(bytes32 indexed market, address indexed owner, uint8 indexed outcome, uint72 staked, uint72 paid);
    event FeeCollected(bytes32 indexed market, address indexed creator, uint72 fee);

    error Markets_BadTerms(string what);
    error Markets_AlreadyOpen(bytes32 market);
    error Markets_Unknown(bytes32 market);
    error Markets_Closed(bytes32 market, uint40 closesAt);
    error Markets_NoSuchOutcome(bytes32 market, uint8 outcome);
    error Markets_StakeTooSmall(uint72 amount, uint72 minimum);
    error Markets_PoolFull(bytes32 market, uint8 outcome);
    error Markets_NotSettled(bytes32 market);
    error Markets_NothingToClaim(bytes32 market, address owner, uint8 outcome);
    error Markets_Lost(bytes32 market, uint8 outcome, uint8 winner);
    error Markets_NoFee(bytes32 market);
    error Markets_IntentExpired(uint40 deadline);
    error Markets_BadNonce(address owner, uint256 expected, uint256 got);
    error Markets_BadSignature(address owner);
    /// @dev These two come from the transfer library: the collateral refused to move.
    error TransferFailed();
    error TransferFromFailed();

    /// @notice Opens a market on a question that is open. `question` are the terms that hash to `terms.question`.
    function open(Market calldata terms, Question calldata question) external returns (bytes32 market);
    function stake(bytes32 market, uint8 outcome, uint72 amount) external;
    /// @notice Stakes for the signer of `intent`. Tries the permit first; one that somebody used already does no harm.
    function stakeBySig(StakeIntent calldata intent, bytes calldata signature, Permit calldata permit) external;
    /// @notice Pays `owner` what his position on `outcome` won, or his stake when void. Anyone may call; the owner is paid.
    function claim(Market calldata terms, uint8 outcome, address owner) external returns (uint72 paid);
    /// @notice The same for many positions; those with nothing to claim are passed over. Returns the sum paid.
    function claimMany(Market calldata terms, Position[] calldata positions) external returns (uint256 paid);
    /// @notice Pays the fee to the creator, once, when the market was won.
    function collectFee(Market calldata terms) external returns (uint72 fee);

    function idOf(Market calldata terms) external pure returns (bytes32);
    function poolOf(bytes32 market, uint8 outcome) external view returns (uint72);
    function positionOf(bytes32 market, uint8 outcome, address owner) external view returns (uint72);
    function nonceOf(address owner) external view returns (uint256);
}
