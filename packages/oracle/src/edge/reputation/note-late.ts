import { epochsAbi } from "@sooth/abi";
import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { encodeFunctionData, keccak256 } from "viem";
import { INVALID, packEntries, TOO_EARLY } from "../../core/index.ts";
import { commitLimits } from "../contract.ts";
import type { WorkerDeps } from "../deps.ts";
import { send } from "../send.ts";

type Late = {
  question: Hex;
  epoch: number;
  round: number;
  seat: number;
  value: bigint;
  signature: Hex;
  finalizeAt: number;
};

/** Questions in one transaction. */
const MOST = 50;
/** Reports held in memory at once. */
const PAGE = 500;

/**
 * Logs reports that came in time and are not in the answer, which a quorum made without them: who is merely slower has
 * not missed a question. Once half of its liveness has passed, so that many questions share a transaction; those that are
 * final first go first.
 */
export async function noteLate(deps: WorkerDeps, { timestamp: now }: BlockRef): Promise<void> {
  const { tier } = await commitLimits(deps.hub, deps.addresses);
  const late = [...(await missingNotes(deps.store.db, now, tier))]
    .slice(0, MOST)
    .map(([question, reports]) => ({
      question,
      epoch: reports[0]?.epoch ?? 0,
      round: reports[0]?.round ?? 0,
      entries: packEntries(reports),
    }));
  if (late.length === 0) return;
  const data = encodeFunctionData({ abi: epochsAbi, functionName: "note", args: [late] });
  await send(deps, {
    key: `oracle:late:${keccak256(data).slice(2, 34)}`,
    to: deps.addresses.epochs,
    data,
    purpose: "late",
  });
}

/** What is to be logged, by question: all of the first `MOST` of them, at the least. */
async function missingNotes(db: Executor, now: number, tier: bigint): Promise<Map<Hex, Late[]>> {
  const missing: Late[] = [];
  let after: Late | undefined;
  do {
    const page = await lateReports(db, { now, tier, after });
    const noted = await notesOf(db, page);
    missing.push(...page.filter((report) => !noted.has(`${placeOf(report)}:${bare(report)}`)));
    after = page.length < PAGE ? undefined : page.at(-1);
  } while (after && new Set(missing.map(({ question }) => question)).size <= MOST);
  return Map.groupBy(missing, ({ question }) => question);
}

/** Hex digits of an entry of `packEntries`. */
const ENTRY = 2 * 77;
const bare = (report: Late): string => packEntries([report]).slice(2);
const placeOf = ({ question, epoch, round }: Pick<Late, "question" | "epoch" | "round">): string =>
  `${question}:${epoch}:${round}`;

/**
 * Seat, int96 and r | vs of report `r` as `packEntries` writes them, for a database. A signature with a high s comes out as
 * nothing that is ever logged, so that such reports are compared by `notesOf` alone.
 */
const entry = sql`lpad(to_hex(r.seat), 2, '0')
    || lpad(to_hex(div(word, 18446744073709551616)::bigint), 8, '0')
    || lpad(to_hex(mod(div(word, 4294967296), 4294967296)::bigint), 8, '0')
    || lpad(to_hex(mod(word, 4294967296)::bigint), 8, '0')
    || substr(r.signature, 3, 64)
    || case when right(r.signature, 2) in ('1c', '01') then translate(substr(r.signature, 67, 1), '01234567', '89abcdef')
      else substr(r.signature, 67, 1) end
    || substr(r.signature, 68, 63)`;

/** A page of the reports that are not in their answers and were not logged, those whose question is final first. */
export const lateReports = (
  db: Executor,
  { now, tier, after }: { now: number; tier: bigint; after: Late | undefined },
): Promise<Late[]> =>
  rows<Late>(
    db,
    // What secures much, and has a value, takes nothing late: see `takesLate`.
    sql`select r.question, r.epoch, r.round, r.seat, r.value, r.signature, q.finalize_at as "finalizeAt"
      from oracle.questions q
      join oracle.signed_answers s on s.question = q.id
      join oracle.reports r on r.question = q.id and r.epoch = s.epoch and r.round = s.round
      cross join lateral (select case when r.value < 0 then r.value + 79228162514264337593543950336 else r.value end) v(word)
      where q.state = 'answered' and q.aggregation <> 'root' and q.finalize_at > ${now}
        and q.finalize_at - q.liveness / 2 <= ${now} and (s.seats >> r.seat) & 1 = 0
        and (q.secures < ${String(tier)} or s.value in (${String(INVALID)}, ${String(TOO_EARLY)}))
        and not exists (select from oracle.late_reports l
          where l.question = r.question and l.epoch = r.epoch and l.round = r.round
            and (length(l.entries) - 2) % ${ENTRY} = 0 and position(${entry} in l.entries) % ${ENTRY} = 3)
        and ${after ? sql`(q.finalize_at, r.question, r.seat) > (${after.finalizeAt}, ${after.question}, ${after.seat})` : sql`true`}
      order by q.finalize_at, r.question, r.seat limit ${PAGE}`,
  );

/**
 * The entries that were logged for these questions, each with its place. Anybody may log anything: only the very bytes of a
 * report, where a reader of the log looks for an entry and for its epoch and round, are that report.
 */
async function notesOf(db: Executor, late: readonly Late[]): Promise<Set<string>> {
  const ids = [...new Set(late.map(({ question }) => question))];
  const notes = await rows<Pick<Late, "question" | "epoch" | "round"> & { entries: string }>(
    db,
    sql`select question, epoch, round, entries from oracle.late_reports where question = any(${ids}::text[])`,
  );
  const found = new Set<string>();
  for (const { entries, ...place } of notes) {
    const digits = entries.slice(2);
    if (digits.length % ENTRY !== 0) continue;
    for (let from = 0; from < digits.length; from += ENTRY)
      found.add(`${placeOf(place)}:${digits.slice(from, from + ENTRY)}`);
  }
  return found;
}
