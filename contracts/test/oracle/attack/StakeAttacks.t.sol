// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IStakeManager} from "../../../src/oracle/IStakeManager.sol";
import {Wires} from "../../../src/oracle/security/IWiring.sol";
import {Slasher} from "../../../src/oracle/security/Slasher.sol";
import {SignerSet, SignerSets} from "../../../src/oracle/SignerSet.sol";
import {Stage} from "../../Stage.sol";

/// @dev What somebody who wants the money tries with stakes, seats and juror places.
contract StakeAttacksTest is Stage {
    using SignerSets for SignerSet;

    Slasher private slasher;

    function setUp() public override {
        super.setUp();
        slasher = new Slasher(
            address(wiring),
            address(stakes),
            address(0),
            address(dollar),
            insurance,
            Slasher.SlasherLimits({periodSeconds: EPOCH, bond: 500e6, fee: 310e6, caseSeconds: 10 days})
        );
        wiring.seal(
            Wires({
                oracle: address(oracle),
                stakeManager: address(stakes),
                guard: address(guard),
                slasher: address(slasher),
                epochs: address(0),
                ladder: address(0),
                court: address(0)
            })
        );
    }

    /// One large stake takes the place of one juror after the other, and leaves each to a small one that has seasoned.
    function test_OneStakeDoesNotEmptyTheJury() external {
        for (uint256 i = 10; i < 12; ++i) {
            _enrol(i, 50 * STAKE); // honest
        }
        for (uint256 i = 20; i < 274; ++i) {
            _enrol(i, STAKE); // the attacker's, least stakes
        }
        _join(300, 50 * STAKE + 1);
        _join(301, STAKE);
        vm.warp(START + SEASONING);
        vm.startPrank(_ownerKey(300));
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_Full.selector, 256));
        stakes.claimJurorPlace(_ownerKey(10));
        // The least he may displace.
        stakes.claimJurorPlace(_ownerKey(20));
        vm.stopPrank();
        stakes.takeJurors();
        (address blob,,) = stakes.jurorSet();
        SignerSet memory set = SignerSets.read(blob);
        (address first,) = set.seatAt(0);
        vm.assertEq(first, _signer(10));
        vm.assertEq(set.totalWeight(), 100 * uint256(STAKE) + 253 * uint256(STAKE));
    }

    /// Whoever sits everywhere must not be too dear to ban: chains bound a transaction by 2^24 gas.
    function test_WhoSitsInSixteenDomainsIsBanned() external {
        for (uint256 i = 10; i < 42; ++i) {
            _fund(_ownerKey(i), address(stakes), STAKE + i);
            vm.prank(_ownerKey(i));
            stakes.join(_signer(i), STAKE + uint96(i), 0xffff, _possession(i));
        }
        vm.warp(START + EPOCH);
        for (uint8 domain; domain < 16; ++domain) {
            stakes.advanceEpoch(domain);
        }
        bytes32 question = _ask(_numeric());
        bytes memory first = _sign(_key(12), question, 1, 1, 0);
        bytes memory second = _sign(_key(12), question, 2, 1, 0);
        // Slots are warm here, some 4 million less than they would be in a transaction of its own.
        slasher.equivocatedReports{gas: 12_000_000}(question, 1, 0, [int96(1), 2], first, second);
        vm.assertTrue(stakes.isBanned(_ownerKey(12)));
    }

    function _enrol(uint256 i, uint96 stake) private {
        _fund(_ownerKey(i), address(stakes), stake);
        vm.startPrank(_ownerKey(i));
        stakes.join(_signer(i), stake, 0, _possession(i));
        stakes.setJuror(true);
        vm.stopPrank();
    }
}
