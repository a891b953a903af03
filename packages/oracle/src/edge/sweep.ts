import type { BlockRef } from "@sooth/chain";
import { alert, gauge } from "@sooth/runtime";
import { nextStep, NOBODY, pieceAt, type SignerSet, type Step } from "../core/index.ts";
import { advanceEpoch } from "./advance-epoch.ts";
import { gatheredOf } from "./commit/gathered.ts";
import { prunePhases } from "./commit/store.ts";
import { commitLimits } from "./contract.ts";
import type { WorkerDeps } from "./deps.ts";
import { sweepDisputes } from "./dispute-sweep.ts";
import { sweepFaults } from "./fault-sweep.ts";
import { sweepFeeds } from "./feeds/sweep-feeds.ts";
import { type DuePlace, dueQuestions, type StoredQuestion } from "./questions.ts";
import { forgetReasons } from "./reasons.ts";
import { reportsOf } from "./reports.ts";
import { tellFigures } from "./network-figures.ts";
import { runPeriods } from "./reputation/run-periods.ts";
import { sweepBreakers } from "./security/trip-sweep.ts";
import { sweepAttempts } from "./resolution/sweep-attempts.ts";
import { signerSets } from "./signer-sets.ts";
import { takeStep } from "./take-step.ts";

const sweepLag = gauge(
  "oracle_sweep_lag_seconds",
  "Chain time for which the longest waiting transaction has been due",
);
/** What is due stays due: the relayer, the chain or this sweep stands still. */
alert({
  id: "oracle.sweep_lag",
  severity: "page",
  forSeconds: 60,
  when: `${sweepLag.metric} > 120`,
  runbook: "docs/runbooks/oracle.md#answers-are-late",
});

/** Questions held in memory at once. */
const PAGE = 500;

/**
 * Looks at the state after a block and puts into the outbox what is due: answers with a quorum, rewards of finished
 * questions, the next epoch; and does what can be done where no quorum is in sight. Level-triggered: doing it twice, or on two machines, changes nothing.
 */
export async function sweep(deps: WorkerDeps, head: BlockRef): Promise<void> {
  const { db } = deps.store;
  const now = head.timestamp;
  const sets = await signerSets(db);
  const { tier: commitTier, seconds } = await commitLimits(deps.hub, deps.addresses);
  let lag = 0;
  let after: DuePlace | undefined;
  // To the end every time: a question that is due and yet cannot be answered must not hide the ones behind it.
  do {
    const filter = {
      now,
      minReward: deps.config.ORACLE_MIN_REWARD,
      commitTier,
      phase: pieceAt(now, seconds).phase,
      after,
      limit: PAGE,
    };
    const { questions, last } = await dueQuestions(db, filter);
    lag = Math.max(lag, await takeAll(deps, questions, sets, now));
    after = last;
  } while (after);
  sweepLag.set(lag);
  await prunePhases(db, { now, seconds, commitTier });
  await forgetReasons(db);
  await sweepFeeds(deps, sets, head);
  await sweepAttempts(deps, sets, head);
  await sweepDisputes(deps, head);
  await sweepFaults(deps, head);
  await sweepBreakers(deps, head);
  await runPeriods(deps, sets, head);
  for (const [domain, signers] of sets) await advanceEpoch(deps, domain, signers, head);
  await tellFigures(deps, head);
}

/** Takes the next step of each; returns for how many seconds the longest waiting one has been due. */
async function takeAll(
  deps: WorkerDeps,
  questions: readonly StoredQuestion[],
  sets: ReadonlyMap<number, SignerSet>,
  now: number,
): Promise<number> {
  const reports = await reportsOf(
    deps.store.db,
    questions.map(({ id }) => id),
  );
  const epochOf = (domain: number) => (sets.get(domain) ?? NOBODY).epoch;
  const gathered = await gatheredOf(deps, questions, { now, epochOf });
  let lag = 0;
  for (const question of questions) {
    const { id, terms, word } = question;
    const held = reports.get(id) ?? [];
    const signers = sets.get(terms.domain) ?? NOBODY;
    const step = nextStep({ id, terms, word, signers, reports: held, gathered: gathered.get(id), now });
    const since = dueSince(question, step, held);
    if (since !== null) lag = Math.max(lag, now - since);
    await takeStep(deps, question, { epoch: signers.epoch, now }, step);
  }
  return lag;
}

/** Since when the step could have been done, unix seconds; null when there is none. */
function dueSince(
  { terms, word }: StoredQuestion,
  step: Step,
  held: readonly { receivedAt: number }[],
): number | null {
  if (step.do === "transmit") return Math.max(...held.map(({ receivedAt }) => receivedAt));
  if (step.do !== "settle_reward") return null;
  return word.state === "answered" ? word.finalizeAt : terms.deadline + 1;
}
