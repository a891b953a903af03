// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Permit} from "../lib/Permits.sol";
import {Bundle, LegKind, LegStatus, Outcome} from "./BundleTypes.sol";
import {IBrake} from "./IBrake.sol";
import {ILanes} from "./ILanes.sol";
import {BundleDecision} from "./ISettler.sol";

/// @dev What differs from leg to leg of an escrow, on this chain: needs nothing, undoes nothing, takes no inputs.
struct HeldLeg {
    LegKind kind; // Escrow or Participant
    address target; // the token, or the participant
    uint96 value; // units of the token; 0 with a participant
    uint32 gasLimit; // what a participant gets to finish, at least; 10,000,000 at most
    bytes data; // with a token abi.encode(payer, recipient)
    bytes32 salt;
}

struct Finish {
    bytes32 id;
    uint8 index;
    uint8 decision; // which of the decisions is its bundle's
    uint32 gas; // what a participant gets, when that is more than its leg states; 10,000,000 at most
    HeldLeg leg;
}

/// @notice Holds what escrowed bundles move on this chain until the hub decided, and pays it to the recipient or gives it back
///         to the payer, by what the verifier says of the hub.
/// @dev A slot a leg: empty, then the hash of the leg while it is held, then how it ended, for ever. Nobody can occupy
///      another's: the slot is (id, index), and the id is the hash of everything that its owner signed.
/// @dev Solvency: of each token it holds at least the sum of what is held and of credits. Tokens that take a fee on the way in are
///      refused by measured balance. One that changes balances by itself, or takes back what it gave, breaks this for itself alone.
/// @dev Nothing but {prepare} can be paused or bounded, by token and by lane ({ILanes}). What is held comes out without anybody's signature in the end: {takeBack}.
/// @dev A participant that fails by an attested outcome, for want of gas or by its own fault, is still held, and that outcome is due:
///      no other is tried, so it can not be taken back when other legs were paid. Failing changes nothing, so more gas can only
///      help, and whoever finishes states it.
/// @dev Agreement: all legs of a bundle are paid or all given back, when no more attesters lie than the verifier bears, when no
///      source reorganises deeper than they waited, and when each chain took a transaction within `ESCAPE_SECONDS`.
interface IEscrow is IBrake, ILanes {
    event Prepared(bytes32 indexed id, uint8 indexed index, bytes32 leg);
    event Finished(bytes32 indexed id, uint8 indexed index, Outcome outcome);
    /// @notice Ok: paid. Cancelled: given back.
    event Receipt(uint64 indexed ordinal, LegStatus status, bytes32 result, address relayer);
    event TakenBack(bytes32 indexed id, uint8 indexed index);
    /// @notice A participant failed. The leg is still held, and anybody may try again, with more gas.
    event NotFinished(bytes32 indexed id, uint8 indexed index);
    event Credited(address indexed token, address indexed account, uint256 amount);
    event Withdrawn(address indexed token, address indexed account, address to, uint256 amount);
    /// @param strictUntil unix second until which the limit is as low as it was set; 0: it never was
    event LimitSet(address indexed token, uint96 perHour, uint40 strictUntil);

    error Escrow_Paused(uint40 until);
    error Escrow_BadLeg(string what);
    error Escrow_Late(uint40 deadline);
    error Escrow_NotEmpty(bytes32 id, uint8 index);
    error Escrow_NotHeld(bytes32 id, uint8 index);
    /// @notice It counts against a limit, and was held in this very transaction.
    error Escrow_JustHeld(bytes32 id, uint8 index);
    error Escrow_NotSigned(bytes32 id, address account);
    error Escrow_BadToken(address token, uint256 got, uint256 wanted);
    error Escrow_OverLimit(address token, uint256 room, uint256 wanted);
    error Escrow_Undecided(bytes32 id);
    error Escrow_TooSoon(uint256 notBefore);
    error Escrow_DueOtherwise(bytes32 id, uint8 index, Outcome due);
    error Escrow_TooMuchGas(uint256 gas, uint256 most);
    error Escrow_Starved(bytes32 id, uint8 index);
    error Escrow_NothingToWithdraw(address token, address account);
    error Escrow_NotGovernor(address caller);
    error Escrow_Reentered();

    /// @notice Holds one leg. Its payer calls, or has signed the id: who signs a bundle to open it needs no second signature. Of a
    ///         participant's leg the same goes for the bundle's owner.
    /// @param legHashes of all legs of the bundle
    /// @param permit lets the escrow take the token; deadline 0: it may already. One that was used before does no harm
    function prepare(
        Bundle calldata header,
        bytes32[] calldata legHashes,
        uint8 index,
        HeldLeg calldata leg,
        bytes calldata signature,
        Permit calldata permit
    ) external returns (bytes32 id);

    /// @notice Pays or gives back, as decided. What is not held (any more) is passed over. A recipient that the token refuses
    ///         gets credit. Anyone.
    /// @dev Reverts for what counts against a limit and was held in the same transaction: what enters for as long as a flash loan
    ///      lasts would fill it for gas alone. {takeBack} never comes so soon.
    /// @param evidence proves the decisions, in their order
    /// @param relayer whom the legs' shares of the fees are owed to
    function finish(
        Finish[] calldata legs,
        BundleDecision[] calldata decisions,
        bytes calldata evidence,
        address relayer
    ) external;

    /// @notice Gives back what nobody decided, or told this chain of, for `ESCAPE_SECONDS` after the deadline. Not what is due
    ///         Committed. Anyone.
    /// @param gas what a participant gets, as {Finish} has it
    function takeBack(Bundle calldata header, uint8 index, HeldLeg calldata leg, uint32 gas) external;

    /// @notice Pays the caller's whole credit to `to`.
    function withdraw(address token, address to) external returns (uint256 amount);

    /// @notice Bounds what of `token` may enter within an hour; 0: nothing bounds it. The governor. Nothing that leaves is bounded.
    /// @dev A limit is as low as it was set for 72 hours at most, and that not again until 72 more have passed, however often
    ///      it is changed. From then on at least a thousandth of the token's supply may enter within an hour, or all of one
    ///      that tells no supply: who governs bounds what attesters could take, and closes an escrow to nobody for good.
    function setLimit(address token, uint96 perHour) external;

    /// @notice 0 when nothing ever was, the leg's hash while it is held, then 2 when paid, 3 when given back. The hash's lowest bit
    ///         is turned of a leg that counts on its lanes ({ILanes}).
    function slotOf(bytes32 id, uint8 index) external view returns (bytes32);
    /// @notice The attested outcome by which a participant failed and is to finish; None when it did not fail.
    function dueOf(bytes32 id, uint8 index) external view returns (Outcome);
    function creditOf(address token, address account) external view returns (uint256);
    /// @notice How much of `token` may enter now.
    function roomFor(address token) external view returns (uint256);
    function idOf(Bundle calldata header) external view returns (bytes32);
}
