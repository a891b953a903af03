// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";
import {Draw} from "./Draw.sol";

/// @dev The word of a jury: two bits a seat, seat 0 lowest; two flags at the top. Zero: no such jury.
library Votes {
    uint256 internal constant OPEN = 1 << 254;
    uint256 internal constant CLOSED = 1 << 255;
    uint256 private constant BALLOTS = (1 << (2 * Draw.MAX_SIZE)) - 1;
    /// The lower bit of every pair.
    uint256 private constant LOWER = BALLOTS / 3;
    /// Percent of ALL seats that a verdict needs.
    uint256 private constant SUPERMAJORITY = 65;

    function isClosed(uint256 word) internal pure returns (bool) {
        return word & CLOSED != 0;
    }

    function ballots(uint256 word) internal pure returns (uint256) {
        return word & BALLOTS;
    }

    /// @notice What the seats of `holding` voted; 0 when they have not. All of them vote as one.
    function choiceOf(uint256 word, uint256 holding) internal pure returns (uint256) {
        uint256 seats = Draw.seats(holding);
        uint256 lowest = seats & (~seats + 1);
        return (word & (seats * 3)) / lowest & 3;
    }

    function cast(uint256 word, uint256 holding, uint256 choice) internal pure returns (uint256) {
        return word | Draw.seats(holding) * choice;
    }

    function voted(uint256 word) internal pure returns (uint256) {
        return LibBit.popCount((word | word >> 1) & LOWER);
    }

    /// @notice The choice with the most seats, the lowest of equals, and how many they are.
    function leading(uint256 word) internal pure returns (uint256 choice, uint256 votesFor) {
        uint256 low = word & LOWER;
        uint256 high = (word >> 1) & LOWER;
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
