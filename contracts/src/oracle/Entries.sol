// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev Own-value reports as they travel: 77 bytes each, seat (1) | value int96 (12) | r (32) | vs (32, EIP-2098).
/// @dev `cursor` is the byte offset of an entry and is not checked here: `checkValues` admits whole entries only.
library Entries {
    uint256 internal constant SIZE = 77;
    /// Where the signature starts within an entry.
    uint256 internal constant SIGNATURE = 13;

    function seatAt(bytes calldata entries, uint256 cursor) internal pure returns (uint8 seat) {
        assembly ("memory-safe") {
            seat := byte(0, calldataload(add(entries.offset, cursor)))
        }
    }

    function valueAt(bytes calldata entries, uint256 cursor) internal pure returns (int96 value) {
        assembly ("memory-safe") {
            value := sar(160, calldataload(add(entries.offset, add(cursor, 1))))
        }
    }
}
