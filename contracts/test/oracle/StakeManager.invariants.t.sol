// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestDollar} from "../../src/lib/TestDollar.sol";
import {IStakeManager} from "../../src/oracle/IStakeManager.sol";
import {SignerSet, SignerSets} from "../../src/oracle/SignerSet.sol";
import {StakeManager} from "../../src/oracle/StakeManager.sol";
import {InvariantTest} from "../Test.sol";
import {StakeHandler} from "./StakeHandler.sol";

/// @dev The same promises as {OracleInvariantsTest} holds for ten providers, where all 32 places are taken.
contract StakeManagerInvariantsTest is InvariantTest {
    using SignerSets for SignerSet;

    StakeHandler private handler;
    TestDollar private dollar;
    StakeManager private stakes;
    bytes4[] private _selectors;

    function setUp() external {
        handler = new StakeHandler();
        handler.start();
        (address dollar_, address stakes_) = handler.contracts();
        (dollar, stakes) = (TestDollar(dollar_), StakeManager(stakes_));
        _often(8, handler.join.selector);
        _often(8, handler.claimSeat.selector);
        _often(1, handler.addStake.selector);
        _often(1, handler.leave.selector);
        _often(3, handler.withdraw.selector);
        _often(2, handler.advanceEpoch.selector);
        _often(2, handler.waitLong.selector);
        _often(2, handler.slash.selector);
        _often(1, handler.ban.selector);
        _often(1, handler.freeze.selector);
        _often(1, handler.claimSlashed.selector);
        _often(1, handler.setJuror.selector);
        _often(1, handler.takeJurors.selector);
        _target(address(handler), _selectors);
    }

    /// S1: collateral held = sum of stakes, active and unbonding, + credits of what was slashed.
    function invariant_S1_StakesAreThere() external view {
        uint256 owed;
        for (uint256 i; i < handler.OWNERS(); ++i) {
            owed += stakes.providerOf(handler.ownerAt(i)).stake;
        }
        owed += stakes.slashedCreditOf(handler.insured()) + stakes.slashedCreditOf(handler.challenger());
        owed += stakes.slashedCreditOf(stakes.BURN());
        vm.assertEq(dollar.balanceOf(address(stakes)), owed);
    }

    /// S2: a set's total is the sum of its weights; nobody holds more than a quarter of many.
    function invariant_S2_NobodyOutvotesTheRest() external view {
        (address blob,,) = stakes.signerSet(0);
        SignerSet memory set = SignerSets.read(blob);
        uint256 k = set.count < 4 ? set.count : 4;
        uint256 sum;
        for (uint256 seat; seat < set.count; ++seat) {
            (, uint96 weight) = set.seatAt(seat);
            sum += weight;
            vm.assertLe(weight * k, set.totalWeight());
        }
        vm.assertEq(sum, set.totalWeight());
        vm.assertLe(set.count, 32);
    }

    /// S3: who is seated has his stake in the contract, though he may have been displaced.
    function invariant_S3_SeatsAreStaked() external view {
        (address blob,,) = stakes.signerSet(0);
        SignerSet memory set = SignerSets.read(blob);
        for (uint256 seat; seat < set.count; ++seat) {
            (address signer, uint96 weight) = set.seatAt(seat);
            IStakeManager.Provider memory provider = stakes.providerOf(stakes.ownerOf(signer));
            vm.assertTrue(provider.state != IStakeManager.ProviderState.None);
            // A slash takes stake at once, and weight with the next epoch.
            vm.assertLe(weight, provider.stake + handler.slashed());
            // S6: a banned key holds no seat, not for a moment.
            vm.assertTrue(!provider.banned);
        }
    }

    /// S4: the signer set of an epoch never changes.
    function invariant_S4_FormerSetsStand() external view {
        (, uint32 epoch,) = stakes.signerSet(0);
        for (uint32 i = 1; i <= epoch; ++i) {
            vm.assertEq(stakes.signerSetOf(0, i).codehash, handler.blobHash(i));
        }
    }

    /// S5: at most 32 hold a place, each once and active; only a strictly larger stake takes that of the smallest.
    function invariant_S5_OnlyALargerStakeTakesAPlace() external view {
        address[] memory roster = stakes.rosterOf(0);
        vm.assertLe(roster.length, 32);
        for (uint256 i; i < roster.length; ++i) {
            vm.assertTrue(stakes.providerOf(roster[i]).state == IStakeManager.ProviderState.Active);
            for (uint256 k; k < i; ++k) {
                vm.assertTrue(roster[i] != roster[k]);
            }
        }
        vm.assertEq(handler.fault(), "");
    }

    /// S7: whatever happened, in the end everybody gets what is left of his stake.
    function invariant_S7_InTheEndEverybodyGetsHisStake() external {
        vm.assertTrue(handler.everybodyLeavesAndWithdraws());
    }

    /// The handler does reach a full set and displaces: twice from where it starts.
    function test_TheHandlerDisplaces() external {
        handler.join(32, 12);
        handler.join(33, 12);
        handler.claimSeat(32, 0);
        handler.claimSeat(33, 1);
        vm.assertEq(handler.displacements(), 2);
        vm.assertEq(handler.fault(), "");
    }

    /// And one who is banned does come back, and is refused.
    function test_TheHandlerSendsTheBannedBack() external {
        handler.ban(0, 0);
        handler.waitLong(0);
        handler.withdraw(0);
        handler.join(0, 12);
        vm.assertEq(handler.refusals(), 1);
        vm.assertEq(handler.fault(), "");
    }

    function _often(uint256 times, bytes4 selector) private {
        for (uint256 i; i < times; ++i) {
            _selectors.push(selector);
        }
    }
}
