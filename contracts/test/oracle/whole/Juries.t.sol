// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";
import {INVALID} from "../../../src/oracle/AnswerWord.sol";
import {ICourt, Jury, JurorFault} from "../../../src/oracle/court/ICourt.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {Question, Status} from "../../../src/oracle/IOracle.sol";
import {Stage as LadderStep} from "../../../src/oracle/ladder/ILadder.sol";
import {Turnout, WholeStage} from "./WholeStage.sol";

/// @dev Juries that go wrong, with the real court, ladder, slasher and stakes: where every unit ends up.
contract WholeJuriesTest is WholeStage {
    Question private terms;
    bytes32 private question;
    Dispute private d;

    function setUp() public override {
        super.setUp();
        terms = _terms(0);
        question = _answered(terms, 1, THREE);
    }

    function test_NobodyVotesAllTheWayUp() external {
        d = _dispute(alice, question, 0);
        Jury memory jury = _convene(terms, d);
        uint256 missing;
        for (uint256 tier; tier < 3; ++tier) {
            _prove(jury);
            missing |= _drawn(jury);
            (,, uint40 endsAt) = court.windowsOf(jury);
            _toClock(endsAt);
            vm.recordLogs();
            ladder.takeVerdict(terms, d, jury);
            jury = _opened();
            vm.assertEq(uint256(jury.size), tier == 0 ? 31 : tier == 1 ? 101 : 0);
        }
        vm.assertTrue(_status(question) == Status.Invalid);
        // Half a percent for each jury missed, and not a unit of anybody's credit.
        uint256 lost;
        for (uint256 i; i < JURORS; ++i) {
            uint256 stake = _stakeOf(FIRST_JUROR + i);
            vm.assertTrue((stake < STAKE) == (missing >> i & 1 == 1));
            lost += STAKE - stake;
            vm.assertEq(uint256(oracle.creditOf(_ownerKey(FIRST_JUROR + i))), 0);
        }
        vm.assertTrue(lost != 0);
        _allBack();
    }

    function test_UndecidedAllTheWayUpEndsInvalid() external {
        d = _dispute(alice, question, 0);
        Jury memory jury = _convene(terms, d);
        for (uint256 tier; tier < 3; ++tier) {
            _prove(jury);
            // Every other of the drawn says otherwise.
            uint256 drawn = _drawn(jury);
            uint256 against;
            bool odd;
            for (uint256 i; i < 256; ++i) {
                if (drawn >> i & 1 == 0) continue;
                if (odd) against |= 1 << i;
                odd = !odd;
            }
            _hold(jury, Turnout(1, 0, against));
            vm.recordLogs();
            ladder.takeVerdict(terms, d, jury);
            jury = _opened();
        }
        vm.assertTrue(_status(question) == Status.Invalid);
        // All of them voted, and nobody is blamed for an undecided jury.
        for (uint256 i; i < JURORS; ++i) {
            vm.assertEq(_stakeOf(FIRST_JUROR + i), STAKE);
        }
        _allBack();
    }

    function test_AnAppealIsWonAndAnotherLost() external {
        d = _dispute(alice, question, 0);
        Jury memory jury = _convene(terms, d);
        _hold(jury, Turnout(1, 0, 0));
        ladder.takeVerdict(terms, d, jury);
        court.close(jury);
        jury = _appeal(bob, terms, d, 2); // 500 for the claim, and wins
        _hold(jury, Turnout(2, 0, 0));
        ladder.takeVerdict(terms, d, jury);
        court.close(jury);
        _credit(stranger, 10_000e6);
        jury = _appeal(stranger, terms, d, 1); // 1,000 for the answer, and loses
        _hold(jury, Turnout(2, 0, 0));
        ladder.takeVerdict(terms, d, jury);
        court.close(jury);
        ladder.conclude(terms, d);
        (Status status, int96 value,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 0);
        // Half of what was lost, by what was put down: 250 of alice, 500 of bob.
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 + uint256(500e6) / 3);
        vm.assertEq(uint256(oracle.creditOf(bob)), 100_000e6 + uint256(1_000e6) / 3);
        vm.assertEq(uint256(oracle.creditOf(stranger)), 9_000e6);
        // Seats of three juries were paid a quarter of each deposit; what rounding left came back.
        uint256 paid = uint256(62.5e6) / 9 * 9 + uint256(125e6) / 31 * 31 + uint256(250e6) / 101 * 101;
        vm.assertEq(_jurorsCredit(), paid);
        ladder.sweep();
        vm.assertEq(uint256(oracle.creditOf(insurance)), 1_750e6 - 750e6 - 500e6 + 1 - paid);
        vm.assertEq(uint256(oracle.creditOf(address(ladder))) + oracle.creditOf(address(court)), 0);
    }

    /// The claim that there is no answer, and neither of the two, are one verdict: votes for the one count for the other.
    function test_NeitherCountsForAClaimOfInvalid() external {
        d = _dispute(alice, question, INVALID);
        Jury memory jury = _convene(terms, d);
        _prove(jury);
        uint256 drawn = _drawn(jury);
        uint256 half;
        for (uint256 i; i < 256; ++i) {
            if (drawn >> i & 1 == 1 && i % 2 == 0) half |= 1 << i;
        }
        vm.assertTrue(half != 0 && half != drawn);
        _hold(jury, Turnout(2, 0, half)); // these vote for the third
        ladder.takeVerdict(terms, d, jury);
        vm.assertTrue(_step(d) == LadderStep.Ruled);
        court.close(jury);
        vm.assertEq(_jurorsCredit(), uint256(DEPOSIT) / 4 / 9 * 9);
        _conclude(terms, d);
        vm.assertTrue(_status(question) == Status.Invalid);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT / 4);
        for (uint256 i; i < JURORS; ++i) {
            vm.assertEq(_stakeOf(FIRST_JUROR + i), STAKE);
        }
    }

    /// Whoever shows his own leak under another name has three tenths of what it takes back. The other seven are more than a
    /// seat's fee, and it is paid once, whoever copies it.
    function test_AJurorWhoShowsHisOwnLeakLoses() external {
        d = _dispute(alice, question, 0);
        Jury memory jury = _convene(terms, d);
        _prove(jury);
        uint8 juror = uint8(LibBit.ffs(_drawn(jury)));
        address owner = stakes.ownerOf(_signerAt(jury, juror));
        bytes16 salt = bytes16(keccak256(abi.encode(court.idOf(jury), juror)));
        (bytes32 commitment,) = _ballot(jury, juror, 2);
        bytes memory signature = _signed(jury, juror, commitment);
        vm.prank(stranger);
        court.leak(jury, juror, 2, salt, signature);
        vm.assertEq(uint256(stakes.providerOf(owner).stake), STAKE * 9 / 10);
        vm.assertEq(uint256(stakes.slashedCreditOf(stranger)), STAKE * 3 / 100);
        // Of two who show it the second gets nothing.
        vm.expectRevert(
            abi.encodeWithSelector(ICourt.Court_AlreadyShown.selector, court.idOf(jury), juror, JurorFault.Leaked)
        );
        vm.prank(bob);
        court.leak(jury, juror, 2, salt, signature);
        _hold(jury, Turnout(2, 0, 0));
        ladder.takeVerdict(terms, d, jury);
        court.close(jury);
        vm.assertLt(uint256(oracle.creditOf(owner)), STAKE * 7 / 100);
        vm.assertEq(uint256(stakes.providerOf(owner).stake), STAKE * 9 / 10, "his vote counted, and costs no more");
    }

    /// A jury of 101 is closed with everybody missing: what costs the slasher most.
    function test_ClosingTheLargestJuryFitsABlock() external {
        d = _dispute(alice, question, 0);
        Jury memory jury = _convene(terms, d);
        _hold(jury, Turnout(1, 0, 0));
        ladder.takeVerdict(terms, d, jury);
        jury = _appeal(bob, terms, d, 2);
        _hold(jury, Turnout(1, 0, 0));
        ladder.takeVerdict(terms, d, jury);
        jury = _appeal(alice, terms, d, 2);
        _prove(jury);
        (,, uint40 endsAt) = court.windowsOf(jury);
        _toClock(endsAt);
        uint256 drawn = _drawn(jury);
        uint256 many;
        for (; drawn != 0; drawn &= drawn - 1) {
            ++many;
        }
        uint256 before = gasleft();
        court.close(jury);
        uint256 used = before - gasleft();
        // Of at most 101 jurors, here as many as there are.
        vm.assertLt(used / many * 101, 15_000_000);
    }

    /// @dev Undecided to the end: the deposit is back, and nothing is left behind.
    function _allBack() private view {
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6);
        vm.assertEq(uint256(oracle.creditOf(insurance)), 0);
        vm.assertEq(uint256(oracle.creditOf(address(ladder))) + oracle.creditOf(address(court)), 0);
        for (uint256 i; i < SEATS; ++i) {
            vm.assertEq(_stakeOf(i), STAKE);
        }
    }

    function _jurorsCredit() private view returns (uint256 sum) {
        for (uint256 i; i < JURORS; ++i) {
            sum += oracle.creditOf(_ownerKey(FIRST_JUROR + i));
        }
    }
}
