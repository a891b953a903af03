// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {INVALID} from "../../src/oracle/AnswerWord.sol";
import {IOracle, OracleLimits, Question, Status} from "../../src/oracle/IOracle.sol";
import {Stage} from "../Stage.sol";

contract OracleAskTest is Stage {
    function test_RevertWhen_CallerIsNotTheAsker() external {
        // Squatting: somebody else's terms would block the id that he computed and announced.
        Question memory terms = _numeric();
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotAsker.selector, asker, stranger));
        vm.prank(stranger);
        oracle.ask(terms, schema);
    }

    function test_RevertWhen_AskedBefore() external {
        Question memory terms = _numeric();
        bytes32 question = _ask(terms);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_AlreadyAsked.selector, question));
        vm.prank(asker);
        oracle.ask(terms, schema);
    }

    function test_RevertWhen_BoundsCrossOrHoldASentinel() external {
        Question memory terms = _numeric();
        terms.min = terms.max + 1;
        _refused(terms, "bounds");
        terms.min = INVALID;
        _refused(terms, "bounds");
    }

    function test_RevertWhen_OpensAtOrAfterTheDeadline() external {
        Question memory terms = _numeric();
        terms.opensAt = terms.deadline;
        _refused(terms, "opensAt");
    }

    function test_RevertWhen_DeadlinePastOrTooFar() external {
        Question memory terms = _numeric();
        terms.opensAt = START - 10;
        terms.deadline = START;
        _refused(terms, "deadline");
        terms.deadline = START + 90 days + 1;
        _refused(terms, "deadline");
    }

    function test_RevertWhen_LivenessTooShortOrTooLong() external {
        Question memory terms = _numeric();
        terms.liveness = 29;
        _refused(terms, "liveness");
        terms.liveness = 2 days + 1;
        _refused(terms, "liveness");
    }

    function test_RevertWhen_AToleranceWouldOverstateAPlurality() external {
        // Outcomes 0 and 1 are one apart: with a tolerance of 1 votes for either would count for the other.
        Question memory terms = _categorical(3);
        terms.tolerance = 1;
        _refused(terms, "tolerance");
    }

    function test_RevertWhen_SchemaEmptyOrHuge() external {
        Question memory terms = _numeric();
        schema = "";
        _refused(terms, "schema");
        schema = string(new bytes(16_385));
        _refused(terms, "schema");
    }

    function test_RevertWhen_SchemaHashDiffers() external {
        Question memory terms = _numeric();
        bytes32 got = keccak256("another");
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_SchemaMismatch.selector, terms.schema, got));
        vm.prank(asker);
        oracle.ask(terms, "another");
    }

    function test_RevertWhen_AFieldHasDirtyBits() external {
        // The id is hashed from raw calldata; what no honest encoder makes must not get one.
        Question memory terms = _numeric();
        bytes memory data = abi.encodeCall(IOracle.ask, (terms, schema));
        uint256 before = vm.snapshotState();
        vm.prank(asker);
        (bool clean,) = address(oracle).call(data);
        vm.assertTrue(clean);
        vm.revertToState(before);
        data[4 + 32 * 6] = 0x01; // high byte of opensAt
        vm.prank(asker);
        (bool done,) = address(oracle).call(data);
        vm.assertTrue(!done);
    }

    function test_AskOpensTheQuestion() external {
        Question memory terms = _numeric();
        bytes32 question = oracle.idOf(terms);
        vm.assertEq(question, keccak256(abi.encode(terms)));
        vm.assertTrue(_status(question) == Status.Unknown);
        vm.expectEmit(address(oracle));
        emit IOracle.Asked(question, asker, terms, schema);
        vm.assertEq(_ask(terms), question);
        (Status status, int96 value, uint40 opensAt, uint16 confidence) = oracle.get(question);
        vm.assertTrue(status == Status.Open);
        vm.assertEq(int256(value), 0);
        vm.assertEq(uint256(opensAt), terms.opensAt);
        vm.assertEq(uint256(confidence), 0);
    }

    function test_RewardComesFromCreditFirst() external {
        Question memory terms = _numeric();
        terms.reward = 100;
        _fund(asker, address(oracle), 1_000);
        vm.prank(asker);
        oracle.deposit(asker, 60);
        uint256 before = dollar.balanceOf(asker);
        vm.prank(asker);
        oracle.ask(terms, schema);
        vm.assertEq(before - dollar.balanceOf(asker), 40);
        vm.assertEq(uint256(oracle.creditOf(asker)), 0);
    }

    function test_RevertWhen_RewardIsNotThere() external {
        Question memory terms = _numeric();
        terms.reward = 100;
        vm.expectRevert(IOracle.TransferFromFailed.selector);
        vm.prank(asker);
        oracle.ask(terms, schema);
    }

    function test_InvalidOnceTheDeadlinePassed() external {
        Question memory terms = _numeric();
        bytes32 question = _ask(terms);
        vm.warp(terms.deadline);
        vm.assertTrue(_status(question) == Status.Open);
        vm.warp(terms.deadline + 1);
        (Status status,, uint40 at,) = oracle.get(question);
        vm.assertTrue(status == Status.Invalid);
        vm.assertEq(uint256(at), terms.deadline);
    }

    function test_RevertWhen_DeployedWithImpossibleLimits() external {
        OracleLimits memory limits = _limits();
        limits.providerShareBps = 10_001;
        _undeployable("providerShareBps", limits);
        limits = _limits();
        limits.maxLiveness = 96 * limits.lowestWindow - 1;
        _undeployable("liveness", limits);
        limits = _limits();
        limits.unit = 0;
        _undeployable("unit", limits);
        limits = _limits();
        limits.commitSeconds = 0;
        _undeployable("commitSeconds", limits);
        limits = _limits();
        limits.leastDeposit = 0;
        _undeployable("deposit", limits);
        limits.leastDeposit = limits.mostDeposit + 1;
        _undeployable("deposit", limits);
        bytes memory code = _oracleCode(address(stakes), address(dollar), address(0), address(wires), _limits());
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadTerms.selector, "treasury"));
        _create(code);
    }

    function _undeployable(string memory what, OracleLimits memory limits) private {
        bytes memory code = _oracleCode(address(stakes), address(dollar), treasury, address(wires), limits);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadTerms.selector, what));
        _create(code);
    }

    function _refused(Question memory terms, string memory what) private {
        terms.schema = keccak256(bytes(schema));
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadTerms.selector, what));
        vm.prank(asker);
        oracle.ask(terms, schema);
    }
}
