// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IMarkets, Market, Position} from "../../src/markets/IMarkets.sol";
import {INVALID} from "../../src/oracle/AnswerWord.sol";
import {Question} from "../../src/oracle/IOracle.sol";
import {Stage} from "../Stage.sol";

contract MarketsClaimTest is Stage {
    Question private terms;
    Market private market;
    bytes32 private id;

    function setUp() public override {
        super.setUp();
        terms = _categorical(3);
        market = _open(terms, new int96[](0), 3);
        id = markets.idOf(market);
        _stake(alice, 0, 100e6);
        _stake(bob, 0, 200e6 + 1);
        _stake(bob, 1, 50e6);
        _stake(stranger, 2, 33e6);
    }

    /* claim */

    function test_PaysTheStakeAndItsShareOfTheLosers() external {
        _resolve(terms, 0);
        uint256 lost = 83e6;
        uint256 shared = lost - lost * 200 / 10_000;
        uint256 want = 100e6 + shared * 100e6 / (300e6 + 1);
        uint256 before = dollar.balanceOf(alice);
        vm.expectEmit(address(markets));
        emit IMarkets.Claimed(id, alice, 0, 100e6, uint72(want));
        // Anyone may claim for him; he is paid.
        vm.prank(stranger);
        vm.assertEq(uint256(markets.claim(market, 0, alice)), want);
        vm.assertEq(dollar.balanceOf(alice) - before, want);
        vm.assertEq(uint256(markets.positionOf(id, 0, alice)), 0);
    }

    function test_RevertWhen_ClaimedBefore() external {
        _resolve(terms, 0);
        markets.claim(market, 0, alice);
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_NothingToClaim.selector, id, alice, 0));
        markets.claim(market, 0, alice);
    }

    function test_RevertWhen_NothingWasStaked() external {
        _resolve(terms, 0);
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_NothingToClaim.selector, id, stranger, 0));
        markets.claim(market, 0, stranger);
    }

    function test_RevertWhen_Lost() external {
        _resolve(terms, 0);
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_Lost.selector, id, 1, 0));
        markets.claim(market, 1, bob);
    }

    function test_RevertWhen_NotFinalYet() external {
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_NotSettled.selector, id));
        markets.claim(market, 0, alice);
        vm.warp(terms.opensAt);
        _agree(terms, 0, 7);
        vm.warp(terms.opensAt + WINDOW - 1);
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_NotSettled.selector, id));
        markets.claim(market, 0, alice);
    }

    function test_RevertWhen_TermsAreNoMarket() external {
        _resolve(terms, 0);
        market.feeBps = 0; // would pay more
        bytes32 other = markets.idOf(market);
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_Unknown.selector, other));
        markets.claim(market, 0, alice);
    }

    function test_VoidReturnsEveryStakeWhenInvalid() external {
        _resolve(terms, INVALID);
        _everybodyGetsHisStake();
    }

    function test_VoidReturnsEveryStakeAfterTheDeadline() external {
        vm.warp(terms.deadline + 1);
        _everybodyGetsHisStake();
    }

    function test_VoidReturnsEveryStakeWhenNobodyWon() external {
        Question memory other = _categorical(3);
        other.nonce = 1;
        market = _open(other, new int96[](0), 3);
        id = markets.idOf(market);
        _stake(alice, 0, 7e6);
        _stake(bob, 1, 9e6);
        _resolve(other, 2);
        bytes memory noFee = abi.encodeWithSelector(IMarkets.Markets_NoFee.selector, id);
        vm.expectRevert(noFee);
        markets.collectFee(market);
        vm.assertEq(uint256(markets.claim(market, 0, alice)), 7e6);
        vm.assertEq(uint256(markets.claim(market, 1, bob)), 9e6);
        vm.expectRevert(noFee);
        markets.collectFee(market);
    }

    function test_ANumberFallsBetweenTheCuts() external {
        // Outcome i is the number of cuts at or below the answer.
        int96[5] memory answers = [int96(-1_000), -1, 0, 9, 10];
        uint8[5] memory winners = [0, 0, 1, 1, 2];
        for (uint256 i; i < 5; ++i) {
            Question memory number = _numeric();
            number.nonce = uint64(i);
            number.opensAt = uint40(block.timestamp + 1 hours);
            number.deadline = number.opensAt + 1 days;
            int96[] memory cuts = new int96[](2);
            (cuts[0], cuts[1]) = (0, 10);
            market = _open(number, cuts, 3);
            id = markets.idOf(market);
            for (uint8 outcome; outcome < 3; ++outcome) {
                _stake(alice, outcome, 10e6);
            }
            _resolve(number, answers[i]);
            for (uint8 outcome; outcome < 3; ++outcome) {
                if (outcome != winners[i]) {
                    vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_Lost.selector, id, outcome, winners[i]));
                }
                markets.claim(market, outcome, alice);
            }
        }
    }

    /// @dev Seven pools in three words. Each is even, so that a bit set by settling would be seen.
    function test_EveryOutcomeMayWin() external {
        Question memory other = _categorical(7);
        other.nonce = 7;
        market = _open(other, new int96[](0), 7);
        id = markets.idOf(market);
        for (uint8 outcome; outcome < 7; ++outcome) {
            _stake(alice, outcome, uint72(outcome + 1) * 10e6);
            _stake(bob, outcome, 2e6);
        }
        uint256 before = vm.snapshotState();
        for (uint8 winner; winner < 7; ++winner) {
            _resolve(other, int96(uint96(winner)));
            uint256 won = (uint256(winner) + 1) * 10e6 + 2e6;
            uint256 shared = (280e6 + 14e6 - won) * 9_800 / 10_000;
            vm.assertEq(uint256(markets.claim(market, winner, alice)), won - 2e6 + shared * (won - 2e6) / won);
            vm.assertEq(uint256(markets.collectFee(market)), (280e6 + 14e6 - won) - shared);
            vm.assertEq(uint256(markets.claim(market, winner, bob)), 2e6 + shared * 2e6 / won);
            _poolsAreWhatWasStaked();
            vm.revertToState(before);
        }
        _resolve(other, INVALID);
        vm.assertEq(uint256(markets.claim(market, 6, bob)), 2e6);
        _poolsAreWhatWasStaked();
    }

    function test_TheFirstToClaimChangesNothingForTheRest() external {
        _resolve(terms, 0);
        uint256 before = vm.snapshotState();
        uint256 alone = markets.claim(market, 0, bob);
        vm.revertToState(before);
        markets.claim(market, 0, alice);
        vm.assertEq(uint256(markets.claim(market, 0, bob)), alone);
    }

    /* claimMany */

    function test_PassesOverWhatCannotBeClaimed() external {
        _resolve(terms, 0);
        markets.claim(market, 0, alice);
        Position[] memory positions = new Position[](6);
        positions[0] = Position(alice, 0); // claimed
        positions[1] = Position(bob, 1); // lost
        positions[2] = Position(bob, 0);
        positions[3] = Position(bob, 0); // again
        positions[4] = Position(treasury, 0); // never staked
        positions[5] = Position(stranger, 200); // no such outcome
        uint256 before = dollar.balanceOf(bob);
        vm.recordLogs();
        uint256 paid = markets.claimMany(market, positions);
        // Of the one that is paid: that it is, and the collateral's own.
        vm.assertEq(vm.getRecordedLogs().length, 2);
        vm.assertTrue(paid > 200e6);
        vm.assertEq(dollar.balanceOf(bob) - before, paid);
    }

    function test_RevertWhen_ClaimingManyTooSoon() external {
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_NotSettled.selector, id));
        markets.claimMany(market, new Position[](1));
    }

    /* collectFee */

    function test_FeeGoesToTheCreatorOnce() external {
        _resolve(terms, 0);
        uint256 before = dollar.balanceOf(treasury);
        vm.prank(stranger);
        vm.assertEq(uint256(markets.collectFee(market)), 83e6 * 200 / 10_000);
        vm.assertEq(dollar.balanceOf(treasury) - before, 83e6 * 200 / 10_000);
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_NoFee.selector, id));
        markets.collectFee(market);
        // Claims are as they were.
        markets.claim(market, 0, alice);
        markets.claim(market, 0, bob);
        vm.assertLe(dollar.balanceOf(address(markets)), 2);
    }

    function test_RevertWhen_FeeOfAVoidMarket() external {
        vm.warp(terms.deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_NoFee.selector, id));
        markets.collectFee(market);
    }

    function test_RevertWhen_FeeTooSoon() external {
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_NotSettled.selector, id));
        markets.collectFee(market);
    }

    /* multicall */

    function test_ABatchPaysAsItsCallsDo() external {
        _resolve(terms, 0);
        bytes[] memory calls = new bytes[](3);
        calls[0] = abi.encodeCall(markets.claim, (market, 0, alice));
        calls[1] = abi.encodeCall(markets.claim, (market, 0, bob));
        calls[2] = abi.encodeCall(markets.collectFee, (market));
        uint256 before = vm.snapshotState();
        for (uint256 i; i < 3; ++i) {
            (bool paid,) = address(markets).call(calls[i]);
            vm.assertTrue(paid);
        }
        (uint256 his, uint256 bobs) = (dollar.balanceOf(alice), dollar.balanceOf(bob));
        uint256 left = dollar.balanceOf(address(markets));
        vm.revertToState(before);
        vm.prank(stranger);
        bytes[] memory results = markets.multicall(calls);
        vm.assertEq(dollar.balanceOf(alice), his);
        vm.assertEq(dollar.balanceOf(bob), bobs);
        vm.assertEq(dollar.balanceOf(address(markets)), left);
        vm.assertEq(abi.decode(results[2], (uint256)), uint256(83e6) * 200 / 10_000);
    }

    function test_RevertWhen_AClaimStandsInABatchTwice() external {
        _resolve(terms, 0);
        bytes[] memory calls = new bytes[](2);
        (calls[0], calls[1]) =
        (abi.encodeCall(markets.claim, (market, 0, bob)), abi.encodeCall(markets.claim, (market, 0, bob)));
        uint256 before = dollar.balanceOf(bob);
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_NothingToClaim.selector, id, bob, 0));
        markets.multicall(calls);
        vm.assertEq(dollar.balanceOf(bob), before);
        vm.assertEq(uint256(markets.positionOf(id, 0, bob)), 200e6 + 1);
    }

    /* all of it */

    function testFuzz_PayOutsAndFeeNeverExceedThePool(
        uint64[8] calldata amounts,
        uint8[8] calldata outcomes,
        uint16 feeBps,
        uint8 winner
    ) external {
        Question memory other = _categorical(4);
        other.nonce = 99;
        _ask(other);
        market = Market(oracle.idOf(other), treasury, other.opensAt, feeBps % 1_001, 4, new int96[](0));
        id = markets.open(market, other);
        uint256 held = dollar.balanceOf(address(markets));
        uint256 pool;
        for (uint256 i; i < 8; ++i) {
            uint72 amount = uint72(_bound(amounts[i], LEAST, 10_000e6));
            _stake(_ownerKey(100 + i), outcomes[i] % 4, amount);
            pool += amount;
        }
        _resolve(other, int96(uint96(winner % 4)));
        bool nobody = markets.poolOf(id, winner % 4) == 0;
        uint256 paid;
        uint256 claims;
        for (uint256 i; i < 8; ++i) {
            if (!nobody && outcomes[i] % 4 != winner % 4) continue;
            paid += markets.claim(market, outcomes[i] % 4, _ownerKey(100 + i));
            ++claims;
        }
        uint256 lost = nobody ? 0 : pool - markets.poolOf(id, winner % 4);
        if (lost * market.feeBps / 10_000 != 0) paid += markets.collectFee(market);
        vm.assertLe(paid, pool);
        vm.assertTrue(pool - paid < claims || pool == paid, "short by less than one unit a claim");
        vm.assertEq(dollar.balanceOf(address(markets)), held + pool - paid);
    }

    function _poolsAreWhatWasStaked() private view {
        for (uint8 outcome; outcome < 7; ++outcome) {
            vm.assertEq(uint256(markets.poolOf(id, outcome)), (uint256(outcome) + 1) * 10e6 + 2e6);
        }
    }

    function _everybodyGetsHisStake() private {
        vm.assertEq(uint256(markets.claim(market, 0, alice)), 100e6);
        vm.assertEq(uint256(markets.claim(market, 0, bob)), 200e6 + 1);
        vm.assertEq(uint256(markets.claim(market, 1, bob)), 50e6);
        vm.assertEq(uint256(markets.claim(market, 2, stranger)), 33e6);
        vm.assertEq(dollar.balanceOf(address(markets)), 0);
    }

    function _open(Question memory question, int96[] memory cuts, uint8 outcomes) private returns (Market memory made) {
        made = Market(_ask(question), treasury, question.opensAt, 200, outcomes, cuts);
        markets.open(made, question);
    }

    function _stake(address owner, uint8 outcome, uint72 amount) private {
        _fund(owner, address(markets), amount);
        vm.prank(owner);
        markets.stake(id, outcome, amount);
    }
}
