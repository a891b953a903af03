// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev Everything about a question in one word, from the low bits up:
///
///   bits      while open            once answered
///   0..95     deadline (40),        value, int96
///             clarified (8),
///             chain, low (48)
///   96..135   notBefore             finalizeAt
///   136..143  state                 state
///   144..159  chain, high (80)      confidence, basis points
///   160..191  |                     seats: bitmap of the signers, 32 seats at most
///   192..223  |                     epoch whose signer set signed
///   224..231  round                 round
///   232       -                     reward settled
///   233..248  -                     deposit of a first dispute, in whole units of collateral
///   249..251  disputes so far       disputes so far
///   252       -                     ruled by a jury, or by a re-report that nobody appealed
///   253..255  -                     last pause that this answer was held for, 1 to 7; 0: none
///
///   answered with a root: 96..143, 232 and 253..255 as above, the other 204 bits are those of a hash, see {RootAnswer}
///   disputed: 136..143 the state, the other 248 bits are those of a hash, see {Dispute}
///
/// The reward settled bit is also set on an open question whose reward went back after the deadline.
/// `notBefore` starts as the question's opensAt; a reopening moves it. `chain` is a hash over all clarifications in turn.
type AnswerWord is uint256;

// A quorum of providers may sign these two in place of a value. They lie outside every question's bounds.
int96 constant TOO_EARLY = type(int96).min;
int96 constant INVALID = type(int96).min + 1;

using AnswerWords for AnswerWord global;

/// @dev Only this library knows where a field lies. A question that was never asked is the zero word.
library AnswerWords {
    /// Values of the state field. Final and Invalid are never stored: they follow from the word and the clock.
    uint8 internal constant OPEN = 1;
    uint8 internal constant ANSWERED = 2;
    uint8 internal constant ANSWERED_ROOT = 3;
    uint8 internal constant DISPUTED = 4;

    uint8 internal constant MOST_DISPUTES = 7;
    uint8 internal constant PAUSES = 7;

    uint256 private constant CLARIFIED = 40;
    uint256 private constant CHAIN_LOW = 48;
    uint256 private constant TIME = 96;
    uint256 private constant STATE = 136;
    uint256 private constant CONFIDENCE = 144;
    uint256 private constant CHAIN_HIGH = 144;
    uint256 private constant SEATS = 160;
    uint256 private constant EPOCH = 192;
    uint256 private constant ROUND = 224;
    uint256 private constant SETTLED = 1 << 232;
    uint256 private constant DEPOSIT = 233;
    uint256 private constant DISPUTES = 249;
    uint256 private constant RULED = 1 << 252;
    uint256 private constant HELD = 253;

    uint256 private constant TIME_MASK = uint256(type(uint40).max) << TIME;
    uint256 private constant STATE_MASK = uint256(type(uint8).max) << STATE;
    uint256 private constant ROUND_MASK = uint256(type(uint8).max) << ROUND;
    /// All that {openWord} and {clarified} write below the time, and between state and round.
    uint256 private constant CHAIN_MASK =
        uint256(type(uint56).max) << CLARIFIED | uint256(type(uint80).max) << CHAIN_HIGH;
    uint256 private constant DISPUTES_MASK = uint256(7) << DISPUTES;
    uint256 private constant HELD_MASK = uint256(7) << HELD;
    uint256 private constant DIGEST_MASK = ~(TIME_MASK | STATE_MASK | SETTLED | HELD_MASK);

    /* WRITING */

    function openWord(uint40 deadline_, uint40 notBefore_, uint8 round_) internal pure returns (AnswerWord) {
        return AnswerWord.wrap(
            uint256(deadline_) | uint256(notBefore_) << TIME | uint256(OPEN) << STATE | uint256(round_) << ROUND
        );
    }

    function answeredWord(
        int96 value_,
        uint40 finalizeAt_,
        uint16 confidence_,
        uint32 seats_,
        uint32 epoch_,
        uint8 round_
    ) internal pure returns (AnswerWord) {
        return AnswerWord.wrap(
            uint256(uint96(value_)) | uint256(finalizeAt_) << TIME | uint256(ANSWERED) << STATE | uint256(confidence_)
                << CONFIDENCE | uint256(seats_) << SEATS | uint256(epoch_) << EPOCH | uint256(round_) << ROUND
        );
    }

    /// @dev What is stored of an answer whose root and facts hash to `hash`.
    function rootWord(bytes32 hash, uint40 finalizeAt_) internal pure returns (AnswerWord) {
        return
            AnswerWord.wrap(
                uint256(hash) & DIGEST_MASK | uint256(finalizeAt_) << TIME | uint256(ANSWERED_ROOT) << STATE
            );
    }

    /// @dev What is stored while a dispute that hashes to `hash` is open.
    function disputedWord(bytes32 hash) internal pure returns (AnswerWord) {
        return AnswerWord.wrap(uint256(hash) & ~STATE_MASK | uint256(DISPUTED) << STATE);
    }

    /// @dev An open word in its next round. `text` is hashed to what was said before.
    function clarified(AnswerWord word, string calldata text) internal pure returns (AnswerWord) {
        uint256 count = uint256(clarifications(word)) + 1;
        uint256 chain = uint256(keccak256(abi.encode(chainOf(word), text))) >> 128;
        return AnswerWord.wrap(
            (AnswerWord.unwrap(word) & ~CHAIN_MASK) + (uint256(1) << ROUND) | count << CLARIFIED
                | (chain & type(uint48).max) << CHAIN_LOW | (chain >> 48) << CHAIN_HIGH
        );
    }

    /// @dev An open word moved to a new round and time; what was clarified stays.
    function reopened(AnswerWord word, uint40 notBefore_, uint8 round_) internal pure returns (AnswerWord) {
        return AnswerWord.wrap(
            AnswerWord.unwrap(word) & ~(TIME_MASK | ROUND_MASK) | uint256(notBefore_) << TIME | uint256(round_) << ROUND
        );
    }

    function withFinalizeAt(AnswerWord word, uint40 finalizeAt_) internal pure returns (AnswerWord) {
        return AnswerWord.wrap(AnswerWord.unwrap(word) & ~TIME_MASK | uint256(finalizeAt_) << TIME);
    }

    function withRewardSettled(AnswerWord word) internal pure returns (AnswerWord) {
        return AnswerWord.wrap(AnswerWord.unwrap(word) | SETTLED);
    }

    /// @dev An answer to what was `open`, with the deposit that its first dispute would take, in whole units.
    function disputable(AnswerWord word, AnswerWord open, uint16 units) internal pure returns (AnswerWord) {
        return
            AnswerWord.wrap(
                AnswerWord.unwrap(word) | AnswerWord.unwrap(open) & DISPUTES_MASK | uint256(units) << DEPOSIT
            );
    }

    /// @dev On a word that has neither yet.
    function withDisputes(AnswerWord word, uint8 disputes_, uint16 units) internal pure returns (AnswerWord) {
        return AnswerWord.wrap(AnswerWord.unwrap(word) | uint256(disputes_) << DISPUTES | uint256(units) << DEPOSIT);
    }

    /// @dev The facts of a root answer, made of a plain one: no value, no time, and the state that says so.
    function asRoot(AnswerWord word) internal pure returns (AnswerWord) {
        return AnswerWord.wrap(
            AnswerWord.unwrap(word) & ~(TIME_MASK | STATE_MASK | uint256(type(uint96).max)) | uint256(ANSWERED_ROOT)
                << STATE
        );
    }

    function withRuled(AnswerWord word) internal pure returns (AnswerWord) {
        return AnswerWord.wrap(AnswerWord.unwrap(word) | RULED);
    }

    /// @dev The same answer, once more open to objection: disputed once more, and signed in a later round. Either stops at
    ///      the most that leaves one dispute.
    function restored(AnswerWord word) internal pure returns (AnswerWord) {
        uint256 raw = AnswerWord.unwrap(word);
        if (disputes(word) + 1 < MOST_DISPUTES) raw += uint256(1) << DISPUTES;
        if (round(word) != type(uint8).max) raw += uint256(1) << ROUND;
        return AnswerWord.wrap(raw);
    }

    function withHeld(AnswerWord word, uint8 pause) internal pure returns (AnswerWord) {
        return AnswerWord.wrap(AnswerWord.unwrap(word) & ~HELD_MASK | uint256(pause) << HELD);
    }

    /* READING */

    function state(AnswerWord word) internal pure returns (uint8) {
        return uint8(AnswerWord.unwrap(word) >> STATE);
    }

    /// @dev Meaningful while open.
    function deadline(AnswerWord word) internal pure returns (uint40) {
        return uint40(AnswerWord.unwrap(word));
    }

    /// @dev Meaningful while open: no report earlier.
    function notBefore(AnswerWord word) internal pure returns (uint40) {
        return uint40(AnswerWord.unwrap(word) >> TIME);
    }

    /// @dev Meaningful while open: how many clarifications there were.
    function clarifications(AnswerWord word) internal pure returns (uint8) {
        return uint8(AnswerWord.unwrap(word) >> CLARIFIED);
    }

    /// @dev Meaningful while open: 0 before the first clarification.
    function chainOf(AnswerWord word) internal pure returns (bytes16) {
        uint256 low = uint48(AnswerWord.unwrap(word) >> CHAIN_LOW);
        return bytes16(uint128(uint256(uint80(AnswerWord.unwrap(word) >> CHAIN_HIGH)) << 48 | low));
    }

    /// @dev Meaningful once answered with a value, like all below; `finalizeAt` and `rewardSettled` also with a root.
    function value(AnswerWord word) internal pure returns (int96) {
        return int96(uint96(AnswerWord.unwrap(word)));
    }

    /// @dev The three that consumers read, as whole words.
    function answer(AnswerWord word) internal pure returns (int256 value_, uint256 at, uint256 confidence_) {
        uint256 raw = AnswerWord.unwrap(word);
        assembly ("memory-safe") {
            value_ := signextend(11, raw)
            at := and(shr(TIME, raw), 0xffffffffff)
            confidence_ := and(shr(CONFIDENCE, raw), 0xffff)
        }
    }

    function finalizeAt(AnswerWord word) internal pure returns (uint40) {
        return uint40(AnswerWord.unwrap(word) >> TIME);
    }

    function confidence(AnswerWord word) internal pure returns (uint16) {
        return uint16(AnswerWord.unwrap(word) >> CONFIDENCE);
    }

    function seats(AnswerWord word) internal pure returns (uint32) {
        return uint32(AnswerWord.unwrap(word) >> SEATS);
    }

    function epoch(AnswerWord word) internal pure returns (uint32) {
        return uint32(AnswerWord.unwrap(word) >> EPOCH);
    }

    /// @dev Meaningful while open too.
    function round(AnswerWord word) internal pure returns (uint8) {
        return uint8(AnswerWord.unwrap(word) >> ROUND);
    }

    function rewardSettled(AnswerWord word) internal pure returns (bool) {
        return AnswerWord.unwrap(word) & SETTLED != 0;
    }

    /// @dev Whole units of collateral.
    function deposit(AnswerWord word) internal pure returns (uint16) {
        return uint16(AnswerWord.unwrap(word) >> DEPOSIT);
    }

    /// @dev Meaningful while open too.
    function disputes(AnswerWord word) internal pure returns (uint8) {
        return uint8(AnswerWord.unwrap(word) >> DISPUTES & 7);
    }

    function ruled(AnswerWord word) internal pure returns (bool) {
        return AnswerWord.unwrap(word) & RULED != 0;
    }

    function held(AnswerWord word) internal pure returns (uint8) {
        return uint8(AnswerWord.unwrap(word) >> HELD);
    }

    /// @dev Of a root answer: the bits of its hash alone.
    function digestOf(AnswerWord word) internal pure returns (uint256) {
        return AnswerWord.unwrap(word) & DIGEST_MASK;
    }
}
