// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SignerSet, SignerSets} from "../../src/oracle/SignerSet.sol";
import {Stage} from "../Stage.sol";

/// @dev A stake manager whose epochs go on, and one provider more than it seats.
abstract contract StakesStage is Stage {
    uint256 internal constant NEW = 10; // a provider that is not seated yet

    function _advance() internal {
        vm.warp(block.timestamp + EPOCH);
        stakes.advanceEpoch(0);
    }

    function _read(address blob) internal view returns (SignerSet memory) {
        return SignerSets.read(blob);
    }
}
