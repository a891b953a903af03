// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Door} from "../../../src/markets/opinions/Door.sol";
import {OpinionIntent, OpinionMarket} from "../../../src/markets/opinions/IOpinions.sol";
import {Ending} from "../../../src/markets/opinions/ResultWord.sol";
import {Permit} from "../../../src/markets/IMarkets.sol";
import {OpinionReader} from "./OpinionReader.sol";
import {OpinionsBench, Says} from "./OpinionsBench.sol";

/// @dev What markets pay and what stakers sign, in both languages: packages/markets/src/core/opinions/vectors.test.ts reads the
///      same files.
contract OpinionsVectorsTest is OpinionReader {
    Says private _says;
    OpinionsBench private _bench;

    function setUp() external {
        _says = new Says();
        _bench = _newBench();
    }

    /* MONEY */

    function test_Payments() external {
        string memory json = vm.readFile("../vectors/opinion-payments.json");
        uint256 i;
        for (; vm.keyExistsJson(json, _at(i)); ++i) {
            _check(json, i);
        }
        vm.assertEq(i, 40);
    }

    /// @dev Each ending has books of its own: a claim is paid once.
    function _check(string memory json, uint256 i) private {
        OpinionMarket memory terms = _read(json, _in(i, "terms"));
        bytes32 market = _fill(json, i, terms);
        vm.assertEq(market, vm.parseJsonBytes32(json, _in(i, "market")), _at(i));
        (Ending ending, uint8 score,, uint256 total,) = _bench.resultOf(market);
        if (vm.parseJsonBool(json, _in(i, "isVoid"))) {
            vm.assertTrue(ending == Ending.Void, _at(i));
        } else {
            vm.assertTrue(ending == Ending.Scored, _at(i));
            vm.assertEq(uint256(score), vm.parseJsonUint(json, _in(i, "score")), _at(i));
            vm.assertEq(total, vm.parseJsonUint(json, _in(i, "total")), _at(i));
            uint256 fee = vm.parseJsonUint(json, _in(i, "fee"));
            if (fee != 0) vm.assertEq(_bench.collectFee(terms), fee, _at(i));
            if (terms.prizeBps != 0) _checkPrizes(json, i, market);
        }
        _claim(market, vm.parseJsonUintArray(json, _in(i, "pays")), _at(i));
        if (ending == Ending.Void) return;
        _bench = _newBench();
        _fill(json, i, terms);
        _bench.undrawn(market);
        _claim(market, vm.parseJsonUintArray(json, _in(i, "undrawnPays")), _at(i));
    }

    function _fill(string memory json, uint256 i, OpinionMarket memory terms) private returns (bytes32 market) {
        uint256[] memory bands = vm.parseJsonUintArray(json, _in(i, "bands"));
        uint256[] memory amounts = vm.parseJsonUintArray(json, _in(i, "amounts"));
        market = _bench.idOf(terms);
        for (uint256 j; j < bands.length; ++j) {
            _bench.put(market, _bench.person(j), bands[j], amounts[j], terms.revealSeconds != 0);
        }
        _bench.announced(market);
        int96 answer = int96(vm.parseJsonInt(json, _in(i, "answer")));
        _says.set(answer, 10_000, vm.parseJsonBytes32(json, _in(i, "seed")));
        _bench.score(terms, "");
    }

    function _checkPrizes(string memory json, uint256 i, bytes32 market) private {
        uint256 worth = vm.parseJsonUint(json, _in(i, "prize"));
        uint256[] memory bands = vm.parseJsonUintArray(json, _in(i, "drawnBands"));
        uint256[] memory offsets = vm.parseJsonUintArray(json, _in(i, "drawnOffsets"));
        uint256[] memory winners = vm.parseJsonUintArray(json, _in(i, "winners"));
        for (uint256 prize; prize < bands.length; ++prize) {
            (uint8 band, uint256 offset) = _bench.drawOf(market, prize);
            vm.assertEq(uint256(band), bands[prize], _at(i));
            vm.assertEq(offset, offsets[prize], _at(i));
            vm.assertEq(_bench.claimPrize(market, prize, _bench.person(winners[prize])), worth, _at(i));
        }
    }

    function _claim(bytes32 market, uint256[] memory pays, string memory at) private {
        for (uint256 j; j < pays.length; ++j) {
            address owner = _bench.person(j);
            uint256 before = _says.paidTo(owner);
            vm.assertEq(_bench.claim(market, owner), pays[j], at);
            vm.assertEq(_says.paidTo(owner) - before, pays[j], at);
        }
    }

    /* INTENTS */

    /// @dev The contract takes a signature of exactly this digest, so it is the one that it reckons.
    function test_Intents() external {
        string memory json = vm.readFile("../vectors/opinions.json");
        vm.chainId(vm.parseJsonUint(json, ".domain.chainId"));
        OpinionsBench bench = OpinionsBench(vm.parseJsonAddress(json, ".domain.verifyingContract"));
        vm.etch(address(bench), address(_bench).code);
        uint256 i;
        for (; vm.keyExistsJson(json, _at(i)); ++i) {
            OpinionMarket memory terms = _read(json, _at(i));
            OpinionIntent memory intent = _intentAt(json, i, _bench.idOf(terms));
            (bytes32 hash, Door door) = (_bench.termsHash(terms), _bench.doorOf(terms));
            bytes memory signature = _signed(i + 1, vm.parseJsonBytes32(json, _in(i, "intent.digest")));
            bytes memory sealed_ = vm.parseJsonBytes(json, _in(i, "intent.sealed"));
            bench.setNonce(intent.owner, intent.nonce);
            vm.warp(terms.closesAt - terms.quietSeconds - 1);
            bench.stakeBySig(hash, door, intent, sealed_, signature, Permit(0, 0, 0, 0, 0));
            (uint8 band,, uint256 amount,) = bench.positionOf(intent.market, intent.owner);
            vm.assertEq(uint256(band), intent.band);
            vm.assertEq(amount, intent.amount);
        }
        vm.assertEq(i, 24);
    }

    function _intentAt(string memory json, uint256 i, bytes32 market)
        private
        pure
        returns (OpinionIntent memory intent)
    {
        intent.market = market;
        intent.band = uint8(vm.parseJsonUint(json, _in(i, "intent.band")));
        intent.amount = uint48(vm.parseJsonUint(json, _in(i, "intent.amount")));
        intent.opinion = vm.parseJsonBytes32(json, _in(i, "intent.opinion"));
        intent.commitment = vm.parseJsonBytes32(json, _in(i, "intent.commitment"));
        intent.owner = vm.parseJsonAddress(json, _in(i, "intent.owner"));
        intent.nonce = vm.parseJsonUint(json, _in(i, "intent.nonce"));
        intent.deadline = uint40(vm.parseJsonUint(json, _in(i, "intent.deadline")));
    }

    function _signed(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _newBench() private returns (OpinionsBench) {
        return new OpinionsBench(address(_says), address(_says));
    }
}
