// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleProofLib} from "solady/utils/MerkleProofLib.sol";
import {IOracle, Question} from "../../src/oracle/IOracle.sol";
import {Stage} from "../Stage.sol";

/// @dev Settles many in one transaction, as any multicall does: who calls does not matter.
contract Batch {
    function settle(IOracle oracle, Question[] calldata terms) external {
        for (uint256 i; i < terms.length; ++i) {
            oracle.settleReward(terms[i]);
        }
    }
}

/// @dev The other way, as a prototype: one root says what everybody earned in all, and each draws the difference.
contract RewardsByRoot {
    IOracle private immutable oracle;
    bytes32 private _root;
    mapping(address owner => uint96) private _drawn;

    constructor(IOracle oracle_) {
        oracle = oracle_;
    }

    function setRoot(bytes32 root) external {
        _root = root;
    }

    function draw(address owner, uint96 earned, bytes32[] calldata proof) external {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(owner, earned))));
        require(MerkleProofLib.verifyCalldata(proof, _root, leaf));
        uint96 amount = earned - _drawn[owner];
        _drawn[owner] = earned;
        oracle.pay(owner, amount);
    }
}

/// forge-config: default.isolate = true
/// @dev Every call is a transaction of its own. The figures stand in snapshots/rewards.json and docs/decisions/fees.md.
contract RewardsGasTest is Stage {
    uint256 private constant COUNT = 1_000;
    uint256 private constant BATCH = 100;

    function test_AThousandRewardsBothWays() external {
        Question[] memory all = _thousand();
        Batch batch = new Batch();
        // The first reward writes fresh slots of credit, which no later one does.
        oracle.settleReward(all[0]);
        oracle.settleReward(all[1]);
        uint256 alone = vm.snapshotGasLastCall("rewards", "one reward in a transaction of its own");
        uint256 together;
        for (uint256 from = BATCH; from < COUNT; from += BATCH) {
            Question[] memory part = new Question[](BATCH);
            for (uint256 i; i < BATCH; ++i) {
                part[i] = all[from + i];
            }
            batch.settle(oracle, part);
            together = vm.lastCallGas().gasTotalUsed;
        }
        vm.snapshotValue("rewards", "one reward of a hundred in a transaction", together / BATCH);

        RewardsByRoot byRoot = new RewardsByRoot(oracle);
        _fund(asker, address(oracle), 1_000e6);
        vm.prank(asker);
        oracle.deposit(address(byRoot), 1_000e6);
        bytes32[] memory proof = new bytes32[](5); // of 32 owners
        _draw(byRoot, 10e6, proof);
        _draw(byRoot, 20e6, proof);
        uint256 drawn = vm.snapshotGasLastCall("rewards", "one owner's draw from a root");
        vm.assertLt(together / BATCH, alone);
        // What a thousand cost: each settled, or 4 to 32 draws in a period.
        vm.assertLt(32 * drawn, together / BATCH * COUNT);
    }

    function _draw(RewardsByRoot byRoot, uint96 earned, bytes32[] memory proof) private {
        bytes32 node = keccak256(bytes.concat(keccak256(abi.encode(_ownerKey(0), earned))));
        for (uint256 i; i < proof.length; ++i) {
            node = keccak256(node < proof[i] ? abi.encode(node, proof[i]) : abi.encode(proof[i], node));
        }
        byRoot.setRoot(node);
        byRoot.draw(_ownerKey(0), earned, proof);
    }

    function _thousand() private returns (Question[] memory all) {
        all = new Question[](COUNT);
        for (uint256 i; i < COUNT; ++i) {
            all[i] = _numeric();
            (all[i].nonce, all[i].reward) = (uint64(i), 1e6);
            _ask(all[i]);
        }
        vm.warp(all[0].opensAt);
        for (uint256 i; i < COUNT; ++i) {
            _agree(all[i], 7, 7);
        }
        vm.warp(block.timestamp + WINDOW);
    }
}
