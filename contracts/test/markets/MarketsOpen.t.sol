// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IMarkets, Market} from "../../src/markets/IMarkets.sol";
import {TOO_EARLY} from "../../src/oracle/AnswerWord.sol";
import {Aggregation, Question} from "../../src/oracle/IOracle.sol";
import {Stage} from "../Stage.sol";

contract MarketsOpenTest is Stage {
    Question private categories;
    Question private number;

    function setUp() public override {
        super.setUp();
        categories = _categorical(3);
        number = _numeric();
        _ask(categories);
        _ask(number);
    }

    function test_OpensOnCategories() external {
        Market memory market = _market(categories, 3);
        bytes32 id = markets.idOf(market);
        vm.assertEq(id, keccak256(abi.encode(market)));
        vm.expectEmit(address(markets));
        emit IMarkets.Opened(id, market.question, market);
        vm.prank(stranger);
        vm.assertEq(markets.open(market, categories), id);
    }

    function test_OpensOnNumbers() external {
        Market memory market = _cut(-999, 0, 1_000);
        bytes32 id = markets.open(market, number);
        vm.assertEq(id, keccak256(abi.encode(market)));
    }

    function test_OpensAtTheBounds() external {
        Market memory market = _market(categories, 3);
        market.feeBps = 1_000;
        markets.open(market, categories);
        uint8[2] memory most = [2, 48];
        for (uint256 i; i < 2; ++i) {
            Question memory question = _categorical(most[i]);
            question.nonce = 9;
            _ask(question);
            markets.open(_market(question, most[i]), question);
        }
        vm.warp(type(uint32).max - 1 days);
        Question memory late = _categorical(3);
        late.opensAt = type(uint32).max;
        late.deadline = late.opensAt + 1 days;
        _ask(late);
        markets.open(_market(late, 3), late);
    }

    function test_RevertWhen_OpenAlready() external {
        Market memory market = _market(categories, 3);
        bytes32 id = markets.open(market, categories);
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_AlreadyOpen.selector, id));
        markets.open(market, categories);
    }

    function test_RevertWhen_TermsAreAnotherQuestions() external {
        _refused(_market(categories, 3), number, "question");
    }

    function test_RevertWhen_QuestionWasNeverAsked() external {
        Question memory never = _categorical(3);
        never.nonce = 42;
        _refused(_market(never, 3), never, "status");
    }

    function test_RevertWhen_QuestionIsAnsweredPastOrReopened() external {
        Market memory market = _market(categories, 3);
        vm.warp(categories.opensAt);
        uint256 before = vm.snapshotState();
        _agree(categories, 1, 7);
        _refused(market, categories, "status");
        vm.revertToState(before);
        _agree(categories, TOO_EARLY, 7);
        _refused(market, categories, "closesAt"); // whoever reopens a question does so at opensAt or later
        vm.revertToState(before);
        vm.warp(categories.deadline);
        _refused(market, categories, "closesAt"); // it is open to its last second
        vm.warp(categories.deadline + 1);
        _refused(market, categories, "status");
    }

    function test_RevertWhen_NobodyWouldGetTheFee() external {
        Market memory market = _market(categories, 3);
        market.creator = address(0);
        _refused(market, categories, "creator");
    }

    function test_RevertWhen_ClosingPastOrAfterOpensAt() external {
        Market memory market = _market(categories, 3);
        market.closesAt = START;
        _refused(market, categories, "closesAt");
        market.closesAt = categories.opensAt + 1;
        _refused(market, categories, "closesAt");
    }

    function test_RevertWhen_ClosingBeyond32Bits() external {
        // 32 bits end in 2106; one second later the field would read 1970.
        vm.warp(type(uint32).max);
        Question memory late = _categorical(3);
        late.opensAt = uint40(type(uint32).max) + 10;
        late.deadline = late.opensAt + 1 days;
        _ask(late);
        Market memory market = _market(late, 3);
        market.closesAt = uint40(type(uint32).max) + 1;
        _refused(market, late, "closesAt");
    }

    function test_RevertWhen_FeeAboveTenPercent() external {
        Market memory market = _market(categories, 3);
        market.feeBps = 1_001;
        _refused(market, categories, "feeBps");
    }

    function test_RevertWhen_TheAnswerMayComeEarly() external {
        Question memory early = categories;
        early.endsEarly = true;
        bytes32 question = _ask(early);
        Market memory market = _market(early, 3);
        market.question = question;
        _refused(market, early, "endsEarly");
    }

    function test_RevertWhen_OutcomesOutOfRange() external {
        _refused(_market(categories, 1), categories, "outcomes");
        _refused(_market(categories, 49), categories, "outcomes");
    }

    function test_RevertWhen_OutcomesDoNotMatchTheBounds() external {
        _refused(_market(categories, 4), categories, "bounds");
        Question memory shifted = _categorical(3);
        shifted.min = 1;
        shifted.nonce = 5;
        _ask(shifted);
        _refused(_market(shifted, 3), shifted, "bounds");
    }

    function test_RevertWhen_AggregationDoesNotFit() external {
        _refused(_market(number, 3), number, "aggregation");
        Market memory market = _cut(-1, 0, 1);
        market.question = oracle.idOf(categories);
        _refused(market, categories, "aggregation");
    }

    function test_RevertWhen_CutsDoNotPartTheRange() external {
        _refused(_cut(-1_000, 0, 1), number, "cuts"); // nothing lies below the first
        _refused(_cut(0, 0, 1), number, "cuts");
        _refused(_cut(1, 0, 2), number, "cuts");
        _refused(_cut(-1, 0, 1_001), number, "cuts"); // nothing lies above the last
        Market memory market = _cut(-1, 0, 1);
        market.outcomes = 3;
        _refused(market, number, "outcomes");
    }

    function test_RevertWhen_AFieldHasDirtyBits() external {
        bytes memory data = abi.encodeCall(IMarkets.open, (_market(categories, 3), categories));
        uint256 before = vm.snapshotState();
        (bool clean,) = address(markets).call(data);
        vm.assertTrue(clean);
        vm.revertToState(before);
        // The market's struct follows twelve words of heads (its offset, the question); feeBps is its fourth word.
        data[4 + 32 * 12 + 32 * 3] = 0x01;
        (bool done,) = address(markets).call(data);
        vm.assertTrue(!done);
    }

    function _market(Question memory terms, uint8 outcomes) private view returns (Market memory) {
        return Market({
            question: oracle.idOf(terms),
            creator: alice,
            closesAt: terms.opensAt,
            feeBps: 200,
            outcomes: outcomes,
            cuts: new int96[](0)
        });
    }

    function _cut(int96 a, int96 b, int96 c) private view returns (Market memory market) {
        market = _market(number, 4);
        market.cuts = _values(a, b, c);
    }

    function _refused(Market memory market, Question memory terms, string memory what) private {
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_BadTerms.selector, what));
        markets.open(market, terms);
    }
}
