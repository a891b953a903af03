// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A wallet that is a contract (ERC-1271): two keys sign, one after the other, 65 bytes each.
contract PairWallet {
    address private immutable FIRST;
    address private immutable SECOND;

    constructor(address first, address second) {
        FIRST = first;
        SECOND = second;
    }

    function isValidSignature(bytes32 hash, bytes calldata s) external view returns (bytes4) {
        bool good = s.length == 130 && _signer(hash, s[:65]) == FIRST && _signer(hash, s[65:]) == SECOND;
        return good ? this.isValidSignature.selector : bytes4(0xffffffff);
    }

    function _signer(bytes32 hash, bytes calldata s) private pure returns (address) {
        return ecrecover(hash, uint8(s[64]), bytes32(s[:32]), bytes32(s[32:64]));
    }
}

/// @dev Where its wallets will stand is known before they do.
contract PairFactory {
    function make(address first, address second) external returns (address) {
        return address(new PairWallet{salt: 0}(first, second));
    }

    function placeOf(address first, address second) external view returns (address) {
        bytes32 code = keccak256(abi.encodePacked(type(PairWallet).creationCode, abi.encode(first, second)));
        return address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), this, bytes32(0), code)))));
    }
}
