// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Door} from "../../../src/markets/opinions/Door.sol";
import {IOpinions, OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {INVALID} from "../../../src/oracle/AnswerWord.sol";
import {IRandomness} from "../../../src/randomness/IRandomness.sol";
import {OpinionStage} from "./OpinionStage.sol";

contract OpinionsMoneyTest is OpinionStage {
    OpinionMarket private terms;
    bytes32 private market;
    bytes32 private hash;
    Door private door;

    function setUp() public override {
        super.setUp();
        _open(_terms());
    }

    /* CLAIMS */

    function test_ClaimPaysByCloseness() external {
        _three();
        _scoreAt(terms, 60);
        // 100 staked; fee 2, prizes 5, net 93. Nearness 100, 60 and 40, to the fourth.
        uint256 all = 10 * uint256(100) ** 4 + 30 * uint256(60) ** 4 + 60 * uint256(40) ** 4;
        vm.assertEq(opinions.claim(market, alice), 93e6 * 10 * uint256(100) ** 4 / all);
        vm.assertEq(opinions.claim(market, bob), 93e6 * 30 * uint256(60) ** 4 / all);
        vm.assertEq(opinions.claim(market, stranger), 93e6 * 60 * uint256(40) ** 4 / all);
        vm.assertLt(dollar.balanceOf(address(opinions)), 7e6 + 3);
    }

    function test_AnybodyClaimsForTheOwner() external {
        _three();
        _scoreAt(terms, 60);
        uint256 before = dollar.balanceOf(alice);
        vm.prank(stranger);
        uint256 paid = opinions.claim(market, alice);
        vm.assertEq(dollar.balanceOf(alice) - before, paid);
    }

    function test_RevertWhen_ClaimedTwiceOrByWhoHasNothing() external {
        _three();
        _scoreAt(terms, 60);
        opinions.claim(market, alice);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NothingToClaim.selector, market, alice));
        opinions.claim(market, alice);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NothingToClaim.selector, market, treasury));
        opinions.claim(market, treasury);
    }

    function test_ClaimManyPassesOverWhoHasNothing() external {
        _three();
        _scoreAt(terms, 60);
        opinions.claim(market, bob);
        address[] memory owners = new address[](4);
        (owners[0], owners[1], owners[2], owners[3]) = (alice, bob, treasury, stranger);
        uint256 before = dollar.balanceOf(alice) + dollar.balanceOf(stranger);
        uint256 paid = opinions.claimMany(market, owners);
        vm.assertEq(dollar.balanceOf(alice) + dollar.balanceOf(stranger) - before, paid);
        vm.assertEq(opinions.claimMany(market, owners), 0);
    }

    /* STANCES THAT NOBODY TOLD */

    /// @dev Else hiding would be an option, and who sees where the crowd stands would not tell what is wrong.
    function test_WhoIsNotToldLosesHisStakeToTheOthers() external {
        _hidden();
        _hide(alice, 12, 10e6);
        _hide(stranger, 4, 30e6);
        _hide(bob, 3, 5e6);
        _tellAliceAndStranger();
        vm.assertEq(opinions.untoldOf(market), 5e6);
        _scoreAt(terms, 60);
        vm.assertEq(opinions.untoldOf(market), 5e6);
        uint256 before = dollar.balanceOf(treasury);
        vm.assertEq(opinions.claim(market, bob), 0);
        (,,, bool paid) = opinions.positionOf(market, bob);
        vm.assertTrue(paid, "it is over");
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NothingToClaim.selector, market, bob));
        opinions.claim(market, bob);
        // 40 with a stance: fee 0.8, prizes 2, and 5 that nobody told.
        uint256 net = 40e6 - 800_000 - 2e6 + 5e6;
        uint256 all = 10 * uint256(100) ** 4 + 30 * uint256(60) ** 4;
        vm.assertEq(opinions.claim(market, alice), net * 10 * uint256(100) ** 4 / all);
        vm.assertEq(opinions.claim(market, stranger), net * 30 * uint256(60) ** 4 / all);
        vm.assertEq(opinions.collectFee(terms), 800_000);
        vm.assertEq(dollar.balanceOf(treasury), before);
    }

    /// @dev Prizes are of the stakes with a stance and drawn among them; who was not told has none.
    function test_PrizesAreOfTheStakesThatWereTold() external {
        _hidden();
        _hide(alice, 12, 10e6);
        _hide(stranger, 4, 30e6);
        _hide(bob, 3, 500e6);
        _tellAliceAndStranger();
        _scoreAt(terms, 60);
        opinions.claim(market, alice);
        opinions.claim(market, stranger);
        opinions.claim(market, bob);
        opinions.collectFee(terms);
        _prove(market, "seed");
        for (uint256 prize; prize < 3; ++prize) {
            vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotTheWinner.selector, market, prize, bob));
            opinions.claimPrize(market, prize, bob);
            (uint8 band,) = opinions.drawOf(market, prize);
            vm.assertEq(opinions.claimPrize(market, prize, band == 12 ? alice : stranger), uint256(2e6) / 3);
        }
        vm.assertLe(dollar.balanceOf(address(opinions)), 5, "but for dust all of it left");
    }

    function test_PrizesThatAreNeverDrawnAreSharedAmongWhoWasTold() external {
        _hidden();
        _hide(alice, 12, 10e6);
        _hide(stranger, 4, 30e6);
        _hide(bob, 3, 5e6);
        _tellAliceAndStranger();
        _scoreAt(terms, 60);
        vm.warp(terms.closesAt + 28 days);
        opinions.forgo(hash, door);
        vm.assertEq(opinions.claim(market, bob), 0);
        uint256 both = opinions.claim(market, alice) + opinions.claim(market, stranger) + opinions.collectFee(terms);
        vm.assertGe(both, 45e6 - 4);
    }

    function test_WhoIsNotToldIsRefundedWhenVoid() external {
        _hidden();
        _hide(alice, 12, 10e6);
        _hide(bob, 3, 5e6);
        vm.warp(terms.closesAt);
        opinions.reveal(hash, door, alice, 12, "salt");
        _resolve(_score(), INVALID);
        opinions.score(terms, "");
        vm.assertEq(opinions.claim(market, bob), 5e6);
        vm.assertEq(opinions.claim(market, alice), 10e6);
        vm.assertEq(dollar.balanceOf(address(opinions)), 0);
    }

    function test_WhereNobodyIsToldAllAreRefunded() external {
        _hidden();
        _hide(bob, 3, 5e6);
        _scoreAt(terms, 60);
        vm.assertEq(opinions.claim(market, bob), 5e6);
    }

    /// @dev A stake at 100 from the score weighs nothing; its position is over all the same.
    function test_WhoEarnedNothingIsPaidNothingOnce() external {
        _three();
        _scoreAt(terms, 100);
        address[] memory owners = new address[](1);
        owners[0] = stranger;
        vm.assertEq(opinions.claimMany(market, owners), 0);
        (,,, bool paid) = opinions.positionOf(market, stranger);
        vm.assertTrue(paid);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NothingToClaim.selector, market, stranger));
        opinions.claim(market, stranger);
    }

    /* FEES */

    function test_TheFeeIsTheCreatorsOnce() external {
        _three();
        _scoreAt(terms, 60);
        uint256 before = dollar.balanceOf(bob);
        vm.prank(stranger);
        vm.assertEq(opinions.collectFee(terms), 2e6);
        vm.assertEq(dollar.balanceOf(bob) - before, 2e6);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NoFee.selector, market));
        opinions.collectFee(terms);
    }

    /* PRIZES */

    function test_APrizeIsItsWinnersOnce() external {
        _three();
        _scoreAt(terms, 60);
        _prove(market, "seed");
        for (uint256 prize; prize < 3; ++prize) {
            address winner = _winner(prize);
            address loser = winner == alice ? bob : alice;
            vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotTheWinner.selector, market, prize, loser));
            opinions.claimPrize(market, prize, loser);
            uint256 before = dollar.balanceOf(winner);
            vm.prank(stranger);
            vm.assertEq(opinions.claimPrize(market, prize, winner), uint256(5e6) / 3);
            vm.assertEq(dollar.balanceOf(winner) - before, uint256(5e6) / 3);
            vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NoPrize.selector, market, prize));
            opinions.claimPrize(market, prize, winner);
        }
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NoPrize.selector, market, 3));
        opinions.claimPrize(market, 3, alice);
    }

    /// @dev Drawn with probability by weight: over many seeds each has his part, within five standard deviations.
    function test_DrawsFollowTheWeights() external {
        _three();
        _scoreAt(terms, 60);
        (,, uint64 round,,) = opinions.resultOf(market);
        vm.warp(beacon.timeOf(round));
        uint256 all = 10 * uint256(100) ** 4 + 30 * uint256(60) ** 4 + 60 * uint256(40) ** 4;
        uint256 drawn;
        for (uint256 i; i < 1_000; ++i) {
            beacon.prove(round, abi.encode(i));
            if (_winner(0) == alice) ++drawn;
        }
        uint256 wanted = 1_000 * 10 * uint256(100) ** 4 / all; // 652
        vm.assertLe(drawn > wanted ? drawn - wanted : wanted - drawn, 75);
    }

    function test_PrizesThatNobodyClaimsAreSwept() external {
        _three();
        _scoreAt(terms, 60);
        (,, uint64 round,,) = opinions.resultOf(market);
        vm.warp(uint256(beacon.timeOf(round)) + 180 days);
        // Without a seed nobody could have claimed.
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_NotProved.selector, round));
        opinions.sweepPrize(market, 0);
        _prove(market, "seed");
        uint256 before = dollar.balanceOf(treasury);
        opinions.sweepPrize(market, 0);
        vm.assertEq(dollar.balanceOf(treasury) - before, uint256(5e6) / 3);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NoPrize.selector, market, 0));
        opinions.sweepPrize(market, 0);
        address winner = _winner(1);
        opinions.claimPrize(market, 1, winner);
    }

    function test_RevertWhen_SweptTooEarly() external {
        _three();
        _scoreAt(terms, 60);
        _prove(market, "seed");
        (,, uint64 round,,) = opinions.resultOf(market);
        uint256 from = uint256(beacon.timeOf(round)) + 180 days;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotYet.selector, market, from));
        opinions.sweepPrize(market, 0);
    }

    /// @dev A market may have its score, or its round, months after it closed: winners have their time all the same.
    function test_WinnersOfALateRoundHaveTheirTime() external {
        _three();
        _scoreAt(terms, 60);
        vm.warp(terms.closesAt + 170 days);
        opinions.rearm(market);
        _prove(market, "seed");
        vm.warp(terms.closesAt + 181 days);
        vm.expectPartialRevert(IOpinions.Opinions_NotYet.selector);
        opinions.sweepPrize(market, 0);
        opinions.claimPrize(market, 0, _winner(0));
    }

    /// @dev Whoever was paid before has his part of the prizes too: order matters to nobody.
    function test_PrizesThatAreNeverDrawnAreShared() external {
        _three();
        _scoreAt(terms, 60);
        uint256 early = opinions.claim(market, alice);
        vm.warp(terms.closesAt + 28 days - 1);
        vm.expectPartialRevert(IOpinions.Opinions_NotYet.selector);
        opinions.forgo(hash, door);
        vm.warp(terms.closesAt + 28 days);
        opinions.forgo(hash, door);

        uint256 all = 10 * uint256(100) ** 4 + 30 * uint256(60) ** 4 + 60 * uint256(40) ** 4;
        uint256 rest = opinions.claim(market, alice);
        vm.assertEq(early, 93e6 * 10 * uint256(100) ** 4 / all);
        vm.assertEq(rest, 5e6 * 10 * uint256(100) ** 4 / all);
        uint256 both = 93e6 * 30 * uint256(60) ** 4 / all + 5e6 * 30 * uint256(60) ** 4 / all;
        vm.assertEq(opinions.claim(market, bob), both);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NothingToClaim.selector, market, alice));
        opinions.claim(market, alice);
        vm.expectPartialRevert(IOpinions.Opinions_NotScored.selector);
        opinions.claimPrize(market, 0, alice);
        vm.assertEq(opinions.collectFee(terms), 2e6);
    }

    /* HELP */

    function _open(OpinionMarket memory terms_) private {
        market = _announce(terms_);
        terms = terms_;
        (hash, door) = (opinions.termsHash(terms_), opinions.doorOf(terms_));
    }

    /// @dev 10 at 60, 30 at 20, 60 at 0.
    function _three() private {
        _stake(terms, alice, 12, 10e6);
        _stake(terms, bob, 4, 30e6);
        _stake(terms, stranger, 0, 60e6);
    }

    function _hidden() private {
        OpinionMarket memory hidden = _terms();
        hidden.revealSeconds = 2 hours;
        opinions = _newOpinions(address(0));
        terms = hidden;
        market = _announceOn(hidden, _score());
        (hash, door) = (opinions.termsHash(hidden), opinions.doorOf(hidden));
    }

    function _hide(address who, uint8 band, uint48 amount) private {
        _fund(who, address(opinions), amount);
        bytes32 commitment = keccak256(abi.encode(market, who, band, bytes32("salt")));
        vm.prank(who);
        opinions.stakeHidden(hash, door, amount, TEXT, commitment, "");
    }

    function _tellAliceAndStranger() private {
        vm.warp(terms.closesAt);
        opinions.reveal(hash, door, alice, 12, "salt");
        opinions.reveal(hash, door, stranger, 4, "salt");
    }

    function _winner(uint256 prize) private view returns (address) {
        (uint8 band,) = opinions.drawOf(market, prize);
        return band == 12 ? alice : band == 4 ? bob : stranger;
    }
}
