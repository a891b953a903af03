import { committeeAbi, drandBeaconAbi, opinionsAbi, oracleAbi } from "@sooth/abi";
import { type Addresses, logHandlers, type LogHandlers } from "@sooth/chain";
import { onAnnounced } from "./announced-logs.ts";
import { onScoreAnswered, onScoreDisputed, onScorePutOff } from "./answer-logs.ts";
import { onClaimedOpinions, onOpinionFee, onPrizePaid } from "./claim-logs.ts";
import { onForgone, onProved, onRearmed, onScored, onVoided } from "./ended-logs.ts";
import { onSeated } from "./seated-logs.ts";
import { onHidden, onRevealed, onStakedOpinions } from "./staked-logs.ts";

/** What becomes of the logs of Opinions, of the answers that its markets wait for, of the rounds that draw, and of who approves. */
export const opinionLogHandlers = (addresses: Addresses): LogHandlers[] => [
  logHandlers({
    address: addresses.opinions,
    abi: opinionsAbi,
    on: {
      Announced: onAnnounced,
      Staked: onStakedOpinions,
      Hidden: onHidden,
      Revealed: onRevealed,
      Scored: onScored,
      Voided: onVoided,
      Rearmed: onRearmed,
      Forgone: onForgone,
      Claimed: onClaimedOpinions,
      PrizePaid: onPrizePaid,
      FeeCollected: onOpinionFee,
    },
  }),
  logHandlers({
    address: addresses.oracle,
    abi: oracleAbi,
    on: {
      Answered: onScoreAnswered,
      Disputed: onScoreDisputed,
      Ruled: onScoreAnswered,
      Held: onScorePutOff,
      Vetoed: onScorePutOff,
    },
  }),
  logHandlers({ address: addresses.beacon, abi: drandBeaconAbi, on: { Proved: onProved } }),
  ...(addresses.committee
    ? [logHandlers({ address: addresses.committee, abi: committeeAbi, on: { Seated: onSeated } })]
    : []),
];
