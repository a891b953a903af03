// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ECDSA} from "solady/utils/ECDSA.sol";
import {EIP712} from "solady/utils/EIP712.sol";
import {IRandomness} from "../../randomness/IRandomness.sol";
import {SignerSet, SignerSets} from "../SignerSet.sol";
import {Draw} from "./Draw.sol";
import {ICourt, Jury} from "./ICourt.sol";
import {ICourtClock, ICourtLedger, ICourtStakes, ICourtWiring} from "./ICourtNeeds.sol";
import {JuryFrame, Openings} from "./Openings.sol";
import {Votes} from "./Votes.sol";

/// @dev What the court keeps and reads, and the checks on it. {Court} writes.
abstract contract Docket is ICourt, EIP712 {
    using SignerSets for SignerSet;
    using Openings for JuryFrame;
    using Votes for uint256;
    using Draw for uint256;

    uint40 private constant MAX_WINDOW = 30 days;
    uint40 private constant MOST_PAUSED = 72 hours;

    ICourtWiring public immutable wiring;
    ICourtStakes public immutable stakeManager;
    ICourtClock public immutable guard;
    ICourtLedger public immutable ledger;
    IRandomness public immutable randomness;
    uint40 public immutable EVIDENCE_SECONDS;
    uint40 public immutable COMMIT_SECONDS;
    uint40 public immutable REVEAL_SECONDS;
    uint40 public immutable BEACON_DELAY;
    /// How long juries may be drawn from a snapshot.
    uint40 public immutable SNAPSHOT_SECONDS;

    mapping(bytes32 jury => uint256 word) internal _words;
    /// Keyed by hash of jury and batch hash.
    mapping(bytes32 batch => bool) internal _posted;
    mapping(bytes32 jury => mapping(uint8 juror => bytes32)) internal _own;
    mapping(bytes32 fault => bool) internal _shown;

    /// @param beaconDelay seconds between the opening and the round that draws: what the chain's clock may lag behind
    ///        the beacon's. The round is out before the commit window begins.
    constructor(
        address wiring_,
        address stakeManager_,
        address guard_,
        address ledger_,
        address randomness_,
        uint40 evidenceSeconds,
        uint40 commitSeconds,
        uint40 revealSeconds,
        uint40 beaconDelay
    ) {
        require(evidenceSeconds <= MAX_WINDOW, Court_BadTerms("evidenceSeconds"));
        require(commitSeconds != 0 && commitSeconds <= MAX_WINDOW, Court_BadTerms("commitSeconds"));
        require(revealSeconds != 0 && revealSeconds <= MAX_WINDOW, Court_BadTerms("revealSeconds"));
        require(beaconDelay != 0 && beaconDelay <= evidenceSeconds, Court_BadTerms("beaconDelay"));
        wiring = ICourtWiring(wiring_);
        stakeManager = ICourtStakes(stakeManager_);
        guard = ICourtClock(guard_);
        ledger = ICourtLedger(ledger_);
        randomness = IRandomness(randomness_);
        EVIDENCE_SECONDS = evidenceSeconds;
        COMMIT_SECONDS = commitSeconds;
        REVEAL_SECONDS = revealSeconds;
        BEACON_DELAY = beaconDelay;
        SNAPSHOT_SECONDS = _snapshotSeconds(
            ICourtStakes(stakeManager_).UNBONDING_SECONDS(), evidenceSeconds + commitSeconds + 2 * revealSeconds
        );
    }

    /// @param jury the longest that one takes; a pause may come on top
    function _snapshotSeconds(uint40 unbonding, uint40 jury) private pure returns (uint40) {
        require(unbonding > jury + MOST_PAUSED, Court_BadTerms("unbonding"));
        return unbonding - jury - MOST_PAUSED;
    }

    /* VIEWS */

    /// @inheritdoc ICourt
    /// @dev As they lie in calldata: the hash of abi.encode(terms). Dirty upper bits make it the id of no jury.
    function idOf(Jury calldata terms) public pure returns (bytes32 jury) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, terms, 256)
            jury := keccak256(free, 256)
        }
    }

    /// @inheritdoc ICourt
    function windowsOf(Jury calldata terms) public view returns (uint40 commitAt, uint40 revealAt, uint40 endsAt) {
        commitAt = terms.openedAt + EVIDENCE_SECONDS;
        revealAt = commitAt + COMMIT_SECONDS;
        endsAt = revealAt + REVEAL_SECONDS;
    }

    /// @inheritdoc ICourt
    function seatsOf(Jury calldata terms) external view returns (uint8[] memory jurors) {
        (, uint256[] memory holdings) = _draw(_known(terms), terms, randomness.seedOf(terms.beaconRound));
        jurors = new uint8[](terms.size);
        for (uint256 juror; juror < holdings.length; ++juror) {
            uint256 seats = holdings[juror].seats();
            for (uint256 seat; seats >> (2 * seat) != 0; ++seat) {
                if ((seats >> (2 * seat)) & 1 == 1) jurors[seat] = uint8(juror);
            }
        }
    }

    /// @inheritdoc ICourt
    function votesOf(bytes32 jury) external view returns (uint256) {
        return _words[jury].ballots();
    }

    /// @inheritdoc ICourt
    function isClosed(bytes32 jury) external view returns (bool) {
        return _words[jury].isClosed();
    }

    /// @inheritdoc ICourt
    function ownCommitment(bytes32 jury, uint8 juror) external view returns (bytes32) {
        return _own[jury][juror];
    }

    /// @inheritdoc ICourt
    function commitmentOf(bytes32 jury, uint8 juror, uint8 choice, bytes16 salt) external pure returns (bytes32) {
        return Openings.commitmentOf(jury, juror, choice, salt);
    }

    /// @inheritdoc ICourt
    function voteDigest(bytes32 jury, bytes32 commitment) external view returns (bytes32) {
        return _frame(jury).digestOf(commitment);
    }

    /* INTERNAL */

    /// @dev The same name and version as the oracle's: the verifying contract tells them apart.
    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Sooth", "1");
    }

    function _frame(bytes32 jury) internal view returns (JuryFrame memory) {
        return JuryFrame({domain: _domainSeparator(), jury: jury});
    }

    function _batchOf(bytes32 jury, bytes32 batch) internal pure returns (bytes32) {
        return keccak256(abi.encode(jury, batch));
    }

    function _jurors(uint32 jurorEpoch) internal view returns (SignerSet memory) {
        (address blob,) = stakeManager.jurorSetOf(jurorEpoch);
        return SignerSets.read(blob);
    }

    /// @dev Whoever left may have all of his stake back UNBONDING_SECONDS after. So no jury is drawn from a snapshot that is
    ///      so old that it would end later than that, and every vote costs its juror something.
    function _freshJurors(uint32 jurorEpoch) internal view returns (SignerSet memory) {
        (address blob, uint40 takenAt) = stakeManager.jurorSetOf(jurorEpoch);
        uint40 until = takenAt + SNAPSHOT_SECONDS;
        require(blob == address(0) || block.timestamp < until, Court_StaleJurors(jurorEpoch, until));
        return SignerSets.read(blob);
    }

    /// @dev The seed holds the jury's id, or all juries of one round would fall to the same people.
    function _draw(bytes32 jury, Jury calldata terms, bytes32 beacon)
        internal
        view
        returns (SignerSet memory set, uint256[] memory holdings)
    {
        set = _jurors(terms.jurorEpoch);
        holdings = Draw.draw(set, terms.excluded, terms.size, Draw.seedOf(beacon, jury));
    }

    /// @dev Who voted needed the seed; so where there are no votes, and only there, it may be missing. Jurors who all
    ///      stayed away must not be first to close: as long again as the reveal window, anybody may prove the round.
    function _seedIfAny(bytes32 jury, Jury calldata terms, uint256 word) internal view returns (bool, bytes32) {
        if (word.ballots() != 0) return (true, randomness.seedOf(terms.beaconRound));
        try randomness.seedOf(terms.beaconRound) returns (bytes32 seed) {
            return (true, seed);
        } catch (bytes memory reason) {
            // Whatever else went wrong, a lack of gas for one, is no reason to let them go.
            if (bytes4(reason) != IRandomness.Randomness_NotProved.selector) {
                assembly ("memory-safe") {
                    revert(add(reason, 32), mload(reason))
                }
            }
            (,, uint40 endsAt) = windowsOf(terms);
            (uint40 clock, uint40 until) = (guard.clock(), endsAt + REVEAL_SECONDS);
            require(clock >= until, Court_NotEnded(jury, clock, until));
            return (false, 0);
        }
    }

    /* CHECKS */

    function _known(Jury calldata terms) internal view returns (bytes32 jury) {
        jury = idOf(terms);
        require(_words[jury] != 0, Court_UnknownJury(jury));
    }

    function _toCommit(Jury calldata terms) internal view returns (bytes32 jury) {
        jury = _known(terms);
        (uint40 commitAt, uint40 revealAt,) = windowsOf(terms);
        _checkTime(jury, commitAt, revealAt);
    }

    function _toReveal(Jury calldata terms) internal view returns (bytes32 jury) {
        jury = _known(terms);
        (, uint40 revealAt, uint40 endsAt) = windowsOf(terms);
        _checkTime(jury, revealAt, endsAt);
    }

    function _checkTime(bytes32 jury, uint40 from, uint40 until) internal view {
        uint40 clock = guard.clock();
        require(clock >= from && clock < until, Court_WrongTime(jury, clock, from, until));
    }

    /// @dev No vote can come any more: all are in, or their time is over.
    function _isOver(bytes32 jury, Jury calldata terms) internal view returns (bool) {
        if (_words[jury].voted() == terms.size) return true;
        (,, uint40 endsAt) = windowsOf(terms);
        return guard.clock() >= endsAt;
    }

    function _checkOver(bytes32 jury, Jury calldata terms) internal view {
        if (_isOver(jury, terms)) return;
        (,, uint40 endsAt) = windowsOf(terms);
        revert Court_NotEnded(jury, guard.clock(), endsAt);
    }

    function _checkChoice(bytes32 jury, uint8 juror, uint8 choice) internal pure {
        require(choice != 0 && choice <= 3, Court_BadOpening(jury, juror, "choice"));
    }

    /// @return holding of a juror who was drawn
    function _holding(bytes32 jury, uint256[] memory holdings, uint8 juror) internal pure returns (uint256 holding) {
        if (juror < holdings.length) holding = holdings[juror];
        require(holding != 0, Court_NotDrawn(jury, juror));
    }

    /// @dev A recovery that fails gives zero, and no juror is zero. `juror` must be in the set.
    function _checkSignature(
        bytes32 jury,
        SignerSet memory set,
        uint8 juror,
        bytes32 commitment,
        bytes calldata signature
    ) internal view {
        (address signer,) = set.seatAt(juror);
        address recovered = ECDSA.tryRecoverCalldata(_frame(jury).digestOf(commitment), signature);
        require(recovered == signer, Court_BadSignature(jury, juror));
    }
}
