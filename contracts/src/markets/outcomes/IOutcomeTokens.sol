// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Question} from "../../oracle/IOracle.sol";
import {Permit} from "../IMarkets.sol";

/// What an order wants.
enum Side {
    BuyYes,
    BuyNo,
    SellYes,
    SellNo
}

/// @dev Signed by its maker (EIP-712); anybody may match it with another.
struct Order {
    address maker;
    bytes32 question;
    uint8 outcome; // 0 where the question has two sides
    Side side;
    uint128 amount; // tokens, in smallest units of collateral
    uint128 price; // of a whole token in millionths of collateral, 1 to 999,999: at most, or for a seller at least
    uint256 nonce; // any that the maker did not use; see {cancel}
    uint40 expiresAt; // unix seconds
}

/// @notice Complete sets of yes and no on questions of the oracle, and orders that people sign to trade them.
/// @dev A unit of collateral makes a unit of yes and a unit of no of one outcome, and both together are worth it at any time.
/// @dev A question with two sides (yes or no, a number, a choice between two) has one outcome, 0. Once it is final a unit of yes
///      is worth its share: 1 for an answer at the question's upper bound, 0 at the lower, between them in proportion (in
///      basis points, rounded down).
/// @dev A choice among n, 3 to 32, has the outcomes 0 to n-1, in the order of their values. Yes of one says that it is the answer,
///      no that another is. So no of k outcomes is worth what k-1 units and yes of all the others are, whatever the answer, and
///      yes of all n is worth a unit: {convert}, {splitAll} and {mergeAll} turn one into the other.
/// @dev An outcome that the question does not have is never the answer: its yes is worth nothing, its no a unit. Sets of it are
///      refused by nobody, since {split} does not know the terms.
/// @dev Where the question is invalid, or nobody answered, yes is worth 1/2, or 1/n of a choice among n, and no the rest: nobody
///      can say who was right, and a set stays worth its collateral. That is a price and no refund. Who bought yes at 0.90
///      loses 0.40 a unit, and who bought no at 0.10 wins them; prices that people paid are not known here, since tokens
///      change hands. Who trades a question that may turn out to be invalid trades that chance too.
/// @dev Ids: the question with its lowest six bits replaced. Bit 0 is the side, 0 for yes and 1 for no, the five above it are the
///      outcome. Two questions that differ in nothing else cannot be found.
/// @dev Rounding: down for who redeems, once for each outcome; a trade for who was matched as the maker, by less than one unit.
///      Nobody pays more than his price says, or gets less, not even by that unit: a fill whose rounding would go beyond the
///      taker's price is refused. A fill is of LEAST_FILL at least, or all that is left of an order. Nothing else rounds.
/// @dev Solvency, of each question: for every answer j, collateral held = sum over its outcomes of the supply of yes where the
///      outcome is j, of no where it is not. So the same is owed whatever the answer, and as much where there is none. Once
///      settled, held >= what all holders may redeem.
/// @dev Nobody's positions are told to the slasher here: tokens change hands, so holding one is no fault of who was sent it.
/// @dev Assumes a collateral token without fees on transfer, whose whole supply is below 2^128.
interface IOutcomeTokens {
    /// @dev ERC-6909. Minting is a transfer from zero, burning one to zero.
    event Transfer(
        address caller, address indexed sender, address indexed receiver, uint256 indexed id, uint256 amount
    );
    event OperatorSet(address indexed owner, address indexed spender, bool approved);
    event Approval(address indexed owner, address indexed spender, uint256 indexed id, uint256 amount);

    /// @param outcomes bitmap of those whose yes is worth numerator / denominator; of all others it is worth nothing
    event Settled(bytes32 indexed question, uint256 outcomes, uint256 numerator, uint256 denominator);
    /// @notice Tokens of a choice became others: the logs right behind this, one for each of its outcomes in turn, tell them.
    /// @param count of the outcomes that the question has
    /// @param outcomes bitmap of those whose no was burned; 0: yes of all was made, or burned
    /// @param paid collateral that the owner got; below 0: that he paid
    event Converted(
        bytes32 indexed question, address indexed owner, uint256 count, uint256 outcomes, uint256 amount, int256 paid
    );
    /// @param price that the taker paid or got, for a whole token of his side
    event Matched(
        bytes32 indexed question,
        address indexed taker,
        address indexed maker,
        uint8 outcome,
        Side side,
        uint256 amount,
        uint256 price
    );
    event Cancelled(address indexed maker, uint256 indexed word, uint256 nonces);

    error OutcomeTokens_Settled(bytes32 question);
    error OutcomeTokens_NotSettled(bytes32 question);
    error OutcomeTokens_NotFinal(bytes32 question);
    /// @notice A list of answers, a single value, or a choice among more than 32 has no yes and no.
    error OutcomeTokens_NoSides(bytes32 question);
    /// @notice A question with two sides has one outcome: there is nothing to convert.
    error OutcomeTokens_NoChoice(bytes32 question);
    /// @notice There are no tokens of an outcome beyond the 32nd.
    error OutcomeTokens_NoOutcome(bytes32 question, uint256 outcome);
    /// @notice None, or some that the question does not have.
    error OutcomeTokens_BadOutcomes(bytes32 question, uint256 outcomes);
    error OutcomeTokens_InsufficientBalance(address owner, uint256 id, uint256 balance, uint256 wanted);
    error OutcomeTokens_InsufficientAllowance(address owner, address spender, uint256 id);
    error OutcomeTokens_NothingToRedeem(bytes32 question, address owner);
    error OutcomeTokens_NoReceiver();
    error OutcomeTokens_BadAmount(uint256 amount);
    error OutcomeTokens_BadPrice(uint256 price);
    error OutcomeTokens_Expired(address maker, uint40 expiresAt);
    error OutcomeTokens_BadSignature(address maker);
    error OutcomeTokens_NonceUsed(address maker, uint256 nonce);
    /// @notice More than is left of the order, or less than a fill must be.
    error OutcomeTokens_BadFill(address maker, uint256 amount, uint256 left);
    error OutcomeTokens_NoMatch(Side taker, Side maker);
    error OutcomeTokens_PricesDoNotMeet(uint256 taker, uint256 maker);
    /// @notice Of `amount` tokens the taker would pay, or get, `money`: in whole units that is beyond his price. Where prices
    ///         are equal, an amount that makes whole units of money fits.
    error OutcomeTokens_RoundsBeyondPrice(address taker, uint256 amount, uint256 money);
    /// @dev These two come from the transfer library: the collateral refused to move.
    error TransferFailed();
    error TransferFromFailed();

    /* SETS */

    /// @notice Makes `amount` of both sides of an outcome out of the caller's collateral.
    function split(bytes32 question, uint8 outcome, uint128 amount) external;
    /// @notice Turns `amount` of both sides of the caller back into collateral, at any time.
    function merge(bytes32 question, uint8 outcome, uint128 amount) external;
    /// @notice Writes down what a final answer makes of the tokens. Anyone, once. An answer out of bounds counts as the bound.
    /// @return outcomes bitmap of those whose yes is worth numerator / denominator; of all others it is worth nothing
    function settle(Question calldata terms) external returns (uint256 outcomes, uint256 numerator, uint256 denominator);
    /// @notice Pays `owner` for all he holds of these outcomes of a settled question. Anyone may call; the owner is paid.
    /// @param outcomes bitmap; 1 where the question has two sides. One of which he holds nothing is passed over.
    function redeem(bytes32 question, uint32 outcomes, address owner) external returns (uint256 paid);

    /* CHOICES */

    /// @notice Makes `amount` of yes of all outcomes of a choice out of `amount` of the caller's collateral.
    function splitAll(Question calldata terms, uint128 amount) external;
    /// @notice Turns `amount` of the caller's yes of all outcomes back into collateral, at any time.
    function mergeAll(Question calldata terms, uint128 amount) external;
    /// @notice Burns `amount` of the caller's no of each of k outcomes; he gets `amount` of yes of all others, and k-1 times
    ///         `amount` of collateral. At any time: both are worth the same whatever the answer is, or was.
    /// @param outcomes bitmap of the k; all of them may be named
    function convert(Question calldata terms, uint32 outcomes, uint128 amount) external returns (uint256 paid);

    /* ORDERS */

    /// @notice Matches two orders on one outcome of a question: two buyers of either side, whose prices cover a unit, make sets between
    ///         them; two sellers, whose prices do not exceed one, merge theirs; a buyer and a seller of a side trade.
    ///         Anyone may; the maker's price holds, and what the taker offered beyond it stays the taker's.
    /// @dev Whether the question is settled is not looked at: its answer is known before anybody writes it down. What
    ///      protects a maker is that his order expires before the question opens.
    function matchOrders(
        Order calldata taker,
        bytes calldata takerSignature,
        Order calldata maker,
        bytes calldata makerSignature,
        uint128 amount
    ) external;
    /// @notice Makes the caller's nonces worthless whose bits are set: bit i of `nonces` is nonce 128 * word + i.
    function cancel(uint256 word, uint128 nonces) external;
    /// @notice Uses a permit of `owner` for this contract; one that somebody used already does no harm.
    function usePermit(address owner, Permit calldata permit) external;

    /* VIEWS */

    function yesOf(bytes32 question, uint8 outcome) external pure returns (uint256 id);
    function noOf(bytes32 question, uint8 outcome) external pure returns (uint256 id);
    /// @notice What a unit of yes of the outcome is worth; a unit of no is worth the rest.
    /// @return numerator in basis points where the question has two sides
    /// @return denominator 0: not known yet
    function shareOf(bytes32 question, uint8 outcome) external view returns (uint256 numerator, uint256 denominator);
    /// @notice Filled of an order so far; where it is done or was cancelled, all of it.
    function filledOf(Order calldata order) external view returns (uint256);
    function orderDigest(Order calldata order) external view returns (bytes32);
}
