// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev Who stands where. Zero: this deployment has none.
struct Wires {
    address oracle;
    address stakeManager;
    address guard;
    address slasher;
    address epochs;
    address ladder;
    address court;
}

/// @notice The one place where contracts that need each other find each other. Deployed first, so that all others can be
///         built with its address; written once, by whoever deployed; nobody can change it afterwards.
/// @dev Until it is sealed every wire is zero, and whoever may act only for one of them refuses everybody.
interface IWiring {
    event Sealed(Wires wires);

    error Wiring_NotDeployer(address caller);
    error Wiring_AlreadySealed();
    error Wiring_NoContract(address wire);

    /// @notice Writes all wires, for ever. Every wire that is not zero must have code.
    function seal(Wires calldata wires) external;

    function deployer() external view returns (address);
    function isSealed() external view returns (bool);
    function oracle() external view returns (address);
    function stakeManager() external view returns (address);
    function guard() external view returns (address);
    function slasher() external view returns (address);
    function epochs() external view returns (address);
    function ladder() external view returns (address);
    function court() external view returns (address);
}
