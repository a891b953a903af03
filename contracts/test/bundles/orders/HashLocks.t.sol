// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HashLock, IHashLocks, LockState} from "../../../src/bundles/orders/IHashLocks.sol";
import {HashLocks} from "../../../src/bundles/orders/HashLocks.sol";
import {Permit} from "../../../src/lib/Permits.sol";
import {TestToken} from "../../doubles/Tokens.sol";
import {Test} from "../../Test.sol";

/// @dev alice drew the secret: she gives tokens on one chain for bob's coins on another. Both chains are the tests' own, with a
///      contract for each.
contract HashLocksTest is Test {
    uint40 private constant START = 1_750_000_000;
    bytes32 private constant SECRET = keccak256("secret");
    address private constant ALICE = address(0xa11ce);
    address private constant BOB = address(0xb0b);
    address private constant EVE = address(0xe7e);

    HashLocks private here;
    HashLocks private there;
    TestToken private token;
    TestToken private coin;

    function setUp() external {
        vm.warp(START);
        (here, there) = (new HashLocks(), new HashLocks());
        (token, coin) = (new TestToken(), new TestToken());
        _fund(token, ALICE, here);
        _fund(coin, BOB, there);
    }

    /* a swap */

    function test_BothArePaidByOneSecret() external {
        (HashLock memory first, HashLock memory second) = _swap(START + 20 hours, START + 10 hours);
        _claim(there, second, ALICE);
        vm.assertEq(coin.balanceOf(ALICE), 70e6);
        _claim(here, first, BOB);
        vm.assertEq(token.balanceOf(BOB), 100e6);
        vm.assertEq(here.secretOf(first.hash), SECRET);
    }

    function test_BothAreGivenBackWithoutIt() external {
        (HashLock memory first, HashLock memory second) = _swap(START + 20 hours, START + 10 hours);
        vm.warp(START + 20 hours);
        here.giveBack(first);
        there.giveBack(second);
        vm.assertEq(token.balanceOf(ALICE), 1_000e6);
        vm.assertEq(coin.balanceOf(BOB), 1_000e6);
    }

    /// bob sees the secret in the last second of the second lock, and has the margin left to use it.
    function testFuzz_TheMarginIsLeftForTheSecond(uint40 margin) external {
        margin = uint40(_bound(margin, 1, 10 hours));
        (HashLock memory first, HashLock memory second) = _swap(START + 10 hours + margin, START + 10 hours);
        vm.warp(START + 10 hours - 1);
        _claim(there, second, ALICE);
        vm.warp(START + 10 hours + margin - 1);
        _claim(here, first, BOB);
        vm.assertEq(token.balanceOf(BOB), 100e6);
    }

    /// Why nobody should lock second without a margin: with equal locks who knows the secret takes one and keeps the other.
    function test_WithEqualLocksTheSecondMayLoseBoth() external {
        (HashLock memory first, HashLock memory second) = _swap(START + 10 hours, START + 10 hours);
        vm.warp(START + 10 hours - 1);
        _claim(there, second, ALICE);
        vm.warp(START + 10 hours);
        here.giveBack(first);
        vm.assertEq(token.balanceOf(ALICE), 1_000e6);
        vm.assertEq(coin.balanceOf(ALICE), 70e6);
        vm.assertEq(token.balanceOf(BOB), 0);
    }

    /* who claims */

    /// Whoever sees the secret on its way brings it first, and pays the recipient with it.
    function testFuzz_WhoeverIsFasterGainsNothing(address eve) external {
        (, HashLock memory second) = _swap(START + 20 hours, START + 10 hours);
        _claim(there, second, eve);
        vm.assertEq(coin.balanceOf(ALICE), 70e6);
        vm.expectRevert(
            abi.encodeWithSelector(IHashLocks.Locks_NotHeld.selector, there.idOf(second), LockState.Claimed)
        );
        _claim(there, second, ALICE);
    }

    function testFuzz_RevertWhen_AnyTermIsAnother(uint256 which) external {
        (HashLock memory first,) = _swap(START + 20 hours, START + 10 hours);
        which %= 6;
        if (which == 0) first.recipient = EVE;
        if (which == 1) first.amount += 1;
        if (which == 2) first.until += 1;
        if (which == 3) first.payer = EVE;
        if (which == 4) first.salt += 1;
        if (which == 5) first.token = address(coin);
        bytes memory why = abi.encodeWithSelector(IHashLocks.Locks_NotHeld.selector, here.idOf(first), LockState.None);
        vm.expectRevert(why);
        _claim(here, first, EVE);
        vm.warp(START + 20 hours);
        vm.expectRevert(why);
        here.giveBack(first);
    }

    function testFuzz_RevertWhen_TheSecretIsAnother(bytes32 secret) external {
        (HashLock memory first,) = _swap(START + 20 hours, START + 10 hours);
        vm.assume(secret != SECRET);
        vm.expectRevert(abi.encodeWithSelector(IHashLocks.Locks_WrongSecret.selector, first.hash));
        here.claim(first, secret);
    }

    /* when */

    function testFuzz_EitherClaimedOrGivenBackAtAnyTime(uint40 time) external {
        (HashLock memory first,) = _swap(START + 20 hours, START + 10 hours);
        vm.warp(_bound(time, START, START + 40 hours));
        bool late = block.timestamp >= first.until;
        if (late) vm.expectRevert(abi.encodeWithSelector(IHashLocks.Locks_Late.selector, first.until));
        else vm.expectRevert(abi.encodeWithSelector(IHashLocks.Locks_Early.selector, first.until));
        if (late) _claim(here, first, BOB);
        else here.giveBack(first);
        if (late) here.giveBack(first);
        else _claim(here, first, BOB);
        vm.assertEq(token.balanceOf(late ? ALICE : BOB), late ? 1_000e6 : 100e6);
        vm.assertEq(token.balanceOf(address(here)), 0);
    }

    function test_RevertWhen_Repeated() external {
        (HashLock memory first,) = _swap(START + 20 hours, START + 10 hours);
        vm.warp(START + 20 hours);
        here.giveBack(first);
        bytes memory why =
            abi.encodeWithSelector(IHashLocks.Locks_NotHeld.selector, here.idOf(first), LockState.Returned);
        vm.expectRevert(why);
        here.giveBack(first);
        vm.warp(START + 1 hours);
        vm.expectRevert(why);
        _claim(here, first, BOB);
        vm.expectRevert(abi.encodeWithSelector(IHashLocks.Locks_Known.selector, here.idOf(first)));
        _lock(here, first);
    }

    /* locking */

    /// A secret that everybody knows protects nothing.
    function test_RevertWhen_ItsSecretWasShown() external {
        (HashLock memory first,) = _swap(START + 20 hours, START + 10 hours);
        _claim(here, first, BOB);
        first.salt = 2;
        vm.expectRevert(abi.encodeWithSelector(IHashLocks.Locks_SecretShown.selector, first.hash));
        _lock(here, first);
    }

    function test_RevertWhen_SomebodyElsesTokensAreLocked() external {
        HashLock memory first = _first(START + 20 hours);
        vm.prank(EVE);
        vm.expectRevert(abi.encodeWithSelector(IHashLocks.Locks_NotPayer.selector, ALICE, EVE));
        here.lock(first, Permit(0, 0, 0, 0, 0));
    }

    function test_RevertWhen_TheLockMakesNoSense() external {
        HashLock memory first = _first(START);
        vm.expectRevert(abi.encodeWithSelector(IHashLocks.Locks_BadLock.selector, "until"));
        _lock(here, first);
        first = _first(START + 1);
        first.amount = 0;
        vm.expectRevert(abi.encodeWithSelector(IHashLocks.Locks_BadLock.selector, "amount"));
        _lock(here, first);
        first = _first(START + 1);
        first.recipient = address(0);
        vm.expectRevert(abi.encodeWithSelector(IHashLocks.Locks_BadLock.selector, "recipient"));
        _lock(here, first);
    }

    function test_RevertWhen_TheTokenTakesAFee() external {
        token.behave(TestToken.Manner.TakesFee, address(0));
        HashLock memory first = _first(START + 1 hours);
        vm.expectRevert(abi.encodeWithSelector(IHashLocks.Locks_BadToken.selector, token, 100e6 - 1, 100e6));
        _lock(here, first);
    }

    /* INSIDE */

    function _first(uint40 until) private view returns (HashLock memory) {
        return HashLock(ALICE, BOB, address(token), 100e6, sha256(abi.encode(SECRET)), until, 1);
    }

    function _swap(uint40 firstUntil, uint40 secondUntil)
        private
        returns (HashLock memory first, HashLock memory second)
    {
        first = _first(firstUntil);
        second = HashLock(BOB, ALICE, address(coin), 70e6, first.hash, secondUntil, 1);
        _lock(here, first);
        _lock(there, second);
    }

    function _lock(HashLocks locks, HashLock memory terms) private {
        vm.prank(terms.payer);
        locks.lock(terms, Permit(0, 0, 0, 0, 0));
    }

    function _claim(HashLocks locks, HashLock memory terms, address who) private {
        vm.prank(who);
        locks.claim(terms, SECRET);
    }

    function _fund(TestToken which, address who, HashLocks locks) private {
        which.mint(who, 1_000e6);
        vm.prank(who);
        which.approve(address(locks), type(uint256).max);
    }
}
