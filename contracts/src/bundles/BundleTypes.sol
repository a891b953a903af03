// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What an owner signs. Its EIP-712 digest, under the hub's domain, is the bundle's id: whoever owns it can say
///         beforehand what its id will be, and the same bundle opens once. `salt` makes two of the same differ.
struct Bundle {
    address owner;
    Mode mode;
    uint8 legs; // 1 to 32
    uint40 deadline; // unix seconds; no leg runs and nothing is committed later
    bytes32 legsHash; // keccak256 of the legs' hashes, one after the other
    uint96 fee; // wei of the hub, for those who relay
    uint64 salt;
}

/// How a bundle keeps together.
enum Mode {
    // Legs run in the order of their dependencies, what ran is compensated when another fails. Others see the middle.
    Ordered,
    // Every leg is held in an escrow first; then all are paid, or all given back.
    Escrowed
}

/// One leg, as its owner committed to it: its EIP-712 struct hash stands in `legsHash`. Which of the legs it is, says its
/// place there; bits of the bitmaps are such places, and lower than its own.
struct Leg {
    uint256 chainId;
    LegKind kind;
    address target; // who is called, or the token that an escrow holds
    uint96 value; // wei to send along, or the amount that an escrow holds, in units of the token
    uint32 gasLimit; // the call gets all of it, or does not happen
    bytes data; // calldata; of an escrow abi.encode(payer, recipient)
    uint32 needsOk; // legs that must have run well before
    uint32 needsFailed; // legs that must have run and failed before
    uint32 needsSettled; // legs of which it must be known what became of them, whatever it is
    uint8 undoes; // the leg that this one compensates; NO_LEG for none
    Splice[] splices;
    Condition[] conditions;
    bytes32 salt; // keeps what is not shown yet from being guessed
}

enum LegKind {
    // From a contract that holds nothing and that everybody's legs are called from.
    Shared,
    // From the owner's own account, the same address on every chain; its value is paid from what the account holds.
    Account,
    // Value to an address, with code or without.
    Value,
    // Tokens held in the escrow until the hub decides.
    Escrow,
    // A contract that prepares and finishes by itself; see {IParticipant}.
    Participant
}

/// Bytes of what leg `from` returned, put into this one's calldata. `from` must be among `needsOk` or `needsFailed`.
struct Splice {
    uint8 from;
    uint16 source; // byte in what was returned
    uint16 length; // bytes
    uint32 target; // byte in this leg's calldata
}

/// A demand on the word at byte `source` of what leg `from` returned, read as unsigned.
struct Condition {
    uint8 from;
    uint16 source;
    Comparison comparison;
    uint256 value;
}

enum Comparison {
    Equal,
    AtLeast,
    AtMost
}

enum LegStatus {
    None,
    Ok, // ran; of an escrow: paid
    Failed, // ran, and its call failed: nothing but the receipt remains of it
    Cancelled, // will not run: the hub aborted; of an escrow: given back
    Missed // did not run in time, and cannot any more
}

enum Outcome {
    None,
    Open,
    Committed, // escrowed: every leg is to be paid; ordered: every leg ran well
    Aborted // escrowed: every leg is to be given back; ordered: what ran is to be compensated
}

uint8 constant NO_LEG = type(uint8).max;
uint256 constant MOST_LEGS = 32;
uint256 constant MOST_PAYLOAD = 8_192; // bytes of calldata a leg
uint256 constant MOST_FINISH_GAS = 10_000_000; // that a participant may be given to finish
uint256 constant MOST_RESULT = 1_024; // bytes of what a call returned that are hashed
