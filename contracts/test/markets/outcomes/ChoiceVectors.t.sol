// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IOutcomeTokens} from "../../../src/markets/outcomes/IOutcomeTokens.sol";
import {OutcomeTokens} from "../../../src/markets/outcomes/OutcomeTokens.sol";
import {INVALID} from "../../../src/oracle/AnswerWord.sol";
import {Aggregation, Question} from "../../../src/oracle/IOracle.sol";
import {SaysAnswer} from "../../doubles/SaysAnswer.sol";
import {OutcomeStage} from "./OutcomeStage.sol";

/// @dev What tokens of a choice turn into and what they are worth, in both languages: packages/markets/src/core/outcomes.test.ts
///      reads the same file.
contract ChoiceVectorsTest is OutcomeStage {
    /// @dev By column: how the question ends, what settling writes down, what both holders are paid, and what is left.
    struct Ends {
        string[] answers; // empty: there is none
        uint256[] outcomes;
        uint256[] denominators;
        uint256[] pays;
        uint256[] others;
        uint256[] left;
    }

    SaysAnswer private _says;
    string private _json;

    function setUp() public override {
        super.setUp();
        _says = new SaysAnswer();
        tokens = new OutcomeTokens(address(_says), address(dollar));
        _rich(0);
        _json = vm.readFile("../vectors/choices.json");
    }

    function test_Counts() external {
        uint256 i;
        for (; vm.keyExistsJson(_json, _at("counts", i)); ++i) {
            string memory at = _at("counts", i);
            Question memory terms = _termsOf(at, i);
            string memory how = _text(at, ".aggregation");
            terms.aggregation = _same(how, "plurality")
                ? Aggregation.Plurality
                : _same(how, "root") ? Aggregation.Root : Aggregation.Median;
            bytes32 question = _says.idOf(terms);
            uint256 count = _number(at, ".count");
            if (count == 0) {
                vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoSides.selector, question));
            } else if (count == 1) {
                vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoChoice.selector, question));
            } else {
                vm.expectEmit(address(tokens));
                emit IOutcomeTokens.Converted(question, _trader(0), count, 0, 1, -1);
            }
            vm.prank(_trader(0));
            tokens.splitAll(terms, 1);
        }
        vm.assertEq(i, 13);
    }

    function test_Ids() external view {
        uint256 i;
        for (; vm.keyExistsJson(_json, _at("ids", i)); ++i) {
            string memory at = _at("ids", i);
            bytes32 question = vm.parseJsonBytes32(_json, string.concat(at, ".question"));
            uint8 outcome = uint8(_number(at, ".outcome"));
            vm.assertEq(tokens.yesOf(question, outcome), _number(at, ".yes"), at);
            vm.assertEq(tokens.noOf(question, outcome), _number(at, ".no"), at);
        }
        vm.assertEq(i, 40);
    }

    function test_Lives() external {
        uint256 i;
        for (; vm.keyExistsJson(_json, _at("lives", i)); ++i) {
            string memory at = _at("lives", i);
            uint256 before = vm.snapshotState();
            Question memory terms = _termsOf(at, i);
            _steps(terms, at);
            vm.assertEq(dollar.balanceOf(address(tokens)), _number(at, ".held"), at);
            _isHeld(terms, 0, at, ".yes", ".no");
            _isHeld(terms, 1, at, ".othersYes", ".othersNo");
            // All outcomes are redeemed in one call, or each by itself, which pays the same.
            _ends(terms, at, i % 2 == 0);
            vm.revertToState(before);
        }
        vm.assertEq(i, 17);
    }

    /* INSIDE */

    function _steps(Question memory terms, string memory at) private {
        string[] memory does = vm.parseJsonStringArray(_json, string.concat(at, ".steps.does"));
        uint256[] memory outcomes = _numbers(at, ".steps.outcomes");
        uint256[] memory sides = _numbers(at, ".steps.sides");
        uint256[] memory amounts = _numbers(at, ".steps.amounts");
        int256[] memory paid = vm.parseJsonIntArray(_json, string.concat(at, ".steps.paid"));
        for (uint256 i; i < does.length; ++i) {
            int256 before = int256(dollar.balanceOf(_trader(0)));
            _step(terms, does[i], outcomes[i], sides[i], uint128(amounts[i]), paid[i]);
            vm.assertEq(int256(dollar.balanceOf(_trader(0))) - before, paid[i], at);
        }
    }

    function _step(
        Question memory terms,
        string memory does,
        uint256 outcomes,
        uint256 side,
        uint128 amount,
        int256 paid
    ) private {
        bytes32 question = _says.idOf(terms);
        if (_same(does, "split")) {
            _split(0, question, _placeOf(outcomes), amount);
        } else if (_same(does, "give")) {
            uint256 id = tokens.yesOf(question, _placeOf(outcomes)) | side;
            vm.prank(_trader(0));
            tokens.transfer(_trader(1), id, amount);
        } else {
            vm.expectEmit(address(tokens));
            emit IOutcomeTokens.Converted(question, _trader(0), _countOf(terms), outcomes, amount, paid);
            vm.prank(_trader(0));
            if (_same(does, "splitAll")) tokens.splitAll(terms, amount);
            else if (_same(does, "mergeAll")) tokens.mergeAll(terms, amount);
            else vm.assertEq(tokens.convert(terms, uint32(outcomes), amount), uint256(paid));
        }
    }

    function _isHeld(Question memory terms, uint256 who, string memory at, string memory yes, string memory no)
        private
        view
    {
        (uint256[] memory ofYes, uint256[] memory ofNo) = (_numbers(at, yes), _numbers(at, no));
        vm.assertEq(ofYes.length, _countOf(terms), at);
        for (uint256 i; i < ofYes.length; ++i) {
            _holds(who, _says.idOf(terms), uint8(i), ofYes[i], ofNo[i]);
        }
    }

    function _ends(Question memory terms, string memory at, bool together) private {
        Ends memory ends = Ends(
            vm.parseJsonStringArray(_json, string.concat(at, ".ends.answers")),
            _numbers(at, ".ends.outcomes"),
            _numbers(at, ".ends.denominators"),
            _numbers(at, ".ends.pays"),
            _numbers(at, ".ends.others"),
            _numbers(at, ".ends.left")
        );
        vm.assertEq(ends.answers.length, 6, at);
        for (uint256 i; i < ends.answers.length; ++i) {
            uint256 open = vm.snapshotState();
            if (bytes(ends.answers[i]).length != 0) {
                _says.say(int96(vm.parseJsonInt(_json, string.concat(at, ".ends.answers[", vm.toString(i), "]"))));
            } else if (together) {
                _says.sayNothing();
            } else {
                _says.say(INVALID);
            }
            _end(terms, ends, i, together);
            vm.revertToState(open);
        }
    }

    function _end(Question memory terms, Ends memory ends, uint256 i, bool together) private {
        (uint256 outcomes, uint256 numerator, uint256 denominator) = tokens.settle(terms);
        vm.assertEq(outcomes, ends.outcomes[i]);
        vm.assertTrue(numerator == 1 && denominator == ends.denominators[i]);
        vm.assertEq(_redeemed(terms, 0, together), ends.pays[i]);
        vm.assertEq(_redeemed(terms, 1, together), ends.others[i]);
        vm.assertEq(dollar.balanceOf(address(tokens)), ends.left[i]);
    }

    function _redeemed(Question memory terms, uint256 who, bool together) private returns (uint256 paid) {
        bytes32 question = _says.idOf(terms);
        uint32 held;
        for (uint8 i; i < _countOf(terms); ++i) {
            uint256 yes = tokens.yesOf(question, i);
            if (tokens.balanceOf(_trader(who), yes) + tokens.balanceOf(_trader(who), yes | 1) == 0) continue;
            held |= uint32(1) << i;
            if (!together) paid += tokens.redeem(question, uint32(1) << i, _trader(who));
        }
        if (together && held != 0) return tokens.redeem(question, type(uint32).max, _trader(who));
    }

    function _termsOf(string memory at, uint256 nonce) private view returns (Question memory terms) {
        terms = _categorical(3);
        terms.nonce = uint64(nonce);
        terms.min = int96(vm.parseJsonInt(_json, string.concat(at, ".min")));
        terms.max = int96(vm.parseJsonInt(_json, string.concat(at, ".max")));
    }

    function _countOf(Question memory terms) private pure returns (uint256) {
        return uint256(int256(terms.max) - terms.min + 1);
    }

    function _placeOf(uint256 bit) private pure returns (uint8 place) {
        while (bit >> place != 1) ++place;
    }

    function _at(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(i), "]");
    }

    function _number(string memory at, string memory field) private view returns (uint256) {
        return vm.parseJsonUint(_json, string.concat(at, field));
    }

    function _numbers(string memory at, string memory field) private view returns (uint256[] memory) {
        return vm.parseJsonUintArray(_json, string.concat(at, field));
    }

    function _text(string memory at, string memory field) private view returns (string memory) {
        return vm.parseJsonString(_json, string.concat(at, field));
    }

    function _same(string memory a, string memory b) private pure returns (bool) {
        return keccak256(bytes(a)) == keccak256(bytes(b));
    }
}
