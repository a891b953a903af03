// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICourt, Jury, JurorFault} from "../../../src/oracle/court/ICourt.sol";
import {Ballot, CourtStage} from "./CourtStage.sol";

contract CourtAttacksTest is CourtStage {
    Jury private _jury;
    bytes32 private _id;

    function setUp() public override {
        super.setUp();
        _pool(40, 1_000e6, 50e6);
        _jury = _drawn(9);
        _id = court.idOf(_jury);
    }

    /// @dev A buyer of votes asks for salt and signature as a proof of delivery. With these he can take the bounty.
    function test_PreRevealedVoteCostsItsJuror() external {
        Ballot memory sold = _ballots(_jury, 2)[0];
        bytes memory signature = _signature(_id, sold);
        vm.prank(stranger);
        court.leak(_jury, sold.juror, 2, sold.salt, signature);
        vm.assertEq(_blamed(sold.juror, JurorFault.Leaked), 1);
        vm.assertEq(slasher.blames()[0].challenger, stranger);
    }

    function test_SignatureOfAnotherJuryOpensNothing() external {
        vm.warp(block.timestamp + 1);
        vm.prank(ladder);
        court.open("another subject", 9, 0, EPOCH, 0, 3);
        Jury memory other = _terms(9, 0, 0);
        other.subject = "another subject";
        _prove(other, "seed");
        Ballot[] memory ballots = _ballots(other, 1);
        _toCommit(other);
        // The batch names the commitments of the first jury, and then those of its own with the first one's signatures.
        court.postCommits(other, _batch(_id, ballots));
        court.postCommits(other, _batch(court.idOf(other), ballots));
        _toReveal(other);
        bytes memory openings = _openings(_id, ballots);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadSignature.selector, court.idOf(other), ballots[0].juror));
        court.reveal(other, openings);
    }

    function test_CopiedCommitmentOpensNothing() external {
        Ballot[] memory ballots = _ballots(_jury, 1);
        (Ballot memory honest, uint8 copier) = (ballots[0], ballots[1].juror);
        bytes32 copied = _commitment(_id, honest);
        court.commitOwn(_jury, copier, copied, _signature(_id, copier, copied));
        _toReveal(_jury);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadOpening.selector, _id, copier, "commitment"));
        court.revealOwn(_jury, copier, honest.choice, honest.salt);
    }

    function test_ForgedJurorOpensNothing() external {
        Ballot[] memory ballots = _ballots(_jury, 1);
        _post(_jury, ballots);
        _toReveal(_jury);
        bytes memory openings = _openings(_id, ballots);
        openings[1] = bytes1(ballots[1].juror);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadSignature.selector, _id, ballots[1].juror));
        court.reveal(_jury, openings);
    }

    function test_WithheldBatchLeavesSelfService() external {
        Ballot[] memory ballots = _ballots(_jury, 1);
        // The collector puts a commitment that he alone knows among theirs: nobody else can open the batch.
        bytes32[] memory list = new bytes32[](ballots.length + 1);
        for (uint256 i; i < ballots.length; ++i) {
            list[i] = _commitment(_id, ballots[i]);
        }
        list[ballots.length] = keccak256("his alone");
        court.postCommits(_jury, keccak256(abi.encodePacked(list)));
        for (uint256 i; i < ballots.length; ++i) {
            court.commitOwn(_jury, ballots[i].juror, list[i], _signature(_id, ballots[i]));
        }
        _toReveal(_jury);
        for (uint256 i; i < ballots.length; ++i) {
            court.revealOwn(_jury, ballots[i].juror, 1, ballots[i].salt);
        }
        (bool ended, uint8 choice, uint256 votesFor,) = court.verdictOf(_jury);
        vm.assertTrue(ended && choice == 1 && votesFor == 9);
        // And he gains nothing by showing that they did not open his batch.
        _toEnd(_jury);
        bytes memory signature = _signature(_id, ballots[0]);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_HasVoted.selector, _id, ballots[0].juror));
        court.withheld(_jury, ballots[0].juror, list, 0, signature);
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 128
    /// forge-config: long.fuzz.runs = 5000
    function testFuzz_GarbageBatchesChangeNothing(bytes32[8] calldata garbage) external {
        for (uint256 i; i < 8; ++i) {
            court.postCommits(_jury, garbage[i]);
        }
        _vote(_jury, _ballots(_jury, 3));
        (bool ended, uint8 choice, uint256 votesFor,) = court.verdictOf(_jury);
        vm.assertTrue(ended && choice == 3 && votesFor == 9);
    }

    function test_GarbageInABatchIsPassedOver() external {
        Ballot[] memory ballots = _ballots(_jury, 1);
        bytes32 garbage = keccak256("garbage");
        court.postCommits(_jury, keccak256(abi.encodePacked(garbage, _list(_id, ballots), garbage)));
        _toReveal(_jury);
        bytes memory passed = abi.encodePacked(uint8(0), garbage);
        court.reveal(_jury, bytes.concat(passed, _openings(_id, ballots), passed));
        (,, uint256 votesFor,) = court.verdictOf(_jury);
        vm.assertEq(votesFor, 9);
    }

    function test_PartialRevealDoesNotStopTheRest() external {
        Ballot[] memory ballots = _ballots(_jury, 1);
        _post(_jury, ballots);
        _toReveal(_jury);
        bytes memory whole = _openings(_id, ballots);
        for (uint256 i = 1; i < ballots.length; ++i) {
            ballots[i].choice = 0;
        }
        vm.prank(stranger);
        _reveal(_jury, ballots);
        court.reveal(_jury, whole);
        (,, uint256 votesFor,) = court.verdictOf(_jury);
        vm.assertEq(votesFor, 9);
    }

    function test_LastSecondBatchCounts() external {
        Ballot[] memory ballots = _ballots(_jury, 1);
        (, uint40 revealAt,) = court.windowsOf(_jury);
        vm.warp(revealAt - 1);
        _post(_jury, ballots);
        vm.warp(revealAt);
        bytes32 late = _batch(_id, _ballots(_jury, 2));
        vm.expectPartialRevert(ICourt.Court_WrongTime.selector);
        court.postCommits(_jury, late);
        _reveal(_jury, ballots);
        (, uint8 choice,,) = court.verdictOf(_jury);
        vm.assertEq(uint256(choice), 1);
    }

    function test_OpenerCannotGrind() external {
        for (uint256 i; i < 20; ++i) {
            vm.warp(block.timestamp + 1);
            Jury memory terms = _open(9);
            // Published later than the block by the delay: nobody had it when he chose subject, exclusions and second.
            vm.assertGe(uint256(randomness.timeOf(terms.beaconRound)), block.timestamp + DELAY + 1);
            // And out before anybody has to commit.
            (uint40 commitAt,,) = court.windowsOf(terms);
            vm.assertLe(uint256(randomness.timeOf(terms.beaconRound)), commitAt + 3);
        }
    }

    function testFuzz_ForgedTermsNameNoJury(uint8 field, uint256 by) external {
        Jury memory forged = _jury;
        field = uint8(_bound(field, 0, 7));
        if (field == 0) forged.arbitrable = address(uint160(forged.arbitrable) ^ uint160(_bound(by, 1, 2 ** 160 - 1)));
        if (field == 1) forged.subject ^= bytes32(_bound(by, 1, type(uint256).max));
        if (field == 2) forged.size ^= uint8(_bound(by, 1, 255));
        if (field == 3) forged.jurorEpoch ^= uint32(_bound(by, 1, type(uint32).max));
        if (field == 4) forged.excluded ^= _bound(by, 1, type(uint256).max);
        if (field == 5) forged.fee ^= uint96(_bound(by, 1, type(uint96).max));
        if (field == 6) forged.openedAt ^= uint40(_bound(by, 1, type(uint40).max));
        if (field == 7) forged.beaconRound ^= uint64(_bound(by, 1, type(uint64).max));
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_UnknownJury.selector, court.idOf(forged)));
        court.close(forged);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_UnknownJury.selector, court.idOf(forged)));
        court.postCommits(forged, "batch");
    }

    function test_RotatedJurorVotesAndIsPaid() external {
        Ballot[] memory ballots = _ballots(_jury, 1);
        uint8 juror = ballots[0].juror;
        // His owner names another key; the old one stays his in the stake manager, and stands in the snapshot.
        stakes.name(vm.addr(0xDEC0DE), _owner(juror));
        _vote(_jury, ballots);
        court.close(_jury);
        vm.assertEq(ledger.creditOf(_owner(juror)), FEE / 9 * _held(court.seatsOf(_jury), juror));
    }

    function test_PauseStopsTheWindows() external {
        Ballot[] memory ballots = _ballots(_jury, 1);
        (, uint40 revealAt, uint40 endsAt) = court.windowsOf(_jury);
        clock.pause();
        vm.warp(block.timestamp + 3 days);
        // Long past the end by the calendar, and still in the commit window.
        _post(_jury, ballots);
        bytes memory openings = _openings(_id, ballots);
        vm.expectPartialRevert(ICourt.Court_WrongTime.selector);
        court.reveal(_jury, openings);
        clock.resume();
        vm.warp(block.timestamp + COMMIT - 1);
        vm.assertEq(uint256(clock.clock()), revealAt - 1);
        vm.expectPartialRevert(ICourt.Court_WrongTime.selector);
        court.reveal(_jury, openings);
        vm.warp(block.timestamp + 1);
        clock.pause();
        vm.warp(block.timestamp + 3 days);
        (bool ended,,,) = court.verdictOf(_jury);
        vm.assertTrue(!ended);
        clock.resume();
        vm.warp(block.timestamp + REVEAL - 1);
        vm.assertEq(uint256(clock.clock()), endsAt - 1);
        court.reveal(_jury, openings);
        court.close(_jury);
        vm.assertEq(slasher.blames().length, 0);
    }

    /// @dev With too little gas the seed cannot be read. That must not pass for a seed that is not there.
    function test_ClosingShortOfGasLetsNobodyGo() external {
        _toReveal(_jury);
        vm.warp(block.timestamp + 2 * REVEAL);
        uint256 state = vm.snapshotState();
        for (uint256 limit = 20_000; limit < 1_200_000; limit += 3_000) {
            try court.close{gas: limit}(_jury) {
                vm.assertGe(slasher.blames().length, 5);
                vm.revertToState(state);
                return;
            } catch {
                vm.assertTrue(!court.isClosed(_id));
            }
        }
        revert("never closed");
    }

    function test_MissingIsReportedOnce() external {
        Ballot memory ballot = _ballots(_jury, 1)[0];
        bytes32 commitment = _commitment(_id, ballot);
        court.commitOwn(_jury, ballot.juror, commitment, _signature(_id, ballot));
        _toReveal(_jury);
        _toEnd(_jury);
        court.close(_jury);
        court.withheld(_jury, ballot.juror, new bytes32[](0), 0, "");
        vm.expectRevert();
        court.close(_jury);
        vm.assertEq(_blamed(ballot.juror, JurorFault.Missing), 1);
        vm.assertEq(_blamed(ballot.juror, JurorFault.Withheld), 1);
    }
}
