// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Book, BookWords, Positions, PositionWord} from "../../../src/markets/opinions/Book.sol";
import {ResultWord, ResultWords} from "../../../src/markets/opinions/ResultWord.sol";
import {BANDS, BandRule, Rule} from "../../../src/markets/rules/BandRule.sol";
import {Test} from "../../Test.sol";

/// @dev Where words end and units begin: what stakes of ordinary sizes never reach.
contract OpinionsBookTest is Test {
    uint256 private constant FULL = (1 << 50) - 1;

    Book private book;

    /// @dev Three bands share a word: what runs over would be the next band's.
    function test_ABandIsFilledToItsLastUnit() external {
        for (uint256 band; band < BANDS; ++band) {
            vm.assertEq(book.add(band, FULL - 1), 0);
            vm.assertEq(book.add(band, 1), FULL - 1);
        }
        for (uint256 band; band < BANDS; ++band) {
            vm.assertEq(book.add(band, 1), FULL);
            (uint256 staked, uint256 count) = book.bandOf(band);
            vm.assertEq(staked, FULL);
            vm.assertEq(count, 2);
        }
        (, uint256 total, uint256 all) = book.totals();
        vm.assertEq(total, FULL * BANDS);
        vm.assertEq(all, 2 * BANDS);
    }

    function test_OneUnitIsUntoldUntilItIsTold() external {
        book.hidden = 1;
        vm.assertEq(book.untold(), 1);
        book.add(20, 1);
        vm.assertEq(book.untold(), 0);
    }

    /// @dev The first and the last weight of every unit, over bands that are empty, of one unit, and of more.
    function test_EveryWeightIsOfOneUnit() external {
        uint256[4] memory bands = [uint256(0), 4, 12, 20];
        uint256[4] memory amounts = [uint256(3), 1, 2, 1];
        for (uint256 i; i < 4; ++i) {
            book.add(bands[i], amounts[i]);
        }
        for (uint256 kind; kind <= uint256(type(Rule).max); ++kind) {
            (uint256[BANDS] memory staked, uint256 total,) = book.totals();
            uint256 facts = BandRule.factsOf(staked, 60, Rule(kind));
            ResultWord result = ResultWords.scored(Rule(kind), 60, total, facts);
            uint256 place;
            for (uint256 i; i < 4; ++i) {
                uint256 weight = BandRule.weightAt(bands[i], 60, Rule(kind), total, facts);
                for (uint256 unit; unit < amounts[i]; ++unit) {
                    _isAt(place, result, bands[i], unit);
                    place += weight;
                    _isAt(place - 1, result, bands[i], unit);
                }
            }
            vm.assertEq(place, BandRule.sum(Rule(kind), total, facts));
        }
    }

    function test_APositionHoldsItsUnitsAndNoOther() external pure {
        PositionWord word = Positions.position(7, 100, 3);
        vm.assertTrue(!word.holds(7, 99));
        vm.assertTrue(word.holds(7, 100));
        vm.assertTrue(word.holds(7, 102));
        vm.assertTrue(!word.holds(7, 103));
        vm.assertTrue(!word.holds(8, 100));
        vm.assertTrue(!PositionWord.wrap(0).holds(0, 0));
    }

    function testFuzz_WhatIsNotedOfAPaymentLeavesTheRest(uint256 band, uint256 start, uint256 amount) external pure {
        (band, start, amount) = (_bound(band, 0, 31), _bound(start, 0, FULL), _bound(amount, 1, Positions.MAX_AMOUNT));
        PositionWord word = Positions.position(band, start, amount);
        PositionWord both = word.withShared().withPaid();
        vm.assertTrue(!word.isPaid() && !word.isShared() && both.isPaid() && both.isShared());
        vm.assertTrue(word.withPaid().isPaid() && !word.withPaid().isShared());
        vm.assertTrue(word.withShared().isShared() && !word.withShared().isPaid());
        vm.assertEq(both.band(), band);
        vm.assertEq(both.start(), start);
        vm.assertEq(both.amount(), amount);
        vm.assertEq(PositionWord.unwrap(both.withPaid()), PositionWord.unwrap(both.withShared()));
    }

    function _isAt(uint256 place, ResultWord result, uint256 band, uint256 unit) private view {
        (uint256 atBand, uint256 offset) = book.unitAt(place, result);
        vm.assertEq(atBand, band);
        vm.assertEq(offset, unit);
    }
}
