// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IOracle, OracleLimits} from "../src/oracle/IOracle.sol";
import {ILadder, LadderWindows} from "../src/oracle/ladder/ILadder.sol";
import {ISlasher} from "../src/oracle/security/ISlasher.sol";
import {Test} from "./Test.sol";

/// @dev The oracle with what it tells of how it was built.
interface IBuiltOracle is IOracle {
    function UNIT() external view returns (uint96);
    function LOWEST_WINDOW() external view returns (uint32);
    function MAX_LIVENESS() external view returns (uint32);
}

/// @dev The slasher, and the policy that it was built with.
interface IBuiltSlasher is ISlasher {
    function policy() external view returns (address);
}

/// @dev Oracle, ladder and slasher are compiled for size, everything else for speed (foundry.toml). A file that imports one of them is
///      compiled for size with all that it imports: tests would run, and measure, other code than is deployed. So they take
///      what the compiler left of these three, and know them by their interfaces.
abstract contract Deployed is Test {
    function _oracleCode(
        address stakes,
        address collateral,
        address treasury,
        address wiring,
        OracleLimits memory limits
    ) internal view returns (bytes memory) {
        return bytes.concat(vm.getCode("Oracle.sol:Oracle"), abi.encode(stakes, collateral, treasury, wiring, limits));
    }

    function _ladderCode(
        address oracle,
        address stakes,
        address wiring,
        address insurance,
        LadderWindows memory windows
    ) internal view returns (bytes memory) {
        return bytes.concat(vm.getCode("Ladder.sol:Ladder"), abi.encode(oracle, stakes, wiring, insurance, windows));
    }

    /// @param args as its constructor takes them, encoded
    function _newSlasher(bytes memory args) internal returns (IBuiltSlasher) {
        return IBuiltSlasher(_create(bytes.concat(vm.getCode("Slasher.sol:Slasher"), args)));
    }

    /// @dev Reverts as the constructor does.
    function _create(bytes memory code) internal returns (address made) {
        assembly ("memory-safe") {
            made := create(0, add(code, 32), mload(code))
            if iszero(made) {
                let why := mload(0x40)
                returndatacopy(why, 0, returndatasize())
                revert(why, returndatasize())
            }
        }
    }
}
