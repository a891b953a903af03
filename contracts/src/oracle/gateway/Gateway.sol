// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, AnswerWords} from "../AnswerWord.sol";
import {FeedStatus, IFeeds} from "../feeds/IFeeds.sol";
import {IOracle, Status} from "../IOracle.sol";
import {IStakeManager} from "../IStakeManager.sol";
import {SignerSet, SignerSets} from "../SignerSet.sol";
import {IGateway} from "./IGateway.sol";

/// @dev What it promises and assumes stands at {IGateway}.
contract Gateway is IGateway {
    using SignerSets for SignerSet;

    IOracle public immutable oracle;
    IStakeManager public immutable stakeManager;
    IFeeds public immutable feeds;

    constructor(address oracle_, address stakeManager_, address feeds_) {
        oracle = IOracle(oracle_);
        stakeManager = IStakeManager(stakeManager_);
        feeds = IFeeds(feeds_);
    }

    /// @inheritdoc IGateway
    function get(bytes32 question) external view returns (Status status, int96 value, uint16 confidence, uint256 age) {
        uint40 at;
        (status, value, at, confidence) = oracle.get(question);
        if (status == Status.Final) age = block.timestamp - at;
    }

    /// @inheritdoc IGateway
    function getOrRevert(bytes32 question, uint8 domain, uint256 maxAge, uint16 minConfidence, uint256 minWeight)
        external
        view
        returns (int96)
    {
        (Status status, int96 value, uint40 at, uint16 confidence) = oracle.get(question);
        require(status == Status.Final, Gateway_NotFinal(question, status));
        uint256 age = block.timestamp - at;
        require(age <= maxAge, Gateway_TooOld(question, age, maxAge));
        require(confidence >= minConfidence, Gateway_TooUnsure(question, confidence, minConfidence));
        if (minWeight != 0) {
            uint256 weight = weightOf(question, domain);
            require(weight >= minWeight, Gateway_TooLight(question, weight, minWeight));
        }
        return value;
    }

    /// @inheritdoc IGateway
    function readOrRevert(bytes32 feed, uint256 maxAge) external view returns (int96) {
        (FeedStatus status, int96 value, uint40 observedAt,) = feeds.read(feed);
        require(status == FeedStatus.Fresh, Gateway_NotFresh(feed));
        uint256 age = block.timestamp - observedAt;
        require(age <= maxAge, Gateway_TooOld(feed, age, maxAge));
        return value;
    }

    /// @inheritdoc IGateway
    function weightOf(bytes32 question, uint8 domain) public view returns (uint256 weight) {
        AnswerWord word = oracle.wordOf(question);
        if (word.state() != AnswerWords.ANSWERED) return 0;
        SignerSet memory set = SignerSets.read(stakeManager.signerSetOf(domain, word.epoch()));
        uint256 seats = word.seats();
        for (uint256 seat; seat < set.count; ++seat) {
            (, uint96 seatWeight) = set.seatAt(seat);
            if (seats >> seat & 1 == 1) weight += seatWeight;
        }
    }
}
