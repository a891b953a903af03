// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Assertions} from "../../../src/oracle/gateway/Assertions.sol";
import {Assertion, IAssertionRecipient, IAssertions} from "../../../src/oracle/gateway/IAssertions.sol";
import {IOracle, Question} from "../../../src/oracle/IOracle.sol";
import {Stage} from "../../Stage.sol";
import {Vm} from "../../Test.sol";

contract Recipient is IAssertionRecipient {
    bool public fails;
    uint256 public calls;
    bool public truthful;

    function fail(bool fails_) external {
        fails = fails_;
    }

    function assertionResolvedCallback(bytes32, bool truthful_) external {
        require(!fails);
        ++calls;
        truthful = truthful_;
    }

    function assertionDisputedCallback(bytes32) external {}
}

contract AssertionsTest is Stage {
    uint96 private constant REWARD = 5e6;
    Assertions private desk;
    Recipient private recipient;
    bytes32 private identifier;
    mapping(bytes32 id => Question) private asked;
    string private lastSchema;

    function setUp() public override {
        super.setUp();
        desk = new Assertions(address(oracle), REWARD, 2 days, 0);
        recipient = new Recipient();
        identifier = desk.defaultIdentifier();
        _fund(alice, address(desk), 100e6);
    }

    /* asserting */

    function test_AnAssertionIsAQuestion() external {
        bytes32 id = _assert('It "rained" in Haifa\n', 20e6);
        vm.assertEq(dollar.balanceOf(address(desk)), 15e6);
        vm.assertEq(dollar.balanceOf(address(oracle)), 5e6);
        Assertion memory assertion = desk.getAssertion(id);
        vm.assertEq(assertion.asserter, alice);
        vm.assertEq(assertion.bond, 20e6);
        vm.assertEq(uint256(assertion.expirationTime), block.timestamp + 2 days);
        vm.assertEq(vm.parseJsonString(lastSchema, ".description"), 'It "rained" in Haifa\n');
        vm.assertEq(vm.parseJsonString(lastSchema, ".kind"), "bool");
        vm.assertEq(vm.parseJsonUint(lastSchema, ".observeAt"), block.timestamp);
    }

    function test_RevertWhen_TermsDoNotFit() external {
        vm.startPrank(alice);
        address usd = address(dollar);
        vm.expectRevert(IAssertions.Assertions_NoEscalation.selector);
        desk.assertTruth("claim", alice, address(0), bob, 3_600, usd, 20e6, identifier, 0);
        vm.expectPartialRevert(IAssertions.Assertions_WrongCurrency.selector);
        desk.assertTruth("claim", alice, address(0), address(0), 3_600, bob, 20e6, identifier, 0);
        vm.expectPartialRevert(IAssertions.Assertions_WrongIdentifier.selector);
        desk.assertTruth("claim", alice, address(0), address(0), 3_600, usd, 20e6, "other", 0);
        vm.expectRevert(abi.encodeWithSelector(IAssertions.Assertions_BondTooSmall.selector, REWARD - 1, REWARD));
        desk.assertTruth("claim", alice, address(0), address(0), 3_600, usd, REWARD - 1, identifier, 0);
        vm.expectRevert(abi.encodeWithSelector(IAssertions.Assertions_BadClaim.selector, 0));
        desk.assertTruthWithDefaults("", alice);
        vm.expectRevert(IAssertions.Assertions_NobodyAsserts.selector);
        desk.assertTruthWithDefaults("claim", address(0));
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadTerms.selector, "liveness"));
        desk.assertTruth("claim", alice, address(0), address(0), type(uint64).max, usd, 20e6, identifier, 0);
    }

    /* settling */

    function test_TrueGivesTheRestBack() external {
        bytes32 id = _assert("claim", 20e6);
        _answer(id, 1);
        uint256 before = dollar.balanceOf(alice);
        vm.assertTrue(desk.settleAndGetAssertionResult(id));
        vm.assertEq(dollar.balanceOf(alice) - before, 15e6);
        vm.assertTrue(recipient.truthful());
        vm.assertEq(recipient.calls(), 1);
        vm.assertTrue(desk.getAssertionResult(id));
        vm.expectRevert(abi.encodeWithSelector(IAssertions.Assertions_AlreadySettled.selector, id));
        desk.settleAssertion(id);
        vm.assertEq(dollar.balanceOf(address(desk)), 0);
    }

    function test_FalseGivesTheRestToTheTreasury() external {
        bytes32 id = _assert("claim", 20e6);
        _answer(id, 0);
        vm.assertTrue(!desk.settleAndGetAssertionResult(id));
        vm.assertEq(dollar.balanceOf(treasury), 15e6);
        vm.assertTrue(!recipient.truthful());
        vm.assertEq(recipient.calls(), 1);
    }

    function test_WithoutAnAnswerTheWholeBondGoesBack() external {
        bytes32 first = _assert("claim", 20e6);
        bytes32 second = _assert("claim", 20e6);
        vm.assertTrue(first != second);
        vm.warp(block.timestamp + 2 days + 1);
        uint256 before = dollar.balanceOf(alice);
        desk.settleAssertion(first);
        vm.assertEq(dollar.balanceOf(alice) - before, 20e6);
        vm.assertTrue(!desk.getAssertionResult(first));
        // Somebody else may have had the reward settled before.
        oracle.settleReward(asked[second]);
        desk.settleAssertion(second);
        vm.assertEq(dollar.balanceOf(alice) - before, 40e6);
        vm.assertEq(dollar.balanceOf(address(desk)), 0);
    }

    function test_RevertWhen_SettledBeforeTheAnswerIsFinal() external {
        bytes32 id = _assert("claim", 20e6);
        bytes memory why = abi.encodeWithSelector(IAssertions.Assertions_NotSettled.selector, id);
        vm.expectRevert(why);
        desk.settleAssertion(id);
        _agree(asked[id], 1, 7);
        vm.expectRevert(why);
        desk.settleAssertion(id);
        vm.expectRevert(why);
        desk.getAssertionResult(id);
        vm.expectRevert(abi.encodeWithSelector(IAssertions.Assertions_NotDisputed.selector, id));
        desk.disputeAssertion(id, bob);
        vm.expectRevert(abi.encodeWithSelector(IAssertions.Assertions_Unknown.selector, bytes32(0)));
        desk.settleAssertion(bytes32(0));
    }

    function test_AFailingRecipientBlocksNobody() external {
        bytes32 id = _assert("claim", 20e6);
        _answer(id, 1);
        recipient.fail(true);
        uint256 before = dollar.balanceOf(alice);
        desk.settleAssertion(id);
        vm.assertEq(dollar.balanceOf(alice) - before, 15e6);
        vm.assertEq(recipient.calls(), 0);
        recipient.fail(false);
        desk.retryCallback(id);
        vm.assertEq(recipient.calls(), 1);
        vm.expectRevert(abi.encodeWithSelector(IAssertions.Assertions_NothingToTell.selector, id));
        desk.retryCallback(id);
    }

    /* INSIDE */

    function _assert(bytes memory claim, uint256 bond) private returns (bytes32 id) {
        vm.recordLogs();
        vm.prank(alice);
        id = desk.assertTruth(claim, alice, address(recipient), address(0), 3_600, address(dollar), bond, identifier, 0);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] != IOracle.Asked.selector) continue;
            (Question memory terms, string memory schema_) = abi.decode(logs[i].data, (Question, string));
            (asked[id], lastSchema) = (terms, schema_);
        }
    }

    function _answer(bytes32 id, int96 value) private {
        _agree(asked[id], value, 7);
        vm.warp(block.timestamp + 2 * 3_600);
    }
}
