// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AggregatedSignature} from "./IFeeds.sol";
import {SchnorrSets} from "./SchnorrSets.sol";
import {Point, Secp256k1} from "./Secp256k1.sol";

/// @dev Checks one signature of many: adds up the keys that the bitmap names, then asks the recovery precompile for
///      s*G - e*P, which must be R. Plain sums of keys are safe because every holder proved possession of his.
library SchnorrVerifier {
    /// @return weight of the signers, 0 when the signature is not theirs
    /// @return total of all
    function check(address blob, bytes32 digest, AggregatedSignature calldata signature)
        internal
        view
        returns (uint256 weight, uint256 total)
    {
        (uint256 start, uint256 count) = SchnorrSets.read(blob);
        assembly ("memory-safe") {
            total := mload(start)
        }
        uint256 seats = signature.seats;
        if (seats == 0 || seats >> count != 0) return (0, total);
        Point memory sum;
        if (signature.byAbsent) {
            // All weigh what the seats weigh together, and nothing here may be less than nothing.
            weight = total - _sum(sum, start, ~seats & (1 << count) - 1, true);
        } else {
            weight = _sum(sum, start, seats, false);
        }
        (uint256 x, uint256 y, bool known) = Secp256k1.toAffine(sum, signature.inverse);
        if (!known || !_verify(x, y, digest, signature.s, signature.commitment)) weight = 0;
    }

    /// @dev With `byAbsent` starts from the sum of all and adds the opposite of every key of `seats`: (x, -y). The hot loop of
    ///      a large set, hence on the stack; the addition is {Secp256k1.add}, and a test compares the two.
    /// @return weight of `seats`
    function _sum(Point memory sum, uint256 start, uint256 seats, bool byAbsent) private pure returns (uint256 weight) {
        uint256 p = Secp256k1.P;
        assembly ("memory-safe") {
            let x1 := mul(byAbsent, mload(add(start, 32)))
            let y1 := mul(byAbsent, mload(add(start, 64)))
            let z1 := byAbsent
            for { let at := add(start, 96) } seats {
                seats := shr(1, seats)
                at := add(at, 96)
            } {
                if iszero(and(seats, 1)) { continue }
                weight := add(weight, mload(add(at, 64)))
                let x := mload(at)
                let y := mload(add(at, 32))
                if byAbsent { y := sub(p, y) }
                if iszero(z1) {
                    x1 := x
                    y1 := y
                    z1 := 1
                    continue
                }
                let zz := mulmod(z1, z1, p)
                let h := addmod(mulmod(x, zz, p), sub(p, x1), p)
                let r := addmod(mulmod(y, mulmod(z1, zz, p), p), sub(p, y1), p)
                zz := mulmod(h, h, p)
                x := mulmod(x1, zz, p)
                zz := mulmod(h, zz, p)
                x1 := addmod(mulmod(r, r, p), sub(p, addmod(zz, addmod(x, x, p), p)), p)
                y1 := addmod(mulmod(r, addmod(x, sub(p, x1), p), p), sub(p, mulmod(y1, zz, p)), p)
                z1 := mulmod(z1, h, p)
            }
            mstore(sum, x1)
            mstore(add(sum, 32), y1)
            mstore(add(sum, 64), z1)
        }
    }

    /// @dev Recovery gives r^-1 * (s' * R' - z * G) with R' lifted from r = px: with s' = -e*px and z = -s*px that is
    ///      s*G - e*P, whose address must be the commitment's. px has to be a scalar too, which 2^-128 of them are not.
    function _verify(uint256 px, uint256 py, bytes32 digest, uint256 s, address commitment)
        private
        pure
        returns (bool)
    {
        if (px >= Secp256k1.N || s == 0 || s >= Secp256k1.N || commitment == address(0)) return false;
        uint8 parity = uint8(27 + (py & 1));
        uint256 e = uint256(keccak256(abi.encodePacked(px, parity, digest, commitment))) % Secp256k1.N;
        bytes32 z = bytes32(Secp256k1.N - mulmod(s, px, Secp256k1.N));
        bytes32 recoverS = bytes32(Secp256k1.N - mulmod(e, px, Secp256k1.N));
        return ecrecover(z, parity, bytes32(px), recoverS) == commitment;
    }
}
