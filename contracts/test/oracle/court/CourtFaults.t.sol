// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICourt, Jury, JurorFault} from "../../../src/oracle/court/ICourt.sol";
import {IRandomness} from "../../../src/randomness/IRandomness.sol";
import {SomeSlasher} from "./CourtNeighbours.sol";
import {Ballot, CourtStage} from "./CourtStage.sol";

contract CourtFaultsTest is CourtStage {
    Jury private _jury;
    bytes32 private _id;
    Ballot private _ballot; // of the first juror who was drawn
    bytes private _signed;

    function setUp() public override {
        super.setUp();
        _pool(20, 1_000e6, 50e6);
        _jury = _drawn(9);
        _id = court.idOf(_jury);
        _ballot = _ballots(_jury, 1)[0];
        _signed = _signature(_id, _ballot);
    }

    /* LEAK */

    function test_RevertWhen_LeakComesTooLate() external {
        _toReveal(_jury);
        vm.expectPartialRevert(ICourt.Court_WrongTime.selector);
        court.leak(_jury, _ballot.juror, 1, _ballot.salt, _signed);
    }

    function test_RevertWhen_LeakComesBeforeTheSeed() external {
        Jury memory late = _open(9);
        vm.expectRevert(abi.encodeWithSelector(IRandomness.Randomness_NotProved.selector, late.beaconRound));
        court.leak(late, 0, 1, "salt", "");
    }

    function test_RevertWhen_LeakedChoiceIsNone() external {
        bytes memory wrong = abi.encodeWithSelector(ICourt.Court_BadOpening.selector, _id, _ballot.juror, "choice");
        vm.expectRevert(wrong);
        court.leak(_jury, _ballot.juror, 0, _ballot.salt, _signed);
        vm.expectRevert(wrong);
        court.leak(_jury, _ballot.juror, 4, _ballot.salt, _signed);
    }

    function test_RevertWhen_LeakerWasNotDrawn() external {
        uint8 idle = _idle();
        bytes memory signature = _signature(_id, Ballot(idle, 1, "salt"));
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_NotDrawn.selector, _id, idle));
        court.leak(_jury, idle, 1, "salt", signature);
    }

    function test_RevertWhen_LeakIsMadeUp() external {
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadSignature.selector, _id, _ballot.juror));
        court.leak(_jury, _ballot.juror, 2, _ballot.salt, _signed);
    }

    function test_RevertWhen_LeakIsShownTwice() external {
        court.leak(_jury, _ballot.juror, 1, _ballot.salt, _signed);
        vm.expectRevert(
            abi.encodeWithSelector(ICourt.Court_AlreadyShown.selector, _id, _ballot.juror, JurorFault.Leaked)
        );
        court.leak(_jury, _ballot.juror, 1, _ballot.salt, _signed);
    }

    function test_LeakIsBlamedAndTheVoteCounts() external {
        vm.expectEmit(address(court));
        emit ICourt.FaultShown(_id, _ballot.juror, JurorFault.Leaked, stranger);
        vm.prank(stranger);
        court.leak(_jury, _ballot.juror, 1, _ballot.salt, _signed);
        _onlyBlame(JurorFault.Leaked, stranger);

        _vote(_jury, _ballots(_jury, 1));
        (,, uint256 votesFor,) = court.verdictOf(_jury);
        vm.assertEq(votesFor, 9);
    }

    /* EQUIVOCATED */

    function test_RevertWhen_BothAreTheSame() external {
        bytes32 commitment = _commitment(_id, _ballot);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadOpening.selector, _id, _ballot.juror, "commitment"));
        court.equivocated(_jury, _ballot.juror, [commitment, commitment], _signed, _signed);
    }

    function test_RevertWhen_OneIsAnothers() external {
        bytes32[2] memory both = [_commitment(_id, _ballot), bytes32("other")];
        bytes memory foreign = _signature(_id, _ballot.juror + 1, "other");
        bytes memory wrong = abi.encodeWithSelector(ICourt.Court_BadSignature.selector, _id, _ballot.juror);
        vm.expectRevert(wrong);
        court.equivocated(_jury, _ballot.juror, both, _signed, foreign);
        (both[0], both[1]) = (both[1], both[0]);
        vm.expectRevert(wrong);
        court.equivocated(_jury, _ballot.juror, both, foreign, _signed);
    }

    function test_RevertWhen_JurorIsBeyondTheSnapshot() external {
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadOpening.selector, _id, 20, "juror"));
        court.equivocated(_jury, 20, [bytes32("one"), bytes32("two")], "", "");
    }

    function test_TwoCommitmentsAreBlamedTheFirstOpenedCounts() external {
        Ballot[] memory one = new Ballot[](1);
        Ballot[] memory two = new Ballot[](1);
        one[0] = _ballot;
        two[0] = Ballot(_ballot.juror, 2, _ballot.salt);
        _post(_jury, one);
        _post(_jury, two);
        _toReveal(_jury);
        _reveal(_jury, two);
        uint256 votes = court.votesOf(_id);
        _reveal(_jury, one);
        vm.assertEq(court.votesOf(_id), votes);

        bytes32[2] memory both = [_commitment(_id, one[0]), _commitment(_id, two[0])];
        bytes memory second = _signature(_id, two[0]);
        vm.prank(stranger);
        court.equivocated(_jury, _ballot.juror, both, _signed, second);
        _onlyBlame(JurorFault.Equivocal, stranger);
        (both[0], both[1]) = (both[1], both[0]);
        vm.expectRevert(
            abi.encodeWithSelector(ICourt.Court_AlreadyShown.selector, _id, _ballot.juror, JurorFault.Equivocal)
        );
        court.equivocated(_jury, _ballot.juror, both, second, _signed);
    }

    /* WITHHELD */

    function test_RevertWhen_WithheldBeforeTheEnd() external {
        bytes32[] memory list = _committed();
        _toReveal(_jury);
        vm.expectPartialRevert(ICourt.Court_NotEnded.selector);
        court.withheld(_jury, _ballot.juror, list, 0, _signed);
    }

    function test_RevertWhen_HeOpened() external {
        bytes32[] memory list = _committed();
        _toReveal(_jury);
        _reveal(_jury, _ballots(_jury, 1));
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_HasVoted.selector, _id, _ballot.juror));
        court.withheld(_jury, _ballot.juror, list, 0, _signed);
    }

    function test_RevertWhen_HeDidNotCommit() external {
        _toReveal(_jury);
        _toEnd(_jury);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_NotCommitted.selector, _id, _ballot.juror));
        court.withheld(_jury, _ballot.juror, new bytes32[](0), 0, _signed);
    }

    function test_RevertWhen_TheBatchDoesNotHoldHim() external {
        bytes32[] memory list = _committed();
        _toReveal(_jury);
        _toEnd(_jury);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadSignature.selector, _id, _ballot.juror));
        court.withheld(_jury, _ballot.juror, list, 1, _signed);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_BadOpening.selector, _id, _ballot.juror, "commitment"));
        court.withheld(_jury, _ballot.juror, list, list.length, _signed);
        list[1] = 0;
        vm.expectPartialRevert(ICourt.Court_NotPosted.selector);
        court.withheld(_jury, _ballot.juror, list, 0, _signed);
    }

    function test_RevertWhen_NotDrawn() external {
        uint8 idle = _idle();
        _toReveal(_jury);
        _toEnd(_jury);
        vm.expectRevert(abi.encodeWithSelector(ICourt.Court_NotDrawn.selector, _id, idle));
        court.withheld(_jury, idle, new bytes32[](0), 0, "");
    }

    function test_WithheldInABatch() external {
        bytes32[] memory list = _committed();
        _toReveal(_jury);
        _toEnd(_jury);
        vm.prank(stranger);
        court.withheld(_jury, _ballot.juror, list, 0, _signed);
        _onlyBlame(JurorFault.Withheld, stranger);
        vm.expectRevert(
            abi.encodeWithSelector(ICourt.Court_AlreadyShown.selector, _id, _ballot.juror, JurorFault.Withheld)
        );
        court.withheld(_jury, _ballot.juror, list, 0, _signed);
    }

    function test_WithheldOfHisOwn() external {
        court.commitOwn(_jury, _ballot.juror, _commitment(_id, _ballot), _signed);
        _toReveal(_jury);
        _toEnd(_jury);
        vm.prank(stranger);
        court.withheld(_jury, _ballot.juror, new bytes32[](0), 0, "");
        _onlyBlame(JurorFault.Withheld, stranger);
    }

    /* HELP */

    function _committed() private returns (bytes32[] memory list) {
        Ballot[] memory ballots = _ballots(_jury, 1);
        _post(_jury, ballots);
        return _list(_id, ballots);
    }

    function _onlyBlame(JurorFault kind, address challenger) private view {
        SomeSlasher.Blame[] memory blames = slasher.blames();
        vm.assertEq(blames.length, 1);
        vm.assertEq(blames[0].signer, _signer(_ballot.juror));
        vm.assertEq(blames[0].fault, _faultId(_id, _ballot.juror, kind));
        vm.assertTrue(blames[0].kind == kind);
        vm.assertEq(blames[0].challenger, challenger);
    }

    function _idle() private view returns (uint8 juror) {
        uint8[] memory seats = court.seatsOf(_jury);
        while (_held(seats, juror) != 0) ++juror;
    }
}
