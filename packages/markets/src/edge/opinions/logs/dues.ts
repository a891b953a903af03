import { type Amount, type Bps, type Hex, need } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
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
import { moved } from "../../transitions.ts";
import { type BookRow, booksOf } from "./book-rows.ts";

type Ended = {
  id: Hex;
  rule: Rule;
  feeBps: Bps;
  prizeBps: Bps;
  prizes: number;
  ending: OpinionEnding;
  score: number | null;
  total: Amount | null;
  facts: bigint | null;
  round: bigint | null;
};
type Held = {
  market: string;
  owner: string;
  band: number | null;
  amount: Amount;
  paid: boolean;
  shared: boolean;
};

/** Opinions held in memory at once; one market's are never parted. */
const AT_ONCE = 20_000;

const endedOf = (tx: Executor, markets: readonly string[]): Promise<Ended[]> =>
  rows<Ended>(
    tx,
    sql`select id, rule, fee_bps as "feeBps", prize_bps as "prizeBps", prizes, ending, score, total, facts, round
      from markets.opinion_markets where id = any(${[...markets]}::text[]) order by id`,
  );

const tallyOf = ({ score, total, facts }: Ended): Tally | null =>
  score === null || total === null || facts === null ? null : { score, total, facts };

const NO_SHARES: Shares = { rule: "linear", feeBps: 0 as Bps, prizeBps: 0 as Bps, prizes: 1 };

/** What every opinion of markets that have ended may claim now. Where nobody announced one, it is void. */
export async function setDues(tx: Executor, markets: readonly string[]): Promise<void> {
  const books = await booksOf(tx, markets);
  const ended = new Map<string, Ended>((await endedOf(tx, markets)).map((one) => [one.id, one]));
  for (const some of inPortions(books)) await setDuesOf(tx, some, ended);
}

async function setDuesOf(
  tx: Executor,
  books: readonly BookRow[],
  endedOfAll: ReadonlyMap<string, Ended>,
): Promise<void> {
  const held = await rows<Held>(
    tx,
    sql`select market, owner, band, amount, paid > 0 as paid, shared from markets.opinions
      where market = any(${books.map(({ market }) => market)}::text[]) order by market, number`,
  );
  const heldOf = Map.groupBy(held, ({ market }) => market);
  const dues = books.map((book) => {
    const ended = endedOfAll.get(book.market);
    const facts = {
      ending: ended?.ending ?? "void",
      shares: ended ?? NO_SHARES,
      tally: ended ? tallyOf(ended) : null,
      untold: book.hidden,
    };
    const all = (heldOf.get(book.market) ?? []).map((one) => ({ ...one, due: dueOf(one, facts) }));
    return { market: book.market, all };
  });
  const each = dues.flatMap(({ all }) => all);
  await sql`update markets.opinions o set due = d.due
    from unnest(${each.map(({ market }) => market)}::text[], ${each.map(({ owner }) => owner)}::text[],
      ${each.map(({ due }) => String(due))}::numeric[]) as d (market, owner, due)
    where o.market = d.market and o.owner = d.owner and o.due <> d.due`.execute(tx);
  const sums = dues.map(({ all }) => String(all.reduce((sum, { due }) => sum + due, 0n)));
  const counts = dues.map(({ all }) => all.filter(({ due }) => due > 0n).length);
  await sql`update markets.opinion_books b set due = d.due, due_count = d.due_count
    from unnest(${dues.map(({ market }) => market)}::text[], ${sums}::numeric[], ${counts}::int[])
      as d (market, due, due_count) where b.market = d.market`.execute(tx);
}

function* inPortions(books: ReadonlyMap<string, BookRow>): Generator<BookRow[]> {
  let [some, opinions]: [BookRow[], number] = [[], 0];
  for (const book of books.values()) {
    if (some.length > 0 && opinions + book.count > AT_ONCE) {
      yield some;
      [some, opinions] = [[], 0];
    }
    some.push(book);
    opinions += book.count;
  }
  if (some.length > 0) yield some;
}

/** Where the prizes of these markets fell, of those whose round is proved. */
export async function drawPrizes(tx: Executor, markets: readonly string[]): Promise<void> {
  const scored = (await endedOf(tx, markets)).flatMap((one) => {
    const tally = tallyOf(one);
    return one.ending === "scored" && one.round !== null && tally
      ? [{ ...one, round: one.round, tally }]
      : [];
  });
  const seeds = await seedsOf(
    tx,
    scored.map(({ round }) => round),
  );
  const drawn = scored.filter(({ round }) => seeds.has(String(round)));
  if (drawn.length === 0) return;
  const books = await booksOf(
    tx,
    drawn.map(({ id }) => id),
  );
  const units = drawn.flatMap(({ id, round, tally, ...terms }) => {
    const { staked } = need(books.get(id), `the book of ${id}`);
    const seed = need(seeds.get(String(round)), `the seed of ${round}`);
    const amount = String(prizeOf(tally.total, terms));
    return Array.from({ length: terms.prizes }, (_, prize) => {
      const { band, offset } = drawOf({ seed, market: id, prize }, staked, terms.rule, tally);
      return { market: id, prize, band, place: String(offset), amount };
    });
  });
  const winners = await winnersOf(tx, units);
  const prizes = units.map((unit, index) => ({ ...unit, winner: winners[index] }));
  await sql`update markets.opinion_markets m set seed = s.seed
    from markets.seeds s where s.round = m.round and m.id = any(${drawn.map(({ id }) => id)}::text[])`.execute(
    tx,
  );
  await sql`insert into markets.opinion_prizes
    select * from jsonb_populate_recordset(null::markets.opinion_prizes, ${JSON.stringify(prizes)}::jsonb)`.execute(
    tx,
  );
  moved("opinions", "settled", drawn.length);
}

async function seedsOf(tx: Executor, rounds: readonly bigint[]): Promise<Map<string, Hex>> {
  const found = await rows<{ round: bigint; seed: Hex }>(
    tx,
    sql`select round, seed from markets.seeds where round = any(${[...new Set(rounds)].map(String)}::numeric[])`,
  );
  return new Map(found.map(({ round, seed }) => [String(round), seed]));
}

type Unit = { market: string; band: number; place: string };

/** Who holds each of these units, in their order. */
async function winnersOf(tx: Executor, units: readonly Unit[]): Promise<string[]> {
  const found = await rows<{ n: number; owner: string; start: bigint; amount: bigint }>(
    tx,
    sql`select u.n, o.owner, o.start, o.amount
      from unnest(${units.map(({ market }) => market)}::text[], ${units.map(({ band }) => band)}::int[],
        ${units.map(({ place }) => place)}::numeric[]) with ordinality as u (market, band, place, n)
      cross join lateral (select owner, start, amount from markets.opinions
        where market = u.market and band = u.band and start <= u.place order by start desc limit 1) o`,
  );
  const holders = new Map(found.map((one) => [one.n - 1, one]));
  return units.map(({ market, band, place }, index) => {
    const holder = holders.get(index);
    const unit = { band, offset: BigInt(place) };
    const held = holder && holdsUnit({ ...holder, band }, unit) ? holder : undefined;
    return need(held, `who holds unit ${place} of band ${band} of ${market}`).owner;
  });
}
