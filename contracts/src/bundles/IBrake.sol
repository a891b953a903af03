// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice A pause that ends by itself. What it holds up says the contract that has it; never aborts, give-backs,
///         compensations or withdrawals.
interface IBrake {
    event Paused(address indexed guardian, uint40 until);

    error Brake_NotGuardian(address caller);
    error Brake_TooLong(uint40 wanted, uint40 most);
    error Brake_TooSoon(uint40 notBefore);

    /// @notice Pauses for `seconds_`, at most 72 hours, and not again until a cool-down as long has passed. The guardian only;
    ///         it cannot be made longer.
    function pause(uint40 seconds_) external;
    /// @notice Unix second in which the last pause ends or ended; 0 before the first.
    function pausedUntil() external view returns (uint40);
    function guardian() external view returns (address);
}
