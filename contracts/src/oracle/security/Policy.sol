// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IPolicy} from "./IPolicy.sol";

/// @dev What it promises stands at {IPolicy}. Every number has bounds that no owner can pass.
contract Policy is IPolicy, Ownable {
    uint256 private constant DOMAINS = 16;
    uint96 public constant LEAST_VALUE_LIMIT = 1e6;
    uint16 public constant LEAST_SURGE_FLOOR = 3;
    uint16 public constant MOST_SURGE_FLOOR = 100;
    /// @inheritdoc IPolicy
    /// @dev Longer than a stake is bonded; the slasher is not built otherwise.
    uint40 public constant NOTICE_SECONDS = 45 days;

    /// @inheritdoc IPolicy
    address public guardian;
    /// @inheritdoc IPolicy
    uint96 public valueLimit;
    /// @inheritdoc IPolicy
    uint16 public surgeFloor;
    uint16 private _trustedOnly; // bitmap of domains
    mapping(uint8 domain => mapping(address owner => bool)) public isTrusted;
    /// @inheritdoc IPolicy
    mapping(address consumer => uint40) public believedFrom;

    /// @param owner_ a timelock where money is real
    constructor(address owner_, address guardian_, uint96 valueLimit_, uint16 surgeFloor_) Ownable(owner_) {
        _setGuardian(guardian_);
        _setValueLimit(valueLimit_);
        _setSurgeFloor(surgeFloor_);
    }

    function setGuardian(address guardian_) external onlyOwner {
        _setGuardian(guardian_);
    }

    function setValueLimit(uint96 perHour) external onlyOwner {
        _setValueLimit(perHour);
    }

    function setSurgeFloor(uint16 disputes) external onlyOwner {
        _setSurgeFloor(disputes);
    }

    function setTrustedOnly(uint8 domain, bool trustedOnly) external onlyOwner {
        _checkBounds("domain", domain, 0, DOMAINS - 1);

        uint16 bit = uint16(1 << domain);
        _trustedOnly = trustedOnly ? _trustedOnly | bit : _trustedOnly & ~bit;

        emit TrustedOnlySet(domain, trustedOnly);
    }

    function setTrusted(uint8 domain, address owner_, bool trusted) external onlyOwner {
        _checkBounds("domain", domain, 0, DOMAINS - 1);

        isTrusted[domain][owner_] = trusted;

        emit TrustedSet(domain, owner_, trusted);
    }

    /// @notice Names a consumer, believed after NOTICE_SECONDS, or takes it back at once. Naming it again starts anew.
    function setConsumer(address consumer, bool believed) external onlyOwner {
        uint40 from = believed ? uint40(block.timestamp) + NOTICE_SECONDS : 0;

        believedFrom[consumer] = from;

        emit ConsumerSet(consumer, from);
    }

    /// @inheritdoc IPolicy
    function maySit(uint8 domain, address owner_) external view returns (bool) {
        return !isTrustedOnly(domain) || isTrusted[domain][owner_];
    }

    /// @inheritdoc IPolicy
    function isTrustedOnly(uint8 domain) public view returns (bool) {
        return _trustedOnly >> domain & 1 == 1;
    }

    function _setGuardian(address guardian_) private {
        guardian = guardian_;
        emit GuardianSet(guardian_);
    }

    function _setValueLimit(uint96 perHour) private {
        _checkBounds("valueLimit", perHour, LEAST_VALUE_LIMIT, type(uint96).max);
        valueLimit = perHour;
        emit ValueLimitSet(perHour);
    }

    function _setSurgeFloor(uint16 disputes) private {
        _checkBounds("surgeFloor", disputes, LEAST_SURGE_FLOOR, MOST_SURGE_FLOOR);
        surgeFloor = disputes;
        emit SurgeFloorSet(disputes);
    }

    function _checkBounds(string memory what, uint256 value, uint256 least, uint256 most) private pure {
        require(value >= least && value <= most, Policy_OutOfBounds(what, value, least, most));
    }
}
