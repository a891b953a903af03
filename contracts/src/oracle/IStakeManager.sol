// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Who may sign, with what weight, and the stake that stands behind it.
/// @dev Owner key and signing key are apart: the owner moves money, the signer only signs.
/// @dev Questions belong to domains, 0 to 15. A provider names the domains that he serves, his kinds, and one stake stands
///      behind all of them. Each domain seats at most 32; whoever serves it without a seat sits on its bench.
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
        uint32 kinds; // bitmap of the domains that he serves
        uint40 jurorSince; // unix seconds; 0: does not sit on juries
    }

    /// @param kinds bitmap of domains
    event Joined(address indexed owner, address indexed signer, uint96 stake, uint32 kinds);
    event KindsSet(address indexed owner, uint32 kinds);
    /// @notice From the next epoch on `owner` signs in `domain`.
    event Seated(uint8 indexed domain, address indexed owner);
    /// @notice From the next epoch on `owner` no longer does.
    event Benched(uint8 indexed domain, address indexed owner);
    event JurorSet(address indexed owner, bool willing);
    event StakeAdded(address indexed owner, uint96 amount, uint96 stake);
    event SignerRotated(address indexed owner, address indexed from, address indexed to);
    event Left(address indexed owner, uint40 unbondsAt);
    event Withdrawn(address indexed owner, address indexed to, uint96 amount);
    /// @param seats address (160) | weight (96) per seat, in seat order
    event EpochAdvanced(uint8 indexed domain, uint32 indexed epoch, uint256 totalWeight, uint256[] seats);

    error StakeManager_AlreadyJoined(address owner);
    error StakeManager_SignerTaken(address signer);
    error StakeManager_NoPossession(address signer);
    error StakeManager_UnknownDomain(uint32 kinds);
    error StakeManager_NotServed(address owner, uint8 domain);
    error StakeManager_SeatNotBeaten(uint8 domain, address displaced, uint96 stake);
    error StakeManager_NotActive(address owner);
    error StakeManager_NotUnbonding(address owner);
    error StakeManager_StakeTooSmall(uint96 stake, uint96 minimum);
    error StakeManager_Full(uint256 places);
    error StakeManager_StillBonded(address owner, uint40 unbondsAt);
    error StakeManager_StillSeated(address owner, uint8 domain, uint32 epoch);
    error StakeManager_EpochTooYoung(uint32 epoch, uint40 endsAt);
    error StakeManager_Unchanged(uint32 epoch);
    /// @dev These two come from the transfer library: the collateral refused to move.
    error TransferFailed();
    error TransferFromFailed();

    /* PROVIDERS */

    /// @notice Stakes. In each domain of `kinds` that has a place free the caller is seated from the next epoch on, in the
    ///         others he sits on the bench: see {claimSeat}.
    /// @param kinds bitmap of the domains that he serves; 0 serves none, and may still sit on juries
    /// @param possession signature of `signer` over EIP-712 Possession(address owner), 64 or 65 bytes: nobody names a key
    ///        that another holds. Empty when the caller is the signer.
    function join(address signer, uint96 stake, uint32 kinds, bytes calldata possession) external;
    function addStake(uint96 amount) external;
    /// @notice Serves these domains from now on. Seats in domains left are lost, free ones in new domains are taken.
    function setKinds(uint32 kinds) external;
    /// @notice Takes a place in `domain` for a provider on its bench. When all 32 are taken, `displaced` must hold the
    ///         smallest stake of them, strictly less than the caller's: he goes to the bench, keeps his stake, his other
    ///         seats, and may claim a place himself.
    /// @param displaced zero while a place is free
    function claimSeat(uint8 domain, address displaced) external;
    /// @notice Whether the caller is willing to sit on juries.
    function setJuror(bool willing) external;
    /// @notice Takes effect at the next epoch, so that signatures already given stay checkable.
    /// @param possession as in {join}; not looked at when the key is the caller's already
    function rotateSigner(address signer, bytes calldata possession) external;
    /// @notice Starts unbonding. Seats are kept until the next epoch of their domain, the stake until `unbondsAt`, and both
    ///         must pass.
    function leave() external;
    /// @notice Pays the whole stake of the caller to `to`, once unbonded and in no seat of a current epoch.
    function withdraw(address to) external;

    /* EPOCHS */

    /// @notice Builds the next signer set of `domain`. Anyone, at most once per EPOCH_SECONDS, only on change.
    function advanceEpoch(uint8 domain) external returns (uint32 epoch);

    /* VIEWS */

    /// @notice Who earns what `signer` signs. Kept for ever, so that a rotated key still earns for its owner.
    /// @dev A key belongs to the first provider that names it; he alone may name it again.
    function ownerOf(address signer) external view returns (address);
    function providerOf(address owner) external view returns (Provider memory);
    /// @notice The current signer set of a domain: its code blob and its number, and the unix second until which no report
    ///         is taken.
    function signerSet(uint8 domain) external view returns (address blob, uint32 epoch, uint40 pausedUntil);
    function signerSetOf(uint8 domain, uint32 epoch) external view returns (address blob);
    /// @notice When an epoch started, unix seconds; 0 when it has not.
    function epochAt(uint8 domain, uint32 epoch) external view returns (uint40 startedAt);
    /// @notice Unix seconds from which `advanceEpoch` is allowed; 0 before the first epoch.
    function epochEndsAt(uint8 domain) external view returns (uint40);
    /// @notice Owners whom the next epoch of `domain` seats, in seat order.
    function rosterOf(uint8 domain) external view returns (address[] memory owners);
    /// @notice What `signer` signs for {join}.
    function possessionDigest(address owner) external view returns (bytes32);
}
