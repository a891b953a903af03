// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Market, Permit, Position, StakeIntent} from "../src/markets/IMarkets.sol";
import {Aggregation, IOracle, Question, Status} from "../src/oracle/IOracle.sol";
import {IStakeManager} from "../src/oracle/IStakeManager.sol";
import {Stage} from "./Stage.sol";

/// @dev Reads an answer from a contract of its own, and measures what the call adds to its transaction.
contract Consumer {
    /// @dev The call alone, cold, as the peers' figures are taken.
    function callCost(address oracle, bytes calldata data) external view returns (uint256 used) {
        uint256 before = gasleft();
        (bool done,) = oracle.staticcall(data);
        used = before - gasleft();
        require(done);
    }

    /// @dev With what the compiler adds to encode and decode.
    function typedCost(IOracle oracle, bytes32 question) external view returns (uint256 used) {
        uint256 before = gasleft();
        oracle.get(question);
        used = before - gasleft();
    }
}

/// forge-config: default.isolate = true
/// @dev Every call below is a transaction of its own: the figures hold the 21,000, calldata, cold access and refunds,
///      as a receipt would. Ceilings are asserted; the figures themselves stand in snapshots/gas.json and must match.
contract GasTest is Stage {
    Consumer private _consumer;

    function setUp() public override {
        super.setUp();
        _consumer = new Consumer();
    }

    function test_AskAnswerFinal() external {
        Question memory terms = _numeric();
        terms.min = 0;
        terms.reward = 5e6;
        _fund(asker, address(oracle), 100e6);
        vm.prank(asker);
        oracle.deposit(asker, 100e6);

        vm.prank(asker);
        oracle.ask(terms, schema);
        uint256 asking = _measured("ask, schema of 300 bytes, reward from credit", 74_000);

        vm.warp(terms.opensAt);
        oracle.reportValues(terms, 1, _entries(oracle.idOf(terms), _values(10, 12, 14)));
        uint256 answering = _measured("new answer, 3 of 4, own values", 72_000);

        // Final by time alone: no third transaction.
        vm.warp(block.timestamp + 2 * terms.liveness);
        vm.assertTrue(_status(oracle.idOf(terms)) == Status.Final);
        vm.snapshotValue("gas", "ask + answer + final", asking + answering);
        vm.assertLe(asking + answering, 138_000);

        oracle.settleReward(terms);
        _measured("settle reward, 3 providers, first ever", 185_000);
    }

    function test_AnswerAgreedAndRead() external {
        Question memory terms = _categorical(2);
        bytes32 question = _ask(terms);
        bytes memory signatures = _cosigned(question, 1, 7);
        vm.warp(terms.opensAt);

        oracle.reportAgreed(terms, 1, 1, 7, signatures);
        _measured("new answer, 3 of 4, co-signed", 72_000);

        vm.warp(block.timestamp + 2 * terms.liveness);
        uint256 read = _consumer.callCost(address(oracle), abi.encodeCall(IOracle.get, (question)));
        vm.snapshotValue("gas", "consumer read, cold, call included", read);
        vm.assertLe(read, 5_800);
        uint256 typed = _consumer.typedCost(oracle, question);
        vm.snapshotValue("gas", "consumer read, cold, encoded and decoded by solc", typed);
        vm.assertLe(typed, 6_000);
    }

    function test_Dispute() external {
        Question memory terms = _categorical(2);
        bytes32 question = _ask(terms);
        vm.warp(terms.opensAt);
        _agree(terms, 1, 7);
        _fund(alice, address(oracle), 1_000e6);
        vm.prank(alice);
        oracle.deposit(alice, 1_000e6);

        vm.prank(alice);
        oracle.dispute(question, 0, keccak256("reason"));
        _measured("dispute", 38_000);
    }

    function test_Veto() external {
        Question memory terms = _categorical(2);
        _ask(terms);
        vm.prank(asker);
        oracle.setWatcher(terms, alice);
        _measured("name a watcher", 52_000);
        vm.warp(terms.opensAt);
        _agree(terms, 1, 7);
        vm.prank(alice);
        oracle.veto(terms, keccak256("reason"));
        _measured("veto", 36_000);
    }

    function test_ManyAnswers() external {
        Question memory terms = _numeric();
        (terms.aggregation, terms.tolerance) = (Aggregation.Root, 0);
        bytes32 question = _ask(terms);
        vm.warp(terms.opensAt);
        bytes32 root = keccak256("root of 1,000");
        bytes memory signatures = _signedRoot(question, root, 7, 0);
        oracle.reportRoot(terms, 1, root, 7, signatures);
        _measured("root of 1,000 answers, 3 of 4", 80_000);

        terms.nonce = 1;
        terms.opensAt = uint40(block.timestamp);
        question = _ask(terms);
        uint256[] memory words = new uint256[](8); // 1,024 answers of two bits
        for (uint256 i; i < 8; ++i) {
            words[i] =
                uint256(keccak256(abi.encode(i))) | 0x5555555555555555555555555555555555555555555555555555555555555555;
        }
        signatures = _signedRoot(question, keccak256(abi.encode(words)), 7, 0);
        oracle.reportPacked(terms, 1, words, 7, signatures);
        _measured("1,000 packed answers, 3 of 4", 290_000);
    }

    function test_Commitments() external {
        Question memory terms = _numeric();
        terms.secures = 1_000e6;
        bytes32 question = _ask(terms);
        vm.warp(terms.opensAt / 1200 * 1200 + 1200);
        bytes32 bound = keccak256(abi.encode(question, block.timestamp / 1200));
        bytes memory signatures = _signedRoot(bound, keccak256("batch"), 7, 0);
        oracle.commitReports(terms, 1, keccak256("batch"), 7, signatures);
        _measured("batch of commitments, 3 of 4", 82_000);
    }

    function test_Epochs() external {
        for (uint256 i = SEATS; i < 32; ++i) {
            _join(i, STAKE + uint96(i));
        }
        vm.warp(START + EPOCH);
        stakes.advanceEpoch(0);
        _measured("advance epoch, 32 seats", 532_000);

        _seal(address(0), address(this));
        IStakeManager.Standing memory standing;
        standing.epoch = 1;
        for (uint256 i; i < 32; ++i) {
            standing.factorBps = uint16(5_000 + i);
            stakes.setStanding(0, _ownerKey(i), standing);
        }
        vm.warp(START + 2 * EPOCH);
        stakes.advanceEpoch(0);
        _measured("advance epoch, 32 seats with records", 611_000);
    }

    function test_Join() external {
        _fund(_ownerKey(40), address(stakes), STAKE);
        bytes memory proof = _possession(40);
        vm.prank(_ownerKey(40));
        stakes.join(_signer(40), STAKE, 0, proof);
        _measured("join, without a domain", 102_000);
        _fund(_ownerKey(41), address(stakes), STAKE);
        proof = _possession(41);
        vm.prank(_ownerKey(41));
        stakes.join(_signer(41), STAKE, 1, proof);
        _measured("join, seated in one domain", 160_000);
        for (uint256 i = SEATS; i < 31; ++i) {
            _join(i, STAKE);
        }
        _join(42, STAKE + 1);
        vm.prank(_ownerKey(42));
        stakes.claimSeat(0, _ownerKey(0));
        _measured("claim a seat of 32", 260_000);
    }

    function test_Market() external {
        Question memory terms = _categorical(2);
        Market memory market = Market({
            question: _ask(terms),
            creator: asker,
            closesAt: terms.opensAt,
            feeBps: 200,
            outcomes: 2,
            cuts: new int96[](0)
        });
        _fund(alice, address(markets), 1_000e6);
        _fund(bob, address(markets), 1_000e6);
        _fund(stranger, address(markets), 1_000e6);

        bytes32 id = markets.open(market, terms);
        _measured("open a market, 2 outcomes", 75_000);

        vm.prank(alice);
        markets.stake(id, 1, 10e6);
        vm.prank(stranger);
        markets.stake(id, 1, 10e6);
        vm.prank(bob);
        markets.stake(id, 0, 30e6);
        _measured("stake, new staker, allowance there", 72_000);
        vm.prank(bob);
        markets.stake(id, 0, 30e6);
        _measured("stake again", 72_000);
        (StakeIntent memory intent, bytes memory signature) = _intent(id);
        markets.stakeBySig(intent, signature, Permit(0, 0, 0, 0, 0));
        _measured("stake by signature, new staker, relayed", 110_000);

        // Settlement is no transaction: the pay-outs stand open the second the answer is final.
        _resolve(terms, 1);
        vm.snapshotValue("gas", "settle a market", 0);
        markets.claim(market, 1, alice);
        _measured("claim, first of its market, writes the result down", 60_000);
        markets.claim(market, 1, stranger);
        _measured("claim", 50_000);
        markets.collectFee(market);
        _measured("collect fee, first ever", 75_000);
    }

    function test_ClaimMany() external {
        Question memory terms = _categorical(2);
        Market memory market = Market({
            question: _ask(terms),
            creator: asker,
            closesAt: terms.opensAt,
            feeBps: 200,
            outcomes: 2,
            cuts: new int96[](0)
        });
        bytes32 id = markets.open(market, terms);
        uint256 count = 50;
        Position[] memory positions = new Position[](count);
        for (uint256 i; i < count; ++i) {
            address owner = address(uint160(0xCAFE0000 + i));
            positions[i] = Position({owner: owner, outcome: 1});
            _fund(owner, address(markets), 10e6);
            vm.prank(owner);
            markets.stake(id, 1, 10e6);
        }
        _resolve(terms, 1);
        markets.claimMany(market, positions);
        uint256 used = _measured("claim many, 50 positions", 1_250_000);
        vm.snapshotValue("gas", "claim many, per position", used / count);
        vm.assertLe(used / count, 25_000);
    }

    function _intent(bytes32 market) private returns (StakeIntent memory intent, bytes memory signature) {
        address owner = vm.addr(0xC0FFEE);
        _fund(owner, address(markets), 1_000e6);
        intent = StakeIntent({
            market: market, outcome: 0, amount: 5e6, owner: owner, nonce: 0, deadline: uint40(block.timestamp + 1 hours)
        });
        signature = _signIntent(0xC0FFEE, intent);
    }

    function _measured(string memory name, uint256 ceiling) private returns (uint256 used) {
        used = vm.snapshotGasLastCall("gas", name);
        vm.assertLe(used, ceiling, name);
    }
}
