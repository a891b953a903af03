// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord} from "../../../src/oracle/AnswerWord.sol";
import {Dispute} from "../../../src/oracle/Dispute.sol";
import {Question} from "../../../src/oracle/IOracle.sol";
import {ILadder, LadderWindows, Stage as LadderStep} from "../../../src/oracle/ladder/ILadder.sol";
import {TestCourt, TestSlasher} from "../../doubles/Court.sol";
import {TestJurors} from "../../doubles/Jurors.sol";
import {Stage} from "../../Stage.sol";

/// @dev Ten seated providers of equal weight. Seven answer; the other three may re-report on their own.
abstract contract LadderStage is Stage {
    uint40 internal constant REREPORT = 1 hours;
    uint40 internal constant APPEAL = 12 hours;
    uint256 internal constant SEVEN = 0x7f;
    uint256 internal constant OTHERS = 0x380;
    uint256 internal constant ALL = 0x3ff;
    uint96 internal constant DEPOSIT = 250e6;

    ILadder internal ladder;
    TestCourt internal court;
    TestSlasher internal slasher;
    TestJurors internal jurors;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i = SEATS; i < 10; ++i) {
            _join(i, STAKE);
        }
        vm.warp(START + EPOCH);
        stakes.advanceEpoch(0);
        jurors = new TestJurors(stakes, UNBONDING);
        court = new TestCourt(oracle);
        slasher = new TestSlasher();
        ladder = ILadder(_create(_ladderCode(address(oracle), address(jurors), address(wires), insurance, _windows())));
        wires.set("ladder", address(ladder));
        wires.set("court", address(court));
        wires.set("slasher", address(slasher));
        address[] memory keys = new address[](20);
        for (uint256 i; i < 20; ++i) {
            keys[i] = i < 10 ? _signer(i) : address(uint160(0x70000 + i));
        }
        jurors.setJurors(keys);
        _credit(alice, 100_000e6);
        _credit(bob, 100_000e6);
    }

    function _windows() internal pure returns (LadderWindows memory) {
        return LadderWindows({rereport: REREPORT, jury: 1 days, appeal: APPEAL});
    }

    function _credit(address account, uint96 amount) internal {
        _fund(stranger, address(oracle), amount);
        vm.prank(stranger);
        oracle.deposit(account, amount);
    }

    /// @dev Answered by the first seven.
    function _answered(Question memory terms, int96 value) internal returns (bytes32 question) {
        question = _ask(terms);
        vm.warp(terms.opensAt);
        _agree(terms, value, SEVEN);
    }

    function _dispute(address who, bytes32 question, int96 claim) internal returns (Dispute memory d) {
        AnswerWord word = _word(question);
        uint96 amount = oracle.depositFor(question);
        vm.prank(who);
        oracle.dispute(question, claim, 0);
        d = Dispute(question, word, 0, who, claim, 0, amount, uint40(block.timestamp));
    }

    function _rereport(Question memory terms, Dispute memory d, int96 value, uint256 seats) internal {
        uint32 epoch = _epoch();
        bytes memory signatures = _signedFor(d, value, seats);
        ladder.rereportAgreed(terms, d, epoch, value, seats, signatures);
    }

    /// @dev Signed for the round of a re-report.
    function _signedFor(Dispute memory d, int96 value, uint256 seats) internal view returns (bytes memory packed) {
        for (uint256 seat; seat < 32; ++seat) {
            if (seats >> seat & 1 == 0) continue;
            packed = bytes.concat(packed, _sign(_key(seat), d.question, value, _epoch(), d.answer.round() + 1));
        }
    }

    function _convene(Question memory terms, Dispute memory d) internal {
        vm.warp(block.timestamp + REREPORT);
        ladder.convene(terms, d);
    }

    function _verdict(Question memory terms, Dispute memory d, uint8 choice) internal {
        court.decide(choice);
        ladder.takeVerdict(terms, d, court.jury());
    }

    function _conclude(Question memory terms, Dispute memory d) internal {
        vm.warp(block.timestamp + APPEAL);
        ladder.conclude(terms, d);
    }

    function _step(Dispute memory d) internal view returns (LadderStep) {
        return ladder.caseOf(d.hash()).stage;
    }
}
