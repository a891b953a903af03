// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Who may sign, with what weight, and the stake that stands behind it.
/// @dev Owner key and signing key are apart: the owner moves money, the signer only signs.
/// @dev The signer set of an epoch is a code blob: word 0 = total weight, then per seat address (160) | weight (96).
/// @dev Weight = min(stake, cap). The cap is the largest c with c * k <= sum of min(stake, c), so nobody holds more
///      than 1/k of the weight: k = 4, or the number of providers when below 4.
/// @dev Weight is not stake. Beside three honest providers of equal stake S, others with D together weigh a quarter while
///      D < S, and their share of stake from there on; beside four or more, never more than their share of stake. Beside
///      two they weigh a half, beside one three quarters, however small D is: see {WeightCap}.
/// @dev Solvency: collateral held = sum of stakes, active and unbonding.
interface IStakeManager {
    enum ProviderState {
        None,
        Active,
        Unbonding
    }

    struct Provider {
        address signer;
        uint96 stake;
        ProviderState state;
        uint40 unbondsAt; // unix seconds; 0 while active
        uint32 leftInEpoch;
    }

    event Joined(address indexed owner, address indexed signer, uint96 stake);
    event StakeAdded(address indexed owner, uint96 amount, uint96 stake);
    event SignerRotated(address indexed owner, address indexed from, address indexed to);
    event Left(address indexed owner, uint40 unbondsAt);
    event Withdrawn(address indexed owner, address indexed to, uint96 amount);
    /// @param seats address (160) | weight (96) per seat, in seat order
    event EpochAdvanced(uint32 indexed epoch, uint256 totalWeight, uint256[] seats);

    error StakeManager_AlreadyJoined(address owner);
    error StakeManager_SignerTaken(address signer);
    error StakeManager_NotActive(address owner);
    error StakeManager_NotUnbonding(address owner);
    error StakeManager_StakeTooSmall(uint96 stake, uint96 minimum);
    error StakeManager_Full(uint256 seats);
    error StakeManager_StillBonded(address owner, uint40 unbondsAt);
    error StakeManager_StillSeated(address owner, uint32 epoch);
    error StakeManager_EpochTooYoung(uint32 epoch, uint40 endsAt);
    error StakeManager_Unchanged(uint32 epoch);
    /// @dev These two come from the transfer library: the collateral refused to move.
    error TransferFailed();
    error TransferFromFailed();

    /// @notice Stakes, to be seated from the next epoch on. When all 32 places are taken, a stake strictly larger than the
    ///         smallest active one takes its place: whoever held it leaves, as if by {leave}, with the same event and
    ///         the same wait for his stake. Of equally small ones the last in seat order goes.
    function join(address signer, uint96 stake) external;
    function addStake(uint96 amount) external;
    /// @notice Takes effect at the next epoch, so that signatures already given stay checkable.
    function rotateSigner(address signer) external;
    /// @notice Starts unbonding. The seat is kept until the next epoch, the stake until `unbondsAt`, and both must pass.
    function leave() external;
    /// @notice Pays the whole stake of the caller to `to`, once unbonded and in no seat of the current epoch.
    function withdraw(address to) external;
    /// @notice Builds the next signer set from those who are active. Anyone, at most once per EPOCH_SECONDS, only on change.
    function advanceEpoch() external returns (uint32 epoch);

    /// @notice Who earns what `signer` signs. Kept for ever, so that a rotated key still earns for its owner.
    /// @dev A key belongs to the first provider that names it; he alone may name it again.
    /// @dev Warning: no proof that he holds the key is asked for. One that others name first is lost to its holder, who
    ///      then takes another; nobody can sign with a key that he only names.
    function ownerOf(address signer) external view returns (address);
    function providerOf(address owner) external view returns (Provider memory);
    /// @notice The current signer set: its code blob and its number.
    function signerSet() external view returns (address blob, uint32 epoch);
    function signerSetOf(uint32 epoch) external view returns (address blob);
    /// @notice Unix seconds from which `advanceEpoch` is allowed; 0 before the first epoch.
    function epochEndsAt() external view returns (uint40);
}
