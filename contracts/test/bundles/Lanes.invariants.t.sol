// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Escrow} from "../../src/bundles/Escrow.sol";
import {InvariantTest} from "../Test.sol";
import {TestToken} from "../doubles/Tokens.sol";
import {LaneHandler} from "./LaneHandler.sol";

contract LanesInvariantsTest is InvariantTest {
    LaneHandler private handler;
    Escrow private escrow;
    TestToken private token;

    function setUp() external {
        handler = new LaneHandler();
        handler.start();
        (escrow, token) = handler.contracts();
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = handler.bound.selector;
        selectors[1] = handler.pay.selector;
        selectors[2] = handler.pay.selector;
        selectors[3] = handler.pay.selector;
        selectors[4] = handler.end.selector;
        selectors[5] = handler.end.selector;
        selectors[6] = handler.takeBack.selector;
        selectors[7] = handler.wait_.selector;
        _target(address(handler), selectors);
    }

    /// I3: lanes count and move nothing.
    function invariant_I3_LanesMoveNothing() external view {
        vm.assertEq(token.balanceOf(address(escrow)), handler.heldNow());
    }

    /// I14: what enters is within its lanes, and what leaves is never held up by them.
    function invariant_I14_LanesBoundWhatEntersAlone() external view {
        vm.assertEq(handler.wrong(), 0, handler.why());
    }

    /// Whoever prepares is asked for others as long as a lane is bounded, and no longer.
    function invariant_AsManyAreBoundedAsHaveALimit() external view {
        vm.assertEq(uint256(escrow.lanesLimited()), handler.bounded());
    }
}
