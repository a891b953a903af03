import { amount, at, need } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { type Executor, rows, sql } from "@sooth/store";
import { size } from "viem";
import { HIDDEN_BAND, SEALED_BYTES } from "../../../core/index.ts";
import { lower } from "../../logs/record.ts";
import { type BookRow, booksOf, writeBooks } from "./book-rows.ts";
import { type OpinionLogs, recordOpinions } from "./record.ts";

const staked = counter(
  "markets_opinions_total",
  "Opinions seen on chain; one that a reorg undid counts again",
);

/** Adds a stake to its band. Returns where its units begin. */
function seat(book: BookRow, band: number, units: bigint): bigint {
  const start = at(book.staked, band);
  book.staked[band] = amount(start + units);
  book.opinions[band] = at(book.opinions, band) + 1;
  return start;
}

/** Adds up in memory and writes once a run. */
export async function onStakedOpinions(tx: Executor, logs: OpinionLogs<"Staked">): Promise<void> {
  const books = await booksOf(
    tx,
    logs.map(({ args }) => lower(args.market)),
  );
  const opinions = logs.map(({ args, block, logIndex, transaction }) => {
    const market = lower(args.market);
    const book = need(books.get(market), `the book of ${market}`);
    const units = BigInt(args.amount);
    const isHidden = args.band === HIDDEN_BAND;
    const start = isHidden ? null : seat(book, args.band, units);
    if (isHidden) {
      book.hidden = amount(book.hidden + units);
      book.hiddenCount += 1;
    }
    book.volume = amount(book.volume + units);
    book.count += 1;
    return {
      market,
      owner: lower(args.owner),
      number: book.count,
      band: isHidden ? null : args.band,
      start: start === null ? null : String(start),
      amount: String(units),
      opinion: args.opinion,
      at: block.timestamp,
      block: block.number,
      log: logIndex,
      tx: transaction,
      paid: "0",
      shared: false,
      due: "0",
    };
  });
  await sql`insert into markets.opinions
    select * from jsonb_populate_recordset(null::markets.opinions, ${JSON.stringify(opinions)}::jsonb)`.execute(
    tx,
  );
  await writeBooks(tx, [...books.values()]);
  await recordOpinions(
    tx,
    logs.map((log, index) => {
      const { market, owner, band } = at(opinions, index);
      return { kind: "staked", log, market, who: owner, band, amount: BigInt(log.args.amount) };
    }),
  );
  staked.inc(logs.length);
}

/** Comes before the stake that it belongs to. What is no sealed stance is not kept: it may be of any size, and opens to nothing. */
export async function onHidden(tx: Executor, logs: OpinionLogs<"Hidden">): Promise<void> {
  const secrets = logs.map(({ args }) => ({
    market: lower(args.market),
    owner: lower(args.owner),
    commitment: args.commitment,
    sealed: size(args.sealed_) === SEALED_BYTES ? args.sealed_ : "0x",
  }));
  await sql`insert into markets.opinion_secrets
    select * from jsonb_populate_recordset(null::markets.opinion_secrets, ${JSON.stringify(secrets)}::jsonb)`.execute(
    tx,
  );
}

export async function onRevealed(tx: Executor, logs: OpinionLogs<"Revealed">): Promise<void> {
  const markets = logs.map(({ args }) => lower(args.market));
  const owners = logs.map(({ args }) => lower(args.owner));
  const held = await rows<{ market: string; owner: string; amount: bigint }>(
    tx,
    sql`select o.market, o.owner, o.amount from markets.opinions o
      join unnest(${markets}::text[], ${owners}::text[]) as told (market, owner)
        on told.market = o.market and told.owner = o.owner`,
  );
  const amounts = new Map(held.map((row) => [`${row.market}:${row.owner}`, row.amount]));
  const books = await booksOf(tx, markets);
  const told = logs.map(({ args: { band } }, index) => {
    const [market, owner] = [at(markets, index), at(owners, index)];
    const units = need(amounts.get(`${market}:${owner}`), `the opinion of ${owner}`);
    const book = need(books.get(market), `the book of ${market}`);
    book.hidden = amount(book.hidden - units);
    book.hiddenCount -= 1;
    return { market, owner, band, start: String(seat(book, band, units)) };
  });
  await sql`update markets.opinions o set band = t.band, start = t.start
    from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as t (market text, owner text, band integer, start numeric)
    where o.market = t.market and o.owner = t.owner`.execute(tx);
  await writeBooks(tx, [...books.values()]);
  await recordOpinions(
    tx,
    logs.map((log, index) => {
      const { market, owner, band } = at(told, index);
      return { kind: "revealed", log, market, who: owner, band };
    }),
  );
}
