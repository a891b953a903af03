// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LegKind, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Finish, HeldLeg} from "../../src/bundles/IEscrow.sol";
import {IParticipant} from "../../src/bundles/IParticipant.sol";
import {Permit} from "../../src/lib/Permits.sol";
import {EscrowStage} from "./EscrowStage.sol";

/// @dev Holds a participant against its one rule: once `prepare` succeeded, `finish` does not fail. Inherit it, say what your
///      participant is, what a leg's data may be, and all that anybody may do to it in between; forge does the rest.
abstract contract ParticipantKit is EscrowStage {
    /// @dev Your participant, which takes orders from `envoy` alone.
    function _participant(address envoy) internal virtual returns (IParticipant);

    /// @dev Gas that its legs state.
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
        Finish[] memory one = new Finish[](1);
        one[0] = Finish({id: id, index: 0, decision: 0, leg: held[0]});
        escrow.finish(one, _decided(outcome), "", relayer);
        vm.assertEq(escrow.slotOf(id, 0), bytes32(uint256(outcome)), "finish failed after prepare had succeeded");
    }
}
