// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Attesters} from "../../src/bundles/Attesters.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {AttesterLimits, Batch, IAttesters, Signed} from "../../src/bundles/IAttesters.sol";
import {BundleStage} from "./BundleStage.sol";

contract AttestersTest is BundleStage {
    bytes32 private constant LEAF = keccak256("a fact");

    /* WHOLE BATCHES, AND PARTS OF THEM */

    function test_AWholeBatchNeedsNoProof() external {
        bytes32[] memory leaves = _leaves(5);
        attesters.check(leaves, 0, _evidence(leaves, THREE));
        attesters.check(_one(LEAF), 0, _evidence(_one(LEAF), THREE));
    }

    function test_AStragglerIsServedWithAPath() external {
        bytes32[] memory leaves = _leaves(7);
        for (uint256 k; k < leaves.length; ++k) {
            attesters.check(_one(leaves[k]), 0, _part(leaves, _pathOf(leaves, k), new bool[](0)));
        }
    }

    function testFuzz_AnyPartOfABatchIsProved(uint256 count, uint256 subset) external {
        bytes32[] memory leaves = _leaves(_bound(count, 1, 60));
        subset = _bound(subset, 1, (1 << leaves.length) - 1);
        (bytes32[] memory path, bool[] memory flags) = _proofOf(leaves, subset);
        attesters.check(_chosen(leaves, subset), 0, _part(leaves, path, flags));
    }

    function testFuzz_RevertWhen_AnyLeafIsForged(uint256 count, uint256 subset, uint256 which) external {
        bytes32[] memory leaves = _leaves(_bound(count, 1, 30));
        subset = _bound(subset, 1, (1 << leaves.length) - 1);
        (bytes32[] memory path, bool[] memory flags) = _proofOf(leaves, subset);
        bytes memory evidence = _part(leaves, path, flags);
        bytes32[] memory chosen = _chosen(leaves, subset);
        chosen[which % chosen.length] = keccak256("forged");
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_NotInBatch.selector, _tree(leaves)[0]));
        attesters.check(chosen, 0, evidence);
    }

    function test_RevertWhen_NothingIsToBeProved() external {
        bytes32[] memory leaves = _leaves(2);
        bytes32 root = _tree(leaves)[0];
        bytes memory evidence = _part(leaves, _one(root), new bool[](0));
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_NotInBatch.selector, root));
        attesters.check(new bytes32[](0), 0, evidence);
    }

    /// A fact is the hash of 96 bytes, a node of 64: a caller who hashes facts himself can not be made to name a node.
    function test_ANodeIsNoFact() external {
        bytes32[] memory leaves = _leaves(4);
        bytes32[] memory nodes = _tree(leaves);
        bytes32 node = nodes[1];
        bytes32 fact = Facts.leafOf(uint256(nodes[3]), nodes[4], 0);
        vm.assertTrue(fact != node && keccak256(abi.encode(nodes[3], nodes[4])) != fact);
        bytes memory evidence = _part(leaves, _one(nodes[2]), new bool[](0));
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_NotInBatch.selector, nodes[0]));
        attesters.check(_one(fact), 0, evidence);
    }

    function test_RevertWhen_AProofIsTooShortOrTooLong() external {
        bytes32[] memory leaves = _leaves(4);
        bytes32 root = _tree(leaves)[0];
        bytes32[] memory path = _pathOf(leaves, 0);
        bytes memory why = abi.encodeWithSelector(IAttesters.Attesters_NotInBatch.selector, root);
        bytes memory evidence = _part(leaves, _one(path[0]), new bool[](0));
        vm.expectRevert(why);
        attesters.check(_one(leaves[0]), 0, evidence);
        evidence = _part(leaves, path, new bool[](1));
        vm.expectRevert(why);
        attesters.check(_one(leaves[0]), 0, evidence);
        evidence = _part(leaves, new bytes32[](0), new bool[](0));
        vm.expectRevert(why);
        attesters.check(_chosen(leaves, 3), 0, evidence);
    }

    /* WHO SIGNED, FOR WHOM, UNTIL WHEN */

    function test_RevertWhen_TheQuorumIsMissing() external {
        bytes memory evidence = _evidence(_one(LEAF), 3);
        vm.expectPartialRevert(IAttesters.Attesters_NoQuorum.selector);
        attesters.check(_one(LEAF), 0, evidence);
        evidence = _evidence(_one(LEAF), 0);
        vm.expectPartialRevert(IAttesters.Attesters_NoQuorum.selector);
        attesters.check(_one(LEAF), 0, evidence);
    }

    function test_RevertWhen_ASeatIsUnknown() external {
        bytes memory evidence = _evidence(_one(LEAF), 1 << 4 | THREE);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_BadSignatures.selector, "seat"));
        attesters.check(_one(LEAF), 0, evidence);
    }

    /// A seat is a bit: it cannot be named twice. Its signature given twice is one too many.
    function test_RevertWhen_ASeatSignsTwice() external {
        Signed memory signed = _signed(attesters, 1, LEAF, 1);
        signed.signatures = bytes.concat(signed.signatures, signed.signatures, signed.signatures);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_BadSignatures.selector, "length"));
        attesters.checkRoot(LEAF, signed);
        signed.seats = THREE;
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_BadSignature.selector, uint8(1)));
        attesters.checkRoot(LEAF, signed);
    }

    function testFuzz_RevertWhen_AByteOfASignatureIsChanged(uint256 place, uint8 change) external {
        Signed memory signed = _signed(attesters, 1, LEAF, THREE);
        place = place % signed.signatures.length;
        signed.signatures[place] ^= bytes1(change == 0 ? uint8(1) : change);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_BadSignature.selector, uint8(place / 64)));
        attesters.checkRoot(LEAF, signed);
    }

    function test_RevertWhen_ItWasSignedForAnotherContract() external {
        Attesters twin = new Attesters(_attesterLimits());
        twin.adopt();
        bytes memory forTwin = _evidenceOf(twin, _one(LEAF), THREE);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_BadSignature.selector, uint8(0)));
        attesters.check(_one(LEAF), 0, forTwin);
    }

    /// What attesters say on one chain they can not keep from another.
    function test_WhatWasSignedOnceHoldsOnEveryChain() external {
        bytes memory evidence = _evidence(_one(LEAF), THREE);
        vm.chainId(OTHER_CHAIN);
        attesters.check(_one(LEAF), 0, evidence);
        vm.chainId(10);
        attesters.check(_one(LEAF), 0, evidence);
    }

    function test_RevertWhen_ItsTimeIsOver() external {
        bytes memory evidence = _evidence(_one(LEAF), THREE);
        uint40 until = uint40(block.timestamp) + VALIDITY;
        vm.warp(until);
        attesters.check(_one(LEAF), 0, evidence);
        vm.warp(until + 1);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_Expired.selector, until));
        attesters.check(_one(LEAF), 0, evidence);
    }

    function test_RevertWhen_ItIsValidForTooLong() external {
        uint40 until = uint40(block.timestamp) + VALIDITY + 1;
        bytes32 digest = attesters.digestOf(1, until, LEAF);
        Signed memory signed = Signed(1, until, THREE, _signatures(digest, THREE));
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_ValidTooLong.selector, until, uint256(until) - 1));
        attesters.checkRoot(LEAF, signed);
    }

    function test_RevertWhen_TheEpochIsUnknown() external {
        Signed memory signed = _signed(attesters, 2, LEAF, THREE);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_UnknownEpoch.selector, uint32(2)));
        attesters.checkRoot(LEAF, signed);
    }

    /* CONSTRUCTION */

    function test_RevertWhen_ItsLimitsAreBad() external {
        AttesterLimits memory limits = _attesterLimits();
        limits.quorumBps = 5_000;
        _refused(limits, "quorumBps");
        limits.quorumBps = 10_001;
        _refused(limits, "quorumBps");
        limits.quorumBps = QUORUM_BPS;
        limits.longestValidity = 0;
        _refused(limits, "longestValidity");
        (limits.longestValidity, limits.longestAge) = (VALIDITY, VALIDITY);
        _refused(limits, "longestAge");
    }

    /* HELP */

    function _refused(AttesterLimits memory limits, string memory what) private {
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_BadLimits.selector, what));
        new Attesters(limits);
    }

    function _leaves(uint256 count) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            leaves[i] = Facts.leafOf(Facts.RECEIPT, bytes32(i), keccak256(abi.encode(i)));
        }
    }

    function _chosen(bytes32[] memory leaves, uint256 subset) private pure returns (bytes32[] memory chosen) {
        chosen = new bytes32[](leaves.length);
        uint256 count;
        for (uint256 k; k < leaves.length; ++k) {
            if (subset >> k & 1 == 1) chosen[count++] = leaves[k];
        }
        assembly ("memory-safe") {
            mstore(chosen, count)
        }
    }

    function _part(bytes32[] memory leaves, bytes32[] memory path, bool[] memory flags)
        private
        view
        returns (bytes memory)
    {
        bytes32 root = _tree(leaves)[0];
        return abi.encode(Batch(root, _signed(attesters, 1, root, THREE), path, flags));
    }
}
