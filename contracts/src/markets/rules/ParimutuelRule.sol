// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev What a pool pays. The same rule in TypeScript and the cases that bind both: vectors/rules/parimutuel.json.
/// @dev All amounts in the collateral's smallest unit and below 2^72, so no product overflows and nothing is checked twice.
library ParimutuelRule {
    uint256 private constant BPS = 10_000;

    /// @notice The creator's part of the losing stakes. Rounds down.
    function fee(uint256 lost, uint256 feeBps) internal pure returns (uint256) {
        unchecked {
            return lost * feeBps / BPS;
        }
    }

    /// @notice What a stake on the outcome that won pays: itself, and its share of what the others lost after the fee.
    /// @dev Rounds down, so the pay-outs never exceed the pool.
    /// @param won staked on the outcome that won, `staked` included; not zero
    /// @param feeBps at most 10,000
    function payOut(uint256 staked, uint256 won, uint256 lost, uint256 feeBps) internal pure returns (uint256) {
        unchecked {
            return staked + (lost - fee(lost, feeBps)) * staked / won;
        }
    }
}
