// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IOutcomeTokens, Order, Side} from "../../../src/markets/outcomes/IOutcomeTokens.sol";
import {OutcomeTokens} from "../../../src/markets/outcomes/OutcomeTokens.sol";
import {Question} from "../../../src/oracle/IOracle.sol";
import {SaysAnswer} from "../../doubles/SaysAnswer.sol";
import {OutcomeStage} from "./OutcomeStage.sol";

/// @dev What orders exchange and what tokens are worth, in both languages: packages/markets/src/core/outcomes.test.ts reads the
///      same file.
contract OutcomeVectorsTest is OutcomeStage {
    string private _json;

    function setUp() public override {
        super.setUp();
        _json = vm.readFile("../vectors/outcomes.json");
    }

    function test_Matches() external {
        bytes32 question = _ask(_sides());
        for (uint256 i; i < 2; ++i) {
            _rich(i);
            _split(i, question, 450_000e6);
        }
        uint256 case_;
        for (; vm.keyExistsJson(_json, _at("matches", case_)); ++case_) {
            // Each begins with what everybody had.
            uint256 before = vm.snapshotState();
            _check(question, _at("matches", case_));
            vm.revertToState(before);
        }
        vm.assertEq(case_, 160);
    }

    function test_Shares() external {
        SaysAnswer says = new SaysAnswer();
        tokens = new OutcomeTokens(address(says), address(dollar));
        uint256 i;
        for (; vm.keyExistsJson(_json, _at("shares", i)); ++i) {
            string memory at = _at("shares", i);
            Question memory terms = _numeric();
            terms.nonce = uint64(i);
            terms.min = int96(vm.parseJsonInt(_json, string.concat(at, ".min")));
            terms.max = int96(vm.parseJsonInt(_json, string.concat(at, ".max")));
            says.say(int96(vm.parseJsonInt(_json, string.concat(at, ".value"))));
            (uint256 outcomes, uint256 share, uint256 whole) = tokens.settle(terms);
            vm.assertEq(share, _number(at, ".yesBps"), at);
            vm.assertTrue(outcomes == 1 && whole == 10_000, at);
        }
        vm.assertEq(i, 40);
    }

    function test_Redemptions() external {
        SaysAnswer says = new SaysAnswer();
        tokens = new OutcomeTokens(address(says), address(dollar));
        _rich(0);
        uint256 i;
        for (; vm.keyExistsJson(_json, _at("redemptions", i)); ++i) {
            string memory at = _at("redemptions", i);
            Question memory terms = _numeric();
            (terms.nonce, terms.min, terms.max) = (uint64(i), 0, 10_000);
            bytes32 question = says.idOf(terms);
            uint256 before = vm.snapshotState();
            _hold(question, _number(at, ".yes"), _number(at, ".no"));
            says.say(int96(uint96(_number(at, ".yesBps"))));
            tokens.settle(terms);
            vm.assertEq(tokens.redeem(question, 1, _trader(0)), _number(at, ".pays"), at);
            vm.revertToState(before);
        }
        vm.assertEq(i, 40);
    }

    /* INSIDE */

    function _check(bytes32 question, string memory at) private {
        uint128 amount = uint128(_number(at, ".amount"));
        Order memory taker =
            _order(0, question, Side(_number(at, ".taker")), amount, uint128(_number(at, ".takerPrice")));
        Order memory maker =
            _order(1, question, Side(_number(at, ".maker")), amount, uint128(_number(at, ".makerPrice")));
        (bytes memory ts, bytes memory ms) = (_signed(0, taker), _signed(1, maker));
        string memory does = vm.parseJsonString(_json, string.concat(at, ".does"));
        if (_same(does, "refuse")) {
            vm.expectRevert(_whyOf(taker, maker, amount, at));
            tokens.matchOrders(taker, ts, maker, ms, amount);
            return;
        }
        uint256[3] memory before = _money();
        vm.expectEmit(address(tokens));
        emit IOutcomeTokens.Matched(question, _trader(0), _trader(1), 0, taker.side, amount, _number(at, ".price"));
        tokens.matchOrders(taker, ts, maker, ms, amount);
        uint256[3] memory now_ = _money();
        vm.assertEq(_moved(taker.side, before[0], now_[0]), _number(at, ".takers"), at);
        vm.assertEq(_moved(maker.side, before[1], now_[1]), _number(at, ".makers"), at);
        if (_same(does, "mint")) before[2] += amount;
        if (_same(does, "merge")) before[2] -= amount;
        vm.assertEq(now_[2], before[2], at);
    }

    /// @dev The taker's, the maker's, and what the sets are made of.
    function _money() private view returns (uint256[3] memory) {
        return [dollar.balanceOf(_trader(0)), dollar.balanceOf(_trader(1)), dollar.balanceOf(address(tokens))];
    }

    function _whyOf(Order memory taker, Order memory maker, uint256 amount, string memory at)
        private
        view
        returns (bytes memory)
    {
        string memory why = vm.parseJsonString(_json, string.concat(at, ".why"));
        if (_same(why, "no_match")) {
            return abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoMatch.selector, taker.side, maker.side);
        }
        if (_same(why, "prices_do_not_meet")) {
            return
                abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_PricesDoNotMeet.selector, taker.price, maker.price);
        }
        return abi.encodeWithSelector(
            IOutcomeTokens.OutcomeTokens_RoundsBeyondPrice.selector, taker.maker, amount, _number(at, ".takers")
        );
    }

    /// @dev What who buys paid, or who sells got.
    function _moved(Side side, uint256 before, uint256 after_) private pure returns (uint256) {
        return side == Side.BuyYes || side == Side.BuyNo ? before - after_ : after_ - before;
    }

    /// @dev The first trader makes sets and gives away what is too much of a side.
    function _hold(bytes32 question, uint256 yes, uint256 no) private {
        uint256 most = yes > no ? yes : no;
        _split(0, question, uint128(most));
        (uint256 ofYes, uint256 ofNo) = (tokens.yesOf(question, 0), tokens.noOf(question, 0));
        vm.startPrank(_trader(0));
        tokens.transfer(stranger, ofYes, most - yes);
        tokens.transfer(stranger, ofNo, most - no);
        vm.stopPrank();
    }

    function _at(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(i), "]");
    }

    function _number(string memory at, string memory field) private view returns (uint256) {
        return vm.parseJsonUint(_json, string.concat(at, field));
    }

    function _same(string memory a, string memory b) private pure returns (bool) {
        return keccak256(bytes(a)) == keccak256(bytes(b));
    }
}
