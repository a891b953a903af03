// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev What a stake must fulfil, in one word that the staker hands in with the market: so a stake reads no terms. From the low
///      bits up:
///
///   0..39     closesAt, unix seconds: no stake from then on
///   40..79    revealsUntil; equals closesAt where stances are open
///   80..119   quietFrom; from then on stakes are small, so that copying the crowd at the last second pays little
///   120..164  least stake, smallest units of collateral
///   165..209  most
///   210..254  most while quiet
///
/// A market's id is the hash of its terms' hash and its door. Who stakes through another door than the terms make stakes in a
/// market that nobody announced, and has his stake back when it expires.
type Door is uint256;

using Doors for Door global;

library Doors {
    uint256 private constant AMOUNT_MASK = (1 << 45) - 1;

    /// @dev Each argument within its field.
    function door(
        uint256 closesAt_,
        uint256 revealsUntil_,
        uint256 quietFrom_,
        uint256 least_,
        uint256 most_,
        uint256 quietMost_
    ) internal pure returns (Door) {
        return Door.wrap(
            quietMost_ << 210 | most_ << 165 | least_ << 120 | quietFrom_ << 80 | revealsUntil_ << 40 | closesAt_
        );
    }

    function closesAt(Door door_) internal pure returns (uint40) {
        return uint40(Door.unwrap(door_));
    }

    function revealsUntil(Door door_) internal pure returns (uint40) {
        return uint40(Door.unwrap(door_) >> 40);
    }

    function isHidden(Door door_) internal pure returns (bool) {
        return door_.revealsUntil() != door_.closesAt();
    }

    function least(Door door_) internal pure returns (uint256) {
        return Door.unwrap(door_) >> 120 & AMOUNT_MASK;
    }

    /// @notice The most that one may stake at unix second `now_`.
    function mostAt(Door door_, uint256 now_) internal pure returns (uint256) {
        uint256 word = Door.unwrap(door_);
        return (now_ >= uint40(word >> 80) ? word >> 210 : word >> 165) & AMOUNT_MASK;
    }
}
