// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Question} from "../../oracle/IOracle.sol";
import {Permit} from "../IMarkets.sol";
import {Rule} from "../rules/BandRule.sol";
import {Door} from "./Door.sol";
import {Ending} from "./ResultWord.sol";

/// @dev An opinion market. Texts stand elsewhere, by the SHA-256 of their bytes, which is what their CID says.
struct OpinionMarket {
    bytes32 question; // of the kind score; its final answer is the score
    bytes32 statement; // what the opinions are about: SHA-256 of the text that `announce` logs
    bytes32 rubric; // how opinions are graded: SHA-256 of the text
    address creator; // receives the fee
    uint40 closesAt; // unix seconds; no stake from then on; never after the question's opensAt
    uint32 revealSeconds; // after closing, to tell stances that were hidden, an hour at least; 0: stances are open
    uint32 quietSeconds; // before closing, in which stakes are small
    uint16 feeBps; // of all stakes with a stance; at most 1000
    uint16 prizeBps; // of all stakes with a stance; at most 5000; 0: nothing is drawn
    uint8 prizes; // 1 to 16 equal ones
    uint16 minConfidence; // basis points; an answer that is less sure voids the market
    Rule rule;
    uint48 leastStake; // smallest units of collateral
    uint48 mostStake;
    uint48 quietMost; // most in the quiet time
}

/// A stake that the owner signed (EIP-712) and somebody else sends, so that a trader needs no gas. What is signed ends with
/// `bytes sealed`: who sends it could else put noise in its place, and nobody but the owner could tell his stance.
struct OpinionIntent {
    bytes32 market;
    uint8 band; // 31: the stance is hidden in `commitment`
    uint48 amount;
    bytes32 opinion;
    bytes32 commitment; // 0 while the stance is open
    address owner;
    uint256 nonce; // the owner's next, see nonceOf
    uint40 deadline;
}

/// @dev What a deployment was built with, beside where its money and its answers come from. Others than these build none.
struct OpinionLimits {
    uint96 creationFee; // collateral, to the treasury; at most 100 whole ones of six decimals
    uint40 leastSeconds; // from announcing to closing; 1 at least
    uint40 mostSeconds; // no less than the one before; at most 90 days
    uint48 leastStake; // terms stay within these two; 1 at least
    uint48 mostStake; // no less than the one before; below 2^45
    uint40 clockLag; // seconds by which the chain's clock may run behind the beacon's; at most an hour
}

/// @notice People stake on a statement with a written opinion and a stance; the oracle says what the opinions come to, and
///         who stood close to it is paid from the stakes of who stood far.
/// @dev A market's life: announced, staked in, closed, scored, its round named, the round proved, claimed. Every step is
///      anybody's, and each has its time after which anybody may end it: void after 14 days without a score, prizes shared
///      28 days after closing without a seed, unclaimed prizes swept 180 days after the round that draws them.
/// @dev Stances are 21 bands, 0, 5 to 100. T are all stakes with a stance, U those whose hidden stance nobody told, which lose
///      all. Pay-out of a units on a band: floor(net * a * w / W), with net = T - fee - prizes + U, w and W by {BandRule} of T
///      alone. A prize is floor(floor(T * prizeBps / 10^4) / prizes), drawn with probability a * w / W.
/// @dev One opinion an address and market: so what bounds a position bounds an address.
/// @dev Rounding: down, towards the market. Short of T + U by less than one unit a claim and prize; that dust stays.
/// @dev Solvency: collateral held >= sum over markets of what may still be claimed.
/// @dev The round that draws is named after the score: who chose the score could not know the draw.
/// @dev Several calls go in one by `multicall(bytes[])`: all of them or none, in their order, each with the sender of the whole
///      as its caller. It allows nothing that the calls one by one would not, and takes no coin.
/// @dev Assumes a collateral token without fees on transfer; a stake has at most 45 bits, a band 50, all hidden stakes 50.
interface IOpinions {
    /// @param market hash of the terms' hash and the door
    event Announced(bytes32 indexed market, bytes32 indexed question, OpinionMarket terms, string statement);
    /// @param band 31: hidden
    /// @param opinion SHA-256 of the text
    event Staked(bytes32 indexed market, address indexed owner, uint8 band, uint48 amount, bytes32 opinion);
    /// @param commitment of the stance; `sealed_` is it encrypted to the beacon's first round after closing
    event Hidden(bytes32 indexed market, address indexed owner, bytes32 commitment, bytes sealed_);
    event Revealed(bytes32 indexed market, address indexed owner, uint8 band);
    /// @param total of all revealed stakes, `count` of them
    event Scored(bytes32 indexed market, uint8 score, uint16 confidence, uint256 total, uint256 count, uint64 round);
    event Voided(bytes32 indexed market, string why);
    event Rearmed(bytes32 indexed market, uint64 round);
    event Forgone(bytes32 indexed market);
    /// @param paid 0 for who earned nothing
    event Claimed(bytes32 indexed market, address indexed owner, uint256 paid);
    event PrizePaid(bytes32 indexed market, address indexed owner, uint256 prize, uint256 paid);
    event FeeCollected(bytes32 indexed market, address indexed creator, uint256 fee);

    error Opinions_BadTerms(string what);
    /// @notice No contract is built with such limits.
    error Opinions_BadLimits(string what);
    error Opinions_NotAsker(address asker, address caller);
    error Opinions_AlreadyAnnounced(bytes32 question, bytes32 market);
    error Opinions_NotAnnounced(bytes32 market);
    error Opinions_Closed(bytes32 market, uint40 closesAt);
    error Opinions_NotClosed(bytes32 market, uint40 until);
    error Opinions_NoSuchBand(uint8 band);
    error Opinions_StakeOutOfBounds(uint256 amount, uint256 least, uint256 most);
    error Opinions_AlreadyStaked(bytes32 market, address owner);
    /// @param band 31: no more hidden stakes
    error Opinions_BandFull(bytes32 market, uint256 band);
    /// @notice The market wants stances open, or hidden, and this one is not; or it is hidden behind a commitment to nothing.
    error Opinions_WrongStance(bytes32 market);
    error Opinions_BadReveal(bytes32 market, address owner);
    error Opinions_NotFinal(bytes32 market);
    error Opinions_AlreadyScored(bytes32 market);
    error Opinions_NotScored(bytes32 market, Ending ending);
    error Opinions_NotYet(bytes32 market, uint256 from);
    error Opinions_NothingToClaim(bytes32 market, address owner);
    error Opinions_NotTheWinner(bytes32 market, uint256 prize, address owner);
    error Opinions_NoPrize(bytes32 market, uint256 prize);
    error Opinions_NoFee(bytes32 market);
    error Opinions_IntentExpired(uint40 deadline);
    error Opinions_BadNonce(address owner, uint256 expected, uint256 got);
    error Opinions_BadSignature(address owner);
    /// @dev These two come from the transfer library: the collateral refused to move.
    error TransferFailed();
    error TransferFromFailed();

    /* BEFORE CLOSING */

    /// @notice Announces a market on an open question of the kind score, which no other market has. Who asked it, only. Takes the
    ///         creation fee.
    /// @param statement the text, 1 to 280 bytes
    function announce(OpinionMarket calldata terms, Question calldata question, string calldata statement)
        external
        returns (bytes32 market);
    /// @notice Stakes with an open stance. `hash` is of the market's terms, see {termsHash}; `door` see {doorOf}.
    /// @param opinion SHA-256 of the text
    function stake(bytes32 hash, Door door, uint8 band, uint48 amount, bytes32 opinion) external;
    /// @notice Stakes with a stance that {reveal} tells after closing.
    /// @param commitment keccak256(abi.encode(market, owner, band, salt))
    /// @param sealed_ band and salt, encrypted so that anybody can read them once the beacon's round is out
    function stakeHidden(
        bytes32 hash,
        Door door,
        uint48 amount,
        bytes32 opinion,
        bytes32 commitment,
        bytes calldata sealed_
    ) external;
    /// @notice Stakes for the signer of `intent`. Tries the permit first; one that somebody used already does no harm.
    function stakeBySig(
        bytes32 hash,
        Door door,
        OpinionIntent calldata intent,
        bytes calldata sealed_,
        bytes calldata signature,
        Permit calldata permit
    ) external;

    /* AFTER CLOSING */

    /// @notice Tells a stance that was hidden. Anybody may. Who is not told in time loses his stake to those
    ///         who were; where the market is void he has it back.
    /// @dev Told again in time, with the band and the salt that were hidden, it is passed over: nothing changes, nothing is
    ///      logged. So nobody spoils a batch by telling one of its stances first. All else that is not an opening reverts.
    function reveal(bytes32 hash, Door door, address owner, uint8 band, bytes32 salt) external;
    /// @notice Writes down the final answer's score and names the round that draws; or voids the market, where the question
    ///         is invalid, the answer less sure than the terms want, or nobody is to be paid.
    /// @param approval what the approver of this deployment wants to see; nothing where there is none
    function score(OpinionMarket calldata terms, bytes calldata approval) external;
    /// @notice Voids a market that has no score 14 days after its closing, or after its answer became final where that was
    ///         later. Nobody can while the answer may be objected to, or is: whoever lost would object for so long, and have
    ///         his stake back.
    /// @param question of a market that was announced; of another it is not looked at
    function expire(bytes32 hash, Door door, bytes32 question) external;
    /// @notice Names a later round where the one named is a day old and still not proved.
    function rearm(bytes32 market) external;
    /// @notice Gives the prizes to the stakes where 28 days after closing, and a day after the round, no seed came.
    function forgo(bytes32 hash, Door door) external;

    /* MONEY */

    /// @notice Pays `owner` what his opinion earned, or his stake when void, once. Anyone may call; the owner is paid. Who
    ///         earned nothing is paid nothing, and his position counts as paid.
    function claim(bytes32 market, address owner) external returns (uint256 paid);
    /// @notice The same for many; who has no position, or was paid, is passed over.
    function claimMany(bytes32 market, address[] calldata owners) external returns (uint256 paid);
    /// @notice Pays prize number `prize` to `owner`, on one of whose units the draw fell. Anyone may call.
    function claimPrize(bytes32 market, uint256 prize, address owner) external returns (uint256 paid);
    /// @notice Hands a prize that nobody claimed to the treasury, 180 days after its round came out: from then on everybody
    ///         could tell whom it fell on, and prove it.
    function sweepPrize(bytes32 market, uint256 prize) external returns (uint256 paid);
    /// @notice Pays the fee to the creator, once.
    function collectFee(OpinionMarket calldata terms) external returns (uint256 fee);

    /* VIEWS */

    function termsHash(OpinionMarket calldata terms) external pure returns (bytes32);
    function doorOf(OpinionMarket calldata terms) external pure returns (Door);
    function idOf(OpinionMarket calldata terms) external pure returns (bytes32);
    /// @notice The market that was announced on a question; 0: none.
    function marketOf(bytes32 question) external view returns (bytes32);
    /// @notice Staked on a band, and by how many.
    function bandOf(bytes32 market, uint8 band) external view returns (uint256 staked, uint256 count);
    /// @notice Staked with hidden stances that nobody told so far.
    function untoldOf(bytes32 market) external view returns (uint256);
    /// @return band 31 while hidden
    /// @return start of his units among those of the band
    function positionOf(bytes32 market, address owner)
        external
        view
        returns (uint8 band, uint256 start, uint256 amount, bool paid);
    /// @notice Which unit of which band prize number `prize` fell on. Reverts while the round is not proved.
    function drawOf(bytes32 market, uint256 prize) external view returns (uint8 band, uint256 offset);
    /// @notice How a market ended; zeros while it has not.
    function resultOf(bytes32 market)
        external
        view
        returns (Ending ending, uint8 score_, uint64 round, uint256 total, uint256 facts);
    function nonceOf(address owner) external view returns (uint256);
}
