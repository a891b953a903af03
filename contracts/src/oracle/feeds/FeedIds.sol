// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Feed, Scheme} from "./IFeeds.sol";

/// @dev A feed's id is a hash in its upper 176 bits, and below it what every update needs to know:
///
///   bits      field
///   0..7      scheme
///   8..15     domain
///   16..23    decimals
///   24..47    heartbeat, seconds
///   48..55    jump
///   56..71    band, basis points
///   72..79    apart, steps of 20 basis points; 0: no secondary feed
///
/// So an update carries no terms, and reads none but the name of a secondary feed, where there is one. The hash covers these fields too: two feeds never share an id.
library FeedIds {
    uint256 private constant FIELDS = (1 << 80) - 1;

    function idOf(Feed memory terms) internal pure returns (bytes32) {
        address signer = terms.signer;
        terms.signer = address(0);
        bytes32 template = _join(keccak256(abi.encode(terms)), fieldsOf(terms));
        terms.signer = signer;
        return terms.scheme == Scheme.FirstParty ? firstParty(template, signer) : template;
    }

    /// @dev The signer is put in last, so that whoever recovers him from a signature finds the feed.
    function firstParty(bytes32 template, address signer) internal pure returns (bytes32) {
        bytes32 hash;
        assembly ("memory-safe") {
            mstore(0, template)
            mstore(32, signer)
            hash := keccak256(0, 64)
        }
        return _join(hash, uint256(template));
    }

    function fieldsOf(Feed memory terms) internal pure returns (uint256) {
        return uint256(terms.scheme) | uint256(terms.domain) << 8 | uint256(terms.decimals) << 16
            | uint256(terms.heartbeat) << 24 | uint256(terms.jump) << 48 | uint256(terms.bandBps) << 56
            | uint256(terms.apart) << 72;
    }

    function schemeOf(bytes32 feed) internal pure returns (uint256) {
        return uint8(uint256(feed));
    }

    function domainOf(bytes32 feed) internal pure returns (uint8) {
        return uint8(uint256(feed) >> 8);
    }

    function decimalsOf(bytes32 feed) internal pure returns (uint8) {
        return uint8(uint256(feed) >> 16);
    }

    function heartbeatOf(bytes32 feed) internal pure returns (uint256) {
        return uint24(uint256(feed) >> 24);
    }

    function jumpOf(bytes32 feed) internal pure returns (uint256) {
        return uint8(uint256(feed) >> 48);
    }

    function bandOf(bytes32 feed) internal pure returns (uint256) {
        return uint16(uint256(feed) >> 56);
    }

    /// @dev In steps of 20 basis points.
    function apartOf(bytes32 feed) internal pure returns (uint256) {
        return uint8(uint256(feed) >> 72);
    }

    function _join(bytes32 hash, uint256 fields) private pure returns (bytes32) {
        return bytes32(uint256(hash) & ~FIELDS | fields & FIELDS);
    }
}
