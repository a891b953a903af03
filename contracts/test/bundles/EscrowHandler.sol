// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Escrow} from "../../src/bundles/Escrow.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {Finish, HeldLeg, IEscrow} from "../../src/bundles/IEscrow.sol";
import {BundleDecision} from "../../src/bundles/ISettler.sol";
import {Permit} from "../../src/lib/Permits.sol";
import {TestToken} from "../doubles/Tokens.sol";
import {EscrowStage} from "./EscrowStage.sol";

/// @dev Everything that anybody can do to an escrow, in any order, with tokens that turn bad in between and a hub that decides
///      once. Nobody keeps a committed bundle from this chain for as long as the escape: that is assumed, and only that.
contract EscrowHandler is EscrowStage {
    struct Book {
        Bundle header;
        bytes32 id;
        Outcome outcome; // of the hub
        bool[2] held;
        bool[2] paid;
        bool[2] back;
    }

    Book[] private _books;
    HeldLeg[2][] private _legs;
    mapping(address token => uint256) public heldOf;
    uint256 public wrong;
    string public why;

    function start() external {
        setUp();
        vm.prank(governor);
        escrow.setLimit(address(coin), 900e6);
    }

    function contracts() external view returns (Escrow, TestToken, TestToken) {
        return (escrow, token, coin);
    }

    function count() external view returns (uint256) {
        return _books.length;
    }

    /// @dev Of all who are ever paid here.
    function creditOf(address asset) external view returns (uint256) {
        return escrow.creditOf(asset, alice) + escrow.creditOf(asset, bob) + escrow.creditOf(asset, relayer);
    }

    function endsOf(uint256 which) external view returns (bool paid, bool back) {
        Book storage book = _books[which];
        return (book.paid[0] || book.paid[1], book.back[0] || book.back[1]);
    }

    /* WHAT ANYBODY CAN DO */

    function bundle(uint96 first, uint96 second, uint16 window, bool same) external {
        HeldLeg memory one = _pays(address(token), alice, bob, uint96(_bound(first, 1, 200e6)));
        HeldLeg memory other =
            _pays(same ? address(token) : address(coin), bob, alice, uint96(_bound(second, 1, 200e6)));
        if (same) other.data = abi.encode(alice, relayer);
        _bundle(one, other);
        (header.salt, header.deadline) = (uint64(_books.length), uint40(block.timestamp + window % 2 hours));
        Book storage book = _books.push();
        (book.header, book.id) = (header, _idOf());
        _legs.push();
        (_legs[_legs.length - 1][0], _legs[_legs.length - 1][1]) = (one, other);
    }

    function prepare(uint256 which, uint8 index, uint8 how) external {
        if (_books.length == 0) return;
        which = _load(which);
        // Often both: of a bundle that is half held nothing comes but its money back.
        if (index % 4 != 0) _prepare(which, 0, how % 4 != 0, how % 3 == 0);
        if (index % 4 != 1) _prepare(which, 1, how % 4 != 0, how % 3 == 0);
    }

    function _prepare(uint256 which, uint8 index, bool signed, bool stranger) private {
        Book storage book = _books[which];
        (address payer,) = abi.decode(held[index].data, (address, address));
        TestToken asset = TestToken(held[index].target);
        asset.mint(payer, held[index].value);
        bytes memory signature = signed ? _signed(payer == alice ? ALICE_KEY : BOB_KEY) : bytes("");
        bool fresh = escrow.slotOf(id, index) == 0;
        bool paused = block.timestamp < escrow.pausedUntil();
        Bundle memory header_ = header;
        bytes32[] memory hashes = _hashes();
        HeldLeg memory leg = held[index];
        vm.prank(stranger ? relayer : payer);
        try escrow.prepare(header_, hashes, index, leg, signature, Permit(0, 0, 0, 0, 0)) {
            if (!fresh || book.paid[index] || book.back[index]) _fault("held twice");
            if (paused) _fault("held in a pause");
            if (stranger && !signed) _fault("nobody agreed");
            if (block.timestamp > header_.deadline) _fault("held too late");
            if (asset.manner() == TestToken.Manner.TakesFee) _fault("took a token with a fee");
            book.held[index] = true;
            heldOf[address(asset)] += leg.value;
        } catch {}
    }

    /// @dev The hub: Committed only when both are held and in time; Aborted whenever.
    function decide(uint256 which, bool commit) external {
        if (_books.length == 0) return;
        which = _load(which);
        Book storage book = _books[which];
        if (book.outcome != Outcome.None) return;
        bool can = book.held[0] && book.held[1] && block.timestamp <= book.header.deadline;
        if (commit && !can) return;
        book.outcome = commit ? Outcome.Committed : Outcome.Aborted;
    }

    function finish(uint256 which, uint8 lie, uint32 gas_) external {
        if (_books.length != 0) _finish(_load(which), lie % 5 == 0, _bound(gas_, 200_000, 2_500_000));
    }

    function _finish(uint256 which, bool lie, uint256 gas_) private {
        Book storage book = _books[which];
        BundleDecision[] memory decisions = new BundleDecision[](1);
        Outcome said = lie ? Outcome.Committed : book.outcome;
        decisions[0] = BundleDecision({id: id, base: uint64(which * 2), outcome: said});
        // Attesters say what the hub says.
        if (book.outcome != Outcome.None) verifier.say(Facts.decision(id, uint64(which * 2), book.outcome));
        bytes memory data = abi.encodeCall(IEscrow.finish, (_both(), decisions, bytes(""), relayer));
        (bool done,) = address(escrow).call{gas: gas_}(data);
        if (!done) return;
        if (said != book.outcome) _fault("finished what nobody decided");
        for (uint8 i; i < 2; ++i) {
            if (!book.held[i]) continue;
            book.held[i] = false;
            if (book.outcome == Outcome.Committed) book.paid[i] = true;
            else book.back[i] = true;
            _left(i);
        }
    }

    function takeBack(uint256 which, uint8 index) external {
        if (_books.length == 0) return;
        which = _load(which);
        index %= 2;
        Book storage book = _books[which];
        bool early = block.timestamp <= uint256(book.header.deadline) + ESCAPE;
        try escrow.takeBack(header, index, held[index]) {
            if (early) _fault("taken back before the escape");
            if (!book.held[index]) _fault("taken back what is not held");
            book.held[index] = false;
            book.back[index] = true;
            _left(index);
        } catch {
            if (!early && book.held[index]) _fault("not given back after the escape");
        }
    }

    function withdraw(bool ofAlice, bool ofCoin) external {
        address who = ofAlice ? alice : bob;
        TestToken asset = ofCoin ? coin : token;
        uint256 credit = escrow.creditOf(address(asset), who);
        vm.prank(who);
        try escrow.withdraw(address(asset), address(this)) returns (uint256 amount) {
            if (amount != credit || amount == 0) _fault("withdrew what is not his");
        } catch {
            if (credit != 0 && asset.refused() != address(this)) _fault("credit was refused");
        }
    }

    function behave(uint8 manner, bool ofCoin, bool refusesAlice) external {
        (ofCoin ? coin : token).behave(TestToken.Manner(manner % 5), refusesAlice ? alice : bob);
    }

    function pause(uint40 seconds_) external {
        vm.prank(guardian);
        try escrow.pause(seconds_ % 20 minutes) {} catch {}
    }

    /// @dev Whoever has something to get brings the decision in time: within the escape, on every chain.
    function wait_(uint24 seconds_) external {
        // Mostly a little, at times past every deadline.
        uint256 until = block.timestamp + seconds_ % (seconds_ % 4 == 0 ? 60 hours : 10 minutes);
        for (uint256 i; i < _books.length; ++i) {
            if (_books[i].outcome == Outcome.Committed && until > uint256(_books[i].header.deadline) + ESCAPE) {
                _show(i);
                _finish(i, false, 3_000_000);
                if (_books[i].held[0] || _books[i].held[1]) _fault("a decision had no effect");
            }
        }
        vm.warp(until);
    }

    /* INSIDE */

    function _load(uint256 which) private returns (uint256) {
        // The newest ones, so that something comes of them.
        which = _books.length - 1 - which % (_books.length < 3 ? _books.length : 3);
        _show(which);
        return which;
    }

    function _show(uint256 which) private {
        (header, id) = (_books[which].header, _books[which].id);
        delete held;
        held.push(_legs[which][0]);
        held.push(_legs[which][1]);
    }

    /// @dev What was held is paid out now, or somebody's credit.
    function _left(uint8 index) private {
        address asset = held[index].target;
        heldOf[asset] -= held[index].value;
    }

    function _fault(string memory what) private {
        ++wrong;
        why = what;
    }
}
