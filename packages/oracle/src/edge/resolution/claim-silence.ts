import { oracleAbi } from "@sooth/abi";
import { type BlockRef, transactionStatus } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { encodeFunctionData } from "viem";
import {
  claimFrom,
  commitsFirst,
  cutReason,
  isSilent,
  NOBODY,
  pieceAt,
  silenceClaim,
  silenceDeposit,
  type SignerSet,
  termsToChain,
} from "../../core/index.ts";
import { commitLimits, depositLimits } from "../contract.ts";
import type { WorkerDeps } from "../deps.ts";
import { questionsByIds, type StoredQuestion } from "../questions.ts";
import { keepReason } from "../reasons.ts";
import { reportsOf, type StoredReport } from "../reports.ts";
import { sentStatus } from "../send.ts";
import { answerKey } from "../take-step.ts";
import { record } from "./record.ts";

type Last = { question: Hex; round: number; state: string; reason: string };

/**
 * Objects, shortly before the deadline, to the silence that would end these questions, with what most of those who did report
 * say, if this server may stake the deposit for it; or writes down why not.
 */
export async function claimSilence(
  deps: WorkerDeps,
  ids: readonly Hex[],
  sets: ReadonlyMap<number, SignerSet>,
  head: BlockRef,
): Promise<void> {
  const { db } = deps.store;
  const now = head.timestamp;
  const due = (await questionsByIds(db, ids)).filter(
    ({ terms, word, fault }) =>
      fault === null && isSilent(terms, word, now) && word.state === "open" && claimFrom(terms, word) <= now,
  );
  if (due.length === 0) return;
  const dueIds = due.map(({ id }) => id);
  const [reports, last] = await Promise.all([reportsOf(db, dueIds), lastRecords(db, dueIds)]);
  for (const question of due) {
    const held = (reports.get(question.id) ?? []).filter(({ round }) => round === question.round);
    const before = last.find((each) => each.question === question.id && each.round === question.round);
    await claim(deps, question, held, sets.get(question.terms.domain) ?? NOBODY, before, head);
  }
}

const lastRecords = (db: Executor, ids: readonly Hex[]): Promise<Last[]> =>
  rows<Last>(
    db,
    sql`select distinct on (question, round) question, round, state, reason from oracle.attempts
      where kind = 'jury' and question = any(${ids}::text[]) order by question, round, block desc`,
  );

async function claim(
  deps: WorkerDeps,
  { id, round, terms, word }: StoredQuestion,
  reports: readonly StoredReport[],
  signers: SignerSet,
  before: Last | undefined,
  head: BlockRef,
): Promise<void> {
  if (word.state !== "open") return;
  const { db } = deps.store;
  const limits = await depositLimits(deps.hub, deps.addresses);
  // What a key signed last: epochs may have changed since, and it signs the same anew. Who left with his epoch weighs nothing.
  const weightOf = new Map(signers.seats.map(({ signer, weight }) => [signer.toLowerCase(), weight]));
  const newest = new Map(
    reports.flatMap((report) => {
      const weight = weightOf.get(report.signer);
      return weight === undefined ? [] : [[report.signer, { value: report.value, weight }] as const];
    }),
  );
  const found = silenceClaim(terms, [...newest.values()], signers.totalWeight, {
    deposit: silenceDeposit(terms, word, limits),
    most: deps.config.ORACLE_RESOLVE_DEPOSIT ?? 0n,
    unit: limits.unit,
  });
  // Said before, and nothing has changed: a thousand of them a block must cost nothing.
  if (found.do === "give_up" && before?.reason === found.reason) return;
  if (await isAnswerSent(deps, { id, round, terms }, signers.epoch, head.timestamp)) return;
  const common = { round, kind: "jury", at: head.timestamp, block: head.number } as const;
  const key = `oracle:silence:${id}:${round}`;
  const asked = await transactionStatus(db, key);
  if (asked) {
    if (asked.status !== "failed") return;
    const reason = `the contract refused the objection to the silence: ${asked.error?.name ?? "it reverted"}`;
    if (before?.reason !== reason) await record(deps, id, { ...common, state: "failed", reason }, null);
    return;
  }
  if (found.do === "give_up")
    return record(deps, id, { ...common, state: "failed", reason: found.reason }, null);
  const reason = await keepReason(db, cutReason(`Nobody answered ${id}. ${found.reason}`));
  await record(
    deps,
    id,
    { ...common, state: "waiting", reason: found.reason },
    {
      key,
      to: deps.addresses.oracle,
      data: encodeFunctionData({
        abi: oracleAbi,
        functionName: "disputeSilence",
        args: [termsToChain(terms), found.value, reason],
      }),
      purpose: "silence",
    },
  );
}

/** Whether a quorum is on its way: of values that are shown at once, or of those of this phase. */
async function isAnswerSent(
  deps: WorkerDeps,
  { id, round, terms }: Pick<StoredQuestion, "id" | "round" | "terms">,
  epoch: number,
  now: number,
): Promise<boolean> {
  const { db } = deps.store;
  const { tier, seconds } = await commitLimits(deps.hub, deps.addresses);
  const keys = [answerKey(id, round, epoch)];
  if (commitsFirst(terms, tier)) keys.push(answerKey(id, round, epoch, pieceAt(now, seconds).phase));
  const sent = await Promise.all(keys.map((key) => sentStatus(db, key)));
  return sent.some((found) => found !== undefined && found.status !== "failed");
}
