// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IRandomness} from "../../src/randomness/IRandomness.sol";
import {BeaconCases} from "./BeaconCases.sol";

/// @dev Reads a seed from a contract of its own.
contract SeedConsumer {
    function callCost(IRandomness randomness, uint64 round) external view returns (uint256 used) {
        uint256 before = gasleft();
        randomness.seedOf(round);
        used = before - gasleft();
    }
}

/// forge-config: default.isolate = true
/// @dev Whole transactions, as in {GasTest}.
contract DrandBeaconGasTest is BeaconCases {
    function test_Prove() external {
        Case memory one = _case(".evmnet.rounds", 2);
        evmnet.prove(one.round, one.proof);
        _measured("prove round 9337227 of drand's evmnet", 168_000);

        uint256 most;
        uint256 sum;
        for (uint256 i; i < 9; ++i) {
            Case memory shape = _case(".local.rounds", i);
            local.prove(shape.round, shape.proof);
            uint256 used = vm.lastCallGas().gasTotalUsed;
            sum += used;
            if (used > most) most = used;
        }
        vm.snapshotValue("gas", "prove a round, mean of the nine shapes", sum / 9);
        vm.snapshotValue("gas", "prove a round, dearest shape", most);
        vm.assertLe(most, 168_000);
    }

    function test_ProvedBefore() external {
        Case memory one = _case(".evmnet.rounds", 2);
        evmnet.prove(one.round, one.proof);
        evmnet.prove(one.round, one.proof);
        _measured("prove a round that was proved before", 32_000);
        uint256 read = new SeedConsumer().callCost(evmnet, one.round);
        vm.snapshotValue("gas", "consumer reads a seed, cold", read);
        vm.assertLe(read, 6_000);
    }

    function _measured(string memory name, uint256 ceiling) private {
        vm.assertLe(vm.snapshotGasLastCall("gas", name), ceiling, name);
    }
}
