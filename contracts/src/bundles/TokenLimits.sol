// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IEscrow} from "./IEscrow.sol";

/// @dev A bucket for each token that has a limit: it holds an hour's worth and drains evenly. Should attesters ever lie, no more
///      than that hangs on what they say of an hour. What drains is rounded down, so never more than the limit enters.
/// @dev A limit of next to nothing would be a pause, and a pause ends by itself: a strict limit holds as it was set for
///      72 hours, and not again until 72 more have passed. From then on it is never below a thousandth of what there is of
///      the token. That time is the token's: buckets of its lanes have the same ({Lanes}).
/// @dev What leaves gives no room back. Were it given back for what goes back to payers, a lie could take the limit again and again: who
///      paid in has his own back by a false decision, and other chains pay him by the right one. So it is no leg that counts
///      which leaves in the transaction that held it, or a bucket could be filled with what a flash loan lends.
abstract contract TokenLimits is IEscrow {
    uint40 private constant WINDOW = 1 hours;
    uint256 private constant STRICT_HOURS = 72;
    uint256 private constant FLOOR_PART = 1_000;

    /// @dev One slot.
    struct Bucket {
        uint96 perHour; // 0: no limit
        uint96 filled;
        uint40 at; // unix seconds of `filled`
        uint24 strictUntil; // of the token's own: hours since 1970, by which it fits in here; 0: never was
    }

    address public immutable governor;
    /// @dev Of {Lanes}, and here because it shares a slot with the pause, which whoever prepares reads in any case.
    uint32 public lanesLimited;
    mapping(address token => Bucket) private _buckets;
    /// @dev In this transaction, any leg: so where nothing was counted no leg is looked up.
    bool internal transient counted;

    constructor(address governor_) {
        governor = governor_;
    }

    /// @inheritdoc IEscrow
    function setLimit(address token, uint96 perHour) external {
        Bucket storage bucket = _buckets[token];
        uint40 strictUntil = _set(bucket, token, perHour);
        emit LimitSet(token, perHour, strictUntil);
    }

    /// @inheritdoc IEscrow
    function roomFor(address token) public view returns (uint256 room) {
        Bucket memory bucket = _buckets[token];
        if (bucket.perHour == 0) return type(uint256).max;
        (, room,) = _roomIn(token, bucket);
    }

    /// @return counts false: the token has no limit
    function _enter(address token, uint96 amount) internal returns (bool counts) {
        Bucket memory bucket = _buckets[token];
        if (bucket.perHour == 0) return false;
        (uint256 filled, uint256 room,) = _roomIn(token, bucket);
        require(amount <= room, Escrow_OverLimit(token, room, amount));

        (bucket.filled, bucket.at) = (uint96(filled + amount), uint40(block.timestamp));
        _buckets[token] = bucket;
        return true;
    }

    /// @dev Until this transaction ends. An id is a hash, so nobody finds one that is less than an index from another, or from zero.
    function _markCounted(bytes32 id, uint8 index) internal {
        counted = true;
        assembly ("memory-safe") {
            tstore(add(id, index), 1)
        }
    }

    /// @dev Whether the leg was held in this transaction, and counts.
    function _justCounted(bytes32 id, uint8 index) internal view returns (bool just) {
        assembly ("memory-safe") {
            just := tload(add(id, index))
        }
    }

    /// @dev Of the token's own bucket, or of one of its lanes.
    /// @return strictUntil unix second
    function _set(Bucket storage bucket, address token, uint96 perHour) internal returns (uint40 strictUntil) {
        require(msg.sender == governor, Escrow_NotGovernor(msg.sender));
        Bucket memory known = bucket;
        (bucket.filled, bucket.at) = (uint96(_filled(known, _limitOf(token, known))), uint40(block.timestamp));
        bucket.perHour = perHour;
        uint24 strict = _buckets[token].strictUntil;
        uint256 hour = block.timestamp / 1 hours; // rounded down: so strict for 72 hours at most
        if (perHour != 0 && hour >= uint256(strict) + STRICT_HOURS) {
            strict = uint24(hour + STRICT_HOURS);
            _buckets[token].strictUntil = strict;
        }
        strictUntil = uint40(strict) * 1 hours;
    }

    function _roomIn(address token, Bucket memory bucket)
        internal
        view
        returns (uint256 filled, uint256 room, uint256 limit)
    {
        limit = _limitOf(token, bucket);
        filled = _filled(bucket, limit);
        room = filled < limit ? limit - filled : 0;
    }

    function _filled(Bucket memory bucket, uint256 limit) private view returns (uint256) {
        uint256 drained = limit * (block.timestamp - bucket.at) / WINDOW;
        return drained < bucket.filled ? bucket.filled - drained : 0;
    }

    /// @dev Units an hour. At most what a leg can move, which bounds nothing: so of a token that does not say how much there
    ///      is of it, since it could be a limit of next to nothing.
    function _limitOf(address token, Bucket memory bucket) private view returns (uint256 limit) {
        limit = bucket.perHour;
        if (block.timestamp < uint256(_buckets[token].strictUntil) * 1 hours) return limit;
        uint256 supply = type(uint256).max;
        assembly ("memory-safe") {
            mstore(0, 0x18160ddd) // totalSupply()
            if and(gt(returndatasize(), 31), staticcall(gas(), token, 28, 4, 0, 32)) { supply := mload(0) }
        }
        uint256 least = supply / FLOOR_PART;
        if (least > limit) limit = least < type(uint96).max ? least : type(uint96).max;
    }
}
