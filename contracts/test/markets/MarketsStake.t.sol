// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IMarkets, Market, Permit, StakeIntent} from "../../src/markets/IMarkets.sol";
import {PoolWords} from "../../src/markets/Pools.sol";
import {Question} from "../../src/oracle/IOracle.sol";
import {Stage} from "../Stage.sol";

/// @dev A wallet that is a contract: it says itself whose signature is good (ERC-1271).
contract Wallet {
    bytes32 private immutable GOOD;

    constructor(bytes32 good) {
        GOOD = good;
    }

    function approve(address token, address spender) external {
        (bool done,) = token.call(abi.encodeWithSignature("approve(address,uint256)", spender, type(uint256).max));
        require(done);
    }

    function isValidSignature(bytes32, bytes calldata signature) external view returns (bytes4) {
        return keccak256(signature) == GOOD ? this.isValidSignature.selector : bytes4(0);
    }
}

contract MarketsStakeTest is Stage {
    uint256 private constant CAROL = 0xCA401;

    Question private terms;
    Market private market;
    bytes32 private id;
    address private carol;

    function setUp() public override {
        super.setUp();
        terms = _categorical(5);
        market.question = _ask(terms);
        market.creator = bob;
        market.closesAt = terms.opensAt;
        market.outcomes = 5;
        id = markets.open(market, terms);
        carol = vm.addr(CAROL);
        _fund(alice, address(markets), 1_000e6);
    }

    /* stake */

    function test_StakeFillsPoolAndPosition() external {
        for (uint8 outcome; outcome < 5; ++outcome) {
            vm.expectEmit(address(markets));
            emit IMarkets.Staked(id, alice, outcome, LEAST + outcome);
            vm.prank(alice);
            markets.stake(id, outcome, LEAST + outcome);
        }
        vm.prank(alice);
        markets.stake(id, 4, LEAST);
        for (uint8 outcome; outcome < 5; ++outcome) {
            uint256 want = outcome == 4 ? 2 * LEAST + 4 : LEAST + outcome;
            vm.assertEq(uint256(markets.poolOf(id, outcome)), want);
            vm.assertEq(uint256(markets.positionOf(id, outcome, alice)), want);
        }
        vm.assertEq(uint256(markets.poolOf(id, 5)), 0);
        vm.assertEq(dollar.balanceOf(address(markets)), 6 * LEAST + 10);
    }

    function test_RevertWhen_MarketIsUnknown() external {
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_Unknown.selector, bytes32("none")));
        vm.prank(alice);
        markets.stake(bytes32("none"), 0, LEAST);
    }

    function test_RevertWhen_Closed() external {
        vm.warp(market.closesAt - 1);
        vm.prank(alice);
        markets.stake(id, 0, LEAST);
        vm.warp(market.closesAt);
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_Closed.selector, id, market.closesAt));
        vm.prank(alice);
        markets.stake(id, 0, LEAST);
    }

    function test_RevertWhen_StakingOnASettledMarket() external {
        vm.prank(alice);
        markets.stake(id, 3, LEAST);
        _resolve(terms, 3);
        markets.claim(market, 3, alice);
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_Closed.selector, id, 0));
        vm.prank(alice);
        markets.stake(id, 0, LEAST);
    }

    function test_RevertWhen_NoSuchOutcome() external {
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_NoSuchOutcome.selector, id, 5));
        vm.prank(alice);
        markets.stake(id, 5, LEAST);
    }

    function test_RevertWhen_StakeTooSmall() external {
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_StakeTooSmall.selector, LEAST - 1, LEAST));
        vm.prank(alice);
        markets.stake(id, 0, LEAST - 1);
    }

    function test_RevertWhen_PoolWouldOverflow() external {
        // More than the pool can hold, and more than 72 bits together with what is in it.
        for (uint256 i; i < 2; ++i) {
            uint72 amount = i == 0 ? uint72(PoolWords.MAX_POOL + 1) : type(uint72).max;
            vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_PoolFull.selector, id, 1));
            vm.prank(alice);
            markets.stake(id, 1, amount);
        }
    }

    /// @dev What is missing then is the money: nobody has as much.
    function test_APoolMayBeFull() external {
        vm.expectRevert(IMarkets.TransferFromFailed.selector);
        vm.prank(alice);
        markets.stake(id, 1, uint72(PoolWords.MAX_POOL));
    }

    function test_RevertWhen_TokensAreMissing() external {
        vm.expectRevert(IMarkets.TransferFromFailed.selector);
        vm.prank(bob);
        markets.stake(id, 0, LEAST);
    }

    function testFuzz_PoolsDoNotTouchEachOther(uint8[12] calldata outcomes, uint32[12] calldata amounts) external {
        uint256[5] memory want;
        for (uint256 i; i < 12; ++i) {
            uint8 outcome = outcomes[i] % 5;
            uint72 amount = uint72(_bound(amounts[i], LEAST, 80e6));
            vm.prank(alice);
            markets.stake(id, outcome, amount);
            want[outcome] += amount;
        }
        for (uint8 outcome; outcome < 5; ++outcome) {
            vm.assertEq(uint256(markets.poolOf(id, outcome)), want[outcome]);
        }
    }

    /* holdsPosition */

    function test_WhoHoldsAPositionInWhatIsTold() external {
        vm.prank(alice);
        markets.stake(id, 2, LEAST);
        vm.assertTrue(markets.holdsPosition(market.question, alice, abi.encode(market, 2)), "alice");
        vm.assertTrue(!markets.holdsPosition(market.question, alice, abi.encode(market, 1)), "another outcome");
        vm.assertTrue(!markets.holdsPosition(market.question, bob, abi.encode(market, 2)), "another owner");
        vm.assertTrue(!markets.holdsPosition(bytes32("other"), alice, abi.encode(market, 2)), "another question");
        market.feeBps += 1;
        vm.assertTrue(!markets.holdsPosition(market.question, alice, abi.encode(market, 2)), "another market");
    }

    /* stakeBySig */

    function test_SomebodyElseSendsTheStake() external {
        StakeIntent memory intent = _intent();
        bytes memory signature = _signIntent(CAROL, intent);
        vm.prank(stranger);
        markets.stakeBySig(intent, signature, Permit(0, 0, 0, 0, 0));
        vm.assertEq(uint256(markets.positionOf(id, 2, carol)), intent.amount);
        vm.assertEq(markets.nonceOf(carol), 1);
    }

    function test_PermitMakesTheAllowance() external {
        StakeIntent memory intent = _intentWithoutAllowance();
        markets.stakeBySig(intent, _signIntent(CAROL, intent), _permit(intent.amount));
        vm.assertEq(uint256(markets.positionOf(id, 2, carol)), intent.amount);
        vm.assertEq(dollar.allowance(carol, address(markets)), 0);
    }

    function test_APermitUsedByAnotherFirstDoesNoHarm() external {
        StakeIntent memory intent = _intentWithoutAllowance();
        Permit memory permit = _permit(intent.amount);
        vm.prank(stranger);
        dollar.permit(carol, address(markets), permit.value, permit.deadline, permit.v, permit.r, permit.s);
        markets.stakeBySig(intent, _signIntent(CAROL, intent), permit);
        vm.assertEq(uint256(markets.positionOf(id, 2, carol)), intent.amount);
    }

    function test_RevertWhen_PermitIsBadAndNothingIsAllowed() external {
        StakeIntent memory intent = _intentWithoutAllowance();
        Permit memory permit = _permit(intent.amount);
        permit.value += 1;
        bytes memory signature = _signIntent(CAROL, intent);
        vm.expectRevert(IMarkets.TransferFromFailed.selector);
        markets.stakeBySig(intent, signature, permit);
    }

    function test_RevertWhen_IntentIsReplayed() external {
        StakeIntent memory intent = _intent();
        bytes memory signature = _signIntent(CAROL, intent);
        markets.stakeBySig(intent, signature, Permit(0, 0, 0, 0, 0));
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_BadNonce.selector, carol, 1, 0));
        markets.stakeBySig(intent, signature, Permit(0, 0, 0, 0, 0));
    }

    function test_RevertWhen_IntentExpired() external {
        StakeIntent memory intent = _intent();
        bytes memory signature = _signIntent(CAROL, intent);
        vm.warp(intent.deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_IntentExpired.selector, intent.deadline));
        markets.stakeBySig(intent, signature, Permit(0, 0, 0, 0, 0));
    }

    function test_AnIntentHoldsToItsLastSecond() external {
        StakeIntent memory intent = _intent();
        bytes memory signature = _signIntent(CAROL, intent);
        vm.warp(intent.deadline);
        markets.stakeBySig(intent, signature, Permit(0, 0, 0, 0, 0));
        vm.assertEq(uint256(markets.positionOf(id, 2, carol)), intent.amount);
    }

    function test_RevertWhen_AnythingInTheIntentIsChanged() external {
        StakeIntent memory intent = _intent();
        bytes memory signature = _signIntent(CAROL, intent);
        intent.outcome = 3;
        _badSignature(intent, signature);
        (intent.outcome, intent.amount) = (2, intent.amount + 1);
        _badSignature(intent, signature);
        intent.amount -= 1;
        intent.deadline += 1;
        _badSignature(intent, signature);
        intent.deadline -= 1;
        intent.market = bytes32("other");
        _badSignature(intent, signature);
    }

    function test_RevertWhen_SignedByAnotherOrForAnotherChain() external {
        StakeIntent memory intent = _intent();
        _badSignature(intent, _signIntent(0xBAD, intent));
        _badSignature(intent, new bytes(65));
        vm.chainId(10);
        bytes memory elsewhere = _signIntent(CAROL, intent);
        vm.chainId(31_337);
        _badSignature(intent, elsewhere);
    }

    function test_RevertWhen_OwnerIsZero() external {
        // The zero address is what a failed recovery gives.
        StakeIntent memory intent = _intent();
        intent.owner = address(0);
        _badSignature(intent, new bytes(65));
    }

    function test_AWalletThatIsAContractMaySign() external {
        Wallet wallet = new Wallet(keccak256("sesame"));
        wallet.approve(address(dollar), address(markets));
        vm.prank(alice);
        dollar.transfer(address(wallet), LEAST);
        StakeIntent memory intent = _intent();
        (intent.owner, intent.amount) = (address(wallet), LEAST);
        _badSignature(intent, "open");
        markets.stakeBySig(intent, "sesame", Permit(0, 0, 0, 0, 0));
        vm.assertEq(uint256(markets.positionOf(id, 2, address(wallet))), LEAST);
    }

    function _intent() private returns (StakeIntent memory) {
        _fund(carol, address(markets), 50e6);
        return StakeIntent(id, 2, 50e6, carol, 0, uint40(block.timestamp + 60));
    }

    function _intentWithoutAllowance() private returns (StakeIntent memory intent) {
        intent = _intent();
        vm.prank(carol);
        dollar.approve(address(markets), 0);
    }

    function _permit(uint256 value) private view returns (Permit memory permit) {
        permit = Permit(value, block.timestamp + 60, 0, 0, 0);
        bytes32 hash = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                carol,
                address(markets),
                value,
                0,
                permit.deadline
            )
        );
        (permit.v, permit.r, permit.s) =
            vm.sign(CAROL, keccak256(abi.encodePacked(hex"1901", dollar.DOMAIN_SEPARATOR(), hash)));
    }

    function _badSignature(StakeIntent memory intent, bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_BadSignature.selector, intent.owner));
        markets.stakeBySig(intent, signature, Permit(0, 0, 0, 0, 0));
    }
}
