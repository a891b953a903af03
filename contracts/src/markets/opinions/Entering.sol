// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EIP712} from "solady/utils/EIP712.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {AnswerWords} from "../../oracle/AnswerWord.sol";
import {Aggregation, Question} from "../../oracle/IOracle.sol";
import {Permit} from "../IMarkets.sol";
import {Permits} from "../../lib/Permits.sol";
import {Signatures} from "../../lib/Signatures.sol";
import {BANDS} from "../rules/BandRule.sol";
import {Book, BookWords, Positions, PositionWord} from "./Book.sol";
import {Door} from "./Door.sol";
import {IOpinions, OpinionIntent, OpinionLimits, OpinionMarket} from "./IOpinions.sol";
import {ResultWords} from "./ResultWord.sol";
import {Shelf} from "./Shelf.sol";

/// @dev Until a market is closed, and its hidden stances told.
abstract contract Entering is Shelf, EIP712 {
    using SafeTransferLib for address;
    using Permits for Permit;

    uint256 private constant MOST_STATEMENT = 280;
    uint256 private constant LEAST_REVEAL = 1 hours;
    // What a deployment may be built with: nobody could put a market up, or see it end, beyond these.
    uint96 private constant MOST_CREATION_FEE = 100e6;
    uint40 private constant MOST_OPEN = 90 days;
    uint40 private constant MOST_CLOCK_LAG = 1 hours;
    int96 private constant MAX_ANSWER = 10_000; // a score has two decimals
    bytes32 private constant INTENT_TYPEHASH = keccak256(
        "OpinionIntent(bytes32 market,uint8 band,uint48 amount,bytes32 opinion,bytes32 commitment,address owner,uint256 nonce,uint40 deadline,bytes sealed)"
    );

    uint96 public immutable CREATION_FEE;
    uint40 public immutable LEAST_SECONDS;
    uint40 public immutable MOST_SECONDS;
    uint48 public immutable LEAST_STAKE;
    uint48 public immutable MOST_STAKE;

    /// @inheritdoc IOpinions
    mapping(address owner => uint256) public nonceOf;

    constructor(OpinionLimits memory limits) {
        CREATION_FEE = limits.creationFee;
        LEAST_SECONDS = limits.leastSeconds;
        MOST_SECONDS = limits.mostSeconds;
        LEAST_STAKE = limits.leastStake;
        MOST_STAKE = limits.mostStake;
        require(
            limits.leastStake != 0 && limits.leastStake <= limits.mostStake && limits.mostStake <= Positions.MAX_AMOUNT,
            Opinions_BadLimits("stakes")
        );
        require(
            limits.leastSeconds != 0 && limits.leastSeconds <= limits.mostSeconds && limits.mostSeconds <= MOST_OPEN,
            Opinions_BadLimits("seconds")
        );
        require(limits.creationFee <= MOST_CREATION_FEE, Opinions_BadLimits("creationFee"));
        require(limits.clockLag <= MOST_CLOCK_LAG, Opinions_BadLimits("clockLag"));
    }

    /* BEFORE CLOSING */

    /// @inheritdoc IOpinions
    function announce(OpinionMarket calldata terms, Question calldata question, string calldata statement)
        external
        returns (bytes32 market)
    {
        _checkTerms(terms);
        _checkQuestion(terms, question);
        uint256 length = bytes(statement).length;
        require(
            length != 0 && length <= MOST_STATEMENT && sha256(bytes(statement)) == terms.statement,
            Opinions_BadTerms("statement")
        );
        market = marketOf[terms.question];
        require(market == 0, Opinions_AlreadyAnnounced(terms.question, market));
        // Else whoever sees it first could announce it for himself, and have the fee.
        require(msg.sender == question.asker, Opinions_NotAsker(question.asker, msg.sender));

        market = idOf(terms);
        marketOf[terms.question] = market;
        _books[market].result = ResultWords.ANNOUNCED;

        emit Announced(market, terms.question, terms, statement);

        if (CREATION_FEE != 0) collateral.safeTransferFrom(msg.sender, treasury, CREATION_FEE);
    }

    /// @inheritdoc IOpinions
    function stake(bytes32 hash, Door door, uint8 band, uint48 amount, bytes32 opinion) external {
        _stake(_idOf(hash, door), door, msg.sender, band, amount, opinion);
    }

    /// @inheritdoc IOpinions
    function stakeHidden(
        bytes32 hash,
        Door door,
        uint48 amount,
        bytes32 opinion,
        bytes32 commitment,
        bytes calldata sealed_
    ) external {
        bytes32 market = _idOf(hash, door);
        _hide(market, msg.sender, commitment, sealed_);
        _stake(market, door, msg.sender, uint8(Positions.HIDDEN), amount, opinion);
    }

    /// @inheritdoc IOpinions
    function stakeBySig(
        bytes32 hash,
        Door door,
        OpinionIntent calldata intent,
        bytes calldata sealed_,
        bytes calldata signature,
        Permit calldata permit
    ) external {
        require(block.timestamp <= intent.deadline, Opinions_IntentExpired(intent.deadline));
        uint256 nonce = nonceOf[intent.owner];
        require(intent.nonce == nonce, Opinions_BadNonce(intent.owner, nonce, intent.nonce));
        require(_idOf(hash, door) == intent.market, Opinions_NotAnnounced(intent.market));
        bytes32 digest = _hashTypedData(keccak256(abi.encode(INTENT_TYPEHASH, intent, keccak256(sealed_))));
        require(Signatures.hasSigned(intent.owner, digest, signature), Opinions_BadSignature(intent.owner));

        nonceOf[intent.owner] = nonce + 1;
        permit.tryPermit(collateral, intent.owner);

        if (intent.band == Positions.HIDDEN) _hide(intent.market, intent.owner, intent.commitment, sealed_);
        _stake(intent.market, door, intent.owner, intent.band, intent.amount, intent.opinion);
    }

    /* TELLING */

    /// @inheritdoc IOpinions
    function reveal(bytes32 hash, Door door, address owner, uint8 band, bytes32 salt) external {
        bytes32 market = _idOf(hash, door);
        require(block.timestamp >= door.closesAt(), Opinions_NotClosed(market, door.closesAt()));
        require(block.timestamp < door.revealsUntil(), Opinions_Closed(market, door.revealsUntil()));
        require(band < BANDS, Opinions_NoSuchBand(band));
        Book storage book = _books[market];
        require(
            book.commitments[owner] == keccak256(abi.encode(market, owner, band, salt)),
            Opinions_BadReveal(market, owner)
        );
        PositionWord position = book.positions[owner];
        // Told before: else whoever is quicker with one of them makes all that are told together fail.
        if (!position.isHidden()) return;

        book.positions[owner] = _seat(market, book, band, position.amount());

        emit Revealed(market, owner, band);
    }

    /* INSIDE */

    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("Sooth Opinions", "1");
    }

    function _checkTerms(OpinionMarket calldata terms) private view {
        require(terms.creator != address(0), Opinions_BadTerms("creator"));
        require(terms.feeBps <= 1_000, Opinions_BadTerms("feeBps"));
        require(terms.prizeBps <= 5_000, Opinions_BadTerms("prizeBps"));
        require(terms.prizes != 0 && terms.prizes <= 16, Opinions_BadTerms("prizes"));
        require(terms.minConfidence <= 10_000, Opinions_BadTerms("minConfidence"));
        require(
            terms.leastStake >= LEAST_STAKE && terms.leastStake <= terms.quietMost && terms.quietMost <= terms.mostStake
                && terms.mostStake <= MOST_STAKE,
            Opinions_BadTerms("stakes")
        );
        uint256 open = terms.closesAt > block.timestamp ? terms.closesAt - block.timestamp : 0;
        require(open >= LEAST_SECONDS && open <= MOST_SECONDS, Opinions_BadTerms("closesAt"));
        require(terms.quietSeconds <= open, Opinions_BadTerms("quietSeconds"));
        // Who is not told in time loses his stake: there must be time for anybody to tell him.
        uint256 reveal_ = terms.revealSeconds;
        require(
            reveal_ == 0 || (reveal_ >= LEAST_REVEAL && reveal_ <= SCORE_TIME / 2), Opinions_BadTerms("revealSeconds")
        );
    }

    /// @dev The answer must be a score that nobody can know while stakes and stances may still change.
    function _checkQuestion(OpinionMarket calldata terms, Question calldata question) private view {
        require(oracle.idOf(question) == terms.question, Opinions_BadTerms("question"));
        require(oracle.wordOf(terms.question).state() == AnswerWords.OPEN, Opinions_BadTerms("status"));
        require(
            question.aggregation == Aggregation.Median && question.min == 0 && question.max == MAX_ANSWER,
            Opinions_BadTerms("kind")
        );
        require(
            question.opensAt >= uint256(terms.closesAt) + terms.revealSeconds && !question.endsEarly,
            Opinions_BadTerms("opensAt")
        );
        // One that opens later could expire before anybody may answer.
        require(question.opensAt <= terms.closesAt + SCORE_TIME / 2, Opinions_BadTerms("opensAt"));
    }

    function _stake(bytes32 market, Door door, address owner, uint8 band, uint256 amount, bytes32 opinion) private {
        require(block.timestamp < door.closesAt(), Opinions_Closed(market, door.closesAt()));
        require((band == Positions.HIDDEN) == door.isHidden(), Opinions_WrongStance(market));
        uint256 most = door.mostAt(block.timestamp);
        require(
            amount >= door.least() && amount <= most && amount != 0,
            Opinions_StakeOutOfBounds(amount, door.least(), most)
        );
        Book storage book = _books[market];
        require(!book.positions[owner].exists(), Opinions_AlreadyStaked(market, owner));

        if (band == Positions.HIDDEN) {
            // Else nobody could ever tell the stance, and its stake would be everybody else's.
            require(book.commitments[owner] != 0, Opinions_WrongStance(market));
            uint256 hidden = book.hidden + amount;
            require(hidden <= BookWords.MAX_BAND, Opinions_BandFull(market, band));
            book.hidden = hidden;
            book.positions[owner] = Positions.position(band, 0, amount);
        } else {
            require(band < BANDS, Opinions_NoSuchBand(band));
            book.positions[owner] = _seat(market, book, band, amount);
        }

        emit Staked(market, owner, band, uint48(amount), opinion);

        collateral.safeTransferFrom(owner, address(this), amount);
    }

    function _hide(bytes32 market, address owner, bytes32 commitment, bytes calldata sealed_) private {
        // Of who staked already {_stake} says so; here it must not be replaced.
        require(!_books[market].positions[owner].exists(), Opinions_AlreadyStaked(market, owner));

        _books[market].commitments[owner] = commitment;

        emit Hidden(market, owner, commitment, sealed_);
    }

    function _seat(bytes32 market, Book storage book, uint256 band, uint256 amount) private returns (PositionWord) {
        uint256 start = book.add(band, amount);
        require(start + amount <= BookWords.MAX_BAND, Opinions_BandFull(market, band));
        return Positions.position(band, start, amount);
    }
}
