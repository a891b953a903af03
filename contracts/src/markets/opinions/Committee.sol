// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EIP712} from "solady/utils/EIP712.sol";
import {Signatures} from "../../lib/Signatures.sol";
import {IApprover, Result} from "./IApprover.sol";

/// @notice Five people, three of whom must sign what a market came to. A signer may be a contract (ERC-1271), a Safe for
///         example.
/// @dev Only the hash of the five is stored; who shows signatures shows the five too. Three of them replace all five, so two
///      keys that are lost, or stolen, stop nothing. Three stolen ones can hold every market up until it expires: no more,
///      since the score is the oracle's.
/// @dev Format of signatures: bitmap of who signed (1), then the five addresses (20 each), then for each signer, lowest bit
///      first, length (2) and signature: r|s|v or r|vs, or what his contract wants.
contract Committee is IApprover, EIP712 {
    uint256 public constant SEATS = 5;
    uint256 public constant NEEDED = 3;
    uint256 private constant EXPIRY_BYTES = 5;
    uint256 private constant HEAD_BYTES = 1 + 20 * SEATS;
    bytes32 private constant APPROVAL_TYPEHASH = keccak256(
        "Approval(bytes32 market,uint256 total,uint256 count,uint8 score,uint16 confidence,uint40 expiresAt)"
    );
    bytes32 private constant REPLACEMENT_TYPEHASH =
        keccak256("Replacement(address[5] members,uint256 number,uint40 expiresAt)");

    /// @notice keccak256 of the five addresses, 20 bytes each, ascending.
    bytes32 public membersHash;
    /// @notice How often they were replaced: a replacement that was signed for another time does not count.
    uint256 public replacements;

    /// @param number 0: the first five
    event Seated(address[5] members, uint256 number);

    error Committee_Expired(uint40 expiresAt);
    /// @notice The five that were shown are not the ones that sit.
    error Committee_NotTheMembers();
    error Committee_TooFew(uint256 signed, uint256 needed);
    error Committee_BadSignature(address member);
    error Committee_BadFormat();
    /// @notice Members are five different addresses, ascending, none of them zero.
    error Committee_BadMembers();

    constructor(address[5] memory members) {
        _seat(members, 0);
    }

    /// @inheritdoc IApprover
    /// @param approval expiry in unix seconds (5), then signatures of
    ///        Approval(bytes32 market,uint256 total,uint256 count,uint8 score,uint16 confidence,uint40 expiresAt)
    function requireApproved(Result calldata result, bytes calldata approval) external view {
        require(approval.length > EXPIRY_BYTES, Committee_BadFormat());
        uint40 expiresAt = uint40(bytes5(approval));
        bytes32 digest = _hashTypedData(keccak256(abi.encode(APPROVAL_TYPEHASH, result, expiresAt)));

        _requireSigned(digest, expiresAt, approval[EXPIRY_BYTES:]);
    }

    /// @notice Seats five others, by signatures of three of those that sit, over
    ///         Replacement(address[5] members,uint256 number,uint40 expiresAt). Anyone may send it.
    function replace(address[5] calldata members, uint40 expiresAt, bytes calldata signatures) external {
        uint256 number = replacements + 1;
        bytes32 list = keccak256(abi.encode(members));
        _requireSigned(
            _hashTypedData(keccak256(abi.encode(REPLACEMENT_TYPEHASH, list, number, expiresAt))), expiresAt, signatures
        );

        replacements = number;
        _seat(members, number);
    }

    /// @notice What a member signs who approves `result`, EIP-712.
    function approvalDigest(Result calldata result, uint40 expiresAt) external view returns (bytes32) {
        return _hashTypedData(keccak256(abi.encode(APPROVAL_TYPEHASH, result, expiresAt)));
    }

    /* INSIDE */

    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("Sooth Committee", "1");
    }

    function _seat(address[5] memory members, uint256 number) private {
        bytes memory packed;
        address last;
        for (uint256 i; i < SEATS; ++i) {
            require(members[i] > last, Committee_BadMembers());
            last = members[i];
            packed = abi.encodePacked(packed, last);
        }

        membersHash = keccak256(packed);

        emit Seated(members, number);
    }

    function _requireSigned(bytes32 digest, uint40 expiresAt, bytes calldata signatures) private view {
        require(block.timestamp <= expiresAt, Committee_Expired(expiresAt));
        require(signatures.length >= HEAD_BYTES, Committee_BadFormat());
        require(keccak256(signatures[1:HEAD_BYTES]) == membersHash, Committee_NotTheMembers());
        uint256 bitmap = uint8(signatures[0]);
        uint256 at = HEAD_BYTES;
        uint256 signed;
        for (uint256 i; i < SEATS; ++i) {
            if (bitmap >> i & 1 == 0) continue;
            address member = address(bytes20(signatures[1 + 20 * i:]));
            require(signatures.length >= at + 2, Committee_BadFormat());
            uint256 end = at + 2 + uint16(bytes2(signatures[at:]));
            require(signatures.length >= end, Committee_BadFormat());
            require(Signatures.hasSigned(member, digest, signatures[at + 2:end]), Committee_BadSignature(member));
            at = end;
            ++signed;
        }
        require(signed >= NEEDED, Committee_TooFew(signed, NEEDED));
    }
}
