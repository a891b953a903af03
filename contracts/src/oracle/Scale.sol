// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SeatWeights} from "./rules/SeatWeights.sol";

/// @dev {SeatWeights} as a contract of its own: the stake manager, which deploys it, would be too large with it inside.
contract Scale {
    function weigh(
        uint256[] calldata stakes,
        uint256[] calldata factorBps,
        uint256[] calldata clusters,
        uint256[] calldata families
    ) external pure returns (uint256[] memory weights, uint256 total) {
        return SeatWeights.weigh(stakes, factorBps, clusters, families);
    }
}
