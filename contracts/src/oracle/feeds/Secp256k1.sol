// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev A point in Jacobian coordinates: (x / z^2, y / z^3). z = 0 is the point at infinity.
struct Point {
    uint256 x;
    uint256 y;
    uint256 z;
}

/// @dev As much of the curve as adding up public keys takes. There is no precompile for it.
library Secp256k1 {
    uint256 internal constant P = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F;
    /// @dev Order of the group.
    uint256 internal constant N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    function addressOf(uint256 x, uint256 y) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(x, y)))));
    }

    /// @notice Adds the affine point (x, y) to `sum`, in place. Mixed addition, 8 multiplications and 3 squarings.
    /// @dev Equal points give z = 0 (there is no doubling here), opposite ones rightly so; both are refused in the end
    ///      by {toAffine}, so that no sum is ever wrong. One who holds the keys of all seats so far can bring it about, by a
    ///      next key that is the sum of his others; then his own seats have no aggregated signature. With an honest key
    ///      among them it takes a discrete logarithm.
    function add(Point memory sum, uint256 x, uint256 y) internal pure {
        assembly ("memory-safe") {
            let p := P
            let z1 := mload(add(sum, 64))
            switch z1
            case 0 {
                mstore(sum, x)
                mstore(add(sum, 32), y)
                mstore(add(sum, 64), 1)
            }
            default {
                let x1 := mload(sum)
                let y1 := mload(add(sum, 32))
                let zz := mulmod(z1, z1, p)
                let h := addmod(mulmod(x, zz, p), sub(p, x1), p)
                let r := addmod(mulmod(y, mulmod(z1, zz, p), p), sub(p, y1), p)
                let h2 := mulmod(h, h, p)
                let h3 := mulmod(h, h2, p)
                let u := mulmod(x1, h2, p)
                let x3 := addmod(mulmod(r, r, p), sub(p, addmod(h3, addmod(u, u, p), p)), p)
                mstore(sum, x3)
                mstore(add(sum, 32), addmod(mulmod(r, addmod(u, sub(p, x3), p), p), sub(p, mulmod(y1, h3, p)), p))
                mstore(add(sum, 64), mulmod(z1, h, p))
            }
        }
    }

    /// @param inverse 1/z, computed outside: checking it costs one multiplication, finding it a modular exponentiation
    /// @dev `ok`: whether it is that; never for the point at infinity.
    function toAffine(Point memory point, uint256 inverse) internal pure returns (uint256 x, uint256 y, bool ok) {
        ok = mulmod(point.z, inverse, P) == 1;
        uint256 squared = mulmod(inverse, inverse, P);
        x = mulmod(point.x, squared, P);
        y = mulmod(point.y, mulmod(squared, inverse, P), P);
    }
}
