// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, INVALID, TOO_EARLY} from "../../src/oracle/AnswerWord.sol";
import {IOracle, Question, Status} from "../../src/oracle/IOracle.sol";
import {IBuiltOracle} from "../Deployed.sol";
import {Stage} from "../Stage.sol";

contract OracleReportValuesTest is Stage {
    /// @dev Of the group secp256k1.
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    Question private terms;
    bytes32 private question;

    function setUp() public override {
        super.setUp();
        terms = _numeric();
        question = _ask(terms);
        vm.warp(terms.opensAt);
    }

    /* when it may not be reported */

    function test_RevertWhen_QuestionIsUnknown() external {
        Question memory other = _numeric();
        other.nonce = 77;
        bytes memory entries = _entries(oracle.idOf(other), _values(1, 2, 3));
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotOpen.selector, oracle.idOf(other), Status.Unknown));
        oracle.reportValues(other, 1, entries);
    }

    function test_RevertWhen_BeforeOpensAt() external {
        bytes memory entries = _entries(question, _values(1, 2, 3));
        vm.warp(terms.opensAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_TooEarly.selector, question, terms.opensAt));
        oracle.reportValues(terms, 1, entries);
    }

    function test_RevertWhen_AfterTheDeadline() external {
        bytes memory entries = _entries(question, _values(1, 2, 3));
        vm.warp(terms.deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_DeadlinePassed.selector, question, terms.deadline));
        oracle.reportValues(terms, 1, entries);
    }

    function test_AcceptedAtTheDeadline() external {
        bytes memory entries = _entries(question, _values(1, 2, 3));
        vm.warp(terms.deadline);
        oracle.reportValues(terms, 1, entries);
        vm.assertTrue(_status(question) == Status.Answered);
    }

    function test_RevertWhen_AnsweredBefore() external {
        bytes memory entries = _entries(question, _values(1, 2, 3));
        oracle.reportValues(terms, 1, entries);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotOpen.selector, question, Status.Answered));
        oracle.reportValues(terms, 1, entries);
        vm.warp(block.timestamp + WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotOpen.selector, question, Status.Final));
        oracle.reportValues(terms, 1, entries);
    }

    function test_RevertWhen_EpochIsStale() external {
        bytes memory entries = _entries(question, _values(1, 2, 3));
        _join(10, STAKE);
        stakes.advanceEpoch(0);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_StaleEpoch.selector, 1, 2));
        oracle.reportValues(terms, 1, entries);
        // And the same signatures do not pass for the new epoch.
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 0));
        oracle.reportValues(terms, 2, entries);
    }

    /* when the entries are malformed */

    function test_RevertWhen_Empty() external {
        _refused("", abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "length"));
    }

    function test_RevertWhen_BytesTrail() external {
        bytes memory entries = bytes.concat(_entries(question, _values(1, 2, 3)), hex"00");
        _refused(entries, abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "length"));
    }

    function test_RevertWhen_Unsorted() external {
        bytes memory entries = _entries(question, _values(3, 2, 1));
        _refused(entries, abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "order"));
    }

    function test_RevertWhen_ASeatReportsTwice() external {
        bytes memory entries = bytes.concat(_entry(0, question, 1), _entry(1, question, 1), _entry(0, question, 2));
        _refused(entries, abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "seat twice"));
    }

    function test_RevertWhen_SeatIsOutOfRange() external {
        bytes memory entries = bytes.concat(_entries(question, _values(1, 2, 3)), _entry(4, question, 4));
        _refused(entries, abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "seat"));
        entries[77 * 3] = 0xff;
        _refused(entries, abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "seat"));
    }

    function test_RevertWhen_OutOfBounds() external {
        _refused(
            _entries(question, _values(-1_001, 2, 3)),
            abi.encodeWithSelector(IOracle.Oracle_OutOfBounds.selector, question, -1_001)
        );
        _refused(
            _entries(question, _values(1, 2, 1_001)),
            abi.encodeWithSelector(IOracle.Oracle_OutOfBounds.selector, question, 1_001)
        );
    }

    function test_RevertWhen_AValueIsASentinel() external {
        _refused(
            _entries(question, _values(TOO_EARLY, 2, 3)),
            abi.encodeWithSelector(IOracle.Oracle_OutOfBounds.selector, question, TOO_EARLY)
        );
        _refused(
            _entries(question, _values(INVALID, 2, 3)),
            abi.encodeWithSelector(IOracle.Oracle_OutOfBounds.selector, question, INVALID)
        );
    }

    /* when a signature is not the seat's */

    function test_RevertWhen_SignedByAStranger() external {
        bytes memory entries = bytes.concat(
            _entry(0, question, 1),
            _entry(1, question, 2),
            abi.encodePacked(uint8(2), int96(3), _sign(0xBAD, question, 3, 1, 0))
        );
        _refused(entries, abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 2));
    }

    function test_RevertWhen_SignatureIsZero() external {
        // A failed recovery gives the zero address, which must be nobody.
        bytes memory entries = bytes.concat(
            _entry(0, question, 1), _entry(1, question, 2), abi.encodePacked(uint8(2), int96(3), new bytes(64))
        );
        _refused(entries, abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 2));
    }

    function test_RevertWhen_SignatureIsMirrored() external {
        (bytes32 r, bytes32 vs) = vm.signCompact(_key(2), oracle.reportDigest(question, 3, 1, 0));
        uint256 s = ORDER - (uint256(vs) << 1 >> 1);
        uint256 parity = (uint256(vs) >> 255) ^ 1;
        bytes memory entries = bytes.concat(
            _entry(0, question, 1),
            _entry(1, question, 2),
            abi.encodePacked(uint8(2), int96(3), r, bytes32(s | parity << 255))
        );
        _refused(entries, abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 2));
    }

    function test_RevertWhen_SignedForAnotherChain() external {
        vm.chainId(10);
        bytes memory entries = _entries(question, _values(1, 2, 3));
        vm.chainId(31_337);
        _refused(entries, abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 0));
    }

    function test_RevertWhen_SignedForAnotherOracle() external {
        IBuiltOracle here = oracle;
        oracle = _newOracle(address(dollar), _limits());
        bytes memory entries = _entries(question, _values(1, 2, 3));
        oracle = here;
        _refused(entries, abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 0));
    }

    function test_RevertWhen_SignedForAnotherValue() external {
        bytes memory entries = _entries(question, _values(1, 2, 3));
        entries[12] = bytes1(uint8(2)); // the lowest byte of the first value, 1 becomes 2
        _refused(entries, abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 0));
    }

    function testFuzz_RevertWhen_AnyByteIsChanged(uint256 position, uint8 flip) external {
        bytes memory entries = _entries(question, _values(1, 2, 3));
        position = _bound(position, 0, entries.length - 1);
        vm.assume(flip != 0);
        entries[position] ^= bytes1(flip);
        vm.expectRevert();
        oracle.reportValues(terms, 1, entries);
    }

    /* when too few report */

    function test_RevertWhen_OnlyTwoThirds() external {
        // Two of three equal seats is exactly two thirds, and not more.
        vm.prank(_ownerKey(3));
        stakes.leave();
        stakes.advanceEpoch(0);
        bytes memory two = bytes.concat(_entry(0, question, 1), _entry(1, question, 2));
        vm.expectRevert(
            abi.encodeWithSelector(IOracle.Oracle_NoQuorum.selector, question, 2 * STAKE, 3 * uint256(STAKE))
        );
        oracle.reportValues(terms, 2, two);
    }

    function test_RevertWhen_NobodyIsSeated() external {
        for (uint256 i; i < SEATS; ++i) {
            vm.prank(_ownerKey(i));
            stakes.leave();
        }
        stakes.advanceEpoch(0);
        bytes memory entries = _entries(question, _values(1, 2, 3));
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "seat"));
        oracle.reportValues(terms, 2, entries);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NoQuorum.selector, question, 0, 0));
        oracle.reportAgreed(terms, 2, 1, 0, "");
    }

    function test_RevertWhen_NoValueHoldsHalfOfAllWeight() external {
        Question memory bool_ = _categorical(2);
        bytes32 id = _ask(bool_);
        bytes memory split = bytes.concat(_entry(0, id, 0), _entry(1, id, 0), _entry(2, id, 1), _entry(3, id, 1));
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NoQuorum.selector, id, 2 * STAKE, 4 * uint256(STAKE)));
        oracle.reportValues(bool_, 1, split);
    }

    /* when a quorum reports */

    function test_AnswersWithTheMedian() external {
        bytes memory entries = _entries(question, _values(-3, 8, 200));
        vm.recordLogs();
        vm.prank(stranger);
        oracle.reportValues(terms, 1, entries);
        AnswerWord word = _word(question);
        vm.assertEq(vm.getRecordedLogs()[0].data, abi.encode(word, entries));
        vm.assertEq(int256(word.value()), 8);
        vm.assertEq(uint256(word.finalizeAt()), terms.opensAt + WINDOW);
        vm.assertEq(uint256(word.confidence()), 2_500); // of four, only the median itself is within 10
        vm.assertEq(uint256(word.seats()), 7);
        vm.assertEq(uint256(word.epoch()), 1);
        vm.assertEq(uint256(word.round()), 0);
    }

    function test_AnswersWithThePlurality() external {
        Question memory bool_ = _categorical(2);
        bytes32 id = _ask(bool_);
        bytes memory entries = bytes.concat(_entry(3, id, 0), _entry(0, id, 1), _entry(1, id, 1), _entry(2, id, 1));
        oracle.reportValues(bool_, 1, entries);
        vm.assertEq(int256(_word(id).value()), 1);
        vm.assertEq(uint256(_word(id).confidence()), 7_500);
        vm.assertEq(uint256(_word(id).seats()), 15);
    }

    function test_FinalByTimeAlone() external {
        oracle.reportValues(terms, 1, _entries(question, _values(1, 2, 3)));
        vm.warp(terms.opensAt + WINDOW - 1);
        vm.assertTrue(_status(question) == Status.Answered);
        vm.warp(terms.opensAt + WINDOW);
        (Status status, int96 value, uint40 at, uint16 confidence) = oracle.get(question);
        vm.assertTrue(status == Status.Final);
        vm.assertEq(int256(value), 2);
        vm.assertEq(uint256(at), terms.opensAt + WINDOW);
        vm.assertEq(uint256(confidence), 7_500);
    }

    function testFuzz_EqualsMayComeInAnyOrder(uint8 order, int96 value) external {
        value = int96(_boundInt(value, -1_000, 1_000));
        uint256 first = order % 4;
        uint256 second = (first + 1 + order / 4 % 3) % 4;
        uint256 third = 6 - first - second;
        third = third > 3 || third == first || third == second ? (first + second + 1) % 4 : third;
        while (third == first || third == second) third = (third + 1) % 4;
        bytes memory entries = bytes.concat(
            _entry(first, question, value), _entry(second, question, value), _entry(third, question, value)
        );
        oracle.reportValues(terms, 1, entries);
        vm.assertEq(int256(_word(question).value()), value);
    }

    function _refused(bytes memory entries, bytes memory why) private {
        vm.expectRevert(why);
        oracle.reportValues(terms, 1, entries);
    }
}
