// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev RFC 9380's BN254G1_XMD:KECCAK-256_SVDW_RO_ for the one kind of message that drand's evmnet signs: the hash of a
///      round's number. Two field elements come from the hash, each is mapped to a point, and the two are added.
///
/// @dev The map wants an inversion and up to two tests for squares, which cost some 40,000 gas as exponentiations. The
///      caller brings their results along, and each is checked with a multiplication or two:
///      - one inverse for both maps: inverse * d0 * d1 = 1;
///      - the root y of g(x): y * y = g(x), y below P, and of the parity that the RFC asks for;
///      - "g(x1) is no square": w * w = -g(x1). P is 3 mod 4, so -1 is no square and exactly one of g and -g is; g is
///        never 0, for the curve's order is odd.
///      Nothing else is needed to tell x2 from x3: g(x1) * g(x2) * g(x3) is a square (the identity that the map rests
///      on), so where g(x1) is none, exactly one of g(x2) and g(x3) is, and only that one has a root.
///      The point is therefore a function of the round alone; a false witness can only be refused.
/// @dev Exceptional elements, for which d is 0 and the RFC says inverse = 0, are refused: such a round, one of 2^250,
///      could not be proved.
library HashToCurve {
    uint256 internal constant P = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47;

    // Constants of the map for y^2 = x^3 + 3 with Z = 1 (RFC 9380, 6.6.1); c1 = g(Z) = 4.
    uint256 private constant C2 = 0x183227397098d014dc2822db40c0ac2ecbc0b548b438e5469e10460b6c3e7ea3; // -1/2
    uint256 private constant C3 = 0x16789af3a83522eb353c98fc6b36d713d5d8d1cc5dffffffa; // sqrt(-12), even
    uint256 private constant C4 = 0x10216f7ba065e00de81ac1e7808072c9dd2b2385cd7b438469602eb24829a9bd; // -16/3

    // All that is reckoned below is below P: a difference from it never runs under, twice a value never over.

    /// @notice Writes down the two points whose sum the beacon signs for `round`.
    /// @param witnesses inverse (32), then twice kind (1) | root (32) | [witness (32)].
    /// @param into takes them: x, y, x, y
    /// @return held False when a witness does not hold or bytes are missing or left over; the points mean nothing then.
    function putPoints(uint64 round, bytes calldata witnesses, uint256[12] memory into)
        internal
        pure
        returns (bool held)
    {
        (uint256 u0, uint256 u1) = _fieldElements(round);
        uint256 t0;
        uint256 t1;
        uint256 inverse0;
        uint256 inverse1;
        uint256 at;
        assembly ("memory-safe") {
            // t = 4u^2; d = (1 + t)(1 - t)
            t0 := mulmod(add(u0, u0), add(u0, u0), P)
            t1 := mulmod(add(u1, u1), add(u1, u1), P)
            let d0 := addmod(1, sub(P, mulmod(t0, t0, P)), P)
            let d1 := addmod(1, sub(P, mulmod(t1, t1, P)), P)
            let inverse := calldataload(witnesses.offset)
            held := eq(mulmod(mulmod(d0, d1, P), inverse, P), 1)
            inverse0 := mulmod(inverse, d1, P)
            inverse1 := mulmod(inverse, d0, P)
            at := add(witnesses.offset, 32)
        }
        bool first;
        bool second;
        uint256 end;
        (first, at) = _map(into, 0, u0, t0, inverse0, at);
        (second, at) = _map(into, 64, u1, t1, inverse1, at);
        assembly ("memory-safe") {
            end := add(witnesses.offset, witnesses.length)
        }
        return held && first && second && at == end;
    }

    function isOnCurve(uint256 x, uint256 y) internal pure returns (bool on) {
        assembly ("memory-safe") {
            on := and(lt(x, P), lt(y, P))
            on := and(on, eq(mulmod(y, y, P), addmod(mulmod(mulmod(x, x, P), x, P), 3, P)))
        }
    }

    /// @param into Takes, from byte `to` on, the point that the element maps to.
    /// @param t 4u^2
    /// @param inverse Of the element's denominator.
    /// @param at Where its witnesses lie in the calldata. What lies beyond the end is whatever the call brought: {putPoints}
    ///        compares where it ended.
    /// @return held Whether they do.
    /// @return end Where they end.
    function _map(uint256[12] memory into, uint256 to, uint256 u, uint256 t, uint256 inverse, uint256 at)
        private
        pure
        returns (bool held, uint256 end)
    {
        assembly ("memory-safe") {
            to := add(into, to)
            let kind := byte(0, calldataload(at)) // which of the three candidates: 0, 1, else the third
            let y := calldataload(add(at, 1))
            end := add(at, 33)
            let s := mulmod(mulmod(mulmod(u, addmod(1, sub(P, t), P), P), inverse, P), C3, P)
            let x := addmod(C2, sub(P, s), P)

            held := lt(kind, 3)
            if kind {
                let w := calldataload(end)
                end := add(end, 32)
                held := and(held, eq(mulmod(w, w, P), sub(P, addmod(mulmod(mulmod(x, x, P), x, P), 3, P))))
                switch kind
                case 1 { x := addmod(C2, s, P) }
                default {
                    t := addmod(1, t, P)
                    t := mulmod(mulmod(t, t, P), inverse, P)
                    x := addmod(1, mulmod(mulmod(t, t, P), C4, P), P)
                }
            }
            held := and(held, eq(mulmod(y, y, P), addmod(mulmod(mulmod(x, x, P), x, P), 3, P)))
            held := and(held, and(lt(y, P), iszero(and(xor(y, u), 1))))
            mstore(to, x)
            mstore(add(to, 32), y)
        }
    }

    /// @dev hash_to_field of keccak256(round as 8 bytes): expand_message_xmd over keccak256 to 96 bytes, 48 an element.
    function _fieldElements(uint64 round) private pure returns (uint256 u0, uint256 u1) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(0, round)
            let message := keccak256(24, 8)
            // A block of zeros (136), the message, the length asked for (96), a zero, the tag and its length (43).
            calldatacopy(free, calldatasize(), 160)
            mstore(add(free, 136), message)
            mstore(add(free, 168), 0x0060000000000000000000000000000000000000000000000000000000000000)
            mstore(add(free, 171), "BLS_SIG_BN254G1_XMD:KECCAK-256_S")
            mstore(add(free, 203), "VDW_RO_NUL_\x2b")
            let b0 := keccak256(free, 215)
            // From here on: a word, a counter, the tag.
            mstore(free, b0)
            mstore8(add(free, 32), 1)
            mstore(add(free, 33), "BLS_SIG_BN254G1_XMD:KECCAK-256_S")
            mstore(add(free, 65), "VDW_RO_NUL_\x2b")
            let b1 := keccak256(free, 77)
            mstore(free, xor(b0, b1))
            mstore8(add(free, 32), 2)
            let b2 := keccak256(free, 77)
            mstore(free, xor(b0, b2))
            mstore8(add(free, 32), 3)
            let b3 := keccak256(free, 77)
            // b1 * 2^128 + the upper half of b2; the lower half of b2 * 2^256 + b3, with 2^256 reduced beforehand.
            u0 := addmod(mulmod(b1, 0x100000000000000000000000000000000, P), shr(128, b2), P)
            u1 := addmod(
                mulmod(
                    and(b2, 0xffffffffffffffffffffffffffffffff),
                    0xe0a77c19a07df2f666ea36f7879462c0a78eb28f5c70b3dd35d438dc58f0d9d,
                    P
                ),
                b3,
                P
            )
        }
    }
}
