import { oracleAbi, stakeManagerAbi } from "@sooth/abi";
import { type Addresses, logHandlers, type LogHandlers } from "@sooth/chain";
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

/** What becomes of the logs of the oracle and of the stake manager. */
export const oracleLogHandlers = (addresses: Addresses): LogHandlers[] => [
  logHandlers({
    address: addresses.stakeManager,
    abi: stakeManagerAbi,
    on: {
      Joined: onJoined,
      KindsSet: onKindsSet,
      Seated: onSeated,
      Benched: onBenched,
      JurorSet: onJurorSet,
      Slashed: onSlashed,
      Banned: onBanned,
      StakeAdded: onStakeAdded,
      SignerRotated: onSignerRotated,
      Left: onLeft,
      Withdrawn: onWithdrawn,
      EpochAdvanced: onEpochAdvanced,
    },
  }),
  logHandlers({
    address: addresses.oracle,
    abi: oracleAbi,
    on: {
      Asked: onAsked,
      Clarified: onClarified,
      Answered: onAnswered,
      AnsweredRoot: onAnsweredRoot,
      Reopened: onReopened,
      RewardSettled: onRewardSettled,
      Credited: onCredited,
      Debited: onDebited,
    },
  }),
];
