// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Door} from "../../../src/markets/opinions/Door.sol";
import {IOpinions, OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {Ending} from "../../../src/markets/opinions/ResultWord.sol";
import {INVALID} from "../../../src/oracle/AnswerWord.sol";
import {OpinionStage} from "./OpinionStage.sol";

/// @dev What went wrong in earlier markets of this sort, done once more here: each attack must gain nothing.
contract OpinionsFaultsTest is OpinionStage {
    OpinionMarket private terms;
    bytes32 private market;
    bytes32 private hash;
    Door private door;

    function setUp() public override {
        super.setUp();
        terms = _terms();
        market = _announce(terms);
        (hash, door) = (opinions.termsHash(terms), opinions.doorOf(terms));
    }

    /// @dev There a refund marked nothing, and was repeated until the escrow was empty.
    function test_RevertWhen_RefundedTwice() external {
        _stake(terms, alice, 12, 10e6);
        _stake(terms, bob, 4, 30e6);
        _resolve(_score(), INVALID);
        opinions.score(terms, "");
        vm.assertEq(opinions.claim(market, alice), 10e6);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NothingToClaim.selector, market, alice));
        opinions.claim(market, alice);
        address[] memory again = new address[](3);
        (again[0], again[1], again[2]) = (alice, alice, bob);
        vm.assertEq(opinions.claimMany(market, again), 30e6);
        vm.assertEq(dollar.balanceOf(address(opinions)), 0);
    }

    /// @dev There a claim brought its own denominators along. The only terms that money is asked for with are those announced.
    function test_RevertWhen_TheFeeIsAskedForByOtherTerms() external {
        _stake(terms, alice, 12, 10e6);
        _scoreAt(terms, 60);
        OpinionMarket memory other = terms;
        (other.creator, other.feeBps) = (stranger, 1_000);
        bytes32 id = opinions.idOf(other);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NoFee.selector, id));
        opinions.collectFee(other);
    }

    /// @dev There the one who settles named the winner of the jackpot. Here nobody but the unit's owner is paid, whoever calls.
    function testFuzz_NobodyElseHasThePrize(uint256 seed, address thief) external {
        _stake(terms, alice, 12, 10e6);
        _stake(terms, bob, 12, 30e6);
        _scoreAt(terms, 60);
        _prove(market, abi.encode(seed));
        (, uint256 offset) = opinions.drawOf(market, 0);
        (address winner, address loser) = offset < 10e6 ? (alice, bob) : (bob, alice);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotTheWinner.selector, market, 0, loser));
        opinions.claimPrize(market, 0, loser);
        if (thief != winner) {
            vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotTheWinner.selector, market, 0, thief));
            vm.prank(thief);
            opinions.claimPrize(market, 0, thief);
        }
        vm.assertEq(opinions.claimPrize(market, 0, winner), uint256(2e6) / 3);
    }

    /// @dev There the weight of a prediction ignored its stake: twenty accounts had 95 % of what one had half of.
    function test_AStakeCutIntoTwentyGainsNothing() external {
        _stake(terms, alice, 12, 10e6);
        for (uint256 i; i < 20; ++i) {
            _stake(terms, _person(i), 12, 500_000);
        }
        _stake(terms, bob, 2, 30e6);
        _scoreAt(terms, 60);
        uint256 whole = opinions.claim(market, alice);
        uint256 parts;
        for (uint256 i; i < 20; ++i) {
            parts += opinions.claim(market, _person(i));
        }
        vm.assertLe(parts, whole);
        vm.assertGe(parts + 20, whole, "nor does it lose more than what rounding takes");
    }

    /// @dev There who claimed first had it all: here what one is paid does not depend on who came before.
    function test_TheOrderOfClaimsChangesNothing() external {
        address[3] memory people = [alice, bob, stranger];
        _stake(terms, alice, 12, 10e6);
        _stake(terms, bob, 4, 30e6);
        _stake(terms, stranger, 11, 60e6);
        _scoreAt(terms, 60);
        uint256[3] memory forwards;
        uint256 before = vm.snapshotState();
        for (uint256 i; i < 3; ++i) {
            forwards[i] = opinions.claim(market, people[i]);
        }
        vm.revertToState(before);
        opinions.collectFee(terms);
        for (uint256 i = 3; i > 0; --i) {
            vm.assertEq(opinions.claim(market, people[i - 1]), forwards[i - 1]);
        }
    }

    /// @dev There a product of 64 bits overflowed, and a market could never pay. Here the largest that one may stake is paid.
    function test_TheLargestStakesArePaid() external {
        opinions = _newOpinions(address(0));
        terms.mostStake = 1_000_000e6;
        (hash, door) = (opinions.termsHash(terms), opinions.doorOf(terms));
        market = _announceOn(terms, _score());
        _stake(terms, alice, 12, 1_000_000e6);
        _stake(terms, bob, 0, 1_000_000e6);
        _scoreAt(terms, 62);
        uint256 all = uint256(98) ** 4 + uint256(38) ** 4;
        vm.assertEq(opinions.claim(market, alice), 1_860_000e6 * uint256(98) ** 4 / all);
        vm.assertEq(opinions.claim(market, bob), 1_860_000e6 * uint256(38) ** 4 / all);
    }

    /// @dev There a market without stakes could never leave its state.
    function test_AMarketThatNobodyStakedInEnds() external {
        _scoreAt(terms, 60);
        (Ending ending,,,,) = opinions.resultOf(market);
        vm.assertTrue(ending == Ending.Void);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NoFee.selector, market));
        opinions.collectFee(terms);
    }

    /// @dev There a stake a second after closing was taken.
    function test_RevertWhen_StakedTheSecondItCloses() external {
        _fund(alice, address(opinions), 1e6);
        vm.warp(terms.closesAt);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_Closed.selector, market, terms.closesAt));
        vm.prank(alice);
        opinions.stake(hash, door, 12, 1e6, TEXT);
        vm.warp(terms.closesAt - 1);
        vm.prank(alice);
        opinions.stake(hash, door, 12, 1e6, TEXT);
    }

    /// @dev There anybody settled, with any number: here whoever calls, the number is the oracle's, once.
    function test_WhoeverScoresTheNumberIsTheOracles() external {
        _stake(terms, alice, 12, 10e6);
        _stake(terms, bob, 4, 30e6);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotFinal.selector, market));
        vm.prank(bob);
        opinions.score(terms, abi.encode(20));
        _resolve(_score(), 6_000);
        vm.prank(bob);
        opinions.score(terms, abi.encode(20));
        (, uint8 score,,,) = opinions.resultOf(market);
        vm.assertEq(score, 60);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_AlreadyScored.selector, market));
        opinions.score(terms, abi.encode(20));
    }
}
