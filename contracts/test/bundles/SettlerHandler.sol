// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Account} from "../../src/bundles/Account.sol";
import {Leg, LegKind, LegStatus, Outcome} from "../../src/bundles/BundleTypes.sol";
import {BundleDecision, ISettler, LegReceipt, RunnableLeg} from "../../src/bundles/ISettler.sol";
import {SharedExecutor} from "../../src/bundles/SharedExecutor.sol";
import {Target} from "../doubles/Target.sol";
import {TestToken} from "../doubles/Tokens.sol";
import {Vm} from "../Test.sol";
import {Place, SettlerStage} from "./SettlerStage.sol";

/// @dev Everything that anybody can do to a settler, in any order: with legs that succeed, fail, want their gas, run others
///      from within, return too much, or are after what is not theirs. It notes every receipt that it ever saw.
contract SettlerHandler is SettlerStage {
    enum Nature {
        Good,
        Failing,
        Careful, // fails when it gets less gas than stated
        Nesting, // runs the leg before it from within
        Bomb, // returns 50,000 bytes
        Thief, // is after the token of others, the accounts, or the settler's own doors
        NoCode,
        Paying,
        FromAccount
    }

    struct Opened {
        bytes leg; // encoded
        Place place;
        Nature nature;
        bool aborted;
        LegStatus status; // of its one receipt
        uint256 receipts;
        uint256 seenIn; // the action after which its receipt was there
        bool undoes; // what stands at index 1 of the bundle of the one before it
    }

    /// @dev What the breaker should have noted of the target, by its receipts.
    struct Failures {
        uint256 since;
        uint256 failed;
        uint256 succeeded;
        uint256 lastAt;
        uint256 restsUntil;
    }

    Opened[] private _opened_;
    Failures private _failures;
    TestToken public token;
    address public victim = address(uint160(uint256(keccak256("victim"))));
    uint256 public wrong;
    uint256 private _actions;
    string public why;
    bool private _plain; // how the last one was brought, and which, if it was one alone
    uint64 private _brought;
    mapping(uint64 ordinal => uint256) private _whose; // 1 + place in the list

    function start() external {
        setUp();
        token = new TestToken();
        token.mint(victim, 1e18);
        token.mint(settler.createAccount(victim), 1e18);
        vm.prank(victim);
        token.approve(address(settler), type(uint256).max);
    }

    function count() external view returns (uint256) {
        return _opened_.length;
    }

    /// @notice Until when the target should rest.
    function restsUntil() external view returns (uint256) {
        return _failures.restsUntil;
    }

    function contracts() external view returns (ISettler, address) {
        return (settler, address(target));
    }

    /// @dev `effects`: how often it took effect, as its target counts.
    function openedAt(uint256 i) external view returns (uint64 ordinal, uint256 receipts, uint256 effects, bool ok) {
        Opened storage one = _opened_[i];
        ok = one.status == LegStatus.Ok && (one.nature == Nature.Good || one.nature == Nature.FromAccount)
            && !one.undoes;
        return (one.place.base + one.place.index, one.receipts, target.times(i), ok);
    }

    /* WHAT ANYBODY CAN DO */

    function open(uint8 nature, uint16 window, bool undone) external {
        Nature kind = Nature(nature % 9);
        if (kind == Nature.Nesting && _opened_.length == 0) kind = Nature.Good;
        uint64 base = uint64(250 + _opened_.length * 3); // over the edges of words
        Place memory place = Place(base, 0, alice, uint40(block.timestamp + window % 1 hours));
        _add(_legOf(kind), place, kind, false);
        if (!undone) return;
        Leg memory undo = _leg(abi.encodeCall(Target.failIfBroken, ()));
        undo.undoes = 0;
        place.index = 1;
        _add(undo, place, Nature.Good, true);
    }

    function run(uint256 which, uint32 gasBrought, bool enough, bool plain) external {
        if (_opened_.length == 0) return;
        which %= _opened_.length;
        Opened storage one = _opened_[which];
        LegReceipt[] memory receipts = new LegReceipt[](one.undoes ? 1 : 0);
        if (one.undoes) receipts[0] = _receiptOf(which - 1);
        BundleDecision[] memory decisions = new BundleDecision[](one.undoes ? 1 : 0);
        if (one.undoes) decisions[0] = _decisionOf(which);
        RunnableLeg memory leg = _unopened(_legIn(one), one.place, one.undoes ? bytes(hex"00") : bytes(""));
        bytes memory data = abi.encodeCall(ISettler.run, (_list(leg), receipts, decisions, bytes(""), relayer));
        _brought = one.place.base + one.place.index;
        _act(data, enough ? 5_000_000 : _bound(gasBrought, 60_000, 900_000), _legIn(one).value, plain);
    }

    function runAll(uint32 gasBrought, bool plain) external {
        uint256 size = _opened_.length < 6 ? _opened_.length : 6;
        RunnableLeg[] memory legs = new RunnableLeg[](size);
        uint256 value;
        for (uint256 i; i < size; ++i) {
            Opened storage one = _opened_[_opened_.length - 1 - i];
            if (one.undoes) one = _opened_[_opened_.length - 2 - i];
            legs[i] = _unopened(_legIn(one), one.place, "");
            value += _legIn(one).value;
        }
        bytes memory data =
            abi.encodeCall(ISettler.run, (legs, new LegReceipt[](0), new BundleDecision[](0), bytes(""), relayer));
        _brought = 0; // ordinals begin higher
        _act(data, _bound(gasBrought, 500_000, 9_000_000), value, plain);
    }

    /// @dev As often as makes it rest, or nearly: in as many seconds, in one, or in more than are counted together.
    function failOften(uint8 times, uint8 gap) external {
        if (_opened_.length > 300) return;
        for (uint256 i; i < 16 + times % 10; ++i) {
            Place memory place = Place(uint64(250 + _opened_.length * 3), 0, alice, uint40(block.timestamp + 1 hours));
            Leg memory leg = _legOf(Nature.Failing);
            _add(leg, place, Nature.Failing, false);
            _brought = place.base;
            _act(_runData(_unopened(leg, place, "")), 5_000_000, 0, true);
            vm.warp(block.timestamp + gap % 36);
        }
    }

    function abort(uint256 which) external {
        if (_opened_.length == 0) return;
        which %= _opened_.length;
        _opened_[which].aborted = true;
        // The hub aborts a bundle, not a leg.
        if (_opened_[which].undoes) _opened_[which - 1].aborted = true;
        else if (which + 1 < _opened_.length && _opened_[which + 1].undoes) _opened_[which + 1].aborted = true;
    }

    function cancel(uint256 which) external {
        if (_opened_.length == 0) return;
        which %= _opened_.length;
        Opened storage one = _opened_[which];
        LegReceipt[] memory receipts = new LegReceipt[](one.undoes ? 1 : 0);
        if (one.undoes) receipts[0] = _receiptOf(which - 1);
        BundleDecision[] memory decisions = new BundleDecision[](1);
        decisions[0] = _decisionOf(which);
        vm.recordLogs();
        bool due = one.undoes && one.receipts == 0 && _opened_[which - 1].status == LegStatus.Ok;
        try this.cancelOne(which, receipts, decisions) {
            if (due) _fault("what is due was cancelled");
        } catch {}
        _note();
    }

    function cancelOne(uint256 which, LegReceipt[] calldata receipts, BundleDecision[] calldata decisions) external {
        require(msg.sender == address(this));
        _cancel(_cancelled(_legIn(_opened_[which]), _opened_[which].place), receipts, decisions);
    }

    function pause(uint40 seconds_) external {
        vm.prank(guardian);
        try settler.pause(seconds_ % (72 hours + 1)) {} catch {}
    }

    function breakTarget(bool broken) external {
        target.setBroken(broken);
    }

    function wait_(uint16 seconds_) external {
        vm.warp(block.timestamp + seconds_ % 1 hours);
    }

    /* INSIDE */

    function _add(Leg memory leg, Place memory place, Nature nature, bool undoes) private {
        Opened storage one = _opened_.push();
        (one.leg, one.place, one.nature, one.undoes) = (abi.encode(leg), place, nature, undoes);
        _sayOpened(leg, place);
        _whose[place.base + place.index] = _opened_.length;
    }

    function _legIn(Opened storage one) private view returns (Leg memory) {
        return abi.decode(one.leg, (Leg));
    }

    function _legOf(Nature nature) private view returns (Leg memory leg) {
        leg = _wordLeg(_opened_.length);
        leg.salt = bytes32(_opened_.length);
        if (nature == Nature.Failing) leg.data = abi.encodeCall(Target.fail, (1));
        if (nature == Nature.Careful) leg.data = abi.encodeCall(Target.needGas, (GAS - 500));
        if (nature == Nature.Bomb) leg.data = abi.encodeCall(Target.returnMany, (50_000, _opened_.length % 2 == 0));
        if (nature == Nature.NoCode) leg.target = victim;
        if (nature == Nature.Paying) (leg.kind, leg.data, leg.target, leg.value) = (LegKind.Value, bytes(""), bob, 3);
        if (nature == Nature.FromAccount) leg.kind = LegKind.Account;
        if (nature == Nature.Nesting && _opened_.length != 0) {
            Opened storage before = _opened_[_opened_.length - 1];
            leg.data = abi.encodeCall(
                Target.callOn, (address(settler), _runData(_unopened(_legIn(before), before.place, "")))
            );
            leg.gasLimit = 1_500_000;
        }
        if (nature == Nature.Thief) {
            (leg.target, leg.data) = _theft(_opened_.length % 5);
            if (_opened_.length % 2 == 0) leg.kind = LegKind.Account;
        }
    }

    function _theft(uint256 how) private view returns (address, bytes memory) {
        address account = settler.accountOf(victim);
        if (how == 0) return (address(token), abi.encodeCall(token.transferFrom, (victim, bob, 1)));
        if (how == 1) return (address(token), abi.encodeCall(token.transferFrom, (account, bob, 1)));
        if (how == 2) {
            return
                (account, abi.encodeCall(Account.call, (address(token), 0, abi.encodeCall(token.transfer, (bob, 1)))));
        }
        // As the settler would: words, and the payload behind them.
        bytes memory payload = abi.encodeCall(token.transfer, (bob, 1));
        if (how == 3) {
            return (account, abi.encodePacked(Account.execute.selector, abi.encode(token, 0, 1e5), payload));
        }
        return (
            address(settler.shared()),
            abi.encodePacked(SharedExecutor.execute.selector, abi.encode(token, 1e5), payload)
        );
    }

    /// @dev What attesters say of it: what its event said; before that, nothing, so whatever is shown is not believed.
    function _receiptOf(uint256 which) private returns (LegReceipt memory said) {
        Opened storage one = _opened_[which];
        said = LegReceipt(one.place.base + one.place.index, one.status, 0, relayer, "");
        if (one.receipts != 0) verifier.say(_fact(said));
    }

    function _fact(LegReceipt memory said) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(3, uint256(said.ordinal), keccak256(abi.encode(said.status, said.result, said.relayer)))
            );
    }

    function _decisionOf(uint256 which) private returns (BundleDecision memory) {
        Opened storage one = _opened_[which];
        if (one.aborted) verifier.say(keccak256(abi.encode(4, ID, keccak256(abi.encode(one.place.base, 3)))));
        return BundleDecision({id: ID, base: one.place.base, outcome: Outcome.Aborted});
    }

    /// @param plain a transaction of the relayer's; otherwise a contract is in between
    function _act(bytes memory data, uint256 gas_, uint256 value, bool plain) private {
        _plain = plain;
        uint256 before = address(this).balance + relayer.balance;
        vm.recordLogs();
        if (plain) _plainly();
        (bool done,) = address(settler).call{gas: gas_, value: value}(data);
        done;
        if (before - address(this).balance - relayer.balance > value) _fault("value went astray");
        _note();
    }

    /// @dev Reads what the settler logged since.
    function _note() private {
        ++_actions;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bool ranWell;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter != address(settler)) continue;
            if (logs[i].topics[0] == ISettler.Returned.selector && logs[i].data.length > 64 + 1024) {
                _fault("more than 1,024 bytes");
            }
            if (logs[i].topics[0] != ISettler.Receipt.selector) continue;
            uint64 ordinal = uint64(uint256(logs[i].topics[1]));
            Opened storage one = _opened_[_whose[ordinal] - 1];
            // forge notes also what was undone later in the same transaction.
            if (!settler.isSettled(ordinal) || one.seenIn == _actions) continue;
            (LegStatus status,,) = abi.decode(logs[i].data, (LegStatus, bytes32, address));
            (one.status, one.receipts, one.seenIn) = (status, one.receipts + 1, _actions);
            _judge(one, status);
            _noteFor(_legIn(one), one.undoes, status);
            // Every leg here that fails is called.
            bool alone = _plain && !ranWell && (_brought == 0 || ordinal == _brought);
            if (status == LegStatus.Failed && !alone) _fault("a failure that others could see to");
            if (status == LegStatus.Ok) ranWell = true;
        }
    }

    function _judge(Opened storage one, LegStatus status) private {
        bool ran = status == LegStatus.Ok || status == LegStatus.Failed;
        if (ran && !one.undoes && block.timestamp > one.place.deadline) _fault("ran late");
        if (ran && !one.undoes && block.timestamp < settler.pausedUntil()) _fault("ran in a pause");
        if (status == LegStatus.Cancelled && !one.aborted) _fault("cancelled without a decision");
        if (status == LegStatus.Missed && block.timestamp <= one.place.deadline) _fault("missed too soon");
        if (one.undoes) {
            if (status == LegStatus.Ok && !one.aborted) _fault("undone without a decision");
            if (status == LegStatus.Failed || status == LegStatus.Missed) _fault("a compensation was dropped");
            return;
        }
        Nature nature = one.nature;
        bool mustFail = nature == Nature.Failing || nature == Nature.Thief || nature == Nature.NoCode;
        if (status == LegStatus.Ok && mustFail) _fault("what must fail did not");
        if (status != LegStatus.Failed || mustFail || nature == Nature.Bomb) return;
        _fault("a failure that only too little gas can cause");
    }

    /// @dev Only what was called counts, and was called for everybody; all that failed in one second count once.
    function _noteFor(Leg memory leg, bool undoes, LegStatus status) private {
        bool ok = status == LegStatus.Ok;
        bool counts = leg.target == address(target) && leg.kind == LegKind.Shared && !undoes;
        if (!counts || !ok && status != LegStatus.Failed) return;
        if (block.timestamp < _failures.restsUntil) _fault("ran while its target rested");
        if (_failures.failed == 0 && ok) return;
        if (block.timestamp >= _failures.since + 10 minutes) {
            (_failures.since, _failures.failed, _failures.succeeded) = (block.timestamp, 0, 0);
        }
        if (ok) {
            ++_failures.succeeded;
        } else {
            if (block.timestamp == _failures.lastAt) return;
            _failures.lastAt = block.timestamp;
            ++_failures.failed;
        }
        if (_failures.failed < 20 || _failures.failed <= _failures.succeeded) return;
        (_failures.restsUntil, _failures.failed, _failures.succeeded) = (block.timestamp + 10 minutes, 0, 0);
    }

    function _fault(string memory what) private {
        ++wrong;
        why = what;
    }
}
