// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ECDSA} from "solady/utils/ECDSA.sol";
import {LibBit} from "solady/utils/LibBit.sol";
import {Entries} from "./Entries.sol";
import {IOracle} from "./IOracle.sol";
import {SignerSet, SignerSets} from "./SignerSet.sol";

/// @dev What all signatures of one report have in common.
struct ReportFrame {
    bytes32 domain; // EIP-712 domain separator of the oracle
    bytes32 question;
    uint32 epoch;
    uint8 round;
}

/// @dev Who signed what. Reverts unless every signature is good: a report is accepted whole or not at all.
library ReportVerifier {
    using Entries for bytes;
    using SignerSets for SignerSet;

    bytes32 internal constant REPORT_TYPEHASH =
        keccak256("Report(bytes32 question,int96 value,uint32 epoch,uint8 round)");

    /// @dev Half the order of secp256k1. Above it lies the mirror image of a signature below.
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    uint256 private constant SIGNATURE = 64; // bytes: r | vs

    /// @notice Checks own-value entries (mode V1): known seats, each once, ascending by value, signed by the seat.
    /// @return seats bitmap of those who reported
    /// @return weight theirs
    function checkValues(ReportFrame memory frame, SignerSet memory set, bytes calldata entries)
        internal
        view
        returns (uint256 seats, uint256 weight)
    {
        require(
            entries.length != 0 && entries.length % Entries.SIZE == 0, IOracle.Oracle_BadReport(frame.question, "length")
        );
        int96 last = type(int96).min;
        for (uint256 cursor; cursor < entries.length; cursor += Entries.SIZE) {
            uint8 seat = entries.seatAt(cursor);
            int96 value = entries.valueAt(cursor);
            require(seat < set.count, IOracle.Oracle_BadReport(frame.question, "seat"));
            require(seats >> seat & 1 == 0, IOracle.Oracle_BadReport(frame.question, "seat twice"));
            require(value >= last, IOracle.Oracle_BadReport(frame.question, "order"));
            weight += _signedBy(frame.question, set, seat, digestOf(frame, value), entries, cursor + Entries.SIGNATURE);
            seats |= 1 << seat;
            last = value;
        }
    }

    /// @notice Checks that the seats in the bitmap `seats` all signed `value` (mode V2).
    /// @param signatures r | vs, 64 bytes each, ascending by seat
    /// @return weight theirs
    function checkAgreed(
        ReportFrame memory frame,
        SignerSet memory set,
        int96 value,
        uint256 seats,
        bytes calldata signatures
    ) internal view returns (uint256 weight) {
        require(seats >> set.count == 0, IOracle.Oracle_BadReport(frame.question, "seat"));
        require(
            signatures.length == SIGNATURE * LibBit.popCount(seats), IOracle.Oracle_BadReport(frame.question, "length")
        );
        bytes32 digest = digestOf(frame, value);
        uint256 cursor;
        for (uint8 seat; seats != 0; ++seat) {
            if (seats & 1 == 1) {
                weight += _signedBy(frame.question, set, seat, digest, signatures, cursor);
                cursor += SIGNATURE;
            }
            seats >>= 1;
        }
    }

    /// @notice What a provider signs for `value`.
    function digestOf(ReportFrame memory frame, int96 value) internal pure returns (bytes32 digest) {
        bytes32 typehash = REPORT_TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            mstore(add(free, 32), mload(add(frame, 32)))
            mstore(add(free, 64), signextend(11, value))
            mstore(add(free, 96), mload(add(frame, 64)))
            mstore(add(free, 128), mload(add(frame, 96)))
            let structHash := keccak256(free, 160)
            mstore(free, hex"1901")
            mstore(add(free, 2), mload(frame))
            mstore(add(free, 34), structHash)
            digest := keccak256(free, 66)
        }
    }

    /// @dev The weight of `seat` if it signed `digest`. The signature is r | vs, at `cursor` in `source`.
    function _signedBy(
        bytes32 question,
        SignerSet memory set,
        uint8 seat,
        bytes32 digest,
        bytes calldata source,
        uint256 cursor
    ) private view returns (uint256) {
        bytes32 r;
        bytes32 vs;
        assembly ("memory-safe") {
            r := calldataload(add(source.offset, cursor))
            vs := calldataload(add(source.offset, add(cursor, 32)))
        }
        (address signer, uint96 weight) = set.seatAt(seat);
        // Seats never hold the zero address, which is what a failed recovery gives.
        require(
            uint256(vs) << 1 >> 1 <= HALF_ORDER && ECDSA.tryRecover(digest, r, vs) == signer,
            IOracle.Oracle_BadSignature(question, seat)
        );
        return weight;
    }
}
