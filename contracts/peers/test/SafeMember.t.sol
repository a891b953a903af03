// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {
    CompatibilityFallbackHandler
} from "@safe-global/safe-contracts/contracts/handler/CompatibilityFallbackHandler.sol";
import {Enum} from "@safe-global/safe-contracts/contracts/common/Enum.sol";
import {SignMessageLib} from "@safe-global/safe-contracts/contracts/libraries/SignMessageLib.sol";
import {SafeProxyFactory} from "@safe-global/safe-contracts/contracts/proxies/SafeProxyFactory.sol";
import {Safe} from "@safe-global/safe-contracts/contracts/Safe.sol";
import {Committee} from "../../src/markets/opinions/Committee.sol";
import {Result} from "../../src/markets/opinions/IApprover.sol";
import {CommitteeStage} from "../../test/markets/opinions/CommitteeStage.sol";

/// @dev A Safe, two of whose three owners must sign, sits in the committee: the contracts that Safe publishes, not a double.
contract SafeMemberTest is CommitteeStage {
    uint40 private constant EXPIRES = 2_000_000_000;
    uint256 private constant OWNER = 901;

    Safe private safe;
    CompatibilityFallbackHandler private handler;
    Committee private committee;
    address[5] private members;
    uint256 private seat;
    Result private result = Result(keccak256("market"), 10e6, 3, 62, 8_000);

    function setUp() external {
        vm.warp(EXPIRES - 1 days);
        handler = new CompatibilityFallbackHandler();
        address[] memory owners = new address[](3);
        for (uint256 i; i < 3; ++i) {
            owners[i] = vm.addr(OWNER + i);
        }
        bytes memory setup = abi.encodeCall(
            Safe.setup, (owners, 2, address(0), "", address(handler), address(0), 0, payable(address(0)))
        );
        safe = Safe(payable(address(new SafeProxyFactory().createProxyWithNonce(address(new Safe()), setup, 1))));

        // Four keys, and the Safe where its address belongs.
        members = _members(41);
        members[4] = address(safe);
        keys[4] = 0;
        seat = 4;
        for (; seat > 0 && members[seat] < members[seat - 1]; --seat) {
            (members[seat], members[seat - 1]) = (members[seat - 1], members[seat]);
            (keys[seat], keys[seat - 1]) = (keys[seat - 1], keys[seat]);
        }
        committee = new Committee(members);
    }

    function test_ASafeApprovesByItsOwnersSignatures() external {
        committee.requireApproved(result, _approved(_ofOwners(result, 3)));
    }

    function test_ASafeApprovesByAMessageThatItSignedOnChain() external {
        bytes memory nothing;
        bytes memory approval = _approved(nothing);
        _expectRefusal();
        committee.requireApproved(result, approval);
        _signOnChain(abi.encode(committee.approvalDigest(result, EXPIRES)));
        committee.requireApproved(result, approval);
    }

    function test_RevertWhen_TooFewOwnersSigned() external {
        bytes memory approval = _approved(_ofOwners(result, 1));
        _expectRefusal();
        committee.requireApproved(result, approval);
    }

    function test_RevertWhen_TheOwnersSignedAnotherResult() external {
        Result memory other = result;
        other.score += 1;
        bytes memory approval = _approved(_ofOwners(other, 3));
        _expectRefusal();
        committee.requireApproved(result, approval);
    }

    function test_RevertWhen_TheSafeChangedItsOwners() external {
        bytes memory approval = _approved(_ofOwners(result, 3));
        address last = safe.getOwners()[1];
        address leaving = vm.addr(OWNER + 2);
        address first = safe.getOwners()[0];
        address previous = leaving == first ? address(1) : (leaving == last ? first : last);
        vm.prank(address(safe));
        safe.swapOwner(previous, leaving, vm.addr(OWNER + 9));
        bytes memory others = _approved(_of(result, OWNER, OWNER + 2));
        _expectRefusal();
        committee.requireApproved(result, others);
        committee.requireApproved(result, approval);
    }

    /// @dev A transaction of the Safe's own, which two owners signed.
    function _signOnChain(bytes memory message) private {
        address to = address(new SignMessageLib());
        bytes memory data = abi.encodeCall(SignMessageLib.signMessage, (message));
        bytes memory signatures = _ofTwo(
            safe.getTransactionHash(
                to, 0, data, Enum.Operation.DelegateCall, 0, 0, 0, address(0), address(0), safe.nonce()
            ),
            OWNER,
            OWNER + 1
        );
        safe.execTransaction(
            to, 0, data, Enum.Operation.DelegateCall, 0, 0, 0, address(0), payable(address(0)), signatures
        );
    }

    function _expectRefusal() private {
        vm.expectRevert(abi.encodeWithSelector(Committee.Committee_BadSignature.selector, address(safe)));
    }

    /// @dev Signed by the Safe and by two keys beside it.
    function _approved(bytes memory bySafe) private view returns (bytes memory approval) {
        bytes32 digest = committee.approvalDigest(result, EXPIRES);
        uint256 bitmap = 1 << seat;
        for (uint256 i; i < 5; ++i) {
            if (i != seat && _signers(bitmap) < 3) bitmap |= 1 << i;
        }
        approval = abi.encodePacked(EXPIRES, _head(members, bitmap));
        for (uint256 i; i < 5; ++i) {
            if (bitmap >> i & 1 != 0) {
                approval = bytes.concat(approval, _entry(i == seat ? bySafe : _sign(keys[i], digest)));
            }
        }
    }

    function _signers(uint256 bitmap) private pure returns (uint256 count) {
        for (; bitmap != 0; bitmap &= bitmap - 1) {
            ++count;
        }
    }

    /// @param owners 1: the first alone; 3: the first two
    function _ofOwners(Result memory of_, uint256 owners) private view returns (bytes memory) {
        return owners == 1 ? _ofOwner(of_, OWNER) : _of(of_, OWNER, OWNER + 1);
    }

    function _of(Result memory of_, uint256 one, uint256 other) private view returns (bytes memory) {
        return _ofTwo(_messageFor(of_), one, other);
    }

    function _ofOwner(Result memory of_, uint256 key) private view returns (bytes memory) {
        return _long(key, _messageFor(of_));
    }

    /// @dev What owners sign for their Safe.
    function _messageFor(Result memory of_) private view returns (bytes32) {
        return handler.getMessageHashForSafe(safe, abi.encode(committee.approvalDigest(of_, EXPIRES)));
    }

    /// @dev A Safe wants its owners' signatures ascending by address.
    function _ofTwo(bytes32 digest, uint256 one, uint256 other) private pure returns (bytes memory) {
        (uint256 first, uint256 second) = vm.addr(one) < vm.addr(other) ? (one, other) : (other, one);
        return bytes.concat(_long(first, digest), _long(second, digest));
    }

    function _long(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}
