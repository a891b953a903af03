// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICourt} from "../../../src/oracle/court/ICourt.sol";
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
            court.open(SUBJECT, sizes[i], (1 << 10) - 1, EPOCH, FEE);
        }
    }

    function test_AThirdOfAllWeightIsEnough() external {
        _jurors(LARGE * 10 / 14 + 1);
        _open(9, (1 << 10) - 1, FEE);
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
