// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IEscrow} from "./IEscrow.sol";

/// @dev A bucket for each token that has a limit: it holds an hour's worth and drains evenly. Should attesters ever lie, no more
///      than that hangs on what they say of an hour. What drains is rounded down, so never more than the limit enters.
abstract contract TokenLimits is IEscrow {
    uint40 private constant WINDOW = 1 hours;

    /// @dev One slot.
    struct Bucket {
        uint96 perHour; // 0: no limit
        uint96 filled;
        uint40 at; // unix seconds of `filled`
    }

    address public immutable governor;
    mapping(address token => Bucket) private _buckets;

    constructor(address governor_) {
        governor = governor_;
    }

    /// @inheritdoc IEscrow
    function setLimit(address token, uint96 perHour) external {
        require(msg.sender == governor, Escrow_NotGovernor(msg.sender));
        Bucket memory bucket = _buckets[token];

        _buckets[token] = Bucket({perHour: perHour, filled: uint96(_filled(bucket)), at: uint40(block.timestamp)});

        emit LimitSet(token, perHour);
    }

    /// @inheritdoc IEscrow
    function roomFor(address token) public view returns (uint256) {
        Bucket memory bucket = _buckets[token];
        if (bucket.perHour == 0) return type(uint256).max;
        uint256 filled = _filled(bucket);
        return filled < bucket.perHour ? bucket.perHour - filled : 0;
    }

    function _enter(address token, uint96 amount) internal {
        Bucket memory bucket = _buckets[token];
        if (bucket.perHour == 0) return;
        uint256 filled = _filled(bucket);
        uint256 room = filled < bucket.perHour ? bucket.perHour - filled : 0;
        require(amount <= room, Escrow_OverLimit(token, room, amount));

        (bucket.filled, bucket.at) = (uint96(filled + amount), uint40(block.timestamp));
        _buckets[token] = bucket;
    }

    function _filled(Bucket memory bucket) private view returns (uint256) {
        uint256 drained = uint256(bucket.perHour) * (block.timestamp - bucket.at) / WINDOW;
        return drained < bucket.filled ? bucket.filled - drained : 0;
    }
}
