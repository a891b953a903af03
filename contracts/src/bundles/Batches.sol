// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleProofLib} from "solady/utils/MerkleProofLib.sol";
import {Batch} from "./IAttesters.sol";

/// @dev Whether facts stand in a batch. A leaf is the hash of 96 bytes that whoever asks put together himself, an inner node
///      that of 64: no proof can pass a node off as a fact.
library Batches {
    function holds(Batch calldata batch, bytes32[] calldata leaves) internal pure returns (bool) {
        if (leaves.length == 0) return false;
        // A proof has as many flags as leaves and path together, less one; so with neither it is of one leaf, and agrees.
        if (batch.flags.length == 0 && batch.path.length == 0) return rootOf(leaves) == batch.root;
        // One leaf with a path alone: a straggler, served without flags.
        if (batch.flags.length == 0 && leaves.length == 1) {
            return MerkleProofLib.verifyCalldata(batch.path, batch.root, leaves[0]);
        }
        return MerkleProofLib.verifyMultiProofCalldata(batch.path, batch.root, leaves, batch.flags);
    }

    /// @notice The root of the tree with these leaves; at least one.
    function rootOf(bytes32[] calldata leaves) internal pure returns (bytes32 root) {
        assembly ("memory-safe") {
            // A queue beyond the free pointer: two leave it at the front, their hash joins at the back, until one is left.
            let front := mload(0x40)
            calldatacopy(front, leaves.offset, shl(5, leaves.length))
            let back := add(front, shl(5, leaves.length))
            for { let left := sub(leaves.length, 1) } left { left := sub(left, 1) } {
                let one := mload(front)
                let place := shl(5, gt(one, mload(add(front, 32))))
                mstore(place, one)
                mstore(xor(place, 32), mload(add(front, 32)))
                mstore(back, keccak256(0, 64))
                front := add(front, 64)
                back := add(back, 32)
            }
            root := mload(front)
        }
    }
}
