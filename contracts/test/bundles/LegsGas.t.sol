// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Attesters} from "../../src/bundles/Attesters.sol";
import {BundleHashes} from "../../src/bundles/BundleHashes.sol";
import {Bundle, Leg, LegKind, LegStatus, Mode, NO_LEG, Outcome, Splice} from "../../src/bundles/BundleTypes.sol";
import {Escrow} from "../../src/bundles/Escrow.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {AttesterLimits, Batch, IAttesters, Signed} from "../../src/bundles/IAttesters.sol";
import {Finish, HeldLeg} from "../../src/bundles/IEscrow.sol";
import {OtherLeg} from "../../src/bundles/ILanes.sol";
import {BundleDecision, LegReceipt, LegWords, RunnableLeg} from "../../src/bundles/ISettler.sol";
import {Settler} from "../../src/bundles/Settler.sol";
import {Permit} from "../../src/lib/Permits.sol";
import {TestToken} from "../doubles/Tokens.sol";
import {Test, Vm} from "../Test.sol";

/// @dev Takes whatever comes.
contract Sink {
    fallback() external payable {}
}

/// forge-config: default.isolate = true
/// @dev What the rollups' side of a bundle costs, each a transaction of its own, with the real attesters: five of equal weight, of
///      whom three signed. Legs call an empty contract with 128 bytes, none of them zero. Where a ceiling is not what was
///      wanted, docs/decisions/gas.md says why.
contract LegsGasTest is Test {
    uint40 private constant START = 1_750_000_000;
    uint40 private constant DEADLINE = START + 1 hours;
    uint256 private constant KEY = 700;
    uint64 private constant ELSEWHERE = 4_217;
    uint256 private constant SALT = uint256(keccak256("salt"));

    Attesters private attesters;
    Settler private settler;
    Escrow private escrow;
    TestToken private token;
    address private sink;
    address private relayer = address(uint160(uint256(keccak256("relayer"))));

    function setUp() external {
        vm.warp(START);
        attesters = new Attesters(
            AttesterLimits({
                hubChainId: block.chainid + 1,
                stakeManager: address(1),
                domain: 15,
                quorumBps: 6_000,
                longestValidity: 10 minutes,
                longestAge: 7 days,
                deployer: address(this)
            })
        );
        uint256[] memory seats = new uint256[](5);
        for (uint256 i; i < 5; ++i) {
            seats[i] = uint256(uint160(vm.addr(KEY + i))) << 96 | 100;
        }
        attesters.begin(1, 500, seats);
        settler = new Settler(address(attesters), address(2));
        escrow = new Escrow(address(attesters), block.chainid + 1, address(3), address(2), address(2), 36 hours);
        token = new TestToken();
        sink = address(new Sink());
        // Nobody's first leg: the word is not empty.
        _runMany(0, 1, 128, LegKind.Shared);
    }

    /* RUNNING */

    function test_RunAlone() external {
        _runMany(1, 1, 128, LegKind.Shared);
        _measured("leg of 128 bytes, alone", 1, 80_000);
        _runMany(256, 1, 128, LegKind.Shared);
        _measured("leg of 128 bytes, alone, first of its word", 1, 95_000);
        _runMany(256, 1, 128, LegKind.Shared);
        _measured("leg that ran before, alone", 1, 63_000);
    }

    function test_RunInABatch() external {
        _runMany(1, 10, 128, LegKind.Shared);
        _measured("leg of 128 bytes, one of 10", 10, 18_500);
        _runMany(11, 50, 128, LegKind.Shared);
        _measured("leg of 128 bytes, one of 50", 50, 13_000);
        _runMany(61, 100, 128, LegKind.Shared);
        _measured("leg of 128 bytes, one of 100", 100, 12_500);
        _runMany(161, 50, 512, LegKind.Shared);
        _measured("leg of 512 bytes, one of 50", 50, 28_000);
    }

    function test_RunFromAccounts() external {
        _runMany(1, 1, 128, LegKind.Account);
        _measured("leg from an account that is made for it, alone", 1, 126_000);
        _runMany(2, 1, 128, LegKind.Account);
        _measured("leg from an account, alone", 1, 80_000);
        _runMany(3, 50, 128, LegKind.Account);
        _measured("leg from an account, one of 50", 50, 14_000);
    }

    function test_RunWithAResult() external {
        Leg memory leg = _leg(1, 128, LegKind.Shared);
        leg.needsOk = 1;
        leg.splices = new Splice[](1);
        leg.splices[0] = Splice({from: 0, source: 32, length: 32, target: 4});
        RunnableLeg[] memory legs = new RunnableLeg[](1);
        legs[0] = _runnable(leg, 512, 1);
        (legs[0].inputs, legs[0].needs) = (abi.encode(leg.splices, leg.conditions), hex"00");
        LegReceipt[] memory receipts = new LegReceipt[](1);
        bytes memory returned = abi.encode(1, SALT, 3);
        receipts[0] = LegReceipt(512, LegStatus.Ok, keccak256(returned), relayer, returned);
        bytes32[] memory facts = new bytes32[](2);
        facts[0] = Facts.opened(512, 1, vm.addr(1), DEADLINE, BundleHashes.legHash(leg));
        facts[1] = Facts.receipt(512, LegStatus.Ok, keccak256(returned), relayer);
        settler.run(legs, receipts, new BundleDecision[](0), _evidence(facts), relayer);
        _measured("leg that takes 32 of 96 bytes, alone, first of its word", 1, 107_000);
        vm.assertTrue(settler.isSettled(513));
    }

    /* HOLDING */

    function test_HoldAndFinish() external {
        token.mint(vm.addr(1), 1_000_000);
        vm.prank(vm.addr(1));
        token.approve(address(escrow), type(uint256).max);
        token.mint(address(escrow), 1);
        uint256 held = _hold(1, 1);
        uint256 paid = _finish(1, 1);
        _is("leg held", held, 100_000);
        _is("held leg paid, alone", paid, 95_000);
        // Each held and paid on a chain of its own.
        _is("two legs held and paid, alone", 2 * (held + paid), 400_000);
        _hold(2, 20);
        uint256 among = _finish(2, 20) / 20;
        _is("held leg paid, one of 20", among, 36_000);
        _is("two legs held and paid, one of 20", 2 * (held + among), 250_000);
    }

    /// @dev Of a bundle whose other leg is on a lane with a limit: shown, counted as it enters, and as it ends.
    function test_HoldAndFinishOnALane() external {
        token.mint(vm.addr(1), 1_000_000);
        vm.prank(vm.addr(1));
        token.approve(address(escrow), type(uint256).max);
        token.mint(address(escrow), 1);
        vm.prank(escrow.governor());
        escrow.setLaneLimit(ELSEWHERE, address(token), 1_000_000);
        OtherLeg[] memory others = new OtherLeg[](1);
        others[0] = OtherLeg(ELSEWHERE, LegKind.Escrow, vm.addr(3), 7e18, 0, keccak256("parties"), bytes32(SALT));
        for (uint256 which = 1; which <= 2; ++which) {
            (Bundle memory header, bytes32[] memory hashes, HeldLeg memory leg) = _held(which);
            token.mint(vm.addr(1_000 + which), 1);
            vm.prank(vm.addr(1));
            escrow.prepareAcross(header, hashes, 0, leg, "", Permit(0, 0, 0, 0, 0), others);
        }
        _is("leg held on a bounded lane", vm.lastCallGas().gasTotalUsed, 160_000);
        _finish(1, 1);
        _is("held leg paid on a bounded lane, alone", _finish(2, 1), 112_000);
    }

    function test_TakeBack() external {
        token.mint(vm.addr(1), 1_000_000);
        vm.prank(vm.addr(1));
        token.approve(address(escrow), type(uint256).max);
        _hold(1, 1);
        (Bundle memory header,, HeldLeg memory leg) = _held(1);
        vm.warp(DEADLINE + 36 hours + 1);
        escrow.takeBack(header, 0, leg, 0);
        _measured("held leg taken back", 1, 80_000);
    }

    /* HOW IT IS MEASURED */

    /// @dev What runs here is less than the floor price of the bytes (EIP-7623), which is in a figure with the transaction's own gas.
    function test_FiguresAreOfWholeTransactions() external {
        bytes memory data = _leg(1, 512, LegKind.Shared).data;
        (bool done,) = sink.call(data);
        vm.assertTrue(done);
        vm.assertEq(uint256(vm.lastCallGas().gasTotalUsed), 21_000 + 40 * 512);
    }

    function test_FiguresAreWithRealAttesters() external {
        Leg memory leg = _leg(1, 128, LegKind.Shared);
        RunnableLeg[] memory legs = new RunnableLeg[](1);
        legs[0] = _runnable(leg, 1, 0);
        bytes32[] memory facts = new bytes32[](1);
        facts[0] = Facts.opened(1, 0, vm.addr(1), DEADLINE, BundleHashes.legHash(leg));
        bytes memory evidence = _evidenceBy(facts, 5);
        vm.expectRevert(abi.encodeWithSelector(IAttesters.Attesters_NoQuorum.selector, 200, 500));
        settler.run(legs, new LegReceipt[](0), new BundleDecision[](0), evidence, relayer);
    }

    /* INSIDE */

    function _leg(uint256 ordinal, uint256 size, LegKind kind) private view returns (Leg memory leg) {
        (leg.chainId, leg.kind, leg.target, leg.gasLimit) = (block.chainid, kind, sink, 100_000);
        leg.undoes = NO_LEG;
        leg.salt = keccak256(abi.encode(ordinal, SALT));
        leg.data = new bytes(size);
        for (uint256 i; i < size; ++i) {
            leg.data[i] = bytes1(uint8(1 + uint256(keccak256(abi.encode(ordinal, i))) % 255));
        }
    }

    function _runnable(Leg memory leg, uint64 base, uint8 index) private pure returns (RunnableLeg memory one) {
        address owner = vm.addr(1);
        one.words = LegWords({
            place: uint256(uint160(owner)) << 96 | uint256(DEADLINE) << 56 | uint256(index) << 48,
            rules: uint256(base) << 192 | uint256(leg.gasLimit) << 160 | uint256(leg.needsOk) << 128
                | uint256(leg.undoes) << 56 | uint256(leg.kind) << 48,
            callee: uint256(uint160(leg.target)) << 96 | leg.value,
            salt: leg.salt
        });
        one.data = leg.data;
    }

    function _runMany(uint64 first, uint64 count, uint256 size, LegKind kind) private {
        RunnableLeg[] memory legs = new RunnableLeg[](count);
        bytes32[] memory facts = new bytes32[](count);
        for (uint64 i; i < count; ++i) {
            Leg memory leg = _leg(first + i, size, kind);
            legs[i] = _runnable(leg, first + i, 0);
            facts[i] = Facts.opened(first + i, 0, vm.addr(1), DEADLINE, BundleHashes.legHash(leg));
        }
        settler.run(legs, new LegReceipt[](0), new BundleDecision[](0), _evidence(facts), relayer);
    }

    function _held(uint256 which) private view returns (Bundle memory header, bytes32[] memory hashes, HeldLeg memory leg) {
        // Recipients hold some already; who never did pays 17,100 more for his slot, at any escrow.
        leg = HeldLeg({
            kind: LegKind.Escrow,
            target: address(token),
            value: uint96(100 + which),
            gasLimit: 0,
            data: abi.encode(vm.addr(1), vm.addr(1_000 + which)),
            salt: keccak256(abi.encode(which))
        });
        Leg memory whole;
        (whole.chainId, whole.kind, whole.target, whole.value) = (block.chainid, leg.kind, leg.target, leg.value);
        (whole.data, whole.undoes, whole.salt) = (leg.data, NO_LEG, leg.salt);
        hashes = new bytes32[](2);
        hashes[0] = BundleHashes.legHash(whole);
        (whole.chainId, whole.target, whole.value) = (ELSEWHERE, vm.addr(3), 7e18);
        (whole.data, whole.salt) = ("parties", bytes32(SALT));
        hashes[1] = BundleHashes.legHash(whole);
        header = Bundle({
            owner: vm.addr(1),
            mode: Mode.Escrowed,
            legs: 2,
            deadline: DEADLINE,
            legsHash: keccak256(abi.encodePacked(hashes)),
            fee: 1e12,
            salt: uint64(which)
        });
    }

    function _hold(uint256 first, uint256 count) private returns (uint256 used) {
        for (uint256 which = first; which < first + count; ++which) {
            (Bundle memory header, bytes32[] memory hashes, HeldLeg memory leg) = _held(which);
            token.mint(vm.addr(1_000 + which), 1);
            vm.prank(vm.addr(1));
            escrow.prepare(header, hashes, 0, leg, "", Permit(0, 0, 0, 0, 0));
            used = vm.lastCallGas().gasTotalUsed;
        }
    }

    function _finish(uint256 first, uint256 count) private returns (uint256) {
        Finish[] memory legs = new Finish[](count);
        BundleDecision[] memory decisions = new BundleDecision[](count);
        bytes32[] memory facts = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            (Bundle memory header,, HeldLeg memory leg) = _held(first + i);
            bytes32 id = escrow.idOf(header);
            legs[i] = Finish({id: id, index: 0, decision: uint8(i), gas: 0, leg: leg});
            decisions[i] = BundleDecision({id: id, base: uint64(900 + i), outcome: Outcome.Committed});
            facts[i] = Facts.decision(id, uint64(900 + i), Outcome.Committed);
        }
        bytes memory evidence = _evidence(facts);
        escrow.finish(legs, decisions, evidence, relayer);
        return vm.lastCallGas().gasTotalUsed;
    }

    /// @dev The whole batch, signed by seats 0, 2 and 3.
    function _evidence(bytes32[] memory leaves) private view returns (bytes memory) {
        return _evidenceBy(leaves, 13);
    }

    function _evidenceBy(bytes32[] memory leaves, uint256 seats) private view returns (bytes memory) {
        bytes32[] memory nodes = new bytes32[](2 * leaves.length - 1);
        for (uint256 k; k < leaves.length; ++k) {
            nodes[nodes.length - 1 - k] = leaves[k];
        }
        for (uint256 i = leaves.length - 1; i != 0; --i) {
            (bytes32 one, bytes32 other) = (nodes[2 * i - 1], nodes[2 * i]);
            nodes[i - 1] = one < other ? keccak256(abi.encode(one, other)) : keccak256(abi.encode(other, one));
        }
        uint40 until = START + 5 minutes;
        bytes32 digest = attesters.digestOf(1, until, nodes[0]);
        bytes memory signatures;
        for (uint256 seat; seat < 5; ++seat) {
            if (seats >> seat & 1 == 0) continue;
            (bytes32 r, bytes32 vs) = vm.signCompact(KEY + seat, digest);
            signatures = bytes.concat(signatures, r, vs);
        }
        Signed memory signed = Signed({epoch: 1, validUntil: until, seats: seats, signatures: signatures});
        return abi.encode(Batch(nodes[0], signed, new bytes32[](0), new bool[](0)));
    }

    function _measured(string memory what, uint256 legs, uint256 most) private {
        _is(what, uint256(vm.lastCallGas().gasTotalUsed) / legs, most);
    }

    function _is(string memory what, uint256 used, uint256 most) private {
        vm.snapshotValue("bundle-legs", what, used);
        vm.assertLe(used, most, what);
    }
}
