// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {BoundedTransfer} from "../../lib/BoundedTransfer.sol";
import {Signatures} from "../../lib/Signatures.sol";
import {BundleHashes} from "../BundleHashes.sol";
import {Bundle, Leg, LegKind, Mode, NO_LEG, Outcome} from "../BundleTypes.sol";
import {Escrow} from "../Escrow.sol";
import {IParticipant} from "../IParticipant.sol";
import {IOrders, ORDER_TYPEHASH, Order, Part} from "./IOrders.sol";

/// @dev What it promises stands at {IOrders}.
contract Orders is IOrders {
    using BoundedTransfer for address;
    using SafeTransferLib for address;

    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    /// @dev What a token gets to move, and what is needed around it to write a credit when it does not.
    uint256 public constant TRANSFER_GAS = 300_000;
    uint256 private constant GAS_AROUND = 50_000;

    Escrow public immutable escrow;

    struct Standing {
        address maker;
        uint96 filled; // set aside or paid
        address token;
        bool cancelled;
    }

    struct Held {
        bytes32 order;
        address to;
        uint96 amount;
    }

    mapping(bytes32 order => Standing) private _standings;
    mapping(bytes32 id => mapping(uint8 index => Held)) private _held;
    mapping(address maker => uint64) public eraOf;
    mapping(address token => mapping(address account => uint256)) public creditOf;

    /// @dev Only what the escrow's envoy brings was agreed to and is decided.
    modifier byEnvoy() {
        require(msg.sender == address(escrow.envoy()), Orders_NotEnvoy(msg.sender));
        _;
    }

    constructor(Escrow escrow_) {
        escrow = escrow_;
    }

    /* PARTS */

    /// @inheritdoc IParticipant
    /// @param what abi.encode(Part)
    function prepare(bytes32 id, uint8 index, address owner, uint40 deadline, bytes calldata what) external byEnvoy {
        Part calldata part = _partIn(what);
        Order calldata order = part.order;
        bytes32 name = digestOf(order);
        _checkTerms(order, part, owner, deadline);
        require(_idOf(part, index, owner, deadline, what) == id, Orders_OtherBundle(id));
        require(Signatures.hasSigned(order.maker, name, part.signature), Orders_BadSignature(name));
        Standing storage standing = _standings[name];
        require(!standing.cancelled && order.era == eraOf[order.maker], Orders_Cancelled(name));
        uint96 left = order.giveAmount - standing.filled;
        require(part.amount <= left, Orders_OverFilled(name, left, part.amount));
        // What is left of an order may be less than its least part, and is to be had all the same.
        uint96 least = left < order.leastPart ? left : order.leastPart;
        require(part.amount != 0 && part.amount >= least, Orders_PartTooSmall(least));

        (standing.maker, standing.token) = (order.maker, order.giveToken);
        standing.filled += part.amount;
        _held[id][index] = Held(name, part.to, part.amount);

        emit PartHeld(name, id, index, order.maker, part.amount);

        _takeIn(order.giveToken, order.maker, part.amount);
    }

    /// @inheritdoc IParticipant
    function finish(bytes32 id, uint8 index, Outcome outcome) external byEnvoy {
        Held memory held = _held[id][index];
        require(held.amount != 0, Orders_NotHeld(id, index));
        Standing storage standing = _standings[held.order];
        bool committed = outcome == Outcome.Committed;
        (address token, address to) = (standing.token, committed ? held.to : standing.maker);

        delete _held[id][index];
        if (!committed) standing.filled -= held.amount;

        if (committed) emit PartPaid(held.order, id, index, to, held.amount);
        else emit PartReturned(held.order, id, index, held.amount);

        _pay(token, to, held.amount);
    }

    /* MAKERS */

    /// @inheritdoc IOrders
    function cancel(Order calldata order) external {
        require(msg.sender == order.maker, Orders_NotMaker(order.maker, msg.sender));
        bytes32 name = digestOf(order);

        _standings[name].cancelled = true;

        emit OrderCancelled(name, msg.sender);
    }

    /// @inheritdoc IOrders
    function cancelAll() external returns (uint64 era) {
        era = ++eraOf[msg.sender];
        emit EraBegun(msg.sender, era);
    }

    /// @inheritdoc IOrders
    function withdraw(address token, address to) external returns (uint256 amount) {
        amount = creditOf[token][msg.sender];
        require(amount != 0, Orders_NothingToWithdraw(token, msg.sender));

        creditOf[token][msg.sender] = 0;

        emit Withdrawn(token, msg.sender, to, amount);

        token.safeTransfer(to, amount);
    }

    /* VIEWS */

    /// @inheritdoc IOrders
    function digestOf(Order calldata order) public view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256("Sooth Orders"), keccak256("1"), block.chainid, address(this))
        );
        return keccak256(abi.encodePacked(hex"1901", domain, keccak256(abi.encode(ORDER_TYPEHASH, order))));
    }

    /// @inheritdoc IOrders
    function priceOf(Order calldata order, uint96 amount) public pure returns (uint256) {
        require(order.giveAmount != 0, Orders_BadOrder("giveAmount"));
        // Two factors of 96 bits.
        return (uint256(amount) * order.wantAmount + order.giveAmount - 1) / order.giveAmount;
    }

    /// @inheritdoc IOrders
    function leftOf(Order calldata order) external view returns (uint96) {
        Standing storage standing = _standings[digestOf(order)];
        bool over = standing.cancelled || order.era != eraOf[order.maker] || block.timestamp > order.expiry;
        return over ? 0 : order.giveAmount - standing.filled;
    }

    /* INSIDE */

    /// @dev `what` is abi.encode(Part): the part stands behind the word that says where it begins.
    function _partIn(bytes calldata what) private pure returns (Part calldata part) {
        assembly ("memory-safe") {
            part := add(what.offset, 32)
        }
    }

    function _checkTerms(Order calldata order, Part calldata part, address owner, uint40 deadline) private view {
        require(order.wantAmount != 0, Orders_BadOrder("wantAmount"));
        require(order.recipient != address(0), Orders_BadOrder("recipient"));
        require(part.to != address(0) && part.to != address(this), Orders_BadOrder("to"));
        require(order.taker == address(0) || order.taker == owner, Orders_NotTaker(order.taker, owner));
        require(block.timestamp <= order.expiry, Orders_Expired(order.expiry));
        uint256 latest = block.timestamp + order.longestHold;
        require(deadline <= latest, Orders_HeldTooLong(latest));
        uint256 least = priceOf(order, part.amount);
        require(part.pays >= least, Orders_PaysTooLittle(least, part.pays));
    }

    /// @dev The id of the bundle that consists of this leg and of one that pays the maker, and of nothing else.
    function _idOf(Part calldata part, uint8 index, address owner, uint40 deadline, bytes calldata what)
        private
        view
        returns (bytes32)
    {
        Order calldata order = part.order;
        Leg memory leg;
        (leg.chainId, leg.kind, leg.target) = (block.chainid, LegKind.Participant, address(this));
        (leg.gasLimit, leg.data, leg.undoes, leg.salt) = (part.gasLimit, what, NO_LEG, part.legSalt);
        bytes32 giving = BundleHashes.legHash(leg);
        (leg.chainId, leg.kind, leg.target) = (order.wantChainId, LegKind.Escrow, order.wantToken);
        (leg.value, leg.gasLimit, leg.salt) = (part.pays, 0, part.payingSalt);
        leg.data = abi.encode(part.payer, order.recipient);
        bytes32 paying = BundleHashes.legHash(leg);
        // In a bundle of two, index 0 or 1; whatever else is asked for has another hash.
        bytes32 legsHash = keccak256(index == 0 ? abi.encode(giving, paying) : abi.encode(paying, giving));
        return escrow.idOf(Bundle(owner, Mode.Escrowed, 2, deadline, legsHash, part.fee, part.salt));
    }

    function _takeIn(address token, address from, uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(from, address(this), amount);
        uint256 got = token.balanceOf(address(this)) - before;
        require(got == amount, Orders_BadToken(token, got, amount));
    }

    /// @dev Whom the token refuses is credited; nobody can turn a payment into a credit by bringing too little gas.
    function _pay(address token, address to, uint256 amount) private {
        require(gasleft() > TRANSFER_GAS * 64 / 63 + GAS_AROUND, Orders_Starved());
        if (token.tryTransfer(to, amount, TRANSFER_GAS)) return;
        creditOf[token][to] += amount;
        emit Credited(token, to, amount);
    }
}
