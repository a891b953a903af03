// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Market} from "../../../src/markets/IMarkets.sol";
import {TOO_EARLY} from "../../../src/oracle/AnswerWord.sol";
import {ICourt, Jury} from "../../../src/oracle/court/ICourt.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {IOracle, Question, Status} from "../../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../../src/oracle/IStakeManager.sol";
import {ISlasher} from "../../../src/oracle/security/ISlasher.sol";
import {Turnout, WholeStage} from "./WholeStage.sol";

/// @dev From the question to the last payment, with nothing replaced but the beacon's seed.
contract WholeTest is WholeStage {
    /* answers */

    function test_AnHonestAnswerPaysTheMarketAndItsSigners() external {
        Question memory terms = _terms(0);
        bytes32 question = _ask(terms);
        Market memory market = _market(terms);
        vm.warp(terms.opensAt);
        _agree(terms, 0, THREE);
        vm.warp(block.timestamp + WINDOW);
        oracle.settleReward(terms);
        _isFinal(question, 0);
        vm.assertEq(uint256(markets.claim(market, 0, alice)), 160e6);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(0))), 90e6);
    }

    /* disputes */

    function test_AColludingMajorityIsOverturnedAndPays() external {
        Question memory terms = _terms(0);
        bytes32 question = _ask(terms);
        Market memory market = _market(terms);
        vm.warp(terms.opensAt);
        _agree(terms, 1, THREE);
        Dispute memory d = _dispute(alice, question, 0);
        vm.assertTrue(_status(question) == Status.Disputed);

        // Nobody of the three reports anew, and one alone is no quorum.
        Jury memory jury = _decided(terms, d, 2);

        _isFinal(question, 0);
        // 2 % * (1 + 9 * 3/4) of each stake; three tenths of it are alice's.
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(_stakeOf(i), STAKE - 155e6);
            vm.assertTrue(stakes.isSlashed(_ownerKey(i), d.hash()));
        }
        vm.assertEq(_stakeOf(3), STAKE);
        vm.assertEq(uint256(stakes.slashedCreditOf(alice)), 3 * 46.5e6);
        // Her deposit is back, but for what the jury costs.
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT / 4);
        court.close(jury);
        vm.assertEq(_jurorsCredit(), uint256(DEPOSIT / 4 / 9) * 9);
        // Who signed the overturned answer earns nothing of the reward.
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(asker)), terms.reward);
        vm.assertEq(uint256(markets.claim(market, 0, alice)), 160e6);
        ladder.sweep();
        vm.assertEq(uint256(oracle.creditOf(address(ladder))), 0);
        vm.assertEq(uint256(oracle.creditOf(address(court))), 0);
    }

    function test_AFrivolousDisputeCostsItsDeposit() external {
        (Question memory terms, bytes32 question, Dispute memory d) = _open(0, 1);
        _decided(terms, d, 1);
        _isFinal(question, 0);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT);
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(uint256(oracle.creditOf(_ownerKey(i))), uint256(DEPOSIT) / 2 / 3);
            vm.assertEq(_stakeOf(i), STAKE);
        }
    }

    function test_AJuryAnswersWhatNobodyReports() external {
        Question memory terms = _terms(0);
        bytes32 question = _ask(terms);
        Market memory market = _market(terms);
        vm.warp(terms.deadline);
        Dispute memory d = _disputeSilence(alice, terms, 0);

        Jury memory jury = _decided(terms, d, 2);

        _isFinal(question, 0);
        for (uint256 i; i < SEATS; ++i) {
            vm.assertEq(_stakeOf(i), STAKE);
        }
        vm.assertEq(uint256(markets.claim(market, 0, alice)), 160e6);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT / 4);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(asker)), terms.reward);
        court.close(jury);
        ladder.sweep();
        vm.assertEq(uint256(oracle.creditOf(address(ladder))), 0);
    }

    function test_TooEarlyOpensTheQuestionAgain() external {
        (Question memory terms, bytes32 question, Dispute memory d) = _open(1, TOO_EARLY);
        _decided(terms, d, 2);
        vm.assertTrue(_status(question) == Status.Open);
        vm.assertEq(uint256(_word(question).round()), 2);
        uint256 each = DEPOSIT / 10 / uint256(3);
        for (uint256 i; i < 3; ++i) {
            vm.assertLe(STAKE - _stakeOf(i), each + 1);
            vm.assertLt(_stakeOf(i), STAKE);
        }
        vm.warp(block.timestamp + WINDOW);
        _agree(terms, 0, THREE);
        vm.warp(block.timestamp + WINDOW);
        _isFinal(question, 0);
    }

    function test_AppealsGoUpToTheLargestJury() external {
        (Question memory terms, bytes32 question, Dispute memory d) = _open(1, 0);
        Jury memory jury = _convene(terms, d);
        _hold(jury, Turnout(1, 0, 0));
        ladder.takeVerdict(terms, d, jury);
        jury = _appeal(bob, terms, d, 2);
        vm.assertEq(uint256(jury.size), 31);
        _hold(jury, Turnout(2, 0, 0));
        ladder.takeVerdict(terms, d, jury);
        jury = _appeal(alice, terms, d, 1);
        vm.assertEq(uint256(jury.size), 101);
        _hold(jury, Turnout(2, 0, 0));
        ladder.takeVerdict(terms, d, jury);
        ladder.conclude(terms, d);
        _isFinal(question, 0);
        vm.assertTrue(oracle.creditOf(bob) > 100_000e6);
        vm.assertTrue(oracle.creditOf(alice) < 100_000e6 - 2 * DEPOSIT);
        vm.assertEq(uint256(ladder.owed()), 0);
    }

    function test_WithoutJurorsTheQuestionEndsInvalid() external {
        for (uint256 i; i < JURORS; ++i) {
            vm.prank(_ownerKey(FIRST_JUROR + i));
            stakes.setJuror(false);
        }
        vm.warp(block.timestamp + EPOCH);
        stakes.takeJurors();
        Question memory terms = _terms(0);
        bytes32 question = _ask(terms);
        Market memory market = _market(terms);
        vm.warp(terms.opensAt);
        _agree(terms, 1, THREE);
        Dispute memory d = _dispute(alice, question, 0);
        _convene(terms, d);
        vm.assertTrue(_status(question) == Status.Invalid);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100_000e6 - DEPOSIT / 4);
        vm.assertEq(uint256(oracle.creditOf(insurance)), DEPOSIT / 4);
        vm.assertEq(uint256(markets.claim(market, 1, bob)), 60e6);
    }

    /* pause */

    function test_APauseStopsTheClockAndNobodysMoney() external {
        (Question memory terms, bytes32 question, Dispute memory d) = _open(1, 0);
        Jury memory jury = _convene(terms, d);
        vm.prank(guardian);
        guard.pause(72 hours);
        uint40 clock = guard.clock();
        vm.prank(bob);
        oracle.withdraw(bob, 100_000e6);
        vm.warp(block.timestamp + 72 hours - 1);
        vm.assertEq(uint256(guard.clock()), clock);
        _hold(jury, Turnout(2, 0, 0));
        ladder.takeVerdict(terms, d, jury);
        _conclude(terms, d);
        _isFinal(question, 0);
    }

    /* people */

    function test_EquivocationIsPunishedWhileADisputeIsOpen() external {
        (Question memory terms, bytes32 question, Dispute memory d) = _open(1, 0);
        _equivocate(question);
        vm.assertEq(_stakeOf(0), 0);
        vm.assertTrue(stakes.isBanned(_ownerKey(0)));
        _decided(terms, d, 2);
        _isFinal(question, 0);
        vm.assertEq(_stakeOf(1), STAKE - 155e6);
    }

    function test_ABannedSignerGetsNothingOfALostDeposit() external {
        (Question memory terms, bytes32 question, Dispute memory d) = _open(0, 1);
        _equivocate(question);
        _decided(terms, d, 1);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(0))), 0);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(1))), uint256(DEPOSIT) / 2 / 3);
        vm.assertEq(uint256(oracle.creditOf(address(ladder))), 0);
    }

    function test_AnEpochMayEndMidRound() external {
        Question memory terms = _terms(0);
        bytes32 question = _ask(terms);
        vm.warp(terms.opensAt);
        uint32 old = _epoch();
        bytes memory signatures = _cosigned(question, 1, THREE);
        _join(4, STAKE);
        vm.warp(block.timestamp + EPOCH);
        stakes.advanceEpoch(0);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_StaleEpoch.selector, old, old + 1));
        oracle.reportAgreed(terms, old, 1, THREE, signatures);
        _agree(terms, 1, 0xf);
        Dispute memory d = _dispute(alice, question, 0);
        vm.prank(_ownerKey(0));
        stakes.leave();
        vm.warp(block.timestamp + EPOCH);
        stakes.advanceEpoch(0);
        _decided(terms, d, 2);
        // The seats of the epoch that answered pay, whoever sits in them now.
        for (uint256 i; i < 4; ++i) {
            vm.assertTrue(stakes.isSlashed(_ownerKey(i), d.hash()));
        }
        vm.assertEq(_stakeOf(4), STAKE);
    }

    function test_AJurorWhoStaysAwayPays() external {
        (Question memory terms,, Dispute memory d) = _open(1, 0);
        Jury memory jury = _convene(terms, d);
        _prove(jury);
        uint256 drawn = _drawn(jury);
        uint256 first = drawn & (~drawn + 1);
        uint256 juror;
        while (first >> juror != 1) ++juror;
        _hold(jury, Turnout(2, first, 0));
        ladder.takeVerdict(terms, d, jury);
        _closeAfterAll(jury);
        address owner = stakes.ownerOf(_signerAt(jury, juror));
        vm.assertEq(uint256(stakes.providerOf(owner).stake), STAKE - STAKE / 200);
        vm.assertEq(uint256(oracle.creditOf(owner)), 0);
    }

    /// A ban holds for juries at once, not from the next snapshot on; and an earlier vote earns nothing.
    function test_ABannedJurorNeitherSitsNorEarns() external {
        (Question memory terms, bytes32 question, Dispute memory d) = _open(1, 0);
        Jury memory jury = _convene(terms, d);
        _hold(jury, Turnout(1, 0, 0));
        uint256 drawn = _drawn(jury);
        uint8 juror;
        while (drawn >> juror & 1 == 0) ++juror;
        bytes32[2] memory two = [bytes32(uint256(1)), bytes32(uint256(2))];
        court.equivocated(jury, juror, two, _signed(jury, juror, two[0]), _signed(jury, juror, two[1]));
        ladder.takeVerdict(terms, d, jury);
        court.close(jury);
        address owner = stakes.ownerOf(_signerAt(jury, juror));
        vm.assertEq(uint256(oracle.creditOf(owner)), 0);
        Jury memory second = _appeal(bob, terms, d, 2);
        vm.assertTrue(second.excluded >> juror & 1 == 1);
        vm.assertEq(uint256(second.jurorEpoch), jury.jurorEpoch);
        vm.assertTrue(_status(question) == Status.Disputed);
    }

    function test_CollusionIsTriedAndPunished() external {
        address[] memory accused = _accusedThree();
        _fund(bob, address(slasher), BOND);
        vm.recordLogs();
        vm.prank(bob);
        bytes32 id = slasher.accuse(accused, keccak256("evidence"), 500_000);
        Jury memory jury = _opened();
        ISlasher.Case memory terms = ISlasher.Case(bob, accused, keccak256("evidence"), 500_000, court.idOf(jury));
        vm.assertEq(keccak256(abi.encode(terms)), id);
        // One of them stays away, so that part of the fee comes back.
        _prove(jury);
        uint256 drawn = _drawn(jury);
        _hold(jury, Turnout(1, drawn & (~drawn + 1), 0));
        uint256 before = oracle.creditOf(bob);
        slasher.conclude(terms, jury);
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(_stakeOf(i), STAKE / 2);
        }
        vm.assertEq(uint256(stakes.slashedCreditOf(bob)), uint256(3) * STAKE / 2 * 3 / 10);
        vm.assertEq(oracle.creditOf(bob) - before, BOND - CASE_FEE);
        _closeAfterAll(jury);
        uint96 rest = oracle.creditOf(address(slasher));
        vm.assertTrue(rest != 0);
        vm.assertEq(uint256(slasher.sweep()), rest);
        vm.assertEq(uint256(oracle.creditOf(insurance)), rest);
        vm.assertEq(uint256(oracle.creditOf(address(slasher))), 0);
    }

    /// Nobody ends the epoch: he still sits two weeks after leaving, answers, and wants to be gone.
    function test_WhoStillSitsIsBondedForWhatHeSigns() external {
        vm.prank(_ownerKey(0));
        stakes.leave();
        vm.warp(block.timestamp + UNBONDING);
        (Question memory terms,, Dispute memory d) = _open(1, 0);
        stakes.advanceEpoch(0);
        uint40 until = uint40(block.timestamp) + UNBONDING;
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_StillBonded.selector, _ownerKey(0), until));
        vm.prank(_ownerKey(0));
        stakes.withdraw(_ownerKey(0));
        _decided(terms, d, 2);
        vm.assertEq(_stakeOf(0), STAKE - 155e6);
        vm.warp(until);
        uint256 before = dollar.balanceOf(_ownerKey(0));
        vm.prank(_ownerKey(0));
        stakes.withdraw(_ownerKey(0));
        vm.assertEq(dollar.balanceOf(_ownerKey(0)) - before, STAKE - 155e6);
    }

    /* HELPERS */

    /// @dev Answered by three, disputed by alice.
    function _open(int96 value, int96 claim)
        private
        returns (Question memory terms, bytes32 question, Dispute memory d)
    {
        terms = _terms(0);
        question = _answered(terms, value, THREE);
        d = _dispute(alice, question, claim);
    }

    /// @dev Provider 0 signed both outcomes in the round of the answer.
    function _equivocate(bytes32 question) private {
        uint32 epoch = _epoch();
        bytes memory no = _sign(_key(0), question, 0, epoch, 0);
        bytes memory yes = _sign(_key(0), question, 1, epoch, 0);
        vm.prank(stranger);
        slasher.equivocatedReports(question, epoch, 0, [int96(0), int96(1)], no, yes);
    }

    /// @dev Ascending, as an accusation wants them.
    function _accusedThree() private pure returns (address[] memory accused) {
        accused = new address[](3);
        for (uint256 i; i < 3; ++i) {
            accused[i] = _ownerKey(i);
        }
    }

    function _jurorsCredit() private view returns (uint256 sum) {
        for (uint256 i; i < JURORS; ++i) {
            sum += oracle.creditOf(_ownerKey(FIRST_JUROR + i));
        }
    }

    function _isFinal(bytes32 question, int96 value) private view {
        (Status status, int96 answer,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final);
        vm.assertEq(int256(answer), int256(value));
    }
}
