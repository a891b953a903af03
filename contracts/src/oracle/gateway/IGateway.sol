// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Status} from "../IOracle.sol";

/// @notice Reads for contracts that want to say how sure they must be. Free, for everybody, without a key.
/// @dev Keeps nothing and moves no money. `Oracle.get` and `Feeds.read` are cheaper and say the same without the demands.
interface IGateway {
    error Gateway_NotFinal(bytes32 question, Status status);
    error Gateway_TooOld(bytes32 subject, uint256 age, uint256 maxAge);
    error Gateway_TooUnsure(bytes32 question, uint16 confidence, uint16 minConfidence);
    error Gateway_TooLight(bytes32 question, uint256 weight, uint256 minWeight);
    error Gateway_NotFresh(bytes32 feed);

    /// @dev `age`: seconds since the answer became final; 0 while it is not.
    function get(bytes32 question) external view returns (Status status, int96 value, uint16 confidence, uint256 age);

    /// @notice A final answer that meets every demand, or a revert that says which one it misses.
    /// @param domain the question's, whose signer sets tell the weight
    /// @param maxAge seconds since finality; type(uint256).max for any
    /// @param minConfidence basis points
    /// @param minWeight of those who signed, in the collateral's smallest unit: stake behind the answer
    function getOrRevert(bytes32 question, uint8 domain, uint256 maxAge, uint16 minConfidence, uint256 minWeight)
        external
        view
        returns (int96 value);

    /// @notice A feed's value when it is fresh, not halted and no older than `maxAge`, or a revert.
    function readOrRevert(bytes32 feed, uint256 maxAge) external view returns (int96 value);

    /// @notice Weight in collateral that signed an answer; 0 when there is none.
    function weightOf(bytes32 question, uint8 domain) external view returns (uint256 weight);
}
