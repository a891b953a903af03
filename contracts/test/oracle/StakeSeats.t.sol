// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IStakeManager} from "../../src/oracle/IStakeManager.sol";
import {SignerSet, SignerSets} from "../../src/oracle/SignerSet.sol";
import {StakesStage} from "./StakesStage.sol";

/// @dev Who gets which seat, in which domain, and what dust may do.
contract StakeSeatsTest is StakesStage {
    using SignerSets for SignerSet;

    function test_WhenFullHeSitsOnTheBench() external {
        _fill(STAKE);
        _join(40, 9 * STAKE);
        vm.assertEq(stakes.rosterOf(0).length, 32);
        vm.assertTrue(!_isOn(0, 40));
        vm.assertTrue(stakes.providerOf(_ownerKey(40)).state == IStakeManager.ProviderState.Active);
        _advance();
        vm.assertTrue(!_isSeated(_signer(40)));
    }

    /* claimSeat */

    function test_ALargerStakeTakesTheSmallestSeat() external {
        _fill(STAKE + 9);
        for (uint256 i; i < SEATS; ++i) {
            if (i == 2) continue; // he stays the smallest
            _addStake(i, 9);
        }
        _join(40, STAKE + 1);
        vm.expectEmit(address(stakes));
        emit IStakeManager.Benched(0, _ownerKey(2));
        vm.expectEmit(address(stakes));
        emit IStakeManager.Seated(0, _ownerKey(40));
        vm.prank(_ownerKey(40));
        stakes.claimSeat(0, _ownerKey(2));

        // He loses the seat and nothing else: no unbonding, no waiting.
        IStakeManager.Provider memory displaced = stakes.providerOf(_ownerKey(2));
        vm.assertTrue(displaced.state == IStakeManager.ProviderState.Active);
        vm.assertEq(uint256(displaced.stake), STAKE);
        vm.assertTrue(_isSeated(_signer(2)) && !_isSeated(_signer(40)));
        _advance();
        vm.assertTrue(!_isSeated(_signer(2)) && _isSeated(_signer(40)));
        (address blob,,) = stakes.signerSet(0);
        vm.assertEq(_read(blob).count, 32);
    }

    function test_TheDisplacedMayClaimBack() external {
        _fill(STAKE);
        _join(40, STAKE + 1);
        _claim(40, 0);
        _addStake(0, 1);
        _claim(0, 1);
        vm.assertTrue(_isOn(0, 0) && _isOn(0, 40) && !_isOn(0, 1));
    }

    function test_RevertWhen_ClaimingFromOneWhoIsNotTheSmallest() external {
        _fill(STAKE);
        _addStake(3, 1);
        _join(40, STAKE + 2);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_Full.selector, 32));
        vm.prank(_ownerKey(40));
        stakes.claimSeat(0, _ownerKey(3));
    }

    function test_RevertWhen_ClaimingWithNoLargerStake() external {
        _fill(STAKE);
        _join(40, STAKE);
        vm.expectRevert(
            abi.encodeWithSelector(IStakeManager.StakeManager_SeatNotBeaten.selector, 0, _ownerKey(3), STAKE)
        );
        vm.prank(_ownerKey(40));
        stakes.claimSeat(0, _ownerKey(3));
    }

    function test_RevertWhen_ClaimingFromSomebodyWithoutASeat() external {
        _fill(STAKE);
        _join(40, STAKE + 1);
        _join(41, STAKE);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_Full.selector, 32));
        vm.prank(_ownerKey(40));
        stakes.claimSeat(0, _ownerKey(41));
    }

    function test_RevertWhen_ClaimingASecondSeat() external {
        _addStake(0, 5);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_SeatNotBeaten.selector, 0, address(0), 0));
        vm.prank(_ownerKey(0));
        stakes.claimSeat(0, address(0));
        _fill(STAKE);
        vm.expectRevert(
            abi.encodeWithSelector(IStakeManager.StakeManager_SeatNotBeaten.selector, 0, _ownerKey(1), STAKE)
        );
        vm.prank(_ownerKey(0));
        stakes.claimSeat(0, _ownerKey(1));
    }

    function test_RevertWhen_ClaimingInADomainNotServed() external {
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NotServed.selector, _ownerKey(0), 1));
        vm.prank(_ownerKey(0));
        stakes.claimSeat(1, address(0));
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NotServed.selector, _ownerKey(0), 16));
        vm.prank(_ownerKey(0));
        stakes.claimSeat(16, address(0));
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NotActive.selector, alice));
        vm.prank(alice);
        stakes.claimSeat(0, address(0));
    }

    function test_AFreePlaceIsClaimedFromNobody() external {
        _fill(STAKE);
        _join(40, STAKE);
        vm.prank(_ownerKey(5));
        stakes.leave();
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_SeatNotBeaten.selector, 0, _ownerKey(1), 0));
        vm.prank(_ownerKey(40));
        stakes.claimSeat(0, _ownerKey(1));
        vm.prank(_ownerKey(40));
        stakes.claimSeat(0, address(0));
        vm.assertTrue(_isOn(0, 40));
    }

    function test_DustInEverySeatGivesWay() external {
        // 28 cheap seats beside four honest ones do not keep four more honest out, nor cost one of the first four his.
        _fill(STAKE);
        for (uint256 i; i < SEATS; ++i) {
            _addStake(i, 4 * STAKE);
        }
        for (uint256 i = 40; i < 44; ++i) {
            _join(i, 5 * STAKE);
            _claim(i, i - 30);
        }
        _advance();
        for (uint256 i = 40; i < 44; ++i) {
            vm.assertTrue(_isSeated(_signer(i)));
        }
        for (uint256 i; i < SEATS; ++i) {
            vm.assertTrue(_isSeated(_signer(i)));
        }
    }

    /* setKinds */

    function test_OneStakeStandsBehindSeveralDomains() external {
        for (uint256 i; i < 3; ++i) {
            vm.prank(_ownerKey(i));
            stakes.setKinds(1 << 0 | 1 << 7);
        }
        stakes.advanceEpoch(7);
        (address blob, uint32 epoch,) = stakes.signerSet(7);
        vm.assertEq(uint256(epoch), 1);
        vm.assertEq(_read(blob).totalWeight(), 3 * STAKE);
        vm.assertEq(uint256(stakes.epochAt(7, 1)), START);
        (, epoch,) = stakes.signerSet(0);
        vm.assertEq(uint256(epoch), 1);
        vm.assertEq(stakes.signerSetOf(7, 1), blob);
    }

    /// Who answers by a model of one family weighs a ninth with all others of it, from the next signer set on.
    function test_AFamilyOfModelsCountsAsOne() external {
        for (uint256 i = SEATS; i < 10; ++i) {
            _join(i, STAKE);
        }
        for (uint256 i = 7; i < 10; ++i) {
            vm.prank(_ownerKey(i));
            stakes.setKinds(1 | 3 << 16);
        }
        vm.assertEq(uint256(stakes.providerOf(_ownerKey(9)).kinds), 1 | 3 << 16);
        vm.warp(START + EPOCH);
        stakes.advanceEpoch(0);
        (address blob,,) = stakes.signerSet(0);
        SignerSet memory set = _read(blob);
        uint256 together;
        for (uint256 seat = 7; seat < 10; ++seat) {
            (, uint96 weight) = set.seatAt(seat);
            together += weight;
        }
        vm.assertEq(together, set.totalWeight() / 9);
        // Joining says it as well as choosing domains does, and who takes it back counts in full again.
        vm.prank(_ownerKey(9));
        stakes.setKinds(1);
        vm.assertEq(uint256(stakes.providerOf(_ownerKey(9)).kinds), 1);
        vm.warp(START + 2 * EPOCH);
        stakes.advanceEpoch(0);
        (blob,,) = stakes.signerSet(0);
        (, uint96 alone) = _read(blob).seatAt(9);
        vm.assertEq(uint256(alone), STAKE);
    }

    function test_ADomainGivenUpIsAPlaceGivenUp() external {
        vm.prank(_ownerKey(1));
        stakes.setKinds(1 << 3);
        vm.assertTrue(!_isOn(0, 1) && _isOn(3, 1) && _isOn(0, 3));
        vm.assertEq(uint256(stakes.providerOf(_ownerKey(1)).kinds), 1 << 3);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NotActive.selector, alice));
        vm.prank(alice);
        stakes.setKinds(1);
    }

    function test_RevertWhen_SeatedInADomainGivenUp() external {
        vm.prank(_ownerKey(1));
        stakes.setKinds(1 << 3);
        vm.warp(START + 1);
        vm.prank(_ownerKey(1));
        stakes.leave();
        vm.warp(START + 1 + UNBONDING);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_StillSeated.selector, _ownerKey(1), 0, 1));
        vm.prank(_ownerKey(1));
        stakes.withdraw(alice);
        stakes.advanceEpoch(0);
        vm.warp(block.timestamp + UNBONDING);
        vm.prank(_ownerKey(1));
        stakes.withdraw(alice);
    }

    /* setJuror */

    function test_AJurorIsOneSinceHeSaidSo() external {
        vm.warp(START + 5);
        vm.expectEmit(address(stakes));
        emit IStakeManager.JurorSet(_ownerKey(0), true);
        vm.prank(_ownerKey(0));
        stakes.setJuror(true);
        vm.warp(START + 9);
        vm.prank(_ownerKey(0));
        stakes.setJuror(true); // changes nothing, not even since when
        vm.assertEq(uint256(stakes.providerOf(_ownerKey(0)).jurorSince), START + 5);
        vm.prank(_ownerKey(0));
        stakes.setJuror(false);
        vm.assertEq(uint256(stakes.providerOf(_ownerKey(0)).jurorSince), 0);
    }

    function test_RevertWhen_AStrangerWantsToJudge() external {
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NotActive.selector, alice));
        vm.prank(alice);
        stakes.setJuror(true);
    }

    /* the cap, attacked */

    function test_DustGetsNoVetoBesideThreeHonest() external {
        (uint256 dust, uint256 total) = _weightOfDust(3, 29, 5_000e6, 10e6);
        vm.assertEq(4 * dust, total);
        (dust, total) = _weightOfDust(4, 4, 5_000e6, 100e6);
        vm.assertEq(dust, 4 * 100e6); // its stake and no more: 1.96 %
        vm.assertEq(total, 4 * 5_100e6);
        (dust, total) = _weightOfDust(5, 27, 5_000e6, 100e6);
        vm.assertEq(dust, 27 * 100e6);
        vm.assertLt(3 * dust, total);
    }

    function test_DustGetsNoQuorumBesideTwoHonest() external {
        (uint256 dust, uint256 total) = _weightOfDust(2, 6, 5_000e6, 100e6);
        vm.assertEq(2 * dust, total); // a veto, as SECURITY.md says, but no answer
        (dust, total) = _weightOfDust(2, 30, 5_000e6, 100e6);
        vm.assertEq(2 * dust, total);
    }

    /* INSIDE */

    /// @dev Takes the places that are left with stakes of this size, and seats them.
    function _fill(uint96 stake) private {
        for (uint256 i = SEATS; i < 32; ++i) {
            _join(i, stake);
        }
    }

    function _addStake(uint256 i, uint96 amount) private {
        _fund(_ownerKey(i), address(stakes), amount);
        vm.prank(_ownerKey(i));
        stakes.addStake(amount);
    }

    function _claim(uint256 i, uint256 from) private {
        vm.prank(_ownerKey(i));
        stakes.claimSeat(0, _ownerKey(from));
    }

    /// @dev Whether the next epoch of `domain` seats provider i.
    function _isOn(uint8 domain, uint256 i) private view returns (bool) {
        address[] memory roster = stakes.rosterOf(domain);
        for (uint256 k; k < roster.length; ++k) {
            if (roster[k] == _ownerKey(i)) return true;
        }
        return false;
    }

    function _isSeated(address signer) private view returns (bool) {
        (address blob,,) = stakes.signerSet(0);
        SignerSet memory set = _read(blob);
        for (uint256 seat; seat < set.count; ++seat) {
            (address seated,) = set.seatAt(seat);
            if (seated == signer) return true;
        }
        return false;
    }

    /// @dev The honest are there first, the dust comes an epoch later.
    function _weightOfDust(uint256 honest, uint256 dust, uint96 large, uint96 small)
        private
        returns (uint256 weight, uint256 total)
    {
        stakes = _newStakes(address(dollar), small);
        for (uint256 i; i < honest; ++i) {
            _join(i, large);
        }
        stakes.advanceEpoch(0);
        for (uint256 i = honest; i < honest + dust; ++i) {
            _join(i, small);
        }
        _advance();
        (address blob,,) = stakes.signerSet(0);
        SignerSet memory set = _read(blob);
        for (uint256 seat = honest; seat < set.count; ++seat) {
            (, uint96 one) = set.seatAt(seat);
            weight += one;
        }
        total = set.totalWeight();
    }
}
