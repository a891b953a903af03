// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {BandRule} from "../rules/BandRule.sol";
import {Book, PositionWord} from "./Book.sol";
import {IOpinions, OpinionMarket} from "./IOpinions.sol";
import {Ending, ResultWord} from "./ResultWord.sol";
import {Shelf} from "./Shelf.sol";

/// @dev What leaves the market.
abstract contract Paying is Shelf {
    using SafeTransferLib for address;

    /* MONEY */

    /// @inheritdoc IOpinions
    function claim(bytes32 market, address owner) external returns (uint256 paid) {
        bool isDue;
        (isDue, paid) = _claim(market, _books[market], owner);
        require(isDue, Opinions_NothingToClaim(market, owner));
    }

    /// @inheritdoc IOpinions
    function claimMany(bytes32 market, address[] calldata owners) external returns (uint256 paid) {
        Book storage book = _books[market];
        for (uint256 i; i < owners.length; ++i) {
            (, uint256 his) = _claim(market, book, owners[i]);
            paid += his;
        }
    }

    /// @inheritdoc IOpinions
    function claimPrize(bytes32 market, uint256 prize, address owner) external returns (uint256 paid) {
        ResultWord result = _unpaid(market, prize);
        Book storage book = _books[market];
        (uint256 band, uint256 offset) = _draw(market, book, result, prize);
        require(book.positions[owner].holds(band, offset), Opinions_NotTheWinner(market, prize, owner));

        paid = _payPrize(market, result, prize, owner);
    }

    /// @inheritdoc IOpinions
    function sweepPrize(bytes32 market, uint256 prize) external returns (uint256 paid) {
        ResultWord result = _unpaid(market, prize);
        randomness.seedOf(result.round()); // without one nobody could have claimed
        _requireTime(market, randomness.timeOf(result.round()) + PRIZE_TIME);

        paid = _payPrize(market, result, prize, treasury);
    }

    /// @inheritdoc IOpinions
    function collectFee(OpinionMarket calldata terms) external returns (uint256 fee) {
        bytes32 market = idOf(terms);
        ResultWord result = _books[market].result;
        if (result.ending() == Ending.Scored || result.ending() == Ending.Undrawn) {
            fee = BandRule.part(result.total(), result.feeBps());
        }
        require(fee != 0 && !result.isFeeCollected(), Opinions_NoFee(market));

        _books[market].result = result.withFeeCollected();

        emit FeeCollected(market, terms.creator, fee);

        collateral.safeTransfer(terms.creator, fee);
    }

    /* INSIDE */

    /// @dev A stake that earned nothing is paid nothing, once: its position says then that it is over.
    /// @return isDue whether anything was still to be settled
    function _claim(bytes32 market, Book storage book, address owner) private returns (bool isDue, uint256 paid) {
        ResultWord result = book.result;
        Ending ending = result.ending();
        require(ending != Ending.None, Opinions_NotScored(market, ending));
        PositionWord position = book.positions[owner];
        if (!position.exists()) return (false, 0);
        bool isShareDue = ending == Ending.Undrawn && !position.isShared();
        isDue = isShareDue || !position.isPaid();
        if (!isDue) return (false, 0);

        if (ending == Ending.Void) {
            paid = position.amount();
        } else if (!position.isHidden()) {
            if (!position.isPaid()) paid = _shareOf(result, position, _netOf(result, book));
            if (isShareDue) paid += _shareOf(result, position, BandRule.part(result.total(), result.prizeBps()));
        }

        position = position.withPaid();
        book.positions[owner] = isShareDue ? position.withShared() : position;

        emit Claimed(market, owner, paid);

        if (paid != 0) collateral.safeTransfer(owner, paid);
    }

    function _payPrize(bytes32 market, ResultWord result, uint256 prize, address to) private returns (uint256 paid) {
        paid = BandRule.part(result.total(), result.prizeBps()) / result.prizes();

        _books[market].result = result.withPrizePaid(prize);

        emit PrizePaid(market, to, prize, paid);

        collateral.safeTransfer(to, paid);
    }

    function _netOf(ResultWord result, Book storage book) private view returns (uint256 net) {
        unchecked {
            uint256 total = result.total();
            net = total - BandRule.part(total, result.feeBps()) - BandRule.part(total, result.prizeBps());
            if (result.hasForfeit()) net += book.hidden - total;
        }
    }

    function _shareOf(ResultWord result, PositionWord position, uint256 pot) private pure returns (uint256) {
        (uint256 total, uint256 facts) = (result.total(), result.facts());
        uint256 weight = BandRule.weightAt(position.band(), result.score(), result.rule(), total, facts);
        return BandRule.share(pot, position.amount(), weight, BandRule.sum(result.rule(), total, facts));
    }

    /// @dev All weights of the market lie one after the other, band by band; the seed names a place among them.
    function _draw(bytes32 market, Book storage book, ResultWord result, uint256 prize)
        internal
        view
        returns (uint256 band, uint256 offset)
    {
        (uint256 total, uint256 facts) = (result.total(), result.facts());
        bytes32 drawn = keccak256(abi.encode(randomness.seedOf(result.round()), market, prize));
        return book.unitAt(uint256(drawn) % BandRule.sum(result.rule(), total, facts), result);
    }

    function _unpaid(bytes32 market, uint256 prize) private view returns (ResultWord result) {
        result = _scored(market);
        require(
            prize < result.prizes() && result.prizeBps() != 0 && !result.isPrizePaid(prize),
            Opinions_NoPrize(market, prize)
        );
    }
}
