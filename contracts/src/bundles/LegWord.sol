// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BundleHashes} from "./BundleHashes.sol";
import {LegKind, NO_LEG} from "./BundleTypes.sol";
import {Facts} from "./Facts.sol";
import {LegWords} from "./ISettler.sol";

/// @dev What stands in the words of a leg. Bits that belong to no field are not looked at: nobody signed them.
library LegWord {
    function owner(LegWords calldata words) internal pure returns (address) {
        return address(uint160(words.place >> 96));
    }

    function deadline(LegWords calldata words) internal pure returns (uint40) {
        return uint40(words.place >> 56);
    }

    function index(LegWords calldata words) internal pure returns (uint8) {
        return uint8(words.place >> 48);
    }

    /// @dev Which of the decisions is its bundle's.
    function decision(LegWords calldata words) internal pure returns (uint256) {
        return uint8(words.place >> 40);
    }

    /// @dev Which of the receipts shows that it can not run.
    function receipt(LegWords calldata words) internal pure returns (uint256) {
        return uint8(words.place >> 32);
    }

    function base(LegWords calldata words) internal pure returns (uint64) {
        return uint64(words.rules >> 192);
    }

    function ordinal(LegWords calldata words) internal pure returns (uint64) {
        return uint64(words.rules >> 192) + uint8(words.place >> 48);
    }

    function gasLimit(LegWords calldata words) internal pure returns (uint256) {
        return uint32(words.rules >> 160);
    }

    function needsOk(LegWords calldata words) internal pure returns (uint256) {
        return uint32(words.rules >> 128);
    }

    function needsFailed(LegWords calldata words) internal pure returns (uint256) {
        return uint32(words.rules >> 96);
    }

    function needsSettled(LegWords calldata words) internal pure returns (uint256) {
        return uint32(words.rules >> 64);
    }

    function undoes(LegWords calldata words) internal pure returns (uint8) {
        return uint8(words.rules >> 56);
    }

    function isCompensation(LegWords calldata words) internal pure returns (bool) {
        return uint8(words.rules >> 56) != NO_LEG;
    }

    function kind(LegWords calldata words) internal pure returns (LegKind) {
        return LegKind(uint8(words.rules >> 48));
    }

    function target(LegWords calldata words) internal pure returns (address) {
        return address(uint160(words.callee >> 96));
    }

    function value(LegWords calldata words) internal pure returns (uint96) {
        return uint96(words.callee);
    }

    /// @dev As {kind} is Shared, without a look whether the byte is a kind at all.
    function isShared(LegWords calldata words) internal pure returns (bool) {
        return uint8(words.rules >> 48) == uint8(LegKind.Shared);
    }

    /// @dev The bit of the leg that it undoes, none when it undoes none.
    function undoneBit(LegWords calldata words) internal pure returns (uint256) {
        return isCompensation(words) ? 1 << undoes(words) : 0;
    }

    /// @dev Bits of all legs whose receipts it needs.
    function needed(LegWords calldata words) internal pure returns (uint256) {
        return needsOk(words) | needsFailed(words) | needsSettled(words) | undoneBit(words);
    }

    /// @dev It needs no other and undoes none: so do most.
    function standsAlone(LegWords calldata words) internal pure returns (bool) {
        return uint104(words.rules >> 56) == NO_LEG;
    }

    function isEscrowed(LegWords calldata words) internal pure returns (bool) {
        return uint8(words.rules >> 48) > uint8(LegKind.Value);
    }

    /// @dev It waits for itself or for one after it, or for one to end in two ways. One that stands alone never does.
    function canNeverRun(LegWords calldata words) internal pure returns (bool) {
        return needed(words) >> index(words) != 0 || needsOk(words) & needsFailed(words) != 0;
    }

    /// @dev The OPENED fact of this leg, as {Facts-opened} has it; on this chain, its hash as {BundleHashes-legHash} has it.
    ///      In assembly, for it is half of what a leg in a batch costs beside its calldata otherwise.
    function opened(LegWords calldata words, bytes32 dataHash, bytes32 inputsHash)
        internal
        view
        returns (bytes32 fact)
    {
        bytes32 typehash = BundleHashes.LEG_TYPEHASH;
        uint256 factKind = Facts.OPENED;
        assembly ("memory-safe") {
            let place_ := calldataload(words)
            let rules_ := calldataload(add(words, 0x20))
            let callee_ := calldataload(add(words, 0x40))
            let free := mload(0x40)
            mstore(free, typehash)
            mstore(add(free, 0x20), chainid())
            mstore(add(free, 0x40), byte(25, rules_)) // kind
            mstore(add(free, 0x60), shr(96, callee_)) // target
            mstore(add(free, 0x80), shr(160, shl(160, callee_))) // value
            mstore(add(free, 0xa0), and(shr(160, rules_), 0xffffffff)) // gasLimit
            mstore(add(free, 0xc0), dataHash)
            mstore(add(free, 0xe0), and(shr(128, rules_), 0xffffffff)) // needsOk
            mstore(add(free, 0x100), and(shr(96, rules_), 0xffffffff)) // needsFailed
            mstore(add(free, 0x120), and(shr(64, rules_), 0xffffffff)) // needsSettled
            mstore(add(free, 0x140), byte(24, rules_)) // undoes
            mstore(add(free, 0x160), inputsHash)
            mstore(add(free, 0x180), calldataload(add(words, 0x60))) // salt
            let leg := keccak256(free, 0x1a0)

            let base_ := shr(192, rules_)
            mstore(free, base_)
            mstore(add(free, 0x20), shr(96, place_)) // owner
            mstore(add(free, 0x40), and(shr(56, place_), 0xffffffffff)) // deadline
            mstore(add(free, 0x60), leg)
            let content := keccak256(free, 0x80)

            mstore(free, factKind)
            mstore(add(free, 0x20), add(base_, byte(25, place_))) // index
            mstore(add(free, 0x40), content)
            fact := keccak256(free, 0x60)
        }
    }

    /// @dev keccak256, without leaving a copy in memory.
    function hashOf(bytes calldata data) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, data.offset, data.length)
            hash := keccak256(free, data.length)
        }
    }
}
