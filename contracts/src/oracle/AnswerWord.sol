// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev Everything about a question in one word, from the low bits up:
///
///   bits      while open            once answered
///   0..95     deadline (40)         value, int96
///   96..135   notBefore             finalizeAt
///   136..143  state                 state
///   144..159  -                     confidence, basis points
///   160..191  -                     seats: bitmap of the signers, 32 seats at most
///   192..223  -                     epoch whose signer set signed
///   224..231  round                 round
///   232       -                     reward settled
///   233..255  reserved for the dispute ladder: disputer and tier
///
/// The reward settled bit is also set on an open question whose reward went back after the deadline.
/// `notBefore` starts as the question's opensAt; a reopening moves it.
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

    uint256 private constant TIME = 96;
    uint256 private constant STATE = 136;
    uint256 private constant CONFIDENCE = 144;
    uint256 private constant SEATS = 160;
    uint256 private constant EPOCH = 192;
    uint256 private constant ROUND = 224;
    uint256 private constant SETTLED = 1 << 232;

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

    /// @dev Meaningful once answered, like the four below.
    function value(AnswerWord word) internal pure returns (int96) {
        return int96(uint96(AnswerWord.unwrap(word)));
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

    function round(AnswerWord word) internal pure returns (uint8) {
        return uint8(AnswerWord.unwrap(word) >> ROUND);
    }

    function rewardSettled(AnswerWord word) internal pure returns (bool) {
        return AnswerWord.unwrap(word) & SETTLED != 0;
    }

    function withRewardSettled(AnswerWord word) internal pure returns (AnswerWord) {
        return AnswerWord.wrap(AnswerWord.unwrap(word) | SETTLED);
    }
}
