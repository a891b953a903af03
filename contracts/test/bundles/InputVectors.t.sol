// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Comparison, Condition, LegStatus, NO_LEG, Splice} from "../../src/bundles/BundleTypes.sol";
import {Inputs} from "../../src/bundles/Inputs.sol";
import {LegReceipt, RunnableLeg} from "../../src/bundles/ISettler.sol";
import {Test} from "../Test.sol";

/// @dev What a leg takes from others, in both languages: packages/bundles/src/core/fill.test.ts reads the same file.
contract InputVectorsTest is Test {
    function test_EveryLegIsFilled() external {
        // In memory: to read it from storage would cost more than all that is tried.
        string memory json = vm.readFile("../vectors/bundle-inputs.json");
        uint256 i;
        uint256 fitting;
        for (; vm.keyExistsJson(json, _at(i, "")); ++i) {
            (RunnableLeg memory leg, LegReceipt[] memory receipts) = _read(json, i);
            (bool fits, bytes memory filled) = this.fill(leg, receipts);
            vm.assertTrue(fits == vm.parseJsonBool(json, _at(i, ".fits")), _at(i, ".fits"));
            if (!fits) continue;
            vm.assertEq(keccak256(filled), keccak256(vm.parseJsonBytes(json, _at(i, ".filled"))), _at(i, ".filled"));
            ++fitting;
        }
        vm.assertEq(i, 40);
        vm.assertGe(fitting, 10);
        vm.assertGe(i - fitting, 10);
    }

    function fill(RunnableLeg calldata leg, LegReceipt[] calldata receipts)
        external
        pure
        returns (bool fits, bytes memory data)
    {
        data = Inputs.copied(leg);
        fits = Inputs.fill(leg, receipts, data);
    }

    /* HELP */

    function _read(string memory json, uint256 i)
        private
        view
        returns (RunnableLeg memory leg, LegReceipt[] memory receipts)
    {
        leg.words.place = _uint(json, _at(i, ".index")) << 48;
        leg.words.rules =
            _uint(json, _at(i, ".needsOk")) << 128 | _uint(json, _at(i, ".needsFailed")) << 96 | uint256(NO_LEG) << 56;
        leg.data = vm.parseJsonBytes(json, _at(i, ".data"));
        leg.inputs = _inputs(json, i);
        bytes[] memory returned = vm.parseJsonBytesArray(json, _at(i, ".returned"));
        bytes32[] memory results = vm.parseJsonBytes32Array(json, _at(i, ".results"));
        receipts = new LegReceipt[](returned.length);
        leg.needs = new bytes(returned.length);
        for (uint256 k; k < returned.length; ++k) {
            receipts[k] = LegReceipt(0, LegStatus.Ok, results[k], address(0), returned[k]);
            leg.needs[k] = bytes1(uint8(k));
        }
    }

    function _inputs(string memory json, uint256 i) private view returns (bytes memory) {
        uint256 count;
        for (; vm.keyExistsJson(json, _of(i, ".splices", count)); ++count) {}
        Splice[] memory splices = new Splice[](count);
        for (uint256 k; k < count; ++k) {
            string memory at = _of(i, ".splices", k);
            splices[k] = Splice(
                uint8(_uint(json, string.concat(at, ".from"))),
                uint16(_uint(json, string.concat(at, ".source"))),
                uint16(_uint(json, string.concat(at, ".length"))),
                uint32(_uint(json, string.concat(at, ".target")))
            );
        }
        for (count = 0; vm.keyExistsJson(json, _of(i, ".conditions", count)); ++count) {}
        Condition[] memory conditions = new Condition[](count);
        for (uint256 k; k < count; ++k) {
            string memory at = _of(i, ".conditions", k);
            conditions[k] = Condition(
                uint8(_uint(json, string.concat(at, ".from"))),
                uint16(_uint(json, string.concat(at, ".source"))),
                Comparison(_uint(json, string.concat(at, ".comparison"))),
                _uint(json, string.concat(at, ".value"))
            );
        }
        return splices.length + conditions.length == 0 ? bytes("") : abi.encode(splices, conditions);
    }

    function _at(uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(i), "]", field);
    }

    function _of(uint256 i, string memory list, uint256 k) private pure returns (string memory) {
        return string.concat(_at(i, list), "[", vm.toString(k), "]");
    }

    function _uint(string memory json, string memory at) private pure returns (uint256) {
        return vm.parseJsonUint(json, at);
    }
}
