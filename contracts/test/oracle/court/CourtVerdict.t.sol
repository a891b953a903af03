// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICourt, Jury, JurorFault} from "../../../src/oracle/court/ICourt.sol";
import {IRandomness} from "../../../src/randomness/IRandomness.sol";
import {SomeSlasher} from "./CourtNeighbours.sol";
import {Ballot, CourtStage} from "./CourtStage.sol";

contract CourtVerdictTest is CourtStage {
    Jury private _jury;
    bytes32 private _id;

    function setUp() public override {
        super.setUp();
        _pool(200, 1_000e6, 7e6);
        // Nine jurors with one seat each, so that the counts below are votes.
        _jury = _open(9);
        _proveApart(_jury);
        _id = court.idOf(_jury);
        _toCommit(_jury);
    }

    /* VERDICT OF */

    function test_RevertWhen_JuryIsUnknown() external {
        Jury memory other = _jury;
        other.size = 31;
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_UnknownJury.selector, court.idOf(other)));
        court.verdictOf(other);
    }

    function test_FiveOfNineIsUndecided() external {
        Ballot[] memory ballots = _split(5, 4, 0);
        ballots[8].choice = 0;
        _voteLate(ballots, 8);
        _verdict(false, 0, 5);
        ballots[8].choice = 2;
        _reveal(_jury, ballots);
        _verdict(true, 0, 5);
    }

    function test_SixOfNineEndsEarly() external {
        Ballot[] memory ballots = _split(0, 9, 0);
        for (uint256 i = 6; i < 9; ++i) {
            ballots[i].choice = 0;
        }
        court.postCommits(_jury, _batch(_id, ballots));
        _toReveal(_jury);
        _reveal(_jury, ballots);
        _verdict(true, 2, 6);
        vm.expectPartialRevert(ICourt.Court_NotEnded.selector);
        court.close(_jury);
    }

    function test_NoShowEndsUndecided() external {
        _toReveal(_jury);
        vm.warp(block.timestamp + REVEAL - 1);
        _verdict(false, 0, 0);
        vm.warp(block.timestamp + 1);
        _verdict(true, 0, 0);
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 128
    /// forge-config: long.fuzz.runs = 5000
    function testFuzz_VerdictNeedsItsSupermajority(uint256 one, uint256 two, uint256 three) external {
        one = _bound(one, 0, 9);
        two = _bound(two, 0, 9 - one);
        three = _bound(three, 0, 9 - one - two);
        _cast(one, two, three);
        _toEnd(_jury);
        uint256 most = one > two ? one : two;
        if (three > most) most = three;
        uint8 choice;
        if (one >= 6) choice = 1;
        if (two >= 6) choice = 2;
        if (three >= 6) choice = 3;
        _verdict(true, choice, most);
    }

    /* CLOSE */

    function test_RevertWhen_ClosedBeforeTheEnd() external {
        (,, uint40 endsAt) = court.windowsOf(_jury);
        vm.warp(endsAt - 1);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_NotEnded.selector, _id, endsAt - 1, endsAt));
        court.close(_jury);
    }

    function test_RevertWhen_ClosedTwice() external {
        _cast(9, 0, 0);
        court.close(_jury);
        vm.assertTrue(court.isClosed(_id));
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_AlreadyClosed.selector, _id));
        court.close(_jury);
    }

    function test_PaysBySeatsAndGivesTheRestBack() external {
        vm.warp(block.timestamp + 1);
        // Seven with all the weight there is: five have one seat, two have two, or so; 100 units do not divide by nine.
        Jury memory terms = _open(9, 0, 100);
        _prove(terms, "other");
        _toCommit(terms);
        _vote(terms, _ballots(terms, 3));
        uint96 before = ledger.creditOf(ladder);
        vm.expectEmit(address(court));
        emit ICourt.JuryClosed(court.idOf(terms), 3, 9, 11, 1);
        court.close(terms);
        vm.assertEq(ledger.creditOf(ladder), before + 1);
        uint8[] memory seats = court.seatsOf(terms);
        for (uint256 juror; juror < 200; ++juror) {
            vm.assertEq(ledger.creditOf(_owner(juror)), 11 * _held(seats, juror));
        }
        vm.assertEq(slasher.blames().length, 0);
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 128
    /// forge-config: long.fuzz.runs = 5000
    function testFuzz_FeeInIsFeesOutAndBlameFollowsTheVotes(uint256 one, uint256 two, uint256 three) external {
        one = _bound(one, 0, 9);
        two = _bound(two, 0, 9 - one);
        three = _bound(three, 0, 9 - one - two);
        uint96 before = ledger.creditOf(ladder);
        Ballot[] memory ballots = _cast(one, two, three);
        _toEnd(_jury);
        court.close(_jury);

        (, uint8 choice,,) = court.verdictOf(_jury);
        uint96 paid;
        uint256 blamed;
        for (uint256 i; i < 9; ++i) {
            uint8 juror = ballots[i].juror;
            bool coherent = choice != 0 && ballots[i].choice == choice;
            vm.assertEq(ledger.creditOf(_owner(juror)), coherent ? FEE / 9 : 0);
            paid += ledger.creditOf(_owner(juror));
            bool missing = ballots[i].choice == 0;
            bool incoherent = choice != 0 && !missing && !coherent;
            vm.assertEq(_blamed(juror, JurorFault.Missing), missing ? 1 : 0);
            vm.assertEq(_blamed(juror, JurorFault.Incoherent), incoherent ? 1 : 0);
            if (missing || incoherent) ++blamed;
        }
        vm.assertEq(slasher.blames().length, blamed);
        vm.assertEq(ledger.creditOf(address(court)), 0);
        vm.assertEq(ledger.creditOf(ladder), before + FEE - paid);
    }

    function test_UndecidedGivesAllBack() external {
        uint96 before = ledger.creditOf(ladder);
        _cast(5, 3, 0);
        _toEnd(_jury);
        court.close(_jury);
        vm.assertEq(ledger.creditOf(ladder), before + FEE);
        SomeSlasher.Blame[] memory blames = slasher.blames();
        vm.assertEq(blames.length, 1);
        vm.assertTrue(blames[0].kind == JurorFault.Missing);
        vm.assertEq(blames[0].challenger, address(0));
    }

    function test_NoShowIsBlamed() external {
        Ballot[] memory ballots = _ballots(_jury, 1);
        _toReveal(_jury);
        _toEnd(_jury);
        court.close(_jury);
        vm.assertEq(slasher.blames().length, 9);
        for (uint256 i; i < 9; ++i) {
            vm.assertEq(slasher.blames()[i].fault, _faultId(_id, ballots[i].juror, JurorFault.Missing));
        }
    }

    function test_WithoutASeedItWaits() external {
        uint96 before = ledger.creditOf(ladder);
        vm.warp(block.timestamp + 1);
        Jury memory late = _open(9);
        (,, uint40 endsAt) = court.windowsOf(late);
        vm.warp(endsAt + REVEAL - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICourt.Court_NotEnded.selector, court.idOf(late), endsAt + REVEAL - 1, endsAt + REVEAL
            )
        );
        court.close(late);
        vm.warp(endsAt + REVEAL);
        court.close(late);
        vm.assertEq(ledger.creditOf(ladder), before);
        vm.assertEq(slasher.blames().length, 0);
        (bool ended, uint8 choice,,) = court.verdictOf(late);
        vm.assertTrue(ended && choice == 0);
    }

    function test_RevertWhen_RandomnessFails() external {
        _toReveal(_jury);
        _toEnd(_jury);
        vm.mockCallRevert(
            address(randomness),
            abi.encodeCall(IRandomness.seedOf, (_jury.beaconRound)),
            abi.encodeWithSelector(IRandomness.Randomness_BadRound.selector, _jury.beaconRound)
        );
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_BadRound.selector, _jury.beaconRound));
        court.close(_jury);
    }

    function test_WithoutAFee() external {
        vm.warp(block.timestamp + 1);
        Jury memory terms = _open(9, 0, 0);
        _prove(terms, "other");
        (,, uint40 endsAt) = court.windowsOf(terms);
        vm.warp(endsAt);
        court.close(terms);
        vm.assertGe(slasher.blames().length, 5);
    }

    /* REWARD */

    function test_RevertWhen_RewardedBeforeTheEnd() external {
        _cast(6, 0, 0);
        vm.expectPartialRevert(ICourt.Court_NotEnded.selector);
        court.reward(_jury, 900);
    }

    function test_UndecidedIsNotRewarded() external {
        _cast(5, 4, 0);
        vm.assertEq(uint256(court.reward(_jury, 900)), 0);
    }

    function test_RevertWhen_RewardIsNotThere() external {
        _cast(9, 0, 0);
        vm.prank(stranger);
        vm.expectRevert();
        court.reward(_jury, 900);
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 128
    /// forge-config: long.fuzz.runs = 5000
    function testFuzz_RewardTakesWhatItPays(uint256 votesFor, uint96 most, bool closed) external {
        votesFor = _bound(votesFor, 6, 9);
        most = uint96(_bound(most, 0, 1e15));
        Ballot[] memory ballots = _cast(0, votesFor, 0);
        _toEnd(_jury);
        uint96 base;
        if (closed) {
            court.close(_jury);
            base = FEE / 9;
        }
        ledger.give(stranger, most);
        uint96 held = ledger.creditOf(address(court));
        vm.prank(stranger);
        uint96 paid = court.reward(_jury, most);
        vm.assertEq(paid, most / 9 * votesFor);
        vm.assertEq(ledger.creditOf(stranger), most - paid);
        vm.assertEq(ledger.creditOf(address(court)), held);
        for (uint256 i; i < 9; ++i) {
            uint96 wanted = ballots[i].choice == 2 ? base + most / 9 : 0;
            vm.assertEq(ledger.creditOf(_owner(ballots[i].juror)), wanted);
        }
    }

    /* HELP */

    /// @dev The first `one` vote 1, the next 2, then 3; the rest stay away. Ends in the reveal window.
    function _cast(uint256 one, uint256 two, uint256 three) private returns (Ballot[] memory ballots) {
        ballots = _split(one, two, three);
        _voteLate(ballots, 9);
    }

    function _voteLate(Ballot[] memory ballots, uint256 late) private {
        uint8 choice = late < 9 ? ballots[late].choice : 0;
        if (late < 9) ballots[late].choice = 2;
        court.postCommits(_jury, _batch(_id, ballots));
        if (late >= 9) {
            _toReveal(_jury);
            _reveal(_jury, ballots);
            return;
        }
        _toReveal(_jury);
        // He opens later: for now his commitment to 2 stands in his place.
        bytes memory openings;
        for (uint256 i; i < ballots.length; ++i) {
            openings = bytes.concat(
                openings,
                i == late ? abi.encodePacked(uint8(0), _commitment(_id, ballots[i])) : _opening(_id, ballots[i])
            );
        }
        court.reveal(_jury, openings);
        ballots[late].choice = choice;
    }

    function _split(uint256 one, uint256 two, uint256 three) private view returns (Ballot[] memory ballots) {
        ballots = _ballots(_jury, 0);
        for (uint256 i; i < one + two + three; ++i) {
            ballots[i].choice = i < one ? 1 : i < one + two ? 2 : 3;
        }
    }

    function _verdict(bool ended, uint8 choice, uint256 votesFor) private view {
        (bool ended_, uint8 choice_, uint256 votesFor_, uint256 drawn) = court.verdictOf(_jury);
        vm.assertTrue(ended_ == ended, "ended");
        vm.assertEq(uint256(choice_), choice);
        vm.assertEq(votesFor_, votesFor);
        vm.assertEq(drawn, 9);
    }
}
