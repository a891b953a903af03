// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SeatWeights} from "./rules/SeatWeights.sol";

/// @dev What the weight of a seat follows from, in one word: family (8) | cluster (32) | factor (16) | stake (96).
library Staked {
    uint256 private constant FACTOR = 96;
    uint256 private constant CLUSTER = 112;
    uint256 private constant FAMILY = 144;

    /// @dev Nothing here may be wider than its field.
    function pack(uint256 stake, uint256 factorBps, uint256 cluster, uint256 family) internal pure returns (uint256) {
        return stake | factorBps << FACTOR | cluster << CLUSTER | family << FAMILY;
    }

    function unpack(uint256 word)
        internal
        pure
        returns (uint256 stake, uint256 factorBps, uint256 cluster, uint256 family)
    {
        return (uint96(word), uint16(word >> FACTOR), uint32(word >> CLUSTER), uint8(word >> FAMILY));
    }

    function isAlone(uint256 word) internal pure returns (bool) {
        return word >> CLUSTER == 0;
    }
}

/// @dev {SeatWeights} as a contract of its own: the stake manager, which deploys it, would be too large with it inside.
contract Scale {
    uint256 private constant BPS = 10_000;

    /// @param staked by seat, as {Staked} packs it
    function weigh(uint256[] calldata staked) external pure returns (uint256[] memory weights, uint256 total) {
        (weights, total) = _plain(staked);
        if (total != 0) return (weights, total);
        uint256 n = staked.length;
        uint256[] memory stakes = new uint256[](n);
        uint256[] memory factors = new uint256[](n);
        uint256[] memory clusters = new uint256[](n);
        uint256[] memory families = new uint256[](n);
        for (uint256 seat; seat < n; ++seat) {
            (stakes[seat], factors[seat], clusters[seat], families[seat]) = Staked.unpack(staked[seat]);
        }
        return SeatWeights.weigh(stakes, factors, clusters, families);
    }

    /// @dev The set that is met most often: four or more, each alone, and nobody above a quarter, neither of the stakes nor of
    ///      what is believed of them. There the caps cut nothing, and the whole rule says the same for eight times the gas.
    /// @return weights by seat
    /// @return total their sum; 0 when it is another set
    function _plain(uint256[] calldata staked) private pure returns (uint256[] memory weights, uint256 total) {
        uint256 n = staked.length;
        if (n < 4) return (weights, 0);
        weights = new uint256[](n);
        uint256 held;
        uint256 largest;
        uint256 heaviest;
        // 96 bits times 14, and 32 of them.
        unchecked {
            for (uint256 seat; seat < n; ++seat) {
                uint256 word = staked[seat];
                (uint256 stake, uint256 factorBps,,) = Staked.unpack(word);
                uint256 weight = stake * (factorBps < BPS ? factorBps : BPS) / BPS;
                if (weight == 0 || !Staked.isAlone(word)) return (weights, 0);
                weights[seat] = weight;
                held += stake;
                total += weight;
                if (stake > largest) largest = stake;
                if (weight > heaviest) heaviest = weight;
            }
            if (4 * largest > held || 4 * heaviest > total) total = 0;
        }
    }
}
