// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {VRF} from "@chainlink/contracts/src/v0.8/vrf/VRF.sol";
import {Test, Vm} from "../../test/Test.sol";

/// @dev What a node of Chainlink's does with a request: a proof (RFC 9381's shape on secp256k1, hashed as their VRF.sol hashes) that
///      only the key's holder can make, and that has one outcome. Curve arithmetic by the book, an inversion a step: a test's.
contract VrfNode is VRF, Test {
    uint256 private constant P = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F;
    uint256 private constant N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    uint256 private constant OUTPUT_PREFIX = 3;

    uint256 private immutable key;
    uint256[2] private _publicKey;

    constructor(uint256 key_) {
        key = key_;
        Vm.Wallet memory wallet = vm.createWallet(key_);
        _publicKey = [wallet.publicKeyX, wallet.publicKeyY];
    }

    function publicKey() external view returns (uint256[2] memory) {
        return _publicKey;
    }

    /// @param preSeed of the request
    /// @param blockHash of the block that it is in
    function proofOf(uint256 preSeed, bytes32 blockHash) external view returns (Proof memory proof) {
        uint256[2] memory pk = _publicKey;
        uint256[2] memory point = _hashToCurve(pk, uint256(keccak256(abi.encodePacked(preSeed, blockHash))));
        uint256 nonce = uint256(keccak256(abi.encode(key, preSeed, blockHash))) % N;
        proof.pk = pk;
        proof.gamma = _times(key, point);
        proof.seed = preSeed;
        proof.uWitness = vm.addr(nonce);
        proof.c = _scalarFromCurvePoints(point, pk, proof.gamma, proof.uWitness, _times(nonce, point));
        proof.s = addmod(nonce, N - mulmod(proof.c % N, key, N), N);
        proof.cGammaWitness = _times(proof.c % N, proof.gamma);
        proof.sHashWitness = _times(proof.s, point);
        (,, uint256 z) = _projectiveECAdd(
            proof.cGammaWitness[0], proof.cGammaWitness[1], proof.sHashWitness[0], proof.sHashWitness[1]
        );
        proof.zInv = _bigModExp(z, P - 2);
    }

    /// @return word that the coordinator makes of a proof
    function wordOf(Proof calldata proof) external pure returns (uint256 word) {
        uint256 output = uint256(keccak256(abi.encode(OUTPUT_PREFIX, proof.gamma)));
        return uint256(keccak256(abi.encode(output, uint256(0))));
    }

    function _times(uint256 factor, uint256[2] memory point) private view returns (uint256[2] memory sum) {
        for (uint256 bit = 256; bit != 0; --bit) {
            if (sum[1] != 0) sum = _twice(sum);
            if (factor >> (bit - 1) & 1 == 0) continue;
            sum = sum[1] == 0 ? point : _plus(sum, point);
        }
    }

    function _twice(uint256[2] memory point) private view returns (uint256[2] memory) {
        uint256 slope = mulmod(3, mulmod(point[0], point[0], P), P);
        return _along(point, point[0], mulmod(slope, _bigModExp(addmod(point[1], point[1], P), P - 2), P));
    }

    function _plus(uint256[2] memory one, uint256[2] memory other) private view returns (uint256[2] memory) {
        uint256 run = addmod(other[0], P - one[0], P);
        return _along(one, other[0], mulmod(addmod(other[1], P - one[1], P), _bigModExp(run, P - 2), P));
    }

    /// @dev The third point of a line through `one` and the point at `x`, turned over.
    function _along(uint256[2] memory one, uint256 x, uint256 slope) private pure returns (uint256[2] memory third) {
        third[0] = addmod(mulmod(slope, slope, P), P - addmod(one[0], x, P), P);
        third[1] = addmod(mulmod(slope, addmod(one[0], P - third[0], P), P), P - one[1], P);
    }
}
