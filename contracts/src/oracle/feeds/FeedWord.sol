// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev The newest value of a feed in one word:
///
///   bits       field
///   0..95      value, int96
///   96..135    observedAt, unix seconds
///   136..223   deviation: the trailing mean step, saturating
///   224..254   round, from 1
///   255        halted: a jump was refused
///
/// The zero word is a feed that was never told.
type FeedWord is uint256;

using FeedWords for FeedWord global;

library FeedWords {
    uint256 private constant HALTED = 1 << 255;
    uint256 private constant MAX_DEVIATION = type(uint88).max;
    uint256 private constant ROUND = 0x7fffffff;

    function value(FeedWord word) internal pure returns (int96) {
        return int96(uint96(FeedWord.unwrap(word)));
    }

    function observedAt(FeedWord word) internal pure returns (uint40) {
        return uint40(FeedWord.unwrap(word) >> 96);
    }

    function deviation(FeedWord word) internal pure returns (uint256) {
        return uint88(FeedWord.unwrap(word) >> 136);
    }

    function round(FeedWord word) internal pure returns (uint32) {
        return uint32(FeedWord.unwrap(word) >> 224 & ROUND);
    }

    function isHalted(FeedWord word) internal pure returns (bool) {
        return FeedWord.unwrap(word) & HALTED != 0;
    }

    function halted(FeedWord word) internal pure returns (FeedWord) {
        return FeedWord.wrap(FeedWord.unwrap(word) | HALTED);
    }

    /// @notice How far `value_` lies from the last one.
    function stepTo(FeedWord word, int96 value_) internal pure returns (uint256) {
        // Both are 96 bits wide.
        unchecked {
            int256 step = int256(value_) - word.value();
            return uint256(step < 0 ? -step : step);
        }
    }

    /// @notice The word after `value_`. The deviation takes in an eighth of the new step, rounded down; the first step is it.
    /// @dev The round comes round again after 2^31 updates, to 1: 200 years of one every three seconds.
    function next(FeedWord word, int96 value_, uint40 observedAt_) internal pure returns (FeedWord) {
        uint256 round_ = word.round();
        uint256 step = round_ == 0 ? 0 : word.stepTo(value_);
        uint256 mean = step;
        unchecked {
            if (round_ > 1) mean = (7 * word.deviation() + step) >> 3;
            round_ = round_ == ROUND ? 1 : round_ + 1;
        }
        if (mean > MAX_DEVIATION) mean = MAX_DEVIATION;
        return FeedWord.wrap(uint256(uint96(value_)) | uint256(observedAt_) << 96 | mean << 136 | round_ << 224);
    }
}
