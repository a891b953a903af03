// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JurorFault} from "./ICourt.sol";

// What the court asks of its neighbours, and no more: whoever provides it need not import this.

/// @dev Part of the stake manager.
interface ICourtStakes {
    /// @notice Snapshot of jurors as a code blob: total weight, then address (160) | weight (96) each, at most 256.
    function jurorSetOf(uint32 jurorEpoch) external view returns (address blob, uint40 takenAt);
    /// @notice From leaving to having one's stake back, at the least.
    function UNBONDING_SECONDS() external view returns (uint40);
    /// @notice The owner of `signer`; zero once he is banned.
    function earnerOf(address signer) external view returns (address);
}

/// @dev Part of the guard.
interface ICourtClock {
    /// @notice Unix seconds less all time that was spent paused. Never runs backwards, stands still during a pause.
    function clock() external view returns (uint40);
}

/// @dev Part of the oracle: its ledger of credits.
interface ICourtLedger {
    /// @notice Moves credit of `from` to the caller. Only for the court, and only from its own caller.
    function collect(address from, uint96 amount) external;
    /// @notice Moves credit of the caller to `to`.
    function pay(address to, uint96 amount) external;
}

/// @dev Part of the slasher.
interface ICourtSlasher {
    /// @notice Takes what `kind` costs from the owner of `signer`, once for each `fault` id. Only for the court.
    /// @dev Must not revert because of the juror's state, nor for an id it has seen: it does nothing then.
    /// @param fault keccak256(abi.encode(jury, signer, kind))
    /// @param challenger gets his part of it; zero when nobody had to show anything
    function juror(address signer, bytes32 fault, JurorFault kind, address challenger) external;
}

/// @dev Part of the wiring, which is sealed after deployment.
interface ICourtWiring {
    function ladder() external view returns (address);
    function slasher() external view returns (address);
}
