// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Market, Permit, Position, StakeIntent} from "../../src/markets/IMarkets.sol";
import {INVALID, TOO_EARLY} from "../../src/oracle/AnswerWord.sol";
import {Question, Status} from "../../src/oracle/IOracle.sol";
import {Stage} from "../Stage.sol";

/// @dev Everything that anybody can do to markets, in any order. It keeps its own books, by another arithmetic than the
///      contract's: stakes in a list, pay-outs as one fraction.
contract MarketsHandler is Stage {
    uint256 public constant TRADERS = 6;

    struct Book {
        bytes32 id;
        Market terms;
        Question question;
        uint256 paidIn;
        uint256 paidOut;
        uint256 claims;
    }

    Book[] private _books;
    address[] private _traders;
    mapping(bytes32 market => mapping(uint8 outcome => mapping(address owner => uint256))) public staked;
    mapping(bytes32 market => mapping(uint8 outcome => uint256)) public pool;
    mapping(bytes32 market => mapping(uint8 outcome => mapping(address owner => bool))) public claimed;
    mapping(bytes32 market => bool) public feeTaken;
    uint256 public wrongPayments;

    function start() external {
        setUp();
        for (uint256 i; i < TRADERS; ++i) {
            _traders.push(vm.addr(5_000 + i));
            _fund(trader(i), address(markets), 1);
        }
    }

    function trader(uint256 i) public view returns (address) {
        return _traders[i % TRADERS];
    }

    function open(uint8 outcomes, uint16 feeBps, uint32 opensIn, bool cut) external {
        uint8 parts = uint8(_bound(outcomes, 2, 7));
        Question memory terms = cut ? _numeric() : _categorical(parts);
        terms.nonce = uint64(_books.length);
        terms.opensAt = uint40(block.timestamp + _bound(opensIn, 2, 2 hours));
        terms.deadline = terms.opensAt + 6 hours;
        int96[] memory cuts = new int96[](cut ? parts - 1 : 0);
        for (uint256 i; i < cuts.length; ++i) {
            cuts[i] = int96(int256(i * 100)) - 300;
        }
        Book storage book = _books.push();
        book.terms = Market(_ask(terms), treasury, terms.opensAt - 1, uint16(_bound(feeBps, 0, 1_000)), parts, cuts);
        book.question = terms;
        book.id = markets.open(book.terms, terms);
    }

    function stake(uint256 which, uint256 who, uint8 outcome, uint72 amount, bool signed) external {
        if (_books.length == 0) return;
        Book storage book = _books[which % _books.length];
        if (block.timestamp >= book.terms.closesAt) return;
        bytes32 id = book.id;
        address owner = trader(who);
        outcome %= book.terms.outcomes;
        amount = uint72(_bound(amount, LEAST, 9_000e6));
        _fund(owner, address(markets), amount);
        if (signed) {
            StakeIntent memory intent =
                StakeIntent(id, outcome, amount, owner, markets.nonceOf(owner), uint40(block.timestamp));
            markets.stakeBySig(intent, _signIntent(5_000 + who % TRADERS, intent), Permit(0, 0, 0, 0, 0));
        } else {
            vm.prank(owner);
            markets.stake(id, outcome, amount);
        }
        staked[id][outcome][owner] += amount;
        pool[id][outcome] += amount;
        book.paidIn += amount;
    }

    function answer(uint256 which, int96 value, uint8 kind) external {
        if (_books.length == 0) return;
        Question memory terms = _books[which % _books.length].question;
        if (_status(oracle.idOf(terms)) != Status.Open) return;
        uint40 notBefore = _word(oracle.idOf(terms)).notBefore();
        if (block.timestamp < notBefore) vm.warp(notBefore);
        value = int96(_boundInt(value, terms.min, terms.max));
        if (kind % 8 == 0) value = INVALID;
        if (kind % 8 == 1) value = TOO_EARLY;
        _agree(terms, value, 7);
    }

    function claim(uint256 which, uint256 who, uint8 outcome) external {
        if (_books.length == 0) return;
        Book storage book = _books[which % _books.length];
        bytes32 id = book.id;
        address owner = trader(who);
        outcome %= book.terms.outcomes;
        uint256 due = dueTo(which % _books.length, outcome, owner);
        try markets.claim(book.terms, outcome, owner) returns (uint72 paid) {
            if (paid != due || claimed[id][outcome][owner]) ++wrongPayments;
            _paid(book, id, outcome, owner, paid);
        } catch {
            if (due != 0) ++wrongPayments;
        }
    }

    function claimMany(uint256 which, uint8 outcome) external {
        if (_books.length == 0) return;
        Book storage book = _books[which % _books.length];
        bytes32 id = book.id;
        outcome %= book.terms.outcomes;
        Position[] memory positions = new Position[](TRADERS);
        uint256 due;
        for (uint256 i; i < TRADERS; ++i) {
            positions[i] = Position(trader(i), outcome);
            due += dueTo(which % _books.length, outcome, trader(i));
        }
        try markets.claimMany(book.terms, positions) returns (uint256 paid) {
            if (paid != due) ++wrongPayments;
            for (uint256 i; i < TRADERS; ++i) {
                uint256 one = dueTo(which % _books.length, outcome, trader(i));
                if (one != 0) _paid(book, id, outcome, trader(i), one);
            }
        } catch {
            if (due != 0) ++wrongPayments;
        }
    }

    function collectFee(uint256 which) external {
        if (_books.length == 0) return;
        which %= _books.length;
        // Few markets ever owe a fee: the next one that does, so that what is owed is asked for; else one that must refuse.
        for (uint256 i; i < _books.length && _feeDue(which) == 0; ++i) {
            which = (which + 1) % _books.length;
        }
        Book storage book = _books[which];
        bytes32 id = book.id;
        uint256 due = _feeDue(which);
        try markets.collectFee(book.terms) returns (uint72 fee) {
            if (feeTaken[id] || fee != due) ++wrongPayments;
            feeTaken[id] = true;
            book.paidOut += fee;
        } catch {
            if (due != 0) ++wrongPayments;
        }
    }

    function wait_(uint32 seconds_) external {
        vm.warp(block.timestamp + _bound(seconds_, 1, 2 hours));
    }

    /* THE BOOKS */

    function count() external view returns (uint256) {
        return _books.length;
    }

    function bookAt(uint256 i) external view returns (Book memory) {
        return _books[i];
    }

    /// @return settled whether claims must be paid
    /// @return winner outcome, or the number of outcomes when void
    function resultOf(uint256 i) public view returns (bool settled, uint8 winner) {
        Book storage book = _books[i];
        (Status status, int96 value,,) = oracle.get(book.terms.question);
        if (status == Status.Invalid) return (true, book.terms.outcomes);
        if (status != Status.Final) return (false, 0);
        if (book.terms.cuts.length == 0) winner = uint8(uint96(value));
        for (uint256 k; k < book.terms.cuts.length; ++k) {
            if (value >= book.terms.cuts[k]) winner = uint8(k + 1);
        }
        if (pool[book.id][winner] == 0) winner = book.terms.outcomes;
        return (true, winner);
    }

    function dueTo(uint256 i, uint8 outcome, address owner) public view returns (uint256) {
        (bool settled, uint8 winner) = resultOf(i);
        return settled ? _due(_books[i], winner, outcome, owner) : 0;
    }

    /// @notice All that may still be claimed, fee included.
    function dueIn(uint256 i) external view returns (uint256 due) {
        Book storage book = _books[i];
        (bool settled, uint8 winner) = resultOf(i);
        if (!settled) return 0;
        due = _feeDue(i);
        for (uint8 outcome; outcome < book.terms.outcomes; ++outcome) {
            for (uint256 k; k < TRADERS; ++k) {
                due += _due(book, winner, outcome, _traders[k]);
            }
        }
    }

    /// @notice How many pools and positions of a market are not what was staked.
    /// @dev Here and not where it is asserted: what should be there is then read without a call for each, after every call of a run.
    function strayIn(uint256 i) external view returns (uint256 stray) {
        bytes32 id = _books[i].id;
        for (uint8 outcome; outcome < _books[i].terms.outcomes; ++outcome) {
            if (markets.poolOf(id, outcome) != pool[id][outcome]) ++stray;
            for (uint256 k; k < TRADERS; ++k) {
                address owner = _traders[k];
                uint256 want = claimed[id][outcome][owner] ? 0 : staked[id][outcome][owner];
                if (markets.positionOf(id, outcome, owner) != want) ++stray;
            }
        }
    }

    function feeOf(uint256 i) public view returns (uint256) {
        (bool settled, uint8 winner) = resultOf(i);
        return settled ? _fee(_books[i], winner) : 0;
    }

    function contracts() external view returns (address, address) {
        return (address(dollar), address(markets));
    }

    function _fee(Book storage book, uint8 winner) private view returns (uint256) {
        if (winner == book.terms.outcomes) return 0;
        return (book.paidIn - pool[book.id][winner]) * book.terms.feeBps / 10_000;
    }

    function _feeDue(uint256 i) private view returns (uint256) {
        return feeTaken[_books[i].id] ? 0 : feeOf(i);
    }

    function _due(Book storage book, uint8 winner, uint8 outcome, address owner) private view returns (uint256) {
        uint256 amount = staked[book.id][outcome][owner];
        if (amount == 0 || claimed[book.id][outcome][owner]) return 0;
        if (winner == book.terms.outcomes) return amount;
        if (outcome != winner) return 0;
        uint256 won = pool[book.id][winner];
        return (amount * (book.paidIn - _fee(book, winner))) / won;
    }

    function _paid(Book storage book, bytes32 id, uint8 outcome, address owner, uint256 amount) private {
        claimed[id][outcome][owner] = true;
        book.paidOut += amount;
        ++book.claims;
    }
}
