// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {INVALID} from "../../src/oracle/AnswerWord.sol";
import {Question, Status} from "../../src/oracle/IOracle.sol";

/// @dev An oracle that says what it is told to: the true one lets no answer out of bounds come about.
contract SaysAnswer {
    Status private _status = Status.Final;
    int96 private _value;

    function say(int96 value) external {
        // As the oracle has it: what says INVALID is never Final.
        (_status, _value) = (value == INVALID ? Status.Invalid : Status.Final, value);
    }

    /// @dev As of a question that nobody answered in time.
    function sayNothing() external {
        (_status, _value) = (Status.Invalid, 0);
    }

    function idOf(Question calldata terms) external pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    function get(bytes32) external view returns (Status, int96, uint40, uint16) {
        return (_status, _value, 0, 0);
    }
}
