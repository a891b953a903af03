// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle, LegKind, MOST_FINISH_GAS, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Finish, HeldLeg, IEscrow} from "../../src/bundles/IEscrow.sol";
import {IParticipant} from "../../src/bundles/IParticipant.sol";
import {BundleDecision} from "../../src/bundles/ISettler.sol";
import {Permit} from "../../src/lib/Permits.sol";
import {EscrowStage} from "./EscrowStage.sol";

/// @dev Holds a participant against its one rule: once `prepare` succeeded, `finish` does not fail; and when the leg's owner
///      stated too little gas, it ends by the outcome that was tried first, as soon as somebody gives it enough. Inherit it, say what your
///      participant is, what a leg's data may be, and all that anybody may do to it in between; forge does the rest.
abstract contract ParticipantKit is EscrowStage {
    /// @dev Your participant, which takes orders from `envoy` alone.
    function _participant(address envoy) internal virtual returns (IParticipant);

    /// @dev Gas that its legs state, enough for either outcome.
    function _gasLimit() internal virtual returns (uint32);

    /// @dev A leg's data; any that you can think of, for as many `seed`s.
    function _data(uint256 seed) internal virtual returns (bytes memory);

    /// @dev Whatever may happen to it between prepare and finish.
    function _meanwhile(IParticipant participant, uint256 seed) internal virtual;

    function testFuzz_FinishDoesNotFailOncePrepared(uint256 seed, uint8 count, bool committed) external {
        IParticipant participant = _participant(address(escrow.envoy()));
        for (uint256 i; i < count % 16; ++i) {
            uint256 draw = uint256(keccak256(abi.encode(seed, i)));
            _asLeg(participant, _data(draw), uint64(i));
            bool done = _tryPrepare();
            _meanwhile(participant, draw);
            // Some are finished at once, others later, so that several are held together.
            if (done && draw % 3 != 0) _finishes(committed == (draw % 5 != 0));
        }
        for (uint256 i; i < count % 16; ++i) {
            uint256 draw = uint256(keccak256(abi.encode(seed, i)));
            _asLeg(participant, _data(draw), uint64(i));
            if (escrow.slotOf(id, 0) == _hashOf(held[0])) _finishes(committed);
        }
    }

    function testFuzz_WhateverGasIsStatedOneOutcomeStands(uint256 seed, uint32 stated, bool committed) external {
        IParticipant participant = _participant(address(escrow.envoy()));
        _asLeg(participant, _data(seed), 1);
        held[0].gasLimit = stated % 4 == 0 ? stated : stated % (_gasLimit() * 2);
        _bundle(held[0], held[1]);
        bool done = _tryPrepare();
        if (held[0].gasLimit > MOST_FINISH_GAS) vm.assertTrue(!done, "prepared with what nobody can give");
        if (!done) return;
        Outcome outcome = committed ? Outcome.Committed : Outcome.Aborted;
        _finish(outcome, 0);
        if (escrow.slotOf(id, 0) != bytes32(uint256(outcome))) {
            vm.assertEq(uint256(escrow.dueOf(id, 0)), uint256(outcome));
            // Even attesters that say now this and now that do not turn it.
            Finish[] memory one = _one(_gasLimit());
            BundleDecision[] memory other = _decided(committed ? Outcome.Aborted : Outcome.Committed);
            bytes memory otherwise =
                abi.encodeWithSelector(IEscrow.Escrow_DueOtherwise.selector, id, 0, uint256(outcome));
            vm.expectRevert(otherwise);
            escrow.finish(one, other, "", relayer);
            vm.warp(uint256(DEADLINE) + ESCAPE + 1);
            (Bundle memory header_, HeldLeg memory leg, uint32 enough) = (header, held[0], _gasLimit());
            if (committed) vm.expectRevert(otherwise);
            escrow.takeBack(header_, 0, leg, enough);
            if (committed) _finish(outcome, enough);
        }
        vm.assertEq(escrow.slotOf(id, 0), bytes32(uint256(outcome)));
    }

    function testFuzz_TakesOrdersFromTheEnvoyAlone(address caller, uint256 seed) external {
        IParticipant participant = _participant(address(escrow.envoy()));
        vm.assume(caller != address(escrow.envoy()));
        _asLeg(participant, _data(seed), 1);
        bytes memory data = held[0].data;
        vm.expectRevert();
        vm.prank(caller);
        participant.prepare(id, 0, alice, DEADLINE, data);
        if (!_tryPrepare()) return;
        vm.expectRevert();
        vm.prank(caller);
        participant.finish(id, 0, Outcome.Committed);
        _finishes(true);
    }

    function _asLeg(IParticipant participant, bytes memory data, uint64 salt) internal {
        HeldLeg memory leg = HeldLeg({
            kind: LegKind.Participant,
            target: address(participant),
            value: 0,
            gasLimit: _gasLimit(),
            data: data,
            salt: bytes32(uint256(salt))
        });
        _bundle(leg, held[1]);
    }

    function _tryPrepare() internal returns (bool) {
        bytes32[] memory hashes = _hashes();
        HeldLeg memory leg = held[0];
        bytes memory signature = _signed(ALICE_KEY);
        try escrow.prepare(header, hashes, 0, leg, signature, Permit(0, 0, 0, 0, 0)) {
            return true;
        } catch {
            return false;
        }
    }

    function _finishes(bool committed) private {
        Outcome outcome = committed ? Outcome.Committed : Outcome.Aborted;
        _finish(outcome, 0);
        vm.assertEq(escrow.slotOf(id, 0), bytes32(uint256(outcome)), "finish failed after prepare had succeeded");
    }

    function _finish(Outcome outcome, uint32 gas_) private {
        escrow.finish(_one(gas_), _decided(outcome), "", relayer);
    }

    function _one(uint32 gas_) private view returns (Finish[] memory one) {
        one = new Finish[](1);
        one[0] = Finish({id: id, index: 0, decision: 0, gas: gas_, leg: held[0]});
    }
}
