// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {IStakeManager} from "./IStakeManager.sol";
import {Seats} from "./Seats.sol";
import {Stakes} from "./Stakes.sol";

/// @dev What it promises and assumes stands at {IStakeManager}.
contract StakeManager is Seats {
    using SafeTransferLib for address;

    constructor(address collateral_, uint40 epochSeconds, uint40 unbondingSeconds, uint96 minStake)
        Stakes(collateral_, unbondingSeconds, minStake)
        Seats(epochSeconds)
    {}

    /* JOINING */

    /// @inheritdoc IStakeManager
    function join(address signer, uint96 stake, uint32 kinds, bytes calldata possession) external {
        Record storage record = _records[msg.sender];
        require(record.signer == address(0), StakeManager_AlreadyJoined(msg.sender));
        require(stake >= MIN_STAKE, StakeManager_StakeTooSmall(stake, MIN_STAKE));
        uint16 served = _checkKinds(kinds);

        _takeSigner(signer, possession);
        (record.signer, record.stake) = (signer, stake);
        if (served != 0) (record.kinds, record.served) = (served, served);

        emit Joined(msg.sender, signer, stake, kinds);

        _takeFreeSeats(msg.sender, served);
        collateral.safeTransferFrom(msg.sender, address(this), stake);
    }

    /// @inheritdoc IStakeManager
    function addStake(uint96 amount) external {
        Record storage record = _activeRecord();

        uint96 stake = record.stake + amount;

        record.stake = stake;

        emit StakeAdded(msg.sender, amount, stake);

        collateral.safeTransferFrom(msg.sender, address(this), amount);
    }

    /* CHANGING */

    /// @inheritdoc IStakeManager
    function setKinds(uint32 kinds) external {
        Record storage record = _activeRecord();
        (uint16 was, uint16 is_) = (record.kinds, _checkKinds(kinds));

        (record.kinds, record.served) = (is_, record.served | is_);

        emit KindsSet(msg.sender, kinds);

        _loseSeats(msg.sender, was & ~is_);
        _takeFreeSeats(msg.sender, is_ & ~was);
    }

    /// @inheritdoc IStakeManager
    function setJuror(bool willing) external {
        Record storage record = _activeRecord();
        if (willing == (record.jurorSince != 0)) return;

        record.jurorSince = willing ? uint40(block.timestamp) : 0;

        emit JurorSet(msg.sender, willing);
    }

    /// @inheritdoc IStakeManager
    function rotateSigner(address signer, bytes calldata possession) external {
        Record storage record = _activeRecord();
        address from = record.signer;

        _takeSigner(signer, possession);
        record.signer = signer;

        emit SignerRotated(msg.sender, from, signer);
    }

    /* LEAVING */

    /// @inheritdoc IStakeManager
    function leave() external {
        Record storage record = _activeRecord();
        uint40 unbondsAt = uint40(block.timestamp) + UNBONDING_SECONDS;

        _loseSeats(msg.sender, record.kinds);
        (record.unbondsAt, record.kinds, record.jurorSince) = (unbondsAt, 0, 0);

        emit Left(msg.sender, unbondsAt);
    }

    /// @inheritdoc IStakeManager
    function withdraw(address to) external {
        Record storage record = _records[msg.sender];
        require(_stateOf(record) == ProviderState.Unbonding, StakeManager_NotUnbonding(msg.sender));
        uint40 unbondsAt = record.unbondsAt;
        require(block.timestamp >= unbondsAt, StakeManager_StillBonded(msg.sender, unbondsAt));
        _requireUnseated(msg.sender, record.served, unbondsAt - UNBONDING_SECONDS);
        uint96 stake = record.stake;

        delete _records[msg.sender];

        emit Withdrawn(msg.sender, to, stake);

        collateral.safeTransfer(to, stake);
    }
}
