// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Scheme} from "../../../src/oracle/feeds/IFeeds.sol";
import {ChainlinkFeed} from "../../../src/oracle/gateway/ChainlinkFeed.sol";
import {Gateway} from "../../../src/oracle/gateway/Gateway.sol";
import {IGateway} from "../../../src/oracle/gateway/IGateway.sol";
import {Question, Status} from "../../../src/oracle/IOracle.sol";
import {FeedStage} from "../feeds/FeedStage.sol";

contract GatewayTest is FeedStage {
    Gateway private gateway;
    Question private terms;
    bytes32 private question;
    bytes32 private feed;

    function setUp() public override {
        super.setUp();
        gateway = new Gateway(address(oracle), address(stakes), address(feeds));
        terms = _numeric();
        question = _ask(terms);
        feed = feeds.idOf(_feed(Scheme.Agreed));
    }

    /* answers */

    function test_GetTellsStatusAndAge() external {
        _resolve(terms, 42);
        vm.warp(block.timestamp + 90);
        (Status status, int96 value, uint16 confidence, uint256 age) = gateway.get(question);
        vm.assertTrue(status == Status.Final);
        vm.assertEq(int256(value), 42);
        vm.assertEq(uint256(confidence), 7_500);
        vm.assertEq(age, 90);
    }

    function test_GivesAnAnswerThatMeetsEveryDemand() external {
        _resolve(terms, 42);
        vm.assertEq(int256(gateway.getOrRevert(question, 0, 0, 7_500, 3 * uint256(STAKE))), 42);
        vm.assertEq(int256(gateway.getOrRevert(question, 0, type(uint256).max, 0, 0)), 42);
    }

    function test_RevertWhen_ADemandIsMissed() external {
        vm.expectRevert(abi.encodeWithSelector(IGateway.Gateway_NotFinal.selector, question, Status.Open));
        gateway.getOrRevert(question, 0, 0, 0, 0);
        vm.warp(terms.opensAt);
        _agree(terms, 42, 7);
        vm.expectRevert(abi.encodeWithSelector(IGateway.Gateway_NotFinal.selector, question, Status.Answered));
        gateway.getOrRevert(question, 0, 0, 0, 0);
        vm.warp(block.timestamp + 2 * terms.liveness + 60);
        vm.expectRevert(abi.encodeWithSelector(IGateway.Gateway_TooOld.selector, question, 60, 59));
        gateway.getOrRevert(question, 0, 59, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IGateway.Gateway_TooUnsure.selector, question, 7_500, 7_501));
        gateway.getOrRevert(question, 0, 60, 7_501, 0);
        uint256 weight = 3 * uint256(STAKE);
        vm.expectRevert(abi.encodeWithSelector(IGateway.Gateway_TooLight.selector, question, weight, weight + 1));
        gateway.getOrRevert(question, 0, 60, 0, weight + 1);
        vm.expectRevert(abi.encodeWithSelector(IGateway.Gateway_NotFinal.selector, bytes32(0), Status.Unknown));
        gateway.getOrRevert(bytes32(0), 0, 0, 0, 0);
    }

    /* feeds */

    function test_GivesAFreshValue() external {
        _tell(feed, 5, 7);
        vm.warp(block.timestamp + 60);
        vm.assertEq(int256(gateway.readOrRevert(feed, 60)), 5);
        vm.expectRevert(abi.encodeWithSelector(IGateway.Gateway_TooOld.selector, feed, 60, 59));
        gateway.readOrRevert(feed, 59);
    }

    function test_RevertWhen_AFeedIsUnknownStaleOrHalted() external {
        bytes memory why = abi.encodeWithSelector(IGateway.Gateway_NotFresh.selector, feed);
        vm.expectRevert(why);
        gateway.readOrRevert(feed, type(uint256).max);
        for (int96 i; i < 5; ++i) {
            _tell(feed, 100 + i, 7);
            vm.warp(block.timestamp + 60);
        }
        _tell(feed, 500, 7);
        vm.expectRevert(why);
        gateway.readOrRevert(feed, type(uint256).max);
        vm.warp(block.timestamp + 3 * HEARTBEAT);
        vm.expectRevert(why);
        gateway.readOrRevert(feed, type(uint256).max);
    }

    /* in the shape of others */

    function test_ReadsLikeAnAggregator() external {
        ChainlinkFeed shaped = new ChainlinkFeed(address(feeds), feed, "ETH / USD");
        vm.expectRevert(abi.encodeWithSelector(ChainlinkFeed.ChainlinkFeed_NoData.selector, 0));
        shaped.latestRoundData();
        _tell(feed, 231_550_000_000, 7);
        (uint80 round, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn) =
            shaped.latestRoundData();
        vm.assertEq(answer, 231_550_000_000);
        vm.assertEq(uint256(round), 1);
        vm.assertEq(uint256(answeredIn), 1);
        vm.assertEq(startedAt, block.timestamp);
        vm.assertEq(updatedAt, block.timestamp);
        vm.assertEq(uint256(shaped.decimals()), 8);
        (, answer,,,) = shaped.getRoundData(1);
        vm.assertEq(answer, 231_550_000_000);
        vm.expectRevert(abi.encodeWithSelector(ChainlinkFeed.ChainlinkFeed_NoData.selector, 2));
        shaped.getRoundData(2);
    }
}
