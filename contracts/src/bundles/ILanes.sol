// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Permit} from "../lib/Permits.sol";
import {Bundle, LegKind} from "./BundleTypes.sol";
import {HeldLeg} from "./IEscrow.sol";

/// @dev A leg of the same bundle, on whatever chain: what its hash is made of where legs are held, so without needs, inputs and
///      whom it would undo. Of its payload the hash.
struct OtherLeg {
    uint256 chainId;
    LegKind kind;
    address target;
    uint96 value;
    uint32 gasLimit;
    bytes32 dataHash;
    bytes32 salt;
}

/// @notice Bounds what enters an escrow for bundles that also have legs on a certain other chain. That chain, this one and a token are a
///         lane. By itself no lane is bounded, and then nothing of this is asked or kept.
/// @dev What a bundle's legs are on other chains nobody on this one knows, not even the hub's: the owner signed hashes. So as long as any
///      lane is bounded, whoever prepares shows them ({prepareAcross}), once a bundle and chain; what is shown is what hashes to what
///      was signed. A leg whose bundle has legs on several chains counts on each of those lanes whole.
/// @dev _The bucket_: no more of a token enters on a lane within an hour than its limit, whatever becomes of it. Should that chain forget what
///      attesters saw on it, no more than that hangs on it here.
/// @dev _The breaker_: a lane rests to the end of a half hour in which at least half of an hour's limit of it was given back, and more than was
///      paid. Both are counted in the token itself: whoever wants a lane at rest moves as much in and out as would fill its
///      bucket for as long, and more than all others have paid out there.
/// @dev _What that costs_: gas, and tokens over two transactions at least, for none that counts leaves in the one that held it
///      ({IEscrow-finish}). So no flash loan does it. What somebody owns, or borrowed against something, he has back by
///      aborting, and may bring again: a tenth of the limit ten times. Nothing but gas, a standing loan and the governor makes that dear.
/// @dev Neither ever touches what is held once that transaction is over: {IEscrow-finish}, {IEscrow-takeBack} and {IEscrow-withdraw} ask
///      neither, and what is counted there can not fail.
interface ILanes {
    /// @param strictUntil as of {IEscrow-LimitSet}: the token's, of all limits of it
    event LaneLimitSet(uint64 indexed chainId, address indexed token, uint96 perHour, uint40 strictUntil);
    /// @notice The bundle has legs on these chains; this one alone where it has none on others.
    event ChainsShown(bytes32 indexed id, uint64[] chainIds);

    error Lanes_BadChain(uint256 chainId);
    /// @notice A lane is bounded, and nobody has shown this bundle's legs here.
    error Lanes_NotShown(bytes32 id);
    error Lanes_NotALeg(bytes32 id, uint256 index);
    error Lanes_OverLimit(uint64 chainId, address token, uint256 room, uint256 wanted);
    error Lanes_Resting(uint64 chainId, address token, uint40 until);

    /// @notice As {IEscrow-prepare}, and shows the other legs of the bundle. While no lane is bounded, or they were shown here before, `others`
    ///         is not looked at.
    /// @param others all legs but the one that is held, in their order
    function prepareAcross(
        Bundle calldata header,
        bytes32[] calldata legHashes,
        uint8 index,
        HeldLeg calldata leg,
        bytes calldata signature,
        Permit calldata permit,
        OtherLeg[] calldata others
    ) external returns (bytes32 id);

    /// @notice Bounds what of `token` may enter within an hour for bundles with legs on `chainId`; 0: nothing bounds it. The
    ///         governor. Nothing that leaves is bounded.
    /// @dev As low as it was set only while the token's own limit would be, which {IEscrow-setLimit} bounds: one time for all limits of a
    ///      token, so that none can be strict when another had to end. Then a thousandth of its supply at least.
    function setLaneLimit(uint64 chainId, address token, uint96 perHour) external;

    /// @notice How many lanes are bounded; 0: nobody need show anything.
    function lanesLimited() external view returns (uint32);
    /// @notice How much of `token` may enter now for bundles with legs on `chainId`; 0 while that lane rests.
    function roomAcross(uint64 chainId, address token) external view returns (uint256);
    /// @notice Until when nothing enters on a lane, unix seconds; 0: it does not rest.
    function laneRestsUntil(uint64 chainId, address token) external view returns (uint40);
    /// @notice The chains on which a bundle has legs, as they were shown here; empty: they were not.
    function chainsOf(bytes32 id) external view returns (uint64[] memory);
}
