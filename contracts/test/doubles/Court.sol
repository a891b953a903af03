// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICourt, Jury} from "../../src/oracle/court/ICourt.sol";
import {IOracle} from "../../src/oracle/IOracle.sol";

/// @dev Stands in for the court: juries decide what a test says. Money moves as the court's interface promises.
contract TestCourt {
    IOracle private immutable _oracle;
    bool public empty;
    Jury public last;
    mapping(bytes32 jury => Jury) private _juries;
    mapping(bytes32 jury => uint8) private _choice;
    mapping(bytes32 jury => bool) private _ended;
    mapping(bytes32 jury => bool) public isClosed;

    constructor(IOracle oracle_) {
        _oracle = oracle_;
    }

    function setEmpty(bool value) external {
        empty = value;
    }

    function jury() external view returns (Jury memory) {
        return last;
    }

    function juryOf(bytes32 id) external view returns (Jury memory) {
        return _juries[id];
    }

    function decideFor(bytes32 id, uint8 choice) external {
        require(!_ended[id], "decided");
        (_choice[id], _ended[id]) = (choice, true);
    }

    function decide(uint8 choice) external {
        _choice[idOf(last)] = choice;
        _ended[idOf(last)] = true;
    }

    function open(bytes32 subject, uint8 size, uint256 excluded, uint32 jurorEpoch, uint96 fee, uint8)
        external
        returns (bytes32)
    {
        require(!empty, ICourt.Court_TooFewJurors(0, size));
        last = Jury(msg.sender, subject, size, jurorEpoch, excluded, fee, uint40(block.timestamp), 1);
        _oracle.collect(msg.sender, fee);
        _juries[idOf(last)] = last;
        return idOf(last);
    }

    /// @dev Undecided, the fee goes back; else half of it does, as if half the seats were coherent.
    function close(Jury calldata terms) external {
        bytes32 id = idOf(terms);
        require(_ended[id] && !isClosed[id], "close");
        isClosed[id] = true;
        _oracle.pay(terms.arbitrable, _choice[id] == 0 ? terms.fee : terms.fee / 2);
    }

    function verdictOf(Jury calldata terms) external view returns (bool, uint8, uint256, uint256) {
        bytes32 id = idOf(terms);
        return (_ended[id], _choice[id], 0, terms.size);
    }

    function idOf(Jury memory terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }
}

/// @dev Stands in for the slasher: remembers what it was told.
contract TestSlasher {
    struct Fault {
        bool early;
        uint8 domain;
        uint32 epoch;
        uint256 seats;
        uint96 deposit;
        address challenger;
        uint256 times;
    }

    mapping(bytes32 fault => Fault) private _faults;

    function overturned(bytes32 fault, uint8 domain, uint32 epoch, uint256 seats, address challenger) external {
        _faults[fault] = Fault(false, domain, epoch, seats, 0, challenger, _faults[fault].times + 1);
    }

    function tooEarly(bytes32 fault, uint8 domain, uint32 epoch, uint256 seats, uint96 deposit, address challenger)
        external
    {
        _faults[fault] = Fault(true, domain, epoch, seats, deposit, challenger, _faults[fault].times + 1);
    }

    function faultOf(bytes32 fault) external view returns (Fault memory) {
        return _faults[fault];
    }
}
