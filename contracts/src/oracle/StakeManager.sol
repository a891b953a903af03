// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {IStakeManager} from "./IStakeManager.sol";
import {SignerSet, SignerSets} from "./SignerSet.sol";
import {WeightCap} from "./WeightCap.sol";

/// @dev What it promises and assumes stands at {IStakeManager}.
contract StakeManager is IStakeManager {
    using SafeTransferLib for address;
    using SignerSets for SignerSet;

    address public immutable collateral;
    uint40 public immutable EPOCH_SECONDS;
    uint40 public immutable UNBONDING_SECONDS;
    uint96 public immutable MIN_STAKE;

    /// @dev One slot: all that a report needs to find its signer set.
    struct Current {
        address blob;
        uint32 epoch;
        uint40 startedAt;
    }

    Current private _current;
    /// @dev Owners that the next epoch seats, in seat order.
    address[] private _active;
    mapping(address owner => Provider) private _providers;
    mapping(address signer => address owner) private _ownerOf;
    mapping(uint32 epoch => address blob) private _blobs;

    constructor(address collateral_, uint40 epochSeconds, uint40 unbondingSeconds, uint96 minStake) {
        collateral = collateral_;
        EPOCH_SECONDS = epochSeconds;
        UNBONDING_SECONDS = unbondingSeconds;
        MIN_STAKE = minStake;
    }

    /* PROVIDERS */

    /// @inheritdoc IStakeManager
    function join(address signer, uint96 stake) external {
        require(_providers[msg.sender].state == ProviderState.None, StakeManager_AlreadyJoined(msg.sender));
        require(stake >= MIN_STAKE, StakeManager_StakeTooSmall(stake, MIN_STAKE));

        if (_active.length == SignerSets.MAX_SEATS) _displace(stake);
        _takeSigner(signer);
        _active.push(msg.sender);
        _providers[msg.sender] =
            Provider({signer: signer, stake: stake, state: ProviderState.Active, unbondsAt: 0, leftInEpoch: 0});

        emit Joined(msg.sender, signer, stake);

        collateral.safeTransferFrom(msg.sender, address(this), stake);
    }

    /// @inheritdoc IStakeManager
    function addStake(uint96 amount) external {
        Provider storage provider = _activeProvider();

        uint96 stake = provider.stake + amount;

        provider.stake = stake;

        emit StakeAdded(msg.sender, amount, stake);

        collateral.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IStakeManager
    function rotateSigner(address signer) external {
        Provider storage provider = _activeProvider();
        address from = provider.signer;

        _takeSigner(signer);
        provider.signer = signer;

        emit SignerRotated(msg.sender, from, signer);
    }

    /// @inheritdoc IStakeManager
    function leave() external {
        _activeProvider();
        _unbond(msg.sender);
    }

    /// @inheritdoc IStakeManager
    function withdraw(address to) external {
        Provider memory provider = _providers[msg.sender];
        require(provider.state == ProviderState.Unbonding, StakeManager_NotUnbonding(msg.sender));
        require(block.timestamp >= provider.unbondsAt, StakeManager_StillBonded(msg.sender, provider.unbondsAt));
        uint32 epoch = _current.epoch;
        // Whoever joined and left within one epoch was never seated, and needs no later epoch to come.
        require(epoch > provider.leftInEpoch || !_isSeated(msg.sender), StakeManager_StillSeated(msg.sender, epoch));

        delete _providers[msg.sender];

        emit Withdrawn(msg.sender, to, provider.stake);

        collateral.safeTransfer(to, provider.stake);
    }

    /* EPOCHS */

    /// @inheritdoc IStakeManager
    function advanceEpoch() external returns (uint32 epoch) {
        Current memory current = _current;
        uint40 endsAt = _endsAt(current);
        require(block.timestamp >= endsAt, StakeManager_EpochTooYoung(current.epoch, endsAt));

        (uint256 total, uint256[] memory seats) = _nextSeats();
        // The old set is compared as a whole: an epoch that changes nothing would only make signatures stale.
        require(_differs(current.blob, total, seats), StakeManager_Unchanged(current.epoch));
        epoch = current.epoch + 1;
        address blob = SignerSets.write(total, seats);

        _blobs[epoch] = blob;
        _current = Current({blob: blob, epoch: epoch, startedAt: uint40(block.timestamp)});

        emit EpochAdvanced(epoch, total, seats);
    }

    /* VIEWS */

    /// @inheritdoc IStakeManager
    function ownerOf(address signer) external view returns (address) {
        return _ownerOf[signer];
    }

    /// @inheritdoc IStakeManager
    function providerOf(address owner) external view returns (Provider memory) {
        return _providers[owner];
    }

    /// @inheritdoc IStakeManager
    function signerSet() external view returns (address blob, uint32 epoch) {
        return (_current.blob, _current.epoch);
    }

    /// @inheritdoc IStakeManager
    function signerSetOf(uint32 epoch) external view returns (address blob) {
        return _blobs[epoch];
    }

    /// @inheritdoc IStakeManager
    function epochEndsAt() external view returns (uint40) {
        return _endsAt(_current);
    }

    /* INSIDE */

    function _endsAt(Current memory current) private view returns (uint40) {
        return current.epoch == 0 ? 0 : current.startedAt + EPOCH_SECONDS;
    }

    function _activeProvider() private view returns (Provider storage provider) {
        provider = _providers[msg.sender];
        require(provider.state == ProviderState.Active, StakeManager_NotActive(msg.sender));
    }

    function _takeSigner(address signer) private {
        address owner = _ownerOf[signer];
        // ecrecover answers a bad signature with the zero address: it must never hold a seat.
        require(signer != address(0) && (owner == address(0) || owner == msg.sender), StakeManager_SignerTaken(signer));
        if (owner == address(0)) _ownerOf[signer] = msg.sender;
    }

    function _unbond(address owner) private {
        Provider storage provider = _providers[owner];
        uint40 unbondsAt = uint40(block.timestamp) + UNBONDING_SECONDS;

        provider.state = ProviderState.Unbonding;
        provider.unbondsAt = unbondsAt;
        provider.leftInEpoch = _current.epoch;
        _removeActive(owner);

        emit Left(owner, unbondsAt);
    }

    /// @dev Makes room for `stake`: 32 cheap places must not shut out whoever stakes more. Reads 32 stakes, no more.
    function _displace(uint96 stake) private {
        address smallest;
        uint96 least = type(uint96).max;
        for (uint256 i; i < SignerSets.MAX_SEATS; ++i) {
            address owner = _active[i];
            uint96 other = _providers[owner].stake;
            if (other <= least) (smallest, least) = (owner, other);
        }
        require(stake > least, StakeManager_Full(SignerSets.MAX_SEATS));
        _unbond(smallest);
    }

    /// @dev The last one takes the place that falls free: seat order means nothing between epochs.
    function _removeActive(address owner) private {
        uint256 last = _active.length - 1;
        uint256 i;
        while (_active[i] != owner) ++i;
        _active[i] = _active[last];
        _active.pop();
    }

    function _isSeated(address owner) private view returns (bool) {
        SignerSet memory set = SignerSets.read(_current.blob);
        for (uint256 seat; seat < set.count; ++seat) {
            (address signer,) = set.seatAt(seat);
            if (_ownerOf[signer] == owner) return true;
        }
        return false;
    }

    function _nextSeats() private view returns (uint256 total, uint256[] memory seats) {
        uint256 n = _active.length;
        uint256[] memory stakes = new uint256[](n);
        seats = new uint256[](n);
        for (uint256 i; i < n; ++i) {
            Provider storage provider = _providers[_active[i]];
            stakes[i] = provider.stake;
            seats[i] = uint256(uint160(provider.signer)) << 96;
        }
        uint256 cap = WeightCap.capOf(stakes);
        for (uint256 i; i < n; ++i) {
            uint256 weight = stakes[i] < cap ? stakes[i] : cap;
            seats[i] |= weight;
            total += weight;
        }
    }

    function _differs(address blob, uint256 total, uint256[] memory seats) private view returns (bool) {
        SignerSet memory set = SignerSets.read(blob);
        if (set.count != seats.length || set.totalWeight() != total) return true;
        for (uint256 seat; seat < set.count; ++seat) {
            (address signer, uint96 weight) = set.seatAt(seat);
            if (uint256(uint160(signer)) << 96 | weight != seats[seat]) return true;
        }
        return false;
    }
}
