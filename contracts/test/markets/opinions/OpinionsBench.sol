// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {OpinionLimits} from "../../../src/markets/opinions/IOpinions.sol";
import {Opinions} from "../../../src/markets/opinions/Opinions.sol";
import {Book, Positions} from "../../../src/markets/opinions/Book.sol";
import {ResultWords} from "../../../src/markets/opinions/ResultWord.sol";
import {Status} from "../../../src/oracle/IOracle.sol";

/// @dev Opinion markets whose books a test writes itself, in the words that a stake writes; nobody pays for what is put there.
contract OpinionsBench is Opinions {
    constructor(address oracle_, address randomness_)
        Opinions(
            oracle_,
            randomness_,
            address(0),
            OpinionLimits({
                creationFee: 0,
                leastSeconds: 1 hours,
                mostSeconds: 90 days,
                leastStake: 1,
                mostStake: uint48(Positions.MAX_AMOUNT),
                clockLag: 12
            })
        )
    {}

    function announced(bytes32 market) external {
        _books[market].result = ResultWords.ANNOUNCED;
    }

    /// @param band 31: hidden, and not told
    /// @param hides whether the market hides stances: then those that were told were hidden too
    function put(bytes32 market, address owner, uint256 band, uint256 amount, bool hides) public {
        Book storage book = _books[market];
        if (hides) book.hidden += amount;
        uint256 start = band == Positions.HIDDEN ? 0 : book.add(band, amount);
        book.positions[owner] = Positions.position(band, start, amount);
    }

    /// @dev Person `i` stakes `amount` on the even band 2 * (i % 10).
    function putMany(bytes32 market, uint256 from, uint256 count, uint256 amount, bool hides) external {
        for (uint256 i = from; i < from + count; ++i) {
            put(market, person(i), i % 10 * 2, amount, hides);
        }
    }

    /// @dev Below 50,000. No byte is zero: of calldata those are cheaper.
    function person(uint256 i) public pure returns (address) {
        return address(
            uint160(
                (uint256(uint144(0x111111111111111111111111111111111111)) << 16) | (i / 200 + 1) << 8 | (i % 200 + 1)
            )
        );
    }

    function undrawn(bytes32 market) external {
        _books[market].result = _books[market].result.asUndrawn();
    }

    function setNonce(address owner, uint256 nonce) external {
        nonceOf[owner] = nonce;
    }
}

/// @dev An oracle that says what a test wants, and a beacon with one seed, and collateral that only keeps count: in one.
contract Says {
    address public constant treasury = address(0xFEE);
    int96 private _answer;
    uint16 private _confidence;
    bytes32 private _seed;
    mapping(address owner => uint256) public paidTo;

    function set(int96 answer, uint16 confidence, bytes32 seed) external {
        (_answer, _confidence, _seed) = (answer, confidence, seed);
    }

    function collateral() external view returns (address) {
        return address(this);
    }

    function get(bytes32) external view returns (Status, int96, uint40, uint16) {
        return (Status.Final, _answer, uint40(block.timestamp), _confidence);
    }

    function roundAfter(uint40) external pure returns (uint64) {
        return 7;
    }

    function seedOf(uint64) external view returns (bytes32) {
        return _seed;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        paidTo[to] += amount;
        return true;
    }

    function transferFrom(address, address, uint256) external pure returns (bool) {
        return true;
    }
}
