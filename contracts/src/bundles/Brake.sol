// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IBrake} from "./IBrake.sol";

/// @dev What it promises stands at {IBrake}.
abstract contract Brake is IBrake {
    uint40 public constant MOST_PAUSE = 72 hours;
    uint40 public constant COOL_DOWN = 72 hours;

    address public immutable guardian;
    uint40 public pausedUntil;

    constructor(address guardian_) {
        guardian = guardian_;
    }

    /// @inheritdoc IBrake
    function pause(uint40 seconds_) external {
        require(msg.sender == guardian, Brake_NotGuardian(msg.sender));
        require(seconds_ <= MOST_PAUSE, Brake_TooLong(seconds_, MOST_PAUSE));
        uint40 last = pausedUntil;
        if (last != 0) require(block.timestamp >= last + COOL_DOWN, Brake_TooSoon(last + COOL_DOWN));

        pausedUntil = uint40(block.timestamp) + seconds_;

        emit Paused(msg.sender, uint40(block.timestamp) + seconds_);
    }

    function _isPaused() internal view returns (bool) {
        return block.timestamp < pausedUntil;
    }
}
