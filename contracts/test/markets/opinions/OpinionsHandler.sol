// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {Ending} from "../../../src/markets/opinions/ResultWord.sol";
import {Rule} from "../../../src/markets/rules/BandRule.sol";
import {INVALID} from "../../../src/oracle/AnswerWord.sol";
import {Question, Status} from "../../../src/oracle/IOracle.sol";
import {Reach} from "../../Reach.sol";
import {OpinionsBooks} from "./OpinionsBooks.sol";

/// @dev Everything that anybody can do to opinion markets, in any order.
contract OpinionsHandler is OpinionsBooks, Reach {
    uint256 private constant MOST_MARKETS = 8;

    /// @dev Where an action may do something.
    enum Place {
        Open,
        Untold,
        Unanswered,
        Unscored,
        Undrawn,
        Drawn,
        Ended
    }

    /// What the contract did that the books do not say, or refused that they do.
    uint256 public wrong;
    /// Paid in and not out, of all markets.
    uint256 public held;
    /// The market that the last call was about.
    uint256 public touched;

    function start() external {
        setUp();
        _open();
        for (uint256 i; i < PEOPLE; ++i) {
            _fund(_person(i), address(opinions), 100_000e6);
        }
    }

    /* WHAT ANYBODY DOES */

    function open() external {
        if (_books.length < MOST_MARKETS) _open();
    }

    function stake(uint256 which, uint256 who, uint256 band, uint256 amount) external {
        which = _pick(which, Place.Open);
        Book storage book = _books[which];
        address owner = _person(who % PEOPLE);
        Opinion storage opinion = _opinions[book.id][owner];
        if (block.timestamp >= book.terms.closesAt || opinion.amount != 0) return;
        amount = _bound(amount, LEAST_STAKE, book.door.mostAt(block.timestamp));
        opinion.amount = amount;
        opinion.band = band % 21;
        book.paidIn += amount;
        held += amount;
        if (book.terms.revealSeconds == 0) {
            _tell(book, owner);
            vm.prank(owner);
            opinions.stake(book.hash, book.door, uint8(band % 21), uint48(amount), TEXT);
            _reach("open stance");
        } else {
            bytes32 commitment = keccak256(abi.encode(book.id, owner, uint8(band % 21), bytes32(who)));
            vm.prank(owner);
            opinions.stakeHidden(book.hash, book.door, uint48(amount), TEXT, commitment, abi.encode(who));
            _salts[book.id][owner] = bytes32(who);
            _reach("hidden stance");
        }
    }

    function reveal(uint256 which, uint256 who) external {
        which = _pick(which, Place.Untold);
        Book storage book = _books[which];
        address owner = _person(who % PEOPLE);
        Opinion storage opinion = _opinions[book.id][owner];
        if (book.terms.revealSeconds == 0 || opinion.amount == 0) return;
        if (block.timestamp < book.terms.closesAt) vm.warp(book.terms.closesAt);
        try opinions.reveal(book.hash, book.door, owner, uint8(opinion.band), _salts[book.id][owner]) {
            if (block.timestamp >= book.door.revealsUntil()) ++wrong;
            // Told again it is passed over: nothing is noted, and all sums must hold.
            if (opinion.told) return;
            _tell(book, owner);
            _reach("revealed");
        } catch {
            if (block.timestamp < book.door.revealsUntil()) ++wrong;
        }
    }

    function answer(uint256 which, uint256 value, uint256 kind) external {
        which = _pick(which, Place.Unanswered);
        Book storage book = _books[which];
        Question memory question = book.question;
        if (_status(book.terms.question) != Status.Open) return;
        if (block.timestamp < question.opensAt) vm.warp(question.opensAt);
        _agree(question, kind % 6 == 0 ? INVALID : int96(uint96(value % 10_001)), 7);
        vm.warp(block.timestamp + question.liveness);
    }

    function score(uint256 which) external {
        which = _pick(which, Place.Unscored);
        Book storage book = _books[which];
        Ending before = _ending(book);
        (Status status, int96 value,,) = oracle.get(book.terms.question);
        try opinions.score(book.terms, "") {
            if (before != Ending.None || (status != Status.Final && status != Status.Invalid)) ++wrong;
            (Ending ending, uint8 score_, uint64 round,,) = opinions.resultOf(book.id);
            book.scoredAt = block.timestamp;
            if (ending == Ending.Void) {
                if (status == Status.Final && _weightOfAll(book, _scoreOf(value)) != 0) ++wrong;
                _reach(status == Status.Final ? "void, no weight" : "void, invalid");
                return;
            }
            if (score_ != _scoreOf(value) || status != Status.Final) ++wrong;
            // Nobody can know the seed of the round that is named.
            if (round != 0 && beacon.timeOf(round) <= block.timestamp) ++wrong;
            _reach("scored");
        } catch {
            if (before == Ending.None && (status == Status.Final || status == Status.Invalid)) ++wrong;
        }
    }

    function expire(uint256 which) external {
        which = _pick(which, Place.Unscored);
        Book storage book = _books[which];
        (Status status,, uint40 at,) = oracle.get(book.terms.question);
        uint256 from = status == Status.Final && at > book.terms.closesAt ? at : book.terms.closesAt;
        bool may = _ending(book) == Ending.None && status != Status.Answered && block.timestamp >= from + 14 days;
        try opinions.expire(book.hash, book.door, book.terms.question) {
            if (!may) ++wrong;
            _reach("expired");
        } catch {
            if (may) ++wrong;
        }
    }

    function prove(uint256 which, uint256 dice) external {
        which = _pick(which, Place.Undrawn);
        Book storage book = _books[which];
        (Ending ending,, uint64 round,,) = opinions.resultOf(book.id);
        if (ending != Ending.Scored || round == 0 || _isProved(round)) return;
        if (block.timestamp < beacon.timeOf(round)) vm.warp(beacon.timeOf(round));
        beacon.prove(round, abi.encode(dice));
    }

    function rearm(uint256 which, uint256 late) external {
        which = _pick(which, Place.Undrawn);
        Book storage book = _books[which];
        (Ending ending,, uint64 round,,) = opinions.resultOf(book.id);
        bool isUndrawn = ending == Ending.Scored && round != 0 && !_isProved(round);
        if (isUndrawn && late % 2 == 0) _warpTo(uint256(beacon.timeOf(round)) + 1 days);
        bool may = isUndrawn && block.timestamp >= uint256(beacon.timeOf(round)) + 1 days;
        try opinions.rearm(book.id) {
            if (!may) ++wrong;
            _reach("rearmed");
        } catch {
            if (may) ++wrong;
        }
    }

    function forgo(uint256 which) external {
        bool late = which >> 128 & 1 == 0;
        which = _pick(which, Place.Undrawn);
        Book storage book = _books[which];
        (Ending ending,, uint64 round,,) = opinions.resultOf(book.id);
        bool undrawn = ending == Ending.Scored && round != 0 && !_isProved(round);
        uint256 from = uint256(book.terms.closesAt) + 28 days;
        if (undrawn && from < uint256(beacon.timeOf(round)) + 1 days) from = uint256(beacon.timeOf(round)) + 1 days;
        if (undrawn && late && block.timestamp < from) vm.warp(from);
        bool may = undrawn && block.timestamp >= from;
        try opinions.forgo(book.hash, book.door) {
            if (!may) ++wrong;
            _reach("forgone");
        } catch {
            if (may) ++wrong;
        }
    }

    function claim(uint256 which, uint256 who) external {
        which = _pick(which, Place.Ended);
        Book storage book = _books[which];
        address owner = _person(who % PEOPLE);
        (bool isOpen_, uint256 due) = (isOpen(which, owner), dueTo(which, owner));
        try opinions.claim(book.id, owner) returns (uint256 paid) {
            if (!isOpen_ || paid != due) ++wrong;
            _paidTo(book, owner, paid);
        } catch {
            if (isOpen_) ++wrong;
        }
    }

    function claimMany(uint256 which) external {
        which = _pick(which, Place.Ended);
        Book storage book = _books[which];
        address[] memory owners = new address[](PEOPLE);
        uint256 due;
        for (uint256 i; i < PEOPLE; ++i) {
            owners[i] = _person(i);
            due += dueTo(which, owners[i]);
        }
        if (_ending(book) == Ending.None) return;
        if (opinions.claimMany(book.id, owners) != due) ++wrong;
        for (uint256 i; i < PEOPLE; ++i) {
            if (isOpen(which, owners[i])) _paidTo(book, owners[i], dueTo(which, owners[i]));
        }
    }

    /// @dev Everybody tries; one at most gets it, and it is who the books say.
    function claimPrize(uint256 which, uint256 prize, uint256 first) external {
        which = _pick(which, Place.Drawn);
        Book storage book = _books[which];
        prize %= book.terms.prizes + 1;
        address winner = winnerOf(which, prize);
        for (uint256 i; i < PEOPLE; ++i) {
            address owner = _person((first % PEOPLE + i) % PEOPLE);
            bool may = owner == winner && !prizeTaken[book.id][prize];
            try opinions.claimPrize(book.id, prize, owner) returns (uint256 paid) {
                if (!may || paid != _prizeOf(book)) ++wrong;
                _prizePaid(book, prize, paid);
                _reach("prize");
            } catch {
                if (may) ++wrong;
            }
        }
    }

    function sweepPrize(uint256 which, uint256 prize, uint256 late) external {
        which = _pick(which, Place.Drawn);
        Book storage book = _books[which];
        prize %= book.terms.prizes + 1;
        bool isDue = winnerOf(which, prize) != address(0) && !prizeTaken[book.id][prize];
        (,, uint64 round,,) = opinions.resultOf(book.id);
        uint256 from = isDue ? uint256(beacon.timeOf(round)) + 180 days : 0;
        if (isDue && late % 2 == 0) _warpTo(from);
        bool may = isDue && block.timestamp >= from;
        try opinions.sweepPrize(book.id, prize) returns (uint256 paid) {
            if (!may) ++wrong;
            _prizePaid(book, prize, paid);
            _reach("swept");
        } catch {
            if (may) ++wrong;
        }
    }

    function collectFee(uint256 which) external {
        which = _pick(which, Place.Ended);
        Book storage book = _books[which];
        uint256 due = _feeDue(book);
        try opinions.collectFee(book.terms) returns (uint256 fee) {
            if (fee != due) ++wrong;
            book.feeTaken = true;
            _out(book, fee);
            _reach("fee");
        } catch {
            if (due != 0) ++wrong;
        }
    }

    /// @dev All that a market owes in one call: what the single calls come to. With a call that is refused, nothing of it.
    function payTogether(uint256 which, uint256 dice) external {
        which = _pick(which, Place.Ended);
        Book storage book = _books[which];
        bool isRefused = dice % 4 == 0;
        bytes[] memory calls = _owedCalls(which, isRefused);
        if (calls.length == 0) return;
        try opinions.multicall(calls) {
            if (isRefused) ++wrong;
        } catch {
            if (!isRefused) ++wrong;
            _reach("batch refused");
            return;
        }
        for (uint256 i; i < PEOPLE; ++i) {
            if (isOpen(which, _person(i))) _paidTo(book, _person(i), dueTo(which, _person(i)));
        }
        for (uint256 prize; prize < book.terms.prizes; ++prize) {
            if (_isPrizeDue(which, prize)) _prizePaid(book, prize, _prizeOf(book));
        }
        _out(book, _feeDue(book));
        book.feeTaken = true;
        _reach("batch");
    }

    /// @param which is looked at afterwards: by time alone claims fall due
    function wait_(uint256 seconds_, uint256 long, uint256 which) external {
        touched = which % _books.length;
        vm.warp(block.timestamp + (long % 16 == 0 ? 40 days : _bound(seconds_, 1, 4 hours)));
    }

    /* INSIDE */

    /// @param isRefused with a claim of somebody who never staked, last
    function _owedCalls(uint256 which, bool isRefused) private view returns (bytes[] memory calls) {
        Book storage book = _books[which];
        calls = new bytes[](PEOPLE + book.terms.prizes + 2);
        uint256 n;
        for (uint256 i; i < PEOPLE; ++i) {
            if (isOpen(which, _person(i))) calls[n++] = abi.encodeCall(opinions.claim, (book.id, _person(i)));
        }
        for (uint256 prize; prize < book.terms.prizes; ++prize) {
            if (!_isPrizeDue(which, prize)) continue;
            calls[n++] = abi.encodeCall(opinions.claimPrize, (book.id, prize, winnerOf(which, prize)));
        }
        if (_feeDue(book) != 0) calls[n++] = abi.encodeCall(opinions.collectFee, (book.terms));
        if (isRefused) calls[n++] = abi.encodeCall(opinions.claim, (book.id, treasury));
        assembly ("memory-safe") {
            mstore(calls, n)
        }
    }

    function _isPrizeDue(uint256 which, uint256 prize) private view returns (bool) {
        return winnerOf(which, prize) != address(0) && !prizeTaken[_books[which].id][prize];
    }

    function _open() private {
        uint256 i = _books.length;
        touched = i;
        uint40 now_ = uint40(block.timestamp);
        Book storage book = _books.push();
        Question memory question = _score();
        question.nonce = uint64(i);
        question.opensAt = now_ + 16 hours;
        question.deadline = now_ + 3 days;
        _ask(question);
        OpinionMarket memory terms = _terms();
        terms.question = oracle.idOf(question);
        terms.closesAt = now_ + 12 hours;
        terms.rule = Rule(i % 5);
        terms.revealSeconds = i % 2 == 1 ? 3 hours : 0;
        terms.prizes = uint8(1 + i % 4 * 5);
        terms.prizeBps = i % 4 == 3 ? 0 : uint16(1_999 * (i % 4) + 1);
        terms.mostStake = 9_000e6;
        terms.quietMost = 5e6;
        book.id = _announceOn(terms, question);
        book.terms = terms;
        book.question = question;
        (book.hash, book.door) = (opinions.termsHash(terms), opinions.doorOf(terms));
    }

    /// @dev The next market, from `which` on, where an action has something to do; one in four times just any, which must
    ///      refuse it.
    function _pick(uint256 which, Place place) private returns (uint256 at) {
        at = which % _books.length;
        for (uint256 i; which >> 128 & 3 != 0 && i < _books.length && !_is(_books[at], place); ++i) {
            at = (at + 1) % _books.length;
        }
        touched = at;
    }

    function _is(Book storage book, Place place) private view returns (bool) {
        if (place == Place.Open) return block.timestamp < book.terms.closesAt;
        if (place == Place.Untold) return book.terms.revealSeconds != 0 && block.timestamp < book.door.revealsUntil();
        (Ending ending,, uint64 round,,) = opinions.resultOf(book.id);
        if (place == Place.Unanswered) return ending == Ending.None && _status(book.terms.question) == Status.Open;
        if (place == Place.Unscored) return ending == Ending.None;
        if (place == Place.Ended) return ending != Ending.None;
        return ending == Ending.Scored && round != 0 && _isProved(round) == (place == Place.Drawn);
    }

    function _warpTo(uint256 time) private {
        if (block.timestamp < time) vm.warp(time);
    }

    function _tell(Book storage book, address owner) private {
        _opinions[book.id][owner].told = true;
        _order[book.id].push(owner);
    }

    function _paidTo(Book storage book, address owner, uint256 paid) private {
        Opinion storage opinion = _opinions[book.id][owner];
        Ending ending = _ending(book);
        _out(book, paid);
        if (!opinion.told) _reach(paid == 0 ? "untold claim" : "untold refund");
        opinion.paid = true;
        if (ending == Ending.Undrawn) {
            opinion.shared = true;
            _reach("undrawn claim");
        }
        _reach(ending == Ending.Void ? "void claim" : "claim");
    }

    function _out(Book storage book, uint256 paid) private {
        book.paidOut += paid;
        held -= paid;
    }

    function _prizePaid(Book storage book, uint256 prize, uint256 paid) private {
        prizeTaken[book.id][prize] = true;
        _out(book, paid);
    }
}
