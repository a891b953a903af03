// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IStakeManager} from "./IStakeManager.sol";
import {Scale} from "./Scale.sol";
import {SignerSet, SignerSets} from "./SignerSet.sol";
import {Stakes} from "./Stakes.sol";

/// @dev The 32 places of each domain, and the signer sets that epochs make of them.
abstract contract Seats is Stakes {
    using SignerSets for SignerSet;

    uint256 internal constant DOMAINS = 16;

    uint40 public immutable EPOCH_SECONDS;
    uint16 public immutable START_FACTOR_BPS;
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
    mapping(uint8 domain => mapping(address owner => Standing)) internal _standings;

    constructor(StakeLimits memory limits) {
        require(limits.startFactorBps <= 10_000, StakeManager_BadLimits("startFactorBps"));
        EPOCH_SECONDS = limits.epochSeconds;
        START_FACTOR_BPS = limits.startFactorBps;
    }

    /* EPOCHS */

    /// @inheritdoc IStakeManager
    function advanceEpoch(uint8 domain) external returns (uint32 epoch) {
        Current memory current = _current[domain];
        uint40 endsAt = _endsAt(domain, current.epoch);
        require(block.timestamp >= endsAt, StakeManager_EpochTooYoung(current.epoch, endsAt));

        (uint256 total, uint256[] memory seats) = _nextSeats(domain);
        // The old set is compared as a whole: an epoch that changes nothing would only make signatures stale.
        require(_differs(current.blob, total, seats), StakeManager_Unchanged(current.epoch));
        return _seat(domain, current, total, seats);
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
                record.stake > least && !_isIn(roster, msg.sender), StakeManager_SeatNotBeaten(domain, displaced, least)
            );
            roster[place] = msg.sender;
            emit Benched(domain, displaced);
        } else {
            require(
                displaced == address(0) && !_isIn(roster, msg.sender), StakeManager_SeatNotBeaten(domain, displaced, 0)
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
        if (standing.epoch == 0) standing.factorBps = START_FACTOR_BPS;
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
            uint256 count = roster.length;
            for (uint256 i; i < count; ++i) {
                if (roster[i] != owner) continue;
                roster[i] = roster[count - 1];
                roster.pop();
                emit Benched(domain, owner);
                break;
            }
        }
    }

    /// @dev Refuses whom a current set still seats, or whose last seat ended less than UNBONDING_SECONDS ago: until then he
    ///      could sign. `leftAt`: since when no roster holds him.
    function _requireUnseated(address owner, uint16 served, uint40 leftAt) internal view {
        for (uint8 domain; served != 0; (served >>= 1, ++domain)) {
            if (served & 1 == 0) continue;
            uint32 last = _epochOf(domain, leftAt);
            if (last == _current[domain].epoch) {
                require(!_isSeated(_current[domain].blob, owner), StakeManager_StillSeated(owner, domain, last));
                continue;
            }
            uint40 bondedUntil = _epochs[domain][last + 1].startedAt + UNBONDING_SECONDS;
            if (block.timestamp >= bondedUntil) continue;
            require(!_isSeated(_epochs[domain][last].blob, owner), StakeManager_StillBonded(owner, bondedUntil));
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

    function _seat(uint8 domain, Current memory current, uint256 total, uint256[] memory seats)
        private
        returns (uint32 epoch)
    {
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

    function _isIn(address[] storage roster, address owner) private view returns (bool) {
        uint256 count = roster.length;
        for (uint256 i; i < count; ++i) {
            if (roster[i] == owner) return true;
        }
        return false;
    }

    function _isSeated(address blob, address owner) private view returns (bool) {
        SignerSet memory set = SignerSets.read(blob);
        for (uint256 seat; seat < set.count; ++seat) {
            (address signer,) = set.seatAt(seat);
            if (_ownerOf[signer] == owner) return true;
        }
        return false;
    }

    /// @dev Builds anew, however young the epoch is, every set that seats him. He must be on no roster any more.
    function _unseatNow(address owner, uint16 served) internal {
        for (uint8 domain; served != 0; (served >>= 1, ++domain)) {
            if (served & 1 == 0) continue;
            Current memory current = _current[domain];
            if (!_isSeated(current.blob, owner)) continue;
            (uint256 total, uint256[] memory seats) = _nextSeats(domain);
            _seat(domain, current, total, seats);
        }
    }

    /// @dev Those of the roster who may sit in an epoch that starts now. Reads 32 providers, no more.
    function _nextSeats(uint8 domain) private view returns (uint256 total, uint256[] memory seats) {
        address[] memory roster = _rosters[domain];
        uint256 n = roster.length;
        uint256[] memory stakes = new uint256[](n);
        uint256[] memory factors = new uint256[](n);
        uint256[] memory clusters = new uint256[](n);
        uint256[] memory families = new uint256[](_witnesses == 0 ? 0 : n);
        seats = new uint256[](n);
        bool trustedOnly = policy.isTrustedOnly(domain);
        n = 0;
        for (uint256 i; i < roster.length; ++i) {
            Record storage record = _records[roster[i]];
            Standing memory standing = _standings[domain][roster[i]];
            uint96 stake = record.stake;
            if (stake < MIN_STAKE || standing.suspendedUntil > block.timestamp) continue;
            if (trustedOnly && !policy.isTrusted(domain, roster[i])) continue;
            stakes[n] = stake;
            factors[n] = standing.epoch == 0 ? START_FACTOR_BPS : standing.factorBps;
            clusters[n] = standing.cluster;
            if (families.length != 0) families[n] = record.family;
            seats[n++] = uint256(uint160(record.signer)) << 96;
        }
        assembly ("memory-safe") {
            mstore(stakes, n)
            mstore(factors, n)
            mstore(clusters, n)
            if mload(families) { mstore(families, n) }
            mstore(seats, n)
        }
        uint256[] memory weights;
        (weights, total) = _scale.weigh(stakes, factors, clusters, families);
        for (uint256 i; i < n; ++i) {
            seats[i] |= weights[i];
        }
    }

    function _differs(address blob, uint256 total, uint256[] memory seats) private view returns (bool) {
        SignerSet memory set = SignerSets.read(blob);
        if (set.count != seats.length || set.totalWeight() != total) return true;
        for (uint256 seat; seat < set.count; ++seat) {
            (address signer, uint96 weight) = set.seatAt(seat);
            if (uint256(uint160(signer)) << 96 | weight != seats[seat]) return true;
        }
        return false;
    }
}
