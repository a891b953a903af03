// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {
    OptimisticOracleV3CallbackRecipientInterface
} from "@uma/core/contracts/optimistic-oracle-v3/interfaces/OptimisticOracleV3CallbackRecipientInterface.sol";
import {
    OptimisticOracleV3Interface
} from "@uma/core/contracts/optimistic-oracle-v3/interfaces/OptimisticOracleV3Interface.sol";

/// @dev A consumer written for UMA's optimistic oracle: pays a cover when the claim that it rained is asserted truthfully.
///      It knows nothing of Sooth.
contract RainCover is OptimisticOracleV3CallbackRecipientInterface {
    OptimisticOracleV3Interface private immutable oracle;
    IERC20 private immutable currency;
    address private immutable insured;
    uint256 private immutable sum;

    bytes32 public assertion;
    bool public disputed;
    bool public paid;
    bool public refused;

    constructor(OptimisticOracleV3Interface oracle_, IERC20 currency_, address insured_, uint256 sum_) {
        (oracle, currency, insured, sum) = (oracle_, currency_, insured_, sum_);
    }

    /// @dev Whoever claims brings the bond.
    function claim() external returns (bytes32) {
        uint256 bond = oracle.getMinimumBond(address(currency));
        currency.transferFrom(msg.sender, address(this), bond);
        currency.approve(address(oracle), bond);
        assertion = oracle.assertTruth(
            "It rained in Haifa on 16 June 2025.",
            msg.sender,
            address(this),
            address(0),
            7_200,
            currency,
            bond,
            oracle.defaultIdentifier(),
            bytes32(0)
        );
        return assertion;
    }

    function assertionResolvedCallback(bytes32 assertionId, bool assertedTruthfully) external {
        require(msg.sender == address(oracle) && assertionId == assertion && !paid && !refused, "callback");
        if (!assertedTruthfully) {
            refused = true;
            return;
        }
        paid = true;
        currency.transfer(insured, sum);
    }

    function assertionDisputedCallback(bytes32 assertionId) external {
        require(msg.sender == address(oracle) && assertionId == assertion, "callback");
        disputed = true;
    }
}
