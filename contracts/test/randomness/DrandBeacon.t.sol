// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DrandBeacon} from "../../src/randomness/DrandBeacon.sol";
import {IRandomness} from "../../src/randomness/IRandomness.sol";
import {BeaconCases} from "./BeaconCases.sol";

contract DrandBeaconTest is BeaconCases {
    // Where things lie in a proof.
    uint256 private constant X = 0;
    uint256 private constant Y = 32;
    uint256 private constant INVERSE = 64;
    uint256 private constant FIRST_KIND = 96;
    uint256 private constant FIRST_ROOT = 97;
    uint256 private constant FIRST_NON_SQUARE = 129; // where the first kind is not 0

    /* WHAT HOLDS */

    function test_EveryPublishedRoundOfEvmnetIsProved() external {
        uint256 i;
        for (; _has(".evmnet.rounds", i); ++i) {
            Case memory one = _case(".evmnet.rounds", i);
            vm.assertEq(evmnet.prove(one.round, one.proof), one.seed);
            vm.assertEq(evmnet.seedOf(one.round), one.seed);
        }
        vm.assertGe(i, 14);
    }

    function test_EveryShapeOfALocalKeyIsProved() external {
        uint256 i;
        for (; _has(".local.rounds", i); ++i) {
            Case memory one = _case(".local.rounds", i);
            vm.assertEq(local.prove(one.round, one.proof), one.seed);
        }
        vm.assertEq(i, 9);
    }

    function test_ProveKeepsTheSeedAndTells() external {
        Case memory one = _case(".evmnet.rounds", 0);
        vm.expectEmit(address(evmnet));
        emit IRandomness.Proved(one.round, one.seed);
        evmnet.prove(one.round, one.proof);
        bytes32 domain = keccak256("sooth.randomness.seed");
        bytes32 seed = keccak256(abi.encodePacked(domain, _word(one.proof, X), _word(one.proof, Y)));
        vm.assertEq(evmnet.seedOf(one.round), seed);
    }

    function test_ASecondProofChangesNothing() external {
        Case memory one = _case(".evmnet.rounds", 0);
        evmnet.prove(one.round, one.proof);
        vm.recordLogs();
        vm.assertEq(evmnet.prove(one.round, one.proof), one.seed);
        vm.assertEq(evmnet.prove(one.round, ""), one.seed);
        vm.assertEq(evmnet.prove(one.round, _case(".evmnet.rounds", 1).proof), one.seed);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(evmnet.seedOf(one.round), one.seed);
    }

    function testFuzz_AnybodyMayProve(address caller) external {
        Case memory one = _case(".local.rounds", 0);
        vm.prank(caller);
        vm.assertEq(local.prove(one.round, one.proof), one.seed);
    }

    /* WHAT DOES NOT HOLD */

    function test_RevertWhen_TheSignatureIsOfAnotherRound() external {
        Case memory one = _case(".evmnet.rounds", 0);
        Case memory other = _case(".evmnet.rounds", 1);
        _refused(evmnet, other.round, one.proof);
        // With the right witnesses of the round too: only the pairing can tell.
        bytes memory mixed = _with(_with(other.proof, X, _word(one.proof, X)), Y, _word(one.proof, Y));
        _refused(evmnet, other.round, mixed);
    }

    function test_RevertWhen_TheSignatureIsOfAnotherKey() external {
        Case memory one = _case(".evmnet.rounds", 0);
        _refused(local, one.round, one.proof);
        Case memory ours = _case(".local.rounds", 0);
        _refused(evmnet, ours.round, ours.proof);
    }

    function test_RevertWhen_TheKeyHolderForgesThePoint() external {
        uint256 i;
        for (; _has(".local.forged", i); ++i) {
            Case memory one = _case(".local.forged", i);
            _refused(local, one.round, one.proof);
        }
        vm.assertEq(i, 9);
    }

    function test_RevertWhen_ThePointIsForged() external {
        Case memory one = _case(".evmnet.rounds", 0);
        // The generator: on the curve, in the group, and signed by nobody.
        _refused(evmnet, one.round, _with(_with(one.proof, X, 1), Y, 2));
    }

    function test_RevertWhen_TheSignatureIsNegated() external {
        Case memory one = _case(".evmnet.rounds", 0);
        _refused(evmnet, one.round, _with(one.proof, Y, P - _word(one.proof, Y)));
    }

    function testFuzz_RevertWhen_ThePointIsOffTheCurve(uint256 x, uint256 y) external {
        (x, y) = (_bound(x, 0, P - 1), _bound(y, 0, P - 1));
        vm.assume(mulmod(y, y, P) != addmod(mulmod(mulmod(x, x, P), x, P), 3, P));
        Case memory one = _case(".evmnet.rounds", 0);
        _refused(evmnet, one.round, _with(_with(one.proof, X, x), Y, y));
    }

    function test_RevertWhen_ACoordinateIsNotCanonical() external {
        Case memory one = _case(".evmnet.rounds", 0);
        _refused(evmnet, one.round, _with(one.proof, X, _word(one.proof, X) + P));
        _refused(evmnet, one.round, _with(one.proof, Y, _word(one.proof, Y) + P));
        _refused(evmnet, one.round, _with(one.proof, FIRST_ROOT, _word(one.proof, FIRST_ROOT) + P));
        _refused(evmnet, one.round, _with(one.proof, X, P));
    }

    function test_RevertWhen_ThePointIsInfinity() external {
        Case memory one = _case(".evmnet.rounds", 0);
        _refused(evmnet, one.round, _with(_with(one.proof, X, 0), Y, 0));
    }

    function test_RevertWhen_AWitnessIsWrong() external {
        Case memory one = _case(".local.rounds", 1); // kinds 1 and 0
        bytes memory proof = one.proof;
        vm.assertEq(uint256(uint8(proof[FIRST_KIND])), 1);
        uint256 inverse = _word(proof, INVERSE);
        uint256 root = _word(proof, FIRST_ROOT);
        uint256 nonSquare = _word(proof, FIRST_NON_SQUARE);
        _refused(local, one.round, _with(proof, INVERSE, 0));
        _refused(local, one.round, _with(proof, INVERSE, addmod(inverse, 1, P)));
        _refused(local, one.round, _with(proof, INVERSE, P - inverse));
        _refused(local, one.round, _with(proof, FIRST_ROOT, P - root));
        _refused(local, one.round, _with(proof, FIRST_ROOT, addmod(root, 1, P)));
        _refused(local, one.round, _with(proof, FIRST_ROOT, 0));
        _refused(local, one.round, _with(proof, FIRST_NON_SQUARE, 0));
        _refused(local, one.round, _with(proof, FIRST_NON_SQUARE, addmod(nonSquare, 1, P)));
        for (uint256 kind; kind < 256; ++kind) {
            if (kind == 1) continue;
            bytes memory changed = bytes.concat(proof);
            changed[FIRST_KIND] = bytes1(uint8(kind));
            _refused(local, one.round, changed);
        }
        _thirdIsWrittenAsTwo();
    }

    function testFuzz_RevertWhen_AByteIsChanged(uint256 index, uint256 at, uint8 flip) external {
        Case memory one = _case(".local.rounds", _bound(index, 0, 8));
        vm.assume(flip != 0);
        at = _bound(at, 0, one.proof.length - 1);
        one.proof[at] ^= bytes1(flip);
        // One byte cannot make a number its own negative below P, nor itself plus P.
        _refused(local, one.round, one.proof);
    }

    function testFuzz_RevertWhen_TheLengthIsWrong(uint256 index, uint256 length, bytes1 rest) external {
        Case memory one = _case(".local.rounds", _bound(index, 0, 8));
        _refused(local, one.round, bytes.concat(one.proof, rest));
        length = _bound(length, 0, one.proof.length - 1);
        bytes memory proof = one.proof;
        assembly ("memory-safe") {
            mstore(proof, length)
        }
        _refused(local, one.round, proof);
    }

    function test_TheSignOfANonSquareMattersNot() external {
        Case memory one = _case(".local.rounds", 1);
        bytes memory other = _with(one.proof, FIRST_NON_SQUARE, P - _word(one.proof, FIRST_NON_SQUARE));
        vm.assertEq(local.prove(one.round, other), one.seed);
    }

    function test_ARefusalIsCheap() external {
        Case memory one = _case(".evmnet.rounds", 0);
        // Of these the precompiles would tell as well, at the price of all the gas that they were given.
        bytes[7] memory bad = [
            _with(one.proof, Y, _word(one.proof, Y) ^ 1),
            _with(one.proof, X, _word(one.proof, X) + P),
            _with(one.proof, Y, _word(one.proof, Y) + P),
            _with(one.proof, FIRST_ROOT, _word(one.proof, FIRST_ROOT) ^ 2),
            // Below P times two and above P, of the parity that is asked for.
            _with(one.proof, FIRST_ROOT, 2 * P - _word(one.proof, FIRST_ROOT)),
            _with(one.proof, INVERSE, 1),
            _with(one.proof, Y, P - _word(one.proof, Y)) // only the pairing tells, for 113,000
        ];
        for (uint256 i; i < bad.length; ++i) {
            uint256 before = gasleft();
            (bool done,) = address(evmnet).call(abi.encodeCall(IRandomness.prove, (one.round, bad[i])));
            vm.assertTrue(!done);
            vm.assertLe(before - gasleft(), i < 6 ? 20_000 : 140_000);
        }
    }

    /* ROUNDS AND TIMES */

    function testFuzz_RoundAfterIsTheFirstPublishedLater(uint40 time) external view {
        time = uint40(_bound(time, 0, type(uint40).max - 3));
        uint64 round = evmnet.roundAfter(time);
        vm.assertLt(time, evmnet.timeOf(round));
        if (round > 1) vm.assertLe(evmnet.timeOf(round - 1), time);
    }

    function test_TheFirstRoundComesAfterAnyTimeBeforeTheGenesis() external view {
        vm.assertEq(evmnet.roundAfter(0), 1);
        vm.assertEq(evmnet.roundAfter(1_727_521_074), 1);
        vm.assertEq(evmnet.roundAfter(1_727_521_075), 2);
        vm.assertEq(evmnet.roundAfter(1_727_521_077), 2);
        vm.assertEq(evmnet.roundAfter(1_727_521_078), 3);
        vm.assertEq(uint256(evmnet.timeOf(1)), 1_727_521_075);
        // drand's own count: this round was published on 2025-08-18 at 15:59:13.
        vm.assertEq(uint256(evmnet.timeOf(9_337_227)), 1_755_532_753);
    }

    function test_RevertWhen_TheRoundHasNoTime() external {
        uint64 last = uint64((type(uint40).max - 1_727_521_075) / 3 + 1);
        vm.assertLe(evmnet.timeOf(last), type(uint40).max);
        uint64[3] memory rounds = [0, last + 1, type(uint64).max];
        for (uint256 i; i < 3; ++i) {
            bytes memory error = abi.encodeWithSelector(IRandomness.Randomness_BadRound.selector, rounds[i]);
            vm.expectRevert(error);
            evmnet.timeOf(rounds[i]);
            vm.expectRevert(error);
            evmnet.prove(rounds[i], "");
        }
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_BadRound.selector, last + 1));
        evmnet.roundAfter(type(uint40).max);

        // Where rounds come every second, the last second has one.
        DrandBeacon everySecond = new DrandBeacon(_key(".evmnet"), 1, 1);
        vm.assertEq(uint256(everySecond.timeOf(type(uint40).max)), type(uint40).max);
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_BadRound.selector, uint64(1) << 40));
        everySecond.timeOf(uint64(1) << 40);
    }

    function test_RevertWhen_NobodyProvedTheRound() external {
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_NotProved.selector, 1));
        evmnet.seedOf(1);
    }

    /* CONSTRUCTION */

    function test_ParametersAreKept() external view {
        vm.assertEq(uint256(evmnet.GENESIS()), 1_727_521_075);
        vm.assertEq(uint256(evmnet.PERIOD()), 3);
        vm.assertEq(keccak256(abi.encode(evmnet.publicKey())), keccak256(abi.encode(_key(".evmnet"))));
    }

    function test_RevertWhen_TheKeyIsNone() external {
        bytes memory error = abi.encodeWithSelector(DrandBeacon.DrandBeacon_BadParameters.selector, "key");
        uint256[4] memory none;
        vm.expectRevert(error);
        new DrandBeacon(none, 1, 3);

        uint256[4] memory off = _key(".evmnet");
        off[3] ^= 1;
        vm.expectRevert(error);
        new DrandBeacon(off, 1, 3);

        uint256[4] memory swapped = _key(".evmnet");
        (swapped[0], swapped[1]) = (swapped[1], swapped[0]);
        vm.expectRevert(error);
        new DrandBeacon(swapped, 1, 3);

        // On the twist, but of another order.
        vm.expectRevert(error);
        new DrandBeacon(_outsideTheGroup(), 1, 3);
    }

    function test_RevertWhen_ThePeriodIsZero() external {
        uint256[4] memory key = _key(".evmnet");
        vm.expectRevert(abi.encodeWithSelector(DrandBeacon.DrandBeacon_BadParameters.selector, "period"));
        new DrandBeacon(key, 1, 0);
    }

    /* INSIDE */

    function _refused(DrandBeacon beacon, uint64 round, bytes memory proof) private {
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_BadProof.selector, round));
        beacon.prove(round, proof);
    }

    /// @dev Of every round whose first point is the third candidate.
    function _thirdIsWrittenAsTwo() private {
        uint256 found;
        for (uint256 i; _has(".local.rounds", i); ++i) {
            Case memory one = _case(".local.rounds", i);
            if (uint8(one.proof[FIRST_KIND]) != 2) continue;
            ++found;
            for (uint256 kind = 3; kind < 256; ++kind) {
                one.proof[FIRST_KIND] = bytes1(uint8(kind));
                _refused(local, one.round, one.proof);
            }
        }
        vm.assertEq(found, 3);
    }

    function _outsideTheGroup() private view returns (uint256[4] memory) {
        return abi.decode(vm.parseJsonBytes(json, ".outsideTheGroup"), (uint256[4]));
    }
}
