// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bundle, LegStatus, Outcome} from "../../../src/bundles/BundleTypes.sol";
import {GatewayStage} from "./GatewayStage.sol";

/// @dev Messages of several senders, settled, reclaimed, topped up and returned by anybody in any order. What the hub credits to the
///      gateway is put down here to the message that it came of, by what the credit was before and after.
contract MessageGatewayHandler is GatewayStage {
    struct Book {
        Bundle bundle;
        bytes32 id;
        uint64 base;
        address sender;
        uint256 due; // credited to the gateway for it, and not returned
        bool returned;
    }

    Book[] private _books;
    uint256 public gifts;
    mapping(address sender => uint256) public gotBack;
    uint256 public wrong;
    string public why;

    function start() external payable {
        setUp();
    }

    function senderAt(uint256 i) public pure returns (address) {
        return address(uint160(0x5e4d00 + i % 3));
    }

    /// @notice What the gateway has at the hub, and what of it is whose.
    function credits() external view returns (uint256 has, uint256 owed) {
        (has, owed) = (hub.creditOf(address(gateway)), gifts);
        for (uint256 i; i < _books.length; ++i) {
            owed += _books[i].due;
        }
    }

    /* WHAT ANYBODY CAN DO */

    function send(uint256 by, uint64 fee) external {
        Opened memory opened = _sendWith(senderAt(by), abi.encode(_books.length), new bytes[](0), fee);
        Book storage book = _books.push();
        (book.bundle, book.id, book.base, book.sender) = (opened.bundle, opened.id, opened.base, senderAt(by));
    }

    function topUp(uint256 which, uint64 more) external {
        if (_books.length == 0) return;
        try hub.topUp{value: more}(_at(which).id) {} catch {}
    }

    function expire(uint256 which) external {
        if (_books.length == 0) return;
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = _at(which).id;
        hub.expire(ids);
    }

    function settle(uint256 which, uint8 status, uint8 named) external {
        if (_books.length == 0) return;
        address[3] memory names = [address(0), address(gateway), relayer];
        uint256 before = hub.creditOf(address(gateway));
        try this.settleOne(which, LegStatus(1 + status % 4), names[named % 3]) {
            _at(which).due += hub.creditOf(address(gateway)) - before;
        } catch {}
    }

    function settleOne(uint256 which, LegStatus status, address named) external {
        require(msg.sender == address(this));
        _settle(_at(which).bundle, _at(which).base, status, named);
    }

    function reclaim(uint256 which) external {
        if (_books.length == 0) return;
        Book storage book = _at(which);
        uint256 before = hub.creditOf(address(gateway));
        try hub.reclaim(book.bundle) {
            book.due += hub.creditOf(address(gateway)) - before;
        } catch {}
    }

    function give(uint64 amount) external {
        hub.deposit{value: amount}(address(gateway));
        gifts += amount;
    }

    function returnFee(uint256 which) external {
        if (_books.length == 0) return;
        Book storage book = _at(which);
        bytes32 id = book.id;
        bool late = block.timestamp > uint256(book.bundle.deadline) + 14 days;
        uint256 due = book.due;
        // What nobody settled it reclaims itself, when that is late enough.
        bool unpaid = hub.wordOf(id).paid() == 0;
        if (unpaid && late && hub.outcomeOf(id) == Outcome.Aborted) due = hub.wordOf(id).fee();
        try gateway.returnFee(book.bundle) returns (uint256 amount) {
            if (amount != due || book.returned) _fault("returned what is not his");
            (book.due, book.returned) = (0, true);
            gotBack[book.sender] += amount;
        } catch {
            if (due != 0) _fault("not returned");
        }
    }

    function wait_(uint32 seconds_, bool longer) external {
        vm.warp(block.timestamp + (longer ? 8 days : seconds_ % 2 days));
    }

    /* INSIDE */

    function _at(uint256 which) private view returns (Book storage) {
        return _books[which % _books.length];
    }

    function _fault(string memory what) private {
        ++wrong;
        why = what;
    }
}
