// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {IOracle} from "./IOracle.sol";
import {IOracleWiring} from "./IOracleNeeds.sol";

/// @dev Who may spend how much of the collateral that the oracle holds. Tokens move at the two ends only.
abstract contract Ledger is IOracle {
    using SafeTransferLib for address;

    address public immutable collateral;
    IOracleWiring public immutable wiring;

    mapping(address account => uint96) private _credits;

    constructor(address collateral_, address wiring_) {
        collateral = collateral_;
        wiring = IOracleWiring(wiring_);
    }

    /// @inheritdoc IOracle
    function deposit(address account, uint96 amount) external {
        _credit(account, amount);

        collateral.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IOracle
    function withdraw(address to, uint96 amount) external {
        _debit(msg.sender, amount);

        collateral.safeTransfer(to, amount);
    }

    /// @inheritdoc IOracle
    function pay(address to, uint96 amount) external {
        _debit(msg.sender, amount);
        _credit(to, amount);
    }

    /// @inheritdoc IOracle
    function collect(address from, uint96 amount) external {
        require(msg.sender == wiring.ladder() || msg.sender == wiring.court(), Oracle_NotAllowed(msg.sender));

        _debit(from, amount);
        _credit(msg.sender, amount);
    }

    /// @inheritdoc IOracle
    function creditOf(address account) public view returns (uint96) {
        return _credits[account];
    }

    /* INSIDE */

    function _credit(address account, uint96 amount) internal {
        _credits[account] += amount;
        emit Credited(account, amount);
    }

    function _debit(address account, uint96 amount) internal {
        _take(account, amount);
        emit Debited(account, amount);
    }

    /// @dev A debit of what there is, `most` at most.
    function _debitUpTo(address account, uint96 most) internal returns (uint96 amount) {
        uint96 credit = _credits[account];
        amount = credit < most ? credit : most;
        if (amount == 0) return 0;
        unchecked {
            _credits[account] = credit - amount;
        }
        emit Debited(account, amount);
    }

    /// @dev A debit of which another event tells.
    function _take(address account, uint96 amount) internal {
        uint96 credit = _credits[account];
        require(credit >= amount, Oracle_InsufficientCredit(account, credit, amount));
        unchecked {
            _credits[account] = credit - amount;
        }
    }
}
