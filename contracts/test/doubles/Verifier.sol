// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IVerifier} from "../../src/bundles/IVerifier.sol";

/// @dev Stands in for attesters: believes what a test said before, leaf by leaf, and nothing else.
contract TestVerifier is IVerifier {
    mapping(bytes32 leaf => bool) public said;
    uint256 public highest;

    error TestVerifier_NotSaid(uint256 place);

    function say(bytes32 leaf) external {
        said[leaf] = true;
    }

    function unsay(bytes32 leaf) external {
        said[leaf] = false;
    }

    function check(bytes32[] calldata leaves, uint256 value, bytes calldata) external {
        require(leaves.length != 0);
        for (uint256 i; i < leaves.length; ++i) {
            require(said[leaves[i]], TestVerifier_NotSaid(i));
        }
        highest = value;
    }
}
