// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {AnswerWord, AnswerWords, INVALID} from "./AnswerWord.sol";
import {Aggregation, IOracle, OracleLimits, Question} from "./IOracle.sol";
import {Ledger} from "./Ledger.sol";
import {Questions} from "./Questions.sol";
import {Refusals} from "./Refusals.sol";

/// @dev How a question begins, and how its asker says what he meant.
abstract contract Asking is Questions, Ledger {
    using SafeTransferLib for address;

    uint256 private constant MAX_SCHEMA_BYTES = 16_384;
    uint256 private constant MAX_CLARIFICATION_BYTES = 4_096;
    uint8 private constant MAX_CLARIFICATIONS = 16;
    uint256 private constant DOMAINS = 16;

    uint40 public immutable MAX_QUESTION_SECONDS;

    constructor(OracleLimits memory limits) {
        MAX_QUESTION_SECONDS = limits.maxQuestionSeconds;
    }

    /// @inheritdoc IOracle
    function ask(Question calldata terms, string calldata schema) external returns (bytes32 question) {
        _checkTerms(terms, schema);
        question = idOf(terms);
        if (_words[question].state() != 0) revert Oracle_AlreadyAsked(question);

        _words[question] = AnswerWords.openWord(terms.deadline, terms.opensAt, 0);
        uint96 fromCredit = _debitUpTo(msg.sender, terms.reward);

        emit Asked(question, msg.sender, terms, schema);

        if (terms.reward != fromCredit) {
            collateral.safeTransferFrom(msg.sender, address(this), terms.reward - fromCredit);
        }
    }

    /// @inheritdoc IOracle
    function clarify(Question calldata terms, string calldata text) external {
        require(terms.asker == msg.sender, Oracle_NotAsker(terms.asker, msg.sender));
        bytes32 question = idOf(terms);
        AnswerWord word = _words[question];
        if (word.state() != AnswerWords.OPEN) Refusals.notOpen(question, _statusOf(word));
        if (block.timestamp >= terms.opensAt) Refusals.badClarification(question, "late");
        if (word.clarifications() >= MAX_CLARIFICATIONS) Refusals.badClarification(question, "count");
        uint256 length = bytes(text).length;
        if (length == 0 || length > MAX_CLARIFICATION_BYTES) Refusals.badClarification(question, "length");
        // Rounds must never come round again: see {Reporting}.
        if (word.round() == type(uint8).max) Refusals.badReport(question, "round");

        word = word.clarified(text);

        _words[question] = word;

        emit Clarified(question, word.round(), word.chainOf(), text);
    }

    function _checkTerms(Question calldata terms, string calldata schema) private view {
        if (terms.asker != msg.sender) revert Oracle_NotAsker(terms.asker, msg.sender);
        int96 min = terms.min;
        if (min <= INVALID || min > terms.max) Refusals.badTerms("bounds");
        if (terms.domain >= DOMAINS) Refusals.badTerms("domain");
        uint256 deadline = terms.deadline;
        if (deadline <= terms.opensAt) Refusals.badTerms("opensAt");
        uint256 liveness = terms.liveness;
        unchecked {
            // Times of 40 bits.
            if (deadline <= block.timestamp || deadline > block.timestamp + MAX_QUESTION_SECONDS) {
                Refusals.badTerms("deadline");
            }
            // Twice it is {DepositRule.leastLiveness} without rounding.
            if (2 * liveness < _baseWindow(terms.secures) || liveness > MAX_LIVENESS) Refusals.badTerms("liveness");
        }
        // Plurality counts equal values; a neighbouring outcome is no near miss, and must not add to the confidence.
        if (terms.aggregation != Aggregation.Median && terms.tolerance != 0) Refusals.badTerms("tolerance");
        uint256 length = bytes(schema).length;
        if (length == 0 || length > MAX_SCHEMA_BYTES) Refusals.badTerms("schema");
        bytes32 hash = keccak256(bytes(schema));
        if (hash != terms.schema) revert Oracle_SchemaMismatch(terms.schema, hash);
    }
}
