// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";
import {AnswerWord} from "./AnswerWord.sol";
import {IStakeManager} from "./IStakeManager.sol";
import {RewardRule} from "./rules/RewardRule.sol";
import {SignerSet, SignerSets} from "./SignerSet.sol";

/// @dev A reward, split.
struct Split {
    address[] earners; // by seat, ascending; 0 for whom nobody earns: the owner is banned
    uint256[] shares; // theirs; rounded down
    uint256 rest; // what is left of the reward
    uint32 premium; // bitmap of the seats whose work counted twice
}

/// @dev {RewardRule} and what it reads, as a contract of its own: the oracle, which deploys it, would be too large with it
///      inside.
contract Shares {
    using SignerSets for SignerSet;

    /// @notice Who earns what of a reward: the word names seats, the set of its epoch their signers, the stake manager their
    ///         owners and what the last records say of them.
    /// @param facts a word with signers
    function split(IStakeManager stakes, uint8 domain, AnswerWord facts, uint256 reward, uint256 providersBps)
        external
        view
        returns (Split memory paid)
    {
        uint256 count = LibBit.popCount(facts.seats());
        bool[] memory premium = new bool[](count);
        uint256[] memory work = new uint256[](count);
        paid.earners = new address[](count);
        SignerSet memory set = SignerSets.read(stakes.signerSetOf(domain, facts.epoch()));
        uint256 seats = facts.seats();
        for (uint256 i; i < count; ++i) {
            uint256 seat = LibBit.ffs(seats);
            seats &= seats - 1;
            (address signer,) = set.seatAt(seat);
            address earner = stakes.earnerOf(signer);
            (paid.earners[i], work[i]) = (earner, 1);
            premium[i] = earner != address(0) && stakes.standingOf(domain, earner).premium;
            if (premium[i]) paid.premium |= uint32(1 << seat);
        }
        (paid.shares, paid.rest) = RewardRule.split(reward, providersBps, work, premium);
    }
}
