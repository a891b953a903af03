// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Entries} from "./Entries.sol";
import {IOracle} from "./IOracle.sol";
import {Refusals} from "./Refusals.sol";
import {SeatSignatures} from "./SeatSignatures.sol";
import {SignerSet} from "./SignerSet.sol";

/// @dev What all signatures of one report have in common.
struct ReportFrame {
    bytes32 domain; // EIP-712 domain separator of the oracle
    bytes32 question;
    uint32 epoch;
    uint8 round;
    uint40 slowUntil; // windows are doubled until then; nobody signs it
}

/// @dev Who signed what. Reverts unless every signature is good: a report is accepted whole or not at all.
/// @dev Its loop and that of {SeatSignatures} are the hot path of the protocol, hence the assembly: written in Solidity a
///      report of three costs 3 % more. A signature is good when the address recovered is the seat's; a failed recovery leaves zero, and no
///      seat holds zero. Its mirror image (r, n - s) is almost never a second one: EIP-2098 leaves 255 bits for s, of
///      the upper half of the group's order n only n/2 < s < 2^255 fits, one signature in some 2^128. Where it does, it
///      harms nobody: a seat counts once, whichever of the two its entry carries.
library ReportVerifier {
    bytes32 internal constant REPORT_TYPEHASH =
        keccak256("Report(bytes32 question,int96 value,uint32 epoch,uint8 round)");

    bytes32 internal constant ROOT_TYPEHASH =
        keccak256("RootReport(bytes32 question,bytes32 root,uint32 epoch,uint8 round)");

    uint256 private constant WEIGHT_MASK = 0xffffffffffffffffffffffff; // 96 bits

    uint256 private constant BAD_SEAT = 1;
    uint256 private constant SEAT_TWICE = 2;
    uint256 private constant BAD_ORDER = 3;
    uint256 private constant BAD_SIGNATURE = 4;

    /// @notice Checks own-value entries (mode V1): known seats, each once, ascending by value, signed by the seat.
    /// @return seats bitmap of those who reported
    /// @return weight theirs
    function checkValues(ReportFrame memory frame, SignerSet memory set, bytes calldata entries)
        internal
        view
        returns (uint256 seats, uint256 weight)
    {
        if (entries.length == 0 || entries.length % Entries.SIZE != 0) {
            Refusals.badReport(frame.question, "length");
        }
        bytes32 typehash = REPORT_TYPEHASH;
        uint256 fault;
        uint256 seat;
        assembly ("memory-safe") {
            // Beyond the free pointer, written once and then patched: the struct to hash (160 bytes), 0x1901 | domain |
            // its hash (66), and what goes into the recovery: digest | v | r | s (128).
            let report := mload(0x40)
            mstore(report, typehash)
            mstore(add(report, 32), mload(add(frame, 32)))
            mstore(add(report, 96), mload(add(frame, 64)))
            mstore(add(report, 128), mload(add(frame, 96)))
            let typed := add(report, 160)
            mstore(typed, hex"1901")
            mstore(add(typed, 2), mload(frame))
            let recovery := add(report, 256)

            let count := mload(add(set, 32))
            let first := add(mload(set), 32)
            let last := shl(255, 1) // the least int256
            let end := add(entries.offset, entries.length)
            for { let entry := entries.offset } lt(entry, end) { entry := add(entry, 77) } {
                seat := byte(0, calldataload(entry))
                let value := sar(160, calldataload(add(entry, 1)))
                if iszero(lt(seat, count)) {
                    fault := BAD_SEAT
                    break
                }
                if and(shr(seat, seats), 1) {
                    fault := SEAT_TWICE
                    break
                }
                if slt(value, last) {
                    fault := BAD_ORDER
                    break
                }
                seats := or(seats, shl(seat, 1))
                last := value

                mstore(add(report, 64), value)
                mstore(add(typed, 34), keccak256(report, 160))
                mstore(recovery, keccak256(typed, 66))
                let vs := calldataload(add(entry, 45))
                mstore(add(recovery, 32), add(shr(255, vs), 27))
                mstore(add(recovery, 64), calldataload(add(entry, 13)))
                mstore(add(recovery, 96), shr(1, shl(1, vs)))
                mstore(0, 0)
                pop(staticcall(gas(), 1, recovery, 128, 0, 32))
                let word := mload(add(first, shl(5, seat)))
                if xor(mload(0), shr(96, word)) {
                    fault := BAD_SIGNATURE
                    break
                }
                weight := add(weight, and(word, WEIGHT_MASK))
            }
        }
        if (fault != 0) _refuse(frame.question, fault, seat);
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
        return _checkAgreed(frame, REPORT_TYPEHASH, uint256(int256(value)), set, seats, signatures);
    }

    /// @notice The same for a root.
    function checkRoot(
        ReportFrame memory frame,
        SignerSet memory set,
        bytes32 root,
        uint256 seats,
        bytes calldata signatures
    ) internal view returns (uint256 weight) {
        return _checkAgreed(frame, ROOT_TYPEHASH, uint256(root), set, seats, signatures);
    }

    /// @notice What a provider signs for `value`.
    function digestOf(ReportFrame memory frame, int96 value) internal pure returns (bytes32) {
        return _digestOf(frame, REPORT_TYPEHASH, uint256(int256(value)));
    }

    /// @notice What a provider signs for `root`.
    function rootDigestOf(ReportFrame memory frame, bytes32 root) internal pure returns (bytes32) {
        return _digestOf(frame, ROOT_TYPEHASH, uint256(root));
    }

    function _digestOf(ReportFrame memory frame, bytes32 typehash, uint256 content)
        private
        pure
        returns (bytes32 digest)
    {
        assembly ("memory-safe") {
            let report := mload(0x40)
            mstore(report, typehash)
            mstore(add(report, 32), mload(add(frame, 32)))
            mstore(add(report, 64), content)
            mstore(add(report, 96), mload(add(frame, 64)))
            mstore(add(report, 128), mload(add(frame, 96)))
            let hash := keccak256(report, 160)
            mstore(report, hex"1901")
            mstore(add(report, 2), mload(frame))
            mstore(add(report, 34), hash)
            digest := keccak256(report, 66)
        }
    }

    function _checkAgreed(
        ReportFrame memory frame,
        bytes32 typehash,
        uint256 content,
        SignerSet memory set,
        uint256 seats,
        bytes calldata signatures
    ) private view returns (uint256 weight) {
        uint256 bad;
        (weight, bad) = SeatSignatures.weigh(_digestOf(frame, typehash, content), set, seats, signatures);
        if (bad != 0) _refuseAgreed(frame.question, bad, seats, signatures);
    }

    function _refuseAgreed(bytes32 question, uint256 bad, uint256 seats, bytes calldata signatures) private pure {
        if (bad == SeatSignatures.UNKNOWN_SEAT) _refuse(question, BAD_SEAT, 0);
        if (!SeatSignatures.fit(seats, signatures)) Refusals.badReport(question, "length");
        _refuse(question, BAD_SIGNATURE, bad - 1);
    }

    function _refuse(bytes32 question, uint256 fault, uint256 seat) private pure {
        if (fault == BAD_SEAT) Refusals.badReport(question, "seat");
        if (fault == SEAT_TWICE) Refusals.badReport(question, "seat twice");
        if (fault == BAD_ORDER) Refusals.badReport(question, "order");
        revert IOracle.Oracle_BadSignature(question, uint8(seat));
    }
}
