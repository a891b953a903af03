// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

/// @dev A consumer as many stand on chain: lends against a price of Chainlink's, and knows nothing of Sooth.
contract PriceGuard {
    AggregatorV3Interface private immutable feed;
    uint256 private immutable maxAge;

    constructor(AggregatorV3Interface feed_, uint256 maxAge_) {
        feed = feed_;
        maxAge = maxAge_;
    }

    /// @return dollars what `amount` (18 decimals) is worth, 18 decimals, rounded down
    function worth(uint256 amount) external view returns (uint256 dollars) {
        (uint80 round, int256 price,, uint256 updatedAt, uint80 answeredIn) = feed.latestRoundData();
        require(price > 0, "price");
        require(updatedAt != 0 && block.timestamp - updatedAt <= maxAge, "stale");
        require(answeredIn >= round, "round");
        return amount * uint256(price) / 10 ** feed.decimals();
    }
}
