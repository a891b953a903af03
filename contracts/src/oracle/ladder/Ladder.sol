// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Cases} from "./Cases.sol";
import {LadderWindows} from "./ILadder.sol";
import {ILadderOracle, ILadderStakes} from "./ILadderNeeds.sol";
import {Juries} from "./Juries.sol";
import {Rereports} from "./Rereports.sol";

/// @dev What it promises and assumes stands at {ILadder}; each matter has its own file.
contract Ladder is Rereports {
    /// Juries, one after the other. As many times to appeal: against a re-report that confirms, against the first jury and
    /// against the second. Nobody appeals against the third.
    uint256 private constant TIERS = 3;
    /// A breaker doubles the time to object.
    uint256 private constant SLOW = 2;
    /// An answer, and what a re-report or a dismissal makes of it, may each be objected to, and after each objection there
    /// is time to report anew: first to correct the answer, then to stand by the correction.
    uint256 private constant ROUNDS = 2;
    /// A pause is no longer than this, stops the court clock, and none follows it sooner than after as long.
    uint256 private constant MOST_PAUSED = 72 hours;

    constructor(
        address oracle_,
        address stakeManager_,
        address wiring_,
        address insurance_,
        LadderWindows memory windows
    ) Cases(oracle_, stakeManager_, wiring_, insurance_) Juries(windows) {
        // Who signed must be bound until the last ruling that can slash him: while anybody may object and providers report
        // anew, to the answer and to what was made of it, and then all the way up. A pause may begin at once, and another
        // after each 72 hours of it.
        uint256 longest = ILadderOracle(oracle_).MAX_LIVENESS();
        uint256 wanted =
            ROUNDS * (SLOW * longest + windows.rereport) + TIERS * (uint256(windows.jury) + windows.appeal);
        // A veto, of one of the answers.
        wanted += longest / 2;
        wanted += (wanted + MOST_PAUSED - 1) / MOST_PAUSED * MOST_PAUSED;
        uint256 unbonding = ILadderStakes(stakeManager_).UNBONDING_SECONDS();
        require(unbonding >= wanted, Ladder_BadWindows(unbonding, wanted));
    }
}
