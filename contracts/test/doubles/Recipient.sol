// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

/// @dev Hears messages of one gateway's account, as its own interface says that it should, and nobody else's.
contract TestRecipient is IERC7786Recipient {
    address public immutable account;
    bytes32 public heardId;
    bytes public heardSender;
    bytes public heard;

    error TestRecipient_Stranger(address caller);

    constructor(address account_) {
        account = account_;
    }

    function receiveMessage(bytes32 receiveId, bytes calldata sender, bytes calldata payload)
        external
        payable
        returns (bytes4)
    {
        require(msg.sender == account, TestRecipient_Stranger(msg.sender));
        (heardId, heardSender, heard) = (receiveId, sender, payload);
        return this.receiveMessage.selector;
    }
}
