// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle, LegKind, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Escrow} from "../../src/bundles/Escrow.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {HeldLeg} from "../../src/bundles/IEscrow.sol";
import {TestToken} from "../doubles/Tokens.sol";
import {CrossStage} from "./CrossStage.sol";

/// @dev Escrowed bundles over a hub and two rollups, by anybody, in any order: tokens turn bad, legs state too little gas, guardians
///      pause, sets change and grow old. Two of four or more attesters lie whenever they like, the others never; whoever is owed
///      something brings the decision to each chain within the escape, with as much gas as it needs.
contract CrossHandler is CrossStage {
    struct Book {
        Bundle header;
        bytes32 id;
        bool[2] held; // was, whatever became of it
        Outcome[2] due; // what it was to end by when it failed
        bool neglected; // nobody brings the gas that its participant needs
    }

    Book[] private _books;
    HeldLeg[2][] private _all;
    uint256 public wrong;
    string public why;
    uint40 private _hubPaused;
    uint40[2] private _escrowPaused;
    mapping(uint32 epoch => uint256) private _began; // at the hub, as the test reckons it
    uint256 private _left;

    function start() external payable {
        setUp();
        _began[1] = block.timestamp;
    }

    receive() external payable {}

    function count() external view returns (uint256) {
        return _books.length;
    }

    /* WHAT ANYBODY CAN DO */

    function open(uint96 first, uint96 second, uint32 window, bool seat, uint32 stated) public {
        uint64 salt = uint64(_books.length);
        HeldLeg[2] memory legs =
            _legs(uint96(_bound(first, 1, 200e6)), uint96(_bound(second, 1, 200e6)), seat, stated % ENOUGH, salt);
        Bundle memory header = _headerOf(legs, uint40(block.timestamp + 1 + window % 6 hours), salt);
        vm.prank(owner);
        try hub.open(header, "") {
            if (block.timestamp < _hubPaused) _fault("opened in a pause");
        } catch {
            if (block.timestamp >= _hubPaused) _fault("not opened");
            return;
        }
        _note(header, legs, stated);
    }

    /// @dev Whoever agrees may have its legs held, and nobody opens it.
    function keepUnopened(uint96 first, uint96 second, uint32 window, bool seat, uint32 stated) external {
        uint64 salt = uint64(_books.length);
        HeldLeg[2] memory legs =
            _legs(uint96(_bound(first, 1, 200e6)), uint96(_bound(second, 1, 200e6)), seat, stated % ENOUGH, salt);
        _note(_headerOf(legs, uint40(block.timestamp + 1 + window % 6 hours), salt), legs, stated);
        _prepare(_books.length - 1, 0, true);
    }

    function _note(Bundle memory header, HeldLeg[2] memory legs, uint32 stated) private {
        Book storage book = _books.push();
        (book.header, book.id, book.neglected) = (header, hub.idOf(header), stated % 2 == 0);
        _all.push();
        (_all[_all.length - 1][0], _all[_all.length - 1][1]) = (legs[0], legs[1]);
    }

    /// @dev One that everybody wants: by chance alone hardly one would be committed.
    function agree(uint96 first, uint96 second, bool seat, uint32 stated) external {
        uint256 before = _books.length;
        open(first, second, 1 hours, seat, stated);
        if (_books.length == before) return;
        _prepare(before, 0, true);
        _prepare(before, 1, true);
        commit(0, ALL);
    }

    function prepare(uint256 which, uint8 index, bool agreed) external {
        if (_books.length != 0) _prepare(_newest(which), index % 2, agreed);
    }

    /// @dev Attesters who do not lie saw both held; two who do can say what they like.
    function commit(uint256 which, uint256 providers) public {
        if (_books.length == 0) return;
        Book storage book = _books[_newest(which)];
        bool honest = book.held[0] && book.held[1];
        // All of them half of the time: by chance alone that would be rare.
        providers = !honest ? providers & LIARS : providers % 2 == 1 ? ALL : providers;
        Outcome before = hub.outcomeOf(book.id);
        uint256 seats = _seatsBy(attesters.currentEpoch(), providers);
        bytes memory evidence = _evidence(_one(Facts.prepared(book.id)), seats);
        try hub.commitPrepared(_one(book.id), evidence) {
            if (block.timestamp < _hubPaused) _fault("committed in a pause");
        } catch {
            if (providers == ALL && block.timestamp >= _hubPaused && _fresh(attesters.currentEpoch())) {
                _fault("not committed");
            }
        }
        bool changed = hub.outcomeOf(book.id) != before;
        if (changed && (!honest || before != Outcome.Open || block.timestamp > book.header.deadline)) {
            _fault("committed what may not be");
        }
    }

    /// @dev I14: neither waits for a guardian.
    function abort(uint256 which) external {
        if (_books.length == 0) return;
        Book storage book = _books[_newest(which)];
        bool wasOpen = hub.outcomeOf(book.id) == Outcome.Open;
        vm.prank(owner);
        try hub.abort(book.header) {
            if (!wasOpen) _fault("decided twice");
        } catch {
            if (wasOpen) _fault("not aborted");
        }
    }

    function expire(uint256 which) external {
        if (_books.length == 0) return;
        Book storage book = _books[_newest(which)];
        Outcome before = hub.outcomeOf(book.id);
        hub.expire(_one(book.id));
        bool due = before == Outcome.Open && block.timestamp > book.header.deadline;
        if ((hub.outcomeOf(book.id) != before) != due) _fault("expired at the wrong time");
        if (before != Outcome.None) return;
        try hub.expireUnopened(book.header, "") {
            if (block.timestamp <= book.header.deadline) _fault("expired what may still be opened");
        } catch {
            if (block.timestamp > book.header.deadline) _fault("what nobody opened was kept");
        }
    }

    /// @dev With a quorum only what the hub says is said.
    function finish(uint256 which, uint8 index, bool lie, uint32 given) external {
        if (_books.length == 0) return;
        (which, index) = (_newest(which), index % 2);
        Outcome now_ = hub.outcomeOf(_books[which].id);
        if (lie) {
            Outcome said = now_ == Outcome.Committed ? Outcome.Aborted : Outcome.Committed;
            if (_tryFinish(index, _books[which].id, _all[which][index], said, LIARS, given % 100_000)) {
                _fault("two lied and were believed");
            }
        } else if (now_ != Outcome.Open && now_ != Outcome.None) {
            _finish(which, index, given % 100_000);
        }
    }

    function takeBack(uint256 which, uint8 index, uint32 given) external {
        if (_books.length != 0) _takeBack(_newest(which), index % 2, given % 100_000);
    }

    function behave(uint8 manner, bool second, bool refusesOwner) external {
        rollups[second ? 1 : 0].token.behave(TestToken.Manner(manner % 5), refusesOwner ? owner : rival);
    }

    /// @dev Of the hub, and of the escrows.
    function pause(uint8 where, uint32 seconds_) external {
        uint40 wanted = uint40(_bound(seconds_, 1, 72 hours));
        vm.prank(guardian);
        if (where % 3 == 2) {
            try hub.pause(wanted) {
                _hubPaused = uint40(block.timestamp) + wanted;
            } catch {}
        } else {
            try rollups[where % 3].escrow.pause(wanted) {
                _escrowPaused[where % 3] = uint40(block.timestamp) + wanted;
            } catch {}
        }
    }

    /* SETS */

    /// @dev Somebody comes, or somebody honest goes while there are more than four: so two who lie are never a quorum.
    function advance(bool leaves) external {
        (, uint256[] memory sitting) = _seats(_epoch());
        if (leaves && _left < _joined - SEATS) _leave(2 + _left++);
        else if (sitting.length < 12) _welcome();
        _serve(block.timestamp + EPOCH);
        vm.warp(block.timestamp + EPOCH);
        _keepSets();
        _adopt();
    }

    /// @dev Whoever signs names another set, or none; most of a set are enough, if it is the current one, and liars never.
    function rotate(uint8 index, uint32 epoch, uint32 signing, bool lie) external {
        index = index % 2;
        uint32 latest = attesters.currentEpoch();
        (epoch, signing) = (uint32(_bound(epoch, 1, latest)), uint32(_bound(signing, 1, latest)));
        _rotate(index, epoch, signing, lie ? LIARS : MOST);
    }

    /// @dev I16: no set is renewed by anything but that it was the hub's on a day.
    function renew(uint8 index, uint32 daysAgo, uint32 epoch, bool lie) external {
        index = index % 2;
        uint32 here = rollups[index].attesters.currentEpoch();
        epoch = uint32(_bound(epoch, 1, attesters.currentEpoch()));
        uint32 day = uint32(block.timestamp / 1 days - daysAgo % 9);
        (, uint40 before,) = rollups[index].attesters.epochOf(here);
        if (!lie && _currentOn(day) != epoch) return;
        bool fits = epoch == here && uint256(day) * 1 days > before && block.timestamp <= uint256(before) + AGE;
        if (_tryRenew(index, day, epoch, lie ? LIARS : MOST) != (fits && !lie)) _fault("renewed wrongly");
    }

    /// @dev Time passes; what is committed and not paid yet is brought before the escape, on both chains.
    function wait_(uint32 seconds_, bool longer) external {
        uint256 until = block.timestamp + seconds_ % (longer ? 40 hours : 20 minutes);
        _serve(until);
        vm.warp(until);
        _keepSets();
        _adopt();
        // Whoever would rather have his own back than what he was promised tries.
        for (uint8 i; _books.length != 0 && i < 2; ++i) {
            _takeBack(_newest(0), i, ENOUGH);
        }
    }

    /// @notice In the end nothing is held any more: what is due is brought, everything else comes back without anybody's signature.
    function end() external {
        _serve(block.timestamp + 3 days);
        vm.warp(block.timestamp + 3 days);
        for (uint256 which; which < _books.length; ++which) {
            for (uint8 i; i < 2; ++i) {
                if (_books[which].due[i] != Outcome.Committed) continue;
                // Whose gas nobody brought, though other legs were paid.
                _takeBack(which, i, ENOUGH);
                _finish(which, i, ENOUGH);
            }
        }
        vm.warp(block.timestamp + 100 days);
        for (uint256 which; which < _books.length; ++which) {
            for (uint8 i; i < 2; ++i) {
                _takeBack(which, i, ENOUGH);
                if (_books[which].held[i] && endOf(which, i) == Outcome.None) _fault("held for ever");
            }
        }
    }

    /* WHAT CAME OF IT */

    /// @notice What the escrow says of a leg; None while it is held, or was never.
    function endOf(uint256 which, uint8 index) public view returns (Outcome) {
        uint256 slot = uint256(rollups[index].escrow.slotOf(_books[which].id, index));
        return slot > uint256(Outcome.Aborted) ? Outcome.None : Outcome(slot);
    }

    function outcomeOf(uint256 which) external view returns (Outcome) {
        return hub.outcomeOf(_books[which].id);
    }

    /// @notice What an escrow has of its token, and what of it is somebody's.
    function balanceOf(uint8 index) external view returns (uint256 has, uint256 owed) {
        (Escrow escrow, TestToken token) = (rollups[index].escrow, rollups[index].token);
        has = token.balanceOf(address(escrow));
        owed = escrow.creditOf(address(token), owner) + escrow.creditOf(address(token), rival);
        for (uint256 which; which < _books.length; ++which) {
            HeldLeg storage leg = _all[which][index];
            bool held = _books[which].held[index] && endOf(which, index) == Outcome.None;
            if (held && leg.kind == LegKind.Escrow) owed += leg.value;
        }
    }

    /* INSIDE */

    function _prepare(uint256 which, uint8 index, bool agreed) private {
        Book storage book = _books[which];
        HeldLeg[2] memory legs = _all[which];
        bool token = legs[index].kind == LegKind.Escrow;
        address payer = index == 0 || !token ? owner : rival;
        if (token) rollups[index].token.mint(payer, legs[index].value);
        bool done = _tryPrepare(index, book.header, legs, agreed ? payer : stranger, "");
        if (done && !agreed) _fault("nobody agreed");
        if (done && book.held[index]) _fault("held twice");
        if (done && block.timestamp < _escrowPaused[index]) _fault("held in a pause");
        if (done && block.timestamp > book.header.deadline) _fault("held too late");
        if (done) book.held[index] = true;
    }

    function _finish(uint256 which, uint8 index, uint32 given) private {
        Book storage book = _books[which];
        bool was = book.held[index] && endOf(which, index) == Outcome.None;
        bool done = _tryFinish(index, book.id, _all[which][index], hub.outcomeOf(book.id), ALL, given);
        if (!was || !_alive(index)) return;
        // I14: no pause stops it. A participant may lack gas, and then stays due.
        if (!done) _fault("not finished");
        bool ended = endOf(which, index) != Outcome.None;
        if (!ended) book.due[index] = hub.outcomeOf(book.id);
        if (!ended && (given >= ENOUGH || _all[which][index].kind == LegKind.Escrow)) _fault("a decision had no effect");
    }

    function _takeBack(uint256 which, uint8 index, uint32 given) private {
        Book storage book = _books[which];
        Escrow escrow = rollups[index].escrow;
        bool was = book.held[index] && endOf(which, index) == Outcome.None;
        bool early = block.timestamp <= uint256(book.header.deadline) + ESCAPE;
        bool due = book.due[index] == Outcome.Committed;
        vm.chainId(rollups[index].chainId);
        try escrow.takeBack(book.header, index, _all[which][index], given) {
            if (early || !was || due) _fault("taken back what may not be");
        } catch {
            if (was && !early && !due) _fault("not given back after the escape");
        }
        vm.chainId(hubChain);
    }

    /// @dev What is committed is brought before anybody could take it back; to one that is neglected too little gas.
    function _serve(uint256 until) private {
        for (uint256 which; which < _books.length; ++which) {
            Book storage book = _books[which];
            bool last = until > uint256(book.header.deadline) + ESCAPE;
            if (!last || hub.outcomeOf(book.id) != Outcome.Committed) continue;
            for (uint8 i; i < 2; ++i) {
                if (endOf(which, i) != Outcome.None || book.due[i] != Outcome.None && book.neglected) continue;
                if (!_alive(i)) _fault("a set died while it was needed");
                _finish(which, i, book.neglected ? 0 : ENOUGH);
            }
        }
    }

    /// @dev Whenever time has passed, what was the hub's set when the day began is told that it was, or is seated first. So
    ///      younger ones stay unknown to a rollup for up to a day, unless somebody tells it.
    function _keepSets() private {
        uint32 day = uint32(block.timestamp / 1 days);
        uint32 epoch = _currentOn(day);
        for (uint8 i; i < 2; ++i) {
            uint32 here = rollups[i].attesters.currentEpoch();
            if (here < epoch) _rotate(i, epoch, here, MOST);
            if (here <= epoch) _tryRenew(i, day, epoch, MOST);
        }
    }

    function _rotate(uint8 index, uint32 epoch, uint32 signing, uint256 providers) private {
        uint32 here = rollups[index].attesters.currentEpoch();
        (, uint40 before,) = rollups[index].attesters.epochOf(here);
        bool fits = block.timestamp <= uint256(before) + AGE && signing == here && epoch > here && providers != LIARS;
        if (_tryRotate(index, epoch, signing, providers) != fits) _fault("rotated wrongly");
        (, uint40 renewedAt,) = rollups[index].attesters.epochOf(rollups[index].attesters.currentEpoch());
        if (renewedAt != before) _fault("a set gained time by naming another");
    }

    function _adopt() private {
        try stakes.advanceEpoch(0) {} catch {}
        uint32 before = attesters.currentEpoch();
        uint32 now_ = attesters.adopt();
        if (now_ != before) _began[now_] = block.timestamp;
    }

    /// @dev The hub's epoch in the first second of a day; 0: none that is known here.
    function _currentOn(uint32 day) private view returns (uint32 epoch) {
        for (uint32 one = 1; one <= attesters.currentEpoch(); ++one) {
            if (_began[one] != 0 && _began[one] <= uint256(day) * 1 days) epoch = one;
        }
    }

    function _alive(uint8 index) private view returns (bool) {
        (, uint40 renewedAt,) = rollups[index].attesters.epochOf(rollups[index].attesters.currentEpoch());
        return block.timestamp <= uint256(renewedAt) + AGE;
    }

    function _fresh(uint32 epoch) private view returns (bool) {
        (, uint40 renewedAt,) = attesters.epochOf(epoch);
        return block.timestamp <= uint256(renewedAt) + AGE;
    }

    /// @dev The newest ones, so that something comes of them.
    function _newest(uint256 which) private view returns (uint256) {
        return _books.length - 1 - which % (_books.length < 3 ? _books.length : 3);
    }

    function _fault(string memory what) private {
        ++wrong;
        why = what;
    }
}
