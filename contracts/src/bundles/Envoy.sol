// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Outcome} from "./BundleTypes.sol";
import {IParticipant} from "./IParticipant.sol";

/// @notice Speaks to participants for the escrow. Whom a leg names as one may be any contract, a token that the escrow holds,
///         say; so the escrow itself does not call it. The envoy holds nothing, and says nothing but these two.
contract Envoy {
    address public immutable escrow;

    error Envoy_NotEscrow(address caller);

    constructor(address escrow_) {
        escrow = escrow_;
    }

    function prepare(
        IParticipant participant,
        bytes32 id,
        uint8 index,
        address owner,
        uint40 deadline,
        bytes calldata what
    ) external {
        require(msg.sender == escrow, Envoy_NotEscrow(msg.sender));
        participant.prepare(id, index, owner, deadline, what);
    }

    /// @return done the call succeeded. It had all of `gasLimit`; otherwise this reverts
    function finish(IParticipant participant, uint256 gasLimit, bytes32 id, uint8 index, Outcome outcome)
        external
        returns (bool done)
    {
        require(msg.sender == escrow, Envoy_NotEscrow(msg.sender));
        bytes memory data = abi.encodeCall(IParticipant.finish, (id, index, outcome));
        assembly ("memory-safe") {
            // 6,000: what the call itself may cost. All but a 64th of the rest can be passed on (EIP-150).
            if lt(gas(), add(6000, add(div(mul(gasLimit, 64), 63), 1))) { revert(0, 0) }
            done := call(gasLimit, participant, 0, add(data, 32), mload(data), 0, 0)
        }
    }
}
