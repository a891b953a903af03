// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IVerifier} from "./IVerifier.sol";

/// @dev Asks a verifier, as the compiler would, but copies the facts in one piece: its loop over them is paid for by every leg.
library VerifierCall {
    /// @notice As verifier.check(facts, value, evidence): reverts with what it reverts with, and when it has no code.
    function ask(IVerifier verifier, bytes32[] memory facts, uint256 value, bytes calldata evidence) internal {
        bytes4 selector = IVerifier.check.selector;
        assembly ("memory-safe") {
            let input := mload(0x40)
            let size := shl(5, add(mload(facts), 1)) // of the facts, and how many they are
            mstore(input, selector)
            mstore(add(input, 0x04), 0x60) // where the facts begin
            mstore(add(input, 0x24), value)
            mstore(add(input, 0x44), add(0x60, size)) // where the evidence does
            mcopy(add(input, 0x64), facts, size)
            let end := add(add(input, 0x64), size)
            mstore(end, evidence.length)
            end := add(end, 0x20)
            calldatacopy(end, evidence.offset, evidence.length)
            mstore(add(end, evidence.length), 0) // whole words, of which the last may hold less
            end := add(end, and(add(evidence.length, 0x1f), not(0x1f)))
            // Where no code is, nothing objects.
            if iszero(extcodesize(verifier)) { revert(0, 0) }
            if iszero(call(gas(), verifier, 0, input, sub(end, input), 0, 0)) {
                returndatacopy(input, 0, returndatasize())
                revert(input, returndatasize())
            }
        }
    }
}
