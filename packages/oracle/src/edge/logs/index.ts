import {
  courtAbi,
  drandBeaconAbi,
  epochsAbi,
  feedsAbi,
  guardAbi,
  ladderAbi,
  oracleAbi,
  policyAbi,
  slasherAbi,
  stakeManagerAbi,
} from "@sooth/abi";
import { type Addresses, logHandlers, type LogHandlers } from "@sooth/chain";
import { onReportsCommitted } from "./commit-logs.ts";
import * as disputes from "./dispute-logs.ts";
import { onFeedCreated, onFeedTripped, onFeedUpdated } from "./feed-logs.ts";
import * as juries from "./jury-logs.ts";
import { tellingFeeds, tellingProviders } from "./live.ts";
import * as providers from "./provider-logs.ts";
import * as questions from "./question-logs.ts";
import { keepRoot, keepSigned, onEpochAsked, onLateReported } from "./reputation-logs.ts";
import * as security from "./security-logs.ts";
import { onVetoed, onWatcherSet } from "./veto-logs.ts";

/** What becomes of the logs of the oracle, of those who decide its disputes, and of whoever may slash, pause or draw. */
export const oracleLogHandlers = (addresses: Addresses): LogHandlers[] => [
  logHandlers({
    address: addresses.stakeManager,
    abi: stakeManagerAbi,
    on: {
      Joined: tellingProviders(providers.onJoined),
      KindsSet: tellingProviders(providers.onKindsSet),
      Seated: tellingProviders(providers.onSeated),
      Benched: tellingProviders(providers.onBenched),
      JurorSet: tellingProviders(providers.onJurorSet),
      JurorsTaken: juries.onJurorsTaken,
      Slashed: tellingProviders(security.onSlashed),
      SlashCredited: security.onSlashCredited,
      SlashClaimed: security.onSlashClaimed,
      Banned: tellingProviders(providers.onBanned),
      Frozen: tellingProviders(security.onFrozen),
      StandingSet: tellingProviders(security.onStandingSet),
      DomainPaused: security.onDomainPaused,
      StakeAdded: tellingProviders(providers.onStakeAdded),
      SignerRotated: tellingProviders(providers.onSignerRotated),
      Left: tellingProviders(providers.onLeft),
      Withdrawn: tellingProviders(providers.onWithdrawn),
      EpochAdvanced: tellingProviders(providers.onEpochAdvanced),
    },
  }),
  logHandlers({
    address: addresses.epochs,
    abi: epochsAbi,
    on: { EpochAsked: onEpochAsked, LateReported: onLateReported },
  }),
  logHandlers({
    address: addresses.oracle,
    abi: oracleAbi,
    on: {
      Asked: questions.onAsked,
      Clarified: questions.onClarified,
      Answered: async (tx, logs) => {
        await questions.onAnswered(tx, logs);
        await keepSigned(tx, logs);
        await questions.keepContradictions(tx, logs);
      },
      AnsweredRoot: async (tx, logs) => {
        await questions.onAnsweredRoot(tx, logs);
        await keepRoot(tx, logs);
      },
      Reopened: questions.onReopened,
      ReportsCommitted: onReportsCommitted,
      Disputed: disputes.onDisputed,
      DisputedRoot: disputes.onDisputedRoot,
      Ruled: disputes.onRuled,
      Held: disputes.onHeld,
      WatcherSet: onWatcherSet,
      Vetoed: onVetoed,
      RewardSettled: questions.onRewardSettled,
      Credited: providers.onCredited,
      Debited: providers.onDebited,
    },
  }),
  logHandlers({
    address: addresses.ladder,
    abi: ladderAbi,
    on: {
      Rereported: disputes.onRereported,
      Convened: disputes.onConvened,
      VerdictTaken: disputes.onVerdictTaken,
      Appealed: disputes.onAppealed,
      Awarded: disputes.onAwarded,
      Concluded: disputes.onConcluded,
    },
  }),
  logHandlers({
    address: addresses.court,
    abi: courtAbi,
    on: {
      JuryOpened: juries.onJuryOpened,
      CommitsPosted: juries.onCommitsPosted,
      CommittedOwn: juries.onCommittedOwn,
      Revealed: juries.onRevealed,
      FaultShown: juries.onFaultShown,
      JuryClosed: juries.onJuryClosed,
    },
  }),
  logHandlers({
    address: addresses.slasher,
    abi: slasherAbi,
    on: {
      Equivocated: security.onEquivocated,
      Outside: security.onOutside,
      Accused: security.onAccused,
      PositionShown: security.onPositionShown,
      Recused: security.onRecused,
    },
  }),
  logHandlers({
    address: addresses.guard,
    abi: guardAbi,
    on: { Paused: security.onPaused, Tripped: security.onTripped },
  }),
  logHandlers({ address: addresses.policy, abi: policyAbi, on: { ConsumerSet: security.onConsumerSet } }),
  logHandlers({
    address: addresses.feeds,
    abi: feedsAbi,
    on: {
      Created: tellingFeeds(onFeedCreated),
      Updated: tellingFeeds(onFeedUpdated),
      Tripped: tellingFeeds(onFeedTripped),
    },
  }),
  logHandlers({ address: addresses.beacon, abi: drandBeaconAbi, on: { Proved: juries.onProved } }),
];
