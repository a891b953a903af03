// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EIP712} from "solady/utils/EIP712.sol";
import {Multicallable} from "solady/utils/Multicallable.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {AnswerWord, AnswerWords} from "../oracle/AnswerWord.sol";
import {Aggregation, IOracle, Question, Status} from "../oracle/IOracle.sol";
import {IPositions} from "../oracle/security/IPositions.sol";
import {IMarkets, Market, Permit, Position, StakeIntent} from "./IMarkets.sol";
import {Permits} from "../lib/Permits.sol";
import {PoolWords, Pools} from "./Pools.sol";
import {Signatures} from "../lib/Signatures.sol";
import {ParimutuelRule} from "./rules/ParimutuelRule.sol";

interface IOracleCollateral {
    function collateral() external view returns (address);
}

/// @dev What it promises and assumes stands at {IMarkets}.
contract Markets is IMarkets, EIP712, Multicallable {
    using SafeTransferLib for address;
    using Permits for Permit;
    using PoolWords for Pools;
    using PoolWords for uint256;

    /// @dev How a market ended.
    struct Settlement {
        bool void; // every stake goes back
        uint8 winner;
        uint256 won; // staked on the winner
        uint256 lost; // staked on all others
    }

    /// @dev A struct, so that one place in storage is worked out once.
    struct Staking {
        uint256 amount;
    }

    uint16 private constant MAX_FEE_BPS = 1_000;
    bytes32 private constant INTENT_TYPEHASH = keccak256(
        "StakeIntent(bytes32 market,uint8 outcome,uint72 amount,address owner,uint256 nonce,uint40 deadline)"
    );

    IOracle public immutable oracle;
    address public immutable collateral;
    uint72 public immutable MIN_STAKE;

    mapping(bytes32 market => Pools) private _pools;
    mapping(bytes32 market => mapping(uint8 outcome => mapping(address owner => Staking))) private _positions;
    mapping(address owner => uint256) private _nonces;

    constructor(address oracle_, uint72 minStake) {
        oracle = IOracle(oracle_);
        collateral = IOracleCollateral(oracle_).collateral();
        MIN_STAKE = minStake;
    }

    /* OPENING */

    /// @inheritdoc IMarkets
    function open(Market calldata terms, Question calldata question) external returns (bytes32 market) {
        _checkTerms(terms, question);
        market = idOf(terms);
        require(_pools[market].words[0] == 0, Markets_AlreadyOpen(market));

        _pools[market].words[0] = PoolWords.firstWord(terms.closesAt, terms.outcomes);

        emit Opened(market, terms.question, terms);
    }

    /* STAKING */

    /// @inheritdoc IMarkets
    function stake(bytes32 market, uint8 outcome, uint72 amount) external {
        _stake(market, outcome, amount, msg.sender);
    }

    /// @inheritdoc IMarkets
    function stakeBySig(StakeIntent calldata intent, bytes calldata signature, Permit calldata permit) external {
        require(block.timestamp <= intent.deadline, Markets_IntentExpired(intent.deadline));
        uint256 nonce = _nonces[intent.owner];
        require(intent.nonce == nonce, Markets_BadNonce(intent.owner, nonce, intent.nonce));
        bytes32 digest = _hashTypedData(keccak256(abi.encode(INTENT_TYPEHASH, intent)));
        require(Signatures.hasSigned(intent.owner, digest, signature), Markets_BadSignature(intent.owner));

        _nonces[intent.owner] = nonce + 1;
        permit.tryPermit(collateral, intent.owner);

        _stake(intent.market, intent.outcome, intent.amount, intent.owner);
    }

    /* CLAIMING */

    /// @inheritdoc IMarkets
    function claim(Market calldata terms, uint8 outcome, address owner) external returns (uint72 paid) {
        bytes32 market = idOf(terms);
        Settlement memory settled = _settle(market, terms);
        Staking storage position = _positions[market][outcome][owner];
        require(position.amount != 0, Markets_NothingToClaim(market, owner, outcome));
        require(settled.void || outcome == settled.winner, Markets_Lost(market, outcome, settled.winner));

        paid = _pay(market, terms.feeBps, settled, outcome, owner, position);
    }

    /// @inheritdoc IMarkets
    function claimMany(Market calldata terms, Position[] calldata positions) external returns (uint256 paid) {
        bytes32 market = idOf(terms);
        Settlement memory settled = _settle(market, terms);
        for (uint256 i; i < positions.length; ++i) {
            (address owner, uint8 outcome) = (positions[i].owner, positions[i].outcome);
            if (!settled.void && outcome != settled.winner) continue;
            Staking storage position = _positions[market][outcome][owner];
            if (position.amount != 0) paid += _pay(market, terms.feeBps, settled, outcome, owner, position);
        }
    }

    /// @inheritdoc IMarkets
    function collectFee(Market calldata terms) external returns (uint72 fee) {
        bytes32 market = idOf(terms);
        Settlement memory settled = _settle(market, terms);
        uint256 first = _pools[market].words[0];
        if (!settled.void) fee = uint72(ParimutuelRule.fee(settled.lost, terms.feeBps));
        require(fee != 0 && !first.feeCollected(), Markets_NoFee(market));

        _pools[market].words[0] = first.withFeeCollected();

        emit FeeCollected(market, terms.creator, fee);

        collateral.safeTransfer(terms.creator, fee);
    }

    /* VIEWS */

    /// @inheritdoc IMarkets
    function idOf(Market calldata terms) public pure returns (bytes32 market) {
        int96[] calldata cuts = terms.cuts;
        // keccak256(abi.encode(terms)) without decoding first. Terms that abi.encode would refuse (a field with dirty
        // high bits) have an id too, but nobody can open them: `open` logs, and so decodes, every field.
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, 0x20) // where the struct starts
            calldatacopy(add(free, 0x20), terms, 0xa0) // five plain fields
            mstore(add(free, 0xc0), 0xc0) // where, within the struct, the cuts start
            mstore(add(free, 0xe0), cuts.length)
            calldatacopy(add(free, 0x100), cuts.offset, shl(5, cuts.length))
            market := keccak256(free, add(0x100, shl(5, cuts.length)))
        }
    }

    /// @inheritdoc IMarkets
    function poolOf(bytes32 market, uint8 outcome) external view returns (uint72) {
        return outcome < _pools[market].words[0].outcomes() ? _pools[market].poolOf(outcome) : 0;
    }

    /// @inheritdoc IMarkets
    function positionOf(bytes32 market, uint8 outcome, address owner) external view returns (uint72) {
        return uint72(_positions[market][outcome][owner].amount);
    }

    /// @inheritdoc IPositions
    function holdsPosition(bytes32 question, address who, bytes calldata where) external view returns (bool) {
        (Market memory terms, uint8 outcome) = abi.decode(where, (Market, uint8));
        // A market IS the hash of its terms; of terms that nobody opened there are no stakes.
        return terms.question == question && _positions[keccak256(abi.encode(terms))][outcome][who].amount != 0;
    }

    /// @inheritdoc IMarkets
    function nonceOf(address owner) external view returns (uint256) {
        return _nonces[owner];
    }

    /* INSIDE */

    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("Sooth Markets", "1");
    }

    function _checkTerms(Market calldata terms, Question calldata question) private view {
        require(oracle.idOf(question) == terms.question, Markets_BadTerms("question"));
        AnswerWord word = oracle.wordOf(terms.question);
        require(word.state() == AnswerWords.OPEN && block.timestamp <= word.deadline(), Markets_BadTerms("status"));
        // The answer would be known while stakes are still taken.
        require(!question.endsEarly, Markets_BadTerms("endsEarly"));
        require(terms.creator != address(0), Markets_BadTerms("creator"));
        require(
            terms.closesAt > block.timestamp && terms.closesAt <= question.opensAt
                && terms.closesAt <= type(uint32).max,
            Markets_BadTerms("closesAt")
        );
        require(terms.feeBps <= MAX_FEE_BPS, Markets_BadTerms("feeBps"));
        require(terms.outcomes >= 2 && terms.outcomes <= PoolWords.MAX_OUTCOMES, Markets_BadTerms("outcomes"));
        if (terms.cuts.length == 0) _checkCategories(terms, question);
        else _checkCuts(terms, question);
    }

    /// @dev The answer is the number of the outcome.
    function _checkCategories(Market calldata terms, Question calldata question) private pure {
        require(question.aggregation == Aggregation.Plurality, Markets_BadTerms("aggregation"));
        require(question.min == 0 && question.max == int96(uint96(terms.outcomes)) - 1, Markets_BadTerms("bounds"));
    }

    /// @dev The answer is a number; cuts part its range so that no outcome is out of reach.
    function _checkCuts(Market calldata terms, Question calldata question) private pure {
        require(question.aggregation == Aggregation.Median, Markets_BadTerms("aggregation"));
        require(terms.outcomes == terms.cuts.length + 1, Markets_BadTerms("outcomes"));
        int96 last = question.min;
        for (uint256 i; i < terms.cuts.length; ++i) {
            int96 cut = terms.cuts[i];
            require(cut > last && cut <= question.max, Markets_BadTerms("cuts"));
            last = cut;
        }
    }

    function _stake(bytes32 market, uint8 outcome, uint72 amount, address owner) private {
        Pools storage pools = _pools[market];
        uint256 first = pools.words[0];
        require(first != 0, Markets_Unknown(market));
        require(block.timestamp < first.closesAt(), Markets_Closed(market, first.closesAt()));
        require(outcome < first.outcomes(), Markets_NoSuchOutcome(market, outcome));
        require(amount != 0 && amount >= MIN_STAKE, Markets_StakeTooSmall(amount, MIN_STAKE));
        require(uint256(pools.poolOf(outcome)) + amount <= PoolWords.MAX_POOL, Markets_PoolFull(market, outcome));

        pools.add(outcome, amount);
        _positions[market][outcome][owner].amount += amount;

        emit Staked(market, owner, outcome, amount);

        collateral.safeTransferFrom(owner, address(this), amount);
    }

    /// @dev Reverts until the oracle's answer can no longer change. The first caller writes the result down for those
    ///      who follow; it is a function of the final answer and the closed pools, so it matters not who that is.
    function _settle(bytes32 market, Market calldata terms) private returns (Settlement memory settled) {
        Pools storage pools = _pools[market];
        uint256 first = pools.words[0];
        require(first != 0, Markets_Unknown(market));
        if (first.isSettled()) {
            settled.void = first.isVoid();
            settled.winner = first.winner();
            if (!settled.void) (settled.won, settled.lost) = pools.split(first, settled.winner);
            return settled;
        }
        (Status status, int96 answer,,) = oracle.get(terms.question);
        require(status == Status.Final || status == Status.Invalid, Markets_NotSettled(market));
        if (status == Status.Final) {
            settled.winner = _outcomeOf(terms.cuts, answer);
            (settled.won, settled.lost) = pools.split(first, settled.winner);
        }
        settled.void = settled.won == 0;

        pools.words[0] = first.withResult(settled.winner, settled.void);
    }

    function _outcomeOf(int96[] calldata cuts, int96 answer) private pure returns (uint8 outcome) {
        if (cuts.length == 0) return uint8(uint96(answer));
        while (outcome < cuts.length && cuts[outcome] <= answer) ++outcome;
    }

    function _pay(
        bytes32 market,
        uint16 feeBps,
        Settlement memory settled,
        uint8 outcome,
        address owner,
        Staking storage position
    ) private returns (uint72 paid) {
        uint256 staked = position.amount;
        // No pool exceeds MAX_POOL, so neither sum nor pay-out exceeds 72 bits.
        paid = uint72(settled.void ? staked : ParimutuelRule.payOut(staked, settled.won, settled.lost, feeBps));

        position.amount = 0;

        emit Claimed(market, owner, outcome, uint72(staked), paid);

        collateral.safeTransfer(owner, paid);
    }
}
