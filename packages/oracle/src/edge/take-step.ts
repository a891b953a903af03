import { oracleAbi } from "@sooth/abi";
import { type Hex, never } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { isPacked, packWords, type Step, termsToChain } from "../core/index.ts";
import type { WorkerDeps } from "./deps.ts";
import { insertBatch } from "./commit/store.ts";
import type { StoredQuestion } from "./questions.ts";
import { send } from "./send.ts";
import { itemsUnder } from "./vectors.ts";

/** Puts the transaction of a step into the outbox; its key names it, so that twice is once. */
export async function takeStep(
  deps: WorkerDeps,
  question: StoredQuestion,
  { epoch, now }: { epoch: number; now: number },
  step: Step,
): Promise<void> {
  const { id, round } = question;
  const to = deps.addresses.oracle;
  switch (step.do) {
    case "wait":
    case "nothing":
      return;
    case "transmit": {
      const key = answerKey(id, round, epoch, step.mode === "committed" ? step.phase : undefined);
      const data =
        step.mode === "root"
          ? await rootCall(deps, question, epoch, step)
          : reportCall(question, epoch, step);
      if (data !== null) await send(deps, { key, to, data, purpose: "answer" });
      return;
    }
    case "form": {
      const { phase, chained, commitments: claims } = step;
      const batch = { question: id, round, epoch, phase, chained, adopted: false, claims };
      // Who had a batch co-signed and forgot its order could not open it.
      await insertBatch(deps.store.db, batch, now);
      return;
    }
    case "commit": {
      const { phase, chained, seats, signatures } = step;
      const data = encodeFunctionData({
        abi: oracleAbi,
        functionName: "commitReports",
        args: [termsToChain(question.terms), epoch, chained, seats, signatures],
      });
      const key = `oracle:commit:${id}:${round}:${epoch}:${phase}`;
      await send(deps, { key, to, data, purpose: "commit" });
      return;
    }
    case "settle_reward": {
      const data = settleCall(question);
      // Hundreds may fall due at once, with what markets pay on these answers; a reward is lost to nobody by waiting.
      await send(deps, { key: `oracle:reward:${id}`, to, data, purpose: "reward", priority: 2 });
      return;
    }
    default:
      never(step);
  }
}

/** Names the transaction with an answer. One that shows committed values is of its phase: in the next it is another. */
export const answerKey = (question: Hex, round: number, epoch: number, phase?: number): string =>
  `oracle:answer:${question}:${round}:${epoch}${phase === undefined ? "" : `:phase-${phase}`}`;

type Transmit<M> = Extract<Step, { do: "transmit"; mode: M }>;

/** Yes-or-no vectors are stored as words, so that contracts read them without a proof. */
async function rootCall(
  deps: WorkerDeps,
  { terms, schema }: StoredQuestion,
  epoch: number,
  { root, seats, signatures }: Transmit<"root">,
): Promise<Hex | null> {
  const asked = termsToChain(terms);
  if (!isPacked(schema))
    return encodeFunctionData({
      abi: oracleAbi,
      functionName: "reportRoot",
      args: [asked, epoch, root, seats, signatures],
    });
  const values = await itemsUnder(deps.store.db, root);
  if (!values) return null; // Kept with the first report that named the root, so there is none without them.
  return encodeFunctionData({
    abi: oracleAbi,
    functionName: "reportPacked",
    args: [asked, epoch, packWords(values), seats, signatures],
  });
}

function settleCall({ terms, word, facts }: StoredQuestion): Hex {
  const asked = termsToChain(terms);
  return word.state === "answered" && word.root && facts !== null
    ? encodeFunctionData({
        abi: oracleAbi,
        functionName: "settleRootReward",
        args: [asked, { root: word.root, facts }],
      })
    : encodeFunctionData({ abi: oracleAbi, functionName: "settleReward", args: [asked] });
}

function reportCall(
  { terms }: StoredQuestion,
  epoch: number,
  step: Transmit<"agreed"> | Transmit<"values"> | Transmit<"committed">,
): Hex {
  const asked = termsToChain(terms);
  if (step.mode === "committed")
    return encodeFunctionData({
      abi: oracleAbi,
      functionName: "reportCommitted",
      args: [asked, epoch, step.entries, step.commitments, step.openings],
    });
  return step.mode === "agreed"
    ? encodeFunctionData({
        abi: oracleAbi,
        functionName: "reportAgreed",
        args: [asked, epoch, step.value, step.seats, step.signatures],
      })
    : encodeFunctionData({
        abi: oracleAbi,
        functionName: "reportValues",
        args: [asked, epoch, step.entries],
      });
}
