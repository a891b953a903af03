// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TOO_EARLY} from "../../../src/oracle/AnswerWord.sol";
import {Jury} from "../../../src/oracle/court/ICourt.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {Aggregation, IOracle, Question, Status} from "../../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../../src/oracle/IStakeManager.sol";
import {Stage as LadderStep} from "../../../src/oracle/ladder/ILadder.sol";
import {SignerSet} from "../../../src/oracle/SignerSet.sol";
import {WholePeriods} from "./WholePeriods.sol";
import {Turnout} from "./WholeStage.sol";

/// @dev Anything that anybody may do, in any order, to some questions; much of it is refused. Actions take words
///      alone, so that a test may draw them too.
contract WholeHandler is WholePeriods {
    uint256 private constant QUESTIONS = 32;
    uint96 private constant DEAREST = 45_000e6; // a dispute, the seventh of a question

    Dispute[] private _disputes;
    mapping(bytes32 dispute => Jury) private _juries;
    mapping(bytes32 question => bytes32) public ended;
    mapping(bytes32 question => uint256) public settled;
    uint256 public movedWhileDisputed;

    /// @dev Whatever happens, what it changed is looked at before the next.
    modifier noted() {
        _;
        note();
    }

    function start() external {
        setUp();
        _seatMore();
        _credit(alice, 300_000e6);
        _credit(bob, 300_000e6);
    }

    /* PROVIDERS */

    /// @dev The first from `i` on who is out or on his way, and not banned.
    function join(uint256 i, uint256 dice) external noted {
        for (uint256 k; k < OWNERS; ++k) {
            address owner = _ownerKey((i % OWNERS + k) % OWNERS);
            IStakeManager.Provider memory was = stakes.providerOf(owner);
            if (was.banned || was.state == IStakeManager.ProviderState.Active) continue;
            if (block.timestamp < was.unbondsAt && dice % 4 == 0) vm.warp(was.unbondsAt);
            vm.prank(owner);
            try stakes.withdraw(owner) {} catch {}
            return _tryToJoin(owner, uint96(_bound(dice, STAKE, RICH)));
        }
    }

    /// @dev One who is banned takes what is left and joins anew. Waiting for it outlives most questions, so it is rare.
    function comeBack(uint256 which, uint256 dice) external noted {
        (bool found, Gone memory gone) = _someGone(which);
        if (!found) return;
        uint40 unbondsAt = stakes.providerOf(gone.owner).unbondsAt;
        if (block.timestamp < unbondsAt && dice % 3 == 0) vm.warp(unbondsAt);
        vm.prank(gone.owner);
        try stakes.withdraw(gone.owner) {} catch {}
        _tryToJoin(gone.owner, STAKE);
    }

    function stand(uint256 i, uint256 factor, uint256 cluster, uint256 dice) external noted {
        uint40 until = dice % 8 == 0 ? uint40(block.timestamp + 6 hours) : 0;
        address[2] memory owners = [_ownerKey(i % OWNERS), _ownerKey((i % OWNERS + 1) % OWNERS)];
        _sayOf(owners, uint16(_bound(factor, 5_000, 10_000)), cluster % 5 < 2 ? 1 : 0, until);
    }

    /// @dev Of providers and of jurors: both have keys that may sign twice.
    function equivocate(uint256 which, uint256 who, uint256 dice) external noted {
        if (_questions.length == 0 || dice % 2 != 0) return;
        bytes32 question = oracle.idOf(_questions[which % _questions.length]);
        address owner = _someone(dice % 8 == 0 ? who % OWNERS : OWNERS + who % JURORS);
        IStakeManager.Provider memory was = stakes.providerOf(owner);
        if (was.signer == address(0)) return;
        bytes32 fault = keccak256(abi.encode("equivocation", keccak256(abi.encode(question, 1, 0))));
        bool known = stakes.isSlashed(owner, fault);
        _signTwo(question, _keyOf[was.signer]);
        if (known && stakes.providerOf(owner).stake != was.stake) ++slashedTwice;
        if (!was.banned && stakes.isBanned(owner)) _ban(owner, was.signer);
    }

    function leave(uint256 i, uint256 dice) external noted {
        vm.prank(_someone(dice % 3 == 0 ? i % OWNERS : i));
        try stakes.leave() {
            _reach("leave");
        } catch {}
    }

    function withdraw(uint256 i) external noted {
        vm.prank(_someone(i));
        try stakes.withdraw(alice) {} catch {}
    }

    function turn(uint256 seconds_) external noted {
        vm.warp(block.timestamp + _bound(seconds_, 1, 1 days));
        try stakes.advanceEpoch(0) {} catch {}
        if (seconds_ >> 128 & 3 == 0) try stakes.takeJurors() {} catch {}
    }

    /* QUESTIONS */

    /// @dev Outcomes or numbers; some secure little, some more than a third of all stake might.
    function ask(uint256 reward, uint256 kind) external noted {
        if (_questions.length == QUESTIONS) return;
        Question memory terms = _terms(uint64(_questions.length));
        bool withMarket = kind >> 128 & 1 == 1;
        terms.opensAt = uint40(block.timestamp) + (withMarket ? 10 minutes : 0);
        terms.reward = uint96(_bound(reward, 0, 1_000e6));
        if (kind % 4 == 1) {
            (terms.aggregation, terms.min, terms.max, terms.tolerance) = (Aggregation.Median, -1_000, 1_000, 10);
        }
        if (kind % 4 == 2) terms.secures = uint96(_bound(kind, 1, TIER - 1));
        if (kind % 4 == 3) terms.secures = uint96(_bound(kind, 51_000e6, 130_000e6));
        _ask(terms);
        _questions.push(terms);
        vm.prank(terms.asker);
        oracle.setWatcher(terms, stranger);
        if (!withMarket) return;
        _openMarket(terms);
        // Some who may judge it bet at once; others may, until it opens.
        for (uint256 i; i < 12; ++i) {
            _bet(terms, _someone((kind >> 136) + 4 * i), i % 3 == 0, uint8(i % 2));
        }
    }

    function report(uint256 which, uint256 value, uint256 dice) external noted {
        (bool found, Question memory terms) = _toReport(which);
        if (!found) return;
        int96 said = int96(uint96(value % 2));
        if (_isNumber(terms)) said = int96(_boundInt(int256(value), -900, 900));
        if (terms.secures >= TIER) _reportCommitted(terms, said);
        else if (dice >> 128 & 1 == 0) _reportAgreed(terms, said, dice);
        else _reportValues(terms, said, dice);
    }

    /// @dev With everybody's signature, but after the deadline, or with one of them twice.
    function reportAmiss(uint256 which, uint256 dice) external noted {
        (bool found, Question memory terms) = _toReport(which);
        if (!found || terms.secures >= TIER) return;
        bytes32 question = oracle.idOf(terms);
        (, bytes memory entries) = _entriesOf(question, 0, type(uint256).max, 0);
        bytes4 rule = IOracle.Oracle_BadReport.selector;
        if (dice % 4 == 0) {
            vm.warp(_word(question).deadline() + 1);
            rule = IOracle.Oracle_DeadlinePassed.selector;
        } else {
            (SignerSet memory set,) = _set();
            if (set.count == 0) return;
            entries = bytes.concat(entries, _entryOf(set, dice % set.count, question, 0));
        }
        uint32 epoch = _epoch();
        try oracle.reportValues(terms, epoch, entries) {
            _fault("W9", "accepted late, or twice of one");
        } catch (bytes memory why) {
            _refused(why, rule, dice % 4 == 0 ? "late report" : "report twice");
        }
    }

    function reportBanned(uint256 which, uint256 who, uint256 dice) external noted {
        (bool found, Question memory terms) = _toReport(which);
        (bool any, Gone memory gone) = _someGone(who);
        if (found && any && terms.secures < TIER) _reportAsGone(terms, gone.signer, dice);
    }

    /// @dev A number that somebody signed, in the answer or not, once the answer is final.
    function outside(uint256 which, uint256 who, uint256 distance) external noted {
        (bool found, Question memory terms) = _finalNumber(which);
        if (!found) return;
        address signer = stakes.providerOf(_ownerKey(who % 3)).signer;
        if (signer != address(0)) _showNumber(terms, signer, int96(uint96(11 + distance % 89)));
    }

    function settle(uint256 which) external noted {
        if (_questions.length == 0) return;
        Question memory terms = _questions[which % _questions.length];
        bytes32 question = oracle.idOf(terms);
        Status status = _status(question);
        if (status != Status.Answered) _veto(terms);
        try oracle.settleReward(terms) {
            ++settled[question];
            _reach("settle");
            if (status == Status.Disputed) ++movedWhileDisputed;
        } catch {}
    }

    function pauseAndHold(uint256 seconds_) external noted {
        vm.prank(guardian);
        try guard.pause(uint40(_bound(seconds_, 1, 72 hours))) {
            _reach("pause");
        } catch {}
        bytes32[] memory all = new bytes32[](_questions.length);
        for (uint256 i; i < all.length; ++i) {
            all[i] = oracle.idOf(_questions[i]);
        }
        oracle.hold(all);
    }

    /* POSITIONS AND ACCUSATIONS */

    function hold(uint256 which, uint256 who, uint256 dice) external noted {
        (bool found, Question memory terms) = _pick(which, Status.Open);
        if (found) _bet(terms, _someone(who), dice % 2 == 0, uint8(dice >> 8 & 1));
    }

    function showPosition(uint256 which, uint256 who) external noted {
        if (_questions.length != 0) _showReporter(_questions[which % _questions.length], _someone(who));
    }

    function accuse(uint256 one, uint256 other, uint256 ppm) external noted {
        _accuse(_someone(one), _someone(other), ppm % 4 == 0 ? 1_000_000 : uint32(_bound(ppm, 200_000, 999_999)));
    }

    /// @dev Mostly of one mind: else there is hardly ever a verdict.
    function hearCase(uint256 which, uint256 choice, uint256 absent, uint256 against) external noted {
        absent &= against & choice >> 3;
        _hearCase(which, Turnout(uint8(choice % 2) + 1, absent, absent >> 5));
    }

    /* DISPUTES */

    /// @dev The watcher tries, whatever became of the question.
    function _veto(Question memory terms) private {
        vm.prank(stranger);
        try oracle.veto(terms, 0) {
            _reach("veto");
        } catch {}
    }

    function dispute(uint256 which, uint256 claim) external noted {
        (bool found, Question memory terms) = _pick(which, Status.Answered);
        if (!found) return;
        bytes32 question = oracle.idOf(terms);
        (, int96 value,,) = oracle.get(question);
        int96 said = claim % 8 == 7 ? TOO_EARLY : int96(uint96(claim % 3));
        // Within tolerance it objects to nothing.
        if (_isNumber(terms) && claim % 8 != 7) said = value + (claim % 4 == 0 ? int96(5) : int96(60));
        address who = claim >> 8 & 1 == 0 ? alice : bob;
        if (claim >> 16 & 1 == 1) _veto(terms);
        if (said == value || oracle.creditOf(who) < oracle.depositFor(question)) return;
        _disputes.push(_dispute(who, question, said));
        _reach("dispute");
    }

    /// @dev Mostly moved to where it may be done.
    function disputeSilence(uint256 which, uint256 claim) external noted {
        (bool found, Question memory terms) = _pick(which, Status.Open);
        address who = claim % 2 == 0 ? alice : bob;
        if (!found || claim % 4 == 3 || oracle.creditOf(who) < DEAREST) return;
        if (block.timestamp < terms.deadline) vm.warp(terms.deadline);
        _disputes.push(_disputeSilence(who, terms, int96(uint96(claim % 2))));
        _reach("dispute of silence");
    }

    /// @dev Convenes, or lets the sitting jury vote and takes its verdict, or ends the case.
    function proceed(uint256 which, uint256 choice, uint256 absent, uint256 against) external noted {
        (Dispute memory d, LadderStep step) = _open(which);
        Question memory terms = _termsOf(d);
        if (step == LadderStep.None && d.at != 0) {
            _toClock(guard.clockAt(d.at) + REREPORT);
            _sits(d, _convene(terms, d));
            // Often before anything else happens: who comes late finds no vote.
            step = choice >> 8 & 1 == 0 ? _step(d) : LadderStep.None;
        }
        if (step == LadderStep.Sitting) {
            _vote(terms, d, Turnout(uint8(choice % 3) + 1, absent & against, against & choice));
        } else if (step == LadderStep.Ruled) {
            _end(terms, d);
        }
    }

    function appeal(uint256 which, uint256 choice) external noted {
        (Dispute memory d, LadderStep step) = _open(which);
        if (step != LadderStep.Ruled) return;
        Question memory terms = _termsOf(d);
        _freshJurors();
        vm.recordLogs();
        vm.prank(choice >> 8 & 1 == 0 ? alice : bob);
        try ladder.appeal(terms, d, uint8(choice % 3) + 1) {
            _sits(d, _opened());
            _reach("appeal");
        } catch {}
    }

    /* WHAT THE INVARIANTS LOOK AT */

    /// @dev How each question ended, when it first did.
    function note() public {
        for (uint256 i; i < _questions.length; ++i) {
            bytes32 question = oracle.idOf(_questions[i]);
            if (ended[question] == 0) ended[question] = endOf(question);
        }
        _checkSet();
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

    function slasherAddress() external view returns (address) {
        return address(slasher);
    }

    function contracts() external view returns (address, address, address, address) {
        return (address(dollar), address(oracle), address(stakes), address(ladder));
    }

    /* JURIES */

    function _sits(Dispute memory d, Jury memory jury) private {
        _juries[d.hash()] = jury;
        _checkJury(jury);
    }

    /// @dev Jurors who stayed away or voted with few pay for it, whatever the jury says of the question.
    function _vote(Question memory terms, Dispute memory d, Turnout memory turnout) private {
        Jury memory jury = _juries[d.hash()];
        (uint40 commitAt, uint40 revealAt, uint40 endsAt) = court.windowsOf(jury);
        _prove(jury);
        uint256 recused = _recuse(d, jury, turnout.absent);
        if (guard.clock() < revealAt && guard.clock() <= commitAt) {
            _toClock(commitAt);
            _voteAsGone(jury);
            _hold(jury, turnout);
            _showJuror(d, jury);
        }
        _toClock(endsAt);
        _freshJurors();
        _weighStakes();
        vm.recordLogs();
        ladder.takeVerdict(terms, d, jury);
        Jury memory next = _opened();
        if (next.size != 0) _sits(d, next);
        if (!court.isClosed(court.idOf(jury))) court.close(jury);
        _checkRecused(jury, recused);
        _tally();
    }

    /// @dev What a jury found too early costs no more than the limit; what it found wrong may.
    function _end(Question memory terms, Dispute memory d) private {
        _toClock(ladder.caseOf(d.hash()).until);
        _weighStakes();
        ladder.conclude(terms, d);
        _reach("conclude");
        if (d.claim != TOO_EARLY || _status(d.question) != Status.Open) return;
        _reach("reopened");
        _tally();
    }

    /// @dev The first case from `which` on that is not over; none at all while there is no such.
    function _open(uint256 which) private view returns (Dispute memory d, LadderStep step) {
        for (uint256 i; i < _disputes.length; ++i) {
            d = _disputes[(which % _disputes.length + i) % _disputes.length];
            step = _step(d);
            if (step != LadderStep.Done) break;
        }
    }

    function _termsOf(Dispute memory d) private view returns (Question memory terms) {
        for (uint256 i; i < _questions.length; ++i) {
            if (oracle.idOf(_questions[i]) == d.question) return _questions[i];
        }
    }
}
