// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Order, Side} from "../../../src/markets/outcomes/IOutcomeTokens.sol";
import {INVALID} from "../../../src/oracle/AnswerWord.sol";
import {Question} from "../../../src/oracle/IOracle.sol";
import {Reach} from "../../Reach.sol";
import {OutcomeStage} from "./OutcomeStage.sol";

/// @dev Everything that anybody can do to outcome tokens, in any order, with books of what should be there.
contract OutcomesHandler is OutcomeStage, Reach {
    uint256 public constant PEOPLE = 4;
    uint256 public constant QUESTIONS = 3;

    struct Book {
        bytes32 id;
        uint256 paidIn;
        uint256 paidOut;
        uint256 redemptions;
    }

    Question[] private _terms;
    Book[] private _books;
    mapping(bytes32 => mapping(address => uint256[2])) private _has;
    uint256 private _nonce;
    /// What the contract did that the books do not say.
    uint256 public wrong;

    function start() external {
        setUp();
        for (uint256 i; i < QUESTIONS; ++i) {
            Question memory terms = i == 0 ? _numeric() : _sides();
            terms.nonce = uint64(100 + i);
            _terms.push(terms);
            _books.push(Book(_ask(terms), 0, 0, 0));
        }
        for (uint256 i; i < PEOPLE; ++i) {
            _rich(i);
        }
    }

    /* WHAT ANYBODY DOES */

    function split(uint256 which, uint256 who, uint256 amount) external {
        Book storage book = _books[which % QUESTIONS];
        (bool settled,) = tokens.shareOf(book.id);
        if (settled) return;
        amount = _bound(amount, 1, 1_000e6);
        _split(who % PEOPLE, book.id, uint128(amount));
        book.paidIn += amount;
        _has[book.id][_trader(who % PEOPLE)][0] += amount;
        _has[book.id][_trader(who % PEOPLE)][1] += amount;
        _reach("split");
    }

    function merge(uint256 which, uint256 who, uint256 amount) external {
        Book storage book = _books[which % QUESTIONS];
        address owner = _trader(who % PEOPLE);
        uint256[2] storage has = _has[book.id][owner];
        uint256 most = has[0] < has[1] ? has[0] : has[1];
        if (most == 0) return;
        amount = _bound(amount, 1, most);
        vm.prank(owner);
        tokens.merge(book.id, uint128(amount));
        book.paidOut += amount;
        has[0] -= amount;
        has[1] -= amount;
        _reach("merge");
    }

    function move(uint256 which, uint256 who, uint256 to, uint256 amount) external {
        Book storage book = _books[which % QUESTIONS];
        (address from, address receiver) = (_trader(who % PEOPLE), _trader(to % PEOPLE));
        uint256 side = to >> 8 & 1;
        uint256 has = _has[book.id][from][side];
        if (has == 0) return;
        amount = _bound(amount, 1, has);
        uint256 id = tokens.yesOf(book.id) | side;
        vm.prank(from);
        tokens.transfer(receiver, id, amount);
        _has[book.id][from][side] -= amount;
        _has[book.id][receiver][side] += amount;
        _reach("move");
    }

    function trade(uint256 which, uint256 dice, uint256 price, uint256 amount) external {
        Book storage book = _books[which % QUESTIONS];
        (uint256 t, uint256 m) = (dice % PEOPLE, (dice >> 8) % PEOPLE);
        Side takes = Side((dice >> 16) % 4);
        bool sameWay = dice >> 24 & 1 == 0;
        // Same way: the other token. Else the same token, the other way.
        Side makes = Side(sameWay ? uint8(takes) ^ 1 : uint8(takes) ^ 2);
        amount = _bound(amount, 10_000, 50e6);
        price = _bound(price, 101, 999_899);
        if (!_canDeliver(book.id, t, takes, m, makes, amount)) return;
        // A hundred millionths of the least fill are the unit that rounding may cost.
        uint256 limit = sameWay ? 1e6 - price : price;
        limit = uint8(takes) < 2 ? limit + 100 : limit - 100;
        Order memory taker = _order(t, book.id, takes, uint128(amount), uint128(limit));
        Order memory maker = _order(m, book.id, makes, uint128(amount), uint128(price));
        (taker.nonce, maker.nonce) = (++_nonce, ++_nonce);
        _settleTrade(book, taker, maker, t, m, amount);
    }

    function settle(uint256 which, uint256 dice) external {
        which %= QUESTIONS;
        Book storage book = _books[which];
        (bool settled,) = tokens.shareOf(book.id);
        if (settled || dice % 4 != 0) return;
        Question memory terms = _terms[which];
        uint256 range = uint256(int256(terms.max) - terms.min);
        if (block.timestamp <= terms.deadline - 1 days && dice >> 8 & 1 == 0) {
            int96 value = dice >> 9 & 7 == 0 ? INVALID : terms.min + int96(uint96((dice >> 16) % (range + 1)));
            _resolve(terms, value);
        } else {
            vm.warp(uint256(terms.deadline) + 1);
        }
        tokens.settle(terms);
        _reach("settle");
    }

    function redeem(uint256 which, uint256 who) external {
        Book storage book = _books[which % QUESTIONS];
        (bool settled, uint256 yesBps) = tokens.shareOf(book.id);
        address owner = _trader(who % PEOPLE);
        uint256[2] storage has = _has[book.id][owner];
        if (!settled || (has[0] == 0 && has[1] == 0)) return;
        uint256 due = (has[0] * yesBps + has[1] * (10_000 - yesBps)) / 10_000;
        uint256 before = dollar.balanceOf(owner);
        if (tokens.redeem(book.id, owner) != due || dollar.balanceOf(owner) != before + due) ++wrong;
        book.paidOut += due;
        ++book.redemptions;
        (has[0], has[1]) = (0, 0);
        _reach("redeem");
    }

    /* BOOKS */

    function bookAt(uint256 i) external view returns (Book memory) {
        return _books[i];
    }

    function hasAt(uint256 i, uint256 who) external view returns (uint256 yes, uint256 no) {
        uint256[2] storage has = _has[_books[i].id][_trader(who)];
        return (has[0], has[1]);
    }

    function traderAt(uint256 who) external pure returns (address) {
        return _trader(who);
    }

    function contracts() external view returns (address, address) {
        return (address(dollar), address(tokens));
    }

    /* INSIDE */

    function _canDeliver(bytes32 id, uint256 t, Side takes, uint256 m, Side makes, uint256 amount)
        private
        view
        returns (bool)
    {
        if (uint8(takes) >= 2 && _has[id][_trader(t)][uint8(takes) & 1] < amount) return false;
        return uint8(makes) < 2 || _has[id][_trader(m)][uint8(makes) & 1] >= amount;
    }

    function _settleTrade(
        Book storage book,
        Order memory taker,
        Order memory maker,
        uint256 t,
        uint256 m,
        uint256 amount
    ) private {
        uint256 held = dollar.balanceOf(address(tokens));
        uint256 together = dollar.balanceOf(_trader(t)) + (t == m ? 0 : dollar.balanceOf(_trader(m)));
        _match(t, taker, m, maker, uint128(amount));
        uint256 after_ = dollar.balanceOf(address(tokens));
        uint256 afterTogether = dollar.balanceOf(_trader(t)) + (t == m ? 0 : dollar.balanceOf(_trader(m)));
        if (held + together != after_ + afterTogether) ++wrong;
        _book(book.id, taker, t, amount);
        _book(book.id, maker, m, amount);
        bool buyers = uint8(taker.side) < 2 && uint8(maker.side) < 2;
        bool sellers = uint8(taker.side) >= 2 && uint8(maker.side) >= 2;
        if (buyers) book.paidIn += amount;
        if (sellers) book.paidOut += amount;
        if (after_ != held + (buyers ? amount : 0) - (sellers ? amount : 0)) ++wrong;
        _reach(buyers ? "two buyers" : sellers ? "two sellers" : "a trade");
    }

    function _book(bytes32 id, Order memory order, uint256 who, uint256 amount) private {
        uint256[2] storage has = _has[id][_trader(who)];
        uint256 side = uint8(order.side) & 1;
        if (uint8(order.side) < 2) has[side] += amount;
        else has[side] -= amount;
    }
}
