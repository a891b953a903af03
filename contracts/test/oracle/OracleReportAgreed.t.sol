// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, INVALID, TOO_EARLY} from "../../src/oracle/AnswerWord.sol";
import {IOracle, Question, Status} from "../../src/oracle/IOracle.sol";
import {Stage} from "../Stage.sol";

contract OracleReportAgreedTest is Stage {
    Question private terms;
    bytes32 private question;

    function setUp() public override {
        super.setUp();
        terms = _categorical(3);
        question = _ask(terms);
        vm.warp(terms.opensAt);
    }

    /* a value */

    function test_AnswersWithWhatAllSigned() external {
        bytes memory signatures = _cosigned(question, 2, 0xd);
        vm.recordLogs();
        oracle.reportAgreed(terms, 1, 2, 0xd, signatures);
        AnswerWord word = _word(question);
        vm.assertEq(vm.getRecordedLogs()[0].data, abi.encode(word, signatures));
        vm.assertEq(int256(word.value()), 2);
        vm.assertEq(uint256(word.seats()), 0xd);
        vm.assertEq(uint256(word.confidence()), 7_500);
    }

    function test_AnswersANumber() external {
        Question memory number = _numeric();
        bytes32 id = _ask(number);
        _agree(number, -999, 0xf);
        vm.assertEq(int256(_word(id).value()), -999);
        vm.assertEq(uint256(_word(id).confidence()), 10_000);
    }

    function test_RevertWhen_OutOfBounds() external {
        bytes memory signatures = _cosigned(question, 3, 7);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_OutOfBounds.selector, question, 3));
        oracle.reportAgreed(terms, 1, 3, 7, signatures);
    }

    function test_RevertWhen_OnlyHalfSigned() external {
        bytes memory signatures = _cosigned(question, 1, 3);
        vm.expectRevert(
            abi.encodeWithSelector(IOracle.Oracle_NoQuorum.selector, question, 2 * STAKE, 4 * uint256(STAKE))
        );
        oracle.reportAgreed(terms, 1, 1, 3, signatures);
    }

    function test_RevertWhen_ASignatureIsMissingOrTooMany() external {
        bytes memory signatures = _cosigned(question, 1, 7);
        bytes memory why = abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "length");
        vm.expectRevert(why);
        oracle.reportAgreed(terms, 1, 1, 15, signatures);
        vm.expectRevert(why);
        oracle.reportAgreed(terms, 1, 1, 3, signatures);
        vm.expectRevert(why);
        oracle.reportAgreed(terms, 1, 1, 7, bytes.concat(signatures, hex"00"));
    }

    function test_RevertWhen_SeatIsOutOfRange() external {
        bytes memory signatures = _cosigned(question, 1, 7 | 1 << 4);
        bytes memory why = abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "seat");
        vm.expectRevert(why);
        oracle.reportAgreed(terms, 1, 1, 7 | 1 << 4, signatures);
        vm.expectRevert(why);
        oracle.reportAgreed(terms, 1, 1, 7 | 1 << 255, signatures);
    }

    function test_RevertWhen_SeatsAreSwapped() external {
        bytes memory signatures = _cosigned(question, 1, 7);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 3));
        oracle.reportAgreed(terms, 1, 1, 11, signatures);
    }

    function test_RevertWhen_ASignatureIsZero() external {
        bytes memory signatures = bytes.concat(_cosigned(question, 1, 3), new bytes(64));
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 2));
        oracle.reportAgreed(terms, 1, 1, 7, signatures);
    }

    function testFuzz_RevertWhen_AnyByteIsChanged(uint256 position, uint8 flip) external {
        bytes memory signatures = _cosigned(question, 1, 7);
        vm.assume(flip != 0);
        signatures[_bound(position, 0, signatures.length - 1)] ^= bytes1(flip);
        vm.expectRevert();
        oracle.reportAgreed(terms, 1, 1, 7, signatures);
    }

    /* too early */

    function test_TooEarlyReopens() external {
        bytes memory signatures = _cosigned(question, TOO_EARLY, 7);
        uint40 notBefore = terms.opensAt + LIVENESS;
        vm.expectEmit(address(oracle));
        emit IOracle.Reopened(question, 1, 1, notBefore, 7, signatures);
        oracle.reportAgreed(terms, 1, TOO_EARLY, 7, signatures);
        (Status status,, uint40 at,) = oracle.get(question);
        vm.assertTrue(status == Status.Open);
        vm.assertEq(uint256(at), notBefore);
        vm.assertEq(uint256(_word(question).round()), 1);
    }

    function test_RevertWhen_ReportedBeforeTheNewTime() external {
        _agree(terms, TOO_EARLY, 7);
        bytes memory signatures = _cosigned(question, 1, 7);
        vm.warp(terms.opensAt + LIVENESS - 1);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_TooEarly.selector, question, terms.opensAt + LIVENESS));
        oracle.reportAgreed(terms, 1, 1, 7, signatures);
    }

    function test_RevertWhen_OldRoundsSignaturesReturn() external {
        bytes memory early = _cosigned(question, TOO_EARLY, 7);
        bytes memory yes = _cosigned(question, 1, 7);
        oracle.reportAgreed(terms, 1, TOO_EARLY, 7, early);
        vm.warp(terms.opensAt + LIVENESS);
        bytes memory why = abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 0);
        vm.expectRevert(why);
        oracle.reportAgreed(terms, 1, TOO_EARLY, 7, early);
        vm.expectRevert(why);
        oracle.reportAgreed(terms, 1, 1, 7, yes);
        _agree(terms, 1, 7);
        vm.assertEq(uint256(_word(question).round()), 1);
    }

    function test_TheNewTimeNeverPassesTheDeadline() external {
        vm.warp(terms.deadline - 1);
        _agree(terms, TOO_EARLY, 7);
        vm.assertEq(uint256(_word(question).notBefore()), terms.deadline);
        vm.warp(terms.deadline);
        _agree(terms, 1, 7);
        vm.assertTrue(_status(question) == Status.Answered);
    }

    function test_RevertWhen_RoundsRunOut() external {
        Question memory quick = _categorical(2);
        quick.liveness = 60;
        bytes32 id = _ask(quick);
        for (uint256 i; i < 255; ++i) {
            _agree(quick, TOO_EARLY, 7);
            vm.warp(block.timestamp + 60);
        }
        bytes memory signatures = _cosigned(id, TOO_EARLY, 7);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, id, "round"));
        oracle.reportAgreed(quick, 1, TOO_EARLY, 7, signatures);
        _agree(quick, 1, 7);
        vm.assertEq(uint256(_word(id).round()), 255);
    }

    /* invalid */

    function test_InvalidStandsAfterTheLiveness() external {
        _agree(terms, INVALID, 0xf);
        vm.assertTrue(_status(question) == Status.Answered);
        vm.warp(terms.opensAt + LIVENESS);
        (Status status, int96 value, uint40 at, uint16 confidence) = oracle.get(question);
        vm.assertTrue(status == Status.Invalid);
        vm.assertEq(int256(value), INVALID);
        vm.assertEq(uint256(at), terms.opensAt + LIVENESS);
        vm.assertEq(uint256(confidence), 10_000);
    }

    function test_AgreedAndOwnValueGiveTheSameAnswer() external {
        Question memory other = _categorical(3);
        other.nonce = 1;
        bytes32 id = _ask(other);
        _agree(terms, 2, 7);
        oracle.reportValues(other, 1, _entries(id, _values(2, 2, 2)));
        vm.assertTrue(AnswerWord.unwrap(_word(question)) == AnswerWord.unwrap(_word(id)));
    }
}
