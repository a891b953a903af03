// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Market} from "../../../src/markets/IMarkets.sol";
import {Jury} from "../../../src/oracle/court/ICourt.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {Question} from "../../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../../src/oracle/IStakeManager.sol";
import {IPositions} from "../../../src/oracle/security/IPositions.sol";
import {ISlasher} from "../../../src/oracle/security/ISlasher.sol";
import {Policy} from "../../../src/oracle/security/Policy.sol";
import {StakeManager} from "../../../src/oracle/StakeManager.sol";
import {IBuiltSlasher} from "../../Deployed.sol";
import {Turnout, WholeStage} from "../whole/WholeStage.sol";

/// @dev Stands for a consumer that lies: everybody holds everything.
contract LyingConsumer is IPositions {
    function holdsPosition(bytes32, address, bytes calldata) external pure returns (bool) {
        return true;
    }
}

/// @dev What somebody tries who judges where he has money: as a reporter and as a juror, against the real contracts.
contract PositionAttacksTest is WholeStage {
    uint72 private constant BET = 100e6;

    Question private terms;
    bytes32 private question;
    Market private market;

    function setUp() public override {
        super.setUp();
        terms = _terms(0);
        question = _ask(terms);
        market = _market(terms);
    }

    /* REPORTERS */

    function test_AReporterWithAPositionLosesHalf() external {
        _bet(_ownerKey(0), 1);
        bytes memory signature = _reported();
        vm.prank(bob);
        slasher.positionOfSigner(question, 1, 0, 1, signature, _holding(_ownerKey(0), 1));
        vm.assertEq(_stakeOf(0), STAKE / 2);
        vm.assertEq(uint256(stakes.slashedCreditOf(bob)), STAKE / 2 * 3 / 10);
        vm.assertTrue(!stakes.isBanned(_ownerKey(0)));
        // Whatever else he signed on it, it is the same fault.
        bytes memory other = _sign(_key(0), question, 0, 1, 3);
        bytes32 fault = keccak256(abi.encode("position", question));
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_AlreadyPunished.selector, _ownerKey(0), fault));
        slasher.positionOfSigner(question, 1, 3, 0, other, _holding(_ownerKey(0), 1));
    }

    /// With the key that he signs with, and with one that he has laid down.
    function test_APositionOfHisKeysIsHis() external {
        _bet(_signer(0), 1);
        bytes memory signature = _reported();
        bytes memory possession = _possessionOf(_key(20), _ownerKey(0));
        vm.prank(_ownerKey(0));
        stakes.rotateSigner(_signer(20), possession);
        slasher.positionOfSigner(question, 1, 0, 1, signature, _holding(_signer(0), 1));
        vm.assertEq(_stakeOf(0), STAKE / 2);
    }

    function test_RevertWhen_ItIsNotHisPosition() external {
        _bet(_ownerKey(3), 1);
        bytes memory signature = _reported();
        _refuses(ISlasher.Slasher_NotHis.selector);
        slasher.positionOfSigner(question, 1, 0, 1, signature, _holding(alice, 0));
        _refuses(ISlasher.Slasher_NotHis.selector);
        slasher.positionOfSigner(question, 1, 0, 1, signature, _holding(_ownerKey(3), 1));
        // Bob's signature is nobody's, and a changed one another's.
        bytes memory nobodys = _sign(_key(77), question, 1, 1, 0);
        _refuses(ISlasher.Slasher_NobodysKey.selector);
        slasher.positionOfSigner(question, 1, 0, 1, nobodys, _holding(_ownerKey(0), 1));
        _refuses(ISlasher.Slasher_NobodysKey.selector);
        slasher.positionOfSigner(question, 1, 0, 0, signature, _holding(_ownerKey(0), 1));
    }

    function test_RevertWhen_HeHasNone() external {
        bytes memory signature = _reported();
        _refuses(ISlasher.Slasher_NoPosition.selector);
        slasher.positionOfSigner(question, 1, 0, 1, signature, _holding(_ownerKey(0), 1));
        // In a market of another question, and in one that nobody opened.
        Question memory other = _terms(1);
        _ask(other);
        Market memory elsewhere = Market(oracle.idOf(other), treasury, other.opensAt, 0, 2, new int96[](0));
        bytes32 id = markets.open(elsewhere, other);
        _betOn(id, _ownerKey(0), 1);
        ISlasher.Holding memory holding = _holding(_ownerKey(0), 1);
        holding.where = abi.encode(elsewhere, uint8(1));
        _refuses(ISlasher.Slasher_NoPosition.selector);
        slasher.positionOfSigner(question, 1, 0, 1, signature, holding);
        elsewhere.question = question;
        holding.where = abi.encode(elsewhere, uint8(1));
        _refuses(ISlasher.Slasher_NoPosition.selector);
        slasher.positionOfSigner(question, 1, 0, 1, signature, holding);
    }

    /// Whose winnings are paid out has had his time; while anything may change nobody can lay his position down.
    function test_ThePositionStandsUntilTheAnswerIsFinal() external {
        _bet(_ownerKey(0), 1);
        bytes memory signature = _reported();
        vm.warp(block.timestamp + LIVENESS - 1);
        vm.expectRevert();
        markets.claim(market, 1, _ownerKey(0));
        slasher.positionOfSigner(question, 1, 0, 1, signature, _holding(_ownerKey(0), 1));
        vm.assertEq(_stakeOf(0), STAKE / 2);
    }

    /// Who takes part has what he bet on each side; whoever has none never pays.
    function testFuzz_WhoHoldsPaysAndNobodyElse(uint256 holders, uint256 keys, uint96 more) external {
        for (uint256 i; i < SEATS; ++i) {
            if (holders >> i & 1 == 0) continue;
            _bet(keys >> i & 1 == 1 ? _signer(i) : _ownerKey(i), uint8(i % 2));
        }
        _reported();
        more = uint96(_bound(more, 0, 1_000_000e6));
        for (uint256 i; i < SEATS; ++i) {
            _fund(_ownerKey(i), address(stakes), more);
            vm.prank(_ownerKey(i));
            if (more != 0) stakes.addStake(more);
            uint256 held = _stakeOf(i);
            bool holds = holders >> i & 1 == 1;
            bytes memory signature = _sign(_key(i), question, 1, 1, 0);
            address holder = keys >> i & 1 == 1 ? _signer(i) : _ownerKey(i);
            if (!holds) _refuses(ISlasher.Slasher_NoPosition.selector);
            slasher.positionOfSigner(question, 1, 0, 1, signature, _holding(holder, uint8(i % 2)));
            vm.assertEq(_stakeOf(i), holds ? held - held / 2 : held);
        }
    }

    /* CONSUMERS */

    function test_RevertWhen_TheConsumerIsNotBelieved() external {
        bytes memory signature = _reported();
        address liar = address(new LyingConsumer());
        ISlasher.Holding memory holding = ISlasher.Holding(liar, _ownerKey(0), "");
        bytes memory refusal = abi.encodeWithSelector(ISlasher.Slasher_NotBelieved.selector, liar);
        vm.expectRevert(refusal);
        slasher.positionOfSigner(question, 1, 0, 1, signature, holding);
        vm.prank(governor);
        policy.setConsumer(liar, true);
        vm.warp(block.timestamp + policy.NOTICE_SECONDS() - 1);
        vm.expectRevert(refusal);
        slasher.positionOfSigner(question, 1, 0, 1, signature, holding);
        vm.assertTrue(!slasher.isBelieved(liar));
        vm.warp(block.timestamp + 1);
        vm.assertTrue(slasher.isBelieved(liar));
        vm.prank(governor);
        policy.setConsumer(liar, false);
        vm.expectRevert(refusal);
        slasher.positionOfSigner(question, 1, 0, 1, signature, holding);
    }

    /// The policy names a liar. Who does not trust it has his stake back before it is believed.
    function test_WhoTrustsNoNewConsumerIsGoneBefore() external {
        bytes memory signature = _reported();
        address liar = address(new LyingConsumer());
        vm.prank(governor);
        policy.setConsumer(liar, true);
        uint256 believed = policy.believedFrom(liar);
        uint256 before = dollar.balanceOf(_ownerKey(0));
        vm.prank(_ownerKey(0));
        stakes.leave();
        vm.warp(block.timestamp + EPOCH);
        stakes.advanceEpoch(0);
        vm.warp(block.timestamp + UNBONDING);
        vm.prank(_ownerKey(0));
        stakes.withdraw(_ownerKey(0));
        vm.assertLt(block.timestamp, believed);
        vm.warp(believed);
        slasher.positionOfSigner(question, 1, 0, 1, signature, ISlasher.Holding(liar, _ownerKey(0), ""));
        // It is shown, and there is nothing of his left to take.
        vm.assertEq(dollar.balanceOf(_ownerKey(0)), before + STAKE);
        vm.assertEq(_stakeOf(0) + uint256(stakes.slashedCreditOf(address(this))), 0);
    }

    function test_RevertWhen_AnybodyElseNamesAConsumer() external {
        vm.expectRevert();
        policy.setConsumer(alice, true);
        vm.assertEq(uint256(policy.believedFrom(alice)), 0);
    }

    function test_TwoAreBelievedFromTheFirstDay() external {
        address other = address(new LyingConsumer());
        IBuiltSlasher two = _newSlasher(
            abi.encode(
                address(wiring),
                address(stakes),
                address(0),
                address(0),
                address(dollar),
                insurance,
                address(policy),
                [address(markets), other],
                ISlasher.SlasherLimits({periodSeconds: EPOCH, bond: BOND, fee: CASE_FEE, caseSeconds: 10 days})
            )
        );
        vm.assertTrue(two.isBelieved(address(markets)) && two.isBelieved(other));
        vm.assertTrue(!two.isBelieved(address(0)) && !two.isBelieved(alice));
        vm.assertTrue(!slasher.isBelieved(other));
    }

    function test_RevertWhen_TheNoticeIsShorterThanTheBond() external {
        uint40 notice = policy.NOTICE_SECONDS();
        address longer = address(
            new StakeManager(
                address(dollar),
                address(wiring),
                address(policy),
                insurance,
                IStakeManager.StakeLimits({
                    epochSeconds: EPOCH,
                    unbondingSeconds: notice,
                    seasoningSeconds: SEASONING,
                    minStake: STAKE,
                    startFactorBps: 10_000
                })
            )
        );
        vm.expectRevert(
            abi.encodeWithSelector(ISlasher.Slasher_NoticeTooShort.selector, uint256(notice), notice + EPOCH)
        );
        _newSlasher(
            abi.encode(
                address(wiring),
                longer,
                address(0),
                address(0),
                address(dollar),
                insurance,
                address(policy),
                [address(markets), address(0)],
                ISlasher.SlasherLimits({periodSeconds: EPOCH, bond: BOND, fee: CASE_FEE, caseSeconds: 10 days})
            )
        );
        // The ones that it is built with need none, and nothing is no consumer.
        vm.assertTrue(slasher.isBelieved(address(markets)) && !slasher.isBelieved(address(0)));
        vm.assertEq(slasher.policy(), address(policy));
    }

    /* JURORS */

    function test_AJurorWithAPositionLosesHalf() external {
        _betOfJurors();
        (, Jury memory jury, Dispute memory d) = _tried();
        (uint8 seat, address owner) = _seat(jury, 0);
        ISlasher.Holding memory holding = _holding(owner, 0);
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_HasNotVoted.selector, court.idOf(jury), seat));
        slasher.positionOfJuror(jury, d, seat, holding);
        _hold(jury, Turnout(2, 0, 0));
        vm.prank(bob);
        slasher.positionOfJuror(jury, d, seat, holding);
        vm.assertEq(uint256(stakes.providerOf(owner).stake), STAKE / 2);
        vm.assertEq(uint256(stakes.slashedCreditOf(bob)), STAKE / 2 * 3 / 10);
        _refuses(ISlasher.Slasher_AlreadyPunished.selector);
        slasher.positionOfJuror(jury, d, seat, holding);
    }

    /// The way out: he stays away, anybody says why, and it costs him nothing. Who stays away without a reason pays.
    function test_WhoIsRecusedMayStayAway() external {
        _betOfJurors();
        (, Jury memory jury, Dispute memory d) = _tried();
        (uint8 seat, address owner) = _seat(jury, 0);
        uint256 other;
        while (court.seatsOf(jury)[other] == court.seatsOf(jury)[seat]) ++other;
        (, address absent) = _seat(jury, uint8(other));
        ISlasher.Holding memory holding = _holding(owner, 0);
        slasher.recuse(jury, d, seat, holding);
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_AlreadyRecused.selector, court.idOf(jury), owner));
        slasher.recuse(jury, d, seat, holding);
        uint8[] memory seats = court.seatsOf(jury);
        _hold(jury, Turnout(2, 1 << seats[seat] | 1 << seats[other], 0));
        _closeAfterAll(jury);
        vm.assertEq(uint256(stakes.providerOf(owner).stake), STAKE);
        vm.assertEq(uint256(stakes.providerOf(absent).stake), STAKE - STAKE * 5 / 1_000);
    }

    /// Saying so and voting all the same is voting with a position.
    function test_WhoIsRecusedAndVotesPaysAllTheSame() external {
        _betOfJurors();
        (, Jury memory jury, Dispute memory d) = _tried();
        (uint8 seat, address owner) = _seat(jury, 0);
        slasher.recuse(jury, d, seat, _holding(owner, 0));
        _hold(jury, Turnout(2, 0, 0));
        slasher.positionOfJuror(jury, d, seat, _holding(owner, 0));
        vm.assertEq(uint256(stakes.providerOf(owner).stake), STAKE / 2);
    }

    /// Nobody buys his way out of a jury with a position in something else, nor with another's.
    function test_RevertWhen_ThereIsNothingToBeRecusedFor() external {
        (, Jury memory jury, Dispute memory d) = _tried();
        (uint8 seat, address owner) = _seat(jury, 0);
        _refuses(ISlasher.Slasher_NoPosition.selector);
        slasher.recuse(jury, d, seat, _holding(owner, 0));
        _refuses(ISlasher.Slasher_NotHis.selector);
        slasher.recuse(jury, d, seat, _holding(alice, 0));
        _refuses(ISlasher.Slasher_NotItsJury.selector);
        slasher.recuse(jury, d, jury.size, _holding(owner, 0));
    }

    /// Who is drawn and names a friend's key, which holds a position, is not out of the jury by that.
    function test_RevertWhen_TheKeyWasNamedAfterTheDraw() external {
        _bet(_signer(20), 0);
        (, Jury memory jury, Dispute memory d) = _tried();
        (uint8 seat, address owner) = _seat(jury, 0);
        bytes memory possession = _possessionOf(_key(20), owner);
        vm.prank(owner);
        stakes.rotateSigner(_signer(20), possession);
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_NotHis.selector, owner, _signer(20)));
        slasher.recuse(jury, d, seat, _holding(_signer(20), 0));
        // Should he vote, it counts against him all the same.
        _hold(jury, Turnout(2, 0, 0));
        slasher.positionOfJuror(jury, d, seat, _holding(_signer(20), 0));
        vm.assertEq(uint256(stakes.providerOf(owner).stake), STAKE / 2);
    }

    /// The key that he was drawn with may hold it.
    function test_TheKeyThatWasDrawnRecuses() external {
        for (uint256 i; i < JURORS; ++i) {
            _bet(_signer(FIRST_JUROR + i), 0);
        }
        (, Jury memory jury, Dispute memory d) = _tried();
        (uint8 seat, address owner) = _seat(jury, 0);
        address signer = _signerAt(jury, court.seatsOf(jury)[seat]);
        slasher.recuse(jury, d, seat, _holding(signer, 0));
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_AlreadyRecused.selector, court.idOf(jury), owner));
        slasher.recuse(jury, d, seat, _holding(signer, 0));
    }

    /// A position in one question proves nothing against a juror who judges another.
    function test_RevertWhen_TheJuryJudgesSomethingElse() external {
        _betOfJurors();
        (, Jury memory jury, Dispute memory d) = _tried();
        _hold(jury, Turnout(2, 0, 0));
        (uint8 seat, address owner) = _seat(jury, 0);
        ISlasher.Holding memory holding = _holding(owner, 0);
        Dispute memory made = d;
        made.at -= 1;
        _refuses(ISlasher.Slasher_NotItsJury.selector);
        slasher.positionOfJuror(jury, made, seat, holding);
        jury.arbitrable = address(slasher);
        _refuses(ISlasher.Slasher_NotItsJury.selector);
        slasher.positionOfJuror(jury, d, seat, holding);
    }

    /* INSIDE */

    function _refuses(bytes4 error_) private {
        vm.expectPartialRevert(error_);
    }

    function _bet(address who, uint8 outcome) private {
        _betOn(markets.idOf(market), who, outcome);
    }

    function _betOn(bytes32 id, address who, uint8 outcome) private {
        _fund(who, address(markets), BET);
        vm.prank(who);
        markets.stake(id, outcome, BET);
    }

    function _betOfJurors() private {
        for (uint256 i; i < JURORS; ++i) {
            _bet(_ownerKey(FIRST_JUROR + i), 0);
        }
    }

    function _holding(address holder, uint8 outcome) private view returns (ISlasher.Holding memory) {
        return ISlasher.Holding(address(markets), holder, abi.encode(market, outcome));
    }

    /// @return signature of the first seat, under 1
    function _reported() private returns (bytes memory signature) {
        vm.warp(terms.opensAt);
        _agree(terms, 1, THREE);
        return _sign(_key(0), question, 1, 1, 0);
    }

    /// @dev Answered, disputed, and before a jury that is drawn.
    function _tried() private returns (bytes memory signature, Jury memory jury, Dispute memory d) {
        signature = _reported();
        d = _dispute(bob, question, 0);
        jury = _convene(terms, d);
        _prove(jury);
    }

    function _seat(Jury memory jury, uint8 seat) private view returns (uint8, address owner) {
        return (seat, stakes.ownerOf(_signerAt(jury, court.seatsOf(jury)[seat])));
    }
}
