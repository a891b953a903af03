// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";
import {SignerSet} from "../SignerSet.sol";

/// @dev Who holds which seats: a pure function of snapshot, seed, size and excluded.
/// @dev To draw again whenever somebody who holds his full share comes up, and to take his weight out once he does, give
///      the same distribution; the second needs no bound on the number of draws. It costs a pass over the weights, at
///      most seven times.
/// @dev A juror's holding: 01 at bits 2 * seat for each of his seats, so that times a choice it is his vote; and how many
///      they are from bit 248 on.
library Draw {
    uint256 internal constant MAX_SIZE = 101;
    /// Nobody holds more than a seventh of the seats, rounded up.
    uint256 private constant SHARES = 7;
    uint256 private constant MAX_JURORS = 256;
    uint256 private constant MAX_BYTES = 8192; // of as many sums
    uint256 private constant COUNT_SHIFT = 248;
    uint256 private constant COUNT_ONE = 0x0100000000000000000000000000000000000000000000000000000000000000;
    uint256 private constant SEATS_MASK = (1 << (2 * MAX_SIZE)) - 1;
    uint256 private constant WEIGHT_MASK = 0xffffffffffffffffffffffff; // 96 bits

    /// @notice Seats that one juror may hold.
    function capOf(uint256 size) internal pure returns (uint256) {
        return (size + SHARES - 1) / SHARES;
    }

    /// @notice Jurors that it takes to fill `size` seats.
    function leastJurors(uint256 size) internal pure returns (uint256) {
        uint256 cap = capOf(size);
        return (size + cap - 1) / cap;
    }

    /// @notice What draws a jury: keccak256(abi.encode(beacon, jury)). Nobody could know the beacon's part when it was opened.
    function seedOf(bytes32 beacon, bytes32 jury) internal pure returns (bytes32 seed) {
        assembly ("memory-safe") {
            mstore(0, beacon)
            mstore(32, jury)
            seed := keccak256(0, 64)
        }
    }

    /// @notice How many may sit: those with weight that are not excluded. None, when together they weigh less than a third
    ///         of all: where almost everybody is a party, a few least stakes would be the whole jury.
    function eligible(SignerSet memory set, uint256 excluded) internal pure returns (uint256 many) {
        uint256 first = set.start + 32;
        uint256 count = set.count;
        assembly ("memory-safe") {
            let all := 0
            let theirs := 0
            for { let i := 0 } lt(i, count) { i := add(i, 1) } {
                let weight := and(mload(add(first, shl(5, i))), WEIGHT_MASK)
                let sits := iszero(and(shr(i, excluded), 1))
                all := add(all, weight)
                theirs := add(theirs, mul(sits, weight))
                many := add(many, and(iszero(iszero(weight)), sits))
            }
            many := mul(many, iszero(lt(mul(3, theirs), all)))
        }
    }

    /// @dev At least leastJurors(size) must be eligible. Then somebody below his cap is left for every seat.
    /// @dev Takes the weights of the excluded out of `set` in memory; the signers stay.
    /// @return holdings one word for each juror of the snapshot, 0 for who was not drawn
    function draw(SignerSet memory set, uint256 excluded, uint256 size, bytes32 seed)
        internal
        pure
        returns (uint256[] memory holdings)
    {
        _exclude(set, excluded);
        (uint256 sums, uint256 total) = _sums(set);
        holdings = new uint256[](set.count);
        uint256 cap = capOf(size);
        assembly ("memory-safe") {
            mstore(0, seed)
            for { let seat := 0 } lt(seat, size) { seat := add(seat, 1) } {
                mstore(32, seat)
                let lot := mod(keccak256(0, 64), total)
                // The first of 256 whose sum exceeds the lot. Without branches and in full, because it is the hot path.
                let at := sums
                at := add(at, shl(12, iszero(gt(mload(add(at, 4064)), lot))))
                at := add(at, shl(11, iszero(gt(mload(add(at, 2016)), lot))))
                at := add(at, shl(10, iszero(gt(mload(add(at, 992)), lot))))
                at := add(at, shl(9, iszero(gt(mload(add(at, 480)), lot))))
                at := add(at, shl(8, iszero(gt(mload(add(at, 224)), lot))))
                at := add(at, shl(7, iszero(gt(mload(add(at, 96)), lot))))
                at := add(at, shl(6, iszero(gt(mload(add(at, 32)), lot))))
                at := add(at, shl(5, iszero(gt(mload(at), lot))))

                let place := add(holdings, sub(add(at, 32), sums))
                let holding := add(or(mload(place), shl(add(seat, seat), 1)), COUNT_ONE)
                mstore(place, holding)
                if eq(shr(COUNT_SHIFT, holding), cap) {
                    let weight := and(mload(add(mload(set), sub(add(at, 32), sums))), WEIGHT_MASK)
                    total := sub(total, weight)
                    // Eight at a time. What lies beyond the last stays larger than any lot.
                    for { let end := add(sums, shl(5, mload(holdings))) } lt(at, end) { at := add(at, 256) } {
                        mstore(at, sub(mload(at), weight))
                        mstore(add(at, 32), sub(mload(add(at, 32)), weight))
                        mstore(add(at, 64), sub(mload(add(at, 64)), weight))
                        mstore(add(at, 96), sub(mload(add(at, 96)), weight))
                        mstore(add(at, 128), sub(mload(add(at, 128)), weight))
                        mstore(add(at, 160), sub(mload(add(at, 160)), weight))
                        mstore(add(at, 192), sub(mload(add(at, 192)), weight))
                        mstore(add(at, 224), sub(mload(add(at, 224)), weight))
                    }
                }
            }
        }
    }

    function _exclude(SignerSet memory set, uint256 excluded) private pure {
        uint256 first = set.start + 32;
        uint256 count = set.count;
        if (count < MAX_JURORS) excluded &= (1 << count) - 1;
        for (; excluded != 0; excluded &= excluded - 1) {
            uint256 juror = LibBit.ffs(excluded);
            assembly ("memory-safe") {
                let place := add(first, shl(5, juror))
                mstore(place, and(mload(place), not(WEIGHT_MASK)))
            }
        }
    }

    /// @return sums where 256 words lie: the weights up to and with each juror, and what no lot reaches for those that
    ///         the snapshot does not have
    function _sums(SignerSet memory set) private pure returns (uint256 sums, uint256 total) {
        uint256 count = set.count;
        assembly ("memory-safe") {
            sums := mload(0x40)
            let end := add(sums, shl(5, count))
            // Four at a time. What is read and written beyond the last is overwritten below.
            let from := add(mload(set), 32)
            for { let to := sums } lt(to, end) { to := add(to, 128) } {
                total := add(total, and(mload(from), WEIGHT_MASK))
                mstore(to, total)
                total := add(total, and(mload(add(from, 32)), WEIGHT_MASK))
                mstore(add(to, 32), total)
                total := add(total, and(mload(add(from, 64)), WEIGHT_MASK))
                mstore(add(to, 64), total)
                total := add(total, and(mload(add(from, 96)), WEIGHT_MASK))
                mstore(add(to, 96), total)
                from := add(from, 128)
            }
            total := mload(sub(end, 32))

            // Half of what a word can hold: even less all weights it exceeds every lot.
            let last := add(sums, MAX_BYTES)
            if lt(end, last) {
                mstore(end, shl(255, 1))
                let length := 32
                for { let to := add(end, 32) } lt(to, last) {} {
                    let left := sub(last, to)
                    if gt(length, left) { length := left }
                    mcopy(to, end, length)
                    to := add(to, length)
                    length := shl(1, length)
                }
            }
            mstore(0x40, add(last, 256)) // room for what is written beyond the last when somebody drops out
        }
    }

    /// @notice 01 at bits 2 * seat of each seat held.
    function seats(uint256 holding) internal pure returns (uint256) {
        return holding & SEATS_MASK;
    }

    /// @notice How many seats are held.
    function seatCount(uint256 holding) internal pure returns (uint256) {
        return holding >> COUNT_SHIFT;
    }
}
