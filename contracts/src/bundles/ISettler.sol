// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LegStatus, Outcome} from "./BundleTypes.sol";
import {IBrake} from "./IBrake.sol";

/// @dev The plain fields of a {Leg} and of its OPENED fact, four words. One word a field would be 700 bytes a leg, and the
///      floor price of calldata alone more than all that is done with it. Chain and payload are not in it.
struct LegWords {
    uint256 place; // owner 160 | deadline 40 | index 8 | decision 8 | receipt 8 | 0 32; the two after index only point
    uint256 rules; // base 64 | gasLimit 32 | needsOk 32 | needsFailed 32 | needsSettled 32 | undoes 8 | kind 8 | 0 48
    uint256 callee; // target 160 | value 96
    bytes32 salt;
}

/// A leg that is to be run.
struct RunnableLeg {
    LegWords words;
    bytes data;
    bytes inputs; // abi.encode(splices, conditions); empty when there are neither
    bytes needs; // for each leg that this one needs or undoes, ascending: a byte, which of the receipts is its
}

/// A leg that is not to be run any more. Its payload stays private.
struct CancelledLeg {
    LegWords words;
    bytes32 dataHash;
    bytes32 inputsHash; // zero when there are no inputs
}

/// A RECEIPT fact.
struct LegReceipt {
    uint64 ordinal;
    LegStatus status;
    bytes32 result;
    address relayer;
    bytes returned; // what hashes to `result`, when an input of a leg reads it; otherwise empty
}

/// A DECISION fact.
struct BundleDecision {
    bytes32 id;
    uint64 base;
    Outcome outcome;
}

/// Why a leg was left alone for now. It may be tried again.
enum Wait {
    Late, // its deadline has passed: {ISettler-cancel} may write down that it was missed
    Paused,
    Resting, // its target failed again and again
    Unfunded, // the owner's account does not hold its value
    Nested // it failed where others may have seen to it: first in a transaction of an account without code it says something
}

/// @notice Runs legs of ordered bundles on their chain, each at most once, whoever brings them.
/// @dev Nobody is trusted here but the verifier: a leg runs because the hub opened it, which OPENED facts prove, and when what
///      became of the legs that it needs is proved too. The bitmap of ordinals is all that is kept.
/// @dev An ordinal gets one {Receipt}, ever: Ok or Failed when it ran, Cancelled or Missed when it never will. Attesters
///      say what these events say. Receipts of escrowed legs come from {IEscrow}: no leg can have both.
/// @dev Gas: a call gets all of the gas that its owner stated, or the transaction reverts; so nobody can make a leg fail by
///      giving it too little. {SettlerStarved} tells which leg it was.
/// @dev Place: whoever brings a leg chooses from where, and what happens before it. So a called leg that fails, or whose target has
///      no code, is Failed only when an account without code brings it itself, and before any leg of that call that ran well;
///      otherwise nothing changes. One that succeeds may come from anywhere.
/// @dev A leg whose inputs do not fit, whose conditions do not hold, or that nothing could ever run, is Failed without a call.
///      Only its owner can cause that, or what an earlier leg returned; bytes that are not what was returned revert. So do inputs
///      that are no encoding of splices and conditions, whoever brings them: such a leg can only be missed, and a compensation
///      with such inputs is never done.
/// @dev Value of Shared and Value legs comes with the transaction, what is left of it goes back to the sender. Account legs
///      are paid from the account.
interface ISettler is IBrake {
    event Receipt(uint64 indexed ordinal, LegStatus status, bytes32 result, address relayer);
    /// @notice What a call returned, up to 1,024 bytes, when it is not empty: those that depend on it need it.
    event Returned(uint64 indexed ordinal, bytes data);
    /// @notice A compensation failed. Its bit is clear, it is still due, and anybody may try again.
    event NotUndone(uint64 indexed ordinal, bytes32 result, address relayer);
    event Skipped(uint64 indexed ordinal, Wait why);
    /// @notice The target failed too often; legs of kind Shared that name it wait until then.
    event Rested(address indexed target, uint40 until);
    event AccountCreated(address indexed owner, address account);

    error Settler_NotRunnable(uint64 ordinal, string what);
    error Settler_BadReceipt(uint64 ordinal, uint64 needed);
    error Settler_BadResult(uint64 ordinal, uint64 needed);
    error Settler_NotAborted(uint64 ordinal);
    error Settler_NotDue(uint64 ordinal);
    error Settler_ValueMissing(uint64 ordinal, uint256 value, uint256 left);
    error Settler_Starved(uint64 ordinal);

    /// @notice Runs legs, and compensations of an aborted bundle. Those that ran before, or cannot run yet, are passed over.
    /// @param evidence proves, in this order: OPENED of each leg, the receipts, the decisions
    /// @param relayer whom the legs' shares of the fees are owed to. Nothing binds it to who calls: whoever sees the transaction
    ///        before it is included can bring the same under his own name
    function run(
        RunnableLeg[] calldata legs,
        LegReceipt[] calldata receipts,
        BundleDecision[] calldata decisions,
        bytes calldata evidence,
        address relayer
    ) external payable;

    /// @notice Writes down that legs will never run: Cancelled, when the hub aborted and their deadline has not passed;
    ///         Missed, when it has, whatever the hub says. A compensation is Cancelled when the hub aborted
    ///         and it will never be due: a leg that it undoes or needs, any of them, ended otherwise than it needs. So the owner
    ///         of one that needs more than what it undoes may find what ran well not undone. It has no deadline.
    /// @param evidence as for {run}
    function cancel(
        CancelledLeg[] calldata legs,
        LegReceipt[] calldata receipts,
        BundleDecision[] calldata decisions,
        bytes calldata evidence,
        address relayer
    ) external;

    /// @notice Makes the account of `owner`, if it is not there. Anyone; {run} does it when a leg needs it.
    function createAccount(address owner) external returns (address account);

    /// @notice Where the account of `owner` is or will be: the same on every chain.
    function accountOf(address owner) external view returns (address);
    /// @notice Whether the leg at `ordinal` has its receipt.
    function isSettled(uint64 ordinal) external view returns (bool);
    /// @notice The bits of ordinals 256 * `index` to 256 * `index` + 255.
    function settledWord(uint64 index) external view returns (uint256);
    /// @notice Until when legs of kind Shared that name `target` wait, unix seconds.
    function restsUntil(address target) external view returns (uint40);
}
