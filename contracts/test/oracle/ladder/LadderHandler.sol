// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, INVALID, TOO_EARLY} from "../../../src/oracle/AnswerWord.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {Question, Status} from "../../../src/oracle/IOracle.sol";
import {Stage as LadderStep, Stake} from "../../../src/oracle/ladder/ILadder.sol";
import {Reach} from "../../Reach.sol";
import {LadderStage} from "./LadderStage.sol";

/// @dev Everything that anybody can do around disputes, in any order; most of it is refused, which is part of the game. Actions
///      take words alone, so that a test may draw them too.
contract LadderHandler is LadderStage, Reach {
    Question[] private _questions;
    Dispute[] private _disputes;
    mapping(bytes32 question => bytes32) public ended;
    mapping(bytes32 question => uint256) public settled;
    mapping(bytes32 dispute => uint256) public conclusions;
    bool public settledWhileOpen;

    function start() external {
        setUp();
    }

    function ask(uint256 reward, uint256 early) external {
        if (_questions.length >= 40) return;
        Question memory terms = _categorical(3);
        terms.nonce = uint64(_questions.length);
        terms.reward = uint96(_bound(reward, 0, 1_000e6));
        terms.opensAt = uint40(block.timestamp);
        terms.deadline = terms.opensAt + (early % 2 == 0 ? 2 days : 20 days);
        _ask(terms);
        _questions.push(terms);
        note();
    }

    function report(uint256 which, uint256 value) external {
        (bool found, Question memory terms) = _pickIn(which, Status.Open);
        if (!found) return;
        uint32 epoch = _epoch();
        int96 said = _value(value);
        bytes memory signatures = _cosigned(oracle.idOf(terms), said, SEVEN);
        try oracle.reportAgreed(terms, epoch, said, SEVEN, signatures) {
            _reach("report");
        } catch {}
        note();
    }

    function dispute(uint256 which, uint256 value, uint256 second) external {
        (bool found, Question memory terms) = _pickIn(which, Status.Answered);
        if (!found) return;
        bytes32 question = oracle.idOf(terms);
        address who = second % 2 == 0 ? alice : bob;
        int96 claim = _value(value);
        Dispute memory d =
            Dispute(question, _word(question), 0, who, claim, 0, oracle.depositFor(question), uint40(block.timestamp));
        vm.prank(who);
        try oracle.dispute(question, claim, 0) {
            _disputes.push(d);
            _reach(d.answer.disputes() == 0 ? "dispute" : "dispute again");
        } catch {}
        note();
    }

    function disputeSilence(uint256 which, uint256 value, uint256 second) external {
        (bool found, Question memory terms) = _pickIn(which, Status.Open);
        if (!found) return;
        bytes32 question = oracle.idOf(terms);
        if (_status(question) != Status.Open) return;
        // Mostly moved to where it may be done.
        if (value % 4 != 0 && block.timestamp < terms.deadline) vm.warp(terms.deadline);
        (address who, int96 claim) = (second % 2 == 0 ? alice : bob, _value(value));
        try this.trySilence(who, terms, claim) returns (Dispute memory d) {
            _disputes.push(d);
            _reach("dispute of silence");
        } catch {}
        note();
    }

    function trySilence(address who, Question memory terms, int96 claim) external returns (Dispute memory) {
        require(msg.sender == address(this));
        return _disputeSilence(who, terms, claim);
    }

    function rereport(uint256 which, uint256 value, uint256 dice) external {
        (bool found, Question memory terms, Dispute memory d) = _pickDispute(which);
        if (!found) return;
        uint256 seats = dice % 3 == 0 ? SEVEN : OTHERS;
        uint32 epoch = _epoch();
        int96 said = _value(value);
        bytes memory signatures = _signedFor(d, said, seats);
        try ladder.rereportAgreed(terms, d, epoch, said, seats, signatures) {
            _reach(seats == SEVEN ? "re-report of all" : "re-report of others");
        } catch {}
        note();
    }

    function convene(uint256 which) external {
        (bool found, Question memory terms, Dispute memory d) = _pickDispute(which);
        if (!found) return;
        if (_step(d) == LadderStep.None) vm.warp(block.timestamp + REREPORT);
        try ladder.convene(terms, d) {
            _reach("convene");
        } catch {}
        note();
    }

    function verdict(uint256 which, uint256 choice, uint256 close) external {
        (bool found, Question memory terms, Dispute memory d) = _pickDispute(which);
        if (!found || _step(d) != LadderStep.Sitting) return;
        try court.decideFor(ladder.caseOf(d.hash()).jury, uint8(choice % 4)) {} catch {}
        if (close % 2 == 0) try court.close(court.juryOf(ladder.caseOf(d.hash()).jury)) {} catch {}
        try ladder.takeVerdict(terms, d, court.juryOf(ladder.caseOf(d.hash()).jury)) {
            _reach("verdict");
        } catch {}
        note();
    }

    function appeal(uint256 which, uint256 choice) external {
        (bool found, Question memory terms, Dispute memory d) = _pickDispute(which);
        if (!found) return;
        vm.prank(choice % 2 == 0 ? alice : bob);
        try ladder.appeal(terms, d, uint8(choice % 4)) {
            _reach("appeal");
        } catch {}
        note();
    }

    function conclude(uint256 which, uint256 wait) external {
        (bool found, Question memory terms, Dispute memory d) = _pickDispute(which);
        if (!found) return;
        if (wait % 2 == 0) vm.warp(block.timestamp + APPEAL);
        try ladder.conclude(terms, d) {
            ++conclusions[d.hash()];
            _reach("conclude");
        } catch {}
        note();
    }

    function punish(uint256 which) external {
        (bool found, Question memory terms, Dispute memory d) = _pickDispute(which);
        if (!found) return;
        try ladder.punish(terms, d) {
            _reach("punish");
        } catch {}
    }

    function settle(uint256 which) external {
        (bool found, Question memory terms) = _pick(which);
        if (!found) return;
        bytes32 question = oracle.idOf(terms);
        Status status = _status(question);
        try oracle.settleReward(terms) {
            ++settled[question];
            _reach("settle");
            if (status != Status.Final && status != Status.Invalid) settledWhileOpen = true;
        } catch {}
        note();
    }

    function pauseAndHold(uint256 seconds_, uint256 which) external {
        (, uint40 until) = pauses.lastPause();
        if (block.timestamp >= until) pauses.pause(uint40(_bound(seconds_, 1, 72 hours)));
        (bool found, Question memory terms) = _pick(which);
        if (!found) return;
        bytes32[] memory all = new bytes32[](1);
        all[0] = oracle.idOf(terms);
        oracle.hold(all);
        _reach("hold");
        note();
    }

    function noJurors(uint256 empty) external {
        court.setEmpty(empty % 2 == 0);
    }

    function sweep() external {
        ladder.sweep();
        _reach("sweep");
    }

    function wait_(uint256 seconds_) external {
        vm.warp(block.timestamp + _bound(seconds_, 1, 6 hours));
        note();
    }

    /// @dev Remembers how each question ended, when it first did.
    function note() public {
        for (uint256 i; i < _questions.length; ++i) {
            bytes32 question = oracle.idOf(_questions[i]);
            if (ended[question] != 0) continue;
            bytes32 now_ = endOf(question);
            if (now_ != 0) _reach("end");
            ended[question] = now_;
        }
    }

    /* WHAT THE INVARIANTS LOOK AT */

    /// @dev 0 while it has not ended.
    function endOf(bytes32 question) public view returns (bytes32) {
        (Status status, int96 value, uint40 at,) = oracle.get(question);
        if (status != Status.Final && status != Status.Invalid) return 0;
        return keccak256(abi.encode(status, value, at));
    }

    function questions() external view returns (Question[] memory) {
        return _questions;
    }

    function disputes() external view returns (Dispute[] memory) {
        return _disputes;
    }

    function accounts() external view returns (address[] memory all) {
        all = new address[](18);
        for (uint256 i; i < 10; ++i) {
            all[i] = _ownerKey(i);
        }
        (all[10], all[11], all[12], all[13]) = (alice, bob, asker, treasury);
        (all[14], all[15], all[16], all[17]) = (insurance, address(court), address(ladder), stranger);
    }

    function contracts() external view returns (address, address, address) {
        return (address(dollar), address(oracle), address(ladder));
    }

    function _pick(uint256 which) private view returns (bool, Question memory terms) {
        if (_questions.length == 0) return (false, terms);
        return (true, _questions[which % _questions.length]);
    }

    /// @dev Mostly one in this state, if there is any.
    function _pickIn(uint256 which, Status wanted) private view returns (bool found, Question memory terms) {
        if (which >> 128 & 7 == 0) return _pick(which);
        for (uint256 i; i < _questions.length && !found; ++i) {
            terms = _questions[(which % _questions.length + i) % _questions.length];
            found = _status(oracle.idOf(terms)) == wanted;
        }
    }

    /// @dev From one of the last on, mostly, the first that is not over.
    function _pickDispute(uint256 which) private view returns (bool found, Question memory terms, Dispute memory d) {
        uint256 count = _disputes.length;
        if (count == 0) return (found, terms, d);
        uint256 first = which % 4 == 0 ? which % count : count - 1 - (which >> 2) % (count < 3 ? count : 3);
        for (uint256 i; i < count; ++i) {
            d = _disputes[(first + i) % count];
            if (_step(d) != LadderStep.Done) break;
        }
        for (uint256 i; i < _questions.length; ++i) {
            if (oracle.idOf(_questions[i]) == d.question) return (true, _questions[i], d);
        }
    }

    function _value(uint256 dice) private pure returns (int96) {
        if (dice % 8 == 6) return TOO_EARLY;
        if (dice % 8 == 7) return INVALID;
        return int96(uint96(dice % 8)); // 3 to 5 are out of bounds
    }
}
