// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Permit} from "../../lib/Permits.sol";
import {BundleHashes} from "../BundleHashes.sol";
import {Bundle, Leg, LegKind, Mode} from "../BundleTypes.sol";
import {HeldLeg, IEscrow} from "../IEscrow.sol";
import {IOrders, ORDER_TYPEHASH, Order} from "../orders/IOrders.sol";
import {IBundleResolver} from "./IBundleResolver.sol";
import {
    FillInstruction,
    GaslessCrossChainOrder,
    OnchainCrossChainOrder,
    Output,
    ResolvedCrossChainOrder
} from "./IERC7683.sol";

/// @dev What it promises stands at {IBundleResolver}. Built alike everywhere, so that it stands at one address on every chain.
contract BundleResolver is IBundleResolver {
    uint256 private constant WHOLE = 10_000;

    IOrders public immutable orders;
    IEscrow public immutable escrow;
    address public immutable settler;
    uint256 public immutable HUB_CHAIN_ID;
    uint16 public immutable ATTESTER_BPS;

    constructor(IOrders orders_, IEscrow escrow_, address settler_, uint256 hubChainId, uint16 attesterBps) {
        (orders, escrow, settler) = (orders_, escrow_, settler_);
        (HUB_CHAIN_ID, ATTESTER_BPS) = (hubChainId, attesterBps);
    }

    /* SIGNED ORDERS */

    /// @inheritdoc IBundleResolver
    function resolveFor(GaslessCrossChainOrder calldata order, bytes calldata originFillerData)
        external
        view
        returns (ResolvedCrossChainOrder memory resolved)
    {
        require(order.orderDataType == ORDER_TYPEHASH, Resolver_UnknownType(order.orderDataType));
        Order memory signed = abi.decode(order.orderData, (Order));
        require(order.originSettler == address(orders), Resolver_OtherOrder("originSettler"));
        require(order.originChainId == block.chainid, Resolver_OtherOrder("originChainId"));
        require(order.user == signed.maker, Resolver_OtherOrder("user"));
        require(order.nonce == signed.salt, Resolver_OtherOrder("nonce"));
        require(
            order.openDeadline == signed.expiry && order.fillDeadline == signed.expiry, Resolver_OtherOrder("deadline")
        );
        uint96 amount = originFillerData.length == 0 ? orders.leftOf(signed) : abi.decode(originFillerData, (uint96));

        (resolved.user, resolved.originChainId) = (order.user, order.originChainId);
        (resolved.openDeadline, resolved.fillDeadline) = (order.openDeadline, order.fillDeadline);
        resolved.orderId = orders.digestOf(signed);
        resolved.maxSpent = new Output[](1);
        resolved.maxSpent[0] =
            _output(signed.wantToken, orders.priceOf(signed, amount), signed.recipient, signed.wantChainId);
        resolved.minReceived = new Output[](1);
        resolved.minReceived[0] = _output(signed.giveToken, amount, address(0), block.chainid);
        resolved.fillInstructions = new FillInstruction[](1);
        resolved.fillInstructions[0] =
            FillInstruction(uint64(signed.wantChainId), _padded(address(escrow)), abi.encode(signed, amount));
    }

    /* BUNDLES */

    /// @inheritdoc IBundleResolver
    function resolve(OnchainCrossChainOrder calldata order)
        external
        view
        returns (ResolvedCrossChainOrder memory resolved)
    {
        require(order.orderDataType == BundleHashes.BUNDLE_TYPEHASH, Resolver_UnknownType(order.orderDataType));
        (Bundle memory bundle, Leg[] memory legs) = abi.decode(order.orderData, (Bundle, Leg[]));
        bytes32[] memory hashes = new bytes32[](legs.length);
        for (uint256 i; i < legs.length; ++i) {
            hashes[i] = BundleHashes.legHash(legs[i]);
        }
        require(
            legs.length == bundle.legs && keccak256(abi.encodePacked(hashes)) == bundle.legsHash,
            Resolver_OtherOrder("legs")
        );
        require(order.fillDeadline == bundle.deadline, Resolver_OtherOrder("deadline"));

        (resolved.user, resolved.originChainId) = (bundle.owner, HUB_CHAIN_ID);
        (resolved.openDeadline, resolved.fillDeadline) = (order.fillDeadline, order.fillDeadline);
        resolved.orderId = escrow.idOf(bundle);
        (resolved.maxSpent, resolved.minReceived) =
            bundle.mode == Mode.Escrowed ? _held(bundle, legs) : _run(bundle, legs);
        resolved.fillInstructions = new FillInstruction[](legs.length);
        for (uint8 i; i < legs.length; ++i) {
            resolved.fillInstructions[i] = _instruction(bundle, hashes, legs[i], i);
        }
    }

    /// @notice Holds a leg of an escrowed bundle on this chain.
    /// @param originData abi.encode(Bundle, bytes32[] legHashes, uint8 index, HeldLeg), as {resolve} gave it
    /// @param fillerData abi.encode(bytes signature, Permit): the payer's over the id. Who holds for himself goes to the escrow
    function fill(bytes32 orderId, bytes calldata originData, bytes calldata fillerData) external {
        (Bundle memory bundle, bytes32[] memory hashes, uint8 index, HeldLeg memory leg) =
            abi.decode(originData, (Bundle, bytes32[], uint8, HeldLeg));
        (bytes memory signature, Permit memory permit) = abi.decode(fillerData, (bytes, Permit));
        require(escrow.idOf(bundle) == orderId, Resolver_NotHere(orderId));
        escrow.prepare(bundle, hashes, index, leg, signature, permit);
    }

    /* INSIDE */

    /// @dev Who fills pays what others than the owner pay, and gets what the owner pays.
    function _held(Bundle memory bundle, Leg[] memory legs)
        private
        pure
        returns (Output[] memory spent, Output[] memory received)
    {
        (spent, received) = (new Output[](legs.length), new Output[](legs.length));
        (uint256 sends, uint256 gets) = (0, 0);
        for (uint256 i; i < legs.length; ++i) {
            // What a participant moves, it alone knows.
            if (legs[i].kind != LegKind.Escrow) continue;
            (address payer, address recipient) = abi.decode(legs[i].data, (address, address));
            Output memory output = _output(legs[i].target, legs[i].value, recipient, legs[i].chainId);
            if (payer == bundle.owner) received[gets++] = output;
            else spent[sends++] = output;
        }
        _cut(spent, sends);
        _cut(received, gets);
    }

    /// @dev Who runs legs brings the value that they carry, where no account of the owner's does, and gets the fee less the attesters' part.
    function _run(Bundle memory bundle, Leg[] memory legs)
        private
        view
        returns (Output[] memory spent, Output[] memory received)
    {
        spent = new Output[](legs.length);
        uint256 sends;
        for (uint256 i; i < legs.length; ++i) {
            if (legs[i].value == 0 || legs[i].kind == LegKind.Account) continue;
            spent[sends++] = _output(address(0), legs[i].value, legs[i].target, legs[i].chainId);
        }
        _cut(spent, sends);
        // Each leg's share is rounded down, and so is the attesters' part of it.
        uint256 share = bundle.fee / bundle.legs;
        received = new Output[](1);
        received[0] =
            _output(address(0), (share - share * ATTESTER_BPS / WHOLE) * bundle.legs, address(0), HUB_CHAIN_ID);
    }

    function _instruction(Bundle memory bundle, bytes32[] memory hashes, Leg memory leg, uint8 index)
        private
        view
        returns (FillInstruction memory)
    {
        if (bundle.mode == Mode.Ordered) {
            return FillInstruction(uint64(leg.chainId), _padded(settler), abi.encode(leg));
        }
        HeldLeg memory held = HeldLeg(leg.kind, leg.target, leg.value, leg.gasLimit, leg.data, leg.salt);
        return FillInstruction(uint64(leg.chainId), _padded(address(this)), abi.encode(bundle, hashes, index, held));
    }

    function _output(address token, uint256 amount, address recipient, uint256 chainId)
        private
        pure
        returns (Output memory)
    {
        return Output(_padded(token), amount, _padded(recipient), chainId);
    }

    function _padded(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }

    function _cut(Output[] memory list, uint256 length) private pure {
        assembly ("memory-safe") {
            mstore(list, length)
        }
    }
}
