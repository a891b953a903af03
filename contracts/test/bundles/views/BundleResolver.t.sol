// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BundleHashes} from "../../../src/bundles/BundleHashes.sol";
import {Bundle, Leg, LegKind, Mode, NO_LEG, Outcome} from "../../../src/bundles/BundleTypes.sol";
import {HeldLeg} from "../../../src/bundles/IEscrow.sol";
import {ORDER_TYPEHASH, Order} from "../../../src/bundles/orders/IOrders.sol";
import {IBundleResolver} from "../../../src/bundles/views/IBundleResolver.sol";
import {BundleResolver} from "../../../src/bundles/views/BundleResolver.sol";
import {
    FillInstruction,
    GaslessCrossChainOrder,
    OnchainCrossChainOrder,
    Output,
    ResolvedCrossChainOrder
} from "../../../src/bundles/views/IERC7683.sol";
import {Permit} from "../../../src/lib/Permits.sol";
import {OrdersStage} from "../orders/OrdersStage.sol";

contract BundleResolverTest is OrdersStage {
    address private constant SETTLER = address(0x5e771e);
    uint16 private constant ATTESTER_BPS = 2_000;

    BundleResolver private resolver;

    function setUp() public override {
        super.setUp();
        resolver = new BundleResolver(orders, escrow, SETTLER, HUB_CHAIN, ATTESTER_BPS);
    }

    /* signed orders */

    function testFuzz_APartCostsWhatTheMakerAsks(uint96 amount) external view {
        Order memory order = _order(1);
        amount = uint96(_bound(amount, 1, GIVES));
        ResolvedCrossChainOrder memory resolved = resolver.resolveFor(_envelope(order), abi.encode(amount));
        vm.assertEq(resolved.orderId, orders.digestOf(order));
        vm.assertEq(resolved.user, carol);
        _isOutput(resolved.maxSpent[0], address(coin), orders.priceOf(order, amount), carol);
        _isOutput(resolved.minReceived[0], address(token), amount, address(0));
        vm.assertEq(resolved.fillInstructions[0].destinationSettler, bytes32(uint256(uint160(address(escrow)))));
    }

    function test_WhatIsLeftIsWhatCanBeFilled() external {
        Order memory order = _order(1);
        _take(_partOf(order, 60e6));
        _prepareBoth();
        ResolvedCrossChainOrder memory resolved = resolver.resolveFor(_envelope(order), "");
        _isOutput(resolved.minReceived[0], address(token), 40e6, address(0));
        vm.prank(carol);
        orders.cancel(order);
        resolved = resolver.resolveFor(_envelope(order), "");
        _isOutput(resolved.minReceived[0], address(token), 0, address(0));
    }

    function testFuzz_RevertWhen_TheEnvelopeSaysSomethingElse(uint256 which) external {
        GaslessCrossChainOrder memory order = _envelope(_order(1));
        string[6] memory fields = ["originSettler", "originChainId", "user", "nonce", "deadline", "deadline"];
        which %= 6;
        if (which == 0) order.originSettler = alice;
        if (which == 1) order.originChainId += 1;
        if (which == 2) order.user = alice;
        if (which == 3) order.nonce += 1;
        if (which == 4) order.openDeadline += 1;
        if (which == 5) order.fillDeadline += 1;
        vm.expectRevert(abi.encodeWithSelector(IBundleResolver.Resolver_OtherOrder.selector, fields[which]));
        resolver.resolveFor(order, "");
    }

    function testFuzz_RevertWhen_TheTypeIsUnknown(bytes32 orderType) external {
        GaslessCrossChainOrder memory order = _envelope(_order(1));
        vm.assume(orderType != order.orderDataType && orderType != BundleHashes.BUNDLE_TYPEHASH);
        order.orderDataType = orderType;
        vm.expectRevert(abi.encodeWithSelector(IBundleResolver.Resolver_UnknownType.selector, orderType));
        resolver.resolveFor(order, "");
        vm.expectRevert(abi.encodeWithSelector(IBundleResolver.Resolver_UnknownType.selector, orderType));
        resolver.resolve(OnchainCrossChainOrder(uint32(DEADLINE), orderType, order.orderData));
    }

    /* bundles */

    /// bob knows none of our contracts: he reads what he would pay and get, and does what the instruction says.
    function test_IsFilledByItsInstructions() external {
        ResolvedCrossChainOrder memory resolved = resolver.resolve(_shown(header, _legs()));
        vm.assertEq(resolved.orderId, id);
        vm.assertEq(resolved.originChainId, HUB_CHAIN);
        vm.assertEq(resolved.maxSpent.length, 1);
        _isOutput(resolved.maxSpent[0], address(coin), 70e6, alice);
        _isOutput(resolved.minReceived[0], address(token), 100e6, bob);

        for (uint256 i; i < 2; ++i) {
            FillInstruction memory what = resolved.fillInstructions[i];
            vm.assertEq(what.destinationSettler, bytes32(uint256(uint160(address(resolver)))));
            bytes memory signature = _signed(i == 0 ? ALICE_KEY : BOB_KEY);
            resolver.fill(resolved.orderId, what.originData, abi.encode(signature, Permit(0, 0, 0, 0, 0)));
        }
        _finishBoth(Outcome.Committed);
        vm.assertEq(token.balanceOf(bob), 100e6);
        vm.assertEq(coin.balanceOf(alice), 70e6);
    }

    function test_RevertWhen_AnotherOrderIsFilled() external {
        ResolvedCrossChainOrder memory resolved = resolver.resolve(_shown(header, _legs()));
        bytes memory what = resolved.fillInstructions[0].originData;
        bytes memory filler = abi.encode(_signed(ALICE_KEY), Permit(0, 0, 0, 0, 0));
        bytes32 other = keccak256("another");
        vm.expectRevert(abi.encodeWithSelector(IBundleResolver.Resolver_NotHere.selector, other));
        resolver.fill(other, what, filler);
    }

    function testFuzz_TheFeeOfAnOrderedOneIsWhatRelayersGet(uint96 fee, uint96 value) external view {
        Leg[] memory legs = new Leg[](3);
        for (uint256 i; i < 3; ++i) {
            (legs[i].chainId, legs[i].target, legs[i].gasLimit, legs[i].undoes) = (10 + i, bob, 1, NO_LEG);
        }
        legs[1].value = uint96(_bound(value, 1, type(uint96).max));
        // An account pays its own.
        (legs[2].kind, legs[2].value) = (LegKind.Account, 5);
        Bundle memory bundle = Bundle(alice, Mode.Ordered, 3, DEADLINE, _hashOfAll(legs), fee, 1);
        ResolvedCrossChainOrder memory resolved = resolver.resolve(_shown(bundle, legs));
        vm.assertEq(resolved.maxSpent.length, 1);
        vm.assertEq(resolved.maxSpent[0].amount, legs[1].value);
        vm.assertEq(resolved.maxSpent[0].chainId, 11);
        uint256 share = fee / 3;
        vm.assertEq(resolved.minReceived[0].amount, (share - share * ATTESTER_BPS / 10_000) * 3);
        vm.assertEq(resolved.minReceived[0].chainId, HUB_CHAIN);
        vm.assertEq(resolved.fillInstructions[2].destinationSettler, bytes32(uint256(uint160(SETTLER))));
        vm.assertEq(resolved.fillInstructions[2].originData, abi.encode(legs[2]));
    }

    function test_RevertWhen_LegsOrDeadlineAreOthers() external {
        Leg[] memory legs = _legs();
        legs[0].value += 1;
        OnchainCrossChainOrder memory order = _shown(header, legs);
        vm.expectRevert(abi.encodeWithSelector(IBundleResolver.Resolver_OtherOrder.selector, "legs"));
        resolver.resolve(order);
        order = _shown(header, _legs());
        order.fillDeadline += 1;
        vm.expectRevert(abi.encodeWithSelector(IBundleResolver.Resolver_OtherOrder.selector, "deadline"));
        resolver.resolve(order);
    }

    /* INSIDE */

    function _envelope(Order memory order) private view returns (GaslessCrossChainOrder memory) {
        return GaslessCrossChainOrder({
            originSettler: address(orders),
            user: order.maker,
            nonce: order.salt,
            originChainId: block.chainid,
            openDeadline: uint32(order.expiry),
            fillDeadline: uint32(order.expiry),
            orderDataType: ORDER_TYPEHASH,
            orderData: abi.encode(order)
        });
    }

    function _shown(Bundle memory bundle, Leg[] memory legs) private pure returns (OnchainCrossChainOrder memory) {
        return OnchainCrossChainOrder(uint32(bundle.deadline), BundleHashes.BUNDLE_TYPEHASH, abi.encode(bundle, legs));
    }

    function _legs() private view returns (Leg[] memory legs) {
        legs = new Leg[](held.length);
        for (uint256 i; i < held.length; ++i) {
            HeldLeg memory one = held[i];
            (legs[i].chainId, legs[i].kind, legs[i].target) = (block.chainid, one.kind, one.target);
            (legs[i].value, legs[i].gasLimit, legs[i].data) = (one.value, one.gasLimit, one.data);
            (legs[i].undoes, legs[i].salt) = (NO_LEG, one.salt);
        }
    }

    function _hashOfAll(Leg[] memory legs) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](legs.length);
        for (uint256 i; i < legs.length; ++i) {
            hashes[i] = BundleHashes.legHash(legs[i]);
        }
        return keccak256(abi.encodePacked(hashes));
    }

    function _isOutput(Output memory output, address asset, uint256 amount, address recipient) private view {
        vm.assertEq(output.token, bytes32(uint256(uint160(asset))));
        vm.assertEq(output.amount, amount);
        vm.assertEq(output.recipient, bytes32(uint256(uint160(recipient))));
        vm.assertEq(output.chainId, block.chainid);
    }
}
