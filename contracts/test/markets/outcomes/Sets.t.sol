// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IOutcomeTokens} from "../../../src/markets/outcomes/IOutcomeTokens.sol";
import {INVALID} from "../../../src/oracle/AnswerWord.sol";
import {Aggregation, Question} from "../../../src/oracle/IOracle.sol";
import {Vm} from "../../Test.sol";
import {OutcomeStage} from "./OutcomeStage.sol";

contract SetsTest is OutcomeStage {
    bytes32 private question;

    function setUp() public override {
        super.setUp();
        question = _ask(_sides());
        _rich(0);
        _rich(1);
    }

    /* SETS */

    /// @dev Two questions share their tokens only where they differ in nothing but the lowest six bits.
    function testFuzz_IdsAreTheQuestionsOwn(bytes32 any, uint8 outcome) external {
        outcome %= 32;
        uint256 yes = uint256(any) & ~uint256(63) | 2 * outcome;
        vm.assertEq(tokens.yesOf(any, outcome), yes);
        vm.assertEq(tokens.noOf(any, outcome), yes | 1);
        bytes memory none =
            abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoOutcome.selector, any, 32 + uint256(outcome));
        vm.expectRevert(none);
        tokens.yesOf(any, 32 + outcome);
        vm.expectRevert(none);
        tokens.noOf(any, 32 + outcome);
    }

    function test_SplitMakesBothSides() external {
        vm.expectEmit(address(tokens));
        emit IOutcomeTokens.Transfer(_trader(0), address(0), _trader(0), tokens.yesOf(question, 0), 5e6);
        vm.expectEmit(address(tokens));
        emit IOutcomeTokens.Transfer(_trader(0), address(0), _trader(0), tokens.noOf(question, 0), 5e6);
        _split(0, question, 5e6);
        _holds(0, question, 5e6, 5e6);
        vm.assertEq(dollar.balanceOf(address(tokens)), 5e6);
    }

    function test_MergeGivesBackAtAnyTime() external {
        _split(0, question, 5e6);
        _resolve(_sides(), 1);
        tokens.settle(_sides());
        uint256 before = dollar.balanceOf(_trader(0));
        _willBurn(_trader(0), 0, tokens.yesOf(question, 0), 2e6);
        _willBurn(_trader(0), 0, tokens.noOf(question, 0), 2e6);
        vm.prank(_trader(0));
        tokens.merge(question, 0, 2e6);
        _holds(0, question, 3e6, 3e6);
        vm.assertEq(dollar.balanceOf(_trader(0)), before + 2e6);
    }

    function test_RevertWhen_MergingWhatOneHasNot() external {
        uint256[2] memory ids = [tokens.yesOf(question, 0), tokens.noOf(question, 0)];
        for (uint256 i; i < 2; ++i) {
            _split(i, question, 5e6);
            vm.prank(_trader(i));
            tokens.transfer(stranger, ids[i], 1);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IOutcomeTokens.OutcomeTokens_InsufficientBalance.selector, _trader(i), ids[i], 5e6 - 1, 5e6
                )
            );
            vm.prank(_trader(i));
            tokens.merge(question, 0, 5e6);
        }
    }

    function test_RevertWhen_NothingIsSplitOrMerged() external {
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_BadAmount.selector, 0));
        tokens.split(question, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_BadAmount.selector, 0));
        tokens.merge(question, 0, 0);
    }

    /* SETTLING */

    function test_YesIsWorthOneOrNothing() external {
        _split(0, question, 5e6);
        uint256 yes = tokens.yesOf(question, 0);
        vm.prank(_trader(0));
        tokens.transfer(_trader(1), yes, 5e6);
        _resolve(_sides(), 1);
        _settles(_sides(), 10_000);
        uint256 before = dollar.balanceOf(_trader(1));
        vm.prank(stranger);
        vm.assertEq(tokens.redeem(question, 1, _trader(1)), 5e6);
        vm.assertEq(dollar.balanceOf(_trader(1)), before + 5e6);
        vm.assertEq(tokens.redeem(question, 1, _trader(0)), 0);
        _holds(0, question, 0, 0);
    }

    function test_RedeemingBurnsWhatOneHolds() external {
        (uint256 yes, uint256 no) = (tokens.yesOf(question, 0), tokens.noOf(question, 0));
        _split(0, question, 5e6);
        _split(1, question, 3e6);
        vm.prank(_trader(0));
        tokens.transfer(stranger, yes, 5e6 - 1);
        vm.prank(_trader(0));
        tokens.transfer(bob, no, 5e6);
        _resolve(_sides(), 1);
        tokens.settle(_sides());
        _willBurn(address(this), 1, yes, 3e6);
        _willBurn(address(this), 1, no, 3e6);
        tokens.redeem(question, 1, _trader(1));
        // A side that one does not hold is not burned, and nothing is not paid.
        vm.assertEq(_logsOfRedeeming(bob), 1, "what is worth nothing");
        vm.assertEq(_logsOfRedeeming(stranger), 2, "and its price");
        uint256 before = dollar.balanceOf(_trader(0));
        vm.assertEq(_logsOfRedeeming(_trader(0)), 2);
        vm.assertEq(dollar.balanceOf(_trader(0)), before + 1, "a single unit too");
    }

    function test_AnInvalidQuestionHalves() external {
        _split(0, question, 5e6);
        _resolve(_sides(), INVALID);
        _settles(_sides(), 5_000);
        vm.assertEq(tokens.redeem(question, 1, _trader(0)), 5e6);
    }

    function test_AnUnansweredQuestionHalves() external {
        _split(0, question, 5e6);
        vm.warp(uint256(_sides().deadline) + 1);
        _settles(_sides(), 5_000);
    }

    function testFuzz_ANumberSharesInProportion(uint256 seed, uint128 yes, uint128 no) external {
        Question memory terms = _numeric();
        bytes32 id = _ask(terms);
        int96 value = terms.min + int96(uint96(_bound(seed, 0, uint256(int256(terms.max) - terms.min))));
        (yes, no) = (uint128(_bound(yes, 0, 1_000e6)), uint128(_bound(no, 0, 1_000e6)));
        uint128 most = yes > no ? yes : no;
        vm.assume(most != 0);
        _split(0, id, most);
        uint256 given = yes > no ? tokens.noOf(id, 0) : tokens.yesOf(id, 0);
        vm.prank(_trader(0));
        tokens.transfer(_trader(1), given, yes > no ? yes - no : no - yes);
        _resolve(terms, value);
        (, uint256 share,) = tokens.settle(terms);
        vm.assertEq(share, uint256(int256(value) - terms.min) * 10_000 / uint256(int256(terms.max) - terms.min));
        uint256 paid = (uint256(yes) * share + uint256(no) * (10_000 - share)) / 10_000;
        if (yes != 0 || no != 0) vm.assertEq(tokens.redeem(id, 1, _trader(0)), paid);
        if (yes != no) paid += tokens.redeem(id, 1, _trader(1));
        vm.assertLe(paid, most);
        vm.assertGe(paid + 2, most, "short by less than one unit a holder");
    }

    function test_RevertWhen_TheAnswerIsNotFinal() external {
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NotFinal.selector, question));
        tokens.settle(_sides());
        vm.warp(_sides().opensAt);
        _agree(_sides(), 1, 7);
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NotFinal.selector, question));
        tokens.settle(_sides());
        // That there is no answer may be disputed like any other.
        Question memory other = _sides();
        other.nonce += 1;
        bytes32 id = _ask(other);
        _agree(other, INVALID, 7);
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NotFinal.selector, id));
        tokens.settle(other);
    }

    function test_RevertWhen_ThereAreNoTwoSides() external {
        Question memory most = _categorical(33);
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoSides.selector, oracle.idOf(most)));
        tokens.settle(most);
        most = _categorical(1);
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoSides.selector, oracle.idOf(most)));
        tokens.settle(most);
        Question memory many = _sides();
        many.aggregation = Aggregation.Root;
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoSides.selector, oracle.idOf(many)));
        tokens.settle(many);
        Question memory one = _numeric();
        one.max = one.min;
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoSides.selector, oracle.idOf(one)));
        tokens.settle(one);
    }

    function test_RevertWhen_ItIsSettled() external {
        _split(0, question, 5e6);
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NotSettled.selector, question));
        tokens.redeem(question, 1, _trader(0));
        _resolve(_sides(), 1);
        tokens.settle(_sides());
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_Settled.selector, question));
        tokens.settle(_sides());
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_Settled.selector, question));
        tokens.split(question, 0, 1);
        tokens.redeem(question, 1, _trader(0));
        vm.expectRevert(
            abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NothingToRedeem.selector, question, _trader(0))
        );
        tokens.redeem(question, 1, _trader(0));
    }

    /* TOKENS */

    function test_OthersMoveWhatTheyAreAllowed() external {
        _split(0, question, 5e6);
        uint256 yes = tokens.yesOf(question, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOutcomeTokens.OutcomeTokens_InsufficientAllowance.selector, _trader(0), stranger, yes
            )
        );
        vm.prank(stranger);
        tokens.transferFrom(_trader(0), stranger, yes, 1);

        vm.prank(_trader(0));
        tokens.approve(stranger, yes, 3);
        vm.prank(stranger);
        tokens.transferFrom(_trader(0), stranger, yes, 2);
        vm.assertEq(tokens.allowance(_trader(0), stranger, yes), 1);
        vm.prank(stranger);
        tokens.transferFrom(_trader(0), stranger, yes, 1);
        vm.assertEq(tokens.allowance(_trader(0), stranger, yes), 0);

        vm.prank(_trader(0));
        tokens.approve(stranger, yes, type(uint256).max);
        vm.prank(stranger);
        tokens.transferFrom(_trader(0), stranger, yes, 2);
        vm.assertEq(tokens.allowance(_trader(0), stranger, yes), type(uint256).max);

        vm.prank(_trader(0));
        tokens.setOperator(bob, true);
        vm.startPrank(bob);
        tokens.transferFrom(_trader(0), bob, tokens.noOf(question, 0), 7);
        vm.stopPrank();
        vm.assertEq(tokens.balanceOf(bob, tokens.noOf(question, 0)), 7);
        vm.assertTrue(tokens.supportsInterface(0x0f632fb3) && tokens.supportsInterface(0x01ffc9a7));
        vm.assertTrue(!tokens.supportsInterface(0xffffffff));
    }

    function test_RevertWhen_MovingWhatOneHasNot() external {
        _split(0, question, 5e6);
        uint256[2] memory ids = [tokens.yesOf(question, 0), tokens.noOf(question, 0)];
        for (uint256 i; i < 2; ++i) {
            bytes memory why = abi.encodeWithSelector(
                IOutcomeTokens.OutcomeTokens_InsufficientBalance.selector, _trader(0), ids[i], 5e6, 5e6 + 1
            );
            vm.expectRevert(why);
            vm.prank(_trader(0));
            tokens.transfer(_trader(1), ids[i], 5e6 + 1);
            vm.prank(_trader(0));
            tokens.approve(stranger, ids[i], type(uint256).max);
            vm.expectRevert(why);
            vm.prank(stranger);
            tokens.transferFrom(_trader(0), stranger, ids[i], 5e6 + 1);
        }
    }

    function test_RevertWhen_MovedToNobody() external {
        _split(0, question, 5e6);
        uint256 yes = tokens.yesOf(question, 0);
        vm.expectRevert(IOutcomeTokens.OutcomeTokens_NoReceiver.selector);
        vm.prank(_trader(0));
        tokens.transfer(address(0), yes, 1);
    }

    function testFuzz_ATransferTouchesOneSide(uint128 amount, uint256 side) external {
        _split(0, question, 5e6);
        amount = uint128(_bound(amount, 0, 5e6));
        side &= 1;
        uint256 yes = tokens.yesOf(question, 0);
        vm.prank(_trader(0));
        tokens.transfer(_trader(1), yes | side, amount);
        _holds(1, question, side == 0 ? amount : 0, side == 1 ? amount : 0);
        _holds(0, question, side == 0 ? 5e6 - amount : 5e6, side == 1 ? 5e6 - amount : 5e6);
        // To oneself nothing changes.
        vm.prank(_trader(1));
        tokens.transfer(_trader(1), yes | side, amount);
        _holds(1, question, side == 0 ? amount : 0, side == 1 ? amount : 0);
    }

    /* INSIDE */

    function _willBurn(address caller, uint256 i, uint256 id, uint256 amount) private {
        vm.expectEmit(address(tokens));
        emit IOutcomeTokens.Transfer(caller, _trader(i), address(0), id, amount);
    }

    /// @dev With two sides there is one outcome, and its share is told in basis points.
    function _settles(Question memory terms, uint256 yesBps) private {
        vm.expectEmit(address(tokens));
        emit IOutcomeTokens.Settled(oracle.idOf(terms), 1, yesBps, 10_000);
        (uint256 outcomes, uint256 share, uint256 whole) = tokens.settle(terms);
        vm.assertTrue(outcomes == 1 && share == yesBps && whole == 10_000);
        (share, whole) = tokens.shareOf(oracle.idOf(terms), 0);
        vm.assertTrue(share == yesBps && whole == 10_000);
    }

    function _logsOfRedeeming(address owner) private returns (uint256) {
        vm.recordLogs();
        tokens.redeem(question, 1, owner);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        return logs.length;
    }
}
