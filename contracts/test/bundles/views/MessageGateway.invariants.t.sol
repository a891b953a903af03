// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {InvariantTest} from "../../Test.sol";
import {MessageGatewayHandler} from "./MessageGatewayHandler.sol";

contract MessageGatewayInvariantsTest is InvariantTest {
    MessageGatewayHandler private handler;

    function setUp() external {
        handler = new MessageGatewayHandler();
        handler.start{value: 100_000 ether}();
        bytes4[] memory selectors = new bytes4[](11);
        selectors[0] = handler.send.selector;
        selectors[1] = handler.send.selector;
        selectors[2] = handler.topUp.selector;
        selectors[3] = handler.expire.selector;
        selectors[4] = handler.expire.selector;
        selectors[5] = handler.settle.selector;
        selectors[6] = handler.reclaim.selector;
        selectors[7] = handler.give.selector;
        selectors[8] = handler.returnFee.selector;
        selectors[9] = handler.returnFee.selector;
        selectors[10] = handler.wait_.selector;
        _target(address(handler), selectors);
    }

    /// Every wei of the gateway's credit is a sender's, or was given to it by itself.
    function invariant_CreditIsWhatIsOwedToSenders() external view {
        (uint256 has, uint256 owed) = handler.credits();
        vm.assertEq(has, owed);
    }

    /// Each is returned to who sent it, exactly, once.
    function invariant_EachIsReturnedOnceToItsSender() external view {
        vm.assertEq(handler.wrong(), 0, handler.why());
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(handler.senderAt(i).balance, handler.gotBack(handler.senderAt(i)));
        }
    }
}
