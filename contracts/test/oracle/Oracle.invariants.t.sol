// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestDollar} from "../../src/lib/TestDollar.sol";
import {AnswerWord, INVALID} from "../../src/oracle/AnswerWord.sol";
import {Question, Status} from "../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../src/oracle/IStakeManager.sol";
import {SignerSet, SignerSets} from "../../src/oracle/SignerSet.sol";
import {StakeManager} from "../../src/oracle/StakeManager.sol";
import {IBuiltOracle} from "../Deployed.sol";
import {Reach, ReachTest} from "../Reach.sol";
import {OracleHandler} from "./OracleHandler.sol";

contract OracleInvariantsTest is ReachTest {
    using SignerSets for SignerSet;

    OracleHandler private handler;
    TestDollar private dollar;
    StakeManager private stakes;
    IBuiltOracle private oracle;

    function setUp() external {
        handler = new OracleHandler();
        handler.start();
        (address dollar_, address stakes_, address oracle_) = handler.contracts();
        (dollar, stakes, oracle) = (TestDollar(dollar_), StakeManager(stakes_), IBuiltOracle(oracle_));
        // Asked and answered more often than providers come and go.
        _often(1, handler.join.selector);
        _often(1, handler.addStake.selector);
        _often(1, handler.rotate.selector);
        _often(1, handler.leave.selector);
        _often(1, handler.withdrawStake.selector);
        _often(1, handler.advanceEpoch.selector);
        _often(4, handler.ask.selector);
        _often(6, handler.reportValues.selector);
        _often(3, handler.reportAgreed.selector);
        _often(3, handler.settleReward.selector);
        _often(1, handler.setWatcher.selector);
        _often(3, handler.veto.selector);
        _often(1, handler.deposit.selector);
        _often(1, handler.withdrawCredit.selector);
        _often(2, handler.wait_.selector);
        _often(1, handler.waitLong.selector);
        _target(address(handler), _selectors);
    }

    /// O1: collateral held = credits + rewards not yet settled.
    function invariant_O1_OracleIsSolvent() external view {
        uint256 owed;
        for (uint256 i; i < handler.accounts(); ++i) {
            owed += oracle.creditOf(handler.accountAt(i));
        }
        for (uint256 i; i < handler.questions(); ++i) {
            Question memory terms = handler.questionAt(i);
            if (!oracle.wordOf(oracle.idOf(terms)).rewardSettled()) owed += terms.reward;
        }
        vm.assertEq(dollar.balanceOf(address(oracle)), owed);
    }

    /// O2: open -/-> answered or final except through one accepted report, never through two.
    function invariant_O2_OnlyAReportAnswers() external view {
        for (uint256 i; i < handler.questions(); ++i) {
            bytes32 question = oracle.idOf(handler.questionAt(i));
            (Status status,,,) = oracle.get(question);
            uint256 accepted = handler.reportsAccepted(question);
            vm.assertLe(accepted, 1);
            if (status == Status.Answered || status == Status.Final) vm.assertEq(accepted, 1);
        }
    }

    /// O3: an answer never changes; only the reward flag is added to its word, and one veto moves its finality.
    function invariant_O3_AnswersStand() external view {
        for (uint256 i; i < handler.questions(); ++i) {
            bytes32 question = oracle.idOf(handler.questionAt(i));
            uint256 first = handler.firstAnswer(question);
            if (first == 0) continue;
            AnswerWord word = oracle.wordOf(question);
            if (word.rewardSettled()) first |= 1 << 232;
            uint40 later = uint40(handler.vetoes(question)) * handler.questionAt(i).liveness;
            AnswerWord wanted = AnswerWord.wrap(first);
            wanted = wanted.withFinalizeAt(wanted.finalizeAt() + later);
            vm.assertEq(AnswerWord.unwrap(word), AnswerWord.unwrap(wanted));
        }
    }

    /// O5: nobody puts an answer off twice, and who did watches no more.
    function invariant_O5_AVetoIsSpent() external view {
        for (uint256 i; i < handler.questions(); ++i) {
            bytes32 question = oracle.idOf(handler.questionAt(i));
            uint256 vetoes = handler.vetoes(question);
            vm.assertLe(vetoes, 1);
            if (vetoes == 1) vm.assertEq(oracle.watchedBy(question), address(0));
        }
    }

    /// O4: an answer lies within the question's bounds or is INVALID, and more than two thirds of the weight signed it.
    function invariant_O4_AnswersAreInBoundsAndSigned() external view {
        for (uint256 i; i < handler.questions(); ++i) {
            Question memory terms = handler.questionAt(i);
            bytes32 question = oracle.idOf(terms);
            if (handler.firstAnswer(question) == 0) continue;
            AnswerWord word = oracle.wordOf(question);
            vm.assertTrue(word.value() == INVALID || (word.value() >= terms.min && word.value() <= terms.max));
            SignerSet memory set = SignerSets.read(stakes.signerSetOf(0, word.epoch()));
            uint256 signed;
            for (uint256 seat; seat < set.count; ++seat) {
                (, uint96 weight) = set.seatAt(seat);
                if (word.seats() >> seat & 1 == 1) signed += weight;
            }
            vm.assertLt(2 * set.totalWeight(), 3 * signed);
            vm.assertLe(uint256(word.confidence()), signed * 10_000 / set.totalWeight());
        }
    }

    /// S1: collateral held = sum of stakes, active and unbonding.
    function invariant_S1_StakesAreThere() external view {
        uint256 owed;
        for (uint256 i; i < handler.OWNERS(); ++i) {
            owed += stakes.providerOf(handler.accountAt(i)).stake;
        }
        vm.assertEq(dollar.balanceOf(address(stakes)), owed);
    }

    /// S2: a set's total is the sum of its weights; nobody holds more than his cap; each seat is somebody's.
    function invariant_S2_NobodyOutvotesTheRest() external view {
        (address blob,,) = stakes.signerSet(0);
        SignerSet memory set = SignerSets.read(blob);
        uint256 k = set.count < 4 ? set.count : 4;
        uint256 sum;
        for (uint256 seat; seat < set.count; ++seat) {
            (address signer, uint96 weight) = set.seatAt(seat);
            sum += weight;
            vm.assertLe(weight * k, set.totalWeight());
            vm.assertTrue(stakes.ownerOf(signer) != address(0));
        }
        vm.assertEq(sum, set.totalWeight());
        vm.assertLe(set.count, 32);
    }

    /// S3: who is seated has his stake in the contract, though he may have left.
    function invariant_S3_SeatsAreStaked() external view {
        (address blob,,) = stakes.signerSet(0);
        SignerSet memory set = SignerSets.read(blob);
        for (uint256 seat; seat < set.count; ++seat) {
            (address signer, uint96 weight) = set.seatAt(seat);
            IStakeManager.Provider memory provider = stakes.providerOf(stakes.ownerOf(signer));
            vm.assertTrue(provider.state != IStakeManager.ProviderState.None);
            vm.assertLe(weight, provider.stake);
        }
    }

    /// S4: the signer set of an epoch never changes.
    function invariant_S4_FormerSetsStand() external view {
        (, uint32 epoch,) = stakes.signerSet(0);
        for (uint32 i = 1; i <= epoch; ++i) {
            vm.assertEq(stakes.signerSetOf(0, i).codehash, handler.blobHash(i));
        }
    }

    function _fresh() internal override returns (Reach) {
        OracleHandler one = new OracleHandler();
        one.start();
        return one;
    }

    /// The handler does get to all that the invariants are about.
    function test_TheHandlerReachesAllOfIt() external {
        _play(2, 700);
        string[6] memory providers = ["join", "add stake", "rotate", "leave", "withdraw", "epoch"];
        for (uint256 i; i < providers.length; ++i) {
            _count(providers[i]);
        }
        string[16] memory questions = [
            "ask: number",
            "ask: outcome",
            "report values",
            "report agreed",
            "report too early",
            "report invalid",
            "refused: values",
            "refused: agreed",
            "settle",
            "refused: settle",
            "watcher",
            "refused: watcher",
            "veto",
            "refused: veto",
            "deposit",
            "withdraw credit"
        ];
        for (uint256 i; i < questions.length; ++i) {
            _count(questions[i]);
        }
        _mustHaveReachedAll();
    }
}
