// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {MerkleProofLib} from "solady/utils/MerkleProofLib.sol";
import {BundleHashes} from "../../src/bundles/BundleHashes.sol";
import {
    Bundle, Comparison, Condition, Leg, LegKind, LegStatus, Mode, Outcome, Splice
} from "../../src/bundles/BundleTypes.sol";
import {Attesters} from "../../src/bundles/Attesters.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {AttesterLimits} from "../../src/bundles/IAttesters.sol";
import {Test} from "../Test.sol";

/// @dev What owners sign and attesters say, in both languages: packages/bundles/src/core/vectors.test.ts reads the same file.
contract BundleVectorsTest is Test {
    string private _json;

    function setUp() external {
        _json = vm.readFile("../vectors/bundles.json");
    }

    function test_Hashes() external view {
        bytes32 domain = BundleHashes.domainOf(_uint(".hub", "chainId"), vm.parseJsonAddress(_json, ".hub.hub"));
        uint256 i;
        for (; vm.keyExistsJson(_json, _at(".bundles", i)); ++i) {
            string memory at = _at(".bundles", i);
            Bundle memory b;
            b.owner = _address(at, "owner");
            b.mode = Mode(_uint(at, "mode"));
            b.deadline = uint40(_uint(at, "deadline"));
            b.fee = uint96(_uint(at, "fee"));
            b.salt = uint64(_uint(at, "salt"));
            b.legsHash = _legsHash(at);
            for (; vm.keyExistsJson(_json, _at(_in(at, "legs"), b.legs)); ++b.legs) {}
            vm.assertEq(b.legsHash, _word(at, "legsHash"), at);
            vm.assertEq(BundleHashes.idOf(domain, b), _word(at, "id"), at);
        }
        vm.assertEq(i, 6);
    }

    function _legsHash(string memory at) private view returns (bytes32) {
        bytes memory hashes;
        for (uint256 i; vm.keyExistsJson(_json, _at(_in(at, "legs"), i)); ++i) {
            string memory where = _at(_in(at, "legs"), i);
            bytes32 hash = BundleHashes.legHash(_leg(where));
            vm.assertEq(hash, _word(where, "hash"), where);
            hashes = bytes.concat(hashes, hash);
        }
        return keccak256(hashes);
    }

    function _leg(string memory at) private view returns (Leg memory leg) {
        leg.chainId = _uint(at, "chainId");
        leg.kind = LegKind(_uint(at, "kind"));
        leg.target = _address(at, "target");
        leg.value = uint96(_uint(at, "value"));
        leg.gasLimit = uint32(_uint(at, "gasLimit"));
        leg.data = vm.parseJsonBytes(_json, _in(at, "data"));
        leg.needsOk = uint32(_uint(at, "needsOk"));
        leg.needsFailed = uint32(_uint(at, "needsFailed"));
        leg.needsSettled = uint32(_uint(at, "needsSettled"));
        leg.undoes = uint8(_uint(at, "undoes"));
        leg.salt = _word(at, "salt");
        uint256 count;
        for (; vm.keyExistsJson(_json, _at(_in(at, "splices"), count)); ++count) {}
        leg.splices = new Splice[](count);
        for (uint256 i; i < count; ++i) {
            string memory where = _at(_in(at, "splices"), i);
            leg.splices[i] = Splice(
                uint8(_uint(where, "from")),
                uint16(_uint(where, "source")),
                uint16(_uint(where, "length")),
                uint32(_uint(where, "target"))
            );
        }
        for (count = 0; vm.keyExistsJson(_json, _at(_in(at, "conditions"), count)); ++count) {}
        leg.conditions = new Condition[](count);
        for (uint256 i; i < count; ++i) {
            string memory where = _at(_in(at, "conditions"), i);
            leg.conditions[i] = Condition(
                uint8(_uint(where, "from")),
                uint16(_uint(where, "source")),
                Comparison(_uint(where, "comparison")),
                _uint(where, "value")
            );
        }
    }

    function test_Facts() external view {
        uint256 count;
        for (uint256 i; vm.keyExistsJson(_json, _at(".facts.opened", i)); ++i) {
            string memory at = _at(".facts.opened", i);
            bytes32 leaf = Facts.opened(
                uint64(_uint(at, "base")),
                uint8(_uint(at, "index")),
                _address(at, "owner"),
                uint40(_uint(at, "deadline")),
                _word(at, "leg")
            );
            count += _isLeaf(leaf, at);
        }
        for (uint256 i; vm.keyExistsJson(_json, _at(".facts.prepared", i)); ++i) {
            string memory at = _at(".facts.prepared", i);
            count += _isLeaf(Facts.prepared(_word(at, "id")), at);
        }
        for (uint256 i; vm.keyExistsJson(_json, _at(".facts.receipts", i)); ++i) {
            string memory at = _at(".facts.receipts", i);
            bytes32 leaf = Facts.receipt(
                uint64(_uint(at, "ordinal")),
                LegStatus(_uint(at, "status")),
                _word(at, "result"),
                _address(at, "relayer")
            );
            count += _isLeaf(leaf, at);
        }
        for (uint256 i; vm.keyExistsJson(_json, _at(".facts.decisions", i)); ++i) {
            string memory at = _at(".facts.decisions", i);
            bytes32 leaf = Facts.decision(_word(at, "id"), uint64(_uint(at, "base")), Outcome(_uint(at, "outcome")));
            count += _isLeaf(leaf, at);
        }
        for (uint256 i; vm.keyExistsJson(_json, _at(".facts.current", i)); ++i) {
            string memory at = _at(".facts.current", i);
            count += _isLeaf(Facts.current(uint32(_uint(at, "day")), uint32(_uint(at, "epoch"))), at);
        }
        for (uint256 i; vm.keyExistsJson(_json, _at(".facts.seated", i)); ++i) {
            string memory at = _at(".facts.seated", i);
            uint256[] memory seats = vm.parseJsonUintArray(_json, _in(at, "seats"));
            count += _isLeaf(Facts.seated(uint32(_uint(at, "epoch")), _uint(at, "totalWeight"), seats), at);
        }
        vm.assertEq(count, 24);
    }

    function _isLeaf(bytes32 leaf, string memory at) private view returns (uint256) {
        vm.assertEq(leaf, _word(at, "leaf"), at);
        return 1;
    }

    /// The domain is worked out while the contract is built: built where the case says, on a chain that is not the hub's.
    function test_Batches() external {
        address at = _address(".batches", "attesters");
        AttesterLimits memory limits;
        (limits.hubChainId, limits.quorumBps) = (_uint(".hub", "chainId"), 6_000);
        (limits.longestValidity, limits.longestAge) = (1, 2);
        vm.etch(at, bytes.concat(type(Attesters).creationCode, abi.encode(limits)));
        (bool built, bytes memory code) = at.call("");
        vm.assertTrue(built);
        vm.etch(at, code);
        uint256 i;
        for (; vm.keyExistsJson(_json, _at(".batches.signed", i)); ++i) {
            string memory its = _at(".batches.signed", i);
            (uint32 epoch, uint40 validUntil) = (uint32(_uint(its, "epoch")), uint40(_uint(its, "validUntil")));
            bytes32 digest = Attesters(at).digestOf(epoch, validUntil, _word(its, "root"));
            vm.assertEq(digest, _word(its, "digest"), its);
        }
        vm.assertEq(i, 3);
    }

    function test_Trees() external view {
        uint256 i;
        for (; vm.keyExistsJson(_json, _at(".trees", i)); ++i) {
            string memory at = _at(".trees", i);
            bytes32[] memory all = vm.parseJsonBytes32Array(_json, _in(at, "leaves"));
            bytes32[] memory proof = vm.parseJsonBytes32Array(_json, _in(at, "proof"));
            bool[] memory flags = vm.parseJsonBoolArray(_json, _in(at, "flags"));
            uint256[] memory places = vm.parseJsonUintArray(_json, _in(at, "places"));
            bytes32[] memory leaves = EfficientHashLib.malloc(places.length);
            for (uint256 k; k < places.length; ++k) {
                leaves[k] = all[places[k]];
            }
            bytes32 root = _word(at, "root");
            vm.assertTrue(MerkleProofLib.verifyMultiProof(proof, root, leaves, flags), at);
            leaves[places.length - 1] ^= bytes32(uint256(1));
            vm.assertTrue(!MerkleProofLib.verifyMultiProof(proof, root, leaves, flags), at);
        }
        vm.assertEq(i, 10);
    }

    function _at(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(i), "]");
    }

    function _in(string memory at, string memory name) private pure returns (string memory) {
        return string.concat(at, ".", name);
    }

    function _uint(string memory at, string memory name) private view returns (uint256) {
        return vm.parseJsonUint(_json, _in(at, name));
    }

    function _address(string memory at, string memory name) private view returns (address) {
        return vm.parseJsonAddress(_json, _in(at, name));
    }

    function _word(string memory at, string memory name) private view returns (bytes32) {
        return vm.parseJsonBytes32(_json, _in(at, name));
    }
}
