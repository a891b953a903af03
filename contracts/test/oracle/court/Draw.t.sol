// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SignerSet} from "../../../src/oracle/SignerSet.sol";
import {Draw} from "../../../src/oracle/court/Draw.sol";
import {Test} from "../../Test.sol";

contract DrawTest is Test {
    using Draw for uint256;

    /* DRAW */

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 128
    /// forge-config: long.fuzz.runs = 5000
    function testFuzz_EqualsDrawingAgain(uint256 seed, uint256 count, uint256 size, uint256 excluded) external pure {
        (uint256[] memory weights, uint256 out, uint256 seats) = _case(seed, count, size, excluded);
        uint256[] memory holdings = Draw.draw(_set(weights), out, seats, bytes32(seed));
        uint256[] memory wanted = _slowly(weights, out, seats, bytes32(seed));
        for (uint256 i; i < weights.length; ++i) {
            vm.assertEq(holdings[i].seats(), wanted[i]);
        }
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 128
    /// forge-config: long.fuzz.runs = 5000
    function testFuzz_EverySeatOnceNobodyAboveTheCap(uint256 seed, uint256 count, uint256 size, uint256 excluded)
        external
        pure
    {
        (uint256[] memory weights, uint256 out, uint256 seats) = _case(seed, count, size, excluded);
        uint256[] memory holdings = Draw.draw(_set(weights), out, seats, bytes32(seed));
        uint256 taken;
        uint256 drawn;
        for (uint256 i; i < holdings.length; ++i) {
            vm.assertEq(taken & holdings[i].seats(), 0);
            taken |= holdings[i].seats();
            drawn += holdings[i].seatCount();
            vm.assertLe(holdings[i].seatCount(), Draw.capOf(seats));
        }
        vm.assertEq(drawn, seats);
        vm.assertEq(taken, ((1 << (2 * seats)) - 1) / 3);
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 128
    /// forge-config: long.fuzz.runs = 5000
    function testFuzz_TheExcludedHoldNoSeat(uint256 seed, uint256 count, uint256 size, uint256 excluded) external pure {
        (uint256[] memory weights, uint256 out, uint256 seats) = _case(seed, count, size, excluded);
        uint256[] memory holdings = Draw.draw(_set(weights), out, seats, bytes32(seed));
        for (uint256 i; i < holdings.length; ++i) {
            if ((out >> i) & 1 == 1) vm.assertEq(holdings[i], 0);
        }
    }

    function test_SeatsFallByWeight() external pure {
        vm.assertLe(_chiSquare(false), 2_800);
    }

    function test_SeatsFallByWeightInAnyOrder() external pure {
        vm.assertLe(_chiSquare(true), 2_800);
    }

    function test_TheRichHoldASeventh() external pure {
        uint256[] memory weights = new uint256[](20);
        for (uint256 i; i < 20; ++i) {
            weights[i] = i == 11 ? 1e18 : 1;
        }
        uint256[] memory holdings = Draw.draw(_set(weights), 0, 31, keccak256("rich"));
        vm.assertEq(holdings[11].seatCount(), 5);
    }

    function test_TheLastOf256() external pure {
        uint256[] memory weights = new uint256[](256);
        for (uint256 i; i < 256; ++i) {
            weights[i] = i == 0 || i == 255 ? 1e18 : 1;
        }
        uint256[] memory holdings = Draw.draw(_set(weights), 1, 9, keccak256("last"));
        vm.assertEq(holdings[255].seatCount(), 2);
        vm.assertEq(holdings[0], 0);
    }

    /* ELIGIBLE */

    function test_EligibleCountsWeightAndExclusion() external pure {
        uint256[] memory weights = new uint256[](5);
        (weights[0], weights[1], weights[3]) = (1, 2, 6);
        vm.assertEq(Draw.eligible(_set(weights), 0), 3);
        vm.assertEq(Draw.eligible(_set(weights), 1 << 2), 3);
        vm.assertEq(Draw.eligible(_set(weights), 1 << 3 | 1 << 200), 2);
        vm.assertEq(Draw.eligible(_set(weights), type(uint256).max), 0);
        // Less than a third of all weight is nobody.
        weights[3] = 7;
        vm.assertEq(Draw.eligible(_set(weights), 1 << 3), 0);
        weights[3] = type(uint96).max;
        vm.assertEq(Draw.eligible(_set(weights), 3), 1);
    }

    /* CAPS */

    function test_CapsFillTheSeats() external pure {
        for (uint256 size = 1; size <= Draw.MAX_SIZE; ++size) {
            (uint256 cap, uint256 least) = (Draw.capOf(size), Draw.leastJurors(size));
            vm.assertGe(cap * 7, size);
            vm.assertLt((cap - 1) * 7, size);
            vm.assertGe(least * cap, size);
            vm.assertLt((least - 1) * cap, size);
        }
    }

    /* HELP */

    /// @dev Addresses set as well, so that a mask forgotten would show.
    function _set(uint256[] memory weights) private pure returns (SignerSet memory) {
        uint256[] memory words = new uint256[](weights.length + 1);
        for (uint256 i; i < weights.length; ++i) {
            words[i + 1] = uint256(uint160(uint256(keccak256(abi.encode(i))))) << 96 | weights[i];
        }
        uint256 start;
        assembly ("memory-safe") {
            start := add(words, 32)
        }
        return SignerSet({start: start, count: weights.length});
    }

    /// @dev A pool in which enough may sit: weights spread over six decades, some excluded, none of the last twenty.
    function _case(uint256 seed, uint256 count, uint256 size, uint256 excluded)
        private
        pure
        returns (uint256[] memory weights, uint256, uint256)
    {
        weights = new uint256[](_bound(count, 20, 256));
        for (uint256 i; i < weights.length; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, "weight", i)));
            weights[i] = 1 + random % 10 ** (1 + (random >> 128) % 6);
        }
        return (weights, excluded & ((1 << (weights.length - 20)) - 1), _bound(size, 1, Draw.MAX_SIZE));
    }

    /// @dev The same by another way: the weights that still count are summed anew for every seat.
    function _slowly(uint256[] memory weights, uint256 excluded, uint256 size, bytes32 seed)
        private
        pure
        returns (uint256[] memory seats)
    {
        seats = new uint256[](weights.length);
        uint256[] memory left = new uint256[](weights.length);
        for (uint256 i; i < weights.length; ++i) {
            left[i] = (excluded >> i) & 1 == 1 ? 0 : Draw.capOf(size);
        }
        for (uint256 seat; seat < size; ++seat) {
            uint256 total;
            for (uint256 i; i < weights.length; ++i) {
                if (left[i] != 0) total += weights[i];
            }
            uint256 lot = uint256(keccak256(abi.encode(seed, seat))) % total;
            for (uint256 i; i < weights.length; ++i) {
                if (left[i] == 0) continue;
                if (lot < weights[i]) {
                    --left[i];
                    seats[i] |= 1 << (2 * seat);
                    break;
                }
                lot -= weights[i];
            }
        }
    }

    /// @dev Twelve jurors with 1 to 12 parts of 78, one seat a seed, so that no cap bends the distribution. In hundredths;
    ///      with 11 degrees of freedom a fair draw exceeds 28.00 in fewer than four of a thousand sets of seeds.
    function _chiSquare(bool reversed) private pure returns (uint256 sum) {
        uint256[] memory weights = new uint256[](12);
        uint256[] memory seen = new uint256[](12);
        for (uint256 i; i < 12; ++i) {
            weights[i] = reversed ? 12 - i : i + 1;
        }
        for (uint256 trial; trial < 600; ++trial) {
            uint256[] memory holdings = Draw.draw(_set(weights), 0, 1, keccak256(abi.encode(trial)));
            for (uint256 i; i < 12; ++i) {
                seen[i] += holdings[i].seatCount();
            }
        }
        for (uint256 i; i < 12; ++i) {
            uint256 wanted = 600 * 1_000 * weights[i] / 78; // in thousandths
            uint256 got = seen[i] * 1_000;
            uint256 off = got > wanted ? got - wanted : wanted - got;
            sum += off * off / wanted / 10;
        }
    }
}
