// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {INVALID, TOO_EARLY} from "../AnswerWord.sol";
import {Dispute, Ruling, Verdict} from "../Dispute.sol";
import {Aggregation, IOracle, Question} from "../IOracle.sol";
import {SignerSet, SignerSets} from "../SignerSet.sol";
import {Case, ILadder, Stage, Stake} from "./ILadder.sol";
import {ILadderClock, ILadderSlasher, ILadderStakes, ILadderWiring} from "./ILadderNeeds.sol";

/// @dev What is remembered of disputes, and how they end.
abstract contract Cases is ILadder {
    using SignerSets for SignerSet;

    uint8 internal constant UNDECIDED = 0;
    uint8 internal constant THE_ANSWER = 1;
    uint8 internal constant THE_CLAIM = 2;
    uint8 internal constant NEITHER = 3;
    /// A side that is no choice: he whose claim was replaced.
    uint8 internal constant NOT_THE_ANSWER = 0;

    IOracle public immutable oracle;
    ILadderStakes public immutable stakeManager;
    ILadderWiring public immutable wiring;
    address public immutable insurance;

    mapping(bytes32 dispute => Case) internal _cases;
    mapping(bytes32 dispute => Stake[]) internal _stakes;
    uint96 internal _owed;
    /// Fees of juries whose verdict was not taken down: the court may give them back at any moment, and they are owed then.
    uint96 internal _lent;

    constructor(address oracle_, address stakeManager_, address wiring_, address insurance_) {
        oracle = IOracle(oracle_);
        stakeManager = ILadderStakes(stakeManager_);
        wiring = ILadderWiring(wiring_);
        insurance = insurance_;
    }

    /// @inheritdoc ILadder
    function sweep() external returns (uint96 amount) {
        (uint96 credit, uint96 kept) = (oracle.creditOf(address(this)), _owed + _lent);
        if (credit <= kept) return 0;
        amount = credit - kept;
        oracle.pay(insurance, amount);
    }

    /// @inheritdoc ILadder
    function caseOf(bytes32 dispute) external view returns (Case memory) {
        return _cases[dispute];
    }

    /// @inheritdoc ILadder
    function stakesOf(bytes32 dispute) external view returns (Stake[] memory) {
        return _stakes[dispute];
    }

    /// @inheritdoc ILadder
    function subjectOf(bytes32 dispute) public view returns (bytes32) {
        Case storage c = _cases[dispute];
        return keccak256(abi.encode(dispute, c.claim, c.claimRoot));
    }

    /// @inheritdoc ILadder
    function owed() external view returns (uint96) {
        return _owed;
    }

    /* INSIDE */

    function _clock() internal view returns (ILadderClock) {
        return ILadderClock(wiring.guard());
    }

    function _idOf(Question calldata terms, Dispute calldata d) internal view returns (bytes32 id) {
        id = d.idOf();
        require(oracle.idOf(terms) == d.question, Ladder_NotTheTerms(id));
    }

    /// @dev The first step of a dispute. The oracle refuses one that is not open.
    function _begin(Question calldata terms, Dispute calldata d) internal returns (bytes32 id) {
        id = _idOf(terms, d);
        Case storage c = _cases[id];
        require(c.stage == Stage.None, Ladder_WrongStage(id, c.stage));

        c.claim = _claimOf(terms, d);
        c.claimRoot = d.claimRoot;
        _put(id, d.disputer, d.deposit, THE_CLAIM);

        oracle.takeDeposit(d);
    }

    function _put(bytes32 id, address who, uint96 amount, uint8 side) internal {
        _stakes[id].push(Stake({who: who, amount: uint88(amount), side: side}));
        _owed += amount;
    }

    /// @dev Whoever claims a value that the question does not allow says that it has no answer.
    function _claimOf(Question calldata terms, Dispute calldata d) internal pure returns (int96) {
        if (d.claimRoot != 0 || d.claim == TOO_EARLY) return d.claim;
        // A value is no answer to a question for a root.
        if (terms.aggregation == Aggregation.Root) return INVALID;
        return d.claim >= terms.min && d.claim <= terms.max ? d.claim : INVALID;
    }

    /// @dev Whether two values are two answers: a number within tolerance of another says the same.
    function _differs(Question calldata terms, int96 value, int96 other) internal pure returns (bool) {
        if (value <= INVALID || other <= INVALID) return value != other;
        int256 off = int256(value) - other;
        return uint256(off < 0 ? -off : off) > terms.tolerance;
    }

    /* ENDING */

    /// @dev Ends a case with a choice of juries, or with none.
    function _end(bytes32 id, Question calldata terms, Dispute calldata d, uint8 outcome) internal {
        Case storage c = _cases[id];
        c.stage = Stage.Done;
        bool reopens = outcome == THE_CLAIM && c.claim == TOO_EARLY;
        Ruling memory ruling;
        if (outcome == THE_ANSWER) ruling.verdict = Verdict.Uphold;
        else if (reopens) ruling.verdict = Verdict.Reopen;
        else if (outcome == THE_CLAIM && c.claim != INVALID) ruling.verdict = Verdict.Replace;
        else ruling.verdict = Verdict.Invalid;
        (ruling.value, ruling.root) = (c.claim, c.claimRoot);
        Stake storage first = _stakes[id][0];
        address challenger = first.side == outcome ? first.who : address(0);

        oracle.rule(terms, d, ruling);
        _split(id, terms.domain, d, outcome);
        if (reopens) _blameEarly(id, terms.domain, d, challenger);
        else if (outcome == THE_CLAIM || outcome == NEITHER) _blame(id, terms.domain, d, challenger);
    }

    function _blame(bytes32 id, uint8 domain, Dispute calldata d, address challenger) internal {
        ILadderSlasher(wiring.slasher()).overturned(id, domain, d.answer.epoch(), d.answer.seats(), challenger);
    }

    function _blameEarly(bytes32 id, uint8 domain, Dispute calldata d, address challenger) internal {
        ILadderSlasher(wiring.slasher()).tooEarly(id, domain, d.answer.epoch(), d.answer.seats(), d.deposit, challenger);
    }

    /// @dev Pays out all that is left of the deposits, so that nothing of the case is owed any more.
    function _split(bytes32 id, uint8 domain, Dispute calldata d, uint8 outcome) internal {
        (uint256 won, uint256 lost) = _sums(id, outcome);
        uint256 left = won + lost - _cases[id].fees;
        _owed -= uint96(left);

        uint256 paid;
        if (won != 0) {
            // With no verdict all have won, and there is nothing of others to share.
            uint256 due = won + lost / 2;
            paid = _payWinners(id, outcome, due < left ? due : left, won);
        } else if (outcome == THE_ANSWER) {
            paid = _paySigners(id, domain, d, lost / 2 < left ? lost / 2 : left);
        }
        uint96 rest = uint96(left - paid);
        if (rest != 0) oracle.pay(insurance, rest);

        emit Concluded(id, outcome, rest);
    }

    function _sums(bytes32 id, uint8 outcome) private view returns (uint256 won, uint256 lost) {
        Stake[] storage stakes = _stakes[id];
        for (uint256 i; i < stakes.length; ++i) {
            if (_wins(stakes[i].side, outcome)) won += stakes[i].amount;
            else lost += stakes[i].amount;
        }
    }

    function _wins(uint8 side, uint8 outcome) private pure returns (bool) {
        return outcome == UNDECIDED || side == outcome || side == NOT_THE_ANSWER && outcome != THE_ANSWER;
    }

    function _payWinners(bytes32 id, uint8 outcome, uint256 due, uint256 won) private returns (uint256 paid) {
        Stake[] storage stakes = _stakes[id];
        for (uint256 i; i < stakes.length; ++i) {
            if (!_wins(stakes[i].side, outcome)) continue;
            uint256 amount = due * stakes[i].amount / won;
            paid += amount;
            _award(id, stakes[i].who, amount);
        }
    }

    /// @dev In equal parts, as rewards are. The part of who is banned is not paid.
    function _paySigners(bytes32 id, uint8 domain, Dispute calldata d, uint256 due) private returns (uint256 paid) {
        address[] memory owners = _ownersOf(domain, d.answer.epoch(), d.answer.seats());
        if (owners.length == 0) return 0;
        uint256 each = due / owners.length;
        for (uint256 i; i < owners.length; ++i) {
            if (stakeManager.isBanned(owners[i])) continue;
            _award(id, owners[i], each);
            paid += each;
        }
    }

    function _award(bytes32 id, address who, uint256 amount) internal {
        if (amount == 0) return;
        oracle.pay(who, uint96(amount));
        emit Awarded(id, who, uint96(amount));
    }

    /// @dev Owners of those seats of an epoch.
    function _ownersOf(uint8 domain, uint32 epoch, uint256 seats) internal view returns (address[] memory owners) {
        SignerSet memory set = SignerSets.read(stakeManager.signerSetOf(domain, epoch));
        owners = new address[](set.count);
        uint256 count;
        for (uint256 seat; seat < set.count; ++seat) {
            if (seats >> seat & 1 == 0) continue;
            (address signer,) = set.seatAt(seat);
            owners[count++] = stakeManager.ownerOf(signer);
        }
        assembly ("memory-safe") {
            mstore(owners, count)
        }
    }

    function _contains(address[] memory accounts, address account) internal pure returns (bool) {
        for (uint256 i; i < accounts.length; ++i) {
            if (accounts[i] == account) return true;
        }
        return false;
    }
}
