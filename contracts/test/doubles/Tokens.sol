// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC20} from "solady/tokens/ERC20.sol";

/// @dev A token as bad as a test needs it. Anybody mints.
contract TestToken is ERC20 {
    enum Manner {
        Good,
        TakesFee, // one unit of what is moved
        Refuses, // reverts when it goes to `refused`
        SaysNo, // returns false then
        Burns, // uses up all gas then
        CallsBack // tells whoever receives
    }

    Manner public manner;
    address public refused;

    function behave(Manner manner_, address refused_) external {
        (manner, refused) = (manner_, refused_);
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function name() public pure override returns (string memory) {
        return "Test Token";
    }

    function symbol() public pure override returns (string memory) {
        return "TT";
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (to == refused && manner == Manner.Refuses) revert("refused");
        if (to == refused && manner == Manner.SaysNo) return false;
        if (to == refused && manner == Manner.Burns) while (true) {}
        super.transfer(to, amount);
        if (manner == Manner.CallsBack && to.code.length != 0) IReceiver(to).received(amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        super.transferFrom(from, to, amount);
        if (manner == Manner.TakesFee) _burn(to, 1);
        if (manner == Manner.CallsBack && from.code.length != 0) IReceiver(from).received(amount);
        return true;
    }
}

/// @dev Moves, and returns nothing.
contract SilentToken {
    mapping(address => uint256) public balanceOf;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

interface IReceiver {
    function received(uint256 amount) external;
}
