// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, INVALID, TOO_EARLY} from "../../src/oracle/AnswerWord.sol";
import {Aggregation, IOracle, Question, Status} from "../../src/oracle/IOracle.sol";
import {Stage} from "../Stage.sol";

contract OracleTermsTest is Stage {
    Question private terms;
    bytes32 private question;

    function setUp() public override {
        super.setUp();
        terms = _categorical(3);
    }

    /* secures */

    function test_DepositIsHalfAPercentOfWhatItSecures() external {
        _asked(300e6);
        vm.assertEq(uint256(oracle.depositFor(question)), 0);
        vm.warp(terms.opensAt);
        _agree(terms, 1, 7);
        vm.assertEq(uint256(_word(question).deposit()), 250);
        vm.assertEq(uint256(oracle.depositFor(question)), 250e6);
        vm.warp(block.timestamp + WINDOW);
        vm.assertEq(uint256(oracle.depositFor(question)), 0);
    }

    function test_RevertWhen_SignersHoldLessThanThreeTimesWhatItSecures() external {
        _asked(999e6); // 3 * 999 < 3,000 signed
        vm.warp(terms.opensAt);
        _agree(terms, 1, 7);
        terms.nonce = 1;
        _asked(999e6 + 600e6); // above the tier, so INVALID is what can still be said without commitments
        bytes memory signatures = _cosigned(question, INVALID, 7);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_Undersecured.selector, question, 3_000e6, 3 * 1_599e6));
        oracle.reportAgreed(terms, 1, INVALID, 7, signatures);
        // To say that it is too early decides nothing that money depends on.
        _agree(terms, TOO_EARLY, 7);
    }

    /* ends early */

    function test_RevertWhen_ReportedEarlyThoughItCannotEnd() external {
        _asked(0);
        bytes memory signatures = _cosigned(question, 1, 15);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_TooEarly.selector, question, terms.opensAt));
        oracle.reportAgreed(terms, 1, 1, 15, signatures);
    }

    function test_EndsEarlyByNineTenthsOfAllWeight() external {
        terms.endsEarly = true;
        _asked(0);
        bytes memory signatures = _cosigned(question, 1, 7);
        vm.expectRevert(
            abi.encodeWithSelector(IOracle.Oracle_NoQuorum.selector, question, 3 * STAKE, 4 * uint256(STAKE))
        );
        oracle.reportAgreed(terms, 1, 1, 7, signatures);
        _agree(terms, 1, 15);
        vm.assertTrue(_status(question) == Status.Answered);
        vm.assertEq(uint256(_word(question).finalizeAt()), START + LIVENESS);
    }

    function test_OwnValuesEndItEarlyToo() external {
        terms = _numeric();
        terms.endsEarly = true;
        _asked(0);
        bytes memory three = _entries(question, _values(1, 2, 3));
        vm.expectRevert(
            abi.encodeWithSelector(IOracle.Oracle_NoQuorum.selector, question, 3 * STAKE, 4 * uint256(STAKE))
        );
        oracle.reportValues(terms, 1, three);
        oracle.reportValues(terms, 1, bytes.concat(three, _entry(3, question, 4)));
        vm.assertEq(int256(_word(question).value()), 2);
    }

    function test_RevertWhen_TooEarlyIsSaidBeforeItOpens() external {
        // It would move the time, and let two thirds answer before opensAt.
        terms.endsEarly = true;
        _asked(0);
        bytes memory signatures = _cosigned(question, TOO_EARLY, 15);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_TooEarly.selector, question, terms.opensAt));
        oracle.reportAgreed(terms, 1, TOO_EARLY, 15, signatures);
    }

    function test_RevertWhen_ReportedEarlyAfterAReopening() external {
        terms.endsEarly = true;
        _asked(0);
        vm.warp(terms.opensAt);
        _agree(terms, TOO_EARLY, 7);
        bytes memory signatures = _cosigned(question, 1, 15);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_TooEarly.selector, question, terms.opensAt + LIVENESS));
        oracle.reportAgreed(terms, 1, 1, 15, signatures);
    }

    /* clarify */

    function test_ClarifyOpensARound() external {
        _asked(0);
        bytes memory old = _cosigned(question, 1, 7);
        bytes16 first = bytes16(uint128(uint256(keccak256(abi.encode(bytes16(0), "one"))) >> 128));
        vm.expectEmit(address(oracle));
        emit IOracle.Clarified(question, 1, first, "one");
        _clarify("one");
        _clarify("two");
        AnswerWord word = _word(question);
        vm.assertEq(
            bytes32(word.chainOf()), bytes32(bytes16(uint128(uint256(keccak256(abi.encode(first, "two"))) >> 128)))
        );
        vm.assertEq(uint256(word.clarifications()), 2);
        vm.assertEq(uint256(word.round()), 2);
        vm.assertEq(uint256(word.deadline()), terms.deadline);
        vm.assertEq(uint256(word.notBefore()), terms.opensAt);
        // Whoever signed before read another question.
        vm.warp(terms.opensAt);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 0));
        oracle.reportAgreed(terms, 1, 1, 7, old);
        _agree(terms, 1, 7);
        vm.assertEq(uint256(_word(question).seats()), 7);
    }

    function test_ClarificationsStayWhenItIsTooEarly() external {
        _asked(0);
        _clarify("one");
        bytes16 chain = _word(question).chainOf();
        vm.warp(terms.opensAt);
        _agree(terms, TOO_EARLY, 7);
        vm.assertEq(bytes32(_word(question).chainOf()), bytes32(chain));
        vm.assertEq(uint256(_word(question).clarifications()), 1);
    }

    function test_RevertWhen_AnotherClarifies() external {
        _asked(0);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotAsker.selector, asker, stranger));
        vm.prank(stranger);
        oracle.clarify(terms, "one");
    }

    function test_RevertWhen_ClarifiedAfterItOpened() external {
        _asked(0);
        vm.warp(terms.opensAt);
        _unclear("late", "one");
    }

    function test_RevertWhen_ClarifiedSeventeenTimes() external {
        _asked(0);
        for (uint256 i; i < 16; ++i) {
            _clarify("more");
        }
        _unclear("count", "more");
    }

    function test_RevertWhen_TheTextIsEmptyOrHuge() external {
        _asked(0);
        _unclear("length", "");
        _unclear("length", string(new bytes(4_097)));
    }

    function test_RevertWhen_ClarifiedThoughAnswered() external {
        terms.endsEarly = true;
        _asked(0);
        _agree(terms, 1, 15);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotOpen.selector, question, Status.Answered));
        vm.prank(asker);
        oracle.clarify(terms, "one");
    }

    /* commitments */

    function test_TopTierRevealsWhatItCommitted() external {
        (bytes memory entries, bytes32[] memory batch, bytes memory openings) = _topTier();
        _commit(keccak256(abi.encodePacked(batch)), 7);
        vm.warp(block.timestamp + 10 minutes);
        oracle.reportCommitted(terms, 1, entries, batch, openings);
        vm.assertEq(int256(_word(question).value()), 2);
    }

    function test_RevertWhen_TopTierDidNotCommit() external {
        (bytes memory entries, bytes32[] memory batch, bytes memory openings) = _topTier();
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_CommitFirst.selector, question));
        oracle.reportValues(terms, 1, entries);
        bytes memory signatures = _cosigned(question, 2, 15);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_CommitFirst.selector, question));
        oracle.reportAgreed(terms, 1, 2, 15, signatures);
        vm.warp(block.timestamp + 10 minutes);
        vm.expectRevert(
            abi.encodeWithSelector(IOracle.Oracle_NotCommitted.selector, question, keccak256(abi.encodePacked(batch)))
        );
        oracle.reportCommitted(terms, 1, entries, batch, openings);
    }

    function test_RevertWhen_ItIsTheOtherPhase() external {
        (bytes memory entries, bytes32[] memory batch, bytes memory openings) = _topTier();
        bytes32 chained = keccak256(abi.encodePacked(batch));
        _commit(chained, 7);
        uint256 until = block.timestamp + 10 minutes;
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_WrongPhase.selector, question, until));
        oracle.reportCommitted(terms, 1, entries, batch, openings);
        vm.warp(until);
        bytes memory signatures = _signedBatch(chained, 7);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_WrongPhase.selector, question, until + 10 minutes));
        oracle.commitReports(terms, 1, chained, 7, signatures);
        // A phase later the batch is worthless: by then anybody could have copied what was revealed.
        vm.warp(until + 20 minutes);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotCommitted.selector, question, chained));
        oracle.reportCommitted(terms, 1, entries, batch, openings);
    }

    function test_RevertWhen_ClarifiedAfterCommitments() external {
        terms.endsEarly = true;
        (bytes memory entries, bytes32[] memory batch, bytes memory openings) = _topTier();
        vm.warp(START / 1200 * 1200 + 1200);
        bytes32 chained = keccak256(abi.encodePacked(batch));
        _commit(chained, 7);
        _clarify("one");
        vm.warp(block.timestamp + 10 minutes);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotCommitted.selector, question, chained));
        oracle.reportCommitted(terms, 1, entries, batch, openings);
    }

    function test_RevertWhen_AnOpeningIsAnother() external {
        (bytes memory entries, bytes32[] memory batch, bytes memory openings) = _topTier();
        _commit(keccak256(abi.encodePacked(batch)), 7);
        vm.warp(block.timestamp + 10 minutes);
        bytes memory short = _cut(openings);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "openings"));
        oracle.reportCommitted(terms, 1, entries, batch, short);
        openings[0] = 0x04; // beyond the batch
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotCommitted.selector, question, batch[0]));
        oracle.reportCommitted(terms, 1, entries, batch, openings);
        openings[0] = 0x01; // another's
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotCommitted.selector, question, batch[0]));
        oracle.reportCommitted(terms, 1, entries, batch, openings);
    }

    function test_RevertWhen_CommittedThoughNotOpen() external {
        bytes32 unknown = oracle.idOf(terms);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotOpen.selector, unknown, Status.Unknown));
        oracle.commitReports(terms, 1, 0, 7, "");
    }

    /// @dev A batch is a quorum's: a seat cannot post others of his own, with one commitment for each choice.
    function test_RevertWhen_ABatchIsNoQuorums() external {
        (,, bytes memory openings) = _topTier();
        bytes32 options = keccak256(openings);
        bytes memory one = _signedBatch(options, 4);
        vm.expectPartialRevert(IOracle.Oracle_NoQuorum.selector);
        oracle.commitReports(terms, 1, options, 4, one);
        bytes memory two = _signedBatch(options, 6);
        vm.expectPartialRevert(IOracle.Oracle_NoQuorum.selector);
        oracle.commitReports(terms, 1, options, 6, two);
    }

    function test_RevertWhen_ABatchWasSignedForAnotherPhase() external {
        (, bytes32[] memory batch,) = _topTier();
        bytes32 chained = keccak256(abi.encodePacked(batch));
        bytes memory signatures = _signedBatch(chained, 7);
        vm.warp(block.timestamp + 20 minutes);
        vm.expectPartialRevert(IOracle.Oracle_BadSignature.selector);
        oracle.commitReports(terms, 1, chained, 7, signatures);
    }

    /// @dev Whoever is quicker could leave out whom he likes, and make him miss.
    function test_RevertWhen_ABatchIsTrimmedInTheFirstHalf() external {
        (bytes memory entries, bytes32[] memory batch, bytes memory openings) = _topTier();
        _commit(keccak256(abi.encodePacked(batch)), 7);
        vm.warp(block.timestamp + 10 minutes);
        bytes memory three = _first(entries, entries.length / 4 * 3);
        bytes memory opened = _first(openings, openings.length / 4 * 3);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "part"));
        oracle.reportCommitted(terms, 1, three, batch, opened);
        // Later who does not open holds up nobody.
        vm.warp(block.timestamp + 5 minutes);
        oracle.reportCommitted(terms, 1, three, batch, opened);
        vm.assertEq(int256(_word(question).value()), 2);
    }

    /* helpers */

    function _asked(uint96 secures) private {
        terms.secures = secures;
        question = _ask(terms);
    }

    function _clarify(string memory text) private {
        vm.prank(asker);
        oracle.clarify(terms, text);
    }

    function _unclear(string memory what, string memory text) private {
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadClarification.selector, question, what));
        vm.prank(asker);
        oracle.clarify(terms, text);
    }

    /// @dev All four report 1, 2, 3, 4 to a question of the top tier; it is time to commit.
    function _topTier() private returns (bytes memory entries, bytes32[] memory batch, bytes memory openings) {
        bool early = terms.endsEarly;
        terms = _numeric();
        terms.endsEarly = early;
        _asked(1_000e6);
        if (!early) vm.warp(terms.opensAt / 1200 * 1200 + 1200);
        batch = new bytes32[](4);
        for (uint256 seat; seat < 4; ++seat) {
            int96 value = int96(uint96(seat)) + 1;
            bytes32 salt = keccak256(abi.encode(seat));
            entries = bytes.concat(entries, _entry(seat, question, value));
            batch[seat] = keccak256(abi.encode(question, uint32(1), uint8(0), uint8(seat), value, salt));
            openings = bytes.concat(openings, abi.encodePacked(uint8(seat), salt));
        }
        // 4,000 signed do secure 1,000 three times.
        vm.assertTrue(terms.aggregation == Aggregation.Median);
    }

    function _commit(bytes32 chained, uint256 seats) private {
        bytes memory signatures = _signedBatch(chained, seats);
        oracle.commitReports(terms, 1, chained, seats, signatures);
    }

    function _signedBatch(bytes32 chained, uint256 seats) private view returns (bytes memory) {
        bytes32 bound = keccak256(abi.encode(question, block.timestamp / 20 minutes));
        return _signedRoot(bound, chained, seats, _word(question).round());
    }

    function _cut(bytes memory from) private pure returns (bytes memory) {
        return _first(from, from.length - 1);
    }

    function _first(bytes memory from, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i; i < length; ++i) {
            part[i] = from[i];
        }
    }
}
