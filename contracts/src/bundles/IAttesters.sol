// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IVerifier} from "./IVerifier.sol";

/// @notice What a quorum of one epoch signed, for all chains: what one may believe all of them may, so nobody can say it on one
///         and keep it from another.
struct Signed {
    uint32 epoch;
    uint40 validUntil; // unix seconds
    uint256 seats; // bitmap of the signers
    bytes signatures; // r | vs, 64 bytes each, ascending by seat
}

/// @notice Facts of one batch, proved together: what `evidence` decodes to. With neither path nor flags the leaves are the
///         whole batch, in its order. Otherwise as solady's MerkleProofLib has it: leaves in the order of the batch.
/// @dev The tree is the complete binary tree in an array: of n leaves the k-th is node 2n - 2 - k, and node i is the hash of
///      nodes 2i + 1 and 2i + 2, the smaller first. A tree of one leaf is the leaf.
struct Batch {
    bytes32 root;
    Signed signed;
    bytes32[] path;
    bool[] flags;
}

/// @notice One fact that somebody signed, for {IAttesters-conflictOf} and {IBundleHub-falsehoodOf}.
struct Claim {
    uint32 epoch;
    uint40 validUntil;
    bytes32 root;
    uint256 kind;
    bytes32 subject;
    bytes32 content;
    bytes32[] path; // from the fact's leaf to the root
}

/// Given for ever at construction, the same on every chain.
struct AttesterLimits {
    uint256 hubChainId;
    address stakeManager; // on the hub's chain
    uint8 domain; // whose signer sets attest
    uint16 quorumBps; // of all weight
    uint40 longestValidity; // seconds that a batch may be valid, and that an epoch signs on beside the next
    uint40 longestAge; // seconds that a set signs after the day it was last the hub's: much less than stake is bonded
    address deployer; // says who sits first, once
}

/// @notice The providers that attest what is so on other chains, as this chain knows them: signer sets of the oracle's stake
///         manager. On the hub's chain sets are read, elsewhere the one before signs the one after.
/// @dev Sets overlap by the longest validity of a batch, so that a rotation stops nothing; an older one signs nothing. A set
///      that was the hub's longer than `longestAge` ago signs nothing either, its successor included: its stake
///      may be gone. Its age is counted from a day that a fact names, and a successor has that of the set before until it is
///      renewed itself: so what was replaced at the hub dies everywhere, whatever it signs short of a lie about a day.
///      The deployer can not begin again: then this contract is over, and so is what hangs on it.
/// @dev What all of them sign is no decision: see docs/decisions/bundles.md. Two contents of one subject, signed by one key,
///      cost its owner all of his stake: see {ISlasher-equivocatedFacts}.
interface IAttesters is IVerifier {
    /// @param seats address (160) | weight (96) per seat
    event AttestersSeated(uint32 indexed epoch, uint256 totalWeight, uint256[] seats);
    /// @notice The set of `epoch` was the current one of the hub at that time, unix seconds.
    event AttestersRenewed(uint32 indexed epoch, uint40 at);

    error Attesters_BadLimits(string what);
    error Attesters_BadSet(string what);
    error Attesters_NotAllowed(address caller);
    error Attesters_WrongChain(uint256 chainId);
    error Attesters_AlreadyBegun(uint32 epoch);
    error Attesters_OldEpoch(uint32 epoch, uint32 current);
    error Attesters_UnknownEpoch(uint32 epoch);
    /// @notice Not after the day that the set was renewed with last, or not begun yet.
    error Attesters_BadDay(uint32 day);
    error Attesters_Expired(uint40 validUntil);
    error Attesters_ValidTooLong(uint40 validUntil, uint256 most);
    error Attesters_SetTooOld(uint32 epoch, uint40 renewedAt);
    error Attesters_BadSignatures(string what);
    error Attesters_BadSignature(uint8 seat);
    error Attesters_NoQuorum(uint256 weight, uint256 totalWeight);
    error Attesters_NotInBatch(bytes32 root);
    error Attesters_NoConflict(string what);

    /* WHO SITS */

    /// @notice Says who sits first. The deployer, once, not on the hub's chain.
    function begin(uint32 epoch, uint256 totalWeight, uint256[] calldata seats) external;
    /// @notice Takes over the stake manager's current set, or renews it. Anyone, on the hub's chain.
    function adopt() external returns (uint32 epoch);
    /// @notice Takes over a later set, which the current one says is seated at the hub. It is as old as the one before.
    ///         Anyone, not on the hub's chain.
    /// @param evidence a {Batch} that proves the SEATED fact, by a path alone
    function rotate(uint32 epoch, uint256 totalWeight, uint256[] calldata seats, bytes calldata evidence) external;
    /// @notice Renews the current set, which says that it was the hub's on that day. Anyone, not on the hub's chain.
    /// @param evidence a {Batch} that proves the CURRENT fact, by a path alone
    function renew(uint32 day, uint32 epoch, bytes calldata evidence) external;

    /* WHAT THEY SAY */

    /// @notice Whether a quorum signed `root`, and may still be believed: reverts otherwise.
    function checkRoot(bytes32 root, Signed calldata signed) external view;
    /// @notice Whether `evidence`, two {Claim}s encoded, contradicts itself: reverts otherwise. Whoever signed both
    ///         digests said two things of one subject. PREPARED has no content, and so no contradiction.
    /// @return key the subject and its kind
    function conflictOf(bytes calldata evidence) external view returns (bytes32 key, bytes32 first, bytes32 second);

    /* VIEWS */

    /// @notice What attesters sign, EIP-712 under the domain of the hub's chain and this address, the same everywhere:
    ///         Batch(uint32 epoch,uint40 validUntil,bytes32 root)
    function digestOf(uint32 epoch, uint40 validUntil, bytes32 root) external view returns (bytes32);
    /// @notice The digest under which the fact was signed: reverts when it is not in its batch.
    function digestOfClaim(Claim calldata claim) external view returns (bytes32);
    /// @notice When an epoch was adopted on the hub's chain, unix seconds; 0: never, or elsewhere.
    function beganAt(uint32 epoch) external view returns (uint40);
    function LONGEST_VALIDITY() external view returns (uint40);
    /// @notice 0 before the first.
    function currentEpoch() external view returns (uint32);
    /// @notice The set of an epoch as a code blob, when it was the hub's for all that is known here, and from when on it signs
    ///         nothing more, unix seconds; 0: it is the current one.
    function epochOf(uint32 epoch) external view returns (address blob, uint40 renewedAt, uint40 endsAt);
}
