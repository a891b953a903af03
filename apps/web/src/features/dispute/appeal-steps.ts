import { t } from "@lingui/core/macro";
import { appealReasonTypedData, reasonHash } from "@sooth/oracle/core";
import type { api, Call, TypedData } from "../../api.ts";
import type { Step } from "../steps/use-steps.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";

type Tools = {
  wallet: Pick<Wallet, "send" | "sign">;
  api: Pick<typeof api, "getDispute" | "handOverAppealReason">;
  domain: { chainId: number; oracle: `0x${string}` };
  /** Between two looks whether the server has seen the appeal. */
  pauseMs?: number;
};

/** The server sees the appeal a block or two after the wallet does; then it is asked all the same, and says why it cannot. */
const LOOKS = 30;
const PAUSE_MS = 1_000;

/** The calls of an appeal, and where there is a reason its signature: it names the transaction, so it comes last. */
export function appealSteps(
  { wallet, api: { getDispute, handOverAppealReason }, domain, pauseMs = PAUSE_MS }: Tools,
  { dispute, calls, why }: { dispute: string; calls: readonly Call[]; why: string },
): Step[] {
  let appeal = "";
  const steps = calls.map((call): Step => ({
    title: call.purpose,
    run: async (onState) => {
      appeal = await wallet.send(call, onState);
    },
  }));
  const text = why.trim();
  if (text === "") return steps;
  const sign: Step = {
    title: t`Sign why you appeal`,
    run: async (onState) => {
      onState("signing");
      const transaction = appeal as `0x${string}`;
      const said = { dispute: dispute as `0x${string}`, transaction, reason: reasonHash(text) };
      const signature = await wallet.sign(appealReasonTypedData(domain, said) as unknown as TypedData);
      onState("working");
      for (let looked = 1; looked < LOOKS; looked += 1) {
        const { appeals } = await getDispute({ id: dispute });
        if (appeals.some((each) => each.transaction === transaction.toLowerCase())) break;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      await handOverAppealReason({ id: dispute, text, transaction, signature });
    },
  };
  return [...steps, sign];
}
