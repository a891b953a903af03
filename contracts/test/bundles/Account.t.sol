// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestDollar} from "../../src/lib/TestDollar.sol";
import {Account} from "../../src/bundles/Account.sol";
import {Leg, LegKind, LegStatus} from "../../src/bundles/BundleTypes.sol";
import {Executor} from "../../src/bundles/Executor.sol";
import {BundleDecision, ISettler, LegReceipt, RunnableLeg, Wait} from "../../src/bundles/ISettler.sol";
import {Settler} from "../../src/bundles/Settler.sol";
import {SharedExecutor} from "../../src/bundles/SharedExecutor.sol";
import {Target} from "../doubles/Target.sol";
import {Vm} from "../Test.sol";
import {Place, SettlerStage} from "./SettlerStage.sol";

contract AccountTest is SettlerStage {
    TestDollar private dollar;

    function setUp() public override {
        super.setUp();
        dollar = new TestDollar();
    }

    /* legs */

    function test_ALegIsCalledFromItsOwnersAccount() external {
        RunnableLeg memory leg = _opened(_own(abi.encodeCall(Target.receiveWord, (1)), 0), _at(0), "");
        address account = settler.accountOf(alice);
        vm.assertEq(account.code.length, 0);
        vm.expectEmit(address(settler));
        emit ISettler.AccountCreated(alice, account);
        _run(leg);
        vm.assertEq(target.caller(), account);
        vm.assertEq(Account(payable(account)).owner(), alice);
        vm.assertEq(settler.createAccount(alice), account);
    }

    function test_AnotherOwnersLegComesFromAnotherAccount() external {
        _run(_opened(_own(abi.encodeCall(Target.receiveWord, (1)), 0), Place(BASE, 0, bob, DEADLINE), ""));
        vm.assertEq(target.caller(), settler.accountOf(bob));
        vm.assertTrue(settler.accountOf(bob) != settler.accountOf(alice));
    }

    function test_ValueIsPaidFromTheAccountOnceItIsThere() external {
        RunnableLeg memory leg = _opened(_own(abi.encodeCall(Target.receiveWord, (1)), 7), _at(0), "");
        vm.expectEmit(address(settler));
        emit ISettler.Skipped(BASE, Wait.Unfunded);
        // Nothing that comes with the transaction stands in for it.
        uint256 before = address(this).balance;
        settler.run{value: 9}(_list(leg), new LegReceipt[](0), new BundleDecision[](0), "", relayer);
        vm.assertEq(address(this).balance, before);
        vm.assertTrue(!settler.isSettled(BASE));
        _give(settler.accountOf(alice), 10);
        _expectReceipt(0, LegStatus.Ok, keccak256(abi.encode(2)));
        _run(leg);
        vm.assertEq(target.value(), 7);
        vm.assertEq(settler.accountOf(alice).balance, 3);
    }

    function test_WhatFailsCostsTheAccountNothing() external {
        _give(settler.accountOf(alice), 10);
        _run(_opened(_own(abi.encodeCall(Target.fail, (1)), 7), _at(0), ""));
        vm.assertEq(settler.accountOf(alice).balance, 10);
    }

    /// As many owners as there are: each has his address on every chain, whoever makes it and when.
    function testFuzz_TheAddressDependsOnTheOwnerAlone(address owner, uint64 chain) external {
        address here = settler.accountOf(owner);
        vm.chainId(chain);
        vm.assertEq(settler.createAccount(owner), here);
        vm.assertEq(Account(payable(here)).owner(), owner);
    }

    /* the owner */

    function test_TheOwnerCallsWhatHeLikes() external {
        address account = settler.createAccount(alice);
        _give(account, 10);
        vm.prank(alice);
        bytes memory result =
            Account(payable(account)).call(address(target), 3, abi.encodeCall(Target.receiveWord, (4)));
        vm.assertEq(abi.decode(result, (uint256)), 5);
        vm.assertEq(target.caller(), account);
        vm.expectRevert(abi.encodeWithSelector(Target.Target_Failed.selector, 8));
        vm.prank(alice);
        Account(payable(account)).call(address(target), 0, abi.encodeCall(Target.fail, (8)));
    }

    function test_RevertWhen_AnybodyElseCalls() external {
        address account = settler.createAccount(alice);
        vm.expectRevert(abi.encodeWithSelector(Account.Account_NotOwner.selector, bob));
        vm.prank(bob);
        Account(payable(account)).call(address(target), 0, "");
        vm.expectRevert(abi.encodeWithSelector(Executor.Executor_NotSettler.selector, alice));
        vm.prank(alice);
        Account(payable(account)).execute();
        SharedExecutor shared = settler.shared();
        vm.expectRevert(abi.encodeWithSelector(Executor.Executor_NotSettler.selector, bob));
        vm.prank(bob);
        shared.execute();
    }

    function test_TakesTokensThatAskFirst() external {
        Account account = Account(payable(settler.createAccount(alice)));
        vm.assertTrue(account.onERC721Received(bob, bob, 1, "") == 0x150b7a02);
        vm.assertTrue(account.onERC1155Received(bob, bob, 1, 1, "") == 0xf23a6e61);
        uint256[] memory none;
        vm.assertTrue(account.onERC1155BatchReceived(bob, bob, none, none, "") == 0xbc197c81);
    }

    /* what holds nothing: a leg may name whatever it likes */

    /// Whom it names as a target, it calls as a contract without a right: every one of them fails, nothing moves.
    function test_ALegCanNotTakeWhatIsOthers() external {
        address account = settler.createAccount(alice);
        dollar.faucet(account);
        dollar.faucet(alice);
        vm.prank(alice);
        dollar.approve(address(settler), type(uint256).max);
        address shared = address(settler.shared());

        bytes[] memory attacks = new bytes[](6);
        address[] memory targets = new address[](6);
        (targets[0], attacks[0]) = (address(dollar), abi.encodeCall(dollar.transferFrom, (alice, bob, 1)));
        (targets[1], attacks[1]) = (address(dollar), abi.encodeCall(dollar.transferFrom, (account, bob, 1)));
        (targets[2], attacks[2]) = (account, abi.encodeCall(Account.call, (address(dollar), 0, "")));
        (targets[3], attacks[3]) = (account, abi.encodePacked(Account.execute.selector, abi.encode(dollar, 0, 1e5)));
        (targets[4], attacks[4]) = (shared, abi.encodePacked(SharedExecutor.execute.selector, abi.encode(dollar, 1e5)));
        (targets[5], attacks[5]) = (address(settler), abi.encodeCall(settler.pause, (1)));
        for (uint8 i; i < 12; ++i) {
            Leg memory leg = _leg(attacks[i % 6]);
            leg.target = targets[i % 6];
            // From what everybody shares, and from the attacker's own account.
            leg.kind = i < 6 ? LegKind.Shared : LegKind.Account;
            RunnableLeg memory attack = _opened(leg, Place(BASE, i, bob, DEADLINE), "");
            vm.recordLogs();
            _run(attack);
            Vm.Log[] memory logs = vm.getRecordedLogs();
            (LegStatus status,,) = abi.decode(logs[logs.length - 1].data, (LegStatus, bytes32, address));
            vm.assertTrue(status == LegStatus.Failed, vm.toString(i));
        }
        vm.assertEq(dollar.balanceOf(bob), 0);
        vm.assertEq(dollar.balanceOf(account), 10_000e6);
        vm.assertEq(uint256(settler.pausedUntil()), 0);
    }

    /// Value that a target sends back to what everybody shares is refused: nothing stays there.
    function test_WhatEverybodySharesTakesNoValue() external {
        (bool done,) = address(settler.shared()).call{value: 1}("");
        vm.assertTrue(!done);
        (done,) = address(settler).call{value: 1}("");
        vm.assertTrue(!done);
    }

    /* inside */

    function _own(bytes memory data, uint96 value) private view returns (Leg memory leg) {
        leg = _leg(data);
        (leg.kind, leg.value) = (LegKind.Account, value);
    }

    function _give(address to, uint256 amount) private {
        (bool done,) = to.call{value: amount}("");
        require(done);
    }
}
