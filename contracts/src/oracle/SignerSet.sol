// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SSTORE2} from "solady/utils/SSTORE2.sol";

/// @dev The signer set of one epoch as it lies in memory: `start` points to the total weight, seats follow.
struct SignerSet {
    uint256 start;
    uint256 count; // seats
}

/// @dev A set is stored as the code of a contract, so that a report reads it with one cold account access.
library SignerSets {
    uint256 internal constant MAX_SEATS = 32;

    /// @param seats address (160) | weight (96) per seat
    function write(uint256 total, uint256[] memory seats) internal returns (address blob) {
        return SSTORE2.write(_packed(total, seats));
    }

    /// @dev Whether `blob` is what {write} would make of these.
    function isSame(address blob, uint256 total, uint256[] memory seats) internal view returns (bool) {
        SignerSet memory set = read(blob);
        (uint256 start, uint256 count) = (set.start, set.count);
        bytes32 held;
        assembly ("memory-safe") {
            held := keccak256(start, shl(5, add(count, 1)))
        }
        return held == keccak256(_packed(total, seats));
    }

    /// @dev An address without code is the empty set.
    function read(address blob) internal view returns (SignerSet memory set) {
        uint256 start;
        uint256 count;
        assembly ("memory-safe") {
            // 1: the STOP byte that keeps the blob from being called.
            let size := extcodesize(blob)
            start := mload(0x40)
            mstore(start, 0)
            if size {
                size := sub(size, 1)
                extcodecopy(blob, start, 1, size)
                count := sub(shr(5, size), 1)
            }
            mstore(0x40, add(start, shl(5, add(count, 1))))
        }
        return SignerSet({start: start, count: count});
    }

    function totalWeight(SignerSet memory set) internal pure returns (uint256 total) {
        uint256 start = set.start;
        assembly ("memory-safe") {
            total := mload(start)
        }
    }

    /// @dev `seat` must be below `set.count`.
    function seatAt(SignerSet memory set, uint256 seat) internal pure returns (address signer, uint96 weight) {
        uint256 start = set.start;
        uint256 word;
        assembly ("memory-safe") {
            word := mload(add(start, shl(5, add(seat, 1))))
        }
        return (address(uint160(word >> 96)), uint96(word));
    }

    function _packed(uint256 total, uint256[] memory seats) private pure returns (bytes memory) {
        return abi.encodePacked(total, seats);
    }
}
