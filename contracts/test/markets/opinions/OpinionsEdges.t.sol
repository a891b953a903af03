// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BookWords, Positions} from "../../../src/markets/opinions/Book.sol";
import {Door} from "../../../src/markets/opinions/Door.sol";
import {IOpinions, OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {Ending} from "../../../src/markets/opinions/ResultWord.sol";
import {OpinionReader} from "./OpinionReader.sol";
import {OpinionsBench, Says} from "./OpinionsBench.sol";

/// @dev Markets that hold as much as their words can, and answers that are just sure enough: what ordinary ones never reach.
contract OpinionsEdgesTest is OpinionReader {
    uint256 private constant FULL = BookWords.MAX_BAND;
    address private constant OWNER = address(0xA11CE);

    Says private _says;
    OpinionsBench private _bench;
    OpinionMarket private _terms;

    function setUp() external {
        _says = new Says();
        _bench = new OpinionsBench(address(_says), address(_says));
        _terms = _read(vm.readFile("../vectors/opinions.json"), _at(0));
        (_terms.leastStake, _terms.quietMost, _terms.mostStake) = (1, 2, 2);
    }

    function test_ABandIsFilledToItsLastUnit() external {
        (bytes32 market, bytes32 hash, Door door) = _open(0);
        _bench.put(market, address(1), 7, FULL - 1, false);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BandFull.selector, market, 7));
        _bench.stake(hash, door, 7, 2, 0);
        vm.prank(OWNER);
        _bench.stake(hash, door, 7, 1, 0);
        (uint256 staked,) = _bench.bandOf(market, 7);
        vm.assertEq(staked, FULL);
        (, uint256 start, uint256 amount,) = _bench.positionOf(market, OWNER);
        vm.assertEq(start, FULL - 1);
        vm.assertEq(amount, 1);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BandFull.selector, market, 7));
        _bench.stake(hash, door, 7, 1, 0);
    }

    /// @dev Else a band that everybody turns out to have meant could not take them all.
    function test_HiddenStakesAreTogetherNoMoreThanABandTakes() external {
        (bytes32 market, bytes32 hash, Door door) = _open(2 hours);
        _bench.put(market, address(1), Positions.HIDDEN, FULL - 1, true);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BandFull.selector, market, Positions.HIDDEN));
        _bench.stakeHidden(hash, door, 2, 0, bytes32(uint256(1)), "");
        vm.prank(OWNER);
        _bench.stakeHidden(hash, door, 1, 0, bytes32(uint256(1)), "");
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BandFull.selector, market, Positions.HIDDEN));
        _bench.stakeHidden(hash, door, 1, 0, bytes32(uint256(1)), "");
    }

    function test_AnAnswerThatIsJustSureEnoughScores() external {
        _terms.minConfidence = 6_000;
        (bytes32 market,,) = _open(0);
        _bench.put(market, OWNER, 10, 1e6, false);
        _says.set(5_000, 6_000, keccak256("seed"));
        _bench.score(_terms, "");
        (Ending ending,,,,) = _bench.resultOf(market);
        vm.assertTrue(ending == Ending.Scored);
    }

    function test_AnAnswerThatIsNotQuiteSureEnoughVoids() external {
        _terms.minConfidence = 6_000;
        (bytes32 market,,) = _open(0);
        _bench.put(market, OWNER, 10, 1e6, false);
        _says.set(5_000, 5_999, keccak256("seed"));
        _bench.score(_terms, "");
        (Ending ending,,,,) = _bench.resultOf(market);
        vm.assertTrue(ending == Ending.Void);
    }

    function _open(uint32 revealSeconds) private returns (bytes32 market, bytes32 hash, Door door) {
        _terms.revealSeconds = revealSeconds;
        (market, hash, door) = (_bench.idOf(_terms), _bench.termsHash(_terms), _bench.doorOf(_terms));
        _bench.announced(market);
        vm.warp(_terms.closesAt - 1);
    }
}
