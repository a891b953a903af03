// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev Stands in for the wiring: names addresses, as often as a test likes.
contract TestWiring {
    mapping(bytes32 name => address) private _named;

    function set(bytes32 name, address account) external {
        _named[name] = account;
    }

    function ladder() external view returns (address) {
        return _named["ladder"];
    }

    function court() external view returns (address) {
        return _named["court"];
    }

    function guard() external view returns (address) {
        return _named["guard"];
    }

    function slasher() external view returns (address) {
        return _named["slasher"];
    }
}

/// @dev Stands in for the guard: pauses one after the other, whoever calls.
contract TestGuard {
    struct Pause {
        uint40 from;
        uint40 until;
    }

    Pause[] private _pauses;

    function pause(uint40 seconds_) external {
        _pauses.push(Pause(uint40(block.timestamp), uint40(block.timestamp) + seconds_));
    }

    function lastPause() external view returns (uint32 number, uint40 until) {
        if (_pauses.length == 0) return (0, 0);
        return (uint32(_pauses.length), _pauses[_pauses.length - 1].until);
    }

    function clock() external view returns (uint40) {
        return clockAt(uint40(block.timestamp));
    }

    function clockAt(uint40 at) public view returns (uint40) {
        uint40 paused;
        for (uint256 i; i < _pauses.length; ++i) {
            Pause memory one = _pauses[i];
            if (at > one.from) paused += (at < one.until ? at : one.until) - one.from;
        }
        return at - paused;
    }
}
