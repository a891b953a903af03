// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {Question} from "../../oracle/IOracle.sol";
import {IOutcomeTokens} from "./IOutcomeTokens.sol";
import {Sets} from "./Sets.sol";

/// @dev What ties the outcomes of a choice together: exactly one of them is the answer, or each is to the same part. So for every
///      answer `amount` of yes of all is worth `amount`, and `amount` of no of k outcomes (k-1) * `amount` and yes of the others.
abstract contract Choices is Sets {
    using SafeTransferLib for address;

    /// @inheritdoc IOutcomeTokens
    function splitAll(Question calldata terms, uint128 amount) external {
        (bytes32 question, uint256 count) = _choiceOf(terms, amount);
        _requireOpen(question);

        emit Converted(question, msg.sender, count, 0, amount, -int256(uint256(amount)));

        for (uint256 outcome; outcome < count; ++outcome) {
            _mint(_pairOf(question, outcome) << 1, msg.sender, amount);
        }

        collateral.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IOutcomeTokens
    function mergeAll(Question calldata terms, uint128 amount) external {
        (bytes32 question, uint256 count) = _choiceOf(terms, amount);

        emit Converted(question, msg.sender, count, 0, amount, int256(uint256(amount)));

        for (uint256 outcome; outcome < count; ++outcome) {
            _burn(_pairOf(question, outcome) << 1, msg.sender, amount);
        }

        collateral.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IOutcomeTokens
    function convert(Question calldata terms, uint32 outcomes, uint128 amount) external returns (uint256 paid) {
        (bytes32 question, uint256 count) = _choiceOf(terms, amount);
        require(outcomes != 0 && uint256(outcomes) >> count == 0, OutcomeTokens_BadOutcomes(question, outcomes));
        paid = (LibBit.popCount(outcomes) - 1) * amount;

        emit Converted(question, msg.sender, count, outcomes, amount, int256(paid));

        for (uint256 outcome; outcome < count; ++outcome) {
            uint256 yes = _pairOf(question, outcome) << 1;
            if (outcomes >> outcome & 1 != 0) _burn(yes | 1, msg.sender, amount);
            else _mint(yes, msg.sender, amount);
        }

        if (paid != 0) collateral.safeTransfer(msg.sender, paid);
    }

    /* INSIDE */

    /// @dev The terms need not be those of a question that was asked: the id is their hash, so they are the question's own.
    function _choiceOf(Question calldata terms, uint128 amount) private view returns (bytes32 question, uint256 count) {
        require(amount != 0, OutcomeTokens_BadAmount(amount));
        question = oracle.idOf(terms);
        count = _countOf(question, terms);
        require(count != 1, OutcomeTokens_NoChoice(question));
    }
}
