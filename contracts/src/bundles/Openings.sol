// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ECDSA} from "solady/utils/ECDSA.sol";
import {BundleHashes} from "./BundleHashes.sol";
import {Bundle, MOST_LEGS, Mode, Outcome} from "./BundleTypes.sol";
import {BundleWord, BundleWords} from "./BundleWord.sol";
import {Brake} from "./Brake.sol";
import {FeeLedger} from "./FeeLedger.sol";
import {IBundleHub, Opening, Refusal} from "./IBundleHub.sol";

interface IERC1271 {
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4);
}

/// @dev Bundles come in: each gets its word, and its legs the next ordinals.
abstract contract Openings is FeeLedger, Brake {
    /// @dev What an owner's contract may spend on saying that a signature is its own: it can fail its own bundle, not the
    ///      others that are opened with it.
    uint256 private constant SIGNATURE_GAS = 150_000;

    enum Fault {
        None,
        Legs,
        Deadline,
        Owner
    }

    uint40 public immutable LONGEST_WINDOW;
    uint256 private immutable _chainId = block.chainid;
    bytes32 private immutable _domain = BundleHashes.domainOf(block.chainid, address(this));

    /// @notice The first ordinal that no leg has. It shares its slot with the pause.
    uint64 public nextOrdinal;
    mapping(bytes32 id => BundleWord) internal _words;

    constructor(uint40 longestWindow) {
        require(longestWindow != 0, Hub_BadLimits("longestWindow"));
        LONGEST_WINDOW = longestWindow;
        // Facts and settlers name ordinals and no hub. Half of all, and whole words of a settler's.
        nextOrdinal = uint64(uint256(_domain)) >> 1 & ~uint64(0xff);
    }

    /// @inheritdoc IBundleHub
    function open(Bundle calldata bundle, bytes calldata legs) external payable returns (bytes32 id) {
        require(!_isPaused(), Hub_Paused(pausedUntil));
        require(bundle.owner == msg.sender, Hub_NotOwner(bundle.owner, msg.sender));
        require(bundle.fee == msg.value, Hub_WrongFee(bundle.fee, msg.value));
        Fault fault = _faultOf(bundle);
        if (fault != Fault.None) revert Hub_BadTerms(_textOf(fault));
        id = idOf(bundle);
        require(!_isKnown(id), Hub_OpenAlready(id));

        _open(id, bundle, legs);
    }

    /// @inheritdoc IBundleHub
    function expireUnopened(Bundle calldata bundle, bytes calldata legs) external {
        require(bundle.mode == Mode.Escrowed && _hasLegs(bundle), Hub_BadTerms("mode or legs"));
        bytes32 id = idOf(bundle);
        require(block.timestamp > bundle.deadline, Hub_Early(id, bundle.deadline));
        require(!_isKnown(id), Hub_OpenAlready(id));
        // To read a field is to check it. No other needs it, and what is logged has to be a header for whoever reads it.
        bundle.fee;

        uint64 base = _take(bundle.legs);
        _words[id] = BundleWords.unopened(bundle, base, uint40(block.timestamp));

        _log(Unopened.selector, id, bundle, base, legs);
        emit Decided(id, base, Outcome.Aborted);
    }

    /// @inheritdoc IBundleHub
    function openMany(Opening[] calldata openings) external {
        require(!_isPaused(), Hub_Paused(pausedUntil));
        for (uint256 i; i < openings.length; ++i) {
            Opening calldata opening = openings[i];
            Bundle calldata bundle = opening.bundle;
            bytes32 id = idOf(bundle);
            (bool fits, Refusal why) = _mayOpen(id, bundle, opening.signature);
            if (!fits) {
                emit Refused(id, why);
                continue;
            }
            creditOf[bundle.owner] -= bundle.fee;
            _open(id, bundle, opening.legs);
        }
    }

    /// @inheritdoc IBundleHub
    function show(bytes32 id, bytes calldata legs) external {
        emit Shown(id, legs);
    }

    /// @inheritdoc IBundleHub
    function topUp(bytes32 id) external payable {
        BundleWord word = _words[id];
        require(word.outcome() == Outcome.Open, Hub_NotOpen(id, word.outcome()));
        uint256 fee = word.fee() + msg.value;
        require(fee <= type(uint96).max, Hub_FeeTooLarge(fee));

        _words[id] = word.toppedUp(uint96(msg.value));

        emit ToppedUp(id, msg.sender, uint96(msg.value));
    }

    /// @inheritdoc IBundleHub
    function wordOf(bytes32 id) external view returns (BundleWord) {
        return _words[id];
    }

    /// @inheritdoc IBundleHub
    function outcomeOf(bytes32 id) external view returns (Outcome) {
        return _words[id].outcome();
    }

    /// @inheritdoc IBundleHub
    function idOf(Bundle calldata bundle) public view returns (bytes32) {
        return BundleHashes.idOfGiven(_domainNow(), bundle);
    }

    /* INSIDE */

    /// @dev On a chain that split off, signatures of the other are worthless.
    function _domainNow() internal view returns (bytes32) {
        return block.chainid == _chainId ? _domain : BundleHashes.domainOf(block.chainid, address(this));
    }

    function _isKnown(bytes32 id) private view returns (bool) {
        return _words[id].outcome() != Outcome.None;
    }

    function _open(bytes32 id, Bundle calldata bundle, bytes calldata legs) private {
        uint64 base = _take(bundle.legs);
        _words[id] = BundleWords.opened(bundle, base);

        _log(Opened.selector, id, bundle, base, legs);
    }

    /// @return base the first of as many ordinals, which nobody else gets
    function _take(uint8 legs) private returns (uint64 base) {
        base = nextOrdinal;
        nextOrdinal = base + legs;
    }

    /// @dev emit Opened(id, bundle.owner, base, bundle, legs), or Unopened, copied as it came: written so, encoding it costs 2,000
    ///      gas.
    function _log(bytes32 topic, bytes32 id, Bundle calldata bundle, uint64 base, bytes calldata legs) private {
        (address owner, uint64 salt) = (bundle.owner, bundle.salt);
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, base)
            calldatacopy(add(data, 32), bundle, 224)
            // The salt is the one field that nobody who calls this has read, and so checked.
            mstore(add(data, 224), salt)
            mstore(add(data, 256), 288) // where the legs begin
            mstore(add(data, 288), legs.length)
            let padded := and(add(legs.length, 31), not(31))
            mstore(add(add(data, 288), padded), 0)
            mstore(add(data, 288), legs.length)
            calldatacopy(add(data, 320), legs.offset, legs.length)
            log3(data, add(320, padded), topic, id, owner)
        }
    }

    function _mayOpen(bytes32 id, Bundle calldata bundle, bytes calldata signature)
        private
        view
        returns (bool, Refusal)
    {
        if (_isKnown(id)) return (false, Refusal.OpenAlready);
        if (_faultOf(bundle) != Fault.None) return (false, Refusal.BadTerms);
        if (creditOf[bundle.owner] < bundle.fee) return (false, Refusal.NoCredit);
        if (!_hasSigned(bundle.owner, id, signature)) return (false, Refusal.BadSignature);
        return (true, Refusal.NotOpen);
    }

    /// @dev Whether it may be opened now.
    function _faultOf(Bundle calldata bundle) private view returns (Fault) {
        if (!_hasLegs(bundle)) return Fault.Legs;
        uint256 now_ = block.timestamp;
        if (bundle.deadline <= now_ || bundle.deadline > now_ + LONGEST_WINDOW) return Fault.Deadline;
        return bundle.owner == address(0) ? Fault.Owner : Fault.None;
    }

    function _hasLegs(Bundle calldata bundle) private pure returns (bool) {
        return bundle.legs != 0 && bundle.legs <= MOST_LEGS;
    }

    function _textOf(Fault fault) private pure returns (string memory) {
        if (fault == Fault.Legs) return "legs";
        return fault == Fault.Deadline ? "deadline" : "owner";
    }

    /// @dev As {Signatures-hasSigned}, with a bound on what a contract may spend, and on what is taken of its answer: a word.
    function _hasSigned(address owner, bytes32 id, bytes calldata signature) private view returns (bool) {
        if (ECDSA.tryRecoverCalldata(id, signature) == owner) return true;
        bytes memory asked = abi.encodeCall(IERC1271.isValidSignature, (id, signature));
        bytes32 answer;
        assembly ("memory-safe") {
            mstore(0, 0)
            let done := staticcall(SIGNATURE_GAS, owner, add(asked, 32), mload(asked), 0, 32)
            if and(done, eq(returndatasize(), 32)) { answer := mload(0) }
        }
        return answer == bytes32(IERC1271.isValidSignature.selector);
    }
}
