// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle} from "../BundleTypes.sol";
import {IVerifier} from "../IVerifier.sol";
import {Identifier} from "./ICrossL2Inbox.sol";

/// Whose logs count, for what.
enum Part {
    None,
    Hub, // Opened and Decided
    Settler, // Receipt
    Escrow // Prepared and Receipt
}

struct Source {
    uint256 chainId;
    address origin;
    Part part;
}

/// A log of another chain.
struct Told {
    Identifier id;
    bytes payload; // topics, then data
}

/// What shows one fact: of Decided and Receipt their log alone; of Opened also the leg's place; of Prepared one log a leg, in
/// order, and the header.
struct Showing {
    Told[] logs;
    bytes32[] legHashes; // of Opened: of all legs of the bundle
    uint8 index; // of Opened: which leg
    Bundle bundle; // of Prepared
}

/// @notice Facts out of the logs of our own contracts on other chains of an OP interop cluster: no attester has to say anything.
/// @dev What is believed is the inbox of the chain, so its sequencers: a log that is taken back takes back the block that
///      believed it. Logs are good for seven days there. It shows nothing of who sits ({Facts-seated}): sets need attesters.
/// @dev The deployer names the sources once, after the contracts that are built with this verifier, whose addresses hang on it. Nobody
///      can name others afterwards, or before: until then nothing is believed.
interface IInboxVerifier is IVerifier {
    event SourcesNamed(Source[] sources);

    error Inbox_NotDeployer(address caller);
    error Inbox_NamedAlready();
    error Inbox_BadSource(uint256 place);
    /// @notice There must be one showing a leaf.
    error Inbox_WrongCount(uint256 leaves, uint256 shown);
    /// @notice Nobody named that contract on that chain for such a log.
    error Inbox_NotOurs(uint256 chainId, address origin);
    error Inbox_BadPayload(uint256 leaf, string what);
    /// @notice The logs are there, and say something else.
    error Inbox_OtherFact(uint256 leaf);

    /// @notice Says whose logs count. The deployer, once.
    function name(Source[] calldata sources) external;

    function partOf(uint256 chainId, address origin) external view returns (Part);
}
