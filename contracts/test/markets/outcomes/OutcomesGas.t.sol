// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestDollar} from "../../../src/lib/TestDollar.sol";
import {Order, Side} from "../../../src/markets/outcomes/IOutcomeTokens.sol";
import {OutcomeTokens} from "../../../src/markets/outcomes/OutcomeTokens.sol";
import {Aggregation, Question, Status} from "../../../src/oracle/IOracle.sol";
import {OutcomeDesk} from "./OutcomeDesk.sol";

/// @dev Answers with yes, from one stored word as the oracle does. The true one is compiled for size, and whatever a test
///      compiles with it: here the figures are of the tokens as they are deployed.
contract StoredAnswer {
    uint256 private _word = 1;

    function idOf(Question calldata terms) external pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    function get(bytes32) external view returns (Status, int96, uint40, uint16) {
        return (Status.Final, int96(uint96(_word)), 0, 10_000);
    }
}

/// forge-config: default.isolate = true
/// @dev Every call is a transaction of its own. Ceilings are asserted; figures stand in snapshots/outcomes.json.
contract OutcomesGasTest is OutcomeDesk {
    Question private terms;
    bytes32 private question;

    function setUp() external {
        TestDollar dollar = new TestDollar();
        StoredAnswer oracle = new StoredAnswer();
        tokens = new OutcomeTokens(address(oracle), address(dollar));
        (terms.aggregation, terms.max) = (Aggregation.Plurality, 1);
        question = oracle.idOf(terms);
        vm.warp(1_750_000_000);
        for (uint256 i; i < 4; ++i) {
            dollar.faucet(_trader(i));
            // As traders do, or each of their orders would want an allowance of its own.
            vm.prank(_trader(i));
            dollar.approve(address(tokens), type(uint256).max);
        }
        // The contract's first collateral is nobody's here.
        _split(3, question, 100e6);
    }

    function test_ASetsLife() external {
        _split(0, question, 10e6);
        _measuredIn("split, new holder", 71_000);
        _split(0, question, 10e6);
        _measuredIn("split, again", 54_000);
        vm.prank(_trader(0));
        tokens.merge(question, 0, 5e6);
        _measuredIn("merge", 49_000);
        uint256 yes = tokens.yesOf(question, 0);
        vm.prank(_trader(0));
        tokens.transfer(_trader(1), yes, 5e6);
        _measuredIn("transfer, new holder", 55_000);
        tokens.settle(terms);
        _measuredIn("settle", 62_000);
        tokens.redeem(question, 1, _trader(0));
        _measuredIn("redeem", 46_000);
    }

    /// @dev Among four: a slot for each outcome that one has tokens of.
    function test_AChoicesLife() external {
        Question memory choice = terms;
        choice.max = 3;
        bytes32 id = StoredAnswer(address(tokens.oracle())).idOf(choice);
        vm.prank(_trader(0));
        tokens.splitAll(choice, 10e6);
        _measuredIn("split all of four, new holder", 175_000);
        _split(0, id, 0, 10e6);
        _split(0, id, 2, 10e6);
        vm.prank(_trader(0));
        tokens.convert(choice, 5, 5e6);
        _measuredIn("convert no of two of four", 92_000);
        vm.prank(_trader(0));
        tokens.mergeAll(choice, 5e6);
        _measuredIn("merge all of four", 86_000);
    }

    function test_Matches() external {
        _matchBuyers("match two buyers, new holders", 170_000, 1);
        _matchBuyers("match two buyers, same holders", 102_000, 2);
        _trade("match buyer and seller, seller's first order", 110_000, 3);
        _trade("match buyer and seller, steady", 87_000, 4);
    }

    function _trade(string memory name, uint256 ceiling, uint256 nonce) private {
        Order memory taker = _order(0, question, Side.BuyYes, 10e6, 600_000);
        Order memory maker = _order(3, question, Side.SellYes, 10e6, 600_000);
        (taker.nonce, maker.nonce) = (nonce, nonce);
        _match(0, taker, 3, maker, 10e6);
        _measuredIn(name, ceiling);
    }

    function _matchBuyers(string memory name, uint256 ceiling, uint256 nonce) private {
        Order memory taker = _order(0, question, Side.BuyYes, 10e6, 600_000);
        Order memory maker = _order(1, question, Side.BuyNo, 10e6, 400_000);
        (taker.nonce, maker.nonce) = (nonce, nonce);
        _match(0, taker, 1, maker, 10e6);
        _measuredIn(name, ceiling);
    }

    function _measuredIn(string memory name, uint256 ceiling) private {
        uint256 used = vm.lastCallGas().gasTotalUsed;
        vm.snapshotGasLastCall("outcomes", name);
        vm.assertLe(used, ceiling, name);
    }
}
