// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle, LegStatus, Outcome} from "../../../src/bundles/BundleTypes.sol";
import {Facts} from "../../../src/bundles/Facts.sol";
import {Finish, IEscrow} from "../../../src/bundles/IEscrow.sol";
import {BundleDecision} from "../../../src/bundles/ISettler.sol";
import {ICrossL2Inbox, Identifier} from "../../../src/bundles/verifiers/ICrossL2Inbox.sol";
import {IInboxVerifier, Part, Showing, Source, Told} from "../../../src/bundles/verifiers/IInboxVerifier.sol";
import {InboxVerifier} from "../../../src/bundles/verifiers/InboxVerifier.sol";
import {TestToken} from "../../doubles/Tokens.sol";
import {InboxStage} from "./InboxStage.sol";

contract InboxVerifierTest is InboxStage {
    /* a bundle that nobody attests */

    function test_IsCommittedAndPaidByLogsAlone() external {
        _open();
        bytes memory held_ = _evidence(_prepareBoth());
        vm.chainId(HUB_CHAIN);
        vm.recordLogs();
        hub.commitPrepared(_one(id), held_);
        Showing memory decided = _of(_lastLog());
        vm.chainId(OUR_CHAIN);

        vm.recordLogs();
        _finish(Outcome.Committed, decided);
        vm.assertEq(TestToken(held[0].target).balanceOf(BOB), 100e6);
        vm.assertEq(TestToken(held[1].target).balanceOf(ALICE), 70e6);
        _check(Facts.receipt(first + 1, LegStatus.Ok, 0, address(this)), _of(_lastLog()));
    }

    function test_IsAbortedAndGivenBackByLogsAlone() external {
        _open();
        _prepareBoth();
        _finish(Outcome.Aborted, _abort());
        vm.assertEq(TestToken(held[0].target).balanceOf(ALICE), 100e6);
        vm.assertEq(TestToken(held[1].target).balanceOf(BOB), 70e6);
    }

    /* what an opening says of each leg */

    function testFuzz_EveryLegWasOpened(uint8 index) external {
        Showing memory shown = _open();
        shown.index = index % 2;
        _check(Facts.opened(first, shown.index, ALICE, DEADLINE, _hashes()[shown.index]), shown);
    }

    function test_RevertWhen_TheLegsAreOthers() external {
        Showing memory shown = _open();
        shown.legHashes[1] = keccak256("another");
        bytes32 leaf = Facts.opened(first, 1, ALICE, DEADLINE, shown.legHashes[1]);
        (shown.index, shown.legHashes[0]) = (1, shown.legHashes[0]);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_BadPayload.selector, 0, "legs"));
        _check(leaf, shown);
    }

    function test_RevertWhen_ThereIsNoSuchLeg() external {
        Showing memory shown = _open();
        shown.index = 2;
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_BadPayload.selector, 0, "legs"));
        _check(keccak256("leaf"), shown);
    }

    /* who says it */

    function testFuzz_RevertWhen_TheOriginIsForeign(address origin) external {
        Showing memory shown = _abortedBefore();
        vm.assume(origin != address(hub));
        shown.logs[0].id.origin = origin;
        _know(shown.logs[0]);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_NotOurs.selector, HUB_CHAIN, origin));
        _check(_aborted(), shown);
    }

    /// Anybody can deploy what is at our hub's address on another chain, if only by the same code.
    function testFuzz_RevertWhen_TheChainIsAnother(uint256 chainId) external {
        Showing memory shown = _abortedBefore();
        vm.assume(chainId != HUB_CHAIN);
        shown.logs[0].id.chainId = chainId;
        _know(shown.logs[0]);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_NotOurs.selector, chainId, address(hub)));
        _check(_aborted(), shown);
    }

    function test_RevertWhen_AnEscrowSaysWhatTheHubDecided() external {
        Showing memory shown = _abortedBefore();
        (shown.logs[0].id.origin, shown.logs[0].id.chainId) = (address(escrow), OUR_CHAIN);
        _know(shown.logs[0]);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_NotOurs.selector, OUR_CHAIN, address(escrow)));
        _check(_aborted(), shown);
    }

    function test_RevertWhen_TheHubSaysWhatALegReturned() external {
        Told memory told = Told(
            Identifier(address(hub), 1, 99, START, HUB_CHAIN),
            abi.encode(IEscrow.Receipt.selector, uint256(first), LegStatus.Ok, bytes32(0), address(this))
        );
        _know(told);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_NotOurs.selector, HUB_CHAIN, address(hub)));
        _check(Facts.receipt(first, LegStatus.Ok, 0, address(this)), _of(told));
    }

    function test_RevertWhen_ASettlerSaysThatALegIsHeld() external {
        Showing memory shown = _prepareBoth();
        shown.logs[1].id.origin = SETTLER;
        _know(shown.logs[1]);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_NotOurs.selector, OUR_CHAIN, SETTLER));
        _check(Facts.prepared(id), shown);
    }

    /* what is said */

    function testFuzz_RevertWhen_TheLogIsNotThere(uint256 block_, uint256 place, uint256 time) external {
        Showing memory shown = _abortedBefore();
        Identifier memory at = shown.logs[0].id;
        vm.assume(block_ != at.blockNumber || place != at.logIndex || time != at.timestamp);
        (at.blockNumber, at.logIndex, at.timestamp) = (block_, place, time);
        vm.expectRevert(ICrossL2Inbox.NotInAccessList.selector);
        _check(_aborted(), shown);
    }

    function testFuzz_RevertWhen_AnyByteIsAnother(uint256 place, uint8 by) external {
        Showing memory shown = _abortedBefore();
        bytes memory payload = shown.logs[0].payload;
        vm.assume(by != 0);
        place = _bound(place, 32, payload.length - 1);
        payload[place] = bytes1(uint8(payload[place]) ^ by);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_OtherFact.selector, 0));
        _check(_aborted(), shown);
    }

    function testFuzz_RevertWhen_ItIsTheLogOfSomethingElse(bytes32 topic) external {
        vm.assume(topic != keccak256("Decided(bytes32,uint64,uint8)") && topic != IEscrow.Receipt.selector);
        vm.assume(topic != IEscrow.Prepared.selector);
        vm.assume(
            topic
                != keccak256("Opened(bytes32,address,uint64,(address,uint8,uint8,uint40,bytes32,uint96,uint64),bytes)")
        );
        Showing memory shown = _abortedBefore();
        bytes memory payload = shown.logs[0].payload;
        assembly ("memory-safe") {
            mstore(add(payload, 32), topic)
        }
        _know(shown.logs[0]);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_BadPayload.selector, 0, "topic"));
        _check(_aborted(), shown);
    }

    function testFuzz_RevertWhen_ThePayloadIsOfAnotherLength(uint256 length) external {
        Showing memory shown = _abortedBefore();
        bytes memory payload = shown.logs[0].payload;
        length = _bound(length, 0, payload.length - 1);
        assembly ("memory-safe") {
            mstore(payload, length)
        }
        _know(shown.logs[0]);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_BadPayload.selector, 0, "length"));
        _check(_aborted(), shown);
    }

    function test_RevertWhen_TheOpeningIsCutShort() external {
        Showing memory shown = _open();
        bytes memory payload = shown.logs[0].payload;
        assembly ("memory-safe") {
            mstore(payload, 384)
        }
        _know(shown.logs[0]);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_BadPayload.selector, 0, "length"));
        _check(Facts.opened(first, 0, ALICE, DEADLINE, _hashes()[0]), shown);
    }

    function testFuzz_RevertWhen_TheDecisionIsAnother(uint64 base, bool committed) external {
        Showing memory shown = _abortedBefore();
        vm.assume(base != first || committed);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_OtherFact.selector, 0));
        _check(Facts.decision(id, base, committed ? Outcome.Committed : Outcome.Aborted), shown);
    }

    function test_RevertWhen_SitsWhoever() external {
        Showing memory shown = _abortedBefore();
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_OtherFact.selector, 0));
        _check(Facts.seated(1, 1, new uint256[](1)), shown);
    }

    /* that all is held */

    function test_RevertWhen_ALegIsNotHeld() external {
        Showing memory shown = _prepareBoth();
        shown.logs[1] = shown.logs[0];
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_OtherFact.selector, 0));
        _check(Facts.prepared(id), shown);
    }

    function test_RevertWhen_ALegIsLeftOut() external {
        Showing memory shown = _prepareBoth();
        shown = Showing(_of(shown.logs[0]).logs, shown.legHashes, 0, shown.bundle);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_BadPayload.selector, 0, "logs"));
        _check(Facts.prepared(id), shown);
    }

    /// The number of legs stands in the header, and the id is the header's hash.
    function test_RevertWhen_TheHeaderSaysFewerLegs() external {
        Showing memory shown = _prepareBoth();
        shown = Showing(_of(shown.logs[0]).logs, shown.legHashes, 0, shown.bundle);
        shown.bundle.legs = 1;
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_OtherFact.selector, 0));
        _check(Facts.prepared(id), shown);
    }

    /* how many are shown */

    function test_RevertWhen_ThereAreFewerThanLeaves() external {
        bytes memory evidence = _evidence(_abortedBefore());
        bytes32[] memory leaves = new bytes32[](2);
        leaves[0] = _aborted();
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_WrongCount.selector, 2, 1));
        verifier.check(leaves, 0, evidence);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_WrongCount.selector, 0, 0));
        verifier.check(new bytes32[](0), 0, abi.encode(new Showing[](0)));
    }

    /* naming */

    function test_RevertWhen_NamedTwiceOrByAnybody() external {
        Source[] memory sources = _sources();
        vm.expectRevert(IInboxVerifier.Inbox_NamedAlready.selector);
        verifier.name(sources);
        InboxVerifier fresh = new InboxVerifier(address(this), HUB_CHAIN);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_NotDeployer.selector, BOB));
        fresh.name(sources);
    }

    function test_RevertWhen_AHubIsElsewhereOrTheSecond() external {
        InboxVerifier fresh = new InboxVerifier(address(this), HUB_CHAIN);
        Source[] memory sources = _sources();
        sources[0].chainId = OUR_CHAIN;
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_BadSource.selector, 0));
        fresh.name(sources);
        sources = _sources();
        sources[2] = Source(HUB_CHAIN, SETTLER, Part.Hub);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_BadSource.selector, 2));
        fresh.name(sources);
        sources[2] = Source(HUB_CHAIN, address(hub), Part.Escrow);
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_BadSource.selector, 2));
        fresh.name(sources);
    }

    function test_BelievesNothingBeforeItIsNamed() external {
        bytes memory evidence = _evidence(_abortedBefore());
        verifier = new InboxVerifier(address(this), HUB_CHAIN);
        bytes32[] memory leaves = _one(_aborted());
        vm.expectRevert(abi.encodeWithSelector(IInboxVerifier.Inbox_NotOurs.selector, HUB_CHAIN, address(hub)));
        verifier.check(leaves, 0, evidence);
    }

    /* INSIDE */

    function _abortedBefore() private returns (Showing memory) {
        _open();
        return _abort();
    }

    function _aborted() private view returns (bytes32) {
        return Facts.decision(id, first, Outcome.Aborted);
    }

    function _check(bytes32 leaf, Showing memory shown) private {
        verifier.check(_one(leaf), 0, _evidence(shown));
    }

    function _finish(Outcome outcome, Showing memory decided) private {
        Finish[] memory legs = new Finish[](2);
        for (uint8 i; i < 2; ++i) {
            legs[i] = Finish(id, i, 0, 0, held[i]);
        }
        BundleDecision[] memory decisions = new BundleDecision[](1);
        decisions[0] = BundleDecision(id, first, outcome);
        escrow.finish(legs, decisions, _evidence(decided), address(this));
    }
}
