// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle, LegKind, Mode, Outcome} from "../../src/bundles/BundleTypes.sol";
import {HeldLeg, IEscrow} from "../../src/bundles/IEscrow.sol";
import {TestDollar} from "../../src/lib/TestDollar.sol";
import {Permit} from "../../src/lib/Permits.sol";
import {ShownWallet} from "../doubles/ShownWallet.sol";
import {SilentToken, TestToken} from "../doubles/Tokens.sol";
import {EscrowStage} from "./EscrowStage.sol";

contract EscrowPrepareTest is EscrowStage {
    /* holding */

    function test_HoldsWhatThePayerCommittedTo() external {
        vm.expectEmit(address(escrow));
        emit IEscrow.Prepared(id, 0, _hashOf(held[0]));
        _prepare(0, alice);
        vm.assertEq(token.balanceOf(address(escrow)), 100e6);
        vm.assertEq(escrow.slotOf(id, 0), _hashOf(held[0]));
        vm.assertEq(escrow.idOf(header), id);
    }

    function test_ASignatureOfTheIdIsEnough() external {
        _prepareSigned(0, _signed(ALICE_KEY));
        _prepareSigned(1, _signed(BOB_KEY));
        vm.assertEq(token.balanceOf(address(escrow)), 100e6);
        vm.assertEq(coin.balanceOf(address(escrow)), 70e6);
    }

    function test_AContractSignsToo() external {
        ShownWallet wallet = new ShownWallet();
        token.mint(address(wallet), 100e6);
        vm.prank(address(wallet));
        token.approve(address(escrow), 100e6);
        _bundle(_pays(address(token), address(wallet), bob, 100e6), held[1]);
        wallet.show(id);
        _prepareSigned(0, "");
        vm.assertEq(token.balanceOf(address(escrow)), 100e6);
    }

    function test_APermitStandsForAnAllowance() external {
        TestDollar dollar = new TestDollar();
        dollar.faucet(alice);
        _bundle(_pays(address(dollar), alice, bob, 5e6), held[1]);
        bytes32 typehash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 hash = keccak256(abi.encode(typehash, alice, address(escrow), 5e6, 0, DEADLINE));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(ALICE_KEY, keccak256(abi.encodePacked(hex"1901", dollar.DOMAIN_SEPARATOR(), hash)));
        // Whoever saw it used it first: no harm.
        dollar.permit(alice, address(escrow), 5e6, DEADLINE, v, r, s);
        escrow.prepare(header, _hashes(), 0, held[0], _signed(ALICE_KEY), Permit(5e6, DEADLINE, v, r, s));
        vm.assertEq(dollar.balanceOf(address(escrow)), 5e6);
    }

    function test_TakesATokenThatReturnsNothing() external {
        SilentToken silent = new SilentToken();
        silent.mint(alice, 9);
        _bundle(_pays(address(silent), alice, bob, 9), held[1]);
        _prepare(0, alice);
        vm.assertEq(silent.balanceOf(address(escrow)), 9);
    }

    /* refusing */

    function test_RevertWhen_ThePayerDidNotSign() external {
        bytes memory notSigned = abi.encodeWithSelector(IEscrow.Escrow_NotSigned.selector, id, alice);
        vm.expectRevert(notSigned);
        _prepareSigned(0, "");
        bytes memory signature = _signed(BOB_KEY);
        vm.expectRevert(notSigned);
        _prepareSigned(0, signature);
        vm.expectRevert(notSigned);
        _prepare(0, bob);
    }

    /// What was signed for one bundle, hub or chain is good for no other.
    function test_RevertWhen_TheSignatureIsOfAnotherBundle() external {
        bytes memory signature = _signed(ALICE_KEY);
        header.salt = 2;
        bytes32 other = _idOf();
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_NotSigned.selector, other, alice));
        _prepareSigned(0, signature);
    }

    function test_RevertWhen_TheLegIsOfAnotherChain() external {
        uint256 here = block.chainid;
        vm.chainId(here + 1);
        _bundle(held[0], held[1]);
        bytes32[] memory hashes = _hashes();
        vm.chainId(here);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_BadLeg.selector, "hash"));
        vm.prank(alice);
        escrow.prepare(header, hashes, 0, held[0], "", Permit(0, 0, 0, 0, 0));
    }

    /// F23: on a chain that split off what is held still comes out, and nothing more goes in.
    function test_AChainThatSplitOffOnlyGivesBack() external {
        bytes32[] memory hashes = _hashes();
        (Bundle memory header_, HeldLeg memory leg) = (header, held[0]);
        _prepare(1, bob);
        vm.chainId(block.chainid + 1);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_BadLeg.selector, "chain"));
        vm.prank(alice);
        escrow.prepare(header_, hashes, 0, leg, "", Permit(0, 0, 0, 0, 0));
        vm.warp(uint256(DEADLINE) + ESCAPE + 1);
        leg = held[1];
        escrow.takeBack(header_, 1, leg, 0);
        vm.assertEq(escrow.slotOf(id, 1), bytes32(uint256(Outcome.Aborted)));
    }

    /// A leg that the header does not commit to, or at another place, is nobody's.
    function testFuzz_RevertWhen_ItIsNotWhatTheHeaderCommitsTo(uint8 what) external {
        bytes32[] memory hashes = _hashes();
        HeldLeg memory leg = held[0];
        uint8 index = 0;
        Bundle memory changed = header;
        what %= 7;
        if (what == 0) leg.value += 1;
        if (what == 1) leg.data = abi.encode(alice, alice);
        if (what == 2) index = 1;
        if (what == 3) hashes[1] = 0;
        if (what == 4) changed.legs = 3;
        if (what == 5) (leg.value, hashes[0]) = (1, _hashOf(_pays(address(token), alice, bob, 1)));
        if (what == 6) index = 2;
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_BadLeg.selector, "hash"));
        vm.prank(alice);
        escrow.prepare(changed, hashes, index, leg, "", Permit(0, 0, 0, 0, 0));
    }

    /// Who wants another's place must name another owner, deadline or leg: that is another id, and another place.
    function testFuzz_NobodyOccupiesAnothersPlace(address owner, uint64 salt, uint96 amount) external {
        vm.assume(owner != alice || salt != 1);
        amount = uint96(_bound(amount, 1, 1_000e6));
        bytes32 place = id;
        _bundle(_pays(address(coin), bob, bob, amount), held[1]);
        (header.owner, header.salt) = (owner, salt);
        _prepare(0, bob);
        vm.assertEq(escrow.slotOf(place, 0), 0);
    }

    function test_RevertWhen_ItIsHeldAlreadyOrWas() external {
        _prepare(0, alice);
        bytes memory notEmpty = abi.encodeWithSelector(IEscrow.Escrow_NotEmpty.selector, id, 0);
        bytes memory signature = _signed(ALICE_KEY);
        vm.expectRevert(notEmpty);
        _prepareSigned(0, signature);
        vm.warp(DEADLINE + ESCAPE + 1);
        escrow.takeBack(header, 0, held[0], 0);
        vm.warp(START);
        vm.expectRevert(notEmpty);
        _prepareSigned(0, signature);
    }

    /// No hub opens it, or writes down that nobody did.
    function test_RevertWhen_ThereAreMoreLegsThanAHubOpens() external {
        bytes32[] memory hashes = new bytes32[](33);
        hashes[0] = _hashOf(held[0]);
        Bundle memory header_ = header;
        (header_.legs, header_.legsHash) = (33, keccak256(abi.encodePacked(hashes)));
        HeldLeg memory leg = held[0];
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_BadLeg.selector, "hash"));
        vm.prank(alice);
        escrow.prepare(header_, hashes, 0, leg, "", Permit(0, 0, 0, 0, 0));
        assembly ("memory-safe") {
            mstore(hashes, 32)
        }
        (header_.legs, header_.legsHash) = (32, keccak256(abi.encodePacked(hashes)));
        vm.prank(alice);
        escrow.prepare(header_, hashes, 0, leg, "", Permit(0, 0, 0, 0, 0));
    }

    function test_RevertWhen_TheBundleIsOrdered() external {
        header.mode = Mode.Ordered;
        bytes memory bad = abi.encodeWithSelector(IEscrow.Escrow_BadLeg.selector, "mode");
        bytes32[] memory hashes = _hashes();
        vm.expectRevert(bad);
        escrow.prepare(header, hashes, 0, held[0], "", Permit(0, 0, 0, 0, 0));
    }

    function test_RevertWhen_ItIsTooLateOrMuchTooSoon() external {
        vm.warp(DEADLINE);
        _prepare(0, alice);
        vm.warp(DEADLINE + 1);
        bytes memory signature = _signed(BOB_KEY);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_Late.selector, DEADLINE));
        _prepareSigned(1, signature);
        vm.warp(DEADLINE - 7 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_BadLeg.selector, "deadline"));
        _prepareSigned(1, signature);
        vm.warp(DEADLINE - 7 days);
        _prepareSigned(1, signature);
    }

    function test_RevertWhen_TheLegIsNoEscrows() external {
        HeldLeg memory leg = held[0];
        leg.kind = LegKind.Shared;
        _refused(leg, "kind");
        leg = _pays(address(token), alice, bob, 0);
        _refused(leg, "value");
        leg = _pays(address(token), alice, address(0), 1);
        _refused(leg, "recipient");
        leg = _pays(address(token), alice, address(escrow), 1);
        _refused(leg, "recipient");
        leg = _pays(address(token), alice, bob, 1);
        leg.data = abi.encode(alice, bob, 1);
        _refused(leg, "data");
        leg.kind = LegKind.Participant;
        _refused(leg, "value");
    }

    function test_RevertWhen_TheTokenTakesAFee() external {
        token.behave(TestToken.Manner.TakesFee, address(0));
        bytes memory signature = _signed(ALICE_KEY);
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.Escrow_BadToken.selector, address(token), 100e6 - 1, uint256(100e6))
        );
        _prepareSigned(0, signature);
        vm.assertEq(token.balanceOf(alice), 1_000e6);
    }

    /// A token that asks its payer lets him in between the two measurements. What he brings there must not count for both.
    function test_RevertWhen_ThePayerComesInBetween() external {
        InBetween payer = new InBetween();
        token.behave(TestToken.Manner.CallsBack, address(0));
        token.mint(address(payer), 1_000e6);
        payer.approve(address(token), address(escrow));
        _bundle(_pays(address(token), address(payer), bob, 100e6), _pays(address(token), address(payer), bob, 100e6));
        bytes32[] memory hashes = _hashes();
        Permit memory none;
        payer.load(address(escrow), abi.encodeCall(IEscrow.prepare, (header, hashes, 1, held[1], bytes(""), none)));
        vm.prank(address(payer));
        escrow.prepare(header, hashes, 0, held[0], "", none);
        vm.assertEq(payer.why(), abi.encodeWithSelector(IEscrow.Escrow_Reentered.selector));
        vm.assertEq(escrow.slotOf(id, 1), 0);
        vm.assertEq(token.balanceOf(address(escrow)), 100e6);
    }

    function test_RevertWhen_Paused() external {
        vm.prank(guardian);
        escrow.pause(10 minutes);
        bytes memory signature = _signed(ALICE_KEY);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_Paused.selector, START + 10 minutes));
        _prepareSigned(0, signature);
        vm.warp(START + 10 minutes);
        _prepareSigned(0, signature);
    }

    /* inside */

    function _refused(HeldLeg memory leg, string memory what) private {
        _bundle(leg, held[1]);
        bytes32[] memory hashes = _hashes();
        vm.expectRevert(abi.encodeWithSelector(IEscrow.Escrow_BadLeg.selector, what));
        vm.prank(alice);
        escrow.prepare(header, hashes, 0, leg, "", Permit(0, 0, 0, 0, 0));
    }
}

/// @dev A payer that does something when its tokens leave.
contract InBetween {
    address private _to;
    bytes private _data;
    bytes public why;

    function approve(address token, address spender) external {
        TestToken(token).approve(spender, type(uint256).max);
    }

    function load(address to, bytes calldata data) external {
        (_to, _data) = (to, data);
    }

    function received(uint256) external {
        bool done;
        (done, why) = _to.call(_data);
        if (done) why = "";
    }
}
