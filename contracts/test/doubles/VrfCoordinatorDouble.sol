// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ChainlinkVrf, IVrfCoordinator, WordsRequest} from "../../src/randomness/ChainlinkVrf.sol";

/// @dev One subscription, which whoever made this owns and may hand on. Counts requests, and answers as it is told.
contract VrfCoordinatorDouble is IVrfCoordinator {
    address public owner = msg.sender;
    uint64 public requests;

    function handOn(address to) external {
        owner = to;
    }

    function requestRandomWords(WordsRequest calldata) external returns (uint256 request) {
        request = ++requests;
    }

    function fulfil(ChainlinkVrf beacon, uint256 request, uint256 word) external {
        uint256[] memory words = new uint256[](1);
        words[0] = word;
        beacon.rawFulfillRandomWords(request, words);
    }

    function getSubscription(uint256) external view returns (uint96, uint96, uint64, address, address[] memory) {
        return (0, 0, requests, owner, new address[](0));
    }
}
