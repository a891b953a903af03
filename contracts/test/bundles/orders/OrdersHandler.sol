// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle, Outcome} from "../../../src/bundles/BundleTypes.sol";
import {HeldLeg} from "../../../src/bundles/IEscrow.sol";
import {Order, Part} from "../../../src/bundles/orders/IOrders.sol";
import {Orders} from "../../../src/bundles/orders/Orders.sol";
import {Permit} from "../../../src/lib/Permits.sol";
import {TestToken} from "../../doubles/Tokens.sol";
import {OrdersStage} from "./OrdersStage.sol";

/// @dev Takers who take parts of carol's orders, a hub that decides once, a maker who changes her mind, a token that turns bad.
contract OrdersHandler is OrdersStage {
    struct Taken {
        Bundle header;
        bytes32 id;
        uint256 order;
        uint96 amount;
        bool over;
    }

    Order[] private _orders;
    bool[] private _cancelled;
    Taken[] private _taken;
    HeldLeg[2][] private _legs;
    mapping(uint256 order => uint256) public filledOf;
    mapping(uint256 order => uint256) public paidOf; // to the maker
    mapping(uint256 order => uint256) public gaveOf; // to takers
    uint256 public heldNow;
    uint256 public wrong;
    string public why;

    function start() external {
        setUp();
        token.mint(carol, 1e15);
        coin.mint(bob, 1e15);
        for (uint64 i; i < 3; ++i) {
            Order memory order = _order(i);
            // Prices that do not divide.
            (order.giveAmount, order.wantAmount) = (GIVES + i * 7, WANTS + i * 13);
            _orders.push(order);
            _cancelled.push(false);
        }
    }

    function contracts() external view returns (Orders, TestToken) {
        return (orders, token);
    }

    function count() external view returns (uint256) {
        return _orders.length;
    }

    function orderAt(uint256 i) external view returns (Order memory) {
        return _orders[i];
    }

    function creditsNow() external view returns (uint256) {
        return orders.creditOf(address(token), alice) + orders.creditOf(address(token), carol);
    }

    /* WHAT ANYBODY CAN DO */

    function take(uint256 which, uint96 amount, bool alsoPay) external {
        which %= _orders.length;
        Order memory order = _orders[which];
        amount = uint96(_bound(amount, 1, order.giveAmount));
        _take(_partOf(order, amount));
        header.salt = uint64(_taken.length + 10);
        _fit();
        uint256 left = order.giveAmount - filledOf[which];
        bool tooSmall = amount < order.leastPart && amount < left;
        bytes32[] memory hashes = _hashes();
        (Bundle memory header_, HeldLeg memory leg) = (header, held[0]);
        vm.prank(alice);
        try escrow.prepare(header_, hashes, 0, leg, "", Permit(0, 0, 0, 0, 0)) {
            if (_cancelled[which] || order.era != orders.eraOf(carol)) _fault("taken of a cancelled order");
            if (amount > left) _fault("taken more than there is");
            if (tooSmall) _fault("taken too little");
            if (token.manner() == TestToken.Manner.TakesFee) _fault("a token with a fee");
            filledOf[which] += amount;
            heldNow += amount;
            _taken.push(Taken(header, id, which, amount, false));
            _legs.push();
            (_legs[_legs.length - 1][0], _legs[_legs.length - 1][1]) = (held[0], held[1]);
            if (alsoPay) _prepare(1, bob);
        } catch {}
    }

    function decide(uint256 which, bool commit) external {
        if (_taken.length == 0) return;
        which %= _taken.length;
        Taken storage taken = _taken[which];
        if (taken.over) return;
        (header, id) = (taken.header, taken.id);
        delete held;
        held.push(_legs[which][0]);
        held.push(_legs[which][1]);
        // The hub commits when both are held.
        commit = commit && uint256(escrow.slotOf(id, 1)) > 3;
        uint256 before = coin.balanceOf(carol);
        _finishBoth(commit ? Outcome.Committed : Outcome.Aborted);
        taken.over = true;
        heldNow -= taken.amount;
        if (commit) {
            paidOf[taken.order] += coin.balanceOf(carol) - before;
            gaveOf[taken.order] += taken.amount;
        } else {
            filledOf[taken.order] -= taken.amount;
        }
    }

    function cancel(uint256 which, bool all, bool rarely) external {
        if (!rarely) return;
        which %= _orders.length;
        vm.startPrank(carol);
        if (all) orders.cancelAll();
        else orders.cancel(_orders[which]);
        vm.stopPrank();
        if (!all) _cancelled[which] = true;
        // A new one in its place, so that there is always something to take.
        Order memory order = _order(uint64(_orders.length));
        (order.giveAmount, order.wantAmount) = (GIVES + uint96(which), WANTS);
        _orders.push(order);
        _cancelled.push(false);
    }

    function withdraw(bool ofAlice) external {
        address who = ofAlice ? alice : carol;
        uint256 credit = orders.creditOf(address(token), who);
        vm.prank(who);
        try orders.withdraw(address(token), address(this)) returns (uint256 got) {
            if (got != credit || got == 0) _fault("withdrew what is not his");
        } catch {
            if (credit != 0) _fault("credit was refused");
        }
    }

    function behave(uint8 manner, bool refusesAlice) external {
        token.behave(TestToken.Manner(manner % 5), refusesAlice ? alice : carol);
    }

    /* INSIDE */

    /// @dev The part says the bundle's salt as well.
    function _fit() private {
        HeldLeg memory first = held[0];
        Part memory part = abi.decode(first.data, (Part));
        part.salt = header.salt;
        held[0].data = abi.encode(part);
        header.legsHash = keccak256(abi.encodePacked(_hashes()));
        id = _idOf();
    }

    function _fault(string memory what) private {
        ++wrong;
        why = what;
    }
}
