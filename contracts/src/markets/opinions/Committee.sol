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
/// @dev Format of signatures: bitmap of who signed (1; bits beyond the five say nothing), then the five addresses (20 each), then
///      for each signer, lowest bit first, length (2) and signature: r|s|v or r|vs, or what his contract wants.
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

        _requireSigned(_approvalDigest(result, expiresAt), expiresAt, approval[EXPIRY_BYTES:]);
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
        return _approvalDigest(result, expiresAt);
    }

    /* INSIDE */

    /// @dev keccak256(abi.encode(APPROVAL_TYPEHASH, result, expiresAt)), for a third of the gas. A field that runs over its type
    ///      is hashed as it came: nobody signed that.
    function _approvalDigest(Result calldata result, uint40 expiresAt) private view returns (bytes32) {
        bytes32 typehash = APPROVAL_TYPEHASH;
        bytes32 hash;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            calldatacopy(add(free, 32), result, 160)
            mstore(add(free, 192), expiresAt)
            hash := keccak256(free, 224)
        }
        return _hashTypedData(hash);
    }

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
        bytes32 shown;
        uint256 bitmap;
        uint256 at;
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, add(signatures.offset, 1), 100) // 20 * SEATS
            shown := keccak256(free, 100)
            bitmap := byte(0, calldataload(signatures.offset))
            at := add(signatures.offset, 101) // HEAD_BYTES
        }
        require(shown == membersHash, Committee_NotTheMembers());
        uint256 signed;
        // Neither the count nor where an entry lies can run over: five entries of 65,537 bytes at most.
        unchecked {
            for (uint256 i; i < SEATS; ++i) {
                if (bitmap >> i & 1 == 0) continue;
                (address member, bytes calldata signature) = _entryAt(signatures, i, at);
                at += 2 + signature.length;
                // Also where the entry's length lay beyond the end already.
                require(_ends(signatures) >= at, Committee_BadFormat());
                require(Signatures.hasSigned(member, digest, signature), Committee_BadSignature(member));
                ++signed;
            }
        }
        require(signed >= NEEDED, Committee_TooFew(signed, NEEDED));
    }

    /// @param at where in the calldata the entry of member `seat` begins
    function _entryAt(bytes calldata signatures, uint256 seat, uint256 at)
        private
        pure
        returns (address member, bytes calldata signature)
    {
        assembly ("memory-safe") {
            member := shr(96, calldataload(add(add(signatures.offset, 1), mul(20, seat))))
            signature.offset := add(at, 2)
            signature.length := shr(240, calldataload(at))
        }
    }

    function _ends(bytes calldata signatures) private pure returns (uint256 end) {
        assembly ("memory-safe") {
            end := add(signatures.offset, signatures.length)
        }
    }
}
