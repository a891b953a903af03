// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FeedIds} from "../feeds/FeedIds.sol";
import {FeedStatus, IFeeds} from "../feeds/IFeeds.sol";

/// @notice One feed in the shape of Chainlink's AggregatorV3Interface, so that a consumer of theirs reads ours unchanged.
/// @dev A stale or halted feed gives its last value with the time it was observed at, as theirs do: `updatedAt` is what a
///      careful consumer checks, and what {Gateway.readOrRevert} checks for him. Only the latest round can be read.
contract ChainlinkFeed {
    using FeedIds for bytes32;

    error ChainlinkFeed_NoData(uint80 round);

    IFeeds public immutable feeds;
    bytes32 public immutable feed;
    uint8 public immutable decimals;
    uint256 public constant version = 1;
    string public description;

    constructor(address feeds_, bytes32 feed_, string memory description_) {
        feeds = IFeeds(feeds_);
        feed = feed_;
        decimals = feed_.decimalsOf();
        description = description_;
    }

    function latestRoundData()
        public
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        (FeedStatus status, int96 value, uint40 observedAt, uint32 round) = feeds.read(feed);
        require(status != FeedStatus.Unknown, ChainlinkFeed_NoData(0));
        return (round, value, observedAt, observedAt, round);
    }

    function getRoundData(uint80 roundId)
        external
        view
        returns (uint80, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        uint80 latest;
        (latest, answer, startedAt, updatedAt, answeredInRound) = latestRoundData();
        require(roundId == latest, ChainlinkFeed_NoData(roundId));
        return (roundId, answer, startedAt, updatedAt, answeredInRound);
    }
}
