// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Outcome} from "../../src/bundles/BundleTypes.sol";
import {IParticipant} from "../../src/bundles/IParticipant.sol";

/// @dev Gives out seats: one is set aside by {prepare}, and taken or freed by {finish}.
contract Seating is IParticipant {
    address public immutable envoy;
    uint256 public free;
    uint256 public taken;
    mapping(bytes32 id => mapping(uint8 index => address)) public kept;
    mapping(bytes32 id => mapping(uint8 index => address)) public seated;

    error Seating_NotEnvoy();
    error Seating_Full();

    constructor(address envoy_, uint256 seats) {
        (envoy, free) = (envoy_, seats);
    }

    function prepare(bytes32 id, uint8 index, address owner, uint40, bytes calldata) external {
        require(msg.sender == envoy, Seating_NotEnvoy());
        require(free != 0, Seating_Full());
        --free;
        kept[id][index] = owner;
    }

    function finish(bytes32 id, uint8 index, Outcome outcome) external virtual {
        require(msg.sender == envoy, Seating_NotEnvoy());
        address owner = kept[id][index];
        require(owner != address(0));
        kept[id][index] = address(0);
        if (outcome != Outcome.Committed) {
            ++free;
            return;
        }
        // What is new costs more than what comes back: as with most who take part.
        ++taken;
        seated[id][index] = owner;
    }
}

/// @dev Breaks the rule for as long as it likes, in one of three ways.
contract BadSeating is Seating {
    uint256 public manner;

    constructor(address envoy_) Seating(envoy_, 10) {}

    function behave(uint256 manner_) external {
        manner = manner_;
    }

    function finish(bytes32 id, uint8 index, Outcome outcome) external override {
        if (manner == 1) revert("no");
        if (manner == 2) while (true) {}
        if (manner == 3) {
            assembly {
                revert(0, 50000)
            }
        }
        kept[id][index] = address(0);
        outcome;
        ++taken;
    }
}
