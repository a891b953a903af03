// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibClone} from "solady/utils/LibClone.sol";
import {Executor} from "./Executor.sol";

/// @notice An owner's own account, at the same address on every chain: where targets look at who calls, or tokens are to be held.
/// @dev A clone with the owner in its code. The settler calls from it what the owner committed to; the owner whatever he likes,
///      always. Nobody else does anything with it, nor can the owner be changed.
contract Account is Executor {
    error Account_NotOwner(address caller);

    constructor(address settler_) Executor(settler_) {}

    /// @notice Calls a target with value that the account holds. The settler only.
    /// @dev Behind the selector: target, value, gas, payload.
    function execute() external {
        uint256 value;
        assembly ("memory-safe") {
            value := calldataload(0x24)
        }
        _call(value, 4 + 3 * 32);
    }

    /// @notice Calls `target`. The owner only. What it reverts with is passed on.
    function call(address target, uint256 value, bytes calldata data) external payable returns (bytes memory) {
        require(msg.sender == owner(), Account_NotOwner(msg.sender));
        (bool done, bytes memory result) = target.call{value: value}(data);
        if (done) return result;
        assembly ("memory-safe") {
            revert(add(result, 32), mload(result))
        }
    }

    receive() external payable {}

    /* TOKENS THAT ASK BEFORE THEY COME */

    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC721Received.selector;
    }

    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC1155Received.selector;
    }

    function onERC1155BatchReceived(address, address, uint256[] calldata, uint256[] calldata, bytes calldata)
        external
        pure
        returns (bytes4)
    {
        return this.onERC1155BatchReceived.selector;
    }

    function owner() public view returns (address) {
        return address(bytes20(LibClone.argsOnClone(address(this), 0, 20)));
    }
}
