// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle, LegStatus, Mode, Outcome} from "../../src/bundles/BundleTypes.sol";
import {IAttesters} from "../../src/bundles/IAttesters.sol";
import {IBundleHub, LegResult} from "../../src/bundles/IBundleHub.sol";
import {HubStage} from "./HubStage.sol";

/// @dev Calls back while it is paid.
contract Greedy {
    IBundleHub private immutable _hub;

    constructor(IBundleHub hub) {
        _hub = hub;
    }

    function take(uint256 amount) external {
        _hub.withdraw(address(this), amount);
    }

    receive() external payable {
        _hub.withdraw(address(this), msg.value);
    }
}

contract HubFeesTest is HubStage {
    uint256 private constant SHARE = uint256(FEE) / 3;
    uint256 private constant TO_ATTESTERS = SHARE * ATTESTER_BPS / 10_000;

    /* SHARES */

    function test_SharesGoToWhoRelayedAndWhoAttested() external {
        (Bundle memory bundle, bytes32 id) = _done();
        vm.expectEmit(address(hub));
        emit IBundleHub.ShareSettled(id, 0, relayer, uint96(SHARE), 1, uint96(TO_ATTESTERS));
        _settle(bundle, _results(LegStatus.Ok));
        vm.assertEq(hub.creditOf(relayer), 3 * (SHARE - TO_ATTESTERS));
        vm.assertEq(hub.potOf(1), 3 * TO_ATTESTERS);
        // What rounding left.
        vm.assertEq(hub.creditOf(owner), FEE - 3 * SHARE);
        vm.assertTrue(FEE - 3 * SHARE != 0);
    }

    function test_AShareOfNobodyIsTheOwners() external {
        (Bundle memory bundle,) = _done();
        LegResult[] memory results = _results(LegStatus.Ok);
        results[1].relayer = address(0);
        _settle(bundle, results);
        vm.assertEq(hub.creditOf(owner), SHARE + FEE - 3 * SHARE);
        vm.assertEq(hub.potOf(1), 2 * TO_ATTESTERS);
    }

    /// F11: of what did not run a quarter is due, or letting a bundle die earned as much as running it.
    function testFuzz_LessIsDueOfLegsThatDidNotRun(uint8 status) external {
        status = uint8(_bound(status, 1, 4));
        Bundle memory bundle;
        bytes32 id;
        (bundle, id) = _opened(Mode.Ordered, 9);
        vm.prank(owner);
        hub.abort(bundle);
        _settle(bundle, _results(LegStatus(status)));
        bool ran = status < uint8(LegStatus.Cancelled);
        uint256 due = ran ? SHARE : SHARE / 4;
        uint256 toAttesters = due * ATTESTER_BPS / 10_000;
        vm.assertEq(hub.creditOf(relayer), 3 * (due - toAttesters));
        vm.assertEq(hub.potOf(1), 3 * toAttesters);
        vm.assertEq(hub.creditOf(owner), FEE - 3 * due);
    }

    /// An owner who brings his own leg pays nobody for it.
    function test_AShareOfTheOwnersLegIsHis() external {
        (Bundle memory bundle, bytes32 id) = _done();
        LegResult[] memory results = _results(LegStatus.Ok);
        results[1].relayer = owner;
        vm.expectEmit(address(hub));
        emit IBundleHub.ShareSettled(id, 1, address(0), uint96(SHARE), 1, 0);
        _settle(bundle, results);
        vm.assertEq(hub.creditOf(owner), SHARE + FEE - 3 * SHARE);
        vm.assertEq(hub.potOf(1), 2 * TO_ATTESTERS);
    }

    /// The word says what the owner has again, at every step and for ever.
    function testFuzz_TheWordSaysWhatIsGivenBack(bool escrowed, uint8 legs, uint96 fee, uint256 seed) external {
        Bundle memory bundle = _bundle(escrowed ? Mode.Escrowed : Mode.Ordered, 5);
        (bundle.legs, bundle.fee) = (uint8(_bound(legs, 1, 32)), uint96(_bound(fee, 0, 100 ether)));
        bytes32 id = _open(bundle);
        vm.prank(owner);
        hub.abort(bundle);
        LegResult[] memory one = new LegResult[](1);
        for (uint8 i; i < bundle.legs; ++i) {
            uint256 dice = uint256(keccak256(abi.encode(seed, i)));
            if (dice % 4 == 0) continue;
            one[0] = _result(i, LegStatus(1 + dice / 4 % 4));
            if (dice / 16 % 3 != 0) one[0].relayer = dice / 16 % 3 == 1 ? address(0) : owner;
            _settle(bundle, one);
            vm.assertEq(uint256(hub.wordOf(id).givenBack()), hub.creditOf(owner));
        }
        vm.warp(bundle.deadline + RECLAIM + 1);
        hub.reclaim(bundle);
        vm.assertEq(uint256(hub.wordOf(id).givenBack()), hub.creditOf(owner));
        vm.assertEq(uint256(hub.wordOf(id).legs()), bundle.legs);
        vm.assertEq(hub.creditOf(relayer) + hub.creditOf(owner) + hub.potOf(1), bundle.fee);
        _outcome(id, Outcome.Aborted);
    }

    /// Who gives back what an escrow held has done all that is to be done.
    function test_AllIsDueOfWhatAnEscrowGaveBack() external {
        (Bundle memory bundle,) = _opened(Mode.Escrowed, 9);
        vm.prank(owner);
        hub.abort(bundle);
        _settle(bundle, _results(LegStatus.Cancelled));
        vm.assertEq(hub.creditOf(relayer), 3 * (SHARE - TO_ATTESTERS));
    }

    /// F21: a pot that nobody has a seat in nobody could empty.
    function test_WhereNobodySitsTheRelayerHasAll() external {
        (Bundle memory bundle, bytes32 id) = _done();
        LegResult[] memory results = _results(LegStatus.Ok);
        vm.warp(block.timestamp + EPOCH);
        for (uint256 i; i < SEATS; ++i) {
            vm.prank(_ownerKey(i));
            stakes.leave();
        }
        stakes.advanceEpoch(0);
        bytes32 root = _tree(_leavesOf(id, results))[0];
        attesters.adopt();
        // The set before signs on for a while.
        hub.settle(_settlement(bundle, results), _alone(root, _signed(attesters, 1, root, THREE)));
        vm.assertEq(hub.potOf(2), 0);
        vm.assertEq(hub.creditOf(relayer), 3 * SHARE);
    }

    function test_SharesGoOutOneByOneAndOnce() external {
        (Bundle memory bundle,) = _done();
        for (uint8 i; i < 3; ++i) {
            LegResult[] memory one = new LegResult[](2);
            (one[0], one[1]) = (_result(i, LegStatus.Ok), _result(i, LegStatus.Ok));
            _settle(bundle, one);
            _settle(bundle, one);
            vm.assertEq(hub.creditOf(relayer), (i + 1) * (SHARE - TO_ATTESTERS));
        }
        vm.assertEq(hub.creditOf(owner), FEE - 3 * SHARE);
        _settle(bundle, _results(LegStatus.Ok));
        vm.assertEq(hub.creditOf(relayer) + hub.creditOf(owner) + hub.potOf(1), FEE);
    }

    function test_RevertWhen_ItIsNotDecided() external {
        (Bundle memory bundle, bytes32 id) = _opened(Mode.Ordered, 1);
        LegResult[] memory results = _results(LegStatus.Ok);
        bytes memory evidence = _evidence(_leavesOf(id, results), THREE);
        bytes memory why = abi.encodeWithSelector(IBundleHub.Hub_NotDecided.selector, id, Outcome.Open);
        vm.expectRevert(why);
        hub.settle(_settlement(bundle, results), evidence);
        vm.warp(bundle.deadline + RECLAIM + 1);
        vm.expectRevert(why);
        hub.reclaim(bundle);
    }

    function test_RevertWhen_ReceiptsAreForeignOrForged() external {
        (Bundle memory bundle, bytes32 id) = _done();
        (, bytes32 other) = _opened(Mode.Ordered, 2);
        LegResult[] memory results = _results(LegStatus.Ok);
        bytes memory evidence = _evidence(_leavesOf(other, results), THREE);
        vm.expectPartialRevert(IAttesters.Attesters_NotInBatch.selector);
        hub.settle(_settlement(bundle, results), evidence);
        evidence = _evidence(_leavesOf(id, results), THREE);
        results[0].relayer = rival;
        vm.expectPartialRevert(IAttesters.Attesters_NotInBatch.selector);
        hub.settle(_settlement(bundle, results), evidence);
        results[0].index = 3;
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_BadResult.selector, id, uint8(3), "index"));
        hub.settle(_settlement(bundle, results), evidence);
        (results[0].index, results[0].status) = (0, LegStatus.None);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_BadResult.selector, id, uint8(0), "status"));
        hub.settle(_settlement(bundle, results), evidence);
    }

    /// The owner of another header would be somebody else's creditor: its id is another, and was never opened.
    function test_RevertWhen_TheHeaderIsAnother() external {
        (Bundle memory bundle,) = _done();
        bundle.owner = rival;
        bytes32 id = hub.idOf(bundle);
        vm.warp(bundle.deadline + RECLAIM + 1);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_NotDecided.selector, id, Outcome.None));
        hub.reclaim(bundle);
    }

    /* WHAT NOBODY CLAIMS */

    function test_TheOwnerTakesBackWhatNobodyClaimed() external {
        (Bundle memory bundle, bytes32 id) = _done();
        LegResult[] memory one = new LegResult[](1);
        one[0] = _result(1, LegStatus.Ok);
        _settle(bundle, one);
        uint256 notBefore = uint256(bundle.deadline) + RECLAIM;
        vm.warp(notBefore);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_Early.selector, id, notBefore));
        hub.reclaim(bundle);
        vm.warp(notBefore + 1);
        vm.expectEmit(address(hub));
        emit IBundleHub.Reclaimed(id, uint96(FEE - SHARE));
        vm.prank(stranger);
        hub.reclaim(bundle);
        vm.assertEq(hub.creditOf(owner), FEE - SHARE);
        // Once, and nothing is left for receipts that come later.
        hub.reclaim(bundle);
        attesters.adopt();
        _settle(bundle, _results(LegStatus.Ok));
        vm.assertEq(hub.creditOf(owner) + hub.creditOf(relayer) + hub.potOf(1), FEE);
    }

    /* CREDIT */

    function test_CreditComesAndGoes() external {
        vm.expectEmit(address(hub));
        emit IBundleHub.Deposited(alice, address(this), 10);
        hub.deposit{value: 10}(alice);
        vm.prank(alice);
        hub.withdraw(bob, 4);
        vm.assertEq(bob.balance, 4);
        vm.assertEq(hub.creditOf(alice), 6);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_InsufficientCredit.selector, alice, 6, 7));
        vm.prank(alice);
        hub.withdraw(bob, 7);
    }

    function test_RevertWhen_WithdrawingAgainWhilePaid() external {
        Greedy greedy = new Greedy(hub);
        hub.deposit{value: 10}(address(greedy));
        hub.deposit{value: 100}(alice);
        vm.expectRevert(IBundleHub.ETHTransferFailed.selector);
        greedy.take(10);
        vm.assertEq(address(hub).balance, 110);
    }

    /* POTS */

    function test_SeatsShareThePotByWeight() external {
        (Bundle memory bundle,) = _done();
        _settle(bundle, _results(LegStatus.Ok));
        uint256 pot = hub.potOf(1);
        uint256 sum;
        for (uint8 seat; seat < SEATS; ++seat) {
            uint256 amount = hub.claimPot(1, seat);
            vm.assertEq(amount, pot / SEATS);
            vm.assertEq(hub.creditOf(_ownerKey(seat)), amount);
            sum += amount;
            vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_NothingDue.selector, uint32(1), seat));
            hub.claimPot(1, seat);
        }
        vm.assertLe(sum, pot);
        // It grows on while the epoch lasts.
        (bundle,) = _doneWith(7);
        _settle(bundle, _results(LegStatus.Ok));
        vm.assertTrue(hub.claimPot(1, 0) != 0);
    }

    function test_RevertWhen_TheSeatHasNothing() external {
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_NothingDue.selector, uint32(1), uint8(4)));
        hub.claimPot(1, 4);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_NothingDue.selector, uint32(9), uint8(0)));
        hub.claimPot(9, 0);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_NothingDue.selector, uint32(1), uint8(0)));
        hub.claimPot(1, 0);
    }

    /// I3: whatever the fee and whoever relayed, all of it is somebody's.
    function testFuzz_NothingIsLostOrMade(uint96 fee, uint8 legs, uint32 named, uint32 settled) external {
        Bundle memory bundle = _bundle(Mode.Escrowed, 1);
        (bundle.fee, bundle.legs) = (uint96(_bound(fee, 0, 900 ether)), uint8(_bound(legs, 1, 32)));
        bytes32 id = _open(bundle);
        _commitPrepared(id);
        uint256 count;
        LegResult[] memory results = new LegResult[](bundle.legs);
        for (uint8 i; i < bundle.legs; ++i) {
            if (settled >> i & 1 == 0) continue;
            results[count] = _result(i, LegStatus.Ok);
            if (named >> i & 1 == 0) results[count].relayer = address(0);
            ++count;
        }
        assembly ("memory-safe") {
            mstore(results, count)
        }
        if (count != 0) _settle(bundle, results);
        vm.warp(uint256(bundle.deadline) + RECLAIM + 1);
        hub.reclaim(bundle);
        vm.assertEq(hub.creditOf(owner) + hub.creditOf(relayer) + hub.potOf(1), bundle.fee);
        vm.assertEq(address(hub).balance, bundle.fee);
    }

    /* HELP */

    function _done() private returns (Bundle memory, bytes32) {
        return _doneWith(1);
    }

    function _doneWith(uint64 salt) private returns (Bundle memory bundle, bytes32 id) {
        (bundle, id) = _opened(Mode.Ordered, salt);
        _commitCompleted(id);
    }
}
