// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LegStatus, Outcome} from "./BundleTypes.sol";

/// @notice What attesters say: leaves of the Merkle trees that they sign. A fact is a kind, what it is about, and what is so.
/// @dev An attester says one thing of one subject, ever: two different contents for the same kind and subject, both signed
///      by one key, cost him his stake. So a subject names nothing that may change, and the content everything that counts.
/// @dev Leaves are hashes of 96 bytes and inner nodes of 64: neither can stand for the other.
library Facts {
    uint256 internal constant OPENED = 1;
    uint256 internal constant PREPARED = 2;
    uint256 internal constant RECEIPT = 3;
    uint256 internal constant DECISION = 4;
    uint256 internal constant SEATED = 5;
    uint256 internal constant CURRENT = 6;

    /// @notice The hub opened a bundle: at ordinal `base` + `index` stands this leg, which may run until `deadline`.
    function opened(uint64 base, uint8 index, address owner, uint40 deadline, bytes32 leg)
        internal
        pure
        returns (bytes32)
    {
        return leafOf(OPENED, bytes32(uint256(base) + index), keccak256(abi.encode(base, owner, deadline, leg)));
    }

    /// @notice Every leg of the escrowed bundle `id` is held in its escrow.
    function prepared(bytes32 id) internal pure returns (bytes32) {
        return leafOf(PREPARED, id, 0);
    }

    /// @notice What became of a leg on its chain. A missed one has not run, and its chain is past the deadline for good.
    /// @param result keccak256 of the first 1,024 bytes that the call returned; zero when it did not run
    /// @param relayer whom the leg's share of the fee is owed to; zero for nobody
    function receipt(uint64 ordinal, LegStatus status, bytes32 result, address relayer)
        internal
        pure
        returns (bytes32)
    {
        return leafOf(RECEIPT, bytes32(uint256(ordinal)), keccak256(abi.encode(status, result, relayer)));
    }

    /// @notice The hub decided, once.
    function decision(bytes32 id, uint64 base, Outcome outcome) internal pure returns (bytes32) {
        return leafOf(DECISION, id, keccak256(abi.encode(base, outcome)));
    }

    /// @notice On the hub these sit in `epoch`, address (160) | weight (96) a seat.
    function seated(uint32 epoch, uint256 totalWeight, uint256[] memory seats) internal pure returns (bytes32) {
        return leafOf(SEATED, bytes32(uint256(epoch)), keccak256(abi.encode(totalWeight, seats)));
    }

    /// @notice In the first second of this day of the unix calendar `epoch` was the hub's current one.
    /// @dev The day is what it is about: that a set sat once stays true for ever, and shows nobody's stake to be there.
    function current(uint32 day, uint32 epoch) internal pure returns (bytes32) {
        return leafOf(CURRENT, bytes32(uint256(day)), keccak256(abi.encode(epoch)));
    }

    function leafOf(uint256 kind, bytes32 subject, bytes32 content) internal pure returns (bytes32) {
        return keccak256(abi.encode(kind, subject, content));
    }
}
