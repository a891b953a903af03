// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {OpinionLimits, OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {Door} from "../../../src/markets/opinions/Door.sol";
import {Opinions} from "../../../src/markets/opinions/Opinions.sol";
import {Rule} from "../../../src/markets/rules/BandRule.sol";
import {Question} from "../../../src/oracle/IOracle.sol";
import {IRandomness} from "../../../src/randomness/IRandomness.sol";
import {Stage} from "../../Stage.sol";

/// @dev A beacon of three-second rounds whose seeds a test gives. What a true one checks is tested with the true one.
contract TestBeacon is IRandomness {
    uint40 private constant GENESIS = 1_700_000_000;
    mapping(uint64 round => bytes32) private _seeds;

    function roundAfter(uint40 time) external pure returns (uint64) {
        return uint64((time - GENESIS) / 3) + 2;
    }

    function timeOf(uint64 round) public pure returns (uint40) {
        return GENESIS + (uint40(round) - 1) * 3;
    }

    function prove(uint64 round, bytes calldata proof) external returns (bytes32 seed) {
        require(block.timestamp >= timeOf(round), Randomness_BadRound(round));
        seed = keccak256(proof);
        _seeds[round] = seed;
        emit Proved(round, seed);
    }

    function seedOf(uint64 round) external view returns (bytes32 seed) {
        seed = _seeds[round];
        require(seed != 0, Randomness_NotProved(round));
    }
}

/// @dev One announced market, and words to live it through with.
abstract contract OpinionStage is Stage {
    uint48 internal constant LEAST_STAKE = 500_000;
    uint96 internal constant CREATION_FEE = 5e6;
    string internal constant STATEMENT = "Cities should close their centres to private cars";
    bytes32 internal constant TEXT = keccak256("a text");

    TestBeacon internal beacon;
    Opinions internal opinions;

    function setUp() public virtual override {
        super.setUp();
        beacon = new TestBeacon();
        opinions = _newOpinions(address(0));
    }

    function _newOpinions(address approver) internal returns (Opinions) {
        return new Opinions(
            address(oracle),
            address(beacon),
            approver,
            OpinionLimits({
                creationFee: CREATION_FEE,
                leastSeconds: 1 hours,
                mostSeconds: 90 days,
                leastStake: LEAST_STAKE,
                mostStake: 1_000_000e6,
                clockLag: 12
            })
        );
    }

    /* TERMS */

    function _score() internal view returns (Question memory terms) {
        terms = _numeric();
        terms.min = 0;
        terms.max = 10_000;
        terms.tolerance = 500;
    }

    function _terms() internal view returns (OpinionMarket memory) {
        return OpinionMarket({
            question: oracle.idOf(_score()),
            statement: sha256(bytes(STATEMENT)),
            rubric: keccak256("rubric"),
            creator: bob,
            closesAt: START + 12 hours,
            revealSeconds: 0,
            quietSeconds: 1 hours,
            feeBps: 200,
            prizeBps: 500,
            prizes: 3,
            minConfidence: 6_000,
            rule: Rule.Fourth,
            leastStake: LEAST_STAKE,
            mostStake: 500e6,
            quietMost: 1e6
        });
    }

    function _announce(OpinionMarket memory terms) internal returns (bytes32) {
        Question memory question = _score();
        _ask(question);
        return _announceOn(terms, question);
    }

    function _announceOn(OpinionMarket memory terms, Question memory question) internal returns (bytes32) {
        _fund(asker, address(opinions), CREATION_FEE);
        vm.prank(asker);
        return opinions.announce(terms, question, STATEMENT);
    }

    /* ACTS */

    function _person(uint256 i) internal pure returns (address) {
        return vm.addr(7_000 + i);
    }

    function _stake(OpinionMarket memory terms, address who, uint8 band, uint48 amount) internal {
        _fund(who, address(opinions), amount);
        _stakeFunded(terms, who, band, amount);
    }

    function _stakeFunded(OpinionMarket memory terms, address who, uint8 band, uint48 amount) internal {
        (bytes32 hash, Door door) = (opinions.termsHash(terms), opinions.doorOf(terms));
        vm.prank(who);
        opinions.stake(hash, door, band, amount, TEXT);
    }

    /// @dev Answered by three of four, final, and written down.
    function _scoreAt(OpinionMarket memory terms, uint256 score) internal {
        _resolve(_score(), int96(uint96(score * 100)));
        opinions.score(terms, "");
    }

    function _prove(bytes32 market, bytes memory proof) internal {
        (,, uint64 round,,) = opinions.resultOf(market);
        if (block.timestamp < beacon.timeOf(round)) vm.warp(beacon.timeOf(round));
        beacon.prove(round, proof);
    }
}
