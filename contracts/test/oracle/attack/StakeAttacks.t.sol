// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IStakeManager} from "../../../src/oracle/IStakeManager.sol";
import {ISlasher} from "../../../src/oracle/security/ISlasher.sol";
import {Wires} from "../../../src/oracle/security/IWiring.sol";
import {SignerSet, SignerSets} from "../../../src/oracle/SignerSet.sol";
import {TestCourt} from "../../doubles/Court.sol";
import {IBuiltSlasher} from "../../Deployed.sol";
import {Stage} from "../../Stage.sol";

/// @dev What somebody who wants the money tries with stakes, seats and juror places.
contract StakeAttacksTest is Stage {
    using SignerSets for SignerSet;

    /// What chains allow a transaction. Source: EIP-7825.
    uint256 private constant MOST_GAS = 1 << 24;

    IBuiltSlasher private slasher;
    TestCourt private court;

    function setUp() public override {
        super.setUp();
        slasher = _newSlasher(
            abi.encode(
                address(wiring),
                address(stakes),
                address(0),
                address(0),
                address(dollar),
                insurance,
                address(policy),
                [address(0), address(0)],
                ISlasher.SlasherLimits({periodSeconds: EPOCH, bond: 500e6, fee: 310e6, caseSeconds: 10 days})
            )
        );
        court = new TestCourt(oracle);
        wires.set("court", address(court));
        // The test stands in the place of the epochs.
        wiring.seal(
            Wires({
                oracle: address(oracle),
                stakeManager: address(stakes),
                guard: address(guard),
                slasher: address(slasher),
                epochs: address(this),
                ladder: address(0),
                court: address(court)
            })
        );
    }

    /// One large stake takes the place of one juror after the other, and leaves each to a small one that has seasoned.
    function test_OneStakeDoesNotEmptyTheJury() external {
        for (uint256 i = 10; i < 12; ++i) {
            _enrol(i, 50 * STAKE); // honest
        }
        for (uint256 i = 20; i < 274; ++i) {
            _enrol(i, STAKE); // the attacker's, least stakes
        }
        _join(300, 50 * STAKE + 1);
        _join(301, STAKE);
        vm.warp(START + SEASONING);
        vm.startPrank(_ownerKey(300));
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_Full.selector, 256));
        stakes.claimJurorPlace(_ownerKey(10));
        // The least he may displace.
        stakes.claimJurorPlace(_ownerKey(20));
        vm.stopPrank();
        stakes.takeJurors();
        (address blob,,) = stakes.jurorSet();
        SignerSet memory set = SignerSets.read(blob);
        (address first,) = set.seatAt(0);
        vm.assertEq(first, _signer(10));
        vm.assertEq(set.totalWeight(), 100 * uint256(STAKE) + 253 * uint256(STAKE));
    }

    /// Whoever sits everywhere must not be too dear to ban: chains bound a transaction by 2^24 gas.
    function test_WhoSitsInSixteenDomainsIsBanned() external {
        for (uint256 i = 10; i < 42; ++i) {
            _fund(_ownerKey(i), address(stakes), STAKE + i);
            vm.prank(_ownerKey(i));
            stakes.join(_signer(i), STAKE + uint96(i), 0xffff, _possession(i));
        }
        vm.warp(START + EPOCH);
        for (uint8 domain; domain < 16; ++domain) {
            stakes.advanceEpoch(domain);
        }
        bytes32 question = _ask(_numeric());
        bytes memory first = _sign(_key(12), question, 1, 1, 0);
        bytes memory second = _sign(_key(12), question, 2, 1, 0);
        // Slots are warm here, some 4 million less than they would be in a transaction of its own.
        slasher.equivocatedReports{gas: 12_000_000}(question, 1, 0, [int96(1), 2], first, second);
        vm.assertTrue(stakes.isBanned(_ownerKey(12)));
    }

    /// Sixteen who serve sixteen domains, and each of which seats one of them: every set has 31 others, and all of those
    /// records and clusters, so that as much is read, written and weighed as can be.
    /// forge-config: default.isolate = true
    function test_SixteenAreBannedInOneTransaction() external {
        address[] memory accused = _sixteen();
        vm.warp(START + 2 * EPOCH);
        for (uint8 domain = 1; domain < 16; ++domain) {
            stakes.advanceEpoch(domain);
        }
        stakes.advanceEpoch(0);
        _fund(alice, address(slasher), 500e6);
        vm.recordLogs();
        vm.prank(alice);
        bytes32 id = slasher.accuse(accused, "evidence", 1_000_000);
        ISlasher.Case memory terms = ISlasher.Case(alice, accused, "evidence", 1_000_000, court.idOf(court.jury()));
        vm.assertEq(id, keccak256(abi.encode(terms)));
        court.decide(1);
        slasher.conclude(terms, court.jury());
        vm.assertLe(vm.snapshotGasLastCall("gas", "conclude against 16 with a seat each in 16 full domains"), MOST_GAS);
        for (uint256 i; i < 16; ++i) {
            vm.assertTrue(stakes.isBanned(accused[i]));
            (address blob, uint32 epoch,) = stakes.signerSet(uint8(i));
            vm.assertEq(SignerSets.read(blob).count, 31);
            vm.assertEq(uint256(epoch), i == 0 ? 3 : 2);
        }
    }

    /// Who accuses all others who might judge chooses his judges, and shares what they take.
    function test_RevertWhen_TooManyJudgesAreAccused() external {
        for (uint256 i = 10; i < 19; ++i) {
            _enrol(i, STAKE);
        }
        vm.warp(START + SEASONING);
        stakes.takeJurors();
        _fund(alice, address(slasher), 500e6);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_BadCase.selector, "weight"));
        slasher.accuse(_owners(10, 4), "evidence", 1_000_000);
        slasher.accuse(_owners(10, 3), "evidence", 1_000_000);
        vm.stopPrank();
        vm.assertEq(court.jury().excluded, 7);
        _fund(_ownerKey(18), address(slasher), 500e6);
        // He counts among them: who has three of nine judges accused is no judge himself.
        vm.prank(_ownerKey(18));
        vm.expectRevert(abi.encodeWithSelector(ISlasher.Slasher_BadCase.selector, "weight"));
        slasher.accuse(_owners(10, 3), "other", 1_000_000);
    }

    /* records */

    /// Whoever is ill known begins anew: under as many names as he likes he weighs no more than his part of the stake.
    function testFuzz_FreshIdentitiesWeighNoMoreThanTheirStake(uint256 k, uint256[10] calldata factors) external {
        for (uint256 i = SEATS; i < 10; ++i) {
            _join(i, STAKE);
        }
        for (uint256 i; i < 10; ++i) {
            _record(i, uint16(_bound(factors[i], 1_000, 10_000)));
        }
        vm.warp(START + EPOCH);
        k = _bound(k, 1, 22);
        for (uint256 i; i < k; ++i) {
            _join(50 + i, STAKE);
        }
        stakes.advanceEpoch(0);
        (uint256 fresh, uint256 total) = _weightFrom(10);
        vm.assertLe(fresh * (10 + k), total * k);
        vm.assertEq(uint256(stakes.standingOf(0, _ownerKey(50)).factorBps), 1_000);
    }

    /// Nor does it help to be the only one whose record is handed in: for an epoch's time all count alike.
    function test_WhoHandsInOnlyHisOwnRecordsGainsNothing() external {
        for (uint256 i = SEATS; i < 12; ++i) {
            _join(i, STAKE);
        }
        vm.warp(START + EPOCH);
        for (uint256 i = 8; i < 12; ++i) {
            _record(i, 10_000);
        }
        stakes.advanceEpoch(0);
        (uint256 theirs, uint256 total) = _weightFrom(8);
        vm.assertTrue(theirs == 4 * STAKE && total == 12 * STAKE);
        for (uint256 i; i < 8; ++i) {
            _record(i, 5_000);
        }
        vm.warp(START + 2 * EPOCH);
        stakes.advanceEpoch(0);
        (theirs, total) = _weightFrom(8);
        vm.assertTrue(theirs == 4 * STAKE && total == 8 * STAKE);
    }

    /// A domain without records is not weighed by those of another.
    function test_RecordsCountInTheirDomain() external {
        stakes.setStanding(1, _ownerKey(0), _standing(10_000, 0));
        vm.warp(START + 2 * EPOCH);
        vm.assertEq(uint256(stakes.standingOf(0, _ownerKey(1)).factorBps), 10_000);
        vm.assertEq(uint256(stakes.standingOf(1, _ownerKey(1)).factorBps), 1_000);
    }

    function _record(uint256 i, uint16 factorBps) private {
        stakes.setStanding(0, _ownerKey(i), _standing(factorBps, 0));
    }

    function _standing(uint16 factorBps, uint32 cluster) private pure returns (IStakeManager.Standing memory standing) {
        (standing.factorBps, standing.cluster, standing.epoch) = (factorBps, cluster, 1);
    }

    /// @return weight of the seats from `seat` on
    function _weightFrom(uint256 seat) private view returns (uint256 weight, uint256 total) {
        (address blob,,) = stakes.signerSet(0);
        SignerSet memory set = SignerSets.read(blob);
        for (; seat < set.count; ++seat) {
            (, uint96 one) = set.seatAt(seat);
            weight += one;
        }
        total = set.totalWeight();
    }

    /// @dev Owner i has a seat in domain i, and serves the others from the bench.
    function _sixteen() private returns (address[] memory accused) {
        accused = new address[](16);
        for (uint256 i; i < 16; ++i) {
            accused[i] = _ownerKey(1_000 + i);
            _seat(1_000 + i, i);
        }
        for (uint256 domain; domain < 16; ++domain) {
            uint256 free = 32 - stakes.rosterOf(uint8(domain)).length;
            for (uint256 i; i < free; ++i) {
                _seat(2_000 + 32 * domain + i, domain);
            }
        }
        for (uint256 i; i < 16; ++i) {
            vm.prank(accused[i]);
            stakes.setKinds(0xffff);
        }
    }

    function _seat(uint256 i, uint256 domain) private {
        _fund(_ownerKey(i), address(stakes), STAKE);
        vm.prank(_ownerKey(i));
        stakes.join(_signer(i), STAKE, uint32(1 << domain), _possession(i));
        stakes.setStanding(uint8(domain), _ownerKey(i), _standing(5_000, uint32(i / 2)));
    }

    function _owners(uint256 from, uint256 count) private pure returns (address[] memory owners) {
        owners = new address[](count);
        for (uint256 i; i < count; ++i) {
            owners[i] = _ownerKey(from + i);
        }
    }

    function _enrol(uint256 i, uint96 stake) private {
        _fund(_ownerKey(i), address(stakes), stake);
        vm.startPrank(_ownerKey(i));
        stakes.join(_signer(i), stake, 0, _possession(i));
        stakes.setJuror(true);
        vm.stopPrank();
    }
}
