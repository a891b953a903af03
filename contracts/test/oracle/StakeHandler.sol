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
    uint256 public refusals; // of banned owners
    /// @dev What a join did that it must not; empty while all is well.
    string public fault;
    uint256 public slashed;

    function start() external {
        setUp();
        for (uint256 i = SEATS; i < 32; ++i) {
            _join(i, STAKE + uint96(i % 5));
        }
        _seal(address(this), address(0));
        _rememberBlob();
    }

    /// @dev Stakes are close to each other, so that ties are as common as differences.
    function join(uint256 i, uint96 stake) external {
        address owner = ownerAt(i % OWNERS);
        if (_stateOf(owner) != IStakeManager.ProviderState.None) return;
        bool banned = stakes.isBanned(owner);
        stake = uint96(_bound(stake, STAKE, STAKE + 12));
        _fund(owner, address(stakes), stake);
        uint256 key = 0x51600000 + ++_nextSigner;
        uint256 count = stakes.rosterOf(0).length;
        bytes memory possession = _possessionOf(key, owner);
        vm.prank(owner);
        try stakes.join(vm.addr(key), stake, 1, possession) {
            if (banned) fault = "a banned owner joined";
        } catch {
            if (!banned) fault = "refused one who may join";
            ++refusals;
            return;
        }
        if (stakes.rosterOf(0).length != (count == 32 ? 32 : count + 1)) {
            fault = "joined into another number of places";
        }
    }

    /// @dev From the bench, against one of the 32 or for a free place; refused as often as not.
    function claimSeat(uint256 i, uint256 from) external {
        address owner = _benched(i);
        address[] memory roster = stakes.rosterOf(0);
        if (owner == address(0)) return;
        address displaced = roster.length == 32 ? roster[from % 32] : address(0);
        uint96 least = type(uint96).max;
        for (uint256 k; k < roster.length; ++k) {
            uint96 other = stakes.providerOf(roster[k]).stake;
            if (other < least) least = other;
        }
        bool mustFail = displaced != address(0)
            && (stakes.providerOf(displaced).stake != least || stakes.providerOf(owner).stake <= least);
        vm.prank(owner);
        try stakes.claimSeat(0, displaced) {
            if (mustFail) fault = "took a seat that he did not beat";
            if (displaced == address(0)) return;
            ++displacements;
            if (_stateOf(displaced) != IStakeManager.ProviderState.Active) fault = "displacing made him leave";
            if (_isOn(displaced)) fault = "the displaced kept his place";
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
        IStakeManager.Provider memory was = stakes.providerOf(ownerAt(i % OWNERS));
        vm.prank(ownerAt(i % OWNERS));
        try stakes.withdraw(bob) {
            if (block.timestamp < was.unbondsAt || block.timestamp < was.frozenUntil) fault_("left too soon");
        } catch {}
    }

    /* SECURITY: the handler is the slasher */

    function slash(uint256 i, uint96 amount, uint8 which) external {
        address owner = ownerAt(i % OWNERS);
        amount = uint96(_bound(amount, 0, 2 * STAKE));
        uint96 before = stakes.providerOf(owner).stake;
        bool twice = stakes.isSlashed(owner, bytes32(uint256(which)));
        uint96 taken = stakes.slash(owner, amount, which % 2 == 0 ? alice : address(0), bytes32(uint256(which)));
        if (twice && taken != 0) fault_("punished one fault twice");
        if (taken > amount || taken > before) fault_("took more than there was");
        if (stakes.providerOf(owner).stake != before - taken) fault_("took and kept");
        slashed += taken;
    }

    function ban(uint256 i, uint8 dice) external {
        if (dice % 8 != 0) return;
        address[] memory owners = new address[](2);
        (owners[0], owners[1]) = (ownerAt(i % OWNERS), ownerAt((i % OWNERS + dice) % OWNERS));
        stakes.ban(owners);
        _rememberBlob();
    }

    function freeze(uint256 i, uint40 seconds_) external {
        try stakes.freeze(ownerAt(i % OWNERS), uint40(block.timestamp + _bound(seconds_, 0, 100 days))) {} catch {}
    }

    function claimSlashed() external {
        vm.prank(alice);
        stakes.claimSlashed(alice);
        stakes.burn();
    }

    function setJuror(uint256 i, bool willing) external {
        vm.prank(ownerAt(i % OWNERS));
        try stakes.setJuror(willing) {} catch {}
    }

    function takeJurors() external {
        try stakes.takeJurors() {} catch {}
    }

    /// @dev Everybody who left longer ago than any window gets what is left of his stake, whatever happened to him.
    function everybodyLeavesAndWithdraws() external returns (bool) {
        for (uint256 i; i < OWNERS; ++i) {
            vm.prank(ownerAt(i));
            try stakes.leave() {} catch {}
        }
        vm.warp(block.timestamp + UNBONDING + 100 days);
        try stakes.advanceEpoch(0) {} catch {}
        vm.warp(block.timestamp + UNBONDING);
        for (uint256 i; i < OWNERS; ++i) {
            if (_stateOf(ownerAt(i)) == IStakeManager.ProviderState.None) continue;
            vm.prank(ownerAt(i));
            try stakes.withdraw(bob) {}
            catch {
                return false;
            }
        }
        return true;
    }

    function advanceEpoch() external {
        vm.warp(block.timestamp + EPOCH);
        try stakes.advanceEpoch(0) {
            _rememberBlob();
        } catch {}
    }

    function waitLong(uint8 dice) external {
        if (dice % 2 == 0) vm.warp(block.timestamp + UNBONDING);
    }

    function ownerAt(uint256 i) public pure returns (address) {
        return _ownerKey(i);
    }

    function insured() external view returns (address) {
        return insurance;
    }

    function challenger() external view returns (address) {
        return alice;
    }

    function contracts() external view returns (address, address) {
        return (address(dollar), address(stakes));
    }

    /// @dev One who is active and holds no place; zero when there is none.
    function _benched(uint256 i) private view returns (address) {
        for (uint256 k; k < OWNERS; ++k) {
            address owner = ownerAt((i % OWNERS + k) % OWNERS);
            if (_stateOf(owner) == IStakeManager.ProviderState.Active && !_isOn(owner)) return owner;
        }
        return address(0);
    }

    function _isOn(address owner) private view returns (bool) {
        address[] memory roster = stakes.rosterOf(0);
        for (uint256 k; k < roster.length; ++k) {
            if (roster[k] == owner) return true;
        }
        return false;
    }

    function fault_(string memory what) private {
        fault = what;
    }

    function _stateOf(address owner) private view returns (IStakeManager.ProviderState) {
        return stakes.providerOf(owner).state;
    }

    function _rememberBlob() private {
        (address blob, uint32 epoch,) = stakes.signerSet(0);
        blobHash[epoch] = blob.codehash;
    }
}
