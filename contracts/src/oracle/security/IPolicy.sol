// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice The few things that may change after deployment: who may pause, where only trusted providers are seated, from
///         what on a breaker trips, and which consumers are asked who holds a position. Its owner is a timelock, so
///         everybody sees a change before it holds.
/// @dev No parameter here can make, change or delay an answer, move money, or keep anybody's stake. A consumer that lies
///      could have providers slashed; so none is believed before all who do not trust it can have left with their stake.
interface IPolicy {
    event GuardianSet(address guardian);
    event TrustedOnlySet(uint8 indexed domain, bool trustedOnly);
    event TrustedSet(uint8 indexed domain, address indexed owner, bool trusted);
    event ValueLimitSet(uint96 perHour);
    event SurgeFloorSet(uint16 disputes);
    /// @param from unix seconds; 0: no longer
    event ConsumerSet(address indexed consumer, uint40 from);

    error Policy_OutOfBounds(string what, uint256 value, uint256 least, uint256 most);

    /// @notice Whether `owner` may take a seat in `domain`. Takes effect with the domain's next epoch.
    function maySit(uint8 domain, address owner) external view returns (bool);
    function isTrustedOnly(uint8 domain) external view returns (bool);
    function isTrusted(uint8 domain, address owner) external view returns (bool);
    /// @notice May pause, and nothing else. Zero: nobody may.
    function guardian() external view returns (address);
    /// @notice Collateral that answers of one hour may secure together before windows double.
    function valueLimit() external view returns (uint96);
    /// @notice From when on the slasher believes what `consumer` says of positions, unix seconds; 0: it does not.
    function believedFrom(address consumer) external view returns (uint40);
    /// @notice Between naming a consumer and believing it.
    function NOTICE_SECONDS() external view returns (uint40);
    /// @notice Open disputes at once below which there is no surge.
    function surgeFloor() external view returns (uint16);
}
