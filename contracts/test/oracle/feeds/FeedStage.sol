// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AggregatedSignature, Feed, FeedStatus, Scheme} from "../../../src/oracle/feeds/IFeeds.sol";
import {Feeds} from "../../../src/oracle/feeds/Feeds.sol";
import {Point, Secp256k1} from "../../../src/oracle/feeds/Secp256k1.sol";
import {Stage} from "../../Stage.sol";

/// @dev The stage with feeds on it, and the signers' way to aggregated signatures.
abstract contract FeedStage is Stage {
    uint24 internal constant HEARTBEAT = 1 hours;

    Feeds internal feeds;
    string internal told = '{"kind":"numeric","text":"ETH/USD"}';

    function setUp() public virtual override {
        super.setUp();
        feeds = new Feeds(address(stakes), true);
    }

    function _feed(Scheme scheme) internal view returns (Feed memory) {
        return Feed({
            schema: keccak256(bytes(told)),
            scheme: scheme,
            domain: 0,
            decimals: 8,
            heartbeat: HEARTBEAT,
            jump: 10,
            bandBps: 100,
            signer: address(0),
            secondary: 0,
            apart: 0,
            nonce: 0
        });
    }

    function _now() internal view returns (uint40) {
        return uint40(block.timestamp);
    }

    function _feedStatus(bytes32 feed) internal view returns (FeedStatus status) {
        (status,,,) = feeds.read(feed);
    }

    function _feedValue(bytes32 feed) internal view returns (int96 value) {
        (, value,,) = feeds.read(feed);
    }

    function _signFeed(uint256 key, bytes32 feed, int96 value, uint40 at) internal view returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, feeds.digestOf(feed, value, at, _epoch()));
        return abi.encodePacked(r, vs);
    }

    function _feedCosigned(bytes32 feed, int96 value, uint40 at, uint256 seats)
        internal
        view
        returns (bytes memory packed)
    {
        for (uint256 seat; seat < 32; ++seat) {
            if (seats >> seat & 1 == 1) packed = bytes.concat(packed, _signFeed(_key(seat), feed, value, at));
        }
    }

    /// @dev One seat's own value, as an entry.
    function _entry(uint256 seat, bytes32 feed, int96 value, uint40 at) internal view returns (bytes memory) {
        return abi.encodePacked(uint8(seat), value, _signFeed(_key(seat), feed, value, at));
    }

    /// @dev What the first `count` seats say: `value`, and one more each.
    function _entriesFrom(uint256 count, bytes32 feed, int96 value, uint40 at)
        internal
        view
        returns (bytes memory entries)
    {
        for (uint256 seat; seat < count; ++seat) {
            entries = bytes.concat(entries, _entry(seat, feed, value + int96(uint96(seat)), at));
        }
    }

    function _tell(bytes32 feed, int96 value, uint256 seats) internal {
        bytes memory signatures = _feedCosigned(feed, value, _now(), seats);
        feeds.updateAgreed(feed, value, _now(), _epoch(), seats, signatures);
    }

    /* AGGREGATED SIGNATURES */

    function _inverse(uint256 z) internal view returns (uint256 inverse) {
        (bool done, bytes memory out) = address(5).staticcall(abi.encode(32, 32, 32, z, Secp256k1.P - 2, Secp256k1.P));
        require(done);
        inverse = abi.decode(out, (uint256));
    }

    function _buildSet(uint256 count) internal {
        uint256[] memory points = new uint256[](2 * count);
        Point memory sum;
        for (uint256 i; i < count; ++i) {
            (points[2 * i], points[2 * i + 1]) = _pointOf(_key(i));
            Secp256k1.add(sum, points[2 * i], points[2 * i + 1]);
        }
        feeds.buildSchnorrSet(0, points, _inverse(sum.z));
    }

    function _pointOf(uint256 key) internal returns (uint256 x, uint256 y) {
        x = vm.createWallet(key).publicKeyX;
        y = vm.createWallet(key).publicKeyY;
    }

    /// @dev What the signers' protocol would end with: here one hand holds all keys and signs with their sum.
    function _aggregate(uint256 count, uint256 seats, bytes32 digest, bool byAbsent)
        internal
        returns (AggregatedSignature memory signature)
    {
        uint256 secret;
        uint256 all;
        Point memory sum;
        for (uint256 i; i < count; ++i) {
            all = addmod(all, _key(i), Secp256k1.N);
            if (seats >> i & 1 == 1) secret = addmod(secret, _key(i), Secp256k1.N);
        }
        if (byAbsent) {
            (sum.x, sum.y) = _pointOf(all);
            sum.z = 1;
        }
        for (uint256 i; i < count; ++i) {
            if ((seats >> i & 1 == 1) == byAbsent) continue;
            (uint256 x, uint256 y) = _pointOf(_key(i));
            Secp256k1.add(sum, x, byAbsent ? Secp256k1.P - y : y);
        }
        uint256 nonce = uint256(keccak256(abi.encode(digest, seats)));
        (uint256 px, uint256 py) = _pointOf(secret);
        signature.seats = seats;
        signature.inverse = _inverse(sum.z);
        signature.commitment = vm.addr(nonce);
        signature.byAbsent = byAbsent;
        uint256 e =
            uint256(keccak256(abi.encodePacked(px, uint8(27 + (py & 1)), digest, signature.commitment))) % Secp256k1.N;
        signature.s = addmod(nonce, mulmod(e, secret, Secp256k1.N), Secp256k1.N);
    }
}
