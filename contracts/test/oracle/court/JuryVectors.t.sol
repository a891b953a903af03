// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SignerSet} from "../../../src/oracle/SignerSet.sol";
import {Draw} from "../../../src/oracle/court/Draw.sol";
import {ICourt, Jury} from "../../../src/oracle/court/ICourt.sol";
import {JuryFrame, Openings} from "../../../src/oracle/court/Openings.sol";
import {Votes} from "../../../src/oracle/court/Votes.sol";
import {CourtStage} from "./CourtStage.sol";

/// @dev Reads openings as the court does, from calldata.
contract OpeningsReader {
    function read(
        JuryFrame calldata frame,
        uint256[] calldata words,
        uint256[] calldata holdings,
        bytes calldata openings
    ) external view returns (bytes32 batch, uint256 votes) {
        return Openings.read(frame, _set(words), holdings, openings, 0);
    }

    /// @dev `words` as they follow each other in the blob: the total, then the jurors.
    function _set(uint256[] memory words) private pure returns (SignerSet memory) {
        uint256 start;
        assembly ("memory-safe") {
            start := add(words, 32)
        }
        return SignerSet({start: start, count: words.length - 1});
    }
}

/// @dev The cases in /vectors/jury.json, which the package in TypeScript runs as well.
contract JuryVectorsTest is CourtStage {
    using Draw for uint256;

    function test_Draws() external view {
        string memory json = vm.readFile("../vectors/jury.json");
        uint256 i;
        for (; vm.keyExistsJson(json, _at(".draws", i)); ++i) {
            string memory at = _at(".draws", i);
            uint256 size = vm.parseJsonUint(json, string.concat(at, ".size"));
            uint256 excluded = uint256(vm.parseJsonBytes32(json, string.concat(at, ".excluded")));
            _drawn(json, at, excluded, size);
        }
        vm.assertGe(i, 40);
    }

    function test_Juries() external {
        string memory json = vm.readFile("../vectors/jury.json");
        vm.chainId(vm.parseJsonUint(json, ".domain.chainId"));
        // The code of the court at the address that the signatures name.
        address verifying = vm.parseJsonAddress(json, ".domain.verifyingContract");
        vm.etch(verifying, address(court).code);
        OpeningsReader reader = new OpeningsReader();
        uint256 i;
        for (; vm.keyExistsJson(json, _at(".juries", i)); ++i) {
            _jury(json, _at(".juries", i), ICourt(verifying), reader);
        }
        vm.assertGe(i, 3);
    }

    function _jury(string memory json, string memory at, ICourt verifying, OpeningsReader reader) private view {
        Jury memory terms = _termsOf(json, string.concat(at, ".terms"));
        bytes32 jury = verifying.idOf(terms);
        vm.assertEq(jury, vm.parseJsonBytes32(json, string.concat(at, ".jury")), at);
        vm.assertEq(
            Draw.seedOf(vm.parseJsonBytes32(json, string.concat(at, ".beacon")), jury),
            vm.parseJsonBytes32(json, string.concat(at, ".seed")),
            at
        );
        uint256[] memory holdings = _drawn(json, at, terms.excluded, terms.size);
        _ballotsOf(json, at, verifying, jury);

        JuryFrame memory frame = JuryFrame({domain: _separator(address(verifying)), jury: jury});
        _votes(json, at, frame, holdings, reader);
    }

    function _votes(
        string memory json,
        string memory at,
        JuryFrame memory frame,
        uint256[] memory holdings,
        OpeningsReader reader
    ) private view {
        uint256[] memory words = _words(vm.parseJsonUintArray(json, string.concat(at, ".weights")));
        for (uint256 k = 1; k < words.length; ++k) {
            words[k] |= uint256(uint160(_signer(k - 1))) << 96;
        }
        bytes memory openings = vm.parseJsonBytes(json, string.concat(at, ".openings"));
        (bytes32 batch, uint256 votes) = reader.read(frame, words, holdings, openings);
        vm.assertEq(batch, vm.parseJsonBytes32(json, string.concat(at, ".batch")), at);
        vm.assertEq(bytes32(votes), vm.parseJsonBytes32(json, string.concat(at, ".votes")), at);
        _verdict(json, at, votes);
    }

    function _verdict(string memory json, string memory at, uint256 votes) private pure {
        uint256 size = vm.parseJsonUint(json, string.concat(at, ".terms.size"));
        (uint256 choice, uint256 votesFor) = Votes.verdict(votes, size);
        vm.assertEq(choice, vm.parseJsonUint(json, string.concat(at, ".verdict.choice")), at);
        vm.assertEq(votesFor, vm.parseJsonUint(json, string.concat(at, ".verdict.votesFor")), at);
    }

    function _ballotsOf(string memory json, string memory at, ICourt verifying, bytes32 jury) private view {
        uint256 k;
        for (; vm.keyExistsJson(json, _at(string.concat(at, ".ballots"), k)); ++k) {
            string memory in_ = _at(string.concat(at, ".ballots"), k);
            bytes32 commitment = verifying.commitmentOf(
                jury,
                uint8(vm.parseJsonUint(json, string.concat(in_, ".juror"))),
                uint8(vm.parseJsonUint(json, string.concat(in_, ".choice"))),
                bytes16(vm.parseJsonBytes(json, string.concat(in_, ".salt")))
            );
            vm.assertEq(commitment, vm.parseJsonBytes32(json, string.concat(in_, ".commitment")), in_);
            vm.assertEq(
                verifying.voteDigest(jury, commitment), vm.parseJsonBytes32(json, string.concat(in_, ".digest")), in_
            );
        }
        vm.assertGe(k, 5);
    }

    function _drawn(string memory json, string memory at, uint256 excluded, uint256 size)
        private
        pure
        returns (uint256[] memory holdings)
    {
        uint256[] memory words = _words(vm.parseJsonUintArray(json, string.concat(at, ".weights")));
        uint256[] memory seats = vm.parseJsonUintArray(json, string.concat(at, ".seats"));
        uint256 start;
        assembly ("memory-safe") {
            start := add(words, 32)
        }
        SignerSet memory set = SignerSet({start: start, count: words.length - 1});
        holdings = Draw.draw(set, excluded, size, vm.parseJsonBytes32(json, string.concat(at, ".seed")));
        vm.assertEq(seats.length, size, at);
        for (uint256 seat; seat < size; ++seat) {
            vm.assertEq((holdings[seats[seat]].seats() >> (2 * seat)) & 3, 1, at);
        }
    }

    function _termsOf(string memory json, string memory in_) private pure returns (Jury memory terms) {
        terms.arbitrable = vm.parseJsonAddress(json, string.concat(in_, ".arbitrable"));
        terms.subject = vm.parseJsonBytes32(json, string.concat(in_, ".subject"));
        terms.size = uint8(vm.parseJsonUint(json, string.concat(in_, ".size")));
        terms.jurorEpoch = uint32(vm.parseJsonUint(json, string.concat(in_, ".jurorEpoch")));
        terms.excluded = uint256(vm.parseJsonBytes32(json, string.concat(in_, ".excluded")));
        terms.fee = uint96(vm.parseJsonUint(json, string.concat(in_, ".fee")));
        terms.openedAt = uint40(vm.parseJsonUint(json, string.concat(in_, ".openedAt")));
        terms.beaconRound = uint64(vm.parseJsonUint(json, string.concat(in_, ".beaconRound")));
    }

    function _words(uint256[] memory weights) private pure returns (uint256[] memory words) {
        words = new uint256[](weights.length + 1);
        for (uint256 k; k < weights.length; ++k) {
            words[k + 1] = weights[k];
        }
    }

    function _separator(address verifying) private view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Sooth"),
                keccak256("1"),
                block.chainid,
                verifying
            )
        );
    }

    function _at(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(i), "]");
    }
}
