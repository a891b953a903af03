// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BundleHub} from "../../src/bundles/BundleHub.sol";
import {Outcome} from "../../src/bundles/BundleTypes.sol";
import {BundleWord} from "../../src/bundles/BundleWord.sol";
import {Attesters} from "../../src/bundles/Attesters.sol";
import {InvariantTest} from "../Test.sol";
import {HubHandler} from "./HubHandler.sol";

contract HubInvariantsTest is InvariantTest {
    HubHandler private handler;
    BundleHub private hub;
    Attesters private attesters;

    function setUp() external {
        handler = new HubHandler();
        handler.start{value: 100_000 ether}();
        (address hub_, address attesters_) = handler.hubAddress();
        (hub, attesters) = (BundleHub(hub_), Attesters(attesters_));
        bytes4[] memory selectors = new bytes4[](22);
        selectors[0] = handler.open.selector;
        selectors[1] = handler.open.selector;
        selectors[2] = handler.open.selector;
        selectors[3] = handler.topUp.selector;
        selectors[4] = handler.commit.selector;
        selectors[5] = handler.complete.selector;
        selectors[6] = handler.fail.selector;
        selectors[7] = handler.abort.selector;
        selectors[8] = handler.expire.selector;
        selectors[9] = handler.settle.selector;
        selectors[10] = handler.settle.selector;
        selectors[11] = handler.reclaim.selector;
        selectors[12] = handler.claimPot.selector;
        selectors[13] = handler.withdraw.selector;
        selectors[14] = handler.rotate.selector;
        selectors[15] = handler.renew.selector;
        selectors[16] = handler.tell.selector;
        selectors[17] = handler.pause.selector;
        selectors[18] = handler.wait_.selector;
        selectors[19] = handler.waitLong.selector;
        selectors[20] = handler.complete.selector;
        selectors[21] = handler.expireUnopened.selector;
        _target(address(handler), selectors);
    }

    /// B2: one outcome a bundle, for ever.
    function invariant_B2_WhatIsDecidedStays() external view {
        vm.assertEq(handler.changed(), 0);
    }

    /// B3: what came in is what went out and what is there; and all that is there is somebody's.
    function invariant_B3_EveryWeiIsSomebodys() external view {
        vm.assertEq(address(hub).balance, handler.paidIn() - handler.paidOut());
        uint256 owed;
        for (uint256 i; i < handler.count(); ++i) {
            BundleWord word = hub.wordOf(handler.bookAt(i).id);
            uint256 share = word.fee() / word.legs();
            uint256 paid;
            for (uint256 leg; leg < word.legs(); ++leg) {
                paid += word.paid() >> leg & 1;
            }
            if (paid != word.legs()) owed += word.fee() - paid * share;
        }
        uint256 credits;
        address[] memory all = handler.signers();
        for (uint256 i; i < all.length; ++i) {
            credits += hub.creditOf(all[i]);
        }
        uint256 pots;
        for (uint32 epoch = 1; epoch <= attesters.currentEpoch(); ++epoch) {
            pots += hub.potOf(epoch);
        }
        vm.assertEq(address(hub).balance, owed + credits + pots - handler.potsClaimed());
    }

    /// B3: the words say what their owner was given back, and nothing else is his credit but what he paid in.
    function invariant_B3_WordsSayWhatIsGivenBack() external view {
        uint256 back;
        for (uint256 i; i < handler.count(); ++i) {
            back += hub.wordOf(handler.bookAt(i).id).givenBack();
        }
        vm.assertEq(hub.creditOf(handler.ownerOfAll()) + handler.withdrawn(), handler.deposited() + back);
    }

    /// B6: ordinals follow each other, and no two bundles share one.
    function invariant_B6_OrdinalsAreDisjoint() external view {
        uint256 next = handler.firstOrdinal();
        for (uint256 i; i < handler.count(); ++i) {
            BundleWord word = hub.wordOf(handler.bookAt(i).id);
            vm.assertEq(uint256(word.base()), next);
            next += word.legs();
        }
        vm.assertEq(uint256(hub.nextOrdinal()), next);
    }

    /// B17: what somebody opened, or may still open, is never written down as unopened, and everything else is.
    function invariant_B17_OnlyWhatNobodyOpensIsUnopened() external view {
        vm.assertEq(handler.wrongUnopened(), 0);
    }

    /// B14: a pause stops what it should, for as long as it should, and no sooner again.
    function invariant_B14_PausesStopWhatTheyShould() external view {
        vm.assertEq(handler.wrongPauses(), 0);
    }

    /// B7: what commits an ordered bundle is that all ran but what compensates, and it does.
    function invariant_B7_CompletionsAreRight() external view {
        vm.assertEq(handler.wrongCompletions(), 0);
    }

    /// B16: the current epoch signs while it is fresh, one before it to its end, no other.
    function invariant_B16_OldEpochsSignNothing() external view {
        vm.assertEq(handler.wrongBatches(), 0);
    }
}
