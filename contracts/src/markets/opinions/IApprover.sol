// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// What an opinion market came to, as its approvers sign it.
struct Result {
    bytes32 market;
    uint256 total; // staked with a stance, smallest units of collateral
    uint256 count; // opinions that were
    uint8 score; // 0 to 100
    uint16 confidence; // basis points
}

/// @notice Where a deployment wants people to look at a result before it counts.
interface IApprover {
    /// @notice Reverts unless `approval` approves `result`. An approver that never approves holds a market up until it
    ///         expires and everybody is refunded; it cannot change what a market comes to.
    function requireApproved(Result calldata result, bytes calldata approval) external view;
}
