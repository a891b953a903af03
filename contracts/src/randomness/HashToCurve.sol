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

    /// @dev One of the two points. A struct, so that the compiler's stack holds what is worked out with it.
    struct Point {
        uint256 x;
        uint256 y;
    }

    /// @notice The two points whose sum the beacon signs for `round`.
    /// @param witnesses inverse (32), then twice kind (1) | root (32) | [witness (32)].
    /// @return held False when a witness does not hold or bytes are missing or left over; the points mean nothing then.
    function pointsOf(uint64 round, bytes calldata witnesses)
        internal
        pure
        returns (bool held, Point memory first, Point memory second)
    {
        (uint256 u0, uint256 u1) = _fieldElements(round);
        uint256 at;
        assembly ("memory-safe") {
            at := witnesses.offset
        }
        uint256 end = at + witnesses.length;
        uint256 d0 = _denominator(u0);
        uint256 d1 = _denominator(u1);
        uint256 inverse = _word(at);
        held = mulmod(mulmod(d0, d1, P), inverse, P) == 1;
        bool good;
        (good, at) = _map(first, u0, mulmod(inverse, d1, P), at + 32);
        held = held && good;
        (good, at) = _map(second, u1, mulmod(inverse, d0, P), at);
        held = held && good && at == end;
    }

    function isOnCurve(uint256 x, uint256 y) internal pure returns (bool) {
        return x < P && y < P && mulmod(y, y, P) == _g(x);
    }

    /// @dev The right side of the curve's equation.
    function _g(uint256 x) private pure returns (uint256) {
        return addmod(mulmod(mulmod(x, x, P), x, P), 3, P);
    }

    /// @dev (1 + 4u^2)(1 - 4u^2)
    function _denominator(uint256 u) private pure returns (uint256) {
        uint256 t = mulmod(mulmod(u, u, P), 4, P);
        return mulmod(addmod(1, t, P), addmod(1, P - t, P), P);
    }

    /// @param point Takes what the element maps to.
    /// @param inverse Of the element's denominator.
    /// @param at Where its witnesses lie in the calldata.
    /// @return held Whether they do.
    /// @return end Where they end.
    function _map(Point memory point, uint256 u, uint256 inverse, uint256 at)
        private
        pure
        returns (bool held, uint256 end)
    {
        uint256 kind = _word(at) >> 248;
        uint256 y = _word(at + 1);
        end = at + 33;

        (uint256 x1, uint256 x) = _candidates(u, inverse, kind);
        held = kind <= 2;
        if (kind != 0) {
            uint256 w = _word(end);
            end += 32;
            held = held && mulmod(w, w, P) == P - _g(x1);
        }
        held = held && isOnCurve(x, y) && (y ^ u) & 1 == 0;
        (point.x, point.y) = (x, y);
    }

    /// @return x1 The first candidate.
    /// @return x The candidate of this kind: 0 the first, 1 the second, else the third.
    function _candidates(uint256 u, uint256 inverse, uint256 kind) private pure returns (uint256 x1, uint256 x) {
        uint256 t = mulmod(mulmod(u, u, P), 4, P);
        uint256 s = mulmod(mulmod(mulmod(u, addmod(1, P - t, P), P), inverse, P), C3, P);
        x1 = addmod(C2, P - s, P);
        if (kind == 0) return (x1, x1);
        if (kind == 1) return (x1, addmod(C2, s, P));
        t = addmod(1, t, P);
        t = mulmod(mulmod(t, t, P), inverse, P);
        x = addmod(1, mulmod(mulmod(t, t, P), C4, P), P);
    }

    /// @dev What lies beyond the end is whatever the call brought: {pointsOf} compares where it ended.
    function _word(uint256 at) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(at)
        }
    }

    /// @dev hash_to_field of keccak256(round as 8 bytes): expand_message_xmd over keccak256 to 96 bytes, 48 an element.
    function _fieldElements(uint64 round) private pure returns (uint256 u0, uint256 u1) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(0, round)
            let message := keccak256(24, 8)
            // A block of zeros (136), the message, the length asked for (96), a zero, the tag and its length (43).
            for { let i := 0 } lt(i, 160) { i := add(i, 32) } { mstore(add(free, i), 0) }
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
