import type { Call } from "../../api.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";
import type { Step } from "./use-steps.ts";

/** Calls that the server prepared, each a step that the wallet signs and sends. */
export const callSteps = (wallet: Pick<Wallet, "send">, calls: readonly Call[]): Step[] =>
  calls.map((call) => ({
    title: call.purpose,
    run: async (onState) => {
      await wallet.send(call, onState);
    },
  }));
