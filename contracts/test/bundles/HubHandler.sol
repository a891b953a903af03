// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {BundleHashes} from "../../src/bundles/BundleHashes.sol";
import {Bundle, Leg, LegStatus, Mode, NO_LEG, Outcome} from "../../src/bundles/BundleTypes.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {Signed} from "../../src/bundles/IAttesters.sol";
import {Compensations, Completion, LegResult, Opening} from "../../src/bundles/IBundleHub.sol";
import {ChangingSeats} from "./ChangingSeats.sol";

/// @dev Everything that anybody can do to a hub and its attesters, in any order, with attesters who sign whatever is asked of
///      them. What may be refused is tried all the same; the books here are kept by what came of it.
contract HubHandler is ChangingSeats {
    struct Book {
        Bundle bundle;
        bytes32 id;
        Outcome decided; // the first that was seen; Open until then
    }

    Book[] private _books;
    uint256 public paidIn;
    uint256 public paidOut;
    uint256 public potsClaimed;
    /// @notice What the owner paid in as credit and did not spend yet, and what he took out of his credit.
    uint256 public deposited;
    uint256 public withdrawn;
    /// @notice Bundles whose outcome changed after it was decided; batches that counted though their epoch was over, or the
    ///         other way round; what a pause should have stopped and did not, or the other way round.
    uint256 public changed;
    uint256 public wrongBatches;
    uint256 public wrongPauses;
    /// @notice Ordered bundles that were not committed though all that must had run, or the other way round.
    uint256 public wrongCompletions;
    /// @notice Bundles written down as unopened that were not, or could still be; or the other way round.
    uint256 public wrongUnopened;
    mapping(uint32 epoch => uint256) public endedAt; // as the test reckons it; 0 while it is current
    uint256 public renewedAt;
    uint256 public pausedUntil;
    uint256 public firstOrdinal;

    function start() external payable {
        setUp();
        (renewedAt, firstOrdinal) = (block.timestamp, hub.nextOrdinal());
    }

    receive() external payable {}

    function count() external view returns (uint256) {
        return _books.length;
    }

    function bookAt(uint256 i) external view returns (Book memory) {
        return _books[i];
    }

    function hubAddress() external view returns (address, address) {
        return (address(hub), address(attesters));
    }

    function ownerOfAll() external view returns (address) {
        return owner;
    }

    function signers() external view returns (address[] memory all) {
        all = new address[](_joined + 4);
        for (uint256 i; i < _joined; ++i) {
            all[i] = _ownerKey(i);
        }
        (all[_joined], all[_joined + 1], all[_joined + 2], all[_joined + 3]) = (owner, rival, relayer, alice);
    }

    /* OPENING */

    function open(uint8 legs, uint96 fee, uint32 window, bool escrowed, bool signed) external {
        Bundle memory bundle = _bundle(escrowed ? Mode.Escrowed : Mode.Ordered, uint64(_books.length));
        bundle.legs = uint8(_bound(legs, 1, 32));
        bundle.fee = uint96(_bound(fee, 0, 1 ether));
        bundle.deadline = uint40(block.timestamp + _bound(window, 1, WINDOW_SECONDS));
        bundle.legsHash = EfficientHashLib.hash(_hashesOf(bundle.legs));
        if (signed) {
            hub.deposit{value: bundle.fee}(owner);
            paidIn += bundle.fee;
            deposited += bundle.fee;
            Opening[] memory openings = new Opening[](2);
            openings[0] = openings[1] = _opening(OWNER_KEY, bundle);
            try hub.openMany(openings) {
                deposited -= bundle.fee;
                _seePause(false);
            } catch {
                _seePause(true);
                return;
            }
        } else {
            vm.prank(owner);
            try hub.open{value: bundle.fee}(bundle, "") {
                paidIn += bundle.fee;
                _seePause(false);
            } catch {
                _seePause(true);
                return;
            }
        }
        _books.push(Book(bundle, hub.idOf(bundle), Outcome.Open));
    }

    function topUp(uint256 which, uint64 more) external {
        if (_books.length == 0) return;
        try hub.topUp{value: more}(_at(which).id) {
            paidIn += more;
        } catch {}
    }

    /* DECIDING */

    function commit(uint256 which, uint256 other, uint8 signers_) external {
        if (_books.length == 0) return;
        bytes32[] memory ids = _two(_at(which).id, _at(other).id);
        bytes memory evidence = _evidence(_two(Facts.prepared(ids[0]), Facts.prepared(ids[1])), signers_ & 15);
        try hub.commitPrepared(ids, evidence) {
            _seePause(false);
            _seeBatch(signers_ & 15, true);
        } catch {}
        _look();
    }

    /// @dev `without`: the last leg has not run, and is shown to compensate the first; it does where there are several.
    function complete(uint256 which, bool without) external {
        if (_books.length == 0) return;
        Book storage book = _at(which);
        uint8 legs = book.bundle.legs;
        LegResult[] memory results = _all(legs, LegStatus.Ok, true);
        Completion[] memory many = _completion(book.id, results);
        if (without) {
            assembly ("memory-safe") {
                mstore(results, sub(legs, 1))
            }
            many[0].compensations = _shown(book.bundle);
        }
        // A bundle of one leg that ran not is proved by nothing, which is refused.
        bytes memory evidence = _evidence(results.length == 0 ? _one(0) : _leavesOf(book.id, results), THREE);
        bool can = book.bundle.mode == Mode.Ordered && hub.outcomeOf(book.id) == Outcome.Open;
        try hub.commitCompleted(many, evidence) {
            if (can != (hub.outcomeOf(book.id) == Outcome.Committed)) {
                if (can || book.decided != Outcome.Committed) ++wrongCompletions;
            }
            if (without && legs == 1) ++wrongCompletions;
        } catch {
            if (block.timestamp <= renewedAt + AGE && !(without && legs == 1)) ++wrongCompletions;
        }
        _look();
    }

    function fail(uint256 which, uint8 leg) external {
        if (_books.length == 0) return;
        LegResult memory result = _result(uint8(leg % _at(which).bundle.legs), LegStatus.Failed);
        bytes memory evidence = _evidence(_one(_leafOf(_at(which).id, result)), THREE);
        try hub.abortFailed(_failure(_at(which).id, result), evidence) {} catch {}
        _look();
    }

    function abort(uint256 which) external {
        if (_books.length == 0) return;
        vm.prank(owner);
        try hub.abort(_at(which).bundle) {} catch {}
        _look();
    }

    function expire(uint256 which, uint256 other) external {
        if (_books.length == 0) return;
        hub.expire(_two(_at(which).id, _at(other).id));
        _look();
    }

    /* FEES */

    /// @dev Of what nobody opened, whatever its header states; and of what somebody did.
    function expireUnopened(uint8 legs, uint96 fee, uint32 since, bool escrowed, bool known) external {
        Bundle memory bundle = _bundle(escrowed ? Mode.Escrowed : Mode.Ordered, uint64(_books.length));
        bundle.legs = uint8(_bound(legs, 0, 40));
        (bundle.fee, bundle.deadline) = (fee, uint40(block.timestamp + 10 - since % 1 days));
        bundle.legsHash = EfficientHashLib.hash(_hashesOf(bundle.legs));
        if (known && _books.length != 0) bundle = _at(since).bundle;
        else known = false;
        bool due = bundle.mode == Mode.Escrowed && bundle.legs != 0 && bundle.legs <= 32
            && block.timestamp > bundle.deadline && !known;
        try hub.expireUnopened(bundle, "") {
            if (!due) ++wrongUnopened;
            _books.push(Book(bundle, hub.idOf(bundle), Outcome.Aborted));
        } catch {
            if (due) ++wrongUnopened;
        }
        _look();
    }

    function settle(uint256 which, uint32 legs, uint8 status, bool named) external {
        if (_books.length == 0) return;
        Book storage book = _at(which);
        LegResult[] memory all = _all(book.bundle.legs, LegStatus(1 + status % 4), named);
        uint256 kept;
        for (uint256 i; i < all.length; ++i) {
            if (legs >> i & 1 == 1) all[kept++] = all[i];
        }
        if (kept == 0) return;
        assembly ("memory-safe") {
            mstore(all, kept)
        }
        bytes memory evidence = _evidence(_leavesOf(book.id, all), THREE);
        try hub.settle(_settlement(book.bundle, all), evidence) {} catch {}
    }

    function reclaim(uint256 which) external {
        if (_books.length == 0) return;
        try hub.reclaim(_at(which).bundle) {} catch {}
    }

    function claimPot(uint32 epoch, uint8 seat) external {
        try hub.claimPot(uint32(_bound(epoch, 1, attesters.currentEpoch())), uint8(seat % 5)) returns (uint256 amount) {
            potsClaimed += amount;
        } catch {}
    }

    function withdraw(uint8 who, uint256 amount) external {
        address account = who % 2 == 0 ? relayer : owner;
        amount = _bound(amount, 0, hub.creditOf(account));
        vm.prank(account);
        hub.withdraw(bob, amount);
        paidOut += amount;
        if (account == owner) withdrawn += amount;
    }

    /* ATTESTERS, GUARDIAN, TIME */

    /// @dev The last one goes and another comes, so that seats 0 to 2 stay a quorum.
    function rotate() external {
        _leave(_joined - 1);
        _welcome();
        vm.warp(block.timestamp + EPOCH);
        stakes.advanceEpoch(0);
        _adopt();
    }

    function renew() external {
        _adopt();
    }

    /// @dev Signed in an epoch of now or of before; whether it counts is reckoned here.
    function tell(uint32 epoch, uint8 signers_, uint32 validFor) external {
        uint32 current = attesters.currentEpoch();
        epoch = uint32(_bound(epoch, current > 3 ? current - 3 : 1, current));
        uint256 seats = signers_ & 15;
        uint40 until = uint40(block.timestamp + _bound(validFor, 0, VALIDITY));
        bytes32 root = keccak256(abi.encode("root", until));
        Signed memory signed = _signedUntil(attesters, epoch, until, root, seats);
        bool counts;
        try attesters.checkRoot(root, signed) {
            counts = true;
        } catch {}
        uint256 ends = endedAt[epoch];
        if (ends != 0 && until > ends) {
            if (counts) ++wrongBatches;
            return;
        }
        if (ends == 0) _seeBatch(seats, counts);
    }

    function pause(uint32 seconds_) external {
        uint40 wanted = uint40(_bound(seconds_, 1, 72 hours));
        vm.prank(guardian);
        try hub.pause(wanted) {
            if (pausedUntil != 0 && block.timestamp < pausedUntil + 72 hours) ++wrongPauses;
            pausedUntil = block.timestamp + wanted;
        } catch {}
    }

    function wait_(uint32 seconds_) external {
        vm.warp(block.timestamp + _bound(seconds_, 1, 3 days));
    }

    function waitLong() external {
        vm.warp(block.timestamp + RECLAIM);
    }

    /* HELP */

    function _at(uint256 which) private view returns (Book storage) {
        return _books[which % _books.length];
    }

    function _legAt(uint8 place, uint8 legs) private view returns (Leg memory leg) {
        leg = _leg(legs > 1 && place == legs - 1 ? 0 : NO_LEG);
        leg.salt = bytes32(uint256(place));
    }

    function _hashesOf(uint8 legs) private view returns (bytes32[] memory hashes) {
        hashes = new bytes32[](legs);
        for (uint8 i; i < legs; ++i) {
            hashes[i] = BundleHashes.legHash(_legAt(i, legs));
        }
    }

    function _shown(Bundle memory bundle) private view returns (bytes memory) {
        uint8[] memory places = new uint8[](1);
        bytes32[13][] memory words = new bytes32[13][](1);
        (places[0], words[0]) = (bundle.legs - 1, _wordsOf(_legAt(bundle.legs - 1, bundle.legs)));
        return abi.encode(Compensations(bundle, _hashesOf(bundle.legs), places, words));
    }

    function _all(uint8 legs, LegStatus status, bool named) private view returns (LegResult[] memory results) {
        results = new LegResult[](legs);
        for (uint8 i; i < legs; ++i) {
            results[i] = _result(i, status);
            if (!named && i % 2 == 0) results[i].relayer = address(0);
        }
    }

    function _adopt() private {
        uint32 before = attesters.currentEpoch();
        if (attesters.adopt() != before) endedAt[before] = block.timestamp + VALIDITY;
        renewedAt = block.timestamp;
    }

    /// @dev What is decided must not change. Anybody looks at any time.
    function _look() private {
        for (uint256 i; i < _books.length; ++i) {
            Book storage book = _books[i];
            Outcome now_ = hub.outcomeOf(book.id);
            if (book.decided != Outcome.Open && now_ != book.decided) ++changed;
            if (book.decided == Outcome.Open) book.decided = now_;
        }
    }

    /// @dev Of equal weights three of four are a quorum.
    function _seeBatch(uint256 seats, bool counted) private {
        uint256 heads;
        for (uint256 i; i < SEATS; ++i) {
            heads += seats >> i & 1;
        }
        bool fresh = block.timestamp <= renewedAt + AGE;
        if (counted != (heads >= 3 && fresh)) ++wrongBatches;
    }

    function _seePause(bool refused) private {
        if (refused != (block.timestamp < pausedUntil)) ++wrongPauses;
    }
}
