// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {OutcomeTokens} from "../../../src/markets/outcomes/OutcomeTokens.sol";
import {Question} from "../../../src/oracle/IOracle.sol";
import {Stage} from "../../Stage.sol";
import {OutcomeDesk} from "./OutcomeDesk.sol";

/// @dev A question with two sides at the true oracle.
abstract contract OutcomeStage is Stage, OutcomeDesk {
    function setUp() public virtual override {
        super.setUp();
        tokens = new OutcomeTokens(address(oracle), address(dollar));
    }

    function _sides() internal view returns (Question memory) {
        return _categorical(2);
    }

    function _rich(uint256 i) internal {
        _fund(_trader(i), address(tokens), 1_000_000e6);
    }
}
