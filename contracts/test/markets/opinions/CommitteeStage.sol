// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Committee} from "../../../src/markets/opinions/Committee.sol";
import {Test} from "../../Test.sol";

/// @dev Five keys, ascending by address, and what they sign.
abstract contract CommitteeStage is Test {
    uint256[5] internal keys;

    /// @param from seeds the five keys
    function _members(uint256 from) internal returns (address[5] memory members) {
        for (uint256 i; i < 5; ++i) {
            keys[i] = from + i;
            for (uint256 j = i; j > 0 && vm.addr(keys[j]) < vm.addr(keys[j - 1]); --j) {
                (keys[j], keys[j - 1]) = (keys[j - 1], keys[j]);
            }
        }
        for (uint256 i; i < 5; ++i) {
            members[i] = vm.addr(keys[i]);
        }
    }

    /// @dev Of who is in `bitmap`, by the keys as they lie now.
    function _signatures(address[5] memory members, uint256 bitmap, bytes32 digest)
        internal
        view
        returns (bytes memory signatures)
    {
        signatures = _head(members, bitmap);
        for (uint256 i; i < 5; ++i) {
            if (bitmap >> i & 1 != 0) signatures = bytes.concat(signatures, _entry(_sign(keys[i], digest)));
        }
    }

    function _head(address[5] memory members, uint256 bitmap) internal pure returns (bytes memory head) {
        head = abi.encodePacked(uint8(bitmap));
        for (uint256 i; i < 5; ++i) {
            head = abi.encodePacked(head, members[i]);
        }
    }

    function _entry(bytes memory signature) internal pure returns (bytes memory) {
        return abi.encodePacked(uint16(signature.length), signature);
    }

    /// @dev The short form, r|vs.
    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, digest);
        return abi.encodePacked(r, vs);
    }

    function _replacementDigest(Committee committee, address[5] memory members, uint256 number, uint40 expiresAt)
        internal
        view
        returns (bytes32)
    {
        bytes32 typehash = keccak256("Replacement(address[5] members,uint256 number,uint40 expiresAt)");
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Sooth Committee"),
                keccak256("1"),
                block.chainid,
                address(committee)
            )
        );
        bytes32 content = keccak256(abi.encode(typehash, keccak256(abi.encode(members)), number, expiresAt));
        return keccak256(abi.encodePacked("\x19\x01", domain, content));
    }
}
