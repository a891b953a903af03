// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle, LegKind, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Escrow} from "../../src/bundles/Escrow.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {Finish, HeldLeg, IEscrow} from "../../src/bundles/IEscrow.sol";
import {BundleDecision} from "../../src/bundles/ISettler.sol";
import {Permit} from "../../src/lib/Permits.sol";
import {Seating} from "../doubles/Participants.sol";
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

    /// @dev What the participant needs to commit, at the most.
    uint32 private constant ENOUGH = 60_000;

    Book[] private _books;
    HeldLeg[2][] private _legs;
    mapping(address token => uint256) public heldOf;
    uint256 public wrong;
    string public why;

    Seating private _seating;

    function start() external {
        setUp();
        _seating = new Seating(address(escrow.envoy()), 1_000_000);
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

    /// @dev `stated`: of a leg that a participant holds, which needs less to abort than to commit; some state too little for either.
    function bundle(uint96 first, uint96 second, uint16 window, bool same, uint32 stated) public {
        HeldLeg memory one = _pays(address(token), alice, bob, uint96(_bound(first, 1, 200e6)));
        HeldLeg memory other =
            _pays(same ? address(token) : address(coin), bob, alice, uint96(_bound(second, 1, 200e6)));
        if (same) other.data = abi.encode(alice, relayer);
        if (stated % 2 == 0) {
            other = HeldLeg(LegKind.Participant, address(_seating), 0, stated % ENOUGH, "", bytes32(uint256(stated)));
        }
        _bundle(one, other);
        (header.salt, header.deadline) = (uint64(_books.length), uint40(block.timestamp + window % 2 hours));
        Book storage book = _books.push();
        (book.header, book.id) = (header, _idOf());
        _legs.push();
        (_legs[_legs.length - 1][0], _legs[_legs.length - 1][1]) = (one, other);
    }

    /// @dev A bundle that everybody wants: by chance alone hardly one would be committed.
    function agree(uint96 first, uint96 second, uint32 stated, uint32 given) external {
        bundle(first, second, 1 hours, false, stated);
        uint256 which = _load(0);
        _prepare(which, 0, true, false);
        _prepare(which, 1, true, false);
        decide(0, true);
        _finish(which, false, 2_500_000, given % 100_000);
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
        address payer = alice;
        TestToken asset = TestToken(held[index].target);
        if (_isToken(index)) {
            (payer,) = abi.decode(held[index].data, (address, address));
            asset.mint(payer, held[index].value);
        }
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
            if (_isToken(index) && asset.manner() == TestToken.Manner.TakesFee) _fault("took a token with a fee");
            book.held[index] = true;
            heldOf[address(asset)] += leg.value;
        } catch {}
    }

    /// @dev The hub: Committed only when both are held and in time; Aborted whenever.
    function decide(uint256 which, bool commit) public {
        if (_books.length == 0) return;
        which = _load(which);
        Book storage book = _books[which];
        if (book.outcome != Outcome.None) return;
        bool can = book.held[0] && book.held[1] && block.timestamp <= book.header.deadline;
        if (commit && !can) return;
        book.outcome = commit ? Outcome.Committed : Outcome.Aborted;
    }

    /// @param given to a participant
    function finish(uint256 which, uint8 lie, uint32 gas_, uint32 given) external {
        if (_books.length == 0) return;
        _finish(_load(which), lie % 5 == 0, _bound(gas_, 200_000, 2_500_000), given % 100_000);
    }

    function _finish(uint256 which, bool lie, uint256 gas_, uint32 given) private {
        Book storage book = _books[which];
        BundleDecision[] memory decisions = new BundleDecision[](1);
        Outcome said = lie ? Outcome.Committed : book.outcome;
        decisions[0] = BundleDecision({id: id, base: uint64(which * 2), outcome: said});
        // Attesters say what the hub says.
        if (book.outcome != Outcome.None) verifier.say(Facts.decision(id, uint64(which * 2), book.outcome));
        Finish[] memory both = _both();
        (both[0].gas, both[1].gas) = (given, given);
        bytes memory data = abi.encodeCall(IEscrow.finish, (both, decisions, bytes(""), relayer));
        (bool done,) = address(escrow).call{gas: gas_}(data);
        if (!done) return;
        if (said != book.outcome) _fault("finished what nobody decided");
        for (uint8 i; i < 2; ++i) {
            if (!book.held[i]) continue;
            if (escrow.dueOf(id, i) == book.outcome && uint256(escrow.slotOf(id, i)) > 3) {
                if (given >= ENOUGH || _isToken(i)) _fault("enough gas, and not finished");
                continue;
            }
            book.held[i] = false;
            if (book.outcome == Outcome.Committed) book.paid[i] = true;
            else book.back[i] = true;
            _left(i);
        }
    }

    function takeBack(uint256 which, uint8 index, uint32 given) external {
        if (_books.length != 0) _takeBack(_load(which), index % 2, given % 100_000);
    }

    function _takeBack(uint256 which, uint8 index, uint32 given) private {
        Book storage book = _books[which];
        bool early = block.timestamp <= uint256(book.header.deadline) + ESCAPE;
        bool due = escrow.dueOf(id, index) == Outcome.Committed;
        try escrow.takeBack(header, index, held[index], given) {
            if (uint256(escrow.slotOf(id, index)) > 3) {
                if (given >= ENOUGH || _isToken(index)) _fault("enough gas, and not given back");
                return;
            }
            if (due) _fault("taken back what is due");
            if (early) _fault("taken back before the escape");
            if (!book.held[index]) _fault("taken back what is not held");
            book.held[index] = false;
            book.back[index] = true;
            _left(index);
        } catch {
            if (!early && book.held[index] && !due) _fault("not given back after the escape");
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
    ///      Of a participant he may bring too little for it; what is due then stays due.
    function wait_(uint24 seconds_, bool enough) external {
        // Mostly a little, at times past every deadline.
        uint256 until = block.timestamp + seconds_ % 10 minutes;
        if (seconds_ % 4 == 0 && _books.length != 0) {
            uint256 escape = uint256(_books[_books.length - 1].header.deadline) + ESCAPE + 1;
            if (escape > until) until = escape;
        }
        for (uint256 i; i < _books.length; ++i) {
            if (_books[i].outcome == Outcome.Committed && until > uint256(_books[i].header.deadline) + ESCAPE) {
                _show(i);
                _finish(i, false, 3_000_000, enough ? ENOUGH : 0);
                for (uint8 k; k < 2; ++k) {
                    if (_books[i].held[k] && (enough || escrow.dueOf(_books[i].id, k) != Outcome.Committed)) {
                        _fault("a decision had no effect");
                    }
                }
            }
        }
        vm.warp(until);
        // Whoever would rather have his own back than what he was promised tries.
        for (uint8 k; _books.length != 0 && k < 2; ++k) {
            _takeBack(_load(0), k, ENOUGH);
        }
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
        if (!_isToken(index)) return;
        address asset = held[index].target;
        heldOf[asset] -= held[index].value;
    }

    function _isToken(uint8 index) private view returns (bool) {
        return held[index].kind == LegKind.Escrow;
    }

    function _fault(string memory what) private {
        ++wrong;
        why = what;
    }
}
