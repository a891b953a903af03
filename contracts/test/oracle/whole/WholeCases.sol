// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Market} from "../../../src/markets/IMarkets.sol";
import {Jury} from "../../../src/oracle/court/ICourt.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {Question} from "../../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../../src/oracle/IStakeManager.sol";
import {ISlasher} from "../../../src/oracle/security/ISlasher.sol";
import {WholeReports} from "./WholeReports.sol";
import {Turnout} from "./WholeStage.sol";

/// @dev Positions of those who judge, and accusations of collusion.
abstract contract WholeCases is WholeReports {
    uint256 private constant MOST_CASES = 3;
    uint32 private constant PPM = 1_000_000;

    mapping(bytes32 question => Market) private _marketOf;
    /// @dev The account by which an owner holds a position, and on which outcome.
    mapping(bytes32 question => mapping(address owner => address)) private _holderOf;
    mapping(bytes32 question => mapping(address owner => uint8)) private _outcomeOf;
    mapping(bytes32 question => mapping(address owner => bool)) private _positionShown;
    ISlasher.Case[] private _cases;
    Jury[] private _juriesOfCases;

    /* POSITIONS */

    /// @dev Of a question that is asked and not open yet.
    function _openMarket(Question memory terms) internal {
        bytes32 question = oracle.idOf(terms);
        int96[] memory cuts = new int96[](_isNumber(terms) ? 1 : 0);
        if (cuts.length == 1) cuts[0] = 10;
        Market memory made = Market(question, treasury, terms.opensAt, 0, 2, cuts);
        markets.open(made, terms);
        _marketOf[question] = made;
    }

    function _bet(Question memory terms, address owner, bool withKey, uint8 outcome) internal {
        bytes32 question = oracle.idOf(terms);
        Market memory market = _marketOf[question];
        address holder = withKey ? stakes.providerOf(owner).signer : owner;
        if (market.outcomes == 0 || holder == address(0) || _holderOf[question][owner] != address(0)) return;
        _fund(holder, address(markets), LEAST);
        bytes32 id = markets.idOf(market);
        vm.prank(holder);
        try markets.stake(id, outcome, LEAST) {
            (_holderOf[question][owner], _outcomeOf[question][owner]) = (holder, outcome);
            _reach("position taken");
        } catch {}
    }

    /// @dev Whoever has a key can be shown something that it signed.
    function _showReporter(Question memory terms, address owner) internal {
        bytes32 question = oracle.idOf(terms);
        address signer = stakes.providerOf(owner).signer;
        if (signer == address(0) || _marketOf[question].outcomes == 0) return;
        bytes memory signature = _sign(_keyOf[signer], question, 0, 1, 0);
        uint256 held = stakes.providerOf(owner).stake;
        try slasher.positionOfSigner(question, 1, 0, 0, signature, _holding(question, owner)) {
            _judge(question, owner, held);
        } catch {
            bool isDue = _holderOf[question][owner] != address(0) && !_positionShown[question][owner] && held != 0;
            if (isDue) _fault("W11", "a position could not be shown");
            else _reach("no position");
        }
    }

    /// @dev Of those who are to stay away whoever holds a position is recused.
    function _recuse(Dispute memory d, Jury memory jury, uint256 absent) internal returns (uint256 recused) {
        uint8[] memory seats = court.seatsOf(jury);
        for (uint8 seat; seat < seats.length; ++seat) {
            uint256 juror = 1 << seats[seat];
            if (absent & juror == 0 || recused & juror != 0) continue;
            address owner = stakes.ownerOf(_signerAt(jury, seats[seat]));
            address holder = _holderOf[d.question][owner];
            bool holds = holder != address(0) && (holder == owner || holder == _signerAt(jury, seats[seat]));
            try slasher.recuse(jury, d, seat, _holding(d.question, owner)) {
                if (!holds) _fault("W11", "recused without a position");
                recused |= juror;
                _reach("recused");
            } catch {
                if (holds) _fault("W11", "a juror could not be recused");
            }
        }
    }

    /// @dev The first who voted with a position.
    function _showJuror(Dispute memory d, Jury memory jury) internal {
        uint8[] memory seats = court.seatsOf(jury);
        uint256 votes = court.votesOf(court.idOf(jury));
        for (uint8 seat; seat < seats.length; ++seat) {
            address owner = stakes.ownerOf(_signerAt(jury, seats[seat]));
            if (_holderOf[d.question][owner] == address(0)) continue;
            uint256 held = stakes.providerOf(owner).stake;
            try slasher.positionOfJuror(jury, d, seat, _holding(d.question, owner)) {
                if (votes >> (2 * seat) & 3 == 0) _fault("W11", "shown of one who did not vote");
                _judge(d.question, owner, held);
                return _reach("juror with a position");
            } catch {}
        }
    }

    /// @dev Since the stakes were weighed.
    function _checkRecused(Jury memory jury, uint256 recused) internal {
        for (uint256 juror; juror < 256; ++juror) {
            if (recused >> juror & 1 == 0) continue;
            address owner = stakes.ownerOf(_signerAt(jury, juror));
            if (stakes.providerOf(owner).stake != _stakeBefore[owner]) _fault("W11", "a recused juror paid");
        }
    }

    function _holding(bytes32 question, address owner) private view returns (ISlasher.Holding memory) {
        address holder = _holderOf[question][owner];
        bytes memory where = abi.encode(_marketOf[question], _outcomeOf[question][owner]);
        return ISlasher.Holding(address(markets), holder == address(0) ? owner : holder, where);
    }

    function _judge(bytes32 question, address owner, uint256 held) private {
        if (_holderOf[question][owner] == address(0)) _fault("W11", "shown without a position");
        if (_positionShown[question][owner]) _fault("W11", "shown twice");
        if (stakes.providerOf(owner).stake != held - held / 2) _fault("W11", "another part than half");
        // What takes nothing is no punishment, and may be shown again.
        _positionShown[question][owner] = held > 1;
        _reach("position");
    }

    /* ACCUSATIONS */

    function _accuse(address one, address other, uint32 ppm) internal {
        if (_cases.length == MOST_CASES || one == other) return;
        address[] memory accused = new address[](2);
        (accused[0], accused[1]) = one < other ? (one, other) : (other, one);
        _fund(bob, address(slasher), BOND);
        _freshJurors();
        vm.recordLogs();
        vm.prank(bob);
        try slasher.accuse(accused, "evidence", ppm) {
            Jury memory jury = _opened();
            _checkJury(jury);
            for (uint256 juror; juror < 256; ++juror) {
                if (jury.excluded >> juror & 1 == 1) continue;
                address owner = stakes.ownerOf(_signerAt(jury, juror));
                if (owner == one || owner == other) _fault("W12", "the accused may sit");
                if (juror == OWNERS + JURORS - 1) break;
            }
            _cases.push(ISlasher.Case(bob, accused, "evidence", ppm, court.idOf(jury)));
            _juriesOfCases.push(jury);
            _reach("accused");
        } catch {}
    }

    /// @dev The jury votes, if there is time, and its verdict is carried out.
    function _hearCase(uint256 which, Turnout memory turnout) internal {
        if (_cases.length == 0) return;
        which %= _cases.length;
        (ISlasher.Case memory terms, Jury memory jury) = (_cases[which], _juriesOfCases[which]);
        (uint40 commitAt,, uint40 endsAt) = court.windowsOf(jury);
        _prove(jury);
        if (guard.clock() <= commitAt) _hold(jury, turnout);
        _toClock(endsAt);
        (, uint8 choice,,) = court.verdictOf(jury);
        _weighStakes();
        IStakeManager.Provider[2] memory was =
            [stakes.providerOf(terms.accused[0]), stakes.providerOf(terms.accused[1])];
        slasher.conclude(terms, jury);
        for (uint256 i; i < OWNERS + JURORS; ++i) {
            _checkVerdict(terms, _someone(i), choice);
        }
        for (uint256 i; i < 2; ++i) {
            address owner = terms.accused[i];
            if (!was[i].banned && stakes.isBanned(owner)) _ban(owner, was[i].signer);
        }
        if (!court.isClosed(terms.jury)) court.close(jury);
        (_cases[which], _juriesOfCases[which]) = (_cases[_cases.length - 1], _juriesOfCases[_juriesOfCases.length - 1]);
        _cases.pop();
        _juriesOfCases.pop();
        _reach(choice == 1 ? "guilty" : choice == 2 ? "innocent" : "no verdict");
    }

    /// @dev Guilty: each of the accused loses the part that was asked for, nobody else anything.
    function _checkVerdict(ISlasher.Case memory terms, address owner, uint8 choice) private {
        uint256 held = _stakeBefore[owner];
        bool accused = owner == terms.accused[0] || owner == terms.accused[1];
        uint256 taken = accused && choice == 1 ? held * terms.ppm / PPM : 0;
        if (stakes.providerOf(owner).stake != held - taken) _fault("W12", "another part than the jury said");
    }

    /// @dev Bonds of open cases, less what their juries have.
    function bonds() external view returns (uint256) {
        return _cases.length * (BOND - CASE_FEE);
    }

    /* WHAT THE INVARIANTS LOOK AT */

    /// @return inStakes stakes and credits of slashed collateral
    function staked() external view returns (uint256 inStakes) {
        address[] memory all = accounts();
        for (uint256 i; i < all.length; ++i) {
            inStakes += stakes.providerOf(all[i]).stake + stakes.slashedCreditOf(all[i]);
        }
    }

    function accounts() public view returns (address[] memory all) {
        all = new address[](OWNERS + JURORS + 11);
        for (uint256 i; i < OWNERS + JURORS; ++i) {
            all[i] = _someone(i);
        }
        uint256 at = OWNERS + JURORS;
        (all[at], all[at + 1], all[at + 2], all[at + 3]) = (alice, bob, asker, treasury);
        (all[at + 4], all[at + 5], all[at + 6]) = (insurance, address(court), address(ladder));
        (all[at + 7], all[at + 8], all[at + 9]) = (stranger, address(slasher), stakes.BURN());
        all[at + 10] = address(this);
    }

    /// @dev Whatever happened: when every pause is over and everybody left, everybody gets his stake, and the clock runs.
    function everybodyGoes() external returns (bool) {
        for (uint256 i; i < OWNERS + JURORS; ++i) {
            vm.prank(_someone(i));
            try stakes.leave() {} catch {}
        }
        vm.warp(block.timestamp + 72 hours);
        try stakes.advanceEpoch(0) {} catch {}
        vm.warp(block.timestamp + 2 * UNBONDING);
        if (guard.clock() - guard.clockAt(uint40(block.timestamp) - 1) != 1) return false;
        for (uint256 i; i < OWNERS + JURORS; ++i) {
            if (stakes.providerOf(_someone(i)).state == IStakeManager.ProviderState.None) continue;
            vm.prank(_someone(i));
            stakes.withdraw(alice);
        }
        return true;
    }
}
