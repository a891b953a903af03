// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC20} from "solady/tokens/ERC20.sol";
import {Market} from "../src/markets/IMarkets.sol";
import {Markets} from "../src/markets/Markets.sol";
import {Question, Status} from "../src/oracle/IOracle.sol";
import {IStakeManager} from "../src/oracle/IStakeManager.sol";
import {StakeManager} from "../src/oracle/StakeManager.sol";
import {Stage} from "./Stage.sol";

/// @dev A collateral that calls back during a transfer, and is itself an account.
contract CallingToken is ERC20 {
    address private _target;
    bytes private _data;
    bool public called;
    bool public succeeded;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @dev The next transfer makes this call, once.
    function arm(address target, bytes calldata data) external {
        (_target, _data, called, succeeded) = (target, data, false, false);
    }

    function act(address target, bytes calldata data) external {
        (bool done,) = target.call(data);
        require(done, "act");
    }

    function _afterTokenTransfer(address, address, uint256) internal override {
        if (_target == address(0)) return;
        address target = _target;
        _target = address(0);
        called = true;
        (succeeded,) = target.call(_data);
    }

    function name() public pure override returns (string memory) {
        return "Calling";
    }

    function symbol() public pure override returns (string memory) {
        return "CALL";
    }
}

contract ReentrancyTest is Stage {
    CallingToken private token;

    function setUp() public override {
        super.setUp();
        token = new CallingToken();
        stakes = _newStakes(address(token), STAKE);
        oracle = _newOracle(address(token), _limits());
        markets = new Markets(address(oracle), LEAST);
        for (uint256 i; i < SEATS; ++i) {
            _joinWith(i, STAKE);
        }
        stakes.advanceEpoch(0);
    }

    function test_ClaimPaysOnce() external {
        Market memory market = _settledMarket();
        token.arm(address(markets), abi.encodeCall(markets.claim, (market, 0, alice)));
        markets.claim(market, 0, alice);
        vm.assertTrue(token.called() && !token.succeeded());
        vm.assertEq(token.balanceOf(alice), 149e6); // 100 and half of what is lost less the fee
        vm.assertEq(token.balanceOf(address(markets)), 151e6);
    }

    function test_ABatchOnTheWayOfAClaimPaysOnce() external {
        Market memory market = _settledMarket();
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(markets.claim, (market, 0, bob));
        calls[1] = abi.encodeCall(markets.claim, (market, 0, alice));
        token.arm(address(markets), abi.encodeCall(markets.multicall, (calls)));
        markets.claim(market, 0, alice);
        // The claim of bob, which nobody had made, went with the one that was refused.
        vm.assertTrue(token.called() && !token.succeeded());
        vm.assertEq(token.balanceOf(alice), 149e6);
        vm.assertEq(token.balanceOf(bob), 0);
        vm.assertEq(token.balanceOf(address(markets)), 151e6);
    }

    function test_FeeIsCollectedOnce() external {
        Market memory market = _settledMarket();
        token.arm(address(markets), abi.encodeCall(markets.collectFee, (market)));
        markets.collectFee(market);
        vm.assertTrue(token.called() && !token.succeeded());
        vm.assertEq(token.balanceOf(treasury), 2e6);
    }

    function test_CreditIsPaidOnce() external {
        _deposit(alice, 100);
        _deposit(address(token), 100);
        bytes memory again = abi.encodeCall(oracle.withdraw, (bob, 100));
        token.arm(address(oracle), again);
        token.act(address(oracle), again);
        vm.assertTrue(token.called() && !token.succeeded());
        vm.assertEq(token.balanceOf(bob), 100);
        vm.assertEq(token.balanceOf(address(oracle)), 100);
    }

    function test_ADepositSpentOnItsWayIsStillPaid() external {
        // The credit stands before the tokens move. Withdrawing it in between only sends the same tokens round.
        _deposit(alice, 100);
        token.mint(address(token), 100);
        token.act(address(token), abi.encodeCall(token.approve, (address(oracle), type(uint256).max)));
        token.arm(address(oracle), abi.encodeCall(oracle.withdraw, (bob, 100)));
        token.act(address(oracle), abi.encodeCall(oracle.deposit, (address(token), 100)));
        vm.assertTrue(token.called() && token.succeeded());
        vm.assertEq(uint256(oracle.creditOf(address(token))), 0);
        vm.assertEq(token.balanceOf(address(oracle)), 100);
    }

    function test_CreditPaidOutDisputesNothing() external {
        Question memory terms = _categorical(2);
        bytes32 question = _ask(terms);
        vm.warp(terms.opensAt);
        _agree(terms, 1, 7);
        _deposit(address(token), 250e6);
        token.arm(address(oracle), abi.encodeCall(oracle.dispute, (question, 0, 0)));
        token.act(address(oracle), abi.encodeCall(oracle.withdraw, (bob, 250e6)));
        vm.assertTrue(token.called() && !token.succeeded());
        vm.assertEq(token.balanceOf(address(oracle)), 0);
        vm.assertTrue(_status(question) == Status.Answered);
    }

    function test_StakeIsPaidOnce() external {
        token.mint(address(token), STAKE);
        token.act(address(token), abi.encodeCall(token.approve, (address(stakes), type(uint256).max)));
        token.act(
            address(stakes), abi.encodeCall(stakes.join, (_signer(9), STAKE, 1, _possessionOf(_key(9), address(token))))
        );
        token.act(address(stakes), abi.encodeCall(stakes.leave, ()));
        vm.warp(block.timestamp + UNBONDING);
        bytes memory again = abi.encodeCall(stakes.withdraw, (bob));
        token.arm(address(stakes), again);
        token.act(address(stakes), again);
        vm.assertTrue(token.called() && !token.succeeded());
        vm.assertEq(token.balanceOf(bob), STAKE);
        vm.assertEq(token.balanceOf(address(stakes)), SEATS * STAKE);
    }

    function test_AJoinOnTheWayOfAnotherSeatsBoth() external {
        for (uint256 i = SEATS; i < 31; ++i) {
            _joinWith(i, STAKE);
        }
        // The token is an account as well, and joins while alice's stake travels: by then she is in, whole, and the last
        // place is hers.
        token.mint(address(token), STAKE);
        token.act(address(token), abi.encodeCall(token.approve, (address(stakes), STAKE)));
        token.mint(alice, STAKE);
        vm.prank(alice);
        token.approve(address(stakes), STAKE);
        bytes memory proof = _possessionOf(_key(50), address(token));
        token.arm(address(stakes), abi.encodeCall(stakes.join, (_signer(50), STAKE, 1, proof)));
        vm.prank(alice);
        stakes.join(_signer(40), STAKE, 1, _possessionOf(_key(40), alice));
        vm.assertTrue(token.called() && token.succeeded());
        vm.assertEq(token.balanceOf(address(stakes)), 33 * STAKE);
        address[] memory roster = stakes.rosterOf(0);
        vm.assertEq(roster.length, 32);
        vm.assertEq(roster[31], alice);
        vm.assertTrue(stakes.providerOf(alice).state == IStakeManager.ProviderState.Active);
        vm.assertTrue(stakes.providerOf(address(token)).state == IStakeManager.ProviderState.Active);
    }

    function _joinWith(uint256 i, uint96 stake) private {
        token.mint(_ownerKey(i), stake);
        vm.prank(_ownerKey(i));
        token.approve(address(stakes), stake);
        vm.prank(_ownerKey(i));
        stakes.join(_signer(i), stake, 1, _possession(i));
    }

    function _settledMarket() private returns (Market memory market) {
        Question memory terms = _categorical(2);
        market = Market(_ask(terms), treasury, terms.opensAt, 200, 2, new int96[](0));
        bytes32 id = markets.open(market, terms);
        _stake(id, alice, 0);
        _stake(id, bob, 0);
        _stake(id, stranger, 1);
        _resolve(terms, 0);
    }

    function _stake(bytes32 id, address owner, uint8 outcome) private {
        token.mint(owner, 100e6);
        vm.prank(owner);
        token.approve(address(markets), 100e6);
        vm.prank(owner);
        markets.stake(id, outcome, 100e6);
    }

    function _deposit(address account, uint96 amount) private {
        token.mint(stranger, amount);
        vm.prank(stranger);
        token.approve(address(oracle), amount);
        vm.prank(stranger);
        oracle.deposit(account, amount);
    }
}
