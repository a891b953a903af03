// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HashToCurve} from "./HashToCurve.sol";
import {IRandomness} from "./IRandomness.sol";
import {Schedule} from "./Schedule.sol";

/// @notice drand's evmnet scheme (bls-bn254-unchained-on-g1): BLS on BN254 with signatures in G1 and the key in G2, over
///         keccak256 of the round as 8 bytes. With drand's key it follows drand; with a key of one's own, a local beacon.
/// @dev What it promises and assumes stands at {IRandomness}.
contract DrandBeacon is Schedule {
    error DrandBeacon_BadParameters(string what);

    /// @dev Keeps a seed apart from every other hash of a signature, such as drand's own sha256.
    bytes32 private constant SEED_DOMAIN = keccak256("sooth.randomness.seed");

    // The negated generator of G2, as EIP-197 orders a point: imaginary part first.
    uint256 private constant G2_X1 = 0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2;
    uint256 private constant G2_X0 = 0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed;
    uint256 private constant G2_Y1 = 0x275dc4a288d1afb3cbb1ac09187524c7db36395df7be3b99e673b13a075a65ec;
    uint256 private constant G2_Y0 = 0x1d9befcd05a5323e6da4d435f3b617cdb3af83285c2df711ef39c01571827f9d;
    uint256 private constant WITNESSES = 64; // where they start in a proof: after the signature

    uint256 private immutable _KEY_X1;
    uint256 private immutable _KEY_X0;
    uint256 private immutable _KEY_Y1;
    uint256 private immutable _KEY_Y0;

    mapping(uint64 round => bytes32) private _seeds;

    /// @param key The beacon's public key as drand publishes it: 128 bytes, imaginary parts first.
    /// @param genesis Unix seconds at which round 1 is published.
    /// @param period Seconds between rounds.
    constructor(uint256[4] memory key, uint40 genesis, uint32 period) Schedule(genesis, period) {
        require(period != 0, DrandBeacon_BadParameters("period"));
        // Zeros are a point that the precompile takes for a key, and under which no round could be proved.
        require(key[0] | key[1] | key[2] | key[3] != 0 && _isKey(key), DrandBeacon_BadParameters("key"));
        (_KEY_X1, _KEY_X0, _KEY_Y1, _KEY_Y0) = (key[0], key[1], key[2], key[3]);
    }

    /* PROVING */

    /// @inheritdoc IRandomness
    function prove(uint64 round, bytes calldata proof) external returns (bytes32 seed) {
        timeOf(round);
        seed = _seeds[round];
        if (seed != 0) return seed;
        require(proof.length > WITNESSES, Randomness_BadProof(round));
        uint256 x;
        uint256 y;
        assembly ("memory-safe") {
            x := calldataload(proof.offset)
            y := calldataload(add(proof.offset, 32))
        }
        // The point at infinity, written as two zeros, is no point of the equation: 0 is not 3.
        require(HashToCurve.isOnCurve(x, y) && _isSigned(round, proof, x, y), Randomness_BadProof(round));

        seed = keccak256(abi.encode(SEED_DOMAIN, x, y));

        _seeds[round] = seed;

        emit Proved(round, seed);
    }

    /* VIEWS */

    /// @inheritdoc IRandomness
    function seedOf(uint64 round) external view returns (bytes32 seed) {
        seed = _seeds[round];
        require(seed != 0, Randomness_NotProved(round));
    }

    /// @notice The beacon's public key, as drand publishes it: imaginary parts first.
    function publicKey() external view returns (uint256[4] memory) {
        return [_KEY_X1, _KEY_X0, _KEY_Y1, _KEY_Y0];
    }

    /* INSIDE */

    /// @dev e(signature, -G2) * e(hash of the round, key) = 1. Every point was checked before, so that neither precompile
    ///      can fail and burn what gas it was given.
    function _isSigned(uint64 round, bytes calldata proof, uint256 x, uint256 y) private view returns (bool signed) {
        uint256[12] memory input;
        if (!HashToCurve.putPoints(round, proof[WITNESSES:], input)) return false;
        assembly ("memory-safe") {
            signed := staticcall(gas(), 6, input, 128, add(input, 192), 64) // the sum of both points
        }
        (input[0], input[1]) = (x, y);
        (input[2], input[3], input[4], input[5]) = (G2_X1, G2_X0, G2_Y1, G2_Y0);
        (input[8], input[9], input[10], input[11]) = (_KEY_X1, _KEY_X0, _KEY_Y1, _KEY_Y0);
        assembly ("memory-safe") {
            signed := and(signed, staticcall(gas(), 8, input, 384, 0, 32))
            signed := and(signed, eq(mload(0), 1))
        }
    }

    /// @dev Whether it is a point of G2, of the right order too: the pairing with the point at infinity works for no other.
    function _isKey(uint256[4] memory key) private view returns (bool valid) {
        uint256[6] memory input = [0, 0, key[0], key[1], key[2], key[3]];
        assembly ("memory-safe") {
            // A failing precompile keeps all the gas it got: 79,000 is the price of one pair (EIP-1108), with room.
            valid := staticcall(200000, 8, input, 192, 0, 32)
            valid := and(valid, eq(mload(0), 1))
        }
    }
}
