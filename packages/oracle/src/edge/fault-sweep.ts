import { courtAbi, slasherAbi } from "@sooth/abi";
import { type BlockRef, transactionStatus } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { encodeFunctionData } from "viem";
import { type Collection, outsideReports, termsToChain, unpackReport, withheldVotes } from "../core/index.ts";
import type { WorkerDeps } from "./deps.ts";
import { faultsOf, juriesByIds, ownCommitsOf, type StoredJury } from "./juries.ts";
import { questionsByIds, type StoredQuestion } from "./questions.ts";
import { reportsOf } from "./reports.ts";
import { send } from "./send.ts";

/** Proofs looked at in one sweep, newest first: what is older was sent, and its signer banned. */
const AT_ONCE = 100;
/** How long after its finality numbers are held against an answer, seconds. */
const OUTSIDE_SECONDS = 3_600;

/**
 * Sends the proofs of faults that anybody may send: two values under one key, two votes of one juror, numbers outside
 * tolerance. Level-triggered: a proof is sent once, and who is banned for it is passed over.
 */
export async function sweepFaults(
  deps: WorkerDeps,
  { timestamp }: Pick<BlockRef, "timestamp">,
): Promise<void> {
  await sendEquivocations(deps);
  await sendFeedEquivocations(deps);
  await sendJurorEquivocations(deps);
  await sendOutside(deps, timestamp);
}

type Equivocation = {
  question: Hex;
  round: number;
  epoch: number;
  signer: Hex;
  first_value: bigint;
  first_root: Hex | null;
  first_signature: Hex;
  second_value: bigint;
  second_root: Hex | null;
  second_signature: Hex;
};

async function sendEquivocations(deps: WorkerDeps): Promise<void> {
  const found = await rows<Equivocation>(
    deps.store.db,
    sql`select e.question, e.round, e.epoch, e.signer, e.first_value, e.first_root, e.first_signature, e.second_value,
        e.second_root, e.second_signature
      from oracle.equivocations e
      join oracle.signers s on s.signer = e.signer join oracle.providers p on p.owner = s.owner
      where not p.banned
      order by e.seen_at desc, e.question, e.signer limit ${AT_ONCE}`,
  );
  for (const pair of found) {
    const { question, round, epoch, signer } = pair;
    const key = `oracle:equivocation:${question}:${epoch}:${round}:${signer}`;
    await send(deps, {
      key,
      to: deps.addresses.slasher,
      data: equivocationCall(pair),
      purpose: "equivocation",
    });
  }
}

/** The proof, as the slasher takes it: two values, two roots, or one of each. */
function equivocationCall(pair: Equivocation): Hex {
  const { question, round, epoch, first_root: first, second_root: second } = pair;
  const [one, other] = [pair.first_signature, pair.second_signature];
  if (first !== null && second !== null)
    return encodeFunctionData({
      abi: slasherAbi,
      functionName: "equivocatedRoots",
      args: [question, epoch, round, [first, second], one, other],
    });
  if (first !== null)
    return encodeFunctionData({
      abi: slasherAbi,
      functionName: "equivocatedKinds",
      args: [question, epoch, round, pair.second_value, first, other, one],
    });
  if (second !== null)
    return encodeFunctionData({
      abi: slasherAbi,
      functionName: "equivocatedKinds",
      args: [question, epoch, round, pair.first_value, second, one, other],
    });
  return encodeFunctionData({
    abi: slasherAbi,
    functionName: "equivocatedReports",
    args: [question, epoch, round, [pair.first_value, pair.second_value], one, other],
  });
}

type FeedEquivocation = {
  feed: Hex;
  observed_at: number;
  epoch: number;
  signer: Hex;
  first_value: bigint;
  first_signature: Hex;
  second_value: bigint;
  second_signature: Hex;
};

async function sendFeedEquivocations(deps: WorkerDeps): Promise<void> {
  const found = await rows<FeedEquivocation>(
    deps.store.db,
    sql`select coalesce(f.template, e.feed) as feed, e.observed_at, e.epoch, e.signer, e.first_value, e.first_signature, e.second_value, e.second_signature
      from oracle.feed_equivocations e left join oracle.feeds f on f.feed = e.feed
      join oracle.signers s on s.signer = e.signer join oracle.providers p on p.owner = s.owner
      where not p.banned
      order by e.seen_at desc, e.feed, e.signer limit ${AT_ONCE}`,
  );
  for (const { feed, observed_at: observedAt, epoch, signer, ...pair } of found) {
    const values = [pair.first_value, pair.second_value] as const;
    const data = encodeFunctionData({
      abi: slasherAbi,
      functionName: "equivocatedFeeds",
      args: [feed, observedAt, epoch, values, pair.first_signature, pair.second_signature],
    });
    const key = `oracle:equivocation:${feed}:${epoch}:${observedAt}:${signer}`;
    await send(deps, { key, to: deps.addresses.slasher, data, purpose: "equivocation" });
  }
}

type JurorEquivocation = {
  jury: Hex;
  juror: number;
  first_commitment: Hex;
  first_signature: Hex;
  second_commitment: Hex;
  second_signature: Hex;
};

async function sendJurorEquivocations(deps: WorkerDeps): Promise<void> {
  const found = await rows<JurorEquivocation>(
    deps.store.db,
    sql`select e.* from oracle.juror_equivocations e where not exists (select 1 from oracle.juror_faults f
        where f.jury = e.jury and f.juror = e.juror and f.kind = 'equivocal')
      order by e.seen_at desc, e.jury, e.juror limit ${AT_ONCE}`,
  );
  const juries = await juriesByIds(
    deps.store.db,
    found.map(({ jury }) => jury),
  );
  for (const { jury: id, juror, ...pair } of found) {
    const stored = juries.find((each) => each.id === id);
    if (!stored) continue;
    const both = [pair.first_commitment, pair.second_commitment] as const;
    const data = encodeFunctionData({
      abi: courtAbi,
      functionName: "equivocated",
      args: [stored.jury, juror, both, pair.first_signature, pair.second_signature],
    });
    const key = `oracle:jury:${id}:equivocal:${juror}`;
    await send(deps, { key, to: deps.addresses.court, data, purpose: "juror_equivocation" });
  }
}

/** Reports that were handed over here, and those that somebody else transmitted. */
async function sendOutside(deps: WorkerDeps, now: number): Promise<void> {
  const { db } = deps.store;
  const due = await rows<{ id: Hex }>(
    db,
    sql`select id from oracle.questions where state = 'answered' and root is null and aggregation = 'median'
        and tolerance > 0 and confidence < 10000 and seats <> 0
        and finalize_at <= ${now} and finalize_at > ${now - OUTSIDE_SECONDS}
      order by finalize_at desc, id limit ${AT_ONCE}`,
  );
  if (due.length === 0) return;
  const ids = due.map(({ id }) => id);
  const [questions, reports] = await Promise.all([questionsByIds(db, ids), reportsOf(db, ids)]);
  for (const question of questions) await sendOutsideOf(deps, question, reports.get(question.id) ?? []);
}

type Held = Awaited<ReturnType<typeof reportsOf>> extends Map<string, infer R> ? R : never;

async function sendOutsideOf(deps: WorkerDeps, question: StoredQuestion, held: Held): Promise<void> {
  const { id, terms, word, report } = question;
  if (word.state !== "answered") return;
  const here = held.filter(({ epoch, round }) => epoch === word.epoch && round === word.round);
  // What a ruling put in an answer's place stands in another log.
  const isFirst = report !== null && word.disputes === 0;
  const shown = (isFirst ? unpackReport(report, word.seats, word.value) : null) ?? [];
  const all = [...here, ...shown.filter(({ seat }) => !here.some((each) => each.seat === seat))];
  for (const { seat, value, signature } of outsideReports(terms, word.value, all)) {
    const key = `oracle:outside:${id}:${word.epoch}:${word.round}:${seat}`;
    if ((await transactionStatus(deps.store.db, key)) !== undefined) continue;
    const data = encodeFunctionData({
      abi: slasherAbi,
      functionName: "outside",
      args: [termsToChain(terms), value, signature],
    });
    await send(deps, { key, to: deps.addresses.slasher, data, purpose: "outside" });
  }
}

/** Votes of a jury that were committed and not opened; before it is closed, since nobody looks at it then. */
export async function sendWithheld(
  deps: WorkerDeps,
  { id, jury }: StoredJury,
  known: Collection,
  clock: number,
): Promise<void> {
  const { db } = deps.store;
  const [own, faults] = await Promise.all([ownCommitsOf(db, id), faultsOf(db, id)]);
  const shown = faults.flatMap(({ juror, kind }) => (kind === "withheld" ? [juror] : []));
  for (const { juror, commitments, index, signature } of withheldVotes({ ...known, own, shown }, clock)) {
    const data = encodeFunctionData({
      abi: courtAbi,
      functionName: "withheld",
      args: [jury, juror, commitments, BigInt(index), signature],
    });
    const key = `oracle:jury:${id}:withheld:${juror}`;
    await send(deps, { key, to: deps.addresses.court, data, purpose: "withheld" });
  }
}
