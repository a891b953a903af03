// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {
    OptimisticOracleV3Interface
} from "@uma/core/contracts/optimistic-oracle-v3/interfaces/OptimisticOracleV3Interface.sol";
import {Scheme} from "../../src/oracle/feeds/IFeeds.sol";
import {Assertions} from "../../src/oracle/gateway/Assertions.sol";
import {ChainlinkFeed} from "../../src/oracle/gateway/ChainlinkFeed.sol";
import {IOracle, Question} from "../../src/oracle/IOracle.sol";
import {FeedStage} from "../../test/oracle/feeds/FeedStage.sol";
import {Vm} from "../../test/Test.sol";
import {PriceGuard} from "./PriceGuard.sol";
import {RainCover} from "./RainCover.sol";

/// @dev Consumers that compile against the published packages of others, served by our contracts.
contract PeersTest is FeedStage {
    uint96 private constant REWARD = 5e6;
    uint256 private constant SUM = 40e6;

    bytes32 private feed;
    PriceGuard private watchful;
    Assertions private desk;
    RainCover private cover;
    Question private asked;

    function setUp() public override {
        super.setUp();
        feed = feeds.idOf(_feed(Scheme.Agreed));
        AggregatorV3Interface shaped =
            AggregatorV3Interface(address(new ChainlinkFeed(address(feeds), feed, "ETH / USD")));
        watchful = new PriceGuard(shaped, 1 hours);
        desk = new Assertions(address(oracle), REWARD, 2 days, 0);
        cover = new RainCover(
            OptimisticOracleV3Interface(address(desk)), IERC20(address(dollar)), bob, SUM
        );
        _fund(stranger, address(cover), SUM + REWARD);
        vm.prank(stranger);
        dollar.transfer(address(cover), SUM);
    }

    /* AggregatorV3Interface */

    function test_APriceGuardReadsOurFeed() external {
        _tell(feed, 231_550_000_000, 7);
        vm.assertEq(watchful.worth(2e18), 4_631e18);
    }

    function test_APriceGuardSeesThatItIsStale() external {
        _tell(feed, 231_550_000_000, 7);
        vm.warp(block.timestamp + 1 hours + 1);
        vm.expectRevert("stale");
        watchful.worth(2e18);
    }

    /* OOv3 */

    function test_ACoverPaysWhenProvidersSayTrue() external {
        bytes32 id = _claim();
        _agree(asked, 1, 15);
        vm.warp(block.timestamp + 7_200);
        vm.assertTrue(OptimisticOracleV3Interface(address(desk)).settleAndGetAssertionResult(id));
        vm.assertTrue(cover.paid());
        vm.assertEq(dollar.balanceOf(bob), SUM);
    }

    function test_ACoverIsRefusedWhenProvidersSayFalse() external {
        bytes32 id = _claim();
        _agree(asked, 0, 7);
        // Three of four are a bare quorum: there is twice the time to object.
        vm.warp(block.timestamp + 2 * 7_200);
        OptimisticOracleV3Interface(address(desk)).settleAssertion(id);
        vm.assertTrue(cover.refused());
        vm.assertEq(dollar.balanceOf(bob), 0);
        OptimisticOracleV3Interface.Assertion memory seen = OptimisticOracleV3Interface(address(desk)).getAssertion(id);
        vm.assertTrue(seen.settled && !seen.settlementResolution);
        vm.assertEq(seen.asserter, stranger);
        vm.assertEq(address(seen.currency), address(dollar));
    }

    function _claim() private returns (bytes32 id) {
        vm.recordLogs();
        vm.prank(stranger);
        id = cover.claim();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == IOracle.Asked.selector) (asked,) = abi.decode(logs[i].data, (Question, string));
        }
    }
}
