// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Outcome} from "../../src/bundles/BundleTypes.sol";
import {InvariantTest} from "../Test.sol";
import {CrossHandler} from "./CrossHandler.sol";

/// @dev What the contracts promise together, over a hub and two rollups.
contract CrossInvariantsTest is InvariantTest {
    CrossHandler private handler;

    function setUp() external {
        handler = new CrossHandler();
        handler.start{value: 100_000 ether}();
        bytes4[] memory selectors = new bytes4[](22);
        selectors[0] = handler.open.selector;
        selectors[1] = handler.agree.selector;
        selectors[2] = handler.agree.selector;
        selectors[3] = handler.prepare.selector;
        selectors[4] = handler.prepare.selector;
        selectors[5] = handler.prepare.selector;
        selectors[6] = handler.commit.selector;
        selectors[7] = handler.commit.selector;
        selectors[8] = handler.abort.selector;
        selectors[9] = handler.expire.selector;
        selectors[10] = handler.finish.selector;
        selectors[11] = handler.finish.selector;
        selectors[12] = handler.takeBack.selector;
        selectors[13] = handler.behave.selector;
        selectors[14] = handler.pause.selector;
        selectors[15] = handler.advance.selector;
        selectors[16] = handler.rotate.selector;
        selectors[17] = handler.renew.selector;
        selectors[18] = handler.wait_.selector;
        selectors[19] = handler.wait_.selector;
        selectors[20] = handler.keepUnopened.selector;
        selectors[21] = handler.expire.selector;
        _target(address(handler), selectors);
    }

    /// I2, I5: no bundle is paid on one chain and given back on the other.
    function invariant_I2_AllArePaidOrAllGivenBack() external view {
        for (uint256 i; i < handler.count(); ++i) {
            (Outcome one, Outcome other) = (handler.endOf(i, 0), handler.endOf(i, 1));
            vm.assertTrue(one == Outcome.None || other == Outcome.None || one == other);
        }
    }

    /// I3: of its token each escrow has exactly what is held and what is credited.
    function invariant_I3_WhatIsOwedIsThere() external view {
        for (uint8 i; i < 2; ++i) {
            (uint256 has, uint256 owed) = handler.balanceOf(i);
            vm.assertEq(has, owed);
        }
    }

    /// I4: what an escrow did is what the hub says; before the hub decided nothing is paid.
    function invariant_I4_WhatIsPaidIsCommitted() external view {
        for (uint256 i; i < handler.count(); ++i) {
            for (uint8 k; k < 2; ++k) {
                bool committed = handler.outcomeOf(i) == Outcome.Committed;
                if (handler.endOf(i, k) == Outcome.Committed) vm.assertTrue(committed);
                if (handler.endOf(i, k) == Outcome.Aborted) vm.assertTrue(!committed);
            }
        }
    }

    /// I12, I14, I16: nobody is believed, held, stopped or renewed who may not be, and nobody is refused what is his.
    function invariant_I14_EveryMoveIsRight() external view {
        vm.assertEq(handler.wrong(), 0, handler.why());
    }

    /// I5: in the end nothing is held, whatever came before.
    function afterInvariant() external {
        handler.end();
        vm.assertEq(handler.wrong(), 0, handler.why());
    }
}
