// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord} from "../../../src/oracle/AnswerWord.sol";
import {Aggregation, IOracle, Question, Status} from "../../../src/oracle/IOracle.sol";
import {WholeProviders} from "./WholeProviders.sol";

/// @dev The ways to an answer, each judged where it is accepted.
abstract contract WholeReports is WholeProviders {
    uint96 internal constant TIER = 1_000e6; // from which reports are committed first

    Question[] internal _questions;
    mapping(bytes32 number => bool) private _shown;
    uint256 public slashedTwice;

    function _reportAgreed(Question memory terms, int96 said, uint256 dice) internal {
        (uint256 seats, bytes memory signatures) = _signedBy(oracle.idOf(terms), said, dice);
        AnswerWord open = _word(oracle.idOf(terms));
        try oracle.reportAgreed(terms, _epoch(), said, seats, signatures) {
            _accepted(terms, open, seats);
        } catch (bytes memory why) {
            _refused(why, IOracle.Oracle_NoQuorum.selector, "report: no quorum");
        }
    }

    function _reportValues(Question memory terms, int96 said, uint256 dice) internal {
        // Far outside tolerance, and all the same within bounds.
        int96 apart = _isNumber(terms) ? int96(80) : int96(0);
        (uint256 seats, bytes memory entries) = _entriesOf(oracle.idOf(terms), said, dice, apart);
        AnswerWord open = _word(oracle.idOf(terms));
        try oracle.reportValues(terms, _epoch(), entries) {
            _accepted(terms, open, seats);
            if (apart != 0) _reach("report: outside tolerance");
        } catch {}
    }

    /// @dev All of them commit, in the next phase for it, and reveal in the one after.
    function _reportCommitted(Question memory terms, int96 said) internal {
        bytes32 question = oracle.idOf(terms);
        uint256 piece = block.timestamp / 10 minutes;
        if (piece % 2 == 1) vm.warp(++piece * 10 minutes);
        (bytes32[] memory commitments, bytes memory openings) = _committed(question, said);
        bytes32 chained = keccak256(abi.encodePacked(commitments));
        (uint256 seats, bytes memory signatures) = _cosignedBatch(question, chained);
        try oracle.commitReports(terms, _epoch(), chained, seats, signatures) {
            vm.warp((piece + 1) * 10 minutes);
            _reveal(terms, said, commitments, openings);
        } catch {}
    }

    function _reveal(Question memory terms, int96 said, bytes32[] memory commitments, bytes memory openings) private {
        (uint256 seats, bytes memory entries) = _entriesOf(oracle.idOf(terms), said, type(uint256).max, 0);
        AnswerWord open = _word(oracle.idOf(terms));
        try oracle.reportCommitted(terms, _epoch(), entries, commitments, openings) {
            _accepted(terms, open, seats);
        } catch (bytes memory why) {
            _refused(why, IOracle.Oracle_Undersecured.selector, "report: secures too much");
        }
    }

    /// @dev An open one if there is any, mostly at a time when it may be reported.
    function _toReport(uint256 which) internal returns (bool found, Question memory terms) {
        (found, terms) = _pick(which, Status.Open);
        if (!found || which >> 128 & 7 == 0) return (found, terms);
        uint40 notBefore = _word(oracle.idOf(terms)).notBefore();
        if (block.timestamp < notBefore) vm.warp(notBefore);
    }

    /// @dev The first in this state from `which` on.
    function _pick(uint256 which, Status wanted) internal view returns (bool found, Question memory terms) {
        for (uint256 i; i < _questions.length && !found; ++i) {
            terms = _questions[(which % _questions.length + i) % _questions.length];
            found = _status(oracle.idOf(terms)) == wanted;
        }
    }

    function _finalNumber(uint256 which) internal view returns (bool found, Question memory terms) {
        for (uint256 i; i < _questions.length && !found; ++i) {
            terms = _questions[(which % _questions.length + i) % _questions.length];
            found = _isNumber(terms) && _status(oracle.idOf(terms)) == Status.Final;
        }
    }

    function _isNumber(Question memory terms) internal pure returns (bool) {
        return terms.aggregation == Aggregation.Median;
    }

    /* WHAT ANYBODY CAN SHOW */

    function _signTwo(bytes32 question, uint256 key) internal {
        bytes memory no = _sign(key, question, 0, 1, 0);
        bytes memory yes = _sign(key, question, 1, 1, 0);
        try slasher.equivocatedReports(question, 1, 0, [int96(0), int96(1)], no, yes) {} catch {}
    }

    /// @dev What he signed, this far from the answer; once for each question.
    function _showNumber(Question memory terms, address signer, int96 distance) internal {
        bytes32 question = oracle.idOf(terms);
        AnswerWord word = _word(question);
        int96 said = word.value() + distance;
        bytes memory signature = _sign(_keyOf[signer], question, said, word.epoch(), word.round());
        bytes32 number = keccak256(abi.encode(question, stakes.ownerOf(signer)));
        _weighStakes();
        try slasher.outside(terms, said, signature) {
            if (_shown[number]) ++slashedTwice;
            _shown[number] = true;
            _reach("outside");
        } catch {}
        _tally();
    }
}
