// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, AnswerWords, INVALID} from "./AnswerWord.sol";
import {IOracle, OracleLimits, Question, Status} from "./IOracle.sol";
import {Refusals} from "./Refusals.sol";
import {DepositRule} from "./rules/DepositRule.sol";

/// @dev The words of all questions, and what they say at this moment.
abstract contract Questions is IOracle {
    uint256 private constant TERMS_BYTES = 448; // fourteen words
    uint256 private constant ANSWERED = 2; // of {Status}; Final is two on, Invalid three
    uint256 internal constant BPS = 10_000;

    uint96 public immutable UNIT;
    uint32 public immutable LOWEST_WINDOW;
    uint32 public immutable MAX_LIVENESS;

    mapping(bytes32 question => AnswerWord) internal _words;

    constructor(OracleLimits memory limits) {
        require(limits.unit != 0, Oracle_BadTerms("unit"));
        // The highest tier must fit, or what secures as much could not be asked.
        uint256 highest = DepositRule.HIGHEST_WINDOW * limits.lowestWindow;
        require(highest != 0 && highest <= limits.maxLiveness, Oracle_BadTerms("liveness"));
        UNIT = limits.unit;
        LOWEST_WINDOW = limits.lowestWindow;
        MAX_LIVENESS = limits.maxLiveness;
    }

    /// @inheritdoc IOracle
    function get(bytes32 question) external view returns (Status status, int96 value, uint40 at, uint16 confidence) {
        AnswerWord word = _words[question];
        if (word.state() == AnswerWords.ANSWERED) return _answered(word);
        (status, at) = _unanswered(word);
    }

    /// @inheritdoc IOracle
    function wordOf(bytes32 question) external view returns (AnswerWord) {
        return _words[question];
    }

    /// @inheritdoc IOracle
    function idOf(Question calldata terms) public pure returns (bytes32 question) {
        // keccak256(abi.encode(terms)) without decoding first. Terms that abi.encode would refuse (a field with dirty
        // high bits) have an id too, but nobody can ask them: `ask` logs, and so decodes, every field.
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, terms, TERMS_BYTES)
            question := keccak256(free, TERMS_BYTES)
        }
    }

    /* INSIDE */

    /// @dev Ends the call with what {get} returns, at half the price of the compiler's encoder: every consumer pays it.
    function _answered(AnswerWord word) private view returns (Status, int96, uint40, uint16) {
        (int256 value, uint256 at, uint256 confidence) = word.answer();
        int256 none = INVALID;
        assembly ("memory-safe") {
            // Answered, and once it is time Final, or the one after it for a quorum that said INVALID.
            mstore(0, add(ANSWERED, mul(iszero(lt(timestamp(), at)), add(2, eq(value, none)))))
            mstore(32, value)
            mstore(64, at)
            mstore(96, confidence)
            return(0, 128)
        }
    }

    /// @dev Finality is worked out here and nowhere stored.
    function _statusOf(AnswerWord word) internal view returns (Status status) {
        if (word.state() != AnswerWords.ANSWERED) {
            (status,) = _unanswered(word);
        } else if (block.timestamp < word.finalizeAt()) {
            status = Status.Answered;
        } else {
            status = word.value() == INVALID ? Status.Invalid : Status.Final;
        }
    }

    function _unanswered(AnswerWord word) private view returns (Status status, uint40 at) {
        uint8 state = word.state();
        if (state == AnswerWords.OPEN) {
            at = word.deadline();
            if (block.timestamp > at) status = Status.Invalid;
            else (status, at) = (Status.Open, word.notBefore());
        } else if (state == AnswerWords.ANSWERED_ROOT) {
            at = word.finalizeAt();
            status = block.timestamp < at ? Status.Answered : Status.Final;
        } else if (state == AnswerWords.DISPUTED) {
            status = Status.Disputed;
        }
    }

    /// @dev Seconds to object in, by what hangs on the answer. Most questions secure little, and should not pay for the rule.
    function _baseWindow(uint96 secures) internal view returns (uint256) {
        unchecked {
            if (secures < DepositRule.LOW_UNITS * UNIT) return LOWEST_WINDOW;
        }
        return DepositRule.baseWindow(secures, UNIT, LOWEST_WINDOW);
    }

    function _checkBounds(bytes32 question, Question calldata terms, int96 value) internal pure {
        if (value < terms.min || value > terms.max) Refusals.outOfBounds(question, value);
    }
}
