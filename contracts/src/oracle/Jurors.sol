// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IStakeManager} from "./IStakeManager.sol";
import {Seats} from "./Seats.sol";
import {SignerSets} from "./SignerSet.sol";

/// @dev Who may be drawn for juries. Stake must have stood a while before it counts.
abstract contract Jurors is Seats {
    uint256 internal constant MAX_JURORS = 256;

    uint40 public immutable SEASONING_SECONDS;

    struct Snapshot {
        address blob;
        uint40 takenAt;
    }

    address[] private _jurors;
    uint32 private _jurorEpoch;
    uint40 private _takeableAt;
    mapping(uint32 jurorEpoch => Snapshot) private _snapshots;

    constructor(StakeLimits memory limits) {
        SEASONING_SECONDS = limits.seasoningSeconds;
    }

    /* JURORS */

    /// @inheritdoc IStakeManager
    function setJuror(bool willing) external {
        Record storage record = _activeRecord();
        if (willing == (record.jurorSince != 0)) return;
        if (willing) {
            require(_jurors.length < MAX_JURORS, StakeManager_Full(MAX_JURORS));
            _jurors.push(msg.sender);
            _enrol(record, uint16(_jurors.length));
        } else {
            _dropJuror(record);
        }
    }

    /// @inheritdoc IStakeManager
    function claimJurorPlace(address displaced) external {
        Record storage record = _activeRecord();
        Record storage other = _records[displaced];
        uint16 place = other.jurorPlace;
        require(
            _jurors.length == MAX_JURORS && place != 0 && record.jurorPlace == 0 && record.stake > other.stake
                && _isLeast(other.stake),
            StakeManager_Full(MAX_JURORS)
        );

        _jurors[place - 1] = msg.sender;
        (other.jurorSince, other.jurorPlace) = (0, 0);
        emit JurorSet(displaced, false);
        _enrol(record, place);
    }

    /// @inheritdoc IStakeManager
    function takeJurors() external returns (uint32 jurorEpoch) {
        jurorEpoch = _jurorEpoch;
        require(block.timestamp >= _takeableAt, StakeManager_EpochTooYoung(jurorEpoch, _takeableAt));

        (uint256 total, uint256[] memory seats) = _nextJurors();
        address blob = SignerSets.write(total, seats);
        _snapshots[++jurorEpoch] = Snapshot({blob: blob, takenAt: uint40(block.timestamp)});
        (_jurorEpoch, _takeableAt) = (jurorEpoch, uint40(block.timestamp) + EPOCH_SECONDS);

        emit JurorsTaken(jurorEpoch, total, seats);
    }

    /* VIEWS */

    /// @inheritdoc IStakeManager
    function jurorSet() external view returns (address blob, uint32 jurorEpoch, uint40 takenAt) {
        jurorEpoch = _jurorEpoch;
        Snapshot memory last = _snapshots[jurorEpoch];
        return (last.blob, jurorEpoch, last.takenAt);
    }

    /// @inheritdoc IStakeManager
    function jurorSetOf(uint32 jurorEpoch) external view returns (address blob, uint40 takenAt) {
        Snapshot memory snapshot = _snapshots[jurorEpoch];
        return (snapshot.blob, snapshot.takenAt);
    }

    /* INSIDE */

    function _enrol(Record storage record, uint16 place) private {
        (record.jurorSince, record.jurorPlace, record.youngStake) = (uint40(block.timestamp), place, 0);
        emit JurorSet(msg.sender, true);
    }

    /// @dev Of the owner of `record`, if he is one. The last in the list takes the place that falls free.
    function _dropJuror(Record storage record) internal {
        uint16 place = record.jurorPlace;
        if (place == 0) return;
        address owner = _jurors[place - 1];
        address last = _jurors[_jurors.length - 1];
        _jurors[place - 1] = last;
        _records[last].jurorPlace = place;
        _jurors.pop();
        (record.jurorSince, record.jurorPlace) = (0, 0);
        emit JurorSet(owner, false);
    }

    /// @dev Whether no juror has staked less. Were anybody displaced by anybody larger, one stake could send away all
    ///      below it, one after the other, and leave their places to small ones that had seasoned. Reads 256 stakes.
    function _isLeast(uint96 stake) private view returns (bool) {
        uint256 count = _jurors.length;
        for (uint256 i; i < count; ++i) {
            if (_records[_jurors[i]].stake < stake) return false;
        }
        return true;
    }

    /// @dev A new snapshot may be taken at once.
    function _staleJurors() internal {
        _takeableAt = 0;
    }

    /// @dev What a juror adds to his stake seasons on its own, all of it anew with each addition.
    function _season(Record storage record, uint96 amount) internal {
        if (record.jurorPlace == 0) return;
        (record.youngStake, record.youngSince) = (_youngOf(record) + amount, uint40(block.timestamp));
    }

    function _youngOf(Record storage record) private view returns (uint96) {
        return block.timestamp < record.youngSince + SEASONING_SECONDS ? record.youngStake : 0;
    }

    /// @dev Reads 256 jurors, no more.
    function _nextJurors() private view returns (uint256 total, uint256[] memory seats) {
        uint256 count = _jurors.length;
        seats = new uint256[](count);
        uint256 n;
        for (uint256 i; i < count; ++i) {
            Record storage record = _records[_jurors[i]];
            (uint96 stake, uint96 young) = (record.stake, _youngOf(record));
            bool seasoned = block.timestamp >= record.jurorSince + SEASONING_SECONDS;
            if (!seasoned || stake < MIN_STAKE || stake <= young || record.suspendedUntil > block.timestamp) continue;
            seats[n++] = uint256(uint160(record.signer)) << 96 | (stake - young);
            total += stake - young;
        }
        assembly ("memory-safe") {
            mstore(seats, n)
        }
    }
}
