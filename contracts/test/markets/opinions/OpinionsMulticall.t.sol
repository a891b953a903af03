// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Permit} from "../../../src/markets/IMarkets.sol";
import {Committee} from "../../../src/markets/opinions/Committee.sol";
import {Door} from "../../../src/markets/opinions/Door.sol";
import {IOpinions, OpinionIntent, OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {Result} from "../../../src/markets/opinions/IApprover.sol";
import {Ending} from "../../../src/markets/opinions/ResultWord.sol";
import {Question} from "../../../src/oracle/IOracle.sol";
import {CommitteeStage} from "./CommitteeStage.sol";
import {OpinionStage} from "./OpinionStage.sol";

/// @dev Two markets, so that a batch goes over more than one.
contract OpinionsMulticallTest is OpinionStage, CommitteeStage {
    uint256 private constant CAROL = 0xCA401;

    OpinionMarket[2] private terms;
    Question[2] private questions;
    bytes32[2] private markets_;

    function setUp() public override {
        super.setUp();
        for (uint64 i; i < 2; ++i) {
            questions[i] = _score();
            questions[i].nonce = i;
            _ask(questions[i]);
        }
        _open();
    }

    function test_ABatchIsWhatItsCallsAre() external {
        _answer();
        bytes[] memory scores = _scores();
        uint256 before = vm.snapshotState();
        for (uint256 i; i < 2; ++i) {
            opinions.score(terms[i], "");
        }
        bytes32 scored = _state();
        _drawn();
        bytes[] memory payments = _payments();
        for (uint256 i; i < payments.length; ++i) {
            (bool paid,) = address(opinions).call(payments[i]);
            vm.assertTrue(paid);
        }
        bytes32 settled = _state();

        vm.revertToState(before);
        opinions.multicall(scores);
        vm.assertEq(_state(), scored);
        _drawn();
        opinions.multicall(payments);
        vm.assertEq(_state(), settled);
    }

    function test_EachResultIsReturned() external {
        _answer();
        opinions.multicall(_scores());
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(opinions.claim, (markets_[0], alice));
        calls[1] = abi.encodeCall(opinions.collectFee, (terms[1]));
        uint256 before = dollar.balanceOf(alice);
        bytes[] memory results = opinions.multicall(calls);
        vm.assertEq(abi.decode(results[0], (uint256)), dollar.balanceOf(alice) - before);
        vm.assertEq(abi.decode(results[1], (uint256)), 2e6);
    }

    function test_WhoSendsTheBatchIsTheCaller() external {
        address carol = vm.addr(CAROL);
        _fund(carol, address(opinions), 7e6);
        bytes[] memory calls = new bytes[](2);
        for (uint256 i; i < 2; ++i) {
            calls[i] = abi.encodeCall(
                opinions.stake,
                (opinions.termsHash(terms[i]), opinions.doorOf(terms[i]), 9, uint48(3e6 + i * 1e6), TEXT)
            );
        }
        uint256 before = dollar.balanceOf(carol);
        vm.prank(carol);
        opinions.multicall(calls);
        vm.assertEq(before - dollar.balanceOf(carol), 7e6);
        for (uint256 i; i < 2; ++i) {
            (,, uint256 amount,) = opinions.positionOf(markets_[i], carol);
            vm.assertEq(amount, 3e6 + i * 1e6);
        }
    }

    function test_RevertWhen_SomebodyElseAnnouncesByIt() external {
        Question memory question = _score();
        question.nonce = 2;
        _ask(question);
        OpinionMarket memory third = _terms();
        third.question = oracle.idOf(question);
        bytes[] memory calls = new bytes[](1);
        calls[0] = abi.encodeCall(opinions.announce, (third, question, STATEMENT));
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotAsker.selector, asker, stranger));
        opinions.multicall(calls);
    }

    /* ALL OR NOTHING */

    function test_RevertWhen_OneCallFails() external {
        _answer();
        opinions.multicall(_scores());
        _drawn();
        bytes[] memory payments = _payments();
        bytes32 before = _state();
        for (uint256 i; i < payments.length; ++i) {
            bytes memory sound = payments[i];
            payments[i] = abi.encodeCall(opinions.claim, (markets_[0], treasury));
            vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NothingToClaim.selector, markets_[0], treasury));
            opinions.multicall(payments);
            vm.assertEq(_state(), before);
            payments[i] = sound;
        }
        opinions.multicall(payments);
    }

    /// @dev He pays for one call in the block, to make the keeper's pay for all of them in vain.
    function test_AnOutsiderTellsOneOfTheStancesFirst() external {
        bytes[] memory told = _hidden();
        for (uint256 i; i < told.length; ++i) {
            uint256 before = vm.snapshotState();
            vm.prank(stranger);
            (bool first,) = address(opinions).call(told[i]);
            vm.assertTrue(first);
            opinions.multicall(told);
            _allTold();
            vm.revertToState(before);
        }
        // Nor does one that stands in it twice.
        told[2] = told[0];
        opinions.multicall(told);
        vm.assertEq(opinions.untoldOf(markets_[0]), 3e6);
    }

    function test_RevertWhen_OneOpeningIsWrong() external {
        bytes[] memory told = _hidden();
        bytes memory sound = told[1];
        (bytes32 hash, Door door) = (opinions.termsHash(terms[0]), opinions.doorOf(terms[0]));
        told[1] = abi.encodeCall(opinions.reveal, (hash, door, bob, 5, "salt"));
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_BadReveal.selector, markets_[0], bob));
        opinions.multicall(told);
        vm.assertEq(opinions.untoldOf(markets_[0]), 6e6);
        told[1] = sound;
        opinions.multicall(told);
        _allTold();
    }

    function test_RevertWhen_APaymentStandsInItTwice() external {
        _answer();
        opinions.multicall(_scores());
        _drawn();
        bytes32 market = markets_[0];
        address winner = _winner(0, 0);
        _twice(
            abi.encodeCall(opinions.claim, (market, alice)),
            abi.encodeWithSelector(IOpinions.Opinions_NothingToClaim.selector, market, alice)
        );
        _twice(
            abi.encodeCall(opinions.claimPrize, (market, 0, winner)),
            abi.encodeWithSelector(IOpinions.Opinions_NoPrize.selector, market, 0)
        );
        _twice(
            abi.encodeCall(opinions.collectFee, (terms[0])),
            abi.encodeWithSelector(IOpinions.Opinions_NoFee.selector, market)
        );
    }

    function test_RevertWhen_AnIntentStandsInItTwice() external {
        address carol = vm.addr(CAROL);
        _fund(carol, address(opinions), 6e6);
        OpinionIntent memory intent =
            OpinionIntent(markets_[0], 5, 3e6, TEXT, 0, carol, 0, uint40(block.timestamp) + 1 hours);
        Permit memory none;
        _twice(
            abi.encodeCall(
                opinions.stakeBySig,
                (opinions.termsHash(terms[0]), opinions.doorOf(terms[0]), intent, "", _signed(intent), none)
            ),
            abi.encodeWithSelector(IOpinions.Opinions_BadNonce.selector, carol, 1, 0)
        );
        vm.assertEq(opinions.nonceOf(carol), 0);
    }

    function test_RevertWhen_AnApprovalStandsForAnotherMarket() external {
        address[5] memory members = _members(41);
        Committee committee = new Committee(members);
        opinions = _newOpinions(address(committee));
        _open();
        _answer();
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(opinions.score, (terms[0], _approval(committee, members, 0)));
        calls[1] = abi.encodeCall(opinions.score, (terms[1], _approval(committee, members, 0)));
        vm.expectPartialRevert(Committee.Committee_BadSignature.selector);
        opinions.multicall(calls);
        (Ending ending,,,,) = opinions.resultOf(markets_[0]);
        vm.assertTrue(ending == Ending.None);
        calls[1] = abi.encodeCall(opinions.score, (terms[1], _approval(committee, members, 1)));
        opinions.multicall(calls);
        for (uint256 i; i < 2; ++i) {
            (ending,,,,) = opinions.resultOf(markets_[i]);
            vm.assertTrue(ending == Ending.Scored);
        }
    }

    function test_RevertWhen_ItIsNotTheTime() external {
        bytes[] memory calls = _scores();
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_NotFinal.selector, markets_[0]));
        opinions.multicall(calls);
        // Nor does a score let its own batch take part in what it decides.
        _answer();
        (bytes32 hash, Door door) = (opinions.termsHash(terms[1]), opinions.doorOf(terms[1]));
        calls[1] = abi.encodeCall(opinions.stake, (hash, door, 9, 3e6, TEXT));
        _fund(alice, address(opinions), 3e6);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IOpinions.Opinions_Closed.selector, markets_[1], terms[1].closesAt));
        opinions.multicall(calls);
        (Ending ending,,,,) = opinions.resultOf(markets_[0]);
        vm.assertTrue(ending == Ending.None);
    }

    function test_RevertWhen_CoinIsSentAlong() external {
        _answer();
        vm.expectRevert();
        opinions.multicall{value: 1}(_scores());
    }

    /* INSIDE */

    function _open() private {
        for (uint256 i; i < 2; ++i) {
            terms[i] = _terms();
            terms[i].question = oracle.idOf(questions[i]);
            markets_[i] = _announceOn(terms[i], questions[i]);
            _stake(terms[i], alice, 12, 10e6);
            _stake(terms[i], bob, 4, 30e6);
            _stake(terms[i], stranger, 0, 60e6);
        }
    }

    /// @dev Three stances hidden in a market that closed, on the bands 3 to 5, and the calls that tell them.
    function _hidden() private returns (bytes[] memory told) {
        Question memory question = _score();
        question.nonce = 3;
        _ask(question);
        terms[0] = _terms();
        (terms[0].question, terms[0].revealSeconds) = (oracle.idOf(question), 1 hours);
        bytes32 market = _announceOn(terms[0], question);
        markets_[0] = market;
        (bytes32 hash, Door door) = (opinions.termsHash(terms[0]), opinions.doorOf(terms[0]));
        address[3] memory owners = [alice, bob, stranger];
        told = new bytes[](3);
        for (uint8 i; i < 3; ++i) {
            uint8 band = 3 + i;
            _fund(owners[i], address(opinions), 1e6 * (i + 1));
            bytes32 commitment = keccak256(abi.encode(market, owners[i], band, bytes32("salt")));
            vm.prank(owners[i]);
            opinions.stakeHidden(hash, door, 1e6 * uint48(i + 1), TEXT, commitment, "");
            told[i] = abi.encodeCall(opinions.reveal, (hash, door, owners[i], band, "salt"));
        }
        vm.warp(terms[0].closesAt);
    }

    function _allTold() private view {
        vm.assertEq(opinions.untoldOf(markets_[0]), 0);
        for (uint8 i; i < 3; ++i) {
            (uint256 staked, uint256 count) = opinions.bandOf(markets_[0], 3 + i);
            vm.assertEq(staked, 1e6 * (i + 1));
            vm.assertEq(count, 1);
        }
    }

    function _answer() private {
        for (uint256 i; i < 2; ++i) {
            _resolve(questions[i], 6_000);
        }
    }

    /// @dev Three of five, of what market `i` came to.
    function _approval(Committee committee, address[5] memory members, uint256 i) private view returns (bytes memory) {
        (,,, uint16 confidence) = oracle.get(terms[i].question);
        uint40 expiresAt = uint40(block.timestamp) + 1 days;
        bytes32 digest = committee.approvalDigest(Result(markets_[i], 100e6, 3, 60, confidence), expiresAt);
        return abi.encodePacked(expiresAt, _signatures(members, 7, digest));
    }

    function _scores() private view returns (bytes[] memory calls) {
        calls = new bytes[](2);
        for (uint256 i; i < 2; ++i) {
            calls[i] = abi.encodeCall(opinions.score, (terms[i], ""));
        }
    }

    function _drawn() private {
        for (uint256 i; i < 2; ++i) {
            _prove(markets_[i], "seed");
        }
    }

    /// @dev All that both markets owe.
    function _payments() private view returns (bytes[] memory calls) {
        address[] memory owners = new address[](3);
        (owners[0], owners[1], owners[2]) = (alice, bob, stranger);
        calls = new bytes[](10);
        for (uint256 i; i < 2; ++i) {
            calls[i * 5] = abi.encodeCall(opinions.claimMany, (markets_[i], owners));
            for (uint256 prize; prize < 3; ++prize) {
                calls[i * 5 + 1 + prize] = abi.encodeCall(opinions.claimPrize, (markets_[i], prize, _winner(i, prize)));
            }
            calls[i * 5 + 4] = abi.encodeCall(opinions.collectFee, (terms[i]));
        }
    }

    /// @dev The batch fails with it twice, and leaves it to be paid once.
    function _twice(bytes memory call_, bytes memory want) private {
        bytes[] memory calls = new bytes[](2);
        (calls[0], calls[1]) = (call_, call_);
        bytes32 before = _state();
        vm.expectRevert(want);
        opinions.multicall(calls);
        vm.assertEq(_state(), before);
    }

    /// @dev Everything that anybody holds, and all that both markets say.
    function _state() private view returns (bytes32 state) {
        state = keccak256(
            abi.encode(
                dollar.balanceOf(alice),
                dollar.balanceOf(bob),
                dollar.balanceOf(stranger),
                dollar.balanceOf(treasury),
                dollar.balanceOf(address(opinions))
            )
        );
        for (uint256 i; i < 2; ++i) {
            (Ending ending, uint8 score, uint64 round, uint256 total, uint256 facts) = opinions.resultOf(markets_[i]);
            state = keccak256(abi.encode(state, ending, score, round, total, facts, _paid(i)));
        }
    }

    function _paid(uint256 i) private view returns (bytes memory) {
        (,,, bool a) = opinions.positionOf(markets_[i], alice);
        (,,, bool b) = opinions.positionOf(markets_[i], bob);
        (,,, bool c) = opinions.positionOf(markets_[i], stranger);
        return abi.encode(a, b, c);
    }

    function _winner(uint256 i, uint256 prize) private view returns (address) {
        (uint8 band,) = opinions.drawOf(markets_[i], prize);
        return band == 12 ? alice : band == 4 ? bob : stranger;
    }

    function _signed(OpinionIntent memory intent) private view returns (bytes memory) {
        bytes32 typehash = keccak256(
            "OpinionIntent(bytes32 market,uint8 band,uint48 amount,bytes32 opinion,bytes32 commitment,address owner,uint256 nonce,uint40 deadline,bytes sealed)"
        );
        bytes32 domain = _domainOf("Sooth Opinions", address(opinions));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            CAROL,
            keccak256(abi.encodePacked(hex"1901", domain, keccak256(abi.encode(typehash, intent, keccak256("")))))
        );
        return abi.encodePacked(r, s, v);
    }
}
