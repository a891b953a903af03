// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IStakeManager} from "./IStakeManager.sol";
import {ReputationRule} from "./rules/ReputationRule.sol";
import {Scale, Staked} from "./Scale.sol";
import {SignerSet, SignerSets} from "./SignerSet.sol";
import {Stakes} from "./Stakes.sol";

/// @dev The 32 places of each domain, and the signer sets that epochs make of them.
abstract contract Seats is Stakes {
    using SignerSets for SignerSet;

    uint256 internal constant DOMAINS = 16;

    /// @dev Where the fields of a {Standing} lie in its slot; `factorBps` in the lowest bits.
    uint256 private constant SUSPENDED_UNTIL = 40;
    uint256 private constant CLUSTER = 80;
    uint256 private constant STANDING_EPOCH = 112;

    uint40 public immutable EPOCH_SECONDS;
    uint16 public immutable START_FACTOR_BPS;
    /// @dev What counts of a stake without a record, once records count.
    uint16 private immutable NEWCOMER_FACTOR_BPS;
    Scale private immutable _scale = new Scale();

    /// @dev One slot: all that a report needs to find its signer set.
    struct Current {
        address blob;
        uint32 epoch;
        uint32 pausedUntil;
        uint32 slowUntil;
    }

    struct Epoch {
        address blob;
        uint40 startedAt;
    }

    mapping(uint8 domain => Current) internal _current;
    mapping(uint8 domain => mapping(uint32 epoch => Epoch)) private _epochs;
    /// @dev Owners that the next epoch seats, in seat order.
    mapping(uint8 domain => address[]) private _rosters;
    mapping(uint8 domain => mapping(address owner => Standing)) private _standings;
    /// @dev Unix seconds from which records count in a domain; 0 while it has none.
    mapping(uint8 domain => uint40) private _recordsCountFrom;

    /// @dev What holds for all who may sit in the next epoch of a domain.
    struct Rules {
        bool trustedOnly;
        bool withWitnesses;
        uint40 countFrom; // see _recordsCountFrom
        uint16 newcomerBps;
    }

    constructor(StakeLimits memory limits) {
        require(limits.startFactorBps <= 10_000, StakeManager_BadLimits("startFactorBps"));
        EPOCH_SECONDS = limits.epochSeconds;
        START_FACTOR_BPS = limits.startFactorBps;
        NEWCOMER_FACTOR_BPS = limits.startFactorBps < ReputationRule.LEAST_FACTOR_BPS
            ? limits.startFactorBps
            : uint16(ReputationRule.LEAST_FACTOR_BPS);
    }

    /* EPOCHS */

    /// @inheritdoc IStakeManager
    function advanceEpoch(uint8 domain) external returns (uint32 epoch) {
        Current memory current = _current[domain];
        uint40 endsAt = _endsAt(domain, current.epoch);
        require(block.timestamp >= endsAt, StakeManager_EpochTooYoung(current.epoch, endsAt));

        return _seat(domain, current);
    }

    /* SEATS */

    /// @inheritdoc IStakeManager
    function claimSeat(uint8 domain, address displaced) external {
        Record storage record = _activeRecord();
        require(domain < DOMAINS && record.kinds >> domain & 1 == 1, StakeManager_NotServed(msg.sender, domain));
        require(policy.maySit(domain, msg.sender), StakeManager_NotTrusted(domain, msg.sender));
        address[] storage roster = _rosters[domain];
        uint256 count = roster.length;
        if (count == SignerSets.MAX_SEATS) {
            uint256 place = _smallest(roster, displaced);
            uint96 least = _records[displaced].stake;
            // Who is seated himself is refused here as well: he would have to beat the smallest, and hold two places.
            require(
                record.stake > least && _placeOf(roster, msg.sender) == count,
                StakeManager_SeatNotBeaten(domain, displaced, least)
            );
            roster[place] = msg.sender;
            emit Benched(domain, displaced);
        } else {
            require(
                displaced == address(0) && _placeOf(roster, msg.sender) == count,
                StakeManager_SeatNotBeaten(domain, displaced, 0)
            );
            roster.push(msg.sender);
        }
        emit Seated(domain, msg.sender);
    }

    /* VIEWS */

    /// @inheritdoc IStakeManager
    function signerSet(uint8 domain) external view returns (address blob, uint32 epoch, uint40 pausedUntil) {
        Current memory current = _current[domain];
        return (current.blob, current.epoch, current.pausedUntil);
    }

    /// @inheritdoc IStakeManager
    function reportingSet(uint8 domain)
        external
        view
        returns (address blob, uint32 epoch, uint40 pausedUntil, uint40 slowUntil)
    {
        Current memory current = _current[domain];
        return (current.blob, current.epoch, current.pausedUntil, current.slowUntil);
    }

    /// @inheritdoc IStakeManager
    function signerSetOf(uint8 domain, uint32 epoch) external view returns (address blob) {
        return _epochs[domain][epoch].blob;
    }

    /// @inheritdoc IStakeManager
    function epochAt(uint8 domain, uint32 epoch) external view returns (uint40 startedAt) {
        return _epochs[domain][epoch].startedAt;
    }

    /// @inheritdoc IStakeManager
    function epochEndsAt(uint8 domain) external view returns (uint40) {
        return _endsAt(domain, _current[domain].epoch);
    }

    /// @inheritdoc IStakeManager
    function standingOf(uint8 domain, address owner) external view returns (Standing memory standing) {
        standing = _standings[domain][owner];
        if (standing.epoch == 0) standing.factorBps = _newcomerBps(_recordsCountFrom[domain]);
    }

    /// @inheritdoc IStakeManager
    function clusterOf(uint8 domain, address owner) external view returns (uint32) {
        return _standings[domain][owner].cluster;
    }

    /// @inheritdoc IStakeManager
    function rosterOf(uint8 domain) external view returns (address[] memory owners) {
        return _rosters[domain];
    }

    /* INSIDE */

    function _checkKinds(uint32 kinds) internal pure returns (uint16 domains, uint8 family) {
        require(kinds >> FAMILY_SHIFT + 8 == 0, StakeManager_UnknownDomain(kinds));
        return (uint16(kinds), uint8(kinds >> FAMILY_SHIFT));
    }

    /// @dev Takes effect in the next signer set of each domain.
    function _setFamily(Record storage record, uint8 family) internal {
        uint8 was = record.family;
        if (was == family) return;
        if (was == 0) ++_witnesses;
        if (family == 0) --_witnesses;
        record.family = family;
    }

    /// @dev A place in each of these domains that has one free and admits him; in the others he sits on the bench.
    function _takeFreeSeats(address owner, uint16 kinds) internal {
        for (uint8 domain; kinds != 0; (kinds >>= 1, ++domain)) {
            if (kinds & 1 == 0) continue;
            address[] storage roster = _rosters[domain];
            if (roster.length == SignerSets.MAX_SEATS || !policy.maySit(domain, owner)) continue;
            roster.push(owner);
            emit Seated(domain, owner);
        }
    }

    /// @dev The last one takes the place that falls free: seat order means nothing between epochs.
    function _loseSeats(address owner, uint16 kinds) internal {
        for (uint8 domain; kinds != 0; (kinds >>= 1, ++domain)) {
            if (kinds & 1 == 0) continue;
            address[] storage roster = _rosters[domain];
            (uint256 count, uint256 place) = (roster.length, _placeOf(roster, owner));
            if (place == count) continue;
            roster[place] = roster[count - 1];
            roster.pop();
            emit Benched(domain, owner);
        }
    }

    /// @dev Refuses whom a current set still seats, or whose last seat ended less than UNBONDING_SECONDS ago: until then he
    ///      could sign. `leftAt`: since when no roster holds him.
    function _requireUnseated(address owner, uint16 served, uint40 leftAt) internal view {
        address[] memory owners = new address[](1);
        owners[0] = owner;
        for (uint8 domain; served != 0; (served >>= 1, ++domain)) {
            if (served & 1 == 0) continue;
            uint32 last = _epochOf(domain, leftAt);
            bool isCurrent = last == _current[domain].epoch;
            uint40 bondedUntil = isCurrent ? 0 : _epochs[domain][last + 1].startedAt + UNBONDING_SECONDS;
            bool maySign = isCurrent || block.timestamp < bondedUntil;
            if (!maySign || !_seatsAny(_epochs[domain][last].blob, owners)) continue;
            require(!isCurrent, StakeManager_StillSeated(owner, domain, last));
            revert StakeManager_StillBonded(owner, bondedUntil);
        }
    }

    /// @dev The last epoch that had started at `at`; by halving, because epochs are kept for ever. 0: none had.
    function _epochOf(uint8 domain, uint40 at) private view returns (uint32 epoch) {
        uint32 high = _current[domain].epoch;
        while (epoch < high) {
            uint32 middle = (epoch + high + 1) / 2;
            if (_epochs[domain][middle].startedAt <= at) epoch = middle;
            else high = middle - 1;
        }
    }

    function _endsAt(uint8 domain, uint32 epoch) private view returns (uint40) {
        return epoch == 0 ? 0 : _epochs[domain][epoch].startedAt + EPOCH_SECONDS;
    }

    function _seat(uint8 domain, Current memory current) private returns (uint32 epoch) {
        (uint256 total, uint256[] memory seats) = _nextSeats(domain);
        // The old set is compared as a whole: an epoch that changes nothing would only make signatures stale.
        require(!SignerSets.isSame(current.blob, total, seats), StakeManager_Unchanged(current.epoch));
        epoch = current.epoch + 1;
        address blob = SignerSets.write(total, seats);

        _epochs[domain][epoch] = Epoch({blob: blob, startedAt: uint40(block.timestamp)});
        (current.blob, current.epoch) = (blob, epoch);
        _current[domain] = current;

        emit EpochAdvanced(domain, epoch, total, seats);
    }

    /// @dev Where `displaced` sits, if nobody in the roster has staked less. Reads 32 stakes, no more.
    function _smallest(address[] storage roster, address displaced) private view returns (uint256 place) {
        uint96 stake = _records[displaced].stake;
        place = SignerSets.MAX_SEATS;
        for (uint256 i; i < SignerSets.MAX_SEATS; ++i) {
            address owner = roster[i];
            if (owner == displaced) place = i;
            require(_records[owner].stake >= stake, StakeManager_Full(SignerSets.MAX_SEATS));
        }
        require(place != SignerSets.MAX_SEATS, StakeManager_Full(SignerSets.MAX_SEATS));
    }

    /// @dev One read a place. Whoever is banned is looked for in sixteen rosters, with fifteen others.
    /// @return place the roster's length when he is not in it
    function _placeOf(address[] storage roster, address owner) private view returns (uint256 place) {
        uint256 count = roster.length;
        assembly ("memory-safe") {
            mstore(0, roster.slot)
            let first := keccak256(0, 32)
            for {} lt(place, count) { place := add(place, 1) } {
                if eq(sload(add(first, place)), owner) { break }
            }
        }
    }

    function _seatsAny(address blob, address[] memory owners) private view returns (bool) {
        SignerSet memory set = SignerSets.read(blob);
        for (uint256 seat; seat < set.count; ++seat) {
            (address signer,) = set.seatAt(seat);
            address owner = _ownerOf[signer];
            for (uint256 i; i < owners.length; ++i) {
                if (owners[i] == owner) return true;
            }
        }
        return false;
    }

    /// @dev Builds anew, however young the epoch is, every set that seats one of them. They must be on no roster any more.
    function _unseatNow(address[] memory owners, uint16 served) internal {
        for (uint8 domain; served != 0; (served >>= 1, ++domain)) {
            if (served & 1 == 0) continue;
            Current memory current = _current[domain];
            if (!_seatsAny(current.blob, owners)) continue;
            _seat(domain, current);
        }
    }

    function _keepStanding(uint8 domain, address owner, Standing memory standing) internal {
        _standings[domain][owner] = standing;
        if (_recordsCountFrom[domain] == 0) _recordsCountFrom[domain] = uint40(block.timestamp) + EPOCH_SECONDS;
    }

    /// @dev Whoever has no record counts no more than the formula gives to him of whom it knows least, or it would pay to
    ///      begin anew. Only while records do not count all begin alike.
    function _newcomerBps(uint40 countFrom) private view returns (uint16) {
        return countFrom == 0 || block.timestamp < countFrom ? START_FACTOR_BPS : NEWCOMER_FACTOR_BPS;
    }

    /// @dev Those of the roster who may sit in an epoch that starts now. Reads 32 providers, no more.
    function _nextSeats(uint8 domain) private view returns (uint256 total, uint256[] memory seats) {
        address[] memory roster = _rosters[domain];
        seats = new uint256[](roster.length);
        uint256[] memory staked = new uint256[](roster.length);
        uint256 n;
        Rules memory rules = _rules(domain);
        for (uint256 i; i < roster.length; ++i) {
            (seats[n], staked[n]) = _seatOf(domain, roster[i], rules);
            if (staked[n] != 0) ++n;
        }
        assembly ("memory-safe") {
            mstore(seats, n)
            mstore(staked, n)
        }
        uint256[] memory weights;
        (weights, total) = _scale.weigh(staked);
        for (uint256 i; i < n; ++i) {
            seats[i] |= weights[i];
        }
    }

    function _rules(uint8 domain) private view returns (Rules memory rules) {
        rules.trustedOnly = policy.isTrustedOnly(domain);
        rules.withWitnesses = _witnesses != 0;
        rules.countFrom = _recordsCountFrom[domain];
        rules.newcomerBps = _newcomerBps(rules.countFrom);
    }

    /// @return seat his signer (160) | nothing yet (96)
    /// @return staked what his weight follows from, as {Staked} packs it; 0 when he may not sit
    function _seatOf(uint8 domain, address owner, Rules memory rules)
        private
        view
        returns (uint256 seat, uint256 staked)
    {
        Record storage record = _records[owner];
        (uint256 signer, uint256 stake) = (uint160(record.signer), record.stake);
        if (stake < MIN_STAKE || rules.trustedOnly && !policy.isTrusted(domain, owner)) return (0, 0);
        uint256 factor = rules.newcomerBps;
        uint256 cluster;
        // While a domain has no records there is nothing to read.
        if (rules.countFrom != 0) {
            Standing storage standing = _standings[domain][owner];
            uint256 word; // all of it: the compiler would read the slot for each field, or unpack every one
            assembly ("memory-safe") {
                word := sload(standing.slot)
            }
            if (uint40(word >> SUSPENDED_UNTIL) > block.timestamp) return (0, 0);
            if (uint32(word >> STANDING_EPOCH) != 0 && block.timestamp >= rules.countFrom) factor = uint16(word);
            cluster = uint32(word >> CLUSTER);
        }
        return (signer << 96, Staked.pack(stake, factor, cluster, rules.withWitnesses ? record.family : 0));
    }
}
