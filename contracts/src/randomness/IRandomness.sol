// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Seeds that nobody chooses: the signature of a public beacon over the number of a round.
/// @dev The rule of use: fix everything that the seed will decide, then name a round that is not published yet, by
///      {roundAfter}. Whoever names a round that somebody knows already has given the choice away.
/// @dev Trusted: that fewer than the threshold of the beacon's nodes collude. Those who do know a round early; even they
///      cannot choose it, because a round has one valid signature only. Nobody here is trusted: any caller may prove.
/// @dev Warning: a chain's clock may run behind the beacon's. {roundAfter} counts by the second that it is given, so give
///      it the consumer's own moment plus what the chain's clock may lag (12 seconds on Ethereum, more where a sequencer
///      may hold blocks back), not the bare timestamp of the block.
interface IRandomness {
    event Proved(uint64 indexed round, bytes32 seed);

    /// @dev Round 0, or one that would be published after the last second that 40 bits can tell.
    error Randomness_BadRound(uint64 round);
    error Randomness_BadProof(uint64 round);
    error Randomness_NotProved(uint64 round);

    /// @notice The first round whose signature nobody can know at unix second `time`: it is published strictly later.
    function roundAfter(uint40 time) external view returns (uint64 round);
    /// @notice Unix seconds at which `round` is published.
    function timeOf(uint64 round) external view returns (uint40);
    /// @notice Checks the beacon's signature of `round` and keeps its seed. Anyone may call; a second time changes nothing.
    /// @param proof The signature, a point of G1, and the witnesses that spare the square roots: see {HashToCurve}.
    ///        x (32) | y (32) | inverse (32) | then twice kind (1) | root (32) | non-square witness (32, unless kind is 0)
    function prove(uint64 round, bytes calldata proof) external returns (bytes32 seed);
    /// @notice The seed of a round. Reverts with Randomness_NotProved when nobody proved it yet.
    function seedOf(uint64 round) external view returns (bytes32);
}
