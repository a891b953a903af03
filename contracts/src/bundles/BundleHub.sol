// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";
import {Brake} from "./Brake.sol";
import {Bundle, LegStatus, Outcome} from "./BundleTypes.sol";
import {BundleWord} from "./BundleWord.sol";
import {Decisions} from "./Decisions.sol";
import {Falsehoods} from "./Falsehoods.sol";
import {FeeLedger} from "./FeeLedger.sol";
import {HubLimits, IBundleHub, LegResult, Settlement} from "./IBundleHub.sol";
import {Openings} from "./Openings.sol";

/// @dev What it promises stands at {IBundleHub}. Here: what a fee becomes when its bundle is decided.
contract BundleHub is Falsehoods {
    uint40 public immutable RECLAIM_SECONDS;

    constructor(HubLimits memory limits)
        Brake(limits.guardian)
        FeeLedger(limits.attesters, limits.stakeManager, limits.attesterBps)
        Openings(limits.longestWindow)
        Decisions(limits.verifier, limits.graceSeconds)
    {
        // Receipts of compensations, and of escrows that somebody took back, come long after the deadline.
        require(limits.reclaimSeconds > limits.graceSeconds, Hub_BadLimits("reclaimSeconds"));
        RECLAIM_SECONDS = limits.reclaimSeconds;
    }

    /// @inheritdoc IBundleHub
    function settle(Settlement[] calldata settlements, bytes calldata evidence) external {
        uint256 count;
        for (uint256 i; i < settlements.length; ++i) {
            count += settlements[i].results.length;
        }
        bytes32[] memory leaves = new bytes32[](count);
        uint96 most;
        count = 0;
        for (uint256 i; i < settlements.length; ++i) {
            bytes32 id = idOf(settlements[i].bundle);
            BundleWord word = _words[id];
            most = _larger(most, word.fee());
            LegResult[] calldata results = settlements[i].results;
            for (uint256 k; k < results.length; ++k) {
                require(results[k].status != LegStatus.None, Hub_BadResult(id, results[k].index, "status"));
                leaves[count++] = _leafOf(id, word, results[k]);
            }
        }
        verifier.check(leaves, most, evidence);

        uint32 epoch = _earningEpoch();
        for (uint256 i; i < settlements.length; ++i) {
            _settle(settlements[i], epoch);
        }
    }

    /// @inheritdoc IBundleHub
    function reclaim(Bundle calldata bundle) external {
        bytes32 id = idOf(bundle);
        BundleWord word = _words[id];
        _requireDecided(id, word);
        uint256 notBefore = uint256(bundle.deadline) + RECLAIM_SECONDS;
        require(block.timestamp > notBefore, Hub_Early(id, notBefore));
        if (word.paid() == word.every()) return;
        uint96 rest = word.rest();

        _words[id] = word.withNobodys(word.legs() - LibBit.popCount(word.paid())).withPaid(word.every());
        creditOf[bundle.owner] += rest;

        emit Reclaimed(id, rest);
    }

    /* INSIDE */

    /// @dev A leg whose share went out is passed over: a rival of the relayer who settled it was later.
    function _settle(Settlement calldata settlement, uint32 epoch) private {
        address owner = settlement.bundle.owner;
        bytes32 id = idOf(settlement.bundle);
        BundleWord word = _words[id];
        _requireDecided(id, word);
        (uint32 before, uint32 paid) = (word.paid(), word.paid());
        for (uint256 k; k < settlement.results.length; ++k) {
            LegResult calldata result = settlement.results[k];
            uint32 bit = uint32(1 << result.index);
            if (paid & bit != 0) continue;
            paid |= bit;
            word = _payShare(id, result, word, owner, epoch);
        }
        if (paid == before) return;
        word = word.withPaid(paid);
        _words[id] = word;
        // With the last share, what rounding left of all of them.
        if (paid == word.every()) creditOf[owner] += word.rest();
    }

    function _requireDecided(bytes32 id, BundleWord word) private pure {
        Outcome outcome = word.outcome();
        require(outcome == Outcome.Committed || outcome == Outcome.Aborted, Hub_NotDecided(id, outcome));
    }
}
