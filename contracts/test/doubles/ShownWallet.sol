// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev A wallet that is a contract: what it was shown beforehand is its signature.
contract ShownWallet {
    mapping(bytes32 digest => bool) private _shown;

    function show(bytes32 digest) external {
        _shown[digest] = true;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return _shown[digest] ? this.isValidSignature.selector : bytes4(0);
    }
}
