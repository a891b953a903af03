// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IRandomness} from "./IRandomness.sol";

/// @dev When rounds are due: round r at GENESIS + (r - 1) * PERIOD.
abstract contract Schedule is IRandomness {
    uint40 public immutable GENESIS;
    uint32 public immutable PERIOD;

    /// @param period seconds, not zero
    constructor(uint40 genesis, uint32 period) {
        GENESIS = genesis;
        PERIOD = period;
    }

    /// @inheritdoc IRandomness
    function roundAfter(uint40 time) external view returns (uint64 round) {
        round = time < GENESIS ? 1 : (time - GENESIS) / PERIOD + 2;
        timeOf(round);
    }

    /// @inheritdoc IRandomness
    function timeOf(uint64 round) public view returns (uint40) {
        require(round != 0, Randomness_BadRound(round));
        uint256 time = GENESIS + (uint256(round) - 1) * PERIOD;
        require(time <= type(uint40).max, Randomness_BadRound(round));
        return uint40(time);
    }
}
