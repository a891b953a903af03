// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ISettler} from "../../src/bundles/ISettler.sol";
import {Settler} from "../../src/bundles/Settler.sol";
import {TestVerifier} from "../doubles/Verifier.sol";
import {Test, Vm} from "../Test.sol";

/// @dev A sequence of calls, with what becomes of the leg that each is about.
struct Steps {
    uint256[] now_;
    bool[] fails;
    uint256[] ordinals;
    uint256[] effects;
    bytes32[] said;
    uint256[] saidCounts;
    bytes[] data;
}

/// @dev The model on which schedules are played (packages/bundles/src/core/simulator/model) against the contract, call by call.
contract SettlerStepsTest is Test {
    uint256 private constant SEQUENCES = 14;
    /// A compensation failed, and stays due; lower numbers are a LegStatus, zero is nothing.
    uint256 private constant STAYS_DUE = 5;

    TestVerifier private _verifier;
    Settler private _settler;
    address private _target;

    function test_Steps() external {
        uint256[6] memory found;
        for (uint256 i; i < SEQUENCES; ++i) {
            uint256[6] memory more = this.play(i);
            for (uint256 effect; effect < 6; ++effect) {
                found[effect] += more[effect];
            }
        }
        // What never comes about is not compared.
        for (uint256 effect; effect < 6; ++effect) {
            vm.assertGe(found[effect], 4);
        }
    }

    /// @dev A call of its own for each sequence, for the sake of memory.
    function play(uint256 sequence) external returns (uint256[6] memory found) {
        Steps memory steps = _read(sequence);
        _verifier = new TestVerifier();
        _settler = new Settler(address(_verifier), address(this));
        uint256 place;
        for (uint256 k; k < steps.data.length; ++k) {
            uint256 end = place + steps.saidCounts[k];
            for (uint256 i = place; i < end; ++i) {
                _verifier.say(steps.said[i]);
            }
            _step(steps, k, string.concat("sequence ", vm.toString(sequence), " step ", vm.toString(k)));
            // What a step does not say, nobody signed for it.
            for (; place < end; ++place) {
                _verifier.unsay(steps.said[place]);
            }
            ++found[steps.effects[k]];
        }
    }

    function _step(Steps memory steps, uint256 k, string memory at) private {
        vm.warp(steps.now_[k]);
        // Returns nothing, or reverts with nothing.
        vm.etch(_target, steps.fails[k] ? bytes(hex"5f5ffd") : bytes(hex"00"));
        vm.recordLogs();
        vm.prank(address(1), address(1));
        (bool done,) = address(_settler).call{gas: 5_000_000}(steps.data[k]);
        uint256 effect = _effectIn(vm.getRecordedLogs(), steps.ordinals[k], at);
        vm.assertEq(effect, steps.effects[k], at);
        vm.assertTrue(done || effect == 0, at);
    }

    /// @dev What the logs say became of the leg, and that nothing became of another.
    function _effectIn(Vm.Log[] memory logs, uint256 ordinal, string memory at) private pure returns (uint256 effect) {
        for (uint256 i; i < logs.length; ++i) {
            bytes32 topic = logs[i].topics[0];
            if (topic == ISettler.Skipped.selector) continue;
            vm.assertTrue(effect == 0 && uint256(logs[i].topics[1]) == ordinal, at);
            if (topic == ISettler.NotUndone.selector) {
                effect = STAYS_DUE;
            } else {
                vm.assertEq(topic, ISettler.Receipt.selector, at);
                (effect,,) = abi.decode(logs[i].data, (uint256, bytes32, address));
            }
        }
    }

    function _read(uint256 sequence) private returns (Steps memory steps) {
        string memory json = vm.readFile("../vectors/bundle-steps.json");
        vm.chainId(vm.parseJsonUint(json, ".chainId"));
        _target = vm.parseJsonAddress(json, ".target");
        string memory at = string.concat(".sequences[", vm.toString(sequence), "]");
        steps.now_ = vm.parseJsonUintArray(json, string.concat(at, ".now"));
        steps.fails = vm.parseJsonBoolArray(json, string.concat(at, ".fails"));
        steps.ordinals = vm.parseJsonUintArray(json, string.concat(at, ".ordinals"));
        steps.effects = vm.parseJsonUintArray(json, string.concat(at, ".effects"));
        steps.said = vm.parseJsonBytes32Array(json, string.concat(at, ".said"));
        steps.saidCounts = vm.parseJsonUintArray(json, string.concat(at, ".saidCounts"));
        steps.data = vm.parseJsonBytesArray(json, string.concat(at, ".data"));
    }
}
