// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {Bundle, LegKind, LegStatus} from "../../../src/bundles/BundleTypes.sol";
import {IBundleHub} from "../../../src/bundles/IBundleHub.sol";
import {ISettler, RunnableLeg} from "../../../src/bundles/ISettler.sol";
import {IMessageGateway} from "../../../src/bundles/views/IMessageGateway.sol";
import {TestRecipient} from "../../doubles/Recipient.sol";
import {Place} from "../SettlerStage.sol";
import {GatewayStage} from "./GatewayStage.sol";

/// @dev Asks for more while it is paid.
contract GreedySender {
    IMessageGateway private immutable _gateway;
    Bundle private _bundle;

    constructor(IMessageGateway gateway) {
        _gateway = gateway;
    }

    function expect(Bundle calldata bundle) external {
        _bundle = bundle;
    }

    receive() external payable {
        _gateway.returnFee(_bundle);
    }
}

contract MessageGatewayTest is GatewayStage {
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
        Opened memory opened = _unheard(0.01 ether);
        vm.expectPartialRevert(IBundleHub.Hub_Early.selector);
        gateway.returnFee(opened.bundle);
        vm.warp(uint256(opened.bundle.deadline) + 14 days + 1);
        vm.prank(bob);
        vm.assertEq(gateway.returnFee(opened.bundle), 0.01 ether);
        vm.assertEq(alice.balance, 0.01 ether);
        _returnsNothing(opened);
    }

    function test_WhatSomebodyReclaimedIsTheSendersAsWell() external {
        Opened memory opened = _unheard(0.01 ether);
        vm.warp(uint256(opened.bundle.deadline) + 14 days + 1);
        hub.reclaim(opened.bundle);
        vm.assertEq(gateway.returnFee(opened.bundle), 0.01 ether);
        vm.assertEq(alice.balance, 0.01 ether);
        _returnsNothing(opened);
    }

    /// Whoever writes down that it was missed has a quarter, whatever anybody adds to the fee; the rest waits for nothing more.
    function testFuzz_WhatAMissedOneDidNotCostIsTheSenders(uint64 fee, uint64 more) external {
        Opened memory opened = _send("missed", new bytes[](0), fee);
        hub.topUp{value: more}(opened.id);
        _expire(opened);
        _settle(opened, LegStatus.Missed, relayer);
        uint256 whole = uint256(fee) + more;
        vm.assertEq(hub.creditOf(relayer), whole / 4);
        if (whole != 0) vm.assertEq(gateway.returnFee(opened.bundle), whole - whole / 4);
        vm.assertEq(alice.balance, whole - whole / 4);
        _returnsNothing(opened);
    }

    /// Also when a receipt names the gateway itself as who brought it.
    function test_WhatIsNobodysIsTheSenders() external {
        Opened memory first = _unheard(0.01 ether);
        Opened memory second = _unheard(0.02 ether);
        _settle(first, LegStatus.Ok, address(0));
        _settle(second, LegStatus.Missed, address(gateway));
        vm.assertEq(gateway.returnFee(first.bundle), 0.01 ether);
        vm.assertEq(gateway.returnFee(second.bundle), 0.02 ether);
        vm.assertEq(hub.creditOf(address(gateway)), 0);
    }

    function test_NothingIsReturnedOfWhatWasEarned() external {
        Opened memory opened = _unheard(0.01 ether);
        Opened memory other = _unheard(0.02 ether);
        _settle(other, LegStatus.Missed, relayer);
        _settle(opened, LegStatus.Failed, relayer);
        // What is there is another's.
        vm.assertEq(hub.creditOf(address(gateway)), 0.015 ether);
        _returnsNothing(opened);
        vm.warp(uint256(opened.bundle.deadline) + 14 days + 1);
        _returnsNothing(opened);
    }

    /// Credit of one message is there while another is returned: nobody gets more than his own, in whatever order.
    function test_NobodyIsReturnedAnothersFee() external {
        Opened memory mine = _unheard(0.01 ether);
        Opened memory his = _sendAs(bob, "his", 0.03 ether);
        // Neither decided nor late: nothing of his may move, though the gateway has enough.
        _settle(mine, LegStatus.Missed, relayer);
        vm.expectPartialRevert(IBundleHub.Hub_NotDecided.selector);
        gateway.returnFee(his.bundle);
        _expire(his);
        vm.expectPartialRevert(IBundleHub.Hub_Early.selector);
        gateway.returnFee(his.bundle);
        _settle(his, LegStatus.Cancelled, relayer);
        vm.assertEq(gateway.returnFee(his.bundle), 0.0225 ether);
        _returnsNothing(his);
        vm.assertEq(gateway.returnFee(mine.bundle), 0.0075 ether);
        _returnsNothing(mine);
        vm.assertEq(bob.balance, 0.0225 ether);
        vm.assertEq(alice.balance, 0.0075 ether);
    }

    function test_NobodyIsReturnedTwiceFromWithin() external {
        GreedySender greedy = new GreedySender(gateway);
        Opened memory mine = _sendAs(address(greedy), "greedy", 0.01 ether);
        Opened memory other = _unheard(0.01 ether);
        _expire(mine);
        _settle(mine, LegStatus.Missed, relayer);
        _settle(other, LegStatus.Missed, relayer);
        greedy.expect(mine.bundle);
        vm.expectRevert(IBundleHub.ETHTransferFailed.selector);
        gateway.returnFee(mine.bundle);
        vm.assertEq(gateway.returnFee(other.bundle), 0.0075 ether);
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

    function _send(bytes memory payload, bytes[] memory attributes, uint256 fee) private returns (Opened memory) {
        return _sendWith(alice, payload, attributes, fee);
    }

    function _sendAs(address sender, bytes memory payload, uint256 fee) private returns (Opened memory) {
        return _sendWith(sender, payload, new bytes[](0), fee);
    }

    function _bring(Opened memory opened) private {
        vm.chainId(OUR_CHAIN);
        _run(_opened(opened.leg, Place(opened.base, 0, address(gateway), opened.bundle.deadline), ""));
    }

    /// @dev Nobody brought it in time, and the hub says so.
    function _unheard(uint256 fee) private returns (Opened memory opened) {
        opened = _sendAs(alice, "unheard", fee);
        _expire(opened);
    }

    function _expire(Opened memory opened) private {
        vm.chainId(HUB_CHAIN);
        vm.warp(uint256(opened.bundle.deadline) + 12 hours + 1);
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = opened.id;
        hub.expire(ids);
    }

    function _settle(Opened memory opened, LegStatus status, address named) private {
        _settle(opened.bundle, opened.base, status, named);
    }

    function _returnsNothing(Opened memory opened) private {
        vm.expectRevert(abi.encodeWithSelector(IMessageGateway.Gateway_NothingToReturn.selector, opened.id));
        gateway.returnFee(opened.bundle);
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
