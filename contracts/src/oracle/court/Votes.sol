// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";
import {Draw} from "./Draw.sol";

/// @dev The word of a jury: two bits a seat, seat 0 lowest; flags at the top. Zero: no such jury.
/// @dev Votes lie in it as they were cast. Where the third choice means one of the others, they are read as that one.
library Votes {
    uint256 internal constant OPEN = 1 << 254;
    uint256 internal constant CLOSED = 1 << 255;
    /// The third choice means the same as the first, or as the second.
    uint256 private constant THIRD_IS_FIRST = 1 << 252;
    uint256 private constant THIRD_IS_SECOND = 1 << 253;
    uint256 private constant BALLOTS = (1 << (2 * Draw.MAX_SIZE)) - 1;
    /// The lower bit of every pair.
    uint256 private constant LOWER = BALLOTS / 3;
    /// Percent of ALL seats that a verdict needs.
    uint256 private constant SUPERMAJORITY = 65;

    function isClosed(uint256 word) internal pure returns (bool) {
        return word & CLOSED != 0;
    }

    /// @notice The word of a new jury in which choice 3 counts as `third`: 1, 2, or 3 for itself.
    function opened(uint8 third) internal pure returns (uint256) {
        return OPEN | (third == 1 ? THIRD_IS_FIRST : third == 2 ? THIRD_IS_SECOND : 0);
    }

    function ballots(uint256 word) internal pure returns (uint256 cast_) {
        cast_ = word & BALLOTS;
        if (word & (THIRD_IS_FIRST | THIRD_IS_SECOND) == 0) return cast_;
        uint256 thirds = cast_ & cast_ >> 1 & LOWER;
        cast_ ^= word & THIRD_IS_FIRST != 0 ? thirds << 1 : thirds;
    }

    /// @notice What the seats of `holding` voted; 0 when they have not. All of them vote as one.
    function choiceOf(uint256 word, uint256 holding) internal pure returns (uint256 choice) {
        uint256 seats = Draw.seats(holding);
        uint256 lowest = seats & (~seats + 1);
        choice = (word & (seats * 3)) / lowest & 3;
        if (choice == 3) {
            if (word & THIRD_IS_FIRST != 0) choice = 1;
            if (word & THIRD_IS_SECOND != 0) choice = 2;
        }
    }

    function cast(uint256 word, uint256 holding, uint256 choice) internal pure returns (uint256) {
        return word | Draw.seats(holding) * choice;
    }

    function voted(uint256 word) internal pure returns (uint256) {
        return LibBit.popCount((word | word >> 1) & LOWER);
    }

    /// @notice The choice with the most seats, the lowest of equals, and how many they are.
    function leading(uint256 word) internal pure returns (uint256 choice, uint256 votesFor) {
        uint256 cast_ = ballots(word);
        uint256 low = cast_ & LOWER;
        uint256 high = (cast_ >> 1) & LOWER;
        (choice, votesFor) = (1, LibBit.popCount(low & ~high));
        uint256 others = LibBit.popCount(high & ~low);
        if (others > votesFor) (choice, votesFor) = (2, others);
        others = LibBit.popCount(high & low);
        if (others > votesFor) (choice, votesFor) = (3, others);
    }

    /// @notice `choice` is 0 when none has its supermajority of `size`.
    function verdict(uint256 word, uint256 size) internal pure returns (uint256 choice, uint256 votesFor) {
        (choice, votesFor) = leading(word);
        if (votesFor * 100 < SUPERMAJORITY * size) choice = 0;
    }
}
