// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {IStakeManager} from "../oracle/IStakeManager.sol";
import {SignerSet, SignerSets} from "../oracle/SignerSet.sol";
import {LegStatus, Mode} from "./BundleTypes.sol";
import {BundleWord} from "./BundleWord.sol";
import {IAttesters} from "./IAttesters.sol";
import {IBundleHub, LegResult} from "./IBundleHub.sol";

/// @dev Credits, and the pots of those who attest. Every wei here came with a call, and is somebody's.
abstract contract FeeLedger is IBundleHub {
    using SignerSets for SignerSet;

    uint256 private constant WHOLE = 10_000;

    IAttesters public immutable attesters;
    IStakeManager public immutable stakeManager;
    uint16 public immutable ATTESTER_BPS;

    mapping(address account => uint256) public creditOf;
    /// @notice All that went into the pot of an epoch, claimed or not.
    mapping(uint32 epoch => uint256) public potOf;
    mapping(uint32 epoch => mapping(uint8 seat => uint256)) private _claimed;

    constructor(address attesters_, address stakeManager_, uint16 attesterBps) {
        require(attesterBps <= WHOLE, Hub_BadLimits("attesterBps"));
        (attesters, stakeManager, ATTESTER_BPS) = (IAttesters(attesters_), IStakeManager(stakeManager_), attesterBps);
    }

    /// @inheritdoc IBundleHub
    function deposit(address account) external payable {
        creditOf[account] += msg.value;
        emit Deposited(account, msg.sender, msg.value);
    }

    /// @inheritdoc IBundleHub
    function withdraw(address to, uint256 amount) external {
        uint256 credit = creditOf[msg.sender];
        require(amount <= credit, Hub_InsufficientCredit(msg.sender, credit, amount));

        creditOf[msg.sender] = credit - amount;

        emit Withdrawn(msg.sender, to, amount);
        SafeTransferLib.safeTransferETH(to, amount);
    }

    /// @inheritdoc IBundleHub
    function claimPot(uint32 epoch, uint8 seat) external returns (uint256 amount) {
        (address blob,,) = attesters.epochOf(epoch);
        SignerSet memory set = SignerSets.read(blob);
        require(seat < set.count, Hub_NothingDue(epoch, seat));
        (address signer, uint96 weight) = set.seatAt(seat);
        address owner = stakeManager.earnerOf(signer);
        uint256 part = potOf[epoch] * weight / set.totalWeight();
        uint256 before = _claimed[epoch][seat];
        // Who is banned earns nothing: his part stays where it is.
        require(owner != address(0) && part > before, Hub_NothingDue(epoch, seat));
        amount = part - before;

        _claimed[epoch][seat] = part;
        creditOf[owner] += amount;

        emit PotClaimed(epoch, seat, owner, amount);
    }

    /// @dev Pays what is due of one share of a bundle's fee, and gives the rest to the owner; all of it when it is nobody's, or
    ///      his own.
    /// @return the word with what became of it
    function _payShare(bytes32 id, LegResult calldata result, BundleWord word, address owner, uint32 epoch)
        internal
        returns (BundleWord)
    {
        uint96 share = word.share();
        address relayer = result.relayer == owner ? address(0) : result.relayer;
        if (relayer == address(0)) {
            creditOf[owner] += share;
            emit ShareSettled(id, result.index, relayer, share, epoch, 0);
            return word.withNobodys(1);
        }
        uint96 due = share;
        if (!_ran(word, result.status)) {
            due = word.shareOfUnrun();
            creditOf[owner] += share - due;
            word = word.withUnrun();
        }
        uint96 toAttesters = epoch == 0 ? 0 : uint96(due * uint256(ATTESTER_BPS) / WHOLE);
        creditOf[relayer] += due - toAttesters;
        if (toAttesters != 0) potOf[epoch] += toAttesters;

        emit ShareSettled(id, result.index, relayer, due, epoch, toAttesters);
        return word;
    }

    /// @dev Escrowed legs are cancelled by being given back, which is all that is to be done for them.
    function _ran(BundleWord word, LegStatus status) private pure returns (bool) {
        return word.mode() == Mode.Escrowed || status == LegStatus.Ok || status == LegStatus.Failed;
    }

    /// @dev The epoch whose seats earn now: of now, not of who attested. 0 where nobody sits, for nobody could claim.
    function _earningEpoch() internal view returns (uint32 epoch) {
        epoch = attesters.currentEpoch();
        (address blob,,) = attesters.epochOf(epoch);
        if (SignerSets.read(blob).count == 0) epoch = 0;
    }
}
