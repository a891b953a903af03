// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Door} from "../../../src/markets/opinions/Door.sol";
import {OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {OpinionStage} from "./OpinionStage.sol";
import {OpinionsBench} from "./OpinionsBench.sol";

/// forge-config: default.isolate = true
/// @dev No call looks at who else staked: among ten thousand it costs to the unit what it costs among ten. The books are
///      written as stakes write them, by a contract that the test has from the market's; every call that is measured is the
///      market's own.
contract OpinionsCrowdGasTest is OpinionStage {
    uint256 private constant AMOUNT = 1e6;
    uint256 private constant AT_ONCE = 1_000;
    uint8 private constant NEAREST = 8; // stance 40
    uint256 private constant MEMBERS = 10; // bands that are staked on

    struct Costs {
        uint256 score;
        uint256 claim;
        uint256 prize;
        uint256 sweep;
        uint256 fee;
    }

    function test_TenThousandCostWhatTenCost() external {
        OpinionMarket memory terms = _terms();
        _announce(terms);
        _resolve(_score(), 4_000);
        // Whoever is paid has nothing yet, both times: a first payment to somebody costs more.
        uint256 before = vm.snapshotState();
        Costs memory few = _lived(terms, 10);
        vm.revertToState(before);
        Costs memory many = _lived(terms, 10_000);
        vm.assertEq(many.score, few.score, "score");
        vm.assertEq(many.claim, few.claim, "claim");
        vm.assertEq(many.prize, few.prize, "claim a prize");
        vm.assertEq(many.sweep, few.sweep, "sweep a prize");
        vm.assertEq(many.fee, few.fee, "collect the fee");
    }

    /// @dev Each on a band that others are on, in a market that they filled.
    function test_OneMoreAmongTenThousandCostsWhatHeDoesAmongTen() external {
        OpinionMarket memory terms = _terms();
        vm.assertEq(_staked(terms, 10_000), _staked(terms, 10), "stake");
        terms.revealSeconds = 1 hours;
        (uint256 hide, uint256 reveal) = _hidden(terms, 10);
        (uint256 hideLate, uint256 revealLate) = _hidden(terms, 10_000);
        vm.assertEq(hideLate, hide, "stake hidden");
        vm.assertEq(revealLate, reveal, "reveal");
    }

    function _staked(OpinionMarket memory terms, uint256 people) private returns (uint256 used) {
        uint256 before = vm.snapshotState();
        OpinionsBench bench = _filled(terms, people);
        (bytes32 hash, Door door) = (bench.termsHash(terms), bench.doorOf(terms));
        _fund(alice, address(bench), AMOUNT);
        vm.prank(alice);
        bench.stake(hash, door, NEAREST, uint48(AMOUNT), TEXT);
        used = _used();
        (uint256 staked,) = bench.bandOf(bench.idOf(terms), NEAREST);
        vm.assertEq(staked, (people / MEMBERS + 1) * AMOUNT);
        vm.revertToState(before);
    }

    function _hidden(OpinionMarket memory terms, uint256 people) private returns (uint256 hide, uint256 reveal) {
        uint256 before = vm.snapshotState();
        OpinionsBench bench = _filled(terms, people);
        (bytes32 hash, Door door) = (bench.termsHash(terms), bench.doorOf(terms));
        bytes32 market = bench.idOf(terms);
        _fund(alice, address(bench), AMOUNT);
        vm.prank(alice);
        bench.stakeHidden(hash, door, uint48(AMOUNT), TEXT, keccak256(abi.encode(market, alice, NEAREST, TEXT)), "");
        hide = _used();
        vm.assertEq(bench.untoldOf(market), AMOUNT);
        vm.warp(terms.closesAt);
        bench.reveal(hash, door, alice, NEAREST, TEXT);
        reveal = _used();
        vm.assertEq(bench.untoldOf(market), 0);
        vm.revertToState(before);
    }

    /// @dev Of a market of its own contract, on the same question: so their calls are the same to the byte.
    function _lived(OpinionMarket memory terms, uint256 people) private returns (Costs memory costs) {
        uint256 now_ = block.timestamp;
        OpinionsBench bench = _filled(terms, people);
        bytes32 market = bench.idOf(terms);
        bench.score(terms, "");
        costs.score = _used();
        (, uint8 score, uint64 round, uint256 total,) = bench.resultOf(market);
        vm.assertEq(score, 40);
        vm.assertEq(total, people * AMOUNT);
        bench.claim(market, bench.person(3));
        costs.claim = _used();
        bench.collectFee(terms);
        costs.fee = _used();
        vm.warp(beacon.timeOf(round));
        uint256 offset = _drawn(bench, market, round);
        // Units of a band lie in the order of its people.
        bench.claimPrize(market, 0, bench.person(offset / AMOUNT * MEMBERS + NEAREST / 2));
        costs.prize = _used();
        vm.warp(uint256(beacon.timeOf(round)) + 180 days);
        bench.sweepPrize(market, 1);
        costs.sweep = _used();
        vm.warp(now_);
    }

    function _filled(OpinionMarket memory terms, uint256 people) private returns (OpinionsBench bench) {
        bench = new OpinionsBench(address(oracle), address(beacon));
        _fund(address(bench), address(this), people * AMOUNT);
        bytes32 market = bench.idOf(terms);
        for (uint256 i; i < people; i += AT_ONCE) {
            bench.putMany(market, i, people < AT_ONCE ? people : AT_ONCE, AMOUNT, terms.revealSeconds != 0);
        }
        bench.announced(market);
    }

    /// @dev Proves seeds until the first prize falls on the nearest band: how far a draw has to look depends on the seed.
    function _drawn(OpinionsBench bench, bytes32 market, uint64 round) private returns (uint256) {
        for (uint256 i; i < 100; ++i) {
            beacon.prove(round, abi.encode(i));
            (uint8 band, uint256 offset) = bench.drawOf(market, 0);
            if (band == NEAREST) return offset;
        }
        revert("never");
    }

    function _used() private view returns (uint256) {
        return vm.lastCallGas().gasTotalUsed;
    }
}
