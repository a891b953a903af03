// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Rule, Tier, TieredVerifier} from "../../../src/bundles/verifiers/TieredVerifier.sol";
import {IVerifier} from "../../../src/bundles/IVerifier.sol";
import {TestVerifier} from "../../doubles/Verifier.sol";
import {Test} from "../../Test.sol";

contract TieredVerifierTest is Test {
    uint256 private constant LITTLE = 1_000e6;
    uint256 private constant MUCH = 50_000e6;
    bytes32 private constant LEAF = keccak256("leaf");

    TestVerifier private quorum;
    TestVerifier private logs;
    TieredVerifier private verifier;

    function setUp() external {
        (quorum, logs) = (new TestVerifier(), new TestVerifier());
        verifier = new TieredVerifier(quorum, logs, _three());
    }

    /* little */

    function testFuzz_EitherIsEnough(uint256 value, bool byLogs) external {
        (byLogs ? logs : quorum).say(LEAF);
        _check(_bound(value, 0, LITTLE), !byLogs, byLogs);
    }

    /// Whoever shows the first's evidence is held to it: what it refuses, the second is not asked about.
    function test_RevertWhen_WhatIsShownIsNotSo() external {
        logs.say(LEAF);
        vm.expectRevert(abi.encodeWithSelector(TestVerifier.TestVerifier_NotSaid.selector, 0));
        _check(1, true, true);
    }

    /* more */

    function testFuzz_TheFirstAloneIsEnough(uint256 value) external {
        quorum.say(LEAF);
        _check(_bound(value, LITTLE + 1, MUCH), true, false);
    }

    function test_RevertWhen_JustMoreThanLittleHangsOnTheSecondAlone() external {
        logs.say(LEAF);
        _check(LITTLE, false, true);
        vm.expectRevert(abi.encodeWithSelector(TieredVerifier.Tiers_NotEnough.selector, Rule.First));
        _check(LITTLE + 1, false, true);
    }

    /* much */

    function testFuzz_BothAreEnough(uint256 value) external {
        quorum.say(LEAF);
        logs.say(LEAF);
        value = _bound(value, MUCH + 1, type(uint256).max);
        _check(value, true, true);
        // Both are told what hangs on it.
        vm.assertEq(quorum.highest(), value);
        vm.assertEq(logs.highest(), value);
    }

    function test_RevertWhen_JustMoreThanMuchHangsOnOneAlone() external {
        quorum.say(LEAF);
        logs.say(LEAF);
        _check(MUCH, true, false);
        vm.expectRevert(abi.encodeWithSelector(TieredVerifier.Tiers_NotEnough.selector, Rule.Both));
        _check(MUCH + 1, true, false);
        vm.expectRevert(abi.encodeWithSelector(TieredVerifier.Tiers_NotEnough.selector, Rule.Both));
        _check(MUCH + 1, false, true);
    }

    function testFuzz_RevertWhen_OneOfBothSaysNo(uint256 value, bool logsSay) external {
        (logsSay ? logs : quorum).say(LEAF);
        value = _bound(value, MUCH + 1, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(TestVerifier.TestVerifier_NotSaid.selector, 0));
        _check(value, true, true);
    }

    /* nothing */

    function testFuzz_RevertWhen_NothingIsShown(uint256 value) external {
        quorum.say(LEAF);
        logs.say(LEAF);
        Rule rule = verifier.ruleFor(value);
        vm.expectRevert(abi.encodeWithSelector(TieredVerifier.Tiers_NotEnough.selector, rule));
        _check(value, false, false);
    }

    /* building it */

    function test_RevertWhen_MoreWantsLess() external {
        Tier[] memory tiers = _three();
        (tiers[1].rule, tiers[2].rule) = (Rule.Both, Rule.First);
        vm.expectRevert(abi.encodeWithSelector(TieredVerifier.Tiers_BadTier.selector, 2));
        new TieredVerifier(quorum, logs, tiers);
    }

    function test_RevertWhen_BoundsDoNotAscendOrEnd() external {
        Tier[] memory tiers = _three();
        tiers[1].upTo = LITTLE;
        vm.expectRevert(abi.encodeWithSelector(TieredVerifier.Tiers_BadTier.selector, 1));
        new TieredVerifier(quorum, logs, tiers);
        tiers = _three();
        tiers[2].upTo = type(uint256).max - 1;
        vm.expectRevert(abi.encodeWithSelector(TieredVerifier.Tiers_BadTier.selector, 2));
        new TieredVerifier(quorum, logs, tiers);
        vm.expectRevert(abi.encodeWithSelector(TieredVerifier.Tiers_BadTier.selector, 0));
        new TieredVerifier(quorum, logs, new Tier[](0));
    }

    function test_RevertWhen_BothAreOne() external {
        vm.expectRevert(TieredVerifier.Tiers_BadVerifiers.selector);
        new TieredVerifier(quorum, quorum, _three());
        vm.expectRevert(TieredVerifier.Tiers_BadVerifiers.selector);
        new TieredVerifier(quorum, IVerifier(address(0)), _three());
    }

    /* INSIDE */

    function _three() private pure returns (Tier[] memory tiers) {
        tiers = new Tier[](3);
        tiers[0] = Tier(LITTLE, Rule.Either);
        tiers[1] = Tier(MUCH, Rule.First);
        tiers[2] = Tier(type(uint256).max, Rule.Both);
    }

    function _check(uint256 value, bool first, bool second) private {
        bytes32[] memory leaves = new bytes32[](1);
        leaves[0] = LEAF;
        verifier.check(leaves, value, abi.encode(first ? bytes("one") : bytes(""), second ? bytes("two") : bytes("")));
    }
}
