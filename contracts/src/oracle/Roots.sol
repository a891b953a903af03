// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleProofLib} from "solady/utils/MerkleProofLib.sol";
import {SSTORE2} from "solady/utils/SSTORE2.sol";
import {Aggregator} from "./Aggregator.sol";
import {AnswerWord, AnswerWords} from "./AnswerWord.sol";
import {RootAnswer} from "./Dispute.sol";
import {Aggregation, IOracle, Question, Status} from "./IOracle.sol";
import {Refusals} from "./Refusals.sol";
import {ReportFrame} from "./ReportVerifier.sol";
import {Reporting} from "./Reporting.sol";
import {SignerSet, SignerSets} from "./SignerSet.sol";

/// @dev Many answers under one root. The word holds its hash; whoever reads or objects brings what was hashed.
abstract contract Roots is Reporting {
    using SignerSets for SignerSet;

    uint256 private constant MAX_WORDS = 256; // 32,768 answers, in a blob of a third of what a chain allows
    uint256 private constant CODES_IN_WORD = 128;

    /// @dev Packed words lie as the code of a contract; it belongs to one answer, not to its question.
    mapping(uint256 digest => address blob) private _packed;

    /* REPORTING */

    /// @inheritdoc IOracle
    function reportRoot(Question calldata terms, uint32 epoch, bytes32 root, uint256 seats, bytes calldata signatures)
        external
    {
        _reportRoot(terms, epoch, root, seats, signatures);
    }

    /// @inheritdoc IOracle
    function reportPacked(
        Question calldata terms,
        uint32 epoch,
        uint256[] calldata words,
        uint256 seats,
        bytes calldata signatures
    ) external {
        bytes32 root = keccak256(abi.encode(words));
        (bytes32 question, AnswerWord word) = _reportRoot(terms, epoch, root, seats, signatures);
        _publish(question, root, word.digestOf(), words);
    }

    /// @inheritdoc IOracle
    function publishPacked(bytes32 question, RootAnswer calldata answer, uint256[] calldata words) external {
        AnswerWord word = _checkAnswer(question, answer);
        if (answer.root != keccak256(abi.encode(words))) Refusals.notTheAnswer(question);
        if (_packed[word.digestOf()] == address(0)) _publish(question, answer.root, word.digestOf(), words);
    }

    /* VIEWS */

    /// @inheritdoc IOracle
    function getProved(
        bytes32 question,
        RootAnswer calldata answer,
        uint256 index,
        int96 value,
        bytes32[] calldata proof
    ) external view returns (Status status, uint40 at) {
        AnswerWord word = _checkAnswer(question, answer);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(index, value))));
        if (!MerkleProofLib.verifyCalldata(proof, answer.root, leaf)) Refusals.notTheAnswer(question);
        return (_statusOf(word), word.finalizeAt());
    }

    /// @inheritdoc IOracle
    function packedAt(bytes32 question, uint256 index) external view returns (Status status, uint8 code, uint40 at) {
        AnswerWord word = _words[question];
        status = _statusOf(word);
        if (word.state() != AnswerWords.ANSWERED_ROOT) return (status, 0, 0);
        at = word.finalizeAt();
        address blob = _packed[word.digestOf()];
        uint256 start = index / CODES_IN_WORD * 32;
        // Beyond the last word nothing is answered, whatever the code after it would read as.
        if (blob == address(0) || index / CODES_IN_WORD >= MAX_WORDS || start + 1 >= blob.code.length) {
            return (status, 0, at);
        }
        uint256 codes = uint256(bytes32(SSTORE2.read(blob, start, start + 32)));
        code = uint8(codes >> 2 * (index % CODES_IN_WORD) & 3);
    }

    /* INSIDE */

    /// @dev The word, if `answer` is what it is the hash of.
    function _checkAnswer(bytes32 question, RootAnswer memory answer) internal view returns (AnswerWord word) {
        word = _words[question];
        bool isIt =
            word.state() == AnswerWords.ANSWERED_ROOT && word.digestOf() == answer.wordOf(question, 0).digestOf();
        if (!isIt) Refusals.notTheAnswer(question);
    }

    function _reportRoot(Question calldata terms, uint32 epoch, bytes32 root, uint256 seats, bytes calldata signatures)
        private
        returns (bytes32 question, AnswerWord word)
    {
        if (terms.aggregation != Aggregation.Root) Refusals.badReport(idOf(terms), "aggregation");
        RootAnswer memory answer;
        (question, word, answer) = _checkRoot(terms, epoch, root, seats, signatures);

        _words[question] = word;

        emit AnsweredRoot(question, word, answer, signatures);
    }

    function _checkRoot(Question calldata terms, uint32 epoch, bytes32 root, uint256 seats, bytes calldata signatures)
        private
        view
        returns (bytes32 question, AnswerWord word, RootAnswer memory answer)
    {
        (ReportFrame memory frame, SignerSet memory set, AnswerWord open) = _frame(terms, epoch);
        question = frame.question;
        if (root == 0) Refusals.badReport(question, "root");
        uint256 weight = _cosignedWeight(frame, set, question, root, seats, signatures);
        _checkWeight(question, terms, open, set, weight);
        AnswerWord plain = _answerWord(frame, terms, open, 0, seats, Aggregator.confidenceOf(weight, set));
        answer = RootAnswer({root: root, facts: plain.asRoot()});
        word = answer.wordOf(question, plain.finalizeAt());
    }

    function _publish(bytes32 question, bytes32 root, uint256 digest, uint256[] calldata words) private {
        if (words.length == 0 || words.length > MAX_WORDS) Refusals.badReport(question, "words");
        address blob = SSTORE2.write(abi.encodePacked(words));

        _packed[digest] = blob;

        emit Packed(question, root, blob);
    }
}
