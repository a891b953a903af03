// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Door} from "../../../src/markets/opinions/Door.sol";
import {OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {OpinionReader} from "./OpinionReader.sol";
import {OpinionStage} from "./OpinionStage.sol";

/// @dev What markets are called, in both languages: packages/markets/src/core/opinions/terms.test.ts reads the same file.
contract OpinionsIdsTest is OpinionStage, OpinionReader {
    function test_Ids() external view {
        string memory json = vm.readFile("../vectors/opinions.json");
        uint256 i;
        for (; vm.keyExistsJson(json, _at(i)); ++i) {
            OpinionMarket memory terms = _read(json, _at(i));
            vm.assertEq(opinions.termsHash(terms), vm.parseJsonBytes32(json, _in(i, "termsHash")));
            vm.assertEq(Door.unwrap(opinions.doorOf(terms)), vm.parseJsonUint(json, _in(i, "door")));
            vm.assertEq(opinions.idOf(terms), vm.parseJsonBytes32(json, _in(i, "id")));
            vm.assertEq(
                keccak256(
                    abi.encode(
                        vm.parseJsonBytes32(json, _in(i, "stance.market")),
                        vm.parseJsonAddress(json, _in(i, "stance.owner")),
                        uint8(vm.parseJsonUint(json, _in(i, "stance.band"))),
                        vm.parseJsonBytes32(json, _in(i, "stance.salt"))
                    )
                ),
                vm.parseJsonBytes32(json, _in(i, "stance.commitment"))
            );
        }
        vm.assertEq(i, 24);
    }
}
