// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LockState} from "../../../src/bundles/orders/IHashLocks.sol";
import {HashLocks} from "../../../src/bundles/orders/HashLocks.sol";
import {TestToken} from "../../doubles/Tokens.sol";
import {InvariantTest} from "../../Test.sol";
import {HashLocksHandler} from "./HashLocksHandler.sol";

contract HashLocksInvariantsTest is InvariantTest {
    HashLocksHandler private handler;
    HashLocks private locks;

    function setUp() external {
        handler = new HashLocksHandler();
        handler.start();
        locks = handler.locks();
        bytes4[] memory selectors = new bytes4[](11);
        selectors[0] = handler.lock.selector;
        selectors[1] = handler.lock.selector;
        selectors[2] = handler.lock.selector;
        selectors[3] = handler.lock.selector;
        selectors[4] = handler.claim.selector;
        selectors[5] = handler.claim.selector;
        selectors[6] = handler.giveBack.selector;
        selectors[7] = handler.giveBack.selector;
        selectors[8] = handler.forge.selector;
        selectors[9] = handler.wait_.selector;
        selectors[10] = handler.behave.selector;
        _target(address(handler), selectors);
    }

    /* always */

    /// H1: what is held is there, exactly; nobody gave it anything.
    function invariant_H1_WhatIsHeldIsThere() external view {
        for (uint256 i; i < 2; ++i) {
            TestToken token = handler.tokenAt(i);
            vm.assertEq(token.balanceOf(address(locks)), handler.heldOf(address(token)));
        }
    }

    /// H2: a lock is claimed or given back, once, and what went where is what everybody has.
    function invariant_H2_EachEndsOnceAndOneWay() external view {
        for (uint256 i; i < handler.count(); ++i) {
            HashLocksHandler.Book memory book = handler.bookAt(i);
            vm.assertTrue(!(book.claimed && book.returned));
            LockState want = book.claimed ? LockState.Claimed : book.returned ? LockState.Returned : LockState.Held;
            vm.assertEq(uint256(locks.stateOf(book.id)), uint256(want));
        }
        for (uint256 i; i < 6; ++i) {
            (address who, TestToken token) = (handler.personAt(i / 2), handler.tokenAt(i % 2));
            vm.assertEq(token.balanceOf(who), handler.dueTo(who, address(token)));
        }
    }

    /// H3: whoever's lock was claimed finds the secret here; and no other stands for its hash.
    function invariant_H3_AClaimShowsItsSecret() external view {
        for (uint256 i; i < handler.count(); ++i) {
            HashLocksHandler.Book memory book = handler.bookAt(i);
            bytes32 shown = locks.secretOf(book.terms.hash);
            if (book.claimed) vm.assertEq(shown, book.secret);
            vm.assertTrue(shown == 0 || sha256(abi.encode(shown)) == book.terms.hash);
        }
    }

    /// H4: claimed before its end, given back from it on, locked by its payer; and nobody is refused what is his.
    function invariant_H4_EveryMoveIsRight() external view {
        vm.assertEq(handler.wrong(), 0, handler.why());
    }

    /// H5: in the end nothing is held, whatever came before.
    function afterInvariant() external {
        handler.end();
        vm.assertEq(handler.wrong(), 0, handler.why());
        for (uint256 i; i < 2; ++i) {
            vm.assertEq(handler.tokenAt(i).balanceOf(address(locks)), 0);
        }
    }
}
