// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {Aggregation, IOracle, Question, Status} from "../../oracle/IOracle.sol";
import {IOutcomeTokens} from "./IOutcomeTokens.sol";

/// @dev Both balances of a holder lie in one word: yes in the low half, no in the high. That is why this is no ready-made
///      ERC-6909: splitting and merging write one slot and not two.
abstract contract Sets is IOutcomeTokens {
    using SafeTransferLib for address;

    uint256 private constant HALF = 128;
    uint256 private constant BPS = 10_000;
    /// Five bits of an id.
    uint256 internal constant MOST_OUTCOMES = 32;

    IOracle public immutable oracle;
    address public immutable collateral;

    /// By the bits that all ids of a question share. Zero while it is not settled, else outcomes << 32 | numerator << 16 |
    /// denominator, as {Settled} has them.
    mapping(uint256 key => uint256) private _results;
    /// A pair: yes and no of one outcome.
    mapping(uint256 pair => mapping(address owner => uint256)) private _held;
    /// @notice ERC-6909.
    mapping(address owner => mapping(address spender => bool)) public isOperator;
    /// @notice ERC-6909.
    mapping(address owner => mapping(address spender => mapping(uint256 id => uint256))) public allowance;

    constructor(address oracle_, address collateral_) {
        oracle = IOracle(oracle_);
        collateral = collateral_;
    }

    /* SETS */

    /// @inheritdoc IOutcomeTokens
    function split(bytes32 question, uint8 outcome, uint128 amount) external {
        _requireOpen(question);
        require(amount != 0, OutcomeTokens_BadAmount(amount));

        _mintBoth(_pairOf(question, outcome), msg.sender, amount);

        collateral.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IOutcomeTokens
    function merge(bytes32 question, uint8 outcome, uint128 amount) external {
        require(amount != 0, OutcomeTokens_BadAmount(amount));

        _burnBoth(_pairOf(question, outcome), msg.sender, amount);

        collateral.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IOutcomeTokens
    function settle(Question calldata terms)
        external
        returns (uint256 outcomes, uint256 numerator, uint256 denominator)
    {
        bytes32 question = oracle.idOf(terms);
        _requireOpen(question);
        uint256 count = _countOf(question, terms);
        (Status status, int96 value,,) = oracle.get(question);
        bool invalid = status == Status.Invalid;
        require(invalid || status == Status.Final, OutcomeTokens_NotFinal(question));
        int256 within = value < terms.min ? terms.min : value > terms.max ? terms.max : value;
        uint256 place = uint256(within - terms.min);
        if (count == 1) {
            uint256 width = uint256(int256(terms.max) - terms.min);
            (outcomes, numerator, denominator) = (1, place * BPS / width, BPS);
            if (invalid) numerator = BPS / 2;
        } else {
            // To the fraction: a share of 1/3 in basis points would make two thirds of no worth more than there is.
            (outcomes, numerator, denominator) = invalid ? ((1 << count) - 1, 1, count) : (1 << place, 1, 1);
        }

        _results[_keyOf(question)] = outcomes << 32 | numerator << 16 | denominator;

        emit Settled(question, outcomes, numerator, denominator);
    }

    /// @inheritdoc IOutcomeTokens
    function redeem(bytes32 question, uint32 outcomes, address owner) external returns (uint256 paid) {
        uint256 pair = _keyOf(question);
        uint256 result = _results[pair];
        require(result != 0, OutcomeTokens_NotSettled(question));
        pair <<= 5;
        bool any;
        // Of 32 outcomes, each worth less than there is collateral.
        unchecked {
            for (uint256 left = outcomes; left != 0; left >>= 1) {
                if (left & 1 != 0) {
                    uint256 held = _held[pair][owner];
                    if (held != 0) {
                        any = true;
                        paid += _redeemed(pair, owner, held, result);
                    }
                }
                ++pair;
            }
        }
        if (!any) revert OutcomeTokens_NothingToRedeem(question, owner);

        if (paid != 0) collateral.safeTransfer(owner, paid);
    }

    /* TOKENS */

    /// @notice ERC-6909.
    function transfer(address receiver, uint256 id, uint256 amount) external returns (bool) {
        _move(msg.sender, receiver, id, amount);
        return true;
    }

    /// @notice ERC-6909.
    function transferFrom(address sender, address receiver, uint256 id, uint256 amount) external returns (bool) {
        if (sender != msg.sender && !isOperator[sender][msg.sender]) {
            uint256 allowed = allowance[sender][msg.sender][id];
            require(allowed >= amount, OutcomeTokens_InsufficientAllowance(sender, msg.sender, id));
            if (allowed != type(uint256).max) allowance[sender][msg.sender][id] = allowed - amount;
        }
        _move(sender, receiver, id, amount);
        return true;
    }

    /// @notice ERC-6909.
    function approve(address spender, uint256 id, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender][id] = amount;
        emit Approval(msg.sender, spender, id, amount);
        return true;
    }

    /// @notice ERC-6909.
    function setOperator(address spender, bool approved) external returns (bool) {
        isOperator[msg.sender][spender] = approved;
        emit OperatorSet(msg.sender, spender, approved);
        return true;
    }

    /* VIEWS */

    /// @notice ERC-6909.
    function balanceOf(address owner, uint256 id) public view returns (uint256) {
        uint256 held = _held[id >> 1][owner];
        return id & 1 == 0 ? uint128(held) : held >> HALF;
    }

    /// @notice ERC-165: this and ERC-6909.
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x01ffc9a7 || id == 0x0f632fb3;
    }

    /// @inheritdoc IOutcomeTokens
    function yesOf(bytes32 question, uint8 outcome) external pure returns (uint256 id) {
        return _pairOf(question, outcome) << 1;
    }

    /// @inheritdoc IOutcomeTokens
    function noOf(bytes32 question, uint8 outcome) external pure returns (uint256 id) {
        return _pairOf(question, outcome) << 1 | 1;
    }

    /// @inheritdoc IOutcomeTokens
    function shareOf(bytes32 question, uint8 outcome) external view returns (uint256 numerator, uint256 denominator) {
        return _shareOf(_pairOf(question, outcome), _results[_keyOf(question)]);
    }

    /* INSIDE */

    /// @dev What is the same in the ids of all tokens of a question.
    function _keyOf(bytes32 question) internal pure returns (uint256) {
        return uint256(question) >> 6;
    }

    function _pairOf(bytes32 question, uint256 outcome) internal pure returns (uint256) {
        if (outcome >= MOST_OUTCOMES) revert OutcomeTokens_NoOutcome(question, outcome);
        return _keyOf(question) << 5 | outcome;
    }

    /// @return 1 where there are two sides, else how many a choice is among
    function _countOf(bytes32 question, Question calldata terms) internal pure returns (uint256) {
        int256 width = int256(terms.max) - terms.min;
        bool choice = terms.aggregation == Aggregation.Plurality && width != 1;
        if (terms.aggregation == Aggregation.Root || width <= 0 || (choice && width >= int256(MOST_OUTCOMES))) {
            revert OutcomeTokens_NoSides(question);
        }
        return choice ? uint256(width) + 1 : 1;
    }

    function _requireOpen(bytes32 question) internal view {
        if (_results[_keyOf(question)] != 0) revert OutcomeTokens_Settled(question);
    }

    function _shareOf(uint256 pair, uint256 result) private pure returns (uint256 numerator, uint256 denominator) {
        denominator = uint16(result);
        // The pair's low five bits are the outcome.
        if (result >> 32 >> (pair & 31) & 1 != 0) numerator = uint16(result >> 16);
    }

    function _redeemed(uint256 pair, address owner, uint256 held, uint256 result) private returns (uint256) {
        (uint256 yes, uint256 no) = (uint128(held), held >> HALF);
        (uint256 numerator, uint256 denominator) = _shareOf(pair, result);

        _held[pair][owner] = 0;

        if (yes != 0) emit Transfer(msg.sender, owner, address(0), pair << 1, yes);
        if (no != 0) emit Transfer(msg.sender, owner, address(0), pair << 1 | 1, no);

        unchecked {
            // 128 bits each, times 16.
            return (yes * numerator + no * (denominator - numerator)) / denominator;
        }
    }

    /// @dev Every unit stands for one of collateral, whose supply fits a half: no half runs over. Yes of an outcome is all owed
    ///      where that is the answer, no where it is not, so of neither is there more than there is collateral.
    function _mintBoth(uint256 pair, address to, uint256 amount) private {
        unchecked {
            _held[pair][to] += amount << HALF | amount;
        }
        emit Transfer(msg.sender, address(0), to, pair << 1, amount);
        emit Transfer(msg.sender, address(0), to, pair << 1 | 1, amount);
    }

    function _burnBoth(uint256 pair, address from, uint256 amount) private {
        uint256 held = _held[pair][from];
        (uint256 yes, uint256 no) = (uint128(held), held >> HALF);
        if (yes < amount) revert OutcomeTokens_InsufficientBalance(from, pair << 1, yes, amount);
        if (no < amount) revert OutcomeTokens_InsufficientBalance(from, pair << 1 | 1, no, amount);
        unchecked {
            _held[pair][from] = held - (amount << HALF | amount);
        }
        emit Transfer(msg.sender, from, address(0), pair << 1, amount);
        emit Transfer(msg.sender, from, address(0), pair << 1 | 1, amount);
    }

    function _mint(uint256 id, address to, uint256 amount) internal {
        unchecked {
            _held[id >> 1][to] += amount << HALF * (id & 1);
        }
        emit Transfer(msg.sender, address(0), to, id, amount);
    }

    function _burn(uint256 id, address from, uint256 amount) internal {
        _take(from, id, amount);
        emit Transfer(msg.sender, from, address(0), id, amount);
    }

    function _move(address from, address to, uint256 id, uint256 amount) internal {
        require(to != address(0), OutcomeTokens_NoReceiver()); // a burn, by the events, and it would not be one
        _take(from, id, amount);
        unchecked {
            _held[id >> 1][to] += amount << HALF * (id & 1);
        }
        emit Transfer(msg.sender, from, to, id, amount);
    }

    function _take(address from, uint256 id, uint256 amount) private {
        uint256 balance = balanceOf(from, id);
        require(balance >= amount, OutcomeTokens_InsufficientBalance(from, id, balance, amount));
        unchecked {
            _held[id >> 1][from] -= amount << HALF * (id & 1);
        }
    }
}
