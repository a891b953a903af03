import type { Amount, Hex } from "@sooth/kernel";
import { need } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import { NO_SETS, type SetBook } from "../../core/index.ts";

type Row = {
  pair: Hex;
  yes: bigint;
  no: bigint;
  putIn: bigint;
  paidOut: bigint;
  yesBps: number | null;
  matchedBlock: number | null;
  matchedLog: number | null;
};

const columns = sql`pair, yes, no, put_in as "putIn", paid_out as "paidOut", yes_bps as "yesBps",
  matched_block as "matchedBlock", matched_log as "matchedLog"`;
const fromRow = ({ yes, no, putIn, paidOut, yesBps, matchedBlock, matchedLog }: Row): SetBook => ({
  yes,
  no,
  putIn,
  paidOut,
  yesBps: yesBps === null ? null : BigInt(yesBps),
  matched:
    matchedBlock === null || matchedLog === null ? null : { block: matchedBlock, logIndex: matchedLog },
});

/** The books of these pairs; an empty one where no log spoke of one yet. */
export async function setBooks(tx: Executor, pairs: readonly Hex[]): Promise<Map<Hex, SetBook>> {
  const found = await rows<Row>(
    tx,
    sql`select ${columns} from markets.outcome_sets where pair = any(${[...pairs]}::text[])`,
  );
  const known = new Map(found.map((row) => [row.pair, fromRow(row)]));
  return new Map(pairs.map((pair) => [pair, known.get(pair) ?? NO_SETS]));
}

export async function writeSetBooks(tx: Executor, books: ReadonlyMap<Hex, SetBook>): Promise<void> {
  const written = [...books].map(([pair, { yes, no, putIn, paidOut, yesBps, matched }]) => ({
    pair,
    yes: String(yes),
    no: String(no),
    put_in: String(putIn),
    paid_out: String(paidOut),
    yes_bps: yesBps === null ? null : Number(yesBps),
    matched_block: matched?.block ?? null,
    matched_log: matched?.logIndex ?? null,
  }));
  await sql`insert into markets.outcome_sets
    select * from jsonb_populate_recordset(null::markets.outcome_sets, ${JSON.stringify(written)}::jsonb)
    on conflict (pair) do update set yes = excluded.yes, no = excluded.no, put_in = excluded.put_in,
      paid_out = excluded.paid_out, yes_bps = excluded.yes_bps, matched_block = excluded.matched_block,
      matched_log = excluded.matched_log`.execute(tx);
}

/** The most that a question's tokens may still be paid, as `owedOn` has it. */
const OWED = sql`case when s.yes_bps is null then greatest(s.yes, s.no)
  else div(s.yes * s.yes_bps + s.no * (10000 - s.yes_bps), 10000) end`;

/** What OutcomeTokens may still have to pay, by the rows. */
export const setsOwed = async (db: Executor): Promise<Amount> =>
  need(
    await one<{ owed: Amount }>(
      db,
      sql`select coalesce(sum(${OWED}), 0) as owed from markets.outcome_sets s`,
    ),
    "a sum",
  ).owed;

/** The first question, and how many there are, whose tokens are not covered by what came in for it, or were never made in sets. */
export const oddSets = async (db: Executor): Promise<{ pair: string; questions: number }> =>
  need(
    await one<{ pair: string; questions: number }>(
      db,
      sql`select min(s.pair) as pair, count(*)::int as questions from markets.outcome_sets s
        where s.yes < 0 or s.no < 0 or s.put_in - s.paid_out < ${OWED}
          or (s.yes_bps is null and (s.yes <> s.no or s.yes <> s.put_in - s.paid_out))`,
    ),
    "a count",
  );

/** Questions with sets, from the one that most was ever put in on. */
export async function setBooksByMoney(
  db: Executor,
  { after, limit }: { after?: { putIn: string; pair: string } | undefined; limit: number },
): Promise<{ pair: Hex; book: SetBook }[]> {
  const found = await rows<Row>(
    db,
    sql`select ${columns} from markets.outcome_sets
      where ${after ? sql`put_in < ${after.putIn}::numeric or (put_in = ${after.putIn}::numeric and pair > ${after.pair})` : sql`true`}
      order by put_in desc, pair limit ${limit}`,
  );
  return found.map((row) => ({ pair: row.pair, book: fromRow(row) }));
}
