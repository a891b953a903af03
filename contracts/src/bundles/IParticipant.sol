// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Outcome} from "./BundleTypes.sol";

/// @notice A contract that takes part in escrowed bundles by itself, where tokens held in the escrow are not enough.
/// @dev It is called by the {Envoy} of the escrow alone, and must refuse everybody else: who may say that a bundle was
///      decided could otherwise be anybody.
/// @dev The one rule: once {prepare} succeeded, {finish} must not fail, with either outcome, whatever happened in
///      between, within 10,000,000 gas. Whatever can fail (balance, price, who may receive) is checked and set aside in {prepare}.
///      A participant that breaks the rule holds up its own leg, which may be tried for ever, and nobody else's.
/// @dev Gas: {finish} gets what the leg states, or more when whoever finishes states more. The leg's owner may have stated too
///      little, for one outcome or for both; then {finish} fails, nothing changes, and the same outcome is tried again with more.
///      `ParticipantKit` in the tests holds one against it.
interface IParticipant {
    /// @notice Sets aside what leg `index` of bundle `id` will need, or reverts. Once for each (id, index).
    /// @param owner of the bundle: he called, or signed it
    /// @param deadline unix seconds; the hub commits no later
    /// @param what the leg's data
    function prepare(bytes32 id, uint8 index, address owner, uint40 deadline, bytes calldata what) external;

    /// @notice The bundle is Committed or Aborted. Once for each (id, index) that was prepared.
    function finish(bytes32 id, uint8 index, Outcome outcome) external;
}
