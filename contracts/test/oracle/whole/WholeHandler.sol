// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Jury} from "../../../src/oracle/court/ICourt.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {Question, Status} from "../../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../../src/oracle/IStakeManager.sol";
import {Stage as LadderStep} from "../../../src/oracle/ladder/ILadder.sol";
import {Turnout, WholeStage} from "./WholeStage.sol";

/// @dev Anything that anybody may do, in any order, to at most six questions; much of it is refused.
contract WholeHandler is WholeStage {
    uint256 private constant QUESTIONS = 6;

    Question[] private _questions;
    Dispute[] private _disputes;
    mapping(bytes32 dispute => Jury) private _juries;
    mapping(bytes32 question => bytes32) public ended;
    mapping(bytes32 question => uint256) public settled;
    uint256 public slashedTwice;
    uint256 public movedWhileDisputed;

    function start() external {
        setUp();
    }

    /* ACTIONS */

    function ask(uint96 reward) external {
        if (_questions.length == QUESTIONS) return;
        Question memory terms = _terms(uint64(_questions.length));
        terms.opensAt = uint40(block.timestamp);
        terms.reward = uint96(_bound(reward, 0, 1_000e6));
        _ask(terms);
        _questions.push(terms);
    }

    function report(uint256 which, uint8 value) external {
        if (_questions.length == 0) return;
        Question memory terms = _questions[which % _questions.length];
        (uint32 epoch, int96 said) = (_epoch(), int96(uint96(value % 2)));
        bytes memory signatures = _cosigned(oracle.idOf(terms), said, THREE);
        try oracle.reportAgreed(terms, epoch, said, THREE, signatures) {} catch {}
        note();
    }

    function dispute(uint256 which, uint8 claim) external {
        if (_questions.length == 0) return;
        bytes32 question = oracle.idOf(_questions[which % _questions.length]);
        if (_status(question) != Status.Answered) return;
        (, int96 value,,) = oracle.get(question);
        int96 said = int96(uint96(claim % 3));
        if (said != value) _disputes.push(_dispute(claim % 2 == 0 ? alice : bob, question, said));
        note();
    }

    /// @dev Mostly moved to where it may be done.
    function disputeSilence(uint256 which, uint8 claim) external {
        if (_questions.length == 0) return;
        Question memory terms = _questions[which % _questions.length];
        if (_status(oracle.idOf(terms)) != Status.Open || claim % 4 == 3) return;
        if (block.timestamp < terms.deadline) vm.warp(terms.deadline);
        _disputes.push(_disputeSilence(claim % 2 == 0 ? alice : bob, terms, int96(uint96(claim % 2))));
        note();
    }

    /// @dev Convenes, or lets the sitting jury vote and takes its verdict, or ends the case.
    function proceed(uint256 which, uint8 choice, uint256 absent, uint256 against) external {
        if (_disputes.length == 0) return;
        Dispute memory d = _disputes[which % _disputes.length];
        Question memory terms = _termsOf(d);
        LadderStep step = _step(d);
        if (step == LadderStep.None) {
            _juries[d.hash()] = _convene(terms, d);
        } else if (step == LadderStep.Sitting) {
            _vote(terms, d, Turnout(choice % 3 + 1, absent & against, against & choice));
        } else if (step == LadderStep.Ruled) {
            _conclude(terms, d);
        }
        note();
    }

    function appeal(uint256 which, uint8 choice) external {
        if (_disputes.length == 0) return;
        Dispute memory d = _disputes[which % _disputes.length];
        if (_step(d) != LadderStep.Ruled) return;
        _freshJurors();
        vm.recordLogs();
        vm.prank(choice % 2 == 0 ? alice : bob);
        try ladder.appeal(_termsOf(d), d, choice % 3 + 1) {
            _juries[d.hash()] = _opened();
        } catch {}
    }

    function settle(uint256 which) external {
        if (_questions.length == 0) return;
        Question memory terms = _questions[which % _questions.length];
        bytes32 question = oracle.idOf(terms);
        Status status = _status(question);
        try oracle.settleReward(terms) {
            ++settled[question];
            if (status == Status.Disputed) ++movedWhileDisputed;
        } catch {}
    }

    function equivocate(uint256 which, uint8 seat) external {
        if (_questions.length == 0 || seat % 8 != 3) return;
        bytes32 question = oracle.idOf(_questions[which % _questions.length]);
        bytes memory no = _sign(_key(3), question, 0, 1, 0);
        bytes memory yes = _sign(_key(3), question, 1, 1, 0);
        uint256 before = _stakeOf(3);
        bool known = stakes.isSlashed(
            _ownerKey(3), keccak256(abi.encode("equivocation", keccak256(abi.encode(question, 1, 0))))
        );
        try slasher.equivocatedReports(question, 1, 0, [int96(0), int96(1)], no, yes) {} catch {}
        if (known && _stakeOf(3) != before) ++slashedTwice;
    }

    function pauseAndHold(uint32 seconds_) external {
        vm.prank(guardian);
        try guard.pause(uint40(_bound(seconds_, 1, 72 hours))) {} catch {}
        bytes32[] memory all = new bytes32[](_questions.length);
        for (uint256 i; i < all.length; ++i) {
            all[i] = oracle.idOf(_questions[i]);
        }
        oracle.hold(all);
        note();
    }

    function leave(uint256 i) external {
        vm.prank(_someone(i));
        try stakes.leave() {} catch {}
    }

    function withdraw(uint256 i) external {
        vm.prank(_someone(i));
        try stakes.withdraw(alice) {} catch {}
    }

    function turn(uint32 seconds_) external {
        vm.warp(block.timestamp + _bound(seconds_, 1, 1 days));
        try stakes.advanceEpoch(0) {} catch {}
        try stakes.takeJurors() {} catch {}
        note();
    }

    /* WHAT THE INVARIANTS LOOK AT */

    /// @dev How each question ended, when it first did.
    function note() public {
        for (uint256 i; i < _questions.length; ++i) {
            bytes32 question = oracle.idOf(_questions[i]);
            if (ended[question] == 0) ended[question] = endOf(question);
        }
    }

    /// @dev 0 while it has not ended.
    function endOf(bytes32 question) public view returns (bytes32) {
        (Status status, int96 value, uint40 at,) = oracle.get(question);
        return
            status == Status.Final || status == Status.Invalid ? keccak256(abi.encode(status, value, at)) : bytes32(0);
    }

    function questions() external view returns (Question[] memory) {
        return _questions;
    }

    function disputes() external view returns (Dispute[] memory) {
        return _disputes;
    }

    /// @return inOracle credits, rewards not settled and deposits not taken
    function owed() external view returns (uint256 inOracle) {
        address[] memory all = accounts();
        for (uint256 i; i < all.length; ++i) {
            inOracle += oracle.creditOf(all[i]);
        }
        for (uint256 i; i < _questions.length; ++i) {
            if (settled[oracle.idOf(_questions[i])] == 0) inOracle += _questions[i].reward;
        }
        for (uint256 i; i < _disputes.length; ++i) {
            if (_step(_disputes[i]) == LadderStep.None) inOracle += _disputes[i].deposit;
        }
    }

    /// @return inStakes stakes and credits of slashed collateral
    function staked() external view returns (uint256 inStakes) {
        address[] memory all = accounts();
        for (uint256 i; i < all.length; ++i) {
            inStakes += stakes.providerOf(all[i]).stake + stakes.slashedCreditOf(all[i]);
        }
    }

    function accounts() public view returns (address[] memory all) {
        all = new address[](SEATS + JURORS + 11);
        for (uint256 i; i < SEATS + JURORS; ++i) {
            all[i] = _someone(i);
        }
        uint256 at = SEATS + JURORS;
        (all[at], all[at + 1], all[at + 2], all[at + 3]) = (alice, bob, asker, treasury);
        (all[at + 4], all[at + 5], all[at + 6]) = (insurance, address(court), address(ladder));
        (all[at + 7], all[at + 8], all[at + 9]) = (stranger, address(slasher), stakes.BURN());
        all[at + 10] = address(this);
    }

    function contracts() external view returns (address, address, address, address) {
        return (address(dollar), address(oracle), address(stakes), address(ladder));
    }

    /// @dev Whatever happened: when every pause is over and everybody left, everybody gets his stake, and the clock runs.
    function everybodyGoes() external returns (bool) {
        for (uint256 i; i < SEATS + JURORS; ++i) {
            vm.prank(_someone(i));
            try stakes.leave() {} catch {}
        }
        vm.warp(block.timestamp + 72 hours);
        try stakes.advanceEpoch(0) {} catch {}
        vm.warp(block.timestamp + 2 * UNBONDING);
        if (guard.clock() - guard.clockAt(uint40(block.timestamp) - 1) != 1) return false;
        for (uint256 i; i < SEATS + JURORS; ++i) {
            if (stakes.providerOf(_someone(i)).state == IStakeManager.ProviderState.None) continue;
            vm.prank(_someone(i));
            stakes.withdraw(alice);
        }
        return true;
    }

    /* HELPERS */

    function _someone(uint256 i) private pure returns (address) {
        i %= SEATS + JURORS;
        return _ownerKey(i < SEATS ? i : FIRST_JUROR + i - SEATS);
    }

    function _vote(Question memory terms, Dispute memory d, Turnout memory turnout) private {
        Jury memory jury = _juries[d.hash()];
        (uint40 commitAt, uint40 revealAt, uint40 endsAt) = court.windowsOf(jury);
        if (guard.clock() < revealAt && guard.clock() <= commitAt) _hold(jury, turnout);
        else _prove(jury);
        _toClock(endsAt);
        _freshJurors();
        vm.recordLogs();
        ladder.takeVerdict(terms, d, jury);
        Jury memory next = _opened();
        if (next.size != 0) _juries[d.hash()] = next;
        if (!court.isClosed(court.idOf(jury))) court.close(jury);
    }

    function _termsOf(Dispute memory d) private view returns (Question memory terms) {
        for (uint256 i; i < _questions.length; ++i) {
            if (oracle.idOf(_questions[i]) == d.question) return _questions[i];
        }
    }
}
