// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {Bundle, Leg} from "./BundleTypes.sol";

/// @dev EIP-712 struct hashes of what owners commit to, the same in `vectors/bundles.json` for both languages. Lists inside a
///      leg are hashed as one: keccak256(abi.encode(splices, conditions)), zero when both are empty.
library BundleHashes {
    bytes32 internal constant BUNDLE_TYPEHASH = keccak256(
        "Bundle(address owner,uint8 mode,uint8 legs,uint40 deadline,bytes32 legsHash,uint96 fee,uint64 salt)"
    );
    bytes32 internal constant LEG_TYPEHASH = keccak256(
        "Leg(uint256 chainId,uint8 kind,address target,uint96 value,uint32 gasLimit,bytes32 dataHash,uint32 needsOk,uint32 needsFailed,uint32 needsSettled,uint8 undoes,bytes32 inputsHash,bytes32 salt)"
    );
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    /// @notice The domain of a hub, on whatever chain it is asked for: escrows elsewhere compute a bundle's id too.
    function domainOf(uint256 hubChainId, address hub) internal pure returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256("Sooth Bundles"), keccak256("1"), hubChainId, hub));
    }

    function idOf(bytes32 domain, Bundle memory b) internal pure returns (bytes32) {
        bytes32 hash =
            keccak256(abi.encode(BUNDLE_TYPEHASH, b.owner, b.mode, b.legs, b.deadline, b.legsHash, b.fee, b.salt));
        return keccak256(abi.encodePacked(hex"1901", domain, hash));
    }

    /// @dev The same of a header in calldata, word by word as it stands there. Bits beyond a field make it another id, which
    ///      nobody opened: whoever opens one reads every field, and reading checks it.
    function idOfGiven(bytes32 domain, Bundle calldata b) internal pure returns (bytes32 id) {
        bytes32 typehash = BUNDLE_TYPEHASH;
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, typehash)
            calldatacopy(add(words, 32), b, 224)
            let hash := keccak256(words, 256)
            mstore(words, hex"1901")
            mstore(add(words, 2), domain)
            mstore(add(words, 34), hash)
            id := keccak256(words, 66)
        }
    }

    function legHash(Leg memory leg) internal pure returns (bytes32) {
        bytes32 inputs = leg.splices.length + leg.conditions.length == 0
            ? bytes32(0)
            : keccak256(abi.encode(leg.splices, leg.conditions));
        bytes32[] memory words = EfficientHashLib.malloc(13);
        words[0] = LEG_TYPEHASH;
        words[1] = bytes32(leg.chainId);
        words[2] = bytes32(uint256(leg.kind));
        words[3] = bytes32(uint256(uint160(leg.target)));
        words[4] = bytes32(uint256(leg.value));
        words[5] = bytes32(uint256(leg.gasLimit));
        words[6] = keccak256(leg.data);
        words[7] = bytes32(uint256(leg.needsOk));
        words[8] = bytes32(uint256(leg.needsFailed));
        words[9] = bytes32(uint256(leg.needsSettled));
        words[10] = bytes32(uint256(leg.undoes));
        words[11] = inputs;
        words[12] = leg.salt;
        return EfficientHashLib.hash(words);
    }
}
