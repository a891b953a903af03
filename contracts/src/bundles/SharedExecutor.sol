// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Executor} from "./Executor.sol";

/// @notice Everybody's legs of kind Shared and Value are called from here. It holds nothing and nobody should give it anything:
///         it may call whatever an owner names, so a token, an approval or a right that it has is everybody's.
/// @dev It takes no value but what a leg carries, and that goes to the leg's target or, by reverting, back. Value that is forced
///      on it stays for ever; tokens that are left with it belong to whoever names them in a leg first.
contract SharedExecutor is Executor {
    constructor(address settler_) Executor(settler_) {}

    /// @notice Calls a target with all the value that came. The settler only.
    /// @dev Behind the selector: target, gas, payload.
    function execute() external payable {
        _call(msg.value, 4 + 2 * 32);
    }
}
