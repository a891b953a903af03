// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";
import {AnswerWord, AnswerWords} from "../../../src/oracle/AnswerWord.sol";
import {Jury} from "../../../src/oracle/court/ICourt.sol";
import {IOracle, Question} from "../../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../../src/oracle/IStakeManager.sol";
import {DepositRule} from "../../../src/oracle/rules/DepositRule.sol";
import {SignerSet, SignerSets} from "../../../src/oracle/SignerSet.sol";
import {Reach} from "../../Reach.sol";
import {WholeStage} from "./WholeStage.sol";

/// @dev Who answers and who is banned: four with little stake, eight with much, and what must be remembered to judge what
///      happens to them.
abstract contract WholeProviders is WholeStage, Reach {
    using SignerSets for SignerSet;

    uint256 internal constant OWNERS = 12;
    uint96 internal constant RICH = 40_000e6;
    uint256 private constant FIRST_KEY = 0x51600000;

    struct Gone {
        address owner;
        address signer;
        uint256 credit; // when he was banned
    }

    struct Period {
        uint256 from;
        uint256 held;
        uint256 taken;
    }

    /// @dev What happened that an invariant forbids; empty while all is well.
    mapping(string invariant_ => string) public faultOf;
    Gone[] private _gone;
    mapping(address owner => Period) private _periods;
    mapping(address owner => uint256) internal _stakeBefore;
    uint32 private _seenEpoch;
    uint256 private _keys;

    function _seatMore() internal {
        for (uint256 i; i < OWNERS; ++i) {
            _keyOf[_signer(i)] = _key(i);
            if (i >= SEATS) _join(i, RICH);
            _believe(i);
        }
        vm.warp(block.timestamp + EPOCH);
        stakes.advanceEpoch(0);
        _checkSet();
    }

    /// @dev Providers first, then jurors.
    function _someone(uint256 i) internal pure returns (address) {
        i %= OWNERS + JURORS;
        return _ownerKey(i < OWNERS ? i : FIRST_JUROR + i - OWNERS);
    }

    function _fault(string memory invariant_, string memory what) internal {
        faultOf[invariant_] = what;
    }

    /* SIGNING */

    function _set() internal view returns (SignerSet memory set, uint32 epoch) {
        address blob;
        (blob, epoch,) = stakes.signerSet(0);
        set = SignerSets.read(blob);
    }

    function _signerIn(SignerSet memory set, uint256 seat) internal pure returns (address signer) {
        (signer,) = set.seatAt(seat);
    }

    /// @dev Three of four take part, which is no quorum now and then.
    function _takesPart(uint256 dice, uint256 seat) private pure returns (bool) {
        return dice >> (2 * seat) & 3 != 0;
    }

    function _signedBy(bytes32 question, int96 value, uint256 dice)
        internal
        view
        returns (uint256 seats, bytes memory signatures)
    {
        (SignerSet memory set, uint32 epoch) = _set();
        uint8 round = _word(question).round();
        for (uint256 seat; seat < set.count; ++seat) {
            if (!_takesPart(dice, seat)) continue;
            seats |= 1 << seat;
            uint256 key = _keyOf[_signerIn(set, seat)];
            signatures = bytes.concat(signatures, _sign(key, question, value, epoch, round));
        }
    }

    /// @dev Ascending; of whoever takes part the last two may be `apart` from the others.
    function _entriesOf(bytes32 question, int96 value, uint256 dice, int96 apart)
        internal
        view
        returns (uint256 seats, bytes memory entries)
    {
        (SignerSet memory set,) = _set();
        for (uint256 seat; seat < set.count; ++seat) {
            if (!_takesPart(dice, seat)) continue;
            seats |= 1 << seat;
            int96 said = seat + 2 < set.count ? value : value + apart;
            entries = bytes.concat(entries, _entryOf(set, seat, question, said));
        }
    }

    function _entryOf(SignerSet memory set, uint256 seat, bytes32 question, int96 value)
        internal
        view
        returns (bytes memory)
    {
        uint256 key = _keyOf[_signerIn(set, seat)];
        uint8 round = _word(question).round();
        return abi.encodePacked(uint8(seat), value, _sign(key, question, value, _epoch(), round));
    }

    /// @dev What all seats commit to and open.
    function _committed(bytes32 question, int96 value)
        internal
        view
        returns (bytes32[] memory commitments, bytes memory openings)
    {
        (SignerSet memory set, uint32 epoch) = _set();
        uint8 round = _word(question).round();
        commitments = new bytes32[](set.count);
        for (uint256 seat; seat < set.count; ++seat) {
            bytes32 salt = keccak256(abi.encode("salt", seat));
            commitments[seat] = keccak256(abi.encode(question, epoch, round, uint8(seat), value, salt));
            openings = bytes.concat(openings, abi.encodePacked(uint8(seat), salt));
        }
    }

    function _cosignedBatch(bytes32 question, bytes32 chained)
        internal
        view
        returns (uint256 seats, bytes memory signatures)
    {
        (SignerSet memory set, uint32 epoch) = _set();
        bytes32 bound = keccak256(abi.encode(question, block.timestamp / 20 minutes));
        bytes32 digest = oracle.rootDigest(bound, chained, epoch, _word(question).round());
        for (uint256 seat; seat < set.count; ++seat) {
            (bytes32 r, bytes32 vs) = vm.signCompact(_keyOf[_signerIn(set, seat)], digest);
            signatures = bytes.concat(signatures, r, vs);
            seats |= 1 << seat;
        }
    }

    /* COMING BACK */

    function _tryToJoin(address owner, uint96 stake) internal {
        IStakeManager.Provider memory was = stakes.providerOf(owner);
        _fund(owner, address(stakes), stake);
        uint256 key = FIRST_KEY + ++_keys;
        address signer = vm.addr(key);
        _keyOf[signer] = key;
        bytes memory possession = _possessionOf(key, owner);
        vm.prank(owner);
        try stakes.join(signer, stake, 1, possession) {
            if (was.banned) _fault("W8", "a banned owner joined");
            _reach("join");
        } catch (bytes memory why) {
            if (was.banned && bytes4(why) == IStakeManager.StakeManager_Banned.selector) _reach("banned: join");
        }
    }

    /* RECORDS */

    /// @dev All stake counts from the start, as of the first period.
    function _believe(uint256 i) private {
        IStakeManager.Standing memory standing = IStakeManager.Standing({
            factorBps: 10_000, score: 1_000, strikes: 0, suspendedUntil: 0, cluster: 0, epoch: 1, premium: false
        });
        address epochs = wiring.epochs();
        vm.prank(epochs);
        stakes.setStanding(0, _ownerKey(i), standing);
    }

    /// @dev Looks at a signer set once, when it is new: records that come later count from the next one on.
    function _checkSet() internal {
        (SignerSet memory set, uint32 epoch) = _set();
        if (epoch == _seenEpoch) return;
        _seenEpoch = epoch;
        uint256[] memory clusters = new uint256[](set.count);
        uint256[] memory weights = new uint256[](set.count);
        uint256 parties;
        for (uint256 seat; seat < set.count; ++seat) {
            (address signer, uint96 weight) = set.seatAt(seat);
            uint256 cluster = stakes.clusterOf(0, stakes.ownerOf(signer));
            uint256 p = _partyOf(clusters, parties, cluster);
            if (p == parties) clusters[parties++] = cluster;
            weights[p] += weight;
        }
        for (uint256 p; p < parties; ++p) {
            bool seventh = clusters[p] != 0 && parties >= 8;
            uint256 k = seventh ? 7 : parties < 4 ? parties : 4;
            if (k * weights[p] > set.totalWeight()) _fault("W5", "a party weighs more than its part");
            if (seventh && parties < set.count) _reach("cluster");
        }
    }

    /// @return p where the cluster stands; `parties` when it does not, or for one alone
    function _partyOf(uint256[] memory clusters, uint256 parties, uint256 cluster) private pure returns (uint256 p) {
        while (p < parties && (cluster == 0 || clusters[p] != cluster)) ++p;
    }

    /* ACCEPTED ANSWERS */

    /// @param open the question's word before
    /// @param seats whose signatures were handed in, each once
    function _accepted(Question memory terms, AnswerWord open, uint256 seats) internal {
        AnswerWord word = _word(oracle.idOf(terms));
        if (word.state() != AnswerWords.ANSWERED) return;
        SignerSet memory set = SignerSets.read(stakes.signerSetOf(0, word.epoch()));
        uint256 signed;
        for (uint256 seat; seat < set.count; ++seat) {
            (, uint96 weight) = set.seatAt(seat);
            if (seats >> seat & 1 == 1) signed += weight;
        }
        if (block.timestamp > open.deadline()) _fault("W9", "accepted after the deadline");
        if (uint256(word.seats()) != seats) _fault("W9", "counted others than who signed");
        if (3 * signed <= 2 * set.totalWeight()) _fault("W9", "accepted without a quorum");
        if (terms.secures > DepositRule.mostSecured(signed)) _fault("W9", "secures more than a third of what signed");
        uint256 units = DepositRule.depositUnits(terms.secures, 1e6, 0, 250, 50_000);
        if (word.deposit() != units) _fault("W9", "another deposit than the rule says");
        if (word.finalizeAt() != block.timestamp + _windowOf(terms, word)) {
            _fault("W9", "open to objection for another time than the rule says");
        }
        _reach("report");
        if (terms.secures != 0) _reach("report: secured");
        if (units > 250) _reach("report: deposit above the least");
    }

    function _windowOf(Question memory terms, AnswerWord word) private returns (uint256 window) {
        (,,, uint40 slowUntil) = stakes.reportingSet(0);
        uint256 base = DepositRule.baseWindow(terms.secures, oracle.UNIT(), oracle.LOWEST_WINDOW());
        uint256 signers = LibBit.popCount(word.seats());
        window = DepositRule.window(terms.liveness, base, word.confidence(), signers, block.timestamp < slowUntil);
        if (window > terms.liveness) _reach("report: doubled window");
    }

    /// @dev A report that had to be refused was: with `why`, if that is the rule that was tried.
    function _refused(bytes memory why, bytes4 expected, string memory what) internal {
        if (bytes4(why) == expected) _reach(what);
    }

    /* THE BANNED */

    function _ban(address owner, address signer) internal {
        _gone.push(Gone(owner, signer, oracle.creditOf(owner)));
        _reach("ban");
    }

    function _someGone(uint256 which) internal view returns (bool found, Gone memory gone) {
        if (_gone.length != 0) (found, gone) = (true, _gone[which % _gone.length]);
    }

    /// @dev A banned key signs in the place of another, and for the epoch in which he once sat.
    function _reportAsGone(Question memory terms, address signer, uint256 dice) internal {
        (uint256 all, bytes memory signatures) = _signedWith(oracle.idOf(terms), signer, dice);
        uint32 epoch = _epoch();
        if (all == 0) return;
        try oracle.reportAgreed(terms, epoch, 0, all, signatures) {
            _fault("W8", "a banned key reported");
        } catch (bytes memory why) {
            _refused(why, IOracle.Oracle_BadSignature.selector, "banned: report");
        }
        try oracle.reportAgreed(terms, epoch - 1, 0, all, signatures) {
            _fault("W8", "reported in a former epoch");
        } catch {}
    }

    function _signedWith(bytes32 question, address signer, uint256 dice)
        private
        view
        returns (uint256 all, bytes memory signatures)
    {
        (SignerSet memory set, uint32 epoch) = _set();
        uint8 round = _word(question).round();
        for (uint256 seat; seat < set.count; ++seat) {
            uint256 key = _keyOf[seat == dice % set.count ? signer : _signerIn(set, seat)];
            signatures = bytes.concat(signatures, _sign(key, question, 0, epoch, round));
            all |= 1 << seat;
        }
    }

    /// @dev Whoever was banned before a jury was opened votes in it all the same.
    function _voteAsGone(Jury memory jury) internal {
        for (uint256 i; i < _gone.length; ++i) {
            (bool found, uint8 juror) = _jurorOf(jury, _gone[i].signer);
            if (!found || jury.excluded >> juror & 1 == 0) continue;
            bytes32 commitment = court.commitmentOf(court.idOf(jury), juror, 1, bytes16(uint128(i)));
            bytes memory signature = _signed(jury, juror, commitment);
            try court.commitOwn(jury, juror, commitment, signature) {
                _fault("W8", "a banned juror voted");
            } catch {
                _reach("banned: vote");
            }
        }
    }

    /// @dev Of a jury that is opened now.
    function _checkJury(Jury memory jury) internal {
        if (jury.size == 0) return;
        _reach("jury");
        for (uint256 i; i < _gone.length; ++i) {
            (bool found, uint8 juror) = _jurorOf(jury, _gone[i].signer);
            if (found && jury.excluded >> juror & 1 == 0) _fault("W8", "a banned juror may be drawn");
        }
    }

    function _jurorOf(Jury memory jury, address signer) private view returns (bool, uint8) {
        (address blob,) = stakes.jurorSetOf(jury.jurorEpoch);
        SignerSet memory set = SignerSets.read(blob);
        for (uint256 juror; juror < set.count; ++juror) {
            if (_signerIn(set, juror) == signer) return (true, uint8(juror));
        }
        return (false, 0);
    }

    /// @return why empty while nobody who is banned has a seat, a place, or more credit than he had
    function whoIsBannedIsOut() external view returns (string memory why) {
        (SignerSet memory set,) = _set();
        address[] memory roster = stakes.rosterOf(0);
        for (uint256 i; i < _gone.length; ++i) {
            Gone memory gone = _gone[i];
            if (!stakes.isBanned(gone.owner)) why = "a ban ended";
            if (oracle.creditOf(gone.owner) > gone.credit) why = "a banned owner was paid";
            for (uint256 k; k < roster.length; ++k) {
                if (roster[k] == gone.owner) why = "a banned owner holds a place";
            }
            for (uint256 seat; seat < set.count; ++seat) {
                if (stakes.ownerOf(_signerIn(set, seat)) == gone.owner) why = "a banned owner sits";
            }
        }
    }

    /* WHAT IS TAKEN WITHOUT A JURY'S WORD */

    function _weighStakes() internal {
        for (uint256 i; i < OWNERS + JURORS; ++i) {
            _stakeBefore[_someone(i)] = stakes.providerOf(_someone(i)).stake;
        }
    }

    /// @dev Whatever was taken since was taken at this second, and without a jury.
    function _tally() internal {
        for (uint256 i; i < OWNERS + JURORS; ++i) {
            address owner = _someone(i);
            uint256 held = _stakeBefore[owner];
            uint256 taken = held - stakes.providerOf(owner).stake;
            if (taken == 0) continue;
            Period storage period = _periods[owner];
            if (block.timestamp >= period.from + EPOCH) {
                (period.from, period.held, period.taken) = (block.timestamp, held, 0);
            }
            period.taken += taken;
            if (10 * period.taken > 3 * period.held) _fault("W10", "took more than 30 % in an epoch");
            _reach("slash without a jury");
        }
    }
}
