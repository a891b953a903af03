// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LegStatus} from "../../../src/bundles/BundleTypes.sol";
import {GatewayStage} from "./GatewayStage.sol";

/// forge-config: default.isolate = true
/// @dev What messages cost at the hub, each a transaction of its own. Ceilings are what they cost when they were written, and a
///      little.
contract GatewayGasTest is GatewayStage {
    uint256 private constant FEE = 1e15;

    function test_Sending() external {
        _send(32);
        _send(32);
        _measured("message of 32 bytes sent", 125_000);
        _send(512);
        _measured("message of 512 bytes sent", 141_000);
    }

    function test_Returning() external {
        Opened memory opened = _sendWith(alice, _payload(32), new bytes[](0), FEE);
        vm.chainId(HUB_CHAIN);
        vm.warp(opened.bundle.deadline + 12 hours + 1);
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = opened.id;
        hub.expire(ids);
        _settle(opened.bundle, opened.base, LegStatus.Missed, address(0));
        gateway.returnFee(opened.bundle);
        _measured("fee of a message given back", 55_000);
    }

    /* HELP */

    function _send(uint256 size) private {
        vm.chainId(HUB_CHAIN);
        vm.deal(alice, FEE);
        bytes memory to = _recipient();
        bytes memory payload = _payload(size);
        vm.prank(alice);
        gateway.sendMessage{value: FEE}(to, payload, new bytes[](0));
    }

    /// @dev No byte of it is zero: the dearest there is.
    function _payload(uint256 size) private pure returns (bytes memory payload) {
        payload = new bytes(size);
        for (uint256 i; i < size; ++i) {
            payload[i] = 0xaa;
        }
    }

    function _measured(string memory name, uint256 most) private {
        vm.assertLe(vm.snapshotGasLastCall("bundle-views", name), most, name);
    }
}
