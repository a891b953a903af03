// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICrossL2Inbox, Identifier} from "../../src/bundles/verifiers/ICrossL2Inbox.sol";

/// @dev Stands in for the predeploy of OP interop, which the test's chain lacks: it knows the logs that it was told of, and refuses any other
///      as the real one refuses what the transaction's access list does not name.
contract TestInbox is ICrossL2Inbox {
    mapping(bytes32 log => bool) private _known;

    function know(Identifier calldata id, bytes32 msgHash) external {
        _known[keccak256(abi.encode(id, msgHash))] = true;
    }

    function validateMessage(Identifier calldata id, bytes32 msgHash) external {
        if (!_known[keccak256(abi.encode(id, msgHash))]) revert NotInAccessList();
        emit ExecutingMessage(msgHash, id);
    }
}
