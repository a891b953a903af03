// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Jury} from "../../../src/oracle/court/ICourt.sol";
import {Ballot, CourtStage} from "./CourtStage.sol";

/// forge-config: default.isolate = true
/// @dev Juries of 9 and of 31 of as many jurors: what costs most.
/// @dev Whole transactions, as receipts would show them; see snapshots/court.json. A juror of N: both transactions of the
///      voting, divided by the seats. The clock, the juror set and the seed come from stand-ins that cost what one
///      storage word each costs; slasher and ledger are cheaper here than the real ones.
contract CourtGasTest is CourtStage {
    uint256 private constant POOL = 200;

    function setUp() public override {
        super.setUp();
        _pool(POOL, 1_000e6, 7e6);
    }

    function test_Jury9() external {
        vm.assertLe(_whole(9, "jury of 9"), 20_500);
    }

    function test_Jury31() external {
        vm.assertLe(_whole(31, "jury of 31"), 9_840);
    }

    function test_Jury101() external {
        vm.assertLe(_whole(101, "jury of 101"), 6_000);
    }

    function test_SelfService() external {
        Jury memory terms = _open(9);
        _proveApart(terms);
        _toCommit(terms);
        Ballot memory ballot = _ballots(terms, 2)[0];
        bytes32 jury = court.idOf(terms);
        bytes memory signature = _signature(jury, ballot);
        court.commitOwn(terms, ballot.juror, _commitment(jury, ballot), signature);
        uint256 used = vm.snapshotGasLastCall("court", "juror serves himself: commit");
        _toReveal(terms);
        court.revealOwn(terms, ballot.juror, 2, ballot.salt);
        used += vm.snapshotGasLastCall("court", "juror serves himself: reveal");
        vm.assertLe(used, 190_000);
    }

    function _whole(uint8 size, string memory name) private returns (uint256 perSeat) {
        Jury memory terms = _terms(size, 0, FEE);
        vm.prank(ladder);
        court.open(SUBJECT, size, 0, EPOCH, FEE, 3);
        vm.snapshotGasLastCall("court", string.concat(name, ": open"));
        if (size == 101) _prove(terms, "seed");
        else _proveApart(terms);
        _toCommit(terms);
        Ballot[] memory ballots = _ballots(terms, 1);
        bytes32 batch = _batch(court.idOf(terms), ballots);
        bytes memory openings = _openings(court.idOf(terms), ballots);

        court.postCommits(terms, batch);
        uint256 used = vm.snapshotGasLastCall("court", string.concat(name, ": commit"));
        _toReveal(terms);
        court.reveal(terms, openings);
        used += vm.snapshotGasLastCall("court", string.concat(name, ": reveal"));
        perSeat = used / size;
        vm.snapshotValue("court", string.concat(name, ": both phases, a seat"), perSeat);
        vm.snapshotValue("court", string.concat(name, ": both phases, a juror drawn"), used / ballots.length);

        (bool ended, uint8 choice,,) = court.verdictOf(terms);
        vm.assertTrue(ended && choice == 1);
        court.close(terms);
        vm.snapshotGasLastCall("court", string.concat(name, ": close"));
    }
}
