// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, AnswerWords} from "./AnswerWord.sol";

/// @dev An answer to a Root question: many answers under one hash. Its own hash lies in the question's word.
struct RootAnswer {
    bytes32 root; // of a Merkle tree, or the hash of packed words
    AnswerWord facts; // an answered word with state ANSWERED_ROOT, whose value, finalizeAt and settled bit are zero
}

/// @dev An open dispute IS the hash of these: nothing but one word is stored for it.
struct Dispute {
    bytes32 question;
    AnswerWord answer; // the word that was disputed; of a root answer its facts
    bytes32 root; // that was disputed; 0 for a value
    address disputer;
    int96 claim; // what he says is right, TOO_EARLY and INVALID included; 0 when he claims a root
    bytes32 claimRoot; // 0 when he claims no root
    uint96 deposit; // his, in collateral
    uint40 at; // unix seconds; the guard knows what the court clock showed then
}

/// How a dispute ends.
enum Verdict {
    Uphold, // the answer stands, final now
    Restore, // the answer stands, once more open to objection
    Replace, // another value or root
    Reopen, // too early: the question is open again
    Invalid
}

/// @dev What the ladder tells the oracle.
struct Ruling {
    Verdict verdict;
    bool contestable; // Replace and Invalid: a re-report said so, and anyone may object to that again
    int96 value; // Replace
    bytes32 root; // Replace, of a root
    uint32 seats; // who signed the new value, 0 when a jury gave it; they earn the reward
    uint32 epoch;
    uint16 confidence;
}

using DisputeHash for Dispute global;
using RootHash for RootAnswer global;

/// @dev A struct of static fields lies in memory, and in calldata, as abi.encode would write it. One from calldata whose
///      fields have dirty high bits has a hash too, but none that anything stored was made from.
library DisputeHash {
    uint256 private constant BYTES = 256; // eight words

    /// @dev keccak256(abi.encode(dispute))
    function hash(Dispute memory dispute) internal pure returns (bytes32 id) {
        assembly ("memory-safe") {
            id := keccak256(dispute, BYTES)
        }
    }

    /// @dev The same of one that a caller gave.
    function idOf(Dispute calldata dispute) internal pure returns (bytes32 id) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, dispute, BYTES)
            id := keccak256(free, BYTES)
        }
    }

    function isRoot(Dispute calldata dispute) internal pure returns (bool) {
        return dispute.answer.state() == AnswerWords.ANSWERED_ROOT;
    }
}

library RootHash {
    /// @dev Bound to its question, so that packed words stored for it are found from the word alone.
    function wordOf(RootAnswer memory answer, bytes32 question, uint40 finalizeAt) internal pure returns (AnswerWord) {
        return AnswerWords.rootWord(keccak256(abi.encode(question, answer.root, answer.facts)), finalizeAt);
    }
}
