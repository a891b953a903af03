// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

// What the oracle asks of its neighbours beside the stake manager, and no more: whoever provides it need not import this.

/// @dev Part of the guard.
interface IPauses {
    /// @notice The last pause: its number, counted from 1, and the unix second in which it ends. Zeros before the first.
    function lastPause() external view returns (uint32 number, uint40 until);
}

/// @dev Part of the wiring, which is sealed after deployment.
interface IOracleWiring {
    function ladder() external view returns (address);
    function court() external view returns (address);
    function guard() external view returns (address);
}
