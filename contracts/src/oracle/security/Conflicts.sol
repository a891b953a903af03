// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ECDSA} from "solady/utils/ECDSA.sol";
import {ICourt, Jury, JurorFault} from "../court/ICourt.sol";
import {Dispute} from "../Dispute.sol";
import {IOracle} from "../IOracle.sol";
import {ILadder} from "../ladder/ILadder.sol";
import {SlashRule} from "../rules/SlashRule.sol";
import {SignerSet, SignerSets} from "../SignerSet.sol";
import {IPolicy} from "./IPolicy.sol";
import {IPositions} from "./IPositions.sol";
import {ISlasher} from "./ISlasher.sol";
import {Punishment} from "./Punishment.sol";

interface IBonded {
    function UNBONDING_SECONDS() external view returns (uint40);
    function EPOCH_SECONDS() external view returns (uint40);
}

/// @dev Nobody judges what he has a position in: neither who reports nor who sits on the jury.
abstract contract Conflicts is Punishment {
    using SignerSets for SignerSet;

    IPolicy public immutable policy;
    /// @notice The consumers that are believed from the first day on; zero: none.
    address public immutable FIRST_CONSUMER;
    address public immutable SECOND_CONSUMER;

    constructor(address policy_, address[2] memory consumers) {
        policy = IPolicy(policy_);
        (FIRST_CONSUMER, SECOND_CONSUMER) = (consumers[0], consumers[1]);
        // Whoever does not trust a consumer that is named later has his stake back before it is believed.
        uint256 wanted = IBonded(address(stakeManager)).UNBONDING_SECONDS()
            + uint256(IBonded(address(stakeManager)).EPOCH_SECONDS());
        uint256 notice = IPolicy(policy_).NOTICE_SECONDS();
        require(notice > wanted, Slasher_NoticeTooShort(notice, wanted));
    }

    /// @inheritdoc ISlasher
    function positionOfSigner(
        bytes32 question,
        uint32 epoch,
        uint8 round,
        int96 value,
        bytes calldata signature,
        Holding calldata holding
    ) external {
        bytes32 digest = IOracle(wiring.oracle()).reportDigest(question, value, epoch, round);
        address signer = ECDSA.tryRecoverCalldata(digest, signature);
        _punishPosition(_ownerOf(signer), question, holding);
    }

    /// @inheritdoc ISlasher
    function positionOfJuror(Jury calldata jury, Dispute calldata dispute, uint8 seat, Holding calldata holding)
        external
    {
        (bytes32 id, address signer) = _jurorAt(jury, dispute, seat);
        require(ICourt(wiring.court()).votesOf(id) >> (2 * seat) & 3 != 0, Slasher_HasNotVoted(id, seat));
        _punishPosition(_ownerOf(signer), dispute.question, holding);
    }

    /// @inheritdoc ISlasher
    function recuse(Jury calldata jury, Dispute calldata dispute, uint8 seat, Holding calldata holding) external {
        (bytes32 id, address signer) = _jurorAt(jury, dispute, seat);
        address owner = _ownerOf(signer);
        bytes32 fault = keccak256(abi.encode(id, signer, JurorFault.Missing));
        require(!_shown[owner][fault], Slasher_AlreadyRecused(id, owner));
        // A key named once the seats are drawn would let a juror borrow a position, and many of them hang a jury for nothing.
        require(holding.holder == owner || holding.holder == signer, Slasher_NotHis(owner, holding.holder));
        _checkHolding(owner, dispute.question, holding);

        _shown[owner][fault] = true;

        emit Recused(id, owner, dispute.question);
    }

    /// @inheritdoc ISlasher
    function isBelieved(address consumer) public view returns (bool) {
        if (consumer == FIRST_CONSUMER || consumer == SECOND_CONSUMER) return consumer != address(0);
        uint40 from = policy.believedFrom(consumer);
        return from != 0 && block.timestamp >= from;
    }

    /* INSIDE */

    function _ownerOf(address signer) internal view returns (address owner) {
        owner = stakeManager.ownerOf(signer);
        require(signer != address(0) && owner != address(0), Slasher_NobodysKey(signer));
    }

    /// @dev Once for an owner and a question, however often he signed or voted.
    function _punishPosition(address owner, bytes32 question, Holding calldata holding) private {
        bytes32 fault = keccak256(abi.encode("position", question));
        require(!stakeManager.isSlashed(owner, fault), Slasher_AlreadyPunished(owner, fault));
        _checkHolding(owner, question, holding);

        emit PositionShown(owner, question, holding.consumer, holding.holder);

        // As with equivocation nothing is left to judge, so the 30 % of what needs no court are no limit.
        _takePpm(owner, SlashRule.POSITION_UNDECLARED, msg.sender, fault, true);
    }

    /// @dev Held by the owner or by a key of his, of now or of before.
    function _checkHolding(address owner, bytes32 question, Holding calldata holding) private view {
        address holder = holding.holder;
        require(holder == owner || stakeManager.ownerOf(holder) == owner, Slasher_NotHis(owner, holder));
        require(isBelieved(holding.consumer), Slasher_NotBelieved(holding.consumer));
        require(
            IPositions(holding.consumer).holdsPosition(question, holder, holding.where),
            Slasher_NoPosition(question, holder)
        );
    }

    /// @dev Who holds this seat of a jury that judges the dispute. Its subject binds it to that, and so to the question.
    function _jurorAt(Jury calldata jury, Dispute calldata dispute, uint8 seat)
        private
        view
        returns (bytes32 id, address signer)
    {
        ICourt court = ICourt(wiring.court());
        id = court.idOf(jury);
        bool judges =
            jury.arbitrable == wiring.ladder() && jury.subject == ILadder(jury.arbitrable).subjectOf(dispute.idOf());
        require(judges && seat < jury.size, Slasher_NotItsJury(id, dispute.question));
        (address blob,) = stakeManager.jurorSetOf(jury.jurorEpoch);
        (signer,) = SignerSets.read(blob).seatAt(court.seatsOf(jury)[seat]);
    }
}
