// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev A jury IS the hash of these terms: one word of votes is all that is stored for it.
struct Jury {
    address arbitrable; // who opened it, funds it and acts on its verdict
    bytes32 subject; // what it decides; the court never looks inside
    uint8 size; // seats
    uint32 jurorEpoch; // the snapshot of jurors that it is drawn from
    uint256 excluded; // bitmap over that snapshot: who may not sit
    uint96 fee; // collateral for all seats together
    uint40 openedAt; // court clock
    uint64 beaconRound; // whose seed draws it; nobody could know it when the jury was opened
}

/// What a juror can be blamed for. Amounts are the slasher's: of stake, once for each jury and kind.
enum JurorFault {
    Missing, // drawn, and no vote in the end: 0.5 %
    Incoherent, // voted against the verdict: 1 %
    Withheld, // committed on chain and did not open: 1 %, beside what Missing costs
    Leaked, // somebody knew his vote before the reveal window: 10 %
    Equivocal // signed two commitments for one jury: as any equivocation
}

/// @notice Juries drawn by stake that vote by commit and reveal. The court knows nothing of what is decided.
/// @dev Times run on the court clock: unix seconds less all paused time. Windows follow each other without a gap:
///      evidence, commit, reveal; each holds its first second and not its last, which is the next one's first.
/// @dev Draw: seat i falls to the juror at keccak256(seed, i) mod the weight of those who may still sit, in the order of
///      the snapshot. Drawn with replacement; whoever holds ceil(size / 7) seats drops out, with his weight. A pure
///      function of snapshot, seed, size and excluded: nothing is stored for a juror. The seed is keccak256(abi.encode(the
///      beacon's, jury)), so that juries of one round do not fall to the same people.
/// @dev Votes: two bits a seat, seat 0 lowest: 0 none, else the choice 1, 2 or 3. A juror votes with all his seats, once;
///      what is revealed first counts, and what comes after is passed over without an error.
/// @dev The usual way takes two transactions for any size of jury. Jurors sign commitments; anybody posts the hash
///      of them all; in the reveal window anybody posts the openings. Batches may be any number, by anyone: one of garbage is
///      a stored hash that nobody can open. A juror who is left out serves himself with {commitOwn}, {revealOwn}.
/// @dev Rounding: a seat's share of a fee is rounded down; the rest goes back to whoever paid.
/// @dev Solvency: credit of the court = sum of fees of juries not closed.
/// @dev Assumes the slasher never reverts because of a juror's state: one who has nothing left cannot hold up a jury.
interface ICourt {
    event JuryOpened(bytes32 indexed jury, Jury terms);
    /// @param batch keccak256 of all its commitments, one after the other
    event CommitsPosted(bytes32 indexed jury, bytes32 batch);
    event CommittedOwn(bytes32 indexed jury, uint8 juror, bytes32 commitment);
    /// @param votes the whole word after this reveal, two bits a seat
    event Revealed(bytes32 indexed jury, uint256 votes);
    event FaultShown(bytes32 indexed jury, uint8 juror, JurorFault kind, address challenger);
    /// @param choice 0: undecided
    /// @param perSeat what each coherent seat earned; `returned` went back to the arbitrable
    event JuryClosed(bytes32 indexed jury, uint8 choice, uint256 votesFor, uint96 perSeat, uint96 returned);
    event Rewarded(bytes32 indexed jury, address indexed payer, uint96 perSeat, uint96 paid);

    error Court_BadTerms(string what);
    error Court_NotArbitrable(address caller);
    error Court_TooFewJurors(uint256 eligible, uint256 wanted);
    /// @dev Unix seconds. Anybody may have the next snapshot taken: it is older than an epoch.
    error Court_StaleJurors(uint32 jurorEpoch, uint40 until);
    error Court_AlreadyOpen(bytes32 jury);
    error Court_UnknownJury(bytes32 jury);
    /// @dev Court clock; `until` is the first second that is too late.
    error Court_WrongTime(bytes32 jury, uint40 clock, uint40 from, uint40 until);
    error Court_NotPosted(bytes32 jury, bytes32 batch);
    /// @param what "length", "choice", "juror" (beyond the snapshot), "commitment" (none, not his, or twice the same)
    error Court_BadOpening(bytes32 jury, uint8 juror, string what);
    error Court_BadSignature(bytes32 jury, uint8 juror);
    error Court_NotDrawn(bytes32 jury, uint8 juror);
    error Court_AlreadyCommitted(bytes32 jury, uint8 juror);
    error Court_NotCommitted(bytes32 jury, uint8 juror);
    error Court_HasVoted(bytes32 jury, uint8 juror);
    error Court_AlreadyShown(bytes32 jury, uint8 juror, JurorFault kind);
    error Court_NotEnded(bytes32 jury, uint40 clock, uint40 endsAt);
    error Court_AlreadyClosed(bytes32 jury);

    /* OPENING */

    /// @notice Opens a jury for the caller, who must be one of the two arbitrables of the wiring: ladder or slasher.
    ///         Takes `fee` from his credit. Reverts with Court_TooFewJurors when those not excluded cannot fill it, or weigh
    ///         less than a third of the snapshot; with Court_StaleJurors when somebody in the snapshot might have his stake
    ///         back before the jury ends.
    /// @param size seats, 1 to 101
    /// @param excluded bitmap over the jurors of `jurorEpoch`; bits beyond them mean nothing
    /// @param third what a vote for choice 3 counts as: 3, or the one of the others that means the same. Honest votes must
    ///        not be split between two names of one thing. What is logged and read is what counts
    /// @return jury its id; the terms stand in {JuryOpened}
    function open(bytes32 subject, uint8 size, uint256 excluded, uint32 jurorEpoch, uint96 fee, uint8 third)
        external
        returns (bytes32 jury);

    /* COMMITTING */

    /// @notice Posts a batch of commitments. Anyone, any number of batches, in the commit window.
    /// @param batch keccak256 of the commitments, 32 bytes each, in any order
    function postCommits(Jury calldata terms, bytes32 batch) external;
    /// @notice Commits for one juror who was left out of every batch. Anyone who has his signature, once for each juror.
    /// @dev Needs the seed: reverts with Randomness_NotProved until somebody proves the beacon round.
    /// @dev Warning: a juror must do so whenever he was not shown all commitments of the batch that holds his, because
    ///      nobody can open a batch that somebody keeps to himself.
    /// @param juror index in the snapshot
    /// @param signature over {voteDigest}: r | vs, or r | s | v
    function commitOwn(Jury calldata terms, uint8 juror, bytes32 commitment, bytes calldata signature) external;

    /* REVEALING */

    /// @notice Opens a batch, in the reveal window. Anyone, as often as jurors come late: who has voted is passed over.
    /// @dev Reverts whole when a commitment, a signature or a juror does not fit; with Randomness_NotProved until
    ///      somebody proves the beacon round.
    /// @param openings in the order of the batch. Opened, 82 bytes: choice (1) | juror (1) | salt (16) |
    ///        r (32) | vs (32, EIP-2098). Passed over, 33 bytes: 0 (1) | commitment (32); needs no signature, blames nobody
    function reveal(Jury calldata terms, bytes calldata openings) external;
    /// @notice Opens what {commitOwn} stored.
    function revealOwn(Jury calldata terms, uint8 juror, uint8 choice, bytes16 salt) external;

    /* FAULTS THAT ANYBODY CAN SHOW */

    /// @notice Opens a juror's commitment before the reveal window: he told his vote. The caller is the challenger.
    /// @dev The vote still counts when it is opened in its time; what the juror loses is stake.
    function leak(Jury calldata terms, uint8 juror, uint8 choice, bytes16 salt, bytes calldata signature) external;
    /// @notice Two commitments for this jury, both signed by one juror. At any time.
    function equivocated(
        Jury calldata terms,
        uint8 juror,
        bytes32[2] calldata commitments,
        bytes calldata signatureOfFirst,
        bytes calldata signatureOfSecond
    ) external;
    /// @notice A commitment that reached the chain and was not opened by the end of the reveal window.
    /// @param commitments all of the posted batch that `index` points into; empty when he committed himself, and
    ///        then `index` and `signature` mean nothing
    function withheld(
        Jury calldata terms,
        uint8 juror,
        bytes32[] calldata commitments,
        uint256 index,
        bytes calldata signature
    ) external;

    /* VERDICT */

    /// @notice Needs no transaction: a function of the votes and the clock. Once `ended` it never changes.
    /// @return ended one choice has its supermajority, all seats have voted, or the reveal window is over
    /// @return choice 1 to 3 with at least 65 % of all drawn seats; 0 while open, and when undecided
    /// @return votesFor seats that voted for it; when undecided, for the choice with the most
    /// @return drawn seats in all: the size
    function verdictOf(Jury calldata terms)
        external
        view
        returns (bool ended, uint8 choice, uint256 votesFor, uint256 drawn);
    /// @notice Pays the fee, fee / size for each seat that voted for the verdict, the rest back to the arbitrable, and
    ///         reports missing and incoherent jurors. Anyone, once, when all have voted or the reveal window is over.
    /// @dev Undecided: nobody is coherent or incoherent, the whole fee goes back; the missing are still reported.
    /// @dev Without a proved seed: only when as much time again as the reveal window has passed, nobody is reported.
    function close(Jury calldata terms) external;
    /// @notice Pays coherent seats once more, from the caller's credit: for who learns only later what he owes them.
    /// @param most is divided by the size, rounded down, for each coherent seat; only what they get is taken
    /// @return paid what was taken; 0 when the jury ended undecided
    function reward(Jury calldata terms, uint96 most) external returns (uint96 paid);

    /* VIEWS */

    function idOf(Jury calldata terms) external pure returns (bytes32);
    /// @notice Court clock: first second to commit, first to reveal, first after it all.
    function windowsOf(Jury calldata terms) external view returns (uint40 commitAt, uint40 revealAt, uint40 endsAt);
    /// @notice Who holds each seat, as indices into the snapshot. Reverts with Randomness_NotProved before the seed.
    function seatsOf(Jury calldata terms) external view returns (uint8[] memory jurors);
    /// @notice Two bits a seat; 0 for an unknown jury.
    function votesOf(bytes32 jury) external view returns (uint256);
    function isClosed(bytes32 jury) external view returns (bool);
    function ownCommitment(bytes32 jury, uint8 juror) external view returns (bytes32);
    /// @notice keccak256(abi.encodePacked(jury, choice, juror, salt)), 50 bytes: copied by another juror or for another jury, it opens nothing.
    function commitmentOf(bytes32 jury, uint8 juror, uint8 choice, bytes16 salt) external pure returns (bytes32);
    /// @notice What a juror signs, EIP-712: Vote(bytes32 jury,bytes32 commitment,string statement), where the statement
    ///         says that he holds no position in what the jury decides.
    function voteDigest(bytes32 jury, bytes32 commitment) external view returns (bytes32);
}
