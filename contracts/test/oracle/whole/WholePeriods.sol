// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, AnswerWords} from "../../../src/oracle/AnswerWord.sol";
import {RootAnswer} from "../../../src/oracle/Dispute.sol";
import {IOracle, Question} from "../../../src/oracle/IOracle.sol";
import {IStakeManager} from "../../../src/oracle/IStakeManager.sol";
import {EpochRecord, EpochRecords} from "../../../src/oracle/rules/EpochRecord.sol";
import {Epochs} from "../../../src/oracle/security/Epochs.sol";
import {EpochRules} from "../../../src/oracle/security/IEpochs.sol";
import {SignerSet} from "../../../src/oracle/SignerSet.sol";
import {Vm} from "../../Test.sol";
import {WholeCases} from "./WholeCases.sol";

/// @dev Periods of reputation, all the way: asked, answered by a root, final, and handed in.
abstract contract WholePeriods is WholeCases {
    using EpochRecords for EpochRecord;

    uint40 private constant PERIOD = 1 hours;
    uint40 private constant SETTLE = 1 minutes;

    Epochs private _periods;
    uint32 private _lastNumber;

    function _epochs() internal override returns (address) {
        _periods = new Epochs(
            address(wiring),
            EpochRules({
                genesis: START,
                periodSeconds: PERIOD,
                settleSeconds: SETTLE,
                answerSeconds: 30 days,
                livenessSeconds: LIVENESS,
                cooldownSeconds: 7 days,
                premiumRounds: 100
            })
        );
        return address(_periods);
    }

    /// @dev What the next period says of two providers; of nobody when its root is not taken.
    function _sayOf(address[2] memory owners, uint16 factorBps, uint32 cluster, uint40 suspendedUntil) internal {
        uint32 number = _nextNumber();
        EpochRecord[] memory records = new EpochRecord[](2);
        bytes32[][] memory proofs = new bytes32[][](2);
        for (uint256 i; i < 2; ++i) {
            uint40 until = i == 0 ? suspendedUntil : 0;
            bool premium = factorBps > 7_500;
            records[i] = EpochRecord(0, number, owners[i], factorBps, factorBps / 10, 0, until, cluster, premium);
        }
        for (uint256 i; i < 2; ++i) {
            proofs[i] = new bytes32[](1);
            proofs[i][0] = records[1 - i].leafOf();
        }
        bytes32 root = _pair(proofs[0][0], proofs[1][0]);
        (bool found, RootAnswer memory answer) = _answerPeriod(number, root);
        if (!found) return;
        _handIn(number, answer, records, proofs);
    }

    function _handIn(uint32 number, RootAnswer memory answer, EpochRecord[] memory records, bytes32[][] memory proofs)
        private
    {
        try _periods.applyRecords(0, number, answer, records, proofs) {
            _fault("W13", "applied before it was final");
        } catch {}
        AnswerWord word = _word(_periods.questionOf(0, number));
        vm.warp(word.finalizeAt());
        uint16 said = records[0].factorBps;
        records[0].factorBps = said ^ 1;
        try _periods.applyRecords(0, number, answer, records, proofs) {
            _fault("W13", "applied what is in no root");
        } catch {
            _reach("record: forged");
        }
        records[0].factorBps = said;
        try _periods.applyRecords(0, number, answer, records, proofs) {
            _reach("record");
        } catch {
            _fault("W13", "a final record was refused");
        }
        for (uint256 i; i < 2; ++i) {
            IStakeManager.Standing memory standing = stakes.standingOf(0, records[i].owner);
            bool isIt = standing.epoch == number && standing.factorBps == records[i].factorBps
                && standing.cluster == records[i].cluster && standing.premium == records[i].premium;
            if (!isIt) _fault("W13", "another record stands");
        }
    }

    function _nextNumber() private returns (uint32 number) {
        number = uint32((block.timestamp - 1 - START) / PERIOD);
        if (number <= _lastNumber) {
            number = _lastNumber + 1;
            vm.warp(START + uint40(number) * PERIOD + 1);
        }
        _lastNumber = number;
    }

    /// @dev All seats sign. Nothing is found where reports are refused, in a pause for example.
    function _answerPeriod(uint32 number, bytes32 root) private returns (bool found, RootAnswer memory answer) {
        (Question memory terms,) = _periods.termsOf(0, number);
        if (block.timestamp < terms.opensAt) vm.warp(terms.opensAt);
        bytes32 question = _periods.ask(0, number);
        (SignerSet memory set, uint32 epoch) = _set();
        bytes memory signatures;
        for (uint256 seat; seat < set.count; ++seat) {
            bytes32 digest = oracle.rootDigest(question, root, epoch, 0);
            (bytes32 r, bytes32 vs) = vm.signCompact(_keyOf[_signerIn(set, seat)], digest);
            signatures = bytes.concat(signatures, r, vs);
        }
        vm.recordLogs();
        try oracle.reportRoot(terms, epoch, root, (1 << set.count) - 1, signatures) {
            Vm.Log[] memory logs = vm.getRecordedLogs();
            for (uint256 i; i < logs.length; ++i) {
                if (logs[i].topics[0] != IOracle.AnsweredRoot.selector) continue;
                (, answer,) = abi.decode(logs[i].data, (AnswerWord, RootAnswer, bytes));
            }
            found = _word(question).state() == AnswerWords.ANSWERED_ROOT;
        } catch {}
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return keccak256(a < b ? abi.encode(a, b) : abi.encode(b, a));
    }
}
