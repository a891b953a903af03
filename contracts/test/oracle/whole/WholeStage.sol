// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestDollar} from "../../../src/lib/TestDollar.sol";
import {Market} from "../../../src/markets/IMarkets.sol";
import {Markets} from "../../../src/markets/Markets.sol";
import {AnswerWord} from "../../../src/oracle/AnswerWord.sol";
import {Court} from "../../../src/oracle/court/Court.sol";
import {ICourt, Jury} from "../../../src/oracle/court/ICourt.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {Feeds} from "../../../src/oracle/feeds/Feeds.sol";
import {Question} from "../../../src/oracle/IOracle.sol";
import {ILadder, LadderWindows, Stage as LadderStep} from "../../../src/oracle/ladder/ILadder.sol";
import {Guard} from "../../../src/oracle/security/Guard.sol";
import {ISlasher} from "../../../src/oracle/security/ISlasher.sol";
import {Wires} from "../../../src/oracle/security/IWiring.sol";
import {Policy} from "../../../src/oracle/security/Policy.sol";
import {Wiring} from "../../../src/oracle/security/Wiring.sol";
import {SignerSet, SignerSets} from "../../../src/oracle/SignerSet.sol";
import {IBuiltOracle, IBuiltSlasher} from "../../Deployed.sol";
import {Stage} from "../../Stage.sol";
import {Vm} from "../../Test.sol";
import {SomeRandomness} from "../court/CourtNeighbours.sol";

/// @dev Who among the drawn does what; the others vote for the jury's choice. Bitmaps over the snapshot.
struct Turnout {
    uint8 choice;
    uint256 absent;
    uint256 against; // vote for the choice after it
}

/// @dev All contracts of the oracle with their real code, wired for good. The seed of a jury alone is ours: proving rounds
///      of a beacon has tests of its own. Four seated providers; forty jurors without a seat, who have seasoned.
abstract contract WholeStage is Stage {
    using SignerSets for SignerSet;

    uint40 internal constant REREPORT = 1 hours;
    uint40 internal constant APPEAL = 12 hours;
    uint40 internal constant EVIDENCE = 4 hours;
    uint40 internal constant COMMIT = 8 hours;
    uint40 internal constant REVEAL = 6 hours;
    uint96 internal constant DEPOSIT = 250e6;
    uint96 internal constant BOND = 500e6;
    uint96 internal constant CASE_FEE = 310e6;
    uint256 internal constant THREE = 7;
    uint256 internal constant FIRST_JUROR = 100;
    uint256 internal constant JURORS = 40;

    ILadder internal ladder;
    Court internal court;
    IBuiltSlasher internal slasher;
    SomeRandomness internal randomness;
    mapping(address signer => uint256 key) internal _keyOf;

    function setUp() public virtual override {
        vm.warp(START);
        dollar = new TestDollar();
        wiring = new Wiring(address(this));
        policy = new Policy(governor, guardian, VALUE_LIMIT, SURGE_FLOOR);
        guard = new Guard(address(wiring), address(policy));
        stakes = _newStakes(address(dollar), STAKE);
        oracle =
            IBuiltOracle(_create(_oracleCode(address(stakes), address(dollar), treasury, address(wiring), _limits())));
        markets = new Markets(address(oracle), LEAST);
        _adjudicators();
        _wire();
        for (uint256 i; i < SEATS; ++i) {
            _join(i, STAKE);
        }
        for (uint256 i; i < JURORS; ++i) {
            _joinJuror(FIRST_JUROR + i);
        }
        vm.warp(START + SEASONING);
        stakes.advanceEpoch(0);
        stakes.takeJurors();
        _credit(alice, 100_000e6);
        _credit(bob, 100_000e6);
    }

    function _adjudicators() private {
        randomness = new SomeRandomness();
        slasher = _newSlasher(
            abi.encode(
                address(wiring),
                address(stakes),
                address(new Feeds(address(stakes), true)),
                address(0),
                address(dollar),
                insurance,
                address(policy),
                [address(markets), address(0)],
                ISlasher.SlasherLimits({periodSeconds: EPOCH, bond: BOND, fee: CASE_FEE, caseSeconds: 10 days})
            )
        );
        court = new Court(
            address(wiring),
            address(stakes),
            address(guard),
            address(oracle),
            address(randomness),
            EVIDENCE,
            COMMIT,
            REVEAL,
            60
        );
        LadderWindows memory windows =
            LadderWindows({rereport: REREPORT, jury: EVIDENCE + COMMIT + 2 * REVEAL, appeal: APPEAL});
        ladder = ILadder(_create(_ladderCode(address(oracle), address(stakes), address(wiring), insurance, windows)));
    }

    /// @dev Who hands in records; nobody here, unless a heir does.
    function _epochs() internal virtual returns (address) {
        return address(0);
    }

    function _wire() private {
        wiring.seal(
            Wires({
                oracle: address(oracle),
                stakeManager: address(stakes),
                guard: address(guard),
                slasher: address(slasher),
                epochs: _epochs(),
                ladder: address(ladder),
                court: address(court)
            })
        );
    }

    /* ACCOUNTS */

    function _joinJuror(uint256 i) internal {
        _fund(_ownerKey(i), address(stakes), STAKE);
        _keyOf[_signer(i)] = _key(i);
        bytes memory possession = _possession(i);
        vm.prank(_ownerKey(i));
        stakes.join(_signer(i), STAKE, 0, possession);
        vm.prank(_ownerKey(i));
        stakes.setJuror(true);
    }

    function _credit(address account, uint96 amount) internal {
        _fund(stranger, address(oracle), amount);
        vm.prank(stranger);
        oracle.deposit(account, amount);
    }

    function _stakeOf(uint256 i) internal view returns (uint256) {
        return stakes.providerOf(_ownerKey(i)).stake;
    }

    /* QUESTIONS */

    /// @dev Two outcomes, open from this hour on.
    function _terms(uint64 nonce) internal view returns (Question memory terms) {
        terms = _categorical(2);
        terms.opensAt = uint40(block.timestamp) + 1 hours;
        terms.deadline = terms.opensAt + 30 days;
        terms.nonce = nonce;
        terms.reward = 300e6;
    }

    /// @dev Asked, and answered by these seats as soon as it opens.
    function _answered(Question memory terms, int96 value, uint256 seats) internal returns (bytes32 question) {
        question = _ask(terms);
        vm.warp(terms.opensAt);
        _agree(terms, value, seats);
    }

    /// @dev Alice holds outcome 0, bob outcome 1.
    function _market(Question memory terms) internal returns (Market memory made) {
        made = Market(oracle.idOf(terms), treasury, terms.opensAt, 0, 2, new int96[](0));
        bytes32 id = markets.open(made, terms);
        _fund(alice, address(markets), 100e6);
        vm.prank(alice);
        markets.stake(id, 0, 100e6);
        _fund(bob, address(markets), 60e6);
        vm.prank(bob);
        markets.stake(id, 1, 60e6);
    }

    /* DISPUTES */

    function _dispute(address who, bytes32 question, int96 claim) internal returns (Dispute memory d) {
        AnswerWord word = _word(question);
        uint96 amount = oracle.depositFor(question);
        vm.prank(who);
        oracle.dispute(question, claim, 0);
        d = Dispute(question, word, 0, who, claim, 0, amount, uint40(block.timestamp));
    }

    function _convene(Question memory terms, Dispute memory d) internal returns (Jury memory) {
        if (_step(d) == LadderStep.None && d.answer.disputes() == 0) _toClock(guard.clockAt(d.at) + REREPORT);
        _freshJurors();
        vm.recordLogs();
        ladder.convene(terms, d);
        return _opened();
    }

    /// @dev As anybody may, when no jury can be drawn from the last snapshot any more.
    function _freshJurors() internal {
        (,, uint40 takenAt) = stakes.jurorSet();
        if (block.timestamp >= takenAt + court.SNAPSHOT_SECONDS()) stakes.takeJurors();
    }

    function _appeal(address who, Question memory terms, Dispute memory d, uint8 choice)
        internal
        returns (Jury memory)
    {
        _freshJurors();
        vm.recordLogs();
        vm.prank(who);
        ladder.appeal(terms, d, choice);
        return _opened();
    }

    function _conclude(Question memory terms, Dispute memory d) internal {
        _toClock(ladder.caseOf(d.hash()).until);
        ladder.conclude(terms, d);
    }

    /// @dev From the convening to the end, one jury of one mind.
    function _decided(Question memory terms, Dispute memory d, uint8 choice) internal returns (Jury memory jury) {
        jury = _convene(terms, d);
        _hold(jury, Turnout(choice, 0, 0));
        // Where a jury was undecided, this draws the next.
        _freshJurors();
        ladder.takeVerdict(terms, d, jury);
        _conclude(terms, d);
    }

    function _step(Dispute memory d) internal view returns (LadderStep) {
        return ladder.caseOf(d.hash()).stage;
    }

    /// @dev Waits until the court clock shows `at`, however long it stands.
    function _toClock(uint40 at) internal {
        while (guard.clock() < at) vm.warp(block.timestamp + at - guard.clock());
    }

    /* JURIES */

    /// @dev The jury that was opened since the logs are recorded; of size 0 when none was.
    function _opened() internal returns (Jury memory jury) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == ICourt.JuryOpened.selector) jury = abi.decode(logs[i].data, (Jury));
        }
    }

    /// @dev Draws the jury and holds both phases; ends in the reveal window.
    function _hold(Jury memory jury, Turnout memory turnout) internal {
        _prove(jury);
        (uint40 commitAt, uint40 revealAt,) = court.windowsOf(jury);
        _toClock(commitAt);
        (bytes32 batch, bytes memory openings) = _ballots(jury, turnout);
        if (openings.length == 0) return;
        court.postCommits(jury, batch);
        _toClock(revealAt);
        court.reveal(jury, openings);
    }

    function _prove(Jury memory jury) internal {
        randomness.prove(jury.beaconRound, abi.encode(jury.subject, jury.size));
    }

    function _closeAfterAll(Jury memory jury) internal {
        (,, uint40 endsAt) = court.windowsOf(jury);
        _toClock(endsAt);
        court.close(jury);
    }

    /// @dev Bitmap over the snapshot.
    function _drawn(Jury memory jury) internal view returns (uint256 drawn) {
        uint8[] memory seats = court.seatsOf(jury);
        for (uint256 i; i < seats.length; ++i) {
            drawn |= 1 << seats[i];
        }
    }

    function _signerAt(Jury memory jury, uint256 juror) internal view returns (address signer) {
        (address blob,) = stakes.jurorSetOf(jury.jurorEpoch);
        (signer,) = SignerSets.read(blob).seatAt(juror);
    }

    function _ballots(Jury memory jury, Turnout memory turnout)
        internal
        view
        returns (bytes32 batch, bytes memory openings)
    {
        uint256 voting = _drawn(jury) & ~turnout.absent;
        bytes memory commitments;
        for (uint256 i; i < 256; ++i) {
            if (voting >> i & 1 == 0) continue;
            uint8 choice = turnout.against >> i & 1 == 1 ? turnout.choice % 3 + 1 : turnout.choice;
            (bytes32 commitment, bytes memory opening) = _ballot(jury, uint8(i), choice);
            commitments = bytes.concat(commitments, commitment);
            openings = bytes.concat(openings, opening);
        }
        batch = keccak256(commitments);
    }

    function _ballot(Jury memory jury, uint8 juror, uint8 choice)
        internal
        view
        returns (bytes32 commitment, bytes memory opening)
    {
        bytes32 id = court.idOf(jury);
        bytes16 salt = bytes16(keccak256(abi.encode(id, juror)));
        commitment = court.commitmentOf(id, juror, choice, salt);
        bytes memory signature = _signed(jury, juror, commitment);
        opening = abi.encodePacked(choice, juror, salt, signature);
    }

    function _signed(Jury memory jury, uint256 juror, bytes32 commitment) internal view returns (bytes memory) {
        bytes32 digest = court.voteDigest(court.idOf(jury), commitment);
        (bytes32 r, bytes32 vs) = vm.signCompact(_keyOf[_signerAt(jury, juror)], digest);
        return abi.encodePacked(r, vs);
    }
}
