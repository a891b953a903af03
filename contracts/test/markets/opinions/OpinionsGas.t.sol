// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Committee} from "../../../src/markets/opinions/Committee.sol";
import {Result} from "../../../src/markets/opinions/IApprover.sol";
import {OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {Opinions} from "../../../src/markets/opinions/Opinions.sol";
import {Rule} from "../../../src/markets/rules/BandRule.sol";
import {CommitteeStage} from "./CommitteeStage.sol";
import {OpinionStage} from "./OpinionStage.sol";

/// forge-config: default.isolate = true
/// @dev Every call is a transaction of its own. Ceilings are asserted; figures stand in snapshots/opinions.json.
contract OpinionsGasTest is OpinionStage, CommitteeStage {
    uint256 private constant PEOPLE = 60;
    uint256 private constant APPROVAL = 23_500;

    function test_Life() external {
        OpinionMarket memory terms = _terms();
        bytes32 market = _announce(terms);
        _measuredIn("announce", 135_000);

        for (uint256 i; i < PEOPLE; ++i) {
            _fund(_person(i), address(opinions), 50e6);
        }
        // Nobody else is in the band's word: the dearest.
        _stakeFunded(terms, _person(0), 10, 10e6);
        _measuredIn("stake, first of the contract", 110_000);
        _stakeFunded(terms, _person(1), 11, 10e6);
        _measuredIn("stake", 72_000);
        _stakeFunded(terms, _person(2), 2, 1.2e6);
        _measuredIn("stake, first on its three bands", 90_000);
        for (uint256 i = 3; i < PEOPLE; ++i) {
            _stakeFunded(terms, _person(i), uint8(i % 21), uint48(1e6 + i * 1e5));
        }

        _scoreAt(terms, 62);
        _measuredIn("score, 60 opinions", 110_000);
        _prove(market, "seed");
        opinions.claim(market, _person(1));
        _measuredIn("claim", 50_000);

        (uint8 band, uint256 offset) = opinions.drawOf(market, 0);
        opinions.claimPrize(market, 0, _holder(market, band, offset));
        _measuredIn("claim a prize", 74_000);
    }

    function test_ScoreWithApproval() external {
        address[5] memory members = _members(41);
        Committee committee = new Committee(members);
        OpinionMarket memory terms = _terms();
        _ask(_score());
        Opinions alone = opinions;
        _crowd(terms);
        opinions = _newOpinions(address(committee));
        uint256 total = _crowd(terms);
        _resolve(_score(), 6_200);
        alone.score(terms, "");
        uint256 unapproved = vm.lastCallGas().gasTotalUsed;

        (,,, uint16 confidence) = oracle.get(terms.question);
        Result memory result = Result(opinions.idOf(terms), total, PEOPLE, 62, confidence);
        uint40 expiresAt = uint40(block.timestamp) + 1 days;
        bytes32 digest = committee.approvalDigest(result, expiresAt);
        opinions.score(terms, abi.encodePacked(expiresAt, _signatures(members, 7, digest)));
        uint256 approval = vm.lastCallGas().gasTotalUsed - unapproved;
        _measuredIn("score, 60 opinions, 3 of 5 approve", 110_000);
        vm.snapshotValue("opinions", "approval, 3 of 5", approval);
        vm.assertLe(approval, APPROVAL);
    }

    function test_BrierLife() external {
        OpinionMarket memory terms = _terms();
        terms.rule = Rule.Brier;
        bytes32 market = _announce(terms);
        for (uint256 i; i < PEOPLE; ++i) {
            _stake(terms, _person(i), uint8(i % 21), uint48(1e6 + i * 1e5));
        }
        _scoreAt(terms, 62);
        _measuredIn("score, 60 opinions, Brier", 110_000);
        _prove(market, "seed");
        (uint8 band, uint256 offset) = opinions.drawOf(market, 0);
        opinions.claimPrize(market, 0, _holder(market, band, offset));
        _measuredIn("claim a prize, Brier", 74_000);
        _fund(_person(1), address(opinions), 1e6); // as in the other life: he had something
        opinions.claim(market, _person(1));
        _measuredIn("claim, Brier", 50_000);
    }

    /// @dev On a question that is asked already.
    function _crowd(OpinionMarket memory terms) private returns (uint256 total) {
        _announceOn(terms, _score());
        for (uint256 i; i < PEOPLE; ++i) {
            uint48 amount = uint48(1e6 + i * 1e5);
            total += amount;
            _stake(terms, _person(i), uint8(i % 21), amount);
        }
    }

    function _holder(bytes32 market, uint8 band, uint256 offset) private view returns (address) {
        for (uint256 i; i < PEOPLE; ++i) {
            (uint8 his, uint256 start, uint256 amount,) = opinions.positionOf(market, _person(i));
            if (his == band && offset >= start && offset < start + amount) return _person(i);
        }
        revert("nobody");
    }

    function _measuredIn(string memory name, uint256 ceiling) private {
        uint256 used = vm.lastCallGas().gasTotalUsed;
        vm.snapshotGasLastCall("opinions", name);
        vm.assertLe(used, ceiling, name);
    }
}
