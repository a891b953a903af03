// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";
import {SignerSet} from "./SignerSet.sol";

/// @dev Whether the seats of a bitmap all signed one digest. What is wrong is returned, not reverted with: reports and batches
///      name it in words of their own. What stands at {ReportVerifier} on signatures holds here too.
library SeatSignatures {
    uint256 private constant WEIGHT_MASK = 0xffffffffffffffffffffffff; // 96 bits
    uint256 internal constant UNKNOWN_SEAT = type(uint256).max;
    uint256 private constant SIGNATURE_BYTES = 64; // r | vs

    /// @param signatures r | vs, 64 bytes each, ascending by seat
    /// @return weight of the seats; meaningless when one is bad
    /// @return bad 0 when all is well, UNKNOWN_SEAT when nobody has one of the seats, else the first seat without a good
    ///         signature, or beyond all of them, plus one
    function weigh(bytes32 digest, SignerSet memory set, uint256 seats, bytes calldata signatures)
        internal
        view
        returns (uint256 weight, uint256 bad)
    {
        assembly ("memory-safe") {
            let recovery := mload(0x40)
            mstore(recovery, digest)
            let first := add(mload(set), 32)
            let signature := signatures.offset
            let seat := 0
            let left := seats
            for {} left { left := shr(1, left) } {
                if and(left, 1) {
                    let vs := calldataload(add(signature, 32))
                    mstore(add(recovery, 32), add(shr(255, vs), 27))
                    mstore(add(recovery, 64), calldataload(signature))
                    mstore(add(recovery, 96), shr(1, shl(1, vs)))
                    mstore(0, 0)
                    pop(staticcall(gas(), 1, recovery, 128, 0, 32))
                    let word := mload(add(first, shl(5, seat)))
                    if xor(mload(0), shr(96, word)) { break }
                    weight := add(weight, and(word, WEIGHT_MASK))
                    signature := add(signature, 64)
                }
                seat := add(seat, 1)
            }
            // No seat is left, and no byte. One without the other is not enough: a list that ends too soon breaks the loop
            // at its own end, with seats left that nobody signed for.
            if or(left, xor(signature, add(signatures.offset, signatures.length))) { bad := add(seat, 1) }
            if shr(mload(add(set, 32)), seats) { bad := not(0) }
        }
    }

    /// @notice Whether there are as many signatures as seats.
    function fit(uint256 seats, bytes calldata signatures) internal pure returns (bool) {
        return signatures.length == SIGNATURE_BYTES * LibBit.popCount(seats);
    }
}
