// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Dispute} from "../../../src/oracle/Dispute.sol";
import {Question, Status} from "../../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../../src/oracle/IStakeManager.sol";
import {WholeStage} from "../whole/WholeStage.sol";

/// @dev What a tripped breaker does to the time in which answers may be objected to.
contract WindowsTest is WholeStage {
    uint256 private constant ALL = 15; // so that agreement alone doubles nothing
    uint64 private _asked;

    function setUp() public override {
        super.setUp();
        vm.prank(governor);
        policy.setValueLimit(500e6);
    }

    function test_WhatIsAnsweredMeanwhileMayBeObjectedToForTwiceAsLong() external {
        (Question memory first,) = _answer();
        _trip(first);
        (, bytes32 question) = _answer();
        vm.assertEq(uint256(_word(question).finalizeAt()), block.timestamp + 2 * LIVENESS);
        vm.warp(block.timestamp + 2 * LIVENESS - 1);
        vm.assertTrue(_status(question) == Status.Answered);
        vm.warp(block.timestamp + 1);
        vm.assertTrue(_status(question) == Status.Final);
    }

    function test_ItEndsByItself() external {
        (Question memory first,) = _answer();
        uint256 at = block.timestamp;
        _trip(first);
        vm.warp(at + 24 hours - 1 hours - 1);
        (, bytes32 question) = _answer();
        vm.assertEq(block.timestamp, at + 24 hours - 1);
        vm.assertEq(uint256(_word(question).finalizeAt()), block.timestamp + 2 * LIVENESS);
        vm.warp(at + 24 hours);
        (, question) = _answer();
        vm.assertEq(uint256(_word(question).finalizeAt()), block.timestamp + LIVENESS);
    }

    function test_AnAnswerGivenBeforeIsUntouched() external {
        (Question memory first, bytes32 question) = _answer();
        uint256 at = _word(question).finalizeAt();
        _trip(first);
        vm.assertEq(uint256(_word(question).finalizeAt()), at);
        vm.assertEq(at, block.timestamp + LIVENESS);
    }

    function test_ATripDuringADisputeDoublesWhatARereportOpens() external {
        Question memory other = _terms(_asked++);
        other.secures = 600e6;
        _ask(other);
        (Question memory terms, bytes32 question) = _answer();
        Dispute memory d = _dispute(alice, question, 0);
        _agree(other, 1, THREE);
        _trip(other);
        uint32 epoch = _epoch();
        bytes memory signatures;
        for (uint256 seat; seat < SEATS; ++seat) {
            signatures = bytes.concat(signatures, _sign(_key(seat), question, 0, epoch, 1));
        }
        vm.warp(d.at + REREPORT - 1);
        ladder.rereportAgreed(terms, d, epoch, 0, ALL, signatures);
        vm.assertEq(uint256(_word(question).finalizeAt()), block.timestamp + 2 * LIVENESS);
    }

    function test_NeitherEpochNorPauseTakesItBack() external {
        (Question memory first,) = _answer();
        _trip(first);
        (,,, uint40 slowUntil) = stakes.reportingSet(0);
        vm.assertEq(uint256(slowUntil), block.timestamp + 24 hours);
        _join(SEATS, STAKE);
        vm.warp(block.timestamp + EPOCH);
        uint40 endsAt = stakes.epochEndsAt(0);
        vm.assertLe(endsAt, block.timestamp);
        stakes.advanceEpoch(0);
        vm.assertEq(uint256(stakes.epochEndsAt(0)), block.timestamp + EPOCH);
        vm.prank(guardian);
        guard.pause(1 hours);
        (, uint32 epoch, uint40 pausedUntil, uint40 still) = stakes.reportingSet(0);
        vm.assertTrue(epoch == 2 && still == slowUntil && pausedUntil == block.timestamp + 1 hours);
        (,,, still) = stakes.reportingSet(15);
        vm.assertTrue(still == slowUntil);
    }

    function test_RevertWhen_AnotherThanTheGuardSlows() external {
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_NotAllowed.selector, alice));
        vm.prank(alice);
        stakes.slow(uint40(block.timestamp) + 1);
    }

    /// @dev One more question that secures 600, answered an hour from now.
    function _answer() private returns (Question memory terms, bytes32 question) {
        terms = _terms(_asked++);
        terms.secures = 600e6;
        question = _answered(terms, 1, ALL);
    }

    function _trip(Question memory answered) private {
        Question[] memory questions = new Question[](1);
        questions[0] = answered;
        guard.tripValue(questions, _word(oracle.idOf(answered)).finalizeAt());
        vm.assertEq(uint256(guard.windowFactor()), 2);
    }
}
