// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MOST_RESULT} from "./BundleTypes.sol";

/// @notice Calls what somebody committed to, for one contract that holds the decision. What it answers to a call that does
///         not return: 0x00 and the first bytes of what the target said, or nothing at all, when it lacked gas or value.
/// @dev "Nothing at all" is also what is left of a caller that ran out of gas itself. So whoever gets it must revert: it says
///      nothing about the target.
abstract contract Executor {
    /// @dev What a CALL itself may cost: cold target, cold code that the target delegates to; with value also that, and a new
    ///      account. All but a 64th of what is left after that can be passed on (EIP-150).
    uint256 private constant CALL_COST = 6_000;
    uint256 private constant VALUE_COST = 34_000;

    address public immutable settler;

    error Executor_NotSettler(address caller);

    constructor(address settler_) {
        settler = settler_;
    }

    /// @dev Never returns to Solidity: what the target said goes straight back, cut to 1,024 bytes.
    function _call(address target, uint256 value, uint256 gasLimit, bytes calldata data) internal {
        require(msg.sender == settler, Executor_NotSettler(msg.sender));
        uint256 cost = value == 0 ? CALL_COST : CALL_COST + VALUE_COST;
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, data.offset, data.length)
            if gt(value, selfbalance()) { revert(0, 0) }
            if lt(gas(), add(cost, add(div(mul(gasLimit, 64), 63), 1))) { revert(0, 0) }
            let done := call(gasLimit, target, value, free, data.length, 0, 0)
            let size := returndatasize()
            if gt(size, MOST_RESULT) { size := MOST_RESULT }
            if done {
                returndatacopy(free, 0, size)
                return(free, size)
            }
            mstore8(free, 0)
            returndatacopy(add(free, 1), 0, size)
            revert(free, add(size, 1))
        }
    }
}
