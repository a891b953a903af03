// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";
import {DepositRule} from "../../../src/oracle/rules/DepositRule.sol";
import {EpochRecord, EpochRecords} from "../../../src/oracle/rules/EpochRecord.sol";
import {Counts, ReputationRule} from "../../../src/oracle/rules/ReputationRule.sol";
import {RewardRule} from "../../../src/oracle/rules/RewardRule.sol";
import {SeatWeights} from "../../../src/oracle/rules/SeatWeights.sol";
import {SlashRule} from "../../../src/oracle/rules/SlashRule.sol";
import {Test} from "../../Test.sol";

/// @dev The cases in /vectors/economy, which the packages in TypeScript run as well.
contract EconomyVectorsTest is Test {
    /* REPUTATION */

    function test_LogarithmsAndExponentials() external view {
        string memory json = _read("fixed-point");
        uint256 i;
        for (; _has(json, "logarithms", i); ++i) {
            int256 ln = FixedPointMathLib.lnWad(_int(json, "logarithms", i, "x"));
            vm.assertEq(ln, _int(json, "logarithms", i, "ln"), _at("logarithms", i));
            _near(ln, _int(json, "logarithms", i, "trueLn"), 2);
        }
        vm.assertGe(i, 50);
        for (i = 0; _has(json, "exponentials", i); ++i) {
            int256 exp = FixedPointMathLib.expWad(_int(json, "exponentials", i, "x"));
            vm.assertEq(exp, _int(json, "exponentials", i, "exp"), _at("exponentials", i));
            _near(exp, _int(json, "exponentials", i, "trueExp"), 2);
        }
        vm.assertGe(i, 50);
    }

    function test_Entropies() external view {
        string memory json = _read("information");
        uint256 i;
        for (; _has(json, "entropies", i); ++i) {
            uint256 bits = ReputationRule.entropy(_uints(json, "entropies", i, "masses"));
            vm.assertEq(bits, _uint(json, "entropies", i, "bits"), _at("entropies", i));
            _near(int256(bits), _int(json, "entropies", i, "trueBits"), 2_000);
        }
        vm.assertGe(i, 20);
    }

    function test_Credits() external view {
        string memory json = _read("information");
        uint256 i;
        for (; _has(json, "credits", i); ++i) {
            uint256 credit = ReputationRule.credit(
                int96(_int(json, "credits", i, "value")),
                int96(_int(json, "credits", i, "answer")),
                uint96(_uint(json, "credits", i, "tolerance"))
            );
            vm.assertEq(credit, _uint(json, "credits", i, "credit"), _at("credits", i));
            _near(int256(credit), _int(json, "credits", i, "trueCredit"), 4);
        }
        vm.assertGe(i, 30);
    }

    function test_Histories() external view {
        string memory json = _read("reputation");
        uint256 i;
        for (; _has(json, "histories", i); ++i) {
            uint256[] memory informations = _uints(json, "histories", i, "informations");
            uint256[] memory credits = _uints(json, "histories", i, "credits");
            uint256[] memory times = _uints(json, "histories", i, "times");
            Counts memory counts;
            for (uint256 k; k < times.length; ++k) {
                counts = ReputationRule.record(counts, informations[k], credits[k], uint40(times[k]));
            }
            string memory what = _at("histories", i);
            vm.assertEq(counts.right, _uint(json, "histories", i, "right"), what);
            vm.assertEq(counts.wrong, _uint(json, "histories", i, "wrong"), what);
            uint256 bound = ReputationRule.lowerBound(counts, uint40(_uint(json, "histories", i, "now")));
            vm.assertEq(bound, _uint(json, "histories", i, "bound"), what);
            _near(int256(bound), _int(json, "histories", i, "trueBound"), 100);
            vm.assertEq(uint256(ReputationRule.scoreOf(bound)), _uint(json, "histories", i, "score"), what);
            vm.assertEq(uint256(ReputationRule.factorBps(bound)), _uint(json, "histories", i, "factorBps"), what);
        }
        vm.assertGe(i, 40);
    }

    /* WEIGHTS */

    function test_SeatWeights() external view {
        string memory json = _read("seat-weights");
        uint256 i;
        for (; _has(json, "cases", i); ++i) {
            (uint256[] memory weights, uint256 total) = SeatWeights.weigh(
                _uints(json, "cases", i, "stakes"),
                _uints(json, "cases", i, "factors"),
                _uints(json, "cases", i, "clusters"),
                _uints(json, "cases", i, "families")
            );
            _same(weights, _uints(json, "cases", i, "weights"), _at("cases", i));
            vm.assertEq(total, _uint(json, "cases", i, "total"), _at("cases", i));
        }
        vm.assertGe(i, 180);
    }

    /* SLASHES */

    function test_SlashRates() external view {
        string memory json = _read("slash");
        uint256 i;
        for (; _has(json, "overturned", i); ++i) {
            uint256 ppm = SlashRule.overturnedPpm(
                _uint(json, "overturned", i, "wrong"),
                _uint(json, "overturned", i, "stake"),
                _uint(json, "overturned", i, "earlier")
            );
            vm.assertEq(ppm, _uint(json, "overturned", i, "ppm"), _at("overturned", i));
        }
        vm.assertGe(i, 30);
        for (i = 0; _has(json, "outside", i); ++i) {
            uint256 ppm = SlashRule.outsidePpm(
                _uint(json, "outside", i, "distance"),
                _uint(json, "outside", i, "tolerance"),
                uint40(_uint(json, "outside", i, "lastAt")),
                uint40(_uint(json, "outside", i, "at"))
            );
            vm.assertEq(ppm, _uint(json, "outside", i, "ppm"), _at("outside", i));
        }
        vm.assertGe(i, 30);
        for (i = 0; _has(json, "series", i); ++i) {
            uint256 series = SlashRule.seriesOf(
                _uint(json, "series", i, "earlier"),
                uint40(_uint(json, "series", i, "lastAt")),
                uint40(_uint(json, "series", i, "at"))
            );
            vm.assertEq(series, _uint(json, "series", i, "series"), _at("series", i));
        }
        vm.assertGe(i, 10);
        for (i = 0; _has(json, "collusion", i); ++i) {
            uint256 ppm = SlashRule.collusionPpm(_uint(json, "collusion", i, "verdict"));
            vm.assertEq(ppm, _uint(json, "collusion", i, "ppm"), _at("collusion", i));
        }
        vm.assertGe(i, 6);
    }

    function test_SlashAmounts() external view {
        string memory json = _read("slash");
        uint256 i;
        for (; _has(json, "amounts", i); ++i) {
            string memory what = _at("amounts", i);
            uint256 stake = _uint(json, "amounts", i, "stake");
            uint256 wanted = SlashRule.amountOf(stake, _uint(json, "amounts", i, "ppm"));
            vm.assertEq(wanted, _uint(json, "amounts", i, "wanted"), what);
            uint256 slashed = SlashRule.allowed(
                wanted,
                stake,
                _uint(json, "amounts", i, "atStart"),
                _uint(json, "amounts", i, "taken"),
                vm.parseJsonBool(json, string.concat(what, ".byCourt"))
            );
            vm.assertEq(slashed, _uint(json, "amounts", i, "slashed"), what);
            (uint256 insurance, uint256 challenger, uint256 burned) = SlashRule.split(slashed);
            vm.assertEq(insurance, _uint(json, "amounts", i, "insurance"), what);
            vm.assertEq(challenger, _uint(json, "amounts", i, "challenger"), what);
            vm.assertEq(burned, _uint(json, "amounts", i, "burned"), what);
        }
        vm.assertGe(i, 30);
        for (i = 0; _has(json, "tooEarly", i); ++i) {
            uint256 pays = SlashRule.tooEarlyOf(
                _uint(json, "tooEarly", i, "deposit"),
                _uint(json, "tooEarly", i, "stake"),
                _uint(json, "tooEarly", i, "stakes")
            );
            vm.assertEq(pays, _uint(json, "tooEarly", i, "pays"), _at("tooEarly", i));
        }
        vm.assertGe(i, 20);
    }

    /* DEPOSITS AND WINDOWS */

    function test_Deposits() external view {
        string memory json = _read("deposit");
        uint256 i;
        for (; _has(json, "deposits", i); ++i) {
            uint256 units = DepositRule.depositUnits(
                _uint(json, "deposits", i, "secured"),
                _uint(json, "deposits", i, "unit"),
                _uint(json, "deposits", i, "round"),
                _uint(json, "deposits", i, "least"),
                _uint(json, "deposits", i, "most")
            );
            vm.assertEq(units, _uint(json, "deposits", i, "units"), _at("deposits", i));
        }
        vm.assertGe(i, 50);
        for (i = 0; _has(json, "lost", i); ++i) {
            (uint256 winner, uint256 jurors, uint256 insurance) =
                DepositRule.splitLost(_uint(json, "lost", i, "deposit"));
            vm.assertEq(winner, _uint(json, "lost", i, "winner"), _at("lost", i));
            vm.assertEq(jurors, _uint(json, "lost", i, "jurors"), _at("lost", i));
            vm.assertEq(insurance, _uint(json, "lost", i, "insurance"), _at("lost", i));
        }
        vm.assertGe(i, 10);
        for (i = 0; _has(json, "secured", i); ++i) {
            uint256 most = DepositRule.mostSecured(_uint(json, "secured", i, "stake"));
            vm.assertEq(most, _uint(json, "secured", i, "most"), _at("secured", i));
        }
        vm.assertGe(i, 5);
    }

    function test_Windows() external view {
        string memory json = _read("deposit");
        uint256 i;
        for (; _has(json, "windows", i); ++i) {
            uint256 base = DepositRule.baseWindow(
                _uint(json, "windows", i, "secured"),
                _uint(json, "windows", i, "unit"),
                _uint(json, "windows", i, "lowest")
            );
            vm.assertEq(base, _uint(json, "windows", i, "base"), _at("windows", i));
            vm.assertEq(DepositRule.leastLiveness(base), _uint(json, "windows", i, "least"), _at("windows", i));
        }
        vm.assertGe(i, 30);
        for (i = 0; _has(json, "answered", i); ++i) {
            uint256 window = DepositRule.window(
                _uint(json, "answered", i, "liveness"),
                _uint(json, "answered", i, "base"),
                _uint(json, "answered", i, "agreementBps"),
                _uint(json, "answered", i, "signers"),
                vm.parseJsonBool(json, string.concat(_at("answered", i), ".surge"))
            );
            vm.assertEq(window, _uint(json, "answered", i, "window"), _at("answered", i));
        }
        vm.assertGe(i, 60);
    }

    /* REWARDS */

    function test_Rewards() external view {
        string memory json = _read("reward");
        uint256 i;
        for (; _has(json, "cases", i); ++i) {
            uint256[] memory marks = _uints(json, "cases", i, "premium");
            bool[] memory premium = new bool[](marks.length);
            for (uint256 k; k < marks.length; ++k) {
                premium[k] = marks[k] == 1;
            }
            (uint256[] memory shares, uint256 toTreasury) = RewardRule.split(
                _uint(json, "cases", i, "reward"),
                _uint(json, "cases", i, "providersBps"),
                _uints(json, "cases", i, "reports"),
                premium
            );
            _same(shares, _uints(json, "cases", i, "shares"), _at("cases", i));
            vm.assertEq(toTreasury, _uint(json, "cases", i, "toTreasury"), _at("cases", i));
        }
        vm.assertGe(i, 40);
        for (i = 0; _has(json, "premium", i); ++i) {
            bool isPremium = RewardRule.isPremium(
                _uint(json, "premium", i, "score"),
                _uint(json, "premium", i, "rounds"),
                _uint(json, "premium", i, "least")
            );
            bool wanted = vm.parseJsonBool(json, string.concat(_at("premium", i), ".premium"));
            vm.assertTrue(isPremium == wanted, _at("premium", i));
        }
        vm.assertGe(i, 4);
    }

    /* EPOCH RECORDS */

    function test_EpochRecords() external view {
        string memory json = _read("epoch-record");
        uint256 i;
        for (; _has(json, "cases", i); ++i) {
            bytes32 root = vm.parseJsonBytes32(json, string.concat(_at("cases", i), ".root"));
            string memory list = string.concat("cases[", vm.toString(i), "].records");
            for (uint256 k; _has(json, list, k); ++k) {
                string memory what = _at(list, k);
                EpochRecord memory record = _record(json, list, k);
                vm.assertEq(EpochRecords.leafOf(record), vm.parseJsonBytes32(json, string.concat(what, ".leaf")), what);
                bytes32[] memory proof = vm.parseJsonBytes32Array(json, string.concat(what, ".proof"));
                vm.assertTrue(EpochRecords.isIn(record, root, proof), what);
                ++record.cluster;
                vm.assertTrue(!EpochRecords.isIn(record, root, proof), what);
            }
        }
        vm.assertGe(i, 9);
    }

    /* INSIDE */

    function _record(string memory json, string memory list, uint256 k)
        private
        view
        returns (EpochRecord memory record)
    {
        record.domain = uint8(_uint(json, list, k, "domain"));
        record.epoch = uint32(_uint(json, list, k, "epoch"));
        record.owner = vm.parseJsonAddress(json, string.concat(_at(list, k), ".owner"));
        record.factorBps = uint16(_uint(json, list, k, "factorBps"));
        record.score = uint16(_uint(json, list, k, "score"));
        record.strikes = uint8(_uint(json, list, k, "strikes"));
        record.suspendedUntil = uint40(_uint(json, list, k, "suspendedUntil"));
        record.cluster = uint32(_uint(json, list, k, "cluster"));
        record.premium = vm.parseJsonBool(json, string.concat(_at(list, k), ".premium"));
    }

    function _same(uint256[] memory got, uint256[] memory wanted, string memory what) private pure {
        vm.assertEq(got.length, wanted.length, what);
        for (uint256 i; i < got.length; ++i) {
            vm.assertEq(got[i], wanted[i], what);
        }
    }

    function _near(int256 got, int256 wanted, uint256 most) private pure {
        vm.assertLe(uint256(got < wanted ? wanted - got : got - wanted), most);
    }

    function _read(string memory name) private view returns (string memory) {
        return vm.readFile(string.concat("../vectors/economy/", name, ".json"));
    }

    function _has(string memory json, string memory list, uint256 i) private view returns (bool) {
        return vm.keyExistsJson(json, _at(list, i));
    }

    function _at(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(i), "]");
    }

    function _uint(string memory json, string memory list, uint256 i, string memory key)
        private
        view
        returns (uint256)
    {
        return vm.parseJsonUint(json, string.concat(_at(list, i), ".", key));
    }

    function _int(string memory json, string memory list, uint256 i, string memory key) private view returns (int256) {
        return vm.parseJsonInt(json, string.concat(_at(list, i), ".", key));
    }

    function _uints(string memory json, string memory list, uint256 i, string memory key)
        private
        view
        returns (uint256[] memory)
    {
        return vm.parseJsonUintArray(json, string.concat(_at(list, i), ".", key));
    }
}
