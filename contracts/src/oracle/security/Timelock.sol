// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @notice Owns the policy. One account proposes and may cancel, everybody may execute what has waited, nobody administers.
/// @dev The delay can only be changed by a proposal of its own, which has waited too.
contract Timelock is TimelockController {
    constructor(uint256 minDelay, address proposer)
        TimelockController(minDelay, _only(proposer), _only(address(0)), address(0))
    {}

    function _only(address account) private pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }
}
