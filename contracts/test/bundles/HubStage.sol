// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BundleHub} from "../../src/bundles/BundleHub.sol";
import {BundleHashes} from "../../src/bundles/BundleHashes.sol";
import {
    Bundle,
    Leg,
    LegKind,
    LegStatus,
    Mode,
    NO_LEG,
    Outcome,
    Condition,
    Splice
} from "../../src/bundles/BundleTypes.sol";
import {BundleWord} from "../../src/bundles/BundleWord.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {Completion, Failure, HubLimits, LegResult, Opening, Settlement} from "../../src/bundles/IBundleHub.sol";
import {ISlasher} from "../../src/oracle/security/ISlasher.sol";
import {BundleStage} from "./BundleStage.sol";

/// @dev A hub whose verifier is real attesters, owners with keys and credit, and the words to open and decide.
abstract contract HubStage is BundleStage {
    uint40 internal constant WINDOW_SECONDS = 7 days;
    uint40 internal constant GRACE = 1 hours;
    uint40 internal constant RECLAIM = 14 days;
    uint16 internal constant ATTESTER_BPS = 2_000;
    uint96 internal constant FEE = 1 ether;
    uint256 internal constant OWNER_KEY = 0x0A0A;
    uint256 internal constant RIVAL_KEY = 0x0B0B;

    BundleHub internal hub;
    address internal immutable owner = vm.addr(OWNER_KEY);
    address internal immutable rival = vm.addr(RIVAL_KEY);
    address internal immutable relayer = _account("relayer");

    function setUp() public virtual override {
        super.setUp();
        hub = new BundleHub(_hubLimits());
        _give(owner, 1_000 ether);
        _give(rival, 1_000 ether);
    }

    function _hubLimits() internal view returns (HubLimits memory) {
        return HubLimits({
            verifier: address(attesters),
            attesters: address(attesters),
            stakeManager: address(stakes),
            guardian: guardian,
            longestWindow: WINDOW_SECONDS,
            graceSeconds: GRACE,
            reclaimSeconds: RECLAIM,
            attesterBps: ATTESTER_BPS
        });
    }

    /// @dev As a slasher's constructor takes them, encoded.
    function _slasherArgs(address bundleHub) internal view returns (bytes memory) {
        return abi.encode(
            address(wiring),
            address(stakes),
            address(0),
            bundleHub,
            address(dollar),
            insurance,
            address(policy),
            [address(0), address(0)],
            ISlasher.SlasherLimits({periodSeconds: EPOCH, bond: 500e6, fee: 310e6, caseSeconds: 10 days})
        );
    }

    /// @dev Wei for an account, from the tests' own.
    function _give(address to, uint256 amount) internal {
        (bool done,) = to.call{value: amount}("");
        require(done);
    }

    /* BUNDLES */

    /// @dev Three legs; which, matters to nobody here.
    function _bundle(Mode mode, uint64 salt) internal view returns (Bundle memory) {
        return Bundle({
            owner: owner,
            mode: mode,
            legs: 3,
            deadline: uint40(block.timestamp) + 1 days,
            legsHash: keccak256("legs"),
            fee: FEE,
            salt: salt
        });
    }

    function _open(Bundle memory bundle) internal returns (bytes32) {
        vm.prank(bundle.owner);
        return hub.open{value: bundle.fee}(bundle, "");
    }

    function _opened(Mode mode, uint64 salt) internal returns (Bundle memory bundle, bytes32 id) {
        bundle = _bundle(mode, salt);
        id = _open(bundle);
    }

    function _opening(uint256 key, Bundle memory bundle) internal view returns (Opening memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, hub.idOf(bundle));
        return Opening(bundle, abi.encodePacked(r, vs), "");
    }

    function _outcome(bytes32 id, Outcome want) internal view {
        vm.assertEq(uint256(hub.outcomeOf(id)), uint256(want));
    }

    /* FACTS */

    function _result(uint8 index, LegStatus status) internal view returns (LegResult memory) {
        return LegResult(index, status, keccak256(abi.encode(index)), relayer);
    }

    function _results(LegStatus status) internal view returns (LegResult[] memory results) {
        results = new LegResult[](3);
        for (uint8 i; i < 3; ++i) {
            results[i] = _result(i, status);
        }
    }

    function _leafOf(bytes32 id, LegResult memory result) internal view returns (bytes32) {
        return Facts.receipt(hub.wordOf(id).base() + result.index, result.status, result.result, result.relayer);
    }

    function _leavesOf(bytes32 id, LegResult[] memory results) internal view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](results.length);
        for (uint256 i; i < results.length; ++i) {
            leaves[i] = _leafOf(id, results[i]);
        }
    }

    /* DECIDING */

    function _ids(bytes32 id) internal pure returns (bytes32[] memory) {
        return _one(id);
    }

    function _commitPrepared(bytes32 id) internal {
        bytes memory evidence = _evidence(_one(Facts.prepared(id)), THREE);
        hub.commitPrepared(_one(id), evidence);
    }

    function _completion(bytes32 id, LegResult[] memory results) internal pure returns (Completion[] memory many) {
        many = new Completion[](1);
        many[0] = Completion(id, results, "");
    }

    function _commitCompleted(bytes32 id) internal {
        LegResult[] memory results = _results(LegStatus.Ok);
        bytes memory evidence = _evidence(_leavesOf(id, results), THREE);
        hub.commitCompleted(_completion(id, results), evidence);
    }

    function _failure(bytes32 id, LegResult memory result) internal pure returns (Failure[] memory many) {
        many = new Failure[](1);
        many[0] = Failure(id, result);
    }

    function _settlement(Bundle memory bundle, LegResult[] memory results)
        internal
        pure
        returns (Settlement[] memory many)
    {
        many = new Settlement[](1);
        many[0] = Settlement(bundle, results);
    }

    function _settle(Bundle memory bundle, LegResult[] memory results) internal {
        bytes memory evidence = _evidence(_leavesOf(hub.idOf(bundle), results), THREE);
        hub.settle(_settlement(bundle, results), evidence);
    }

    /* LEGS */

    function _leg(uint8 undoes) internal view returns (Leg memory) {
        return Leg({
            chainId: OTHER_CHAIN,
            kind: LegKind.Shared,
            target: alice,
            value: 0,
            gasLimit: 100_000,
            data: "call",
            needsOk: 0,
            needsFailed: 0,
            needsSettled: 0,
            undoes: undoes,
            splices: new Splice[](0),
            conditions: new Condition[](0),
            salt: keccak256(abi.encode(undoes))
        });
    }

    function _wordsOf(Leg memory leg) internal pure returns (bytes32[13] memory words) {
        words[0] = BundleHashes.LEG_TYPEHASH;
        words[1] = bytes32(leg.chainId);
        words[2] = bytes32(uint256(leg.kind));
        words[3] = bytes32(uint256(uint160(leg.target)));
        words[4] = bytes32(uint256(leg.value));
        words[5] = bytes32(uint256(leg.gasLimit));
        words[6] = keccak256(leg.data);
        words[7] = bytes32(uint256(leg.needsOk));
        words[8] = bytes32(uint256(leg.needsFailed));
        words[9] = bytes32(uint256(leg.needsSettled));
        words[10] = bytes32(uint256(leg.undoes));
        words[12] = leg.salt;
    }
}
