// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IOracle, Question, Status} from "../../../src/oracle/IOracle.sol";
import {ISlasher} from "../../../src/oracle/security/ISlasher.sol";
import {IBuiltSlasher} from "../../Deployed.sol";
import {Stage} from "../../Stage.sol";

/// @dev What a collector who holds seat 3 tries with the commitments of the others, who all read 2.
contract CommitAttacksTest is Stage {
    uint256 private constant PIECE = 10 minutes;
    uint256 private constant MINE = 3;

    IBuiltSlasher private slasher;
    Question private terms;
    bytes32 private question;
    bytes32[3] private theirs;

    function setUp() public override {
        super.setUp();
        slasher = _newSlasher(
            abi.encode(
                address(wiring),
                address(stakes),
                address(0),
                address(0),
                address(dollar),
                insurance,
                address(policy),
                [address(0), address(0)],
                ISlasher.SlasherLimits({periodSeconds: EPOCH, bond: 500e6, fee: 310e6, caseSeconds: 10 days})
            )
        );
        _seal(address(slasher), address(0));
        terms = _numeric();
        terms.secures = 1_000e6;
        question = _ask(terms);
        vm.warp(terms.opensAt / (2 * PIECE) * (2 * PIECE) + 2 * PIECE);
        for (uint256 seat; seat < 3; ++seat) {
            theirs[seat] = _commitment(seat, 2);
        }
    }

    /// He commits to one value, and wants a batch that commits him to every value, to choose when he saw theirs.
    function test_ASecondBatchOfOwnChoicesIsRefused() external {
        bytes32[] memory honest = _batch(1);
        honest[MINE] = _commitment(MINE, 2);
        _post(honest, 15);
        bytes32[] memory choices = _batch(3);
        for (uint256 i; i < 3; ++i) {
            choices[MINE + i] = _commitment(MINE, int96(uint96(i)) + 1);
        }
        bytes32 chained = _chain(choices);
        bytes memory his = _signed(chained, 8);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NoQuorum.selector, question, STAKE, 4 * uint256(STAKE)));
        oracle.commitReports(terms, 1, chained, 8, his);

        // Nor does the honest one open what is not in it, nor the other one anything.
        vm.warp(block.timestamp + PIECE);
        (bytes memory entries, bytes memory openings) = _opened(3);
        vm.expectPartialRevert(IOracle.Oracle_NotCommitted.selector);
        oracle.reportCommitted(terms, 1, entries, honest, openings);
        vm.expectPartialRevert(IOracle.Oracle_NotCommitted.selector);
        oracle.reportCommitted(terms, 1, entries, choices, openings);
        (entries, openings) = _opened(2);
        oracle.reportCommitted(terms, 1, entries, honest, openings);
        vm.assertEq(int256(_word(question).value()), 2);
        vm.assertEq(uint256(_word(question).seats()), 15);
    }

    /// He takes the openings of all and shows those of a quorum with his own, so that seat 0 has missed the question.
    function test_NobodyIsTrimmedByWhoIsQuicker() external {
        bytes32[] memory batch = _batch(1);
        batch[MINE] = _commitment(MINE, 2);
        _post(batch, 15);
        vm.warp(block.timestamp + PIECE);
        (bytes memory entries, bytes memory openings) = _opened(2);
        (bytes memory three, bytes memory opened) = (_last(entries, 3 * 77), _last(openings, 3 * 33));
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "part"));
        oracle.reportCommitted(terms, 1, three, batch, opened);
        vm.warp(block.timestamp + PIECE / 2 - 1);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_BadReport.selector, question, "part"));
        oracle.reportCommitted(terms, 1, three, batch, opened);
        oracle.reportCommitted(terms, 1, entries, batch, openings);
        vm.assertEq(uint256(_word(question).seats()), 15);
    }

    /// Two quorums share more than a third of the weight: whoever is in both loses everything, and is banned.
    function test_WhoSignsTwoBatchesOfAPhaseLosesAll() external {
        (bytes32[] memory one, bytes32[] memory other) = (_batch(1), _batch(1));
        (one[MINE], other[MINE]) = (_commitment(MINE, 1), _commitment(MINE, 3));
        _post(one, 13);
        _post(other, 14);
        bytes32 bound = _bound();
        for (uint256 seat; seat < 4; ++seat) {
            bytes memory first = _signRoot(_key(seat), bound, _chain(one));
            if (seat < 2) continue; // signed one each
            bytes memory second = _signRoot(_key(seat), bound, _chain(other));
            slasher.equivocatedRoots(bound, 1, 0, [_chain(one), _chain(other)], first, second);
            vm.assertTrue(stakes.isBanned(_ownerKey(seat)));
            vm.assertEq(uint256(stakes.providerOf(_ownerKey(seat)).stake), 0);
        }
    }

    /// Every phase has its batch, so what was signed in two of them is no fault.
    function test_ABatchForEachPhaseIsNoEquivocation() external {
        bytes32 bound = _bound();
        bytes memory first = _signRoot(_key(0), bound, "one");
        vm.warp(block.timestamp + 2 * PIECE);
        bytes32 next = _bound();
        bytes memory second = _signRoot(_key(0), next, "other");
        vm.expectPartialRevert(ISlasher.Slasher_NotOne.selector);
        slasher.equivocatedRoots(bound, 1, 0, [bytes32("one"), "other"], first, second);
        vm.expectPartialRevert(ISlasher.Slasher_NotOne.selector);
        slasher.equivocatedRoots(next, 1, 0, [bytes32("one"), "other"], first, second);
        vm.assertTrue(_status(question) == Status.Open);
    }

    /* helpers */

    /// @dev Theirs, and room for more.
    function _batch(uint256 more) private view returns (bytes32[] memory batch) {
        batch = new bytes32[](3 + more);
        for (uint256 seat; seat < 3; ++seat) {
            batch[seat] = theirs[seat];
        }
    }

    function _commitment(uint256 seat, int96 value) private view returns (bytes32) {
        return keccak256(abi.encode(question, uint32(1), uint8(0), uint8(seat), value, keccak256(abi.encode(seat))));
    }

    /// @dev The three read 2, seat 3 says `mine`, which is no less.
    function _opened(int96 mine) private view returns (bytes memory entries, bytes memory openings) {
        for (uint256 seat; seat < 4; ++seat) {
            entries = bytes.concat(entries, _entry(seat, question, seat == MINE ? mine : int96(2)));
            openings = bytes.concat(openings, abi.encodePacked(uint8(seat), keccak256(abi.encode(seat))));
        }
    }

    function _bound() private view returns (bytes32) {
        return keccak256(abi.encode(question, block.timestamp / (2 * PIECE)));
    }

    function _signed(bytes32 chained, uint256 seats) private view returns (bytes memory) {
        return _signedRoot(_bound(), chained, seats, 0);
    }

    function _post(bytes32[] memory batch, uint256 seats) private {
        bytes memory signatures = _signed(_chain(batch), seats);
        oracle.commitReports(terms, 1, _chain(batch), seats, signatures);
    }

    function _chain(bytes32[] memory batch) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(batch));
    }

    function _last(bytes memory from, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i; i < length; ++i) {
            part[i] = from[from.length - length + i];
        }
    }
}
