// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {BundleHashes} from "./BundleHashes.sol";
import {Bundle, LegStatus, Mode, NO_LEG, Outcome} from "./BundleTypes.sol";
import {BundleWord} from "./BundleWord.sol";
import {Facts} from "./Facts.sol";
import {Compensations, Completion, Failure, IBundleHub, LegResult, Refusal} from "./IBundleHub.sol";
import {IVerifier} from "./IVerifier.sol";
import {Openings} from "./Openings.sol";

/// @dev Each bundle is decided once: the first to get here wins, and whoever comes later is passed over.
abstract contract Decisions is Openings {
    uint256 private constant LEG_TYPE = 0; // words of a leg's preimage
    uint256 private constant LEG_UNDOES = 10;

    IVerifier public immutable verifier;
    uint40 public immutable GRACE_SECONDS;

    constructor(address verifier_, uint40 graceSeconds) {
        (verifier, GRACE_SECONDS) = (IVerifier(verifier_), graceSeconds);
    }

    /// @inheritdoc IBundleHub
    function commitPrepared(bytes32[] calldata ids, bytes calldata evidence) external {
        require(!_isPaused(), Hub_Paused(pausedUntil));
        bytes32[] memory leaves = new bytes32[](ids.length);
        uint96 most;
        for (uint256 i; i < ids.length; ++i) {
            leaves[i] = Facts.prepared(ids[i]);
            most = _larger(most, _words[ids[i]].fee());
        }
        verifier.check(leaves, most, evidence);

        for (uint256 i; i < ids.length; ++i) {
            bytes32 id = ids[i];
            BundleWord word = _words[id];
            if (word.outcome() != Outcome.Open) emit Refused(id, Refusal.NotOpen);
            else if (word.mode() != Mode.Escrowed) emit Refused(id, Refusal.OtherMode);
            else if (block.timestamp > word.deadline()) emit Refused(id, Refusal.Late);
            else _decide(id, word, Outcome.Committed);
        }
    }

    /// @inheritdoc IBundleHub
    function commitCompleted(Completion[] calldata completions, bytes calldata evidence) external {
        uint256 count;
        for (uint256 i; i < completions.length; ++i) {
            count += completions[i].results.length;
        }
        bytes32[] memory leaves = new bytes32[](count);
        uint96 most;
        count = 0;
        for (uint256 i; i < completions.length; ++i) {
            Completion calldata completion = completions[i];
            BundleWord word = _words[completion.id];
            most = _larger(most, word.fee());
            count = _completed(completion, word, leaves, count);
        }
        verifier.check(leaves, most, evidence);

        for (uint256 i; i < completions.length; ++i) {
            bytes32 id = completions[i].id;
            BundleWord word = _words[id];
            if (word.outcome() != Outcome.Open) emit Refused(id, Refusal.NotOpen);
            else if (word.mode() != Mode.Ordered) emit Refused(id, Refusal.OtherMode);
            else _decide(id, word, Outcome.Committed);
        }
    }

    /// @inheritdoc IBundleHub
    function abort(Bundle calldata bundle) external {
        bytes32 id = idOf(bundle);
        BundleWord word = _words[id];
        require(bundle.owner == msg.sender, Hub_NotOwner(bundle.owner, msg.sender));
        require(word.outcome() == Outcome.Open, Hub_NotOpen(id, word.outcome()));

        _decide(id, word, Outcome.Aborted);
    }

    /// @inheritdoc IBundleHub
    function abortFailed(Failure[] calldata failures, bytes calldata evidence) external {
        bytes32[] memory leaves = new bytes32[](failures.length);
        uint96 most;
        for (uint256 i; i < failures.length; ++i) {
            (bytes32 id, LegResult calldata result) = (failures[i].id, failures[i].result);
            BundleWord word = _words[id];
            bool failed = result.status == LegStatus.Failed || result.status == LegStatus.Missed;
            require(failed, Hub_BadResult(id, result.index, "status"));
            leaves[i] = _leafOf(id, word, result);
            most = _larger(most, word.fee());
        }
        verifier.check(leaves, most, evidence);

        for (uint256 i; i < failures.length; ++i) {
            bytes32 id = failures[i].id;
            BundleWord word = _words[id];
            if (word.outcome() != Outcome.Open) emit Refused(id, Refusal.NotOpen);
            else if (word.mode() != Mode.Ordered) emit Refused(id, Refusal.OtherMode);
            else _decide(id, word, Outcome.Aborted);
        }
    }

    /// @inheritdoc IBundleHub
    function expire(bytes32[] calldata ids) external {
        for (uint256 i; i < ids.length; ++i) {
            bytes32 id = ids[i];
            BundleWord word = _words[id];
            uint256 grace = word.mode() == Mode.Ordered ? GRACE_SECONDS : 0;
            if (word.outcome() != Outcome.Open) emit Refused(id, Refusal.NotOpen);
            else if (block.timestamp <= word.deadline() + grace) emit Refused(id, Refusal.Early);
            else _decide(id, word, Outcome.Aborted);
        }
    }

    /* INSIDE */

    /// @dev Writes the leaf of a leg's receipt. Of a bundle that was never opened there are none.
    function _leafOf(bytes32 id, BundleWord word, LegResult calldata result) internal pure returns (bytes32) {
        require(result.index < word.legs(), Hub_BadResult(id, result.index, "index"));
        return Facts.receipt(word.base() + result.index, result.status, result.result, result.relayer);
    }

    function _larger(uint96 one, uint96 other) internal pure returns (uint96) {
        return one > other ? one : other;
    }

    function _decide(bytes32 id, BundleWord word, Outcome outcome) private {
        _words[id] = word.decided(outcome, uint40(block.timestamp));
        emit Decided(id, word.base(), outcome);
    }

    /// @dev Puts the leaves of its results behind those that are there, and makes sure that no leg is left out.
    function _completed(Completion calldata completion, BundleWord word, bytes32[] memory leaves, uint256 count)
        private
        view
        returns (uint256)
    {
        bytes32 id = completion.id;
        uint32 missing = word.every();
        for (uint256 i; i < completion.results.length; ++i) {
            LegResult calldata result = completion.results[i];
            require(result.status == LegStatus.Ok, Hub_BadResult(id, result.index, "status"));
            leaves[count++] = _leafOf(id, word, result);
            missing &= ~uint32(1 << result.index);
        }
        if (missing != 0 && completion.compensations.length != 0) {
            missing &= ~_compensating(id, abi.decode(completion.compensations, (Compensations)));
        }
        // Never opened: no legs, and so none that is missing. It is passed over below.
        require(missing == 0, Hub_NotCompleted(id, missing));
        return count;
    }

    /// @dev Bits of the legs that are shown to compensate others. The id says what the legs' hashes are, and a hash what its
    ///      leg undoes.
    function _compensating(bytes32 id, Compensations memory shown) private view returns (uint32 bits) {
        Bundle memory bundle = shown.bundle;
        require(BundleHashes.idOf(_domainNow(), bundle) == id, Hub_BadCompensations(id, "bundle"));
        bytes32[] memory hashes = shown.legHashes;
        bool fits = hashes.length == bundle.legs && EfficientHashLib.hash(hashes) == bundle.legsHash;
        require(fits && shown.places.length == shown.words.length, Hub_BadCompensations(id, "legs"));
        for (uint256 i; i < shown.places.length; ++i) {
            (uint8 place, bytes32[13] memory words) = (shown.places[i], shown.words[i]);
            bool ofLeg = place < hashes.length && keccak256(abi.encode(words)) == hashes[place];
            require(ofLeg && words[LEG_TYPE] == BundleHashes.LEG_TYPEHASH, Hub_BadCompensations(id, "leg"));
            require(uint256(words[LEG_UNDOES]) != NO_LEG, Hub_BadCompensations(id, "undoes"));
            bits |= uint32(1 << place);
        }
    }
}
