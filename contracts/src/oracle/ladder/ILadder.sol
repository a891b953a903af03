// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Jury} from "../court/ICourt.sol";
import {Dispute} from "../Dispute.sol";
import {Question} from "../IOracle.sol";

/// @dev Where a dispute stands.
enum Stage {
    None, // opened at the oracle; nobody acted on it here
    Confirmed, // providers who had not signed the answer say the same: lost, unless somebody appeals
    Sitting, // a jury has it
    Ruled, // a jury decided: so it will be, unless somebody appeals
    Corrected, // a re-report corrected the answer; who signed it is punished if a jury upholds the correction
    Done
}

/// @dev What is remembered of a dispute.
struct Case {
    Stage stage;
    uint8 tier; // of the jury that sits or sat last: 0, 1, 2 for 9, 31, 101 seats
    uint8 verdict; // Confirmed and Ruled: the choice that stands
    uint40 until; // Confirmed and Ruled: court clock, first second too late for an appeal
    int96 claim; // what juries hold against the answer, within bounds or TOO_EARLY or INVALID
    uint96 fees; // given to juries, out of the deposits
    bytes32 claimRoot;
    bytes32 jury;
}

/// @dev One side's money. Sides are the choices of a jury.
struct Stake {
    address who;
    uint88 amount;
    uint8 side; // 0: the disputer whose claim a re-report replaced; he wins when the answer does not
}

/// @dev Seconds on the court clock.
struct LadderWindows {
    uint40 rereport;
    uint40 jury; // the longest that a jury takes, from opening to verdict
    uint40 appeal;
}

/// @notice Decides disputes: providers report anew, else a jury of 9; appeals lead to 31 and 101. Nobody's key decides.
/// @dev Choices: 1 the answer, 2 the claim, 3 neither, which ends the question as invalid. A jury without a
///      supermajority hands on to the next size; after 101 the question is invalid.
/// @dev Where the answer or the claim says INVALID, a vote for neither counts for it, and nobody appeals for neither.
/// @dev A re-report is signed for the round after the answer's. More than two thirds of ALL weight with another value
///      correct the answer at once; anybody may object to that again, and then no re-report corrects, only juries. Or at
///      least three providers who had not signed, with more than two thirds of the weight that had not and a ninth of all:
///      when they say the same the dispute is lost unless somebody appeals; when not, a jury judges their value against
///      the answer.
/// @dev More than two thirds of ALL weight with the same value, against the first dispute or a later one: a jury hears it at
///      once; where none can be drawn, the dispute is lost unless somebody appeals.
/// @dev Where no jury can be drawn and nobody stood by the answer in the time to report anew, the question ends invalid, and
///      what the jury would have cost goes to insurance.
/// @dev Every function that anyone calls takes the preimages: the question's terms, and the dispute.
/// @dev All times are on the court clock, which stands while the oracle is paused.
/// @dev Deposits: a quarter of what brings a jury about pays that jury. At the end the losers' go to the winners up to
///      a half, what is left to insurance. Where nobody lost a deposit, the jury's pay is missing from the winner's; what
///      he wins is a share of the stake that is slashed. With no side that was right, each gets back his part of the rest.
///      Where the answer stands and nobody had backed it with a deposit, its signers get the half.
/// @dev Rounding: shares round down, the rest is insurance.
/// @dev Solvency: credit of the ladder >= sum over open cases of deposits less fees.
interface ILadder {
    /// @param value of the re-report; the signatures prove it
    event Rereported(bytes32 indexed dispute, Stage stage, int96 value, uint32 epoch, uint256 seats, bytes signatures);
    event Convened(bytes32 indexed dispute, bytes32 jury, uint8 tier, int96 claim, bytes32 claimRoot);
    /// @param choice 0: none had its supermajority
    event VerdictTaken(bytes32 indexed dispute, bytes32 jury, uint8 choice, uint40 until);
    event Appealed(bytes32 indexed dispute, address indexed who, uint8 side, uint96 deposit);
    /// @param outcome 0: no verdict; 1 to 3: a choice
    event Concluded(bytes32 indexed dispute, uint8 outcome, uint96 toInsurance);
    /// @notice Part of a deposit, or of others' deposits, that `who` got.
    event Awarded(bytes32 indexed dispute, address indexed who, uint96 amount);

    error Ladder_BadWindows(uint256 unbonding, uint256 wanted);
    error Ladder_NotTheTerms(bytes32 dispute);
    error Ladder_WrongStage(bytes32 dispute, Stage stage);
    /// @dev Court clock.
    error Ladder_TooLate(bytes32 dispute, uint40 clock, uint40 until);
    error Ladder_TooSoon(bytes32 dispute, uint40 clock, uint40 from);
    /// @notice Only a jury decides otherwise: the answer was disputed before, or is a root.
    error Ladder_JuryOnly(bytes32 dispute);
    /// @notice Neither two thirds of all, nor three disjoint with two thirds of the rest and a ninth of all.
    error Ladder_NotDecisive(bytes32 dispute, uint256 weight, uint256 wanted);
    error Ladder_BadChoice(bytes32 dispute, uint8 choice);
    error Ladder_NoAppeal(bytes32 dispute);
    error Ladder_UnknownJury(bytes32 dispute, bytes32 jury);
    error Ladder_NotEnded(bytes32 dispute, bytes32 jury);
    error Ladder_NotFinal(bytes32 dispute);

    /* STEPS, each for anyone */

    /// @notice Own values of more than two thirds of all weight, as at {IOracle.reportValues}.
    function rereportValues(Question calldata terms, Dispute calldata dispute, uint32 epoch, bytes calldata entries)
        external;
    /// @notice One value that all co-signed, as at {IOracle.reportAgreed}.
    function rereportAgreed(
        Question calldata terms,
        Dispute calldata dispute,
        uint32 epoch,
        int96 value,
        uint256 seats,
        bytes calldata signatures
    ) external;
    /// @notice Hands the dispute to a jury of 9, when the time to report anew is over or a re-report does not count.
    /// @dev A claim that says the same as the answer is no dispute: its deposit is lost, and the answer stands as before.
    function convene(Question calldata terms, Dispute calldata dispute) external;
    /// @notice Takes down what the sitting jury decided; an undecided one hands on to the next size, or ends it.
    function takeVerdict(Question calldata terms, Dispute calldata dispute, Jury calldata jury) external;
    /// @notice Backs another choice than the one that stands, with twice the last deposit from the caller's credit.
    ///         Reverts when no jury of that size can be drawn.
    function appeal(Question calldata terms, Dispute calldata dispute, uint8 choice) external;
    /// @notice Ends a dispute when the time to appeal is over.
    function conclude(Question calldata terms, Dispute calldata dispute) external;
    /// @notice Punishes those who signed what a re-report corrected, once the question is final, when a jury that heard the
    ///         correction says so. Where none did nobody pays: asked anew, a source may have moved.
    function punish(Question calldata terms, Dispute calldata dispute) external;
    /// @notice Credit that belongs to no case goes to insurance: what juries gave back.
    function sweep() external returns (uint96 amount);

    /* VIEWS */

    function caseOf(bytes32 dispute) external view returns (Case memory);
    function stakesOf(bytes32 dispute) external view returns (Stake[] memory);
    /// @notice What {appeal} takes, in collateral.
    function appealDeposit(Dispute calldata dispute) external view returns (uint96);
    /// @notice What a jury decides: keccak256(abi.encode(dispute, claim, claimRoot)).
    function subjectOf(bytes32 dispute) external view returns (bytes32);
    /// @notice Deposits of open cases less what went to their juries.
    function owed() external view returns (uint96);
}
