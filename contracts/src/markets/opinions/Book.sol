// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BandRule, BANDS, Rule} from "../rules/BandRule.sol";
import {ResultWord} from "./ResultWord.sol";

/// @dev All that is stored of an opinion market. Three bands to a word, so that scoring reads seven words however many staked.
///
///   words[i]: bands 3i, 3i + 1, 3i + 2, 82 bits each
///     0..49     staked on the band, smallest units of collateral
///     50..81    stakes on it
struct Book {
    uint256[7] words;
    ResultWord result; // zero until it is announced, a mark alone until it is scored
    mapping(address owner => PositionWord) positions;
    mapping(address owner => bytes32) commitments; // of stances that are hidden
    uint256 hidden; // staked with stances that were hidden, told since or not
}

/// @dev One opinion. From the low bits up:
///
///   0..4      band; 31 while it is hidden
///   5..54     where its units begin among those of its band: a draw that falls on one of them is his
///   55..99    units
///   100       paid
///   101       had his part of prizes that were never drawn
type PositionWord is uint256;

using BookWords for Book global;
using Positions for PositionWord global;

library BookWords {
    uint256 private constant PER_WORD = 3;
    uint256 private constant BITS = 82;
    uint256 private constant COUNT = 50;
    /// @dev Of what is staked with hidden stances too: so no band is ever full for a stance that is told.
    uint256 internal constant MAX_BAND = (1 << COUNT) - 1;

    /// @notice Adds a stake to its band.
    /// @return start where its units begin; above MAX_BAND - amount the band is full and nothing was added
    function add(Book storage book, uint256 band, uint256 amount) internal returns (uint256 start) {
        unchecked {
            uint256 word = book.words[band / PER_WORD];
            uint256 shift = band % PER_WORD * BITS;
            start = word >> shift & MAX_BAND;
            // A stake is 1 unit at least and below 2^45: counts run full after the units did.
            if (start + amount <= MAX_BAND) book.words[band / PER_WORD] = word + ((1 << COUNT | amount) << shift);
        }
    }

    /// @notice Staked on one band, and how many did.
    function bandOf(Book storage book, uint256 band) internal view returns (uint256 staked, uint256 count) {
        uint256 word = book.words[band / PER_WORD] >> band % PER_WORD * BITS;
        return (word & MAX_BAND, uint32(word >> COUNT));
    }

    /// @notice Staked with stances that nobody told so far.
    function untold(Book storage book) internal view returns (uint256) {
        if (book.hidden == 0) return 0;
        // In a market that hides stances every stake was hidden.
        (, uint256 total,) = book.totals();
        return book.hidden - total;
    }

    /// @notice Staked on each band and on all, and how many did.
    function totals(Book storage book)
        internal
        view
        returns (uint256[BANDS] memory staked, uint256 total, uint256 count)
    {
        unchecked {
            for (uint256 i; i < book.words.length; ++i) {
                uint256 word = book.words[i];
                for (uint256 j; word != 0; ++j) {
                    uint256 amount = word & MAX_BAND;
                    staked[i * PER_WORD + j] = amount;
                    total += amount;
                    count += uint32(word >> COUNT);
                    word >>= BITS;
                }
            }
        }
    }

    /// @notice The unit that weight number `place` of the market belongs to: all weights lie one after the other, by bands.
    /// @param place below the sum of all weights, so it lies in one of the bands
    function unitAt(Book storage book, uint256 place, ResultWord result)
        internal
        view
        returns (uint256 band, uint256 offset)
    {
        (uint256 score, Rule rule) = (result.score(), result.rule());
        (uint256 total, uint256 facts) = (result.total(), result.facts());
        unchecked {
            for (uint256 i;; ++i) {
                uint256 word = book.words[i];
                for (band = i * PER_WORD; word != 0; ++band) {
                    uint256 staked = word & MAX_BAND;
                    if (staked != 0) {
                        uint256 weight = BandRule.weightAt(band, score, rule, total, facts);
                        if (place < staked * weight) return (band, place / weight);
                        place -= staked * weight;
                    }
                    word >>= BITS;
                }
            }
        }
    }
}

library Positions {
    uint256 internal constant HIDDEN = 31;
    uint256 private constant START = 5;
    uint256 private constant AMOUNT = 55;
    uint256 private constant PAID = 1 << 100;
    uint256 private constant SHARED = 1 << 101;
    uint256 internal constant MAX_AMOUNT = (1 << 45) - 1;

    function position(uint256 band_, uint256 start_, uint256 amount_) internal pure returns (PositionWord) {
        return PositionWord.wrap(amount_ << AMOUNT | start_ << START | band_);
    }

    function exists(PositionWord word) internal pure returns (bool) {
        return PositionWord.unwrap(word) != 0;
    }

    function band(PositionWord word) internal pure returns (uint256) {
        return PositionWord.unwrap(word) & 31;
    }

    function isHidden(PositionWord word) internal pure returns (bool) {
        return word.band() == HIDDEN;
    }

    function start(PositionWord word) internal pure returns (uint256) {
        return PositionWord.unwrap(word) >> START & BookWords.MAX_BAND;
    }

    function amount(PositionWord word) internal pure returns (uint256) {
        return PositionWord.unwrap(word) >> AMOUNT & MAX_AMOUNT;
    }

    /// @dev Whether the unit at `offset` of the band `band_` is his.
    function holds(PositionWord word, uint256 band_, uint256 offset) internal pure returns (bool) {
        return word.exists() && word.band() == band_ && offset >= word.start() && offset - word.start() < word.amount();
    }

    function isPaid(PositionWord word) internal pure returns (bool) {
        return PositionWord.unwrap(word) & PAID != 0;
    }

    function withPaid(PositionWord word) internal pure returns (PositionWord) {
        return PositionWord.wrap(PositionWord.unwrap(word) | PAID);
    }

    function isShared(PositionWord word) internal pure returns (bool) {
        return PositionWord.unwrap(word) & SHARED != 0;
    }

    function withShared(PositionWord word) internal pure returns (PositionWord) {
        return PositionWord.wrap(PositionWord.unwrap(word) | SHARED);
    }
}
