// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {Bundle} from "../BundleTypes.sol";

/// @notice Messages in the words of ERC-7786: each opens a bundle of one leg, which calls `receiveMessage` on another chain. The value
///         of the call is the bundle's fee.
/// @dev A recipient is called by the gateway's account, `settler.accountOf(gateway)`, the same address on every chain: by nobody else, and for
///      nothing but messages. The call returns 4 bytes that nobody looks at: what counts is whether it reverts.
/// @dev Messages are unordered. One runs at most once, until its timeout; whoever brings it is paid. One that fails is not tried again.
/// @dev `sendId` is zero: nothing is left to be done for it to be sent. {MessageOpened} says which bundle it became.
/// @dev Attributes, of ERC-7985: timeout(uint256), unix seconds, after a day when it is not given; minGasLimit(uint256), units of
///      gas, 200,000 when it is not given. Both at most once.
interface IMessageGateway is IERC7786GatewaySource {
    /// @param receiveId what the recipient is told
    /// @param bundle id at the hub
    event MessageOpened(bytes32 indexed receiveId, bytes32 indexed bundle, address indexed sender, uint64 salt);
    event FeeReturned(bytes32 indexed bundle, address indexed sender, uint256 amount);

    error Gateway_BadAttribute(bytes4 selector);
    error Gateway_BadTimeout(uint256 timeout);
    error Gateway_PayloadTooBig(uint256 bytes_, uint256 most);
    error Gateway_FeeTooLarge(uint256 fee);
    error Gateway_NotSent(bytes32 bundle);
    error Gateway_NothingToReturn(bytes32 bundle);

    /// @notice Gives the sender what the hub gave back of his message's fee, whoever had it settled or reclaimed there, once. What nobody
    ///         settled is reclaimed here as soon as the hub lets it be; see {IBundleHub-reclaim}. Anyone.
    /// @dev Solvency: the gateway's credit at the hub is at least the sum, over messages that were not returned yet, of what the hub's words
    ///      say their owner was given back. Nothing but this takes from it. More is what others gave to the gateway by themselves.
    function returnFee(Bundle calldata bundle) external returns (uint256 amount);

    /// @notice Who sent the message that became this bundle; 0: nobody.
    function senderOf(bytes32 bundle) external view returns (address);
}
