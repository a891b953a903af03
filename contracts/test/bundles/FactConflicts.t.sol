// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LegStatus, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {Claim, IAttesters} from "../../src/bundles/IAttesters.sol";
import {ISlasher} from "../../src/oracle/security/ISlasher.sol";
import {IBuiltSlasher} from "../Deployed.sol";
import {HubStage} from "./HubStage.sol";

/// @dev I15: two facts that contradict each other, and one key's signatures under both, are all that a slash wants.
contract FactConflictsTest is HubStage {
    IBuiltSlasher private slasher;

    function setUp() public override {
        super.setUp();
        slasher = _newSlasher(_slasherArgs(address(hub)));
        _seal(address(slasher), address(0));
    }

    function test_TwoContentsInTwoBatchesCostTheStake() external {
        Claim memory one = _decision(Outcome.Committed);
        Claim memory other = _decision(Outcome.Aborted);
        (bytes memory first, bytes memory second) = (_by(0, one), _by(0, other));
        vm.prank(alice);
        slasher.equivocatedFacts(abi.encode(one, other), first, second);
        vm.assertEq(uint256(stakes.providerOf(_ownerKey(0)).stake), 0);
        vm.assertTrue(stakes.isBanned(_ownerKey(0)));
        vm.assertEq(uint256(stakes.slashedCreditOf(alice)), STAKE * 3 / 10);
    }

    function test_AThirdContentIsTheSameFault() external {
        Claim memory one = _decision(Outcome.Committed);
        Claim memory other = _decision(Outcome.Aborted);
        Claim memory third = _decision(Outcome.Open);
        slasher.equivocatedFacts(abi.encode(one, other), _by(0, one), _by(0, other));
        (bytes memory first, bytes memory second) = (_by(0, one), _by(0, third));
        vm.expectPartialRevert(ISlasher.Slasher_AlreadyPunished.selector);
        slasher.equivocatedFacts(abi.encode(one, third), first, second);
    }

    /// A receipt in a batch of many, and another of the same ordinal in a batch of its own.
    function test_AFactInsideABatchCounts() external {
        bytes32[] memory leaves = _two(keccak256("other"), Facts.receipt(9, LegStatus.Ok, 0, alice));
        Claim memory one = _receipt(LegStatus.Ok);
        (one.root, one.path) = (_tree(leaves)[0], _pathOf(leaves, 1));
        Claim memory other = _receipt(LegStatus.Failed);
        slasher.equivocatedFacts(abi.encode(one, other), _by(2, one), _by(2, other));
        vm.assertTrue(stakes.isBanned(_ownerKey(2)));
    }

    /// One signature is enough when both stand in one batch: else liars would put them there.
    function test_ABatchCanContradictItself() external {
        Claim memory one = _receipt(LegStatus.Ok);
        Claim memory other = _receipt(LegStatus.Failed);
        bytes32[] memory leaves = _two(one.root, other.root);
        (one.path, other.path) = (_pathOf(leaves, 0), _pathOf(leaves, 1));
        one.root = other.root = _tree(leaves)[0];
        slasher.equivocatedFacts(abi.encode(one, other), _by(1, one), _by(1, other));
        vm.assertTrue(stakes.isBanned(_ownerKey(1)));
    }

    function testFuzz_EveryKindButPreparedConflicts(uint8 kind, bytes32 subject, bytes32 a, bytes32 b) external view {
        kind = uint8(_bound(kind, 1, 6));
        if (kind == Facts.PREPARED || a == b) return;
        (Claim memory one, Claim memory other) = (_claim(kind, subject, a), _claim(kind, subject, b));
        (bytes32 key, bytes32 first, bytes32 second) = attesters.conflictOf(abi.encode(one, other));
        vm.assertEq(key, keccak256(abi.encode(uint256(kind), subject)));
        vm.assertEq(first, attesters.digestOf(1, one.validUntil, one.root));
        vm.assertEq(second, attesters.digestOf(1, other.validUntil, other.root));
    }

    function test_RevertWhen_ThereIsNoConflict() external {
        Claim memory one = _receipt(LegStatus.Ok);
        _refused(one, one, "content");
        _refused(one, _decision(Outcome.Committed), "subject");
        _refused(one, _claim(Facts.RECEIPT, bytes32(uint256(10)), 0), "subject");
        _refused(_claim(Facts.PREPARED, 0, 0), _claim(Facts.PREPARED, 0, keccak256("x")), "kind");
    }

    function test_RevertWhen_AFactIsNotInItsBatch() external {
        Claim memory one = _receipt(LegStatus.Ok);
        Claim memory other = _receipt(LegStatus.Failed);
        other.root = keccak256("another");
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_NotInBatch.selector, other.root));
        attesters.conflictOf(abi.encode(one, other));
    }

    function test_RevertWhen_TwoKeysSignedOneEach() external {
        Claim memory one = _receipt(LegStatus.Ok);
        Claim memory other = _receipt(LegStatus.Failed);
        (bytes memory first, bytes memory second) = (_by(0, one), _by(1, other));
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_NotOne.selector, _signer(0), _signer(1)));
        slasher.equivocatedFacts(abi.encode(one, other), first, second);
        // Nor does anybody lose by a signature for another time than the claim says.
        other.validUntil += 1;
        vm.expectPartialRevert(ISlasher.Slasher_NotOne.selector);
        slasher.equivocatedFacts(abi.encode(one, other), first, second);
        vm.assertEq(uint256(stakes.providerOf(_ownerKey(0)).stake), STAKE);
    }

    /* HELP */

    function _decision(Outcome outcome) private view returns (Claim memory) {
        return _claim(Facts.DECISION, keccak256("a bundle"), keccak256(abi.encode(uint64(5), outcome)));
    }

    function _receipt(LegStatus status) private view returns (Claim memory claim) {
        claim = _claim(Facts.RECEIPT, bytes32(uint256(9)), keccak256(abi.encode(status, bytes32(0), alice)));
        vm.assertEq(claim.root, Facts.receipt(9, status, 0, alice));
    }

    function _claim(uint256 kind, bytes32 subject, bytes32 content) private view returns (Claim memory) {
        uint40 until = uint40(block.timestamp) + VALIDITY;
        bytes32 leaf = Facts.leafOf(kind, subject, content);
        return Claim(1, until, leaf, kind, subject, content, new bytes32[](0));
    }

    function _by(uint256 i, Claim memory claim) private view returns (bytes memory) {
        bytes32 digest = attesters.digestOf(claim.epoch, claim.validUntil, claim.root);
        return _signatures(digest, 1 << i);
    }

    function _refused(Claim memory one, Claim memory other, string memory what) private {
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_NoConflict.selector, what));
        attesters.conflictOf(abi.encode(one, other));
    }
}
