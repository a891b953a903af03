// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Jury, JurorFault} from "../court/ICourt.sol";
import {Dispute} from "../Dispute.sol";
import {Question} from "../IOracle.sol";

/// @notice Turns proved faults into slashes. What a chain can see itself anyone may show; what only people can judge comes
///         from the ladder, from the court, or from an accusation that a jury decides.
/// @dev Rates stand in {SlashRule}. Amounts are of the stake at the moment, rounded down, and never more than it; without a
///      court, and but for equivocation, leaks and positions, nobody loses more than 30 % of what he had within one
///      epoch's time.
/// @dev What somebody holds is asked of consumers: of the two that this was built with, and of those that the policy names,
///      once their notice is over. Who does not trust a new one leaves before; see {IPositions} for what it promises.
/// @dev A fault is an id, and takes from an owner once. Nothing here reverts because of a provider's state when the ladder
///      or the court calls: one who has nothing left cannot hold up a dispute or a jury.
/// @dev Solvency: collateral held by the oracle for this contract = bonds of cases not closed, less the fees of their juries.
interface ISlasher {
    /// @dev Given for ever at construction.
    struct SlasherLimits {
        uint40 periodSeconds; // in which 30 % is the most without a court
        uint96 bond;
        uint96 fee;
        uint40 caseSeconds; // how long an accusation freezes stakes: longer than a jury takes
    }

    /// @dev An accusation IS the hash of these.
    struct Case {
        address accuser;
        address[] accused; // owners, ascending, at most 16
        bytes32 evidence; // hash of a text that the accuser publishes
        uint32 ppm; // of each one's stake, 200,000 to 1,000,000
        bytes32 jury;
    }

    /// @dev That somebody holds a position, so that it can be looked up.
    struct Holding {
        address consumer; // in which; must be believed
        address holder; // the owner, or a key that he named, now or before
        bytes where; // as the consumer wants it
    }

    /// @notice One digest twice: what was signed contradicts itself, or what stands at the hub.
    event Equivocated(address indexed owner, address indexed signer, bytes32 first, bytes32 second);
    /// @notice A number outside tolerance. The first within 30 days costs nothing.
    event Outside(address indexed owner, bytes32 indexed question, int96 value, uint96 taken);
    /// @notice `owner` reported on `question`, or voted on it, while `holder`, himself or a key of his, held a position in it.
    event PositionShown(address indexed owner, bytes32 indexed question, address indexed consumer, address holder);
    /// @notice A juror holds a position in what the jury judges: being missing costs him nothing.
    event Recused(bytes32 indexed jury, address indexed owner, bytes32 indexed question);
    event Accused(bytes32 indexed id, Case terms);
    /// @param choice 1 guilty; 2 innocent; else undecided
    event CaseClosed(bytes32 indexed id, uint8 choice, uint256 taken);

    error Slasher_NotAllowed(address caller);
    error Slasher_NotTwo(bytes32 digest);
    error Slasher_NotOne(address first, address second);
    error Slasher_TooEarlyIsNoAnswer(bytes32 question);
    error Slasher_NobodysKey(address signer);
    error Slasher_AlreadyPunished(address owner, bytes32 fault);
    error Slasher_NotFinal(bytes32 question);
    error Slasher_NotOutside(bytes32 question, int96 value);
    error Slasher_NoticeTooShort(uint256 notice, uint256 wanted);
    error Slasher_NotBelieved(address consumer);
    error Slasher_NotHis(address owner, address holder);
    error Slasher_NoPosition(bytes32 question, address holder);
    error Slasher_NotItsJury(bytes32 jury, bytes32 question);
    error Slasher_HasNotVoted(bytes32 jury, uint8 seat);
    error Slasher_AlreadyRecused(bytes32 jury, address owner);
    error Slasher_BadCase(string what);
    error Slasher_UnknownCase(bytes32 id);
    error Slasher_CaseOpen(bytes32 id);

    /* WHAT ANYBODY CAN SHOW */

    /// @notice Two reports of one key for the same question, epoch and round, with different values: all of the stake, and a
    ///         ban. The caller is the challenger. Whether own or co-signed, they are signed alike.
    /// @dev No seat is asked for: a key that signs two answers is worth nothing, whether it was seated or not.
    /// @dev TOO_EARLY is no answer: it and a value, in either order, prove nothing. INVALID is one.
    function equivocatedReports(
        bytes32 question,
        uint32 epoch,
        uint8 round,
        int96[2] calldata values,
        bytes calldata first,
        bytes calldata second
    ) external;
    /// @notice The same with two roots, of trees or of packed words.
    function equivocatedRoots(
        bytes32 question,
        uint32 epoch,
        uint8 round,
        bytes32[2] calldata roots,
        bytes calldata first,
        bytes calldata second
    ) external;
    /// @notice The same with a value and a root: INVALID and many answers, say.
    function equivocatedKinds(
        bytes32 question,
        uint32 epoch,
        uint8 round,
        int96 value,
        bytes32 root,
        bytes calldata ofValue,
        bytes calldata ofRoot
    ) external;
    /// @notice Two values of one key for one moment of a feed. For a feed that the owner of a source tells: the template, and
    ///         epoch 0.
    /// @dev Not for aggregated signatures: who took part in one cannot be shown by it alone.
    function equivocatedFeeds(
        bytes32 feed,
        uint40 observedAt,
        uint32 epoch,
        int96[2] calldata values,
        bytes calldata first,
        bytes calldata second
    ) external;
    /// @notice The same with two facts about one subject, in two batches or in one.
    /// @param evidence for {IAttesters-conflictOf}
    /// @param first by which the first batch was signed, `second` the other; 64 or 65 bytes
    function equivocatedFacts(bytes calldata evidence, bytes calldata first, bytes calldata second) external;
    /// @notice One fact that the hub's own state shows to be false. Of one subject one fault, this or two contents.
    /// @param evidence for {IBundleHub-falsehoodOf}
    /// @param signature by which its batch was signed; 64 or 65 bytes
    function falseFact(bytes calldata evidence, bytes calldata signature) external;
    /// @notice A signed number outside the question's tolerance of its final answer, of the same epoch and round.
    function outside(Question calldata terms, int96 value, bytes calldata signature) external;

    /* POSITIONS */

    /// @notice Who signed a report on `question`, whatever it says, and holds a position in it: half of the stake, once for
    ///         an owner and a question. The caller is the challenger. No seat is asked for, and no ban follows.
    /// @dev Whoever holds a position need only not sign: recusal is free.
    function positionOfSigner(
        bytes32 question,
        uint32 epoch,
        uint8 round,
        int96 value,
        bytes calldata signature,
        Holding calldata holding
    ) external;
    /// @notice The same of a juror who voted, for whatever choice: he signed that he holds none. `jury` judges `dispute`.
    /// @param seat any that he holds, 0 to size - 1; its vote was revealed
    function positionOfJuror(Jury calldata jury, Dispute calldata dispute, uint8 seat, Holding calldata holding)
        external;
    /// @notice Says of a drawn juror that he holds a position in what the jury judges, so that it costs him nothing to be
    ///         missing. Anyone, once, before the jury is closed. His seat counts as one that did not vote.
    /// @dev Held by the owner, or by the key that the juror set has of him: not by a key that he could name once he is drawn.
    function recuse(Jury calldata jury, Dispute calldata dispute, uint8 seat, Holding calldata holding) external;
    /// @notice Whether what `consumer` says of positions counts now.
    function isBelieved(address consumer) external view returns (bool);

    /* LADDER AND COURT */

    /// @notice Takes from the owners of `seats` what a value costs that was overturned. Only the ladder.
    /// @param fault the dispute
    function overturned(bytes32 fault, uint8 domain, uint32 epoch, uint256 seats, address challenger) external;
    /// @notice Takes a tenth of the dispute's `deposit` from the owners of `seats` together, by weight. Only the ladder.
    function tooEarly(bytes32 fault, uint8 domain, uint32 epoch, uint256 seats, uint96 deposit, address challenger)
        external;
    /// @notice Takes what `kind` costs from the owner of `signer`; nothing from one who is missing and was recused. Only the
    ///         court.
    function juror(address signer, bytes32 fault, JurorFault kind, address challenger) external;

    /* COLLUSION */

    /// @notice Accuses providers of having colluded, for a bond of BOND, of which FEE pays the jury. The stakes of the
    ///         accused are frozen meanwhile. Takes the bond from the caller's tokens.
    /// @param accused owners, ascending, at most 16; they sit on no jury of this case. With the accuser they may hold a third
    ///        of the jurors' weight at most: larger rings are accused in parts
    /// @param evidence hash of what the jury shall read
    function accuse(address[] calldata accused, bytes32 evidence, uint32 ppm) external returns (bytes32 id);
    /// @notice Acts on the verdict. Guilty: the stakes pay, the accuser is the challenger and has his bond back less the fee.
    ///         Innocent: the rest of the bond goes to the accused in equal shares, rounded down, what is left to the insurance.
    ///         Undecided: the rest of the bond goes back. Anyone, once. All of it as credit at the oracle: one to whom tokens
    ///         cannot be sent holds up nobody.
    /// @param jury the terms that the court logged
    function conclude(Case calldata terms, Jury calldata jury) external;
    function isOpen(bytes32 id) external view returns (bool);
    /// @notice Credit that is no bond goes to the insurance: what juries gave back of their fees.
    function sweep() external returns (uint96 amount);
}
