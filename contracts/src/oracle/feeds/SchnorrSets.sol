// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SSTORE2} from "solady/utils/SSTORE2.sol";
import {SignerSet, SignerSets} from "../SignerSet.sol";
import {IFeeds} from "./IFeeds.sol";
import {Point, Secp256k1} from "./Secp256k1.sol";

/// @dev The keys of a signer set as curve points, in the code of a contract: total weight, x and y of the sum of all
///      keys, then x, y and weight per seat.
library SchnorrSets {
    using SignerSets for SignerSet;

    uint256 internal constant HEADER = 96;
    uint256 internal constant SEAT = 96;

    /// @param points x, y per seat, in seat order
    /// @param inverse 1/z of their sum as {Secp256k1.add} builds it in that order
    function write(SignerSet memory set, uint256[] calldata points, uint256 inverse) internal returns (address blob) {
        require(set.count != 0 && points.length == 2 * set.count, IFeeds.Feeds_BadPoint(set.count));
        uint256[] memory words = new uint256[](3 * (set.count + 1));
        Point memory sum;
        for (uint256 seat; seat < set.count; ++seat) {
            (uint256 x, uint256 y) = (points[2 * seat], points[2 * seat + 1]);
            (address signer, uint96 weight) = set.seatAt(seat);
            require(Secp256k1.addressOf(x, y) == signer, IFeeds.Feeds_BadPoint(seat));
            Secp256k1.add(sum, x, y);
            (words[3 * seat + 3], words[3 * seat + 4], words[3 * seat + 5]) = (x, y, weight);
        }
        words[0] = set.totalWeight();
        bool known;
        (words[1], words[2], known) = Secp256k1.toAffine(sum, inverse);
        require(known, IFeeds.Feeds_BadPoint(set.count));
        return SSTORE2.write(abi.encodePacked(words));
    }

    /// @return start where the total weight lies in memory; the rest follows
    /// @return count seats
    function read(address blob) internal view returns (uint256 start, uint256 count) {
        assembly ("memory-safe") {
            let size := sub(extcodesize(blob), 1) // 1: the STOP byte
            start := mload(0x40)
            extcodecopy(blob, start, 1, size)
            count := sub(div(size, SEAT), 1)
            mstore(0x40, add(start, size))
        }
    }
}
