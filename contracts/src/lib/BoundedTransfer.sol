// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

library BoundedTransfer {
    /// @notice Moves `amount` of `token` to `to` with no more than `gas_`, and says whether it did. Never reverts, whatever the token does.
    /// @dev Some tokens return nothing; those that return something must say that they did it.
    function tryTransfer(address token, address to, uint256 amount, uint256 gas_) internal returns (bool done) {
        bytes memory data = abi.encodeWithSignature("transfer(address,uint256)", to, amount);
        assembly ("memory-safe") {
            mstore(0, 0)
            done := call(gas_, token, 0, add(data, 32), mload(data), 0, 32)
            switch returndatasize()
            case 0 { done := and(done, iszero(iszero(extcodesize(token)))) }
            default { done := and(done, and(gt(returndatasize(), 31), eq(mload(0), 1))) }
        }
    }
}
