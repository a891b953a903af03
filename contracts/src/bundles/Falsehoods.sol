// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {SignerSet, SignerSets} from "../oracle/SignerSet.sol";
import {BundleHashes} from "./BundleHashes.sol";
import {Bundle, Mode, Outcome} from "./BundleTypes.sol";
import {BundleWord} from "./BundleWord.sol";
import {Decisions} from "./Decisions.sol";
import {Facts} from "./Facts.sol";
import {Claim} from "./IAttesters.sol";
import {IBundleHub} from "./IBundleHub.sol";

/// @dev What the hub's own state shows to be false, by itself. A liar who never says the truth beside his lie contradicts
///      nobody; but what he says of the hub, the hub knows.
/// @dev Only what had been so for the grace when he can have signed at the earliest: that is longer than any block takes to be
///      final, so an honest attester who believed one that was taken back loses no stake by it, however little he waited.
abstract contract Falsehoods is Decisions {
    using SignerSets for SignerSet;

    /// @inheritdoc IBundleHub
    function falsehoodOf(bytes calldata evidence) external view returns (bytes32 key, bytes32 digest) {
        (Claim memory claim, bytes memory shown) = abi.decode(evidence, (Claim, bytes));
        // Nothing is valid for longer, so nobody signs it earlier: it would be of no use to him then.
        uint256 margin = uint256(attesters.LONGEST_VALIDITY()) + GRACE_SECONDS;
        uint256 since = claim.validUntil > margin ? claim.validUntil - margin : 0;
        bool lie;
        if (claim.kind == Facts.DECISION) lie = _contradictsDecision(claim, since);
        else if (claim.kind == Facts.OPENED) lie = _contradictsOpening(claim, shown, since);
        else if (claim.kind == Facts.SEATED) lie = _contradictsSeats(claim, since);
        else if (claim.kind == Facts.CURRENT) lie = _contradictsDay(claim, shown, since);
        require(lie, Hub_NotFalse(claim.kind, claim.subject));
        key = keccak256(abi.encode(claim.kind, claim.subject));
        digest = attesters.digestOfClaim(claim);
    }

    /* INSIDE */

    /// @dev Another decision than the one that was there already; or a commit of what had missed its time for it.
    function _contradictsDecision(Claim memory claim, uint256 since) private view returns (bool) {
        BundleWord word = _words[claim.subject];
        if (word.outcome() == Outcome.None || word.settledAt() > since) return false;
        if (word.outcome() != Outcome.Open) {
            return claim.content != keccak256(abi.encode(word.base(), word.outcome()));
        }
        return word.mode() == Mode.Escrowed && claim.content == keccak256(abi.encode(word.base(), Outcome.Committed));
    }

    /// @dev Another leg at an ordinal than its bundle has there. `shown`: abi.encode(header, hashes of its legs).
    function _contradictsOpening(Claim memory claim, bytes memory shown, uint256 since) private view returns (bool) {
        (Bundle memory bundle, bytes32[] memory hashes) = abi.decode(shown, (Bundle, bytes32[]));
        bytes32 id = BundleHashes.idOf(_domainNow(), bundle);
        BundleWord word = _words[id];
        bool fits = hashes.length == bundle.legs && EfficientHashLib.hash(hashes) == bundle.legsHash;
        require(word.outcome() != Outcome.None && fits, Hub_NotFalse(claim.kind, claim.subject));
        uint256 ordinal = uint256(claim.subject);
        uint64 base = word.base();
        if (word.settledAt() > since || ordinal < base || ordinal >= uint256(base) + bundle.legs) return false;
        bytes32 leg = hashes[ordinal - base];
        return claim.content != keccak256(abi.encode(base, bundle.owner, bundle.deadline, leg));
    }

    /// @dev Others than who sat in an epoch that had begun.
    function _contradictsSeats(Claim memory claim, uint256 since) private view returns (bool) {
        uint32 epoch = uint32(uint256(claim.subject));
        uint40 began = attesters.beganAt(epoch);
        if (uint256(claim.subject) != epoch || began == 0 || began > since) return false;
        (address blob,,) = attesters.epochOf(epoch);
        SignerSet memory set = SignerSets.read(blob);
        uint256[] memory seats = new uint256[](set.count);
        for (uint256 seat; seat < set.count; ++seat) {
            (address signer, uint96 weight) = set.seatAt(seat);
            seats[seat] = uint256(uint160(signer)) << 96 | weight;
        }
        return claim.content != keccak256(abi.encode(set.totalWeight(), seats));
    }

    /// @dev An epoch that was over on that day, and had been for a while when it was said. `shown`: abi.encode(epoch).
    function _contradictsDay(Claim memory claim, bytes memory shown, uint256 since) private view returns (bool) {
        uint32 epoch = abi.decode(shown, (uint32));
        (,, uint40 endsAt) = attesters.epochOf(epoch);
        if (endsAt == 0 || claim.content != keccak256(abi.encode(epoch))) return false;
        // A set signs on for as long as a batch is valid, after the next one sits.
        uint256 over = endsAt - attesters.LONGEST_VALIDITY();
        return over <= since && over / 1 days < uint256(claim.subject);
    }
}
