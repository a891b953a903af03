import { api, ApiError } from "../../api.ts";
import type { Step } from "../steps/use-steps.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";
import type { Plan } from "./draft.ts";

const POLL_MS = 500;
/** The server reads the chain block by block: what was mined a moment ago is known there soon. */
const KNOWN_WITHIN_MS = 60_000;

/** Asks the question and opens the market on it. `onOpened` is told the market's id once the server knows it. */
export async function createSteps(
  wallet: Wallet,
  plan: Plan,
  owner: string,
  onOpened: (id: string) => void,
): Promise<Step[]> {
  const question = await api.prepareQuestion({
    schema: plan.schema,
    opensAt: plan.opensAt,
    deadline: plan.deadline,
    liveness: plan.liveness,
    reward: plan.reward,
    asker: owner,
    ...plan.bounds,
  });
  let market = "";
  return [
    ...question.calls.map((call): Step => ({
      title: call.purpose,
      run: async (onState) => {
        await wallet.send(call, onState);
      },
    })),
    {
      title: "Open the market on it",
      run: async (onState) => {
        onState("working");
        const prepared = await onceKnown(() =>
          api.prepareMarket({
            question: question.id,
            creator: owner,
            closesAt: plan.closesAt,
            feeBps: plan.feeBps,
            outcomes: plan.outcomes.length,
            cuts: plan.cuts,
          }),
        );
        for (const call of prepared.calls) await wallet.send(call, onState);
        market = prepared.id;
      },
    },
    {
      title: "Wait until it is listed",
      run: async (onState) => {
        onState("mining");
        await onceKnown(() => api.getMarket({ id: market }));
        onOpened(market);
      },
    },
  ];
}

/** Tries again while the server says that it does not know this yet. */
async function onceKnown<T>(ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + KNOWN_WITHIN_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const unknown = error instanceof ApiError && (error.status === 404 || error.status === 0);
      if (!unknown || performance.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
