// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, AnswerWords} from "./AnswerWord.sol";
import {RootAnswer} from "./Dispute.sol";
import {IOracle, OracleLimits, Question, Status} from "./IOracle.sol";
import {Ledger} from "./Ledger.sol";
import {Refusals} from "./Refusals.sol";
import {Roots} from "./Roots.sol";
import {Shares, Split} from "./Shares.sol";

/// @dev Where a question's reward goes, once its end stands.
abstract contract Rewards is Roots, Ledger {
    address public immutable treasury;
    uint16 public immutable PROVIDERS_SHARE_BPS;
    Shares private immutable _shares = new Shares();

    constructor(address treasury_, OracleLimits memory limits) {
        require(limits.providerShareBps <= BPS, Oracle_BadTerms("providerShareBps"));
        require(treasury_ != address(0), Oracle_BadTerms("treasury"));
        treasury = treasury_;
        PROVIDERS_SHARE_BPS = limits.providerShareBps;
    }

    /// @inheritdoc IOracle
    function settleReward(Question calldata terms) external {
        bytes32 question = idOf(terms);
        AnswerWord word = _words[question];
        if (word.state() == AnswerWords.ANSWERED_ROOT) Refusals.notTheAnswer(question);
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
        if (status != Status.Final && status != Status.Invalid) Refusals.notSettleable(question, status);
        require(!word.rewardSettled(), Oracle_RewardAlreadySettled(question));

        _words[question] = word.withRewardSettled();

        uint96 rest;
        uint32 premium;
        // An open question has no signers, and neither has what a jury answered.
        if (status == Status.Final && facts.seats() != 0) (rest, premium) = _creditSigners(terms, facts);
        else _credit(terms.asker, terms.reward);

        emit RewardSettled(question, status, premium, rest);
    }

    function _creditSigners(Question calldata terms, AnswerWord facts) private returns (uint96, uint32) {
        Split memory paid = _shares.split(stakes, terms.domain, facts, terms.reward, PROVIDERS_SHARE_BPS);
        for (uint256 i; i < paid.earners.length; ++i) {
            address earner = paid.earners[i];
            _credit(earner == address(0) ? treasury : earner, uint96(paid.shares[i]));
        }
        _credit(treasury, uint96(paid.rest));
        return (uint96(paid.rest), paid.premium);
    }
}
