// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Who may sign, with what weight, and the stake that stands behind it.
/// @dev Owner key and signing key are apart: the owner moves money, the signer only signs.
/// @dev Questions belong to domains, 0 to 15. A provider names the domains that he serves, his kinds, and one stake stands
///      behind all of them. Each domain seats at most 32; whoever serves it without a seat sits on its bench.
/// @dev The signer set of an epoch is a code blob: word 0 = total weight, then per seat address (160) | weight (96).
/// @dev Weight = min(stake, cap) * reputation. The cap is the largest c with c * k <= sum of min(stake, c), so nobody holds
///      more than 1/k of the weight: k = 4, or the number of providers when below 4; a cluster counts as one, and holds a
///      seventh at most from eight parties on: see {SeatWeights}.
/// @dev Records of reputation count in a domain from EPOCH_SECONDS after the first of them on, for all at once: time enough to
///      hand in everybody's. Until then every stake there counts START_FACTOR_BPS; afterwards who has no record counts the
///      least that one with a record may: see {ReputationRule}.
/// @dev Who answers by a language model says of which family, 1 to 255, in bits 16 to 23 of his kinds. From the domain's next
///      signer set on all of a family count as one and hold a ninth at most, and all families together a third.
/// @dev Weight is not stake. Beside three honest providers of equal stake S, others with D together weigh a quarter while
///      D < S, and their share of stake from there on; beside four or more, never more than their share of stake. Beside
///      two they weigh a half, beside one three quarters, however small D is: see {WeightCap}.
/// @dev Stakes are slashable until they are withdrawn. What is taken is split, rounded down, into half for the insurance and
///      three tenths for the challenger, the rest is burned; it waits here as credit.
/// @dev Solvency: collateral held = sum of stakes, active and unbonding, + credits of slashed collateral.
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
        uint32 kinds; // bitmap of the domains that he serves; the family of models that he answers by << 16
        uint40 jurorSince; // unix seconds; 0: does not sit on juries
        uint40 frozenUntil; // unix seconds; no withdrawal before
        bool banned; // for ever, with every key that he named
    }

    /// What the last epoch record said of a provider in one domain.
    struct Standing {
        uint16 factorBps; // what of his stake counts
        uint16 score; // 0..1000
        uint8 strikes; // rounds missed in a row
        uint40 suspendedUntil; // unix seconds; no seat in an epoch that starts before
        uint32 cluster; // who counts as one with him; 0 for none
        uint32 epoch; // of the record; 0 while there is none
        bool premium; // his work counts twice when a reward is split
    }

    /// Given for ever at construction.
    struct StakeLimits {
        uint40 epochSeconds; // shortest life of a signer set and of a juror snapshot
        uint40 unbondingSeconds;
        uint40 seasoningSeconds; // before stake counts for juries
        uint96 minStake;
        uint16 startFactorBps; // what counts of every stake while records do not count in its domain
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

    event StandingSet(uint8 indexed domain, address indexed owner, Standing standing);
    event JurorsTaken(uint32 indexed jurorEpoch, uint256 totalWeight, uint256[] jurors);
    event DomainPaused(uint8 indexed domain, uint40 until);
    event Slowed(uint40 until);
    event Slashed(
        address indexed owner, bytes32 indexed fault, address indexed challenger, uint96 amount, uint96 stake
    );
    event Banned(address indexed owner);
    event Frozen(address indexed owner, uint40 until);
    event SlashCredited(address indexed account, uint96 amount);
    event SlashClaimed(address indexed account, address indexed to, uint96 amount);

    error StakeManager_NotAllowed(address caller);
    error StakeManager_Banned(address owner);
    error StakeManager_NotTrusted(uint8 domain, address owner);
    error StakeManager_Frozen(address owner, uint40 until);
    error StakeManager_NotBonded(address owner);
    error StakeManager_BadLimits(string what);
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
    /// @param kinds bitmap of the domains that he serves, and the family of models that he answers by << 16; without a domain
    ///        he serves none, and may still sit on juries
    /// @param possession signature of `signer` over EIP-712 Possession(address owner), 64 or 65 bytes: nobody names a key
    ///        that another holds. Empty when the caller is the signer.
    function join(address signer, uint96 stake, uint32 kinds, bytes calldata possession) external;
    function addStake(uint96 amount) external;
    /// @notice Serves these domains from now on. Seats in domains left are lost, free ones in new domains are taken.
    /// @param kinds as in {join}; another family counts from each domain's next signer set on
    function setKinds(uint32 kinds) external;
    /// @notice Takes a place in `domain` for a provider on its bench. When all 32 are taken, `displaced` must hold the
    ///         smallest stake of them, strictly less than the caller's: he goes to the bench, keeps his stake, his other
    ///         seats, and may claim a place himself.
    /// @param displaced zero while a place is free
    function claimSeat(uint8 domain, address displaced) external;
    /// @notice Whether the caller is willing to sit on juries. At most 256 are; see {claimJurorPlace} for the next.
    function setJuror(bool willing) external;
    /// @notice Becomes a juror in the place of `displaced`, whose stake must be the smallest of all and strictly less
    ///         than the caller's. Only while all 256 places are taken.
    function claimJurorPlace(address displaced) external;
    /// @notice Takes effect at the next epoch, so that signatures already given stay checkable.
    /// @param possession as in {join}; not looked at when the key is the caller's already
    function rotateSigner(address signer, bytes calldata possession) external;
    /// @notice Starts unbonding. Seats are kept until the next epoch of their domain, the stake until `unbondsAt`, and for
    ///         UNBONDING_SECONDS from the end of the last seat: whoever may still sign is bonded for what he signs.
    /// @dev Whoever leaves does well to advance his domains as soon as their epochs allow.
    function leave() external;
    /// @notice Pays the whole stake of the caller to `to`, once unbonded and as long out of every seat.
    function withdraw(address to) external;

    /* EPOCHS */

    /// @notice Builds the next signer set of `domain`. Anyone, at most once per EPOCH_SECONDS, only on change.
    function advanceEpoch(uint8 domain) external returns (uint32 epoch);

    /* JURIES */

    /// @notice Takes down who may be drawn for juries, with what weight. Anyone, at most once per EPOCH_SECONDS; at once
    ///         after a juror was banned.
    /// @dev A juror weighs the stake that has been his, and he a juror, for SEASONING_SECONDS: who sees a question cannot
    ///      buy its jury. Whoever weighs nothing, is suspended or leaves is not in it.
    function takeJurors() external returns (uint32 jurorEpoch);
    /// @notice The last snapshot: a code blob as that of a signer set, of at most 256 signing keys.
    function jurorSet() external view returns (address blob, uint32 jurorEpoch, uint40 takenAt);
    function jurorSetOf(uint32 jurorEpoch) external view returns (address blob, uint40 takenAt);

    /* SECURITY */

    /// @notice Takes up to `amount` of a stake, active or unbonding. Only the slasher.
    /// @dev Never reverts because of the provider's state: it takes what there is. The same fault takes from an owner once.
    /// @param challenger gets three tenths; zero: they go to the insurance as well
    /// @return taken 0 when there was nothing, or the fault had been punished. Where there was nothing it may be punished later
    function slash(address owner, uint96 amount, address challenger, bytes32 fault) external returns (uint96 taken);
    /// @notice Shuts owners out for ever, with every key that they named: they lose their seats at once, leave, cannot join
    ///         and earn nothing. What is left of a stake may be withdrawn as by anybody who left. Only the slasher.
    /// @dev Signer sets that seat them are built anew in the same transaction, however young their epoch is; each set once,
    ///      however many of them it seats.
    function ban(address[] calldata owners) external;
    /// @notice Keeps a stake that is still bonded from being withdrawn before `until`, and never for longer than
    ///         UNBONDING_SECONDS from now: a case may outlast the unbonding, but not for ever. Only the slasher.
    function freeze(address owner, uint40 until) external;
    /// @notice What a proved epoch record says of a provider; counts from the domain's next epoch on, as soon as records count
    ///         there. A suspension does at once. Only the epochs contract.
    function setStanding(uint8 domain, address owner, Standing calldata standing) external;
    /// @notice Refuses reports of a domain before `until`. Withdrawals go on. Only the guard.
    function pause(uint8 domain, uint40 until) external;
    /// @notice Until then an answer may be objected to for twice as long as its question says, in every domain: one that is
    ///         made meanwhile. Only the guard.
    function slow(uint40 until) external;
    /// @notice Pays the caller's credit of slashed collateral out to `to`.
    function claimSlashed(address to) external returns (uint96 amount);
    /// @notice Sends what is to be burned to the burn address. Anyone.
    function burn() external returns (uint96 amount);

    /* VIEWS */

    /// @notice Who earns what `signer` signs. Kept for ever, so that a rotated key still earns for its owner.
    /// @dev A key belongs to the first provider that names it; he alone may name it again.
    function ownerOf(address signer) external view returns (address);
    function providerOf(address owner) external view returns (Provider memory);
    /// @notice The current signer set of a domain: its code blob and its number, and the unix second until which no report
    ///         is taken.
    function signerSet(uint8 domain) external view returns (address blob, uint32 epoch, uint40 pausedUntil);
    /// @notice The same, and the unix second until which windows for objections are doubled: all that a report needs, in
    ///         one slot.
    function reportingSet(uint8 domain)
        external
        view
        returns (address blob, uint32 epoch, uint40 pausedUntil, uint40 slowUntil);
    function signerSetOf(uint8 domain, uint32 epoch) external view returns (address blob);
    /// @notice When an epoch started, unix seconds; 0 when it has not.
    function epochAt(uint8 domain, uint32 epoch) external view returns (uint40 startedAt);
    /// @notice Unix seconds from which `advanceEpoch` is allowed; 0 before the first epoch.
    function epochEndsAt(uint8 domain) external view returns (uint40);
    /// @notice Owners whom the next epoch of `domain` seats, in seat order.
    function rosterOf(uint8 domain) external view returns (address[] memory owners);
    /// @notice What the last record says of `owner`; of who has none, what the next signer set takes of his stake.
    function standingOf(uint8 domain, address owner) external view returns (Standing memory);
    /// @notice Who counts as one with `owner` in `domain`, by the last record; 0 for none.
    function clusterOf(uint8 domain, address owner) external view returns (uint32);
    /// @notice The owner of `signer` while he may earn, zero once he is banned.
    function earnerOf(address signer) external view returns (address);
    function isBanned(address owner) external view returns (bool);
    /// @notice Slashed collateral that `account` may claim.
    function slashedCreditOf(address account) external view returns (uint96);
    function isSlashed(address owner, bytes32 fault) external view returns (bool);
    /// @notice What `signer` signs for {join}.
    function possessionDigest(address owner) external view returns (bytes32);
}
