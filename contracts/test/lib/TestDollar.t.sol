// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestDollar} from "../../src/lib/TestDollar.sol";
import {Test} from "../Test.sol";

contract TestDollarTest is Test {
    TestDollar private dollar;

    function setUp() external {
        vm.warp(1_750_000_000);
        dollar = new TestDollar();
    }

    function test_FaucetGivesTenThousand() external {
        dollar.faucet(address(1));
        vm.assertEq(dollar.balanceOf(address(1)), 10_000e6);
        vm.assertEq(dollar.totalSupply(), 10_000e6);
    }

    function test_RevertWhen_DrawnWithinTheHour() external {
        dollar.faucet(address(1));
        dollar.faucet(address(2));
        vm.warp(block.timestamp + 1 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(TestDollar.TestDollar_TooSoon.selector, address(1), block.timestamp + 1));
        dollar.faucet(address(1));
        vm.warp(block.timestamp + 1);
        dollar.faucet(address(1));
        vm.assertEq(dollar.balanceOf(address(1)), 20_000e6);
    }

    function test_RevertWhen_DeployedWhereMoneyIsReal() external {
        uint24[9] memory real = [uint24(1), 10, 56, 100, 137, 8453, 42_161, 43_114, 59_144];
        for (uint256 i; i < real.length; ++i) {
            vm.chainId(real[i]);
            vm.expectRevert(abi.encodeWithSelector(TestDollar.TestDollar_RealMoneyChain.selector, real[i]));
            new TestDollar();
        }
    }

    function test_NobodyHasAnAllowanceUnasked() external view {
        vm.assertEq(dollar.allowance(address(1), 0x000000000022D473030F116dDEE9F6B43aC78BA3), 0);
        vm.assertEq(uint256(dollar.decimals()), 6);
    }
}
