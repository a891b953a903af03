// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {BundleHub} from "../../../src/bundles/BundleHub.sol";
import {Bundle, Leg, LegKind, LegStatus} from "../../../src/bundles/BundleTypes.sol";
import {HubLimits} from "../../../src/bundles/IBundleHub.sol";
import {IBundleHub} from "../../../src/bundles/IBundleHub.sol";
import {ISettler, RunnableLeg} from "../../../src/bundles/ISettler.sol";
import {IMessageGateway} from "../../../src/bundles/views/IMessageGateway.sol";
import {MessageGateway} from "../../../src/bundles/views/MessageGateway.sol";
import {TestRecipient} from "../../doubles/Recipient.sol";
import {Place, SettlerStage} from "../SettlerStage.sol";
import {Vm} from "../../Test.sol";

/// @dev A real hub on chain 7, a real settler on the tests' chain, and what is opened there runs here, as the hub logged it.
contract MessageGatewayTest is SettlerStage {
    uint256 private constant HUB_CHAIN = 7;
    uint256 private constant OUR_CHAIN = 31_337;

    BundleHub private hub;
    MessageGateway private gateway;
    TestRecipient private recipient;

    function setUp() public override {
        super.setUp();
        vm.chainId(HUB_CHAIN);
        hub = new BundleHub(
            HubLimits({
                verifier: address(verifier),
                attesters: address(1),
                stakeManager: address(1),
                guardian: guardian,
                longestWindow: 7 days,
                graceSeconds: 12 hours,
                reclaimSeconds: 14 days,
                attesterBps: 0
            })
        );
        gateway = new MessageGateway(hub);
        recipient = new TestRecipient(settler.accountOf(address(gateway)));
    }

    /* a message */

    function testFuzz_IsHeardOnTheOtherChain(bytes calldata payload) external {
        vm.assume(payload.length < 4_096);
        bytes[] memory wishes = new bytes[](1);
        // The recipient keeps what it hears: up to 128 words.
        wishes[0] = abi.encodeWithSelector(gateway.MIN_GAS_LIMIT(), uint256(4_000_000));
        Opened memory opened = _send(payload, wishes, 0);
        _bring(opened);
        vm.assertEq(recipient.heard(), payload);
        vm.assertEq(recipient.heardSender(), InteroperableAddress.formatEvmV1(HUB_CHAIN, alice));
        vm.assertEq(recipient.heardId(), opened.receiveId);
        vm.assertEq(gateway.senderOf(opened.id), alice);
        // Brought again, it is passed over.
        _bring(opened);
    }

    function test_EachHasAnIdOfItsOwn() external {
        Opened memory first = _send("same", new bytes[](0), 0);
        Opened memory second = _send("same", new bytes[](0), 0);
        vm.assertTrue(first.id != second.id && first.receiveId != second.receiveId);
    }

    /// Anybody's legs are called from the shared executor, anybody's account is his own.
    function test_NobodyElseIsHeard() external {
        Opened memory opened = _send("forged", new bytes[](0), 0);
        vm.chainId(OUR_CHAIN);
        opened.leg.kind = LegKind.Shared;
        RunnableLeg memory forged = _opened(opened.leg, Place(0, 0, alice, opened.bundle.deadline), "");
        _expectRefusal(0);
        _run(forged);
        opened.leg.kind = LegKind.Account;
        forged = _opened(opened.leg, Place(1, 0, alice, opened.bundle.deadline), "");
        _expectRefusal(1);
        _run(forged);
        vm.assertEq(recipient.heard().length, 0);
    }

    /* attributes */

    function testFuzz_WishesAreKept(uint40 timeout, uint32 gasLimit, bool turned) external {
        timeout = uint40(_bound(timeout, START + 1, START + 7 days));
        gasLimit = uint32(_bound(gasLimit, 1, type(uint32).max));
        bytes[] memory wishes = new bytes[](2);
        wishes[turned ? 1 : 0] = abi.encodeWithSignature("timeout(uint256)", timeout);
        wishes[turned ? 0 : 1] = abi.encodeWithSignature("minGasLimit(uint256)", gasLimit);
        Opened memory opened = _send("later", wishes, 0);
        vm.assertEq(opened.bundle.deadline, timeout);
        vm.assertEq(opened.leg.gasLimit, gasLimit);
    }

    function test_OthersAreUsual() external {
        Opened memory opened = _send("now", new bytes[](0), 0);
        vm.assertEq(opened.bundle.deadline, START + 1 days);
        vm.assertEq(opened.leg.gasLimit, 200_000);
        vm.assertTrue(gateway.supportsAttribute(bytes4(keccak256("timeout(uint256)"))));
        vm.assertTrue(gateway.supportsAttribute(bytes4(keccak256("minGasLimit(uint256)"))));
    }

    function testFuzz_RevertWhen_AnAttributeIsUnknown(bytes4 selector) external {
        vm.assume(!gateway.supportsAttribute(selector));
        _refuses(
            abi.encodeWithSelector(selector, 1),
            abi.encodeWithSelector(IERC7786GatewaySource.UnsupportedAttribute.selector, selector)
        );
    }

    function test_RevertWhen_AnAttributeMakesNoSense() external {
        bytes4 timeout = gateway.TIMEOUT();
        bytes4 minGas = gateway.MIN_GAS_LIMIT();
        bytes memory why = abi.encodeWithSelector(IMessageGateway.Gateway_BadAttribute.selector, timeout);
        _refuses(abi.encodePacked(timeout), why);
        _refuses(abi.encodePacked(timeout, uint256(START + 1), uint8(0)), why);
        _refuses(abi.encodeWithSelector(timeout, 0), why);
        _refuses(
            abi.encodeWithSelector(timeout, START),
            abi.encodeWithSelector(IMessageGateway.Gateway_BadTimeout.selector, START)
        );
        why = abi.encodeWithSelector(IMessageGateway.Gateway_BadAttribute.selector, minGas);
        _refuses(abi.encodeWithSelector(minGas, uint256(type(uint32).max) + 1), why);
        bytes[] memory twice = new bytes[](2);
        twice[0] = twice[1] = abi.encodeWithSelector(minGas, 5);
        bytes memory to = _recipient();
        vm.expectRevert(why);
        gateway.sendMessage(to, "", twice);
    }

    /* what cannot be sent */

    function test_RevertWhen_ThePayloadIsTooBig() external {
        bytes memory to = _recipient();
        vm.expectPartialRevert(IMessageGateway.Gateway_PayloadTooBig.selector);
        gateway.sendMessage(to, new bytes(8_192), new bytes[](0));
    }

    function test_RevertWhen_TheRecipientIsNoAddressOfAnEvm() external {
        vm.expectRevert();
        gateway.sendMessage(hex"0001000201010401020304", "", new bytes[](0));
    }

    /* fees */

    function test_TheFeeIsTheBundles() external {
        Opened memory opened = _send("paid", new bytes[](0), 0.01 ether);
        vm.assertEq(opened.bundle.fee, 0.01 ether);
        vm.assertEq(address(gateway).balance, 0);
    }

    function test_WhatNobodyEarnedIsTheSendersAgain() external {
        Opened memory opened = _send("unheard", new bytes[](0), 0.01 ether);
        vm.chainId(HUB_CHAIN);
        vm.warp(uint256(opened.bundle.deadline) + 12 hours + 1);
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = opened.id;
        hub.expire(ids);
        vm.expectPartialRevert(IBundleHub.Hub_Early.selector);
        gateway.returnFee(opened.bundle);
        vm.warp(uint256(opened.bundle.deadline) + 14 days + 1);
        vm.assertEq(gateway.returnFee(opened.bundle), 0.01 ether);
        vm.assertEq(alice.balance, 0.01 ether);
        vm.expectRevert(abi.encodeWithSelector(IMessageGateway.Gateway_NothingToReturn.selector, opened.id));
        gateway.returnFee(opened.bundle);
    }

    function test_RevertWhen_NobodySentIt() external {
        Opened memory opened = _send("mine", new bytes[](0), 0);
        vm.chainId(HUB_CHAIN);
        opened.bundle.salt += 1;
        bytes32 id = hub.idOf(opened.bundle);
        vm.expectRevert(abi.encodeWithSelector(IMessageGateway.Gateway_NotSent.selector, id));
        gateway.returnFee(opened.bundle);
    }

    /* INSIDE */

    struct Opened {
        bytes32 id;
        bytes32 receiveId;
        uint64 base;
        Bundle bundle;
        Leg leg;
    }

    function _recipient() private view returns (bytes memory) {
        return InteroperableAddress.formatEvmV1(OUR_CHAIN, address(recipient));
    }

    /// @dev What the hub logged of it.
    function _send(bytes memory payload, bytes[] memory attributes, uint256 fee)
        private
        returns (Opened memory opened)
    {
        vm.chainId(HUB_CHAIN);
        (bool done,) = alice.call{value: fee}("");
        require(done);
        bytes memory to = _recipient();
        vm.recordLogs();
        vm.prank(alice);
        vm.assertEq(gateway.sendMessage{value: fee}(to, payload, attributes), 0);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bytes memory legs;
        (opened.id, opened.receiveId) = (logs[0].topics[1], logs[1].topics[1]);
        (opened.base, opened.bundle, legs) = abi.decode(logs[0].data, (uint64, Bundle, bytes));
        opened.leg = abi.decode(legs, (Leg[]))[0];
        vm.assertEq(logs[1].topics[2], opened.id);
        vm.assertEq(logs[2].topics[0], IERC7786GatewaySource.MessageSent.selector);
    }

    function _bring(Opened memory opened) private {
        vm.chainId(OUR_CHAIN);
        _run(_opened(opened.leg, Place(opened.base, 0, address(gateway), opened.bundle.deadline), ""));
    }

    function _refuses(bytes memory attribute, bytes memory why) private {
        bytes[] memory one = new bytes[](1);
        one[0] = attribute;
        bytes memory to = _recipient();
        vm.expectRevert(why);
        gateway.sendMessage(to, "", one);
    }

    function _expectRefusal(uint64 ordinal) private {
        bytes memory said = abi.encodeWithSelector(TestRecipient.TestRecipient_Stranger.selector, _caller(ordinal));
        vm.expectEmit(address(settler));
        emit ISettler.Receipt(ordinal, LegStatus.Failed, keccak256(said), relayer);
    }

    /// @dev First the shared executor, then the account of alice.
    function _caller(uint64 ordinal) private view returns (address) {
        return ordinal == 0 ? address(settler.shared()) : settler.accountOf(alice);
    }
}
