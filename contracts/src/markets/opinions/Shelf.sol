// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IOracle} from "../../oracle/IOracle.sol";
import {IRandomness} from "../../randomness/IRandomness.sol";
import {Book} from "./Book.sol";
import {Door, Doors} from "./Door.sol";
import {IOpinions, OpinionMarket} from "./IOpinions.sol";
import {Ending, ResultWord} from "./ResultWord.sol";

interface IOracleMoney {
    function collateral() external view returns (address);
    function treasury() external view returns (address);
}

/// @dev What all matters of opinion markets share: where answers, seeds and money come from, the books, ids.
abstract contract Shelf is IOpinions {
    /// @dev After closing: to score, to prove a seed. After the round that draws: to claim prizes.
    uint256 internal constant SCORE_TIME = 14 days;
    uint256 internal constant SEED_TIME = 28 days;
    uint256 internal constant PRIZE_TIME = 180 days;

    IOracle public immutable oracle;
    IRandomness public immutable randomness;
    address public immutable collateral;
    address public immutable treasury;

    mapping(bytes32 market => Book) internal _books;
    /// @inheritdoc IOpinions
    mapping(bytes32 question => bytes32) public marketOf;

    constructor(address oracle_, address randomness_) {
        oracle = IOracle(oracle_);
        randomness = IRandomness(randomness_);
        collateral = IOracleMoney(oracle_).collateral();
        treasury = IOracleMoney(oracle_).treasury();
    }

    /* IDS */

    /// @inheritdoc IOpinions
    function termsHash(OpinionMarket calldata terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    /// @inheritdoc IOpinions
    function doorOf(OpinionMarket calldata terms) public pure returns (Door) {
        return Doors.door(
            terms.closesAt,
            uint256(terms.closesAt) + terms.revealSeconds,
            terms.closesAt - terms.quietSeconds,
            terms.leastStake,
            terms.mostStake,
            terms.quietMost
        );
    }

    /// @inheritdoc IOpinions
    function idOf(OpinionMarket calldata terms) public pure returns (bytes32) {
        return _idOf(termsHash(terms), doorOf(terms));
    }

    function _idOf(bytes32 hash, Door door) internal pure returns (bytes32) {
        return keccak256(abi.encode(hash, door));
    }

    /* CHECKS */

    function _scored(bytes32 market) internal view returns (ResultWord result) {
        result = _books[market].result;
        require(result.ending() == Ending.Scored, Opinions_NotScored(market, result.ending()));
    }

    function _requireTime(bytes32 market, uint256 from) internal view {
        require(block.timestamp >= from, Opinions_NotYet(market, from));
    }
}
