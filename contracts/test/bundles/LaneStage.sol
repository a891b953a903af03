// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BundleHashes} from "../../src/bundles/BundleHashes.sol";
import {Bundle, Leg, LegKind, Mode, NO_LEG, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {Finish, HeldLeg} from "../../src/bundles/IEscrow.sol";
import {OtherLeg} from "../../src/bundles/ILanes.sol";
import {BundleDecision} from "../../src/bundles/ISettler.sol";
import {Permit} from "../../src/lib/Permits.sol";
import {EscrowStage} from "./EscrowStage.sol";

/// @dev Bundles of which alice pays the first leg here, and somebody one on each of some other chains.
abstract contract LaneStage is EscrowStage {
    struct Crossing {
        Bundle header;
        bytes32 id;
        HeldLeg mine;
        OtherLeg[] others;
        bytes32[] hashes;
    }

    uint64 internal constant THERE = 4_217;
    uint64 internal constant YONDER = 4_218;

    function setUp() public virtual override {
        super.setUp();
        token.mint(alice, 1_000_000e6);
    }

    function _crossing(uint96 amount, uint64 salt, uint64[] memory chains) internal view returns (Crossing memory made) {
        made = _crossingOf(_pays(address(token), alice, bob, amount), salt, chains);
    }

    function _crossingOf(HeldLeg memory mine, uint64 salt, uint64[] memory chains)
        internal
        view
        returns (Crossing memory made)
    {
        made.mine = mine;
        made.others = new OtherLeg[](chains.length);
        made.hashes = new bytes32[](chains.length + 1);
        made.hashes[0] = _hashOf(made.mine);
        for (uint256 i; i < chains.length; ++i) {
            Leg memory leg;
            (leg.chainId, leg.kind, leg.target, leg.value) = (chains[i], LegKind.Escrow, address(coin), uint96(5 + i));
            (leg.data, leg.undoes, leg.salt) = (abi.encode(bob, alice), NO_LEG, keccak256("salt abroad"));
            made.hashes[i + 1] = BundleHashes.legHash(leg);
            made.others[i] =
                OtherLeg(leg.chainId, leg.kind, leg.target, leg.value, leg.gasLimit, keccak256(leg.data), leg.salt);
        }
        made.header = Bundle({
            owner: alice,
            mode: Mode.Escrowed,
            legs: uint8(made.hashes.length),
            deadline: uint40(block.timestamp) + 1 hours,
            legsHash: keccak256(abi.encodePacked(made.hashes)),
            fee: 0,
            salt: salt
        });
        made.id = BundleHashes.idOf(_hubDomain(), made.header);
    }

    function _to(uint64 chainId) internal pure returns (uint64[] memory list) {
        list = new uint64[](1);
        list[0] = chainId;
    }

    function _toBoth() internal pure returns (uint64[] memory list) {
        list = new uint64[](2);
        (list[0], list[1]) = (THERE, YONDER);
    }

    function _prepareAcross(Crossing memory one) internal {
        vm.prank(alice);
        escrow.prepareAcross(one.header, one.hashes, 0, one.mine, "", Permit(0, 0, 0, 0, 0), one.others);
    }

    function _preparePlain(Crossing memory one) internal {
        vm.prank(alice);
        escrow.prepare(one.header, one.hashes, 0, one.mine, "", Permit(0, 0, 0, 0, 0));
    }

    function _end(Crossing memory one, Outcome outcome) internal {
        Finish[] memory list = new Finish[](1);
        list[0] = Finish({id: one.id, index: 0, decision: 0, gas: 0, leg: one.mine});
        BundleDecision[] memory decisions = new BundleDecision[](1);
        decisions[0] = BundleDecision({id: one.id, base: BASE, outcome: outcome});
        verifier.say(Facts.decision(one.id, BASE, outcome));
        escrow.finish(list, decisions, "", relayer);
    }

    function _limitLane(uint64 chainId, uint96 perHour) internal {
        vm.prank(governor);
        escrow.setLaneLimit(chainId, address(token), perHour);
    }

    function _room(uint64 chainId) internal view returns (uint256) {
        return escrow.roomAcross(chainId, address(token));
    }
}
