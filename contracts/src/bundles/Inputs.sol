// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";
import {Comparison, Condition, LegStatus, Splice} from "./BundleTypes.sol";
import {ISettler, LegReceipt, LegWords, RunnableLeg} from "./ISettler.sol";
import {LegBytes} from "./LegBytes.sol";
import {LegWord} from "./LegWord.sol";

/// @dev What a leg takes from others: receipts that must stand, words that must compare, bytes put into its calldata.
library Inputs {
    using LegBytes for RunnableLeg;
    using LegWord for LegWords;

    /// @dev For what stands before the calldata when it is handed to an executor, but for the word of its length.
    uint256 internal constant ROOM = 0x60;

    /// @dev Reverts unless every leg that this one needs ended as it needs it to. To see to that is on whoever brings the leg:
    ///      a receipt that is not there, or is another's, says nothing about this one.
    function checkNeeds(RunnableLeg calldata leg, LegReceipt[] calldata receipts) internal pure {
        LegWords calldata words = leg.words;
        uint256 left = words.needed();
        for (uint256 i; left != 0; ++i) {
            uint256 place = LibBit.ffs(left);
            left &= left - 1;
            LegReceipt calldata receipt = receipts[uint8(leg.needs[i])];
            uint64 needed = words.base() + uint64(place);
            require(
                receipt.ordinal == needed && isAsNeeded(words, place, receipt.status),
                ISettler.Settler_BadReceipt(words.ordinal(), needed)
            );
        }
    }

    /// @dev Whether the leg at `place`, which ended as `status`, ended as these words need it to.
    function isAsNeeded(LegWords calldata words, uint256 place, LegStatus status) internal pure returns (bool) {
        uint256 bit = 1 << place;
        if ((words.needsOk() | words.undoneBit()) & bit != 0) return status == LegStatus.Ok;
        if (words.needsFailed() & bit != 0) return status == LegStatus.Failed;
        return status != LegStatus.None;
    }

    /// @dev The leg's calldata as it was brought. There are `ROOM` bytes before it that are nobody's.
    function copied(RunnableLeg calldata leg) internal pure returns (bytes memory data) {
        bytes calldata given = leg.dataOf();
        uint256 room = ROOM;
        assembly ("memory-safe") {
            data := add(mload(0x40), room)
            mstore(data, given.length)
            calldatacopy(add(data, 0x20), given.offset, given.length)
            mstore(0x40, add(data, and(add(given.length, 0x3f), not(0x1f))))
        }
    }

    /// @dev Puts into the leg's calldata what it takes from others. Not `fit`: nothing will ever make it so, for what others
    ///      returned does not change. Needs are checked before, and where its bytes stand ({LegBytes-checked}).
    function fill(RunnableLeg calldata leg, LegReceipt[] calldata receipts, bytes memory data)
        internal
        pure
        returns (bool fit)
    {
        bytes calldata inputs = leg.inputsOf();
        if (inputs.length == 0) return true;
        (Splice[] memory splices, Condition[] memory conditions) = abi.decode(inputs, (Splice[], Condition[]));
        for (uint256 i; i < conditions.length; ++i) {
            if (!_holds(leg, receipts, conditions[i])) return false;
        }
        for (uint256 i; i < splices.length; ++i) {
            if (!_splice(leg, receipts, splices[i], data)) return false;
        }
        return true;
    }

    function _holds(RunnableLeg calldata leg, LegReceipt[] calldata receipts, Condition memory condition)
        private
        pure
        returns (bool)
    {
        (bool there, bytes calldata returned) = _returnedBy(leg, receipts, condition.from);
        uint256 source = condition.source;
        if (!there || source + 32 > returned.length) return false;
        uint256 word = uint256(bytes32(returned[source:source + 32]));
        if (condition.comparison == Comparison.Equal) return word == condition.value;
        return condition.comparison == Comparison.AtLeast ? word >= condition.value : word <= condition.value;
    }

    function _splice(RunnableLeg calldata leg, LegReceipt[] calldata receipts, Splice memory splice, bytes memory data)
        private
        pure
        returns (bool)
    {
        (bool there, bytes calldata returned) = _returnedBy(leg, receipts, splice.from);
        (uint256 source, uint256 length, uint256 target) = (splice.source, splice.length, splice.target);
        if (!there || source + length > returned.length || target + length > data.length) return false;
        assembly ("memory-safe") {
            calldatacopy(add(add(data, 32), target), add(returned.offset, source), length)
        }
        return true;
    }

    /// @dev What leg `from` returned. Not `there`: it is no leg that this one may read, or it was never called. Other bytes than
    ///      it returned revert: whoever brings the leg must not be able to spoil it.
    function _returnedBy(RunnableLeg calldata leg, LegReceipt[] calldata receipts, uint8 from)
        private
        pure
        returns (bool there, bytes calldata returned)
    {
        LegWords calldata words = leg.words;
        returned = leg.inputs[:0];
        uint256 readable = words.needsOk() | words.needsFailed();
        if (from > 31 || readable & (1 << from) == 0) return (false, returned);
        uint256 place = LibBit.popCount(words.needed() & ((1 << from) - 1));
        LegReceipt calldata receipt = receipts[uint8(leg.needs[place])];
        if (receipt.result == 0) return (false, returned);
        returned = receipt.returned;
        require(keccak256(returned) == receipt.result, ISettler.Settler_BadResult(words.ordinal(), receipt.ordinal));
        return (true, returned);
    }
}
