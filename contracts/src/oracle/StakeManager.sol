// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {IStakeManager} from "./IStakeManager.sol";
import {Jurors} from "./Jurors.sol";
import {SlashRule} from "./rules/SlashRule.sol";
import {Seats} from "./Seats.sol";
import {Stakes} from "./Stakes.sol";

/// @dev What it promises and assumes stands at {IStakeManager}.
contract StakeManager is Jurors {
    using SafeTransferLib for address;

    /// Where nobody can take it from.
    address public constant BURN = 0x000000000000000000000000000000000000dEaD;

    address public immutable insurance;

    mapping(address account => uint96) private _credits;
    mapping(bytes32 faultOfOwner => bool) private _punished;

    constructor(address collateral_, address wiring_, address policy_, address insurance_, StakeLimits memory limits)
        Stakes(collateral_, wiring_, policy_, limits)
        Seats(limits)
        Jurors(limits)
    {
        require(insurance_ != address(0), StakeManager_BadLimits("insurance"));
        insurance = insurance_;
    }

    /* JOINING */

    /// @inheritdoc IStakeManager
    function join(address signer, uint96 stake, uint32 kinds, bytes calldata possession) external {
        Record storage record = _records[msg.sender];
        require(record.signer == address(0), StakeManager_AlreadyJoined(msg.sender));
        require(!record.banned, StakeManager_Banned(msg.sender));
        require(stake >= MIN_STAKE, StakeManager_StakeTooSmall(stake, MIN_STAKE));
        (uint16 served, uint8 family) = _checkKinds(kinds);

        _takeSigner(signer, possession);
        (record.signer, record.stake) = (signer, stake);
        if (served != 0) (record.kinds, record.served) = (served, served);
        if (family != 0) _setFamily(record, family);

        emit Joined(msg.sender, signer, stake, kinds);

        _takeFreeSeats(msg.sender, served);
        collateral.safeTransferFrom(msg.sender, address(this), stake);
    }

    /// @inheritdoc IStakeManager
    function addStake(uint96 amount) external {
        Record storage record = _activeRecord();

        uint96 stake = record.stake + amount;

        record.stake = stake;
        _season(record, amount);

        emit StakeAdded(msg.sender, amount, stake);

        collateral.safeTransferFrom(msg.sender, address(this), amount);
    }

    /* CHANGING */

    /// @inheritdoc IStakeManager
    function setKinds(uint32 kinds) external {
        Record storage record = _activeRecord();
        uint16 was = record.kinds;
        (uint16 is_, uint8 family) = _checkKinds(kinds);

        (record.kinds, record.served) = (is_, record.served | is_);
        _setFamily(record, family);

        emit KindsSet(msg.sender, kinds);

        _loseSeats(msg.sender, was & ~is_);
        _takeFreeSeats(msg.sender, is_ & ~was);
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
        _leave(msg.sender, _activeRecord());
    }

    /// @inheritdoc IStakeManager
    function withdraw(address to) external {
        Record storage record = _records[msg.sender];
        require(_stateOf(record) == ProviderState.Unbonding, StakeManager_NotUnbonding(msg.sender));
        (uint40 unbondsAt, uint40 frozenUntil) = (record.unbondsAt, record.frozenUntil);
        require(block.timestamp >= unbondsAt, StakeManager_StillBonded(msg.sender, unbondsAt));
        require(block.timestamp >= frozenUntil, StakeManager_Frozen(msg.sender, frozenUntil));
        _requireUnseated(msg.sender, record.served, unbondsAt - UNBONDING_SECONDS);
        (uint96 stake, bool banned) = (record.stake, record.banned);

        _setFamily(_records[msg.sender], 0);
        delete _records[msg.sender];
        if (banned) record.banned = true;

        emit Withdrawn(msg.sender, to, stake);

        collateral.safeTransfer(to, stake);
    }

    /* SECURITY */

    /// @inheritdoc IStakeManager
    function slash(address owner, uint96 amount, address challenger, bytes32 fault) external returns (uint96 taken) {
        _only(wiring.slasher());
        bytes32 id = _idOf(owner, fault);
        Record storage record = _records[owner];
        uint96 stake = record.stake;
        taken = amount < stake ? amount : stake;
        // What took nothing is not written down as punished: who has nothing left still owes it, and pays should he come back with stake.
        // Otherwise he would show his fault himself while his stake is out, and join anew as if it had not been.
        if (_punished[id] || taken == 0) return 0;

        _punished[id] = true;
        record.stake = stake - taken;
        (uint256 insured, uint256 challenged, uint256 burned) = SlashRule.split(taken);
        if (challenger == address(0)) (insured, challenged) = (insured + challenged, 0);
        else _credit(challenger, uint96(challenged));
        _credit(insurance, uint96(insured));
        _credit(BURN, uint96(burned));

        emit Slashed(owner, fault, challenger, taken, stake - taken);
    }

    /// @inheritdoc IStakeManager
    function ban(address[] calldata owners) external {
        _only(wiring.slasher());
        uint16 served;
        for (uint256 i; i < owners.length; ++i) {
            served |= _ban(owners[i]);
        }
        _unseatNow(owners, served);
    }

    /// @inheritdoc IStakeManager
    function freeze(address owner, uint40 until) external {
        _only(wiring.slasher());
        Record storage record = _records[owner];
        bool bonded = record.signer != address(0) && (record.unbondsAt == 0 || block.timestamp < record.unbondsAt);
        require(bonded, StakeManager_NotBonded(owner));
        uint40 most = uint40(block.timestamp) + UNBONDING_SECONDS;
        if (until > most) until = most;
        if (until <= record.frozenUntil) return;

        record.frozenUntil = until;

        emit Frozen(owner, until);
    }

    /// @inheritdoc IStakeManager
    function setStanding(uint8 domain, address owner, Standing memory standing) external {
        _only(wiring.epochs());

        _keepStanding(domain, owner, standing);
        Record storage record = _records[owner];
        if (standing.suspendedUntil > record.suspendedUntil) record.suspendedUntil = standing.suspendedUntil;

        emit StandingSet(domain, owner, standing);
    }

    /// @inheritdoc IStakeManager
    function pause(uint8 domain, uint40 until) external {
        _only(wiring.guard());

        _current[domain].pausedUntil = uint32(until);

        emit DomainPaused(domain, until);
    }

    /// @inheritdoc IStakeManager
    function slow(uint40 until) external {
        _only(wiring.guard());

        for (uint8 domain; domain < DOMAINS; ++domain) {
            _current[domain].slowUntil = uint32(until);
        }

        emit Slowed(until);
    }

    /// @inheritdoc IStakeManager
    function claimSlashed(address to) external returns (uint96) {
        return _payCredit(msg.sender, to);
    }

    /// @inheritdoc IStakeManager
    function burn() external returns (uint96) {
        return _payCredit(BURN, BURN);
    }

    /// @inheritdoc IStakeManager
    function slashedCreditOf(address account) external view returns (uint96) {
        return _credits[account];
    }

    /// @inheritdoc IStakeManager
    function isSlashed(address owner, bytes32 fault) external view returns (bool) {
        return _punished[_idOf(owner, fault)];
    }

    /* INSIDE */

    function _only(address wire) private view {
        require(msg.sender == wire, StakeManager_NotAllowed(msg.sender));
    }

    function _idOf(address owner, bytes32 fault) private pure returns (bytes32) {
        return keccak256(abi.encode(owner, fault));
    }

    /// @return served the domains that may seat him still
    function _ban(address owner) private returns (uint16 served) {
        Record storage record = _records[owner];
        if (record.banned) return 0;
        if (record.jurorPlace != 0) _staleJurors();

        record.banned = true;
        emit Banned(owner);
        if (_stateOf(record) == ProviderState.Active) _leave(owner, record);
        return record.served;
    }

    function _leave(address owner, Record storage record) private {
        uint40 unbondsAt = uint40(block.timestamp) + UNBONDING_SECONDS;

        _dropJuror(record);
        _loseSeats(owner, record.kinds);
        (record.unbondsAt, record.kinds) = (unbondsAt, 0);

        emit Left(owner, unbondsAt);
    }

    function _credit(address account, uint96 amount) private {
        _credits[account] += amount;
        emit SlashCredited(account, amount);
    }

    function _payCredit(address account, address to) private returns (uint96 amount) {
        amount = _credits[account];

        _credits[account] = 0;

        emit SlashClaimed(account, to, amount);

        collateral.safeTransfer(to, amount);
    }
}
