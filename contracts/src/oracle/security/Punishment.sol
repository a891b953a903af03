// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IStakeManager} from "../IStakeManager.sol";
import {SlashRule} from "../rules/SlashRule.sol";
import {ISlasher} from "./ISlasher.sol";
import {IWiring} from "./IWiring.sol";

/// @dev How much a fault takes, and the memory that this needs: what an owner lost in this epoch's time, and his series.
abstract contract Punishment is ISlasher {
    IWiring public immutable wiring;
    IStakeManager public immutable stakeManager;
    uint40 public immutable PERIOD_SECONDS;

    /// @dev What was taken without a court since `from`, of what was held then.
    struct Period {
        uint40 from;
        uint96 held;
        uint96 taken;
    }

    struct Series {
        uint8 overturned; // earlier ones, each within 90 days of the next
        uint40 overturnedAt;
        uint40 outsideAt;
    }

    mapping(address owner => Period) private _periods;
    mapping(address owner => Series) internal _series;
    /// @dev Numbers outside tolerance that were shown; some of them cost nothing, and are shown once all the same. And of a
    ///      juror who said in time that he holds a position: that he was missing.
    mapping(address owner => mapping(bytes32 fault => bool)) internal _shown;

    constructor(address wiring_, address stakeManager_, uint40 periodSeconds) {
        wiring = IWiring(wiring_);
        stakeManager = IStakeManager(stakeManager_);
        PERIOD_SECONDS = periodSeconds;
    }

    /// @dev Nothing of it reverts because of the owner's state.
    function _takePpm(address owner, uint256 ppm, address challenger, bytes32 fault, bool byCourt)
        internal
        returns (uint96)
    {
        uint256 amount = SlashRule.amountOf(stakeManager.providerOf(owner).stake, ppm);
        if (byCourt) return stakeManager.slash(owner, uint96(amount), challenger, fault);
        return _takeAmount(owner, amount, challenger, fault);
    }

    function _ban(address owner) internal {
        address[] memory owners = new address[](1);
        owners[0] = owner;
        stakeManager.ban(owners);
    }

    /// @dev Without a court, so never more than the period allows.
    function _takeAmount(address owner, uint256 amount, address challenger, bytes32 fault)
        internal
        returns (uint96 taken)
    {
        uint256 stake = stakeManager.providerOf(owner).stake;
        Period memory period = _periods[owner];
        if (block.timestamp >= period.from + PERIOD_SECONDS) {
            period = Period({from: uint40(block.timestamp), held: uint96(stake), taken: 0});
        }
        amount = SlashRule.allowed(amount, stake, period.held, period.taken, false);
        if (amount == 0) return 0;
        taken = stakeManager.slash(owner, uint96(amount), challenger, fault);
        period.taken += taken;
        _periods[owner] = period;
    }
}
