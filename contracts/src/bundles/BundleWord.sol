// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle, Mode, Outcome} from "./BundleTypes.sol";

/// @dev All that the hub keeps of a bundle, from the lowest bit: outcome 8 | mode 8 | legs 8 | time 40 | fee 96 |
///      base 64 | paid 32, a bit a leg whose share of the fee went out. The time is its deadline while it is open, and when it
///      was decided after that.
type BundleWord is uint256;

using BundleWords for BundleWord global;

library BundleWords {
    uint256 private constant TIME = 24;
    uint256 private constant FEE = 64;
    uint256 private constant BASE = 160;
    uint256 private constant PAID = 224;

    function opened(Bundle calldata bundle, uint64 first) internal pure returns (BundleWord) {
        return BundleWord.wrap(
            uint256(Outcome.Open) | uint256(bundle.mode) << 8 | uint256(bundle.legs) << 16 | uint256(bundle.deadline)
                << TIME | uint256(bundle.fee) << FEE | uint256(first) << BASE
        );
    }

    function outcome(BundleWord word) internal pure returns (Outcome) {
        return Outcome(uint8(BundleWord.unwrap(word)));
    }

    function mode(BundleWord word) internal pure returns (Mode) {
        return Mode(uint8(BundleWord.unwrap(word) >> 8));
    }

    function legs(BundleWord word) internal pure returns (uint8) {
        return uint8(BundleWord.unwrap(word) >> 16);
    }

    /// @dev Of one that is open.
    function deadline(BundleWord word) internal pure returns (uint40) {
        return uint40(BundleWord.unwrap(word) >> TIME);
    }

    /// @dev From then on it is known what may still become of it: when it was decided, or the deadline of an open one.
    function settledAt(BundleWord word) internal pure returns (uint40) {
        return uint40(BundleWord.unwrap(word) >> TIME);
    }

    function fee(BundleWord word) internal pure returns (uint96) {
        return uint96(BundleWord.unwrap(word) >> FEE);
    }

    function base(BundleWord word) internal pure returns (uint64) {
        return uint64(BundleWord.unwrap(word) >> BASE);
    }

    function paid(BundleWord word) internal pure returns (uint32) {
        return uint32(BundleWord.unwrap(word) >> PAID);
    }

    /// @dev Bits of all legs.
    function every(BundleWord word) internal pure returns (uint32) {
        return uint32((uint256(1) << legs(word)) - 1);
    }

    function decided(BundleWord word, Outcome to, uint40 at) internal pure returns (BundleWord) {
        uint256 kept = BundleWord.unwrap(word) & ~(uint256(type(uint40).max) << TIME | 0xff);
        return BundleWord.wrap(kept | uint256(at) << TIME | uint256(to));
    }

    /// @dev `more` must fit.
    function toppedUp(BundleWord word, uint96 more) internal pure returns (BundleWord) {
        return BundleWord.wrap(BundleWord.unwrap(word) + (uint256(more) << FEE));
    }

    function withPaid(BundleWord word, uint32 bits) internal pure returns (BundleWord) {
        return BundleWord.wrap(BundleWord.unwrap(word) | uint256(bits) << PAID);
    }
}
