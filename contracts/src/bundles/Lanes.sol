// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {BundleHashes} from "./BundleHashes.sol";
import {NO_LEG} from "./BundleTypes.sol";
import {ILanes, OtherLeg} from "./ILanes.sol";
import {TokenLimits} from "./TokenLimits.sol";

/// @dev What it promises stands at {ILanes}. Solvency is not touched: tokens move in {Escrow} alone, and here it is counted how many.
abstract contract Lanes is TokenLimits {
    uint256 private constant SPELL = 30 minutes;
    /// @dev Of an hour's limit, what must come back in a spell: a spell is half an hour, so a lane that is kept at rest takes as much
    ///      as a bucket that is kept full.
    uint256 private constant TRIP_PART = 2;

    /// @dev One slot. Of a token in units; more than fits counts as what fits.
    struct Ends {
        uint96 back;
        uint96 paid;
        uint40 spell; // in which both were counted; in any other they are nothing
    }

    struct Lane {
        Bucket bucket;
        Ends ends;
    }

    uint256 private immutable _here = block.chainid;
    mapping(uint64 chainId => mapping(address token => Lane)) private _lanes;
    mapping(bytes32 id => uint64[]) private _chains;

    /// @inheritdoc ILanes
    function setLaneLimit(uint64 chainId, address token, uint96 perHour) external {
        require(chainId != 0 && chainId != _here, Lanes_BadChain(chainId));
        Bucket storage bucket = _lanes[chainId][token].bucket;
        bool was = bucket.perHour != 0;
        uint40 strictUntil = _set(bucket, token, perHour);
        if (was && perHour == 0) --lanesLimited;
        if (!was && perHour != 0) ++lanesLimited;

        emit LaneLimitSet(chainId, token, perHour, strictUntil);
    }

    /// @inheritdoc ILanes
    function roomAcross(uint64 chainId, address token) external view returns (uint256 room) {
        Lane storage lane = _lanes[chainId][token];
        Bucket memory bucket = lane.bucket;
        if (bucket.perHour == 0) return type(uint256).max;
        uint256 limit;
        (, room, limit) = _roomIn(token, bucket);
        if (_rests(lane.ends, limit)) room = 0;
    }

    /// @inheritdoc ILanes
    function laneRestsUntil(uint64 chainId, address token) external view returns (uint40) {
        Lane storage lane = _lanes[chainId][token];
        Bucket memory bucket = lane.bucket;
        if (bucket.perHour == 0) return 0;
        (,, uint256 limit) = _roomIn(token, bucket);
        return _rests(lane.ends, limit) ? _spellEnd() : 0;
    }

    /// @inheritdoc ILanes
    function chainsOf(bytes32 id) external view returns (uint64[] memory) {
        return _chains[id];
    }

    /* INSIDE */

    /// @dev Whoever calls makes sure that `legHashes` are what the id commits to, and that the one at `index` is on this chain.
    function _learnChains(bytes32 id, bytes32[] calldata legHashes, uint8 index, OtherLeg[] calldata others) internal {
        uint64[] storage chains = _chains[id];
        if (lanesLimited == 0 || chains.length != 0) return;
        require(others.length + 1 == legHashes.length, Lanes_NotALeg(id, others.length));
        for (uint256 i; i < others.length; ++i) {
            uint256 place = i < index ? i : i + 1;
            require(_hashOf(others[i]) == legHashes[place], Lanes_NotALeg(id, place));
            uint256 chainId = others[i].chainId;
            require(chainId <= type(uint64).max, Lanes_BadChain(chainId));
            if (chainId != _here && !_has(chains, chainId)) chains.push(uint64(chainId));
        }
        // Of this chain no lane is bounded: it says that there is no other.
        if (chains.length == 0) chains.push(uint64(_here));

        emit ChainsShown(id, chains);
    }

    /// @dev Of a leg that came while a lane was bounded: counts on every lane of the bundle, or reverts.
    /// @return counts false: no lane of the bundle has a limit for the token
    function _enterAcross(bytes32 id, address token, uint96 amount) internal returns (bool counts) {
        uint64[] memory chains = _chains[id];
        require(chains.length != 0, Lanes_NotShown(id));
        for (uint256 i; i < chains.length; ++i) {
            Lane storage lane = _lanes[chains[i]][token];
            Bucket memory bucket = lane.bucket;
            if (bucket.perHour == 0) continue;
            (uint256 filled, uint256 room, uint256 limit) = _roomIn(token, bucket);
            require(!_rests(lane.ends, limit), Lanes_Resting(chains[i], token, _spellEnd()));
            require(amount <= room, Lanes_OverLimit(chains[i], token, room, amount));

            (bucket.filled, bucket.at) = (uint96(filled + amount), uint40(block.timestamp));
            lane.bucket = bucket;
            counts = true;
        }
    }

    /// @dev Counts how such a leg ended. It asks no token anything and never reverts: nothing may hold up what leaves.
    function _endAcross(bytes32 id, address token, uint96 amount, bool paid) internal {
        uint64[] memory chains = _chains[id];
        uint40 spell = uint40(block.timestamp / SPELL);
        for (uint256 i; i < chains.length; ++i) {
            Lane storage lane = _lanes[chains[i]][token];
            if (lane.bucket.perHour == 0) continue;
            Ends memory ends = lane.ends;
            if (ends.spell != spell) ends = Ends(0, 0, spell);
            if (paid) ends.paid = _plus(ends.paid, amount);
            else ends.back = _plus(ends.back, amount);
            lane.ends = ends;
        }
    }

    function _rests(Ends memory ends, uint256 limit) private view returns (bool) {
        bool isNow = ends.spell == block.timestamp / SPELL;
        return isNow && ends.back > ends.paid && ends.back >= limit / TRIP_PART;
    }

    function _spellEnd() private view returns (uint40) {
        return uint40((block.timestamp / SPELL + 1) * SPELL);
    }

    function _plus(uint96 one, uint96 other) private pure returns (uint96) {
        unchecked {
            return one + other < one ? type(uint96).max : one + other;
        }
    }

    function _has(uint64[] storage chains, uint256 chainId) private view returns (bool) {
        for (uint256 i; i < chains.length; ++i) {
            if (chains[i] == chainId) return true;
        }
        return false;
    }

    /// @dev As {BundleHashes-legHash} has it, of a leg that some escrow holds.
    function _hashOf(OtherLeg calldata leg) private pure returns (bytes32) {
        bytes32[] memory words = EfficientHashLib.malloc(13);
        words[0] = BundleHashes.LEG_TYPEHASH;
        words[1] = bytes32(leg.chainId);
        words[2] = bytes32(uint256(leg.kind));
        words[3] = bytes32(uint256(uint160(leg.target)));
        words[4] = bytes32(uint256(leg.value));
        words[5] = bytes32(uint256(leg.gasLimit));
        words[6] = leg.dataHash;
        (words[7], words[8], words[9]) = (0, 0, 0);
        words[10] = bytes32(uint256(NO_LEG));
        words[11] = 0;
        words[12] = leg.salt;
        return EfficientHashLib.hash(words);
    }
}
