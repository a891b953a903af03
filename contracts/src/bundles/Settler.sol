// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibClone} from "solady/utils/LibClone.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {Account} from "./Account.sol";
import {Brake} from "./Brake.sol";
import {Breaker} from "./Breaker.sol";
import {LegKind, LegStatus, MOST_PAYLOAD, Outcome} from "./BundleTypes.sol";
import {Facts} from "./Facts.sol";
import {Inputs} from "./Inputs.sol";
import {BundleDecision, CancelledLeg, ISettler, LegReceipt, LegWords, RunnableLeg, Wait} from "./ISettler.sol";
import {IVerifier} from "./IVerifier.sol";
import {LegBytes} from "./LegBytes.sol";
import {LegWord} from "./LegWord.sol";
import {SharedExecutor} from "./SharedExecutor.sol";
import {VerifierCall} from "./VerifierCall.sol";

/// @dev What it promises stands at {ISettler}.
contract Settler is Brake, Breaker {
    using Inputs for RunnableLeg;
    using LegBytes for RunnableLeg;
    using LegBytes for RunnableLeg[];
    using LegWord for LegWords;
    using VerifierCall for IVerifier;

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

    /// @dev A struct, so that where it stands is worked out once a leg.
    struct Settled {
        uint256 bits;
    }

    /// @dev Ordinals that have their receipt. Also that of a compensation while it runs.
    mapping(uint256 index => Settled) private _settled;

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
        (bytes32[] memory facts, uint256 most) = _openedFacts(legs, receipts.length + decisions.length);
        _check(facts, legs.length, receipts, decisions, most, evidence);

        Bringing memory bringing = Bringing({relayer: relayer, paused: _isPaused(), ranWell: false, left: msg.value});
        _runAll(legs, receipts, decisions, bringing);
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
            require(!words.isEscrowed(), Settler_NotRunnable(ordinal, "kind"));
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
        return _settled[ordinal >> 8].bits & _bit(ordinal) != 0;
    }

    /// @inheritdoc ISettler
    function settledWord(uint64 index) external view returns (uint256) {
        return _settled[index].bits;
    }

    /* INSIDE */

    /// @dev The OPENED facts of legs, in a list with room for so many others, and the largest value that they carry.
    function _openedFacts(RunnableLeg[] calldata legs, uint256 others)
        private
        view
        returns (bytes32[] memory facts, uint256 most)
    {
        facts = new bytes32[](legs.length + others);
        for (uint256 i; i < legs.length; ++i) {
            (RunnableLeg calldata leg, bytes calldata data, bytes calldata inputs) = legs.checked(i);
            bytes32 fact =
                leg.words.opened(LegWord.hashOf(data), inputs.length == 0 ? bytes32(0) : LegWord.hashOf(inputs));
            // As facts[i]: there are at least as many as legs.
            assembly ("memory-safe") {
                mstore(add(facts, shl(5, add(i, 1))), fact)
            }
            uint256 value = leg.words.value();
            if (value > most) most = value;
        }
    }

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
        verifier.ask(facts, value, evidence);
    }

    function _runAll(
        RunnableLeg[] calldata legs,
        LegReceipt[] calldata receipts,
        BundleDecision[] calldata decisions,
        Bringing memory bringing
    ) private {
        uint256 free;
        assembly ("memory-safe") {
            free := mload(0x40)
        }
        for (uint256 i; i < legs.length; ++i) {
            _run(legs.at(i), receipts, decisions, bringing);
            // What a leg left in memory is needed by none after it, and memory costs more the more there is.
            assembly ("memory-safe") {
                mstore(0x40, free)
            }
        }
    }

    function _run(
        RunnableLeg calldata leg,
        LegReceipt[] calldata receipts,
        BundleDecision[] calldata decisions,
        Bringing memory bringing
    ) private {
        LegWords calldata words = leg.words;
        uint64 ordinal = words.ordinal();
        Settled storage settled = _settled[ordinal >> 8];
        // Read anew for each leg: the one before may have run this one, by calling the settler again.
        uint256 bits = settled.bits;
        uint256 bit = _bit(ordinal);
        if (bits & bit != 0) return;
        // Escrowed legs get their receipts from the escrow, and from nobody else.
        require(!words.isEscrowed(), Settler_NotRunnable(ordinal, "kind"));
        if (words.isCompensation()) {
            _checkAborted(words, decisions);
        } else {
            if (block.timestamp > words.deadline()) return _skip(ordinal, Wait.Late);
            if (bringing.paused) return _skip(ordinal, Wait.Paused);
        }
        bytes memory data = leg.copied();
        if (data.length > MOST_PAYLOAD) return _settle(ordinal, LegStatus.Failed, 0, bringing.relayer);
        if (!words.standsAlone()) {
            if (words.canNeverRun()) return _settle(ordinal, LegStatus.Failed, 0, bringing.relayer);
            leg.checkNeeds(receipts);
        }
        if (!leg.fill(receipts, data)) return _settle(ordinal, LegStatus.Failed, 0, bringing.relayer);
        _perform(words, ordinal, settled, bits | bit, data, bringing);
    }

    /// @dev Runs what may run by its facts, when what it calls is there and does not rest, and what it pays is there.
    /// @param marked the word of bits with this leg's: no code but ours has its turn between where it was read and the call
    function _perform(
        LegWords calldata words,
        uint64 ordinal,
        Settled storage settled,
        uint256 marked,
        bytes memory data,
        Bringing memory bringing
    ) private {
        bool undoes = words.isCompensation();
        // Whether it counts for the rest of its target, and waits for it.
        bool counts = words.isShared() && !undoes;
        Failures storage failures = _failuresOf(words.target());
        if (counts && _isResting(failures)) return _skip(ordinal, Wait.Resting);
        // A call to an address without code would succeed.
        if (words.target().code.length == 0 && words.kind() != LegKind.Value) {
            if (undoes) {
                emit NotUndone(ordinal, 0, bringing.relayer);
                return;
            }
            if (!_isAlone(bringing)) return _skip(ordinal, Wait.Nested);
            return _settle(ordinal, LegStatus.Failed, 0, bringing.relayer);
        }
        address account;
        if (!counts && words.kind() == LegKind.Account) {
            account = createAccount(words.owner());
            if (account.balance < words.value()) return _skip(ordinal, Wait.Unfunded);
        } else {
            uint256 value = words.value();
            require(value <= bringing.left, Settler_ValueMissing(ordinal, value, bringing.left));
        }

        settled.bits = marked;

        (bool ok, bytes memory result, bytes32 hash) = _execute(words, ordinal, account, data);
        if (ok) {
            // No more than is left: looked at before the call, and nobody else spends of it.
            unchecked {
                if (account == address(0)) bringing.left -= words.value();
            }
            bringing.ranWell = true;
        } else if (undoes || !_isAlone(bringing)) {
            // Whatever the call did was undone with it; legs that it ran are as if they had not.
            settled.bits &= ~_bit(ordinal);
            if (!undoes) return _skip(ordinal, Wait.Nested);
            emit NotUndone(ordinal, hash, bringing.relayer);
            return;
        }
        if (counts) _count(words.target(), failures, ok);
        if (result.length != 0) emit Returned(ordinal, result);
        _tell(ordinal, ok ? LegStatus.Ok : LegStatus.Failed, hash, bringing.relayer);
    }

    /// @dev Whether no code that others chose had an effect in this transaction so far. Asked only of what failed. An account that
    ///      delegates to code can do what it likes before (EIP-7702).
    function _isAlone(Bringing memory bringing) private view returns (bool) {
        return !bringing.ranWell && msg.sender == tx.origin && msg.sender.code.length == 0;
    }

    /// @dev From the account, or from what holds nothing. Reverts when the call could not get all its gas. Writes the call's
    ///      head over the length of `data` and into the room before it, so that a payload is copied once.
    /// @return ok whether the target's call succeeded
    /// @return result what it returned, cut to 1,024 bytes
    /// @return hash keccak256 of it
    function _execute(LegWords calldata words, uint64 ordinal, address account, bytes memory data)
        private
        returns (bool ok, bytes memory result, bytes32 hash)
    {
        bool own = account != address(0);
        address from = own ? account : address(shared);
        (uint256 callee, uint256 gasLimit) = (words.callee, words.gasLimit());
        uint256 byShared = uint32(SharedExecutor.execute.selector);
        uint256 byAccount = uint32(Account.execute.selector);
        bytes4 starved = Settler_Starved.selector;
        assembly ("memory-safe") {
            let value := shr(160, shl(160, callee))
            let end := add(add(data, 0x20), mload(data))
            mstore(data, gasLimit)
            let start := sub(data, 0x20)
            switch own
            case 0 {
                mstore(start, shr(96, callee))
                start := sub(start, 0x20)
                mstore(start, byShared)
            }
            default {
                mstore(start, value)
                mstore(sub(start, 0x20), shr(96, callee))
                start := sub(start, 0x40)
                mstore(start, byAccount)
                value := 0
            }
            start := add(start, 28) // the selector's four bytes end its word
            ok := call(gas(), from, value, start, sub(end, start), 0, 0)

            let size := returndatasize()
            let from_ := 0
            if iszero(ok) {
                if iszero(size) {
                    mstore(0, starved)
                    mstore(4, ordinal)
                    revert(0, 36)
                }
                // What failed stands behind a byte of its own.
                from_ := 1
                size := sub(size, 1)
            }
            result := mload(0x40)
            mstore(result, size)
            returndatacopy(add(result, 0x20), from_, size)
            hash := keccak256(add(result, 0x20), size)
            mstore(0x40, add(result, and(add(size, 0x3f), not(0x1f))))
        }
    }

    function _bit(uint64 ordinal) private pure returns (uint256) {
        return 1 << (ordinal & 0xff);
    }

    function _settle(uint64 ordinal, LegStatus status, bytes32 result, address relayer) private {
        _settled[ordinal >> 8].bits |= _bit(ordinal);
        _tell(ordinal, status, result, relayer);
    }

    /// @dev As emit Receipt(ordinal, status, result, relayer), which every leg pays for.
    function _tell(uint64 ordinal, LegStatus status, bytes32 result, address relayer) private {
        bytes32 receipt = Receipt.selector;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, status)
            mstore(add(free, 0x20), result)
            mstore(add(free, 0x40), relayer)
            log2(free, 0x60, receipt, ordinal)
        }
    }

    function _skip(uint64 ordinal, Wait why) private {
        emit Skipped(ordinal, why);
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
