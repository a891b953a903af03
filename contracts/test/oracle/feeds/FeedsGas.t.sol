// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AggregatedSignature, Feed, IFeeds, Scheme} from "../../../src/oracle/feeds/IFeeds.sol";
import {FeedStage} from "./FeedStage.sol";

/// @dev Measures what a call adds to a transaction: execution, cold, and its calldata at 16 gas a byte that is not zero, 4
///      a zero.
contract Puller {
    function cost(address target, bytes calldata data) external view returns (uint256 used) {
        uint256 before = gasleft();
        (bool done,) = target.staticcall(data);
        used = before - gasleft();
        require(done);
        for (uint256 i; i < data.length; ++i) {
            used += data[i] == 0 ? 4 : 16;
        }
    }
}

/// forge-config: default.isolate = true
contract FeedsGasTest is FeedStage {
    bytes32 private agreed;
    bytes32 private own;
    bytes32 private summed;
    Puller private puller;

    function setUp() public override {
        super.setUp();
        agreed = feeds.idOf(_feed(Scheme.Agreed));
        own = feeds.idOf(_feed(Scheme.Values));
        summed = feeds.idOf(_feed(Scheme.Aggregated));
        puller = new Puller();
    }

    function test_FirstPartyUpdate() external {
        Feed memory terms = _feed(Scheme.FirstParty);
        terms.jump = 0;
        terms.signer = address(1);
        bytes32 template = bytes32(uint256(feeds.idOf(terms)) | 1 << 200);
        _updateFirstParty(template, 231_550_000_000);
        vm.warp(block.timestamp + 60);
        _updateFirstParty(template, 231_590_000_000);
        _measured("feed update, first party", 35_000);
    }

    function test_FourNodeFeed() external {
        _buildSet(SEATS);
        for (int96 i; i < 6; ++i) {
            vm.warp(block.timestamp + 60);
            _tell(agreed, 231_550_000_000 + i * 1_000_000, 7);
        }
        _measured("feed update, 3 of 4, co-signed", 57_000);
        for (int96 i; i < 6; ++i) {
            vm.warp(block.timestamp + 60);
            _updateAggregated(SEATS, 7, 231_550_000_000 + i * 1_000_000, false);
        }
        _measured("feed update, 3 of 4, aggregated", 48_000);

        bytes memory signatures = _feedCosigned(agreed, 7, _now(), 7);
        uint256 pull =
            puller.cost(address(feeds), abi.encodeCall(IFeeds.checkAgreed, (agreed, 7, _now(), 1, 7, signatures)));
        vm.snapshotValue("feeds", "pull check, 3 of 4, co-signed, with calldata", pull);
        vm.assertLe(pull, 30_000);
        AggregatedSignature memory signature = _aggregate(SEATS, 7, feeds.digestOf(summed, 7, _now(), _epoch()), false);
        pull = puller.cost(address(feeds), abi.encodeCall(IFeeds.checkAggregated, (summed, 7, _now(), 1, signature)));
        vm.snapshotValue("feeds", "pull check, 3 of 4, aggregated, with calldata", pull);
        vm.assertLe(pull, 25_000);
    }

    function test_FourNodeFeedOfOwnValues() external {
        bytes memory entries;
        for (int96 i; i < 6; ++i) {
            vm.warp(block.timestamp + 60);
            entries = _entriesFrom(3, own, 231_550_000_000 + i * 1_000_000, _now());
            feeds.updateValues(own, _now(), 1, entries);
        }
        _measured("feed update, 3 of 4, own values", 59_500);
        entries = _entriesFrom(3, own, 231_550_000_000, _now());
        uint256 pull = puller.cost(address(feeds), abi.encodeCall(IFeeds.checkValues, (own, _now(), 1, entries)));
        vm.snapshotValue("feeds", "pull check, 3 of 4, own values, with calldata", pull);
        vm.assertLe(pull, 32_500);
    }

    /// Two slots more than without: its name, and what it says.
    function test_FeedWithASecondary() external {
        Feed memory terms = _feed(Scheme.Values);
        (terms.secondary, terms.apart) = (agreed, 50);
        bytes32 held = feeds.create(terms, told);
        for (int96 i; i < 6; ++i) {
            vm.warp(block.timestamp + 60);
            _tell(agreed, 231_550_000_000 + i * 1_000_000, 7);
            bytes memory entries = _entriesFrom(3, held, 231_550_000_000 + i * 1_000_000, _now());
            feeds.updateValues(held, _now(), 1, entries);
        }
        _measured("feed update, 3 of 4, own values, with a secondary", 64_500);
    }

    function test_FeedOfThirtyOne() external {
        for (uint256 i = SEATS; i < 31; ++i) {
            _join(i, STAKE);
        }
        vm.warp(block.timestamp + EPOCH);
        stakes.advanceEpoch(0);
        _buildSet(31);
        _measured("build the points of 31 signers", 1_200_000);
        uint256 seats = 0x1fffff; // 21 of 31
        for (int96 i; i < 6; ++i) {
            vm.warp(block.timestamp + 60);
            _updateAggregated(31, seats, 231_550_000_000 + i * 1_000_000, true);
        }
        _measured("feed update, 21 of 31, aggregated", 56_000);
        AggregatedSignature memory signature = _aggregate(31, seats, feeds.digestOf(summed, 7, _now(), _epoch()), true);
        uint256 pull =
            puller.cost(address(feeds), abi.encodeCall(IFeeds.checkAggregated, (summed, 7, _now(), 2, signature)));
        vm.snapshotValue("feeds", "pull check, 21 of 31, aggregated, with calldata", pull);
        vm.assertLe(pull, 27_000);
    }

    function _updateFirstParty(bytes32 template, int96 value) private {
        (bytes32 r, bytes32 vs) = vm.signCompact(77, feeds.digestOf(template, value, _now(), 0));
        feeds.updateFirstParty(template, value, _now(), r, vs);
    }

    function _updateAggregated(uint256 count, uint256 seats, int96 value, bool byAbsent) private {
        AggregatedSignature memory signature =
            _aggregate(count, seats, feeds.digestOf(summed, value, _now(), _epoch()), byAbsent);
        feeds.updateAggregated(summed, value, _now(), _epoch(), signature);
    }

    function _measured(string memory name, uint256 ceiling) private {
        vm.assertLe(vm.snapshotGasLastCall("feeds", name), ceiling, name);
    }
}
