// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Attesters} from "../../src/bundles/Attesters.sol";
import {BundleHub} from "../../src/bundles/BundleHub.sol";
import {Bundle, LegStatus, Mode} from "../../src/bundles/BundleTypes.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {Completion, HubLimits, IBundleHub, LegResult} from "../../src/bundles/IBundleHub.sol";
import {TestVerifier} from "../doubles/Verifier.sol";
import {Vm} from "../Test.sol";
import {HubStage} from "./HubStage.sol";

/// @dev A bundle, and whose receipts are shown in which order; then what the hub is to log of each, and its owner's credit.
struct FeeCase {
    string ending;
    Bundle bundle;
    uint256 raisedBy;
    uint256[] places;
    uint256[] statuses;
    uint256[] relayers;
    uint256[] named;
    uint256[] amounts;
    uint256[] toAttesters;
    uint256[] owners;
}

/// @dev Where fees go, in both languages: packages/bundles/src/core/fees.test.ts reads the same file.
contract FeeVectorsTest is HubStage {
    TestVerifier private _told;
    address[4] private _people;
    string private _json;

    function setUp() public override {
        super.setUp();
        _told = new TestVerifier();
        _people = [address(0), owner, relayer, rival];
        _json = vm.readFile("../vectors/bundle-fees.json");
    }

    function test_EveryShareAndWhatIsLeft() external {
        uint256 i;
        for (; vm.keyExistsJson(_json, _at(i, "")); ++i) {
            uint256 before = vm.snapshotState();
            this.play(i);
            vm.revertToState(before);
        }
        vm.assertEq(i, 24);
    }

    /// @dev A call of its own for each case, for the sake of memory.
    function play(uint256 i) external {
        hub = _hubOf(i);
        FeeCase memory its = _read(i);
        bytes32 id = _decided(its);
        uint256 had = hub.creditOf(owner);
        for (uint256 k; k < its.places.length; ++k) {
            _share(id, its, k);
            vm.assertEq(hub.creditOf(owner) - had, its.owners[k], _at(i, ".owners"));
            vm.assertEq(uint256(hub.wordOf(id).givenBack()), its.owners[k], _at(i, ".owners"));
        }
        had = hub.creditOf(owner);
        vm.warp(its.bundle.deadline + RECLAIM + 1);
        hub.reclaim(its.bundle);
        vm.assertEq(hub.creditOf(owner) - had, _uint(i, ".reclaimed"), _at(i, ".reclaimed"));
        vm.assertEq(hub.potOf(1), _uint(i, ".pot"), _at(i, ".pot"));
    }

    /* HELP */

    /// @dev Where nobody sits, nobody ever did.
    function _hubOf(uint256 i) private returns (BundleHub) {
        HubLimits memory limits = _hubLimits();
        limits.verifier = address(_told);
        limits.attesterBps = uint16(_uint(i, ".attesterBps"));
        if (!vm.parseJsonBool(_json, _at(i, ".seated"))) limits.attesters = address(new Attesters(_attesterLimits()));
        return new BundleHub(limits);
    }

    function _decided(FeeCase memory its) private returns (bytes32 id) {
        Bundle memory bundle = its.bundle;
        bool escrowed = bundle.mode == Mode.Escrowed;
        if (_is(its, "unopened")) {
            vm.warp(bundle.deadline + 1);
            hub.expireUnopened(bundle, "");
            return hub.idOf(bundle);
        }
        _give(owner, bundle.fee);
        id = _open(bundle);
        hub.topUp{value: its.raisedBy}(id);
        if (_is(its, "expired")) {
            vm.warp(bundle.deadline + GRACE + 1);
            hub.expire(_one(id));
        } else if (_is(its, "aborted")) {
            vm.prank(owner);
            hub.abort(bundle);
        } else if (escrowed) {
            _told.say(Facts.prepared(id));
            hub.commitPrepared(_one(id), "");
        } else {
            LegResult[] memory results = new LegResult[](bundle.legs);
            for (uint8 i; i < bundle.legs; ++i) {
                results[i] = _result(i, LegStatus.Ok);
                _told.say(_leafOf(id, results[i]));
            }
            Completion[] memory many = _completion(id, results);
            hub.commitCompleted(many, "");
        }
    }

    /// @dev Shows one receipt: the hub logs its share, once.
    function _share(bytes32 id, FeeCase memory its, uint256 k) private {
        LegResult[] memory one = new LegResult[](1);
        one[0] = LegResult(
            uint8(its.places[k]), LegStatus(its.statuses[k]), keccak256(abi.encode(k)), _people[its.relayers[k]]
        );
        _told.say(_leafOf(id, one[0]));
        address named = _people[its.named[k]];
        uint256 had = hub.creditOf(named);
        vm.recordLogs();
        hub.settle(_settlement(its.bundle, one), "");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bool isNew = _isNew(its, k);
        vm.assertEq(logs.length, isNew ? 1 : 0);
        if (isNew) _isShare(logs[0], its, k);
        if (named != address(0)) vm.assertEq(hub.creditOf(named) - had, its.amounts[k] - its.toAttesters[k]);
    }

    function _isNew(FeeCase memory its, uint256 k) private pure returns (bool) {
        for (uint256 before; before < k; ++before) {
            if (its.places[before] == its.places[k]) return false;
        }
        return !_is(its, "unopened");
    }

    function _isShare(Vm.Log memory log, FeeCase memory its, uint256 k) private view {
        vm.assertEq(log.topics[0], IBundleHub.ShareSettled.selector);
        vm.assertEq(address(uint160(uint256(log.topics[2]))), _people[its.named[k]]);
        bytes memory want =
            abi.encode(its.places[k], its.amounts[k], hub.attesters().currentEpoch(), its.toAttesters[k]);
        vm.assertEq(keccak256(log.data), keccak256(want));
    }

    function _read(uint256 i) private view returns (FeeCase memory its) {
        its.ending = vm.parseJsonString(_json, _at(i, ".ending"));
        its.bundle = _bundle(vm.parseJsonBool(_json, _at(i, ".escrowed")) ? Mode.Escrowed : Mode.Ordered, 1);
        (its.bundle.legs, its.bundle.fee) = (uint8(_uint(i, ".legs")), uint96(_uint(i, ".fee")));
        its.raisedBy = _uint(i, ".raisedBy");
        its.places = vm.parseJsonUintArray(_json, _at(i, ".places"));
        its.statuses = vm.parseJsonUintArray(_json, _at(i, ".statuses"));
        its.relayers = vm.parseJsonUintArray(_json, _at(i, ".relayers"));
        its.named = vm.parseJsonUintArray(_json, _at(i, ".named"));
        its.amounts = vm.parseJsonUintArray(_json, _at(i, ".amounts"));
        its.toAttesters = vm.parseJsonUintArray(_json, _at(i, ".toAttesters"));
        its.owners = vm.parseJsonUintArray(_json, _at(i, ".owners"));
    }

    function _is(FeeCase memory its, string memory ending) private pure returns (bool) {
        return keccak256(bytes(its.ending)) == keccak256(bytes(ending));
    }

    function _at(uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(i), "]", field);
    }

    function _uint(uint256 i, string memory field) private view returns (uint256) {
        return vm.parseJsonUint(_json, _at(i, field));
    }
}
