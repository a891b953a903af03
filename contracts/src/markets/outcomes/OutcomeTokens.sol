// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EIP712} from "solady/utils/EIP712.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {Permit} from "../IMarkets.sol";
import {Permits} from "../../lib/Permits.sol";
import {Signatures} from "../../lib/Signatures.sol";
import {Choices} from "./Choices.sol";
import {IOutcomeTokens, Order, Side} from "./IOutcomeTokens.sol";
import {Sets} from "./Sets.sol";

/// @dev What it promises and assumes stands at {IOutcomeTokens}.
contract OutcomeTokens is Choices, EIP712 {
    using SafeTransferLib for address;
    using Permits for Permit;

    /// @notice Millionths: what a whole token costs at most.
    uint256 public constant ONE = 1e6;
    uint256 public constant LEAST_FILL = 10_000;
    // Two bits a nonce, 128 nonces to a word.
    uint256 private constant PART = 1;
    uint256 private constant DONE = 3;
    bytes32 private constant ORDER_TYPEHASH = keccak256(
        "Order(address maker,bytes32 question,uint8 outcome,uint8 side,uint128 amount,uint128 price,uint256 nonce,uint40 expiresAt)"
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
        uint8 outcome = taker.outcome;
        if (maker.question != question || maker.outcome != outcome) {
            revert OutcomeTokens_NoMatch(taker.side, maker.side);
        }
        require(amount != 0, OutcomeTokens_BadAmount(amount));
        _use(taker, takerSignature, amount);
        _use(maker, makerSignature, amount);
        uint256 price = _priceOf(taker.side, taker.price, maker.side, maker.price);

        emit Matched(question, taker.maker, maker.maker, outcome, taker.side, amount, price);

        _exchange(_pairOf(question, outcome) << 1, taker, maker, amount);
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
            calldatacopy(add(free, 32), order, 256)
            content := keccak256(free, 288)
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
    /// @param yes the token
    function _exchange(uint256 yes, Order calldata taker, Order calldata maker, uint256 amount) private {
        bool takerBuys = _buys(taker.side);
        bool makerBuys = _buys(maker.side);
        bool isTrade = takerBuys != makerBuys;
        uint256 makers;
        uint256 takers;
        // 128 bits times 20; and a price is below ONE, so up or down the makers' money is at most the amount.
        unchecked {
            makers = (amount * maker.price + (makerBuys ? 0 : ONE - 1)) / ONE;
            // Two of a kind make or end sets: together exactly what those are worth.
            takers = isTrade ? makers : amount - makers;
            uint256 limit = amount * taker.price;
            if (takerBuys ? takers * ONE > limit : takers * ONE < limit) {
                revert OutcomeTokens_RoundsBeyondPrice(taker.maker, amount, takers);
            }
        }
        uint256 token = yes | _tokenOf(taker.side);
        (address his, address others) = (taker.maker, maker.maker);

        if (!isTrade) {
            if (takerBuys) _mintBetween(token, his, others, amount, takers, makers);
            else _mergeBetween(token, his, others, amount, takers, makers);
        } else if (takerBuys) {
            _trade(token, his, others, amount, takers);
        } else {
            _trade(token, others, his, amount, takers);
        }
    }

    function _trade(uint256 token, address buyer, address seller, uint256 amount, uint256 pay) private {
        _move(seller, buyer, token, amount);

        collateral.safeTransferFrom(buyer, seller, pay);
    }

    /// @param token the taker's; the maker's is its other side
    function _mintBetween(uint256 token, address taker, address maker, uint256 amount, uint256 takers, uint256 makers)
        private
    {
        _mint(token, taker, amount);
        _mint(token ^ 1, maker, amount);

        collateral.safeTransferFrom(taker, address(this), takers);
        collateral.safeTransferFrom(maker, address(this), makers);
    }

    function _mergeBetween(uint256 token, address taker, address maker, uint256 amount, uint256 takers, uint256 makers)
        private
    {
        _burn(token, taker, amount);
        _burn(token ^ 1, maker, amount);

        collateral.safeTransfer(taker, takers);
        collateral.safeTransfer(maker, makers);
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
        // Zero too, which is none less one.
        unchecked {
            if (uint256(order.price) - 1 >= ONE - 1) revert OutcomeTokens_BadPrice(order.price);
        }
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
