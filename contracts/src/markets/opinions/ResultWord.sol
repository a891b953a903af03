// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Rule} from "../rules/BandRule.sol";

/// @dev How an opinion market ended, all that a claim has to know of its terms included. From the low bits up:
///
///   0..1      state
///   2..4      rule
///   5..11     score, 0 to 100
///   12..15    prizes, less one
///   16..25    fee, basis points
///   26..38    prizes together, basis points
///   39..54    which prizes are paid
///   55        fee collected
///   56..89    round of the beacon that draws
///   90..144   staked in the market with a stance
///   145..253  facts of the rule, see BandRule.factsOf
///   254       announced, and nothing else yet: scoring finds a word that is not zero, which costs it a sixth
///   255       some stakes are forfeit: their stance was hidden, and nobody told it
type ResultWord is uint256;

/// What becomes of a market's stakes.
enum Ending {
    None, // not scored
    Void, // every stake goes back whole
    Scored, // paid by closeness; prizes are drawn by the round
    Undrawn // paid by closeness; no seed came, so what was for prizes is shared like the rest
}

using ResultWords for ResultWord global;

library ResultWords {
    uint256 private constant RULE = 2;
    uint256 private constant SCORE = 5;
    uint256 private constant PRIZES = 12;
    uint256 private constant FEE = 16;
    uint256 private constant PRIZE_BPS = 26;
    uint256 private constant PRIZES_PAID = 39;
    uint256 private constant FEE_COLLECTED = 1 << 55;
    uint256 private constant ROUND = 56;
    uint256 private constant TOTAL = 90;
    uint256 private constant FACTS = 145;
    uint256 internal constant MAX_ROUND = (1 << 34) - 1;
    uint256 private constant FORFEIT = 1 << 255;

    ResultWord internal constant VOID = ResultWord.wrap(uint256(Ending.Void));
    ResultWord internal constant ANNOUNCED = ResultWord.wrap(1 << 254);

    /// @dev Each argument within its field, here and below.
    function scored(Rule rule_, uint256 score_, uint256 total_, uint256 facts_) internal pure returns (ResultWord) {
        return ResultWord.wrap(
            facts_ << FACTS | total_ << TOTAL | score_ << SCORE | uint256(rule_) << RULE | uint256(Ending.Scored)
        );
    }

    function withShares(ResultWord word, uint256 feeBps_, uint256 prizeBps_, uint256 prizes_)
        internal
        pure
        returns (ResultWord)
    {
        return ResultWord.wrap(
            ResultWord.unwrap(word) | prizeBps_ << PRIZE_BPS | feeBps_ << FEE | (prizes_ - 1) << PRIZES
        );
    }

    function isAnnounced(ResultWord word) internal pure returns (bool) {
        return ResultWord.unwrap(word) == ResultWord.unwrap(ANNOUNCED);
    }

    function ending(ResultWord word) internal pure returns (Ending) {
        return Ending(ResultWord.unwrap(word) & 3);
    }

    function rule(ResultWord word) internal pure returns (Rule) {
        return Rule(ResultWord.unwrap(word) >> RULE & 7);
    }

    function score(ResultWord word) internal pure returns (uint256) {
        return ResultWord.unwrap(word) >> SCORE & 127;
    }

    function prizes(ResultWord word) internal pure returns (uint256) {
        return (ResultWord.unwrap(word) >> PRIZES & 15) + 1;
    }

    function feeBps(ResultWord word) internal pure returns (uint256) {
        return ResultWord.unwrap(word) >> FEE & 1_023;
    }

    function prizeBps(ResultWord word) internal pure returns (uint256) {
        return ResultWord.unwrap(word) >> PRIZE_BPS & 8_191;
    }

    function isPrizePaid(ResultWord word, uint256 prize) internal pure returns (bool) {
        return ResultWord.unwrap(word) >> (PRIZES_PAID + prize) & 1 != 0;
    }

    function isFeeCollected(ResultWord word) internal pure returns (bool) {
        return ResultWord.unwrap(word) & FEE_COLLECTED != 0;
    }

    function round(ResultWord word) internal pure returns (uint64) {
        return uint64(ResultWord.unwrap(word) >> ROUND & MAX_ROUND);
    }

    function total(ResultWord word) internal pure returns (uint256) {
        return ResultWord.unwrap(word) >> TOTAL & type(uint56).max >> 1;
    }

    function facts(ResultWord word) internal pure returns (uint256) {
        return ResultWord.unwrap(word) >> FACTS & (1 << 109) - 1;
    }

    function withPrizePaid(ResultWord word, uint256 prize) internal pure returns (ResultWord) {
        return ResultWord.wrap(ResultWord.unwrap(word) | 1 << (PRIZES_PAID + prize));
    }

    function hasForfeit(ResultWord word) internal pure returns (bool) {
        return ResultWord.unwrap(word) & FORFEIT != 0;
    }

    function withForfeit(ResultWord word) internal pure returns (ResultWord) {
        return ResultWord.wrap(ResultWord.unwrap(word) | FORFEIT);
    }

    function withFeeCollected(ResultWord word) internal pure returns (ResultWord) {
        return ResultWord.wrap(ResultWord.unwrap(word) | FEE_COLLECTED);
    }

    function withRound(ResultWord word, uint64 round_) internal pure returns (ResultWord) {
        return ResultWord.wrap(ResultWord.unwrap(word) & ~(MAX_ROUND << ROUND) | uint256(round_) << ROUND);
    }

    function asUndrawn(ResultWord word) internal pure returns (ResultWord) {
        return ResultWord.wrap(ResultWord.unwrap(word) | uint256(Ending.Undrawn)); // 3: both bits of the state
    }
}
