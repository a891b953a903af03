// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Question} from "../IOracle.sol";

/// @notice Brakes, and nothing but brakes: a guardian may hold up new answers for a while, anyone may trip breakers that
///         double the windows for objections. Everything ends by itself; nobody can set a value or keep money.
/// @dev A pause stops reports in every domain and the court clock. Withdrawals, refunds, rulings and the final answers
///      that stand already go on.
/// @dev The court clock is unix seconds less all paused time: what a dispute is given to act in is given in full.
interface IGuard {
    event Paused(uint32 indexed number, address indexed guardian, uint40 until);
    /// @param why "value" or "disputes"
    event Tripped(string why, uint256 found, uint256 limit, uint40 until);

    error Guard_NotGuardian(address caller);
    error Guard_TooLong(uint40 wanted, uint40 most);
    error Guard_TooSoon(uint40 notBefore);
    error Guard_NotTripped(uint256 found, uint256 limit);
    error Guard_BadEvidence(bytes32 question, string what);

    /* PAUSE */

    /// @notice Holds up reports for `seconds_`, at most 72 hours, and not again until a cool-down as long has passed.
    ///         The guardian of the policy only. It cannot be made longer; it ends by itself.
    function pause(uint40 seconds_) external;
    /// @notice The last pause: its number, counted from 1, and the unix second in which it ends. Zeros before the first.
    function lastPause() external view returns (uint32 number, uint40 until);
    /// @notice Court clock, now. Never runs backwards, stands still during a pause.
    function clock() external view returns (uint40);
    /// @notice What the court clock showed at `unixSeconds`, which must not lie in the future.
    function clockAt(uint40 unixSeconds) external view returns (uint40);

    /* BREAKERS */

    /// @notice Trips when answers that become final within one hour secure more than the policy's limit. Anyone.
    /// @param questions answered and not final, their ids ascending, all final within an hour of the first second
    /// @param from unix second at which that hour starts
    function tripValue(Question[] calldata questions, uint40 from) external;
    /// @notice Trips when more than three times as many disputes are open as on an average day, and at least the policy's
    ///         floor. Anyone; counts towards the average either way.
    /// @param questions disputed now, ids ascending
    function tripDisputes(bytes32[] calldata questions) external;
    /// @notice Records how many disputes are open, for the average. Anyone; the largest count of a day is its own.
    function countDisputes(bytes32[] calldata questions) external;
    /// @notice By what windows for objections that begin now are multiplied: 1, or 2 while a breaker is tripped. The stake
    ///         manager is told, so that no report asks for it; windows that began before stay as they are.
    function windowFactor() external view returns (uint8);
    /// @notice Disputes open on an average day of the last thirty, in ten-thousandths.
    function meanDisputes() external view returns (uint256);
}
