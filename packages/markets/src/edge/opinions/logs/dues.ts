import { type Amount, type Bps, type Hex, need } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import {
  drawOf,
  dueOf,
  holdsUnit,
  type OpinionEnding,
  prizeOf,
  type Rule,
  type Shares,
  type Tally,
} from "../../../core/index.ts";
import { booksOf } from "./book-rows.ts";

type Ended = {
  rule: Rule;
  feeBps: Bps;
  prizeBps: Bps;
  prizes: number;
  ending: OpinionEnding;
  score: number | null;
  total: Amount | null;
  facts: bigint | null;
  round: bigint | null;
  seed: Hex | null;
};
type Held = {
  owner: string;
  band: number | null;
  amount: Amount;
  paid: boolean;
  shared: boolean;
};

const endedOf = (tx: Executor, market: string): Promise<Ended | undefined> =>
  one<Ended>(
    tx,
    sql`select rule, fee_bps as "feeBps", prize_bps as "prizeBps", prizes, ending, score, total, facts, round, seed
      from markets.opinion_markets where id = ${market}`,
  );

const tallyOf = ({ score, total, facts }: Ended): Tally | null =>
  score === null || total === null || facts === null ? null : { score, total, facts };

const NO_SHARES: Shares = { rule: "linear", feeBps: 0 as Bps, prizeBps: 0 as Bps, prizes: 1 };

/** What every opinion of a market that has ended may claim now. Where nobody announced it, it is void. */
export async function setDues(tx: Executor, market: string): Promise<void> {
  const ended = await endedOf(tx, market);
  const held = await rows<Held>(
    tx,
    sql`select owner, band, amount, paid > 0 as paid, shared from markets.opinions where market = ${market} order by number`,
  );
  const book = need((await booksOf(tx, [market])).get(market), `the book of ${market}`);
  const facts = {
    ending: ended?.ending ?? "void",
    shares: ended ?? NO_SHARES,
    tally: ended ? tallyOf(ended) : null,
    untold: book.hidden,
  };
  const dues = held.map((one) => dueOf(one, facts));
  await sql`update markets.opinions o set due = d.due
    from unnest(${held.map(({ owner }) => owner)}::text[], ${dues.map(String)}::numeric[]) as d (owner, due)
    where o.market = ${market} and o.owner = d.owner and o.due <> d.due`.execute(tx);
  const sum = dues.reduce((all, due) => all + due, 0n);
  const count = dues.filter((due) => due > 0n).length;
  await sql`update markets.opinion_books set due = ${String(sum)}::numeric, due_count = ${count}
    where market = ${market}`.execute(tx);
}

/** Where the prizes fell, once the round that draws is proved. */
export async function drawPrizes(tx: Executor, market: string): Promise<void> {
  const ended = need(await endedOf(tx, market), `market ${market} that is drawn`);
  const { round, ending, prizes, rule } = ended;
  const tally = tallyOf(ended);
  if (ending !== "scored" || round === null || tally === null) return;
  const known = await one<{ seed: Hex }>(
    tx,
    sql`select seed from markets.seeds where round = ${String(round)}`,
  );
  if (!known) return;
  const { seed } = known;
  const book = need((await booksOf(tx, [market])).get(market), `the book of ${market}`);
  const amount = prizeOf(tally.total, ended);
  const drawn = [];
  for (let prize = 0; prize < prizes; prize++) {
    const unit = drawOf({ seed, market: market as Hex, prize }, book.staked, rule, tally);
    const winner = await winnerOf(tx, market, unit);
    drawn.push({
      market,
      prize,
      band: unit.band,
      place: String(unit.offset),
      winner,
      amount: String(amount),
    });
  }
  await sql`update markets.opinion_markets set seed = ${seed} where id = ${market}`.execute(tx);
  await sql`insert into markets.opinion_prizes
    select * from jsonb_populate_recordset(null::markets.opinion_prizes, ${JSON.stringify(drawn)}::jsonb)`.execute(
    tx,
  );
}

async function winnerOf(
  tx: Executor,
  market: string,
  unit: { band: number; offset: bigint },
): Promise<string> {
  const found = await one<{ owner: string; start: bigint; amount: bigint }>(
    tx,
    sql`select owner, start, amount from markets.opinions
      where market = ${market} and band = ${unit.band} and start <= ${String(unit.offset)}::numeric
      order by start desc limit 1`,
  );
  const held = found && holdsUnit({ ...found, band: unit.band }, unit) ? found : undefined;
  return need(held, `who holds unit ${unit.offset} of band ${unit.band} of ${market}`).owner;
}
