// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {ICourt, Jury} from "../court/ICourt.sol";
import {SlashRule} from "../rules/SlashRule.sol";
import {SignerSet, SignerSets} from "../SignerSet.sol";
import {ISlasher} from "./ISlasher.sol";
import {Punishment} from "./Punishment.sol";

/// @dev The oracle's ledger of credits, as far as a bond needs it.
interface ICredits {
    function deposit(address account, uint96 amount) external;
    function pay(address to, uint96 amount) external;
    function creditOf(address account) external view returns (uint96);
}

/// @dev Bonded accusations of collusion, decided by a jury on which none of the accused sits.
abstract contract Accusations is Punishment {
    using SafeTransferLib for address;
    using SignerSets for SignerSet;

    uint8 public constant JURY_SIZE = 31;
    uint256 private constant MAX_ACCUSED = 16;
    /// A third of all jurors' weight is the most that a case may send away from its jury. Were it more, whoever accuses would
    /// choose his judges: with the honest two thirds accused, a quarter of the weight is a supermajority of the rest.
    uint256 private constant MOST_PARTIES = 3;
    uint8 private constant GUILTY = 1;
    uint8 private constant INNOCENT = 2;
    uint8 private constant UNDECIDED = 3;

    address public immutable collateral;
    address public immutable insurance;
    uint96 public immutable BOND;
    uint96 public immutable FEE;
    uint40 public immutable CASE_SECONDS;

    mapping(bytes32 id => bool) private _open;
    uint96 private _bonds; // of open cases, less the fees of their juries

    constructor(address collateral_, address insurance_, uint96 bond, uint96 fee, uint40 caseSeconds) {
        require(fee <= bond, Slasher_BadCase("fee"));
        collateral = collateral_;
        insurance = insurance_;
        BOND = bond;
        FEE = fee;
        CASE_SECONDS = caseSeconds;
    }

    /// @inheritdoc ISlasher
    function accuse(address[] calldata accused, bytes32 evidence, uint32 ppm) external returns (bytes32 id) {
        require(accused.length != 0 && accused.length <= MAX_ACCUSED, Slasher_BadCase("accused"));
        require(ppm >= SlashRule.LEAST_COLLUSION && ppm <= SlashRule.PPM, Slasher_BadCase("ppm"));
        uint40 until = uint40(block.timestamp) + CASE_SECONDS;
        address before;
        for (uint256 i; i < accused.length; ++i) {
            require(accused[i] > before, Slasher_BadCase("order"));
            before = accused[i];
            stakeManager.freeze(before, until);
        }
        collateral.safeTransferFrom(msg.sender, address(this), BOND);
        collateral.safeApprove(wiring.oracle(), BOND);
        ICredits(wiring.oracle()).deposit(address(this), BOND);

        Case memory terms = Case(msg.sender, accused, evidence, ppm, _openJury(accused, evidence, ppm));
        id = keccak256(abi.encode(terms));
        _open[id] = true;
        _bonds += BOND - FEE;

        emit Accused(id, terms);
    }

    /// @inheritdoc ISlasher
    function conclude(Case calldata terms, Jury calldata jury) external {
        bytes32 id = keccak256(abi.encode(terms));
        require(_open[id], Slasher_UnknownCase(id));
        ICourt court = ICourt(wiring.court());
        require(court.idOf(jury) == terms.jury, Slasher_BadCase("jury"));
        (bool ended, uint8 choice,,) = court.verdictOf(jury);
        require(ended, Slasher_CaseOpen(id));

        _open[id] = false;
        _bonds -= BOND - FEE;
        uint256 taken;
        if (choice == GUILTY) {
            for (uint256 i; i < terms.accused.length; ++i) {
                taken += _takePpm(terms.accused[i], terms.ppm, terms.accuser, id, true);
            }
            // Together: one by one, sixteen owners in sixteen domains each would be more than a block.
            if (terms.ppm == SlashRule.PPM) stakeManager.ban(terms.accused);
        }

        emit CaseClosed(id, choice, taken);

        uint96 rest = BOND - FEE;
        if (choice != INNOCENT) return _pay(terms.accuser, rest);
        uint96 each = rest / uint96(terms.accused.length);
        for (uint256 i; i < terms.accused.length; ++i) {
            _pay(stakeManager.isBanned(terms.accused[i]) ? insurance : terms.accused[i], each);
        }
        _pay(insurance, rest - each * uint96(terms.accused.length));
    }

    /// @inheritdoc ISlasher
    function sweep() external returns (uint96 amount) {
        ICredits credits = ICredits(wiring.oracle());
        amount = credits.creditOf(address(this)) - _bonds;
        if (amount != 0) credits.pay(insurance, amount);
    }

    /// @inheritdoc ISlasher
    function isOpen(bytes32 id) external view returns (bool) {
        return _open[id];
    }

    function _openJury(address[] calldata accused, bytes32 evidence, uint32 ppm) private returns (bytes32) {
        (address blob, uint32 jurorEpoch,) = stakeManager.jurorSet();
        SignerSet memory set = SignerSets.read(blob);
        (uint256 excluded, uint256 weight) = _excluded(set, accused);
        require(MOST_PARTIES * weight <= set.totalWeight(), Slasher_BadCase("weight"));
        bytes32 subject = keccak256(abi.encode(msg.sender, accused, evidence, ppm));
        return ICourt(wiring.court()).open(subject, JURY_SIZE, excluded, jurorEpoch, FEE, UNDECIDED);
    }

    /// @dev The accused among the jurors, and whoever accuses. At most 256 jurors by 16 accused.
    function _excluded(SignerSet memory set, address[] calldata accused)
        private
        view
        returns (uint256 bitmap, uint256 weight)
    {
        for (uint256 juror; juror < set.count; ++juror) {
            (address signer, uint96 one) = set.seatAt(juror);
            // Zero for who was banned since the snapshot: he does not sit.
            address owner = stakeManager.earnerOf(signer);
            bool party = owner == address(0) || owner == msg.sender;
            for (uint256 i; i < accused.length; ++i) {
                if (accused[i] == owner) party = true;
            }
            if (!party) continue;
            bitmap |= 1 << juror;
            weight += one;
        }
    }

    function _pay(address to, uint96 amount) private {
        if (amount != 0) ICredits(wiring.oracle()).pay(to, amount);
    }
}
