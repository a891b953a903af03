// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {
    GaslessCrossChainOrder,
    IDestinationSettler,
    OnchainCrossChainOrder,
    ResolvedCrossChainOrder
} from "./IERC7683.sol";

/// @notice Bundles and signed orders in the words of ERC-7683, so that solvers who know none of ours see what they would send,
///         what they would get, and where.
/// @dev It resolves; it opens nothing, holds nothing and decides nothing. Orders stand at {Orders}, bundles at the hub.
/// @dev Of an escrowed bundle the owner's own legs are what a filler receives, all others what he sends; {fill} holds
///      such a leg, when its payer calls it through here with a signature, and the hub must commit before anything moves.
///      Of an ordered one each leg is an instruction for its settler, what legs send along is what he sends, and the fee is what he gets.
/// @dev Of a signed order the destination is the escrow: taking a part wants a bundle of the taker's own, which the standard has no
///      words for. {IOrders} says what it consists of.
interface IBundleResolver is IDestinationSettler {
    error Resolver_UnknownType(bytes32 orderDataType);
    /// @notice The envelope says something else than the order in it.
    error Resolver_OtherOrder(string field);
    error Resolver_NotHere(bytes32 orderId);

    /// @notice A signed order of {Orders}: its data are abi.encode(Order), its type is the order's EIP-712 type hash.
    /// @param originFillerData abi.encode(uint96 amount) for a part, or empty for all that is left
    function resolveFor(GaslessCrossChainOrder calldata order, bytes calldata originFillerData)
        external
        view
        returns (ResolvedCrossChainOrder memory);

    /// @notice A bundle: its data are abi.encode(Bundle, Leg[]), its type is the bundle's EIP-712 type hash.
    function resolve(OnchainCrossChainOrder calldata order) external view returns (ResolvedCrossChainOrder memory);
}
