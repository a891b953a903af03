// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev The shapes of ERC-7683, as published: fields and their order are not ours.

/// @notice What a user signed, for somebody else to open.
struct GaslessCrossChainOrder {
    address originSettler;
    address user;
    uint256 nonce;
    uint256 originChainId;
    uint32 openDeadline; // unix seconds
    uint32 fillDeadline; // unix seconds
    bytes32 orderDataType;
    bytes orderData;
}

/// @notice What a user opens himself.
struct OnchainCrossChainOrder {
    uint32 fillDeadline; // unix seconds
    bytes32 orderDataType;
    bytes orderData;
}

struct ResolvedCrossChainOrder {
    address user;
    uint256 originChainId;
    uint32 openDeadline;
    uint32 fillDeadline;
    bytes32 orderId;
    Output[] maxSpent; // what the filler sends, at most
    Output[] minReceived; // what the filler gets, at least
    FillInstruction[] fillInstructions;
}

struct Output {
    bytes32 token; // zero: the chain's own
    uint256 amount;
    bytes32 recipient; // zero: whom the filler names
    uint256 chainId;
}

struct FillInstruction {
    uint64 destinationChainId;
    bytes32 destinationSettler;
    bytes originData;
}

interface IDestinationSettler {
    /// @notice Does the filler's part of an order on this chain.
    function fill(bytes32 orderId, bytes calldata originData, bytes calldata fillerData) external;
}
