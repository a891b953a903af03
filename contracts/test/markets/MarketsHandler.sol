// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Market, Permit, Position, StakeIntent} from "../../src/markets/IMarkets.sol";
import {INVALID, TOO_EARLY} from "../../src/oracle/AnswerWord.sol";
import {Question, Status} from "../../src/oracle/IOracle.sol";
import {Reach} from "../Reach.sol";
import {Stage} from "../Stage.sol";

/// @dev Everything that anybody can do to markets, in any order. It keeps its own books, by another arithmetic than the
///      contract's: stakes in a list, pay-outs as one fraction.
contract MarketsHandler is Stage, Reach {
    uint256 public constant TRADERS = 6;
    /// So that stakes meet: of markets in which nobody won or lost there is little to see.
    uint256 private constant MOST_OPEN = 3;

    /// @dev Where an action may do something.
    enum Place {
        Open,
        Unanswered,
        Owing
    }

    struct Book {
        bytes32 id;
        Market terms;
        Question question;
        uint256 paidIn;
        uint256 paidOut;
        uint256 claims;
        bool answered;
        bool feeTaken;
    }

    /// @dev A market beside its books.
    struct Sight {
        bool settled; // claims must be paid
        bool void;
        uint256 held; // paid in and not out
        uint256 due; // may still be claimed, fee included
        uint256 claims;
        uint256 stray; // pools and positions that are not what was staked
    }

    Book[] private _books;
    address[] private _traders;
    mapping(bytes32 market => mapping(uint8 outcome => mapping(address owner => uint256))) private _staked;
    mapping(bytes32 market => mapping(uint8 outcome => uint256)) private _pool;
    mapping(bytes32 market => mapping(uint8 outcome => mapping(address owner => bool))) private _claimed;
    /// What the contract paid that the books do not say, or refused that they do.
    uint256 public wrong;
    /// Paid in and not out, of all markets.
    uint256 public held;
    /// The market that the last call was about.
    uint256 public touched;

    function start() external {
        setUp();
        for (uint256 i; i < TRADERS; ++i) {
            _traders.push(vm.addr(5_000 + i));
            _fund(_traders[i], address(markets), 1);
        }
        open(2, 100, 24 hours - 2, 0);
    }

    function open(uint256 outcomes, uint256 feeBps, uint256 opensIn, uint256 cut) public {
        uint256 open_;
        for (uint256 i; i < _books.length; ++i) {
            if (_is(_books[i], Place.Open)) ++open_;
        }
        if (open_ == MOST_OPEN) return;
        uint8 parts = uint8(_bound(outcomes, 2, 7));
        bool isCut = cut % 2 == 1;
        Question memory terms = isCut ? _numeric() : _categorical(parts);
        terms.nonce = uint64(_books.length);
        terms.opensAt = uint40(block.timestamp + _bound(opensIn, 2, 24 hours));
        terms.deadline = terms.opensAt + 6 hours;
        int96[] memory cuts = new int96[](isCut ? parts - 1 : 0);
        for (uint256 i; i < cuts.length; ++i) {
            cuts[i] = int96(int256(i * 100)) - 300;
        }
        touched = _books.length;
        Book storage book = _books.push();
        book.terms = Market(_ask(terms), treasury, terms.opensAt - 1, uint16(_bound(feeBps, 0, 1_000)), parts, cuts);
        book.question = terms;
        book.id = markets.open(book.terms, terms);
    }

    function stake(uint256 which, uint256 who, uint256 dice, uint256 stake_) external {
        Book storage book = _bookAt(_pick(which, Place.Open));
        if (block.timestamp >= book.terms.closesAt) return;
        bytes32 id = book.id;
        address owner = _traders[who % TRADERS];
        uint8 outcome = uint8((dice >> 1) % book.terms.outcomes);
        uint72 amount = uint72(_bound(stake_, LEAST, 9_000e6));
        _fund(owner, address(markets), amount);
        if (dice % 2 == 1) {
            StakeIntent memory intent =
                StakeIntent(id, outcome, amount, owner, markets.nonceOf(owner), uint40(block.timestamp));
            markets.stakeBySig(intent, _signIntent(5_000 + who % TRADERS, intent), Permit(0, 0, 0, 0, 0));
            _reach("signed stake");
        } else {
            vm.prank(owner);
            markets.stake(id, outcome, amount);
            _reach("stake");
        }
        _staked[id][outcome][owner] += amount;
        _pool[id][outcome] += amount;
        book.paidIn += amount;
        held += amount;
    }

    function answer(uint256 which, uint256 value, uint256 kind) external {
        Book storage book = _bookAt(_pick(which, Place.Unanswered));
        Question memory terms = book.question;
        if (_status(book.terms.question) != Status.Open) return;
        uint40 notBefore = _word(book.terms.question).notBefore();
        if (block.timestamp < notBefore) vm.warp(notBefore);
        int96 said = int96(_boundInt(int256(value), terms.min, terms.max));
        if (kind % 8 == 0) said = INVALID;
        if (kind % 8 == 1) said = TOO_EARLY;
        _agree(terms, said, 7);
        book.answered = said != TOO_EARLY;
    }

    function claim(uint256 which, uint256 who, uint256 outcome_) external {
        Book storage book = _bookAt(_pick(which, Place.Owing));
        (bool settled, uint8 winner) = _resultOf(book);
        uint8 outcome = _oneOf(book, outcome_, winner);
        address owner = _holderFrom(book, outcome, who);
        uint256 due = settled ? _due(book, winner, outcome, owner) : 0;
        try markets.claim(book.terms, outcome, owner) returns (uint72 paid) {
            if (paid != due || _claimed[book.id][outcome][owner]) ++wrong;
            _paid(book, winner, outcome, owner, paid);
        } catch {
            if (due != 0) ++wrong;
            _reach("claim refused");
        }
    }

    function claimMany(uint256 which, uint256 outcome_) external {
        Book storage book = _bookAt(_pick(which, Place.Owing));
        (bool settled, uint8 winner) = _resultOf(book);
        uint8 outcome = _oneOf(book, outcome_, winner);
        Position[] memory positions = new Position[](TRADERS);
        uint256[] memory each = new uint256[](TRADERS);
        uint256 due;
        for (uint256 i; i < TRADERS; ++i) {
            positions[i] = Position(_traders[i], outcome);
            if (settled) each[i] = _due(book, winner, outcome, _traders[i]);
            due += each[i];
        }
        try markets.claimMany(book.terms, positions) returns (uint256 paid) {
            if (paid != due) ++wrong;
            for (uint256 i; i < TRADERS; ++i) {
                if (each[i] != 0) _paid(book, winner, outcome, _traders[i], each[i]);
            }
            _reach("claims together");
        } catch {
            if (due != 0) ++wrong;
        }
    }

    function collectFee(uint256 which) external {
        which %= _books.length;
        // Few markets ever owe a fee: the next one that does, so that what is owed is asked for; else one that must refuse.
        for (uint256 i; i < _books.length && (!_books[which].answered || _feeDue(_books[which]) == 0); ++i) {
            which = (which + 1) % _books.length;
        }
        Book storage book = _bookAt(which);
        uint256 due = _feeDue(book);
        try markets.collectFee(book.terms) returns (uint72 fee) {
            if (book.feeTaken || fee != due) ++wrong;
            book.feeTaken = true;
            book.paidOut += fee;
            held -= fee;
            _reach("fee");
        } catch {
            if (due != 0) ++wrong;
        }
    }

    /// @param which is looked at afterwards: by time alone claims fall due
    function wait_(uint256 seconds_, uint256 which) external {
        _bookAt(which);
        vm.warp(block.timestamp + _bound(seconds_, 1, 2 hours));
    }

    /* THE BOOKS */

    function count() external view returns (uint256) {
        return _books.length;
    }

    function contracts() external view returns (address, address) {
        return (address(dollar), address(markets));
    }

    /// @dev All of a market at one look: tests ask after every call.
    function sightOf(uint256 i) external view returns (Sight memory seen) {
        Book storage book = _books[i];
        uint8 winner;
        (seen.settled, winner) = _resultOf(book);
        seen.void = winner == book.terms.outcomes;
        (seen.held, seen.claims) = (book.paidIn - book.paidOut, book.claims);
        if (seen.settled) seen.due = _feeDue(book, winner);
        for (uint8 outcome; outcome < book.terms.outcomes; ++outcome) {
            if (markets.poolOf(book.id, outcome) != _pool[book.id][outcome]) ++seen.stray;
            for (uint256 k; k < TRADERS; ++k) {
                address owner = _traders[k];
                uint256 want = _openOf(book.id, outcome, owner);
                if (markets.positionOf(book.id, outcome, owner) != want) ++seen.stray;
                if (seen.settled && want != 0) seen.due += _due(book, winner, outcome, owner);
            }
        }
    }

    /* INSIDE */

    function _bookAt(uint256 which) private returns (Book storage) {
        touched = which % _books.length;
        return _books[touched];
    }

    /// @dev The next market, from `which` on, where an action has something to do; one in four times just any, which may have
    ///      to refuse it, or for whose time it waits.
    function _pick(uint256 which, Place place) private view returns (uint256 at) {
        at = which % _books.length;
        if (which >> 128 & 3 == 0) return at;
        for (uint256 i; i < _books.length && !_is(_books[at], place); ++i) {
            at = (at + 1) % _books.length;
        }
    }

    function _is(Book storage book, Place place) private view returns (bool) {
        if (place == Place.Open) return block.timestamp < book.terms.closesAt;
        bool over = book.answered || block.timestamp > book.question.deadline;
        // What is left when all is claimed is less than a unit a claim.
        if (place == Place.Owing) return over && book.paidIn - book.paidOut > book.claims;
        return !over && block.timestamp > book.terms.closesAt;
    }

    /// @dev Any outcome, as often the one that won.
    function _oneOf(Book storage book, uint256 dice, uint8 winner) private view returns (uint8) {
        uint8 outcomes = book.terms.outcomes;
        return dice >> 128 & 1 == 1 && winner < outcomes ? winner : uint8(dice % outcomes);
    }

    /// @dev The next who still holds a stake there, from `who` on; one in four times just any.
    function _holderFrom(Book storage book, uint8 outcome, uint256 who) private view returns (address owner) {
        owner = _traders[who % TRADERS];
        if (who >> 128 & 3 == 0) return owner;
        for (uint256 k; k < TRADERS && _openOf(book.id, outcome, owner) == 0; ++k) {
            owner = _traders[(who % TRADERS + k + 1) % TRADERS];
        }
    }

    /// @return settled whether claims must be paid
    /// @return winner outcome, or the number of outcomes when void
    function _resultOf(Book storage book) private view returns (bool settled, uint8 winner) {
        (Status status, int96 value,,) = oracle.get(book.terms.question);
        if (status == Status.Invalid) return (true, book.terms.outcomes);
        if (status != Status.Final) return (false, 0);
        if (book.terms.cuts.length == 0) winner = uint8(uint96(value));
        for (uint256 k; k < book.terms.cuts.length; ++k) {
            if (value >= book.terms.cuts[k]) winner = uint8(k + 1);
        }
        if (_pool[book.id][winner] == 0) winner = book.terms.outcomes;
        return (true, winner);
    }

    function _fee(Book storage book, uint8 winner) private view returns (uint256) {
        if (winner == book.terms.outcomes) return 0;
        return (book.paidIn - _pool[book.id][winner]) * book.terms.feeBps / 10_000;
    }

    function _feeDue(Book storage book, uint8 winner) private view returns (uint256) {
        return book.feeTaken ? 0 : _fee(book, winner);
    }

    function _feeDue(Book storage book) private view returns (uint256) {
        (bool settled, uint8 winner) = _resultOf(book);
        return settled ? _feeDue(book, winner) : 0;
    }

    /// @dev What is still staked there.
    function _openOf(bytes32 id, uint8 outcome, address owner) private view returns (uint256 amount) {
        amount = _staked[id][outcome][owner];
        if (amount != 0 && _claimed[id][outcome][owner]) return 0;
    }

    function _due(Book storage book, uint8 winner, uint8 outcome, address owner) private view returns (uint256) {
        uint256 amount = _openOf(book.id, outcome, owner);
        if (winner == book.terms.outcomes) return amount;
        if (outcome != winner) return 0;
        return (amount * (book.paidIn - _fee(book, winner))) / _pool[book.id][winner];
    }

    function _paid(Book storage book, uint8 winner, uint8 outcome, address owner, uint256 amount) private {
        _claimed[book.id][outcome][owner] = true;
        book.paidOut += amount;
        held -= amount;
        ++book.claims;
        _reach(winner == book.terms.outcomes ? "void claim" : "claim");
    }
}
