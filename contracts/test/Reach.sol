// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {InvariantTest} from "./Test.sol";

/// @dev What a handler has done, by name. Invariants that hold because nothing ever happens hold nothing.
abstract contract Reach {
    mapping(string what => uint256) public reached;

    function _reach(string memory what) internal {
        ++reached[what];
    }
}

/// @dev Base of stateful tests whose handler takes words alone, so that its actions may also be drawn here.
abstract contract ReachTest is InvariantTest {
    bytes4[] internal _selectors;
    Reach[] private _played;
    string private _missed;
    string private _counts;

    function _often(uint256 times, bytes4 selector) internal {
        for (uint256 i; i < times; ++i) {
            _selectors.push(selector);
        }
    }

    /// @return a handler that has done nothing yet
    function _fresh() internal virtual returns (Reach);

    /// @dev As the fuzzer does it, but the same every time: handlers that act so often each, with whatever arguments.
    function _play(uint256 handlers, uint256 calls) internal {
        for (uint256 h; h < handlers; ++h) {
            _played.push(_fresh());
            for (uint256 i; i < calls; ++i) {
                _act(address(_played[h]), keccak256(abi.encode(h, i)));
            }
        }
    }

    /// @dev More words than an action takes are passed over.
    function _act(address handler, bytes32 dice) private {
        bytes4 action = _selectors[uint256(dice) % _selectors.length];
        bytes memory words = abi.encode(_word(dice, 1), _word(dice, 2), _word(dice, 3), _word(dice, 4));
        (bool done, bytes memory why) = handler.call(bytes.concat(action, words));
        if (done) return;
        assembly ("memory-safe") {
            revert(add(why, 32), mload(why))
        }
    }

    /// @dev Fails at the end of the list, so that it tells of all that were missed.
    function _count(string memory what) internal {
        uint256 count;
        for (uint256 h; h < _played.length; ++h) {
            count += _played[h].reached(what);
        }
        if (count == 0) _missed = string.concat(_missed, what, "; ");
        _counts = string.concat(_counts, what, " ", vm.toString(count), "; ");
    }

    function _mustHaveReachedAll() internal view {
        vm.assertTrue(bytes(_missed).length == 0, string.concat("missed ", _missed, "of ", _counts));
    }

    function _word(bytes32 dice, uint256 place) private pure returns (bytes32) {
        return keccak256(abi.encode(dice, place));
    }
}
