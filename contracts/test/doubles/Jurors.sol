// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IStakeManager} from "../../src/oracle/IStakeManager.sol";
import {SignerSets} from "../../src/oracle/SignerSet.sol";

/// @dev The stake manager as the ladder sees it, with jurors that a test names.
contract TestJurors {
    IStakeManager private immutable _stakes;
    uint40 public UNBONDING_SECONDS;
    address private _blob;
    uint32 private _epoch;

    constructor(IStakeManager stakes, uint40 unbonding) {
        _stakes = stakes;
        UNBONDING_SECONDS = unbonding;
    }

    address[] private _keys;

    function setJurors(address[] calldata keys) external {
        uint96[] memory weights = new uint96[](keys.length);
        for (uint256 i; i < keys.length; ++i) {
            weights[i] = 1;
        }
        _keys = keys;
        setWeights(weights);
    }

    /// @param weights one for each juror
    function setWeights(uint96[] memory weights) public {
        uint256[] memory seats = new uint256[](weights.length);
        uint256 total;
        for (uint256 i; i < weights.length; ++i) {
            seats[i] = uint256(uint160(_keys[i])) << 96 | weights[i];
            total += weights[i];
        }
        _blob = SignerSets.write(total, seats);
        ++_epoch;
    }

    function jurorSet() external view returns (address blob, uint32 jurorEpoch, uint40 takenAt) {
        return (_blob, _epoch, uint40(block.timestamp));
    }

    function signerSet(uint8 domain) external view returns (address blob, uint32 epoch, uint40 pausedUntil) {
        return _stakes.signerSet(domain);
    }

    function signerSetOf(uint8 domain, uint32 epoch) external view returns (address blob) {
        return _stakes.signerSetOf(domain, epoch);
    }

    function ownerOf(address signer) external view returns (address) {
        return _stakes.ownerOf(signer);
    }

    /// @dev Keys that nobody staked for are jurors here too, each its own owner.
    function earnerOf(address signer) external view returns (address) {
        return _stakes.ownerOf(signer) == address(0) ? signer : _stakes.earnerOf(signer);
    }

    function clusterOf(uint8 domain, address owner) external view returns (uint32) {
        return _stakes.clusterOf(domain, owner);
    }

    function isBanned(address owner) external view returns (bool) {
        return _stakes.isBanned(owner);
    }
}
