// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Attesters} from "../../src/bundles/Attesters.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {IAttesters, Signed} from "../../src/bundles/IAttesters.sol";
import {BundleStage} from "./BundleStage.sol";

contract AttesterSeatsTest is BundleStage {
    bytes32 private constant LEAF = keccak256("a fact");

    /* ON THE HUB'S CHAIN */

    function test_AdoptsTheStakeManagersSet() external {
        (address blob, uint40 renewedAt, uint40 endsAt) = attesters.epochOf(1);
        (address held,,) = stakes.signerSet(0);
        vm.assertEq(blob, held);
        vm.assertEq(uint256(renewedAt), block.timestamp);
        vm.assertEq(uint256(endsAt), 0);
        vm.assertEq(uint256(attesters.currentEpoch()), 1);
        _change();
        vm.expectEmit(address(attesters));
        (uint256 total, uint256[] memory seats) = _seats(2);
        emit IAttesters.AttestersSeated(2, total, seats);
        vm.prank(stranger);
        vm.assertEq(uint256(attesters.adopt()), 2);
    }

    function test_AdoptingTheSameSetRenewsIt() external {
        vm.warp(block.timestamp + AGE + 1);
        Signed memory signed = _signed(attesters, 1, LEAF, THREE);
        vm.expectPartialRevert(IAttesters.Attesters_SetTooOld.selector);
        attesters.checkRoot(LEAF, signed);
        vm.expectEmit(address(attesters));
        emit IAttesters.AttestersRenewed(1, uint40(block.timestamp));
        attesters.adopt();
        attesters.checkRoot(LEAF, signed);
    }

    function test_WhenNobodySitsNobodySigns() external {
        Signed memory signed = _signed(attesters, 1, LEAF, THREE);
        vm.warp(block.timestamp + EPOCH);
        for (uint256 i; i < SEATS; ++i) {
            vm.prank(_ownerKey(i));
            stakes.leave();
        }
        stakes.advanceEpoch(0);
        attesters.adopt();
        vm.warp(block.timestamp + VALIDITY + 1);
        vm.expectPartialRevert(IAttesters.Attesters_Expired.selector);
        attesters.checkRoot(LEAF, signed);
        signed = _signed(attesters, 2, LEAF, 0);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_NoQuorum.selector, 0, 0));
        attesters.checkRoot(LEAF, signed);
    }

    function test_RevertWhen_AdoptingElsewhereOrNothing() external {
        Attesters early = new Attesters(_attesterLimits());
        vm.chainId(OTHER_CHAIN);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_WrongChain.selector, OTHER_CHAIN));
        early.adopt();
        vm.chainId(hubChain);
        stakes = _newStakes(address(dollar), STAKE);
        early = new Attesters(_attesterLimits());
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_UnknownEpoch.selector, uint32(0)));
        early.adopt();
    }

    /* THE FIRST SET ELSEWHERE */

    function test_TheDeployerBeginsOnce() external {
        Attesters other = _elsewhere();
        other.check(_one(LEAF), 0, _evidenceOf(other, _one(LEAF), THREE));
        (uint256 total, uint256[] memory seats) = _seats(1);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_AlreadyBegun.selector, uint32(1)));
        other.begin(2, total, seats);
    }

    function test_RevertWhen_BeginningIsNotTheirs() external {
        (uint256 total, uint256[] memory seats) = _seats(1);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_WrongChain.selector, hubChain));
        attesters.begin(1, total, seats);
        vm.chainId(OTHER_CHAIN);
        Attesters other = new Attesters(_attesterLimits());
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_NotAllowed.selector, stranger));
        other.begin(1, total, seats);
    }

    function test_RevertWhen_TheFirstSetIsNone() external {
        vm.chainId(OTHER_CHAIN);
        Attesters other = new Attesters(_attesterLimits());
        uint256[] memory seats = new uint256[](2);
        (seats[0], seats[1]) = (_seat(1, 5), _seat(2, 5));
        _refused(other, 0, 10, seats, "epoch");
        _refused(other, 1, 9, seats, "weight");
        _refused(other, 1, 10, new uint256[](0), "seats");
        _refused(other, 1, 100, new uint256[](33), "seats");
        seats[1] = _seat(1, 6);
        _refused(other, 1, 11, seats, "signer twice");
        // What a failed recovery leaves would be a signature of this one.
        seats[1] = 6;
        _refused(other, 1, 11, seats, "signer");
        (seats[0], seats[1]) = (_seat(1, 0), _seat(2, 0));
        _refused(other, 1, 0, seats, "weight");
    }

    /* ROTATION */

    function test_TheSetBeforeSignsTheOneAfter() external {
        Attesters other = _elsewhere();
        (uint256 total, uint256[] memory seats) = _next();
        bytes memory evidence = _evidenceOf(other, _one(Facts.seated(2, total, seats)), THREE);
        vm.expectEmit(address(other));
        emit IAttesters.AttestersSeated(2, total, seats);
        vm.prank(stranger);
        other.rotate(2, total, seats, evidence);
        vm.assertEq(uint256(other.currentEpoch()), 2);
        Signed memory signed = _signed(other, 2, LEAF, THREE);
        other.checkRoot(LEAF, signed);
    }

    /// I16: what the old set signed stays good for as long as any batch is, and not a second longer.
    function test_TheOldSetSignsOnForAsLongAsABatchIsValid() external {
        Attesters other = _elsewhere();
        uint40 endsAt = uint40(block.timestamp) + VALIDITY;
        _rotate(other);
        (,, uint40 said) = other.epochOf(1);
        vm.assertEq(uint256(said), endsAt);
        Signed memory old = _signed(other, 1, LEAF, THREE);
        other.checkRoot(LEAF, old);
        vm.warp(endsAt);
        other.checkRoot(LEAF, old);
        // Signed anew in its last second, it can not reach beyond its end.
        Signed memory late = _signed(other, 1, LEAF, THREE);
        vm.expectRevert(
            abi.encodeWithSelector(IAttesters.Attesters_ValidTooLong.selector, late.validUntil, uint256(endsAt))
        );
        other.checkRoot(LEAF, late);
        vm.warp(endsAt + 1);
        late = _signed(other, 1, LEAF, THREE);
        vm.expectPartialRevert(IAttesters.Attesters_ValidTooLong.selector);
        other.checkRoot(LEAF, late);
    }

    /// A set that nobody told of the next gains no time by naming it: what was replaced at the hub dies everywhere.
    function test_ItIsAsOldAsTheOneBefore() external {
        Attesters other = _elsewhere();
        uint40 began = uint40(block.timestamp);
        vm.warp(began + AGE - 1);
        _rotate(other);
        (, uint40 renewedAt,) = other.epochOf(2);
        vm.assertEq(uint256(renewedAt), uint256(began));
        Signed memory signed = _signed(other, 2, LEAF, THREE);
        vm.warp(began + AGE + 1);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_SetTooOld.selector, uint32(2), began));
        other.checkRoot(LEAF, signed);
    }

    /* RENEWAL */

    function test_ItIsRenewedByTheDay() external {
        Attesters other = _elsewhere();
        vm.warp(block.timestamp + AGE);
        uint32 day = uint32(block.timestamp / 1 days);
        bytes memory evidence = _evidenceOf(other, _one(Facts.current(day, 1)), THREE);
        vm.expectEmit(address(other));
        emit IAttesters.AttestersRenewed(1, uint40(day) * 1 days);
        vm.prank(stranger);
        other.renew(day, 1, evidence);
        (, uint40 renewedAt, uint40 endsAt) = other.epochOf(1);
        vm.assertEq(uint256(renewedAt), uint256(day) * 1 days);
        vm.assertEq(uint256(endsAt), 0);
    }

    /// F4: that it sat once is true for ever, and renews nothing.
    function test_RevertWhen_ASetNamesItselfAnew() external {
        Attesters other = _elsewhere();
        (uint256 total, uint256[] memory seats) = _seats(1);
        vm.warp(block.timestamp + AGE);
        bytes memory evidence = _evidenceOf(other, _one(Facts.seated(1, total, seats)), THREE);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_OldEpoch.selector, uint32(1), uint32(1)));
        other.rotate(1, total, seats, evidence);
        uint32 day = uint32(block.timestamp / 1 days);
        vm.expectPartialRevert(IAttesters.Attesters_NotInBatch.selector);
        other.renew(day, 1, evidence);
    }

    function testFuzz_RevertWhen_TheDayIsNotLaterOrNotYet(uint32 day) external {
        Attesters other = _elsewhere();
        uint256 began = block.timestamp;
        vm.warp(began + AGE);
        bool fits = uint256(day) * 1 days > began && uint256(day) * 1 days <= block.timestamp;
        bytes memory evidence = _evidenceOf(other, _one(Facts.current(day, 1)), THREE);
        if (!fits) vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_BadDay.selector, day));
        other.renew(day, 1, evidence);
        if (!fits) return;
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_BadDay.selector, day));
        other.renew(day, 1, evidence);
    }

    function test_RevertWhen_AnotherSetIsRenewedOrRenews() external {
        Attesters other = _elsewhere();
        _rotate(other);
        vm.warp(block.timestamp + 1 days);
        uint32 day = uint32(block.timestamp / 1 days);
        bytes32 fact = Facts.current(day, 1);
        bytes memory why = abi.encodeWithSelector(IAttesters.Attesters_OldEpoch.selector, uint32(1), uint32(2));
        bytes memory evidence = _evidenceOf(other, _one(fact), THREE);
        vm.expectRevert(why);
        other.renew(day, 1, evidence);
        // Signed by the one before, of the one after.
        fact = Facts.current(day, 2);
        evidence = _alone(fact, _signed(other, 1, fact, THREE));
        vm.expectRevert(why);
        other.renew(day, 2, evidence);
        evidence = _alone(fact, _signed(other, 2, fact, 3));
        vm.expectPartialRevert(IAttesters.Attesters_NoQuorum.selector);
        other.renew(day, 2, evidence);
    }

    function test_RevertWhen_RenewingByAFactOnTheHubsChain() external {
        vm.warp(block.timestamp + 1 days);
        uint32 day = uint32(block.timestamp / 1 days);
        bytes memory evidence = _evidence(_one(Facts.current(day, 1)), THREE);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_WrongChain.selector, hubChain));
        attesters.renew(day, 1, evidence);
    }

    /// Its stake may be gone: it can neither sign nor name whom it likes.
    function test_RevertWhen_TheSetIsTooOld() external {
        Attesters other = _elsewhere();
        uint40 began = uint40(block.timestamp);
        vm.warp(block.timestamp + AGE);
        Signed memory signed = _signed(other, 1, LEAF, THREE);
        other.checkRoot(LEAF, signed);
        vm.warp(block.timestamp + 1);
        bytes memory why = abi.encodeWithSelector(IAttesters.Attesters_SetTooOld.selector, uint32(1), began);
        vm.expectRevert(why);
        other.checkRoot(LEAF, signed);
        (uint256 total, uint256[] memory seats) = _seats(1);
        bytes memory evidence = _evidenceOf(other, _one(Facts.seated(2, total, seats)), THREE);
        vm.expectRevert(why);
        other.rotate(2, total, seats, evidence);
        uint32 day = uint32(block.timestamp / 1 days);
        evidence = _evidenceOf(other, _one(Facts.current(day, 1)), THREE);
        vm.expectRevert(why);
        other.renew(day, 1, evidence);
    }

    function test_RevertWhen_RotatingWithoutTheFact() external {
        Attesters other = _elsewhere();
        (uint256 total, uint256[] memory seats) = _next();
        bytes32 fact = Facts.seated(2, total, seats);
        bytes memory evidence = _evidenceOf(other, _one(fact), THREE);
        seats[0] = _seat(99, 1);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_NotInBatch.selector, fact));
        other.rotate(2, total, seats, evidence);
        evidence = _evidenceOf(other, _one(Facts.seated(2, total, seats)), 3);
        vm.expectPartialRevert(IAttesters.Attesters_NoQuorum.selector);
        other.rotate(2, total, seats, evidence);
    }

    function test_RevertWhen_RotatingBackOrByThoseOfBefore() external {
        Attesters other = _elsewhere();
        (uint256 total, uint256[] memory seats) = _seats(1);
        _rotate(other);
        bytes memory evidence = _evidenceOf(other, _one(Facts.seated(1, total, seats)), THREE);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_OldEpoch.selector, uint32(1), uint32(2)));
        other.rotate(1, total, seats, evidence);
        // Epoch 1 still signs batches under way, but seats nobody any more.
        bytes32 fact = Facts.seated(3, total, seats);
        evidence = _alone(fact, _signed(other, 1, fact, THREE));
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_OldEpoch.selector, uint32(1), uint32(2)));
        other.rotate(3, total, seats, evidence);
    }

    function test_RevertWhen_RotatingOnTheHubsChain() external {
        (uint256 total, uint256[] memory seats) = _next();
        vm.chainId(hubChain);
        bytes memory evidence = _evidence(_one(Facts.seated(2, total, seats)), THREE);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_WrongChain.selector, hubChain));
        attesters.rotate(2, total, seats, evidence);
    }

    /* HELP */

    /// @dev From here on the tests' chain is another than the hub's.
    function _elsewhere() private returns (Attesters other) {
        (uint256 total, uint256[] memory seats) = _seats(1);
        vm.chainId(OTHER_CHAIN);
        other = new Attesters(_attesterLimits());
        other.begin(1, total, seats);
    }

    function _rotate(Attesters other) private {
        (uint256 total, uint256[] memory seats) = _next();
        other.rotate(2, total, seats, _evidenceOf(other, _one(Facts.seated(2, total, seats)), THREE));
    }

    function _change() private {
        vm.warp(block.timestamp + EPOCH);
        _join(7, 2 * STAKE);
        stakes.advanceEpoch(0);
    }

    /// @dev Seats of an epoch that the hub would have after this one.
    function _next() private view returns (uint256 total, uint256[] memory seats) {
        (total, seats) = _seats(1);
        seats[3] = _seat(7, 1);
    }

    function _seats(uint32 epoch) private view returns (uint256 total, uint256[] memory seats) {
        bytes memory code = stakes.signerSetOf(0, epoch).code;
        seats = new uint256[](code.length / 32 - 1);
        assembly ("memory-safe") {
            total := mload(add(code, 33))
        }
        for (uint256 i; i < seats.length; ++i) {
            uint256 word;
            assembly ("memory-safe") {
                word := mload(add(add(code, 65), shl(5, i)))
            }
            seats[i] = word;
        }
    }

    function _seat(uint256 i, uint96 weight) private pure returns (uint256) {
        return uint256(uint160(_signer(i))) << 96 | weight;
    }

    function _refused(Attesters other, uint32 epoch, uint256 total, uint256[] memory seats, string memory what)
        private
    {
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_BadSet.selector, what));
        other.begin(epoch, total, seats);
    }
}
