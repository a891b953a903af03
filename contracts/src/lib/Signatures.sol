// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ECDSA} from "solady/utils/ECDSA.sol";
import {SignatureCheckerLib} from "solady/utils/SignatureCheckerLib.sol";

library Signatures {
    /// @notice Whether `signer` signed `digest`: his key did (r|s|v or r|vs), or he is a contract that says so (ERC-1271).
    /// @dev A key's signature is looked at first: whether a signer is a contract costs 2,600 gas to ask. Nobody's signature
    ///      recovers address zero.
    function hasSigned(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (signer == address(0)) return false;
        if (ECDSA.tryRecoverCalldata(digest, signature) == signer) return true;
        return SignatureCheckerLib.isValidERC1271SignatureNowCalldata(signer, digest, signature);
    }
}
