// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Comparison, Condition, Leg, LegStatus, Splice} from "../../src/bundles/BundleTypes.sol";
import {BundleDecision, ISettler, LegReceipt, RunnableLeg} from "../../src/bundles/ISettler.sol";
import {Target} from "../doubles/Target.sol";
import {SettlerStage} from "./SettlerStage.sol";

contract SettlerInputsTest is SettlerStage {
    /* needs */

    function test_RunsWhenEveryNeedIsMet() external {
        Leg memory leg = _wordLeg(1);
        (leg.needsOk, leg.needsFailed, leg.needsSettled) = (1 << 0 | 1 << 5, 1 << 3, 1 << 4);
        // Receipts stand in whatever order; the leg says which is whose, ascending: 0, 3, 4, 5.
        LegReceipt[] memory receipts = new LegReceipt[](4);
        receipts[0] = _receipt(5, LegStatus.Ok, "five");
        receipts[1] = _receipt(4, LegStatus.Missed, "");
        receipts[2] = _receipt(0, LegStatus.Ok, "");
        receipts[3] = _receipt(3, LegStatus.Failed, "three");
        _run(_opened(leg, _at(6), hex"02030100"), receipts, new BundleDecision[](0));
        vm.assertEq(target.calls(), 1);
    }

    function testFuzz_RunsOnlyAfterWhatItNeeds(uint8 need, uint8 status, uint8 other) external {
        need %= 3;
        status = uint8(_bound(status, uint8(LegStatus.Ok), uint8(LegStatus.Missed)));
        Leg memory leg = _wordLeg(1);
        if (need == 0) leg.needsOk = 1 << 2;
        if (need == 1) leg.needsFailed = 1 << 2;
        if (need == 2) leg.needsSettled = 1 << 2;
        uint8 shown = other % 4 == 0 ? 3 : 2;
        RunnableLeg memory runnable = _opened(leg, _at(9), hex"00");
        LegReceipt[] memory receipts = _receipts(_receipt(shown, LegStatus(status), ""));
        bool met = shown == 2
            && (need == 2 || (need == 0 ? status == uint8(LegStatus.Ok) : status == uint8(LegStatus.Failed)));
        if (!met) vm.expectRevert(abi.encodeWithSelector(ISettler.Settler_BadReceipt.selector, BASE + 9, BASE + 2));
        _run(runnable, receipts, new BundleDecision[](0));
        vm.assertEq(target.calls(), met ? 1 : 0);
    }

    function test_RevertWhen_AReceiptIsNotShown() external {
        Leg memory leg = _wordLeg(1);
        leg.needsOk = 1;
        RunnableLeg memory runnable = _opened(leg, _at(1), "");
        vm.expectRevert();
        _run(runnable);
        runnable.needs = hex"00";
        vm.expectRevert();
        _run(runnable);
        vm.assertTrue(!settler.isSettled(BASE + 1));
    }

    /* what can never run fails at once */

    function test_WaitingForItselfFails() external {
        Leg memory leg = _wordLeg(1);
        leg.needsOk = 1 << 4;
        _fails(leg, 4);
    }

    function test_WaitingForALaterOneFails() external {
        Leg memory leg = _wordLeg(1);
        leg.needsSettled = uint32(1) << 31;
        _fails(leg, 3);
    }

    function test_WaitingForTwoEndsOfOneFails() external {
        Leg memory leg = _wordLeg(1);
        (leg.needsOk, leg.needsFailed) = (6, 2);
        _fails(leg, 4);
    }

    function test_APayloadThatIsTooLongFails() external {
        _run(_opened(_leg(abi.encodePacked(abi.encodeCall(Target.receiveWord, (1)), new bytes(8_156))), _at(0), ""));
        vm.assertEq(target.calls(), 1);
        _fails(_leg(abi.encodePacked(abi.encodeCall(Target.receiveWord, (1)), new bytes(8_157))), 1);
    }

    /* conditions */

    function testFuzz_AConditionDecides(uint256 word, uint256 value, uint8 comparison, uint8 near) external {
        comparison %= 3;
        if (near % 2 == 0) word = value;
        Leg memory leg = _reading(0);
        leg.conditions = new Condition[](1);
        leg.conditions[0] = Condition({from: 0, source: 32, comparison: Comparison(comparison), value: value});
        bool holds = comparison == 0 ? word == value : comparison == 1 ? word >= value : word <= value;
        _tried(leg, abi.encode(77, word), holds);
        vm.assertEq(target.calls(), holds ? 1 : 0);
    }

    function test_AConditionPastWhatWasReturnedFails() external {
        Leg memory leg = _reading(0);
        leg.conditions = new Condition[](1);
        leg.conditions[0] = Condition({from: 0, source: 1, comparison: Comparison.AtLeast, value: 0});
        _tried(leg, abi.encode(5), false);
    }

    /* splices */

    function test_ASpliceIsPutIn() external {
        Leg memory leg = _reading(0);
        leg.splices = new Splice[](1);
        leg.splices[0] = Splice({from: 0, source: 32, length: 32, target: 4});
        _tried(leg, abi.encode(1, 99), true);
        vm.assertEq(target.dataHash(), keccak256(abi.encodeCall(Target.receiveWord, (99))));
    }

    function testFuzz_ASpliceStaysWithinBothOrFails(uint16 source, uint16 length, uint32 into, uint8 returned)
        external
    {
        if (length % 2 == 0) (source, length, into) = (source % 64, length % 64, into % 64);
        Leg memory leg = _leg(abi.encodeCall(Target.receiveBytes, (new bytes(100))));
        leg.needsOk = 1;
        leg.splices = new Splice[](1);
        // Not over the selector: that would be another function.
        into = into < 100 ? into + 100 : into;
        leg.splices[0] = Splice({from: 0, source: source, length: length, target: into});
        bool fits = uint256(source) + length <= returned && uint256(into) + length <= leg.data.length;
        bytes memory bytes_ = new bytes(returned);
        for (uint256 i; i < returned; ++i) {
            bytes_[i] = bytes1(uint8(i + 1));
        }
        bytes memory want = bytes.concat(leg.data);
        for (uint256 i; fits && i < length; ++i) {
            want[into + i] = bytes_[source + i];
        }
        _tried(leg, bytes_, fits);
        if (fits) vm.assertEq(target.dataHash(), keccak256(want));
    }

    function test_AFailureIsAValueToo() external {
        Leg memory leg = _wordLeg(0);
        leg.needsFailed = 1;
        leg.splices = new Splice[](1);
        leg.splices[0] = Splice({from: 0, source: 4, length: 32, target: 4});
        RunnableLeg memory runnable = _opened(leg, _at(1), hex"00");
        bytes memory why = abi.encodeWithSelector(Target.Target_Failed.selector, 9);
        _run(runnable, _receipts(_receipt(0, LegStatus.Failed, why)), new BundleDecision[](0));
        vm.assertEq(target.dataHash(), keccak256(abi.encodeCall(Target.receiveWord, (9))));
    }

    /// Only legs that it needs in one of two ways have bytes that are known; of others there is no saying what stands there.
    function test_ReadingWhatItDoesNotNeedFails() external {
        uint8[3] memory from = [2, 31, 255];
        for (uint8 i; i < 3; ++i) {
            Leg memory leg = _reading(i);
            leg.needsSettled = 1 << 2;
            leg.conditions = new Condition[](1);
            leg.conditions[0] = Condition({from: from[i], source: 0, comparison: Comparison.AtLeast, value: 0});
            LegReceipt[] memory receipts = new LegReceipt[](2);
            (receipts[0], receipts[1]) = (_receipt(0, LegStatus.Ok, ""), _receipt(2, LegStatus.Ok, abi.encode(1)));
            RunnableLeg memory runnable = _opened(leg, _at(3 + i), hex"0001");
            _expectReceipt(3 + i, LegStatus.Failed, 0);
            _run(runnable, receipts, new BundleDecision[](0));
        }
    }

    /// A leg that failed without a call has no bytes that anybody could show: whoever reads them would wait for ever.
    function test_ReadingWhatWasNeverCalledFails() external {
        Leg memory leg = _wordLeg(0);
        leg.needsFailed = 1;
        leg.conditions = new Condition[](1);
        LegReceipt memory receipt = _receipt(0, LegStatus.Failed, "");
        receipt.result = 0;
        verifier.say(_factOf(receipt));
        RunnableLeg memory runnable = _opened(leg, _at(1), hex"00");
        _expectReceipt(1, LegStatus.Failed, 0);
        _run(runnable, _receipts(receipt), new BundleDecision[](0));
    }

    /// A relayer who hands in other bytes than were returned must not be able to spoil the leg.
    function testFuzz_RevertWhen_TheBytesAreNotWhatWasReturned(bytes calldata shown, bool conditional) external {
        Leg memory leg = _reading(0);
        if (conditional) {
            leg.conditions = new Condition[](1);
        } else {
            leg.splices = new Splice[](1);
            leg.splices[0] = Splice({from: 0, source: 0, length: 32, target: 4});
        }
        LegReceipt[] memory receipts = _receipts(_receipt(0, LegStatus.Ok, abi.encode(1)));
        vm.assume(keccak256(shown) != receipts[0].result);
        receipts[0].returned = shown;
        RunnableLeg memory runnable = _opened(leg, _at(1), hex"00");
        vm.expectRevert(abi.encodeWithSelector(ISettler.Settler_BadResult.selector, BASE + 1, BASE));
        _run(runnable, receipts, new BundleDecision[](0));
        vm.assertTrue(!settler.isSettled(BASE + 1));
    }

    /* inside */

    function _reading(uint256 word) private view returns (Leg memory leg) {
        leg = _wordLeg(word);
        leg.needsOk = 1;
    }

    function _factOf(LegReceipt memory receipt) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                3, uint256(receipt.ordinal), keccak256(abi.encode(receipt.status, receipt.result, receipt.relayer))
            )
        );
    }

    function _fails(Leg memory leg, uint8 index) private {
        uint256 calls = target.calls();
        RunnableLeg memory runnable = _opened(leg, _at(index), "");
        _expectReceipt(index, LegStatus.Failed, 0);
        _run(runnable);
        vm.assertEq(target.calls(), calls);
        vm.assertTrue(settler.isSettled(BASE + index));
    }

    /// @dev Leg 1, after leg 0 ran well and returned these bytes.
    function _tried(Leg memory leg, bytes memory returned, bool fits) private {
        RunnableLeg memory runnable = _opened(leg, _at(1), hex"00");
        LegReceipt[] memory receipts = _receipts(_receipt(0, LegStatus.Ok, returned));
        if (!fits) _expectReceipt(1, LegStatus.Failed, 0);
        _run(runnable, receipts, new BundleDecision[](0));
        vm.assertEq(target.calls(), fits ? 1 : 0);
        vm.assertTrue(settler.isSettled(BASE + 1));
    }
}
