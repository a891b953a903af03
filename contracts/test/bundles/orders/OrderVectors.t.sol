// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Escrow} from "../../../src/bundles/Escrow.sol";
import {Part} from "../../../src/bundles/orders/IOrders.sol";
import {Orders} from "../../../src/bundles/orders/Orders.sol";
import {TestToken} from "../../doubles/Tokens.sol";
import {TestVerifier} from "../../doubles/Verifier.sol";
import {Test} from "../../Test.sol";

/// @dev What scripts/vectors/orders.ts put together with the package of bundles: signatures, parts, and the ids of their bundles.
contract OrderVectorsTest is Test {
    string private _json;
    Orders private orders;
    Escrow private escrow;
    TestToken private token;

    function setUp() external {
        _json = vm.readFile("../vectors/orders.json");
        vm.warp(vm.parseJsonUint(_json, ".now"));
        vm.chainId(vm.parseJsonUint(_json, ".book.chainId"));
        escrow = new Escrow(
            address(new TestVerifier()),
            vm.parseJsonUint(_json, ".hub.chainId"),
            vm.parseJsonAddress(_json, ".hub.hub"),
            address(this),
            address(this),
            36 hours
        );
        // At the addresses that were signed.
        orders = Orders(vm.parseJsonAddress(_json, ".book.orders"));
        vm.etch(address(orders), address(new Orders(escrow)).code);
        token = TestToken(vm.parseJsonAddress(_json, ".token"));
        vm.etch(address(token), address(new TestToken()).code);
        address maker = vm.parseJsonAddress(_json, ".maker");
        token.mint(maker, 1 << 90);
        vm.prank(maker);
        token.approve(address(orders), type(uint256).max);
    }

    /* what the package puts together */

    function test_EveryPartIsTaken() external {
        uint256 i;
        for (; vm.keyExistsJson(_json, _at(i, "")); ++i) {
            bytes memory what = vm.parseJsonBytes(_json, _at(i, ".part"));
            Part memory part = abi.decode(what, (Part));
            vm.assertEq(orders.digestOf(part.order), vm.parseJsonBytes32(_json, _at(i, ".digest")));
            vm.assertEq(part.pays, orders.priceOf(part.order, part.amount));
            vm.assertEq(part.pays, vm.parseJsonUint(_json, _at(i, ".price")));
            uint256 before = token.balanceOf(address(orders));
            (bytes32 id, address owner, uint256 deadline) = (
                vm.parseJsonBytes32(_json, _at(i, ".id")),
                vm.parseJsonAddress(_json, _at(i, ".owner")),
                vm.parseJsonUint(_json, _at(i, ".deadline"))
            );
            vm.prank(address(escrow.envoy()));
            orders.prepare(id, 0, owner, uint40(deadline), what);
            vm.assertEq(token.balanceOf(address(orders)) - before, vm.parseJsonUint(_json, _at(i, ".amount")));
        }
        vm.assertEq(i, 8);
    }

    function _at(uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(i), "]", field);
    }
}
