// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Outcome} from "../../../src/bundles/BundleTypes.sol";
import {Facts} from "../../../src/bundles/Facts.sol";
import {IVerifier} from "../../../src/bundles/IVerifier.sol";
import {Showing} from "../../../src/bundles/verifiers/IInboxVerifier.sol";
import {Rule, Tier, TieredVerifier} from "../../../src/bundles/verifiers/TieredVerifier.sol";
import {TestVerifier} from "../../doubles/Verifier.sol";
import {InboxStage} from "./InboxStage.sol";

/// forge-config: default.isolate = true
/// @dev What believing a fact costs without attesters, each a transaction of its own. The inbox stands for the predeploy: it reads
///      one slot a log, as that asks for one entry of the access list. Ceilings are what it cost when they were written, and a little.
contract VerifierGasTest is InboxStage {
    function test_Logs() external {
        Showing memory opened = _open();
        _checked(verifier, Facts.opened(first, 0, ALICE, DEADLINE, _hashes()[0]), _evidence(opened));
        _measured("opening believed by its log", 50_000);
        Showing memory both = _prepareBoth();
        _checked(verifier, Facts.prepared(id), _evidence(both));
        _measured("two legs held believed by their logs", 61_000);
        _checked(verifier, Facts.decision(id, first, Outcome.Aborted), _evidence(_abort()));
        _measured("decision believed by its log", 46_000);
    }

    /// What tiers add to the one or two that they ask.
    function test_Tiers() external {
        TestVerifier plain = new TestVerifier();
        Tier[] memory tiers = new Tier[](2);
        (tiers[0], tiers[1]) = (Tier(100, Rule.First), Tier(type(uint256).max, Rule.Both));
        TieredVerifier tiered = new TieredVerifier(plain, new TestVerifier(), tiers);
        bytes32 leaf = keccak256("leaf");
        plain.say(leaf);
        _checked(tiered, leaf, abi.encode(bytes("shown"), bytes("")));
        _measured("fact believed by the first of two", 62_000);
    }

    /* HELP */

    function _checked(IVerifier by, bytes32 leaf, bytes memory evidence) private {
        bytes32[] memory leaves = _one(leaf);
        by.check(leaves, 100, evidence);
    }

    function _measured(string memory name, uint256 most) private {
        vm.assertLe(vm.snapshotGasLastCall("bundle-verifiers", name), most, name);
    }
}
