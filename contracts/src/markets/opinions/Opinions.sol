// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Multicallable} from "solady/utils/Multicallable.sol";
import {IPositions} from "../../oracle/security/IPositions.sol";
import {Book, PositionWord} from "./Book.sol";
import {Entering} from "./Entering.sol";
import {IOpinions, OpinionLimits} from "./IOpinions.sol";
import {Paying} from "./Paying.sol";
import {Ending, ResultWord} from "./ResultWord.sol";
import {Scoring} from "./Scoring.sol";
import {Shelf} from "./Shelf.sol";

/// @dev What it promises and assumes stands at {IOpinions}.
contract Opinions is Entering, Scoring, Paying, Multicallable, IPositions {
    /// @param approver_ who must approve results; zero: nobody
    constructor(address oracle_, address randomness_, address approver_, OpinionLimits memory limits)
        Shelf(oracle_, randomness_)
        Entering(limits)
        Scoring(approver_, limits.clockLag)
    {}

    /* VIEWS */

    /// @inheritdoc IPositions
    /// @dev A question has one market, so nothing else says where. Only who stakes, or signed that he does, has a position;
    ///      none is taken once the question opens, and none changes hands or is laid down before the answer is final.
    function holdsPosition(bytes32 question, address who, bytes calldata) external view returns (bool) {
        return _books[marketOf[question]].positions[who].exists();
    }

    /// @inheritdoc IOpinions
    function bandOf(bytes32 market, uint8 band) external view returns (uint256 staked, uint256 count) {
        return _books[market].bandOf(band);
    }

    /// @inheritdoc IOpinions
    function untoldOf(bytes32 market) external view returns (uint256) {
        return _books[market].untold();
    }

    /// @inheritdoc IOpinions
    function positionOf(bytes32 market, address owner)
        external
        view
        returns (uint8 band, uint256 start, uint256 amount, bool paid)
    {
        PositionWord position = _books[market].positions[owner];
        return (uint8(position.band()), position.start(), position.amount(), position.isPaid());
    }

    /// @inheritdoc IOpinions
    function drawOf(bytes32 market, uint256 prize) external view returns (uint8 band, uint256 offset) {
        ResultWord result = _scored(market);
        require(prize < result.prizes() && result.prizeBps() != 0, Opinions_NoPrize(market, prize));
        (uint256 band_, uint256 offset_) = _draw(market, _books[market], result, prize);
        return (uint8(band_), offset_);
    }

    /// @inheritdoc IOpinions
    function resultOf(bytes32 market)
        external
        view
        returns (Ending ending, uint8 score_, uint64 round, uint256 total, uint256 facts)
    {
        ResultWord result = _books[market].result;
        return (result.ending(), uint8(result.score()), result.round(), result.total(), result.facts());
    }
}
