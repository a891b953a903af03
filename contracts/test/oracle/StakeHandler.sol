// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IStakeManager} from "../../src/oracle/IStakeManager.sol";
import {Stage} from "../Stage.sol";

/// @dev Everything that anybody can do to stakes while the 32 places are contested.
contract StakeHandler is Stage {
    uint256 public constant OWNERS = 40;

    mapping(uint32 epoch => bytes32 codehash) public blobHash;
    uint256 private _nextSigner;
    uint256 public displacements;
    /// @dev What a join did that it must not; empty while all is well.
    string public fault;

    function start() external {
        setUp();
        for (uint256 i = SEATS; i < 32; ++i) {
            _join(i, STAKE + uint96(i % 5));
        }
        _rememberBlob();
    }

    /// @dev Stakes are close to each other, so that ties are as common as differences.
    function join(uint256 i, uint96 stake) external {
        address owner = ownerAt(i % OWNERS);
        if (_stateOf(owner) != IStakeManager.ProviderState.None) return;
        stake = uint96(_bound(stake, STAKE, STAKE + 12));
        _fund(owner, address(stakes), stake);
        address signer = address(uint160(0x51600000 + ++_nextSigner));
        bool[] memory was = new bool[](OWNERS);
        for (uint256 k; k < OWNERS; ++k) {
            was[k] = _stateOf(ownerAt(k)) == IStakeManager.ProviderState.Active;
        }
        (uint256 count, uint96 least) = active();
        bool mustFail = count == 32 && stake <= least;
        vm.prank(owner);
        try stakes.join(signer, stake) {
            if (mustFail) fault = "joined a full set with no larger stake";
            _judge(was, count, least);
        } catch {
            if (!mustFail) fault = "refused a stake that has its place";
        }
    }

    function addStake(uint256 i, uint96 amount) external {
        address owner = ownerAt(i % OWNERS);
        if (_stateOf(owner) != IStakeManager.ProviderState.Active) return;
        amount = uint96(_bound(amount, 0, 6));
        _fund(owner, address(stakes), amount);
        vm.prank(owner);
        stakes.addStake(amount);
    }

    function leave(uint256 i) external {
        vm.prank(ownerAt(i % OWNERS));
        try stakes.leave() {} catch {}
    }

    function withdraw(uint256 i) external {
        vm.prank(ownerAt(i % OWNERS));
        try stakes.withdraw(bob) {} catch {}
    }

    function advanceEpoch() external {
        vm.warp(block.timestamp + EPOCH);
        try stakes.advanceEpoch() {
            _rememberBlob();
        } catch {}
    }

    function waitLong(uint8 dice) external {
        if (dice % 2 == 0) vm.warp(block.timestamp + UNBONDING);
    }

    function ownerAt(uint256 i) public pure returns (address) {
        return _ownerKey(i);
    }

    function contracts() external view returns (address, address) {
        return (address(dollar), address(stakes));
    }

    function active() public view returns (uint256 count, uint96 least) {
        least = type(uint96).max;
        for (uint256 i; i < OWNERS; ++i) {
            IStakeManager.Provider memory provider = stakes.providerOf(ownerAt(i));
            if (provider.state != IStakeManager.ProviderState.Active) continue;
            ++count;
            if (provider.stake < least) least = provider.stake;
        }
    }

    /// @dev A join puts out nobody, or in a full set one of the smallest, who unbonds from now on.
    function _judge(bool[] memory was, uint256 count, uint96 least) private {
        uint256 gone;
        for (uint256 k; k < OWNERS; ++k) {
            IStakeManager.Provider memory provider = stakes.providerOf(ownerAt(k));
            if (!was[k] || provider.state == IStakeManager.ProviderState.Active) continue;
            ++gone;
            if (provider.stake != least) fault = "displaced one who was not the smallest";
            if (provider.state != IStakeManager.ProviderState.Unbonding) fault = "displaced without unbonding";
            if (provider.unbondsAt != block.timestamp + UNBONDING) fault = "unbonds at another time";
        }
        if (gone != (count == 32 ? 1 : 0)) fault = "displaced another number";
        displacements += gone;
    }

    function _stateOf(address owner) private view returns (IStakeManager.ProviderState) {
        return stakes.providerOf(owner).state;
    }

    function _rememberBlob() private {
        (address blob, uint32 epoch) = stakes.signerSet();
        blobHash[epoch] = blob.codehash;
    }
}
