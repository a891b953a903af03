// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord} from "../../../src/oracle/AnswerWord.sol";
import {RootAnswer} from "../../../src/oracle/Dispute.sol";
import {Aggregation, IOracle, Question, Status} from "../../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../../src/oracle/IStakeManager.sol";
import {EpochRecord, EpochRecords} from "../../../src/oracle/rules/EpochRecord.sol";
import {Epochs} from "../../../src/oracle/security/Epochs.sol";
import {EpochRules, IEpochs, LateReports} from "../../../src/oracle/security/IEpochs.sol";
import {Vm} from "../../Test.sol";
import {Stage} from "../../Stage.sol";

contract EpochsTest is Stage {
    using EpochRecords for EpochRecord;

    uint40 private constant PERIOD = 1 days;
    uint40 private constant SETTLE = 10 minutes;

    Epochs private epochs;

    function setUp() public override {
        super.setUp();
        epochs = new Epochs(address(wiring), _rules());
        _seal(address(0), address(epochs));
    }

    /* ask */

    function test_RevertWhen_ThePeriodIsNotOver() external {
        uint40 until = START + PERIOD;
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IEpochs.Epochs_NotOver.selector, 1, until));
        epochs.ask(0, 1);
        vm.expectRevert(abi.encodeWithSelector(IEpochs.Epochs_NotOver.selector, 0, START));
        epochs.ask(0, 0);
    }

    function test_AsksOnceWhatTheRulesSay() external {
        vm.warp(START + PERIOD + 1);
        bytes32 question = epochs.ask(3, 1);
        (Question memory terms, string memory text) = epochs.termsOf(3, 1);
        vm.assertEq(question, oracle.idOf(terms));
        vm.assertEq(question, epochs.questionOf(3, 1));
        vm.assertTrue(terms.aggregation == Aggregation.Root && terms.domain == 3 && terms.asker == address(epochs));
        vm.assertEq(uint256(terms.opensAt), START + PERIOD + SETTLE);
        vm.assertEq(keccak256(bytes(text)), terms.schema);
        vm.assertEq(
            text,
            string.concat(
                '{"cooldown":604800,"data":"logs of oracle, stake manager and epochs","domain":3,"epochs":"',
                _hex(address(epochs)),
                '","formula":1,"genesis":1750000000,"kind":"records","number":1,"observeAt":1750086400,"period":86400,',
                '"premiumRounds":100,"text":"The root of what this period says of the providers","version":1}'
            )
        );
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_AlreadyAsked.selector, question));
        epochs.ask(3, 1);
    }

    function test_NobodyChoosesWhatIsAsked() external {
        vm.warp(START + PERIOD + 1);
        // The same text, asked by another before: another question, of which the epochs know nothing.
        (Question memory terms, string memory text) = epochs.termsOf(0, 1);
        terms.asker = stranger;
        vm.prank(stranger);
        bytes32 copy = oracle.ask(terms, text);
        vm.prank(alice);
        vm.assertTrue(epochs.ask(0, 1) != copy);
        terms.asker = address(epochs);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotAsker.selector, address(epochs), stranger));
        vm.prank(stranger);
        oracle.clarify(terms, "of these providers only");
    }

    /* note */

    function test_NotesWhatAnybodySays() external {
        LateReports[] memory late = new LateReports[](2);
        late[0] = LateReports(keccak256("a"), 1, 0, hex"1234");
        late[1] = LateReports(keccak256("b"), 2, 3, "");
        vm.recordLogs();
        vm.prank(stranger);
        epochs.note(late);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 2);
        vm.assertEq(logs[0].topics[1], keccak256("a"));
        vm.assertEq(logs[1].data, abi.encode(uint32(2), uint8(3), bytes("")));
    }

    /* applyRecords */

    function test_RevertWhen_TheRootIsNotFinal() external {
        EpochRecord[] memory records = _records(1);
        (bytes32 root, bytes32[][] memory proofs) = _tree(records);
        bytes32 question = epochs.questionOf(0, 1);
        bytes memory why = abi.encodeWithSelector(IEpochs.Epochs_NotFinal.selector, question);
        RootAnswer memory answer;
        vm.expectRevert(why);
        epochs.applyRecords(0, 1, answer, records, proofs);
        answer = _answer(1, root);
        vm.warp(block.timestamp + 2 hours - 1);
        vm.expectRevert(why);
        epochs.applyRecords(0, 1, answer, records, proofs);
        vm.warp(block.timestamp + 1);
        RootAnswer memory other = RootAnswer(keccak256("other"), answer.facts);
        vm.expectRevert(why);
        epochs.applyRecords(0, 1, other, records, proofs);
        // Of another domain, for which nothing was asked.
        vm.expectRevert(abi.encodeWithSelector(IEpochs.Epochs_NotFinal.selector, epochs.questionOf(1, 1)));
        epochs.applyRecords(1, 1, answer, records, proofs);
        epochs.applyRecords(0, 1, answer, records, proofs);
    }

    function test_RevertWhen_ARecordIsNotInTheRoot() external {
        EpochRecord[] memory records = _records(1);
        (bytes32 root, bytes32[][] memory proofs) = _tree(records);
        RootAnswer memory answer = _final(1, root);
        records[2].factorBps = 9_999;
        vm.expectRevert(abi.encodeWithSelector(IEpochs.Epochs_NotInRoot.selector, 0, records[2].owner));
        epochs.applyRecords(0, 1, answer, records, proofs);
        records[2].epoch = 2;
        bytes memory why = abi.encodeWithSelector(IEpochs.Epochs_BadRecords.selector, "period");
        vm.expectRevert(why);
        epochs.applyRecords(0, 1, answer, records, proofs);
        (records[2].epoch, records[2].domain) = (1, 1);
        vm.expectRevert(why);
        epochs.applyRecords(0, 1, answer, records, proofs);
        vm.expectRevert(abi.encodeWithSelector(IEpochs.Epochs_BadRecords.selector, "proofs"));
        epochs.applyRecords(0, 1, answer, records, new bytes32[][](3));
    }

    function test_RecordsWeighInTheNextEpoch() external {
        EpochRecord[] memory records = _records(1);
        records[0].factorBps = 2_000;
        _apply(1, records);
        IStakeManager.Standing memory standing = stakes.standingOf(0, _ownerKey(0));
        vm.assertEq(uint256(standing.factorBps), 2_000);
        vm.assertEq(uint256(standing.epoch), 1);
        vm.assertEq(_weightOf(0), STAKE, "not before the next epoch");
        // The first of the domain: nobody gains by handing in only his own.
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_Unchanged.selector, 1));
        stakes.advanceEpoch(0);
        vm.warp(block.timestamp + EPOCH);
        stakes.advanceEpoch(0);
        // Of four nobody holds more than a quarter: who is believed in full weighs no more than the one who is not.
        vm.assertEq(_weightOf(0), STAKE / 5);
        vm.assertEq(_weightOf(1), STAKE / 5);
    }

    function test_TheSuspendedHaveNoSeat() external {
        EpochRecord[] memory records = _records(1);
        uint40 until = START + PERIOD + 3 days;
        (records[3].factorBps, records[3].strikes, records[3].suspendedUntil) = (0, 3, until);
        _apply(1, records);
        stakes.advanceEpoch(0);
        (address blob,,) = stakes.signerSet(0);
        vm.assertEq(blob.code.length, 1 + 32 + 3 * 32);
        // Seated again when it ends; to weigh something he waits for the record of a period at whose end he was free.
        vm.warp(until);
        stakes.advanceEpoch(0);
        (blob,,) = stakes.signerSet(0);
        vm.assertEq(blob.code.length, 1 + 32 + 4 * 32);
        vm.assertEq(_weightOf(3), 0);
    }

    function test_OlderRecordsArePassedOver() external {
        EpochRecord[] memory second = _records(2);
        second[0].score = 700;
        EpochRecord[] memory first = _records(1);
        _apply(2, second);
        _apply(1, first);
        vm.assertEq(uint256(stakes.standingOf(0, _ownerKey(0)).score), 700);
        vm.recordLogs();
        (bytes32 root, bytes32[][] memory proofs) = _tree(second);
        epochs.applyRecords(0, 2, RootAnswer(root, _facts()), second, proofs);
        vm.assertEq(vm.getRecordedLogs().length, 0, "known already");
    }

    function testFuzz_SetsWhatIsProved(
        uint16 factorBps,
        uint16 score,
        uint8 strikes,
        uint40 until,
        uint32 cluster,
        bool premium
    ) external {
        EpochRecord[] memory records = _records(1);
        records[1] = EpochRecord(0, 1, _ownerKey(1), factorBps, score, strikes, until, cluster, premium);
        _apply(1, records);
        for (uint256 i; i < 4; ++i) {
            IStakeManager.Standing memory standing = stakes.standingOf(0, _ownerKey(i));
            EpochRecord memory record = records[i];
            vm.assertEq(
                keccak256(abi.encode(standing)),
                keccak256(
                    abi.encode(
                        IStakeManager.Standing(
                            record.factorBps,
                            record.score,
                            record.strikes,
                            record.suspendedUntil,
                            record.cluster,
                            1,
                            record.premium
                        )
                    )
                )
            );
        }
    }

    /* disputes */

    function test_ADisputedRootIsNeverApplied() external {
        EpochRecord[] memory records = _records(1);
        (bytes32 root, bytes32[][] memory proofs) = _tree(records);
        RootAnswer memory answer = _answer(1, root);
        bytes32 question = epochs.questionOf(0, 1);
        _fund(bob, address(oracle), 1_000e6);
        vm.prank(bob);
        oracle.deposit(bob, 1_000e6);
        vm.prank(bob);
        oracle.disputeRoot(question, answer, 0, keccak256("what the logs say"), 0);
        vm.assertTrue(_status(question) == Status.Disputed);
        vm.warp(block.timestamp + 30 days);
        vm.expectRevert(abi.encodeWithSelector(IEpochs.Epochs_NotFinal.selector, question));
        epochs.applyRecords(0, 1, answer, records, proofs);
    }

    /* rules */

    function test_RevertWhen_TheRulesAreNone() external {
        EpochRules memory rules = _rules();
        rules.periodSeconds = 0;
        vm.expectRevert(abi.encodeWithSelector(IEpochs.Epochs_BadRules.selector, "periodSeconds"));
        new Epochs(address(wiring), rules);
        rules = _rules();
        rules.answerSeconds = 0;
        vm.expectRevert(abi.encodeWithSelector(IEpochs.Epochs_BadRules.selector, "answerSeconds"));
        new Epochs(address(wiring), rules);
        vm.assertEq(keccak256(abi.encode(epochs.rules())), keccak256(abi.encode(_rules())));
    }

    /* INSIDE */

    function _rules() private pure returns (EpochRules memory) {
        return EpochRules({
            genesis: START,
            periodSeconds: PERIOD,
            settleSeconds: SETTLE,
            answerSeconds: 30 days,
            livenessSeconds: 1 hours,
            cooldownSeconds: 7 days,
            premiumRounds: 100
        });
    }

    function _records(uint32 number) private pure returns (EpochRecord[] memory records) {
        records = new EpochRecord[](4);
        for (uint256 i; i < 4; ++i) {
            records[i] = EpochRecord(0, number, _ownerKey(i), 10_000, 900, 0, 0, 0, false);
        }
    }

    function _apply(uint32 number, EpochRecord[] memory records) private {
        (bytes32 root, bytes32[][] memory proofs) = _tree(records);
        RootAnswer memory answer = _final(number, root);
        vm.prank(stranger);
        epochs.applyRecords(0, number, answer, records, proofs);
    }

    function _final(uint32 number, bytes32 root) private returns (RootAnswer memory answer) {
        answer = _answer(number, root);
        vm.warp(block.timestamp + 2 hours);
    }

    /// @dev Asked, and answered by seats 0 to 2.
    function _answer(uint32 number, bytes32 root) private returns (RootAnswer memory) {
        (Question memory terms,) = epochs.termsOf(0, number);
        if (block.timestamp < terms.opensAt) vm.warp(terms.opensAt);
        bytes32 question = epochs.ask(0, number);
        bytes memory signatures;
        for (uint256 seat; seat < 3; ++seat) {
            (bytes32 r, bytes32 vs) = vm.signCompact(_key(seat), oracle.rootDigest(question, root, _epoch(), 0));
            signatures = bytes.concat(signatures, r, vs);
        }
        oracle.reportRoot(terms, _epoch(), root, 7, signatures);
        return RootAnswer(root, _facts());
    }

    /// @dev State 3, confidence 7,500, seats 7, epoch 1, round 0, deposit 250.
    function _facts() private pure returns (AnswerWord) {
        return AnswerWord.wrap(
            uint256(3) << 136 | uint256(7_500) << 144 | uint256(7) << 160 | uint256(1) << 192 | uint256(250) << 233
        );
    }

    /// @dev Of four records, whatever the order of their leaves: pairs are sorted, so places do not matter to a proof.
    function _tree(EpochRecord[] memory records) private pure returns (bytes32 root, bytes32[][] memory proofs) {
        bytes32[4] memory leaves;
        for (uint256 i; i < 4; ++i) {
            leaves[i] = records[i].leafOf();
        }
        bytes32[2] memory nodes = [_pair(leaves[0], leaves[1]), _pair(leaves[2], leaves[3])];
        root = _pair(nodes[0], nodes[1]);
        proofs = new bytes32[][](4);
        for (uint256 i; i < 4; ++i) {
            proofs[i] = new bytes32[](2);
            (proofs[i][0], proofs[i][1]) = (leaves[i ^ 1], nodes[1 - i / 2]);
        }
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return keccak256(a < b ? abi.encode(a, b) : abi.encode(b, a));
    }

    function _weightOf(uint256 seat) private view returns (uint256) {
        (address blob,,) = stakes.signerSet(0);
        bytes memory code = blob.code;
        uint256 word;
        assembly ("memory-safe") {
            // After the length, the byte before the data, and the total.
            word := mload(add(code, add(65, mul(seat, 32))))
        }
        return uint96(word);
    }

    function _hex(address account) private pure returns (string memory) {
        bytes memory digits = "0123456789abcdef";
        bytes memory text = new bytes(42);
        (text[0], text[1]) = ("0", "x");
        for (uint256 i; i < 40; ++i) {
            text[41 - i] = digits[uint160(account) >> 4 * i & 15];
        }
        return string(text);
    }
}
