// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LegBytes} from "../../src/bundles/LegBytes.sol";
import {RunnableLeg} from "../../src/bundles/ISettler.sol";
import {Test} from "../Test.sol";

/// @dev The same legs, read by the compiler's own checks and by ours.
contract LegReader {
    using LegBytes for RunnableLeg;
    using LegBytes for RunnableLeg[];

    function byCompiler(RunnableLeg[] calldata legs) external pure returns (bytes32 all) {
        for (uint256 i; i < legs.length; ++i) {
            RunnableLeg calldata leg = legs[i];
            (bytes calldata data, bytes calldata inputs) = (leg.data, leg.inputs);
            all = keccak256(abi.encode(all, leg.words, data, inputs));
        }
    }

    function byUs(RunnableLeg[] calldata legs) external pure returns (bytes32 all) {
        for (uint256 i; i < legs.length; ++i) {
            (RunnableLeg calldata leg, bytes calldata data, bytes calldata inputs) = legs.checked(i);
            all = keccak256(abi.encode(all, leg.words, data, inputs));
        }
    }

    /// Looks at nothing that the checks let pass: bytes without end would fail by themselves.
    function pass(RunnableLeg[] calldata legs) external pure returns (bytes32 last) {
        for (uint256 i; i < legs.length; ++i) {
            (RunnableLeg calldata leg,,) = legs.checked(i);
            last = leg.words.salt;
        }
    }

    /// As `byUs`, following again what was checked before.
    function byUsAgain(RunnableLeg[] calldata legs) external pure returns (bytes32 all) {
        for (uint256 i; i < legs.length; ++i) {
            RunnableLeg calldata leg = legs.at(i);
            all = keccak256(abi.encode(all, leg.words, leg.dataOf(), leg.inputsOf()));
        }
    }
}

contract LegBytesTest is Test {
    /// @dev Where offsets and lengths stand in the calldata of two legs, in words behind the selector.
    uint256 private constant FIRST_LEG = 2;
    uint256 private constant SECOND_LEG = 3;
    uint256 private constant IN_LEG_DATA = 4;
    uint256 private constant IN_LEG_INPUTS = 5;

    LegReader private reader;

    function setUp() external {
        reader = new LegReader();
    }

    function testFuzz_ReadsWhatTheCompilerReads(bytes calldata data, bytes calldata inputs, bytes calldata needs)
        external
        view
    {
        (bool done, bytes32 all) = _read(LegReader.byCompiler.selector, _arguments(data, inputs, needs));
        vm.assertTrue(done);
        vm.assertEq(reader.byUs(_legs(data, inputs, needs)), all);
        vm.assertEq(reader.byUsAgain(_legs(data, inputs, needs)), all);
    }

    /// Any word of it may be anything: what the compiler refuses is refused, and what is taken is what the compiler takes.
    function testFuzz_RevertWhen_TheCompilerWouldRefuse(uint256 which, uint256 word, uint8 how, uint8 less)
        external
        view
    {
        bytes memory arguments = _arguments(hex"0102030405", "", hex"00");
        uint256 size = arguments.length;
        which = _bound(which, 2, size / 32 - 1);
        if (how % 4 == 0) word = word % (2 * size); // about where legs and bytes may be
        if (how % 4 == 1) word = size - uint256(less) % 256; // about their end
        if (how % 4 == 2) word = uint256(1) << (less % 256); // beyond 64 bits, below zero
        _put(arguments, which, word);
        (bool taken, bytes32 all) = _read(LegReader.byCompiler.selector, arguments);
        (bool takenByUs, bytes32 allOfUs) = _read(LegReader.byUs.selector, arguments);
        if (takenByUs) {
            vm.assertTrue(taken, "no more is taken");
            vm.assertEq(allOfUs, all, "and nothing else");
        } else if (taken) {
            // An offset below zero leads to where bytes are. The compiler follows it; nobody encodes one.
            vm.assertTrue(word >> 255 == 1, "no less is taken");
        }
    }

    function test_TakesWhatEndsWhereCalldataEnds() external view {
        bytes memory arguments = _arguments(hex"0102030405", "", "");
        uint256 size = arguments.length;
        uint256 leg = 32 * 2 + _word(arguments, SECOND_LEG); // where it begins: after the list's own offset and length
        // The second leg's data: its length is calldata's last word, and none; a byte further on that word is not all there.
        _put(arguments, leg / 32 + IN_LEG_DATA, size - leg - 32);
        _same(arguments, true);
        _put(arguments, leg / 32 + IN_LEG_DATA, size - leg - 31);
        _same(arguments, false);
    }

    function test_RevertWhen_AnythingEndsBehindCalldata() external view {
        bytes memory arguments = _arguments(hex"0102030405", "", "");
        uint256 leg = (32 * 2 + _word(arguments, FIRST_LEG)) / 32;
        uint256[5] memory places = [FIRST_LEG, leg + IN_LEG_DATA, leg + IN_LEG_INPUTS, leg + 7, leg + 9];
        for (uint256 i; i < places.length; ++i) {
            uint256 was = _word(arguments, places[i]);
            for (uint256 k; k < 5; ++k) {
                uint256 bad = [arguments.length, 1 << 64, 1 << 128, 1 << 255, type(uint256).max][k];
                _put(arguments, places[i], bad);
                (bool done,) = _read(LegReader.pass.selector, arguments);
                vm.assertTrue(!done);
            }
            _put(arguments, places[i], was);
            (bool passes,) = _read(LegReader.pass.selector, arguments);
            vm.assertTrue(passes);
        }
        // Its last words are not there, and what they would point to, at its beginning, is.
        _put(arguments, FIRST_LEG, arguments.length - 32 * 2 - 0x80);
        _same(arguments, false);
        _put(arguments, FIRST_LEG, (leg - 2) * 32);
        _same(arguments, true);
    }

    /* HELP */

    function _same(bytes memory arguments, bool taken) private view {
        (bool one, bytes32 all) = _read(LegReader.byCompiler.selector, arguments);
        (bool other, bytes32 allOfUs) = _read(LegReader.byUs.selector, arguments);
        vm.assertTrue(one == taken && other == taken);
        vm.assertEq(all, allOfUs);
    }

    function _legs(bytes memory data, bytes memory inputs, bytes memory needs)
        private
        pure
        returns (RunnableLeg[] memory legs)
    {
        legs = new RunnableLeg[](2);
        for (uint256 i; i < 2; ++i) {
            legs[i].words.place = i;
            (legs[i].data, legs[i].inputs, legs[i].needs) = (data, inputs, needs);
        }
    }

    function _arguments(bytes memory data, bytes memory inputs, bytes memory needs)
        private
        pure
        returns (bytes memory)
    {
        return abi.encode(_legs(data, inputs, needs));
    }

    function _word(bytes memory arguments, uint256 place) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(arguments, mul(32, add(place, 1))))
        }
    }

    function _put(bytes memory arguments, uint256 place, uint256 word) private pure {
        assembly ("memory-safe") {
            mstore(add(arguments, mul(32, add(place, 1))), word)
        }
    }

    function _read(bytes4 how, bytes memory arguments) private view returns (bool done, bytes32 all) {
        bytes memory result;
        (done, result) = address(reader).staticcall{gas: 5_000_000}(bytes.concat(how, arguments));
        if (done) all = abi.decode(result, (bytes32));
    }
}
