// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibString} from "solady/utils/LibString.sol";
import {AnswerWord, AnswerWords} from "../AnswerWord.sol";
import {RootAnswer} from "../Dispute.sol";
import {Aggregation, IOracle, Question} from "../IOracle.sol";
import {IStakeManager} from "../IStakeManager.sol";
import {EpochRecord, EpochRecords} from "../rules/EpochRecord.sol";
import {EpochRules, IEpochs, LateReports} from "./IEpochs.sol";
import {IWiring} from "./IWiring.sol";

/// @dev What it promises stands at {IEpochs}.
contract Epochs is IEpochs {
    using LibString for uint256;
    using LibString for address;
    using EpochRecords for EpochRecord;

    IWiring public immutable wiring;

    uint40 private immutable GENESIS;
    uint40 private immutable PERIOD;
    uint40 private immutable SETTLE;
    uint40 private immutable ANSWER;
    uint32 private immutable LIVENESS;
    uint40 private immutable COOLDOWN;
    uint32 private immutable PREMIUM_ROUNDS;

    constructor(address wiring_, EpochRules memory rules_) {
        require(rules_.periodSeconds != 0, Epochs_BadRules("periodSeconds"));
        require(rules_.answerSeconds != 0, Epochs_BadRules("answerSeconds"));
        wiring = IWiring(wiring_);
        GENESIS = rules_.genesis;
        PERIOD = rules_.periodSeconds;
        SETTLE = rules_.settleSeconds;
        ANSWER = rules_.answerSeconds;
        LIVENESS = rules_.livenessSeconds;
        COOLDOWN = rules_.cooldownSeconds;
        PREMIUM_ROUNDS = rules_.premiumRounds;
    }

    /* ACTING */

    /// @inheritdoc IEpochs
    function ask(uint8 domain, uint32 number) external returns (bytes32 question) {
        uint40 until = untilOf(number);
        require(number != 0 && block.timestamp > until, Epochs_NotOver(number, until));
        (Question memory terms, string memory schema) = termsOf(domain, number);

        question = IOracle(wiring.oracle()).ask(terms, schema);

        emit EpochAsked(domain, number, question, until);
    }

    /// @inheritdoc IEpochs
    function note(LateReports[] calldata late) external {
        for (uint256 i; i < late.length; ++i) {
            emit LateReported(late[i].question, late[i].epoch, late[i].round, late[i].entries);
        }
    }

    /// @inheritdoc IEpochs
    function applyRecords(
        uint8 domain,
        uint32 number,
        RootAnswer calldata answer,
        EpochRecord[] calldata records,
        bytes32[][] calldata proofs
    ) external {
        require(records.length == proofs.length, Epochs_BadRecords("proofs"));
        _requireFinal(questionOf(domain, number), answer);
        IStakeManager stakes = IStakeManager(wiring.stakeManager());
        for (uint256 i; i < records.length; ++i) {
            EpochRecord memory record = records[i];
            require(record.domain == domain && record.epoch == number, Epochs_BadRecords("period"));
            require(record.isIn(answer.root, proofs[i]), Epochs_NotInRoot(domain, record.owner));
            if (stakes.standingOf(domain, record.owner).epoch >= number) continue;
            stakes.setStanding(
                domain,
                record.owner,
                IStakeManager.Standing({
                    factorBps: record.factorBps,
                    score: record.score,
                    strikes: record.strikes,
                    suspendedUntil: record.suspendedUntil,
                    cluster: record.cluster,
                    epoch: number,
                    premium: record.premium
                })
            );
        }
    }

    /* VIEWS */

    /// @inheritdoc IEpochs
    function rules() external view returns (EpochRules memory) {
        return EpochRules(GENESIS, PERIOD, SETTLE, ANSWER, LIVENESS, COOLDOWN, PREMIUM_ROUNDS);
    }

    /// @inheritdoc IEpochs
    function untilOf(uint32 number) public view returns (uint40) {
        return GENESIS + number * PERIOD;
    }

    /// @inheritdoc IEpochs
    function termsOf(uint8 domain, uint32 number) public view returns (Question memory terms, string memory schema) {
        schema = _schemaOf(domain, number);
        terms.asker = address(this);
        terms.schema = keccak256(bytes(schema));
        terms.aggregation = Aggregation.Root;
        terms.opensAt = untilOf(number) + SETTLE;
        terms.deadline = terms.opensAt + ANSWER;
        terms.liveness = LIVENESS;
        terms.nonce = number;
        terms.domain = domain;
    }

    /// @inheritdoc IEpochs
    function questionOf(uint8 domain, uint32 number) public view returns (bytes32) {
        (Question memory terms,) = termsOf(domain, number);
        return keccak256(abi.encode(terms));
    }

    /* INSIDE */

    /// @dev The root is final when the oracle's word is the hash of it and its time has come.
    function _requireFinal(bytes32 question, RootAnswer memory answer) private view {
        AnswerWord word = IOracle(wiring.oracle()).wordOf(question);
        bool isAnswer =
            word.state() == AnswerWords.ANSWERED_ROOT && word.digestOf() == answer.wordOf(question, 0).digestOf();
        require(isAnswer && block.timestamp >= word.finalizeAt(), Epochs_NotFinal(question));
    }

    /// @dev Canonical JSON: keys in order, no spaces. Whoever recomputes finds in it all that he needs beside the logs.
    function _schemaOf(uint8 domain, uint32 number) private view returns (string memory) {
        bytes memory head = abi.encodePacked(
            '{"cooldown":',
            uint256(COOLDOWN).toString(),
            ',"data":"logs of oracle, stake manager and epochs","domain":',
            uint256(domain).toString(),
            ',"epochs":"',
            address(this).toHexString(),
            '","formula":1,"genesis":',
            uint256(GENESIS).toString()
        );
        bytes memory tail = abi.encodePacked(
            ',"kind":"records","number":',
            uint256(number).toString(),
            ',"observeAt":',
            uint256(untilOf(number)).toString(),
            ',"period":',
            uint256(PERIOD).toString(),
            ',"premiumRounds":',
            uint256(PREMIUM_ROUNDS).toString(),
            ',"text":"The root of what this period says of the providers","version":1}'
        );
        return string(bytes.concat(head, tail));
    }
}
