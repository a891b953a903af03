// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IWiring, Wires} from "./IWiring.sol";

/// @dev What it promises stands at {IWiring}. The deployer is an argument because a contract that is deployed by CREATE2
///      through a proxy cannot see who sent it.
contract Wiring is IWiring {
    address public immutable deployer;

    bool public isSealed;
    Wires private _wires;

    constructor(address deployer_) {
        deployer = deployer_;
    }

    /// @inheritdoc IWiring
    function seal(Wires calldata wires) external {
        require(msg.sender == deployer, Wiring_NotDeployer(msg.sender));
        require(!isSealed, Wiring_AlreadySealed());
        _check(wires.oracle);
        _check(wires.stakeManager);
        _check(wires.guard);
        _check(wires.slasher);
        _check(wires.epochs);
        _check(wires.ladder);
        _check(wires.court);

        isSealed = true;
        _wires = wires;

        emit Sealed(wires);
    }

    /// @inheritdoc IWiring
    function oracle() external view returns (address) {
        return _wires.oracle;
    }

    /// @inheritdoc IWiring
    function stakeManager() external view returns (address) {
        return _wires.stakeManager;
    }

    /// @inheritdoc IWiring
    function guard() external view returns (address) {
        return _wires.guard;
    }

    /// @inheritdoc IWiring
    function slasher() external view returns (address) {
        return _wires.slasher;
    }

    /// @inheritdoc IWiring
    function epochs() external view returns (address) {
        return _wires.epochs;
    }

    /// @inheritdoc IWiring
    function ladder() external view returns (address) {
        return _wires.ladder;
    }

    /// @inheritdoc IWiring
    function court() external view returns (address) {
        return _wires.court;
    }

    function _check(address wire) private view {
        require(wire == address(0) || wire.code.length != 0, Wiring_NoContract(wire));
    }
}
