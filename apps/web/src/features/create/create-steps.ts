import { t } from "@lingui/core/macro";
import { api } from "../../api.ts";
import { callSteps } from "../steps/call-steps.ts";
import { listed, onceKnown } from "../steps/once-known.ts";
import type { Step } from "../steps/use-steps.ts";
import type { Handed } from "../wallet/batches.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";
import type { Plan } from "./plan.ts";

/** What there is when it is done. */
export type Opened = { to: "/markets/$id" | "/questions/$id"; id: string };

type Server = Pick<typeof api, "prepareQuestion" | "prepareMarket" | "getQuestion" | "getMarket">;

/**
 * Asks the question and opens the market on it, if there is to be one: confirmed once where the wallet sends several calls as one.
 * `onOpened` is told once the server knows it.
 */
export async function createSteps(
  wallet: Pick<Wallet, "account" | "sendAll">,
  plan: Plan,
  owner: string,
  onOpened: (opened: Opened) => void,
  server: Server = api,
): Promise<Step[]> {
  const question = await server.prepareQuestion({
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
  const { market: terms } = plan;
  if (terms === null)
    return [
      ...callSteps(wallet, question.calls),
      listed(async () => {
        await onceKnown(question.id, () => server.getQuestion({ id: question.id }));
        onOpened({ to: "/questions/$id", id: question.id });
      }),
    ];
  const open = (asking?: { terms: typeof question.terms; schemaText: string }) =>
    server.prepareMarket({
      question: question.id,
      creator: owner,
      closesAt: terms.closesAt,
      feeBps: terms.feeBps,
      outcomes: terms.outcomes.length,
      cuts: terms.cuts,
      ...(asking && { asking }),
    });
  const untilListed = (id: () => string) =>
    listed(async () => {
      await onceKnown(id(), () => server.getMarket({ id: id() }));
      onOpened({ to: "/markets/$id", id: id() });
    });
  const first = question.calls[0];
  if (first && wallet.account?.atomicOn.includes(first.chainId)) {
    // All of it in one transaction: the market is opened on a question that stands only once that is mined.
    const { id, calls } = await open({ terms: question.terms, schemaText: question.schemaText });
    return [...callSteps(wallet, [...question.calls, ...calls]), untilListed(() => id)];
  }
  let prepared: Awaited<ReturnType<typeof open>> | undefined;
  const handed: Handed = { sent: 0 };
  return [
    ...callSteps(wallet, question.calls),
    {
      title: t`Open the market on it`,
      run: async (onState) => {
        onState("working");
        prepared ??= await onceKnown(question.id, () => open());
        await wallet.sendAll(prepared.calls, onState, handed);
      },
    },
    untilListed(() => prepared?.id ?? ""),
  ];
}
