// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibSort} from "solady/utils/LibSort.sol";

/// @dev How much of a stake counts. One provider must not outvote the rest however rich he is.
library WeightCap {
    /// @notice The largest c with c * k <= sum of min(stake, c): water poured over the stakes up to level c.
    /// @dev Rounds down, so a capped provider holds at most 1/k of the weight.
    function capOf(uint256[] memory stakes) internal pure returns (uint256 cap) {
        uint256 n = stakes.length;
        if (n == 0) return 0;
        uint256 k = n >= 8 ? 7 : n >= 4 ? 4 : n;
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
