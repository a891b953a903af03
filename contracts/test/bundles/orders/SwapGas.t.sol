// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Attesters} from "../../../src/bundles/Attesters.sol";
import {Bundle, Outcome} from "../../../src/bundles/BundleTypes.sol";
import {Escrow} from "../../../src/bundles/Escrow.sol";
import {Facts} from "../../../src/bundles/Facts.sol";
import {AttesterLimits, Batch, Signed} from "../../../src/bundles/IAttesters.sol";
import {Finish, HeldLeg} from "../../../src/bundles/IEscrow.sol";
import {BundleDecision} from "../../../src/bundles/ISettler.sol";
import {HashLock} from "../../../src/bundles/orders/IHashLocks.sol";
import {Order} from "../../../src/bundles/orders/IOrders.sol";
import {HashLocks} from "../../../src/bundles/orders/HashLocks.sol";
import {Orders} from "../../../src/bundles/orders/Orders.sol";
import {BundleResolver} from "../../../src/bundles/views/BundleResolver.sol";
import {Permit} from "../../../src/lib/Permits.sol";
import {OrdersStage} from "./OrdersStage.sol";

/// forge-config: default.isolate = true
/// @dev What swaps cost, each a transaction of its own, with real attesters where a decision is shown: three of five signed. Nobody's
///      balance of a token is the first. Ceilings are what they cost when they were written, and a little.
contract SwapGasTest is OrdersStage {
    uint256 private constant KEY = 700;

    Attesters private attesters;
    HashLocks private locks;

    function setUp() public override {
        super.setUp();
        attesters = new Attesters(
            AttesterLimits({
                hubChainId: HUB_CHAIN,
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
        escrow = new Escrow(address(attesters), HUB_CHAIN, HUB, guardian, governor, ESCAPE);
        (orders, locks) = (new Orders(escrow), new HashLocks());
        address[3] memory payers = [alice, bob, carol];
        address[3] memory spenders = [address(escrow), address(orders), address(locks)];
        for (uint256 i; i < 3; ++i) {
            (address payer, address spender) = (payers[i], spenders[i]);
            // All have some of both already, contracts too.
            token.mint(spender, 1);
            coin.mint(spender, 1);
            token.mint(payer, 1_000e6);
            coin.mint(payer, 1_000e6);
            for (uint256 k; k < 3; ++k) {
                vm.startPrank(payer);
                token.approve(spenders[k], 1_000e6);
                coin.approve(spenders[k], 1_000e6);
                vm.stopPrank();
            }
        }
    }

    function test_Parts() external {
        Order memory order = _order(1);
        _take(_partOf(order, 40e6));
        _prepare(0, alice);
        _measured("part set aside, the first of its order", 225_000);
        _take(_partOf(order, 30e6));
        header.salt = 1;
        _prepare(0, alice);
        _measured("part set aside, another of its order", 190_000);
        _finish(Outcome.Committed);
        _measured("part paid, alone", 118_000);
        _take(_partOf(order, 20e6));
        _prepare(0, alice);
        _finish(Outcome.Aborted);
        _measured("part given back, alone", 123_000);
    }

    function test_Locks() external {
        bytes32 secret = keccak256("secret");
        HashLock memory terms =
            HashLock(alice, bob, address(token), 100e6, sha256(abi.encode(secret)), DEADLINE, 1);
        vm.prank(alice);
        locks.lock(terms, Permit(0, 0, 0, 0, 0));
        _measured("tokens locked under a hash", 84_000);
        locks.claim(terms, secret);
        _measured("lock claimed, its secret shown the first time", 77_000);
        terms.hash = sha256(abi.encode(bytes32(uint256(2))));
        vm.prank(alice);
        locks.lock(terms, Permit(0, 0, 0, 0, 0));
        vm.warp(DEADLINE);
        locks.giveBack(terms);
        _measured("lock given back", 52_000);
    }

    /// What it costs more than going to the escrow oneself is the call, and the same words once more.
    function test_Filling() external {
        BundleResolver resolver = new BundleResolver(orders, escrow, address(1), HUB_CHAIN, 2_000);
        _bundle(_pays(address(token), alice, bob, 100e6), _pays(address(coin), bob, alice, 70e6));
        bytes memory what = abi.encode(header, _hashes(), uint8(1), held[1]);
        bytes memory filler = abi.encode(_signed(BOB_KEY), Permit(0, 0, 0, 0, 0));
        resolver.fill(id, what, filler);
        _measured("leg filled by ERC-7683", 113_000);
    }

    /* HELP */

    function _finish(Outcome outcome) private {
        BundleDecision[] memory decisions = new BundleDecision[](1);
        decisions[0] = BundleDecision(id, BASE, outcome);
        Finish[] memory one = new Finish[](1);
        one[0] = Finish(id, 0, 0, 0, held[0]);
        bytes memory evidence = _evidenceOf(Facts.decision(id, BASE, outcome));
        escrow.finish(one, decisions, evidence, relayer);
    }

    /// @dev A batch of one fact, signed by seats 0, 2 and 3.
    function _evidenceOf(bytes32 leaf) private view returns (bytes memory) {
        uint40 until = START + 5 minutes;
        bytes32 digest = attesters.digestOf(1, until, leaf);
        bytes memory signatures;
        for (uint256 seat; seat < 5; ++seat) {
            if (uint256(13) >> seat & 1 == 0) continue;
            (bytes32 r, bytes32 vs) = vm.signCompact(KEY + seat, digest);
            signatures = bytes.concat(signatures, r, vs);
        }
        return abi.encode(Batch(leaf, Signed(1, until, 13, signatures), new bytes32[](0), new bool[](0)));
    }

    function _measured(string memory name, uint256 most) private {
        vm.assertLe(vm.snapshotGasLastCall("bundle-swaps", name), most, name);
    }
}
