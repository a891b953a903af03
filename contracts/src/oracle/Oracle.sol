// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Asking} from "./Asking.sol";
import {Disputes} from "./Disputes.sol";
import {OracleLimits} from "./IOracle.sol";
import {Ledger} from "./Ledger.sol";
import {Questions} from "./Questions.sol";
import {Reporting} from "./Reporting.sol";
import {Rewards} from "./Rewards.sol";

/// @dev What it promises and assumes stands at {IOracle}; each matter has its own file.
contract Oracle is Asking, Disputes, Rewards {
    constructor(
        address stakeManager_,
        address collateral_,
        address treasury_,
        address wiring_,
        OracleLimits memory limits
    )
        Questions(limits)
        Ledger(collateral_, wiring_)
        Asking(limits)
        Reporting(stakeManager_, limits)
        Rewards(treasury_, limits)
    {}
}
