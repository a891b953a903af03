// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IMarkets, Market} from "../../../src/markets/IMarkets.sol";
import {IOracle, Question} from "../../../src/oracle/IOracle.sol";
import {WholeStage} from "./WholeStage.sol";

/// @dev What was wrong with the contracts before these, by the number it has in the review of them (A3), and the test that
///      shows it is not so here.
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
///       7 a ban that nobody consults      StakeSecurityTest.test_ABannedOneIsUnseatedAtOnceAndForEver
///      13 squatting                       test_NobodyAsksInAnothersName
///      11 emergency open to anyone        test_NobodyElsePauses
///      12 agreement looks like collusion  WholeTest.test_CollusionIsTriedAndPunished
///      14 fee paths that cannot be reached   WholeTest.test_CollusionIsTriedAndPunished (fees of juries),
///                                         MarketsClaimTest.test_VoidReturnsEveryStakeWhenNobodyWon
///       8 first provider is ignored       WholeTest.test_AnHonestAnswerPaysTheMarketAndItsSigners (seat 0 earns)
///       9 mean, 10 decimals, 15 theatre   not shown here
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
