// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev Who is told how an assertion ended; the shape that OOv3 consumers implement.
interface IAssertionRecipient {
    function assertionResolvedCallback(bytes32 assertionId, bool assertedTruthfully) external;
    function assertionDisputedCallback(bytes32 assertionId) external;
}

/// @dev An assertion as OOv3 consumers read it. What has no meaning here is zero: see {IAssertions}.
struct EscalationManagerSettings {
    bool arbitrateViaEscalationManager;
    bool discardOracle;
    bool validateDisputers;
    address assertingCaller;
    address escalationManager;
}

struct Assertion {
    EscalationManagerSettings escalationManagerSettings;
    address asserter;
    uint64 assertionTime;
    bool settled;
    address currency;
    uint64 expirationTime;
    bool settlementResolution;
    bytes32 domainId;
    bytes32 identifier;
    uint256 bond;
    address callbackRecipient;
    address disputer;
}

/// @notice The functions of UMA's Optimistic Oracle V3 that consumers call, answered by Sooth: an assertion becomes a bool
///         question, "is this claim true?", so a consumer moves here by changing one address.
/// @dev What differs, because answers here are given by staked providers and not by silence:
///      an assertion is true only when they say so; without their answer by the deadline it resolves false and the whole
///      bond goes back. Whoever disputes does so at the oracle, with a deposit. There is no escalation manager.
/// @dev Of the bond, REWARD pays the providers; the rest goes back to the asserter when the claim is true, to the
///      treasury when it is false. Nothing is rounded.
/// @dev A callback that reverts does not block settlement: it can be tried again by anyone.
/// @dev Solvency: collateral held >= sum over unsettled assertions of bond - REWARD.
interface IAssertions {
    event AssertionMade(
        bytes32 indexed assertionId,
        bytes32 domainId,
        bytes claim,
        address indexed asserter,
        address callbackRecipient,
        address escalationManager,
        address caller,
        uint64 expirationTime,
        address currency,
        uint256 bond,
        bytes32 indexed identifier
    );
    event AssertionDisputed(bytes32 indexed assertionId, address indexed caller, address indexed disputer);
    event AssertionSettled(
        bytes32 indexed assertionId,
        address indexed bondRecipient,
        bool disputed,
        bool settlementResolution,
        address settleCaller
    );
    event CallbackFailed(bytes32 indexed assertionId, address recipient);

    error Assertions_NobodyAsserts();
    error Assertions_NoEscalation();
    error Assertions_WrongCurrency(address currency, address collateral);
    error Assertions_WrongIdentifier(bytes32 identifier);
    error Assertions_BondTooSmall(uint256 bond, uint256 minimum);
    error Assertions_BadClaim(uint256 length);
    error Assertions_Unknown(bytes32 assertionId);
    error Assertions_NotSettled(bytes32 assertionId);
    error Assertions_AlreadySettled(bytes32 assertionId);
    error Assertions_NotDisputed(bytes32 assertionId);
    error Assertions_NothingToTell(bytes32 assertionId);

    function assertTruthWithDefaults(bytes calldata claim, address asserter) external returns (bytes32 assertionId);
    /// @param escalationManager zero: there is none here
    /// @param liveness seconds an answer can be disputed; raised to the oracle's least
    /// @param bond taken from the caller
    function assertTruth(
        bytes calldata claim,
        address asserter,
        address callbackRecipient,
        address escalationManager,
        uint64 liveness,
        address currency,
        uint256 bond,
        bytes32 identifier,
        bytes32 domainId
    ) external returns (bytes32 assertionId);
    /// @notice Tells the recipient that the answer is disputed. Anyone, once; the dispute itself is made at the oracle.
    /// @param disputer named in the event only
    function disputeAssertion(bytes32 assertionId, address disputer) external;
    /// @notice Once the question is final or invalid: pays the rest of the bond out and tells the recipient. Anyone, once.
    function settleAssertion(bytes32 assertionId) external;
    function settleAndGetAssertionResult(bytes32 assertionId) external returns (bool);
    /// @notice Calls a recipient again whose callback failed at settlement. Anyone.
    function retryCallback(bytes32 assertionId) external;

    function getAssertion(bytes32 assertionId) external view returns (Assertion memory);
    function getAssertionResult(bytes32 assertionId) external view returns (bool);
    function getMinimumBond(address currency) external view returns (uint256);
    function defaultIdentifier() external view returns (bytes32);
}
