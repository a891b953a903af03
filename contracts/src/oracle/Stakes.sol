// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ECDSA} from "solady/utils/ECDSA.sol";
import {EIP712} from "solady/utils/EIP712.sol";
import {IStakeManager} from "./IStakeManager.sol";
import {IPolicy} from "./security/IPolicy.sol";
import {IWiring} from "./security/IWiring.sol";

/// @dev Who has staked what and whose key is whose. What follows from it, seats and juries, stands in the heirs.
abstract contract Stakes is IStakeManager, EIP712 {
    bytes32 private constant POSSESSION_TYPEHASH = keccak256("Possession(address owner)");

    /// @dev Where in kinds the family of models stands, above the domains.
    uint256 internal constant FAMILY_SHIFT = 16;

    address public immutable collateral;
    IWiring public immutable wiring;
    IPolicy public immutable policy;
    uint40 public immutable UNBONDING_SECONDS;
    uint96 public immutable MIN_STAKE;

    /// @dev Whoever joins without a domain pays for the first slot only.
    struct Record {
        address signer;
        uint96 stake;
        uint40 unbondsAt;
        uint16 kinds;
        uint16 served; // every domain in which he may still be seated
        uint8 family; // of language models that he answers by; 0: a person
        uint40 jurorSince;
        uint16 jurorPlace; // in the list of jurors, counted from 1
        uint40 frozenUntil;
        bool banned;
        uint96 youngStake; // added while a juror, and since when the last of it
        uint40 youngSince;
        uint40 suspendedUntil; // from juries: the latest of all domains
    }

    mapping(address owner => Record) internal _records;
    /// @dev Owners who name a family of models. While there are none, no signer set looks for any.
    uint256 internal _witnesses;
    mapping(address signer => address owner) internal _ownerOf;

    constructor(address collateral_, address wiring_, address policy_, StakeLimits memory limits) {
        require(limits.unbondingSeconds != 0, StakeManager_BadLimits("unbondingSeconds"));
        collateral = collateral_;
        wiring = IWiring(wiring_);
        policy = IPolicy(policy_);
        UNBONDING_SECONDS = limits.unbondingSeconds;
        MIN_STAKE = limits.minStake;
    }

    /* VIEWS */

    /// @inheritdoc IStakeManager
    function ownerOf(address signer) external view returns (address) {
        return _ownerOf[signer];
    }

    /// @inheritdoc IStakeManager
    function earnerOf(address signer) external view returns (address owner) {
        owner = _ownerOf[signer];
        if (_records[owner].banned) return address(0);
    }

    /// @inheritdoc IStakeManager
    function isBanned(address owner) external view returns (bool) {
        return _records[owner].banned;
    }

    /// @inheritdoc IStakeManager
    function providerOf(address owner) external view returns (Provider memory) {
        Record storage record = _records[owner];
        return Provider({
            signer: record.signer,
            stake: record.stake,
            state: _stateOf(record),
            unbondsAt: record.unbondsAt,
            kinds: uint32(record.family) << FAMILY_SHIFT | record.kinds,
            jurorSince: record.jurorSince,
            frozenUntil: record.frozenUntil,
            banned: record.banned
        });
    }

    /// @inheritdoc IStakeManager
    function possessionDigest(address owner) public view returns (bytes32) {
        return _hashTypedData(keccak256(abi.encode(POSSESSION_TYPEHASH, owner)));
    }

    /* INSIDE */

    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("Sooth Stakes", "1");
    }

    function _stateOf(Record storage record) internal view returns (ProviderState) {
        if (record.signer == address(0)) return ProviderState.None;
        return record.unbondsAt == 0 ? ProviderState.Active : ProviderState.Unbonding;
    }

    function _activeRecord() internal view returns (Record storage record) {
        record = _records[msg.sender];
        require(_stateOf(record) == ProviderState.Active, StakeManager_NotActive(msg.sender));
    }

    /// @dev Names `signer` for the caller.
    function _takeSigner(address signer, bytes calldata possession) internal {
        address owner = _ownerOf[signer];
        if (owner == msg.sender) return;
        // ecrecover answers a bad signature with the zero address: it must never hold a seat.
        require(signer != address(0) && owner == address(0), StakeManager_SignerTaken(signer));
        require(
            signer == msg.sender || ECDSA.tryRecoverCalldata(possessionDigest(msg.sender), possession) == signer,
            StakeManager_NoPossession(signer)
        );
        _ownerOf[signer] = msg.sender;
    }
}
