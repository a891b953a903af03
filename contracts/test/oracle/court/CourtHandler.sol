// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Jury, JurorFault} from "../../../src/oracle/court/ICourt.sol";
import {SomeSlasher} from "./CourtNeighbours.sol";
import {Ballot, CourtStage} from "./CourtStage.sol";

/// @dev Does what anybody can do with some juries at once, in any order: what the moment allows, honest or not.
contract CourtHandler is CourtStage {
    uint96 private constant FUNDS = 1_000_000e6;

    struct Seen {
        uint256 votes; // as they stood last
        bool ended;
        uint8 choice;
        bool closed;
    }

    Jury[] private _juries;
    mapping(bytes32 jury => Ballot[]) private _batches;
    mapping(bytes32 jury => Seen) private _seen;
    bool private _paused;

    function start() external {
        setUp();
        _pool(24, 1_000e6, 100e6);
    }

    /* ACTIONS */

    function open(uint8 size, uint24 excluded, uint96 fee) external {
        if (_juries.length == 6) return;
        // After weeks of waiting the snapshot is too old to draw from: anybody has the next one taken, of the same jurors.
        (, uint40 takenAt) = stakes.jurorSetOf(EPOCH);
        if (block.timestamp >= takenAt + court.SNAPSHOT_SECONDS()) _pool(24, 1_000e6, 100e6);
        // Twelve of them always may sit.
        Jury memory terms =
            _open(uint8(_bound(size, 1, 31)), uint256(excluded) & 0xfff, uint96(_bound(fee, 0, 1_000e6)));
        _juries.push(terms);
        vm.warp(block.timestamp + 1);
    }

    function prove(uint256 which, bytes32 seed) external {
        (Jury memory terms, bytes32 jury,) = _pick(which);
        if (jury == 0 || _proved(terms)) return;
        _prove(terms, abi.encode(seed));
    }

    /// @dev A batch of everybody who was drawn, with any choices. Only the last of a jury is remembered, and opened.
    function post(uint256 which, uint256 choices) external {
        (Jury memory terms, bytes32 jury, uint256 window) = _pick(which);
        if (jury == 0 || window != 1 || !_proved(terms)) return;
        Ballot[] memory ballots = _ballots(terms, 1);
        delete _batches[jury];
        for (uint256 i; i < ballots.length; ++i) {
            // Often enough the same choice for a supermajority.
            uint256 lot = (choices >> (6 * (i % 32))) % 64;
            ballots[i].choice = lot < 48 ? uint8(1 + choices % 3) : uint8(1 + lot % 3);
            _batches[jury].push(ballots[i]);
        }
        _post(terms, ballots);
    }

    function postGarbage(uint256 which, bytes32 batch) external {
        (Jury memory terms, bytes32 jury, uint256 window) = _pick(which);
        if (jury != 0 && window == 1) court.postCommits(terms, batch);
    }

    function commitOwn(uint256 which, uint256 who, uint8 choice) external {
        (Jury memory terms, bytes32 jury, uint256 window) = _pick(which);
        if (jury == 0 || window != 1 || !_proved(terms)) return;
        Ballot memory ballot = _one(terms, who, choice);
        if (court.ownCommitment(jury, ballot.juror) != 0) return;
        court.commitOwn(terms, ballot.juror, _commitment(jury, ballot), _signature(jury, ballot));
    }

    function reveal(uint256 which, uint256 passedOver) external {
        (Jury memory terms, bytes32 jury, uint256 window) = _pick(which);
        if (jury == 0 || window != 2 || !_proved(terms) || _batches[jury].length == 0) return;
        bytes memory openings;
        for (uint256 i; i < _batches[jury].length; ++i) {
            Ballot memory ballot = _batches[jury][i];
            // One of eight stays away this time.
            bool opens = (passedOver >> (3 * (i % 80))) % 8 != 0;
            openings = bytes.concat(
                openings, opens ? _opening(jury, ballot) : abi.encodePacked(uint8(0), _commitment(jury, ballot))
            );
        }
        court.reveal(terms, openings);
    }

    function revealOwn(uint256 which, uint256 who, uint8 choice) external {
        (Jury memory terms, bytes32 jury, uint256 window) = _pick(which);
        if (jury == 0 || window != 2 || !_proved(terms)) return;
        Ballot memory ballot = _one(terms, who, choice);
        if (court.ownCommitment(jury, ballot.juror) != _commitment(jury, ballot)) return;
        // He may have voted in a batch.
        try court.revealOwn(terms, ballot.juror, ballot.choice, ballot.salt) {} catch {}
    }

    function leak(uint256 which, uint256 who, uint8 choice) external {
        (Jury memory terms, bytes32 jury, uint256 window) = _pick(which);
        if (jury == 0 || window > 1 || !_proved(terms)) return;
        Ballot memory ballot = _one(terms, who, choice);
        bytes memory signature = _signature(jury, ballot);
        // He may have been shown before.
        try court.leak(terms, ballot.juror, ballot.choice, ballot.salt, signature) {} catch {}
    }

    function withheld(uint256 which, uint256 index) external {
        (Jury memory terms, bytes32 jury, uint256 window) = _pick(which);
        if (jury == 0 || window != 3 || !_proved(terms) || _batches[jury].length == 0) return;
        Ballot[] memory ballots = _batches[jury];
        index = _bound(index, 0, ballots.length - 1);
        bytes memory signature = _signature(jury, ballots[index]);
        // Most have opened.
        try court.withheld(terms, ballots[index].juror, _list(jury, ballots), index, signature) {} catch {}
    }

    function close(uint256 which) external {
        (Jury memory terms, bytes32 jury, uint256 window) = _pick(which);
        if (jury == 0 || window != 3 || court.isClosed(jury)) return;
        // Not proved, it has to wait.
        try court.close(terms) {} catch {}
    }

    function reward(uint256 which, uint96 most) external {
        (Jury memory terms, bytes32 jury, uint256 window) = _pick(which);
        if (jury == 0 || window != 3) return;
        vm.prank(ladder);
        court.reward(terms, uint96(_bound(most, 0, 100e6)));
    }

    function wait_(uint256 time) external {
        vm.warp(block.timestamp + _bound(time, 1, 10 hours));
    }

    function pauseOrResume() external {
        if (_paused) clock.resume();
        else clock.pause();
        _paused = !_paused;
    }

    /* CHECKS, each called by one invariant */

    /// @dev What was voted stays, and the juror's seats agree; nothing lies beyond the size.
    function checkVotes() external {
        for (uint256 i; i < _juries.length; ++i) {
            bytes32 jury = court.idOf(_juries[i]);
            uint256 votes = court.votesOf(jury);
            uint256 before = _seen[jury].votes;
            uint256 voted = ((before | before >> 1) & (type(uint256).max / 3)) * 3;
            vm.assertEq(votes & voted, before);
            vm.assertEq(votes >> (2 * _juries[i].size), 0);
            _seen[jury].votes = votes;
            if (votes == 0) continue;
            uint8[] memory seats = court.seatsOf(_juries[i]);
            for (uint256 seat = 1; seat < seats.length; ++seat) {
                for (uint256 other; other < seat; ++other) {
                    if (seats[seat] != seats[other]) continue;
                    vm.assertEq((votes >> (2 * seat)) & 3, (votes >> (2 * other)) & 3);
                }
            }
        }
    }

    function checkVerdicts() external {
        for (uint256 i; i < _juries.length; ++i) {
            bytes32 jury = court.idOf(_juries[i]);
            (bool ended, uint8 choice, uint256 votesFor, uint256 drawn) = court.verdictOf(_juries[i]);
            vm.assertTrue(ended || choice == 0);
            vm.assertEq(drawn, _juries[i].size);
            if (choice != 0) vm.assertGe(votesFor * 100, 65 * drawn);
            if (_seen[jury].ended) vm.assertTrue(ended && choice == _seen[jury].choice);
            (_seen[jury].ended, _seen[jury].choice) = (ended, choice);
            if (_seen[jury].closed) vm.assertTrue(court.isClosed(jury));
            _seen[jury].closed = court.isClosed(jury);
            vm.assertTrue(ended || !court.isClosed(jury));
        }
    }

    /// @dev What came in is held, was paid or went back; nothing else.
    function checkMoney() external view {
        uint256 held;
        uint256 credits = uint256(ledger.creditOf(ladder)) + ledger.creditOf(address(court));
        for (uint256 i; i < _juries.length; ++i) {
            if (!court.isClosed(court.idOf(_juries[i]))) held += _juries[i].fee;
        }
        for (uint256 juror; juror < 24; ++juror) {
            credits += ledger.creditOf(_owner(juror));
        }
        vm.assertEq(ledger.creditOf(address(court)), held);
        vm.assertEq(credits, FUNDS);
    }

    /// @dev No fault twice, and nobody who stands with the verdict is blamed at the closing.
    function checkBlame() external view {
        SomeSlasher.Blame[] memory blames = slasher.blames();
        for (uint256 i; i < blames.length; ++i) {
            for (uint256 j; j < i; ++j) {
                vm.assertTrue(blames[i].fault != blames[j].fault);
            }
            bool shown = blames[i].kind == JurorFault.Leaked || blames[i].kind == JurorFault.Withheld;
            vm.assertTrue(shown == (blames[i].challenger != address(0)));
        }
        for (uint256 i; i < _juries.length; ++i) {
            bytes32 jury = court.idOf(_juries[i]);
            if (!court.isClosed(jury) || court.votesOf(jury) == 0) continue;
            _checkBlameOf(i, jury, blames);
        }
    }

    function _checkBlameOf(uint256 i, bytes32 jury, SomeSlasher.Blame[] memory blames) private view {
        (, uint8 choice,,) = court.verdictOf(_juries[i]);
        uint8[] memory seats = court.seatsOf(_juries[i]);
        uint256 votes = court.votesOf(jury);
        for (uint256 seat; seat < seats.length; ++seat) {
            uint256 vote = (votes >> (2 * seat)) & 3;
            bytes32 missing = _faultId(jury, seats[seat], JurorFault.Missing);
            bytes32 incoherent = _faultId(jury, seats[seat], JurorFault.Incoherent);
            vm.assertTrue(_has(blames, missing) == (vote == 0));
            vm.assertTrue(_has(blames, incoherent) == (choice != 0 && vote != 0 && vote != choice));
        }
    }

    /* HELP */

    function closedWithVotes(uint256 which) external view returns (bool) {
        bytes32 jury = court.idOf(_juries[which]);
        return court.isClosed(jury) && court.votesOf(jury) != 0;
    }

    function _has(SomeSlasher.Blame[] memory blames, bytes32 fault) private pure returns (bool) {
        for (uint256 i; i < blames.length; ++i) {
            if (blames[i].fault == fault) return true;
        }
        return false;
    }

    /// @dev `window`: 0 evidence, 1 commit, 2 reveal, 3 over.
    function _pick(uint256 which) private view returns (Jury memory terms, bytes32 jury, uint256 window) {
        if (_juries.length == 0) return (terms, 0, 0);
        terms = _juries[which % _juries.length];
        (uint40 commitAt, uint40 revealAt, uint40 endsAt) = court.windowsOf(terms);
        uint40 time = clock.clock();
        window = time < commitAt ? 0 : time < revealAt ? 1 : time < endsAt ? 2 : 3;
        return (terms, court.idOf(terms), window);
    }

    function _proved(Jury memory terms) private view returns (bool) {
        try randomness.seedOf(terms.beaconRound) returns (bytes32) {
            return true;
        } catch {
            return false;
        }
    }

    function _one(Jury memory terms, uint256 who, uint8 choice) private view returns (Ballot memory) {
        Ballot[] memory ballots = _ballots(terms, uint8(_bound(choice, 1, 3)));
        return ballots[who % ballots.length];
    }
}
