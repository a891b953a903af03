// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleProofLib} from "solady/utils/MerkleProofLib.sol";

/// @dev What an epoch says of one provider in one domain. One leaf of the epoch's root.
struct EpochRecord {
    uint8 domain;
    uint32 epoch;
    address owner;
    uint16 factorBps; // what of his stake counts; 0 while suspended
    uint16 score; // 0..1000
    uint8 strikes; // rounds missed in a row
    uint40 suspendedUntil; // unix seconds; 0 for never
    uint32 cluster; // 0: stands alone
    bool premium; // his work counts twice when a reward is split
}

/// @dev Leaves and proofs of an epoch's root. The same in TypeScript: vectors/economy/epoch-record.json.
/// @dev The standard tree: leaves hashed twice, so that no inner node passes for one; pairs sorted, so that a proof needs no
///      directions.
library EpochRecords {
    function leafOf(EpochRecord memory record) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(record))));
    }

    /// @dev The root of no records is 0, and nothing proves against it.
    function isIn(EpochRecord memory record, bytes32 root, bytes32[] memory proof) internal pure returns (bool) {
        return root != 0 && MerkleProofLib.verify(proof, root, leafOf(record));
    }
}
