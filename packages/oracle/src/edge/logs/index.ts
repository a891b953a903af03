import { epochsAbi, oracleAbi, stakeManagerAbi } from "@sooth/abi";
import { type Addresses, logHandlers, type LogHandlers } from "@sooth/chain";
import { tellingProviders } from "./live.ts";
import {
  onCredited,
  onDebited,
  onBanned,
  onBenched,
  onEpochAdvanced,
  onJoined,
  onJurorSet,
  onKindsSet,
  onLeft,
  onSeated,
  onSignerRotated,
  onSlashed,
  onStakeAdded,
  onStandingSet,
  onWithdrawn,
} from "./provider-logs.ts";
import {
  onAnswered,
  onAnsweredRoot,
  onAsked,
  onClarified,
  onReopened,
  onRewardSettled,
} from "./question-logs.ts";
import { keepRoot, keepSigned, onEpochAsked, onLateReported } from "./reputation-logs.ts";

/** What becomes of the logs of the oracle and of the stake manager. */
export const oracleLogHandlers = (addresses: Addresses): LogHandlers[] => [
  logHandlers({
    address: addresses.stakeManager,
    abi: stakeManagerAbi,
    on: {
      Joined: tellingProviders(onJoined),
      KindsSet: tellingProviders(onKindsSet),
      Seated: tellingProviders(onSeated),
      Benched: tellingProviders(onBenched),
      JurorSet: tellingProviders(onJurorSet),
      Slashed: tellingProviders(onSlashed),
      Banned: tellingProviders(onBanned),
      StakeAdded: tellingProviders(onStakeAdded),
      SignerRotated: tellingProviders(onSignerRotated),
      Left: tellingProviders(onLeft),
      Withdrawn: tellingProviders(onWithdrawn),
      EpochAdvanced: tellingProviders(onEpochAdvanced),
      StandingSet: tellingProviders(onStandingSet),
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
      Asked: onAsked,
      Clarified: onClarified,
      Answered: async (tx, logs) => {
        await onAnswered(tx, logs);
        await keepSigned(tx, logs);
      },
      AnsweredRoot: async (tx, logs) => {
        await onAnsweredRoot(tx, logs);
        await keepRoot(tx, logs);
      },
      Reopened: onReopened,
      RewardSettled: onRewardSettled,
      Credited: onCredited,
      Debited: onDebited,
    },
  }),
];
