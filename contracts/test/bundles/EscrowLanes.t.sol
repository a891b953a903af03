// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Outcome} from "../../src/bundles/BundleTypes.sol";
import {IEscrow} from "../../src/bundles/IEscrow.sol";
import {ILanes} from "../../src/bundles/ILanes.sol";
import {Permit} from "../../src/lib/Permits.sol";
import {TestToken} from "../doubles/Tokens.sol";
import {LaneStage} from "./LaneStage.sol";

/// forge-config: default.isolate = true
/// @dev Each call is a transaction of its own: what counts does not leave in the one that held it.
contract EscrowLanesTest is LaneStage {
    /* SHOWING */

    function test_WhileNoLaneIsBoundedNobodyShowsAnything() external {
        Crossing memory one = _crossing(10e6, 1, _to(THERE));
        _preparePlain(one);
        vm.assertEq(escrow.chainsOf(one.id).length, 0);
        // Whoever shows all the same pays for nothing that is kept.
        one = _crossing(10e6, 2, _to(THERE));
        _prepareAcross(one);
        vm.assertEq(escrow.chainsOf(one.id).length, 0);
        vm.assertEq(_room(THERE), type(uint256).max);
    }

    function test_AsLongAsOneIsBoundedOthersAreShownOnce() external {
        _limitLane(THERE, 100e6);
        vm.assertEq(uint256(escrow.lanesLimited()), 1);
        Crossing memory one = _crossing(10e6, 1, _toBoth());
        vm.expectEmit(address(escrow));
        emit ILanes.ChainsShown(one.id, _toBoth());
        _prepareAcross(one);
        uint64[] memory known = escrow.chainsOf(one.id);
        vm.assertEq(known.length, 2);
        vm.assertEq(uint256(known[0]), THERE);
        vm.assertEq(uint256(known[1]), YONDER);
        vm.assertEq(_room(THERE), 90e6);
        vm.assertEq(_room(YONDER), type(uint256).max);
    }

    /// @dev Two legs here and two on one other chain: whoever comes second shows nothing, and a chain counts once.
    function test_ASecondLegHereNeedsNoShowing() external {
        _limitLane(THERE, 100e6);
        uint64[] memory chains = new uint64[](3);
        (chains[0], chains[1], chains[2]) = (THERE, uint64(block.chainid), THERE);
        Crossing memory one = _crossing(10e6, 1, chains);
        _prepareAcross(one);
        vm.assertEq(escrow.chainsOf(one.id).length, 1);
        vm.assertEq(_room(THERE), 90e6);
        vm.expectPartialRevert(IEscrow.Escrow_NotEmpty.selector);
        _preparePlain(one);
        // A bundle of this chain alone is on no lane, and says so.
        Crossing memory home = _crossing(10e6, 2, _to(uint64(block.chainid)));
        _prepareAcross(home);
        vm.assertEq(uint256(escrow.chainsOf(home.id)[0]), block.chainid);
        vm.assertEq(_room(THERE), 90e6);
    }

    /// @dev Held before a lane was bounded it never counts; held while it was, it ends like any other.
    function test_OnlyWhatCameMeanwhileCounts() external {
        Crossing memory before = _crossing(90e6, 1, _to(THERE));
        _preparePlain(before);
        _limitLane(THERE, 100e6);
        _end(before, Outcome.Aborted);
        vm.assertEq(_room(THERE), 100e6);
        Crossing memory one = _crossing(60e6, 2, _to(THERE));
        _prepareAcross(one);
        vm.assertEq(escrow.slotOf(one.id, 0) ^ one.hashes[0], bytes32(uint256(1)));
        _limitLane(THERE, 0);
        _end(one, Outcome.Aborted);
        vm.assertEq(uint256(escrow.slotOf(one.id, 0)), 3);
        _limitLane(THERE, 100e6);
        vm.assertEq(uint256(escrow.laneRestsUntil(THERE, address(token))), 0);
    }

    function test_RevertWhen_TheOthersAreNotShown() external {
        _limitLane(THERE, 100e6);
        Crossing memory one = _crossing(10e6, 1, _to(THERE));
        vm.expectRevert(abi.encodeWithSelector(ILanes.Lanes_NotShown.selector, one.id));
        _preparePlain(one);
        _limitLane(THERE, 0);
        _preparePlain(one);
    }

    /// @dev Another chain, another value, one leg fewer: a lane can not be talked away.
    function test_RevertWhen_WhatIsShownIsNotWhatWasSigned() external {
        _limitLane(THERE, 1e6);
        Crossing memory one = _crossing(10e6, 1, _to(THERE));
        one.others[0].chainId = YONDER;
        vm.expectRevert(abi.encodeWithSelector(ILanes.Lanes_NotALeg.selector, one.id, uint256(1)));
        _prepareAcross(one);
        one.others[0].chainId = THERE;
        one.others[0].value += 1;
        vm.expectRevert(abi.encodeWithSelector(ILanes.Lanes_NotALeg.selector, one.id, uint256(1)));
        _prepareAcross(one);
        one = _crossing(10e6, 1, _toBoth());
        assembly {
            mstore(mload(add(one, 0x60)), 1) // one.others.length
        }
        vm.expectRevert(abi.encodeWithSelector(ILanes.Lanes_NotALeg.selector, one.id, uint256(1)));
        _prepareAcross(one);
        // Hashes of other legs, which the header does not commit to.
        one = _crossing(10e6, 1, _to(THERE));
        Crossing memory other = _crossing(10e6, 1, _to(YONDER));
        one.others = other.others;
        one.hashes = other.hashes;
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_BadLeg.selector, "hash"));
        _prepareAcross(one);
        vm.assertEq(escrow.chainsOf(one.id).length, 0);
    }

    /* THE BUCKET */

    function test_NoMoreEntersInAnHourThanTheLanesLimit() external {
        _limitLane(THERE, 150e6);
        _prepareAcross(_crossing(100e6, 1, _to(THERE)));
        vm.assertEq(_room(THERE), 50e6);
        Crossing memory one = _crossing(60e6, 2, _to(THERE));
        vm.expectRevert(
            abi.encodeWithSelector(ILanes.Lanes_OverLimit.selector, THERE, address(token), uint256(50e6), uint256(60e6))
        );
        _prepareAcross(one);
        // Others are not held up by it.
        _prepareAcross(_crossing(60e6, 3, _to(YONDER)));
        vm.warp(START + 240); // a fifteenth of an hour drains ten
        _prepareAcross(one);
        vm.assertEq(_room(THERE), 0);
    }

    /// @dev Both count, or neither.
    function test_ABundleOnTwoLanesCountsOnBoth() external {
        _limitLane(THERE, 100e6);
        _limitLane(YONDER, 30e6);
        Crossing memory one = _crossing(40e6, 1, _toBoth());
        vm.expectPartialRevert(ILanes.Lanes_OverLimit.selector);
        _prepareAcross(one);
        vm.assertEq(_room(THERE), 100e6);
        _prepareAcross(_crossing(30e6, 2, _toBoth()));
        vm.assertEq(_room(THERE), 70e6);
        vm.assertEq(_room(YONDER), 0);
    }

    function testFuzz_TheLaneNeverHoldsMoreThanItsLimit(uint96[8] calldata amounts, uint16[8] calldata waits) external {
        _limitLane(THERE, 200e6);
        uint256 entered;
        for (uint64 i; i < 8; ++i) {
            vm.warp(block.timestamp + waits[i] % 900);
            uint256 room = _room(THERE);
            uint96 amount = uint96(_bound(amounts[i], 1, 100e6));
            Crossing memory one = _crossing(amount, i, i % 2 == 0 ? _to(THERE) : _toBoth());
            if (amount > room) vm.expectPartialRevert(ILanes.Lanes_OverLimit.selector);
            else entered += amount;
            _prepareAcross(one);
            // An hour's worth, and what drained since the first.
            vm.assertLe(entered, 200e6 + 200e6 * (block.timestamp - START) / 3600);
        }
    }

    /* WHO BOUNDS */

    function test_RevertWhen_AnybodyElseBoundsALane() external {
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_NotGovernor.selector, guardian));
        vm.prank(guardian);
        escrow.setLaneLimit(THERE, address(token), 1);
    }

    function test_RevertWhen_TheLaneLeadsNowhere() external {
        vm.expectRevert(abi.encodeWithSelector(ILanes.Lanes_BadChain.selector, block.chainid));
        _limitLane(uint64(block.chainid), 1);
        vm.expectRevert(abi.encodeWithSelector(ILanes.Lanes_BadChain.selector, uint256(0)));
        _limitLane(0, 1);
    }

    function test_TheLastLimitThatIsLiftedEndsTheShowing() external {
        _limitLane(THERE, 1e6);
        _limitLane(THERE, 2e6);
        _limitLane(YONDER, 0);
        _limitLane(YONDER, 1e6);
        vm.assertEq(uint256(escrow.lanesLimited()), 2);
        _limitLane(THERE, 0);
        _limitLane(THERE, 0);
        _limitLane(YONDER, 0);
        vm.assertEq(uint256(escrow.lanesLimited()), 0);
        _preparePlain(_crossing(10e6, 1, _to(THERE)));
    }

    /// @dev A limit of next to nothing ends: a thousandth of the supply of 1,001,000e6 is 1,001e6.
    function test_AStrictLaneEndsByItself() external {
        _limitLane(THERE, 1);
        vm.assertEq(_room(THERE), 1);
        vm.warp(_strictUntil());
        vm.assertEq(_room(THERE), 1_001e6);
        _prepareAcross(_crossing(1_001e6, 1, _to(THERE)));
    }

    /// @dev By turns with the token's own limit, or with another lane's, it would be closed for good.
    function test_OneStrictTimeForAllLimitsOfAToken() external {
        uint256 until = _strictUntil();
        vm.prank(governor);
        escrow.setLimit(address(token), 1);
        vm.warp(until - 1);
        _limitLane(THERE, 1);
        vm.assertEq(_room(THERE), 1);
        vm.warp(until);
        vm.assertEq(_room(THERE), 1_001e6);
        _limitLane(YONDER, 1);
        vm.assertEq(_room(YONDER), 1_001e6);
        vm.assertEq(escrow.roomFor(address(token)), 1_001e6);
    }

    /* THE BREAKER */

    function test_ALaneOnWhichMoreComesBackThanIsPaidRests() external {
        _limitLane(THERE, 100e6);
        Crossing memory failed = _crossing(50e6, 1, _to(THERE));
        _prepareAcross(failed);
        _end(failed, Outcome.Aborted);
        uint40 until = (START / 1800 + 1) * 1800;
        vm.assertEq(uint256(escrow.laneRestsUntil(THERE, address(token))), until);
        vm.assertEq(_room(THERE), 0);
        Crossing memory next = _crossing(1, 2, _to(THERE));
        vm.expectRevert(abi.encodeWithSelector(ILanes.Lanes_Resting.selector, THERE, address(token), until));
        _prepareAcross(next);
        // It ends by itself, and other lanes go on.
        _prepareAcross(_crossing(1e6, 3, _to(YONDER)));
        vm.warp(until);
        vm.assertEq(uint256(escrow.laneRestsUntil(THERE, address(token))), 0);
        _prepareAcross(next);
    }

    function test_WhatIsPaidWeighsAgainstIt() external {
        _limitLane(THERE, 100e6);
        Crossing memory good = _crossing(50e6, 1, _to(THERE));
        Crossing memory bad = _crossing(50e6, 2, _to(THERE));
        _prepareAcross(good);
        _prepareAcross(bad);
        _end(good, Outcome.Committed);
        _end(bad, Outcome.Aborted);
        vm.assertEq(uint256(escrow.laneRestsUntil(THERE, address(token))), 0);
    }

    /// @dev Somebody opens, pays in and aborts, of tokens that he has for longer than a transaction. With less than half an hour's limit he
    ///      changes nothing; with half of it he has a rest to the end of the half hour, and for the next one he moves as much again,
    ///      which leaves him no cheaper than a full bucket. In one transaction: {EscrowBorrowedTest}.
    function test_WhoWantsARestMovesHalfTheLimitEachHalfHour() external {
        _limitLane(THERE, 100e6);
        Crossing memory one = _crossing(50e6 - 1, 1, _to(THERE));
        _prepareAcross(one);
        _end(one, Outcome.Aborted);
        vm.assertEq(uint256(escrow.laneRestsUntil(THERE, address(token))), 0);
        // Dust by the dozen is no lever either.
        for (uint64 i = 2; i < 22; ++i) {
            vm.warp(block.timestamp + 2);
            one = _crossing(1, i, _to(YONDER));
            _prepareAcross(one);
            _end(one, Outcome.Aborted);
        }
        vm.assertEq(uint256(escrow.laneRestsUntil(YONDER, address(token))), 0);
        // Honest ones paid more meanwhile: his half is not enough.
        vm.warp((START / 1800 + 3) * 1800);
        Crossing memory honest = _crossing(51e6, 50, _to(THERE));
        _prepareAcross(honest);
        _end(honest, Outcome.Committed);
        vm.warp(block.timestamp + 10 minutes);
        one = _crossing(50e6, 51, _to(THERE));
        _prepareAcross(one);
        _end(one, Outcome.Aborted);
        vm.assertEq(uint256(escrow.laneRestsUntil(THERE, address(token))), 0);
    }

    /* WHAT IT NEVER TOUCHES */

    function test_WhatIsHeldEndsOnALaneThatRestsOrIsClosed() external {
        _limitLane(THERE, 100e6);
        Crossing memory paid = _crossing(20e6, 1, _to(THERE));
        Crossing memory back = _crossing(20e6, 2, _to(THERE));
        Crossing memory taken = _crossing(10e6, 3, _to(THERE));
        Crossing memory trips = _crossing(50e6, 4, _to(THERE));
        _prepareAcross(paid);
        _prepareAcross(back);
        _prepareAcross(taken);
        _prepareAcross(trips);
        _end(trips, Outcome.Aborted);
        vm.assertEq(_room(THERE), 0);
        _limitLane(THERE, 1);
        _end(paid, Outcome.Committed);
        _end(back, Outcome.Aborted);
        vm.warp(uint256(taken.header.deadline) + ESCAPE + 1);
        escrow.takeBack(taken.header, 0, taken.mine, 0);
        vm.assertEq(token.balanceOf(bob), 20e6);
        vm.assertEq(token.balanceOf(address(escrow)), 0);
    }

    /// @dev Counting neither asks a token that fails, nor runs over.
    function test_CountingNeverHoldsUpWhatLeaves() external {
        _limitLane(THERE, type(uint96).max);
        token.mint(alice, uint256(type(uint96).max) * 2);
        Crossing memory one = _crossing(type(uint96).max, 1, _to(THERE));
        _prepareAcross(one);
        _end(one, Outcome.Aborted);
        vm.warp(block.timestamp + 2 hours);
        Crossing[3] memory more;
        for (uint64 i; i < 3; ++i) {
            more[i] = _crossing(type(uint96).max / 2, 2 + i, _to(THERE));
        }
        _prepareAcross(more[0]);
        _prepareAcross(more[1]);
        vm.warp(block.timestamp + 30 minutes);
        _prepareAcross(more[2]);
        for (uint256 i; i < 3; ++i) {
            _end(more[i], Outcome.Aborted);
        }
        vm.assertEq(_room(THERE), 0);
        // The token breaks altogether: a credit, as ever.
        vm.warp(block.timestamp + 30 minutes);
        one = _crossing(1e6, 9, _to(THERE));
        _prepareAcross(one);
        token.behave(TestToken.Manner.Burns, alice);
        _end(one, Outcome.Aborted);
        vm.assertEq(escrow.creditOf(address(token), alice), 1e6);
    }

    /* inside */

    /// @dev Of one that is set now.
    function _strictUntil() private view returns (uint256) {
        return (block.timestamp / 1 hours + 72) * 1 hours;
    }
}
