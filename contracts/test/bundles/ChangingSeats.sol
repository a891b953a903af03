// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Attesters} from "../../src/bundles/Attesters.sol";
import {Signed} from "../../src/bundles/IAttesters.sol";
import {HubStage} from "./HubStage.sol";

/// @dev Attesters who come and go. All have the same weight; who sat in an epoch signs in it with his own key, wherever he sat.
abstract contract ChangingSeats is HubStage {
    uint256 internal _joined = SEATS;
    mapping(address signer => uint256) private _numbers;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i; i < SEATS; ++i) {
            _numbers[_signer(i)] = i;
        }
    }

    /// @dev Somebody new comes; the next epoch seats him.
    function _welcome() internal {
        _join(_joined, STAKE);
        _numbers[_signer(_joined)] = _joined;
        ++_joined;
    }

    function _leave(uint256 number) internal {
        vm.prank(_ownerKey(number));
        stakes.leave();
    }

    /// @dev By who has the seats in that epoch.
    function _signed(Attesters by, uint32 epoch, bytes32 root, uint256 seats)
        internal
        view
        override
        returns (Signed memory)
    {
        return _signedUntil(by, epoch, uint40(block.timestamp) + VALIDITY, root, seats);
    }

    function _signedUntil(Attesters by, uint32 epoch, uint40 until, bytes32 root, uint256 seats)
        internal
        view
        returns (Signed memory)
    {
        bytes32 digest = by.digestOf(epoch, until, root);
        (, uint256[] memory sitting) = _seats(epoch);
        bytes memory packed;
        for (uint256 seat; seat < sitting.length; ++seat) {
            if (seats >> seat & 1 == 0) continue;
            (bytes32 r, bytes32 vs) = vm.signCompact(_key(_numberAt(sitting[seat])), digest);
            packed = bytes.concat(packed, r, vs);
        }
        return Signed(epoch, until, seats, packed);
    }

    /// @dev Which seats of an epoch are those of providers, given as bits of their numbers.
    function _seatsBy(uint32 epoch, uint256 providers) internal view returns (uint256 seats) {
        (, uint256[] memory sitting) = _seats(epoch);
        for (uint256 seat; seat < sitting.length; ++seat) {
            if (providers >> _numberAt(sitting[seat]) & 1 == 1) seats |= 1 << seat;
        }
    }

    /// @dev Who sits in an epoch of the stake manager's.
    function _seats(uint32 epoch) internal view returns (uint256 total, uint256[] memory seats) {
        bytes memory code = stakes.signerSetOf(0, epoch).code;
        seats = new uint256[](code.length / 32 - 1);
        assembly ("memory-safe") {
            total := mload(add(code, 33))
        }
        for (uint256 i; i < seats.length; ++i) {
            uint256 word;
            assembly ("memory-safe") {
                word := mload(add(add(code, 65), shl(5, i)))
            }
            seats[i] = word;
        }
    }

    function _numberAt(uint256 seat) private view returns (uint256) {
        return _numbers[address(uint160(seat >> 96))];
    }
}
