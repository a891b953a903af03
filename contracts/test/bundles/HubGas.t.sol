// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle, LegStatus, Mode} from "../../src/bundles/BundleTypes.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {Completion, LegResult, Opening} from "../../src/bundles/IBundleHub.sol";
import {HubStage} from "./HubStage.sol";

/// forge-config: default.isolate = true
/// @dev What the hub's side of a bundle costs, each a transaction of its own; ceilings are what was promised. A bundle has two
///      legs here; three of four sign.
contract HubGasTest is HubStage {
    uint256 private constant MANY = 50;

    function setUp() public override {
        super.setUp();
        // Neither the first bundle ever nor anybody's first wei is what things cost later.
        _twoLegs(Mode.Ordered, 1_000);
        hub.deposit{value: 1}(relayer);
        hub.deposit{value: 100 ether}(owner);
    }

    function test_Opening() external {
        Bundle memory bundle = _of(Mode.Escrowed, 1);
        vm.prank(owner);
        hub.open{value: FEE}(bundle, "");
        _measured("bundle opened, legs kept private", 60_000);
        bundle.salt = 2;
        vm.prank(owner);
        hub.open{value: FEE}(bundle, _filled(512));
        _measured("bundle opened, 512 bytes of legs logged", 75_000);

        Opening[] memory openings = new Opening[](MANY);
        for (uint64 i; i < MANY; ++i) {
            openings[i] = _opening(OWNER_KEY, _of(Mode.Escrowed, 10 + i));
        }
        hub.openMany(openings);
        _measuredOf("bundle opened by signature, one of 50", 50_000);
    }

    function test_CommittingEscrows() external {
        bytes32 id = _twoLegs(Mode.Escrowed, 1);
        bytes memory evidence = _evidence(_one(Facts.prepared(id)), THREE);
        hub.commitPrepared(_one(id), evidence);
        _measured("escrowed bundle committed, alone, 3 of 4", 65_000);

        bytes32[] memory ids = new bytes32[](MANY);
        bytes32[] memory leaves = new bytes32[](MANY);
        for (uint64 i; i < MANY; ++i) {
            ids[i] = _twoLegs(Mode.Escrowed, 10 + i);
            leaves[i] = Facts.prepared(ids[i]);
        }
        evidence = _evidence(leaves, THREE);
        hub.commitPrepared(ids, evidence);
        _measuredOf("escrowed bundle committed, one of 50", 11_000);
    }

    function test_CommittingWhatRan() external {
        bytes32 id = _twoLegs(Mode.Ordered, 1);
        Completion[] memory one = new Completion[](1);
        one[0] = Completion(id, _both(), "");
        bytes memory evidence = _evidence(_leavesOf(id, _both()), THREE);
        hub.commitCompleted(one, evidence);
        _measured("ordered bundle committed, alone, 3 of 4", 70_000);

        Completion[] memory many = new Completion[](MANY);
        bytes32[] memory leaves = new bytes32[](2 * MANY);
        for (uint64 i; i < MANY; ++i) {
            id = _twoLegs(Mode.Ordered, 10 + i);
            many[i] = Completion(id, _both(), "");
            (leaves[2 * i], leaves[2 * i + 1]) = (_leafOf(id, _both()[0]), _leafOf(id, _both()[1]));
        }
        evidence = _evidence(leaves, THREE);
        hub.commitCompleted(many, evidence);
        _measuredOf("ordered bundle committed, one of 50", 22_000);
    }

    function test_AbortingAndSettling() external {
        Bundle memory bundle = _of(Mode.Ordered, 1);
        bytes32 id = _open(bundle);
        vm.prank(owner);
        hub.abort(bundle);
        _measured("bundle aborted by its owner", 37_000);
        bytes memory evidence = _evidence(_leavesOf(id, _both()), THREE);
        hub.settle(_settlement(bundle, _both()), evidence);
        _measured("fee of two legs settled, alone, 3 of 4", 115_000);
        bytes32[] memory ids = new bytes32[](MANY);
        for (uint64 i; i < MANY; ++i) {
            ids[i] = _twoLegs(Mode.Escrowed, 10 + i);
        }
        vm.warp(block.timestamp + 2 days);
        hub.expire(ids);
        _measuredOf("bundle expired, one of 50", 10_000);
    }

    /* HELP */

    function _of(Mode mode, uint64 salt) private view returns (Bundle memory bundle) {
        bundle = _bundle(mode, salt);
        (bundle.legs, bundle.fee) = (2, 1 ether);
    }

    function _twoLegs(Mode mode, uint64 salt) private returns (bytes32) {
        return _open(_of(mode, salt));
    }

    function _both() private view returns (LegResult[] memory results) {
        results = new LegResult[](2);
        (results[0], results[1]) = (_result(0, LegStatus.Ok), _result(1, LegStatus.Ok));
    }

    /// @dev No byte of it is zero: the dearest there is.
    function _filled(uint256 length) private pure returns (bytes memory data) {
        data = new bytes(length);
        for (uint256 i; i < length; ++i) {
            data[i] = 0xaa;
        }
    }

    function _measured(string memory name, uint256 most) private {
        vm.assertLe(vm.snapshotGasLastCall("bundle-hub", name), most, name);
    }

    function _measuredOf(string memory name, uint256 most) private {
        uint256 each = uint256(vm.lastCallGas().gasTotalUsed) / MANY;
        vm.snapshotValue("bundle-hub", name, each);
        vm.assertLe(each, most, name);
    }
}
