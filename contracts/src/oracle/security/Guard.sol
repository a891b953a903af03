// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IOracle, Question, Status} from "../IOracle.sol";
import {IStakeManager} from "../IStakeManager.sol";
import {IGuard} from "./IGuard.sol";
import {IPolicy} from "./IPolicy.sol";
import {IWiring} from "./IWiring.sol";

/// @dev What it promises stands at {IGuard}.
contract Guard is IGuard {
    uint40 public constant MOST_PAUSE = 72 hours;
    uint40 public constant COOL_DOWN = 72 hours;
    uint40 public constant TRIP_SECONDS = 24 hours;
    uint8 private constant DOMAINS = 16;
    uint256 private constant SCALE = 10_000;
    uint256 private constant DAYS = 30; // of the average
    uint256 private constant SURGE = 3;
    uint256 private constant MOST_QUESTIONS = 256; // in one call

    IWiring public immutable wiring;
    IPolicy public immutable policy;

    struct Pause {
        uint40 from;
        uint40 until;
        uint40 before; // seconds of all pauses before it
    }

    /// @dev One slot. `most` disputes were open at once on `day`; `mean` is of the days before it.
    struct Disputes {
        uint32 day;
        uint32 most;
        uint128 mean;
        uint40 trippedUntil;
    }

    Pause[] private _pauses;
    Disputes private _disputes;

    constructor(address wiring_, address policy_) {
        wiring = IWiring(wiring_);
        policy = IPolicy(policy_);
    }

    /* PAUSE */

    /// @inheritdoc IGuard
    function pause(uint40 seconds_) external {
        require(msg.sender == policy.guardian(), Guard_NotGuardian(msg.sender));
        require(seconds_ <= MOST_PAUSE, Guard_TooLong(seconds_, MOST_PAUSE));
        uint40 now_ = uint40(block.timestamp);
        uint40 before;
        uint256 count = _pauses.length;
        if (count != 0) {
            Pause memory last = _pauses[count - 1];
            require(now_ >= last.until + COOL_DOWN, Guard_TooSoon(last.until + COOL_DOWN));
            before = last.before + (last.until - last.from);
        }

        _pauses.push(Pause({from: now_, until: now_ + seconds_, before: before}));

        emit Paused(uint32(count + 1), msg.sender, now_ + seconds_);

        IStakeManager stakes = IStakeManager(wiring.stakeManager());
        for (uint8 domain; domain < DOMAINS; ++domain) {
            stakes.pause(domain, now_ + seconds_);
        }
    }

    /// @inheritdoc IGuard
    function lastPause() external view returns (uint32 number, uint40 until) {
        uint256 count = _pauses.length;
        if (count != 0) (number, until) = (uint32(count), _pauses[count - 1].until);
    }

    /// @inheritdoc IGuard
    function clock() external view returns (uint40) {
        return clockAt(uint40(block.timestamp));
    }

    /// @inheritdoc IGuard
    function clockAt(uint40 unixSeconds) public view returns (uint40) {
        // The last pause that began before; halving, because pauses are kept for ever.
        uint256 low;
        uint256 high = _pauses.length;
        if (high != 0 && _pauses[high - 1].from <= unixSeconds) low = high;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (_pauses[middle].from <= unixSeconds) low = middle + 1;
            else high = middle;
        }
        if (low == 0) return unixSeconds;
        Pause memory last = _pauses[low - 1];
        uint40 ended = unixSeconds < last.until ? unixSeconds : last.until;
        return unixSeconds - last.before - (ended - last.from);
    }

    /* BREAKERS */

    /// @inheritdoc IGuard
    function tripValue(Question[] calldata questions, uint40 from) external {
        require(questions.length <= MOST_QUESTIONS, Guard_BadEvidence(0, "length"));
        IOracle oracle = IOracle(wiring.oracle());
        uint256 value;
        bytes32 before;
        for (uint256 i; i < questions.length; ++i) {
            bytes32 question = oracle.idOf(questions[i]);
            (Status status,, uint40 at,) = oracle.get(question);
            require(question > before, Guard_BadEvidence(question, "order"));
            require(status == Status.Answered, Guard_BadEvidence(question, "status"));
            require(at >= from && at < from + 1 hours, Guard_BadEvidence(question, "hour"));
            value += questions[i].secures;
            before = question;
        }
        uint256 limit = policy.valueLimit();
        require(value > limit, Guard_NotTripped(value, limit));
        _trip("value", value, limit);
    }

    /// @inheritdoc IGuard
    function tripDisputes(bytes32[] calldata questions) external {
        uint256 mean = _count(questions);
        uint256 floor = policy.surgeFloor();
        uint256 limit = SURGE * mean / SCALE;
        if (limit < floor) limit = floor - 1;
        require(questions.length > limit, Guard_NotTripped(questions.length, limit));
        _trip("disputes", questions.length, limit);
    }

    /// @inheritdoc IGuard
    function countDisputes(bytes32[] calldata questions) external {
        _count(questions);
    }

    /// @inheritdoc IGuard
    function windowFactor() external view returns (uint8) {
        return block.timestamp < _disputes.trippedUntil ? 2 : 1;
    }

    /// @inheritdoc IGuard
    function meanDisputes() external view returns (uint256) {
        return _meanNow(_disputes, uint32(block.timestamp / 1 days));
    }

    /* INSIDE */

    function _trip(string memory why, uint256 found, uint256 limit) private {
        uint40 until = uint40(block.timestamp) + TRIP_SECONDS;
        _disputes.trippedUntil = until;
        emit Tripped(why, found, limit, until);
        IStakeManager(wiring.stakeManager()).slow(until);
    }

    /// @dev Checks that these are disputed now, and counts them for today.
    function _count(bytes32[] calldata questions) private returns (uint256 mean) {
        require(questions.length <= MOST_QUESTIONS, Guard_BadEvidence(0, "length"));
        IOracle oracle = IOracle(wiring.oracle());
        bytes32 before;
        for (uint256 i; i < questions.length; ++i) {
            (Status status,,,) = oracle.get(questions[i]);
            require(questions[i] > before, Guard_BadEvidence(questions[i], "order"));
            require(status == Status.Disputed, Guard_BadEvidence(questions[i], "status"));
            before = questions[i];
        }
        Disputes memory known = _disputes;
        uint32 today = uint32(block.timestamp / 1 days);
        mean = _meanNow(known, today);
        if (today != known.day) (known.day, known.most) = (today, 0);
        if (questions.length > known.most) known.most = uint32(questions.length);
        known.mean = uint128(mean);
        _disputes = known;
    }

    /// @dev The average of the days before today: each day weighs a thirtieth, days without a count nothing. Rounds down.
    function _meanNow(Disputes memory known, uint32 today) private pure returns (uint256 mean) {
        mean = known.mean;
        if (today == known.day) return mean;
        mean = (mean * (DAYS - 1) + known.most * SCALE) / DAYS;
        uint256 empty = today - known.day - 1;
        if (empty > 1_000) return 0;
        for (uint256 i; i < empty; ++i) {
            mean = mean * (DAYS - 1) / DAYS;
        }
    }
}
