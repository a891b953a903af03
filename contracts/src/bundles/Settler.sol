// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibClone} from "solady/utils/LibClone.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {Account} from "./Account.sol";
import {Brake} from "./Brake.sol";
import {Breaker} from "./Breaker.sol";
import {LegKind, LegStatus, Outcome} from "./BundleTypes.sol";
import {Facts} from "./Facts.sol";
import {Inputs} from "./Inputs.sol";
import {BundleDecision, CancelledLeg, ISettler, LegReceipt, LegWords, RunnableLeg, Wait} from "./ISettler.sol";
import {IVerifier} from "./IVerifier.sol";
import {LegWord} from "./LegWord.sol";
import {SharedExecutor} from "./SharedExecutor.sol";

/// @dev What it promises stands at {ISettler}.
contract Settler is Brake, Breaker {
    using Inputs for RunnableLeg;
    using LegWord for LegWords;

    /// @dev What the legs of one call to {run} share.
    struct Bringing {
        address relayer;
        bool paused;
        bool ranWell; // a leg did, so code that others chose has had an effect
        uint256 left; // of the value that came with it
    }

    IVerifier public immutable verifier;
    SharedExecutor public immutable shared;
    /// What accounts are clones of.
    address public immutable accountCode;

    /// @dev Ordinals that have their receipt. Also that of a compensation while it runs.
    mapping(uint256 index => uint256) private _settled;

    constructor(address verifier_, address guardian_) Brake(guardian_) {
        verifier = IVerifier(verifier_);
        shared = new SharedExecutor(address(this));
        accountCode = address(new Account(address(this)));
    }

    /* RUNNING */

    /// @inheritdoc ISettler
    function run(
        RunnableLeg[] calldata legs,
        LegReceipt[] calldata receipts,
        BundleDecision[] calldata decisions,
        bytes calldata evidence,
        address relayer
    ) external payable {
        bytes32[] memory facts = new bytes32[](legs.length + receipts.length + decisions.length);
        uint256 most;
        for (uint256 i; i < legs.length; ++i) {
            RunnableLeg calldata leg = legs[i];
            bytes calldata inputs = leg.inputs;
            facts[i] =
                leg.words.opened(LegWord.hashOf(leg.data), inputs.length == 0 ? bytes32(0) : LegWord.hashOf(inputs));
            uint256 value = leg.words.value();
            if (value > most) most = value;
        }
        _check(facts, legs.length, receipts, decisions, most, evidence);

        Bringing memory bringing = Bringing({relayer: relayer, paused: _isPaused(), ranWell: false, left: msg.value});
        uint256 free;
        assembly ("memory-safe") {
            free := mload(0x40)
        }
        for (uint256 i; i < legs.length; ++i) {
            _run(legs[i], receipts, decisions, bringing);
            // What a leg left in memory is needed by none after it, and memory costs more the more there is.
            assembly ("memory-safe") {
                mstore(0x40, free)
            }
        }
        if (bringing.left != 0) SafeTransferLib.safeTransferETH(msg.sender, bringing.left);
    }

    /* WHAT WILL NOT RUN */

    /// @inheritdoc ISettler
    function cancel(
        CancelledLeg[] calldata legs,
        LegReceipt[] calldata receipts,
        BundleDecision[] calldata decisions,
        bytes calldata evidence,
        address relayer
    ) external {
        bytes32[] memory facts = new bytes32[](legs.length + receipts.length + decisions.length);
        for (uint256 i; i < legs.length; ++i) {
            facts[i] = legs[i].words.opened(legs[i].dataHash, legs[i].inputsHash);
        }
        _check(facts, legs.length, receipts, decisions, 0, evidence);

        for (uint256 i; i < legs.length; ++i) {
            LegWords calldata words = legs[i].words;
            uint64 ordinal = words.ordinal();
            if (isSettled(ordinal)) continue;
            _checkKind(words);
            bool missed = !words.isCompensation() && block.timestamp > words.deadline();
            if (!missed) _checkAborted(words, decisions);
            if (words.isCompensation()) _checkNeverDue(words, receipts);
            _settle(ordinal, missed ? LegStatus.Missed : LegStatus.Cancelled, 0, relayer);
        }
    }

    /* ACCOUNTS */

    /// @inheritdoc ISettler
    function createAccount(address owner) public returns (address account) {
        account = accountOf(owner);
        if (account.code.length != 0) return account;
        LibClone.cloneDeterministic(accountCode, abi.encodePacked(owner), 0);
        emit AccountCreated(owner, account);
    }

    /// @inheritdoc ISettler
    function accountOf(address owner) public view returns (address) {
        return LibClone.predictDeterministicAddress(accountCode, abi.encodePacked(owner), 0, address(this));
    }

    /* VIEWS */

    /// @inheritdoc ISettler
    function isSettled(uint64 ordinal) public view returns (bool) {
        return _settled[ordinal >> 8] & (1 << (ordinal & 0xff)) != 0;
    }

    /// @inheritdoc ISettler
    function settledWord(uint64 index) external view returns (uint256) {
        return _settled[index];
    }

    /* INSIDE */

    /// @dev Facts of the legs stand in the list already; those of receipts and decisions follow.
    function _check(
        bytes32[] memory facts,
        uint256 count,
        LegReceipt[] calldata receipts,
        BundleDecision[] calldata decisions,
        uint256 value,
        bytes calldata evidence
    ) private {
        for (uint256 i; i < receipts.length; ++i) {
            LegReceipt calldata receipt = receipts[i];
            facts[count++] = Facts.receipt(receipt.ordinal, receipt.status, receipt.result, receipt.relayer);
        }
        for (uint256 i; i < decisions.length; ++i) {
            facts[count++] = Facts.decision(decisions[i].id, decisions[i].base, decisions[i].outcome);
        }
        verifier.check(facts, value, evidence);
    }

    function _run(
        RunnableLeg calldata leg,
        LegReceipt[] calldata receipts,
        BundleDecision[] calldata decisions,
        Bringing memory bringing
    ) private {
        LegWords calldata words = leg.words;
        uint64 ordinal = words.ordinal();
        // Read anew for each leg: the one before may have run this one, by calling the settler again.
        if (isSettled(ordinal)) return;
        _checkKind(words);
        if (words.isCompensation()) {
            _checkAborted(words, decisions);
        } else {
            if (block.timestamp > words.deadline()) return _skip(ordinal, Wait.Late);
            if (bringing.paused) return _skip(ordinal, Wait.Paused);
        }
        if (words.canNeverRun(leg.data.length)) return _settle(ordinal, LegStatus.Failed, 0, bringing.relayer);
        if (!words.standsAlone()) leg.checkNeeds(receipts);
        (bool fit, bytes memory data) = leg.fill(receipts);
        if (!fit) return _settle(ordinal, LegStatus.Failed, 0, bringing.relayer);
        _perform(words, data, bringing);
    }

    /// @dev Runs what may run by its facts, when what it calls is there and does not rest, and what it pays is there.
    function _perform(LegWords calldata words, bytes memory data, Bringing memory bringing) private {
        uint64 ordinal = words.ordinal();
        LegKind kind = words.kind();
        if (_counts(words) && _isResting(words.target())) return _skip(ordinal, Wait.Resting);
        // A call to an address without code would succeed.
        if (kind != LegKind.Value && words.target().code.length == 0) {
            if (words.isCompensation()) {
                emit NotUndone(ordinal, 0, bringing.relayer);
                return;
            }
            if (!_isAlone(bringing)) return _skip(ordinal, Wait.Nested);
            return _settle(ordinal, LegStatus.Failed, 0, bringing.relayer);
        }
        address account;
        uint256 value = words.value();
        if (kind == LegKind.Account) {
            account = createAccount(words.owner());
            if (account.balance < value) return _skip(ordinal, Wait.Unfunded);
        } else {
            require(value <= bringing.left, Settler_ValueMissing(ordinal, value, bringing.left));
        }

        _mark(ordinal);

        (bool ok, bytes memory result) = _execute(words, account, data);
        if (ok && account == address(0)) bringing.left -= value;
        _record(words, ok, result, bringing);
    }

    function _record(LegWords calldata words, bool ok, bytes memory result, Bringing memory bringing) private {
        uint64 ordinal = words.ordinal();
        bytes32 hash = keccak256(result);
        if (!ok && (words.isCompensation() || !_isAlone(bringing))) {
            // Whatever the call did was undone with it; legs that it ran are as if they had not.
            _settled[ordinal >> 8] &= ~(1 << (ordinal & 0xff));
            if (!words.isCompensation()) return _skip(ordinal, Wait.Nested);
            emit NotUndone(ordinal, hash, bringing.relayer);
            return;
        }
        if (ok) bringing.ranWell = true;
        if (_counts(words)) _count(words.target(), ok);
        if (result.length != 0) emit Returned(ordinal, result);
        emit Receipt(ordinal, ok ? LegStatus.Ok : LegStatus.Failed, hash, bringing.relayer);
    }

    /// @dev Whether no code that others chose had an effect in this transaction so far. Asked only of what failed. An account that
    ///      delegates to code can do what it likes before (EIP-7702).
    function _isAlone(Bringing memory bringing) private view returns (bool) {
        return !bringing.ranWell && msg.sender == tx.origin && msg.sender.code.length == 0;
    }

    /// @dev Whether it counts for the rest of its target, and waits for it.
    function _counts(LegWords calldata words) private pure returns (bool) {
        return words.kind() == LegKind.Shared && !words.isCompensation();
    }

    /// @dev From the account, or from what holds nothing. Reverts when the call could not get all its gas. Writes the call's
    ///      head into the room before `data`, so that a payload is copied once.
    function _execute(LegWords calldata words, address account, bytes memory data)
        private
        returns (bool ok, bytes memory result)
    {
        bool own = account != address(0);
        address from = own ? account : address(shared);
        uint256 selector = uint32(own ? Account.execute.selector : SharedExecutor.execute.selector);
        (uint256 callee, uint256 gasLimit) = (words.callee, words.gasLimit());
        bool starved;
        assembly ("memory-safe") {
            let value := shr(160, shl(160, callee))
            mstore(sub(data, 0x40), gasLimit)
            let start
            switch own
            case 0 {
                mstore(sub(data, 0x20), 0x60) // where the payload stands
                mstore(sub(data, 0x60), shr(96, callee))
                mstore(sub(data, 0x80), selector)
                start := sub(data, 0x64)
            }
            default {
                mstore(sub(data, 0x20), 0x80)
                mstore(sub(data, 0x60), value)
                mstore(sub(data, 0x80), shr(96, callee))
                mstore(sub(data, 0xa0), selector)
                start := sub(data, 0x84)
                value := 0
            }
            ok := call(gas(), from, value, start, sub(add(add(data, 0x20), mload(data)), start), 0, 0)
            let size := returndatasize()
            starved := iszero(or(ok, size))
            // What failed stands behind a byte of its own.
            let skipped := and(iszero(ok), iszero(starved))
            result := mload(0x40)
            mstore(result, sub(size, skipped))
            returndatacopy(add(result, 0x20), skipped, sub(size, skipped))
            mstore(0x40, add(result, and(add(size, 0x3f), not(0x1f))))
        }
        require(!starved, Settler_Starved(words.ordinal()));
    }

    function _mark(uint64 ordinal) private {
        _settled[ordinal >> 8] |= 1 << (ordinal & 0xff);
    }

    function _settle(uint64 ordinal, LegStatus status, bytes32 result, address relayer) private {
        _mark(ordinal);
        emit Receipt(ordinal, status, result, relayer);
    }

    function _skip(uint64 ordinal, Wait why) private {
        emit Skipped(ordinal, why);
    }

    /// @dev Escrowed legs get their receipts from the escrow, and from nobody else.
    function _checkKind(LegWords calldata words) private pure {
        require(!words.isEscrowed(), Settler_NotRunnable(words.ordinal(), "kind"));
    }

    function _checkAborted(LegWords calldata words, BundleDecision[] calldata decisions) private pure {
        uint256 which = words.decision();
        require(
            which < decisions.length && decisions[which].base == words.base()
                && decisions[which].outcome == Outcome.Aborted,
            Settler_NotAborted(words.ordinal())
        );
    }

    /// @dev Of a compensation: a leg ended otherwise than this one needs it to, so it never will be due.
    function _checkNeverDue(LegWords calldata words, LegReceipt[] calldata receipts) private pure {
        uint256 which = words.receipt();
        bool never = which < receipts.length && receipts[which].status != LegStatus.None;
        if (never) {
            uint256 place = uint256(receipts[which].ordinal) - words.base();
            never = place < 256 && words.needed() & (1 << place) != 0
                && !Inputs.isAsNeeded(words, place, receipts[which].status);
        }
        require(never, Settler_NotDue(words.ordinal()));
    }
}
