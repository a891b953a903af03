// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AggregatedSignature, Feed, FeedStatus, IFeeds, Scheme} from "../../../src/oracle/feeds/IFeeds.sol";
import {Feeds} from "../../../src/oracle/feeds/Feeds.sol";
import {IOracle} from "../../../src/oracle/IOracle.sol";
import {Secp256k1} from "../../../src/oracle/feeds/Secp256k1.sol";
import {FeedStage} from "./FeedStage.sol";

contract FeedsTest is FeedStage {
    bytes32 private agreed;
    bytes32 private own;
    bytes32 private summed;

    function setUp() public override {
        super.setUp();
        agreed = feeds.idOf(_feed(Scheme.Agreed));
        own = feeds.idOf(_feed(Scheme.Values));
        summed = feeds.idOf(_feed(Scheme.Aggregated));
        _buildSet(SEATS);
    }

    /* creating */

    function test_CreatesByLogAlone() external {
        vm.recordLogs();
        bytes32 feed = feeds.create(_feed(Scheme.Agreed), told);
        vm.assertEq(feed, agreed);
        vm.assertEq(vm.getRecordedLogs()[0].data, abi.encode(_feed(Scheme.Agreed), told));
    }

    function test_RevertWhen_TermsAreBad() external {
        Feed memory terms = _feed(Scheme.Agreed);
        terms.domain = 16;
        _refused(terms, "domain");
        terms = _feed(Scheme.Agreed);
        terms.heartbeat = 0;
        _refused(terms, "heartbeat");
        terms = _feed(Scheme.Agreed);
        terms.bandBps = 10_001;
        _refused(terms, "bandBps");
        terms = _feed(Scheme.Agreed);
        terms.signer = alice;
        _refused(terms, "signer");
        terms = _feed(Scheme.FirstParty);
        _refused(terms, "signer");
        terms.signer = alice;
        _refused(terms, "jump");
        terms = _feed(Scheme.Agreed);
        vm.expectPartialRevert(IFeeds.Feeds_SchemaMismatch.selector);
        feeds.create(terms, "another");
    }

    function testFuzz_EveryTermChangesTheId(uint8 field, uint16 to) external view {
        Feed memory terms = _feed(Scheme.Agreed);
        bytes32 before = feeds.idOf(terms);
        if (field % 10 == 0) terms.schema = bytes32(uint256(to));
        if (field % 10 == 1) terms.scheme = Scheme.Values;
        if (field % 10 == 2) terms.domain = uint8(1 + to % 15);
        if (field % 10 == 3) terms.decimals = uint8(9 + to % 9);
        if (field % 10 == 4) terms.heartbeat = HEARTBEAT + 1 + uint24(to);
        if (field % 10 == 5) terms.jump = uint8(11 + to % 200);
        if (field % 10 == 6) terms.bandBps = 101 + to % 1_000;
        if (field % 10 == 7) terms.nonce = 1 + uint64(to);
        if (field % 10 == 8) terms.secondary = bytes32(1 + uint256(to));
        if (field % 10 == 9) terms.apart = uint8(1 + to % 255);
        vm.assertTrue(feeds.idOf(terms) != before);
    }

    /* who says it */

    function test_TakesWhatTheOwnerOfTheSourceSigned() external {
        Feed memory terms = _feed(Scheme.FirstParty);
        terms.jump = 0;
        bytes32 template = feeds.idOf(terms);
        terms.signer = vm.addr(77);
        bytes32 feed = feeds.idOf(terms);
        template = _templateOf(terms);
        (bytes32 r, bytes32 vs) = vm.signCompact(77, feeds.digestOf(template, 5, _now(), 0));
        feeds.updateFirstParty(template, 5, _now(), r, vs);
        vm.assertEq(int256(_feedValue(feed)), 5);
        // Anybody else's signature tells another feed: his own.
        (r, vs) = vm.signCompact(78, feeds.digestOf(template, 6, _now(), 0));
        feeds.updateFirstParty(template, 6, _now(), r, vs);
        vm.assertEq(int256(_feedValue(feed)), 5);
    }

    function test_TakesTheMedianOfOwnValues() external {
        bytes memory entries =
            bytes.concat(_entry(2, own, -7, _now()), _entry(0, own, 10, _now()), _entry(1, own, 11, _now()));
        feeds.updateValues(own, _now(), 1, entries);
        vm.assertEq(int256(_feedValue(own)), 10);
    }

    function test_TakesWhatAQuorumCosigned() external {
        _tell(agreed, 42, 7);
        (FeedStatus status, int96 value, uint40 at, uint32 round) = feeds.read(agreed);
        vm.assertTrue(status == FeedStatus.Fresh);
        vm.assertEq(int256(value), 42);
        vm.assertEq(uint256(at), block.timestamp);
        vm.assertEq(uint256(round), 1);
        vm.assertEq(
            feeds.checkAgreed(agreed, 43, _now(), 1, 7, _feedCosigned(agreed, 43, _now(), 7)), 3 * uint256(STAKE)
        );
    }

    function testFuzz_TakesOneSignatureOfMany(uint256 seats, bool byAbsent) external {
        uint256[5] memory quorums = [uint256(7), 11, 13, 14, 15];
        seats = quorums[seats % 5];
        AggregatedSignature memory signature =
            _aggregate(SEATS, seats, feeds.digestOf(summed, 9, _now(), 1), byAbsent && seats != 15);
        vm.assertGe(feeds.checkAggregated(summed, 9, _now(), 1, signature), 3 * uint256(STAKE));
        feeds.updateAggregated(summed, 9, _now(), 1, signature);
        vm.assertEq(int256(_feedValue(summed)), 9);
    }

    function test_RevertWhen_TheSchemeIsAnother() external {
        bytes memory signatures = _feedCosigned(own, 1, _now(), 7);
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_WrongScheme.selector, own, Scheme.Agreed));
        feeds.updateAgreed(own, 1, _now(), 1, 7, signatures);
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_WrongScheme.selector, agreed, Scheme.FirstParty));
        feeds.updateFirstParty(agreed, 1, _now(), bytes32(0), bytes32(0));
    }

    function test_RevertWhen_HalfSigned() external {
        bytes memory signatures = _feedCosigned(agreed, 1, _now(), 3);
        vm.expectPartialRevert(IFeeds.Feeds_NoQuorum.selector);
        feeds.updateAgreed(agreed, 1, _now(), 1, 3, signatures);
        AggregatedSignature memory signature = _aggregate(SEATS, 3, feeds.digestOf(summed, 1, _now(), 1), false);
        vm.expectPartialRevert(IFeeds.Feeds_NoQuorum.selector);
        feeds.updateAggregated(summed, 1, _now(), 1, signature);
    }

    function test_RevertWhen_TheSignatureIsAnothersOrForOther() external {
        bytes memory signatures = _feedCosigned(agreed, 1, _now(), 7);
        vm.expectPartialRevert(IOracle.Oracle_BadSignature.selector);
        feeds.updateAgreed(agreed, 2, _now(), 1, 7, signatures);
        vm.warp(block.timestamp + 1);
        vm.expectPartialRevert(IOracle.Oracle_BadSignature.selector);
        feeds.updateAgreed(agreed, 1, _now(), 1, 7, signatures);
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_StaleEpoch.selector, 2, 1));
        feeds.updateAgreed(agreed, 1, _now(), 2, 7, signatures);
    }

    function testFuzz_RevertWhen_AnAggregatedSignatureIsForged(uint256 what, uint256 by) external {
        AggregatedSignature memory signature = _aggregate(SEATS, 7, feeds.digestOf(summed, 9, _now(), 1), false);
        by = _bound(by, 1, type(uint128).max);
        what %= 6;
        if (what == 0) signature.s = addmod(signature.s, by, Secp256k1.N);
        if (what == 1) signature.commitment = address(uint160(uint256(uint160(signature.commitment)) ^ by));
        if (what == 2) signature.inverse = addmod(signature.inverse, by, Secp256k1.P);
        if (what == 3) signature.seats = 15; // more weight than signed
        if (what == 4) signature.seats = 7 | 1 << 4 + by % 200; // a seat that nobody holds
        if (what == 5) signature.commitment = address(0);
        vm.expectPartialRevert(IFeeds.Feeds_BadSignature.selector);
        feeds.updateAggregated(summed, 9, _now(), 1, signature);
    }

    function test_RevertWhen_ThePointsAreNotTheSeats() external {
        uint256[] memory points = new uint256[](2 * SEATS);
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_BadPoint.selector, 0));
        feeds.buildSchnorrSet(0, points, 1);
        points = new uint256[](2 * (SEATS - 1));
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_BadPoint.selector, SEATS));
        feeds.buildSchnorrSet(0, points, 1);
        points = new uint256[](2 * SEATS);
        for (uint256 i; i < SEATS; ++i) {
            (points[2 * i], points[2 * i + 1]) = _pointOf(_key(i));
        }
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_BadPoint.selector, SEATS));
        feeds.buildSchnorrSet(0, points, 12_345);
    }

    function test_RevertWhen_AggregationIsOff() external {
        Feeds off = new Feeds(address(stakes), false);
        AggregatedSignature memory signature;
        vm.expectRevert(IFeeds.Feeds_AggregationOff.selector);
        off.updateAggregated(summed, 1, _now(), 1, signature);
        vm.expectRevert(IFeeds.Feeds_AggregationOff.selector);
        off.create(_feed(Scheme.Aggregated), told);
        vm.expectRevert(IFeeds.Feeds_AggregationOff.selector);
        off.buildSchnorrSet(0, new uint256[](2 * SEATS), 1);
    }

    function test_RevertWhen_ThePointsAreOfAnotherEpoch() external {
        _join(SEATS, STAKE);
        vm.warp(block.timestamp + EPOCH);
        stakes.advanceEpoch(0);
        AggregatedSignature memory signature = _aggregate(SEATS, 15, feeds.digestOf(summed, 9, _now(), 2), false);
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_NoSchnorrSet.selector, 0, 2));
        feeds.updateAggregated(summed, 9, _now(), 2, signature);
        signature = _aggregate(SEATS, 15, feeds.digestOf(summed, 9, _now(), 1), false);
        vm.warp(block.timestamp + EPOCH);
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_NoSchnorrSet.selector, 0, 1));
        feeds.updateAggregated(summed, 9, _now(), 1, signature);
    }

    function test_PointsOfAnEpochThatIsOverCanBeDropped() external {
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_SchnorrSetStands.selector, 0));
        feeds.dropSchnorrSet(0);
        _join(SEATS, STAKE);
        vm.warp(block.timestamp + EPOCH);
        stakes.advanceEpoch(0);
        feeds.dropSchnorrSet(0);
        AggregatedSignature memory signature = _aggregate(SEATS, 15, feeds.digestOf(summed, 9, _now(), 1), false);
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_NoSchnorrSet.selector, 0, 1));
        feeds.updateAggregated(summed, 9, _now(), 1, signature);
        _buildSet(SEATS + 1);
        feeds.updateAggregated(
            summed, 9, _now(), 2, _aggregate(SEATS + 1, 15, feeds.digestOf(summed, 9, _now(), 2), true)
        );
        vm.assertEq(int256(_feedValue(summed)), 9);
    }

    /* pulled */

    function test_PullsTheMedianOfOwnValuesAndStoresNothing() external view {
        bytes memory entries =
            bytes.concat(_entry(2, own, -7, _now()), _entry(0, own, 10, _now()), _entry(1, own, 11, _now()));
        (int96 value, uint256 weight) = feeds.checkValues(own, _now(), 1, entries);
        vm.assertEq(int256(value), 10);
        vm.assertEq(weight, 3 * uint256(STAKE));
        vm.assertTrue(_feedStatus(own) == FeedStatus.Unknown);
    }

    function testFuzz_APullAndAnUpdateSayTheSame(int96[4] memory values, uint256 seats) external {
        bytes memory entries;
        // Ascending: each time the least of the seats that are left.
        for (uint256 left = seats & 15; left != 0;) {
            uint256 least = 4;
            for (uint256 seat; seat < 4; ++seat) {
                if (left >> seat & 1 == 1 && (least == 4 || values[seat] < values[least])) least = seat;
            }
            left &= ~(1 << least);
            entries = bytes.concat(entries, _entry(least, own, values[least], _now()));
        }
        (bool pulled, bytes memory said) =
            address(feeds).staticcall(abi.encodeCall(IFeeds.checkValues, (own, _now(), 1, entries)));
        (bool updated, bytes memory why) =
            address(feeds).call(abi.encodeCall(IFeeds.updateValues, (own, _now(), 1, entries)));
        vm.assertTrue(pulled == updated);
        if (!pulled) {
            vm.assertEq(said, why);
            return;
        }
        (int96 value,) = abi.decode(said, (int96, uint256));
        vm.assertEq(int256(value), int256(_feedValue(own)));
    }

    function testFuzz_RevertWhen_AByteOfAPulledReportIsAnother(uint256 place, uint8 to) external {
        bytes memory entries = _entriesFrom(3, own, 10, _now());
        place = place % entries.length;
        vm.assume(entries[place] != bytes1(to));
        entries[place] = bytes1(to);
        vm.expectRevert();
        feeds.checkValues(own, _now(), 1, entries);
    }

    function test_RevertWhen_APulledReportIsTampered() external {
        bytes memory entries = _entriesFrom(3, own, 10, _now());
        entries[2 * 77 + 12] = bytes1(uint8(13)); // the last value, 12
        vm.expectRevert(
            abi.encodeWithSelector(IOracle.Oracle_BadSignature.selector, feeds.momentOf(own, _now()), uint8(2))
        );
        feeds.checkValues(own, _now(), 1, entries);
        entries[2 * 77 + 12] = bytes1(uint8(12));
        vm.expectPartialRevert(IOracle.Oracle_BadSignature.selector);
        feeds.checkValues(own, _now() + 1, 1, entries);
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_WrongScheme.selector, agreed, Scheme.Values));
        feeds.checkValues(agreed, _now(), 1, entries);
    }

    function test_RevertWhen_TooFewAreInAPull() external {
        bytes32 moment = feeds.momentOf(own, _now());
        bytes memory entries = _entriesFrom(2, own, 10, _now());
        vm.expectRevert(
            abi.encodeWithSelector(IOracle.Oracle_NoQuorum.selector, moment, 2 * uint256(STAKE), SEATS * uint256(STAKE))
        );
        feeds.checkValues(own, _now(), 1, entries);
        // One who signs twice is one, and so is nobody.
        entries = bytes.concat(entries, _entry(1, own, 11, _now()));
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, moment, "seat twice"));
        feeds.checkValues(own, _now(), 1, entries);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, moment, "length"));
        feeds.checkValues(own, _now(), 1, "");
    }

    function test_RevertWhen_APulledReportIsOfAnotherEpoch() external {
        uint40 at = _now();
        bytes memory entries = _entriesFrom(4, own, 10, at);
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_StaleEpoch.selector, 2, 1));
        feeds.checkValues(own, at, 2, entries);
        _join(SEATS, STAKE);
        vm.warp(at + EPOCH);
        stakes.advanceEpoch(0);
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_StaleEpoch.selector, 1, 2));
        feeds.checkValues(own, at, 1, entries);
        // Signed for the last epoch they are nobody's of this one.
        vm.expectPartialRevert(IOracle.Oracle_BadSignature.selector);
        feeds.checkValues(own, at, 2, entries);
    }

    /* when it was seen */

    function test_RevertWhen_NotNewer() external {
        _tell(agreed, 1, 7);
        bytes memory signatures = _feedCosigned(agreed, 2, _now(), 7);
        vm.expectPartialRevert(IFeeds.Feeds_NotNewer.selector);
        feeds.updateAgreed(agreed, 2, _now(), 1, 7, signatures);
    }

    function test_RevertWhen_FromTheFutureOrTooOld() external {
        uint40 at = _now() + 1;
        bytes memory signatures = _feedCosigned(agreed, 1, at, 7);
        vm.expectPartialRevert(IFeeds.Feeds_FromTheFuture.selector);
        feeds.updateAgreed(agreed, 1, at, 1, 7, signatures);
        vm.warp(at + HEARTBEAT + 1);
        vm.expectPartialRevert(IFeeds.Feeds_TooOld.selector);
        feeds.updateAgreed(agreed, 1, at, 1, 7, signatures);
    }

    /* breakers */

    function test_AJumpHaltsUntilNineTenthsVouch() external {
        _calm();
        _tell(agreed, 200, 7);
        vm.assertTrue(_feedStatus(agreed) == FeedStatus.Halted);
        vm.assertEq(int256(_feedValue(agreed)), 104); // the jump was not taken
        vm.warp(block.timestamp + 60);
        bytes memory signatures = _feedCosigned(agreed, 104, _now(), 7);
        vm.expectPartialRevert(IFeeds.Feeds_NeedsMore.selector);
        feeds.updateAgreed(agreed, 104, _now(), 1, 7, signatures);
        _tell(agreed, 200, 15);
        vm.assertTrue(_feedStatus(agreed) == FeedStatus.Fresh);
        vm.assertEq(int256(_feedValue(agreed)), 200);
    }

    function test_AStepWithinTheBandIsNoJump() external {
        for (uint256 i; i < 6; ++i) {
            _tell(agreed, 10_000, 7);
            vm.warp(block.timestamp + 60);
        }
        _tell(agreed, 10_100, 7); // 1 %, though the feed never moved before
        vm.assertEq(int256(_feedValue(agreed)), 10_100);
    }

    function test_SilenceMakesItStaleAndMoreMustStartItAnew() external {
        _calm();
        vm.warp(block.timestamp + 2 * HEARTBEAT + 1);
        vm.assertTrue(_feedStatus(agreed) == FeedStatus.Stale);
        bytes memory signatures = _feedCosigned(agreed, 500, _now(), 7);
        vm.expectPartialRevert(IFeeds.Feeds_NeedsMore.selector);
        feeds.updateAgreed(agreed, 500, _now(), 1, 7, signatures);
        _tell(agreed, 500, 15);
        vm.assertTrue(_feedStatus(agreed) == FeedStatus.Fresh);
    }

    function test_ALongOutageEndsByItself() external {
        _calm();
        _tell(agreed, 200, 7); // halted
        vm.warp(block.timestamp + 16 * HEARTBEAT + 61);
        _tell(agreed, 900, 7);
        vm.assertTrue(_feedStatus(agreed) == FeedStatus.Fresh);
        vm.assertEq(int256(_feedValue(agreed)), 900);
    }

    function testFuzz_TheDeviationIsTheTrailingMeanStep(int64[] calldata values) external {
        vm.assume(values.length > 1);
        uint256 mean;
        for (uint256 i; i < values.length && i < 12; ++i) {
            if (i > 0) {
                int256 step = int256(values[i]) - values[i - 1];
                uint256 size = uint256(step < 0 ? -step : step);
                mean = i == 1 ? size : (7 * mean + size) / 8;
            }
            _tell(agreed, values[i], 15);
            vm.warp(block.timestamp + 60);
        }
        // What an ordinary quorum may do next shows it: ten times the mean (and 1 %) and no unit more.
        if (values.length < 5) return;
        int256 last = values[values.length < 12 ? values.length - 1 : 11];
        uint256 band = uint256(last < 0 ? -last : last) / 100;
        uint256 most = 10 * mean > band ? 10 * mean : band;
        _tell(agreed, int96(last + int256(most) + 1), 7);
        vm.assertTrue(_feedStatus(agreed) == FeedStatus.Halted);
    }

    /* INSIDE */

    function _calm() private {
        for (int96 i; i < 5; ++i) {
            _tell(agreed, 100 + i, 7);
            vm.warp(block.timestamp + 60);
        }
    }

    function _refused(Feed memory terms, string memory what) private {
        vm.expectRevert(abi.encodeWithSelector(IFeeds.Feeds_BadTerms.selector, what));
        feeds.create(terms, told);
    }

    function _templateOf(Feed memory terms) private view returns (bytes32) {
        Feed memory blank = terms;
        address signer = terms.signer;
        blank.signer = address(0);
        bytes32 hash = keccak256(abi.encode(blank));
        blank.signer = signer;
        uint256 fields = (1 << 80) - 1;
        return bytes32(uint256(hash) & ~fields | uint256(feeds.idOf(terms)) & fields);
    }
}
