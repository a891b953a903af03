// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IStakeManager} from "../../src/oracle/IStakeManager.sol";
import {SignerSet, SignerSets} from "../../src/oracle/SignerSet.sol";
import {StakeManager} from "../../src/oracle/StakeManager.sol";
import {StakesStage} from "./StakesStage.sol";

contract StakeManagerTest is StakesStage {
    using SignerSets for SignerSet;

    /* join */

    function test_RevertWhen_JoinedBefore() external {
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_AlreadyJoined.selector, _ownerKey(0)));
        vm.prank(_ownerKey(0));
        stakes.join(_signer(NEW), STAKE, 1, "");
    }

    function test_RevertWhen_JoiningWhileUnbonding() external {
        vm.prank(_ownerKey(0));
        stakes.leave();
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_AlreadyJoined.selector, _ownerKey(0)));
        vm.prank(_ownerKey(0));
        stakes.join(_signer(0), STAKE, 1, "");
    }

    function test_RevertWhen_StakeBelowMinimum() external {
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_StakeTooSmall.selector, STAKE - 1, STAKE));
        vm.prank(alice);
        stakes.join(_signer(NEW), STAKE - 1, 1, "");
    }

    function test_RevertWhen_SignerIsAnothers() external {
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_SignerTaken.selector, _signer(0)));
        vm.prank(alice);
        stakes.join(_signer(0), STAKE, 1, "");
    }

    function test_RevertWhen_SignerIsAnothersFormerKey() external {
        address former = _signer(0);
        vm.prank(_ownerKey(0));
        stakes.rotateSigner(_signer(NEW), _possessionOf(_key(NEW), _ownerKey(0)));
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_SignerTaken.selector, former));
        vm.prank(alice);
        stakes.join(former, STAKE, 1, "");
    }

    function test_RevertWhen_SignerIsZero() external {
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_SignerTaken.selector, address(0)));
        vm.prank(alice);
        stakes.join(address(0), STAKE, 1, "");
    }

    function test_RevertWhen_TheKeyIsNotHis() external {
        // Signed for somebody else, by another key, or not at all: nobody names a key that he does not hold.
        bytes[3] memory proofs = [_possessionOf(_key(NEW), bob), _possessionOf(_key(99), alice), bytes("")];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NoPossession.selector, _signer(NEW)));
            vm.prank(alice);
            stakes.join(_signer(NEW), STAKE, 1, proofs[i]);
        }
    }

    function test_RevertWhen_TheDomainIsUnknown() external {
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_UnknownDomain.selector, 1 << 24));
        vm.prank(alice);
        stakes.join(_signer(NEW), STAKE, 1 << 24, "");
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_UnknownDomain.selector, 1 << 31));
        vm.prank(_ownerKey(0));
        stakes.setKinds(1 << 31);
    }

    function test_JoinTakesTheStake() external {
        uint256 held = dollar.balanceOf(address(stakes));
        _join(NEW, STAKE + 5);
        IStakeManager.Provider memory provider = stakes.providerOf(_ownerKey(NEW));
        vm.assertEq(provider.signer, _signer(NEW));
        vm.assertEq(uint256(provider.stake), STAKE + 5);
        vm.assertTrue(provider.state == IStakeManager.ProviderState.Active);
        vm.assertEq(dollar.balanceOf(address(stakes)), held + STAKE + 5);
        vm.assertEq(stakes.ownerOf(_signer(NEW)), _ownerKey(NEW));
    }

    function test_OwnerMaySignHimself() external {
        _fund(alice, address(stakes), STAKE);
        vm.prank(alice);
        stakes.join(alice, STAKE, 1, "");
        vm.assertEq(stakes.ownerOf(alice), alice);
    }

    /* addStake */

    function test_RevertWhen_StrangerAddsStake() external {
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NotActive.selector, alice));
        vm.prank(alice);
        stakes.addStake(1);
    }

    function test_AddStakeCountsFromTheNextEpoch() external {
        (address blob,,) = stakes.signerSet(0);
        for (uint256 i; i < SEATS; ++i) {
            _fund(_ownerKey(i), address(stakes), 7);
            vm.prank(_ownerKey(i));
            stakes.addStake(7);
        }
        (address same,,) = stakes.signerSet(0);
        vm.assertEq(blob, same);
        vm.assertEq(_read(same).totalWeight(), SEATS * STAKE);
        _advance();
        (address next,,) = stakes.signerSet(0);
        vm.assertEq(_read(next).totalWeight(), SEATS * (STAKE + 7));
    }

    /* rotateSigner */

    function test_RevertWhen_RotatingToAnothersKey() external {
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_SignerTaken.selector, _signer(1)));
        vm.prank(_ownerKey(0));
        stakes.rotateSigner(_signer(1), "");
    }

    function test_RotationTakesEffectNextEpochAndKeepsTheOwner() external {
        vm.prank(_ownerKey(0));
        stakes.rotateSigner(_signer(NEW), _possessionOf(_key(NEW), _ownerKey(0)));
        (address blob,,) = stakes.signerSet(0);
        (address seated,) = _read(blob).seatAt(0);
        vm.assertEq(seated, _signer(0));
        _advance();
        (blob,,) = stakes.signerSet(0);
        (seated,) = _read(blob).seatAt(0);
        vm.assertEq(seated, _signer(NEW));
        vm.assertEq(stakes.ownerOf(_signer(0)), _ownerKey(0));
        vm.assertEq(stakes.ownerOf(_signer(NEW)), _ownerKey(0));
    }

    function test_MayRotateBackToAnOwnFormerKey() external {
        vm.prank(_ownerKey(0));
        stakes.rotateSigner(_signer(NEW), _possessionOf(_key(NEW), _ownerKey(0)));
        vm.prank(_ownerKey(0));
        stakes.rotateSigner(_signer(0), "");
        vm.assertEq(stakes.providerOf(_ownerKey(0)).signer, _signer(0));
    }

    /* leave and withdraw */

    function test_RevertWhen_LeavingTwice() external {
        vm.prank(_ownerKey(0));
        stakes.leave();
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NotActive.selector, _ownerKey(0)));
        vm.prank(_ownerKey(0));
        stakes.leave();
    }

    function test_RevertWhen_WithdrawingWhileActive() external {
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NotUnbonding.selector, _ownerKey(0)));
        vm.prank(_ownerKey(0));
        stakes.withdraw(alice);
    }

    function test_RevertWhen_StillUnbonding() external {
        vm.prank(_ownerKey(0));
        stakes.leave();
        _advance();
        uint40 unbondsAt = START + UNBONDING;
        vm.warp(unbondsAt - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IStakeManager.StakeManager_StillBonded.selector, _ownerKey(0), unbondsAt)
        );
        vm.prank(_ownerKey(0));
        stakes.withdraw(alice);
    }

    function test_RevertWhen_StillSeated() external {
        vm.prank(_ownerKey(0));
        stakes.leave();
        vm.warp(START + UNBONDING);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_StillSeated.selector, _ownerKey(0), 0, 1));
        vm.prank(_ownerKey(0));
        stakes.withdraw(alice);
    }

    function test_RevertWhen_SeatedWithAFormerKey() external {
        vm.prank(_ownerKey(0));
        stakes.rotateSigner(_signer(NEW), _possessionOf(_key(NEW), _ownerKey(0)));
        vm.prank(_ownerKey(0));
        stakes.leave();
        vm.warp(START + UNBONDING);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_StillSeated.selector, _ownerKey(0), 0, 1));
        vm.prank(_ownerKey(0));
        stakes.withdraw(alice);
    }

    /// Until the epoch ends he may sign: the stake stays bonded as long from then as it would from leaving.
    function test_RevertWhen_UnseatedTooShortlyAgo() external {
        vm.prank(_ownerKey(0));
        stakes.leave();
        vm.warp(START + UNBONDING);
        stakes.advanceEpoch(0);
        uint40 until = START + 2 * UNBONDING;
        vm.warp(until - 1);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_StillBonded.selector, _ownerKey(0), until));
        vm.prank(_ownerKey(0));
        stakes.withdraw(alice);
        vm.warp(until);
        vm.prank(_ownerKey(0));
        stakes.withdraw(alice);
        vm.assertEq(dollar.balanceOf(alice), STAKE);
    }

    function test_WithdrawPaysTheWholeStakeOnce() external {
        vm.prank(_ownerKey(0));
        stakes.leave();
        _advance();
        vm.warp(block.timestamp + UNBONDING);
        vm.prank(_ownerKey(0));
        stakes.withdraw(alice);
        vm.assertEq(dollar.balanceOf(alice), STAKE);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NotUnbonding.selector, _ownerKey(0)));
        vm.prank(_ownerKey(0));
        stakes.withdraw(alice);
    }

    function test_NeverSeatedNeedsNoLaterEpoch() external {
        _join(NEW, STAKE);
        vm.prank(_ownerKey(NEW));
        stakes.leave();
        vm.warp(START + UNBONDING);
        vm.prank(_ownerKey(NEW));
        stakes.withdraw(alice);
        vm.assertEq(dollar.balanceOf(alice), STAKE);
    }

    function test_MayJoinAgainWithTheSameKeyAfterWithdrawal() external {
        vm.prank(_ownerKey(0));
        stakes.leave();
        _advance();
        vm.warp(block.timestamp + UNBONDING);
        vm.prank(_ownerKey(0));
        stakes.withdraw(alice);
        _join(0, STAKE);
        vm.assertTrue(stakes.providerOf(_ownerKey(0)).state == IStakeManager.ProviderState.Active);
    }

    /* advanceEpoch */

    function test_RevertWhen_EpochTooYoung() external {
        _join(NEW, STAKE);
        vm.warp(START + EPOCH - 1);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_EpochTooYoung.selector, 1, START + EPOCH));
        stakes.advanceEpoch(0);
    }

    function test_RevertWhen_NothingChanged() external {
        vm.warp(START + EPOCH);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_Unchanged.selector, 1));
        stakes.advanceEpoch(0);
    }

    function test_RevertWhen_NobodyEverJoined() external {
        StakeManager empty = _newStakes(address(dollar), STAKE);
        vm.assertEq(uint256(empty.epochEndsAt(0)), 0);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_Unchanged.selector, 0));
        empty.advanceEpoch(0);
    }

    function test_AnyoneAdvancesAndOldSetsStay() external {
        (address first,,) = stakes.signerSet(0);
        _join(NEW, STAKE);
        vm.warp(START + EPOCH);
        vm.prank(stranger);
        vm.assertEq(uint256(stakes.advanceEpoch(0)), 2);
        vm.assertEq(stakes.signerSetOf(0, 1), first);
        (address second, uint32 epoch,) = stakes.signerSet(0);
        vm.assertEq(uint256(epoch), 2);
        vm.assertEq(stakes.signerSetOf(0, 2), second);
        vm.assertEq(uint256(stakes.epochEndsAt(0)), START + 2 * EPOCH);
        vm.assertEq(_read(second).count, SEATS + 1);
    }

    function test_EverybodyMayLeave() external {
        for (uint256 i; i < SEATS; ++i) {
            vm.prank(_ownerKey(i));
            stakes.leave();
        }
        _advance();
        (address blob,,) = stakes.signerSet(0);
        vm.assertEq(_read(blob).count, 0);
        vm.assertEq(_read(blob).totalWeight(), 0);
    }

    function test_TheBlobCannotBeCalled() external {
        (address blob,,) = stakes.signerSet(0);
        (bool done, bytes memory answer) = blob.call(hex"ffffffff");
        vm.assertTrue(done && answer.length == 0);
        vm.assertTrue(blob.code.length == 1 + 32 * (1 + SEATS) && blob.code[0] == 0);
    }
}
