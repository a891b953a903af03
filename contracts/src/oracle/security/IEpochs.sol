// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {RootAnswer} from "../Dispute.sol";
import {Question} from "../IOracle.sol";
import {EpochRecord} from "../rules/EpochRecord.sol";

/// @dev Given for ever at construction. Everything that a period's records depend on, beside logs, stands here.
struct EpochRules {
    uint40 genesis; // unix seconds: what became final by then never counts
    uint40 periodSeconds;
    uint40 settleSeconds; // after a period, before its root may be reported: a reorg must not reach back into it
    uint40 answerSeconds; // to report it
    uint32 livenessSeconds; // to object to it
    uint40 cooldownSeconds; // of a suspension
    uint32 premiumRounds; // final rounds that premium needs
}

/// @dev Reports that were signed in time and are not in the answer, as entries of {IOracle.reportValues}.
struct LateReports {
    bytes32 question;
    uint32 epoch;
    uint8 round;
    bytes entries;
}

/// @notice Periods of reputation. What a period says of every provider of a domain is the answer to one Root question, which
///         providers work out from logs, co-sign, and anyone may dispute like any other answer.
/// @dev There is one such question for each domain and period, and this contract is its asker: its terms and its schema are
///      a function of domain, number and rules, so nobody chooses what is asked, and nobody clarifies it.
/// @dev Records go on from period to period: each says what all logs since genesis say. A period that was never asked about,
///      or whose question ended without an answer, is caught up with by the next.
/// @dev Holds nothing, stores nothing, and has no key.
interface IEpochs {
    event EpochAsked(uint8 indexed domain, uint32 indexed number, bytes32 indexed question, uint40 until);
    /// @notice Somebody says that these reports were signed. Nothing is checked: whoever counts checks the signatures.
    event LateReported(bytes32 indexed question, uint32 epoch, uint8 round, bytes entries);

    error Epochs_BadRules(string what);
    error Epochs_NotOver(uint32 number, uint40 until);
    error Epochs_NotFinal(bytes32 question);
    error Epochs_BadRecords(string what);
    error Epochs_NotInRoot(uint8 domain, address owner);

    /// @notice Asks what the period `number` says of the providers of `domain`. Anyone, once, after its end.
    function ask(uint8 domain, uint32 number) external returns (bytes32 question);
    /// @notice Logs reports that a transmitter left out. Anyone. A provider whose report is logged before its question is
    ///         final has not missed it; it counts for nothing else, so that copying the answer gains nothing.
    function note(LateReports[] calldata late) external;
    /// @notice Hands records of a final root to the stake manager; they count from the domain's next signer set on. Anyone.
    /// @dev Records that are not newer than what the stake manager has are passed over, so nobody can spoil another's batch.
    /// @param proofs one for each record, see {EpochRecords}
    function applyRecords(
        uint8 domain,
        uint32 number,
        RootAnswer calldata answer,
        EpochRecord[] calldata records,
        bytes32[][] calldata proofs
    ) external;

    function rules() external view returns (EpochRules memory);
    /// @notice The end of a period, unix seconds; it takes in what became final in that second.
    function untilOf(uint32 number) external view returns (uint40);
    function termsOf(uint8 domain, uint32 number) external view returns (Question memory terms, string memory schema);
    function questionOf(uint8 domain, uint32 number) external view returns (bytes32);
}
