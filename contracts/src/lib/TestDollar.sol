// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC20} from "solady/tokens/ERC20.sol";

/// @notice Play money for local and test chains: anyone may have some. Worth nothing anywhere.
/// @dev An ERC-20 with permit (EIP-2612) and 6 decimals, like the stablecoins it stands in for.
contract TestDollar is ERC20 {
    uint256 public constant FAUCET_AMOUNT = 10_000e6;
    uint256 public constant FAUCET_PAUSE = 1 hours;

    mapping(address account => uint256 unixSeconds) private _drawnAt;

    error TestDollar_TooSoon(address to, uint256 nextAt);
    error TestDollar_RealMoneyChain(uint256 chainId);

    constructor() {
        // Ethereum, OP, BNB, Gnosis, Polygon, Base, Arbitrum, Avalanche, Linea
        uint24[9] memory real = [uint24(1), 10, 56, 100, 137, 8453, 42_161, 43_114, 59_144];
        for (uint256 i; i < real.length; ++i) {
            require(block.chainid != real[i], TestDollar_RealMoneyChain(block.chainid));
        }
    }

    /// @notice Gives `to` 10,000 tUSD, at most once an hour.
    function faucet(address to) external {
        uint256 nextAt = _drawnAt[to] + FAUCET_PAUSE;
        require(block.timestamp >= nextAt, TestDollar_TooSoon(to, nextAt));

        _drawnAt[to] = block.timestamp;
        _mint(to, FAUCET_AMOUNT);
    }

    function name() public pure override returns (string memory) {
        return "Test Dollar";
    }

    function symbol() public pure override returns (string memory) {
        return "tUSD";
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// @dev The library would let one well-known contract spend everything. Here only an allowance does.
    function _givePermit2InfiniteAllowance() internal pure override returns (bool) {
        return false;
    }
}
