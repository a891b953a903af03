// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Door, Doors} from "../../../src/markets/opinions/Door.sol";
import {IOpinions, OpinionIntent, OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {Permit} from "../../../src/markets/IMarkets.sol";
import {OpinionStage} from "./OpinionStage.sol";

contract OpinionsStakeTest is OpinionStage {
    uint256 private constant CAROL = 0xCA401;
    bytes32 private constant SALT = keccak256("salt");

    OpinionMarket private terms;
    bytes32 private market;
    bytes32 private hash;
    Door private door;

    function setUp() public override {
        super.setUp();
        _open(_terms());
    }

    /* OPEN STANCES */

    function test_StakeFillsBandAndPosition() external {
        _fund(alice, address(opinions), 10e6);
        vm.expectEmit(address(opinions));
        emit IOpinions.Staked(market, alice, 13, 10e6, TEXT);
        vm.prank(alice);
        opinions.stake(hash, door, 13, 10e6, TEXT);
        _stake(terms, bob, 13, 4e6);

        (uint256 staked, uint256 count) = opinions.bandOf(market, 13);
        vm.assertEq(staked, 14e6);
        vm.assertEq(count, 2);
        (uint8 band, uint256 start, uint256 amount, bool paid) = opinions.positionOf(market, bob);
        vm.assertEq(band, 13);
        vm.assertEq(start, 10e6);
        vm.assertEq(amount, 4e6);
        vm.assertTrue(!paid);
        vm.assertEq(dollar.balanceOf(address(opinions)), 14e6);
    }

    function testFuzz_BandsDoNotTouchEachOther(uint8 a, uint8 b, uint48 x, uint48 y) external {
        (a, b) = (uint8(_bound(a, 0, 20)), uint8(_bound(b, 0, 20)));
        (x, y) = (uint48(_bound(x, LEAST_STAKE, 500e6)), uint48(_bound(y, LEAST_STAKE, 500e6)));
        _stake(terms, alice, a, x);
        _stake(terms, bob, b, y);
        for (uint8 band; band < 21; ++band) {
            (uint256 staked, uint256 count) = opinions.bandOf(market, band);
            vm.assertEq(staked, (band == a ? x : 0) + (band == b ? y : 0));
            vm.assertEq(count, (band == a ? 1 : 0) + (band == b ? 1 : 0));
        }
    }

    function test_RevertWhen_StakedBefore() external {
        _stake(terms, alice, 0, 1e6);
        _fund(alice, address(opinions), 1e6);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_AlreadyStaked.selector, market, alice));
        opinions.stake(hash, door, 1, 1e6, TEXT);
    }

    function test_RevertWhen_ThereIsNoSuchBand() external {
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NoSuchBand.selector, 21));
        opinions.stake(hash, door, 21, 1e6, TEXT);
    }

    function test_RevertWhen_TheStakeIsOutOfBounds() external {
        _refusedAmount(LEAST_STAKE - 1, 500e6);
        _refusedAmount(500e6 + 1, 500e6);
    }

    /// @dev Copying the crowd at the last second pays little.
    function test_RevertWhen_LargeInTheQuietTime() external {
        vm.warp(terms.closesAt - terms.quietSeconds);
        _refusedAmount(1e6 + 1, 1e6);
        _stake(terms, alice, 10, 1e6);
    }

    function test_RevertWhen_Closed() external {
        vm.warp(terms.closesAt);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_Closed.selector, market, terms.closesAt));
        opinions.stake(hash, door, 1, 1e6, TEXT);
    }

    /// @dev Through a door of his own one comes into a market that nobody announced: it harms nobody, and pays back.
    function test_AnotherDoorIsAnotherMarket() external {
        Door wide = Doors.door(terms.closesAt + 1 days, terms.closesAt + 1 days, terms.closesAt, 1, 1e12, 1e12);
        _fund(alice, address(opinions), 900e6);
        vm.prank(alice);
        opinions.stake(hash, wide, 3, 900e6, TEXT);
        (uint256 staked,) = opinions.bandOf(market, 3);
        vm.assertEq(staked, 0);

        vm.warp(terms.closesAt + 15 days);
        opinions.expire(hash, wide, 0);
        vm.assertEq(opinions.claim(keccak256(abi.encode(hash, wide)), alice), 900e6);
    }

    /* HIDDEN STANCES */

    function test_AHiddenStanceIsToldByAnybody() external {
        _hidden();
        bytes32 commitment = _commit(alice, 17);
        _fund(alice, address(opinions), 9e6);
        vm.expectEmit(address(opinions));
        emit IOpinions.Hidden(market, alice, commitment, "sealed");
        vm.prank(alice);
        opinions.stakeHidden(hash, door, 9e6, TEXT, commitment, "sealed");
        (uint8 band,, uint256 amount,) = opinions.positionOf(market, alice);
        vm.assertEq(band, 31);
        vm.assertEq(amount, 9e6);

        vm.warp(terms.closesAt);
        vm.prank(stranger);
        opinions.reveal(hash, door, alice, 17, SALT);
        (uint256 staked, uint256 count) = opinions.bandOf(market, 17);
        vm.assertEq(staked, 9e6);
        vm.assertEq(count, 1);
    }

    function test_RevertWhen_RevealIsNoneOrLateOrEarly() external {
        _hidden();
        _stakeHidden(alice, 17);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotClosed.selector, market, terms.closesAt));
        opinions.reveal(hash, door, alice, 17, SALT);
        vm.warp(terms.closesAt);
        _refusedReveal(alice, 16, SALT);
        _refusedReveal(alice, 17, keccak256("other"));
        _refusedReveal(bob, 17, SALT);
        opinions.reveal(hash, door, alice, 17, SALT);
        _refusedReveal(alice, 16, SALT);
        _refusedReveal(alice, 17, keccak256("other"));
        vm.warp(terms.closesAt + terms.revealSeconds);
        vm.expectRevert(
            abi.encodeWithSelector(IOpinions.Opinions_Closed.selector, market, terms.closesAt + terms.revealSeconds)
        );
        opinions.reveal(hash, door, alice, 17, SALT);
    }

    /// @dev Nothing is counted twice, and the chain does not say that it was told again.
    function test_AStanceToldAlreadyIsPassedOver() external {
        _hidden();
        _stakeHidden(alice, 17);
        _stakeHidden(bob, 17);
        vm.warp(terms.closesAt);
        opinions.reveal(hash, door, alice, 17, SALT);
        opinions.reveal(hash, door, bob, 17, SALT);
        vm.recordLogs();
        vm.prank(stranger);
        opinions.reveal(hash, door, alice, 17, SALT);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        (uint256 staked, uint256 count) = opinions.bandOf(market, 17);
        vm.assertEq(staked, 18e6);
        vm.assertEq(count, 2);
        vm.assertEq(opinions.untoldOf(market), 0);
        (uint8 band, uint256 start, uint256 amount, bool paid) = opinions.positionOf(market, alice);
        vm.assertEq(band, 17);
        vm.assertEq(start, 0);
        vm.assertEq(amount, 9e6);
        vm.assertTrue(!paid);
    }

    /// @dev There is no band 21, though a word has room for one: its weight would be of a stance beyond 100.
    function test_RevertWhen_ABandThatIsNoneIsTold() external {
        _hidden();
        _stakeHidden(alice, 21);
        vm.warp(terms.closesAt);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NoSuchBand.selector, 21));
        opinions.reveal(hash, door, alice, 21, SALT);
    }

    function test_RevertWhen_StanceIsOpenOrHiddenAgainstTheTerms() external {
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_WrongStance.selector, market));
        opinions.stakeHidden(hash, door, 1e6, TEXT, SALT, "");
        _hidden();
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_WrongStance.selector, market));
        opinions.stake(hash, door, 3, 1e6, TEXT);
    }

    /// @dev Nobody could ever tell such a stance: its stake would go to all others.
    function test_RevertWhen_AHiddenStanceCommitsToNothing() external {
        _hidden();
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_WrongStance.selector, market));
        opinions.stake(hash, door, 31, 1e6, TEXT);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_WrongStance.selector, market));
        opinions.stakeHidden(hash, door, 1e6, TEXT, 0, "");
        vm.stopPrank();
    }

    function test_RevertWhen_ACommitmentWouldBeReplaced() external {
        _hidden();
        _stakeHidden(alice, 17);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_AlreadyStaked.selector, market, alice));
        opinions.stakeHidden(hash, door, 9e6, TEXT, _commit(alice, 1), "");
    }

    /* BY SIGNATURE */

    function test_SomebodyElseSendsTheStake() external {
        address carol = vm.addr(CAROL);
        _fund(carol, address(opinions), 3e6);
        OpinionIntent memory intent = _intent(carol);
        bytes memory signature = _signed(intent);
        Permit memory none;
        vm.prank(stranger);
        opinions.stakeBySig(hash, door, intent, "", signature, none);
        (uint8 band,, uint256 amount,) = opinions.positionOf(market, carol);
        vm.assertEq(band, 5);
        vm.assertEq(amount, 3e6);
        vm.assertEq(opinions.nonceOf(carol), 1);

        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BadNonce.selector, carol, 1, 0));
        opinions.stakeBySig(hash, door, intent, "", signature, none);
    }

    function test_AnIntentIsGoodToItsLastSecond() external {
        address carol = vm.addr(CAROL);
        _fund(carol, address(opinions), 3e6);
        OpinionIntent memory intent = _intent(carol);
        bytes memory signature = _signed(intent);
        Permit memory none;
        vm.warp(intent.deadline);
        opinions.stakeBySig(hash, door, intent, "", signature, none);
        vm.assertEq(opinions.nonceOf(carol), 1);
    }

    function test_APermitMakesTheAllowance() external {
        address carol = vm.addr(CAROL);
        _fund(carol, address(opinions), 3e6);
        vm.prank(carol);
        dollar.approve(address(opinions), 0);
        OpinionIntent memory intent = _intent(carol);
        bytes memory signature = _signed(intent);
        opinions.stakeBySig(hash, door, intent, "", signature, _permit(carol, intent.amount));
        vm.assertEq(dollar.balanceOf(address(opinions)), 3e6);
        vm.assertEq(dollar.allowance(carol, address(opinions)), 0);
    }

    /// @dev Whoever is quicker could put noise where others would read the stance, and the owner would lose a tenth.
    function test_RevertWhen_TheSealedStanceOfAnIntentIsChanged() external {
        _hidden();
        address carol = vm.addr(CAROL);
        _fund(carol, address(opinions), 3e6);
        OpinionIntent memory intent = _intent(carol);
        (intent.band, intent.commitment) = (31, _commit(carol, 17));
        bytes memory signature = _signed(intent, "sealed");
        Permit memory none;
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BadSignature.selector, carol));
        opinions.stakeBySig(hash, door, intent, "noise", signature, none);
        vm.expectEmit(address(opinions));
        emit IOpinions.Hidden(market, carol, intent.commitment, "sealed");
        opinions.stakeBySig(hash, door, intent, "sealed", signature, none);
    }

    function test_RevertWhen_AnythingInTheIntentIsChanged() external {
        address carol = vm.addr(CAROL);
        _fund(carol, address(opinions), 9e6);
        OpinionIntent memory intent = _intent(carol);
        bytes memory signature = _signed(intent);
        intent.amount += 1;
        _refusedIntent(intent, signature);
        intent = _intent(carol);
        intent.band += 1;
        _refusedIntent(intent, signature);
        intent = _intent(carol);
        intent.opinion = keccak256("another");
        _refusedIntent(intent, signature);
        intent = _intent(carol);
        intent.deadline += 1;
        _refusedIntent(intent, signature);
        intent = _intent(carol);
        Permit memory none;
        Door wide = Doors.door(terms.closesAt, terms.closesAt, terms.closesAt, 1, 1e12, 1e12);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotAnnounced.selector, market));
        opinions.stakeBySig(hash, wide, intent, "", signature, none);
        vm.warp(uint256(intent.deadline) + 1);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_IntentExpired.selector, intent.deadline));
        opinions.stakeBySig(hash, door, intent, "", signature, none);
    }

    /* HELP */

    function _open(OpinionMarket memory terms_) private {
        market = _announce(terms_);
        terms = terms_;
        (hash, door) = (opinions.termsHash(terms_), opinions.doorOf(terms_));
    }

    function _hidden() private {
        opinions = _newOpinions(address(0));
        OpinionMarket memory terms_ = _terms();
        terms_.revealSeconds = 2 hours;
        market = _announceOn(terms_, _score());
        terms = terms_;
        (hash, door) = (opinions.termsHash(terms_), opinions.doorOf(terms_));
    }

    function _stakeHidden(address who, uint8 band) private {
        _fund(who, address(opinions), 9e6);
        bytes32 commitment = _commit(who, band);
        vm.prank(who);
        opinions.stakeHidden(hash, door, 9e6, TEXT, commitment, "sealed");
    }

    function _commit(address who, uint8 band) private view returns (bytes32) {
        return keccak256(abi.encode(market, who, band, SALT));
    }

    function _refusedAmount(uint48 amount, uint256 most) private {
        _fund(bob, address(opinions), amount);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_StakeOutOfBounds.selector, amount, LEAST_STAKE, most));
        opinions.stake(hash, door, 10, amount, TEXT);
    }

    function _refusedReveal(address who, uint8 band, bytes32 salt) private {
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BadReveal.selector, market, who));
        opinions.reveal(hash, door, who, band, salt);
    }

    function _refusedIntent(OpinionIntent memory intent, bytes memory signature) private {
        Permit memory none;
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BadSignature.selector, intent.owner));
        opinions.stakeBySig(hash, door, intent, "", signature, none);
    }

    function _permit(address owner, uint256 value) private view returns (Permit memory permit) {
        permit = Permit(value, block.timestamp + 60, 0, 0, 0);
        bytes32 typed = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                owner,
                address(opinions),
                value,
                0,
                permit.deadline
            )
        );
        (permit.v, permit.r, permit.s) =
            vm.sign(CAROL, keccak256(abi.encodePacked(hex"1901", dollar.DOMAIN_SEPARATOR(), typed)));
    }

    function _intent(address owner) private view returns (OpinionIntent memory) {
        return OpinionIntent(market, 5, 3e6, TEXT, 0, owner, 0, START + 1 hours);
    }

    function _signed(OpinionIntent memory intent) private view returns (bytes memory) {
        return _signed(intent, "");
    }

    function _signed(OpinionIntent memory intent, bytes memory sealed_) private view returns (bytes memory) {
        bytes32 digest = keccak256(
            abi.encodePacked(
                hex"1901",
                _domainOf("Sooth Opinions", address(opinions)),
                keccak256(
                    abi.encode(
                        keccak256(
                            "OpinionIntent(bytes32 market,uint8 band,uint48 amount,bytes32 opinion,bytes32 commitment,address owner,uint256 nonce,uint40 deadline,bytes sealed)"
                        ),
                        intent,
                        keccak256(sealed_)
                    )
                )
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(CAROL, digest);
        return abi.encodePacked(r, s, v);
    }
}
