// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Whom hub, settler and escrow believe about other chains. They name leaves of {Facts}, which they compute themselves,
///         and hand on evidence that they do not look at: so one kind of it can stand beside, or in the place of, another.
interface IVerifier {
    /// @notice Returns when every one of `leaves` is so, and reverts otherwise. It may log, so it is no view.
    /// @param leaves at least one, in the order that the evidence wants
    /// @param value the largest amount that hangs on them, in units of what moves: more of it may want more evidence
    function check(bytes32[] calldata leaves, uint256 value, bytes calldata evidence) external;
}
