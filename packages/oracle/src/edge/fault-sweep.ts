import { courtAbi, slasherAbi } from "@sooth/abi";
import { type BlockRef, transactionStatus } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { encodeFunctionData } from "viem";
import {
  type Collection,
  outsideReports,
  provableSignature,
  termsToChain,
  unpackReport,
  withheldVotes,
} from "../core/index.ts";
import type { WorkerDeps } from "./deps.ts";
import { faultsOf, juriesByIds, ownCommitsOf, type StoredJury } from "./juries.ts";
import { questionsByIds, type StoredQuestion } from "./questions.ts";
import { reportsOf } from "./reports.ts";
import { send, type Wanted } from "./send.ts";

/** Proofs, or answers, looked at in one sweep. */
const AT_ONCE = 100;
/** Pairs of one owner held in memory at once. */
const OF_ONE = 20;
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
  const accused = new Set<string>();
  await sendEquivocations(deps, accused);
  await sendFeedEquivocations(deps, accused);
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

/** Which pairs are looked at: so many of each owner, behind those that were, and of nobody who is accused already. */
type Turn = { passed: number; accused: ReadonlySet<string> };

/** Pairs of `table`, by age within each owner, whose owners are not banned. */
const pairsIn = (table: ReturnType<typeof sql>, named: ReturnType<typeof sql>, { passed, accused }: Turn) =>
  sql`select * from (
      select e.*, s.owner, row_number() over (partition by s.owner order by e.seen_at, ${named}, e.epoch, e.signer) as place
      from ${table} e
      join oracle.signers s on s.signer = e.signer join oracle.providers p on p.owner = s.owner
      where not p.banned and s.owner <> all(${[...accused]}::text[])) e
    where e.place > ${passed} and e.place <= ${passed + OF_ONE}`;

/**
 * Sends what is not under way yet, one for each owner: it bans him, and every other pair of his would cost a transaction
 * that changes nothing. The next one goes when all attempts at the one before failed.
 * @param accused who needs no other pair; grows
 */
async function accuseEach<P extends { owner: string }>(
  deps: WorkerDeps,
  accused: Set<string>,
  pairs: (turn: Turn) => Promise<P[]>,
  wanted: (pair: P) => Omit<Wanted, "to" | "purpose">,
): Promise<void> {
  for (let passed = 0; ; passed += OF_ONE) {
    const found = await pairs({ passed, accused });
    if (found.length === 0) return;
    for (const pair of found) {
      if (accused.has(pair.owner)) continue;
      const proof = { ...wanted(pair), to: deps.addresses.slasher, purpose: "equivocation" };
      if (await send(deps, proof)) accused.add(pair.owner);
    }
  }
}

const sendEquivocations = (deps: WorkerDeps, accused: Set<string>): Promise<void> =>
  accuseEach(
    deps,
    accused,
    (turn) =>
      rows<Equivocation & { owner: string }>(
        deps.store.db,
        sql`${pairsIn(sql`oracle.equivocations`, sql`e.question, e.round`, turn)} order by e.place, e.owner`,
      ),
    (pair) => {
      const { question, round, epoch, signer } = pair;
      const key = `oracle:equivocation:${question}:${epoch}:${round}:${signer}`;
      return { key, data: equivocationCall(pair) };
    },
  );

type Pair = { first_signature: Hex; second_signature: Hex };
const bothOf = ({ first_signature: first, second_signature: second }: Pair) =>
  [provableSignature(first), provableSignature(second)] as const;

/** The proof, as the slasher takes it: two values, two roots, or one of each. */
function equivocationCall(pair: Equivocation): Hex {
  const { question, round, epoch, first_root: first, second_root: second } = pair;
  const [one, other] = bothOf(pair);
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

const sendFeedEquivocations = (deps: WorkerDeps, accused: Set<string>): Promise<void> =>
  accuseEach(
    deps,
    accused,
    (turn) =>
      rows<FeedEquivocation & { owner: string }>(
        deps.store.db,
        sql`select coalesce(f.template, e.feed) as feed, e.observed_at, e.epoch, e.signer, e.owner, e.first_value,
            e.first_signature, e.second_value, e.second_signature
          from (${pairsIn(sql`oracle.feed_equivocations`, sql`e.feed, e.observed_at`, turn)}) e
          left join oracle.feeds f on f.feed = e.feed order by e.place, e.owner`,
      ),
    ({ feed, observed_at: observedAt, epoch, signer, ...pair }) => {
      const values = [pair.first_value, pair.second_value] as const;
      const data = encodeFunctionData({
        abi: slasherAbi,
        functionName: "equivocatedFeeds",
        args: [feed, observedAt, epoch, values, ...bothOf(pair)],
      });
      return { key: `oracle:equivocation:${feed}:${epoch}:${observedAt}:${signer}`, data };
    },
  );

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
      args: [stored.jury, juror, both, ...bothOf(pair)],
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
      args: [termsToChain(terms), value, provableSignature(signature)],
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
      args: [jury, juror, commitments, BigInt(index), provableSignature(signature)],
    });
    const key = `oracle:jury:${id}:withheld:${juror}`;
    await send(deps, { key, to: deps.addresses.court, data, purpose: "withheld" });
  }
}
