// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Permit} from "../../lib/Permits.sol";

/// @notice Tokens that whoever knows a secret brings to their recipient, until a second; from then on they are the payer's again.
struct HashLock {
    address payer;
    address recipient;
    address token;
    uint96 amount; // units of the token
    bytes32 hash; // sha256 of the secret's 32 bytes
    uint40 until; // unix seconds: the first in which it cannot be claimed
    uint64 salt;
}

enum LockState {
    None,
    Held,
    Claimed,
    Returned
}

/// @notice One half of a hash-locked swap: two locks of one hash on two chains, and nobody else, no attester and no hub, is
///         needed. Whoever drew the secret locks first and claims the second lock, which shows it to the other.
/// @dev The second lock must end earlier than the first, by longer than its chain and the other may refuse a transaction together; else
///      whoever knows the secret claims the second in its last moment, and has the first returned. A lock does not know
///      of the other, so whoever locks second checks that; `planHashSwap` in the package of bundles does.
/// @dev The price of needing nobody: both must be there in time, and who drew the secret may let the swap go.
/// @dev Who brings a secret gains nothing by it, so nobody gains by being faster. A hash whose secret was shown here is not taken again.
/// @dev Solvency: of each token it holds at least the sum of what is held. Tokens that take a fee on the way in are refused.
/// @dev Warning: a recipient whom the token refuses can not claim, and has shown the secret by trying.
interface IHashLocks {
    event Locked(
        bytes32 indexed id,
        bytes32 indexed hash,
        address indexed recipient,
        address payer,
        address token,
        uint96 amount,
        uint40 until
    );
    event Claimed(bytes32 indexed id, bytes32 indexed hash, bytes32 secret);
    event Returned(bytes32 indexed id);

    error Locks_BadLock(string what);
    error Locks_NotPayer(address payer, address caller);
    error Locks_Known(bytes32 id);
    error Locks_SecretShown(bytes32 hash);
    error Locks_NotHeld(bytes32 id, LockState state);
    error Locks_WrongSecret(bytes32 hash);
    error Locks_Late(uint40 until);
    error Locks_Early(uint40 until);
    error Locks_BadToken(address token, uint256 got, uint256 wanted);

    /// @notice Holds the caller's tokens.
    /// @param permit lets this contract take them; deadline 0: it may already
    function lock(HashLock calldata terms, Permit calldata permit) external returns (bytes32 id);
    /// @notice Pays the recipient, before `until`. Anyone who knows the secret.
    function claim(HashLock calldata terms, bytes32 secret) external;
    /// @notice Gives the payer his own back, from `until` on. Anyone.
    function giveBack(HashLock calldata terms) external;

    function idOf(HashLock calldata terms) external view returns (bytes32);
    function stateOf(bytes32 id) external view returns (LockState);
    /// @notice The secret of a hash, when it was shown here; 0 otherwise.
    function secretOf(bytes32 hash) external view returns (bytes32);
}
