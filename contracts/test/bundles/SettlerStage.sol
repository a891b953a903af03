// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BundleHashes} from "../../src/bundles/BundleHashes.sol";
import {Condition, Leg, LegKind, LegStatus, NO_LEG, Outcome, Splice} from "../../src/bundles/BundleTypes.sol";
import {Facts} from "../../src/bundles/Facts.sol";
import {
    BundleDecision,
    CancelledLeg,
    ISettler,
    LegReceipt,
    LegWords,
    RunnableLeg
} from "../../src/bundles/ISettler.sol";
import {Settler} from "../../src/bundles/Settler.sol";
import {Target} from "../doubles/Target.sol";
import {TestVerifier} from "../doubles/Verifier.sol";
import {Test} from "../Test.sol";

/// @dev Where a leg stands: what the hub said of it when it was opened.
struct Place {
    uint64 base;
    uint8 index;
    address owner;
    uint40 deadline;
}

/// @dev A settler with a verifier that believes the test, and the words to act with.
abstract contract SettlerStage is Test {
    uint40 internal constant START = 1_750_000_000;
    uint40 internal constant DEADLINE = START + 1 hours;
    uint64 internal constant BASE = 1_000; // word 3, bit 232: thirty-two legs reach into word 4
    uint32 internal constant GAS = 300_000;
    bytes32 internal constant ID = keccak256("a bundle");

    address internal immutable alice = address(uint160(uint256(keccak256("alice"))));
    address internal immutable bob = address(uint160(uint256(keccak256("bob"))));
    address internal immutable relayer = address(uint160(uint256(keccak256("relayer"))));
    address internal immutable guardian = address(uint160(uint256(keccak256("guardian"))));

    TestVerifier internal verifier;
    Settler internal settler;
    Target internal target;

    function setUp() public virtual {
        vm.warp(START);
        verifier = new TestVerifier();
        settler = new Settler(address(verifier), guardian);
        target = new Target();
        (bool done,) = relayer.call{value: 0.1 ether}("");
        require(done);
    }

    receive() external payable {}

    /* LEGS */

    function _leg(bytes memory data) internal view returns (Leg memory leg) {
        leg.chainId = block.chainid;
        leg.target = address(target);
        leg.gasLimit = GAS;
        leg.data = data;
        leg.undoes = NO_LEG;
        leg.salt = keccak256("salt");
    }

    function _wordLeg(uint256 word) internal view returns (Leg memory) {
        return _leg(abi.encodeCall(Target.receiveWord, (word)));
    }

    function _at(uint8 index) internal view returns (Place memory) {
        return Place({base: BASE, index: index, owner: alice, deadline: DEADLINE});
    }

    function _words(Leg memory leg, Place memory place) internal pure returns (LegWords memory words) {
        words.place = uint256(uint160(place.owner)) << 96 | uint256(place.deadline) << 56 | uint256(place.index) << 48;
        words.rules = uint256(place.base) << 192 | uint256(leg.gasLimit) << 160 | uint256(leg.needsOk) << 128
            | uint256(leg.needsFailed) << 96 | uint256(leg.needsSettled) << 64 | uint256(leg.undoes) << 56
            | uint256(leg.kind) << 48;
        words.callee = uint256(uint160(leg.target)) << 96 | leg.value;
        words.salt = leg.salt;
    }

    function _inputs(Leg memory leg) internal pure returns (bytes memory) {
        return leg.splices.length + leg.conditions.length == 0 ? bytes("") : abi.encode(leg.splices, leg.conditions);
    }

    function _unopened(Leg memory leg, Place memory place, bytes memory needs)
        internal
        pure
        returns (RunnableLeg memory)
    {
        return RunnableLeg({words: _words(leg, place), data: leg.data, inputs: _inputs(leg), needs: needs});
    }

    /// @dev Also has the verifier believe that the hub opened it. The hash is the one that owners sign, of the whole leg.
    function _opened(Leg memory leg, Place memory place, bytes memory needs) internal returns (RunnableLeg memory) {
        _sayOpened(leg, place);
        return _unopened(leg, place, needs);
    }

    function _sayOpened(Leg memory leg, Place memory place) internal {
        verifier.say(Facts.opened(place.base, place.index, place.owner, place.deadline, BundleHashes.legHash(leg)));
    }

    function _cancelled(Leg memory leg, Place memory place) internal returns (CancelledLeg memory) {
        _sayOpened(leg, place);
        bytes memory inputs = _inputs(leg);
        return CancelledLeg({
            words: _words(leg, place),
            dataHash: keccak256(leg.data),
            inputsHash: inputs.length == 0 ? bytes32(0) : keccak256(inputs)
        });
    }

    /* WHAT BECAME OF OTHERS */

    function _receipt(uint8 index, LegStatus status, bytes memory returned) internal returns (LegReceipt memory said) {
        said = LegReceipt({
            ordinal: BASE + index, status: status, result: keccak256(returned), relayer: bob, returned: returned
        });
        verifier.say(Facts.receipt(said.ordinal, status, said.result, bob));
    }

    function _receipts(LegReceipt memory one) internal pure returns (LegReceipt[] memory list) {
        list = new LegReceipt[](1);
        list[0] = one;
    }

    function _aborted() internal returns (BundleDecision[] memory list) {
        list = new BundleDecision[](1);
        list[0] = BundleDecision({id: ID, base: BASE, outcome: Outcome.Aborted});
        verifier.say(Facts.decision(ID, BASE, Outcome.Aborted));
    }

    /* RUNNING */

    function _run(RunnableLeg memory leg) internal {
        _run(leg, new LegReceipt[](0), new BundleDecision[](0));
    }

    function _run(RunnableLeg memory leg, LegReceipt[] memory receipts, BundleDecision[] memory decisions) internal {
        _plainly();
        settler.run(_list(leg), receipts, decisions, "", relayer);
    }

    /// @dev The next call is the relayer's own transaction, with nothing around it.
    function _plainly() internal {
        vm.prank(relayer, relayer);
    }

    function _list(RunnableLeg memory leg) internal pure returns (RunnableLeg[] memory list) {
        list = new RunnableLeg[](1);
        list[0] = leg;
    }

    function _cancel(CancelledLeg memory leg, LegReceipt[] memory receipts, BundleDecision[] memory decisions)
        internal
    {
        CancelledLeg[] memory list = new CancelledLeg[](1);
        list[0] = leg;
        settler.cancel(list, receipts, decisions, "", relayer);
    }

    function _runData(RunnableLeg memory leg) internal view returns (bytes memory) {
        return
            abi.encodeCall(ISettler.run, (_list(leg), new LegReceipt[](0), new BundleDecision[](0), bytes(""), relayer));
    }

    /* WHAT IS EXPECTED */

    function _expectReceipt(uint8 index, LegStatus status, bytes32 result) internal {
        vm.expectEmit(address(settler));
        emit ISettler.Receipt(BASE + index, status, result, relayer);
    }
}
