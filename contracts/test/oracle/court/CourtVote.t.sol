// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICourt, Jury} from "../../../src/oracle/court/ICourt.sol";
import {IRandomness} from "../../../src/randomness/IRandomness.sol";
import {Ballot, CourtStage} from "./CourtStage.sol";

contract CourtVoteTest is CourtStage {
    Jury private _jury;
    bytes32 private _id;

    function setUp() public override {
        super.setUp();
        _pool(20, 1_000e6, 50e6);
        _jury = _drawn(9);
        _id = court.idOf(_jury);
    }

    /* POST COMMITS */

    function test_RevertWhen_PostedOutsideTheWindow() external {
        (uint40 commitAt, uint40 revealAt,) = court.windowsOf(_jury);
        vm.warp(commitAt - 1);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_WrongTime.selector, _id, commitAt - 1, commitAt, revealAt));
        court.postCommits(_jury, "batch");
        vm.warp(commitAt);
        court.postCommits(_jury, "batch");
        vm.warp(revealAt - 1);
        court.postCommits(_jury, "batch");
        vm.warp(revealAt);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_WrongTime.selector, _id, revealAt, commitAt, revealAt));
        court.postCommits(_jury, "batch");
    }

    function test_RevertWhen_PostedForAnUnknownJury() external {
        Jury memory other = _jury;
        other.fee = 0;
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_UnknownJury.selector, court.idOf(other)));
        court.postCommits(other, "batch");
    }

    function test_AnybodyPostsAnyNumber() external {
        for (uint256 i; i < 3; ++i) {
            vm.prank(address(uint160(0xF00 + i)));
            vm.expectEmit(address(court));
            emit ICourt.CommitsPosted(_id, "batch");
            court.postCommits(_jury, "batch");
        }
    }

    /* COMMIT OWN */

    function test_RevertWhen_CommittedOutsideTheWindow() external {
        Ballot memory ballot = _ballots(_jury, 1)[0];
        (bytes32 commitment, bytes memory signature) = (_commitment(_id, ballot), _signature(_id, ballot));
        _toReveal(_jury);
        vm.expectPartialRevert(ICourt.Court_WrongTime.selector);
        court.commitOwn(_jury, ballot.juror, commitment, signature);
    }

    function test_RevertWhen_CommittedBeforeTheSeed() external {
        vm.warp(block.timestamp + 1);
        Jury memory late = _open(9);
        _toCommit(late);
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_NotProved.selector, late.beaconRound));
        court.commitOwn(late, 0, "commitment", "");
    }

    function test_RevertWhen_CommitterIsNotDrawn() external {
        uint8 idle = _idle();
        bytes memory signature = _signature(_id, idle, "commitment");
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_NotDrawn.selector, _id, idle));
        court.commitOwn(_jury, idle, "commitment", signature);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_NotDrawn.selector, _id, 20));
        court.commitOwn(_jury, 20, "commitment", signature);
    }

    function test_RevertWhen_CommitmentIsSignedByAnother() external {
        uint8 juror = _ballots(_jury, 1)[0].juror;
        bytes memory foreign = _signature(_id, juror + 1, "commitment");
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadSignature.selector, _id, juror));
        court.commitOwn(_jury, juror, "commitment", foreign);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadSignature.selector, _id, juror));
        court.commitOwn(_jury, juror, "commitment", "");
    }

    function test_RevertWhen_CommitmentIsEmpty() external {
        uint8 juror = _ballots(_jury, 1)[0].juror;
        bytes memory signature = _signature(_id, juror, 0);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadOpening.selector, _id, juror, "commitment"));
        court.commitOwn(_jury, juror, 0, signature);
    }

    function test_RevertWhen_CommittedTwice() external {
        Ballot memory ballot = _commitOwn(1);
        bytes memory signature = _signature(_id, ballot.juror, "another");
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_AlreadyCommitted.selector, _id, ballot.juror));
        court.commitOwn(_jury, ballot.juror, "another", signature);
    }

    function test_KeepsOwnCommitment() external {
        Ballot memory ballot = _ballots(_jury, 1)[0];
        bytes memory signature = _signature(_id, ballot);
        bytes32 commitment = _commitment(_id, ballot);
        vm.expectEmit(address(court));
        emit ICourt.CommittedOwn(_id, ballot.juror, commitment);
        vm.prank(stranger);
        court.commitOwn(_jury, ballot.juror, commitment, signature);
        vm.assertEq(court.ownCommitment(_id, ballot.juror), commitment);
    }

    /* REVEAL */

    function test_RevertWhen_RevealedOutsideTheWindow() external {
        Ballot[] memory ballots = _ballots(_jury, 1);
        _post(_jury, ballots);
        bytes memory openings = _openings(_id, ballots);
        (, uint40 revealAt, uint40 endsAt) = court.windowsOf(_jury);
        vm.warp(revealAt - 1);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_WrongTime.selector, _id, revealAt - 1, revealAt, endsAt));
        court.reveal(_jury, openings);
        vm.warp(endsAt);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_WrongTime.selector, _id, endsAt, revealAt, endsAt));
        court.reveal(_jury, openings);
        vm.warp(endsAt - 1);
        court.reveal(_jury, openings);
    }

    function test_RevertWhen_RevealedBeforeTheSeed() external {
        vm.warp(block.timestamp + 1);
        Jury memory late = _open(9);
        _toCommit(late);
        _toReveal(late);
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_NotProved.selector, late.beaconRound));
        court.reveal(late, "");
    }

    function test_RevertWhen_BatchWasNotPosted() external {
        Ballot[] memory ballots = _ballots(_jury, 1);
        _toReveal(_jury);
        bytes memory openings = _openings(_id, ballots);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_NotPosted.selector, _id, _batch(_id, ballots)));
        court.reveal(_jury, openings);
    }

    function test_RevertWhen_NothingIsOpened() external {
        _toReveal(_jury);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_NotPosted.selector, _id, keccak256("")));
        court.reveal(_jury, "");
    }

    function test_RevertWhen_LengthIsWrong() external {
        Ballot[] memory ballots = _ballots(_jury, 1);
        _post(_jury, ballots);
        _toReveal(_jury);
        bytes memory openings = _openings(_id, ballots);
        assembly ("memory-safe") {
            mstore(openings, sub(mload(openings), 1))
        }
        // Whatever lies behind in calldata is zero, so the last signature fails or its length does.
        vm.expectRevert();
        court.reveal(_jury, openings);
        bytes memory more = bytes.concat(_openings(_id, ballots), hex"00");
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadOpening.selector, _id, 0, "length"));
        court.reveal(_jury, more);
    }

    function test_RevertWhen_ChoiceIsAboveThree() external {
        Ballot memory ballot = _ballots(_jury, 4)[0];
        _toReveal(_jury);
        bytes memory opening = _opening(_id, ballot);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadOpening.selector, _id, ballot.juror, "choice"));
        court.reveal(_jury, opening);
    }

    function test_RevertWhen_JurorIsNotDrawn() external {
        _toReveal(_jury);
        uint8 idle = _idle();
        bytes memory opening = _opening(_id, Ballot(idle, 1, _salt(idle)));
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_NotDrawn.selector, _id, idle));
        court.reveal(_jury, opening);
        opening = _opening(_id, Ballot(20, 1, _salt(20)));
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_NotDrawn.selector, _id, 20));
        court.reveal(_jury, opening);
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 128
    /// forge-config: long.fuzz.runs = 5000
    function testFuzz_RevertWhen_AByteIsChanged(uint256 at, uint8 by) external {
        Ballot[] memory ballots = _ballots(_jury, 1);
        ballots[1].choice = 0;
        _post(_jury, ballots);
        _toReveal(_jury);
        bytes memory openings = _openings(_id, ballots);
        at = _bound(at, 0, openings.length - 1);
        openings[at] = bytes1(uint8(openings[at]) ^ uint8(_bound(by, 1, 255)));
        vm.expectRevert();
        court.reveal(_jury, openings);
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 128
    /// forge-config: long.fuzz.runs = 5000
    function testFuzz_SeatsHoldTheirJurorsChoice(uint256 choices) external {
        Ballot[] memory ballots = _mixed(choices);
        _post(_jury, ballots);
        _toReveal(_jury);
        _reveal(_jury, ballots);

        uint256 votes = court.votesOf(_id);
        uint8[] memory seats = court.seatsOf(_jury);
        for (uint256 seat; seat < seats.length; ++seat) {
            for (uint256 i; i < ballots.length; ++i) {
                if (ballots[i].juror == seats[seat]) vm.assertEq((votes >> (2 * seat)) & 3, ballots[i].choice);
            }
        }
        vm.assertEq(votes >> 18, 0);
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 128
    /// forge-config: long.fuzz.runs = 5000
    function testFuzz_OrderOfTheBatchDoesNotMatter(uint256 choices, uint256 seed) external {
        Ballot[] memory ballots = _mixed(choices);
        uint256 state = vm.snapshotState();
        _vote(_jury, ballots);
        uint256 votes = court.votesOf(_id);
        vm.revertToState(state);
        for (uint256 i = ballots.length - 1; i != 0; --i) {
            uint256 j = uint256(keccak256(abi.encode(seed, i))) % (i + 1);
            (ballots[i], ballots[j]) = (ballots[j], ballots[i]);
        }
        _vote(_jury, ballots);
        vm.assertEq(court.votesOf(_id), votes);
    }

    function test_ThePassedOverMayOpenLater() external {
        Ballot[] memory ballots = _ballots(_jury, 1);
        _post(_jury, ballots);
        _toReveal(_jury);
        ballots[2].choice = 0;
        _reveal(_jury, ballots);
        uint256 held = _held(court.seatsOf(_jury), ballots[2].juror);
        (,, uint256 votesFor,) = court.verdictOf(_jury);
        vm.assertEq(votesFor, 9 - held);

        for (uint256 i; i < ballots.length; ++i) {
            ballots[i].choice = i == 2 ? 1 : 0;
        }
        _reveal(_jury, ballots);
        (,, votesFor,) = court.verdictOf(_jury);
        vm.assertEq(votesFor, 9);
    }

    function test_RevealedTwiceChangesNothing() external {
        Ballot[] memory ballots = _ballots(_jury, 2);
        _vote(_jury, ballots);
        uint256 votes = court.votesOf(_id);
        vm.recordLogs();
        _reveal(_jury, ballots);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(court.votesOf(_id), votes);
    }

    /* REVEAL OWN */

    function test_RevertWhen_OwnIsRevealedOutsideTheWindow() external {
        Ballot memory ballot = _commitOwn(1);
        vm.expectPartialRevert(ICourt.Court_WrongTime.selector);
        court.revealOwn(_jury, ballot.juror, 1, ballot.salt);
        _toReveal(_jury);
        _toEnd(_jury);
        vm.expectPartialRevert(ICourt.Court_WrongTime.selector);
        court.revealOwn(_jury, ballot.juror, 1, ballot.salt);
    }

    function test_RevertWhen_OwnIsNotThere() external {
        Ballot memory ballot = _ballots(_jury, 1)[0];
        _toReveal(_jury);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_NotCommitted.selector, _id, ballot.juror));
        court.revealOwn(_jury, ballot.juror, 1, ballot.salt);
    }

    function test_RevertWhen_OwnOpensSomethingElse() external {
        Ballot memory ballot = _commitOwn(1);
        _toReveal(_jury);
        bytes memory wrong = abi.encodeWithSelector(ICourt.Court_BadOpening.selector, _id, ballot.juror, "commitment");
        vm.expectRevert(wrong);
        court.revealOwn(_jury, ballot.juror, 2, ballot.salt);
        vm.expectRevert(wrong);
        court.revealOwn(_jury, ballot.juror, 1, "salt");
        bytes memory choice = abi.encodeWithSelector(ICourt.Court_BadOpening.selector, _id, ballot.juror, "choice");
        vm.expectRevert(choice);
        court.revealOwn(_jury, ballot.juror, 0, ballot.salt);
        vm.expectRevert(choice);
        court.revealOwn(_jury, ballot.juror, 4, ballot.salt);
    }

    function test_RevertWhen_HeHasVotedInABatch() external {
        Ballot memory ballot = _commitOwn(1);
        _vote(_jury, _ballots(_jury, 1));
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_HasVoted.selector, _id, ballot.juror));
        court.revealOwn(_jury, ballot.juror, 1, ballot.salt);
    }

    function test_OwnVoteCounts() external {
        Ballot memory ballot = _commitOwn(3);
        _toReveal(_jury);
        vm.prank(stranger);
        court.revealOwn(_jury, ballot.juror, 3, ballot.salt);
        (,, uint256 votesFor,) = court.verdictOf(_jury);
        vm.assertEq(votesFor, _held(court.seatsOf(_jury), ballot.juror));
    }

    /* HELP */

    /// @dev The first juror who was drawn commits himself to `choice`.
    function _commitOwn(uint8 choice) private returns (Ballot memory ballot) {
        ballot = _ballots(_jury, choice)[0];
        bytes memory signature = _signature(_id, ballot);
        court.commitOwn(_jury, ballot.juror, _commitment(_id, ballot), signature);
    }

    /// @dev Everybody votes as two bits of `choices` say.
    function _mixed(uint256 choices) private view returns (Ballot[] memory ballots) {
        ballots = _ballots(_jury, 1);
        for (uint256 i; i < ballots.length; ++i) {
            ballots[i].choice = uint8(1 + (choices >> (8 * i) & 0xff) % 3);
        }
    }

    /// @dev Somebody in the snapshot who was not drawn.
    function _idle() private view returns (uint8 juror) {
        uint8[] memory seats = court.seatsOf(_jury);
        while (_held(seats, juror) != 0) ++juror;
    }
}
