// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICourt, Jury} from "../../../src/oracle/court/ICourt.sol";
import {CourtStage} from "../court/CourtStage.sol";

/// @dev What somebody with little stake tries to be alone on a jury.
contract JuryAttacksTest is CourtStage {
    uint96 private constant LARGE = 100_000e6;

    /// Ten who are parties weigh almost all; seven least stakes are left, which would fill any size.
    function test_RevertWhen_AlmostAllWeightIsExcluded() external {
        uint8[3] memory sizes = [9, 31, 101];
        _jurors(1_000e6);
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ICourt.Court_TooFewJurors.selector, 0, i == 0 ? 5 : 7));
            vm.prank(ladder);
            court.open(SUBJECT, sizes[i], (1 << 10) - 1, EPOCH, FEE, 3);
        }
    }

    function test_AThirdOfAllWeightIsEnough() external {
        _jurors(LARGE * 10 / 14 + 1);
        _open(9, (1 << 10) - 1, FEE);
    }

    /// Juries of one round of the beacon must not all fall to those whom one lot favours.
    function test_JuriesOfOneRoundFallToOthers() external {
        _pool(40, 1_000e6, 0);
        Jury memory one = _open(31, 0, FEE);
        vm.prank(ladder);
        court.open("another", 31, 0, EPOCH, FEE, 3);
        Jury memory other = _terms(31, 0, FEE);
        other.subject = "another";
        _prove(one, "seed");
        (uint8[] memory seats, uint8[] memory others) = (court.seatsOf(one), court.seatsOf(other));
        uint256 same;
        for (uint256 i; i < 31; ++i) {
            if (seats[i] == others[i]) ++same;
        }
        vm.assertLt(same, 10);
    }

    /// Whoever was in a snapshot and left has nothing to lose by a vote once his stake is free.
    function test_RevertWhen_JurorsMayHaveTheirStakeBack() external {
        _pool(40, 1_000e6, 0);
        uint40 until = uint40(block.timestamp) + 14 days - EVIDENCE - COMMIT - 2 * REVEAL - 72 hours;
        vm.warp(until - 1);
        _open(9);
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_StaleJurors.selector, EPOCH, until));
        vm.prank(ladder);
        court.open(SUBJECT, 9, 0, EPOCH, FEE, 3);
        // The next snapshot is without them.
        _pool(40, 1_000e6, 0);
        _open(9);
    }

    /// @dev Ten of LARGE, then seven of `little`.
    function _jurors(uint96 little) private {
        uint256[] memory jurors = new uint256[](17);
        for (uint256 i; i < 17; ++i) {
            jurors[i] = uint256(uint160(_signer(i))) << 96 | (i < 10 ? LARGE : little);
            stakes.name(_signer(i), _owner(i));
        }
        stakes.put(EPOCH, jurors);
    }
}
