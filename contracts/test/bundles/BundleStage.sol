// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Attesters} from "../../src/bundles/Attesters.sol";
import {AttesterLimits, Batch, Signed} from "../../src/bundles/IAttesters.sol";
import {Stage} from "../Stage.sol";

/// @dev Attesters over a real stake manager: four providers of equal weight, of whom three are a quorum. The tests' chain is
///      the hub's; on others the same code knows what it was told.
abstract contract BundleStage is Stage {
    uint256 internal constant OTHER_CHAIN = 8_453;
    uint16 internal constant QUORUM_BPS = 6_000;
    uint40 internal constant VALIDITY = 10 minutes;
    uint40 internal constant AGE = 7 days;
    uint256 internal constant THREE = 7; // seats 0, 1 and 2

    Attesters internal attesters;
    uint256 internal hubChain;

    function setUp() public virtual override {
        super.setUp();
        hubChain = block.chainid;
        attesters = new Attesters(_attesterLimits());
        attesters.adopt();
    }

    function _attesterLimits() internal view returns (AttesterLimits memory) {
        return AttesterLimits({
            hubChainId: hubChain,
            stakeManager: address(stakes),
            domain: 0,
            quorumBps: QUORUM_BPS,
            longestValidity: VALIDITY,
            longestAge: AGE,
            deployer: address(this)
        });
    }

    /* SIGNING */

    /// @dev By the keys of providers: seat i is provider i's while nobody left.
    function _signed(Attesters by, uint32 epoch, bytes32 root, uint256 seats)
        internal
        view
        virtual
        returns (Signed memory)
    {
        uint40 until = uint40(block.timestamp) + VALIDITY;
        bytes32 digest = by.digestOf(epoch, until, root);
        return Signed(epoch, until, seats, _signatures(digest, seats));
    }

    function _signatures(bytes32 digest, uint256 seats) internal pure returns (bytes memory packed) {
        for (uint256 seat; seat < 32; ++seat) {
            if (seats >> seat & 1 == 0) continue;
            (bytes32 r, bytes32 vs) = vm.signCompact(_key(seat), digest);
            packed = bytes.concat(packed, r, vs);
        }
    }

    /// @dev A whole batch, signed in the current epoch.
    function _evidence(bytes32[] memory leaves, uint256 seats) internal view returns (bytes memory) {
        return _evidenceOf(attesters, leaves, seats);
    }

    function _evidenceOf(Attesters by, bytes32[] memory leaves, uint256 seats) internal view returns (bytes memory) {
        bytes32 root = _tree(leaves)[0];
        return _alone(root, _signed(by, by.currentEpoch(), root, seats));
    }

    /// @dev Signed as it is, and proved as a whole.
    function _alone(bytes32 root, Signed memory signed) internal pure returns (bytes memory) {
        return abi.encode(Batch(root, signed, new bytes32[](0), new bool[](0)));
    }

    function _one(bytes32 leaf) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](1);
        leaves[0] = leaf;
    }

    function _two(bytes32 first, bytes32 second) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](2);
        (leaves[0], leaves[1]) = (first, second);
    }

    /* TREES */

    /// @dev The whole tree as an array, worked out from its top: of n leaves the k-th is node 2n - 2 - k.
    function _tree(bytes32[] memory leaves) internal pure returns (bytes32[] memory nodes) {
        uint256 count = leaves.length;
        nodes = new bytes32[](2 * count - 1);
        for (uint256 k; k < count; ++k) {
            nodes[2 * count - 2 - k] = leaves[k];
        }
        for (uint256 i = count - 1; i != 0; --i) {
            nodes[i - 1] = _pair(nodes[2 * i - 1], nodes[2 * i]);
        }
    }

    function _pair(bytes32 one, bytes32 other) internal pure returns (bytes32) {
        return one < other ? keccak256(abi.encode(one, other)) : keccak256(abi.encode(other, one));
    }

    function _pathOf(bytes32[] memory leaves, uint256 k) internal pure returns (bytes32[] memory path) {
        bytes32[] memory nodes = _tree(leaves);
        path = new bytes32[](leaves.length);
        uint256 length;
        for (uint256 i = nodes.length - 1 - k; i != 0; i = (i - 1) / 2) {
            path[length++] = nodes[i % 2 == 0 ? i - 1 : i + 1];
        }
        assembly ("memory-safe") {
            mstore(path, length)
        }
    }

    /// @dev Proves the leaves of a bitmap together, at least one. From the last node to the top: a node is known when it is
    ///      one of them, or a child of it is.
    function _proofOf(bytes32[] memory leaves, uint256 subset)
        internal
        pure
        returns (bytes32[] memory path, bool[] memory flags)
    {
        bytes32[] memory nodes = _tree(leaves);
        bool[] memory known = new bool[](nodes.length);
        path = new bytes32[](nodes.length);
        flags = new bool[](nodes.length);
        (uint256 paths, uint256 pairs) = (0, 0);
        for (uint256 k; k < leaves.length; ++k) {
            known[nodes.length - 1 - k] = subset >> k & 1 == 1;
        }
        for (uint256 i = nodes.length - 1; i != 0; i -= 2) {
            // Nodes i and i - 1 are siblings; the tree is full, so none stands alone.
            if (!known[i] && !known[i - 1]) continue;
            known[(i - 1) / 2] = true;
            bool both = known[i] && known[i - 1];
            if (!both) path[paths++] = nodes[known[i] ? i - 1 : i];
            flags[pairs++] = both;
        }
        assembly ("memory-safe") {
            mstore(path, paths)
            mstore(flags, pairs)
        }
    }
}
