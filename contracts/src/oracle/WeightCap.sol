// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibSort} from "solady/utils/LibSort.sol";

/// @dev How much of a stake counts. One provider must not outvote the rest however rich he is, nor many poor ones the few
///      who hold the stake. Why a quarter and no tighter: docs/decisions/weight-cap.md.
/// @dev Let h honest providers stake S each, and any number of others D together (n >= 4 in all).
///      h >= 4: 4 * S <= h * S, so no honest stake is cut, and the others weigh at most their share of stake.
///      h = 3:  D >= S cuts no honest stake either; D < S gives c = D, four times D in all, and the others a quarter.
///      So below a third of stake they never reach a third of weight. With fewer honest they do, however small D is:
///      h = 2 gives c = D / 2 and them a half, a veto; h = 1 gives c = D / 3 and them three quarters, a quorum.
library WeightCap {
    /// @notice The largest c with c * k <= sum of min(stake, c): water poured over the stakes up to level c.
    /// @dev Rounds down, so a capped provider holds at most 1/k of the weight.
    function capOf(uint256[] memory stakes) internal pure returns (uint256 cap) {
        uint256 n = stakes.length;
        if (n == 0) return 0;
        uint256 k = n < 4 ? n : 4;
        uint256[] memory sorted = LibSort.copy(stakes);
        LibSort.sort(sorted);
        uint256 below; // sum of the stakes that the cap leaves whole
        for (uint256 i; i < n; ++i) {
            below += sorted[i];
        }
        // With the `capped` largest cut to c, c * k <= capped * c + below. The first c that cuts nobody else is it.
        // Ends at the latest with capped = k - 1: there c is the sum of all others.
        for (uint256 capped; capped < k; ++capped) {
            uint256 largest = sorted[n - 1 - capped];
            cap = below / (k - capped);
            if (cap >= largest) break;
            below -= largest;
        }
    }
}
