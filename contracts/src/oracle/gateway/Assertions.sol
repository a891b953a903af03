// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibString} from "solady/utils/LibString.sol";
import {SafeCastLib} from "solady/utils/SafeCastLib.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {Aggregation, IOracle, Question, Status} from "../IOracle.sol";
import {Assertion, IAssertionRecipient, IAssertions} from "./IAssertions.sol";

interface IOracleParameters {
    function collateral() external view returns (address);
    function treasury() external view returns (address);
    function LOWEST_WINDOW() external view returns (uint32);
}

/// @dev What it promises and assumes stands at {IAssertions}. An assertion's id is its question's.
contract Assertions is IAssertions {
    using SafeTransferLib for address;
    using LibString for string;
    using LibString for uint256;

    bytes32 public constant defaultIdentifier = "ASSERT_TRUTH";
    uint256 private constant MAX_CLAIM_BYTES = 5_000;

    IOracle public immutable oracle;
    address public immutable collateral;
    address public immutable treasury;
    uint32 public immutable LOWEST_WINDOW;
    uint96 public immutable REWARD;
    uint40 public immutable ANSWER_SECONDS;
    uint8 public immutable DOMAIN;

    uint64 private _count;
    mapping(bytes32 assertionId => Assertion) private _assertions;
    /// @dev What `settleReward` wants back when a question ended invalid.
    mapping(bytes32 assertionId => Question) private _questions;
    mapping(bytes32 assertionId => bool) private _untold;
    mapping(bytes32 assertionId => bool) private _disputed;

    /// @param reward what the providers of an answer share
    /// @param answerSeconds after which an unanswered assertion resolves false
    constructor(address oracle_, uint96 reward, uint40 answerSeconds, uint8 domain) {
        oracle = IOracle(oracle_);
        collateral = IOracleParameters(oracle_).collateral();
        treasury = IOracleParameters(oracle_).treasury();
        LOWEST_WINDOW = IOracleParameters(oracle_).LOWEST_WINDOW();
        REWARD = reward;
        ANSWER_SECONDS = answerSeconds;
        DOMAIN = domain;
        collateral.safeApprove(oracle_, type(uint256).max);
    }

    /* ASSERTING */

    /// @inheritdoc IAssertions
    function assertTruthWithDefaults(bytes calldata claim, address asserter) external returns (bytes32) {
        return _assertTruth(claim, asserter, address(0), LOWEST_WINDOW, REWARD, bytes32(0));
    }

    /// @inheritdoc IAssertions
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
    ) external returns (bytes32) {
        require(escalationManager == address(0), Assertions_NoEscalation());
        require(currency == collateral, Assertions_WrongCurrency(currency, collateral));
        require(identifier == defaultIdentifier, Assertions_WrongIdentifier(identifier));
        return _assertTruth(claim, asserter, callbackRecipient, liveness, bond, domainId);
    }

    /// @inheritdoc IAssertions
    function disputeAssertion(bytes32 assertionId, address disputer) external {
        Assertion storage assertion = _known(assertionId);
        (Status status,,,) = oracle.get(assertionId);
        require(status == Status.Disputed && !_disputed[assertionId], Assertions_NotDisputed(assertionId));

        _disputed[assertionId] = true;
        assertion.disputer = disputer;

        emit AssertionDisputed(assertionId, msg.sender, disputer);

        address recipient = assertion.callbackRecipient;
        if (recipient == address(0)) return;
        try IAssertionRecipient(recipient).assertionDisputedCallback(assertionId) {}
        catch {
            emit CallbackFailed(assertionId, recipient);
        }
    }

    /* SETTLING */

    /// @inheritdoc IAssertions
    function settleAssertion(bytes32 assertionId) public {
        Assertion storage assertion = _known(assertionId);
        require(!assertion.settled, Assertions_AlreadySettled(assertionId));
        (Status status, int96 value,,) = oracle.get(assertionId);
        require(status == Status.Final || status == Status.Invalid, Assertions_NotSettled(assertionId));
        bool truthful = status == Status.Final && value == 1;
        address payee = status == Status.Invalid || truthful ? assertion.asserter : treasury;
        uint256 rest = assertion.bond - REWARD;

        assertion.settled = true;
        assertion.settlementResolution = truthful;
        _untold[assertionId] = assertion.callbackRecipient != address(0);

        emit AssertionSettled(assertionId, payee, _disputed[assertionId], truthful, msg.sender);

        // What a jury answered has no signers, and no reward for them.
        if (status == Status.Invalid || oracle.wordOf(assertionId).seats() == 0) _fetchReward(assertionId, payee);
        _pay(payee, rest);
        _tell(assertionId);
    }

    /// @inheritdoc IAssertions
    function settleAndGetAssertionResult(bytes32 assertionId) external returns (bool) {
        if (!_known(assertionId).settled) settleAssertion(assertionId);
        return _assertions[assertionId].settlementResolution;
    }

    /// @inheritdoc IAssertions
    function retryCallback(bytes32 assertionId) external {
        require(_untold[assertionId], Assertions_NothingToTell(assertionId));
        _tell(assertionId);
    }

    /* VIEWS */

    /// @inheritdoc IAssertions
    function getAssertion(bytes32 assertionId) external view returns (Assertion memory) {
        return _assertions[assertionId];
    }

    /// @inheritdoc IAssertions
    function getAssertionResult(bytes32 assertionId) external view returns (bool) {
        require(_assertions[assertionId].settled, Assertions_NotSettled(assertionId));
        return _assertions[assertionId].settlementResolution;
    }

    /// @inheritdoc IAssertions
    function getMinimumBond(address currency) external view returns (uint256) {
        require(currency == collateral, Assertions_WrongCurrency(currency, collateral));
        return REWARD;
    }

    /* INSIDE */

    function _known(bytes32 assertionId) private view returns (Assertion storage assertion) {
        assertion = _assertions[assertionId];
        require(assertion.asserter != address(0), Assertions_Unknown(assertionId));
    }

    function _assertTruth(
        bytes calldata claim,
        address asserter,
        address recipient,
        uint64 liveness,
        uint256 bond,
        bytes32 domainId
    ) private returns (bytes32 assertionId) {
        require(bond >= REWARD, Assertions_BondTooSmall(bond, REWARD));
        require(claim.length != 0 && claim.length <= MAX_CLAIM_BYTES, Assertions_BadClaim(claim.length));
        require(asserter != address(0), Assertions_NobodyAsserts());
        string memory schema = _schemaOf(claim);
        Question memory terms = _termsOf(schema, liveness);

        collateral.safeTransferFrom(msg.sender, address(this), bond);
        assertionId = oracle.ask(terms, schema);

        Assertion storage assertion = _assertions[assertionId];
        assertion.escalationManagerSettings.assertingCaller = msg.sender;
        assertion.asserter = asserter;
        assertion.assertionTime = uint64(block.timestamp);
        assertion.currency = collateral;
        assertion.expirationTime = terms.deadline;
        assertion.domainId = domainId;
        assertion.identifier = defaultIdentifier;
        assertion.bond = bond;
        assertion.callbackRecipient = recipient;
        _questions[assertionId] = terms;

        _announce(assertionId, assertion, claim);
    }

    function _announce(bytes32 assertionId, Assertion storage assertion, bytes calldata claim) private {
        emit AssertionMade(
            assertionId,
            assertion.domainId,
            claim,
            assertion.asserter,
            assertion.callbackRecipient,
            address(0),
            msg.sender,
            assertion.expirationTime,
            collateral,
            assertion.bond,
            defaultIdentifier
        );
    }

    function _termsOf(string memory schema, uint64 liveness) private returns (Question memory terms) {
        terms.asker = address(this);
        terms.schema = keccak256(bytes(schema));
        terms.aggregation = Aggregation.Plurality;
        terms.max = 1;
        terms.opensAt = uint40(block.timestamp);
        terms.deadline = uint40(block.timestamp) + ANSWER_SECONDS;
        uint64 most = type(uint32).max; // which the oracle refuses
        terms.liveness = uint32(liveness < LOWEST_WINDOW ? LOWEST_WINDOW : liveness > most ? most : liveness);
        terms.reward = REWARD;
        terms.nonce = ++_count;
        terms.domain = DOMAIN;
    }

    /// @dev The schema that the rest of Sooth reads, with its names in canonical order.
    function _schemaOf(bytes calldata claim) private view returns (string memory) {
        return string.concat(
            '{"decimals":0,"default":"invalid","description":',
            string(claim).escapeJSON(true),
            ',"kind":"bool","observeAt":',
            block.timestamp.toString(),
            ',"outcomes":["No","Yes"],"rule":{"type":"value"},"sources":[],"text":"Is the claim in the description true?","unit":"","version":1}'
        );
    }

    /// @dev The reward that nobody earned is credit of this contract, whoever had it settled. A later assertion's question
    ///      may have been paid with that credit; then as many tokens lie here instead.
    function _fetchReward(bytes32 assertionId, address payee) private {
        if (REWARD == 0) return;
        if (!oracle.wordOf(assertionId).rewardSettled()) oracle.settleReward(_questions[assertionId]);
        uint96 credit = oracle.creditOf(address(this));
        uint96 fromCredit = credit < REWARD ? credit : REWARD;
        if (fromCredit != 0) oracle.withdraw(address(this), fromCredit);
        _pay(payee, REWARD);
    }

    /// @dev Tokens, as callers of UMA's interface expect; where the token refuses, credit at the oracle. One to whom nothing can
    ///      be sent must not keep others from the result. The token is the collateral, which calls nobody.
    function _pay(address to, uint256 amount) private {
        if (amount == 0) return;
        bytes memory transfer = abi.encodeWithSignature("transfer(address,uint256)", to, amount);
        (bool ok, bytes memory said) = collateral.call(transfer);
        if (ok && (said.length == 0 || abi.decode(said, (bool)))) return;
        oracle.deposit(to, SafeCastLib.toUint96(amount));
    }

    function _tell(bytes32 assertionId) private {
        address recipient = _assertions[assertionId].callbackRecipient;
        if (recipient == address(0)) return;
        _untold[assertionId] = false;
        bool truthful = _assertions[assertionId].settlementResolution;
        try IAssertionRecipient(recipient).assertionResolvedCallback(assertionId, truthful) {}
        catch {
            _untold[assertionId] = true;
            emit CallbackFailed(assertionId, recipient);
        }
    }
}
