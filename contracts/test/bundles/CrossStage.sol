// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {Attesters} from "../../src/bundles/Attesters.sol";
import {BundleHashes} from "../../src/bundles/BundleHashes.sol";
import {Bundle, Leg, LegKind, Mode, NO_LEG, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Escrow} from "../../src/bundles/Escrow.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {Signed} from "../../src/bundles/IAttesters.sol";
import {Finish, HeldLeg} from "../../src/bundles/IEscrow.sol";
import {BundleDecision} from "../../src/bundles/ISettler.sol";
import {Permit} from "../../src/lib/Permits.sol";
import {Seating} from "../doubles/Participants.sol";
import {TestToken} from "../doubles/Tokens.sol";
import {ChangingSeats} from "./ChangingSeats.sol";

/// @dev A real hub, and two rollups with a real escrow and attesters each. Here they can not stand at one address, so what would be
///      signed once is signed for each.
abstract contract CrossStage is ChangingSeats {
    uint40 internal constant ESCAPE = 36 hours;
    /// @dev What the participant needs for either outcome, at the most.
    uint32 internal constant ENOUGH = 60_000;
    /// @dev Providers, as bits: who lies, everybody, and all but one.
    uint256 internal constant LIARS = 3;
    uint256 internal constant ALL = type(uint256).max;
    uint256 internal constant MOST = ALL - 1;

    struct Rollup {
        uint256 chainId;
        Attesters attesters;
        Escrow escrow;
        TestToken token;
    }

    Rollup[2] internal rollups;
    Seating internal seating;

    function setUp() public virtual override {
        super.setUp();
        (uint256 total, uint256[] memory seats) = _seats(1);
        for (uint256 i; i < 2; ++i) {
            uint256 chainId = OTHER_CHAIN + i;
            vm.chainId(chainId);
            Attesters its = new Attesters(_attesterLimits());
            its.begin(1, total, seats);
            Escrow escrow = new Escrow(address(its), hubChain, address(hub), guardian, address(this), ESCAPE);
            rollups[i] = Rollup(chainId, its, escrow, new TestToken());
            vm.prank(i == 0 ? owner : rival);
            rollups[i].token.approve(address(escrow), type(uint256).max);
        }
        seating = new Seating(address(rollups[1].escrow.envoy()), 1_000_000);
        vm.chainId(hubChain);
    }

    /* BUNDLES */

    /// @dev The owner pays the rival on the first rollup, who pays back on the second, or a seat is kept there.
    function _legs(uint96 first, uint96 second, bool seat, uint32 stated, uint64 salt)
        internal
        view
        returns (HeldLeg[2] memory legs)
    {
        bytes32 salt_ = bytes32(uint256(salt));
        legs[0] =
            HeldLeg(LegKind.Escrow, address(rollups[0].token), first, 0, abi.encode(owner, rival), salt_);
        legs[1] = seat
            ? HeldLeg(LegKind.Participant, address(seating), 0, stated, "", salt_)
            : HeldLeg(LegKind.Escrow, address(rollups[1].token), second, 0, abi.encode(rival, owner), salt_);
    }

    function _hashes(HeldLeg[2] memory legs) internal view returns (bytes32[] memory hashes) {
        hashes = new bytes32[](2);
        for (uint256 i; i < 2; ++i) {
            Leg memory leg;
            (leg.chainId, leg.kind, leg.target) = (rollups[i].chainId, legs[i].kind, legs[i].target);
            (leg.value, leg.gasLimit, leg.data) = (legs[i].value, legs[i].gasLimit, legs[i].data);
            (leg.undoes, leg.salt) = (NO_LEG, legs[i].salt);
            hashes[i] = BundleHashes.legHash(leg);
        }
    }

    function _headerOf(HeldLeg[2] memory legs, uint40 deadline, uint64 salt) internal view returns (Bundle memory) {
        return Bundle(owner, Mode.Escrowed, 2, deadline, EfficientHashLib.hash(_hashes(legs)), 0, salt);
    }

    /* ON A ROLLUP */

    function _tryPrepare(uint8 index, Bundle memory header, HeldLeg[2] memory legs, address by, bytes memory signature)
        internal
        returns (bool done)
    {
        Escrow escrow = rollups[index].escrow;
        bytes32[] memory hashes = _hashes(legs);
        vm.chainId(rollups[index].chainId);
        vm.prank(by);
        try escrow.prepare(header, hashes, index, legs[index], signature, Permit(0, 0, 0, 0, 0)) {
            done = true;
        } catch {}
        vm.chainId(hubChain);
    }

    /// @dev As whoever signs says it was decided.
    function _tryFinish(uint8 index, bytes32 id, HeldLeg memory leg, Outcome said, uint256 providers, uint32 given)
        internal
        returns (bool done)
    {
        uint64 base = hub.wordOf(id).base();
        BundleDecision[] memory decisions = new BundleDecision[](1);
        decisions[0] = BundleDecision(id, base, said);
        Finish[] memory one = new Finish[](1);
        one[0] = Finish(id, index, 0, given, leg);
        vm.chainId(rollups[index].chainId);
        bytes32 fact = Facts.decision(id, base, said);
        Attesters its = rollups[index].attesters;
        bytes memory evidence = _evidenceOf(its, _one(fact), _seatsBy(its.currentEpoch(), providers));
        try rollups[index].escrow.finish(one, decisions, evidence, relayer) {
            done = true;
        } catch {}
        vm.chainId(hubChain);
    }

    /* SETS */

    function _tryRotate(uint8 index, uint32 epoch, uint32 signing, uint256 providers) internal returns (bool done) {
        (uint256 total, uint256[] memory seats) = _seats(epoch);
        Attesters its = rollups[index].attesters;
        bytes32 fact = Facts.seated(epoch, total, seats);
        vm.chainId(rollups[index].chainId);
        Signed memory signed = _signed(its, signing, fact, _seatsBy(signing, providers));
        try its.rotate(epoch, total, seats, _alone(fact, signed)) {
            done = true;
        } catch {}
        vm.chainId(hubChain);
    }

    function _tryRenew(uint8 index, uint32 day, uint32 epoch, uint256 providers) internal returns (bool done) {
        Attesters its = rollups[index].attesters;
        bytes32 fact = Facts.current(day, epoch);
        vm.chainId(rollups[index].chainId);
        uint32 here = its.currentEpoch();
        Signed memory signed = _signed(its, here, fact, _seatsBy(here, providers));
        try its.renew(day, epoch, _alone(fact, signed)) {
            done = true;
        } catch {}
        vm.chainId(hubChain);
    }
}
