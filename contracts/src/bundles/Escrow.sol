// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {Permit, Permits} from "../lib/Permits.sol";
import {Signatures} from "../lib/Signatures.sol";
import {Brake} from "./Brake.sol";
import {BundleHashes} from "./BundleHashes.sol";
import {Bundle, Leg, LegKind, LegStatus, MOST_FINISH_GAS, MOST_LEGS, MOST_PAYLOAD, Mode, NO_LEG, Outcome} from "./BundleTypes.sol";
import {Envoy} from "./Envoy.sol";
import {Facts} from "./Facts.sol";
import {Finish, HeldLeg, IEscrow} from "./IEscrow.sol";
import {ILanes, OtherLeg} from "./ILanes.sol";
import {IParticipant} from "./IParticipant.sol";
import {BundleDecision} from "./ISettler.sol";
import {IVerifier} from "./IVerifier.sol";
import {Lanes} from "./Lanes.sol";
import {TokenLimits} from "./TokenLimits.sol";

/// @dev What it promises stands at {IEscrow}.
contract Escrow is Brake, Lanes {
    using Permits for Permit;
    using SafeTransferLib for address;

    /// @dev What a token gets to move. One that wants more leaves its recipient a credit, which is moved without bound.
    uint256 public constant TRANSFER_GAS = 300_000;

    /// @dev Turned in the hash of a held leg that counts on its lanes: so who finishes one that does not pays nothing for asking.
    bytes32 private constant ON_LANES = bytes32(uint256(1));

    /// @dev From preparing to the deadline: whoever signs another's bundle should not wait for it for ever, nor for one that is
    ///      too far ahead for a hub to open.
    uint256 public constant LONGEST_WAIT = 7 days;

    IVerifier public immutable verifier;
    Envoy public immutable envoy;
    uint40 public immutable ESCAPE_SECONDS;
    bytes32 private immutable _hubDomain;
    /// @dev Of when it was built: on a chain that split off nothing more comes in, and what is held still comes out.
    uint256 private immutable _chainId = block.chainid;

    mapping(bytes32 id => mapping(uint8 index => bytes32)) private _slots;
    /// @dev Of participants that failed: the attested outcome that is the only one which may be tried again.
    mapping(bytes32 id => mapping(uint8 index => Outcome)) private _due;
    mapping(address token => mapping(address account => uint256)) private _credits;
    bool private transient _entered;

    /// @dev Measured balances and slots that are written before a call want nobody to come in between.
    modifier alone() {
        require(!_entered, Escrow_Reentered());
        _entered = true;
        _;
        _entered = false;
    }

    constructor(
        address verifier_,
        uint256 hubChainId,
        address hub,
        address guardian_,
        address governor_,
        uint40 escapeSeconds
    ) Brake(guardian_) TokenLimits(governor_) {
        verifier = IVerifier(verifier_);
        _hubDomain = BundleHashes.domainOf(hubChainId, hub);
        ESCAPE_SECONDS = escapeSeconds;
        envoy = new Envoy(address(this));
    }

    /* IN */

    /// @inheritdoc IEscrow
    function prepare(
        Bundle calldata header,
        bytes32[] calldata legHashes,
        uint8 index,
        HeldLeg calldata leg,
        bytes calldata signature,
        Permit calldata permit
    ) external alone returns (bytes32 id) {
        return _prepare(header, legHashes, index, leg, signature, permit);
    }

    /// @inheritdoc ILanes
    function prepareAcross(
        Bundle calldata header,
        bytes32[] calldata legHashes,
        uint8 index,
        HeldLeg calldata leg,
        bytes calldata signature,
        Permit calldata permit,
        OtherLeg[] calldata others
    ) external alone returns (bytes32 id) {
        _learnChains(idOf(header), legHashes, index, others);
        // It makes sure of the hashes.
        return _prepare(header, legHashes, index, leg, signature, permit);
    }

    /* OUT */

    /// @inheritdoc IEscrow
    function finish(
        Finish[] calldata legs,
        BundleDecision[] calldata decisions,
        bytes calldata evidence,
        address relayer
    ) external alone {
        _check(legs, decisions, evidence);
        for (uint256 i; i < legs.length; ++i) {
            Finish calldata one = legs[i];
            bytes32 turned = _slots[one.id][one.index] ^ _hashOf(one.leg);
            if (turned != 0 && turned != ON_LANES) continue;
            // Not passed over: whoever held it in the same transaction relies on both.
            if (counted && _justCounted(one.id, one.index)) revert Escrow_JustHeld(one.id, one.index);
            BundleDecision calldata decision = decisions[one.decision];
            bool committed = decision.outcome == Outcome.Committed;
            require(
                decision.id == one.id && (committed || decision.outcome == Outcome.Aborted), Escrow_Undecided(one.id)
            );
            if (!_release(one.id, one.index, one.leg, decision.outcome, one.gas)) {
                _due[one.id][one.index] = decision.outcome;
                continue;
            }
            if (turned == ON_LANES) _endAcross(one.id, one.leg.target, one.leg.value, committed);
            emit Finished(one.id, one.index, decision.outcome);
            emit Receipt(decision.base + one.index, committed ? LegStatus.Ok : LegStatus.Cancelled, 0, relayer);
        }
    }

    /// @inheritdoc IEscrow
    function takeBack(Bundle calldata header, uint8 index, HeldLeg calldata leg, uint32 gas_) external alone {
        bytes32 id = idOf(header);
        uint256 from = uint256(header.deadline) + ESCAPE_SECONDS;
        require(block.timestamp > from, Escrow_TooSoon(from + 1));
        bytes32 turned = _slots[id][index] ^ _hashOf(leg);
        require(turned == 0 || turned == ON_LANES, Escrow_NotHeld(id, index));
        if (_release(id, index, leg, Outcome.Aborted, gas_)) emit TakenBack(id, index);
    }

    /// @inheritdoc IEscrow
    function withdraw(address token, address to) external alone returns (uint256 amount) {
        amount = _credits[token][msg.sender];
        require(amount != 0, Escrow_NothingToWithdraw(token, msg.sender));

        _credits[token][msg.sender] = 0;

        emit Withdrawn(token, msg.sender, to, amount);

        token.safeTransfer(to, amount);
    }

    /* VIEWS */

    /// @inheritdoc IEscrow
    function slotOf(bytes32 id, uint8 index) external view returns (bytes32) {
        return _slots[id][index];
    }

    /// @inheritdoc IEscrow
    function dueOf(bytes32 id, uint8 index) external view returns (Outcome) {
        return _due[id][index];
    }

    /// @inheritdoc IEscrow
    function creditOf(address token, address account) external view returns (uint256) {
        return _credits[token][account];
    }

    /// @inheritdoc IEscrow
    function idOf(Bundle calldata header) public view returns (bytes32) {
        return BundleHashes.idOf(_hubDomain, header);
    }

    /* INSIDE */

    function _prepare(
        Bundle calldata header,
        bytes32[] calldata legHashes,
        uint8 index,
        HeldLeg calldata leg,
        bytes calldata signature,
        Permit calldata permit
    ) private returns (bytes32 id) {
        require(!_isPaused(), Escrow_Paused(pausedUntil));
        require(block.chainid == _chainId, Escrow_BadLeg("chain"));
        require(header.mode == Mode.Escrowed, Escrow_BadLeg("mode"));
        require(block.timestamp <= header.deadline, Escrow_Late(header.deadline));
        require(header.deadline <= block.timestamp + LONGEST_WAIT, Escrow_BadLeg("deadline"));
        bytes32 hash = _hashOf(leg);
        require(
            header.legs == legHashes.length && index < legHashes.length && legHashes[index] == hash
                && legHashes.length <= MOST_LEGS && keccak256(abi.encodePacked(legHashes)) == header.legsHash,
            Escrow_BadLeg("hash")
        );
        id = idOf(header);
        require(_slots[id][index] == 0, Escrow_NotEmpty(id, index));

        bool onLanes = lanesLimited != 0 && leg.kind == LegKind.Escrow;
        _slots[id][index] = onLanes ? hash ^ ON_LANES : hash;

        emit Prepared(id, index, hash);

        if (onLanes && _enterAcross(id, leg.target, leg.value)) _markCounted(id, index);
        if (leg.kind == LegKind.Escrow) _takeIn(id, index, leg, signature, permit);
        else _reserve(id, index, header, leg, signature);
    }

    function _takeIn(bytes32 id, uint8 index, HeldLeg calldata leg, bytes calldata signature, Permit calldata permit)
        private
    {
        (address payer, address recipient) = _partiesOf(leg);
        require(leg.value != 0, Escrow_BadLeg("value"));
        require(recipient != address(0) && recipient != address(this), Escrow_BadLeg("recipient"));
        _checkConsent(id, payer, signature);
        if (_enter(leg.target, leg.value)) _markCounted(id, index);

        permit.tryPermit(leg.target, payer);
        uint256 before = leg.target.balanceOf(address(this));
        leg.target.safeTransferFrom(payer, address(this), leg.value);
        uint256 got = leg.target.balanceOf(address(this)) - before;
        require(got == leg.value, Escrow_BadToken(leg.target, got, leg.value));
    }

    function _reserve(bytes32 id, uint8 index, Bundle calldata header, HeldLeg calldata leg, bytes calldata signature)
        private
    {
        require(leg.value == 0, Escrow_BadLeg("value"));
        require(leg.data.length <= MOST_PAYLOAD, Escrow_BadLeg("data"));
        // More could never be given to it, and what it set aside would stay so for ever.
        require(leg.gasLimit <= MOST_FINISH_GAS, Escrow_BadLeg("gasLimit"));
        _checkConsent(id, header.owner, signature);
        envoy.prepare(IParticipant(leg.target), id, index, header.owner, header.deadline, leg.data);
    }

    function _checkConsent(bytes32 id, address account, bytes calldata signature) private view {
        require(msg.sender == account || Signatures.hasSigned(account, id, signature), Escrow_NotSigned(id, account));
    }

    function _check(Finish[] calldata legs, BundleDecision[] calldata decisions, bytes calldata evidence) private {
        bytes32[] memory facts = new bytes32[](decisions.length);
        for (uint256 i; i < decisions.length; ++i) {
            facts[i] = Facts.decision(decisions[i].id, decisions[i].base, decisions[i].outcome);
        }
        uint256 most;
        for (uint256 i; i < legs.length; ++i) {
            if (legs[i].leg.value > most) most = legs[i].leg.value;
        }
        verifier.check(facts, most, evidence);
    }

    /// @return done false: a participant failed, and the leg is still held
    function _release(bytes32 id, uint8 index, HeldLeg calldata leg, Outcome outcome, uint256 gas_)
        private
        returns (bool done)
    {
        bytes32 held = _slots[id][index];
        _slots[id][index] = bytes32(uint256(outcome));

        if (leg.kind == LegKind.Escrow) {
            (address payer, address recipient) = _partiesOf(leg);
            _pay(id, index, leg.target, outcome == Outcome.Committed ? recipient : payer, leg.value);
            return true;
        }
        // Other legs of the bundle may have moved by the outcome that failed here.
        Outcome due = _due[id][index];
        require(due == Outcome.None || due == outcome, Escrow_DueOtherwise(id, index, due));
        // What its leg states may be too little, and its owner may have meant it to be: so whoever finishes can give more.
        if (gas_ < leg.gasLimit) gas_ = leg.gasLimit;
        require(gas_ <= MOST_FINISH_GAS, Escrow_TooMuchGas(gas_, MOST_FINISH_GAS));
        // It reverts when the participant could not get all of its gas.
        try envoy.finish(IParticipant(leg.target), gas_, id, index, outcome) returns (bool done_) {
            done = done_;
        } catch {
            revert Escrow_Starved(id, index);
        }
        if (done) return true;
        _slots[id][index] = held;
        emit NotFinished(id, index);
    }

    /// @dev Whom the token refuses is credited. Gas is not what may make it refuse: nobody can turn a payment into a credit by
    ///      bringing too little.
    function _pay(bytes32 id, uint8 index, address token, address to, uint256 amount) private {
        require(gasleft() > TRANSFER_GAS * 64 / 63 + 10_000, Escrow_Starved(id, index));
        bytes memory data = abi.encodeCall(IERC20Transfer.transfer, (to, amount));
        bool done;
        assembly ("memory-safe") {
            mstore(0, 0)
            done := call(TRANSFER_GAS, token, 0, add(data, 32), mload(data), 0, 32)
            // Some tokens return nothing; those that return something must say that they did it.
            switch returndatasize()
            case 0 { done := and(done, iszero(iszero(extcodesize(token)))) }
            default { done := and(done, and(gt(returndatasize(), 31), eq(mload(0), 1))) }
        }
        if (done) return;
        _credits[token][to] += amount;
        emit Credited(token, to, amount);
    }

    function _partiesOf(HeldLeg calldata leg) private pure returns (address payer, address recipient) {
        require(leg.data.length == 64, Escrow_BadLeg("data"));
        return abi.decode(leg.data, (address, address));
    }

    /// @dev As {BundleHashes-legHash} has it, of a leg on this chain.
    function _hashOf(HeldLeg calldata held) private view returns (bytes32) {
        require(held.kind == LegKind.Escrow || held.kind == LegKind.Participant, Escrow_BadLeg("kind"));
        Leg memory leg;
        leg.chainId = _chainId;
        leg.kind = held.kind;
        leg.target = held.target;
        leg.value = held.value;
        leg.gasLimit = held.gasLimit;
        leg.data = held.data;
        leg.undoes = NO_LEG;
        leg.salt = held.salt;
        return BundleHashes.legHash(leg);
    }
}

interface IERC20Transfer {
    function transfer(address to, uint256 amount) external returns (bool);
}
