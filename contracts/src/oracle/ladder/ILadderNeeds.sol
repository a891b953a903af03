// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

// What the ladder asks of its neighbours, and no more: whoever provides it need not import this.

/// @dev Part of the stake manager.
interface ILadderStakes {
    function signerSet(uint8 domain) external view returns (address blob, uint32 epoch, uint40 pausedUntil);
    function signerSetOf(uint8 domain, uint32 epoch) external view returns (address blob);
    /// @notice The last snapshot of jurors: a blob as of signer sets, of 256 jurors at most.
    function jurorSet() external view returns (address blob, uint32 jurorEpoch, uint40 takenAt);
    function ownerOf(address signer) external view returns (address);
    /// @notice The same, but zero for who is banned.
    function earnerOf(address signer) external view returns (address);
    function isBanned(address owner) external view returns (bool);
    /// @notice Who counts as one with `owner` in `domain`; 0 for none.
    function clusterOf(uint8 domain, address owner) external view returns (uint32);
    function UNBONDING_SECONDS() external view returns (uint40);
}

/// @dev What of the oracle does not stand at its interface.
interface ILadderOracle {
    /// @notice The longest time in which an answer can be disputed, seconds: twice that with little agreement or while a
    ///         breaker is tripped, and once for each question half of it more, by a veto.
    function MAX_LIVENESS() external view returns (uint32);
}

/// @dev Part of the guard.
interface ILadderClock {
    /// @notice The court clock: unix seconds less all time that was spent paused.
    function clock() external view returns (uint40);
    /// @notice What the court clock showed at `at`, unix seconds, not later than now.
    function clockAt(uint40 at) external view returns (uint40);
}

/// @dev Part of the slasher. Neither may revert because of a provider's state, nor for a fault that it has seen.
interface ILadderSlasher {
    /// @notice Takes from the owners of `seats` what a value costs that was overturned. Only for the ladder.
    /// @param fault the dispute
    /// @param challenger gets his part; zero when nobody was right
    function overturned(bytes32 fault, uint8 domain, uint32 epoch, uint256 seats, address challenger) external;
    /// @notice Takes a tenth of the dispute's `deposit` from the owners of `seats` together.
    function tooEarly(bytes32 fault, uint8 domain, uint32 epoch, uint256 seats, uint96 deposit, address challenger)
        external;
}

/// @dev Part of the wiring, which is sealed after deployment.
interface ILadderWiring {
    function court() external view returns (address);
    function guard() external view returns (address);
    function slasher() external view returns (address);
}
