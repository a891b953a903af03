// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BandRule, BANDS, Rule} from "../src/markets/rules/BandRule.sol";
import {ParimutuelRule} from "../src/markets/rules/ParimutuelRule.sol";
import {Aggregator} from "../src/oracle/Aggregator.sol";
import {AnswerWord, AnswerWords, INVALID, TOO_EARLY} from "../src/oracle/AnswerWord.sol";
import {Aggregation, IOracle, Question} from "../src/oracle/IOracle.sol";
import {ReportFrame, ReportVerifier} from "../src/oracle/ReportVerifier.sol";
import {SignerSet} from "../src/oracle/SignerSet.sol";
import {WeightCap} from "../src/oracle/WeightCap.sol";
import {Stage} from "./Stage.sol";

/// @dev An opinion market of a case.
struct Bands {
    uint256[BANDS] totals;
    uint256 total;
    uint256 score;
    Rule rule;
    uint256 facts;
    uint256 all;
}

/// @dev The libraries as a contract, so that a case that must fail can.
contract Libraries {
    function aggregate(
        uint256[] calldata words,
        bytes calldata entries,
        Aggregation how,
        uint96 tolerance,
        uint256 weight
    ) external pure returns (int96 value, uint256 confidence) {
        return Aggregator.answer(entries, 0, how, tolerance, _set(words), weight);
    }

    function checkValues(ReportFrame calldata frame, uint256[] calldata words, bytes calldata entries)
        external
        view
        returns (uint256 seats, uint256 weight)
    {
        return ReportVerifier.checkValues(frame, _set(words), entries);
    }

    function checkAgreed(
        ReportFrame calldata frame,
        uint256[] calldata words,
        int96 value,
        uint256 seats,
        bytes calldata signatures
    ) external view returns (uint256 weight) {
        return ReportVerifier.checkAgreed(frame, _set(words), value, seats, signatures);
    }

    /// @dev `words` as they follow each other in the blob: the total, then the seats.
    function _set(uint256[] memory words) private pure returns (SignerSet memory) {
        uint256 start;
        assembly ("memory-safe") {
            start := add(words, 32)
        }
        return SignerSet({start: start, count: words.length - 1});
    }
}

/// @dev The cases in /vectors, which the packages in TypeScript run as well.
contract VectorsTest is Stage {
    Libraries private _libraries;

    function setUp() public override {
        super.setUp();
        _libraries = new Libraries();
    }

    function test_Weights() external view {
        string memory json = vm.readFile("../vectors/weights.json");
        uint256 i;
        for (; _has(json, i); ++i) {
            string memory at = _at(i);
            uint256[] memory stakes_ = vm.parseJsonUintArray(json, string.concat(at, ".stakes"));
            uint256[] memory weights = vm.parseJsonUintArray(json, string.concat(at, ".weights"));
            uint256 cap = WeightCap.capOf(stakes_);
            uint256 total;
            for (uint256 seat; seat < stakes_.length; ++seat) {
                uint256 weight = stakes_[seat] < cap ? stakes_[seat] : cap;
                vm.assertEq(weight, weights[seat], at);
                total += weight;
            }
            vm.assertEq(total, vm.parseJsonUint(json, string.concat(at, ".total")), at);
        }
        vm.assertGe(i, 40);
    }

    function test_Aggregation() external {
        string memory json = vm.readFile("../vectors/aggregation.json");
        uint256 i;
        for (; _has(json, i); ++i) {
            _aggregation(json, _at(i));
        }
        vm.assertGe(i, 60);
    }

    function test_Parimutuel() external view {
        string memory json = vm.readFile("../vectors/rules/parimutuel.json");
        uint256 i;
        for (; _has(json, i); ++i) {
            string memory at = _at(i);
            if (vm.parseJsonBool(json, string.concat(at, ".void"))) continue; // the contract's part, not the rule's
            uint256[] memory pools = vm.parseJsonUintArray(json, string.concat(at, ".pools"));
            uint256 winner = uint256(vm.parseJsonInt(json, string.concat(at, ".winner")));
            uint256 lost;
            for (uint256 outcome; outcome < pools.length; ++outcome) {
                if (outcome != winner) lost += pools[outcome];
            }
            uint256 feeBps = vm.parseJsonUint(json, string.concat(at, ".feeBps"));
            vm.assertEq(ParimutuelRule.fee(lost, feeBps), vm.parseJsonUint(json, string.concat(at, ".fee")), at);
            if (vm.parseJsonUint(json, string.concat(at, ".outcome")) != winner) continue;
            uint256 stake = vm.parseJsonUint(json, string.concat(at, ".stake"));
            vm.assertEq(
                ParimutuelRule.payOut(stake, pools[winner], lost, feeBps),
                vm.parseJsonUint(json, string.concat(at, ".pays")),
                at
            );
        }
        vm.assertGe(i, 60);
    }

    function test_Bands() external view {
        string memory json = vm.readFile("../vectors/rules/bands.json");
        uint256 i;
        for (; _has(json, i); ++i) {
            _checkBands(json, _at(i));
        }
        vm.assertGe(i, 80);
    }

    function _checkBands(string memory json, string memory at) private pure {
        uint256[] memory bands = vm.parseJsonUintArray(json, string.concat(at, ".bands"));
        uint256[] memory amounts = vm.parseJsonUintArray(json, string.concat(at, ".amounts"));
        Bands memory case_;
        case_.score = vm.parseJsonUint(json, string.concat(at, ".score"));
        case_.rule = Rule(vm.parseJsonUint(json, string.concat(at, ".rule")));
        for (uint256 i; i < bands.length; ++i) {
            case_.totals[bands[i]] += amounts[i];
            case_.total += amounts[i];
        }
        case_.facts = BandRule.factsOf(case_.totals, case_.score, case_.rule);
        case_.all = BandRule.sum(case_.rule, case_.total, case_.facts);
        vm.assertEq(case_.all, vm.parseJsonUint(json, string.concat(at, ".weight")), at);
        if (case_.all != 0) _checkPays(json, at, case_, bands, amounts);
    }

    function _checkPays(
        string memory json,
        string memory at,
        Bands memory case_,
        uint256[] memory bands,
        uint256[] memory amounts
    ) private pure {
        uint256[] memory pays = vm.parseJsonUintArray(json, string.concat(at, ".pays"));
        uint256 net = case_.total - BandRule.part(case_.total, vm.parseJsonUint(json, string.concat(at, ".feeBps")))
            - BandRule.part(case_.total, vm.parseJsonUint(json, string.concat(at, ".prizeBps")));
        for (uint256 i; i < bands.length; ++i) {
            uint256 weight = BandRule.weightAt(bands[i], case_.score, case_.rule, case_.total, case_.facts);
            vm.assertEq(BandRule.share(net, amounts[i], weight, case_.all), pays[i], at);
        }
    }

    function test_AnswerWord() external view {
        string memory json = vm.readFile("../vectors/answer-word.json");
        vm.assertEq(vm.parseJsonInt(json, ".tooEarly"), TOO_EARLY);
        vm.assertEq(vm.parseJsonInt(json, ".invalid"), INVALID);
        uint256 i;
        for (; _has(json, i); ++i) {
            string memory at = _at(i);
            AnswerWord word = AnswerWord.wrap(uint256(vm.parseJsonBytes32(json, string.concat(at, ".word"))));
            AnswerWord made;
            uint8 round = uint8(vm.parseJsonUint(json, string.concat(at, ".round")));
            if (word.state() == AnswerWords.OPEN) {
                made = AnswerWords.openWord(
                    uint40(vm.parseJsonUint(json, string.concat(at, ".deadline"))),
                    uint40(vm.parseJsonUint(json, string.concat(at, ".notBefore"))),
                    round
                );
                vm.assertEq(uint256(word.deadline()), vm.parseJsonUint(json, string.concat(at, ".deadline")), at);
                vm.assertEq(uint256(word.notBefore()), vm.parseJsonUint(json, string.concat(at, ".notBefore")), at);
            } else {
                made = _answered(json, at, round);
                vm.assertEq(word.value(), vm.parseJsonInt(json, string.concat(at, ".value")), at);
                vm.assertEq(uint256(word.finalizeAt()), vm.parseJsonUint(json, string.concat(at, ".finalizeAt")), at);
                vm.assertEq(uint256(word.confidence()), vm.parseJsonUint(json, string.concat(at, ".confidence")), at);
                vm.assertEq(uint256(word.seats()), vm.parseJsonUint(json, string.concat(at, ".seats")), at);
                vm.assertEq(uint256(word.epoch()), vm.parseJsonUint(json, string.concat(at, ".epoch")), at);
            }
            bool settled = vm.parseJsonBool(json, string.concat(at, ".rewardSettled"));
            vm.assertTrue(word.rewardSettled() == settled, at);
            vm.assertEq(uint256(word.round()), round, at);
            if (settled) made = made.withRewardSettled();
            vm.assertEq(AnswerWord.unwrap(made), AnswerWord.unwrap(word), at);
        }
        vm.assertGe(i, 20);
    }

    function test_Reports() external {
        string memory json = vm.readFile("../vectors/reports.json");
        vm.chainId(vm.parseJsonUint(json, ".domain.chainId"));
        // The code of the oracle at the address that the signatures name.
        address verifying = vm.parseJsonAddress(json, ".domain.verifyingContract");
        vm.etch(verifying, address(oracle).code);
        uint256 i;
        for (; _has(json, i); ++i) {
            _report(json, _at(i), IOracle(verifying));
        }
        vm.assertGe(i, 3);
    }

    function _aggregation(string memory json, string memory at) private {
        uint256[] memory weights = vm.parseJsonUintArray(json, string.concat(at, ".weights"));
        (bytes memory entries, uint256 weight) = _unsigned(json, at, weights);
        bool isMedian = keccak256(bytes(vm.parseJsonString(json, string.concat(at, ".mode")))) == keccak256("median");
        Aggregation how = isMedian ? Aggregation.Median : Aggregation.Plurality;
        uint96 tolerance = uint96(vm.parseJsonUint(json, string.concat(at, ".tolerance")));
        bool fails = bytes(vm.parseJsonString(json, string.concat(at, ".error"))).length != 0;
        if (fails) vm.expectPartialRevert(IOracle.Oracle_NoQuorum.selector);
        (int96 value, uint256 confidence) = _libraries.aggregate(_words(weights), entries, how, tolerance, weight);
        if (fails) return;
        vm.assertEq(value, vm.parseJsonInt(json, string.concat(at, ".answer")), at);
        vm.assertEq(confidence, vm.parseJsonUint(json, string.concat(at, ".confidence")), at);
    }

    /// @dev The reports of a case as entries, without signatures, and the weight of those who made them.
    function _unsigned(string memory json, string memory at, uint256[] memory weights)
        private
        pure
        returns (bytes memory entries, uint256 weight)
    {
        uint256[] memory seats = vm.parseJsonUintArray(json, string.concat(at, ".seats"));
        int256[] memory values = vm.parseJsonIntArray(json, string.concat(at, ".values"));
        for (uint256 k; k < seats.length; ++k) {
            weight += weights[seats[k]];
            entries = bytes.concat(entries, abi.encodePacked(uint8(seats[k]), int96(values[k]), new bytes(64)));
        }
    }

    function _report(string memory json, string memory at, IOracle verifying) private view {
        Question memory terms = _terms(json, at);
        bytes32 question = verifying.idOf(terms);
        vm.assertEq(question, vm.parseJsonBytes32(json, string.concat(at, ".question")), at);
        ReportFrame memory frame = ReportFrame({
            domain: _separator(address(verifying)),
            question: question,
            epoch: uint32(vm.parseJsonUint(json, string.concat(at, ".epoch"))),
            round: uint8(vm.parseJsonUint(json, string.concat(at, ".round"))),
            slowUntil: 0
        });
        for (uint256 k; k < 3; ++k) {
            string memory report = string.concat(at, ".reports[", vm.toString(k), "]");
            int96 value = int96(vm.parseJsonInt(json, string.concat(report, ".value")));
            vm.assertEq(
                verifying.reportDigest(question, value, frame.epoch, frame.round),
                vm.parseJsonBytes32(json, string.concat(report, ".digest")),
                report
            );
        }
        uint256[] memory words = _seatWords(json);
        bytes memory entries = vm.parseJsonBytes(json, string.concat(at, ".entries"));
        (, uint256 weight) = _libraries.checkValues(frame, words, entries);
        vm.assertGe(weight, 2_700, at);

        int96 agreed = int96(vm.parseJsonInt(json, string.concat(at, ".agreed.value")));
        bytes memory signatures = vm.parseJsonBytes(json, string.concat(at, ".agreed.signatures"));
        uint256 seats = vm.parseJsonUint(json, string.concat(at, ".agreed.seats"));
        vm.assertEq(_libraries.checkAgreed(frame, words, agreed, seats, signatures), 2_800, at);
    }

    function _terms(string memory json, string memory at) private pure returns (Question memory terms) {
        string memory in_ = string.concat(at, ".terms");
        terms.asker = vm.parseJsonAddress(json, string.concat(in_, ".asker"));
        terms.schema = keccak256(bytes(vm.parseJsonString(json, string.concat(at, ".schemaText"))));
        terms.aggregation = Aggregation(vm.parseJsonUint(json, string.concat(in_, ".aggregation")));
        terms.min = int96(vm.parseJsonInt(json, string.concat(in_, ".min")));
        terms.max = int96(vm.parseJsonInt(json, string.concat(in_, ".max")));
        terms.tolerance = uint96(vm.parseJsonUint(json, string.concat(in_, ".tolerance")));
        terms.opensAt = uint40(vm.parseJsonUint(json, string.concat(in_, ".opensAt")));
        terms.deadline = uint40(vm.parseJsonUint(json, string.concat(in_, ".deadline")));
        terms.liveness = uint32(vm.parseJsonUint(json, string.concat(in_, ".liveness")));
        terms.reward = uint96(vm.parseJsonUint(json, string.concat(in_, ".reward")));
        terms.nonce = uint64(vm.parseJsonUint(json, string.concat(in_, ".nonce")));
        terms.domain = uint8(vm.parseJsonUint(json, string.concat(in_, ".domain")));
        terms.endsEarly = vm.parseJsonBool(json, string.concat(in_, ".endsEarly"));
        terms.secures = uint96(vm.parseJsonUint(json, string.concat(in_, ".secures")));
    }

    function _answered(string memory json, string memory at, uint8 round) private pure returns (AnswerWord) {
        return AnswerWords.answeredWord(
            int96(vm.parseJsonInt(json, string.concat(at, ".value"))),
            uint40(vm.parseJsonUint(json, string.concat(at, ".finalizeAt"))),
            uint16(vm.parseJsonUint(json, string.concat(at, ".confidence"))),
            uint32(vm.parseJsonUint(json, string.concat(at, ".seats"))),
            uint32(vm.parseJsonUint(json, string.concat(at, ".epoch"))),
            round
        );
    }

    function _seatWords(string memory json) private pure returns (uint256[] memory words) {
        words = _words(vm.parseJsonUintArray(json, ".weights"));
        for (uint256 seat; seat + 1 < words.length; ++seat) {
            address signer = vm.parseJsonAddress(json, string.concat(".signers[", vm.toString(seat), "]"));
            words[seat + 1] |= uint256(uint160(signer)) << 96;
        }
    }

    function _words(uint256[] memory weights) private pure returns (uint256[] memory words) {
        words = new uint256[](weights.length + 1);
        for (uint256 seat; seat < weights.length; ++seat) {
            words[seat + 1] = weights[seat];
            words[0] += weights[seat];
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

    function _at(uint256 i) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(i), "]");
    }

    function _has(string memory json, uint256 i) private view returns (bool) {
        return vm.keyExistsJson(json, _at(i));
    }
}
