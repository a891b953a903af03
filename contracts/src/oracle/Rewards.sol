// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";
import {AnswerWord, AnswerWords} from "./AnswerWord.sol";
import {RootAnswer} from "./Dispute.sol";
import {IOracle, OracleLimits, Question, Status} from "./IOracle.sol";
import {Ledger} from "./Ledger.sol";
import {Roots} from "./Roots.sol";
import {SignerSet, SignerSets} from "./SignerSet.sol";

/// @dev Where a question's reward goes, once its end stands.
abstract contract Rewards is Roots, Ledger {
    using SignerSets for SignerSet;

    address public immutable treasury;
    uint16 public immutable PROVIDER_SHARE_BPS;

    constructor(address treasury_, OracleLimits memory limits) {
        require(limits.providerShareBps <= BPS, Oracle_BadTerms("providerShareBps"));
        require(treasury_ != address(0), Oracle_BadTerms("treasury"));
        treasury = treasury_;
        PROVIDER_SHARE_BPS = limits.providerShareBps;
    }

    /// @inheritdoc IOracle
    function settleReward(Question calldata terms) external {
        bytes32 question = idOf(terms);
        AnswerWord word = _words[question];
        require(word.state() != AnswerWords.ANSWERED_ROOT, Oracle_NotTheAnswer(question));
        _settle(terms, question, word, word);
    }

    /// @inheritdoc IOracle
    function settleRootReward(Question calldata terms, RootAnswer calldata answer) external {
        bytes32 question = idOf(terms);
        _settle(terms, question, _checkAnswer(question, answer), answer.facts);
    }

    /// @param facts names the signers
    function _settle(Question calldata terms, bytes32 question, AnswerWord word, AnswerWord facts) private {
        Status status = _statusOf(word);
        require(status == Status.Final || status == Status.Invalid, Oracle_NotSettleable(question, status));
        require(!word.rewardSettled(), Oracle_RewardAlreadySettled(question));

        _words[question] = word.withRewardSettled();

        uint96 each;
        uint96 rest;
        // An open question has no signers, and neither has what a jury answered.
        uint256 signers = status == Status.Final ? LibBit.popCount(facts.seats()) : 0;
        if (signers == 0) {
            _credit(terms.asker, terms.reward);
        } else {
            // Both divisions round down; the treasury takes what is left.
            each = uint96(uint256(terms.reward) * PROVIDER_SHARE_BPS / BPS / signers);
            rest = uint96(terms.reward - each * signers);
            _creditSigners(terms.domain, facts, each);
            _credit(treasury, rest);
        }

        emit RewardSettled(question, status, each, rest);
    }

    /// @dev The word names seats; the set of its epoch names their signers, the stake manager their owners.
    function _creditSigners(uint8 domain, AnswerWord facts, uint96 amount) private {
        SignerSet memory set = SignerSets.read(stakeManager.signerSetOf(domain, facts.epoch()));
        uint256 seats = facts.seats();
        for (uint256 seat; seats != 0; ++seat) {
            if (seats & 1 == 1) {
                (address signer,) = set.seatAt(seat);
                address earner = stakeManager.earnerOf(signer);
                _credit(earner == address(0) ? treasury : earner, amount);
            }
            seats >>= 1;
        }
    }
}
