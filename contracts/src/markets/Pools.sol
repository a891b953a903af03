// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev The words of one market. Three pools of 72 bits to a word; what is left of the first word describes the market:
///
///   bits        word 0                       word i
///   0..215      pools 0, 1, 2                pools 3i, 3i + 1, 3i + 2
///   216..247    closesAt, unix seconds       -
///   248..253    number of outcomes           -
///   254         fee collected                -
///   255         settled                      -
///
/// The first to claim writes down how the market ended, in the place of closesAt, which nobody needs any more:
///
///   216..223    the outcome that won
///   224         void: every stake goes back
struct Pools {
    mapping(uint256 index => uint256) words;
}

library PoolWords {
    uint256 private constant BITS = 72;
    uint256 private constant PER_WORD = 3;
    uint256 private constant CLOSES_AT = 216;
    uint256 private constant OUTCOMES = 248;
    uint256 private constant FEE_COLLECTED = 1 << 254;
    uint256 private constant SETTLED = 1 << 255;
    uint256 private constant VOID = 1 << 224;

    uint256 internal constant MAX_OUTCOMES = 48;
    /// @dev So that all pools of a market together fit 72 bits, and with them every pay-out.
    uint256 internal constant MAX_POOL = type(uint72).max / MAX_OUTCOMES;

    /* WORD 0 */

    function firstWord(uint256 closesAt_, uint256 outcomes_) internal pure returns (uint256) {
        return closesAt_ << CLOSES_AT | outcomes_ << OUTCOMES;
    }

    /// @dev 0 for a market that was never opened.
    function outcomes(uint256 first) internal pure returns (uint8) {
        return uint8(first >> OUTCOMES & 63);
    }

    /// @dev 0 once settled: closed long ago.
    function closesAt(uint256 first) internal pure returns (uint40) {
        return isSettled(first) ? 0 : uint32(first >> CLOSES_AT);
    }

    function isSettled(uint256 first) internal pure returns (bool) {
        return first & SETTLED != 0;
    }

    /// @dev Meaningful once settled, like the next.
    function winner(uint256 first) internal pure returns (uint8) {
        return uint8(first >> CLOSES_AT);
    }

    function isVoid(uint256 first) internal pure returns (bool) {
        return first & VOID != 0;
    }

    function withResult(uint256 first, uint8 winner_, bool void_) internal pure returns (uint256) {
        uint256 kept = first & ~(uint256(type(uint32).max) << CLOSES_AT);
        return kept | uint256(winner_) << CLOSES_AT | (void_ ? VOID : 0) | SETTLED;
    }

    function feeCollected(uint256 first) internal pure returns (bool) {
        return first & FEE_COLLECTED != 0;
    }

    function withFeeCollected(uint256 first) internal pure returns (uint256) {
        return first | FEE_COLLECTED;
    }

    /* POOLS */

    function poolOf(Pools storage pools, uint256 outcome) internal view returns (uint72) {
        return uint72(pools.words[outcome / PER_WORD] >> _shift(outcome));
    }

    /// @dev `amount` must leave the pool at or below MAX_POOL, or it would run into its neighbour.
    function add(Pools storage pools, uint256 outcome, uint256 amount) internal {
        pools.words[outcome / PER_WORD] += amount << _shift(outcome);
    }

    /// @notice Staked on `outcome`, and on all others.
    /// @param first the first word, read already
    function split(Pools storage pools, uint256 first, uint256 outcome)
        internal
        view
        returns (uint256 won, uint256 lost)
    {
        // Nothing overflows: 48 pools of 72 bits. Places beyond the last outcome hold zero.
        unchecked {
            uint256 count = outcomes(first);
            for (uint256 index; index * PER_WORD < count; ++index) {
                uint256 word = index == 0 ? first : pools.words[index];
                lost += uint72(word);
                lost += uint72(word >> BITS);
                lost += uint72(word >> 2 * BITS);
                if (index == outcome / PER_WORD) won = uint72(word >> _shift(outcome));
            }
            lost -= won;
        }
    }

    function _shift(uint256 outcome) private pure returns (uint256) {
        unchecked {
            return outcome % PER_WORD * BITS;
        }
    }
}
