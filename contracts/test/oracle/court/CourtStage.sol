// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Court} from "../../../src/oracle/court/Court.sol";
import {Jury, JurorFault} from "../../../src/oracle/court/ICourt.sol";
import {Test} from "../../Test.sol";
import {SomeClock, SomeLedger, SomeRandomness, SomeSlasher, SomeStakes, SomeWiring} from "./CourtNeighbours.sol";

/// @dev How a juror votes.
struct Ballot {
    uint8 juror;
    uint8 choice; // 0: passed over, his commitment is to choice 1
    bytes16 salt;
}

/// @dev The court with its real code, a pool of jurors whose keys we hold, and the words to act with.
abstract contract CourtStage is Test {
    uint40 internal constant START = 1_750_000_000;
    uint40 internal constant EVIDENCE = 1 days;
    uint40 internal constant COMMIT = 12 hours;
    uint40 internal constant REVEAL = 6 hours;
    uint40 internal constant DELAY = 60;
    uint32 internal constant EPOCH = 7;
    uint96 internal constant FEE = 90e6;
    bytes32 internal constant SUBJECT = keccak256("who won?");

    address internal immutable ladder = address(uint160(uint256(keccak256("ladder"))));
    address internal immutable stranger = address(uint160(uint256(keccak256("stranger"))));

    SomeStakes internal stakes;
    SomeClock internal clock;
    SomeLedger internal ledger;
    SomeSlasher internal slasher;
    SomeRandomness internal randomness;
    Court internal court;

    function setUp() public virtual {
        vm.warp(START);
        stakes = new SomeStakes();
        clock = new SomeClock();
        ledger = new SomeLedger();
        slasher = new SomeSlasher();
        randomness = new SomeRandomness();
        SomeWiring wiring = new SomeWiring(ladder, address(slasher));
        court = new Court(
            address(wiring),
            address(stakes),
            address(clock),
            address(ledger),
            address(randomness),
            EVIDENCE,
            COMMIT,
            REVEAL,
            DELAY
        );
        ledger.give(ladder, 1_000_000e6);
    }

    /* JURORS */

    function _key(uint256 juror) internal pure returns (uint256) {
        return 0x10401000 + juror;
    }

    function _signer(uint256 juror) internal pure returns (address) {
        return vm.addr(_key(juror));
    }

    function _owner(uint256 juror) internal pure returns (address) {
        return address(uint160(0x0B0000 + juror));
    }

    /// @dev `weight(i)` of juror i is `base + step * i`.
    function _pool(uint256 count, uint96 base, uint96 step) internal {
        uint256[] memory jurors = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            jurors[i] = uint256(uint160(_signer(i))) << 96 | (base + step * uint96(i));
            stakes.name(_signer(i), _owner(i));
        }
        stakes.put(EPOCH, jurors);
    }

    /* JURIES */

    function _open(uint8 size) internal returns (Jury memory terms) {
        return _open(size, 0, FEE);
    }

    function _open(uint8 size, uint256 excluded, uint96 fee) internal returns (Jury memory terms) {
        terms = _terms(size, excluded, fee);
        vm.prank(ladder);
        bytes32 jury = court.open(SUBJECT, size, excluded, EPOCH, fee, 3);
        vm.assertEq(jury, court.idOf(terms));
    }

    /// @dev What `open` makes of it at this second.
    function _terms(uint8 size, uint256 excluded, uint96 fee) internal view returns (Jury memory) {
        return Jury({
            arbitrable: ladder,
            subject: SUBJECT,
            size: size,
            jurorEpoch: EPOCH,
            excluded: excluded,
            fee: fee,
            openedAt: clock.clock(),
            beaconRound: randomness.roundAfter(uint40(block.timestamp) + DELAY)
        });
    }

    /// @dev Opened, drawn, and in its commit window.
    function _drawn(uint8 size) internal returns (Jury memory terms) {
        terms = _open(size);
        _prove(terms, "seed");
        _toCommit(terms);
    }

    function _prove(Jury memory terms, bytes memory seed) internal {
        randomness.prove(terms.beaconRound, seed);
    }

    /// @dev A seed by which every seat falls to another: what costs most, and what gives most votes to play with.
    function _proveApart(Jury memory terms) internal {
        for (uint256 i; i == 0 || _ballots(terms, 1).length != terms.size; ++i) {
            _prove(terms, abi.encode(i));
        }
    }

    function _toCommit(Jury memory) internal {
        vm.warp(block.timestamp + EVIDENCE);
    }

    function _toReveal(Jury memory) internal {
        vm.warp(block.timestamp + COMMIT);
    }

    function _toEnd(Jury memory) internal {
        vm.warp(block.timestamp + REVEAL);
    }

    /* BALLOTS */

    function _salt(uint256 juror) internal pure returns (bytes16) {
        return bytes16(keccak256(abi.encode("salt", juror)));
    }

    /// @dev Everybody who was drawn, each once and ascending, voting for `choice`.
    function _ballots(Jury memory terms, uint8 choice) internal view returns (Ballot[] memory ballots) {
        uint8[] memory seats = court.seatsOf(terms);
        uint256 drawn;
        uint256 count;
        for (uint256 i; i < seats.length; ++i) {
            if ((drawn >> seats[i]) & 1 == 0) ++count;
            drawn |= 1 << seats[i];
        }
        ballots = new Ballot[](count);
        uint256 at;
        for (uint256 juror; juror < 256; ++juror) {
            if ((drawn >> juror) & 1 == 1) ballots[at++] = Ballot(uint8(juror), choice, _salt(juror));
        }
    }

    function _commitment(bytes32 jury, Ballot memory ballot) internal view returns (bytes32) {
        return court.commitmentOf(jury, ballot.juror, ballot.choice == 0 ? 1 : ballot.choice, ballot.salt);
    }

    function _signature(bytes32 jury, uint256 juror, bytes32 commitment) internal view returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(_key(juror), court.voteDigest(jury, commitment));
        return abi.encodePacked(r, vs);
    }

    function _signature(bytes32 jury, Ballot memory ballot) internal view returns (bytes memory) {
        return _signature(jury, ballot.juror, _commitment(jury, ballot));
    }

    function _list(bytes32 jury, Ballot[] memory ballots) internal view returns (bytes32[] memory commitments) {
        commitments = new bytes32[](ballots.length);
        for (uint256 i; i < ballots.length; ++i) {
            commitments[i] = _commitment(jury, ballots[i]);
        }
    }

    function _batch(bytes32 jury, Ballot[] memory ballots) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(_list(jury, ballots)));
    }

    function _opening(bytes32 jury, Ballot memory ballot) internal view returns (bytes memory) {
        if (ballot.choice == 0) return abi.encodePacked(uint8(0), _commitment(jury, ballot));
        return abi.encodePacked(ballot.choice, ballot.juror, ballot.salt, _signature(jury, ballot));
    }

    function _openings(bytes32 jury, Ballot[] memory ballots) internal view returns (bytes memory openings) {
        for (uint256 i; i < ballots.length; ++i) {
            openings = bytes.concat(openings, _opening(jury, ballots[i]));
        }
    }

    /// @dev Posts the batch of `ballots` as if everybody were to open.
    function _post(Jury memory terms, Ballot[] memory ballots) internal {
        court.postCommits(terms, _batch(court.idOf(terms), ballots));
    }

    function _reveal(Jury memory terms, Ballot[] memory ballots) internal {
        court.reveal(terms, _openings(court.idOf(terms), ballots));
    }

    /// @dev Both phases; ends in the reveal window.
    function _vote(Jury memory terms, Ballot[] memory ballots) internal {
        _post(terms, ballots);
        _toReveal(terms);
        _reveal(terms, ballots);
    }

    /* LOOKING */

    function _faultId(bytes32 jury, uint256 juror, JurorFault kind) internal pure returns (bytes32) {
        return keccak256(abi.encode(jury, _signer(juror), kind));
    }

    /// @dev Seats that `juror` holds.
    function _held(uint8[] memory seats, uint256 juror) internal pure returns (uint256 held) {
        for (uint256 i; i < seats.length; ++i) {
            if (seats[i] == juror) ++held;
        }
    }

    function _blamed(uint256 juror, JurorFault kind) internal view returns (uint256 times) {
        SomeSlasher.Blame[] memory blames = slasher.blames();
        for (uint256 i; i < blames.length; ++i) {
            if (blames[i].signer == _signer(juror) && blames[i].kind == kind) ++times;
        }
    }
}
