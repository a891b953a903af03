// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BundleDecision, CancelledLeg, LegReceipt, RunnableLeg} from "../../src/bundles/ISettler.sol";
import {IVerifier} from "../../src/bundles/IVerifier.sol";
import {Settler} from "../../src/bundles/Settler.sol";
import {VerifierCall} from "../../src/bundles/VerifierCall.sol";
import {Test} from "../Test.sol";

/// @dev Keeps what it is asked, byte for byte, or objects.
contract Listener is IVerifier {
    bytes public heard;
    bytes private _objection;

    error Listener_Objects(bytes why);

    function object(bytes calldata why) external {
        _objection = why;
    }

    function check(bytes32[] calldata, uint256, bytes calldata) external {
        require(_objection.length == 0, Listener_Objects(_objection));
        heard = msg.data;
    }
}

contract VerifierCallTest is Test {
    Listener private listener;

    function setUp() external {
        listener = new Listener();
    }

    function testFuzz_AsksWhatTheCompilerWouldAsk(bytes32[] calldata facts, uint256 value, bytes calldata evidence)
        external
    {
        this.ask(listener, facts, value, evidence);
        vm.assertEq(keccak256(listener.heard()), keccak256(abi.encodeCall(IVerifier.check, (facts, value, evidence))));
    }

    function testFuzz_RevertWhen_ItObjects(bytes calldata why) external {
        if (why.length == 0) return;
        listener.object(why);
        vm.expectRevert(abi.encodeWithSelector(Listener.Listener_Objects.selector, why));
        this.ask(listener, new bytes32[](3), 1, "");
    }

    function test_RevertWhen_ItHasNoCode() external {
        vm.expectRevert();
        this.ask(IVerifier(address(0xdead)), new bytes32[](1), 0, "");
    }

    /// @dev Nothing would object to its legs.
    function test_RevertWhen_ASettlersVerifierHasNoCode() external {
        Settler settler = new Settler(address(0xdead), address(1));
        vm.expectRevert();
        settler.run(new RunnableLeg[](0), new LegReceipt[](0), new BundleDecision[](0), "", address(this));
        vm.expectRevert();
        settler.cancel(new CancelledLeg[](0), new LegReceipt[](0), new BundleDecision[](0), "", address(this));
    }

    function ask(IVerifier verifier, bytes32[] memory facts, uint256 value, bytes calldata evidence) external {
        // What was left behind the free pointer is none of the evidence.
        assembly ("memory-safe") {
            let free := mload(0x40)
            for { let i := 0 } lt(i, 0x800) { i := add(i, 0x20) } { mstore(add(free, i), not(0)) }
        }
        VerifierCall.ask(verifier, facts, value, evidence);
    }
}
