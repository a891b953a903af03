// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ISettler} from "./ISettler.sol";

/// @dev Targets that fail again and again rest for a while, so that not every bundle of the hour dies of the same broken
///      contract. Only legs of kind Shared count and wait: why an account's leg fails is its owner's business, and a token
///      must not rest because somebody's account is empty.
/// @dev Anybody can make legs that fail. All that fail within a block count as one, so to make a target rest takes him twenty blocks,
///      in which he fails in more than others succeed there. All he gets is a delay; a leg with a short deadline may miss it by that.
///      What the counter says is written where nothing reverts after it.
abstract contract Breaker is ISettler {
    uint40 public constant FAILURE_WINDOW = 10 minutes;
    uint40 public constant REST_SECONDS = 10 minutes;
    uint32 public constant MOST_FAILURES = 20;

    /// @dev One slot, empty as long as nothing failed.
    struct Failures {
        uint40 since;
        uint40 restsUntil;
        uint32 failed;
        uint32 succeeded; // since the first that failed
        uint40 lastAt; // when the last one failed that counted
    }

    mapping(address target => Failures) private _failures;

    /// @inheritdoc ISettler
    function restsUntil(address target) external view returns (uint40) {
        return _failures[target].restsUntil;
    }

    function _failuresOf(address target) internal view returns (Failures storage) {
        return _failures[target];
    }

    function _isResting(Failures storage of_) internal view returns (bool) {
        return block.timestamp < of_.restsUntil;
    }

    /// @param of_ that of `target`
    function _count(address target, Failures storage of_, bool ok) internal {
        if (ok && of_.failed == 0) return;
        Failures memory known = of_;
        if (block.timestamp >= uint256(known.since) + FAILURE_WINDOW) {
            (known.since, known.failed, known.succeeded) = (uint40(block.timestamp), 0, 0);
        }
        if (ok) {
            ++known.succeeded;
        } else {
            if (block.timestamp == known.lastAt) return;
            known.lastAt = uint40(block.timestamp);
            ++known.failed;
        }
        if (known.failed >= MOST_FAILURES && known.failed > known.succeeded) {
            known.restsUntil = uint40(block.timestamp) + REST_SECONDS;
            (known.failed, known.succeeded) = (0, 0);
            emit Rested(target, known.restsUntil);
        }
        _failures[target] = known;
    }
}
