// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {INVALID, TOO_EARLY} from "../../../src/oracle/AnswerWord.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {IOracle, Question, Status} from "../../../src/oracle/IOracle.sol";
import {ILadder, LadderWindows, Stage as LadderStep} from "../../../src/oracle/ladder/ILadder.sol";
import {TestSlasher} from "../../doubles/Court.sol";
import {TestJurors} from "../../doubles/Jurors.sol";
import {LadderStage} from "./LadderStage.sol";

contract LadderRereportTest is LadderStage {
    Question private terms;
    bytes32 private question;

    function setUp() public override {
        super.setUp();
        terms = _categorical(3);
        terms.reward = 100;
        question = _answered(terms, 1);
    }

    /* two thirds of all */

    function test_TwoThirdsOfAllCorrectAtOnce() external {
        Dispute memory d = _dispute(alice, question, 2);
        _rereport(terms, d, 2, SEVEN);
        vm.assertTrue(_status(question) == Status.Answered);
        vm.assertEq(int256(_word(question).value()), 2);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6);
        vm.assertEq(uint256(oracle.creditOf(address(ladder))), 0);
        // Nobody pays before the correction is final, and then only if a jury has heard it.
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_NotFinal.selector, d.hash()));
        ladder.punish(terms, d);
        vm.warp(block.timestamp + WINDOW);
        ladder.punish(terms, d);
        vm.assertEq(slasher.faultOf(d.hash()).times, 0);
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_WrongStage.selector, d.hash(), LadderStep.Done));
        ladder.punish(terms, d);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(0))), 12); // 90 of 100 among seven
    }

    function test_OwnValuesCorrectToo() external {
        Question memory number = _numeric();
        number.opensAt = uint40(block.timestamp);
        question = _answered(number, 100);
        Dispute memory d = _dispute(alice, question, 200);
        bytes memory entries;
        for (uint256 seat; seat < 7; ++seat) {
            int96 value = 200 + int96(uint96(seat));
            entries = bytes.concat(
                entries, abi.encodePacked(uint8(seat), value, _sign(_key(seat), question, value, _epoch(), 1))
            );
        }
        ladder.rereportValues(number, d, _epoch(), entries);
        vm.assertEq(int256(_word(question).value()), 203);
        vm.warp(block.timestamp + WINDOW);
        ladder.punish(number, d);
        vm.assertEq(slasher.faultOf(d.hash()).times, 0);
    }

    function test_OwnValuesStandByTheAnswer() external {
        Question memory number = _numeric();
        number.opensAt = uint40(block.timestamp);
        question = _answered(number, 100);
        Dispute memory d = _dispute(alice, question, 200);
        bytes memory entries;
        for (uint256 seat; seat < 7; ++seat) {
            entries = bytes.concat(
                entries, abi.encodePacked(uint8(seat), int96(110), _sign(_key(seat), question, 110, _epoch(), 1))
            );
        }
        ladder.rereportValues(number, d, _epoch(), entries);
        vm.assertTrue(_step(d) == LadderStep.Sitting);
        vm.assertEq(court.jury().subject, keccak256(abi.encode(d.hash(), int96(200), bytes32(0))));
    }

    function test_TooEarlyReopensAndCostsTheEarlyOnes() external {
        Dispute memory d = _dispute(alice, question, TOO_EARLY);
        bytes memory signatures = _signedFor(d, TOO_EARLY, SEVEN);
        _rereport(terms, d, TOO_EARLY, SEVEN);
        vm.assertTrue(_status(question) == Status.Open);
        TestSlasher.Fault memory fault = slasher.faultOf(d.hash());
        vm.assertTrue(fault.early && fault.times == 1 && fault.deposit == DEPOSIT && fault.challenger == alice);
        // What was signed for the re-report opens nothing a second time.
        vm.warp(block.timestamp + WINDOW);
        uint32 epoch = _epoch();
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 0));
        oracle.reportAgreed(terms, epoch, TOO_EARLY, SEVEN, signatures);
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_WrongStage.selector, d.hash(), LadderStep.Done));
        ladder.punish(terms, d);
        _agree(terms, 2, SEVEN);
        vm.warp(block.timestamp + WINDOW);
        vm.assertTrue(_status(question) == Status.Final);
    }

    function test_InvalidIsSaidAnew() external {
        Dispute memory d = _dispute(alice, question, 99); // out of bounds: INVALID
        _rereport(terms, d, INVALID, SEVEN);
        vm.assertTrue(_status(question) == Status.Answered);
        vm.warp(block.timestamp + WINDOW);
        vm.assertTrue(_status(question) == Status.Invalid);
        ladder.punish(terms, d);
        vm.assertEq(slasher.faultOf(d.hash()).times, 0);
    }

    function test_AJuryThatUpholdsACorrectionFindsFault() external {
        Dispute memory d = _dispute(alice, question, 2);
        _rereport(terms, d, 2, SEVEN);
        Dispute memory second = _dispute(bob, question, 1);
        ladder.convene(terms, second);
        _verdict(terms, second, 1);
        _conclude(terms, second);
        (Status status, int96 value,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 2);
        ladder.punish(terms, d);
        TestSlasher.Fault memory fault = slasher.faultOf(d.hash());
        vm.assertTrue(fault.times == 1 && fault.seats == SEVEN && fault.epoch == 2 && fault.challenger == alice);
        vm.assertEq(slasher.faultOf(second.hash()).times, 0);
    }

    /* a captured quorum */

    function test_ACapturedQuorumCannotFlipForGood() external {
        // Seven of ten answered right, object to themselves, and say anew what pays them.
        Dispute memory d = _dispute(alice, question, 2);
        _rereport(terms, d, 2, SEVEN);
        // Whoever objects to that meets no second re-report: only a jury.
        Dispute memory second = _dispute(bob, question, 1);
        vm.assertEq(uint256(second.deposit), 2 * DEPOSIT);
        bytes memory signatures = _signedFor(second, 0, SEVEN);
        uint32 epoch = _epoch();
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_JuryOnly.selector, second.hash()));
        ladder.rereportAgreed(terms, second, epoch, 0, SEVEN, signatures);
        ladder.convene(terms, second); // at once
        _verdict(terms, second, 2);
        _conclude(terms, second);
        (Status status, int96 value,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 1);
        // The flip is punished, the first answer is not.
        vm.assertEq(slasher.faultOf(second.hash()).challenger, bob);
        ladder.punish(terms, d);
        vm.assertEq(slasher.faultOf(d.hash()).times, 0);
    }

    /* three who had not signed */

    function test_TheOthersConfirm() external {
        Dispute memory d = _dispute(alice, question, 2);
        _rereport(terms, d, 1, OTHERS);
        vm.assertTrue(_step(d) == LadderStep.Confirmed);
        vm.assertTrue(_status(question) == Status.Disputed);
        vm.expectRevert(
            abi.encodeWithSelector(ILadder.Ladder_TooSoon.selector, d.hash(), block.timestamp, block.timestamp + APPEAL)
        );
        ladder.conclude(terms, d);
        _conclude(terms, d);
        vm.assertTrue(_status(question) == Status.Final);
        // Half to seven signers, the rest insurance: no jury sat.
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(0))), uint256(125e6) / 7);
        vm.assertEq(uint256(oracle.creditOf(insurance)), 250e6 - 7 * (uint256(125e6) / 7));
        vm.assertEq(slasher.faultOf(d.hash()).times, 0);
        vm.assertEq(uint256(ladder.owed()), 0);
    }

    function test_AConfirmationIsAppealed() external {
        Dispute memory d = _dispute(alice, question, 2);
        _rereport(terms, d, 1, OTHERS);
        vm.prank(bob);
        ladder.appeal(terms, d, 2);
        vm.assertEq(uint256(court.jury().size), 9);
        _verdict(terms, d, 2);
        _conclude(terms, d);
        (Status status, int96 value,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 2);
    }

    function test_TheOthersContradict() external {
        Dispute memory d = _dispute(alice, question, 2);
        _rereport(terms, d, 2, OTHERS);
        vm.assertTrue(_step(d) == LadderStep.Sitting);
        vm.assertEq(court.jury().subject, keccak256(abi.encode(d.hash(), int96(2), bytes32(0))));
        _verdict(terms, d, 2);
        _conclude(terms, d);
        vm.assertEq(slasher.faultOf(d.hash()).challenger, alice);
    }

    function test_AReplacedClaimCostsItsOwnerNothing() external {
        // Three whom somebody holds say 0, so that the true claim, 2, stands nowhere: it ends invalid, and alice has her
        // deposit back but for the jury's pay.
        Dispute memory d = _dispute(alice, question, 2);
        _rereport(terms, d, 0, OTHERS);
        _verdict(terms, d, 3);
        _conclude(terms, d);
        vm.assertTrue(_status(question) == Status.Invalid);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT / 4);
        vm.assertEq(slasher.faultOf(d.hash()).challenger, address(0));
    }

    function test_AReplacedClaimLosesToTheAnswer() external {
        Dispute memory d = _dispute(alice, question, 2);
        _rereport(terms, d, 0, OTHERS);
        _verdict(terms, d, 1);
        _conclude(terms, d);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT);
    }

    function test_RevertWhen_NeitherEnoughNorDisjoint() external {
        Dispute memory d = _dispute(alice, question, 2);
        _notDecisive(d, 1, 0x3f, 3 * STAKE); // six of the same signers once more
        _notDecisive(d, 2, 0x3f, 3 * STAKE); // six tenths, not disjoint
        _notDecisive(d, 2, 0x180, 3 * STAKE); // two
    }

    function test_RevertWhen_AKeyWasRotatedToLookDisjoint() external {
        // Owner 0 signed the answer; under a new key he is no other.
        Dispute memory d = _dispute(alice, question, 2);
        bytes memory possession = _possessionOf(_key(70), _ownerKey(0));
        vm.prank(_ownerKey(0));
        stakes.rotateSigner(_signer(70), possession);
        stakes.advanceEpoch(0);
        bytes memory signatures = bytes.concat(
            _sign(_key(70), question, 2, _epoch(), 1),
            _sign(_key(7), question, 2, _epoch(), 1),
            _sign(_key(8), question, 2, _epoch(), 1)
        );
        uint32 epoch = _epoch();
        vm.expectRevert(
            abi.encodeWithSelector(ILadder.Ladder_NotDecisive.selector, d.hash(), 3 * STAKE, 3 * uint256(STAKE))
        );
        ladder.rereportAgreed(terms, d, epoch, 2, 1 | 1 << 7 | 1 << 8, signatures);
    }

    /* refusals */

    function test_RevertWhen_TheTimeIsOver() external {
        Dispute memory d = _dispute(alice, question, 2);
        bytes memory signatures = _signedFor(d, 2, SEVEN);
        uint40 until = uint40(block.timestamp) + REREPORT;
        vm.warp(until);
        uint32 epoch = _epoch();
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_TooLate.selector, d.hash(), until, until));
        ladder.rereportAgreed(terms, d, epoch, 2, SEVEN, signatures);
    }

    function test_TimeStopsWhilePaused() external {
        Dispute memory d = _dispute(alice, question, 2);
        pauses.pause(2 days);
        vm.warp(block.timestamp + 2 days + REREPORT - 1);
        vm.expectPartialRevert(ILadder.Ladder_TooSoon.selector);
        ladder.convene(terms, d);
        _rereport(terms, d, 2, SEVEN);
        vm.assertTrue(_step(d) == LadderStep.Corrected);
    }

    function test_RevertWhen_TheEpochChangedMidRound() external {
        Dispute memory d = _dispute(alice, question, 2);
        bytes memory signatures = _signedFor(d, 2, SEVEN);
        _join(10, 2 * STAKE);
        vm.warp(block.timestamp + REREPORT - 1);
        stakes.advanceEpoch(0);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_StaleEpoch.selector, 2, 3));
        ladder.rereportAgreed(terms, d, 2, 2, SEVEN, signatures);
        // Signed for the new set it counts; who signed first is known by owner.
        _rereport(terms, d, 2, 0x1ff);
        vm.assertTrue(_step(d) == LadderStep.Corrected);
    }

    function test_RevertWhen_SignaturesAreOfAnEarlierRound() external {
        Dispute memory d = _dispute(alice, question, 2);
        bytes memory signatures;
        for (uint256 seat; seat < 7; ++seat) {
            signatures = bytes.concat(signatures, _sign(_key(seat), question, 2, _epoch(), 0));
        }
        uint32 epoch = _epoch();
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 0));
        ladder.rereportAgreed(terms, d, epoch, 2, SEVEN, signatures);
    }

    function test_RevertWhen_TheNewValueIsOutOfBounds() external {
        Dispute memory d = _dispute(alice, question, 2);
        bytes memory signatures = _signedFor(d, 3, SEVEN);
        uint32 epoch = _epoch();
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_OutOfBounds.selector, question, 3));
        ladder.rereportAgreed(terms, d, epoch, 3, SEVEN, signatures);
    }

    function test_RevertWhen_ReportedAnewTwice() external {
        Dispute memory d = _dispute(alice, question, 2);
        _rereport(terms, d, 1, OTHERS);
        bytes memory signatures = _signedFor(d, 2, SEVEN);
        uint32 epoch = _epoch();
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_WrongStage.selector, d.hash(), LadderStep.Confirmed));
        ladder.rereportAgreed(terms, d, epoch, 2, SEVEN, signatures);
    }

    function test_RevertWhen_StakeIsFreeBeforeTheLadderEnds() external {
        // Twice a doubled window and the time to report anew, then all the way up, and one veto; in these 13.6 days five
        // pauses may begin.
        uint256 wanted = _longest() + 5 * 72 hours;
        TestJurors short = new TestJurors(stakes, uint40(wanted - 1));
        LadderWindows memory windows = _windows();
        bytes memory code = _ladderCode(address(oracle), address(short), address(wires), insurance, windows);
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_BadWindows.selector, wanted - 1, wanted));
        _create(code);
        short = new TestJurors(stakes, uint40(wanted));
        _create(_ladderCode(address(oracle), address(short), address(wires), insurance, windows));
    }

    /// Every window to its last second: corrected, confirmed where no jury can be drawn, appealed, and all the way up.
    function test_TheLongestWayEndsWhileTheSignersAreBound() external {
        _seal(address(0), address(0));
        vm.prank(address(guard));
        stakes.slow(type(uint32).max);
        terms.nonce = 1;
        terms.liveness = 2 days;
        terms.opensAt = uint40(block.timestamp);
        terms.deadline = terms.opensAt + 30 days;
        question = _ask(terms);
        vm.prank(asker);
        oracle.setWatcher(terms, stranger);
        _agree(terms, 1, SEVEN);
        uint256 from = block.timestamp;
        vm.prank(stranger);
        oracle.veto(terms, 0);

        vm.warp(_word(question).finalizeAt() - 1);
        Dispute memory first = _dispute(alice, question, 2);
        vm.warp(first.at + REREPORT - 1);
        _rereport(terms, first, 2, SEVEN);
        vm.warp(_word(question).finalizeAt() - 1);
        Dispute memory d = _dispute(bob, question, 0);
        vm.warp(d.at + REREPORT - 1);
        court.setEmpty(true);
        _rereport(terms, d, 2, SEVEN);
        court.setEmpty(false);
        for (uint256 tier; tier < 3; ++tier) {
            vm.warp(ladder.caseOf(d.hash()).until - 1);
            vm.prank(bob);
            ladder.appeal(terms, d, tier == 1 ? 1 : 2);
            vm.warp(block.timestamp + _windows().jury);
            _verdict(terms, d, tier == 0 ? 2 : 1);
        }
        ladder.conclude(terms, d);
        ladder.punish(terms, first);

        vm.assertEq(slasher.faultOf(first.hash()).times, 1);
        // Seven times it was a second less than the whole window.
        vm.assertEq(block.timestamp + 7 - from, _longest());
    }

    /// @dev Without pauses.
    function _longest() private pure returns (uint256) {
        return 2 * (4 days + REREPORT) + 3 * (uint256(_windows().jury) + APPEAL) + 1 days;
    }

    function _notDecisive(Dispute memory d, int96 value, uint256 seats, uint256 rest) private {
        uint256 weight;
        for (uint256 seat; seat < 10; ++seat) {
            if (seats >> seat & 1 == 1) weight += STAKE;
        }
        bytes memory signatures = _signedFor(d, value, seats);
        uint32 epoch = _epoch();
        vm.expectRevert(abi.encodeWithSelector(ILadder.Ladder_NotDecisive.selector, d.hash(), weight, rest));
        ladder.rereportAgreed(terms, d, epoch, value, seats, signatures);
    }
}
