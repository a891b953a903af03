// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Outcome} from "../../src/bundles/BundleTypes.sol";
import {Escrow} from "../../src/bundles/Escrow.sol";
import {LaneStage} from "./LaneStage.sol";
import {TestToken} from "../doubles/Tokens.sol";

/// @dev Whatever payers, a hub and the governor can do to the lanes of an escrow, in any order. Its books count what entered, what ended and
///      when by themselves, and say what each call should have done.
contract LaneHandler is LaneStage {
    struct Log {
        uint256 at;
        uint256 amount;
    }

    /// @dev Encoded {Crossing}s.
    bytes[] private _made;
    bool[] private _held;
    /// @dev By chain: what entered while one limit held, that limit, and since when.
    mapping(uint64 => Log[]) private _entered;
    mapping(uint64 => uint96) private _limit;
    mapping(uint64 => mapping(uint256 spell => uint256)) private _back;
    mapping(uint64 => mapping(uint256 spell => uint256)) private _paid;
    uint256 public heldNow;
    uint256 public wrong;
    string public why;

    function start() external {
        setUp();
        // A floor far below every limit that is set here: bounds are as they were set.
        token.mint(alice, 1_000_000_000e6);
    }

    function contracts() external view returns (Escrow, TestToken) {
        return (escrow, token);
    }

    /// @notice How many lanes have a limit by these books.
    function bounded() external view returns (uint256) {
        return (_limit[THERE] != 0 ? 1 : 0) + (_limit[YONDER] != 0 ? 1 : 0);
    }

    function bound(bool yonder, uint96 perHour) external {
        uint64 chainId = yonder ? YONDER : THERE;
        // Zero at times; never below the floor, a thousandth of the supply of 1,001,001,000e6.
        perHour = perHour % 5 == 0 ? 0 : uint96(_bound(perHour, 1_100_000e6, 2_000_000e6));
        _limitLane(chainId, perHour);
        delete _entered[chainId];
        _limit[chainId] = perHour;
    }

    function pay(uint96 amount, uint8 where, bool shows) external {
        amount = uint96(_bound(amount, 1, 900_000e6));
        Crossing memory one =
            _crossing(amount, uint64(_made.length), where % 3 == 0 ? _toBoth() : _to(where % 3 == 1 ? THERE : YONDER));
        bool counts = escrow.lanesLimited() != 0;
        bool done;
        if (shows || where % 4 != 0) {
            try this.across(one) {
                done = true;
            } catch {}
        } else {
            try this.plain(one) {
                done = true;
                if (counts) _fault("held though nobody showed where else it is");
            } catch {
                if (!counts) _fault("refused though no lane is bounded");
                return;
            }
        }
        bool fits = true;
        for (uint256 i; i < one.others.length; ++i) {
            fits = fits && _mayEnter(uint64(one.others[i].chainId), amount, done);
        }
        if (!done) {
            // What the bucket still holds of before its limit was changed only it knows: so no more can be said of what was refused.
            if (!counts) _fault("refused though no lane is bounded");
            return;
        }
        if (!fits) _fault("held more than a lane takes");
        _made.push(abi.encode(one));
        _held.push(true);
        heldNow += amount;
        for (uint256 i; i < one.others.length; ++i) {
            _entered[uint64(one.others[i].chainId)].push(Log(block.timestamp, amount));
        }
    }

    function across(Crossing memory one) external {
        _prepareAcross(one);
    }

    function plain(Crossing memory one) external {
        _preparePlain(one);
    }

    function end(uint256 which, bool commit) external {
        if (_made.length == 0) return;
        which %= _made.length;
        if (!_held[which]) return;
        Crossing memory one = abi.decode(_made[which], (Crossing));
        bool known = escrow.chainsOf(one.id).length != 0;
        try this.ending(one, commit) {
            _held[which] = false;
            heldNow -= one.mine.value;
        } catch {
            _fault("what is held did not leave");
            return;
        }
        for (uint256 i; known && i < one.others.length; ++i) {
            uint64 chainId = uint64(one.others[i].chainId);
            if (_limit[chainId] == 0) continue;
            uint256 spell = block.timestamp / 30 minutes;
            if (commit) _paid[chainId][spell] += one.mine.value;
            else _back[chainId][spell] += one.mine.value;
        }
    }

    function ending(Crossing memory one, bool commit) external {
        _end(one, commit ? Outcome.Committed : Outcome.Aborted);
    }

    function takeBack(uint256 which) external {
        if (_made.length == 0) return;
        which %= _made.length;
        if (!_held[which]) return;
        Crossing memory one = abi.decode(_made[which], (Crossing));
        uint256 from = uint256(one.header.deadline) + ESCAPE + 1;
        if (block.timestamp < from) vm.warp(from);
        try escrow.takeBack(one.header, 0, one.mine, 0) {
            _held[which] = false;
            heldNow -= one.mine.value;
        } catch {
            _fault("not taken back after the escape");
        }
    }

    function wait_(uint16 seconds_) external {
        vm.warp(block.timestamp + seconds_ % 1 hours);
    }

    /* INSIDE */

    /// @dev Whether these books say that a lane took it rightly: it did not rest, and no more entered since any time than an hour's
    ///      limit and what drained from then on.
    function _mayEnter(uint64 chainId, uint256 amount, bool done) private view returns (bool) {
        uint256 limit = _limit[chainId];
        if (limit == 0 || !done) return true;
        uint256 spell = block.timestamp / 30 minutes;
        (uint256 back, uint256 paid) = (_back[chainId][spell], _paid[chainId][spell]);
        if (back > paid && back >= limit / 2) return false;
        Log[] storage log = _entered[chainId];
        uint256 sum = amount;
        for (uint256 i = log.length; i != 0; --i) {
            sum += log[i - 1].amount;
            if (sum > limit + limit * (block.timestamp - log[i - 1].at) / 1 hours + log.length) return false;
        }
        return sum == amount ? amount <= limit : true;
    }

    function _fault(string memory what) private {
        ++wrong;
        why = what;
    }
}
