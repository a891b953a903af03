// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Cases} from "./Cases.sol";
import {LadderWindows} from "./ILadder.sol";
import {ILadderOracle, ILadderStakes} from "./ILadderNeeds.sol";
import {Juries} from "./Juries.sol";
import {Rereports} from "./Rereports.sol";

/// @dev What it promises and assumes stands at {ILadder}; each matter has its own file.
contract Ladder is Rereports {
    uint256 private constant TIERS = 3;
    /// A pause is no longer than this, and stops the court clock.
    uint256 private constant MOST_PAUSED = 72 hours;

    constructor(
        address oracle_,
        address stakeManager_,
        address wiring_,
        address insurance_,
        LadderWindows memory windows
    ) Cases(oracle_, stakeManager_, wiring_, insurance_) Juries(windows) {
        // Who signed must be bound until the last ruling that can slash him: while anybody may object, and then all the
        // way up; a pause may fall into either.
        uint256 wanted = uint256(ILadderOracle(oracle_).MAX_LIVENESS()) + windows.rereport + TIERS
            * (uint256(windows.jury) + windows.appeal) + 2 * MOST_PAUSED;
        uint256 unbonding = ILadderStakes(stakeManager_).UNBONDING_SECONDS();
        require(unbonding >= wanted, Ladder_BadWindows(unbonding, wanted));
    }
}
