import { guardAbi } from "@sooth/abi";
import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { alert, gauge } from "@sooth/runtime";
import type { Executor } from "@sooth/store";
import { encodeFunctionData } from "viem";
import { countStep, disputeEvidence, heaviestHour, termsToChain, tripOf } from "../../core/index.ts";
import type { WorkerDeps } from "../deps.ts";
import { questionsByIds } from "../questions.ts";
import { send } from "../send.ts";
import { brakeLimits, disputedQuestions, securingAnswers, tripsOf } from "./brakes.ts";

const tripped = gauge(
  "oracle_breaker_tripped",
  "1 while windows for objections are doubled, by what doubled them",
  ["why"],
);
alert({
  id: "security.breaker",
  severity: "page",
  forSeconds: 0,
  when: `max(${tripped.metric}) > 0`,
  runbook: "docs/runbooks/emergency.md#a-breaker-has-tripped",
});

/** Below these no policy can trip, so none is asked for. Source: Policy.sol. */
const LEAST_VALUE_LIMIT = 1_000_000n;
const LEAST_SURGE_FLOOR = 3;
/** An answer that becomes final before the transaction is in a block would make it revert. */
const BLOCKS_AHEAD = 2;
const HOUR = 3_600;
const DAY = 86_400;

/**
 * Trips the global breakers by what the tables show, and counts disputes for the average. One trip doubles all windows for
 * a day, so nothing is sent while one holds. Who else trips first is no harm.
 */
export async function sweepBreakers(
  deps: Pick<WorkerDeps, "store" | "hub" | "addresses">,
  { timestamp: now }: BlockRef,
): Promise<void> {
  const { store, hub, addresses } = deps;
  const { db } = store;
  const [answers, all, trips] = await Promise.all([
    securingAnswers(db, now + BLOCKS_AHEAD * hub.definition.blockSeconds),
    disputedQuestions(db),
    tripsOf(db),
  ]);
  const open = trips.last.filter(({ until }) => now < until);
  for (const why of ["value", "disputes"] as const)
    tripped.set({ why }, open.some((trip) => trip.why === why) ? 1 : 0);
  const disputed = disputeEvidence(all);
  await countDisputes(deps, disputed, now);
  if (open.length > 0) return;
  const hour = heaviestHour(answers);
  if (hour.value <= LEAST_VALUE_LIMIT && disputed.length < LEAST_SURGE_FLOOR) return;

  const why = tripOf({ hour, disputed, ...(await brakeLimits(hub, addresses)) });
  if (why === null) return;
  const data =
    why === "value"
      ? await tripValueCall(db, hour)
      : encodeFunctionData({ abi: guardAbi, functionName: "tripDisputes", args: [disputed] });
  // Until the trip is logged the same is due after every block; one that reverted is tried with what is true by then.
  const key = `oracle:trip:${why}:${trips.count}:${Math.floor(now / HOUR)}`;
  await send(deps, { key, to: addresses.guard, data, purpose: "trip" });
}

/** `Guard.tripValue` with these questions' terms, in the order of `ids`. */
export async function tripValueCall(
  db: Executor,
  { ids, from }: { ids: readonly Hex[]; from: number },
): Promise<Hex> {
  const stored = new Map((await questionsByIds(db, ids)).map((question) => [question.id, question]));
  const questions = ids.flatMap((id) => {
    const found = stored.get(id);
    return found ? [termsToChain(found.terms)] : [];
  });
  return encodeFunctionData({ abi: guardAbi, functionName: "tripValue", args: [questions, from] });
}

async function countDisputes(
  deps: Pick<WorkerDeps, "store" | "hub" | "addresses">,
  disputed: readonly Hex[],
  now: number,
): Promise<void> {
  const step = countStep(disputed.length);
  if (step === 0) return;
  const data = encodeFunctionData({ abi: guardAbi, functionName: "countDisputes", args: [disputed] });
  const key = `oracle:count:${Math.floor(now / DAY)}:${step}`;
  await send(deps, { key, to: deps.addresses.guard, data, purpose: "count" });
}
