// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {Permit, Permits} from "../../lib/Permits.sol";
import {HashLock, IHashLocks, LockState} from "./IHashLocks.sol";

/// @dev What it promises stands at {IHashLocks}.
contract HashLocks is IHashLocks {
    using Permits for Permit;
    using SafeTransferLib for address;

    mapping(bytes32 id => LockState) public stateOf;
    mapping(bytes32 hash => bytes32) public secretOf;

    /// @inheritdoc IHashLocks
    function lock(HashLock calldata terms, Permit calldata permit) external returns (bytes32 id) {
        require(msg.sender == terms.payer, Locks_NotPayer(terms.payer, msg.sender));
        require(terms.amount != 0, Locks_BadLock("amount"));
        require(terms.recipient != address(0) && terms.recipient != address(this), Locks_BadLock("recipient"));
        require(block.timestamp < terms.until, Locks_BadLock("until"));
        require(secretOf[terms.hash] == 0, Locks_SecretShown(terms.hash));
        id = idOf(terms);
        require(stateOf[id] == LockState.None, Locks_Known(id));

        stateOf[id] = LockState.Held;

        emit Locked(id, terms.hash, terms.recipient, terms.payer, terms.token, terms.amount, terms.until);

        permit.tryPermit(terms.token, terms.payer);
        uint256 before = terms.token.balanceOf(address(this));
        terms.token.safeTransferFrom(terms.payer, address(this), terms.amount);
        uint256 got = terms.token.balanceOf(address(this)) - before;
        require(got == terms.amount, Locks_BadToken(terms.token, got, terms.amount));
    }

    /// @inheritdoc IHashLocks
    function claim(HashLock calldata terms, bytes32 secret) external {
        bytes32 id = _held(terms);
        require(block.timestamp < terms.until, Locks_Late(terms.until));
        // Zero could not be told from a secret that nobody showed.
        require(secret != 0 && sha256(abi.encode(secret)) == terms.hash, Locks_WrongSecret(terms.hash));

        stateOf[id] = LockState.Claimed;
        secretOf[terms.hash] = secret;

        emit Claimed(id, terms.hash, secret);

        terms.token.safeTransfer(terms.recipient, terms.amount);
    }

    /// @inheritdoc IHashLocks
    function giveBack(HashLock calldata terms) external {
        bytes32 id = _held(terms);
        require(block.timestamp >= terms.until, Locks_Early(terms.until));

        stateOf[id] = LockState.Returned;

        emit Returned(id);

        terms.token.safeTransfer(terms.payer, terms.amount);
    }

    /// @inheritdoc IHashLocks
    function idOf(HashLock calldata terms) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), terms));
    }

    function _held(HashLock calldata terms) private view returns (bytes32 id) {
        id = idOf(terms);
        require(stateOf[id] == LockState.Held, Locks_NotHeld(id, stateOf[id]));
    }
}
