// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IEscrow} from "../../src/bundles/IEscrow.sol";
import {SilentToken} from "../doubles/Tokens.sol";
import {EscrowStage} from "./EscrowStage.sol";

contract EscrowLimitsTest is EscrowStage {
    function test_NoMoreEntersInAnHourThanItsLimit() external {
        _limit(150e6);
        _prepare(0, alice);
        vm.assertEq(escrow.roomFor(address(token)), 50e6);
        _bundle(_pays(address(token), alice, bob, 60e6), held[1]);
        bytes memory signature = _signed(ALICE_KEY);
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.Escrow_OverLimit.selector, address(token), uint256(50e6), uint256(60e6))
        );
        _prepareSigned(0, signature);
        vm.warp(START + 240); // a fifteenth of an hour drains ten
        _prepareSigned(0, signature);
        vm.assertEq(escrow.roomFor(address(token)), 0);
        // Others are not held up by it, nor is what leaves.
        _prepare(1, bob);
    }

    function testFuzz_TheBucketNeverHoldsMoreThanItsLimit(uint96[8] calldata amounts, uint16[8] calldata waits)
        external
    {
        _limit(200e6);
        token.mint(alice, type(uint96).max);
        uint256 entered;
        for (uint64 i; i < 8; ++i) {
            vm.warp(block.timestamp + waits[i] % 900);
            uint256 room = escrow.roomFor(address(token));
            uint96 amount = uint96(_bound(amounts[i], 1, 100e6));
            _bundle(_pays(address(token), alice, bob, amount), held[1]);
            (header.salt, header.deadline) = (i + 9, uint40(block.timestamp));
            id = _idOf();
            bytes memory signature = _signed(ALICE_KEY);
            if (amount > room) {
                vm.expectRevert(
                    abi.encodeWithSelector(IEscrow.Escrow_OverLimit.selector, address(token), room, uint256(amount))
                );
            } else {
                entered += amount;
            }
            _prepareSigned(0, signature);
            // An hour's worth, and what drained since the first.
            vm.assertLe(entered, 200e6 + 200e6 * (block.timestamp - START) / 3600);
        }
    }

    /// @dev A supply of 1,000e6: a thousandth is 1e6.
    function test_AStrictLimitEndsByItself() external {
        vm.expectEmit(address(escrow));
        emit IEscrow.LimitSet(address(token), 1, _strictUntil());
        _limit(1);
        uint256 until = _strictUntil();
        vm.assertLe(until, block.timestamp + 72 hours);
        vm.warp(until - 1);
        vm.assertEq(escrow.roomFor(address(token)), 1);
        vm.warp(until);
        vm.assertEq(escrow.roomFor(address(token)), 1e6);
        _bundle(_pays(address(token), alice, bob, 1e6), held[1]);
        header.deadline = uint40(block.timestamp);
        id = _idOf();
        _prepareSigned(0, _signed(ALICE_KEY));
        vm.assertEq(escrow.roomFor(address(token)), 0);
    }

    /// @dev Nor is it strict anew because it is set anew, in that time or right after it.
    function test_ALimitIsNotStrictAgainUntilItRested() external {
        _limit(1);
        uint40 until = _strictUntil();
        vm.warp(until - 1);
        vm.expectEmit(address(escrow));
        emit IEscrow.LimitSet(address(token), 2, until);
        _limit(2);
        vm.warp(until);
        vm.assertEq(escrow.roomFor(address(token)), 1e6);
        vm.warp(until + 72 hours - 1);
        _limit(1);
        vm.assertEq(escrow.roomFor(address(token)), 1e6);
        vm.warp(until + 72 hours);
        _limit(1);
        vm.assertEq(escrow.roomFor(address(token)), 1);
    }

    function test_LiftingALimitSparesItsTime() external {
        vm.expectEmit(address(escrow));
        emit IEscrow.LimitSet(address(token), 0, 0);
        _limit(0);
        vm.warp(START + 30 days);
        _limit(1);
        vm.assertEq(escrow.roomFor(address(token)), 1);
        _limit(0);
        vm.assertEq(escrow.roomFor(address(token)), type(uint256).max);
    }

    /// @dev One above the floor goes on; the floor is of what there is now.
    function test_ALimitAboveItsFloorStays() external {
        _limit(150e6);
        vm.warp(START + 100 days);
        vm.assertEq(escrow.roomFor(address(token)), 150e6);
        token.mint(bob, 199_000e6);
        vm.assertEq(escrow.roomFor(address(token)), 200e6);
        token.mint(bob, uint256(type(uint96).max) * 2_000);
        vm.assertEq(escrow.roomFor(address(token)), type(uint96).max);
    }

    function test_ATokenThatTellsNoSupplyIsNotBoundedForLong() external {
        address silent = address(new SilentToken());
        vm.prank(governor);
        escrow.setLimit(silent, 1);
        vm.assertEq(escrow.roomFor(silent), 1);
        vm.warp(_strictUntil());
        vm.assertEq(escrow.roomFor(silent), type(uint96).max);
    }

    function test_RevertWhen_AnybodyElseSetsALimit() external {
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_NotGovernor.selector, guardian));
        vm.prank(guardian);
        escrow.setLimit(address(token), 1);
        _limit(1);
        _limit(0);
        vm.assertEq(escrow.roomFor(address(token)), type(uint256).max);
    }

    /* inside */

    /// @dev Of one that is set now.
    function _strictUntil() private view returns (uint40) {
        return uint40(block.timestamp / 1 hours + 72) * 1 hours;
    }

    function _limit(uint96 perHour) private {
        vm.prank(governor);
        escrow.setLimit(address(token), perHour);
    }
}
