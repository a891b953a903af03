// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// ERC-2612 permit for exactly what is needed. `deadline` 0: no permit, an allowance is there already.
struct Permit {
    uint256 value;
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

interface IERC2612 {
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external;
}

library Permits {
    /// @dev Whoever sees a permit may use it first. Then the allowance is there, and only the transfer decides; so a
    ///      permit that fails is passed over, as is one with deadline 0.
    function tryPermit(Permit calldata permit, address token, address owner) internal {
        if (permit.deadline == 0) return;
        try IERC2612(token).permit(owner, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s) {}
            catch {}
    }
}
