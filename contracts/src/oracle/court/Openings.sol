// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SignerSet} from "../SignerSet.sol";
import {ICourt} from "./ICourt.sol";

/// @dev What all openings of one jury have in common.
struct JuryFrame {
    bytes32 domain; // EIP-712 domain separator of the court
    bytes32 jury;
}

/// @dev Openings as they travel, in the order of their batch.
///      Opened, 82 bytes: choice (1) | juror (1) | salt (16) | r (32) | vs (32, EIP-2098).
///      Passed over, 33 bytes: 0 (1) | commitment (32).
library Openings {
    bytes32 internal constant VOTE_TYPEHASH = keccak256("Vote(bytes32 jury,bytes32 commitment,string statement)");
    bytes32 internal constant STATEMENT = keccak256("I hold no position in what this jury decides.");

    uint256 private constant BAD_LENGTH = 1;
    uint256 private constant BAD_CHOICE = 2;
    uint256 private constant NOT_DRAWN = 3;
    uint256 private constant BAD_SIGNATURE = 4;
    uint256 private constant SEATS_MASK = 0x3ffffffffffffffffffffffffffffffffffffffffffffffffff; // 202 bits

    /// @notice Reads a batch: who opens must be drawn and have signed. Reverts whole when one does not fit.
    /// @dev A recovery that fails leaves zero, and no juror is zero.
    /// @param holdings see {Draw}
    /// @param votes the jury's word; seats that have voted keep their vote
    /// @return batch the hash of its commitments
    /// @return cast the word after it
    function read(
        JuryFrame memory frame,
        SignerSet memory set,
        uint256[] memory holdings,
        bytes calldata openings,
        uint256 votes
    ) internal view returns (bytes32 batch, uint256 cast) {
        uint256 scratch = _scratch(frame, votes);
        uint256 fault;
        (batch, fault) = _read(scratch, set.start + 32, holdings, openings);
        if (fault != 0) _refuse(frame.jury, uint8(fault), uint8(fault >> 8));
        assembly ("memory-safe") {
            cast := mload(add(scratch, 416))
        }
    }

    /// @dev What is hashed for every opening, written once and then patched: the commitment's preimage (64 bytes, of which
    ///      50 count), the struct to hash (128), 0x1901 | domain | its hash (66), from byte 288 on what goes into the
    ///      recovery (128), at byte 416 the votes. The commitments of the batch are collected behind it.
    function _scratch(JuryFrame memory frame, uint256 votes) private pure returns (uint256 at) {
        bytes memory scratch = bytes.concat(
            abi.encode(frame.jury, 0, VOTE_TYPEHASH, frame.jury, 0, STATEMENT),
            hex"1901",
            frame.domain,
            new bytes(190),
            bytes32(votes)
        );
        assembly ("memory-safe") {
            at := add(scratch, 32)
        }
    }

    /// @param first where the snapshot's first juror lies
    /// @return batch the hash of the batch's commitments
    /// @return fault 0, or what is wrong (8 bits) below the juror with whom it is wrong
    function _read(uint256 scratch, uint256 first, uint256[] memory holdings, bytes calldata openings)
        private
        view
        returns (bytes32 batch, uint256 fault)
    {
        assembly ("memory-safe") {
            let entry := openings.offset
            let commitments := mload(0x40)
            for {} lt(entry, add(openings.offset, openings.length)) {} {
                let head := calldataload(entry)
                switch byte(0, head)
                case 0 {
                    mstore(commitments, calldataload(add(entry, 1)))
                    entry := add(entry, 33)
                }
                default {
                    let juror := byte(1, head)
                    if iszero(lt(juror, mload(holdings))) {
                        fault := or(shl(8, juror), NOT_DRAWN)
                        break
                    }
                    juror := shl(5, juror)
                    if iszero(mload(add(add(holdings, 32), juror))) {
                        fault := or(shl(3, juror), NOT_DRAWN)
                        break
                    }
                    if gt(byte(0, head), 3) {
                        fault := or(shl(3, juror), BAD_CHOICE)
                        break
                    }
                    mstore(add(scratch, 32), head)
                    mstore(commitments, keccak256(scratch, 50))
                    mstore(add(scratch, 128), mload(commitments))
                    mstore(add(scratch, 226), keccak256(add(scratch, 64), 128))
                    mstore(add(scratch, 288), keccak256(add(scratch, 192), 66))
                    {
                        let vs := calldataload(add(entry, 50))
                        mstore(add(scratch, 320), add(shr(255, vs), 27))
                        mstore(add(scratch, 384), shr(1, shl(1, vs)))
                    }
                    mstore(add(scratch, 352), calldataload(add(entry, 18)))
                    mstore(0, 0)
                    pop(staticcall(gas(), 1, add(scratch, 288), 128, 0, 32))
                    if xor(mload(0), shr(96, mload(add(first, juror)))) {
                        fault := or(shl(3, juror), BAD_SIGNATURE)
                        break
                    }
                    {
                        let seats := and(mload(add(add(holdings, 32), juror)), SEATS_MASK)
                        let votes := mload(add(scratch, 416))
                        if iszero(and(votes, mul(seats, 3))) {
                            mstore(add(scratch, 416), or(votes, mul(seats, byte(0, head))))
                        }
                    }
                    entry := add(entry, 82)
                }
                commitments := add(commitments, 32)
            }
            batch := keccak256(mload(0x40), sub(commitments, mload(0x40)))
            if iszero(fault) {
                if xor(entry, add(openings.offset, openings.length)) { fault := BAD_LENGTH }
            }
        }
    }

    /// @notice What opens a vote: bound to jury and juror, so that a copy opens nothing.
    function commitmentOf(bytes32 jury, uint8 juror, uint8 choice, bytes16 salt) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(jury, choice, juror, salt));
    }

    /// @notice What a juror signs for `commitment`.
    function digestOf(JuryFrame memory frame, bytes32 commitment) internal pure returns (bytes32) {
        bytes32 vote = keccak256(abi.encode(VOTE_TYPEHASH, frame.jury, commitment, STATEMENT));
        return keccak256(abi.encodePacked(hex"1901", frame.domain, vote));
    }

    /// @notice The hash under which a batch is posted.
    function batchOf(bytes32[] calldata commitments) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(commitments));
    }

    function _refuse(bytes32 jury, uint256 fault, uint8 juror) private pure {
        if (fault == BAD_LENGTH) revert ICourt.Court_BadOpening(jury, juror, "length");
        if (fault == BAD_CHOICE) revert ICourt.Court_BadOpening(jury, juror, "choice");
        if (fault == NOT_DRAWN) revert ICourt.Court_NotDrawn(jury, juror);
        revert ICourt.Court_BadSignature(jury, juror);
    }
}
