// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IOracle, Question} from "../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../src/oracle/IStakeManager.sol";
import {IWiring, Wires} from "../../src/oracle/security/IWiring.sol";
import {SignerSet, SignerSets} from "../../src/oracle/SignerSet.sol";
import {Stage} from "../Stage.sol";

/// @dev The test stands in the slasher's place, `this` in that of the epochs too.
contract StakeSecurityTest is Stage {
    using SignerSets for SignerSet;

    bytes32 private constant FAULT = keccak256("fault");

    function setUp() public override {
        super.setUp();
        _seal(address(this), address(this));
    }

    /* wiring */

    function test_RevertWhen_SealedTwiceOrByAnother() external {
        Wires memory none;
        vm.expectRevert(IWiring.Wiring_AlreadySealed.selector);
        wiring.seal(none);
        vm.expectRevert(abi.encodeWithSelector(IWiring.Wiring_NotDeployer.selector, alice));
        vm.prank(alice);
        wiring.seal(none);
    }

    function test_RevertWhen_AnybodyElseActs() external {
        vm.startPrank(alice);
        bytes memory refusal = abi.encodeWithSelector(IStakeManager.StakeManager_NotAllowed.selector, alice);
        IStakeManager.Standing memory standing;
        vm.expectRevert(refusal);
        stakes.slash(_ownerKey(0), 1, alice, FAULT);
        vm.expectRevert(refusal);
        stakes.ban(new address[](1));
        vm.expectRevert(refusal);
        stakes.freeze(_ownerKey(0), START + 1);
        vm.expectRevert(refusal);
        stakes.setStanding(0, _ownerKey(0), standing);
        vm.expectRevert(refusal);
        stakes.pause(0, START + 1);
        vm.stopPrank();
    }

    /* slash */

    function test_ASlashMovesTokens() external {
        uint256 held = dollar.balanceOf(address(stakes));
        vm.assertEq(uint256(stakes.slash(_ownerKey(0), 101, alice, FAULT)), 101);
        vm.assertEq(uint256(stakes.providerOf(_ownerKey(0)).stake), STAKE - 101);
        vm.assertEq(uint256(stakes.slashedCreditOf(insurance)), 50);
        vm.assertEq(uint256(stakes.slashedCreditOf(alice)), 30);
        vm.assertEq(uint256(stakes.slashedCreditOf(stakes.BURN())), 21);
        vm.prank(alice);
        stakes.claimSlashed(bob);
        vm.prank(alice);
        vm.assertEq(uint256(stakes.claimSlashed(bob)), 0);
        stakes.burn();
        vm.assertEq(dollar.balanceOf(bob), 30);
        vm.assertEq(dollar.balanceOf(stakes.BURN()), 21);
        vm.assertEq(dollar.balanceOf(address(stakes)), held - 51);
    }

    function test_WithoutAChallengerTheInsuranceHasHisPart() external {
        stakes.slash(_ownerKey(0), 100, address(0), FAULT);
        vm.assertEq(uint256(stakes.slashedCreditOf(insurance)), 80);
    }

    function test_AFaultTakesOnce() external {
        stakes.slash(_ownerKey(0), 100, alice, FAULT);
        vm.assertEq(uint256(stakes.slash(_ownerKey(0), 100, alice, FAULT)), 0);
        vm.assertTrue(stakes.isSlashed(_ownerKey(0), FAULT) && !stakes.isSlashed(_ownerKey(1), FAULT));
        vm.assertEq(uint256(stakes.slash(_ownerKey(1), 100, alice, FAULT)), 100);
    }

    /// A3, number 7: there a second slash underflowed, and the worst could not be slashed again.
    function test_WhoHasLittleLeftIsSlashedAllTheSame() external {
        vm.assertEq(uint256(stakes.slash(_ownerKey(0), STAKE - 1, alice, FAULT)), STAKE - 1);
        vm.assertEq(uint256(stakes.slash(_ownerKey(0), STAKE, alice, keccak256("2"))), 1);
        vm.assertEq(uint256(stakes.slash(_ownerKey(0), STAKE, alice, keccak256("3"))), 0);
        vm.assertEq(uint256(stakes.slash(stranger, STAKE, alice, FAULT)), 0);
        // Below the minimum he has no seat, and may come back with more.
        vm.warp(START + EPOCH);
        stakes.advanceEpoch(0);
        vm.assertTrue(!_isSeated(_signer(0)));
        _fund(_ownerKey(0), address(stakes), STAKE);
        vm.prank(_ownerKey(0));
        stakes.addStake(STAKE);
        vm.warp(START + 2 * EPOCH);
        stakes.advanceEpoch(0);
        vm.assertTrue(_isSeated(_signer(0)));
    }

    /// @dev Else he would have his fault shown while his stake is out, and join anew as if it had not been.
    function test_WhatTookNothingTakesWhenHeComesBack() external {
        stakes.slash(_ownerKey(0), STAKE, alice, FAULT);
        bytes32 later = keccak256("later");
        vm.assertEq(uint256(stakes.slash(_ownerKey(0), STAKE, alice, later)), 0);
        vm.assertTrue(!stakes.isSlashed(_ownerKey(0), later));
        _fund(_ownerKey(0), address(stakes), STAKE);
        vm.prank(_ownerKey(0));
        stakes.addStake(STAKE);
        vm.assertEq(uint256(stakes.slash(_ownerKey(0), 100, alice, later)), 100);
        vm.assertTrue(stakes.isSlashed(_ownerKey(0), later));
        // Once, as ever; nor does the first one take again.
        vm.assertEq(uint256(stakes.slash(_ownerKey(0), 100, alice, later)), 0);
        vm.assertEq(uint256(stakes.slash(_ownerKey(0), 100, alice, FAULT)), 0);
    }

    /// A3, number 6: there stake could not come out, slashed or not.
    function test_UnbondingStakeIsSlashableAndTheRestComesOut() external {
        vm.prank(_ownerKey(0));
        stakes.leave();
        vm.warp(START + EPOCH);
        stakes.advanceEpoch(0);
        vm.warp(START + EPOCH + UNBONDING);
        stakes.slash(_ownerKey(0), 400, address(0), FAULT);
        vm.prank(_ownerKey(0));
        stakes.withdraw(bob);
        vm.assertEq(dollar.balanceOf(bob), STAKE - 400);
        vm.assertEq(uint256(stakes.slash(_ownerKey(0), 1, alice, keccak256("late"))), 0);
    }

    /* ban */

    function test_ABannedOneIsUnseatedAtOnceAndForEver() external {
        _fund(_ownerKey(0), address(stakes), STAKE);
        _ban(0);
        vm.assertTrue(!_isSeated(_signer(0)));
        vm.assertEq(uint256(_epoch()), 2);
        vm.assertEq(stakes.earnerOf(_signer(0)), address(0));
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NotActive.selector, _ownerKey(0)));
        vm.prank(_ownerKey(0));
        stakes.claimSeat(0, address(0));
        _ban(0); // changes nothing
        vm.assertEq(uint256(_epoch()), 2);

        vm.warp(START + UNBONDING);
        vm.prank(_ownerKey(0));
        stakes.withdraw(bob);
        vm.assertEq(dollar.balanceOf(bob), STAKE);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_Banned.selector, _ownerKey(0)));
        vm.prank(_ownerKey(0));
        stakes.join(_signer(20), STAKE, 1, "");
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_SignerTaken.selector, _signer(0)));
        vm.prank(alice);
        stakes.join(_signer(0), STAKE, 1, _possessionOf(_key(0), alice));
    }

    function test_ABannedOneEarnsNothing() external {
        Question memory terms = _numeric();
        terms.reward = 900;
        _ask(terms);
        _resolve(terms, 1);
        _ban(0);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(0))), 0);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(1))), 270);
        vm.assertEq(uint256(oracle.creditOf(treasury)), 90 + 270);
    }

    /* freeze */

    function test_AFrozenStakeStaysForAWhileAndNotForEver() external {
        vm.prank(_ownerKey(0));
        stakes.leave();
        vm.warp(START + EPOCH);
        stakes.advanceEpoch(0);
        vm.warp(START + UNBONDING - 1);
        stakes.freeze(_ownerKey(0), type(uint40).max);
        vm.warp(START + EPOCH + UNBONDING);
        uint40 until = START + 2 * UNBONDING - 1;
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_Frozen.selector, _ownerKey(0), until));
        vm.prank(_ownerKey(0));
        stakes.withdraw(bob);
        // Nor anew, once the stake would be free but for the case.
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NotBonded.selector, _ownerKey(0)));
        stakes.freeze(_ownerKey(0), type(uint40).max);
        vm.warp(until);
        vm.prank(_ownerKey(0));
        stakes.withdraw(bob);
        vm.assertEq(dollar.balanceOf(bob), STAKE);
    }

    /* standings */

    function test_ASuspendedOneHasNoSeatInTheNextEpoch() external {
        IStakeManager.Standing memory standing;
        (standing.epoch, standing.factorBps, standing.suspendedUntil) = (1, 10_000, START + 3 * EPOCH);
        stakes.setStanding(0, _ownerKey(0), standing);
        vm.assertTrue(_isSeated(_signer(0)));
        vm.warp(START + EPOCH);
        stakes.advanceEpoch(0);
        vm.assertTrue(!_isSeated(_signer(0)));
        vm.warp(START + 3 * EPOCH);
        stakes.advanceEpoch(0);
        vm.assertTrue(_isSeated(_signer(0)));
    }

    /// Split identities: eight wallets of one cluster weigh what one may, a seventh, and not eight times as much.
    function test_AClusterWeighsASeventh() external {
        IStakeManager.Standing memory standing;
        (standing.epoch, standing.factorBps, standing.cluster) = (1, 10_000, 9);
        for (uint256 i = SEATS; i < 20; ++i) {
            _join(i, STAKE);
            if (i >= 12) stakes.setStanding(0, _ownerKey(i), standing);
        }
        vm.warp(START + EPOCH);
        stakes.advanceEpoch(0);
        (address blob,,) = stakes.signerSet(0);
        SignerSet memory set = SignerSets.read(blob);
        uint256 together;
        for (uint256 seat = 12; seat < 20; ++seat) {
            (, uint96 weight) = set.seatAt(seat);
            together += weight;
        }
        vm.assertLe(7 * together, set.totalWeight());
        vm.assertTrue(together != 0);
    }

    /* trusted only */

    function test_ATrustedDomainSeatsWhoIsListed() external {
        vm.startPrank(governor);
        policy.setTrustedOnly(0, true);
        policy.setTrusted(0, _ownerKey(1), true);
        policy.setTrusted(0, _ownerKey(2), true);
        vm.stopPrank();
        vm.warp(START + EPOCH);
        stakes.advanceEpoch(0);
        (address blob,,) = stakes.signerSet(0);
        vm.assertEq(SignerSets.read(blob).count, 2);
        _join(20, STAKE);
        vm.assertEq(stakes.rosterOf(0).length, SEATS);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NotTrusted.selector, 0, _ownerKey(20)));
        vm.prank(_ownerKey(20));
        stakes.claimSeat(0, address(0));
    }

    /* juries */

    function test_JurorsAreTakenWithWhatHasStood() external {
        _beJuror(0);
        _beJuror(1);
        vm.warp(START + SEASONING);
        _beJuror(2); // too late to count
        _fund(_ownerKey(1), address(stakes), 5 * STAKE);
        vm.prank(_ownerKey(1));
        stakes.addStake(5 * STAKE); // buying weight once the question is known
        vm.assertEq(uint256(stakes.takeJurors()), 1);
        (address blob, uint32 jurorEpoch, uint40 takenAt) = stakes.jurorSet();
        SignerSet memory set = SignerSets.read(blob);
        vm.assertEq(uint256(jurorEpoch) + takenAt, 1 + START + SEASONING);
        vm.assertEq(set.count, 2);
        (address signer, uint96 weight) = set.seatAt(1);
        vm.assertTrue(signer == _signer(1) && weight == STAKE);
        vm.assertEq(set.totalWeight(), 2 * STAKE);
        vm.expectRevert(
            abi.encodeWithSelector(IStakeManager.StakeManager_EpochTooYoung.selector, 1, START + SEASONING + EPOCH)
        );
        stakes.takeJurors();
        vm.warp(START + 2 * SEASONING);
        stakes.takeJurors();
        (blob,,) = stakes.jurorSet();
        vm.assertEq(SignerSets.read(blob).totalWeight(), 8 * STAKE);
        (address first,) = stakes.jurorSetOf(1);
        vm.assertEq(SignerSets.read(first).count, 2);
    }

    /// Stake churn: leaving and coming back makes the stake new, and a juror who left is drawn no more.
    function test_WhoComesBackSeasonsAnew() external {
        _beJuror(0);
        vm.warp(START + SEASONING);
        vm.prank(_ownerKey(0));
        stakes.leave();
        stakes.advanceEpoch(0);
        vm.warp(START + SEASONING + UNBONDING);
        vm.prank(_ownerKey(0));
        stakes.withdraw(_ownerKey(0));
        _join(0, STAKE);
        _beJuror(0);
        stakes.takeJurors();
        (address blob,,) = stakes.jurorSet();
        vm.assertEq(SignerSets.read(blob).count, 0);
    }

    function test_ABannedJurorMakesRoomForANewSnapshot() external {
        for (uint256 i; i < 3; ++i) {
            _beJuror(i);
        }
        vm.warp(START + SEASONING);
        stakes.takeJurors();
        _ban(0);
        stakes.takeJurors();
        (address blob,,) = stakes.jurorSet();
        vm.assertEq(SignerSets.read(blob).count, 2);
    }

    /// 256 jurors and 32 seats are the most that anything loops over.
    function test_TheMostJurorsFitInABlock() external {
        for (uint256 i; i < 256; ++i) {
            if (i >= SEATS) _join(i, STAKE);
            _beJuror(i);
        }
        _join(300, STAKE);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_Full.selector, 256));
        vm.prank(_ownerKey(300));
        stakes.setJuror(true);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_Full.selector, 256));
        vm.prank(_ownerKey(300));
        stakes.claimJurorPlace(_ownerKey(7)); // no larger stake
        _fund(_ownerKey(300), address(stakes), 1);
        vm.prank(_ownerKey(300));
        stakes.addStake(1);
        vm.prank(_ownerKey(300));
        stakes.claimJurorPlace(_ownerKey(7));
        vm.assertEq(uint256(stakes.providerOf(_ownerKey(7)).jurorSince), 0);

        vm.warp(START + SEASONING);
        uint256 before = gasleft();
        stakes.takeJurors();
        vm.assertLe(before - gasleft(), 5_000_000);
        (address blob,,) = stakes.jurorSet();
        vm.assertEq(SignerSets.read(blob).count, 256);

        before = gasleft();
        _ban(5);
        vm.assertLe(before - gasleft(), 1_500_000);
    }

    /* pause */

    function test_APauseHoldsReportsAndNothingElse() external {
        Question memory terms = _categorical(2);
        bytes32 question = _ask(terms);
        bytes memory signatures = _cosigned(question, 1, 7);
        vm.warp(terms.opensAt);
        vm.prank(guardian);
        guard.pause(6 hours);
        uint40 until = terms.opensAt + 6 hours;
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_Paused.selector, question, until));
        oracle.reportAgreed(terms, 1, 1, 7, signatures);
        vm.prank(_ownerKey(0));
        stakes.leave();
        vm.warp(until);
        oracle.reportAgreed(terms, 1, 1, 7, signatures);
    }

    function test_AnEpochKeepsThePause() external {
        vm.warp(START + EPOCH);
        vm.prank(guardian);
        guard.pause(6 hours);
        _join(20, STAKE);
        stakes.advanceEpoch(0);
        (,, uint40 until) = stakes.signerSet(0);
        vm.assertEq(uint256(until), START + EPOCH + 6 hours);
    }

    function _ban(uint256 i) private {
        address[] memory owners = new address[](1);
        owners[0] = _ownerKey(i);
        stakes.ban(owners);
    }

    function _beJuror(uint256 i) private {
        vm.prank(_ownerKey(i));
        stakes.setJuror(true);
    }

    function _isSeated(address signer) private view returns (bool) {
        (address blob,,) = stakes.signerSet(0);
        SignerSet memory set = SignerSets.read(blob);
        for (uint256 seat; seat < set.count; ++seat) {
            (address seated,) = set.seatAt(seat);
            if (seated == signer) return true;
        }
        return false;
    }
}
