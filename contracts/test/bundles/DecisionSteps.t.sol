// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BundleHub} from "../../src/bundles/BundleHub.sol";
import {BundleWord} from "../../src/bundles/BundleWord.sol";
import {Outcome} from "../../src/bundles/BundleTypes.sol";
import {Escrow} from "../../src/bundles/Escrow.sol";
import {HubLimits} from "../../src/bundles/IBundleHub.sol";
import {TestToken} from "../doubles/Tokens.sol";
import {TestVerifier} from "../doubles/Verifier.sol";
import {Test} from "../Test.sol";

/// @dev Calls in their order, and the facts that are believed of each.
struct Calls {
    uint256[] times;
    address[] by;
    bytes[] data;
    bytes32[] said;
    uint256[] saidCounts;
    uint256 place; // of the facts of the next
}

/// @dev The model on which schedules are played (packages/bundles/src/core/simulator/model) against hub and escrow, call by call.
contract DecisionStepsTest is Test {
    uint256 private constant SEQUENCES = 12;
    uint256 private constant GONE = 9; // of a leg that no outcome is due of any more

    TestVerifier private _verifier;
    BundleHub private _hub;
    Escrow private _escrow;
    TestToken private _token;
    address private _participant;
    uint256[4] private _outcomes; // how often each came about
    uint256[4] private _slots; // empty, paid, given back, held
    uint256 private _dues;

    function setUp() external {
        string memory json = _file();
        vm.chainId(vm.parseJsonUint(json, ".chainId"));
        _verifier = new TestVerifier();
        _token = TestToken(vm.parseJsonAddress(json, ".token"));
        _participant = vm.parseJsonAddress(json, ".participant");
        vm.etch(address(_token), address(new TestToken()).code);
    }

    function test_Outcomes() external {
        for (uint256 i; i < SEQUENCES; ++i) {
            _buildHub();
            this.decide(string.concat(".ofHub[", vm.toString(i), "]"));
        }
        // What never comes about is not compared.
        for (uint256 outcome; outcome < 4; ++outcome) {
            vm.assertGe(_outcomes[outcome], 8);
        }
    }

    function test_Slots() external {
        for (uint256 i; i < SEQUENCES; ++i) {
            _buildEscrow();
            this.hold(string.concat(".ofEscrow[", vm.toString(i), "]"));
        }
        for (uint256 slot; slot < 4; ++slot) {
            vm.assertGe(_slots[slot], 8);
        }
        vm.assertGe(_dues, 8);
    }

    /// @dev A call of its own for each sequence, for the sake of memory.
    function decide(string memory at) external {
        string memory json = _file();
        Calls memory calls = _read(json, at);
        bytes32[] memory ids = vm.parseJsonBytes32Array(json, string.concat(at, ".ids"));
        uint256[] memory outcomes = vm.parseJsonUintArray(json, string.concat(at, ".outcomes"));
        uint256[] memory bases = vm.parseJsonUintArray(json, string.concat(at, ".bases"));
        uint256[] memory nexts = vm.parseJsonUintArray(json, string.concat(at, ".nexts"));
        for (uint256 k; k < ids.length; ++k) {
            _send(address(_hub), calls, k);
            string memory step = string.concat(at, " step ", vm.toString(k));
            BundleWord word = _hub.wordOf(ids[k]);
            vm.assertEq(uint256(word.outcome()), outcomes[k], step);
            vm.assertEq(uint256(word.base()), bases[k], step);
            vm.assertEq(uint256(_hub.nextOrdinal()), nexts[k], step);
            ++_outcomes[outcomes[k]];
        }
    }

    function hold(string memory at) external {
        string memory json = _file();
        Calls memory calls = _read(json, at);
        bytes32 id = vm.parseJsonBytes32(json, string.concat(at, ".id"));
        bool[] memory fails = vm.parseJsonBoolArray(json, string.concat(at, ".fails"));
        uint256[] memory legs = vm.parseJsonUintArray(json, string.concat(at, ".legs"));
        bytes32[] memory slots = vm.parseJsonBytes32Array(json, string.concat(at, ".slots"));
        uint256[] memory dues = vm.parseJsonUintArray(json, string.concat(at, ".dues"));
        uint256[] memory vaults = vm.parseJsonUintArray(json, string.concat(at, ".vaults"));
        for (uint256 k; k < legs.length; ++k) {
            // Returns nothing, or reverts with nothing.
            vm.etch(_participant, fails[k] ? bytes(hex"5f5ffd") : bytes(hex"00"));
            _send(address(_escrow), calls, k);
            string memory step = string.concat(at, " step ", vm.toString(k));
            uint8 leg = uint8(legs[k]);
            vm.assertEq(_escrow.slotOf(id, leg), slots[k], step);
            vm.assertEq(_token.balanceOf(address(_escrow)), vaults[k], step);
            ++_slots[uint256(slots[k]) > 3 ? 3 : uint256(slots[k]) == 0 ? 0 : uint256(slots[k]) - 1];
            if (dues[k] == GONE) continue;
            vm.assertEq(uint256(_escrow.dueOf(id, leg)), dues[k], step);
            if (dues[k] != uint256(Outcome.None)) ++_dues;
        }
    }

    /* HELP */

    /// @dev What is not due reverts or is passed over: what stands afterwards is compared, and not how.
    function _send(address to, Calls memory calls, uint256 k) private {
        uint256 end = calls.place + calls.saidCounts[k];
        for (uint256 i = calls.place; i < end; ++i) {
            _verifier.say(calls.said[i]);
        }
        vm.warp(calls.times[k]);
        vm.prank(calls.by[k], calls.by[k]);
        (bool done,) = to.call{gas: 5_000_000}(calls.data[k]);
        done;
        // What a step does not say, nobody signed for it.
        for (; calls.place < end; ++calls.place) {
            _verifier.unsay(calls.said[calls.place]);
        }
    }

    /// @dev Its domain and its first ordinal are worked out while it is built: built where the case says.
    function _buildHub() private {
        string memory json = _file();
        HubLimits memory limits;
        (limits.verifier, limits.attesters, limits.stakeManager) = (address(_verifier), address(this), address(this));
        (limits.longestWindow, limits.reclaimSeconds) = (7 days, 14 days);
        limits.graceSeconds = uint40(vm.parseJsonUint(json, ".grace"));
        _hub = BundleHub(vm.parseJsonAddress(json, ".hub"));
        _build(address(_hub), bytes.concat(type(BundleHub).creationCode, abi.encode(limits)));
    }

    function _buildEscrow() private {
        string memory json = _file();
        address payer = vm.parseJsonAddress(json, ".payer");
        _escrow = new Escrow(
            address(_verifier),
            block.chainid,
            vm.parseJsonAddress(json, ".hub"),
            address(this),
            address(this),
            uint40(vm.parseJsonUint(json, ".escape"))
        );
        _token.mint(payer, 1 << 40);
        vm.prank(payer);
        _token.approve(address(_escrow), type(uint256).max);
    }

    function _build(address at, bytes memory creationCode) private {
        vm.etch(at, creationCode);
        (bool built, bytes memory code) = at.call("");
        vm.assertTrue(built);
        vm.etch(at, code);
    }

    /// @dev Read anew for each sequence: in storage it would cost more than all that is tried.
    function _file() private view returns (string memory) {
        return vm.readFile("../vectors/bundle-decisions.json");
    }

    function _read(string memory json, string memory at) private pure returns (Calls memory calls) {
        calls.times = vm.parseJsonUintArray(json, string.concat(at, ".now"));
        calls.by = vm.parseJsonAddressArray(json, string.concat(at, ".by"));
        calls.data = vm.parseJsonBytesArray(json, string.concat(at, ".data"));
        calls.said = vm.parseJsonBytes32Array(json, string.concat(at, ".said"));
        calls.saidCounts = vm.parseJsonUintArray(json, string.concat(at, ".saidCounts"));
    }
}
