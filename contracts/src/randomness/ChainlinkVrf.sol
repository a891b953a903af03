// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IRandomness} from "./IRandomness.sol";
import {Schedule} from "./Schedule.sol";

/// @dev What is asked of Chainlink's VRF v2.5; the same shape as VRFV2PlusClient.RandomWordsRequest of their package.
struct WordsRequest {
    bytes32 keyHash;
    uint256 subId;
    uint16 requestConfirmations;
    uint32 callbackGasLimit;
    uint32 numWords;
    bytes extraArgs;
}

interface IVrfCoordinator {
    function requestRandomWords(WordsRequest calldata request) external returns (uint256 requestId);
    function getSubscription(uint256 subscription)
        external
        view
        returns (uint96 balance, uint96 nativeBalance, uint64 requests, address owner, address[] memory consumers);
}

/// @notice Chainlink's VRF v2.5 as a beacon: a round's seed is asked for once its time has come, by the subscription's owner, once.
/// @dev {prove} asks, with an empty proof; the coordinator answers later and checks the proof itself. A round is never asked for
///      before its time, so that nobody can name one whose seed he knows, and never twice, so that the node has no second
///      throw. A node that does not answer leaves the round without a seed: consumers name a later one.
/// @dev Trusted beyond what {IRandomness} says: that the node does not hold back answers that it dislikes, and that the
///      subscription's owner asks. Each answer is paid from it, and there is a round every period: were asking open, a stranger
///      could empty it by rounds that nobody named. Its owner knows no seed when he asks or does not, so he chooses none; the
///      rounds that he leaves out have no seed. Nobody owns this contract; a coordinator that Chainlink gives up takes a new one.
contract ChainlinkVrf is Schedule {
    /// @dev Of ExtraArgsV1: paid in the chain's own coin, or in LINK.
    bytes4 private constant EXTRA_ARGS_TAG = bytes4(keccak256("VRF ExtraArgsV1"));
    /// @dev Storing the seed and telling it take 60,000.
    uint32 private constant CALLBACK_GAS = 100_000;
    bytes32 private constant SEED_DOMAIN = keccak256("sooth.randomness.seed");

    IVrfCoordinator public immutable COORDINATOR;
    bytes32 public immutable KEY_HASH;
    uint256 public immutable SUBSCRIPTION;
    uint16 public immutable CONFIRMATIONS;
    bool public immutable PAYS_NATIVE;

    mapping(uint64 round => bytes32) private _seeds;
    mapping(uint64 round => bool) private _isAsked;
    mapping(uint256 request => uint64 round) private _roundOf;

    event Asked(uint64 indexed round, uint256 request);

    error ChainlinkVrf_BadParameters(string what);
    error ChainlinkVrf_NotYet(uint64 round, uint40 from);
    error ChainlinkVrf_NotCoordinator(address caller);
    error ChainlinkVrf_NotAsked(uint256 request);
    /// @dev Only who pays for an answer asks for it.
    error ChainlinkVrf_NotPayer(address caller, address owner);

    /// @param keyHash of the coordinator's proving key, which also names a gas lane
    /// @param confirmations blocks that the node waits for; a reorg that is deeper throws again
    constructor(
        IVrfCoordinator coordinator,
        bytes32 keyHash,
        uint256 subscription,
        uint16 confirmations,
        bool paysNative,
        uint40 genesis,
        uint32 period
    ) Schedule(genesis, period) {
        require(address(coordinator).code.length != 0, ChainlinkVrf_BadParameters("coordinator"));
        require(period != 0, ChainlinkVrf_BadParameters("period"));
        (COORDINATOR, KEY_HASH, SUBSCRIPTION) = (coordinator, keyHash, subscription);
        (CONFIRMATIONS, PAYS_NATIVE) = (confirmations, paysNative);
    }

    /* ASKING */

    /// @notice Asks for a round's seed, as the subscription's owner. Anybody is told it where it is there already, and 0 while it is
    ///         asked for and not there.
    /// @param proof empty: the coordinator checks the node's
    function prove(uint64 round, bytes calldata proof) external returns (bytes32 seed) {
        require(proof.length == 0, Randomness_BadProof(round));
        uint40 from = timeOf(round);
        if (_isAsked[round]) return _seeds[round];
        (,,, address owner,) = COORDINATOR.getSubscription(SUBSCRIPTION);
        require(msg.sender == owner, ChainlinkVrf_NotPayer(msg.sender, owner));
        require(block.timestamp >= from, ChainlinkVrf_NotYet(round, from));

        _isAsked[round] = true;

        uint256 request = COORDINATOR.requestRandomWords(
            WordsRequest({
                keyHash: KEY_HASH,
                subId: SUBSCRIPTION,
                requestConfirmations: CONFIRMATIONS,
                callbackGasLimit: CALLBACK_GAS,
                numWords: 1,
                extraArgs: abi.encodeWithSelector(EXTRA_ARGS_TAG, PAYS_NATIVE)
            })
        );

        _roundOf[request] = round;

        emit Asked(round, request);
    }

    /// @notice The coordinator's answer. The name is Chainlink's.
    function rawFulfillRandomWords(uint256 request, uint256[] calldata words) external {
        require(msg.sender == address(COORDINATOR), ChainlinkVrf_NotCoordinator(msg.sender));
        uint64 round = _roundOf[request];
        require(round != 0 && _seeds[round] == 0, ChainlinkVrf_NotAsked(request));
        bytes32 seed = keccak256(abi.encode(SEED_DOMAIN, round, words[0]));

        _seeds[round] = seed;

        emit Proved(round, seed);
    }

    /* VIEWS */

    /// @inheritdoc IRandomness
    function seedOf(uint64 round) external view returns (bytes32 seed) {
        seed = _seeds[round];
        require(seed != 0, Randomness_NotProved(round));
    }
}
