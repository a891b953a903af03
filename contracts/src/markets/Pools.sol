// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev The words of one market. Three pools of 72 bits to a word; what is left of the first word describes the market:
///
///   bits        word 0                       word i
///   0..215      pools 0, 1, 2                pools 3i, 3i + 1, 3i + 2
///   216..247    closesAt, unix seconds       -
///   248..253    number of outcomes           -
///   254         fee collected                -
struct Pools {
    mapping(uint256 index => uint256) words;
}

library PoolWords {
    uint256 private constant BITS = 72;
    uint256 private constant PER_WORD = 3;
    uint256 private constant CLOSES_AT = 216;
    uint256 private constant OUTCOMES = 248;
    uint256 private constant FEE_COLLECTED = 1 << 254;

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

    function closesAt(uint256 first) internal pure returns (uint40) {
        return uint32(first >> CLOSES_AT);
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

    /// @notice Staked on `winner`, and on all others.
    function split(Pools storage pools, uint256 count, uint256 winner)
        internal
        view
        returns (uint256 won, uint256 lost)
    {
        uint256 word;
        for (uint256 outcome; outcome < count; ++outcome) {
            if (outcome % PER_WORD == 0) word = pools.words[outcome / PER_WORD];
            uint256 pool = uint72(word);
            if (outcome == winner) won = pool;
            else lost += pool;
            word >>= BITS;
        }
    }

    function _shift(uint256 outcome) private pure returns (uint256) {
        return outcome % PER_WORD * BITS;
    }
}
