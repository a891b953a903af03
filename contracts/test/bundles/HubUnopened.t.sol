// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle, LegStatus, Mode, Outcome} from "../../src/bundles/BundleTypes.sol";
import {BundleWord} from "../../src/bundles/BundleWord.sol";
import {IBundleHub, LegResult} from "../../src/bundles/IBundleHub.sol";
import {HubStage} from "./HubStage.sol";

/// @dev What nobody opened in time is written down as aborted, by anybody; never what somebody might still open.
contract HubUnopenedTest is HubStage {
    uint256 private constant LEGS_HASH = 4; // the field that takes every bit

    function test_IsAbortedWithoutAFee() external {
        (Bundle memory bundle, bytes32 id) = _late();
        uint64 base = hub.nextOrdinal();
        vm.expectEmit(address(hub));
        emit IBundleHub.Unopened(id, owner, base, bundle, "legs");
        vm.expectEmit(address(hub));
        emit IBundleHub.Decided(id, base, Outcome.Aborted);
        vm.prank(stranger);
        hub.expireUnopened(bundle, "legs");
        BundleWord word = hub.wordOf(id);
        vm.assertTrue(word.outcome() == Outcome.Aborted && word.mode() == Mode.Escrowed);
        vm.assertEq(uint256(word.legs()), 3);
        vm.assertEq(uint256(word.base()), base);
        vm.assertEq(uint256(word.fee()), 0);
        vm.assertEq(uint256(word.settledAt()), block.timestamp);
        vm.assertEq(uint256(hub.nextOrdinal()), base + 3);
    }

    /// The header states a fee that nobody paid: others paid for what is there.
    function test_NobodyIsPaidOfIt() external {
        (Bundle memory bundle,) = _late();
        _opened(Mode.Ordered, 2);
        hub.expireUnopened(bundle, "");
        _settle(bundle, _results(LegStatus.Cancelled));
        vm.warp(block.timestamp + RECLAIM + 1);
        hub.reclaim(bundle);
        vm.assertEq(hub.creditOf(owner) + hub.creditOf(relayer) + hub.potOf(1), 0);
        vm.assertEq(address(hub).balance, FEE);
    }

    function test_RevertWhen_ItMayStillBeOpened() external {
        Bundle memory bundle = _bundle(Mode.Escrowed, 1);
        vm.warp(bundle.deadline);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_Early.selector, hub.idOf(bundle), bundle.deadline));
        hub.expireUnopened(bundle, "");
    }

    function testFuzz_RevertWhen_ItWasOpened(bool decided) external {
        (Bundle memory bundle, bytes32 id) = _opened(Mode.Escrowed, 1);
        if (decided) _commitPrepared(id);
        vm.warp(bundle.deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_OpenAlready.selector, id));
        hub.expireUnopened(bundle, "");
        _outcome(id, decided ? Outcome.Committed : Outcome.Open);
    }

    function test_RevertWhen_ItIsWrittenDownAlready() external {
        (Bundle memory bundle, bytes32 id) = _late();
        hub.expireUnopened(bundle, "");
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_OpenAlready.selector, id));
        hub.expireUnopened(bundle, "");
    }

    /// Attesters would say of an ordered one that it is open: its legs would run by what nobody signed.
    function test_RevertWhen_ItIsOrdered() external {
        Bundle memory bundle = _bundle(Mode.Ordered, 1);
        vm.warp(bundle.deadline + 1);
        _refused(bundle);
    }

    function testFuzz_RevertWhen_ItsLegsDoNotFitAWord(uint8 legs) external {
        (Bundle memory bundle,) = _late();
        bundle.legs = uint8(_bound(legs, 33, 255));
        _refused(bundle);
        bundle.legs = 0;
        _refused(bundle);
        bundle.legs = 32;
        hub.expireUnopened(bundle, "");
    }

    /// What is no header gets no log: whoever follows them could read none of it. Each word, with a bit that is no field's.
    function test_RevertWhen_AFieldHasBitsTooMany() external {
        (Bundle memory bundle,) = _late();
        bytes memory fits = abi.encodeCall(IBundleHub.expireUnopened, (bundle, ""));
        for (uint256 field; field < 7; ++field) {
            if (field == LEGS_HASH) continue;
            bytes memory bent = bytes.concat(fits);
            bent[4 + 32 * field] = 0x80;
            (bool taken,) = address(hub).call(bent);
            vm.assertTrue(!taken);
        }
        (bool done,) = address(hub).call(fits);
        vm.assertTrue(done);
    }

    /// Not even where a clock goes back, as on a chain whose last blocks are taken back.
    function test_NobodyOpensItAfterwards() external {
        (Bundle memory bundle, bytes32 id) = _late();
        hub.expireUnopened(bundle, "");
        vm.warp(bundle.deadline - 1 hours);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_OpenAlready.selector, id));
        _open(bundle);
        _commitPrepared(id);
        _outcome(id, Outcome.Aborted);
    }

    /// No pause stops what only gives back.
    function test_APauseDoesNotStopIt() external {
        (Bundle memory bundle, bytes32 id) = _late();
        vm.prank(guardian);
        hub.pause(1 hours);
        hub.expireUnopened(bundle, "");
        _outcome(id, Outcome.Aborted);
    }

    /* HELP */

    function _late() private returns (Bundle memory bundle, bytes32 id) {
        bundle = _bundle(Mode.Escrowed, 1);
        id = hub.idOf(bundle);
        vm.warp(bundle.deadline + 1);
    }

    function _refused(Bundle memory bundle) private {
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_BadTerms.selector, "mode or legs"));
        hub.expireUnopened(bundle, "");
    }
}
