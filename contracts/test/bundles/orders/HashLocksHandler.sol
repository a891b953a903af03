// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HashLock, IHashLocks, LockState} from "../../../src/bundles/orders/IHashLocks.sol";
import {HashLocks} from "../../../src/bundles/orders/HashLocks.sol";
import {Permit} from "../../../src/lib/Permits.sol";
import {TestToken} from "../../doubles/Tokens.sol";
import {Test} from "../../Test.sol";

/// @dev Three people who lock two tokens under a few secrets, several locks to one of them, with good terms and bad ones; anybody
///      claims and gives back at any time, and a token turns bad. What may be refused is tried all the same.
contract HashLocksHandler is Test {
    struct Book {
        HashLock terms;
        bytes32 id;
        bytes32 secret;
        bool claimed;
        bool returned;
    }

    uint40 private constant START = 1_750_000_000;
    uint256 private constant SECRETS = 4;

    HashLocks public immutable locks = new HashLocks();
    TestToken[2] private _tokens;
    address[3] private _people = [address(0xa11ce), address(0xb0b), address(0xca401)];
    Book[] private _books;
    /// @dev By token, what is held, and what went to recipients and to payers.
    mapping(address token => uint256) public heldOf;
    mapping(address account => mapping(address token => uint256)) public lockedBy;
    mapping(address account => mapping(address token => uint256)) public broughtTo;
    mapping(bytes32 hash => bytes32) private _shown;
    uint256 public claims;
    uint256 public returns_;
    uint256 public wrong;
    string public why;

    function start() external {
        vm.warp(START);
        for (uint256 i; i < 2; ++i) {
            _tokens[i] = new TestToken();
            for (uint256 k; k < 3; ++k) {
                _tokens[i].mint(_people[k], 1e15);
                vm.prank(_people[k]);
                _tokens[i].approve(address(locks), type(uint256).max);
            }
        }
    }

    function count() external view returns (uint256) {
        return _books.length;
    }

    function bookAt(uint256 i) external view returns (Book memory) {
        return _books[i];
    }

    function tokenAt(uint256 i) external view returns (TestToken) {
        return _tokens[i];
    }

    function personAt(uint256 i) external view returns (address) {
        return _people[i];
    }

    /// @notice What somebody has of a token who locked and got what the books say.
    function dueTo(address who, address token) external view returns (uint256) {
        return 1e15 + broughtTo[who][token] - lockedBy[who][token];
    }

    /* WHAT ANYBODY CAN DO */

    /// @dev `by`: now and then another than the payer brings it.
    function lock(uint8 payer, uint8 to, bool second, uint96 amount, uint8 secret, uint32 window, uint8 by) external {
        HashLock memory terms;
        (terms.payer, terms.recipient) = (_people[payer % 3], _people[to % 3]);
        (terms.token, terms.amount) = (address(_tokens[second ? 1 : 0]), uint96(_bound(amount, 0, 1e12)));
        terms.until = uint40(block.timestamp + window % 2 hours);
        (terms.hash, terms.salt) = (sha256(abi.encode(_secretAt(secret))), uint64(_books.length / 2));
        bytes32 id = locks.idOf(terms);
        bool known = locks.stateOf(id) != LockState.None;
        address caller = by % 5 == 0 ? _people[by % 3] : terms.payer;
        bool fits = caller == terms.payer && terms.amount != 0 && terms.until > block.timestamp && !known
            && _shown[terms.hash] == 0 && TestToken(terms.token).manner() != TestToken.Manner.TakesFee;
        vm.prank(caller);
        try locks.lock(terms, Permit(0, 0, 0, 0, 0)) {
            if (!fits) _fault("locked what may not be");
            _books.push(Book(terms, id, _secretAt(secret), false, false));
            heldOf[terms.token] += terms.amount;
            lockedBy[terms.payer][terms.token] += terms.amount;
        } catch {
            if (fits) _fault("not locked");
        }
    }

    /// @dev By whoever; with its secret, or with another's.
    function claim(uint256 which, uint8 who, bool otherSecret) public {
        if (_books.length == 0) return;
        Book storage book = _books[which % _books.length];
        bytes32 secret = otherSecret ? _secretAt(uint8(which % 7)) : book.secret;
        bool fits = !book.claimed && !book.returned && block.timestamp < book.terms.until && secret == book.secret;
        HashLock memory terms = book.terms;
        bool refused = _refuses(terms.token, terms.recipient);
        vm.prank(_people[who % 3]);
        try locks.claim{gas: 5_000_000}(terms, secret) {
            if (!fits || refused) _fault("claimed what may not be");
            book.claimed = true;
            ++claims;
            _shown[terms.hash] = secret;
            _left(terms, terms.recipient);
        } catch {
            if (fits && !refused) _fault("not claimed");
        }
    }

    function giveBack(uint256 which, uint8 who) public {
        if (_books.length == 0) return;
        Book storage book = _books[which % _books.length];
        bool fits = !book.claimed && !book.returned && block.timestamp >= book.terms.until;
        HashLock memory terms = book.terms;
        bool refused = _refuses(terms.token, terms.payer);
        vm.prank(_people[who % 3]);
        try locks.giveBack{gas: 5_000_000}(terms) {
            if (!fits || refused) _fault("given back what may not be");
            book.returned = true;
            ++returns_;
            _left(terms, terms.payer);
        } catch {
            if (fits && !refused) _fault("not given back");
        }
    }

    /// @dev With any term another it is nobody's lock.
    function forge(uint256 which, uint8 term, bool late) external {
        if (_books.length == 0) return;
        Book storage book = _books[which % _books.length];
        HashLock memory terms = book.terms;
        term %= 6;
        if (term == 0) terms.payer = address(0xe7e);
        if (term == 1) terms.recipient = address(0xe7e);
        if (term == 2) terms.amount += 1;
        if (term == 3) terms.until += 1;
        if (term == 4) terms.salt += 1 << 32;
        if (term == 5) terms.token = terms.token == address(_tokens[0]) ? address(_tokens[1]) : address(_tokens[0]);
        // What is changed may be another's lock all the same.
        if (locks.stateOf(locks.idOf(terms)) != LockState.None) return;
        if (late) {
            try locks.giveBack(terms) {
                _fault("gave back what nobody locked");
            } catch {}
        } else {
            try locks.claim(terms, book.secret) {
                _fault("paid what nobody locked");
            } catch {}
        }
    }

    function wait_(uint32 seconds_) external {
        vm.warp(block.timestamp + seconds_ % 40 minutes);
    }

    function behave(uint8 manner, bool second, uint8 refused) external {
        // Back to good half of the time: what is refused stays held.
        TestToken.Manner next = manner % 2 == 0 ? TestToken.Manner.Good : TestToken.Manner(manner % 5);
        _tokens[second ? 1 : 0].behave(next, _people[refused % 3]);
    }

    /// @notice In the end nothing is held: what nobody claimed is its payer's again.
    function end() external {
        vm.warp(block.timestamp + 1 days);
        for (uint256 i; i < 2; ++i) {
            _tokens[i].behave(TestToken.Manner.Good, address(0));
        }
        for (uint256 which; which < _books.length; ++which) {
            giveBack(which, 0);
        }
    }

    /* INSIDE */

    function _secretAt(uint8 which) private pure returns (bytes32) {
        return keccak256(abi.encode("secret", which % SECRETS));
    }

    function _refuses(address token, address to) private view returns (bool) {
        TestToken.Manner manner = TestToken(token).manner();
        bool bad = manner == TestToken.Manner.Refuses || manner == TestToken.Manner.SaysNo
            || manner == TestToken.Manner.Burns;
        return bad && TestToken(token).refused() == to;
    }

    function _left(HashLock memory terms, address to) private {
        heldOf[terms.token] -= terms.amount;
        broughtTo[to][terms.token] += terms.amount;
    }

    function _fault(string memory what) private {
        ++wrong;
        why = what;
    }
}
