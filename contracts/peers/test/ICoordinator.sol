// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {VRF} from "@chainlink/contracts/src/v0.8/vrf/VRF.sol";
import {IVrfCoordinator} from "../../src/randomness/ChainlinkVrf.sol";

/// @dev The part of Chainlink's coordinator that a test sets up and answers by. Its source wants a compiler of its own, so it
///      comes as bytecode: `contracts/peers/build-coordinator.mjs`.
interface ICoordinator is IVrfCoordinator {
    struct Commitment {
        uint64 blockNum;
        uint256 subId;
        uint32 callbackGasLimit;
        uint32 numWords;
        address sender;
        bytes extraArgs;
    }

    event RandomWordsRequested(
        bytes32 indexed keyHash,
        uint256 requestId,
        uint256 preSeed,
        uint256 indexed subId,
        uint16 minimumRequestConfirmations,
        uint32 callbackGasLimit,
        uint32 numWords,
        bytes extraArgs,
        address indexed sender
    );
    event RandomWordsFulfilled(
        uint256 indexed requestId,
        uint256 outputSeed,
        uint256 indexed subId,
        uint96 payment,
        bool nativePayment,
        bool success,
        bool onlyPremium
    );

    error NoSuchProvingKey(bytes32 keyHash);
    error NoCorrespondingRequest();
    error InsufficientBalance();

    function setConfig(
        uint16 minimumRequestConfirmations,
        uint32 maxGasLimit,
        uint32 stalenessSeconds,
        uint32 gasAfterPaymentCalculation,
        int256 fallbackWeiPerUnitLink,
        uint32 fulfillmentFlatFeeNativePPM,
        uint32 fulfillmentFlatFeeLinkDiscountPPM,
        uint8 nativePremiumPercentage,
        uint8 linkPremiumPercentage
    ) external;
    function registerProvingKey(uint256[2] calldata publicProvingKey, uint64 maxGas) external;
    function hashOfKey(uint256[2] calldata publicKey) external pure returns (bytes32);
    function createSubscription() external returns (uint256);
    function fundSubscriptionWithNative(uint256 subId) external payable;
    function addConsumer(uint256 subId, address consumer) external;
    function fulfillRandomWords(VRF.Proof calldata proof, Commitment calldata request, bool onlyPremium)
        external
        returns (uint96 payment);
}
