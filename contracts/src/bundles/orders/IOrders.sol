// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IParticipant} from "../IParticipant.sol";

/// @notice What a maker signs once (EIP-712): what he gives on this chain, for what on another, at least. Parts of it are taken by
///         whoever likes, each in an escrowed bundle of two legs: this contract's, and an escrow that pays the maker.
struct Order {
    address maker;
    address recipient; // is paid, on the chain of what is wanted
    address giveToken; // on the chain of this contract
    uint96 giveAmount; // units of the token
    uint256 wantChainId;
    address wantToken;
    uint96 wantAmount; // for all of it
    uint96 leastPart; // of giveAmount; what is left may be less
    address taker; // owns the bundle; zero: anybody
    uint40 expiry; // unix seconds; nothing is set aside later
    uint40 longestHold; // seconds from setting aside to the bundle's deadline: how long a taker may think it over
    uint64 era; // the maker's, when he signed
    uint64 salt;
}

bytes32 constant ORDER_TYPEHASH = keccak256(
    "Order(address maker,address recipient,address giveToken,uint96 giveAmount,uint256 wantChainId,address wantToken,uint96 wantAmount,uint96 leastPart,address taker,uint40 expiry,uint40 longestHold,uint64 era,uint64 salt)"
);

/// @notice A leg's data: which part of which order, and all else that the bundle is made of. So its id says that the maker is paid.
struct Part {
    Order order;
    bytes signature; // the maker's
    uint96 amount; // of what he gives
    address to; // who gets it
    uint96 fee; // of the bundle
    uint64 salt; // of the bundle
    uint32 gasLimit; // of this leg
    bytes32 legSalt; // of this leg
    address payer; // of the other
    uint96 pays; // the other's amount
    bytes32 payingSalt; // the other's
}

/// @notice Signed orders, with partial fills. A maker needs an allowance here and a signature, and sends nothing.
/// @dev What a part costs is rounded up, for the maker: parts together never cost less than the whole.
/// @dev Solvency: of each token it holds at least the sum of parts that are set aside and of credits. Tokens that take a fee on the
///      way in are refused by measured balance.
/// @dev Nothing is filled beyond what an order gives: a part counts from when it is set aside, and no more when it comes back.
/// @dev A part is the leg of one bundle alone, which has one other leg: an escrow of at least what the part costs for the order's
///      recipient, on the order's chain. That the escrow there and this chain end alike is the escrows' promise, {IEscrow}.
/// @dev Warning: until a bundle's deadline its taker chooses whether it happens, for the price of gas: he may have the part set aside
///      and never open the bundle, and again when it came back. `longestHold` bounds how long, `taker` keeps others out, and {cancel}
///      ends it. From the deadline on anybody brings such a part back ({IBundleHub-expireUnopened}, then {IEscrow-finish}); what
///      nobody decides comes back after the escape of {IEscrow-takeBack}.
interface IOrders is IParticipant {
    event PartHeld(bytes32 indexed order, bytes32 indexed id, uint8 index, address indexed maker, uint96 amount);
    event PartPaid(bytes32 indexed order, bytes32 indexed id, uint8 index, address to, uint96 amount);
    event PartReturned(bytes32 indexed order, bytes32 indexed id, uint8 index, uint96 amount);
    event OrderCancelled(bytes32 indexed order, address indexed maker);
    event EraBegun(address indexed maker, uint64 era);
    event Credited(address indexed token, address indexed account, uint256 amount);
    event Withdrawn(address indexed token, address indexed account, address to, uint256 amount);

    error Orders_NotEnvoy(address caller);
    error Orders_BadOrder(string what);
    error Orders_BadSignature(bytes32 order);
    error Orders_NotTaker(address taker, address owner);
    error Orders_Expired(uint40 expiry);
    error Orders_HeldTooLong(uint256 latest);
    error Orders_Cancelled(bytes32 order);
    error Orders_OverFilled(bytes32 order, uint96 left, uint96 wanted);
    error Orders_PartTooSmall(uint96 least);
    /// @notice The maker is to get at least so much.
    error Orders_PaysTooLittle(uint256 least, uint96 pays);
    /// @notice The bundle is not the one that the part describes.
    error Orders_OtherBundle(bytes32 id);
    error Orders_BadToken(address token, uint256 got, uint256 wanted);
    error Orders_NotHeld(bytes32 id, uint8 index);
    error Orders_Starved();
    error Orders_NotMaker(address maker, address caller);
    error Orders_NothingToWithdraw(address token, address account);

    /// @notice No more parts of it are set aside; those that are end as their bundles do. The maker only.
    function cancel(Order calldata order) external;
    /// @notice Cancels all orders of the caller's that were signed before.
    function cancelAll() external returns (uint64 era);
    /// @notice Pays the caller's whole credit to `to`: what a token refused to pay him.
    function withdraw(address token, address to) external returns (uint256 amount);

    /// @notice What the maker signs, and the order's name everywhere here.
    function digestOf(Order calldata order) external view returns (bytes32);
    /// @notice What the maker gets for `amount`, at least. Rounded up.
    function priceOf(Order calldata order, uint96 amount) external pure returns (uint256);
    /// @notice What can still be set aside; 0 when it expired or was cancelled.
    function leftOf(Order calldata order) external view returns (uint96);
    function eraOf(address maker) external view returns (uint64);
    function creditOf(address token, address account) external view returns (uint256);
}
