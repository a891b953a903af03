// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Dispute, Ruling, Verdict} from "../../src/oracle/Dispute.sol";
import {Aggregation, IOracle, OracleLimits, Question} from "../../src/oracle/IOracle.sol";
import {DepositRule} from "../../src/oracle/rules/DepositRule.sol";
import {IBuiltOracle} from "../Deployed.sol";
import {Stage} from "../Stage.sol";

contract OracleWindowsTest is Stage {
    uint96 private constant UNIT = 100; // so small that a third of the stake secures every tier

    /// @dev Eight providers of equal weight in place of the four, and an oracle with half an hour for the lowest tier.
    function setUp() public override {
        super.setUp();
        for (uint256 i = 4; i < 8; ++i) {
            _join(i, STAKE);
        }
        vm.warp(START + EPOCH);
        stakes.advanceEpoch(0);
        OracleLimits memory limits = _limits();
        (limits.lowestWindow, limits.commitTier, limits.unit) = (30 minutes, type(uint96).max, UNIT);
        oracle = _newOracle(address(dollar), limits);
        vm.warp(_numeric().opensAt);
        _seal(address(0), address(0));
    }

    /* asking */

    function test_LivenessFollowsWhatIsSecured() external {
        uint96[9] memory secures =
            [uint96(0), 9_999, 10_000, 99_999, 100_000, 999_999, 1_000_000, 9_999_999, 10_000_000];
        uint32[9] memory minutes_ = [uint32(15), 15, 60, 60, 180, 180, 720, 720, 1_440];
        for (uint256 i; i < 9; ++i) {
            Question memory terms = _numeric();
            (terms.secures, terms.liveness) = (secures[i] * UNIT, minutes_[i] * 60 - 1);
            vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadTerms.selector, "liveness"));
            vm.prank(asker);
            oracle.ask(terms, schema);
            ++terms.liveness;
            _ask(terms);
        }
    }

    function test_RevertWhen_TheHighestWindowDoesNotFit() external {
        OracleLimits memory limits = _limits();
        limits.lowestWindow = 30 minutes;
        IBuiltOracle fits = _newOracle(address(dollar), limits);
        vm.assertEq(96 * uint256(fits.LOWEST_WINDOW()), fits.MAX_LIVENESS());
        limits.lowestWindow = 30 minutes + 1;
        _doesNotFit(limits);
        limits.lowestWindow = 0;
        _doesNotFit(limits);
    }

    function _doesNotFit(OracleLimits memory limits) private {
        bytes memory code = _oracleCode(address(stakes), address(dollar), treasury, address(wires), limits);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadTerms.selector, "liveness"));
        _create(code);
    }

    /* answering */

    function test_FourFifthsHaveTheWindowAsItIs() external {
        vm.assertEq(_windowOf(_asked(30 minutes, 0), 7, 5), 30 minutes);
        vm.assertEq(_windowOf(_asked(45 minutes, 1), 8, 5), 45 minutes);
    }

    function test_LessAgreementDoubles() external {
        vm.assertEq(_windowOf(_asked(30 minutes, 0), 6, 5), 60 minutes);
        Question memory terms = _asked(30 minutes, 1);
        _agree(terms, 5, 63);
        vm.assertEq(_window(terms), 60 minutes);
    }

    function test_WhoSaysSomethingElseDoubles() external {
        Question memory terms = _asked(30 minutes, 0);
        int96[] memory values = new int96[](8);
        (values[6], values[7]) = (900, 1_000); // two of eight: 75 % agree
        oracle.reportValues(terms, _epoch(), _entries(oracle.idOf(terms), values));
        vm.assertEq(_window(terms), 60 minutes);
    }

    function test_TwoSignsDoubleOnce() external {
        _breaker();
        vm.assertEq(_windowOf(_asked(30 minutes, 0), 6, 5), 60 minutes);
        vm.assertEq(_windowOf(_asked(30 minutes, 1), 8, 5), 60 minutes);
    }

    function test_ShortOnlyForAClearAnswer() external {
        vm.assertEq(_windowOf(_asked(15 minutes, 0), 8, 5), 15 minutes);
        // Seven of eight are 87.5 %: enough signers, too little agreement.
        vm.assertEq(_windowOf(_asked(15 minutes, 1), 7, 5), 30 minutes);
        vm.assertEq(_windowOf(_asked(15 minutes, 2), 6, 5), 60 minutes);
        _breaker();
        vm.assertEq(_windowOf(_asked(15 minutes, 3), 8, 5), 30 minutes);
        vm.assertEq(_windowOf(_asked(15 minutes, 4), 7, 5), 60 minutes);
    }

    function test_RootsLikewise() external {
        Question memory terms = _numeric();
        (terms.aggregation, terms.tolerance, terms.liveness) = (Aggregation.Root, 0, 15 minutes);
        uint256[3] memory seats = [uint256(255), 127, 63];
        uint256[3] memory wanted = [uint256(15 minutes), 30 minutes, 60 minutes];
        for (uint256 i; i < 3; ++i) {
            terms.nonce = uint64(i);
            bytes32 question = _ask(terms);
            oracle.reportRoot(
                terms, _epoch(), keccak256("root"), seats[i], _signedRoot(question, keccak256("root"), seats[i], 0)
            );
            vm.assertEq(_window(terms), wanted[i]);
        }
    }

    function test_RestoredLikewise() external {
        wires.set("ladder", address(this));
        Question memory terms = _asked(30 minutes, 0);
        _agree(terms, 5, 63);
        bytes32 question = oracle.idOf(terms);
        _fund(bob, address(oracle), 1_000e6);
        vm.prank(bob);
        oracle.deposit(bob, 1_000e6);
        Dispute memory d =
            Dispute(question, _word(question), 0, bob, 6, 0, oracle.depositFor(question), uint40(block.timestamp));
        vm.prank(bob);
        oracle.dispute(question, 6, 0);
        oracle.rule(terms, d, Ruling(Verdict.Restore, false, 0, 0, 0, 0, 0));
        vm.assertEq(_window(terms), 60 minutes);
    }

    function testFuzz_WindowsAreTheRules(uint96 secures, uint32 liveness, uint8 signers, bool surge) external {
        secures = uint96(_bound(secures, 0, 20_000_000 * UNIT));
        signers = uint8(_bound(signers, 6, 8));
        uint256 base = DepositRule.baseWindow(secures, UNIT, 30 minutes);
        liveness = uint32(_bound(liveness, DepositRule.leastLiveness(base), 2 days));
        if (surge) _breaker();
        Question memory terms = _numeric();
        (terms.secures, terms.liveness) = (secures, liveness);
        _ask(terms);
        uint256 window = _windowOf(terms, signers, 5);
        vm.assertEq(window, DepositRule.window(liveness, base, uint256(signers) * 10_000 / 8, signers, surge));
    }

    /* INSIDE */

    function _asked(uint32 liveness, uint64 nonce) private returns (Question memory terms) {
        terms = _numeric();
        (terms.liveness, terms.nonce) = (liveness, nonce);
        _ask(terms);
    }

    /// @dev What the first `count` of eight say is answered now; its window.
    function _windowOf(Question memory terms, uint256 count, int96 value) private returns (uint256) {
        int96[] memory values = new int96[](count);
        for (uint256 i; i < count; ++i) {
            values[i] = value;
        }
        oracle.reportValues(terms, _epoch(), _entries(oracle.idOf(terms), values));
        return _window(terms);
    }

    function _window(Question memory terms) private view returns (uint256) {
        return _word(oracle.idOf(terms)).finalizeAt() - block.timestamp;
    }

    /// @dev Windows are doubled for a day.
    function _breaker() private {
        vm.prank(address(guard));
        stakes.slow(uint40(block.timestamp) + 1 days);
    }
}
