// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IOutcomeTokens, Order, Side} from "../../../src/markets/outcomes/IOutcomeTokens.sol";
import {Permit} from "../../../src/markets/IMarkets.sol";
import {ShownWallet} from "../../doubles/ShownWallet.sol";
import {OutcomeStage} from "./OutcomeStage.sol";

contract OrdersTest is OutcomeStage {
    bytes32 private question;

    function setUp() public override {
        super.setUp();
        question = _ask(_sides());
        for (uint256 i; i < 3; ++i) {
            _rich(i);
        }
    }

    /* WHO TRADES WITH WHOM */

    function test_TwoBuyersMakeSets() external {
        uint256 before = dollar.balanceOf(_trader(0));
        vm.expectEmit(address(tokens));
        emit IOutcomeTokens.Matched(question, _trader(0), _trader(1), 0, Side.BuyYes, 10e6, 600_000);
        _willMove(address(0), _trader(0), tokens.yesOf(question, 0));
        _willMove(address(0), _trader(1), tokens.noOf(question, 0));
        _match(
            0, _order(0, question, Side.BuyYes, 10e6, 650_000), 1, _order(1, question, Side.BuyNo, 10e6, 400_000), 10e6
        );
        _holds(0, question, 10e6, 0);
        _holds(1, question, 0, 10e6);
        vm.assertEq(before - dollar.balanceOf(_trader(0)), 6e6, "the maker's price holds");
        vm.assertEq(dollar.balanceOf(address(tokens)), 10e6);
    }

    function test_TwoSellersMergeSets() external {
        _split(2, question, 10e6);
        vm.startPrank(_trader(2));
        tokens.transfer(_trader(0), tokens.yesOf(question, 0), 10e6);
        tokens.transfer(_trader(1), tokens.noOf(question, 0), 10e6);
        vm.stopPrank();
        uint256 before = dollar.balanceOf(_trader(0));
        _willMove(_trader(0), address(0), tokens.yesOf(question, 0));
        _willMove(_trader(1), address(0), tokens.noOf(question, 0));
        _match(
            0,
            _order(0, question, Side.SellYes, 10e6, 550_000),
            1,
            _order(1, question, Side.SellNo, 10e6, 400_000),
            10e6
        );
        vm.assertEq(dollar.balanceOf(_trader(0)) - before, 6e6);
        vm.assertEq(dollar.balanceOf(address(tokens)), 0);
        _holds(0, question, 0, 0);
        _holds(1, question, 0, 0);
    }

    function test_ATradeMovesTokens() external {
        _split(1, question, 10e6);
        _willMove(_trader(1), _trader(0), tokens.noOf(question, 0));
        _match(
            0, _order(0, question, Side.BuyNo, 10e6, 400_000), 1, _order(1, question, Side.SellNo, 10e6, 400_000), 10e6
        );
        _holds(0, question, 0, 10e6);
        _holds(1, question, 10e6, 0);
    }

    function testFuzz_ABuyerAndASellerTrade(bool takerBuys, bool no, uint128 price) external {
        price = uint128(_bound(price, 2, 999_998));
        _split(0, question, 10e6);
        _split(1, question, 10e6);
        Side buy = no ? Side.BuyNo : Side.BuyYes;
        Side sell = no ? Side.SellNo : Side.SellYes;
        // A millionth of that amount is more than rounding costs.
        Order memory taker = _order(0, question, takerBuys ? buy : sell, 7_654_321, takerBuys ? price + 1 : price - 1);
        Order memory maker = _order(1, question, takerBuys ? sell : buy, 7_654_321, price);
        uint256 before = dollar.balanceOf(_trader(1));
        _match(0, taker, 1, maker, 7_654_321);
        uint256 pay = 7_654_321 * uint256(price);
        // For the maker: rounded up where he sells, down where he buys.
        if (takerBuys) vm.assertEq(dollar.balanceOf(_trader(1)) - before, (pay + 999_999) / 1e6);
        else vm.assertEq(before - dollar.balanceOf(_trader(1)), pay / 1e6);
        uint256 more = 10e6 + 7_654_321;
        uint256 less = 10e6 - 7_654_321;
        (uint256 his, uint256 others) = takerBuys ? (more, less) : (less, more);
        _holds(0, question, no ? 10e6 : his, no ? his : 10e6);
        _holds(1, question, no ? 10e6 : others, no ? others : 10e6);
    }

    function test_RevertWhen_SidesDoNotFit() external {
        Side[2][4] memory pairs = [
            [Side.BuyYes, Side.BuyYes],
            [Side.BuyYes, Side.SellNo],
            [Side.SellNo, Side.SellNo],
            [Side.SellYes, Side.BuyNo]
        ];
        for (uint256 i; i < pairs.length; ++i) {
            Order memory taker = _order(0, question, pairs[i][0], 10e6, 500_000);
            Order memory maker = _order(1, question, pairs[i][1], 10e6, 500_000);
            _refused(
                taker,
                maker,
                abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoMatch.selector, taker.side, maker.side)
            );
        }
        Order memory here = _order(0, question, Side.BuyYes, 10e6, 500_000);
        Order memory there = _order(1, keccak256("another"), Side.BuyNo, 10e6, 500_000);
        _refused(
            here, there, abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoMatch.selector, here.side, there.side)
        );
        there = _order(1, question, Side.BuyNo, 10e6, 500_000);
        there.outcome = 1;
        _refused(
            here, there, abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NoMatch.selector, here.side, there.side)
        );
    }

    function test_RevertWhen_PricesDoNotMeet() external {
        _meets(Side.BuyYes, 599_999, Side.BuyNo, 400_000);
        _meets(Side.BuyYes, 399_999, Side.SellYes, 400_000);
        _meets(Side.SellNo, 400_001, Side.BuyNo, 400_000);
        _meets(Side.SellNo, 600_001, Side.SellYes, 400_000);
    }

    function test_RevertWhen_ASellerHasNotSoMuch() external {
        _split(0, question, 10e6);
        _split(1, question, 10e6 - 1);
        uint256 no = tokens.noOf(question, 0);
        bytes memory why = abi.encodeWithSelector(
            IOutcomeTokens.OutcomeTokens_InsufficientBalance.selector, _trader(1), no, 10e6 - 1, 10e6
        );
        Order memory maker = _order(1, question, Side.SellNo, 10e6, 400_000);
        _refused(_order(0, question, Side.SellYes, 10e6, 600_000), maker, why);
        _refused(_order(0, question, Side.BuyNo, 10e6, 400_000), maker, why);
    }

    /* FILLS */

    function test_AnOrderIsFilledInParts() external {
        Order memory taker = _order(0, question, Side.BuyYes, 10e6, 600_000);
        Order memory maker = _order(1, question, Side.BuyNo, 4e6, 400_000);
        _match(0, taker, 1, maker, 4e6);
        vm.assertEq(tokens.filledOf(taker), 4e6);
        vm.assertEq(tokens.filledOf(maker), 4e6);
        maker = _order(2, question, Side.BuyNo, 20e6, 400_000);
        _match(0, taker, 2, maker, 6e6);
        vm.assertEq(tokens.filledOf(taker), 10e6);
        vm.assertEq(tokens.filledOf(maker), 6e6);
        _holds(0, question, 10e6, 0);
        (bytes memory ts, bytes memory ms) = (_signed(0, taker), _signed(2, maker));
        vm.expectRevert(
            abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NonceUsed.selector, _trader(0), taker.nonce)
        );
        tokens.matchOrders(taker, ts, maker, ms, 14e6);
    }

    /// @dev In crumbs, rounding would be the price.
    function test_RevertWhen_AFillIsTooSmallOrTooLarge() external {
        Order memory taker = _order(0, question, Side.BuyYes, 10e6, 600_000);
        Order memory maker = _order(1, question, Side.BuyNo, 20e6, 400_000);
        (bytes memory ts, bytes memory ms) = (_signed(0, taker), _signed(1, maker));
        bytes4 bad = IOutcomeTokens.OutcomeTokens_BadFill.selector;
        vm.expectRevert(abi.encodeWithSelector(bad, _trader(0), 9_999, 10e6));
        tokens.matchOrders(taker, ts, maker, ms, 9_999);
        vm.expectRevert(abi.encodeWithSelector(bad, _trader(0), 10e6 + 1, 10e6));
        tokens.matchOrders(taker, ts, maker, ms, 10e6 + 1);
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_BadAmount.selector, 0));
        tokens.matchOrders(taker, ts, maker, ms, 0);
        tokens.matchOrders(taker, ts, maker, ms, 10_000);
    }

    /// @dev 10,000 units at a millionth are a hundredth of a unit. Nobody signed to pay a whole one for them, nor to give them
    ///      away.
    function test_RevertWhen_RoundingGoesBeyondThePrice() external {
        _split(0, question, 10e6);
        _split(1, question, 10e6);
        _beyond(Side.BuyYes, 1, Side.SellYes, 1, 1);
        _beyond(Side.BuyYes, 99, Side.SellYes, 1, 1);
        _beyond(Side.SellYes, 1, Side.BuyYes, 1, 0);
        _beyond(Side.BuyYes, 1, Side.BuyNo, 999_999, 1);
        _beyond(Side.SellYes, 1, Side.SellNo, 999_999, 0);
        Order memory taker = _order(0, question, Side.BuyYes, 10_000, 100);
        Order memory maker = _order(1, question, Side.SellYes, 10_000, 1);
        uint256 before = dollar.balanceOf(_trader(0));
        _match(0, taker, 1, maker, 10_000);
        vm.assertEq(before - dollar.balanceOf(_trader(0)), 1, "his price, to the unit");
    }

    /// @dev A millionth of a unit is rounded like half a unit.
    function test_TheLeastRestIsRounded() external {
        _split(0, question, 10e6);
        _split(1, question, 10e6);
        Order memory taker = _order(0, question, Side.BuyYes, 1_000_001, 2);
        Order memory maker = _order(1, question, Side.SellYes, 1_000_001, 1);
        uint256 before = dollar.balanceOf(_trader(1));
        _match(0, taker, 1, maker, 1_000_001);
        vm.assertEq(dollar.balanceOf(_trader(1)) - before, 2, "up for who sells as the maker");
        taker = _order(0, question, Side.SellYes, 1_000_001, 500_000);
        maker = _order(1, question, Side.BuyYes, 1_000_001, 500_000);
        (taker.nonce, maker.nonce) = (1, 1);
        (bytes memory ts, bytes memory ms) = (_signed(0, taker), _signed(1, maker));
        vm.expectRevert(
            abi.encodeWithSelector(
                IOutcomeTokens.OutcomeTokens_RoundsBeyondPrice.selector, _trader(0), 1_000_001, 500_000
            )
        );
        tokens.matchOrders(taker, ts, maker, ms, 1_000_001);
    }

    /// @dev Whatever the prices and the amount: the taker keeps to his price, the maker to his, less than a unit beyond it
    ///      only where that is for him.
    function testFuzz_NobodyTradesBeyondHisPrice(uint256 dice, uint128 takers, uint128 makers, uint128 amount)
        external
    {
        (Side taking, Side making) = _fitting(dice);
        (takers, makers) = (uint128(_bound(takers, 1, 999_999)), uint128(_bound(makers, 1, 999_999)));
        amount = uint128(_bound(amount, 10_000, 10e6));
        _split(0, question, 10e6);
        _split(1, question, 10e6);
        Order memory taker = _order(0, question, taking, amount, takers);
        Order memory maker = _order(1, question, making, amount, makers);
        (bytes memory ts, bytes memory ms) = (_signed(0, taker), _signed(1, maker));
        (uint256 his, uint256 others) = (dollar.balanceOf(_trader(0)), dollar.balanceOf(_trader(1)));
        try tokens.matchOrders(taker, ts, maker, ms, amount) {
            _kept(taking, his, dollar.balanceOf(_trader(0)), uint256(amount) * takers);
            _kept(making, others, dollar.balanceOf(_trader(1)), uint256(amount) * makers);
        } catch (bytes memory why) {
            vm.assertTrue(
                bytes4(why) == IOutcomeTokens.OutcomeTokens_PricesDoNotMeet.selector
                    || bytes4(why) == IOutcomeTokens.OutcomeTokens_RoundsBeyondPrice.selector
            );
        }
    }

    /// @dev One nonce is one order, or who signs a new price would be filled at the old one too.
    function test_RevertWhen_AnotherOrderHasTheNonce() external {
        Order memory taker = _order(0, question, Side.BuyYes, 10e6, 600_000);
        _match(0, taker, 1, _order(1, question, Side.BuyNo, 4e6, 400_000), 4e6);
        taker.price = 700_000;
        _refused(
            taker,
            _order(2, question, Side.BuyNo, 20e6, 400_000),
            abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NonceUsed.selector, _trader(0), taker.nonce)
        );
    }

    function test_CancelledNoncesAreUsed() external {
        Order memory taker = _order(0, question, Side.BuyYes, 10e6, 600_000);
        vm.expectEmit(address(tokens));
        emit IOutcomeTokens.Cancelled(_trader(0), taker.nonce >> 7, uint128(1 << (taker.nonce & 127)));
        vm.prank(_trader(0));
        tokens.cancel(taker.nonce >> 7, uint128(1 << (taker.nonce & 127)));
        vm.assertEq(tokens.filledOf(taker), 10e6);
        _refused(
            taker,
            _order(1, question, Side.BuyNo, 10e6, 400_000),
            abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_NonceUsed.selector, _trader(0), taker.nonce)
        );
        taker.nonce ^= 1; // its neighbour is not
        _match(0, taker, 1, _order(1, question, Side.BuyNo, 10e6, 400_000), 10e6);
    }

    /* WHOSE ORDERS */

    function test_AnOrderIsSignedAsTypedData() external view {
        Order memory order = _order(0, question, Side.SellNo, 10e6, 600_000);
        bytes32 typehash = keccak256(
            "Order(address maker,bytes32 question,uint8 outcome,uint8 side,uint128 amount,uint128 price,uint256 nonce,uint40 expiresAt)"
        );
        bytes32 domain = _domainOf("Sooth Outcome Tokens", address(tokens));
        bytes32 content = keccak256(abi.encode(typehash, order));
        vm.assertEq(tokens.orderDigest(order), keccak256(abi.encodePacked("\x19\x01", domain, content)));
    }

    function test_RevertWhen_AnythingInAnOrderIsChanged() external {
        Order memory maker = _order(1, question, Side.BuyNo, 10e6, 400_000);
        Order memory signed = _order(0, question, Side.BuyYes, 10e6, 600_000);
        (bytes memory ts, bytes memory ms) = (_signed(0, signed), _signed(1, maker));
        Order[6] memory changed;
        for (uint256 i; i < changed.length; ++i) {
            changed[i] = _order(0, question, Side.BuyYes, 10e6, 600_000);
        }
        changed[0].maker = _trader(2);
        changed[1].amount += 1;
        changed[2].price += 1;
        changed[3].nonce += 1;
        changed[4].expiresAt += 1;
        changed[5].outcome = 1;
        for (uint256 i; i < changed.length; ++i) {
            maker.outcome = changed[i].outcome;
            ms = _signed(1, maker);
            vm.expectRevert(
                abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_BadSignature.selector, changed[i].maker)
            );
            tokens.matchOrders(changed[i], ts, maker, ms, 10e6);
        }
    }

    /// @dev Recovering nobody gives the zero address.
    function test_RevertWhen_NobodyIsTheMaker() external {
        Order memory nobody = _order(0, question, Side.BuyYes, 10e6, 600_000);
        nobody.maker = address(0);
        Order memory maker = _order(1, question, Side.BuyNo, 10e6, 400_000);
        bytes memory ms = _signed(1, maker);
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_BadSignature.selector, address(0)));
        tokens.matchOrders(nobody, new bytes(64), maker, ms, 10e6);
    }

    function test_AMakerMayBeAContract() external {
        ShownWallet wallet = new ShownWallet();
        _fund(address(wallet), address(tokens), 100e6);
        Order memory taker = _order(0, question, Side.BuyYes, 10e6, 600_000);
        Order memory maker = _order(1, question, Side.BuyNo, 10e6, 400_000);
        maker.maker = address(wallet);
        bytes memory ts = _signed(0, taker);
        vm.expectRevert(abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_BadSignature.selector, address(wallet)));
        tokens.matchOrders(taker, ts, maker, "", 10e6);
        wallet.show(tokens.orderDigest(maker));
        tokens.matchOrders(taker, ts, maker, "", 10e6);
        vm.assertEq(tokens.balanceOf(address(wallet), tokens.noOf(question, 0)), 10e6);
    }

    function test_APermitMakesTheAllowance() external {
        Permit memory permit = Permit(7e6, block.timestamp + 60, 0, 0, 0);
        bytes32 typed = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                _trader(3),
                address(tokens),
                permit.value,
                0,
                permit.deadline
            )
        );
        (permit.v, permit.r, permit.s) =
            vm.sign(9_003, keccak256(abi.encodePacked(hex"1901", dollar.DOMAIN_SEPARATOR(), typed)));
        vm.prank(stranger);
        tokens.usePermit(_trader(3), permit);
        vm.assertEq(dollar.allowance(_trader(3), address(tokens)), 7e6);
        tokens.usePermit(_trader(3), permit); // used already, it does no harm
        vm.assertEq(dollar.allowance(_trader(3), address(tokens)), 7e6);
    }

    function test_RevertWhen_ItIsLateOrThePriceIsNone() external {
        Order memory taker = _order(0, question, Side.BuyYes, 10e6, 600_000);
        Order memory maker = _order(1, question, Side.BuyNo, 10e6, 1e6);
        _refused(taker, maker, abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_BadPrice.selector, 1e6));
        maker.price = 0;
        _refused(taker, maker, abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_BadPrice.selector, 0));
        vm.warp(taker.expiresAt); // the last second
        maker = _order(1, question, Side.BuyNo, 10e6, 400_000);
        _match(0, taker, 1, maker, 10e6);
        vm.warp(uint256(taker.expiresAt) + 1);
        maker = _order(1, question, Side.BuyNo, 10e6, 400_000);
        _refused(
            taker,
            maker,
            abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_Expired.selector, _trader(0), taker.expiresAt)
        );
    }

    /// @dev A set is worth its collateral then, too.
    function test_SetsThatAreMadeAfterSettlingArePaid() external {
        _resolve(_sides(), 1);
        tokens.settle(_sides());
        _match(
            0, _order(0, question, Side.BuyYes, 10e6, 600_000), 1, _order(1, question, Side.BuyNo, 10e6, 400_000), 10e6
        );
        vm.assertEq(tokens.redeem(question, 1, _trader(0)), 10e6);
        vm.assertEq(tokens.redeem(question, 1, _trader(1)), 0);
        vm.assertEq(dollar.balanceOf(address(tokens)), 0);
    }

    /* INSIDE */

    /// @dev Ten whole tokens, by whoever matches.
    function _willMove(address from, address to, uint256 id) private {
        vm.expectEmit(address(tokens));
        emit IOutcomeTokens.Transfer(address(this), from, to, id, 10e6);
    }

    /// @dev One millionth of price more on either side, and they meet.
    function _meets(Side taking, uint128 taken, Side making, uint128 made) private {
        Order memory taker = _order(0, question, taking, 10e6, taken);
        Order memory maker = _order(1, question, making, 10e6, made);
        _refused(
            taker, maker, abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_PricesDoNotMeet.selector, taken, made)
        );
        _split(0, question, 10e6);
        _split(1, question, 10e6);
        bool buys = taking == Side.BuyYes || taking == Side.BuyNo;
        taker.price = buys ? taken + 1 : taken - 1;
        taker.nonce = maker.nonce = uint256(keccak256(abi.encode(taking, making)));
        _match(0, taker, 1, maker, 10e6);
    }

    function _beyond(Side taking, uint128 taken, Side making, uint128 made, uint256 money) private {
        Order memory taker = _order(0, question, taking, 10_000, taken);
        Order memory maker = _order(1, question, making, 10_000, made);
        (bytes memory ts, bytes memory ms) = (_signed(0, taker), _signed(1, maker));
        vm.expectRevert(
            abi.encodeWithSelector(IOutcomeTokens.OutcomeTokens_RoundsBeyondPrice.selector, _trader(0), 10_000, money)
        );
        tokens.matchOrders(taker, ts, maker, ms, 10_000);
    }

    /// @dev A side, and the other token the same way or the same token the other way.
    function _fitting(uint256 dice) private pure returns (Side, Side) {
        uint8 taking = uint8(dice % 4);
        return (Side(taking), Side(taking ^ (dice >> 8 & 1 == 0 ? 1 : 2)));
    }

    /// @param limit of money, times a million
    function _kept(Side side, uint256 before, uint256 after_, uint256 limit) private pure {
        bool buys = side == Side.BuyYes || side == Side.BuyNo;
        if (buys) vm.assertLe((before - after_) * 1e6, limit);
        else vm.assertGe((after_ - before) * 1e6, limit);
    }

    function _refused(Order memory taker, Order memory maker, bytes memory why) private {
        uint256 m = maker.maker == _trader(1) ? 1 : 2;
        (bytes memory ts, bytes memory ms) = (_signed(0, taker), _signed(m, maker));
        vm.expectRevert(why);
        tokens.matchOrders(taker, ts, maker, ms, 10e6);
    }
}
