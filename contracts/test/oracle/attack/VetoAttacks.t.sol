// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Dispute} from "../../../src/oracle/Dispute.sol";
import {Question, Status} from "../../../src/oracle/IOracle.sol";
import {ILadder, Stage as LadderStep} from "../../../src/oracle/ladder/ILadder.sol";
import {LadderStage} from "../ladder/LadderStage.sol";

/// @dev What somebody tries who wants a right answer away, where jurors are few or seats are cheap.
contract VetoAttacksTest is LadderStage {
    Question private terms;
    bytes32 private question;

    function setUp() public override {
        super.setUp();
        terms = _categorical(3);
        question = _answered(terms, 1);
    }

    /* where no jury can be drawn */

    function test_AVetoWithoutAJuryCostsTheJurysPay() external {
        court.setEmpty(true);
        Dispute memory d = _dispute(alice, question, 2);
        _convene(terms, d);
        vm.assertTrue(_status(question) == Status.Invalid);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT / 4);
        vm.assertEq(uint256(oracle.creditOf(insurance)), DEPOSIT / 4);
        vm.assertEq(uint256(oracle.creditOf(address(ladder))), 0);
    }

    function test_AHealthyQuorumStandsByItsAnswer() external {
        court.setEmpty(true);
        Dispute memory d = _dispute(alice, question, 2);
        _rereport(terms, d, 1, SEVEN);
        vm.assertTrue(_step(d) == LadderStep.Confirmed);
        _conclude(terms, d);
        (Status status, int96 value,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 1);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT);
    }

    function test_NorDoesASecondObjectionTakeItAway() external {
        // The first is a sham; then only juries count, and nobody has to wait for a report.
        court.setEmpty(true);
        Question memory number = _numeric();
        number.opensAt = uint40(block.timestamp);
        question = _answered(number, 100);
        Dispute memory d = _dispute(alice, question, 101);
        _convene(number, d);
        d = _dispute(alice, question, 500);
        uint40 until = uint40(block.timestamp) + REREPORT;
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_TooSoon.selector, d.hash(), block.timestamp, until));
        ladder.convene(number, d);
        _rereport(number, d, 100, SEVEN);
        _conclude(number, d);
        vm.assertTrue(_status(question) == Status.Final);
    }

    /// Whoever holds the quorum gains nothing by it where there is a jury: it hears the dispute all the same.
    function test_ACapturedQuorumMeetsTheJury() external {
        Dispute memory d = _dispute(alice, question, 2);
        _rereport(terms, d, 1, SEVEN);
        vm.assertTrue(_step(d) == LadderStep.Sitting);
        _verdict(terms, d, 2);
        _conclude(terms, d);
        (Status status, int96 value,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 2);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT / 4);
    }

    /* dust */

    function test_RevertWhen_DustConfirms() external {
        (Dispute memory d, uint32 epoch, bytes memory signatures) = _byDust(1);
        vm.expectPartialRevert(ILadder.Ladder_NotDecisive.selector);
        ladder.rereportAgreed(terms, d, epoch, 1, OTHERS, signatures);
    }

    function test_RevertWhen_DustReplacesTheClaim() external {
        (Dispute memory d, uint32 epoch, bytes memory signatures) = _byDust(0);
        vm.expectPartialRevert(ILadder.Ladder_NotDecisive.selector);
        ladder.rereportAgreed(terms, d, epoch, 0, OTHERS, signatures);
    }

    /// @dev Those who answered stake so much more that the three others weigh less than a ninth together.
    function _byDust(int96 value) private returns (Dispute memory d, uint32 epoch, bytes memory signatures) {
        for (uint256 i; i < 7; ++i) {
            _fund(_ownerKey(i), address(stakes), 9 * STAKE);
            vm.prank(_ownerKey(i));
            stakes.addStake(9 * STAKE);
        }
        vm.warp(block.timestamp + EPOCH);
        stakes.advanceEpoch(0);
        (terms.nonce, terms.opensAt) = (1, uint40(block.timestamp));
        question = _answered(terms, 1);
        d = _dispute(alice, question, 2);
        epoch = _epoch();
        signatures = _signedFor(d, value, OTHERS);
    }
}
