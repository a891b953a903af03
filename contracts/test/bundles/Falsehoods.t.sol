// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {BundleHashes} from "../../src/bundles/BundleHashes.sol";
import {Bundle, LegStatus, Mode, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {Claim, IAttesters} from "../../src/bundles/IAttesters.sol";
import {IBundleHub} from "../../src/bundles/IBundleHub.sol";
import {ISlasher} from "../../src/oracle/security/ISlasher.sol";
import {IBuiltSlasher} from "../Deployed.sol";
import {HubStage} from "./HubStage.sol";

/// @dev One signature under what the hub knows to be false costs the stake; one that a block taken back could explain, nothing.
contract FalsehoodsTest is HubStage {
    IBuiltSlasher private slasher;

    function setUp() public override {
        super.setUp();
        slasher = _newSlasher(_slasherArgs(address(hub)));
        _seal(address(slasher), address(0));
    }

    /* DECISIONS */

    function test_AnotherDecisionThanTheHubsCostsTheStake() external {
        (, bytes32 id) = _aborted();
        _pass(GRACE + VALIDITY);
        Claim memory lie = _decision(id, Outcome.Committed);
        bytes memory signature = _by(0, lie);
        vm.prank(alice);
        slasher.falseFact(abi.encode(lie, ""), signature);
        vm.assertEq(uint256(stakes.providerOf(_ownerKey(0)).stake), 0);
        vm.assertTrue(stakes.isBanned(_ownerKey(0)));
        vm.assertEq(uint256(stakes.slashedCreditOf(alice)), STAKE * 3 / 10);
    }

    /// One subject is one fault: whoever then shows that he contradicted himself takes nothing more.
    function test_ItIsTheSameFaultAsAContradiction() external {
        (, bytes32 id) = _aborted();
        _pass(GRACE + VALIDITY);
        (Claim memory lie, Claim memory truth) = (_decision(id, Outcome.Committed), _decision(id, Outcome.Aborted));
        slasher.falseFact(abi.encode(lie, ""), _by(0, lie));
        (bytes memory first, bytes memory second) = (_by(0, lie), _by(0, truth));
        vm.expectPartialRevert(ISlasher.Slasher_AlreadyPunished.selector);
        slasher.equivocatedFacts(abi.encode(lie, truth), first, second);
    }

    function test_RevertWhen_TheTruthIsSaid() external {
        (, bytes32 id) = _aborted();
        _pass(GRACE + VALIDITY);
        _innocent(_decision(id, Outcome.Aborted), "");
    }

    /// Until the grace is over the block with the other decision may have been taken back.
    function testFuzz_RevertWhen_ABlockTakenBackExplainsIt(uint256 passed) external {
        (, bytes32 id) = _aborted();
        _pass(_bound(passed, 0, GRACE + VALIDITY - 1));
        _innocent(_decision(id, Outcome.Committed), "");
    }

    function test_RevertWhen_NothingIsDecidedOrOpened() external {
        (, bytes32 id) = _opened(Mode.Ordered, 1);
        _pass(30 days);
        _innocent(_decision(id, Outcome.Committed), "");
        _innocent(_claim(Facts.DECISION, keccak256("none"), keccak256("x")), "");
    }

    /// What was not committed by its deadline never will be.
    function test_ACommitOfWhatMissedItsTimeCostsTheStake() external {
        (Bundle memory bundle, bytes32 id) = _opened(Mode.Escrowed, 1);
        Claim memory lie = _decision(id, Outcome.Committed);
        lie.validUntil = bundle.deadline + GRACE + VALIDITY - 1;
        _innocent(lie, "");
        lie.validUntil += 1;
        slasher.falseFact(abi.encode(lie, ""), _by(1, lie));
        vm.assertTrue(stakes.isBanned(_ownerKey(1)));
        // That it is to be aborted nobody need wait for.
        Claim memory early = _decision(id, Outcome.Aborted);
        early.validUntil = lie.validUntil;
        _innocent(early, "");
    }

    /* OPENINGS */

    function test_AnotherLegThanItsOwnersCostsTheStake() external {
        (Bundle memory bundle, bytes32[] memory hashes, uint64 base) = _openedWithLegs();
        Claim memory lie = _opening(base, 1, rival, bundle.deadline, hashes[1]);
        slasher.falseFact(abi.encode(lie, abi.encode(bundle, hashes)), _by(2, lie));
        vm.assertTrue(stakes.isBanned(_ownerKey(2)));
        lie = _opening(base, 1, owner, bundle.deadline, keccak256("another leg"));
        hub.falsehoodOf(abi.encode(lie, abi.encode(bundle, hashes)));
    }

    function test_RevertWhen_TheLegIsTheBundlesOrTheOrdinalIsNot() external {
        (Bundle memory bundle, bytes32[] memory hashes, uint64 base) = _openedWithLegs();
        bytes memory shown = abi.encode(bundle, hashes);
        for (uint8 i; i < 3; ++i) {
            _innocent(_opening(base, i, owner, bundle.deadline, hashes[i]), shown);
        }
        _innocent(_opening(base, 3, rival, bundle.deadline, hashes[1]), shown);
        if (base != 0) _innocent(_opening(base - 1, 0, rival, bundle.deadline, hashes[1]), shown);
        // Legs that are not the header's show nothing, nor does a header that nobody opened.
        Claim memory lie = _opening(base, 1, rival, bundle.deadline, hashes[1]);
        hashes[2] = 0;
        _innocent(lie, abi.encode(bundle, hashes));
        bundle.legsHash = EfficientHashLib.hash(hashes);
        _innocent(lie, abi.encode(bundle, hashes));
        lie.validUntil = bundle.deadline + GRACE + VALIDITY - 1;
        _innocent(lie, shown);
    }

    /* SETS */

    function test_OtherSeatsThanTheHubsCostTheStake() external {
        uint256[] memory seats = new uint256[](1);
        seats[0] = uint256(uint160(alice)) << 96 | 1;
        bytes32 content = keccak256(abi.encode(uint256(1), seats));
        Claim memory lie = _claim(Facts.SEATED, bytes32(uint256(1)), content);
        _innocent(lie, "");
        _pass(GRACE + VALIDITY);
        lie.validUntil = uint40(block.timestamp);
        slasher.falseFact(abi.encode(lie, ""), _by(3, lie));
        vm.assertTrue(stakes.isBanned(_ownerKey(3)));
        // Of an epoch that has not begun the hub knows nothing.
        _innocent(_claim(Facts.SEATED, bytes32(uint256(2)), content), "");
        _innocent(_claim(Facts.SEATED, bytes32(uint256(1) << 32 | 1), content), "");
    }

    function test_RevertWhen_TheSeatsAreTheHubs() external {
        (address blob,,) = attesters.epochOf(1);
        bytes memory code = blob.code;
        uint256[] memory seats = new uint256[](code.length / 32 - 1);
        uint256 total;
        assembly ("memory-safe") {
            total := mload(add(code, 33))
            let size := shl(5, mload(seats))
            extcodecopy(blob, add(seats, 32), 33, size)
        }
        _pass(GRACE + VALIDITY);
        _innocent(_claim(Facts.SEATED, bytes32(uint256(1)), keccak256(abi.encode(total, seats))), "");
    }

    /// F4: a set that was replaced says that it was the hub's on a later day.
    function test_ASetThatWasReplacedLiesAboutADay() external {
        vm.warp(block.timestamp + EPOCH);
        _join(7, 2 * STAKE);
        stakes.advanceEpoch(0);
        attesters.adopt();
        uint256 over = block.timestamp;
        vm.warp((over / 1 days + 2) * 1 days);
        uint32 day = uint32(block.timestamp / 1 days);
        _innocent(_day(day, 2), abi.encode(uint32(2)));
        _innocent(_day(uint32(over / 1 days), 1), abi.encode(uint32(1)));
        // The words beside it must be those of the fact.
        _innocent(_day(day, 2), abi.encode(uint32(1)));
        Claim memory lie = _day(day, 1);
        slasher.falseFact(abi.encode(lie, abi.encode(uint32(1))), _by(0, lie));
        vm.assertTrue(stakes.isBanned(_ownerKey(0)));
    }

    /* THE REST */

    function test_RevertWhen_TheHubCanNotKnow() external {
        _pass(30 days);
        _innocent(_claim(Facts.PREPARED, keccak256("an id"), 0), "");
        _innocent(_claim(Facts.RECEIPT, 0, keccak256(abi.encode(LegStatus.Ok, bytes32(0), alice))), "");
    }

    function test_RevertWhen_TheFactIsNotInItsBatchOrSomebodyElsesIt() external {
        (, bytes32 id) = _aborted();
        _pass(GRACE + VALIDITY);
        Claim memory lie = _decision(id, Outcome.Committed);
        bytes memory signature = _by(0, lie);
        lie.epoch += 1;
        vm.expectRevert();
        slasher.falseFact(abi.encode(lie, ""), signature);
        lie.root = keccak256("another");
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_NotInBatch.selector, lie.root));
        slasher.falseFact(abi.encode(lie, ""), signature);
        vm.assertEq(uint256(stakes.providerOf(_ownerKey(0)).stake), STAKE);
    }

    /* HELP */

    function _aborted() private returns (Bundle memory bundle, bytes32 id) {
        (bundle, id) = _opened(Mode.Escrowed, 1);
        vm.prank(owner);
        hub.abort(bundle);
    }

    function _openedWithLegs() private returns (Bundle memory bundle, bytes32[] memory hashes, uint64 base) {
        _opened(Mode.Ordered, 7);
        hashes = new bytes32[](3);
        for (uint8 i; i < 3; ++i) {
            hashes[i] = BundleHashes.legHash(_leg(i));
        }
        bundle = _bundle(Mode.Ordered, 1);
        bundle.legsHash = EfficientHashLib.hash(hashes);
        base = hub.wordOf(_open(bundle)).base();
        vm.warp(bundle.deadline + GRACE + VALIDITY);
    }

    function _pass(uint256 seconds_) private {
        vm.warp(block.timestamp + seconds_);
    }

    function _decision(bytes32 id, Outcome outcome) private view returns (Claim memory) {
        return _claim(Facts.DECISION, id, keccak256(abi.encode(hub.wordOf(id).base(), outcome)));
    }

    function _opening(uint64 base, uint8 index, address of_, uint40 deadline, bytes32 leg)
        private
        view
        returns (Claim memory claim)
    {
        claim = _claim(
            Facts.OPENED, bytes32(uint256(base) + index), keccak256(abi.encode(base, of_, deadline, leg))
        );
        vm.assertEq(claim.root, Facts.opened(base, index, of_, deadline, leg));
    }

    function _day(uint32 day, uint32 epoch) private view returns (Claim memory) {
        return _claim(Facts.CURRENT, bytes32(uint256(day)), keccak256(abi.encode(epoch)));
    }

    function _claim(uint256 kind, bytes32 subject, bytes32 content) private view returns (Claim memory) {
        bytes32 leaf = Facts.leafOf(kind, subject, content);
        return Claim(1, uint40(block.timestamp), leaf, kind, subject, content, new bytes32[](0));
    }

    function _by(uint256 i, Claim memory claim) private view returns (bytes memory) {
        return _signatures(attesters.digestOf(claim.epoch, claim.validUntil, claim.root), 1 << i);
    }

    function _innocent(Claim memory claim, bytes memory shown) private {
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_NotFalse.selector, claim.kind, claim.subject));
        hub.falsehoodOf(abi.encode(claim, shown));
    }
}
