// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle, LegStatus, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Envoy} from "../../src/bundles/Envoy.sol";
import {Finish, HeldLeg, IEscrow} from "../../src/bundles/IEscrow.sol";
import {IParticipant} from "../../src/bundles/IParticipant.sol";
import {Permit} from "../../src/lib/Permits.sol";
import {BundleDecision} from "../../src/bundles/ISettler.sol";
import {BadSeating, Seating} from "../doubles/Participants.sol";
import {ParticipantKit} from "./ParticipantKit.sol";

contract ParticipantTest is ParticipantKit {
    Seating private seating;

    function setUp() public override {
        super.setUp();
        seating = new Seating(address(escrow.envoy()), 5);
    }

    /* a participant that keeps the rule */

    function test_IsToldOfTheDecision() external {
        _asLeg(seating, "", 1);
        _prepare(0, alice);
        vm.assertEq(seating.free(), 4);
        vm.assertEq(seating.kept(id, 0), alice);
        BundleDecision[] memory decisions = _decided(Outcome.Committed);
        vm.expectEmit(address(escrow));
        emit IEscrow.Receipt(BASE, LegStatus.Ok, 0, relayer);
        escrow.finish(_first(), decisions, "", relayer);
        vm.assertEq(seating.taken(), 1);
    }

    function test_IsToldThatItIsTakenBack() external {
        _asLeg(seating, "", 1);
        _prepare(0, alice);
        vm.warp(uint256(DEADLINE) + ESCAPE + 1);
        escrow.takeBack(header, 0, held[0], 0);
        vm.assertEq(seating.free(), 5);
    }

    function test_RevertWhen_TheOwnerDidNotSign() external {
        _asLeg(seating, "", 1);
        bytes memory signature = _signed(BOB_KEY);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_NotSigned.selector, id, alice));
        _prepareSigned(0, signature);
    }

    function test_RevertWhen_ItRefuses() external {
        seating = new Seating(address(escrow.envoy()), 0);
        _asLeg(seating, "", 1);
        bytes memory signature = _signed(ALICE_KEY);
        vm.expectRevert(Seating.Seating_Full.selector);
        _prepareSigned(0, signature);
    }

    function test_RevertWhen_AnybodyElseSendsTheEnvoy() external {
        Envoy envoy = escrow.envoy();
        vm.expectRevert(abi.encodeWithSelector(Envoy.Envoy_NotEscrow.selector, address(this)));
        envoy.prepare(seating, id, 0, alice, DEADLINE, "");
        vm.expectRevert(abi.encodeWithSelector(Envoy.Envoy_NotEscrow.selector, address(this)));
        envoy.finish(seating, 1, id, 0, Outcome.Committed);
    }

    /* one that breaks it */

    function testFuzz_ItHoldsUpNobodyElseAndIsTriedAgain(uint8 manner) external {
        BadSeating bad = new BadSeating(address(escrow.envoy()));
        _asLeg(bad, "", 1);
        _prepareBoth();
        bad.behave(_bound(manner, 1, 3));
        BundleDecision[] memory decisions = _decided(Outcome.Committed);
        vm.expectEmit(address(escrow));
        emit IEscrow.NotFinished(id, 0);
        escrow.finish(_both(), decisions, "", relayer);
        vm.assertEq(coin.balanceOf(alice), 70e6);
        vm.assertEq(escrow.slotOf(id, 0), _hashOf(held[0]));
        bad.behave(0);
        escrow.finish(_both(), decisions, "", relayer);
        vm.assertEq(bad.taken(), 1);
        vm.assertEq(escrow.slotOf(id, 0), bytes32(uint256(Outcome.Committed)));
    }

    function testFuzz_NobodyStarvesIt(uint32 brought) external {
        _asLeg(seating, "", 1);
        _prepare(0, alice);
        BundleDecision[] memory decisions = _decided(Outcome.Committed);
        bytes memory data = abi.encodeCall(IEscrow.finish, (_first(), decisions, bytes(""), relayer));
        vm.recordLogs();
        (bool done,) = address(escrow).call{gas: _bound(brought, 20_000, 300_000)}(data);
        vm.assertEq(seating.taken(), done ? 1 : 0);
        vm.assertEq(vm.getRecordedLogs().length, done ? 2 : 0);
    }

    /// The gas that a leg states may be enough for an abort and too little for a commit: paid here, it would come back there.
    function test_WhatIsDueCommittedIsNotTakenBack() external {
        _asLeg(seating, "", 1);
        held[0].gasLimit = 15_000;
        _bundle(held[0], held[1]);
        _prepareBoth();
        BundleDecision[] memory decisions = _decided(Outcome.Committed);
        vm.expectEmit(address(escrow));
        emit IEscrow.NotFinished(id, 0);
        escrow.finish(_both(), decisions, "", relayer);
        vm.assertEq(coin.balanceOf(alice), 70e6);
        vm.warp(uint256(DEADLINE) + ESCAPE + 1);
        Bundle memory header_ = header;
        HeldLeg memory leg = held[0];
        bytes memory otherwise = abi.encodeWithSelector(IEscrow.Escrow_DueOtherwise.selector, id, 0, Outcome.Committed);
        vm.expectRevert(otherwise);
        escrow.takeBack(header_, 0, leg, 0);
        vm.expectRevert(otherwise);
        escrow.takeBack(header_, 0, leg, 1_000_000);
        vm.assertEq(seating.free(), 4);
        // Whoever finishes says how much it gets.
        Finish[] memory more = _first();
        more[0].gas = 100_000;
        escrow.finish(more, decisions, "", relayer);
        vm.assertEq(seating.taken(), 1);
        vm.assertEq(escrow.slotOf(id, 0), bytes32(uint256(Outcome.Committed)));
    }

    /// What it could never be given would lock what it set aside, for ever and for nothing.
    function test_RevertWhen_NobodyCouldGiveTheGas() external {
        _asLeg(seating, "", 1);
        held[0].gasLimit = 10_000_001;
        _bundle(held[0], held[1]);
        bytes memory signature = _signed(ALICE_KEY);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_BadLeg.selector, "gasLimit"));
        _prepareSigned(0, signature);
        held[0].gasLimit = 10_000_000;
        _bundle(held[0], held[1]);
        _prepareBoth();
        Finish[] memory more = _first();
        more[0].gas = 10_000_001;
        BundleDecision[] memory decisions = _decided(Outcome.Aborted);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_TooMuchGas.selector, 10_000_001, 10_000_000));
        escrow.finish(more, decisions, "", relayer);
        more[0].gas = 0;
        escrow.finish(more, decisions, "", relayer);
        vm.assertEq(seating.free(), 5);
    }

    /// What the escrow holds can be named as a participant. It is not the escrow that calls it then.
    function test_RevertWhen_TheParticipantIsAToken() external {
        _asLeg(IParticipant(address(token)), "", 1);
        bytes memory signature = _signed(ALICE_KEY);
        vm.expectRevert();
        _prepareSigned(0, signature);
    }

    /* for the kit */

    function _participant(address) internal view override returns (IParticipant) {
        return seating;
    }

    function _gasLimit() internal pure override returns (uint32) {
        return 100_000;
    }

    function _data(uint256 seed) internal pure override returns (bytes memory) {
        return abi.encode(seed);
    }

    function _meanwhile(IParticipant, uint256 seed) internal override {
        vm.warp(block.timestamp + seed % 100);
    }

    function _first() private view returns (Finish[] memory list) {
        list = new Finish[](1);
        list[0] = _both()[0];
    }
}
