// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DrandBeacon} from "../../src/randomness/DrandBeacon.sol";
import {Test} from "../Test.sol";

/// @dev The cases of /vectors/beacon.json: drand's own rounds, and rounds of a key that everybody knows.
abstract contract BeaconCases is Test {
    uint256 internal constant P = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47;
    // The order of the group, not of the field.
    uint256 internal constant R = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;

    struct Case {
        uint64 round;
        bytes proof;
        bytes32 seed;
    }

    DrandBeacon internal evmnet;
    DrandBeacon internal local;
    string internal json;

    function setUp() public virtual {
        json = vm.readFile("../vectors/beacon.json");
        evmnet = _deploy(".evmnet");
        local = _deploy(".local");
    }

    function _deploy(string memory of_) internal returns (DrandBeacon) {
        uint40 genesis = uint40(vm.parseJsonUint(json, string.concat(of_, ".genesis")));
        uint32 period = uint32(vm.parseJsonUint(json, string.concat(of_, ".period")));
        return new DrandBeacon(_key(of_), genesis, period);
    }

    function _key(string memory of_) internal view returns (uint256[4] memory) {
        return abi.decode(vm.parseJsonBytes(json, string.concat(of_, ".key")), (uint256[4]));
    }

    function _case(string memory of_, uint256 index) internal view returns (Case memory one) {
        string memory at = string.concat(of_, "[", vm.toString(index), "]");
        one.round = uint64(vm.parseJsonUint(json, string.concat(at, ".round")));
        one.proof = vm.parseJsonBytes(json, string.concat(at, ".proof"));
        string memory seed = string.concat(at, ".seed");
        if (vm.keyExistsJson(json, seed)) one.seed = vm.parseJsonBytes32(json, seed);
    }

    function _has(string memory of_, uint256 index) internal view returns (bool) {
        return vm.keyExistsJson(json, string.concat(of_, "[", vm.toString(index), "]"));
    }

    function _word(bytes memory proof, uint256 at) internal pure returns (uint256 word) {
        require(at + 32 <= proof.length);
        assembly ("memory-safe") {
            word := mload(add(add(proof, 32), at))
        }
    }

    /// @dev A copy with another word at `at`.
    function _with(bytes memory proof, uint256 at, uint256 word) internal pure returns (bytes memory changed) {
        changed = bytes.concat(proof);
        require(at + 32 <= changed.length);
        assembly ("memory-safe") {
            mstore(add(add(changed, 32), at), word)
        }
    }
}
