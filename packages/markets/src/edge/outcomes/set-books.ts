import type { Amount, Hex } from "@sooth/kernel";
import { at, need } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import { NO_SETS, type SetBook } from "../../core/index.ts";

type Row = {
  key: Hex;
  yes: string[];
  no: string[];
  outcomes: number | null;
  putIn: bigint;
  paidOut: bigint;
  winners: number | null;
  numerator: number | null;
  denominator: number | null;
  told: "match" | "conversion" | null;
  toldBlock: number | null;
  toldLog: number | null;
  toldLogs: number | null;
};

const columns = sql`key, yes::text[] as yes, no::text[] as no, outcomes, put_in as "putIn", paid_out as "paidOut", winners, numerator,
  denominator, told, told_block as "toldBlock", told_log as "toldLog", told_logs as "toldLogs"`;

function fromRow(row: Row): SetBook {
  const { told, toldBlock, toldLog, toldLogs, winners, numerator, denominator } = row;
  return {
    sets: row.yes.map((yes, index) => ({ yes: BigInt(yes), no: BigInt(at(row.no, index)) })),
    count: row.outcomes,
    putIn: row.putIn,
    paidOut: row.paidOut,
    result:
      winners === null || numerator === null || denominator === null
        ? null
        : {
            outcomes: BigInt(winners),
            share: { numerator: BigInt(numerator), denominator: BigInt(denominator) },
          },
    told:
      told === null || toldBlock === null || toldLog === null || toldLogs === null
        ? null
        : { block: toldBlock, logIndex: toldLog, what: told, logs: toldLogs },
  };
}

/** The books of these questions; an empty one where no log spoke of one yet. */
export async function setBooks(tx: Executor, keys: readonly Hex[]): Promise<Map<Hex, SetBook>> {
  const found = await rows<Row>(
    tx,
    sql`select ${columns} from markets.outcome_sets where key = any(${[...keys]}::text[])`,
  );
  const known = new Map(found.map((row) => [row.key, fromRow(row)]));
  return new Map(keys.map((key) => [key, known.get(key) ?? NO_SETS]));
}

export async function writeSetBooks(tx: Executor, books: ReadonlyMap<Hex, SetBook>): Promise<void> {
  const written = [...books].map(([key, { sets, count, putIn, paidOut, result, told }]) => ({
    key,
    yes: sets.map(({ yes }) => String(yes)),
    no: sets.map(({ no }) => String(no)),
    outcomes: count,
    put_in: String(putIn),
    paid_out: String(paidOut),
    winners: result && Number(result.outcomes),
    numerator: result && Number(result.share.numerator),
    denominator: result && Number(result.share.denominator),
    told: told?.what ?? null,
    told_block: told?.block ?? null,
    told_log: told?.logIndex ?? null,
    told_logs: told?.logs ?? null,
  }));
  await sql`insert into markets.outcome_sets
    select * from jsonb_populate_recordset(null::markets.outcome_sets, ${JSON.stringify(written)}::jsonb)
    on conflict (key) do update set yes = excluded.yes, no = excluded.no, outcomes = excluded.outcomes,
      put_in = excluded.put_in, paid_out = excluded.paid_out, winners = excluded.winners,
      numerator = excluded.numerator, denominator = excluded.denominator, told = excluded.told,
      told_block = excluded.told_block, told_log = excluded.told_log, told_logs = excluded.told_logs`.execute(
    tx,
  );
}

/** Of each question: the most that its tokens may still be paid, as `owedOn` has it, and whether they were made in sets. */
const SUMMED = sql`select s.*, t.odd,
    case when s.winners is null then coalesce(t.no_of_all + t.most, 0) else coalesce(t.worth, 0) end as owed
  from markets.outcome_sets s cross join lateral (
    select sum(u.no) as no_of_all,
      max(u.yes - u.no) filter (where u.own) as most,
      coalesce(bool_or(u.yes < 0 or u.no < 0), false)
        or s.winners is null and (coalesce(bool_or(not u.own and u.yes <> u.no), false)
          or coalesce(min(u.yes - u.no) filter (where u.own) <> max(u.yes - u.no) filter (where u.own), false)
          or s.outcomes is null and coalesce(bool_or(u.yes <> u.no), false)) as odd,
      sum(div(u.yes * u.share + u.no * (s.denominator - u.share), s.denominator::numeric)) as worth
    from (select v.yes, v.no, v.place <= coalesce(s.outcomes, 32) as own,
        case when (s.winners >> (v.place - 1)::int) & 1 = 1 then s.numerator else 0 end as share
      from unnest(s.yes, s.no) with ordinality as v (yes, no, place)) u
  ) t`;

/** What OutcomeTokens may still have to pay, by the rows. */
export const setsOwed = async (db: Executor): Promise<Amount> =>
  need(
    await one<{ owed: Amount }>(db, sql`select coalesce(sum(s.owed), 0) as owed from (${SUMMED}) s`),
    "a sum",
  ).owed;

/** The first question, and how many there are, whose tokens are not covered by what came in for it, or were never made in sets. */
export const oddSets = async (db: Executor): Promise<{ key: string; questions: number }> =>
  need(
    await one<{ key: string; questions: number }>(
      db,
      sql`select min(s.key) as key, count(*)::int as questions from (${SUMMED}) s
        where s.odd or s.put_in - s.paid_out < s.owed
          or (s.winners is null and s.put_in - s.paid_out <> s.owed)`,
    ),
    "a count",
  );

/** Questions with sets, from the one that most was ever put in on. */
export async function setBooksByMoney(
  db: Executor,
  { after, limit }: { after?: { putIn: string; key: string } | undefined; limit: number },
): Promise<{ key: Hex; book: SetBook }[]> {
  const found = await rows<Row>(
    db,
    sql`select ${columns} from markets.outcome_sets
      where ${after ? sql`put_in < ${after.putIn}::numeric or (put_in = ${after.putIn}::numeric and key > ${after.key})` : sql`true`}
      order by put_in desc, key limit ${limit}`,
  );
  return found.map((row) => ({ key: row.key, book: fromRow(row) }));
}
