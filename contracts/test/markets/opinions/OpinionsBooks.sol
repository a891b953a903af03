// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Door} from "../../../src/markets/opinions/Door.sol";
import {OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {Ending} from "../../../src/markets/opinions/ResultWord.sol";
import {Rule} from "../../../src/markets/rules/BandRule.sol";
import {Question} from "../../../src/oracle/IOracle.sol";
import {OpinionStage} from "./OpinionStage.sol";

/// @dev What the contract should owe, by another arithmetic than its own: opinions in a list, weights as literal powers, the
///      Brier rule as a fraction, ranges by adding up.
abstract contract OpinionsBooks is OpinionStage {
    uint256 public constant PEOPLE = 6;

    struct Opinion {
        uint256 amount;
        uint256 band; // meant, if hidden
        bool told;
        bool paid;
        bool shared;
    }

    struct Book {
        bytes32 id;
        bytes32 hash;
        Door door;
        OpinionMarket terms;
        Question question;
        uint256 paidIn;
        uint256 paidOut;
        uint256 scoredAt;
        bool feeTaken;
    }

    Book[] internal _books;
    mapping(bytes32 market => mapping(address who => Opinion)) internal _opinions;
    mapping(bytes32 market => address[]) internal _order; // in which stances became known
    mapping(bytes32 market => mapping(uint256 prize => bool)) public prizeTaken;
    mapping(bytes32 market => mapping(address who => bytes32)) internal _salts;

    /* THE BOOKS */

    function count() external view returns (uint256) {
        return _books.length;
    }

    function bookAt(uint256 i) external view returns (Book memory) {
        return _books[i];
    }

    function opinionOf(uint256 i, address who) external view returns (Opinion memory) {
        return _opinions[_books[i].id][who];
    }

    function person(uint256 i) external pure returns (address) {
        return _person(i);
    }

    function endingOf(uint256 i) external view returns (Ending) {
        return _ending(_books[i]);
    }

    function dueTo(uint256 i, address who) public view returns (uint256 due) {
        Book storage book = _books[i];
        Opinion storage opinion = _opinions[book.id][who];
        Ending ending = _ending(book);
        if (ending == Ending.None || opinion.amount == 0) return 0;
        if (ending == Ending.Void) return opinion.paid ? 0 : opinion.amount;
        if (!opinion.told) return 0;
        uint256 total = _total(book);
        uint256 fee = total * book.terms.feeBps / 10_000;
        uint256 pot = total * book.terms.prizeBps / 10_000;
        if (!opinion.paid) due = _part(book, opinion, total - fee - pot + _untold(book));
        if (ending == Ending.Undrawn && !opinion.shared) due += _part(book, opinion, pot);
    }

    /// @notice Whether a claim of his still settles something, be it nothing.
    function isOpen(uint256 i, address who) public view returns (bool) {
        Opinion storage opinion = _opinions[_books[i].id][who];
        Ending ending = _ending(_books[i]);
        if (ending == Ending.None || opinion.amount == 0) return false;
        return !opinion.paid || (ending == Ending.Undrawn && !opinion.shared);
    }

    /// @notice All that may still be claimed of a market that has ended; before, all that was paid in.
    function dueIn(uint256 i) external view returns (uint256 due) {
        Book storage book = _books[i];
        if (_ending(book) == Ending.None) return book.paidIn;
        due = _feeDue(book);
        for (uint256 k; k < PEOPLE; ++k) {
            due += dueTo(i, _person(k));
        }
        if (_ending(book) != Ending.Scored || book.terms.prizeBps == 0) return due;
        for (uint256 prize; prize < book.terms.prizes; ++prize) {
            if (!prizeTaken[book.id][prize]) due += _prizeOf(book);
        }
    }

    /// @notice Zero while nobody can be told.
    function winnerOf(uint256 i, uint256 prize) public view returns (address) {
        Book storage book = _books[i];
        (Ending ending, uint8 score_, uint64 round,,) = opinions.resultOf(book.id);
        if (ending != Ending.Scored || round == 0 || prize >= book.terms.prizes || !_isProved(round)) {
            return address(0);
        }
        uint256 place =
            uint256(keccak256(abi.encode(beacon.seedOf(round), book.id, prize))) % _weightOfAll(book, score_);
        address[] storage order = _order[book.id];
        for (uint256 band; band < 21; ++band) {
            for (uint256 k; k < order.length; ++k) {
                Opinion storage opinion = _opinions[book.id][order[k]];
                if (opinion.band != band) continue;
                uint256 width = opinion.amount * _weight(book, band, score_);
                if (place < width) return order[k];
                place -= width;
            }
        }
        revert("nobody");
    }

    function contracts() external view returns (address, address) {
        return (address(dollar), address(opinions));
    }

    /* INSIDE */

    function _ending(Book storage book) internal view returns (Ending ending) {
        (ending,,,,) = opinions.resultOf(book.id);
    }

    function _isProved(uint64 round) internal view returns (bool) {
        try beacon.seedOf(round) returns (bytes32) {
            return true;
        } catch {
            return false;
        }
    }

    function _scoreOf(int96 value) internal pure returns (uint256) {
        uint256 whole = uint256(uint96(value)) / 100;
        return uint256(uint96(value)) % 100 >= 50 ? whole + 1 : whole;
    }

    function _total(Book storage book) internal view returns (uint256 total) {
        address[] storage order = _order[book.id];
        for (uint256 k; k < order.length; ++k) {
            total += _opinions[book.id][order[k]].amount;
        }
    }

    function _untold(Book storage book) internal view returns (uint256 untold) {
        for (uint256 k; k < PEOPLE; ++k) {
            Opinion storage opinion = _opinions[book.id][_person(k)];
            if (!opinion.told) untold += opinion.amount;
        }
    }

    function _weightOfAll(Book storage book, uint256 score_) internal view returns (uint256 all) {
        address[] storage order = _order[book.id];
        for (uint256 k; k < order.length; ++k) {
            Opinion storage opinion = _opinions[book.id][order[k]];
            all += opinion.amount * _weight(book, opinion.band, score_);
        }
    }

    function _part(Book storage book, Opinion storage opinion, uint256 pot) internal view returns (uint256) {
        (, uint8 score_,,,) = opinions.resultOf(book.id);
        return pot * opinion.amount * _weight(book, opinion.band, score_) / _weightOfAll(book, score_);
    }

    function _weight(Book storage book, uint256 band, uint256 score_) internal view returns (uint256) {
        uint256 distance = 5 * band > score_ ? 5 * band - score_ : score_ - 5 * band;
        if (book.terms.rule != Rule.Brier) return (100 - distance) ** (2 ** uint256(book.terms.rule));
        address[] storage order = _order[book.id];
        (uint256 total, uint256 squares) = (_total(book), 0);
        for (uint256 k; k < order.length; ++k) {
            Opinion storage one = _opinions[book.id][order[k]];
            uint256 away = 5 * one.band > score_ ? 5 * one.band - score_ : score_ - 5 * one.band;
            squares += one.amount * away ** 2;
        }
        return 10_000 * total + squares - total * distance ** 2;
    }

    function _prizeOf(Book storage book) internal view returns (uint256) {
        return _total(book) * book.terms.prizeBps / 10_000 / book.terms.prizes;
    }

    function _feeDue(Book storage book) internal view returns (uint256) {
        Ending ending = _ending(book);
        if (book.feeTaken || ending == Ending.None || ending == Ending.Void) return 0;
        return _total(book) * book.terms.feeBps / 10_000;
    }
}
