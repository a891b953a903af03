// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Where a log stands, as OP interop names it.
struct Identifier {
    address origin; // who emitted it
    uint256 blockNumber;
    uint256 logIndex; // in its block
    uint256 timestamp; // of its block, unix seconds
    uint256 chainId;
}

/// @notice The predeploy at 0x4200000000000000000000000000000000000022 by which a chain of an OP interop cluster believes logs of
///         the others: a block with a call that names a log which is not there is no valid block of the chain.
/// @dev Source: the interop predeploys of the OP Stack specification.
interface ICrossL2Inbox {
    event ExecutingMessage(bytes32 indexed msgHash, Identifier id);

    /// @notice The transaction's access list does not name the log.
    error NotInAccessList();

    /// @notice Returns when the log at `id` has the payload that hashes to `msgHash`: its topics, then its data.
    function validateMessage(Identifier calldata id, bytes32 msgHash) external;
}
