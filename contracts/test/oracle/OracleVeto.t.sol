// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IMarkets, Market} from "../../src/markets/IMarkets.sol";
import {AnswerWord, AnswerWords, INVALID} from "../../src/oracle/AnswerWord.sol";
import {Dispute, RootAnswer, Ruling, Verdict} from "../../src/oracle/Dispute.sol";
import {Aggregation, IOracle, Question, Status} from "../../src/oracle/IOracle.sol";
import {Stage} from "../Stage.sol";

/// @dev The watcher is bob. Here the ladder is an account.
contract OracleVetoTest is Stage {
    bytes32 private constant REASON = keccak256("the page says otherwise");
    uint256 private constant ALL = 15;

    address private immutable ladder = _account("ladder");
    Question private terms;
    bytes32 private question;

    function setUp() public override {
        super.setUp();
        wires.set("ladder", ladder);
        terms = _categorical(3);
        terms.reward = 100;
        question = _ask(terms);
        _name(terms, bob);
        _fund(stranger, address(oracle), 10_000e6);
        vm.prank(stranger);
        oracle.deposit(alice, 5_000e6);
    }

    /* setWatcher */

    function test_RevertWhen_NotTheAsker() external {
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotAsker.selector, asker, bob));
        vm.prank(bob);
        oracle.setWatcher(terms, alice);
    }

    function test_RevertWhen_ItOpened() external {
        vm.warp(terms.opensAt);
        _name(terms, alice);
        vm.warp(terms.opensAt + 1);
        _unnameable(Status.Open);
        vm.warp(terms.deadline + 1);
        _unnameable(Status.Invalid);
    }

    function test_RevertWhen_Answered() external {
        terms.endsEarly = true;
        question = _ask(terms);
        _agree(terms, 1, ALL);
        _unnameable(Status.Answered);
    }

    function test_RevertWhen_OpenAgain() external {
        terms.endsEarly = true;
        question = _ask(terms);
        _name(terms, bob);
        _agree(terms, 1, ALL);
        _veto();
        _rule(_dispute(2), Verdict.Reopen, 0);
        vm.assertTrue(_status(question) == Status.Open && block.timestamp < terms.opensAt);
        _unnameable(Status.Open);
    }

    function test_RevertWhen_NobodyAsked() external {
        terms.nonce = 7;
        question = oracle.idOf(terms);
        _unnameable(Status.Unknown);
    }

    function test_TheLastOneNamedWatches() external {
        vm.expectEmit(address(oracle));
        emit IOracle.WatcherSet(question, alice);
        _name(terms, alice);
        vm.assertEq(oracle.watchedBy(question), alice);
        _name(terms, address(0));
        vm.assertEq(oracle.watchedBy(question), address(0));
    }

    /* veto */

    function test_RevertWhen_NotTheWatcher() external {
        _answer();
        address[2] memory others = [asker, alice];
        for (uint256 i; i < 2; ++i) {
            _refused(others[i]);
        }
    }

    function test_RevertWhen_NobodyWasNamed() external {
        terms.nonce = 1;
        question = _ask(terms);
        _answer();
        _refused(bob);
    }

    function test_RevertWhen_ThereIsNothingToPutOff() external {
        _tooLate(Status.Open);
        _answer();
        vm.warp(terms.opensAt + WINDOW);
        _tooLate(Status.Final);
        vm.warp(block.timestamp + 365 days);
        _tooLate(Status.Final);
    }

    function test_RevertWhen_Disputed() external {
        _answer();
        _dispute(2);
        _tooLate(Status.Disputed);
    }

    function test_RevertWhen_DoneBefore() external {
        _answer();
        _veto();
        _refused(bob);
        vm.assertEq(oracle.watchedBy(question), address(0));
    }

    function test_RevertWhen_AnsweredAnew() external {
        _answer();
        _veto();
        _rule(_dispute(2), Verdict.Reopen, 0);
        vm.warp(_word(question).notBefore());
        _agree(terms, 2, ALL);
        _refused(bob);
    }

    function test_PutsOffByOneLiveness() external {
        _answer();
        AnswerWord before = _word(question);
        vm.warp(before.finalizeAt() - 1);
        vm.expectEmit(address(oracle));
        emit IOracle.Vetoed(question, bob, before.finalizeAt() + LIVENESS, REASON);
        _veto();
        AnswerWord word = _word(question);
        vm.assertEq(
            AnswerWord.unwrap(word), AnswerWord.unwrap(before.withFinalizeAt(before.finalizeAt() + terms.liveness))
        );
        vm.warp(word.finalizeAt() - 1);
        vm.assertTrue(_status(question) == Status.Answered);
        vm.warp(word.finalizeAt());
        (Status status, int96 value,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 1);
    }

    function test_PutsOffARoot() external {
        terms = _numeric();
        (terms.aggregation, terms.tolerance) = (Aggregation.Root, 0);
        question = _ask(terms);
        _name(terms, bob);
        vm.warp(terms.opensAt);
        bytes32 root = keccak256("many");
        oracle.reportRoot(terms, 1, root, ALL, _signedRoot(question, root, ALL, 0));
        uint40 at = _word(question).finalizeAt();
        _veto();
        vm.assertEq(_word(question).finalizeAt(), at + LIVENESS);
        vm.warp(at);
        vm.assertTrue(_status(question) == Status.Answered);
        // It is the same answer: whoever brings its facts may object to it.
        AnswerWord facts = AnswerWords.answeredWord(0, 0, 10_000, uint32(ALL), 1, 0).withDisputes(0, 250).asRoot();
        vm.prank(alice);
        oracle.disputeRoot(question, RootAnswer(root, facts), 0, keccak256("others"), 0);
        vm.assertTrue(_status(question) == Status.Disputed);
    }

    function test_PutsOffInvalid() external {
        vm.warp(terms.opensAt);
        _agree(terms, INVALID, 7);
        uint40 at = _word(question).finalizeAt();
        _veto();
        vm.warp(at);
        vm.assertTrue(_status(question) == Status.Answered);
        vm.warp(at + LIVENESS);
        vm.assertTrue(_status(question) == Status.Invalid);
    }

    function test_NeverByMoreThanHalfOfTheLongest() external {
        terms.nonce = 1;
        terms.liveness = uint32(oracle.MAX_LIVENESS());
        question = _ask(terms);
        _name(terms, bob);
        _answer();
        uint40 at = _word(question).finalizeAt();
        _veto();
        vm.assertEq(_word(question).finalizeAt(), at + oracle.MAX_LIVENESS() / 2);
    }

    /* while it is put off */

    function test_AnybodyMayObject() external {
        _answer();
        _veto();
        vm.warp(terms.opensAt + WINDOW + LIVENESS - 1);
        Dispute memory d = _dispute(2);
        // From here on it is a dispute like any other.
        _rule(d, Verdict.Replace, 2);
        (Status status, int96 value,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final && value == 2);
    }

    function test_APauseAddsToIt() external {
        _answer();
        _veto();
        vm.warp(block.timestamp + 10);
        pauses.pause(1 hours);
        bytes32[] memory questions = new bytes32[](1);
        questions[0] = question;
        oracle.hold(questions);
        oracle.hold(questions);
        vm.assertEq(_word(question).finalizeAt(), terms.opensAt + WINDOW + LIVENESS + 1 hours);
    }

    function test_NoMarketPays() external {
        terms.nonce = 1;
        question = _ask(terms);
        _name(terms, bob);
        Market memory market = Market(question, asker, terms.opensAt, 0, 3, new int96[](0));
        bytes32 id = markets.open(market, terms);
        _fund(alice, address(markets), 100e6);
        vm.prank(alice);
        markets.stake(id, 1, 100e6);
        _answer();
        uint40 at = _word(question).finalizeAt();
        vm.warp(at - 1);
        _veto();
        uint40[2] memory moments = [at, at + LIVENESS - 1];
        for (uint256 i; i < 2; ++i) {
            vm.warp(moments[i]);
            vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_NotSettled.selector, id));
            markets.claim(market, 1, alice);
        }
        vm.warp(at + LIVENESS);
        vm.assertEq(uint256(markets.claim(market, 1, alice)), 100e6);
    }

    function test_NoRewardIsSettled() external {
        _answer();
        _veto();
        vm.warp(terms.opensAt + WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotSettleable.selector, question, Status.Answered));
        oracle.settleReward(terms);
        vm.warp(block.timestamp + LIVENESS);
        oracle.settleReward(terms);
    }

    /// Whoever has the watcher's key, and the asker's, may try whatever he likes whenever he likes.
    function testFuzz_AStolenKeyCostsOneLiveness(uint256 seed) external {
        _answer();
        uint40 honest = _word(question).finalizeAt();
        for (uint256 i; i < 24; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(block.timestamp + seed % 10 minutes);
            vm.prank(bob);
            try oracle.veto(terms, bytes32(seed)) {} catch {}
            vm.prank(asker);
            try oracle.setWatcher(terms, bob) {} catch {}
            vm.assertLe(_word(question).finalizeAt(), honest + LIVENESS);
        }
        vm.warp(honest + LIVENESS);
        vm.assertTrue(_status(question) == Status.Final);
    }

    /* INSIDE */

    function _name(Question memory whose, address watcher) private {
        vm.prank(asker);
        oracle.setWatcher(whose, watcher);
    }

    function _answer() private {
        vm.warp(terms.opensAt);
        _agree(terms, 1, 7);
    }

    function _veto() private {
        vm.prank(bob);
        oracle.veto(terms, REASON);
    }

    function _unnameable(Status status) private {
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotOpen.selector, question, status));
        vm.prank(asker);
        oracle.setWatcher(terms, alice);
    }

    function _refused(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotWatcher.selector, question, caller));
        vm.prank(caller);
        oracle.veto(terms, REASON);
    }

    function _tooLate(Status status) private {
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotDisputable.selector, question, status));
        _veto();
    }

    function _dispute(int96 claim) private returns (Dispute memory d) {
        AnswerWord word = _word(question);
        vm.prank(alice);
        oracle.dispute(question, claim, 0);
        d = Dispute(question, word, 0, alice, claim, 0, 250e6, uint40(block.timestamp));
    }

    function _rule(Dispute memory d, Verdict verdict, int96 value) private {
        vm.prank(ladder);
        oracle.rule(terms, d, Ruling(verdict, false, value, 0, 0, 0, 0));
    }
}
