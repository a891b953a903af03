// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IMarkets, Market} from "../../../src/markets/IMarkets.sol";
import {IOracle, Question} from "../../../src/oracle/IOracle.sol";
import {WholeStage} from "./WholeStage.sol";

/// @dev What was wrong with the contracts before these, by the number it has in the review of them (A3), and the tests that
///      show it is not so here. Names without a contract are of this one; of tests in TypeScript the title follows its file.
///      scripts/trees.test.ts looks whether each of them exists.
///
///       1 did not compile                 every test here
///       2 outcome from a provider's id    WholeTest.test_AnHonestAnswerPaysTheMarketAndItsSigners
///       3 aggregates and never settles    WholeTest.test_AnHonestAnswerPaysTheMarketAndItsSigners
///       4 creator picks the winner        test_TheCreatorDecidesNothing
///       5 disputes change nothing         WholeTest.test_AColludingMajorityIsOverturnedAndPays
///         bonds are stuck                 WholeInvariantsTest.invariant_W4_DepositsEndOnce
///       6 stake cannot come out           StakeSecurityTest.test_UnbondingStakeIsSlashableAndTheRestComesOut,
///                                         WholeInvariantsTest.invariant_W7_EverybodyCanGo
///         a slash moves no tokens         WholeInvariantsTest.invariant_W1_TokensAreCredits
///       7 a second slash reverts          StakeSecurityTest.test_WhoHasLittleLeftIsSlashedAllTheSame
///         a ban that nobody consults      StakeSecurityTest.test_ABannedOneIsUnseatedAtOnceAndForEver,
///                                         WholeInvariantsTest.invariant_W8_ABanIsForEver
///       8 first provider is ignored       WholeTest.test_AnHonestAnswerPaysTheMarketAndItsSigners (seat 0 earns)
///       9 mean, which one liar moves      RulesTest.testFuzz_MedianLiesBetweenHonestValues
///         confidence is self-declared     OracleReportValuesTest.test_AnswersWithTheMedian
///      10 decimals abort everything       decimals.test.ts: a number survives its text
///      11 a batch stores nothing          OracleRootsTest.test_ARootAnswersManyAtOnce
///         breaker flag is never read      GuardTest.test_TooMuchValueInAnHourDoublesWindows,
///                                         StakeSecurityTest.test_APauseHoldsReportsAndNothingElse
///         emergency open to anyone        test_NobodyElsePauses
///      12 agreement looks like collusion
///         collusion.test.ts: honest agreement is never evidence: all say the same for ten thousand questions
///         the caller brings the data      WholeTest.test_CollusionIsTriedAndPunished
///      13 squatting                       test_NobodyAsksInAnothersName
///      14 fee paths that cannot be reached   WholeTest.test_CollusionIsTriedAndPunished (fees of juries),
///                                         OracleCreditTest.test_SignersShareEquallyAndTheRestIsTheTreasurys
///         nobody won, the pot is locked   MarketsClaimTest.test_VoidReturnsEveryStakeWhenNobodyWon
///      15 tests that cannot fail          WholeInvariantsTest.test_TheHandlerReachesAllOfIt,
///                                         trees.test.ts: has the functions that its tree names, and no others
contract FaultsTest is WholeStage {
    function test_TheCreatorDecidesNothing() external {
        Question memory terms = _terms(0);
        _ask(terms);
        Market memory market = _market(terms);
        bytes32 id = markets.idOf(market);
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_NotSettled.selector, id));
        vm.prank(market.creator);
        markets.claim(market, 0, alice);
        vm.warp(terms.opensAt);
        _agree(terms, 0, THREE);
        vm.expectRevert(abi.encodeWithSelector(IMarkets.Markets_NotSettled.selector, id));
        vm.prank(market.creator);
        markets.claim(market, 0, alice);
    }

    function test_NobodyAsksInAnothersName() external {
        Question memory terms = _terms(0);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Oracle_NotAsker.selector, asker, stranger));
        vm.prank(stranger);
        oracle.ask(terms, schema);
    }

    function test_NobodyElsePauses() external {
        vm.expectPartialRevert(bytes4(keccak256("Guard_NotGuardian(address)")));
        vm.prank(governor);
        guard.pause(1);
    }
}
