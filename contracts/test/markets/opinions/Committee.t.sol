// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Committee} from "../../../src/markets/opinions/Committee.sol";
import {Result} from "../../../src/markets/opinions/IApprover.sol";
import {ShownWallet} from "../../doubles/ShownWallet.sol";
import {CommitteeStage} from "./CommitteeStage.sol";

contract CommitteeTest is CommitteeStage {
    uint40 private constant EXPIRES = 2_000_000_000;

    Committee private committee;
    address[5] private members;
    Result private result = Result(keccak256("market"), 10e6, 3, 62, 8_000);

    function setUp() public {
        vm.warp(EXPIRES - 1 days);
        members = _members(41);
        committee = new Committee(members);
    }

    /* APPROVING */

    /// @dev Every byte that a bitmap can be: none, all, and bits beyond the five, which say nothing.
    function test_ThreeOfFiveApprove() external {
        for (uint256 bitmap; bitmap < 256; ++bitmap) {
            uint256 signed;
            for (uint256 i; i < 5; ++i) {
                signed += bitmap >> i & 1;
            }
            bytes memory approval = _approval(bitmap, result);
            if (signed < 3) {
                vm.expectRevert(abi.encodeWithSelector(Committee.Committee_TooFew.selector, signed, 3));
            }
            committee.requireApproved(result, approval);
        }
    }

    /// @dev Where a sixth address would lie, the first entry does: who signs first could choose it, and be two.
    function test_RevertWhen_ASixthBitIsToCount() external {
        bytes32 digest = committee.approvalDigest(result, EXPIRES);
        bytes memory first = _entry(_sign(keys[0], digest));
        bytes memory second = _entry(_sign(keys[1], digest));
        address sixth = address(bytes20(first));
        vm.etch(sixth, address(new ShownWallet()).code);
        ShownWallet(sixth).show(digest);

        bytes memory approval = abi.encodePacked(EXPIRES, _head(members, 3 | 1 << 5), first, second, _entry(""));
        vm.expectRevert(abi.encodeWithSelector(Committee.Committee_TooFew.selector, 2, 3));
        committee.requireApproved(result, approval);
    }

    function test_ASignerMayBeAContract() external {
        ShownWallet wallet = new ShownWallet();
        (members, keys) = _with(address(wallet));
        committee = new Committee(members);
        bytes32 digest = committee.approvalDigest(result, EXPIRES);
        bytes memory approval = abi.encodePacked(EXPIRES, _head(members, 31));
        for (uint256 i; i < 5; ++i) {
            approval = bytes.concat(approval, _entry(keys[i] == 0 ? bytes("") : _sign(keys[i], digest)));
        }
        vm.expectRevert(abi.encodeWithSelector(Committee.Committee_BadSignature.selector, address(wallet)));
        committee.requireApproved(result, approval);
        wallet.show(digest);
        committee.requireApproved(result, approval);
    }

    function test_RevertWhen_AnyFieldOfTheResultIsAnother() external {
        bytes memory approval = _approval(7, result);
        Result[5] memory others = [result, result, result, result, result];
        others[0].market = keccak256("another");
        others[1].total += 1;
        others[2].count += 1;
        others[3].score += 1;
        others[4].confidence += 1;
        for (uint256 i; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Committee.Committee_BadSignature.selector, members[0]));
            committee.requireApproved(others[i], approval);
        }
    }

    function test_RevertWhen_TheApprovalExpired() external {
        bytes memory approval = _approval(7, result);
        vm.warp(EXPIRES);
        committee.requireApproved(result, approval);
        vm.warp(uint256(EXPIRES) + 1);
        vm.expectRevert(abi.encodeWithSelector(Committee.Committee_Expired.selector, EXPIRES));
        committee.requireApproved(result, approval);
    }

    /// @dev One member's signature thrice is one member's.
    function test_RevertWhen_OneSignsForOthers() external {
        bytes32 digest = committee.approvalDigest(result, EXPIRES);
        bytes memory one = _entry(_sign(keys[0], digest));
        bytes memory approval = abi.encodePacked(EXPIRES, _head(members, 7), one, one, one);
        vm.expectRevert(abi.encodeWithSelector(Committee.Committee_BadSignature.selector, members[1]));
        committee.requireApproved(result, approval);
    }

    function test_RevertWhen_OthersAreShownThanSit() external {
        address[5] memory others = _members(91);
        bytes memory signatures = _signatures(others, 7, committee.approvalDigest(result, EXPIRES));
        vm.expectRevert(Committee.Committee_NotTheMembers.selector);
        committee.requireApproved(result, abi.encodePacked(EXPIRES, signatures));
    }

    function testFuzz_BytesThatAreCutApproveNothing(uint256 length) external {
        bytes memory approval = _approval(7, result);
        bytes memory cut = new bytes(_bound(length, 0, approval.length - 1));
        for (uint256 i; i < cut.length; ++i) {
            cut[i] = approval[i];
        }
        vm.expectRevert(Committee.Committee_BadFormat.selector);
        committee.requireApproved(result, cut);
    }

    /// @dev An expiry, and nothing or too little behind it: what is wrong is told, in the order in which it is looked at.
    function test_RevertWhen_ThereIsLittleMoreThanAnExpiry() external {
        for (uint256 length; length <= 5; ++length) {
            vm.expectRevert(Committee.Committee_BadFormat.selector);
            committee.requireApproved(result, new bytes(length));
        }
        vm.expectRevert(abi.encodeWithSelector(Committee.Committee_Expired.selector, 0));
        committee.requireApproved(result, new bytes(6));
    }

    /* REPLACING */

    function test_ThreeReplaceAllFive() external {
        address[5] memory old = members;
        address[5] memory next = _members(91);
        uint256[5] memory nextKeys = keys;
        _members(41); // the old keys sign
        bytes memory signatures = _signatures(old, 28, _replacementDigest(committee, next, 1, EXPIRES));
        bytes memory approval = _approval(7, result);

        vm.expectEmit(address(committee));
        emit Committee.Seated(next, 1);
        committee.replace(next, EXPIRES, signatures);

        vm.expectRevert(Committee.Committee_NotTheMembers.selector);
        committee.requireApproved(result, approval);
        (members, keys) = (next, nextKeys);
        committee.requireApproved(result, _approval(7, result));
    }

    /// @dev Or who was voted out would come back by what was once signed.
    function test_RevertWhen_AReplacementIsUsedTwice() external {
        bytes memory same = _signatures(members, 7, _replacementDigest(committee, members, 1, EXPIRES));
        committee.replace(members, EXPIRES, same);
        vm.expectRevert(abi.encodeWithSelector(Committee.Committee_BadSignature.selector, members[0]));
        committee.replace(members, EXPIRES, same);
    }

    function test_RevertWhen_MembersAreNoFive() external {
        address[5] memory twice = members;
        twice[1] = twice[0];
        vm.expectRevert(Committee.Committee_BadMembers.selector);
        new Committee(twice);
        address[5] memory unsorted = members;
        (unsorted[0], unsorted[1]) = (unsorted[1], unsorted[0]);
        vm.expectRevert(Committee.Committee_BadMembers.selector);
        new Committee(unsorted);
        address[5] memory nobody = members;
        nobody[0] = address(0);
        vm.expectRevert(Committee.Committee_BadMembers.selector);
        new Committee(nobody);
    }

    /// @dev Three of them sign it all the same.
    function test_RevertWhen_MembersThatReplaceAreNoFive() external {
        address[5] memory next = members;
        next[1] = next[0];
        _refused(next);
        next = members;
        (next[3], next[4]) = (next[4], next[3]);
        _refused(next);
        next = members;
        next[0] = address(0);
        _refused(next);
    }

    /* INSIDE */

    function _refused(address[5] memory next) private {
        bytes memory signatures = _signatures(members, 7, _replacementDigest(committee, next, 1, EXPIRES));
        vm.expectRevert(Committee.Committee_BadMembers.selector);
        committee.replace(next, EXPIRES, signatures);
    }

    function _approval(uint256 bitmap, Result memory of_) private view returns (bytes memory) {
        return abi.encodePacked(EXPIRES, _signatures(members, bitmap, committee.approvalDigest(of_, EXPIRES)));
    }

    /// @dev The members with `wallet` in the place of the last key, in order; its key is 0.
    function _with(address wallet) private view returns (address[5] memory five, uint256[5] memory theirs) {
        (five, theirs) = (members, keys);
        (five[4], theirs[4]) = (wallet, 0);
        for (uint256 i = 4; i > 0 && five[i] < five[i - 1]; --i) {
            (five[i], five[i - 1]) = (five[i - 1], five[i]);
            (theirs[i], theirs[i - 1]) = (theirs[i - 1], theirs[i]);
        }
    }
}
