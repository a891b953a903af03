import { t } from "@lingui/core/macro";
import { api } from "../../api.ts";
import { callSteps } from "../steps/call-steps.ts";
import { listed, onceKnown } from "../steps/once-known.ts";
import type { Step } from "../steps/use-steps.ts";
import type { Handed } from "../wallet/batches.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";
import { type Plan, RUBRIC } from "./draft.ts";

type Server = Pick<typeof api, "prepareQuestion" | "prepareOpinionMarket" | "getOpinionMarket">;

/**
 * Asks what the opinions will come to, and puts the statement up on it: confirmed once where the wallet sends several calls as one.
 * `onUp` is told once the server knows it.
 */
export async function putUpSteps(
  wallet: Pick<Wallet, "account" | "sendAll">,
  plan: Plan,
  owner: string,
  onUp: (id: string) => void,
  server: Server = api,
): Promise<Step[]> {
  const question = await server.prepareQuestion({
    schema: plan.schema,
    opensAt: plan.opensAt,
    deadline: plan.deadline,
    liveness: plan.liveness,
    reward: plan.reward,
    secures: plan.secures,
    asker: owner,
  });
  const announce = (asking?: { terms: typeof question.terms; schemaText: string }) =>
    server.prepareOpinionMarket({
      question: question.id,
      creator: owner,
      statement: plan.statement,
      rubric: RUBRIC,
      ...plan.market,
      ...(asking && { asking }),
    });
  const untilListed = (id: () => string) =>
    listed(async () => {
      await onceKnown(id(), () => server.getOpinionMarket({ id: id() }));
      onUp(id());
    });
  const first = question.calls[0];
  if (first && wallet.account?.atomicOn.includes(first.chainId)) {
    // All of it in one transaction: the market is announced on a question that stands only once that is mined.
    const { id, calls } = await announce({ terms: question.terms, schemaText: question.schemaText });
    return [...callSteps(wallet, [...question.calls, ...calls]), untilListed(() => id)];
  }
  let prepared: Awaited<ReturnType<typeof announce>> | undefined;
  const handed: Handed = { sent: 0 };
  return [
    ...callSteps(wallet, question.calls),
    {
      title: t`Put the statement up`,
      run: async (onState) => {
        onState("working");
        prepared ??= await onceKnown(question.id, () => announce());
        await wallet.sendAll(prepared.calls, onState, handed);
      },
    },
    untilListed(() => prepared?.id ?? ""),
  ];
}
