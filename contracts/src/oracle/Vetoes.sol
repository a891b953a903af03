// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AnswerWord, AnswerWords} from "./AnswerWord.sol";
import {IOracle, Question, Status} from "./IOracle.sol";
import {Questions} from "./Questions.sol";
import {Refusals} from "./Refusals.sol";

/// @dev How the watcher that an asker named gets time for others to object. He can do so once, and nothing else.
abstract contract Vetoes is Questions {
    /// @inheritdoc IOracle
    /// @dev A veto takes the name away, so there is no second one.
    mapping(bytes32 question => address) public watchedBy;

    /// @inheritdoc IOracle
    function setWatcher(Question calldata terms, address watcher) external {
        require(terms.asker == msg.sender, Oracle_NotAsker(terms.asker, msg.sender));
        bytes32 question = idOf(terms);
        AnswerWord word = _words[question];
        // One that was answered, disputed and opened again may have spent its veto.
        bool isNew = word.state() == AnswerWords.OPEN && word.disputes() == 0;
        if (!isNew || block.timestamp > terms.opensAt) Refusals.notOpen(question, _statusOf(word));

        watchedBy[question] = watcher;

        emit WatcherSet(question, watcher);
    }

    /// @inheritdoc IOracle
    function veto(Question calldata terms, bytes32 reason) external {
        bytes32 question = idOf(terms);
        require(watchedBy[question] == msg.sender, Oracle_NotWatcher(question, msg.sender));
        AnswerWord word = _words[question];
        Status status = _statusOf(word);
        if (status != Status.Answered) Refusals.notDisputable(question, status);
        // More, and stakes would have to stay bound for longer: see {Ladder}.
        uint32 most = MAX_LIVENESS / 2;
        uint40 finalizeAt = word.finalizeAt() + (terms.liveness < most ? terms.liveness : most);

        delete watchedBy[question];
        _words[question] = word.withFinalizeAt(finalizeAt);

        emit Vetoed(question, msg.sender, finalizeAt, reason);
    }
}
