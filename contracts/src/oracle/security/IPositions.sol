// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What a consumer of answers says of who holds what in them, so that nobody judges his own stake.
/// @dev Whoever implements this promises three things. Nobody can give a position to another who did not take it, or he
///      could have him slashed. No position changes hands. And none on an answer can be taken once that answer may be
///      reported, nor be laid down before it is final: whoever holds one now held it when he signed.
interface IPositions {
    /// @notice Whether `who` holds a position that pays by the answer to `question`.
    /// @param where what the consumer needs to find it, as it wants it
    function holdsPosition(bytes32 question, address who, bytes calldata where) external view returns (bool);
}
