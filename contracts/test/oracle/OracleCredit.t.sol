// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {INVALID} from "../../src/oracle/AnswerWord.sol";
import {IOracle, Question, Status} from "../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../src/oracle/IStakeManager.sol";
import {RewardRule} from "../../src/oracle/rules/RewardRule.sol";
import {Stage} from "../Stage.sol";

contract OracleCreditTest is Stage {
    Question private terms;
    bytes32 private question;

    function setUp() public override {
        super.setUp();
        terms = _numeric();
        terms.reward = 1_000;
        question = _ask(terms);
    }

    /* settleReward */

    function test_RevertWhen_OpenOrNotYetFinal() external {
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotSettleable.selector, question, Status.Open));
        oracle.settleReward(terms);
        vm.warp(terms.opensAt);
        _agree(terms, 5, 7);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotSettleable.selector, question, Status.Answered));
        oracle.settleReward(terms);
    }

    function test_RevertWhen_QuestionIsUnknown() external {
        terms.nonce = 9;
        vm.expectRevert(
            abi.encodeWithSelector(IOracle.Oracle_NotSettleable.selector, oracle.idOf(terms), Status.Unknown)
        );
        oracle.settleReward(terms);
    }

    function test_SignersShareEquallyAndTheRestIsTheTreasurys() external {
        terms.nonce = 1;
        terms.reward = 1_001; // 900 to three providers, 101 to the treasury
        question = _ask(terms);
        _resolve(terms, 5);
        vm.expectEmit(address(oracle));
        emit IOracle.RewardSettled(question, Status.Final, 0, 101);
        vm.prank(stranger);
        oracle.settleReward(terms);
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(uint256(oracle.creditOf(_ownerKey(i))), 300);
        }
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(3))), 0);
        vm.assertEq(uint256(oracle.creditOf(treasury)), 101);
    }

    function test_PremiumWorkCountsTwice() external {
        terms.nonce = 1;
        terms.reward = 1_001; // 900 to three providers: 225, 450 and 225
        question = _ask(terms);
        _resolve(terms, 5);
        IStakeManager.Standing memory standing;
        (standing.epoch, standing.factorBps, standing.premium) = (1, 10_000, true);
        _seal(address(0), address(this));
        stakes.setStanding(0, _ownerKey(1), standing);
        stakes.setStanding(1, _ownerKey(0), standing); // of another domain, where it is worth nothing here
        stakes.setStanding(0, _ownerKey(3), standing); // who did not sign
        vm.expectEmit(address(oracle));
        emit IOracle.RewardSettled(question, Status.Final, 2, 101);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(0))), 225);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(1))), 450);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(2))), 225);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(3))), 0);
    }

    function test_OwnerIsPaidThoughHeRotatedAndLeft() external {
        _resolve(terms, 5);
        vm.prank(_ownerKey(0));
        stakes.rotateSigner(_signer(20), _possessionOf(_key(20), _ownerKey(0)));
        vm.prank(_ownerKey(0));
        stakes.leave();
        stakes.advanceEpoch(0);
        vm.warp(block.timestamp + UNBONDING);
        vm.prank(_ownerKey(0));
        stakes.withdraw(alice);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(0))), 300);
    }

    function test_RewardGoesBackAfterTheDeadline() external {
        vm.warp(terms.deadline + 1);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(asker)), 1_000);
        vm.assertTrue(_status(question) == Status.Invalid);
    }

    function test_RewardGoesBackWhenAgreedInvalid() external {
        _resolve(terms, INVALID);
        oracle.settleReward(terms);
        vm.assertEq(uint256(oracle.creditOf(asker)), 1_000);
        vm.assertEq(uint256(oracle.creditOf(_ownerKey(0))), 0);
    }

    function test_RevertWhen_SettledBefore() external {
        _resolve(terms, 5);
        oracle.settleReward(terms);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_RewardAlreadySettled.selector, question));
        oracle.settleReward(terms);
        // The answer did not change with the flag.
        (Status status, int96 value,,) = oracle.get(question);
        vm.assertTrue(status == Status.Final);
        vm.assertEq(int256(value), 5);
    }

    function test_RevertWhen_RefundedBefore() external {
        vm.warp(terms.deadline + 1);
        oracle.settleReward(terms);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_RewardAlreadySettled.selector, question));
        oracle.settleReward(terms);
    }

    function testFuzz_NothingIsLostInTheSplit(uint96 reward, uint8 signers) external {
        terms.nonce = 2;
        terms.reward = uint96(_bound(reward, 0, 25_000e6));
        question = _ask(terms);
        vm.warp(terms.opensAt);
        uint256 seats = signers % 2 == 0 ? 7 : 15;
        _agree(terms, 5, seats);
        vm.warp(block.timestamp + WINDOW);
        oracle.settleReward(terms);
        uint256 sum = oracle.creditOf(treasury);
        for (uint256 i; i < SEATS; ++i) {
            sum += oracle.creditOf(_ownerKey(i));
        }
        vm.assertEq(sum, terms.reward);
    }

    /// @dev What is paid is what the rule says of equal work, and so what its vectors bind.
    function testFuzz_TheSplitIsTheRules(uint96 reward, uint8 signers) external {
        terms.nonce = 2;
        terms.reward = uint96(_bound(reward, 0, 25_000e6));
        _ask(terms);
        vm.warp(terms.opensAt);
        uint256 count = signers % 2 == 0 ? 3 : 4;
        _agree(terms, 5, (1 << count) - 1);
        vm.warp(block.timestamp + WINDOW);
        oracle.settleReward(terms);
        uint256[] memory work = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            work[i] = 1;
        }
        (uint256[] memory shares, uint256 rest) = RewardRule.split(terms.reward, SHARE_BPS, work, new bool[](count));
        for (uint256 i; i < count; ++i) {
            vm.assertEq(uint256(oracle.creditOf(_ownerKey(i))), shares[i]);
        }
        vm.assertEq(uint256(oracle.creditOf(treasury)), rest);
    }

    /* deposit and withdraw */

    function test_DepositForAnother() external {
        _fund(alice, address(oracle), 500);
        vm.prank(alice);
        oracle.deposit(bob, 500);
        vm.assertEq(uint256(oracle.creditOf(bob)), 500);
    }

    function test_WithdrawPaysOut() external {
        _fund(alice, address(oracle), 500);
        vm.prank(alice);
        oracle.deposit(alice, 500);
        vm.prank(alice);
        oracle.withdraw(bob, 400);
        vm.assertEq(dollar.balanceOf(bob), 400);
        vm.assertEq(uint256(oracle.creditOf(alice)), 100);
    }

    function test_RevertWhen_WithdrawingMoreThanCredit() external {
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_InsufficientCredit.selector, alice, 0, 1));
        vm.prank(alice);
        oracle.withdraw(alice, 1);
    }
}
