// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {RunnableLeg} from "./ISettler.sol";

/// @dev Where a leg that is brought, its payload and its inputs stand in calldata. The compiler checks an offset whenever it is
///      followed, and a leg is looked at twice: as a fact first, then to be run. Calldata does not change in between, so
///      {checked} does it once for all three, and the rest follows them as they are: for legs that {checked} returned, only.
library LegBytes {
    /// @dev Reverts, as the compiler's own checks do, when it or its bytes do not end within calldata. Its `needs`, which most
    ///      have none of, are the compiler's to check.
    function checked(RunnableLeg[] calldata legs, uint256 i)
        internal
        pure
        returns (RunnableLeg calldata leg, bytes calldata data, bytes calldata inputs)
    {
        assembly ("memory-safe") {
            let end := calldatasize()
            let offset := calldataload(add(legs.offset, shl(5, i)))
            leg := add(legs.offset, offset)
            let toData := calldataload(add(leg, 0x80))
            let toInputs := calldataload(add(leg, 0xa0))
            let large := or(offset, or(toData, toInputs))
            data.offset := add(add(leg, toData), 0x20)
            data.length := calldataload(sub(data.offset, 0x20))
            inputs.offset := add(add(leg, toInputs), 0x20)
            inputs.length := calldataload(sub(inputs.offset, 0x20))
            // What is longer than 64 bits is refused, so nothing that is added up here overflows.
            large := shr(64, or(large, or(data.length, inputs.length)))
            // Four words and three offsets, data, and inputs end before calldata does.
            let beyond := or(gt(add(data.offset, data.length), end), gt(add(inputs.offset, inputs.length), end))
            if or(or(large, beyond), gt(add(leg, 0xe0), end)) { revert(0, 0) }
        }
    }

    function at(RunnableLeg[] calldata legs, uint256 i) internal pure returns (RunnableLeg calldata leg) {
        assembly ("memory-safe") {
            leg := add(legs.offset, calldataload(add(legs.offset, shl(5, i))))
        }
    }

    function dataOf(RunnableLeg calldata leg) internal pure returns (bytes calldata data) {
        assembly ("memory-safe") {
            let start := add(leg, calldataload(add(leg, 0x80)))
            data.length := calldataload(start)
            data.offset := add(start, 0x20)
        }
    }

    function inputsOf(RunnableLeg calldata leg) internal pure returns (bytes calldata inputs) {
        assembly ("memory-safe") {
            let start := add(leg, calldataload(add(leg, 0xa0)))
            inputs.length := calldataload(start)
            inputs.offset := add(start, 0x20)
        }
    }
}
