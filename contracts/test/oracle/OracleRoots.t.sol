// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, INVALID, TOO_EARLY} from "../../src/oracle/AnswerWord.sol";
import {Dispute, RootAnswer, Ruling, Verdict} from "../../src/oracle/Dispute.sol";
import {Aggregation, IOracle, Question, Status} from "../../src/oracle/IOracle.sol";
import {Stage} from "../Stage.sol";

contract OracleRootsTest is Stage {
    address private immutable ladder = _account("ladder");
    Question private terms;
    bytes32 private question;
    RootAnswer private answer;

    function setUp() public override {
        super.setUp();
        wires.set("ladder", ladder);
        terms = _numeric();
        terms.aggregation = Aggregation.Root;
        terms.tolerance = 0;
        terms.reward = 100;
        question = _ask(terms);
        vm.warp(terms.opensAt);
        _fund(stranger, address(oracle), 1_000e6);
        vm.prank(stranger);
        oracle.deposit(alice, 1_000e6);
    }

    /* root */

    function test_ARootAnswersManyAtOnce() external {
        bytes32[] memory leaves = _leaves();
        _reportRoot(_rootOf(leaves));
        vm.assertTrue(_status(question) == Status.Answered);
        _proved(0, 10, leaves, Status.Answered);
        vm.warp(block.timestamp + WINDOW);
        for (uint256 i; i < 4; ++i) {
            _proved(i, int96(uint96(i)) * 10 + 10, leaves, Status.Final);
        }
        (Status status, int96 value, uint40 at, uint16 confidence) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 0 && at == block.timestamp && confidence == 0);
    }

    function test_RevertWhen_TheProofIsAnothers() external {
        bytes32[] memory leaves = _leaves();
        _reportRoot(_rootOf(leaves));
        bytes32[] memory proof = _proofOf(leaves, 0);
        bytes memory why = abi.encodeWithSelector(IOracle.Oracle_NotTheAnswer.selector, question);
        vm.expectRevert(why);
        oracle.getProved(question, answer, 0, 11, proof);
        vm.expectRevert(why);
        oracle.getProved(question, answer, 1, 10, proof);
        RootAnswer memory other = RootAnswer(keccak256("other"), answer.facts);
        vm.expectRevert(why);
        oracle.getProved(question, other, 0, 10, proof);
        bytes32 elsewhere = keccak256("another question");
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotTheAnswer.selector, elsewhere));
        oracle.getProved(elsewhere, answer, 0, 10, proof);
    }

    function test_RevertWhen_ANodePassesForALeaf() external {
        // 64 bytes hash to an inner node; read as (index, value) they must prove nothing. So for every node on the way.
        bytes32[] memory leaves = _leaves();
        bytes32 root = _rootOf(leaves);
        _reportRoot(root);
        (bytes32 low, bytes32 high) = _sorted(leaves[0], leaves[1]);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = _pair(leaves[2], leaves[3]);
        vm.assertEq(_pair(_pair(leaves[0], leaves[1]), proof[0]), root);
        // Called as bytes, for the second word need not be an int96.
        (bool done,) = address(oracle)
            .staticcall(
                abi.encodeCall(IOracle.getProved, (question, answer, uint256(low), int96(uint96(uint256(high))), proof))
            );
        vm.assertTrue(!done);
        bytes memory data = abi.encodeCall(IOracle.getProved, (question, answer, uint256(low), int96(0), proof));
        // Selector, question, two words of the answer, index: the value's word follows.
        uint256 at = 4 + 4 * 32;
        for (uint256 i; i < 32; ++i) {
            data[at + i] = high[i];
        }
        (done,) = address(oracle).staticcall(data);
        vm.assertTrue(!done);
        // And no proof at all stands for the root itself.
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotTheAnswer.selector, question));
        oracle.getProved(question, answer, 0, 10, new bytes32[](0));
    }

    function test_RevertWhen_ARootIsReportedElsewhere() external {
        Question memory plain = _numeric();
        bytes32 id = _ask(plain);
        bytes memory signatures = _signedRoot(id, keccak256("root"), 7, 0);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, id, "aggregation"));
        oracle.reportRoot(plain, 1, keccak256("root"), 7, signatures);
        bytes memory values = _entries(question, _values(1, 2, 3));
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "aggregation"));
        oracle.reportValues(terms, 1, values);
        bytes memory agreed = _cosigned(question, 1, 7);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "aggregation"));
        oracle.reportAgreed(terms, 1, 1, 7, agreed);
    }

    function test_RevertWhen_TheRootIsZeroOrUnsigned() external {
        bytes memory signatures = _signedRoot(question, 0, 7, 0);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "root"));
        oracle.reportRoot(terms, 1, 0, 7, signatures);
        signatures = _signedRoot(question, keccak256("root"), 3, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IOracle.Oracle_NoQuorum.selector, question, 2 * STAKE, 4 * uint256(STAKE))
        );
        oracle.reportRoot(terms, 1, keccak256("root"), 3, signatures);
        // A value's signature is none of a root with the same bits.
        signatures = _cosigned(question, 5, 7);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, question, 0));
        oracle.reportRoot(terms, 1, bytes32(uint256(5)), 7, signatures);
    }

    function test_TooEarlyAndInvalidAreSaidAsEver() external {
        _agree(terms, TOO_EARLY, 7);
        vm.assertTrue(_status(question) == Status.Open);
        vm.warp(block.timestamp + WINDOW);
        _agree(terms, INVALID, 7);
        vm.warp(block.timestamp + WINDOW);
        vm.assertTrue(_status(question) == Status.Invalid);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(asker)), 100);
    }

    /* packed */

    function test_PackedAnswersAreRead() external {
        uint256[] memory words = _packed();
        _reportPacked(words);
        vm.warp(block.timestamp + WINDOW);
        _code(0, 2);
        _code(1, 1);
        _code(127, 3);
        _code(128, 2);
        _code(129, 0);
    }

    function test_BeyondTheLastWordNothingIsAnswered() external {
        uint256[] memory words = _packed();
        words[1] = type(uint256).max;
        _reportPacked(words);
        _code(255, 3);
        _code(256, 0);
        _code(32_768, 0);
        _code(type(uint256).max, 0);
    }

    function test_RevertWhen_PackedWordsAreNoneOrTooMany() external {
        _unpackable(new uint256[](0));
        _unpackable(new uint256[](257));
        _reportPacked(new uint256[](256));
    }

    function test_WordsOfARootArePublishedByAnyone() external {
        uint256[] memory words = _packed();
        bytes32 root = keccak256(abi.encode(words));
        _reportRoot(root);
        _code(0, 0);
        uint256[] memory others = _packed();
        others[0] = 0;
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotTheAnswer.selector, question));
        oracle.publishPacked(question, answer, others);
        oracle.publishPacked(question, answer, words);
        _code(0, 2);
        vm.recordLogs();
        oracle.publishPacked(question, answer, words);
        vm.assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_NothingIsPackedWhileOpen() external view {
        (Status status, uint8 code, uint40 at) = oracle.packedAt(question, 0);
        vm.assertTrue(status == Status.Open && code == 0 && at == 0);
    }

    /* rewards */

    function test_SignersOfARootArePaid() external {
        _reportRoot(keccak256("root"));
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotSettleable.selector, question, Status.Answered));
        oracle.settleRootReward(terms, answer);
        vm.warp(block.timestamp + WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotTheAnswer.selector, question));
        oracle.settleReward(terms);
        oracle.settleRootReward(terms, answer);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(2))), 30);
        vm.assertEq(uint256(oracle.creditOf(treasury)), 10);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_RewardAlreadySettled.selector, question));
        oracle.settleRootReward(terms, answer);
        // The flag is no part of the hash: what was proved is proved still.
        RootAnswer memory forged = RootAnswer(answer.root, answer.facts.withDisputes(1, 0));
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotTheAnswer.selector, question));
        oracle.settleRootReward(terms, forged);
    }

    /* disputes */

    function test_ARootIsDisputedAndReplaced() external {
        uint256[] memory words = _packed();
        _reportPacked(words);
        uint256[] memory right = _packed();
        right[0] = 1;
        bytes32 claim = keccak256(abi.encode(right));
        Dispute memory d = _disputeRoot(0, claim);
        (Status status, uint8 code, uint40 at) = oracle.packedAt(question, 0);
        vm.assertTrue(status == Status.Disputed && code == 0 && at == 0);
        vm.prank(ladder);
        oracle.rule(terms, d, Ruling(Verdict.Replace, false, 0, claim, 0, 0, 0));
        vm.assertTrue(_status(question) == Status.Final);
        _code(0, 0); // until somebody brings the words
        AnswerWord facts = AnswerWord.wrap(0);
        facts = d.answer;
        // What a jury gave was signed by nobody, and disputed once.
        facts = AnswerWord.wrap(uint256(3) << 136 | uint256(250) << 233 | uint256(1) << 249);
        answer = RootAnswer(claim, facts);
        oracle.publishPacked(question, answer, right);
        _code(0, 1);
        oracle.settleRootReward(terms, answer);
        vm.assertEq(uint256(oracle.creditOf(asker)), 100);
    }

    function test_ARootIsUpheldWithItsWords() external {
        _reportPacked(_packed());
        Dispute memory d = _disputeRoot(INVALID, 0);
        vm.prank(ladder);
        oracle.rule(terms, d, Ruling(Verdict.Uphold, false, 0, 0, 0, 0, 0));
        vm.assertTrue(_status(question) == Status.Final);
        _code(0, 2);
        oracle.settleRootReward(terms, answer);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(0))), 30);
    }

    function test_ARootIsInvalidOrReopened() external {
        _reportPacked(_packed());
        uint256 id = vm.snapshotState();
        Dispute memory d = _disputeRoot(INVALID, 0);
        vm.prank(ladder);
        oracle.rule(terms, d, Ruling(Verdict.Invalid, false, 0, 0, 0, 0, 0));
        vm.assertTrue(_status(question) == Status.Invalid);
        vm.revertToState(id);
        d = _disputeRoot(TOO_EARLY, 0);
        vm.prank(ladder);
        oracle.rule(terms, d, Ruling(Verdict.Reopen, false, 0, 0, 0, 0, 0));
        vm.assertTrue(_status(question) == Status.Open);
        vm.assertEq(uint256(_word(question).round()), 2);
    }

    function test_RevertWhen_ARootsClaimIsNone() external {
        _reportPacked(_packed());
        _badClaim(0, answer.root);
        _badClaim(0, 0);
        _badClaim(1, 0);
        _badClaim(INVALID, keccak256("other"));
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotDisputable.selector, question, Status.Answered));
        vm.prank(alice);
        oracle.dispute(question, 1, 0);
        RootAnswer memory other = RootAnswer(keccak256("other"), answer.facts);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotTheAnswer.selector, question));
        vm.prank(alice);
        oracle.disputeRoot(question, other, INVALID, 0, 0);
        vm.warp(block.timestamp + WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotDisputable.selector, question, Status.Final));
        vm.prank(alice);
        oracle.disputeRoot(question, answer, INVALID, 0, 0);
    }

    function test_RevertWhen_ARulingGivesARootQuestionAValue() external {
        _reportPacked(_packed());
        Dispute memory d = _disputeRoot(INVALID, 0);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadClaim.selector, question, 1));
        vm.prank(ladder);
        oracle.rule(terms, d, Ruling(Verdict.Replace, false, 1, 0, 0, 0, 0));
    }

    function test_ARootIsHeld() external {
        _reportPacked(_packed());
        pauses.pause(1 hours);
        bytes32[] memory all = new bytes32[](1);
        all[0] = question;
        oracle.hold(all);
        oracle.hold(all);
        vm.warp(block.timestamp + WINDOW + 1 hours - 1);
        vm.assertTrue(_status(question) == Status.Answered);
        _code(0, 2);
        vm.warp(block.timestamp + 1);
        vm.assertTrue(_status(question) == Status.Final);
        oracle.settleRootReward(terms, answer);
    }

    /* helpers */

    function _badClaim(int96 claim, bytes32 claimRoot) private {
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadClaim.selector, question, claim));
        vm.prank(alice);
        oracle.disputeRoot(question, answer, claim, claimRoot, 0);
    }

    function _unpackable(uint256[] memory words) private {
        bytes memory signatures = _signedRoot(question, keccak256(abi.encode(words)), 7, 0);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "words"));
        oracle.reportPacked(terms, 1, words, 7, signatures);
    }

    function _disputeRoot(int96 claim, bytes32 claimRoot) private returns (Dispute memory d) {
        d = Dispute(question, answer.facts, answer.root, alice, claim, claimRoot, 250e6, uint40(block.timestamp));
        vm.prank(alice);
        oracle.disputeRoot(question, answer, claim, claimRoot, 0);
    }

    function _reportRoot(bytes32 root) private {
        bytes memory signatures = _signedRoot(question, root, 7, 0);
        oracle.reportRoot(terms, 1, root, 7, signatures);
        _remember(root);
    }

    function _reportPacked(uint256[] memory words) private {
        bytes32 root = keccak256(abi.encode(words));
        bytes memory signatures = _signedRoot(question, root, 7, 0);
        oracle.reportPacked(terms, 1, words, 7, signatures);
        _remember(root);
    }

    /// @dev Confidence 7,500, seats 7, epoch 1, round 0, deposit 250, no disputes.
    function _remember(bytes32 root) private {
        answer = RootAnswer(
            root,
            AnswerWord.wrap(
                uint256(3) << 136 | uint256(7_500) << 144 | uint256(7) << 160 | uint256(1) << 192 | uint256(250) << 233
            )
        );
    }

    function _packed() private pure returns (uint256[] memory words) {
        words = new uint256[](2);
        words[0] = 2 | 1 << 2 | uint256(3) << 254;
        words[1] = 2;
    }

    function _code(uint256 index, uint8 wanted) private view {
        (, uint8 code,) = oracle.packedAt(question, index);
        vm.assertEq(uint256(code), wanted);
    }

    function _proved(uint256 index, int96 value, bytes32[] memory leaves, Status wanted) private view {
        (Status status, uint40 at) = oracle.getProved(question, answer, index, value, _proofOf(leaves, index));
        vm.assertTrue(status == wanted && at == terms.opensAt + WINDOW);
    }

    function _leaves() private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](4);
        for (uint256 i; i < 4; ++i) {
            leaves[i] = keccak256(bytes.concat(keccak256(abi.encode(i, int96(uint96(i)) * 10 + 10))));
        }
    }

    function _rootOf(bytes32[] memory leaves) private pure returns (bytes32) {
        return _pair(_pair(leaves[0], leaves[1]), _pair(leaves[2], leaves[3]));
    }

    function _proofOf(bytes32[] memory leaves, uint256 index) private pure returns (bytes32[] memory proof) {
        proof = new bytes32[](2);
        proof[0] = leaves[index ^ 1];
        proof[1] = index < 2 ? _pair(leaves[2], leaves[3]) : _pair(leaves[0], leaves[1]);
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        (bytes32 low, bytes32 high) = _sorted(a, b);
        return keccak256(abi.encode(low, high));
    }

    function _sorted(bytes32 a, bytes32 b) private pure returns (bytes32, bytes32) {
        return a < b ? (a, b) : (b, a);
    }
}
