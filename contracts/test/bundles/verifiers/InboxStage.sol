// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BundleHashes} from "../../../src/bundles/BundleHashes.sol";
import {BundleHub} from "../../../src/bundles/BundleHub.sol";
import {Bundle, Leg, LegKind, Mode, NO_LEG} from "../../../src/bundles/BundleTypes.sol";
import {Escrow} from "../../../src/bundles/Escrow.sol";
import {HubLimits} from "../../../src/bundles/IBundleHub.sol";
import {HeldLeg} from "../../../src/bundles/IEscrow.sol";
import {Identifier} from "../../../src/bundles/verifiers/ICrossL2Inbox.sol";
import {Part, Showing, Source, Told} from "../../../src/bundles/verifiers/IInboxVerifier.sol";
import {InboxVerifier} from "../../../src/bundles/verifiers/InboxVerifier.sol";
import {Permit} from "../../../src/lib/Permits.sol";
import {TestInbox} from "../../doubles/Inbox.sol";
import {TestToken} from "../../doubles/Tokens.sol";
import {Test, Vm} from "../../Test.sol";

/// @dev A real hub on chain 7 and a real escrow on the tests' chain, both built with the verifier, and an inbox that knows the
///      logs which those two wrote. alice pays bob in one token, bob pays alice in another.
abstract contract InboxStage is Test {
    uint40 internal constant START = 1_750_000_000;
    uint40 internal constant DEADLINE = START + 1 hours;
    uint256 internal constant HUB_CHAIN = 7;
    uint256 internal constant OUR_CHAIN = 31_337;
    address internal constant SETTLER = address(0x5e771e);
    address internal constant ALICE = address(0xa11ce);
    address internal constant BOB = address(0xb0b);

    TestInbox internal inbox;
    InboxVerifier internal verifier;
    BundleHub internal hub;
    Escrow internal escrow;
    HeldLeg[] internal held;
    Bundle internal header;
    bytes32 internal id;
    /// @dev The first ordinal of the hub.
    uint64 internal first;
    uint256 private _logs;

    function setUp() public virtual {
        vm.warp(START);
        verifier = new InboxVerifier(address(this), HUB_CHAIN);
        inbox = TestInbox(address(verifier.INBOX()));
        vm.etch(address(inbox), address(new TestInbox()).code);
        vm.chainId(HUB_CHAIN);
        hub = new BundleHub(
            HubLimits({
                verifier: address(verifier),
                attesters: address(1),
                stakeManager: address(1),
                guardian: address(this),
                longestWindow: 7 days,
                graceSeconds: 12 hours,
                reclaimSeconds: 14 days,
                attesterBps: 0
            })
        );
        first = hub.nextOrdinal();
        vm.chainId(OUR_CHAIN);
        escrow = new Escrow(address(verifier), HUB_CHAIN, address(hub), address(this), address(this), 36 hours);
        verifier.name(_sources());
        held.push(_pays(ALICE, BOB, 100e6));
        held.push(_pays(BOB, ALICE, 70e6));
        header = Bundle({
            owner: ALICE,
            mode: Mode.Escrowed,
            legs: 2,
            deadline: DEADLINE,
            legsHash: keccak256(abi.encodePacked(_hashes())),
            fee: 0,
            salt: 1
        });
        id = escrow.idOf(header);
    }

    function _sources() internal view returns (Source[] memory sources) {
        sources = new Source[](3);
        sources[0] = Source(HUB_CHAIN, address(hub), Part.Hub);
        sources[1] = Source(OUR_CHAIN, address(escrow), Part.Escrow);
        sources[2] = Source(OUR_CHAIN, SETTLER, Part.Settler);
    }

    function _pays(address payer, address recipient, uint96 amount) private returns (HeldLeg memory) {
        TestToken token = new TestToken();
        token.mint(payer, amount);
        vm.prank(payer);
        token.approve(address(escrow), amount);
        return HeldLeg(LegKind.Escrow, address(token), amount, 0, abi.encode(payer, recipient), "");
    }

    function _hashes() internal view returns (bytes32[] memory hashes) {
        hashes = new bytes32[](held.length);
        for (uint256 i; i < held.length; ++i) {
            Leg memory leg;
            (leg.chainId, leg.kind, leg.target, leg.value) = (OUR_CHAIN, held[i].kind, held[i].target, held[i].value);
            (leg.data, leg.undoes) = (held[i].data, NO_LEG);
            hashes[i] = BundleHashes.legHash(leg);
        }
    }

    /* WHAT HAPPENS, AND ITS LOG */

    function _open() internal returns (Showing memory shown) {
        vm.chainId(HUB_CHAIN);
        vm.recordLogs();
        Bundle memory header_ = header;
        vm.prank(ALICE);
        hub.open(header_, hex"1234");
        shown = _of(_lastLog());
        shown.legHashes = _hashes();
        vm.chainId(OUR_CHAIN);
    }

    function _prepareBoth() internal returns (Showing memory shown) {
        shown.logs = new Told[](2);
        bytes32[] memory hashes = _hashes();
        Bundle memory header_ = header;
        for (uint8 i; i < 2; ++i) {
            HeldLeg memory leg = held[i];
            vm.recordLogs();
            vm.prank(i == 0 ? ALICE : BOB);
            escrow.prepare(header_, hashes, i, leg, "", Permit(0, 0, 0, 0, 0));
            shown.logs[i] = _told(vm.getRecordedLogs()[0], OUR_CHAIN);
        }
        shown.bundle = header;
    }

    function _abort() internal returns (Showing memory) {
        vm.chainId(HUB_CHAIN);
        vm.recordLogs();
        Bundle memory header_ = header;
        vm.prank(ALICE);
        hub.abort(header_);
        Told memory told = _lastLog();
        vm.chainId(OUR_CHAIN);
        return _of(told);
    }

    function _lastLog() internal returns (Told memory) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        return _told(logs[logs.length - 1], block.chainid);
    }

    /// @dev The log as a cluster names it; the inbox of the others knows it from now on.
    function _told(Vm.Log memory log, uint256 chainId) internal returns (Told memory told) {
        for (uint256 i; i < log.topics.length; ++i) {
            told.payload = bytes.concat(told.payload, log.topics[i]);
        }
        told.payload = bytes.concat(told.payload, log.data);
        told.id = Identifier(log.emitter, block.number, _logs++, block.timestamp, chainId);
        _know(told);
    }

    function _know(Told memory told) internal {
        inbox.know(told.id, keccak256(told.payload));
    }

    function _of(Told memory told) internal pure returns (Showing memory shown) {
        shown.logs = new Told[](1);
        shown.logs[0] = told;
    }

    function _evidence(Showing memory shown) internal pure returns (bytes memory) {
        Showing[] memory list = new Showing[](1);
        list[0] = shown;
        return abi.encode(list);
    }

    function _one(bytes32 leaf) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](1);
        leaves[0] = leaf;
    }
}
