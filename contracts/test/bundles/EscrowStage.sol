// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BundleHashes} from "../../src/bundles/BundleHashes.sol";
import {Bundle, Leg, LegKind, Mode, NO_LEG, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Escrow} from "../../src/bundles/Escrow.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {Finish, HeldLeg} from "../../src/bundles/IEscrow.sol";
import {BundleDecision} from "../../src/bundles/ISettler.sol";
import {Permit} from "../../src/lib/Permits.sol";
import {TestToken} from "../doubles/Tokens.sol";
import {TestVerifier} from "../doubles/Verifier.sol";
import {Test} from "../Test.sol";

/// @dev An escrow with a verifier that believes the test, a bundle of two legs (alice pays bob, bob pays alice), and the words
///      to act with.
abstract contract EscrowStage is Test {
    uint40 internal constant START = 1_750_000_000;
    uint40 internal constant DEADLINE = START + 1 hours;
    uint40 internal constant ESCAPE = 36 hours;
    uint64 internal constant BASE = 5_000;
    uint256 internal constant HUB_CHAIN = 7;
    address internal constant HUB = address(0xb0b);
    uint256 internal constant ALICE_KEY = 11;
    uint256 internal constant BOB_KEY = 12;

    address internal immutable relayer = address(uint160(uint256(keccak256("relayer"))));
    address internal immutable guardian = address(uint160(uint256(keccak256("guardian"))));
    address internal immutable governor = address(uint160(uint256(keccak256("governor"))));
    address internal alice;
    address internal bob;

    TestVerifier internal verifier;
    Escrow internal escrow;
    TestToken internal token;
    TestToken internal coin;

    HeldLeg[] internal held;
    Bundle internal header;
    bytes32 internal id;

    function setUp() public virtual {
        vm.warp(START);
        (alice, bob) = (vm.addr(ALICE_KEY), vm.addr(BOB_KEY));
        verifier = new TestVerifier();
        escrow = new Escrow(address(verifier), HUB_CHAIN, HUB, guardian, governor, ESCAPE);
        (token, coin) = (new TestToken(), new TestToken());
        for (uint256 i; i < 2; ++i) {
            (TestToken which, address payer) = i == 0 ? (token, alice) : (coin, bob);
            which.mint(payer, 1_000e6);
            vm.prank(payer);
            which.approve(address(escrow), type(uint256).max);
        }
        _bundle(_pays(address(token), alice, bob, 100e6), _pays(address(coin), bob, alice, 70e6));
    }

    /* BUNDLES */

    function _pays(address what, address payer, address recipient, uint96 amount)
        internal
        pure
        returns (HeldLeg memory)
    {
        return HeldLeg({
            kind: LegKind.Escrow,
            target: what,
            value: amount,
            gasLimit: 0,
            data: abi.encode(payer, recipient),
            salt: keccak256("salt")
        });
    }

    function _bundle(HeldLeg memory first, HeldLeg memory second) internal virtual {
        delete held;
        held.push(first);
        held.push(second);
        header = Bundle({
            owner: alice,
            mode: Mode.Escrowed,
            legs: 2,
            deadline: DEADLINE,
            legsHash: keccak256(abi.encodePacked(_hashes())),
            fee: 0,
            salt: 1
        });
        id = _idOf();
    }

    function _idOf() internal view returns (bytes32) {
        return BundleHashes.idOf(_hubDomain(), header);
    }

    /// @dev Of the hub that the escrow was built for.
    function _hubDomain() internal view virtual returns (bytes32) {
        return BundleHashes.domainOf(HUB_CHAIN, HUB);
    }

    function _hashes() internal view returns (bytes32[] memory hashes) {
        hashes = new bytes32[](held.length);
        for (uint256 i; i < held.length; ++i) {
            hashes[i] = _hashOf(held[i]);
        }
    }

    function _hashOf(HeldLeg memory one) internal view returns (bytes32) {
        Leg memory leg;
        (leg.chainId, leg.kind, leg.target, leg.value) = (block.chainid, one.kind, one.target, one.value);
        (leg.gasLimit, leg.data, leg.undoes, leg.salt) = (one.gasLimit, one.data, NO_LEG, one.salt);
        return BundleHashes.legHash(leg);
    }

    /* ACTING */

    function _prepare(uint8 index, address who) internal {
        bytes32[] memory hashes = _hashes();
        Bundle memory header_ = header;
        HeldLeg memory leg = held[index];
        vm.prank(who);
        escrow.prepare(header_, hashes, index, leg, "", Permit(0, 0, 0, 0, 0));
    }

    function _prepareSigned(uint8 index, bytes memory signature) internal {
        escrow.prepare(header, _hashes(), index, held[index], signature, Permit(0, 0, 0, 0, 0));
    }

    function _prepareBoth() internal {
        _prepare(0, alice);
        _prepare(1, bob);
    }

    function _signed(uint256 key) internal view returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, id);
        return abi.encodePacked(r, vs);
    }

    function _decided(Outcome outcome) internal returns (BundleDecision[] memory list) {
        list = new BundleDecision[](1);
        list[0] = BundleDecision({id: id, base: BASE, outcome: outcome});
        verifier.say(Facts.decision(id, BASE, outcome));
    }

    function _both() internal view returns (Finish[] memory list) {
        list = new Finish[](2);
        for (uint8 i; i < 2; ++i) {
            list[i] = Finish({id: id, index: i, decision: 0, gas: 0, leg: held[i]});
        }
    }

    function _finishBoth(Outcome outcome) internal {
        escrow.finish(_both(), _decided(outcome), "", relayer);
    }
}
