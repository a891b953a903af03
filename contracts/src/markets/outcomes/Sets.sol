// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {INVALID} from "../../oracle/AnswerWord.sol";
import {Aggregation, IOracle, Question, Status} from "../../oracle/IOracle.sol";
import {IOutcomeTokens} from "./IOutcomeTokens.sol";

/// @dev Both balances of a holder lie in one word: yes in the low half, no in the high. That is why this is no ready-made
///      ERC-6909: splitting and merging write one slot and not two.
abstract contract Sets is IOutcomeTokens {
    using SafeTransferLib for address;

    uint256 private constant HALF = 128;
    uint256 private constant BPS = 10_000;
    uint256 private constant SETTLED = 1 << 255;

    IOracle public immutable oracle;
    address public immutable collateral;

    /// Zero while a question is not settled, else SETTLED | share of yes in basis points.
    mapping(uint256 pair => uint256) private _shares;
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
    function split(bytes32 question, uint128 amount) external {
        _requireOpen(question);
        require(amount != 0, OutcomeTokens_BadAmount(amount));

        _mintBoth(question, msg.sender, amount);

        collateral.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IOutcomeTokens
    function merge(bytes32 question, uint128 amount) external {
        require(amount != 0, OutcomeTokens_BadAmount(amount));

        _burnBoth(question, msg.sender, amount);

        collateral.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IOutcomeTokens
    function settle(Question calldata terms) external returns (uint256 yesBps) {
        bytes32 question = oracle.idOf(terms);
        _requireOpen(question);
        bool choice = terms.aggregation == Aggregation.Plurality && (terms.min != 0 || terms.max != 1);
        if (terms.aggregation == Aggregation.Root || choice || terms.max <= terms.min) {
            revert OutcomeTokens_NoSides(question);
        }
        (Status status, int96 value,,) = oracle.get(question);
        if (status == Status.Invalid || (status == Status.Final && value == INVALID)) {
            yesBps = BPS / 2;
        } else {
            require(status == Status.Final, OutcomeTokens_NotFinal(question));
            int256 within = value < terms.min ? terms.min : value > terms.max ? terms.max : value;
            yesBps = uint256(within - terms.min) * BPS / uint256(int256(terms.max) - terms.min);
        }

        _shares[_pairOf(question)] = SETTLED | yesBps;

        emit Settled(question, yesBps);
    }

    /// @inheritdoc IOutcomeTokens
    function redeem(bytes32 question, address owner) external returns (uint256 paid) {
        uint256 pair = _pairOf(question);
        uint256 share = _shares[pair];
        require(share != 0, OutcomeTokens_NotSettled(question));
        uint256 yesBps = share ^ SETTLED;
        uint256 held = _held[pair][owner];
        require(held != 0, OutcomeTokens_NothingToRedeem(question, owner));
        (uint256 yes, uint256 no) = (uint128(held), held >> HALF);

        _held[pair][owner] = 0;

        if (yes != 0) emit Transfer(msg.sender, owner, address(0), pair << 1, yes);
        if (no != 0) emit Transfer(msg.sender, owner, address(0), pair << 1 | 1, no);

        paid = (yes * yesBps + no * (BPS - yesBps)) / BPS;
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
    function yesOf(bytes32 question) external pure returns (uint256 id) {
        return _pairOf(question) << 1;
    }

    /// @inheritdoc IOutcomeTokens
    function noOf(bytes32 question) external pure returns (uint256 id) {
        return _pairOf(question) << 1 | 1;
    }

    /// @inheritdoc IOutcomeTokens
    function shareOf(bytes32 question) external view returns (bool settled_, uint256 yesBps) {
        uint256 share = _shares[_pairOf(question)];
        return share == 0 ? (false, 0) : (true, share ^ SETTLED);
    }

    /* INSIDE */

    function _pairOf(bytes32 question) internal pure returns (uint256) {
        return uint256(question) >> 1;
    }

    function _requireOpen(bytes32 question) private view {
        require(_shares[_pairOf(question)] == 0, OutcomeTokens_Settled(question));
    }

    /// @dev Every unit stands for one of collateral, whose supply fits a half: no half runs over.
    function _mintBoth(bytes32 question, address to, uint256 amount) private {
        uint256 pair = _pairOf(question);
        unchecked {
            _held[pair][to] += amount << HALF | amount;
        }
        emit Transfer(msg.sender, address(0), to, pair << 1, amount);
        emit Transfer(msg.sender, address(0), to, pair << 1 | 1, amount);
    }

    function _burnBoth(bytes32 question, address from, uint256 amount) private {
        uint256 pair = _pairOf(question);
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

    /// @param side 0 yes, 1 no
    function _mint(bytes32 question, address to, uint256 side, uint256 amount) internal {
        uint256 pair = _pairOf(question);
        unchecked {
            _held[pair][to] += amount << HALF * side;
        }
        emit Transfer(msg.sender, address(0), to, pair << 1 | side, amount);
    }

    function _burn(bytes32 question, address from, uint256 side, uint256 amount) internal {
        uint256 pair = _pairOf(question);
        _take(from, pair << 1 | side, amount);
        emit Transfer(msg.sender, from, address(0), pair << 1 | side, amount);
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
