import { t } from "@lingui/core/macro";
import { api } from "../../api.ts";
import { callSteps } from "../steps/call-steps.ts";
import { listed, onceKnown } from "../steps/once-known.ts";
import type { Step } from "../steps/use-steps.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";
import type { Plan } from "./plan.ts";

/** What there is when it is done. */
export type Opened = { to: "/markets/$id" | "/questions/$id"; id: string };

/** Asks the question and opens the market on it, if there is to be one. `onOpened` is told once the server knows it. */
export async function createSteps(
  wallet: Wallet,
  plan: Plan,
  owner: string,
  onOpened: (opened: Opened) => void,
): Promise<Step[]> {
  const question = await api.prepareQuestion({
    schema: plan.schema,
    opensAt: plan.opensAt,
    deadline: plan.deadline,
    liveness: plan.liveness,
    reward: plan.reward,
    secures: plan.secures,
    ...(plan.watcher === null ? {} : { watcher: plan.watcher }),
    asker: owner,
    ...plan.bounds,
  });
  const asking = callSteps(wallet, question.calls);
  const { market: terms } = plan;
  if (terms === null)
    return [
      ...asking,
      listed(async () => {
        await onceKnown(question.id, () => api.getQuestion({ id: question.id }));
        onOpened({ to: "/questions/$id", id: question.id });
      }),
    ];
  let market = "";
  return [
    ...asking,
    {
      title: t`Open the market on it`,
      run: async (onState) => {
        onState("working");
        const prepared = await onceKnown(question.id, () =>
          api.prepareMarket({
            question: question.id,
            creator: owner,
            closesAt: terms.closesAt,
            feeBps: terms.feeBps,
            outcomes: terms.outcomes.length,
            cuts: terms.cuts,
          }),
        );
        await wallet.sendAll(prepared.calls, onState);
        market = prepared.id;
      },
    },
    listed(async () => {
      await onceKnown(market, () => api.getMarket({ id: market }));
      onOpened({ to: "/markets/$id", id: market });
    }),
  ];
}
