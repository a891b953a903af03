// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord} from "../../../src/oracle/AnswerWord.sol";
import {Dispute, Ruling, Verdict} from "../../../src/oracle/Dispute.sol";
import {Assertions} from "../../../src/oracle/gateway/Assertions.sol";
import {IOracle, Question} from "../../../src/oracle/IOracle.sol";
import {Stage} from "../../Stage.sol";
import {Vm} from "../../Test.sol";

/// @dev What somebody who wants another's bond held up tries.
contract AssertionAttacksTest is Stage {
    uint96 private constant REWARD = 5e6;
    Assertions private desk;
    mapping(bytes32 id => Question) private asked;

    function setUp() public override {
        super.setUp();
        desk = new Assertions(address(oracle), REWARD, 2 days, 0);
        _fund(alice, address(desk), 100e6);
        _fund(bob, address(desk), 100e6);
    }

    /// The credit of one assertion pays for the next one's question: the tokens it saved must pay in its place.
    function test_AnotherAssertionDoesNotSpendTheReward() external {
        uint256 before = dollar.balanceOf(alice);
        bytes32 id = _assert(alice, 100e6);
        vm.warp(block.timestamp + 2 days + 1);
        oracle.settleReward(asked[id]);
        _assert(bob, REWARD);
        desk.settleAssertion(id);
        vm.assertEq(dollar.balanceOf(alice), before);
        vm.assertEq(dollar.balanceOf(address(desk)), 0);
    }

    /// Nobody signed what a jury answers, so the reward comes back, and must not stay here.
    function test_TheRewardOfAJurysAnswerComesBack() external {
        bytes32 id = _assert(alice, 100e6);
        _agree(asked[id], 0, 7);
        AnswerWord word = _word(id);
        _fund(stranger, address(oracle), 250e6);
        vm.startPrank(stranger);
        oracle.deposit(stranger, 250e6);
        oracle.dispute(id, 1, 0);
        vm.stopPrank();
        wires.set("ladder", address(this));
        Ruling memory ruling;
        (ruling.verdict, ruling.value) = (Verdict.Replace, 1);
        oracle.rule(asked[id], Dispute(id, word, 0, stranger, 1, 0, 250e6, uint40(block.timestamp)), ruling);
        uint256 before = dollar.balanceOf(alice);
        desk.settleAssertion(id);
        vm.assertEq(dollar.balanceOf(alice) - before, 100e6);
        vm.assertEq(uint256(oracle.creditOf(address(desk))), 0);
    }

    /// Whom the token refuses keeps nobody from the result, and has his bond as credit.
    function test_OneWhoMayNotHoldTokensHoldsUpNobody() external {
        bytes32 id = _assert(alice, 100e6);
        _agree(asked[id], 1, 7);
        vm.warp(block.timestamp + 3 days);
        vm.mockCallRevert(address(dollar), abi.encodeWithSignature("transfer(address,uint256)", alice, 95e6), "");
        vm.assertTrue(desk.settleAndGetAssertionResult(id));
        vm.assertEq(uint256(oracle.creditOf(alice)), 95e6);
        vm.assertEq(dollar.balanceOf(address(desk)), 0);
    }

    function _assert(address who, uint256 bond) private returns (bytes32 id) {
        bytes32 identifier = desk.defaultIdentifier();
        vm.recordLogs();
        vm.prank(who);
        id = desk.assertTruth("claim", who, address(0), address(0), 3_600, address(dollar), bond, identifier, 0);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] != IOracle.Asked.selector) continue;
            (Question memory terms,) = abi.decode(logs[i].data, (Question, string));
            asked[id] = terms;
        }
    }
}
