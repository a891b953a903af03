import { attestersAbi, bundleHubAbi, escrowAbi, settlerAbi } from "@sooth/abi";
import { type Addresses, logHandlers, type LogHandlers } from "@sooth/chain";
import { onAdopted, onRenewed, onRotated } from "./attesters-logs.ts";
import { onLaneLimitSet, onFinished, onNotFinished, onPrepared, onTakenBack } from "./escrow-logs.ts";
import {
  onDecided,
  onOpened,
  onReclaimed,
  onShareSettled,
  onShown,
  onToppedUp,
  onUnopened,
} from "./hub-logs.ts";
import { onPaused } from "./record.ts";
import { onNotUndone, onReceipt, onRested, onReturned, onSkipped } from "./settler-logs.ts";

/** What stands on a rollup: it runs and holds legs, and knows who attests. */
export const rollupLogHandlers = (addresses: Addresses): LogHandlers[] =>
  legLogHandlers(addresses, onRotated);

const legLogHandlers = (
  { settler, escrow, attesters }: Addresses,
  onSeated: typeof onRotated,
): LogHandlers[] => [
  logHandlers({
    address: settler,
    abi: settlerAbi,
    on: {
      Receipt: onReceipt("settler"),
      Returned: onReturned,
      NotUndone: onNotUndone,
      Skipped: onSkipped,
      Rested: onRested,
      Paused: onPaused("settler"),
    },
  }),
  logHandlers({
    address: escrow,
    abi: escrowAbi,
    on: {
      Prepared: onPrepared,
      Finished: onFinished,
      Receipt: onReceipt("escrow"),
      TakenBack: onTakenBack,
      NotFinished: onNotFinished,
      Paused: onPaused("escrow"),
      LaneLimitSet: onLaneLimitSet,
    },
  }),
  logHandlers({
    address: attesters,
    abi: attestersAbi,
    on: { AttestersSeated: onSeated, AttestersRenewed: onRenewed },
  }),
];

/** On the hub's chain legs run too. */
export const hubLogHandlers = (addresses: Addresses): LogHandlers[] => [
  logHandlers({
    address: addresses.bundleHub,
    abi: bundleHubAbi,
    on: {
      Opened: onOpened,
      Unopened: onUnopened,
      Decided: onDecided,
      ToppedUp: onToppedUp,
      Shown: onShown,
      ShareSettled: onShareSettled,
      Reclaimed: onReclaimed,
      Paused: onPaused("hub"),
    },
  }),
  ...legLogHandlers(addresses, onAdopted),
];
