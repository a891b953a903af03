// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SignerSets} from "../../../src/oracle/SignerSet.sol";
import {JurorFault} from "../../../src/oracle/court/ICourt.sol";
import {
    ICourtClock,
    ICourtLedger,
    ICourtSlasher,
    ICourtStakes,
    ICourtWiring
} from "../../../src/oracle/court/ICourtNeeds.sol";
import {IRandomness} from "../../../src/randomness/IRandomness.sol";

// What stands around the court, as little of each as its tests need. The real ones have tests of their own.

contract SomeStakes is ICourtStakes {
    struct Snapshot {
        address blob;
        uint40 takenAt;
    }

    mapping(uint32 epoch => Snapshot) private _snapshots;
    mapping(address signer => address) public earnerOf;
    uint40 public constant UNBONDING_SECONDS = 14 days;

    function put(uint32 epoch, uint256[] memory jurors) external {
        uint256 total;
        for (uint256 i; i < jurors.length; ++i) {
            total += uint96(jurors[i]);
        }
        _snapshots[epoch] = Snapshot(SignerSets.write(total, jurors), uint40(block.timestamp));
    }

    function name(address signer, address owner) external {
        earnerOf[signer] = owner;
    }

    function jurorSetOf(uint32 epoch) external view returns (address blob, uint40 takenAt) {
        Snapshot memory snapshot = _snapshots[epoch];
        return (snapshot.blob, snapshot.takenAt);
    }
}

/// @dev The court clock as the guard keeps it: it stands while paused.
contract SomeClock is ICourtClock {
    uint40 private _paused;
    uint40 private _since;

    function pause() external {
        _since = uint40(block.timestamp);
    }

    function resume() external {
        _paused += uint40(block.timestamp) - _since;
        _since = 0;
    }

    function clock() external view returns (uint40) {
        return (_since == 0 ? uint40(block.timestamp) : _since) - _paused;
    }
}

contract SomeLedger is ICourtLedger {
    mapping(address account => uint96) public creditOf;

    function give(address account, uint96 amount) external {
        creditOf[account] += amount;
    }

    function collect(address from, uint96 amount) external {
        creditOf[from] -= amount;
        creditOf[msg.sender] += amount;
    }

    function pay(address to, uint96 amount) external {
        creditOf[msg.sender] -= amount;
        creditOf[to] += amount;
    }
}

contract SomeSlasher is ICourtSlasher {
    struct Blame {
        address signer;
        bytes32 fault;
        JurorFault kind;
        address challenger;
    }

    Blame[] private _blames;

    function juror(address signer, bytes32 fault, JurorFault kind, address challenger) external {
        _blames.push(Blame(signer, fault, kind, challenger));
    }

    function blames() external view returns (Blame[] memory) {
        return _blames;
    }
}

/// @dev Rounds of three seconds. Who proves says what the seed is.
contract SomeRandomness is IRandomness {
    mapping(uint64 round => bytes32) private _seeds;

    function roundAfter(uint40 time) external pure returns (uint64) {
        return uint64(time / 3 + 1);
    }

    function timeOf(uint64 round) external pure returns (uint40) {
        return uint40(round) * 3;
    }

    function prove(uint64 round, bytes calldata proof) external returns (bytes32 seed) {
        seed = _seeds[round] = keccak256(proof);
        emit Proved(round, seed);
    }

    function seedOf(uint64 round) external view returns (bytes32 seed) {
        seed = _seeds[round];
        require(seed != 0, Randomness_NotProved(round));
    }
}

contract SomeWiring is ICourtWiring {
    address public immutable ladder;
    address public immutable slasher;

    constructor(address ladder_, address slasher_) {
        ladder = ladder_;
        slasher = slasher_;
    }
}
