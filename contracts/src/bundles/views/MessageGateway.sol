// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC7786GatewaySource, IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {BundleHashes} from "../BundleHashes.sol";
import {Bundle, Leg, LegKind, MOST_PAYLOAD, Mode, NO_LEG} from "../BundleTypes.sol";
import {IBundleHub} from "../IBundleHub.sol";
import {IMessageGateway} from "./IMessageGateway.sol";

/// @dev What it promises stands at {IMessageGateway}.
contract MessageGateway is IMessageGateway {
    using InteroperableAddress for bytes;

    bytes4 public constant TIMEOUT = bytes4(keccak256("timeout(uint256)"));
    bytes4 public constant MIN_GAS_LIMIT = bytes4(keccak256("minGasLimit(uint256)"));
    uint40 public constant USUAL_TIMEOUT = 1 days;
    uint32 public constant USUAL_GAS = 200_000;

    IBundleHub public immutable hub;
    uint64 private _sent;

    struct Message {
        address sender;
        bool returned; // what the hub gave back of its fee
    }

    mapping(bytes32 bundle => Message) private _messages;

    constructor(IBundleHub hub_) {
        hub = hub_;
    }

    /// @inheritdoc IERC7786GatewaySource
    function sendMessage(bytes calldata recipient, bytes calldata payload, bytes[] calldata attributes)
        external
        payable
        returns (bytes32 sendId)
    {
        bytes memory sender = InteroperableAddress.formatEvmV1(block.chainid, msg.sender);
        _open(recipient, sender, payload, attributes);
        emit MessageSent(0, sender, recipient, payload, 0, attributes);
        return 0;
    }

    /// @inheritdoc IMessageGateway
    function returnFee(Bundle calldata bundle) external returns (uint256 amount) {
        bytes32 id = hub.idOf(bundle);
        Message memory message = _messages[id];
        require(message.sender != address(0), Gateway_NotSent(id));
        require(!message.returned, Gateway_NothingToReturn(id));
        // Where somebody settled or reclaimed it there, the hub's word says what came of it.
        if (hub.wordOf(id).paid() == 0) hub.reclaim(bundle);
        // A message is one leg: when its share went out, nothing more comes of it.
        amount = hub.wordOf(id).givenBack();
        require(amount != 0, Gateway_NothingToReturn(id));

        _messages[id].returned = true;

        emit FeeReturned(id, message.sender, amount);
        // The hub pays the sender; the gateway never holds anything.
        hub.withdraw(message.sender, amount);
    }

    /// @inheritdoc IMessageGateway
    function senderOf(bytes32 bundle) external view returns (address) {
        return _messages[bundle].sender;
    }

    /// @inheritdoc IERC7786GatewaySource
    function supportsAttribute(bytes4 selector) external pure returns (bool) {
        return selector == TIMEOUT || selector == MIN_GAS_LIMIT;
    }

    /* INSIDE */

    function _open(bytes calldata recipient, bytes memory sender, bytes calldata payload, bytes[] calldata attributes)
        private
    {
        require(msg.value <= type(uint96).max, Gateway_FeeTooLarge(msg.value));
        uint64 salt = ++_sent;
        bytes32 receiveId = keccak256(abi.encode(block.chainid, address(this), salt));
        Leg[] memory legs = new Leg[](1);
        Leg memory leg = legs[0];
        leg.data = abi.encodeCall(IERC7786Recipient.receiveMessage, (receiveId, sender, payload));
        require(leg.data.length <= MOST_PAYLOAD, Gateway_PayloadTooBig(leg.data.length, MOST_PAYLOAD));
        (leg.chainId, leg.target) = recipient.parseEvmV1Calldata();
        // From the gateway's own account: by that recipients know who calls.
        (leg.kind, leg.undoes) = (LegKind.Account, NO_LEG);
        uint40 deadline;
        (deadline, leg.gasLimit) = _wishesIn(attributes);
        Bundle memory bundle = Bundle({
            owner: address(this),
            mode: Mode.Ordered,
            legs: 1,
            deadline: deadline,
            legsHash: keccak256(abi.encodePacked(BundleHashes.legHash(leg))),
            fee: uint96(msg.value),
            salt: salt
        });

        bytes32 id = hub.open{value: msg.value}(bundle, abi.encode(legs));
        _messages[id].sender = msg.sender;

        emit MessageOpened(receiveId, id, msg.sender, salt);
    }

    function _wishesIn(bytes[] calldata attributes) private view returns (uint40 deadline, uint32 gasLimit) {
        for (uint256 i; i < attributes.length; ++i) {
            bytes4 selector = bytes4(attributes[i]);
            bool isTimeout = selector == TIMEOUT;
            require(isTimeout || selector == MIN_GAS_LIMIT, UnsupportedAttribute(selector));
            bool isNew = isTimeout ? deadline == 0 : gasLimit == 0;
            require(attributes[i].length == 36 && isNew, Gateway_BadAttribute(selector));
            uint256 wish = uint256(bytes32(attributes[i][4:]));
            require(wish != 0 && (isTimeout || wish <= type(uint32).max), Gateway_BadAttribute(selector));
            if (!isTimeout) {
                gasLimit = uint32(wish);
                continue;
            }
            // How far ahead it may lie says the hub.
            require(wish > block.timestamp && wish <= type(uint40).max, Gateway_BadTimeout(wish));
            deadline = uint40(wish);
        }
        if (deadline == 0) deadline = uint40(block.timestamp) + USUAL_TIMEOUT;
        if (gasLimit == 0) gasLimit = USUAL_GAS;
    }
}
