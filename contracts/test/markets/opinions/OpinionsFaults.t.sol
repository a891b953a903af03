// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Door} from "../../../src/markets/opinions/Door.sol";
import {IOpinions, OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {Ending} from "../../../src/markets/opinions/ResultWord.sol";
import {INVALID} from "../../../src/oracle/AnswerWord.sol";
import {OpinionStage} from "./OpinionStage.sol";

/// @dev What was wrong with the markets of this sort before these, by the number it has in the review of them (A3), and the tests
///      that do it once more and gain nothing. Names without a contract are of this one; of tests in TypeScript the title follows
///      its file. scripts/trees.test.ts looks whether each of them exists. The review of peers names the same faults of opinion
///      markets, and one more: a draw whose randomness was a name only (16).
///
///       1 settling writes nothing         OpinionsVectorsTest.test_Payments
///         signatures are ignored          OpinionsStakeTest.test_RevertWhen_AnythingInTheIntentIsChanged
///         nobody knows what is settled    keeper.db.test.ts: a final answer is scored once, and 4 and 16 blocks later where the transaction failed, until it heals
///       2 the list of markets fails       routes.db.test.ts: markets are found by words in any form, by a part of one, and in three orders
///       3 anybody settles                 test_WhoeverScoresTheNumberIsTheOracles
///         by an anonymous call            outsider.db.test.ts: no route that takes something lets an anonymous call settle a market, or write anything at all
///       4 a stake after closing           test_RevertWhen_StakedTheSecondItCloses
///         portfolios read zero            routes.db.test.ts: a wallet sees its opinions with their markets, and what they come to
///         no metrics                      health.test.ts: ready follows the process, metrics are printed
///       5 did not compile                 every test here
///         settings that nobody reads      config.test.ts: reads keys, fills defaults, and takes an empty value for none
///       6 a claim brings its denominator  test_RevertWhen_TheFeeIsAskedForByOtherTerms,
///                                         OpinionsInvariantsTest.invariant_P1toP5_HoldWhereTheLastCallWas
///       7 a refund repeats                test_RevertWhen_RefundedTwice, test_RevertWhen_RefundedTwiceAfterItExpired
///       8 money that nobody can claim     OpinionsInvariantsTest.invariant_P1toP5_HoldWhereTheLastCallWas (there are no reactions here)
///       9 two denominators pay 140 %      OpinionsInvariantsTest.invariant_P1toP5_HoldWhereTheLastCallWas
///         products overflow               test_TheLargestStakesArePaid
///      10 a cut stake multiplies          test_AStakeCutIntoTwentyGainsNothing
///         who settles names the winner    testFuzz_NobodyElseHasThePrize
///      11 a score is written over         test_WhoeverScoresTheNumberIsTheOracles, OpinionsScoreTest.test_RevertWhen_ScoredTwice
///         who claims first has it all     test_TheOrderOfClaimsChangesNothing
///         a market that cannot end        test_AMarketThatNobodyStakedInEnds
///         whoever comes first owns it     OpinionsAnnounceTest.test_RevertWhen_SomebodyElseAnnounces
///      12 the last copies the crowd       OpinionsStakeTest.test_RevertWhen_LargeInTheQuietTime,
///                                         OpinionsStakeTest.test_AHiddenStanceIsToldByAnybody
///         a whale moves the mean          whale.test.ts: moves the score by his share of the way, and no further
///         texts speak to the model        rejection.test.ts: there are forty attempts and more, all different
///         no score becomes 50             score.test.ts: reaches both ends
///         many opinions are cut           flood.test.ts: 2,000 opinions are labelled by two families of models within the caps that nobody set
///      13 who stakes is nobody            opinions.test.ts: two people say what they think, and see what it pays at every score
///      14 alerts that cannot fire         alerts.test.ts: the page is read: there are alerts of two sides, and of labels
///         deploying is an echo            deploy.chain.test.ts: a hub gets every contract at its computed address, once
///      15 tests that cannot fail          OpinionsInvariantsTest.test_TheHandlerReachesAllOfIt,
///                                         trees.test.ts: has the functions that its tree names, and no others
///      16 randomness by name only         DrandBeaconTest.test_EveryPublishedRoundOfEvmnetIsProved,
///                                         OpinionsMoneyTest.test_DrawsFollowTheWeights
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

    /// @dev There the refund that repeated was the one that anybody has after fourteen days.
    function test_RevertWhen_RefundedTwiceAfterItExpired() external {
        _stake(terms, alice, 12, 10e6);
        _stake(terms, bob, 4, 30e6);
        vm.warp(terms.closesAt + 14 days);
        vm.prank(alice);
        opinions.expire(hash, door, terms.question);
        vm.assertEq(opinions.claim(market, alice), 10e6);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NothingToClaim.selector, market, alice));
        opinions.claim(market, alice);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_AlreadyScored.selector, market));
        opinions.expire(hash, door, terms.question);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NothingToClaim.selector, market, alice));
        opinions.claim(market, alice);
        vm.stopPrank();
        vm.assertEq(dollar.balanceOf(address(opinions)), 30e6, "Bob's is there");
        vm.assertEq(opinions.claim(market, bob), 30e6);
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
