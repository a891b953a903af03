// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {Rule} from "../../../src/markets/rules/BandRule.sol";
import {Test} from "../../Test.sol";

/// @dev Terms of opinion markets as the shared cases write them down.
abstract contract OpinionReader is Test {
    function _read(string memory json, string memory at) internal pure returns (OpinionMarket memory terms) {
        terms.question = vm.parseJsonBytes32(json, string.concat(at, ".question"));
        terms.statement = vm.parseJsonBytes32(json, string.concat(at, ".statement"));
        terms.rubric = vm.parseJsonBytes32(json, string.concat(at, ".rubric"));
        terms.creator = vm.parseJsonAddress(json, string.concat(at, ".creator"));
        terms.closesAt = uint40(vm.parseJsonUint(json, string.concat(at, ".closesAt")));
        terms.revealSeconds = uint32(vm.parseJsonUint(json, string.concat(at, ".revealSeconds")));
        terms.quietSeconds = uint32(vm.parseJsonUint(json, string.concat(at, ".quietSeconds")));
        terms.feeBps = uint16(vm.parseJsonUint(json, string.concat(at, ".feeBps")));
        terms.prizeBps = uint16(vm.parseJsonUint(json, string.concat(at, ".prizeBps")));
        terms.prizes = uint8(vm.parseJsonUint(json, string.concat(at, ".prizes")));
        terms.minConfidence = uint16(vm.parseJsonUint(json, string.concat(at, ".minConfidence")));
        terms.rule = Rule(vm.parseJsonUint(json, string.concat(at, ".rule")));
        terms.leastStake = uint48(vm.parseJsonUint(json, string.concat(at, ".leastStake")));
        terms.mostStake = uint48(vm.parseJsonUint(json, string.concat(at, ".mostStake")));
        terms.quietMost = uint48(vm.parseJsonUint(json, string.concat(at, ".quietMost")));
    }

    function _at(uint256 i) internal pure returns (string memory) {
        return string.concat(".cases[", vm.toString(i), "]");
    }

    function _in(uint256 i, string memory name) internal pure returns (string memory) {
        return string.concat(_at(i), ".", name);
    }
}
