// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Order, Side} from "../../../src/markets/outcomes/IOutcomeTokens.sol";
import {OutcomeTokens} from "../../../src/markets/outcomes/OutcomeTokens.sol";
import {Test} from "../../Test.sol";

/// @dev People with keys, and what they do with outcome tokens, on whatever oracle.
abstract contract OutcomeDesk is Test {
    OutcomeTokens internal tokens;

    /// @dev People are their keys: 9_000 and up.
    function _trader(uint256 i) internal pure returns (address) {
        return vm.addr(9_000 + i);
    }

    function _split(uint256 i, bytes32 question, uint128 amount) internal {
        _split(i, question, 0, amount);
    }

    function _split(uint256 i, bytes32 question, uint8 outcome, uint128 amount) internal {
        vm.prank(_trader(i));
        tokens.split(question, outcome, amount);
    }

    function _order(uint256 i, bytes32 question, Side side, uint128 amount, uint128 price)
        internal
        view
        returns (Order memory)
    {
        uint40 expiresAt = uint40(block.timestamp) + 1 days;
        return Order(_trader(i), question, 0, side, amount, price, uint160(_trader(i)) + i, expiresAt);
    }

    function _signed(uint256 i, Order memory order) internal view returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(9_000 + i, tokens.orderDigest(order));
        return abi.encodePacked(r, vs);
    }

    function _match(uint256 t, Order memory taker, uint256 m, Order memory maker, uint128 amount) internal {
        (bytes memory ts, bytes memory ms) = (_signed(t, taker), _signed(m, maker));
        tokens.matchOrders(taker, ts, maker, ms, amount);
    }

    function _holds(uint256 i, bytes32 question, uint256 yes, uint256 no) internal view {
        _holds(i, question, 0, yes, no);
    }

    function _holds(uint256 i, bytes32 question, uint8 outcome, uint256 yes, uint256 no) internal view {
        vm.assertEq(tokens.balanceOf(_trader(i), tokens.yesOf(question, outcome)), yes, "yes");
        vm.assertEq(tokens.balanceOf(_trader(i), tokens.noOf(question, outcome)), no, "no");
    }
}
