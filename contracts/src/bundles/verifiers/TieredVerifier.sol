// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IVerifier} from "../IVerifier.sol";

/// Which of two kinds of evidence is enough; from the weakest to the strongest.
enum Rule {
    Either, // one of them, whichever answers: nothing stands still while the other does
    First, // the first alone
    Both // both: who lies must lie twice
}

struct Tier {
    uint256 upTo; // the largest value of it
    Rule rule;
}

/// @notice Two verifiers as one, by what hangs on the facts: little is believed soon, much only twice.
/// @dev The value is what whoever asks knows of: the largest amount that a leg moves in units of what it moves, or a fee. Amounts of
///      different tokens are different things, so bounds are for chains on which they are comparable; and what moves by a
///      participant, or by a call, has no value here: the lowest tier must be good enough for all that is not counted.
/// @dev Given for ever at construction; the rule never becomes weaker where more hangs on it.
contract TieredVerifier is IVerifier {
    IVerifier public immutable first;
    IVerifier public immutable second;
    Tier[] private _tiers;

    error Tiers_BadTier(uint256 place);
    error Tiers_BadVerifiers();
    /// @notice The evidence that the rule wants is not there.
    error Tiers_NotEnough(Rule rule);

    constructor(IVerifier first_, IVerifier second_, Tier[] memory tiers) {
        // One verifier asked twice would be no second opinion.
        require(
            first_ != second_ && address(first_) != address(0) && address(second_) != address(0), Tiers_BadVerifiers()
        );
        (first, second) = (first_, second_);
        require(tiers.length != 0, Tiers_BadTier(0));
        for (uint256 i; i < tiers.length; ++i) {
            bool isLast = i == tiers.length - 1;
            require(
                (tiers[i].upTo == type(uint256).max) == isLast
                    && (i == 0 || (tiers[i].upTo > tiers[i - 1].upTo && tiers[i].rule > tiers[i - 1].rule)),
                Tiers_BadTier(i)
            );
            _tiers.push(tiers[i]);
        }
    }

    /// @inheritdoc IVerifier
    /// @param evidence abi.encode(bytes, bytes): what the first wants, and what the second wants; one that is empty is not asked for
    function check(bytes32[] calldata leaves, uint256 value, bytes calldata evidence) external {
        (bytes memory one, bytes memory other) = abi.decode(evidence, (bytes, bytes));
        Rule rule = ruleFor(value);
        bool enough = rule == Rule.Either ? one.length + other.length != 0 : one.length != 0;
        if (rule == Rule.Both) enough = enough && other.length != 0;
        require(enough, Tiers_NotEnough(rule));
        // What is shown must be so, wanted or not; but where one is enough, the second is asked only without the first.
        if (one.length != 0) first.check(leaves, value, one);
        if (rule == Rule.Both || one.length == 0) second.check(leaves, value, other);
    }

    /// @notice What is wanted for `value`.
    function ruleFor(uint256 value) public view returns (Rule) {
        uint256 i;
        while (value > _tiers[i].upTo) ++i;
        return _tiers[i].rule;
    }
}
