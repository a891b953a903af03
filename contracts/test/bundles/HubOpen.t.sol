// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BundleHub} from "../../src/bundles/BundleHub.sol";
import {Bundle, Mode, Outcome} from "../../src/bundles/BundleTypes.sol";
import {BundleWord} from "../../src/bundles/BundleWord.sol";
import {HubLimits, IBundleHub, Opening, Refusal} from "../../src/bundles/IBundleHub.sol";
import {IBrake} from "../../src/bundles/IBrake.sol";
import {HubStage} from "./HubStage.sol";

/// @dev A wallet that signs with whatever it is told to do.
contract Wallet {
    enum Way {
        Yes,
        No,
        Long,
        Burn,
        Bomb
    }

    Way private immutable _way;

    constructor(Way way) {
        _way = way;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        if (_way == Way.Burn) while (gasleft() > 0) {}
        if (_way == Way.Bomb) {
            assembly {
                return(0, 250000)
            }
        }
        if (_way == Way.Long) {
            assembly {
                mstore(0, hex"1626ba7e")
                return(0, 64)
            }
        }
        return _way == Way.Yes ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }
}

contract HubOpenTest is HubStage {
    /* BY THE OWNER */

    function test_OpensAndTakesTheFee() external {
        Bundle memory bundle = _bundle(Mode.Escrowed, 1);
        bytes32 id = hub.idOf(bundle);
        uint64 first = hub.nextOrdinal();
        vm.expectEmit(address(hub));
        emit IBundleHub.Opened(id, owner, first, bundle, "legs");
        vm.prank(owner);
        vm.assertEq(hub.open{value: FEE}(bundle, "legs"), id);
        BundleWord word = hub.wordOf(id);
        vm.assertTrue(word.outcome() == Outcome.Open && word.mode() == Mode.Escrowed);
        vm.assertEq(uint256(word.legs()), 3);
        vm.assertEq(uint256(word.deadline()), bundle.deadline);
        vm.assertEq(uint256(word.fee()), FEE);
        vm.assertEq(uint256(word.base()), first);
        vm.assertEq(uint256(word.paid()), 0);
        vm.assertEq(address(hub).balance, FEE);
    }

    /// I6: no two legs of any bundles have one ordinal.
    function testFuzz_OrdinalsAreDisjoint(uint8[8] calldata counts) external {
        uint64 next = hub.nextOrdinal();
        for (uint64 i; i < counts.length; ++i) {
            Bundle memory bundle = _bundle(Mode.Ordered, i);
            bundle.legs = uint8(_bound(counts[i], 1, 32));
            vm.assertEq(uint256(hub.wordOf(_open(bundle)).base()), next);
            next += bundle.legs;
        }
        vm.assertEq(uint256(hub.nextOrdinal()), next);
    }

    /// F13: settlers and facts name ordinals and no hub, so two that have the same attesters share none.
    function test_AnotherHubHasOtherOrdinals() external {
        BundleHub other = new BundleHub(_hubLimits());
        (uint256 one, uint256 two) = (hub.nextOrdinal(), other.nextOrdinal());
        vm.assertTrue(one % 256 == 0 && two % 256 == 0 && one < 1 << 63 && two < 1 << 63);
        // No hub opens so many in its life.
        vm.assertTrue((one > two ? one - two : two - one) > 1 << 40);
    }

    /// F15: who opens for others may log whatever legs he likes.
    function test_AnybodyShowsItsLegs() external {
        (, bytes32 id) = _opened(Mode.Ordered, 1);
        vm.expectEmit(address(hub));
        emit IBundleHub.Shown(id, "the legs");
        vm.prank(stranger);
        hub.show(id, "the legs");
    }

    /// Nobody can squat an id: it says whose it is.
    function test_RevertWhen_AnotherOpensIt() external {
        Bundle memory bundle = _bundle(Mode.Ordered, 1);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_NotOwner.selector, owner, rival));
        vm.prank(rival);
        hub.open{value: FEE}(bundle, "");
        bytes32 his = hub.idOf(bundle);
        bundle.owner = rival;
        vm.assertTrue(_open(bundle) != his);
        _outcome(his, Outcome.None);
    }

    function test_RevertWhen_ItIsOpenAlready() external {
        (Bundle memory bundle, bytes32 id) = _opened(Mode.Ordered, 1);
        bytes memory why = abi.encodeWithSelector(IBundleHub.Hub_OpenAlready.selector, id);
        vm.expectRevert(why);
        _open(bundle);
        vm.prank(owner);
        hub.abort(bundle);
        vm.expectRevert(why);
        _open(bundle);
    }

    function test_RevertWhen_TheFeeIsNotWhatWasSent() external {
        Bundle memory bundle = _bundle(Mode.Ordered, 1);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_WrongFee.selector, FEE, FEE - 1));
        vm.prank(owner);
        hub.open{value: FEE - 1}(bundle, "");
    }

    function test_RevertWhen_ItsTermsAreBad() external {
        Bundle memory bundle = _bundle(Mode.Ordered, 1);
        bundle.legs = 0;
        _refused(bundle, "legs");
        bundle.legs = 33;
        _refused(bundle, "legs");
        (bundle.legs, bundle.deadline) = (32, uint40(block.timestamp));
        _refused(bundle, "deadline");
        bundle.deadline = uint40(block.timestamp) + WINDOW_SECONDS + 1;
        _refused(bundle, "deadline");
        bundle.deadline -= 1;
        _open(bundle);
    }

    function test_AnIdHoldsForOneHubOnOneChain() external {
        Bundle memory bundle = _bundle(Mode.Ordered, 1);
        bytes32 here = hub.idOf(bundle);
        vm.assertTrue(new BundleHub(_hubLimits()).idOf(bundle) != here);
        vm.chainId(OTHER_CHAIN);
        vm.assertTrue(hub.idOf(bundle) != here);
    }

    /* BY SIGNATURE */

    function test_OpensWhatOwnersSigned() external {
        _deposit(owner, 3 * FEE);
        Opening[] memory openings = new Opening[](3);
        for (uint64 i; i < 3; ++i) {
            openings[i] = _opening(OWNER_KEY, _bundle(Mode.Escrowed, i));
        }
        uint256 first = hub.nextOrdinal();
        hub.openMany(openings);
        for (uint64 i; i < 3; ++i) {
            bytes32 id = hub.idOf(openings[i].bundle);
            _outcome(id, Outcome.Open);
            vm.assertEq(uint256(hub.wordOf(id).base()), first + 3 * i);
        }
        vm.assertEq(hub.creditOf(owner), 0);
    }

    function test_ABadOneIsPassedOver() external {
        _deposit(owner, 10 * FEE);
        Opening[] memory openings = new Opening[](6);
        openings[0] = _opening(OWNER_KEY, _bundle(Mode.Ordered, 0));
        openings[1] = openings[0];
        openings[2] = _opening(RIVAL_KEY, _bundle(Mode.Ordered, 2));
        Bundle memory bundle = _bundle(Mode.Ordered, 3);
        bundle.legs = 0;
        openings[3] = _opening(OWNER_KEY, bundle);
        bundle = _bundle(Mode.Ordered, 4);
        bundle.owner = rival;
        openings[4] = _opening(RIVAL_KEY, bundle);
        openings[5] = _opening(OWNER_KEY, _bundle(Mode.Ordered, 5));
        Refusal[4] memory why = [Refusal.OpenAlready, Refusal.BadSignature, Refusal.BadTerms, Refusal.NoCredit];
        for (uint256 i; i < 4; ++i) {
            vm.expectEmit(address(hub));
            emit IBundleHub.Refused(hub.idOf(openings[i + 1].bundle), why[i]);
        }
        hub.openMany(openings);
        _outcome(hub.idOf(openings[0].bundle), Outcome.Open);
        _outcome(hub.idOf(openings[5].bundle), Outcome.Open);
        vm.assertEq(hub.creditOf(owner), 8 * FEE);
        vm.assertEq(uint256(hub.nextOrdinal()) % 256, 6);
    }

    function test_AContractSignsForItself() external {
        Opening[] memory openings = new Opening[](4);
        for (uint64 i; i < 4; ++i) {
            Bundle memory bundle = _bundle(Mode.Ordered, i);
            bundle.owner = address(new Wallet(Wallet.Way(i)));
            _deposit(bundle.owner, FEE);
            openings[i] = Opening(bundle, "whatever", "");
        }
        hub.openMany(openings);
        _outcome(hub.idOf(openings[0].bundle), Outcome.Open);
        for (uint256 i = 1; i < 4; ++i) {
            _outcome(hub.idOf(openings[i].bundle), Outcome.None);
        }
    }

    /// What it burns is bounded: the others are opened all the same.
    function test_AContractThatBurnsGasStopsNobody() external {
        Bundle memory bundle = _bundle(Mode.Ordered, 1);
        bundle.owner = address(new Wallet(Wallet.Way.Burn));
        _deposit(bundle.owner, FEE);
        _deposit(owner, FEE);
        Opening[] memory openings = new Opening[](2);
        openings[0] = Opening(bundle, "", "");
        openings[1] = _opening(OWNER_KEY, _bundle(Mode.Ordered, 2));
        hub.openMany{gas: 600_000}(openings);
        _outcome(hub.idOf(openings[1].bundle), Outcome.Open);
    }

    /// @dev What a contract returns is not taken into memory, where each further word costs more than the one before.
    function test_ContractsThatReturnVeryMuchStopNobody() external {
        _deposit(owner, FEE);
        Opening[] memory openings = new Opening[](13);
        for (uint256 i; i < 12; ++i) {
            Bundle memory bundle = _bundle(Mode.Ordered, 1);
            (bundle.owner, bundle.fee) = (address(new Wallet(Wallet.Way.Bomb)), 0);
            openings[i] = Opening(bundle, "", "");
        }
        openings[12] = _opening(OWNER_KEY, _bundle(Mode.Ordered, 2));
        hub.openMany{gas: 3_000_000}(openings);
        _outcome(hub.idOf(openings[12].bundle), Outcome.Open);
    }

    function test_NobodysSignatureIsNobodys() external {
        Bundle memory bundle = _bundle(Mode.Ordered, 1);
        (bundle.owner, bundle.fee) = (address(0), 0);
        Opening[] memory openings = new Opening[](1);
        openings[0] = Opening(bundle, new bytes(65), "");
        hub.openMany(openings);
        _outcome(hub.idOf(bundle), Outcome.None);
    }

    /* TOPPING UP, PAUSE, CONSTRUCTION */

    function test_AnybodyTopsUp() external {
        (Bundle memory bundle, bytes32 id) = _opened(Mode.Ordered, 1);
        vm.expectEmit(address(hub));
        emit IBundleHub.ToppedUp(id, rival, 5);
        vm.prank(rival);
        hub.topUp{value: 5}(id);
        vm.assertEq(uint256(hub.wordOf(id).fee()), FEE + 5);
        vm.prank(owner);
        hub.abort(bundle);
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_NotOpen.selector, id, Outcome.Aborted));
        hub.topUp{value: 5}(id);
    }

    /// I14: it stops opening for a while, and ends by itself.
    function test_APauseStopsOpening() external {
        vm.prank(guardian);
        hub.pause(72 hours);
        uint40 until = uint40(block.timestamp) + 72 hours;
        bytes memory why = abi.encodeWithSelector(IBundleHub.Hub_Paused.selector, until);
        Bundle memory bundle = _bundle(Mode.Ordered, 1);
        bundle.deadline = until + 1 days;
        vm.expectRevert(why);
        _open(bundle);
        vm.expectRevert(why);
        hub.openMany(new Opening[](0));
        vm.warp(until);
        _open(bundle);
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IBrake.Brake_TooSoon.selector, until + 72 hours));
        hub.pause(1);
    }

    function test_RevertWhen_ItsLimitsAreBad() external {
        HubLimits memory limits = _hubLimits();
        limits.longestWindow = 0;
        _unbuilt(limits, "longestWindow");
        (limits.longestWindow, limits.attesterBps) = (1, 10_001);
        _unbuilt(limits, "attesterBps");
        (limits.attesterBps, limits.reclaimSeconds) = (0, GRACE);
        _unbuilt(limits, "reclaimSeconds");
    }

    /* HELP */

    function _unbuilt(HubLimits memory limits, string memory what) private {
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_BadLimits.selector, what));
        new BundleHub(limits);
    }

    function _refused(Bundle memory bundle, string memory what) private {
        vm.expectRevert(abi.encodeWithSelector(IBundleHub.Hub_BadTerms.selector, what));
        _open(bundle);
    }

    function _deposit(address account, uint256 amount) private {
        hub.deposit{value: amount}(account);
    }
}
