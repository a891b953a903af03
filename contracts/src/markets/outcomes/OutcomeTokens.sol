// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EIP712} from "solady/utils/EIP712.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {Permit} from "../IMarkets.sol";
import {Permits} from "../../lib/Permits.sol";
import {Signatures} from "../../lib/Signatures.sol";
import {IOutcomeTokens, Order, Side} from "./IOutcomeTokens.sol";
import {Sets} from "./Sets.sol";

/// @dev What it promises and assumes stands at {IOutcomeTokens}.
contract OutcomeTokens is Sets, EIP712 {
    using SafeTransferLib for address;
    using Permits for Permit;

    /// @notice Millionths: what a whole token costs at most.
    uint256 public constant ONE = 1e6;
    uint256 public constant LEAST_FILL = 10_000;
    // Two bits a nonce, 128 nonces to a word.
    uint256 private constant PART = 1;
    uint256 private constant DONE = 3;
    bytes32 private constant ORDER_TYPEHASH = keccak256(
        "Order(address maker,bytes32 question,uint8 side,uint128 amount,uint128 price,uint256 nonce,uint40 expiresAt)"
    );

    mapping(address maker => mapping(uint256 word => uint256)) private _nonces;
    mapping(bytes32 order => uint256) private _filled; // of those that are filled in part

    constructor(address oracle_, address collateral_) Sets(oracle_, collateral_) {}

    /* ORDERS */

    /// @inheritdoc IOutcomeTokens
    function matchOrders(
        Order calldata taker,
        bytes calldata takerSignature,
        Order calldata maker,
        bytes calldata makerSignature,
        uint128 amount
    ) external {
        bytes32 question = taker.question;
        require(maker.question == question, OutcomeTokens_NoMatch(taker.side, maker.side));
        require(amount != 0, OutcomeTokens_BadAmount(amount));
        _use(taker, takerSignature, amount);
        _use(maker, makerSignature, amount);
        uint256 price = _priceOf(taker.side, taker.price, maker.side, maker.price);

        emit Matched(question, taker.maker, maker.maker, taker.side, amount, price);

        _exchange(taker, maker, amount);
    }

    /// @inheritdoc IOutcomeTokens
    function cancel(uint256 word, uint128 nonces) external {
        uint256 done;
        for (uint256 i; i < 128; ++i) {
            if (nonces >> i & 1 != 0) done |= DONE << 2 * i;
        }

        _nonces[msg.sender][word] |= done;

        emit Cancelled(msg.sender, word, nonces);
    }

    /// @inheritdoc IOutcomeTokens
    function usePermit(address owner, Permit calldata permit) external {
        permit.tryPermit(collateral, owner);
    }

    /* VIEWS */

    /// @inheritdoc IOutcomeTokens
    function filledOf(Order calldata order) external view returns (uint256) {
        uint256 state = _nonces[order.maker][order.nonce >> 7] >> _shiftOf(order.nonce) & DONE;
        if (state == DONE) return order.amount;
        return state == 0 ? 0 : _filled[orderDigest(order)];
    }

    /// @inheritdoc IOutcomeTokens
    function orderDigest(Order calldata order) public view returns (bytes32) {
        bytes32 typehash = ORDER_TYPEHASH;
        bytes32 content;
        // As abi.encode(typehash, order), for 800 gas less: that would check each field, and reading the fields does.
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            calldatacopy(add(free, 32), order, 224)
            content := keccak256(free, 256)
        }
        return _hashTypedData(content);
    }

    /* MATCHING */

    /// @dev Of a whole token of the taker's side; the maker's price holds.
    function _priceOf(Side takes, uint256 takerPrice, Side makes, uint256 makerPrice)
        private
        pure
        returns (uint256 price)
    {
        bool sameToken = _tokenOf(takes) == _tokenOf(makes);
        // A buyer and a seller of one token, or two buyers or two sellers of either.
        if (sameToken == (_buys(takes) == _buys(makes))) revert OutcomeTokens_NoMatch(takes, makes);
        price = sameToken ? makerPrice : ONE - makerPrice;
        if (_buys(takes) ? takerPrice < price : takerPrice > price) {
            revert OutcomeTokens_PricesDoNotMeet(takerPrice, makerPrice);
        }
    }

    /// @dev The maker's price holds, and less than one unit more: what rounding costs is the taker's, within his own price.
    function _exchange(Order calldata taker, Order calldata maker, uint256 amount) private {
        bool takerBuys = _buys(taker.side);
        bool makerBuys = _buys(maker.side);
        uint256 makers = (amount * maker.price + (makerBuys ? 0 : ONE - 1)) / ONE;
        bool isTrade = takerBuys != makerBuys;
        // Two of a kind make or end sets: together exactly what those are worth.
        uint256 takers = isTrade ? makers : amount - makers;
        uint256 limit = amount * taker.price;
        if (takerBuys ? takers * ONE > limit : takers * ONE < limit) {
            revert OutcomeTokens_RoundsBeyondPrice(taker.maker, amount, takers);
        }

        if (isTrade) _trade(taker, maker, amount, takers);
        else if (takerBuys) _mintBetween(taker, maker, amount, takers, makers);
        else _mergeBetween(taker, maker, amount, takers, makers);
    }

    function _trade(Order calldata taker, Order calldata maker, uint256 amount, uint256 pay) private {
        (address buyer, address seller) = _buys(taker.side) ? (taker.maker, maker.maker) : (maker.maker, taker.maker);

        _move(seller, buyer, _pairOf(taker.question) << 1 | _tokenOf(taker.side), amount);

        collateral.safeTransferFrom(buyer, seller, pay);
    }

    function _mintBetween(Order calldata taker, Order calldata maker, uint256 amount, uint256 takers, uint256 makers)
        private
    {
        _mint(taker.question, taker.maker, _tokenOf(taker.side), amount);
        _mint(taker.question, maker.maker, _tokenOf(maker.side), amount);

        collateral.safeTransferFrom(taker.maker, address(this), takers);
        collateral.safeTransferFrom(maker.maker, address(this), makers);
    }

    function _mergeBetween(Order calldata taker, Order calldata maker, uint256 amount, uint256 takers, uint256 makers)
        private
    {
        _burn(taker.question, taker.maker, _tokenOf(taker.side), amount);
        _burn(taker.question, maker.maker, _tokenOf(maker.side), amount);

        collateral.safeTransfer(taker.maker, takers);
        collateral.safeTransfer(maker.maker, makers);
    }

    /* INSIDE */

    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("Sooth Outcome Tokens", "1");
    }

    /// @dev Checks an order and counts `amount` of it as filled. Whole fills write a word that 128 orders share; only a
    ///      part takes a slot of its own.
    function _use(Order calldata order, bytes calldata signature, uint256 amount) private {
        address maker = order.maker;
        // Here the arguments of an error are worked out only when it is one: `require` would first.
        if (block.timestamp > order.expiresAt) revert OutcomeTokens_Expired(maker, order.expiresAt);
        if (order.price == 0 || order.price >= ONE) revert OutcomeTokens_BadPrice(order.price);
        bytes32 digest = orderDigest(order);
        if (!Signatures.hasSigned(maker, digest, signature)) revert OutcomeTokens_BadSignature(maker);
        uint256 nonce = order.nonce;
        uint256 shift = _shiftOf(nonce);
        uint256 word = _nonces[maker][nonce >> 7];
        uint256 state = word >> shift & DONE;
        uint256 filled = state == 0 ? 0 : _filled[digest];
        // Where a part was filled of another order with the nonce, nothing was of this one.
        if (state == DONE || (state != 0 && filled == 0)) revert OutcomeTokens_NonceUsed(maker, nonce);
        uint256 left = order.amount - filled;
        if (amount > left || (amount < LEAST_FILL && amount != left)) {
            revert OutcomeTokens_BadFill(maker, amount, left);
        }

        if (amount == left) {
            _nonces[maker][nonce >> 7] = word | DONE << shift;
        } else {
            _filled[digest] = filled + amount;
            if (state == 0) _nonces[maker][nonce >> 7] = word | PART << shift;
        }
    }

    function _shiftOf(uint256 nonce) private pure returns (uint256) {
        return (nonce & 127) << 1;
    }

    function _buys(Side side) private pure returns (bool) {
        return uint8(side) < uint8(Side.SellYes);
    }

    /// @return 0 yes, 1 no
    function _tokenOf(Side side) private pure returns (uint256) {
        return uint8(side) & 1;
    }
}
