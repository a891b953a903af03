// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BundleHashes} from "../BundleHashes.sol";
import {Facts} from "../Facts.sol";
import {IBundleHub} from "../IBundleHub.sol";
import {IEscrow} from "../IEscrow.sol";
import {ICrossL2Inbox} from "./ICrossL2Inbox.sol";
import {IInboxVerifier, Part, Showing, Source, Told} from "./IInboxVerifier.sol";

/// @dev What it promises stands at {IInboxVerifier}. A payload does not say how many of its words are topics; its length and first word do,
///      for each of the four logs has its own, and no other log of our contracts begins with it.
contract InboxVerifier is IInboxVerifier {
    ICrossL2Inbox public constant INBOX = ICrossL2Inbox(0x4200000000000000000000000000000000000022);

    address public immutable deployer;
    uint256 public immutable HUB_CHAIN_ID;
    bool public named;
    /// @dev Of the one hub that was named.
    bytes32 private _hubDomain;
    mapping(uint256 chainId => mapping(address origin => Part)) public partOf;

    constructor(address deployer_, uint256 hubChainId) {
        (deployer, HUB_CHAIN_ID) = (deployer_, hubChainId);
    }

    /// @inheritdoc IInboxVerifier
    function name(Source[] calldata sources) external {
        require(msg.sender == deployer, Inbox_NotDeployer(msg.sender));
        require(!named, Inbox_NamedAlready());
        named = true;
        for (uint256 i; i < sources.length; ++i) {
            Source calldata source = sources[i];
            bool isHub = source.part == Part.Hub;
            // One hub, one chain: two would share ordinals.
            require(
                source.part != Part.None && partOf[source.chainId][source.origin] == Part.None
                    && (!isHub || (source.chainId == HUB_CHAIN_ID && _hubDomain == 0)),
                Inbox_BadSource(i)
            );
            partOf[source.chainId][source.origin] = source.part;
            if (isHub) _hubDomain = BundleHashes.domainOf(HUB_CHAIN_ID, source.origin);
        }
        emit SourcesNamed(sources);
    }

    /// @notice Logs of other chains, whatever hangs on them.
    /// @param evidence abi.encode(Showing[]), one a leaf
    function check(bytes32[] calldata leaves, uint256, bytes calldata evidence) external {
        Showing[] memory shown = abi.decode(evidence, (Showing[]));
        require(leaves.length != 0 && shown.length == leaves.length, Inbox_WrongCount(leaves.length, shown.length));
        for (uint256 i; i < leaves.length; ++i) {
            require(_leafOf(i, shown[i]) == leaves[i], Inbox_OtherFact(i));
            for (uint256 k; k < shown[i].logs.length; ++k) {
                Told memory log = shown[i].logs[k];
                INBOX.validateMessage(log.id, keccak256(log.payload));
            }
        }
    }

    /* INSIDE */

    /// @dev The fact that the logs say, if they are where they are said to be.
    function _leafOf(uint256 leaf, Showing memory shown) private view returns (bytes32) {
        require(shown.logs.length != 0, Inbox_BadPayload(leaf, "logs"));
        Told memory log = shown.logs[0];
        require(log.payload.length >= 32, Inbox_BadPayload(leaf, "length"));
        bytes32 topic = _word(log, 0);
        if (topic == IEscrow.Prepared.selector) return _prepared(leaf, shown);
        require(shown.logs.length == 1, Inbox_BadPayload(leaf, "logs"));
        Part part = partOf[log.id.chainId][log.id.origin];
        if (topic == IEscrow.Receipt.selector) {
            require(part == Part.Settler || part == Part.Escrow, Inbox_NotOurs(log.id.chainId, log.id.origin));
            // Receipt, ordinal; status, result, relayer
            require(log.payload.length == 5 * 32, Inbox_BadPayload(leaf, "length"));
            return Facts.leafOf(
                Facts.RECEIPT, _word(log, 1), keccak256(abi.encode(_word(log, 2), _word(log, 3), _word(log, 4)))
            );
        }
        require(part == Part.Hub, Inbox_NotOurs(log.id.chainId, log.id.origin));
        if (topic == IBundleHub.Decided.selector) {
            // Decided, id; base, outcome
            require(log.payload.length == 4 * 32, Inbox_BadPayload(leaf, "length"));
            return Facts.leafOf(Facts.DECISION, _word(log, 1), keccak256(abi.encode(_word(log, 2), _word(log, 3))));
        }
        require(topic == IBundleHub.Opened.selector, Inbox_BadPayload(leaf, "topic"));
        return _opened(leaf, shown);
    }

    /// @dev Opened, id, owner; base, the header's seven words, and the legs for those who want to read them.
    function _opened(uint256 leaf, Showing memory shown) private pure returns (bytes32) {
        Told memory log = shown.logs[0];
        require(log.payload.length >= 13 * 32, Inbox_BadPayload(leaf, "length"));
        (uint256 count, uint256 deadline, bytes32 legsHash) =
            (uint256(_word(log, 6)), uint256(_word(log, 7)), _word(log, 8));
        require(
            shown.index < count && shown.legHashes.length == count
                && keccak256(abi.encodePacked(shown.legHashes)) == legsHash,
            Inbox_BadPayload(leaf, "legs")
        );
        uint64 base = uint64(uint256(_word(log, 3)));
        address owner = address(uint160(uint256(_word(log, 2))));
        return Facts.opened(base, shown.index, owner, uint40(deadline), shown.legHashes[shown.index]);
    }

    /// @dev Every leg of the header is held: a log of an escrow for each, in order. What is held stays so until the hub's
    ///      deadline and longer, so it does not matter that they are of different times.
    function _prepared(uint256 leaf, Showing memory shown) private view returns (bytes32) {
        require(_hubDomain != 0, Inbox_BadPayload(leaf, "header"));
        bytes32 id = BundleHashes.idOf(_hubDomain, shown.bundle);
        require(shown.logs.length == shown.bundle.legs, Inbox_BadPayload(leaf, "logs"));
        for (uint256 k; k < shown.logs.length; ++k) {
            Told memory log = shown.logs[k];
            // Prepared, id, index; leg
            require(log.payload.length == 4 * 32, Inbox_BadPayload(leaf, "length"));
            require(_word(log, 0) == IEscrow.Prepared.selector, Inbox_BadPayload(leaf, "topic"));
            require(partOf[log.id.chainId][log.id.origin] == Part.Escrow, Inbox_NotOurs(log.id.chainId, log.id.origin));
            require(_word(log, 1) == id && uint256(_word(log, 2)) == k, Inbox_OtherFact(leaf));
        }
        return Facts.prepared(id);
    }

    function _word(Told memory log, uint256 place) private pure returns (bytes32 word) {
        bytes memory payload = log.payload;
        assembly ("memory-safe") {
            word := mload(add(payload, add(32, mul(place, 32))))
        }
    }
}
