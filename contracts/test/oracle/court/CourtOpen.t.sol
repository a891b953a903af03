// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Court} from "../../../src/oracle/court/Court.sol";
import {Draw} from "../../../src/oracle/court/Draw.sol";
import {ICourt, Jury} from "../../../src/oracle/court/ICourt.sol";
import {IRandomness} from "../../../src/randomness/IRandomness.sol";
import {CourtStage} from "./CourtStage.sol";

contract CourtOpenTest is CourtStage {
    function setUp() public override {
        super.setUp();
        _pool(20, 1_000e6, 50e6);
    }

    /* CONSTRUCTOR */

    function test_RevertWhen_TimesDoNotHold() external {
        _refused("evidenceSeconds", 31 days, 1, 1, 1);
        _refused("commitSeconds", 1 days, 0, 1, 1);
        _refused("commitSeconds", 1 days, 31 days, 1, 1);
        _refused("revealSeconds", 1 days, 1, 0, 1);
        _refused("revealSeconds", 1 days, 1, 31 days, 1);
        _refused("beaconDelay", 1 days, 1, 1, 0);
        _refused("beaconDelay", 1 days, 1, 1, 1 days + 1);
    }

    function _refused(string memory what, uint40 evidence, uint40 commit, uint40 reveal, uint40 delay) private {
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadTerms.selector, what));
        new Court(address(1), address(2), address(3), address(4), address(5), evidence, commit, reveal, delay);
    }

    /* OPEN */

    function test_RevertWhen_CallerIsNoArbitrable() external {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_NotArbitrable.selector, stranger));
        court.open(SUBJECT, 9, 0, EPOCH, 0, 3);
    }

    function test_RevertWhen_SizeIsWrong() external {
        vm.startPrank(ladder);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadTerms.selector, "size"));
        court.open(SUBJECT, 0, 0, EPOCH, 0, 3);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadTerms.selector, "size"));
        court.open(SUBJECT, 102, 0, EPOCH, 0, 3);
        court.open(SUBJECT, 101, 0, EPOCH, 0, 3);
        court.open(SUBJECT, 1, 0, EPOCH, 0, 3);
    }

    function test_RevertWhen_TooFewJurors() external {
        _pool(7, 1_000e6, 0);
        vm.startPrank(ladder);
        // Three of seven are out; nine seats of at most two each take five jurors.
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_TooFewJurors.selector, 4, 5));
        court.open(SUBJECT, 9, 7, EPOCH, 0, 3);
        court.open(SUBJECT, 9, 3, EPOCH, 0, 3);
    }

    function test_RevertWhen_NoSuchSnapshot() external {
        vm.prank(ladder);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_TooFewJurors.selector, 0, 5));
        court.open(SUBJECT, 9, 0, EPOCH + 1, 0, 3);
    }

    function test_RevertWhen_OpenedTwiceInOneSecond() external {
        bytes32 jury = court.idOf(_open(9));
        vm.prank(ladder);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_AlreadyOpen.selector, jury));
        court.open(SUBJECT, 9, 0, EPOCH, FEE, 3);
    }

    function test_RevertWhen_FeeIsNotThere() external {
        vm.prank(address(slasher));
        vm.expectRevert();
        court.open(SUBJECT, 9, 0, EPOCH, 1, 3);
    }

    function test_OpensAndTakesTheFee() external {
        Jury memory terms = _terms(9, 3, FEE);
        uint96 before = ledger.creditOf(ladder);
        vm.expectEmit(address(court));
        emit ICourt.JuryOpened(court.idOf(terms), terms);
        vm.prank(ladder);
        vm.assertEq(court.open(SUBJECT, 9, 3, EPOCH, FEE, 3), court.idOf(terms));

        vm.assertEq(ledger.creditOf(ladder), before - FEE);
        vm.assertEq(ledger.creditOf(address(court)), FEE);
        vm.assertGe(uint256(randomness.timeOf(terms.beaconRound)), START + DELAY + 1);
        (bool ended, uint8 choice, uint256 votesFor, uint256 drawn) = court.verdictOf(terms);
        vm.assertTrue(!ended && choice == 0 && votesFor == 0 && drawn == 9);
    }

    function test_SlasherMayOpen() external {
        vm.prank(address(slasher));
        bytes32 jury = court.open(SUBJECT, 9, 0, EPOCH, 0, 3);
        Jury memory terms = _terms(9, 0, 0);
        terms.arbitrable = address(slasher);
        vm.assertEq(jury, court.idOf(terms));
    }

    /* VIEWS */

    function test_WindowsFollowEachOther() external {
        (uint40 commitAt, uint40 revealAt, uint40 endsAt) = court.windowsOf(_open(9));
        vm.assertEq(uint256(commitAt), START + EVIDENCE);
        vm.assertEq(uint256(revealAt), commitAt + COMMIT);
        vm.assertEq(uint256(endsAt), revealAt + REVEAL);
    }

    function test_RevertWhen_SeatsAreAskedBeforeTheSeed() external {
        Jury memory terms = _open(9);
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_NotProved.selector, terms.beaconRound));
        court.seatsOf(terms);
    }

    function test_RevertWhen_JuryIsUnknown() external {
        Jury memory terms = _open(9);
        _prove(terms, "seed");
        terms.excluded = 1;
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_UnknownJury.selector, court.idOf(terms)));
        court.seatsOf(terms);
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 128
    /// forge-config: long.fuzz.runs = 5000
    /// @dev Whatever the opener chooses, subject or second, the seats are the seed's.
    function testFuzz_SeatsDependOnSeedAndJury(uint8 subject, bytes32 seed, bytes32 another) external {
        Jury memory terms = _terms(31, 0, 0);
        terms.subject = bytes32(uint256(subject));
        vm.prank(ladder);
        bytes32 jury = court.open(terms.subject, 31, 0, EPOCH, 0, 3);
        _prove(terms, abi.encode(seed));
        bytes32 beacon = randomness.seedOf(terms.beaconRound);
        vm.assertEq(Draw.seedOf(beacon, jury), keccak256(abi.encode(beacon, jury)));
        bytes memory seats = abi.encode(court.seatsOf(terms));
        if (another == seed) return;
        _prove(terms, abi.encode(another));
        vm.assertTrue(keccak256(seats) != keccak256(abi.encode(court.seatsOf(terms))));
    }
}
