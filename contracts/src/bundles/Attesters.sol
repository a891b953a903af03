// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleProofLib} from "solady/utils/MerkleProofLib.sol";
import {IStakeManager} from "../oracle/IStakeManager.sol";
import {SeatSignatures} from "../oracle/SeatSignatures.sol";
import {SignerSet, SignerSets} from "../oracle/SignerSet.sol";
import {Batches} from "./Batches.sol";
import {Facts} from "./Facts.sol";
import {AttesterLimits, Batch, Claim, IAttesters, Signed} from "./IAttesters.sol";
import {IVerifier} from "./IVerifier.sol";

/// @dev What it promises stands at {IAttesters}. Nothing that it is built with differs from chain to chain, so its address
///      does not; what does is read from the chain id.
contract Attesters is IAttesters {
    using Batches for Batch;
    using SignerSets for SignerSet;

    bytes32 private constant BATCH_TYPEHASH = keccak256("Batch(uint32 epoch,uint40 validUntil,bytes32 root)");
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    uint256 private constant WHOLE = 10_000;

    uint256 public immutable HUB_CHAIN_ID;
    address public immutable STAKE_MANAGER;
    uint8 public immutable DOMAIN;
    uint16 public immutable QUORUM_BPS;
    uint40 public immutable LONGEST_VALIDITY;
    uint40 public immutable LONGEST_AGE;
    address public immutable DEPLOYER;
    bytes32 private immutable _domain;

    /// @dev One slot: all that a batch needs to find its signers.
    struct Epoch {
        address blob;
        uint40 renewedAt;
        uint40 endsAt;
    }

    mapping(uint32 epoch => Epoch) private _epochs;
    uint32 public currentEpoch;
    mapping(uint32 epoch => uint40) public beganAt;

    constructor(AttesterLimits memory limits) {
        // Less than half would let two quorums without a common signer say opposite things.
        require(limits.quorumBps > WHOLE / 2 && limits.quorumBps <= WHOLE, Attesters_BadLimits("quorumBps"));
        require(limits.longestValidity != 0, Attesters_BadLimits("longestValidity"));
        require(limits.longestAge > limits.longestValidity, Attesters_BadLimits("longestAge"));
        HUB_CHAIN_ID = limits.hubChainId;
        STAKE_MANAGER = limits.stakeManager;
        DOMAIN = limits.domain;
        QUORUM_BPS = limits.quorumBps;
        LONGEST_VALIDITY = limits.longestValidity;
        LONGEST_AGE = limits.longestAge;
        DEPLOYER = limits.deployer;
        _domain = keccak256(
            abi.encode(
                DOMAIN_TYPEHASH, keccak256("Sooth Attesters"), keccak256("1"), limits.hubChainId, address(this)
            )
        );
    }

    /* WHO SITS */

    /// @inheritdoc IAttesters
    function begin(uint32 epoch, uint256 totalWeight, uint256[] calldata seats) external {
        require(msg.sender == DEPLOYER, Attesters_NotAllowed(msg.sender));
        require(block.chainid != HUB_CHAIN_ID, Attesters_WrongChain(block.chainid));
        require(currentEpoch == 0, Attesters_AlreadyBegun(currentEpoch));
        require(epoch != 0, Attesters_BadSet("epoch"));

        _seat(epoch, _written(totalWeight, seats), uint40(block.timestamp));

        emit AttestersSeated(epoch, totalWeight, seats);
    }

    /// @inheritdoc IAttesters
    function adopt() external returns (uint32 epoch) {
        require(block.chainid == HUB_CHAIN_ID, Attesters_WrongChain(block.chainid));
        address blob;
        (blob, epoch,) = IStakeManager(STAKE_MANAGER).signerSet(DOMAIN);
        require(epoch != 0, Attesters_UnknownEpoch(0));
        if (epoch == currentEpoch) {
            _renew(epoch, uint40(block.timestamp));
            return epoch;
        }
        // Taken as it is, even when nobody sits in it: whoever sat before signs no longer.
        _seat(epoch, blob, uint40(block.timestamp));
        beganAt[epoch] = uint40(block.timestamp);
        SignerSet memory set = SignerSets.read(blob);
        uint256[] memory seats = new uint256[](set.count);
        for (uint256 seat; seat < set.count; ++seat) {
            (address signer, uint96 weight) = set.seatAt(seat);
            seats[seat] = uint256(uint160(signer)) << 96 | weight;
        }
        emit AttestersSeated(epoch, set.totalWeight(), seats);
    }

    /// @inheritdoc IAttesters
    function rotate(uint32 epoch, uint256 totalWeight, uint256[] calldata seats, bytes calldata evidence) external {
        uint32 current = currentEpoch;
        require(epoch > current, Attesters_OldEpoch(epoch, current));
        _checkOwn(Facts.seated(epoch, totalWeight, seats), evidence);

        _seat(epoch, _written(totalWeight, seats), _epochs[current].renewedAt);

        emit AttestersSeated(epoch, totalWeight, seats);
    }

    /// @inheritdoc IAttesters
    function renew(uint32 day, uint32 epoch, bytes calldata evidence) external {
        uint32 current = currentEpoch;
        require(epoch == current, Attesters_OldEpoch(epoch, current));
        uint256 at = uint256(day) * 1 days;
        require(at <= block.timestamp && at > _epochs[epoch].renewedAt, Attesters_BadDay(day));
        _checkOwn(Facts.current(day, epoch), evidence);

        _renew(epoch, uint40(at));
    }

    /* WHAT THEY SAY */

    /// @inheritdoc IVerifier
    function check(bytes32[] calldata leaves, uint256, bytes calldata evidence) external view {
        Batch calldata batch = _batchIn(evidence);
        require(batch.holds(leaves), Attesters_NotInBatch(batch.root));
        checkRoot(batch.root, batch.signed);
    }

    /// @inheritdoc IAttesters
    function checkRoot(bytes32 root, Signed calldata signed) public view {
        (uint32 epoch, uint40 validUntil) = (signed.epoch, signed.validUntil);
        SignerSet memory set = SignerSets.read(_signing(epoch, validUntil));
        bytes32 digest = digestOf(epoch, validUntil, root);
        uint256 seats = signed.seats;
        (uint256 weight, uint256 bad) = SeatSignatures.weigh(digest, set, seats, signed.signatures);
        if (bad != 0) {
            require(bad != SeatSignatures.UNKNOWN_SEAT, Attesters_BadSignatures("seat"));
            require(SeatSignatures.fit(seats, signed.signatures), Attesters_BadSignatures("length"));
            revert Attesters_BadSignature(uint8(bad - 1));
        }
        uint256 total = set.totalWeight();
        require(weight != 0 && weight * WHOLE >= total * QUORUM_BPS, Attesters_NoQuorum(weight, total));
    }

    /// @inheritdoc IAttesters
    function conflictOf(bytes calldata evidence) external view returns (bytes32 key, bytes32 first, bytes32 second) {
        (Claim memory one, Claim memory other) = abi.decode(evidence, (Claim, Claim));
        require(one.kind == other.kind && one.subject == other.subject, Attesters_NoConflict("subject"));
        require(one.kind != Facts.PREPARED, Attesters_NoConflict("kind"));
        require(one.content != other.content, Attesters_NoConflict("content"));
        key = keccak256(abi.encode(one.kind, one.subject));
        (first, second) = (digestOfClaim(one), digestOfClaim(other));
    }

    /* VIEWS */

    /// @inheritdoc IAttesters
    function digestOf(uint32 epoch, uint40 validUntil, bytes32 root) public view returns (bytes32 digest) {
        (bytes32 typehash, bytes32 domain) = (BATCH_TYPEHASH, _domain);
        (uint256 epoch_, uint256 until) = (epoch, validUntil);
        // As abi.encode and abi.encodePacked would have it, for 400 gas less: each transaction of a rollup pays it.
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, typehash)
            mstore(add(words, 32), epoch_)
            mstore(add(words, 64), until)
            mstore(add(words, 96), root)
            let hash := keccak256(words, 128)
            mstore(words, hex"1901")
            mstore(add(words, 2), domain)
            mstore(add(words, 34), hash)
            digest := keccak256(words, 66)
        }
    }

    /// @inheritdoc IAttesters
    function digestOfClaim(Claim memory claim) public view returns (bytes32) {
        bytes32 leaf = Facts.leafOf(claim.kind, claim.subject, claim.content);
        require(MerkleProofLib.verify(claim.path, claim.root, leaf), Attesters_NotInBatch(claim.root));
        return digestOf(claim.epoch, claim.validUntil, claim.root);
    }

    /// @inheritdoc IAttesters
    function epochOf(uint32 epoch) external view returns (address blob, uint40 renewedAt, uint40 endsAt) {
        Epoch memory known = _epochs[epoch];
        return (known.blob, known.renewedAt, known.endsAt);
    }

    /* INSIDE */

    /// @dev `evidence` is abi.encode(Batch): the batch stands behind the word that says where it begins.
    function _batchIn(bytes calldata evidence) private pure returns (Batch calldata batch) {
        assembly ("memory-safe") {
            batch := add(evidence.offset, 32)
        }
    }

    /// @dev What the set of now says of sets, elsewhere than at the hub: one that only signs on, because batches of it are under
    ///      way, says nothing of them. Decoded once, so that what is asked of it is what was signed.
    function _checkOwn(bytes32 fact, bytes calldata evidence) private view {
        require(block.chainid != HUB_CHAIN_ID, Attesters_WrongChain(block.chainid));
        Batch memory batch = abi.decode(evidence, (Batch));
        require(batch.signed.epoch == currentEpoch, Attesters_OldEpoch(batch.signed.epoch, currentEpoch));
        require(MerkleProofLib.verify(batch.path, batch.root, fact), Attesters_NotInBatch(batch.root));
        this.checkRoot(batch.root, batch.signed);
    }

    /// @dev The set of `epoch`, when it may sign what is valid until then.
    function _signing(uint32 epoch, uint40 validUntil) private view returns (address blob) {
        Epoch memory known = _epochs[epoch];
        require(known.renewedAt != 0, Attesters_UnknownEpoch(epoch));
        require(block.timestamp <= validUntil, Attesters_Expired(validUntil));
        uint256 most = block.timestamp + LONGEST_VALIDITY;
        if (known.endsAt != 0 && known.endsAt < most) most = known.endsAt;
        require(validUntil <= most, Attesters_ValidTooLong(validUntil, most));
        require(block.timestamp <= known.renewedAt + uint256(LONGEST_AGE), Attesters_SetTooOld(epoch, known.renewedAt));
        return known.blob;
    }

    function _seat(uint32 epoch, address blob, uint40 at) private {
        // A set that is too old already gains nothing by it.
        if (currentEpoch != 0) _epochs[currentEpoch].endsAt = uint40(block.timestamp) + LONGEST_VALIDITY;
        _epochs[epoch] = Epoch({blob: blob, renewedAt: at, endsAt: 0});
        currentEpoch = epoch;
    }

    function _renew(uint32 epoch, uint40 at) private {
        _epochs[epoch].renewedAt = at;
        emit AttestersRenewed(epoch, at);
    }

    /// @dev Refuses what no stake manager would seat. Zero above all: it is what a failed recovery leaves.
    function _written(uint256 totalWeight, uint256[] calldata seats) private returns (address blob) {
        require(seats.length != 0 && seats.length <= SignerSets.MAX_SEATS, Attesters_BadSet("seats"));
        uint256 sum;
        for (uint256 seat; seat < seats.length; ++seat) {
            uint256 signer = seats[seat] >> 96;
            require(signer != 0, Attesters_BadSet("signer"));
            for (uint256 before; before < seat; ++before) {
                require(seats[before] >> 96 != signer, Attesters_BadSet("signer twice"));
            }
            sum += uint96(seats[seat]);
        }
        // Shares that are rounded down leave the total above their sum.
        require(sum != 0 && sum <= totalWeight, Attesters_BadSet("weight"));
        return SignerSets.write(totalWeight, seats);
    }
}
