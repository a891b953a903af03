// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Committee} from "../../../src/markets/opinions/Committee.sol";
import {Result} from "../../../src/markets/opinions/IApprover.sol";
import {Test} from "../../Test.sol";

/// @dev What members sign, in both languages: packages/markets/src/core/opinions/committee-vectors.test.ts reads the same file.
contract CommitteeVectorsTest is Test {
    bytes32 private constant MEMBERS_SLOT = bytes32(uint256(0));
    bytes32 private constant REPLACEMENTS_SLOT = bytes32(uint256(1));

    Committee private _committee;
    string private _json;

    function setUp() external {
        _json = vm.readFile("../vectors/committee.json");
        vm.chainId(vm.parseJsonUint(_json, ".domain.chainId"));
        _committee = Committee(vm.parseJsonAddress(_json, ".domain.verifyingContract"));
    }

    function test_Approvals() external {
        uint256 i;
        for (; vm.keyExistsJson(_json, _at("approvals", i)); ++i) {
            string memory at = _at("approvals", i);
            _seat(_five(_in(at, "members")), 0);
            Result memory result = Result(
                vm.parseJsonBytes32(_json, _in(at, "result.market")),
                vm.parseJsonUint(_json, _in(at, "result.total")),
                vm.parseJsonUint(_json, _in(at, "result.count")),
                uint8(vm.parseJsonUint(_json, _in(at, "result.score"))),
                uint16(vm.parseJsonUint(_json, _in(at, "result.confidence")))
            );
            uint40 expiresAt = uint40(vm.parseJsonUint(_json, _in(at, "expiresAt")));
            vm.assertEq(
                _committee.approvalDigest(result, expiresAt), vm.parseJsonBytes32(_json, _in(at, "digest")), at
            );
            bytes memory packed = vm.parseJsonBytes(_json, _in(at, "packed"));
            vm.warp(expiresAt);
            _committee.requireApproved(result, packed);
            result.score = result.score == 0 ? 1 : result.score - 1;
            vm.expectRevert();
            _committee.requireApproved(result, packed);
        }
        vm.assertEq(i, 12);
    }

    function test_Replacements() external {
        uint256 i;
        for (; vm.keyExistsJson(_json, _at("replacements", i)); ++i) {
            string memory at = _at("replacements", i);
            uint256 number = vm.parseJsonUint(_json, _in(at, "number"));
            address[5] memory next = _five(_in(at, "members"));
            uint40 expiresAt = uint40(vm.parseJsonUint(_json, _in(at, "expiresAt")));
            bytes memory packed = vm.parseJsonBytes(_json, _in(at, "packed"));
            vm.warp(expiresAt);
            // Signed for another time, it counts for nothing.
            _seat(_five(_in(at, "sitting")), number);
            vm.expectRevert();
            _committee.replace(next, expiresAt, packed);
            _seat(_five(_in(at, "sitting")), number - 1);
            _committee.replace(next, expiresAt, packed);
            vm.assertEq(_committee.membersHash(), _hash(next), at);
            vm.assertEq(_committee.replacements(), number, at);
        }
        vm.assertEq(i, 12);
    }

    /* INSIDE */

    /// @dev The contract of the vectors' address, with these five after so many replacements.
    function _seat(address[5] memory members, uint256 replaced) private {
        vm.etch(address(_committee), address(new Committee(members)).code);
        vm.store(address(_committee), MEMBERS_SLOT, _hash(members));
        vm.store(address(_committee), REPLACEMENTS_SLOT, bytes32(replaced));
    }

    function _hash(address[5] memory members) private pure returns (bytes32) {
        bytes memory packed;
        for (uint256 i; i < 5; ++i) {
            packed = abi.encodePacked(packed, members[i]);
        }
        return keccak256(packed);
    }

    function _five(string memory key) private view returns (address[5] memory members) {
        address[] memory list = vm.parseJsonAddressArray(_json, key);
        for (uint256 i; i < 5; ++i) {
            members[i] = list[i];
        }
    }

    function _at(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(i), "]");
    }

    function _in(string memory at, string memory field) private pure returns (string memory) {
        return string.concat(at, ".", field);
    }
}
