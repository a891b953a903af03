// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC7821} from "solady/accounts/ERC7821.sol";
import {ECDSA} from "solady/utils/ECDSA.sol";

/// @notice Code that a local network's test wallets delegate to (EIP-7702), so that several calls go in one transaction: all of
///         them or none. No deployment but a laptop's brings it; people's wallets bring code of their own.
/// @dev Batches by ERC-7821, of the account's own transactions alone: the library lets nobody else in. It holds no storage, so
///      taking the delegation back leaves nothing behind.
contract TestAccount is ERC7821 {
    bytes4 private constant _SIGNED = 0x1626ba7e; // isValidSignature(bytes32,bytes), as ERC-1271 answers yes

    /// @notice What the account's own key signed: contracts that ask an address with code ask here (ERC-1271).
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        return ECDSA.tryRecoverCalldata(digest, signature) == address(this) ? _SIGNED : bytes4(0xffffffff);
    }
}
