// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev Everything about a question in one word, from the low bits up:
///
///   bits      while open            once answered
///   0..95     deadline (40)         value, int96
///   96..135   notBefore             finalizeAt
///   136..143  state                 state
///   144..159  -                     confidence, basis points
///   160..191  -                     seats: bitmap of the signers, 32 seats at most
///   192..223  -                     epoch whose signer set signed
///   224..231  round                 round
///   232       -                     reward settled
///   233..255  reserved for the dispute ladder: disputer and tier
///
/// The reward settled bit is also set on an open question whose reward went back after the deadline.
type AnswerWord is uint256;

/// A quorum of providers may sign these two in place of a value. They lie outside every question's bounds.
int96 constant TOO_EARLY = type(int96).min;
int96 constant INVALID = type(int96).min + 1;
