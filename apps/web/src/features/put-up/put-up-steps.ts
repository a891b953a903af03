import { api } from "../../api.ts";
import { callSteps } from "../steps/call-steps.ts";
import { listed, onceKnown } from "../steps/once-known.ts";
import type { Step } from "../steps/use-steps.ts";
import type { Handed } from "../wallet/batches.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";
import { type Plan, RUBRIC } from "./draft.ts";

/** Asks what the opinions will come to, and puts the statement up on it. `onUp` is told once the server knows it. */
export async function putUpSteps(
  wallet: Wallet,
  plan: Plan,
  owner: string,
  onUp: (id: string) => void,
): Promise<Step[]> {
  const question = await api.prepareQuestion({
    schema: plan.schema,
    opensAt: plan.opensAt,
    deadline: plan.deadline,
    liveness: plan.liveness,
    reward: plan.reward,
    asker: owner,
  });
  let market = "";
  let prepared: Awaited<ReturnType<typeof api.prepareOpinionMarket>> | undefined;
  const handed: Handed = { sent: 0 };
  return [
    ...callSteps(wallet, question.calls),
    {
      title: "Put the statement up",
      run: async (onState) => {
        onState("working");
        prepared ??= await onceKnown(question.id, () =>
          api.prepareOpinionMarket({
            question: question.id,
            creator: owner,
            statement: plan.statement,
            rubric: RUBRIC,
            ...plan.market,
          }),
        );
        await wallet.sendAll(prepared.calls, onState, handed);
        market = prepared.id;
      },
    },
    listed(async () => {
      await onceKnown(market, () => api.getOpinionMarket({ id: market }));
      onUp(market);
    }),
  ];
}
