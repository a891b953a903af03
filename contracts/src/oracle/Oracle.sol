// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EIP712} from "solady/utils/EIP712.sol";
import {LibBit} from "solady/utils/LibBit.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {Aggregator} from "./Aggregator.sol";
import {AnswerWord, AnswerWords, INVALID, TOO_EARLY} from "./AnswerWord.sol";
import {Entries} from "./Entries.sol";
import {Aggregation, IOracle, Question, Status} from "./IOracle.sol";
import {IStakeManager} from "./IStakeManager.sol";
import {ReportFrame, ReportVerifier} from "./ReportVerifier.sol";
import {SignerSet, SignerSets} from "./SignerSet.sol";

/// @dev What it promises and assumes stands at {IOracle}.
contract Oracle is IOracle, EIP712 {
    using SafeTransferLib for address;
    using SignerSets for SignerSet;
    using ReportVerifier for ReportFrame;
    using Aggregator for bytes;
    using Entries for bytes;

    uint256 private constant BPS = 10_000;
    uint32 private constant MAX_LIVENESS = 30 days;
    uint256 private constant MAX_SCHEMA_BYTES = 16_384;
    uint256 private constant TERMS_BYTES = 448; // fourteen words
    uint256 private constant DOMAINS = 16;

    IStakeManager public immutable stakeManager;
    address public immutable collateral;
    address public immutable treasury;
    uint32 public immutable MIN_LIVENESS;
    uint40 public immutable MAX_QUESTION_SECONDS;
    uint16 public immutable PROVIDER_SHARE_BPS;

    mapping(bytes32 question => AnswerWord) private _words;
    mapping(address account => uint96) private _credits;

    constructor(
        address stakeManager_,
        address collateral_,
        address treasury_,
        uint32 minLiveness,
        uint40 maxQuestionSeconds,
        uint16 providerShareBps
    ) {
        require(providerShareBps <= BPS, Oracle_BadTerms("providerShareBps"));
        require(treasury_ != address(0), Oracle_BadTerms("treasury"));
        stakeManager = IStakeManager(stakeManager_);
        collateral = collateral_;
        treasury = treasury_;
        MIN_LIVENESS = minLiveness;
        MAX_QUESTION_SECONDS = maxQuestionSeconds;
        PROVIDER_SHARE_BPS = providerShareBps;
    }

    /* ASKING */

    /// @inheritdoc IOracle
    function ask(Question calldata terms, string calldata schema) external returns (bytes32 question) {
        require(terms.asker == msg.sender, Oracle_NotAsker(terms.asker, msg.sender));
        _checkTerms(terms, schema);
        question = idOf(terms);
        require(_words[question].state() == 0, Oracle_AlreadyAsked(question));

        uint96 credit = _credits[msg.sender];
        uint96 fromCredit = credit < terms.reward ? credit : terms.reward;

        _words[question] = AnswerWords.openWord(terms.deadline, terms.opensAt, 0);
        if (fromCredit != 0) _debit(msg.sender, fromCredit);

        emit Asked(question, msg.sender, terms, schema);

        if (terms.reward != fromCredit) {
            collateral.safeTransferFrom(msg.sender, address(this), terms.reward - fromCredit);
        }
    }

    /* REPORTING */

    /// @inheritdoc IOracle
    function reportValues(Question calldata terms, uint32 epoch, bytes calldata entries) external {
        (ReportFrame memory frame, SignerSet memory set) = _frame(terms, epoch);
        bytes32 question = frame.question;
        (uint256 seats, uint256 weight) = frame.checkValues(set, entries);
        // Ascending, so the two ends stand for all.
        _checkBounds(question, terms, entries.valueAt(0));
        _checkBounds(question, terms, entries.valueAt(entries.length - Entries.SIZE));
        (int96 value, uint256 confidence) = entries.answer(question, terms.aggregation, terms.tolerance, set, weight);

        _answer(frame, terms.liveness, value, seats, confidence, entries);
    }

    /// @inheritdoc IOracle
    function reportAgreed(Question calldata terms, uint32 epoch, int96 value, uint256 seats, bytes calldata signatures)
        external
    {
        (ReportFrame memory frame, SignerSet memory set) = _frame(terms, epoch);
        if (value != TOO_EARLY && value != INVALID) _checkBounds(frame.question, terms, value);
        uint256 weight = frame.checkAgreed(set, value, seats, signatures);
        Aggregator.requireQuorum(frame.question, set, weight);

        if (value == TOO_EARLY) _reopen(frame, terms, seats, signatures);
        else _answer(frame, terms.liveness, value, seats, weight * BPS / set.totalWeight(), signatures);
    }

    /* REWARDS AND CREDIT */

    /// @inheritdoc IOracle
    function settleReward(Question calldata terms) external {
        bytes32 question = idOf(terms);
        AnswerWord word = _words[question];
        Status status = _statusOf(word);
        require(status == Status.Final || status == Status.Invalid, Oracle_NotSettleable(question, status));
        require(!word.rewardSettled(), Oracle_RewardAlreadySettled(question));

        _words[question] = word.withRewardSettled();

        uint96 each;
        uint96 rest;
        if (status == Status.Invalid) {
            _credit(terms.asker, terms.reward);
        } else {
            uint256 signers = LibBit.popCount(word.seats());
            // Both divisions round down; the treasury takes what is left.
            each = uint96(uint256(terms.reward) * PROVIDER_SHARE_BPS / BPS / signers);
            rest = uint96(terms.reward - each * signers);
            _creditSigners(terms.domain, word, each);
            _credit(treasury, rest);
        }

        emit RewardSettled(question, status, each, rest);
    }

    /// @inheritdoc IOracle
    function deposit(address account, uint96 amount) external {
        _credit(account, amount);

        collateral.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IOracle
    function withdraw(address to, uint96 amount) external {
        uint96 credit = _credits[msg.sender];
        require(credit >= amount, Oracle_InsufficientCredit(msg.sender, credit, amount));

        _debit(msg.sender, amount);

        collateral.safeTransfer(to, amount);
    }

    /* VIEWS */

    /// @inheritdoc IOracle
    function creditOf(address account) external view returns (uint96) {
        return _credits[account];
    }

    /// @inheritdoc IOracle
    function get(bytes32 question) external view returns (Status status, int96 value, uint40 at, uint16 confidence) {
        AnswerWord word = _words[question];
        uint8 state = word.state();
        if (state == AnswerWords.ANSWERED) {
            (value, at, confidence) = (word.value(), word.finalizeAt(), word.confidence());
            if (block.timestamp < at) status = Status.Answered;
            else status = value == INVALID ? Status.Invalid : Status.Final;
        } else if (state == AnswerWords.OPEN) {
            at = word.deadline();
            if (block.timestamp > at) status = Status.Invalid;
            else (status, at) = (Status.Open, word.notBefore());
        }
        // What the compiler's encoder would do at twice the price, and every consumer pays for it.
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, status)
            mstore(add(free, 32), signextend(11, value))
            mstore(add(free, 64), and(at, 0xffffffffff))
            mstore(add(free, 96), and(confidence, 0xffff))
            return(free, 128)
        }
    }

    /// @inheritdoc IOracle
    function wordOf(bytes32 question) external view returns (AnswerWord) {
        return _words[question];
    }

    /// @inheritdoc IOracle
    function idOf(Question calldata terms) public pure returns (bytes32 question) {
        // keccak256(abi.encode(terms)) without decoding first. Terms that abi.encode would refuse (a field with dirty
        // high bits) have an id too, but nobody can ask them: `ask` logs, and so decodes, every field.
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, terms, TERMS_BYTES)
            question := keccak256(free, TERMS_BYTES)
        }
    }

    /// @inheritdoc IOracle
    function reportDigest(bytes32 question, int96 value, uint32 epoch, uint8 round) external view returns (bytes32) {
        return ReportFrame(_domainSeparator(), question, epoch, round).digestOf(value);
    }

    /* INSIDE */

    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("Sooth", "1");
    }

    function _checkTerms(Question calldata terms, string calldata schema) private view {
        require(terms.min > INVALID && terms.min <= terms.max, Oracle_BadTerms("bounds"));
        require(terms.aggregation != Aggregation.Root, Oracle_BadTerms("aggregation"));
        require(terms.domain < DOMAINS, Oracle_BadTerms("domain"));
        require(terms.deadline > terms.opensAt, Oracle_BadTerms("opensAt"));
        require(
            terms.deadline > block.timestamp && terms.deadline - block.timestamp <= MAX_QUESTION_SECONDS,
            Oracle_BadTerms("deadline")
        );
        require(terms.liveness >= MIN_LIVENESS && terms.liveness <= MAX_LIVENESS, Oracle_BadTerms("liveness"));
        // Plurality counts equal values; a neighbouring outcome is no near miss, and must not add to the confidence.
        require(terms.aggregation == Aggregation.Median || terms.tolerance == 0, Oracle_BadTerms("tolerance"));
        uint256 length = bytes(schema).length;
        require(length != 0 && length <= MAX_SCHEMA_BYTES, Oracle_BadTerms("schema"));
        bytes32 hash = keccak256(bytes(schema));
        require(hash == terms.schema, Oracle_SchemaMismatch(terms.schema, hash));
    }

    /// @dev What every report must fulfil before a signature is looked at, and what its signers signed.
    function _frame(Question calldata terms, uint32 epoch)
        private
        view
        returns (ReportFrame memory frame, SignerSet memory set)
    {
        bytes32 question = idOf(terms);
        AnswerWord word = _words[question];
        require(word.state() == AnswerWords.OPEN, Oracle_NotOpen(question, _statusOf(word)));
        require(block.timestamp >= word.notBefore(), Oracle_TooEarly(question, word.notBefore()));
        require(block.timestamp <= word.deadline(), Oracle_DeadlinePassed(question, word.deadline()));
        (address blob, uint32 current, uint40 pausedUntil) = stakeManager.signerSet(terms.domain);
        require(block.timestamp >= pausedUntil, Oracle_Paused(question, pausedUntil));
        require(epoch == current, Oracle_StaleEpoch(epoch, current));
        frame = ReportFrame(_domainSeparator(), question, epoch, word.round());
        set = SignerSets.read(blob);
    }

    /// @dev Finality is worked out here and nowhere stored.
    function _statusOf(AnswerWord word) private view returns (Status) {
        uint8 state = word.state();
        if (state == AnswerWords.ANSWERED) {
            if (block.timestamp < word.finalizeAt()) return Status.Answered;
            return word.value() == INVALID ? Status.Invalid : Status.Final;
        }
        if (state == AnswerWords.OPEN) return block.timestamp > word.deadline() ? Status.Invalid : Status.Open;
        return Status.Unknown;
    }

    function _checkBounds(bytes32 question, Question calldata terms, int96 value) private pure {
        require(value >= terms.min && value <= terms.max, Oracle_OutOfBounds(question, value));
    }

    function _answer(
        ReportFrame memory frame,
        uint32 liveness,
        int96 value,
        uint256 seats,
        uint256 confidence,
        bytes calldata report
    ) private {
        AnswerWord word = AnswerWords.answeredWord(
            value, uint40(block.timestamp) + liveness, uint16(confidence), uint32(seats), frame.epoch, frame.round
        );

        _words[frame.question] = word;

        emit Answered(frame.question, word, report);
    }

    /// @dev A new round makes the signatures of the old one worthless, so rounds must never come round again.
    function _reopen(ReportFrame memory frame, Question calldata terms, uint256 seats, bytes calldata signatures)
        private
    {
        require(frame.round != type(uint8).max, Oracle_BadReport(frame.question, "round"));

        uint40 notBefore = uint40(block.timestamp) + terms.liveness;
        if (notBefore > terms.deadline) notBefore = terms.deadline;
        uint8 round = frame.round + 1;

        _words[frame.question] = AnswerWords.openWord(terms.deadline, notBefore, round);

        emit Reopened(frame.question, round, frame.epoch, notBefore, seats, signatures);
    }

    /// @dev The word names seats; the set of its epoch names their signers, the stake manager their owners.
    function _creditSigners(uint8 domain, AnswerWord word, uint96 amount) private {
        SignerSet memory set = SignerSets.read(stakeManager.signerSetOf(domain, word.epoch()));
        uint256 seats = word.seats();
        for (uint256 seat; seats != 0; ++seat) {
            if (seats & 1 == 1) {
                (address signer,) = set.seatAt(seat);
                address earner = stakeManager.earnerOf(signer);
                _credit(earner == address(0) ? treasury : earner, amount);
            }
            seats >>= 1;
        }
    }

    function _credit(address account, uint96 amount) private {
        _credits[account] += amount;
        emit Credited(account, amount);
    }

    function _debit(address account, uint96 amount) private {
        _credits[account] -= amount;
        emit Debited(account, amount);
    }
}
