// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SignerSet, SignerSets} from "../SignerSet.sol";
import {Docket} from "./Docket.sol";
import {Draw} from "./Draw.sol";
import {ICourt, Jury, JurorFault} from "./ICourt.sol";
import {ICourtSlasher} from "./ICourtNeeds.sol";
import {JuryFrame, Openings} from "./Openings.sol";
import {Votes} from "./Votes.sol";

/// @dev What it promises and assumes stands at {ICourt}.
contract Court is Docket {
    using SignerSets for SignerSet;
    using Openings for JuryFrame;
    using Votes for uint256;
    using Draw for uint256;

    constructor(
        address wiring_,
        address stakeManager_,
        address guard_,
        address ledger_,
        address randomness_,
        uint40 evidenceSeconds,
        uint40 commitSeconds,
        uint40 revealSeconds,
        uint40 beaconDelay
    )
        Docket(
            wiring_,
            stakeManager_,
            guard_,
            ledger_,
            randomness_,
            evidenceSeconds,
            commitSeconds,
            revealSeconds,
            beaconDelay
        )
    {}

    /* OPENING */

    /// @inheritdoc ICourt
    function open(bytes32 subject, uint8 size, uint256 excluded, uint32 jurorEpoch, uint96 fee, uint8 third)
        external
        returns (bytes32 jury)
    {
        require(msg.sender == wiring.ladder() || msg.sender == wiring.slasher(), Court_NotArbitrable(msg.sender));
        require(size != 0 && size <= Draw.MAX_SIZE, Court_BadTerms("size"));
        require(third != 0 && third <= 3, Court_BadTerms("third"));
        uint256 eligible = Draw.eligible(_freshJurors(jurorEpoch), excluded);
        uint256 wanted = Draw.leastJurors(size);
        require(eligible >= wanted, Court_TooFewJurors(eligible, wanted));

        Jury memory terms = Jury({
            arbitrable: msg.sender,
            subject: subject,
            size: size,
            jurorEpoch: jurorEpoch,
            excluded: excluded,
            fee: fee,
            openedAt: guard.clock(),
            beaconRound: randomness.roundAfter(uint40(block.timestamp) + BEACON_DELAY)
        });
        jury = keccak256(abi.encode(terms));
        require(_words[jury] == 0, Court_AlreadyOpen(jury));

        _words[jury] = Votes.opened(third);

        emit JuryOpened(jury, terms);

        if (fee != 0) ledger.collect(msg.sender, fee);
    }

    /* COMMITTING */

    /// @inheritdoc ICourt
    function postCommits(Jury calldata terms, bytes32 batch) external {
        bytes32 jury = _toCommit(terms);

        _posted[_batchOf(jury, batch)] = true;

        emit CommitsPosted(jury, batch);
    }

    /// @inheritdoc ICourt
    function commitOwn(Jury calldata terms, uint8 juror, bytes32 commitment, bytes calldata signature) external {
        bytes32 jury = _toCommit(terms);
        (SignerSet memory set, uint256[] memory holdings) = _draw(jury, terms, randomness.seedOf(terms.beaconRound));
        _holding(jury, holdings, juror);
        require(commitment != 0, Court_BadOpening(jury, juror, "commitment"));
        require(_own[jury][juror] == 0, Court_AlreadyCommitted(jury, juror));
        _checkSignature(jury, set, juror, commitment, signature);

        _own[jury][juror] = commitment;

        emit CommittedOwn(jury, juror, commitment);
    }

    /* REVEALING */

    /// @inheritdoc ICourt
    function reveal(Jury calldata terms, bytes calldata openings) external {
        bytes32 jury = _toReveal(terms);
        (SignerSet memory set, uint256[] memory holdings) = _draw(jury, terms, randomness.seedOf(terms.beaconRound));
        uint256 word = _words[jury];
        (bytes32 batch, uint256 after_) = _frame(jury).read(set, holdings, openings, word);
        require(_posted[_batchOf(jury, batch)], Court_NotPosted(jury, batch));

        _record(jury, word, after_);
    }

    /// @inheritdoc ICourt
    function revealOwn(Jury calldata terms, uint8 juror, uint8 choice, bytes16 salt) external {
        bytes32 jury = _toReveal(terms);
        _checkChoice(jury, juror, choice);
        bytes32 commitment = _own[jury][juror];
        require(commitment != 0, Court_NotCommitted(jury, juror));
        require(
            commitment == Openings.commitmentOf(jury, juror, choice, salt), Court_BadOpening(jury, juror, "commitment")
        );
        (, uint256[] memory holdings) = _draw(jury, terms, randomness.seedOf(terms.beaconRound));
        uint256 word = _words[jury];
        require(word.choiceOf(holdings[juror]) == 0, Court_HasVoted(jury, juror));

        _record(jury, word, word.cast(holdings[juror], choice));
    }

    /* FAULTS THAT ANYBODY CAN SHOW */

    /// @inheritdoc ICourt
    function leak(Jury calldata terms, uint8 juror, uint8 choice, bytes16 salt, bytes calldata signature) external {
        bytes32 jury = _known(terms);
        (, uint40 revealAt,) = windowsOf(terms);
        _checkTime(jury, terms.openedAt, revealAt);
        _checkChoice(jury, juror, choice);
        (SignerSet memory set, uint256[] memory holdings) = _draw(jury, terms, randomness.seedOf(terms.beaconRound));
        _holding(jury, holdings, juror);
        _checkSignature(jury, set, juror, Openings.commitmentOf(jury, juror, choice, salt), signature);

        _show(jury, set, juror, JurorFault.Leaked);
    }

    /// @inheritdoc ICourt
    function equivocated(
        Jury calldata terms,
        uint8 juror,
        bytes32[2] calldata commitments,
        bytes calldata signatureOfFirst,
        bytes calldata signatureOfSecond
    ) external {
        bytes32 jury = _known(terms);
        require(commitments[0] != commitments[1], Court_BadOpening(jury, juror, "commitment"));
        SignerSet memory set = _jurors(terms.jurorEpoch);
        require(juror < set.count, Court_BadOpening(jury, juror, "juror"));
        _checkSignature(jury, set, juror, commitments[0], signatureOfFirst);
        _checkSignature(jury, set, juror, commitments[1], signatureOfSecond);

        _show(jury, set, juror, JurorFault.Equivocal);
    }

    /// @inheritdoc ICourt
    function withheld(
        Jury calldata terms,
        uint8 juror,
        bytes32[] calldata commitments,
        uint256 index,
        bytes calldata signature
    ) external {
        bytes32 jury = _known(terms);
        _checkOver(jury, terms);
        (SignerSet memory set, uint256[] memory holdings) = _draw(jury, terms, randomness.seedOf(terms.beaconRound));
        require(_words[jury].choiceOf(_holding(jury, holdings, juror)) == 0, Court_HasVoted(jury, juror));
        if (commitments.length == 0) {
            require(_own[jury][juror] != 0, Court_NotCommitted(jury, juror));
        } else {
            bytes32 batch = Openings.batchOf(commitments);
            require(_posted[_batchOf(jury, batch)], Court_NotPosted(jury, batch));
            require(index < commitments.length, Court_BadOpening(jury, juror, "commitment"));
            _checkSignature(jury, set, juror, commitments[index], signature);
        }

        _show(jury, set, juror, JurorFault.Withheld);
    }

    /* VERDICT */

    /// @inheritdoc ICourt
    function verdictOf(Jury calldata terms)
        external
        view
        returns (bool ended, uint8 choice, uint256 votesFor, uint256 drawn)
    {
        bytes32 jury = _known(terms);
        uint256 found;
        (found, votesFor) = _words[jury].verdict(terms.size);
        return (found != 0 || _isOver(jury, terms), uint8(found), votesFor, terms.size);
    }

    /// @inheritdoc ICourt
    function close(Jury calldata terms) external {
        bytes32 jury = _known(terms);
        uint256 word = _words[jury];
        require(!word.isClosed(), Court_AlreadyClosed(jury));
        _checkOver(jury, terms);
        (uint256 choice, uint256 votesFor) = word.verdict(terms.size);
        uint96 perSeat = choice == 0 ? 0 : terms.fee / terms.size;
        uint96 returned = terms.fee - perSeat * uint96(votesFor);

        _words[jury] = word | Votes.CLOSED;

        emit JuryClosed(jury, uint8(choice), votesFor, perSeat, returned);

        (bool drawn, bytes32 seed) = _seedIfAny(jury, terms, word);
        if (drawn) {
            (SignerSet memory set, uint256[] memory holdings) = _draw(jury, terms, seed);
            _pay(terms.arbitrable, set, holdings, word, choice, perSeat);
            _report(jury, set, holdings, word, choice);
        }
        if (returned != 0) ledger.pay(terms.arbitrable, returned);
    }

    /// @inheritdoc ICourt
    function reward(Jury calldata terms, uint96 most) external returns (uint96 paid) {
        bytes32 jury = _known(terms);
        _checkOver(jury, terms);
        uint256 word = _words[jury];
        (uint256 choice, uint256 votesFor) = word.verdict(terms.size);
        uint96 perSeat = choice == 0 ? 0 : most / terms.size;
        paid = perSeat * uint96(votesFor);
        if (paid == 0) return 0;

        emit Rewarded(jury, msg.sender, perSeat, paid);

        (SignerSet memory set, uint256[] memory holdings) = _draw(jury, terms, randomness.seedOf(terms.beaconRound));
        ledger.collect(msg.sender, paid);
        _pay(msg.sender, set, holdings, word, choice, perSeat);
    }

    /* EFFECTS */

    function _record(bytes32 jury, uint256 before, uint256 word) private {
        if (word == before) return;
        _words[jury] = word;
        emit Revealed(jury, word.ballots());
    }

    function _show(bytes32 jury, SignerSet memory set, uint8 juror, JurorFault kind) private {
        (address signer,) = set.seatAt(juror);
        bytes32 fault = keccak256(abi.encode(jury, signer, kind));
        require(!_shown[fault], Court_AlreadyShown(jury, juror, kind));

        _shown[fault] = true;

        emit FaultShown(jury, juror, kind, msg.sender);

        ICourtSlasher(wiring.slasher()).juror(signer, fault, kind, msg.sender);
    }

    /// @param payer gets back the part of who is banned
    function _pay(
        address payer,
        SignerSet memory set,
        uint256[] memory holdings,
        uint256 word,
        uint256 choice,
        uint96 perSeat
    ) private {
        if (perSeat == 0) return;
        for (uint256 juror; juror < holdings.length; ++juror) {
            uint256 holding = holdings[juror];
            if (holding == 0 || word.choiceOf(holding) != choice) continue;
            (address signer,) = set.seatAt(juror);
            address earner = stakeManager.earnerOf(signer);
            ledger.pay(earner == address(0) ? payer : earner, perSeat * uint96(holding.seatCount()));
        }
    }

    function _report(bytes32 jury, SignerSet memory set, uint256[] memory holdings, uint256 word, uint256 choice)
        private
    {
        ICourtSlasher slasher = ICourtSlasher(wiring.slasher());
        for (uint256 juror; juror < holdings.length; ++juror) {
            uint256 holding = holdings[juror];
            if (holding == 0) continue;
            uint256 voted = word.choiceOf(holding);
            // Without a verdict nobody can have voted against it.
            if (voted != 0 && (voted == choice || choice == 0)) continue;
            JurorFault kind = voted == 0 ? JurorFault.Missing : JurorFault.Incoherent;
            (address signer,) = set.seatAt(juror);
            slasher.juror(signer, keccak256(abi.encode(jury, signer, kind)), kind, address(0));
        }
    }
}
