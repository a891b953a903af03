// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";
import {Bundle, Mode, Outcome} from "./BundleTypes.sol";

/// @dev All that the hub keeps of a bundle, from the lowest bit: outcome 4 | mode 2 | legs 6 | unrun 6 | nobodys 6 | time 40 |
///      fee 96 | base 64 | paid 32, a bit a leg whose share of the fee went out. The time is its deadline while it is open, and
///      when it was decided after that. Of the shares that went out, unrun is how many were of legs that did not run, and nobodys
///      how many went back to the owner whole: so it says for ever what he has again.
type BundleWord is uint256;

using BundleWords for BundleWord global;

library BundleWords {
    /// @dev Of a share of an ordered bundle, to whoever settled a leg that did not run: else letting it die earned as much as
    ///      running it.
    uint96 private constant UNRUN_PART = 4;

    uint256 private constant MODE = 4;
    uint256 private constant LEGS = 6;
    uint256 private constant UNRUN = 12;
    uint256 private constant NOBODYS = 18;
    uint256 private constant TIME = 24;
    uint256 private constant FEE = 64;
    uint256 private constant BASE = 160;
    uint256 private constant PAID = 224;

    function opened(Bundle calldata bundle, uint64 first) internal pure returns (BundleWord) {
        return BundleWord.wrap(
            uint256(Outcome.Open) | uint256(bundle.mode) << MODE | uint256(bundle.legs) << LEGS | uint256(bundle.deadline)
                << TIME | uint256(bundle.fee) << FEE | uint256(first) << BASE
        );
    }

    /// @dev Of one that can not be opened any more: aborted, without a fee, and so with no share that could go out.
    function unopened(Bundle calldata bundle, uint64 first, uint40 at) internal pure returns (BundleWord word) {
        word = BundleWord.wrap(
            uint256(Outcome.Aborted) | uint256(bundle.mode) << MODE | uint256(bundle.legs) << LEGS | uint256(at) << TIME
                | uint256(first) << BASE
        );
        word = withPaid(word, every(word));
    }

    function outcome(BundleWord word) internal pure returns (Outcome) {
        return Outcome(BundleWord.unwrap(word) & 15);
    }

    function mode(BundleWord word) internal pure returns (Mode) {
        return Mode(BundleWord.unwrap(word) >> MODE & 3);
    }

    function legs(BundleWord word) internal pure returns (uint8) {
        return uint8(BundleWord.unwrap(word) >> LEGS & 63);
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
        uint256 kept = BundleWord.unwrap(word) & ~(uint256(type(uint40).max) << TIME | 15);
        return BundleWord.wrap(kept | uint256(at) << TIME | uint256(to));
    }

    /// @dev `more` must fit.
    function toppedUp(BundleWord word, uint96 more) internal pure returns (BundleWord) {
        return BundleWord.wrap(BundleWord.unwrap(word) + (uint256(more) << FEE));
    }

    function withPaid(BundleWord word, uint32 bits) internal pure returns (BundleWord) {
        return BundleWord.wrap(BundleWord.unwrap(word) | uint256(bits) << PAID);
    }

    /// @dev Fits: there are as many as legs, each once.
    function withUnrun(BundleWord word) internal pure returns (BundleWord) {
        return BundleWord.wrap(BundleWord.unwrap(word) + (1 << UNRUN));
    }

    function withNobodys(BundleWord word, uint256 more) internal pure returns (BundleWord) {
        return BundleWord.wrap(BundleWord.unwrap(word) + (more << NOBODYS));
    }

    /// @dev A leg's part of the fee, rounded down.
    function share(BundleWord word) internal pure returns (uint96) {
        return fee(word) / legs(word);
    }

    /// @dev What is due of a share of a leg that did not run.
    function shareOfUnrun(BundleWord word) internal pure returns (uint96) {
        return share(word) / UNRUN_PART;
    }

    /// @dev What is left of a fee when only shares are that did not go out: those, and what rounding left of all.
    function rest(BundleWord word) internal pure returns (uint96) {
        return fee(word) - share(word) * uint96(LibBit.popCount(paid(word)));
    }

    /// @dev What its owner was credited with of its fee, all in all. Final as soon as every share went out.
    function givenBack(BundleWord word) internal pure returns (uint96 amount) {
        if (paid(word) == 0) return 0;
        uint96 whole = share(word);
        uint256 raw = BundleWord.unwrap(word);
        amount = whole * uint96(raw >> NOBODYS & 63) + (whole - shareOfUnrun(word)) * uint96(raw >> UNRUN & 63);
        if (paid(word) == every(word)) amount += rest(word);
    }
}
