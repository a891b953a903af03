// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IOutcomeTokens, Order, Side} from "../../../src/markets/outcomes/IOutcomeTokens.sol";
import {INVALID} from "../../../src/oracle/AnswerWord.sol";
import {Aggregation, Question} from "../../../src/oracle/IOracle.sol";
import {OutcomeStage} from "./OutcomeStage.sol";

/// @dev A choice among three, 0b111.
contract ChoicesTest is OutcomeStage {
    bytes32 private question;
    Question private terms;

    function setUp() public override {
        super.setUp();
        terms = _categorical(3);
        question = _ask(terms);
        for (uint256 i; i < 3; ++i) {
            _rich(i);
        }
    }

    /* SETS OF AN OUTCOME */

    function test_AnOutcomeHasSetsOfItsOwn() external {
        _split(0, question, 1, 5e6);
        _holds(0, question, 0, 0, 0);
        _holds(0, question, 1, 5e6, 5e6);
        vm.prank(_trader(0));
        tokens.merge(question, 1, 2e6);
        _holds(0, question, 1, 3e6, 3e6);
        vm.assertEq(dollar.balanceOf(address(tokens)), 3e6);
        // Of another outcome he has nothing to merge.
        _lacks(0, tokens.yesOf(question, 2), 0, 1);
        vm.prank(_trader(0));
        tokens.merge(question, 2, 1);
    }

    /// @dev The 33rd would have the ids of the next question's first.
    function test_RevertWhen_ThereIsNoSuchOutcome() external {
        bytes memory none = abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoOutcome.selector, question, 32);
        vm.expectRevert(none);
        tokens.split(question, 32, 1);
        vm.expectRevert(none);
        tokens.merge(question, 32, 1);
        vm.expectRevert(none);
        tokens.shareOf(question, 32);
        Order memory taker = _order(0, question, Side.BuyYes, 10e6, 600_000);
        Order memory maker = _order(1, question, Side.BuyNo, 10e6, 400_000);
        taker.outcome = maker.outcome = 32;
        (bytes memory ts, bytes memory ms) = (_signed(0, taker), _signed(1, maker));
        vm.expectRevert(none);
        tokens.matchOrders(taker, ts, maker, ms, 10e6);
    }

    function test_OrdersTradeTheirOutcome() external {
        Order memory taker = _order(0, question, Side.BuyYes, 10e6, 600_000);
        Order memory maker = _order(1, question, Side.BuyNo, 10e6, 400_000);
        taker.outcome = maker.outcome = 2;
        vm.expectEmit(address(tokens));
        emit IOutcomeTokens.Matched(question, _trader(0), _trader(1), 2, Side.BuyYes, 10e6, 600_000);
        _match(0, taker, 1, maker, 10e6);
        _holds(0, question, 2, 10e6, 0);
        _holds(1, question, 2, 0, 10e6);
        Order memory seller = _order(0, question, Side.SellYes, 4e6, 500_000);
        Order memory buyer = _order(2, question, Side.BuyYes, 4e6, 500_000);
        seller.outcome = buyer.outcome = 2;
        seller.nonce += 1;
        _match(2, buyer, 0, seller, 4e6);
        _holds(2, question, 2, 4e6, 0);
        Order memory no = _order(1, question, Side.SellNo, 4e6, 500_000);
        (no.outcome, seller.maker, seller.nonce) = (2, _trader(2), no.nonce + 1);
        no.nonce += 1;
        _match(1, no, 2, seller, 4e6);
        _holds(2, question, 2, 0, 0);
        _holds(1, question, 2, 0, 6e6);
        vm.assertEq(dollar.balanceOf(address(tokens)), 6e6);
    }

    /* NETTING */

    function test_SplitAllMakesYesOfEach() external {
        uint256 before = dollar.balanceOf(_trader(0));
        vm.expectEmit(address(tokens));
        emit IOutcomeTokens.Converted(question, _trader(0), 3, 0, 5e6, -5e6);
        for (uint8 i; i < 3; ++i) {
            vm.expectEmit(address(tokens));
            emit IOutcomeTokens.Transfer(_trader(0), address(0), _trader(0), tokens.yesOf(question, i), 5e6);
        }
        _splitAll(0, 5e6);
        vm.assertEq(before - dollar.balanceOf(_trader(0)), 5e6);
        vm.assertEq(dollar.balanceOf(address(tokens)), 5e6);
        for (uint8 i; i < 4; ++i) {
            _holds(0, question, i, i < 3 ? 5e6 : 0, 0);
        }
    }

    function test_MergeAllGivesBackAtAnyTime() external {
        _splitAll(0, 5e6);
        _resolve(terms, 1);
        tokens.settle(terms);
        uint256 before = dollar.balanceOf(_trader(0));
        vm.expectEmit(address(tokens));
        emit IOutcomeTokens.Converted(question, _trader(0), 3, 0, 2e6, 2e6);
        vm.prank(_trader(0));
        tokens.mergeAll(terms, 2e6);
        vm.assertEq(dollar.balanceOf(_trader(0)) - before, 2e6);
        vm.assertEq(tokens.redeem(question, 7, _trader(0)), 3e6);
        vm.assertEq(dollar.balanceOf(address(tokens)), 0);
    }

    function test_RevertWhen_OneOfAllIsMissing() external {
        _splitAll(0, 5e6);
        uint256 yes = tokens.yesOf(question, 1);
        vm.prank(_trader(0));
        tokens.transfer(_trader(1), yes, 1);
        _lacks(0, yes, 5e6 - 1, 5e6);
        vm.prank(_trader(0));
        tokens.mergeAll(terms, 5e6);
    }

    function test_ConvertTurnsNoIntoYesOfTheOthers() external {
        _split(0, question, 0, 5e6);
        _split(0, question, 2, 5e6);
        uint256 before = dollar.balanceOf(_trader(0));
        vm.expectEmit(address(tokens));
        emit IOutcomeTokens.Converted(question, _trader(0), 3, 5, 4e6, 4e6);
        uint256[3] memory ids = [tokens.noOf(question, 0), tokens.yesOf(question, 1), tokens.noOf(question, 2)];
        for (uint256 i; i < 3; ++i) {
            (address from, address to) = i == 1 ? (address(0), _trader(0)) : (_trader(0), address(0));
            vm.expectEmit(address(tokens));
            emit IOutcomeTokens.Transfer(_trader(0), from, to, ids[i], 4e6);
        }
        vm.prank(_trader(0));
        vm.assertEq(tokens.convert(terms, 5, 4e6), 4e6);
        vm.assertEq(dollar.balanceOf(_trader(0)) - before, 4e6);
        _holds(0, question, 0, 5e6, 1e6);
        _holds(0, question, 1, 4e6, 0);
        _holds(0, question, 2, 5e6, 1e6);
    }

    /// @dev No of one is yes of all others, and nothing is paid; no of all is worth all but one.
    function test_ConvertOneAndAll() external {
        for (uint8 i; i < 3; ++i) {
            _split(0, question, i, 5e6);
        }
        vm.startPrank(_trader(0));
        vm.assertEq(tokens.convert(terms, 7, 2e6), 4e6);
        _holds(0, question, 0, 5e6, 3e6);
        vm.assertEq(tokens.convert(terms, 1, 3e6), 0);
        vm.stopPrank();
        _holds(0, question, 0, 5e6, 0);
        _holds(0, question, 1, 8e6, 3e6);
        _holds(0, question, 2, 8e6, 3e6);
    }

    /// @dev Whatever is done in whatever order, what one holds is worth the same for every answer.
    function testFuzz_ConvertingChangesNoWorth(uint256 seed, uint8 n, uint128 amount) external {
        n = uint8(_bound(n, 3, 32));
        terms = _categorical(n);
        terms.nonce = 7;
        question = _ask(terms);
        amount = uint128(_bound(amount, 1, 1_000e6));
        uint32 named = uint32(_bound(seed, 1, (1 << uint256(n)) - 1));
        uint256 k;
        for (uint8 i; i < n; ++i) {
            if (named >> i & 1 == 0) continue;
            _split(0, question, i, amount);
            ++k;
        }
        if (seed >> 40 & 1 != 0) _splitAll(0, amount);
        uint256[] memory before = _worths(n);
        uint256 money = dollar.balanceOf(_trader(0));
        vm.prank(_trader(0));
        tokens.convert(terms, named, amount);
        uint256 got = dollar.balanceOf(_trader(0)) - money;
        uint256[] memory after_ = _worths(n);
        for (uint256 i; i < n; ++i) {
            vm.assertEq(after_[i] + got, before[i]);
        }
        // Now he has yes of all, and may have his money back.
        vm.prank(_trader(0));
        tokens.mergeAll(terms, amount);
        vm.assertEq(dollar.balanceOf(address(tokens)), after_[0] - amount);
        vm.assertEq(k * amount + (seed >> 40 & 1) * amount - got - amount, after_[0] - amount);
    }

    function test_RevertWhen_TheOutcomesAreNotItsOwn() external {
        _split(0, question, 3, 5e6); // one that is not there
        _split(0, question, 0, 5e6);
        uint32[4] memory bad = [uint32(0), 8, 9, 1 << 31];
        for (uint256 i; i < bad.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_BadOutcomes.selector, question, bad[i]));
            vm.prank(_trader(0));
            tokens.convert(terms, bad[i], 1e6);
        }
    }

    function test_RevertWhen_ThereIsNothingToConvert() external {
        _lacks(0, tokens.noOf(question, 1), 0, 1);
        vm.prank(_trader(0));
        tokens.convert(terms, 2, 1);
        vm.startPrank(_trader(0));
        bytes memory nothing = abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_BadAmount.selector, 0);
        vm.expectRevert(nothing);
        tokens.convert(terms, 2, 0);
        vm.expectRevert(nothing);
        tokens.splitAll(terms, 0);
        vm.expectRevert(nothing);
        tokens.mergeAll(terms, 0);
        vm.stopPrank();
    }

    function test_RevertWhen_ThereIsNoChoice() external {
        Question memory sides = _sides();
        bytes memory why = abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoChoice.selector, oracle.idOf(sides));
        vm.expectRevert(why);
        tokens.splitAll(sides, 1);
        vm.expectRevert(why);
        tokens.mergeAll(sides, 1);
        vm.expectRevert(why);
        tokens.convert(sides, 1, 1);
        Question memory many = _categorical(33);
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoSides.selector, oracle.idOf(many)));
        tokens.convert(many, 1, 1);
        many.aggregation = Aggregation.Root;
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoSides.selector, oracle.idOf(many)));
        tokens.splitAll(many, 1);
    }

    /// @dev Who says that there were more outcomes speaks of another question, whose tokens he does not have.
    function test_RevertWhen_TheTermsAreNotTheQuestions() external {
        for (uint8 i; i < 3; ++i) {
            _split(0, question, i, 5e6);
        }
        Question memory wrong = terms;
        wrong.max = 9;
        bytes32 other = oracle.idOf(wrong);
        vm.assertTrue(other >> 6 != question >> 6);
        _lacks(0, tokens.noOf(other, 0), 0, 5e6);
        vm.prank(_trader(0));
        tokens.convert(wrong, 7, 5e6);
    }

    /* SETTLING */

    function test_YesOfTheAnswerIsWorthAUnit() external {
        for (uint8 i; i < 4; ++i) {
            _split(0, question, i, 5e6);
            uint256 yes = tokens.yesOf(question, i);
            vm.prank(_trader(0));
            tokens.transfer(_trader(1), yes, 5e6);
        }
        _resolve(terms, 2);
        vm.expectEmit(address(tokens));
        emit IOutcomeTokens.Settled(question, 4, 1, 1);
        (uint256 outcomes, uint256 share, uint256 whole) = tokens.settle(terms);
        vm.assertTrue(outcomes == 4 && share == 1 && whole == 1);
        for (uint8 i; i < 32; ++i) {
            (share, whole) = tokens.shareOf(question, i);
            vm.assertTrue(share == (i == 2 ? 1 : 0) && whole == 1);
        }
        // Yes of what is no outcome is worth nothing, no of it a unit.
        vm.assertEq(tokens.redeem(question, 8, _trader(1)), 0);
        vm.assertEq(tokens.redeem(question, 8, _trader(0)), 5e6);
        vm.assertEq(tokens.redeem(question, type(uint32).max, _trader(1)), 5e6);
        vm.assertEq(tokens.redeem(question, 3, _trader(0)), 10e6);
        vm.assertEq(tokens.redeem(question, 4, _trader(0)), 0);
        vm.assertEq(dollar.balanceOf(address(tokens)), 0);
    }

    /// @dev Of a number, or yes and no, there is one outcome: no other is ever the answer.
    function test_TwoSidesHaveOneOutcome() external {
        Question memory sides = _sides();
        bytes32 id = _ask(sides);
        _split(0, id, 1, 5e6);
        uint256 yes = tokens.yesOf(id, 1);
        vm.prank(_trader(0));
        tokens.transfer(_trader(1), yes, 5e6);
        _resolve(sides, INVALID);
        tokens.settle(sides);
        vm.assertEq(tokens.redeem(id, 2, _trader(1)), 0);
        vm.assertEq(tokens.redeem(id, 2, _trader(0)), 5e6);
    }

    function test_WithoutAnAnswerYesIsWorthItsPart() external {
        _split(0, question, 0, 10);
        _split(1, question, 1, 10);
        uint256 yes = tokens.yesOf(question, 0);
        vm.prank(_trader(0));
        tokens.transfer(_trader(1), yes, 10);
        _resolve(terms, INVALID);
        vm.expectEmit(address(tokens));
        emit IOutcomeTokens.Settled(question, 7, 1, 3);
        tokens.settle(terms);
        vm.assertEq(tokens.redeem(question, 1, _trader(0)), 6, "two thirds of ten");
        vm.assertEq(tokens.redeem(question, 3, _trader(1)), 13, "a third, and a set");
    }

    /// @dev In basis points yes were worth 0.3333, and no of each of three 0.6667: more than two units, which are there.
    function test_NoOfAllIsWorthWhatIsThere() external {
        uint128 all = 100_000e6 + 1;
        for (uint8 i; i < 3; ++i) {
            _split(0, question, i, all);
        }
        vm.prank(_trader(0));
        tokens.mergeAll(terms, all);
        vm.assertEq(dollar.balanceOf(address(tokens)), 2 * uint256(all));
        vm.warp(uint256(terms.deadline) + 1);
        tokens.settle(terms);
        uint256 paid = tokens.redeem(question, 7, _trader(0));
        vm.assertLe(paid, 2 * uint256(all));
        vm.assertGe(paid + 3, 2 * uint256(all));
    }

    function test_RevertWhen_AllAreSplitOfWhatIsSettled() external {
        _resolve(terms, 0);
        tokens.settle(terms);
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_Settled.selector, question));
        tokens.splitAll(terms, 1);
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_Settled.selector, question));
        tokens.split(question, 1, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NothingToRedeem.selector, question, stranger)
        );
        tokens.redeem(question, type(uint32).max, stranger);
    }

    /// @dev It is worth the same then: who converts a loser's no gets the unit that it is worth as the winner's yes.
    function test_ConvertingAfterSettlingIsWorthTheSame() external {
        _split(0, question, 0, 5e6);
        _split(0, question, 1, 5e6);
        _resolve(terms, 1);
        tokens.settle(terms);
        uint256 before = dollar.balanceOf(_trader(0));
        vm.prank(_trader(0));
        tokens.convert(terms, 3, 2e6);
        tokens.redeem(question, 7, _trader(0));
        vm.assertEq(dollar.balanceOf(_trader(0)) - before, 10e6);
        vm.assertEq(dollar.balanceOf(address(tokens)), 0);
    }

    /* INSIDE */

    function _splitAll(uint256 i, uint128 amount) private {
        vm.prank(_trader(i));
        tokens.splitAll(terms, amount);
    }

    function _lacks(uint256 i, uint256 id, uint256 has, uint256 wanted) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IOutcomeTokens.OutcomeTokens_InsufficientBalance.selector, _trader(i), id, has, wanted
            )
        );
    }

    /// @return worths of all that the first trader holds, by the answer
    function _worths(uint8 n) private view returns (uint256[] memory worths) {
        worths = new uint256[](n);
        for (uint8 i; i < n; ++i) {
            uint256 yes = tokens.balanceOf(_trader(0), tokens.yesOf(question, i));
            uint256 no = tokens.balanceOf(_trader(0), tokens.noOf(question, i));
            for (uint8 answer; answer < n; ++answer) {
                worths[answer] += answer == i ? yes : no;
            }
        }
    }
}
