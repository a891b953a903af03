// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IOracle, Status} from "./IOracle.sol";

/// @dev Errors that many places revert with. Each `revert` brings an encoder of its own; written out everywhere they are
///      two kilobytes, and the oracle would not fit into a contract.
library Refusals {
    function notOpen(bytes32 question, Status status) internal pure {
        _refuse(IOracle.Oracle_NotOpen.selector, question, uint256(status));
    }

    function notDisputable(bytes32 question, Status status) internal pure {
        _refuse(IOracle.Oracle_NotDisputable.selector, question, uint256(status));
    }

    function notSettleable(bytes32 question, Status status) internal pure {
        _refuse(IOracle.Oracle_NotSettleable.selector, question, uint256(status));
    }

    function notTheAnswer(bytes32 question) internal pure {
        bytes4 selector = IOracle.Oracle_NotTheAnswer.selector;
        assembly ("memory-safe") {
            mstore(0, selector)
            mstore(4, question)
            revert(0, 36)
        }
    }

    function badClaim(bytes32 question, int96 claim) internal pure {
        _refuse(IOracle.Oracle_BadClaim.selector, question, uint256(int256(claim)));
    }

    function outOfBounds(bytes32 question, int96 value) internal pure {
        _refuse(IOracle.Oracle_OutOfBounds.selector, question, uint256(int256(value)));
    }

    function notTheDispute(bytes32 question, bytes32 dispute) internal pure {
        _refuse(IOracle.Oracle_NotTheDispute.selector, question, uint256(dispute));
    }

    function wrongPhase(bytes32 question, uint256 until) internal pure {
        _refuse(IOracle.Oracle_WrongPhase.selector, question, until);
    }

    function notCommitted(bytes32 question, bytes32 hash) internal pure {
        _refuse(IOracle.Oracle_NotCommitted.selector, question, uint256(hash));
    }

    function tooEarly(bytes32 question, uint40 opensAt) internal pure {
        _refuse(IOracle.Oracle_TooEarly.selector, question, opensAt);
    }

    function noQuorum(bytes32 question, uint256 weight, uint256 total) internal pure {
        bytes4 selector = IOracle.Oracle_NoQuorum.selector;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            mstore(add(free, 4), question)
            mstore(add(free, 36), weight)
            mstore(add(free, 68), total)
            revert(free, 100)
        }
    }

    /// @param what left-aligned, shorter than 32 bytes; here and below
    function badTerms(bytes32 what) internal pure {
        bytes4 selector = IOracle.Oracle_BadTerms.selector;
        uint256 length = _lengthOf(what);
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            mstore(add(free, 4), 32)
            mstore(add(free, 36), length)
            mstore(add(free, 68), what)
            revert(free, 100)
        }
    }

    function badReport(bytes32 question, bytes32 what) internal pure {
        _refuseText(IOracle.Oracle_BadReport.selector, question, what);
    }

    function badClarification(bytes32 question, bytes32 what) internal pure {
        _refuseText(IOracle.Oracle_BadClarification.selector, question, what);
    }

    function _refuse(bytes4 selector, bytes32 question, uint256 what) private pure {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            mstore(add(free, 4), question)
            mstore(add(free, 36), what)
            revert(free, 68)
        }
    }

    function _refuseText(bytes4 selector, bytes32 question, bytes32 what) private pure {
        uint256 length = _lengthOf(what);
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            mstore(add(free, 4), question)
            mstore(add(free, 36), 64)
            mstore(add(free, 68), length)
            mstore(add(free, 100), what)
            revert(free, 132)
        }
    }

    function _lengthOf(bytes32 what) private pure returns (uint256 length) {
        while (what[length] != 0) ++length;
    }
}
