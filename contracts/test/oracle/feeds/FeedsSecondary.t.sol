// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Feed, FeedStatus, IFeeds, Scheme} from "../../../src/oracle/feeds/IFeeds.sol";
import {FeedStage} from "./FeedStage.sol";

/// @dev A feed that another one holds against. Both are told by co-signing here: seats 7 are a quorum, 15 are all.
contract FeedsSecondaryTest is FeedStage {
    bytes32 private feed;
    bytes32 private second;

    function setUp() public override {
        super.setUp();
        second = feeds.create(_other(), told);
        feed = feeds.create(_terms(5), told); // 1 %
        _tell(second, 10_000, 7);
    }

    function test_AValueFarFromTheSecondaryHaltsUntilNineTenthsVouch() external {
        _tell(feed, 10_100, 7);
        vm.assertEq(int256(_feedValue(feed)), 10_100);
        vm.warp(block.timestamp + 60);
        vm.recordLogs();
        _tell(feed, 10_101, 7);
        vm.assertEq(vm.getRecordedLogs()[0].topics[0], IFeeds.Tripped.selector);
        vm.assertTrue(_feedStatus(feed) == FeedStatus.Halted);
        vm.assertEq(int256(_feedValue(feed)), 10_100);
        vm.warp(block.timestamp + 60);
        bytes memory signatures = _feedCosigned(feed, 10_050, _now(), 7);
        vm.expectPartialRevert(IFeeds.Feeds_NeedsMore.selector);
        feeds.updateAgreed(feed, 10_050, _now(), 1, 7, signatures);
        _tell(feed, 20_000, 15);
        vm.assertTrue(_feedStatus(feed) == FeedStatus.Fresh);
        vm.assertEq(int256(_feedValue(feed)), 20_000);
    }

    /// Its own steps say nothing yet; the second opinion does.
    function test_TheFirstValueIsHeldAgainstItToo() external {
        _tell(feed, 5_000, 7);
        vm.assertTrue(_feedStatus(feed) == FeedStatus.Unknown);
        vm.warp(block.timestamp + 60);
        _tell(feed, 9_950, 7);
        vm.assertTrue(_feedStatus(feed) == FeedStatus.Fresh);
        vm.assertEq(int256(_feedValue(feed)), 9_950);
    }

    function test_WhatIsNotFreshHasNoSay() external {
        // Stale.
        vm.warp(block.timestamp + 2 * HEARTBEAT + 1);
        _tell(feed, 20_000, 7);
        vm.assertEq(int256(_feedValue(feed)), 20_000);
        // Halted: its own jump, after four rounds.
        for (uint256 i; i < 5; ++i) {
            vm.warp(block.timestamp + 60);
            _tell(second, 10_000, 15);
        }
        vm.warp(block.timestamp + 60);
        _tell(second, 90_000, 7);
        vm.assertTrue(_feedStatus(second) == FeedStatus.Halted);
        _tell(feed, 20_100, 7);
        vm.assertEq(int256(_feedValue(feed)), 20_100);
        // And never told.
        Feed memory terms = _other();
        terms.nonce = 77;
        bytes32 silent = feeds.idOf(terms);
        terms = _terms(5);
        terms.secondary = silent;
        bytes32 alone = feeds.create(terms, told);
        _tell(alone, 1, 7);
        vm.assertEq(int256(_feedValue(alone)), 1);
    }

    /// Whoever tells the second opinion, and be it the attacker, has more weight asked for, and that is all.
    function test_ALyingSecondaryOnlyAsksForMore() external {
        vm.warp(block.timestamp + 60);
        _tell(second, 99_000, 15);
        _tell(feed, 10_000, 7);
        vm.assertTrue(_feedStatus(feed) == FeedStatus.Unknown);
        vm.warp(block.timestamp + 60);
        _tell(feed, 10_000, 15);
        vm.assertTrue(_feedStatus(feed) == FeedStatus.Fresh);
        vm.assertEq(int256(_feedValue(feed)), 10_000);
    }

    function testFuzz_TheBandIsOfTheSecondary(uint8 apart, int64 against, int64 value) external {
        apart = uint8(_bound(apart, 1, 255));
        bytes32 one = feeds.create(_terms(apart), told);
        vm.warp(block.timestamp + 60);
        _tell(second, against, 15);
        _tell(one, value, 7);
        int256 off = int256(value) - against;
        uint256 most = uint256(int256(against) < 0 ? -int256(against) : int256(against)) * apart * 20;
        bool taken = uint256(off < 0 ? -off : off) * 10_000 <= most;
        vm.assertEq(uint256(_feedStatus(one)), uint256(taken ? FeedStatus.Fresh : FeedStatus.Unknown));
    }

    function test_RevertWhen_NobodyCreatedIt() external {
        Feed memory terms = _terms(7);
        bytes32 unknown = feeds.idOf(terms);
        bytes memory signatures = _feedCosigned(unknown, 10_000, _now(), 7);
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_NotCreated.selector, unknown));
        feeds.updateAgreed(unknown, 10_000, _now(), 1, 7, signatures);
        vm.assertEq(feeds.secondaryOf(unknown), 0);
        feeds.create(terms, told);
        vm.assertEq(feeds.secondaryOf(unknown), second);
        feeds.updateAgreed(unknown, 10_000, _now(), 1, 7, signatures);
    }

    function test_RevertWhen_TheTermsDoNotFit() external {
        Feed memory terms = _terms(0);
        _refused(terms, "apart");
        terms = _terms(5);
        terms.secondary = 0;
        _refused(terms, "apart");
        terms = _terms(5);
        terms.decimals = 9;
        _refused(terms, "secondary");
        terms = _terms(5);
        (terms.scheme, terms.signer, terms.jump) = (Scheme.FirstParty, alice, 0);
        _refused(terms, "secondary");
    }

    function _refused(Feed memory terms, string memory what) private {
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_BadTerms.selector, what));
        feeds.create(terms, told);
    }

    function _other() private view returns (Feed memory terms) {
        terms = _feed(Scheme.Agreed);
        terms.nonce = 1;
    }

    function _terms(uint8 apart) private view returns (Feed memory terms) {
        terms = _feed(Scheme.Agreed);
        (terms.secondary, terms.apart) = (second, apart);
    }
}
