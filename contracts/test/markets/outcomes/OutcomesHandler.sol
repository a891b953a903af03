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
    uint256 public constant QUESTIONS = 4;

    struct Book {
        bytes32 id;
        uint256 count; // of its outcomes; tokens of one more are made, which is never the answer
        uint256 paidIn;
        uint256 paidOut;
        uint256 redemptions; // an outcome each
        uint256 denominator; // 0: not settled
    }

    Question[] private _terms;
    Book[] private _books;
    mapping(bytes32 => mapping(address => mapping(uint256 outcome => uint256[2]))) private _has;
    uint256 private _nonce;
    /// What the contract did that the books do not say.
    uint256 public wrong;

    function start() external {
        setUp();
        uint8[4] memory counts = [1, 1, 3, 7];
        for (uint256 i; i < QUESTIONS; ++i) {
            Question memory terms = i == 0 ? _numeric() : i == 1 ? _sides() : _categorical(counts[i]);
            terms.nonce = uint64(100 + i);
            _terms.push(terms);
            _books.push(Book(_ask(terms), counts[i], 0, 0, 0, 0));
        }
        for (uint256 i; i < PEOPLE; ++i) {
            _rich(i);
        }
    }

    /* WHAT ANYBODY DOES */

    function split(uint256 which, uint256 who, uint256 amount, uint256 outcome) external {
        Book storage book = _books[which % QUESTIONS];
        if (book.denominator != 0) return;
        outcome %= book.count + 1;
        amount = _bound(amount, 1, 1_000e6);
        _split(who % PEOPLE, book.id, uint8(outcome), uint128(amount));
        book.paidIn += amount;
        uint256[2] storage has = _has[book.id][_trader(who % PEOPLE)][outcome];
        has[0] += amount;
        has[1] += amount;
        _reach(outcome == book.count ? "split what is no outcome" : "split");
    }

    function merge(uint256 which, uint256 who, uint256 amount, uint256 outcome) external {
        Book storage book = _books[which % QUESTIONS];
        address owner = _trader(who % PEOPLE);
        outcome %= book.count + 1;
        uint256[2] storage has = _has[book.id][owner][outcome];
        uint256 most = has[0] < has[1] ? has[0] : has[1];
        if (most == 0) return;
        amount = _bound(amount, 1, most);
        vm.prank(owner);
        tokens.merge(book.id, uint8(outcome), uint128(amount));
        book.paidOut += amount;
        has[0] -= amount;
        has[1] -= amount;
        _reach("merge");
    }

    function move(uint256 which, uint256 who, uint256 to, uint256 amount) external {
        Book storage book = _books[which % QUESTIONS];
        (address from, address receiver) = (_trader(who % PEOPLE), _trader(to % PEOPLE));
        (uint256 side, uint256 outcome) = (to >> 8 & 1, (to >> 9) % book.count);
        uint256 has = _has[book.id][from][outcome][side];
        if (has == 0) return;
        amount = _bound(amount, 1, has);
        uint256 id = tokens.yesOf(book.id, uint8(outcome)) | side;
        vm.prank(from);
        tokens.transfer(receiver, id, amount);
        _has[book.id][from][outcome][side] -= amount;
        _has[book.id][receiver][outcome][side] += amount;
        _reach("move");
    }

    function trade(uint256 which, uint256 dice, uint256 price, uint256 amount) external {
        Book storage book = _books[which % QUESTIONS];
        amount = _bound(amount, 10_000, 50e6);
        price = _bound(price, 101, 999_899);
        (Order memory taker, Order memory maker) = _ordersOf(book, dice, price, amount);
        if (!_canDeliver(taker) || !_canDeliver(maker)) return;
        _settleTrade(book, taker, maker, dice % PEOPLE, (dice >> 8) % PEOPLE, amount);
    }

    function splitAll(uint256 which, uint256 who, uint256 amount) external {
        which = 2 + which % 2;
        Book storage book = _books[which];
        if (book.denominator != 0) return;
        amount = _bound(amount, 1, 1_000e6);
        vm.prank(_trader(who % PEOPLE));
        tokens.splitAll(_terms[which], uint128(amount));
        book.paidIn += amount;
        for (uint256 i; i < book.count; ++i) {
            _has[book.id][_trader(who % PEOPLE)][i][0] += amount;
        }
        _reach("split all");
    }

    function mergeAll(uint256 which, uint256 who, uint256 amount) external {
        which = 2 + which % 2;
        Book storage book = _books[which];
        address owner = _trader(who % PEOPLE);
        uint256 most = type(uint256).max;
        for (uint256 i; i < book.count; ++i) {
            uint256 has = _has[book.id][owner][i][0];
            if (has < most) most = has;
        }
        if (most == 0) return;
        amount = _bound(amount, 1, most);
        vm.prank(owner);
        tokens.mergeAll(_terms[which], uint128(amount));
        book.paidOut += amount;
        for (uint256 i; i < book.count; ++i) {
            _has[book.id][owner][i][0] -= amount;
        }
        _reach("merge all");
    }

    function convert(uint256 which, uint256 who, uint256 dice, uint256 amount) external {
        which = 2 + which % 2;
        Book storage book = _books[which];
        address owner = _trader(who % PEOPLE);
        uint32 outcomes;
        (uint256 most, uint256 k) = (type(uint256).max, 0);
        for (uint256 i; i < book.count; ++i) {
            uint256 has = _has[book.id][owner][i][1];
            // In one of four cases all that he has no of.
            if (has == 0 || (dice & 3 != 0 && dice >> 2 >> i & 1 == 0)) continue;
            outcomes |= uint32(1 << i);
            ++k;
            if (has < most) most = has;
        }
        if (k == 0) return;
        amount = _bound(amount, 1, most);
        uint256 before = dollar.balanceOf(owner);
        vm.prank(owner);
        if (tokens.convert(_terms[which], outcomes, uint128(amount)) != (k - 1) * amount) ++wrong;
        if (dollar.balanceOf(owner) != before + (k - 1) * amount) ++wrong;
        book.paidOut += (k - 1) * amount;
        for (uint256 i; i < book.count; ++i) {
            uint256[2] storage has = _has[book.id][owner][i];
            if (outcomes >> i & 1 != 0) has[1] -= amount;
            else has[0] += amount;
        }
        _reach(book.denominator != 0 ? "convert, settled" : k == book.count ? "convert all" : "convert");
    }

    function settle(uint256 which, uint256 dice) external {
        which %= QUESTIONS;
        Book storage book = _books[which];
        if (book.denominator != 0 || dice % 4 != 0) return;
        Question memory terms = _terms[which];
        uint256 range = uint256(int256(terms.max) - terms.min);
        bool answered = block.timestamp <= terms.deadline - 1 days && dice >> 8 & 1 == 0 && dice >> 9 & 7 != 0;
        if (block.timestamp > terms.deadline - 1 days || dice >> 8 & 1 != 0) vm.warp(uint256(terms.deadline) + 1);
        else _resolve(terms, answered ? terms.min + int96(uint96((dice >> 16) % (range + 1))) : INVALID);
        (,, book.denominator) = tokens.settle(terms);
        _reach(book.count == 1 ? "settle" : answered ? "settle a choice" : "end a choice without an answer");
    }

    function redeem(uint256 which, uint256 who, uint256 outcomes) external {
        Book storage book = _books[which % QUESTIONS];
        address owner = _trader(who % PEOPLE);
        if (book.denominator == 0) return;
        outcomes = outcomes % 2 == 0 ? (outcomes >> 1) % (2 << book.count) : (2 << book.count) - 1;
        uint256 due;
        uint256 redemptions;
        for (uint256 i; i <= book.count; ++i) {
            uint256[2] storage has = _has[book.id][owner][i];
            if (outcomes >> i & 1 == 0 || has[0] + has[1] == 0) continue;
            (uint256 share, uint256 whole) = tokens.shareOf(book.id, uint8(i));
            due += (has[0] * share + has[1] * (whole - share)) / whole;
            ++redemptions;
            (has[0], has[1]) = (0, 0);
        }
        if (redemptions == 0) return;
        uint256 before = dollar.balanceOf(owner);
        if (tokens.redeem(book.id, uint32(outcomes), owner) != due || dollar.balanceOf(owner) != before + due) ++wrong;
        book.paidOut += due;
        book.redemptions += redemptions;
        _reach(redemptions == 1 ? "redeem" : "redeem many");
    }

    /* BOOKS */

    function bookAt(uint256 i) external view returns (Book memory) {
        return _books[i];
    }

    function hasAt(uint256 i, uint256 who, uint256 outcome) external view returns (uint256 yes, uint256 no) {
        uint256[2] storage has = _has[_books[i].id][_trader(who)][outcome];
        return (has[0], has[1]);
    }

    function traderAt(uint256 who) external pure returns (address) {
        return _trader(who);
    }

    function contracts() external view returns (address, address) {
        return (address(dollar), address(tokens));
    }

    /* INSIDE */

    function _ordersOf(Book storage book, uint256 dice, uint256 price, uint256 amount)
        private
        returns (Order memory taker, Order memory maker)
    {
        Side takes = Side((dice >> 16) % 4);
        bool sameWay = dice >> 24 & 1 == 0;
        // A hundred millionths of the least fill are the unit that rounding may cost.
        uint256 limit = sameWay ? 1e6 - price : price;
        limit = uint8(takes) < 2 ? limit + 100 : limit - 100;
        taker = _order(dice % PEOPLE, book.id, takes, uint128(amount), uint128(limit));
        // Same way: the other token. Else the same token, the other way.
        Side makes = Side(sameWay ? uint8(takes) ^ 1 : uint8(takes) ^ 2);
        maker = _order((dice >> 8) % PEOPLE, book.id, makes, uint128(amount), uint128(price));
        (taker.nonce, maker.nonce) = (++_nonce, ++_nonce);
        taker.outcome = maker.outcome = uint8((dice >> 32) % book.count);
    }

    function _canDeliver(Order memory order) private view returns (bool) {
        if (uint8(order.side) < 2) return true;
        return _has[order.question][order.maker][order.outcome][uint8(order.side) & 1] >= order.amount;
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
        _book(taker, amount);
        _book(maker, amount);
        bool buyers = uint8(taker.side) < 2 && uint8(maker.side) < 2;
        bool sellers = uint8(taker.side) >= 2 && uint8(maker.side) >= 2;
        if (buyers) book.paidIn += amount;
        if (sellers) book.paidOut += amount;
        if (after_ != held + (buyers ? amount : 0) - (sellers ? amount : 0)) ++wrong;
        _reach(buyers ? "two buyers" : sellers ? "two sellers" : "a trade");
    }

    function _book(Order memory order, uint256 amount) private {
        uint256[2] storage has = _has[order.question][order.maker][order.outcome];
        uint256 side = uint8(order.side) & 1;
        if (uint8(order.side) < 2) has[side] += amount;
        else has[side] -= amount;
    }
}
