// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Asking} from "./Asking.sol";
import {Disputes} from "./Disputes.sol";
import {OracleLimits} from "./IOracle.sol";
import {Ledger} from "./Ledger.sol";
import {Questions} from "./Questions.sol";
import {Reporting} from "./Reporting.sol";
import {Rewards} from "./Rewards.sol";
import {Vetoes} from "./Vetoes.sol";

/// @dev What it promises and assumes stands at {IOracle}; each matter has its own file.
/// @dev The compiler tries functions in the order of their selectors, 22 gas for each before `get`: so what nobody needs to
///      be quick, and has a choice of names, has one that comes later.
contract Oracle is Asking, Disputes, Rewards, Vetoes {
    constructor(
        address stakes_,
        address collateral_,
        address treasury_,
        address wiring_,
        OracleLimits memory limits
    )
        Questions(limits)
        Ledger(collateral_, wiring_)
        Asking(limits)
        Reporting(stakes_, limits)
        Rewards(treasury_, limits)
    {}
}
