// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MOST_RESULT} from "./BundleTypes.sol";

/// @notice Calls what somebody committed to, for one contract that holds the decision. What it answers to a call that does
///         not return: 0x00 and the first bytes of what the target said, or nothing at all, when it lacked gas or value.
/// @dev "Nothing at all" is also what is left of a caller that ran out of gas itself. So whoever gets it must revert: it says
///      nothing about the target.
/// @dev What it is handed behind a selector is no ABI encoding but words, and the payload behind them as it is: the settler has
///      them so in memory, and a leg in a batch does not pay for looking where its payload begins.
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

    /// @dev Calls what the first word behind the selector names. Never returns to Solidity: what the target said goes straight
    ///      back, cut to 1,024 bytes.
    /// @param head bytes before the payload: the selector and words, of which the last is the gas that the call gets
    function _call(uint256 value, uint256 head) internal {
        require(msg.sender == settler, Executor_NotSettler(msg.sender));
        uint256 cost = value == 0 ? CALL_COST : CALL_COST + VALUE_COST;
        assembly ("memory-safe") {
            let target := calldataload(4)
            let gasLimit := calldataload(sub(head, 32))
            let free := mload(0x40)
            let length := sub(calldatasize(), head)
            calldatacopy(free, head, length)
            if gt(value, selfbalance()) { revert(0, 0) }
            if lt(gas(), add(cost, add(div(mul(gasLimit, 64), 63), 1))) { revert(0, 0) }
            let done := call(gasLimit, target, value, free, length, 0, 0)
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
