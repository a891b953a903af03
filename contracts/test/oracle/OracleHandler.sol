// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, AnswerWords, INVALID, TOO_EARLY} from "../../src/oracle/AnswerWord.sol";
import {Aggregation, Question, Status} from "../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../src/oracle/IStakeManager.sol";
import {SignerSet, SignerSets} from "../../src/oracle/SignerSet.sol";
import {Reach} from "../Reach.sol";
import {Stage} from "../Stage.sol";

/// @dev Everything that anybody can do to stakes and questions, in any order, and what must be remembered to judge it. Actions
///      take words alone, so that a test may draw them too.
contract OracleHandler is Stage, Reach {
    using SignerSets for SignerSet;

    uint256 public constant OWNERS = 10;

    Question[] private _questions;
    mapping(bytes32 question => uint256) public reportsAccepted;
    /// @dev The word as first answered; zero until then.
    mapping(bytes32 question => uint256) public firstAnswer;
    mapping(bytes32 question => uint256) public vetoes;
    mapping(address signer => uint256 key) private _keyOf;
    mapping(uint32 epoch => bytes32 codehash) public blobHash;
    uint256 private _nextKey = 1_000;

    function start() external {
        setUp();
        for (uint256 i; i < SEATS; ++i) {
            _keyOf[_signer(i)] = _key(i);
        }
        _rememberBlob();
    }

    /* PROVIDERS */

    function join(uint256 i, uint256 dice) external {
        address owner = _ownerKey(i % OWNERS);
        if (stakes.providerOf(owner).state != IStakeManager.ProviderState.None) return;
        uint96 stake = uint96(_bound(dice, STAKE, 20_000e6));
        _fund(owner, address(stakes), stake);
        address signer = _newSigner();
        vm.prank(owner);
        stakes.join(signer, stake, 1, _possessionOf(_keyOf[signer], owner));
        _reach("join");
    }

    function addStake(uint256 i, uint256 dice) external {
        address owner = _active(i);
        if (owner == address(0)) return;
        uint96 amount = uint96(_bound(dice, 0, 5_000e6));
        _fund(owner, address(stakes), amount);
        vm.prank(owner);
        stakes.addStake(amount);
        _reach("add stake");
    }

    function rotate(uint256 i) external {
        address owner = _active(i);
        if (owner == address(0)) return;
        address signer = _newSigner();
        vm.prank(owner);
        stakes.rotateSigner(signer, _possessionOf(_keyOf[signer], owner));
        _reach("rotate");
    }

    function leave(uint256 i) external {
        address owner = _active(i);
        if (owner == address(0)) return;
        vm.prank(owner);
        stakes.leave();
        _reach("leave");
    }

    function withdrawStake(uint256 i) external {
        address owner = _ownerKey(i % OWNERS);
        vm.prank(owner);
        try stakes.withdraw(owner) {
            _reach("withdraw");
        } catch {}
    }

    function advanceEpoch() external {
        try stakes.advanceEpoch(0) {
            _rememberBlob();
            _reach("epoch");
        } catch {}
    }

    /* QUESTIONS */

    function ask(uint256 reward, uint256 opensIn, uint256 lasts, uint256 kind) external {
        Question memory terms = kind % 2 == 0 ? _numeric() : _categorical(3);
        terms.nonce = uint64(_questions.length);
        terms.reward = uint96(_bound(reward, 0, 9_000e6));
        terms.opensAt = uint40(block.timestamp + _bound(opensIn, 0, 2 hours));
        terms.deadline = uint40(terms.opensAt + _bound(lasts, 1, 4 hours));
        _ask(terms);
        _questions.push(terms);
        if (kind % 3 != 0) {
            vm.prank(asker);
            oracle.setWatcher(terms, kind % 3 == 1 ? alice : bob);
        }
        _reach(kind % 2 == 0 ? "ask: number" : "ask: outcome");
    }

    /// @dev Some of the seats report, values near each other; refused as often as not, which is part of the game.
    function reportValues(uint256 which, uint256 seats, uint256 spread) external {
        (bool found, Question memory terms, bytes32 question) = _toReport(which);
        if (!found) return;
        (SignerSet memory set, uint32 epoch) = _set();
        int96 value = int96(_boundInt(int256(spread >> 8), terms.min, terms.max));
        bytes memory entries;
        for (uint256 seat; seat < set.count; ++seat) {
            if (seats >> seat & 3 == 0) continue; // three of four report
            (address signer,) = set.seatAt(seat);
            bytes memory signature = _signedAs(signer, question, value, epoch);
            entries = bytes.concat(entries, abi.encodePacked(uint8(seat), value, signature));
            if (spread % 3 == 0 && value < terms.max) ++value;
        }
        try oracle.reportValues(terms, epoch, entries) {
            _accepted(question);
            _reach("report values");
        } catch {
            _reach("refused: values");
        }
    }

    function reportAgreed(uint256 which, uint256 seats, uint256 kind) external {
        (bool found, Question memory terms, bytes32 question) = _toReport(which);
        if (!found) return;
        (SignerSet memory set, uint32 epoch) = _set();
        int96 value = int96(_boundInt(int256(kind >> 8), terms.min, terms.max));
        if (kind % 4 < 2) value = kind % 4 == 0 ? TOO_EARLY : INVALID;
        bytes memory signatures;
        uint256 chosen;
        for (uint256 seat; seat < set.count; ++seat) {
            if (seats >> seat & 3 == 0) continue;
            (address signer,) = set.seatAt(seat);
            signatures = bytes.concat(signatures, _signedAs(signer, question, value, epoch));
            chosen |= 1 << seat;
        }
        try oracle.reportAgreed(terms, epoch, value, chosen, signatures) {
            if (value != TOO_EARLY) _accepted(question);
            _reach(value == TOO_EARLY ? "report too early" : value == INVALID ? "report invalid" : "report agreed");
        } catch {
            _reach("refused: agreed");
        }
    }

    /// @dev At any time, by the asker or another, in the place of another or of nobody.
    function setWatcher(uint256 which, uint256 who) external {
        if (_questions.length == 0) return;
        vm.prank(who % 4 == 0 ? alice : asker);
        try oracle.setWatcher(_questions[which % _questions.length], who % 3 == 0 ? alice : bob) {
            _reach("watcher");
        } catch {
            _reach("refused: watcher");
        }
    }

    /// @dev Whoever may, of all questions the first that lets him.
    function veto(uint256 which, uint256 who) external {
        vm.startPrank(who % 2 == 0 ? alice : bob);
        for (uint256 i; i < _questions.length; ++i) {
            Question memory terms = _questions[(which % _questions.length + i) % _questions.length];
            try oracle.veto(terms, 0) {
                ++vetoes[oracle.idOf(terms)];
                _reach("veto");
                break;
            } catch {
                _reach("refused: veto");
            }
        }
        vm.stopPrank();
    }

    function settleReward(uint256 which) external {
        if (_questions.length == 0) return;
        try oracle.settleReward(_questions[which % _questions.length]) {
            _reach("settle");
        } catch {
            _reach("refused: settle");
        }
    }

    /* CREDIT AND TIME */

    function deposit(uint256 i, uint256 dice) external {
        uint96 amount = uint96(_bound(dice, 0, 9_000e6));
        _fund(alice, address(oracle), amount);
        vm.prank(alice);
        oracle.deposit(_ownerKey(i % OWNERS), amount);
        _reach("deposit");
    }

    function withdrawCredit(uint256 i, uint256 dice) external {
        address account = accountAt(i % accounts());
        uint96 amount = uint96(_bound(dice, 0, oracle.creditOf(account)));
        vm.prank(account);
        oracle.withdraw(bob, amount);
        if (amount != 0) _reach("withdraw credit");
    }

    function wait_(uint256 seconds_) external {
        vm.warp(block.timestamp + _bound(seconds_, 1, 3 hours));
    }

    function waitLong(uint256 dice) external {
        if (dice % 4 == 0) vm.warp(block.timestamp + UNBONDING);
    }

    /* WHAT THE INVARIANTS LOOK AT */

    function questions() external view returns (uint256) {
        return _questions.length;
    }

    function questionAt(uint256 i) external view returns (Question memory) {
        return _questions[i];
    }

    function accounts() public pure returns (uint256) {
        return OWNERS + 2;
    }

    /// @dev Everybody who can have credit.
    function accountAt(uint256 i) public view returns (address) {
        return i < OWNERS ? _ownerKey(i) : i == OWNERS ? asker : treasury;
    }

    function contracts() external view returns (address, address, address) {
        return (address(dollar), address(stakes), address(oracle));
    }

    /// @dev One of the questions, an open one if there is any. Mostly the clock is moved to where it may be reported.
    function _toReport(uint256 which) private returns (bool found, Question memory terms, bytes32 question) {
        if (_questions.length == 0) return (false, terms, question);
        for (uint256 i; i < _questions.length; ++i) {
            terms = _questions[(which % _questions.length + i) % _questions.length];
            question = oracle.idOf(terms);
            if (_status(question) == Status.Open) break;
        }
        uint40 notBefore = _word(question).notBefore();
        if (_status(question) == Status.Open && block.timestamp < notBefore && which % 8 != 0) vm.warp(notBefore);
        return (true, terms, question);
    }

    function _signedAs(address signer, bytes32 question, int96 value, uint32 epoch)
        private
        view
        returns (bytes memory)
    {
        return _sign(_keyOf[signer], question, value, epoch, _word(question).round());
    }

    function _accepted(bytes32 question) private {
        ++reportsAccepted[question];
        firstAnswer[question] = AnswerWord.unwrap(_word(question));
    }

    function _active(uint256 i) private view returns (address owner) {
        owner = _ownerKey(i % OWNERS);
        if (stakes.providerOf(owner).state != IStakeManager.ProviderState.Active) return address(0);
    }

    function _newSigner() private returns (address signer) {
        uint256 key = ++_nextKey;
        signer = vm.addr(key);
        _keyOf[signer] = key;
    }

    function _set() private view returns (SignerSet memory set, uint32 epoch) {
        address blob;
        (blob, epoch,) = stakes.signerSet(0);
        set = SignerSets.read(blob);
    }

    function _rememberBlob() private {
        (address blob, uint32 epoch,) = stakes.signerSet(0);
        blobHash[epoch] = blob.codehash;
    }
}
