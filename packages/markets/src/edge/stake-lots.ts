import { type Address, type Amount, at, type Hex, need } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import { lotProceeds, type lotPage } from "../core/index.ts";
import { chainPlace, decodeCursor, encodeCursor } from "./cursor.ts";
import { marketsByIds } from "./market-rows.ts";
import { valueOf } from "./portfolio.ts";

type Row = {
  block: number;
  logIndex: number;
  at: number;
  transaction: Hex;
  market: Hex;
  outcome: number;
  amount: Amount;
  /** Of the position, staked before this. */
  before: Amount;
  staked: Amount;
  paid: Amount | null;
};

/**
 * Each stake of a wallet by itself, the first first, with its part of what the position came to.
 * @throws markets.bad_cursor
 */
export async function stakeLots(
  db: Executor,
  owner: Address,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
  now: number,
): Promise<z.infer<typeof lotPage>> {
  const [block, log] = cursor === undefined ? [-1, 0] : decodeCursor(chainPlace, cursor);
  const found = await rows<Row>(
    db,
    sql`with lots as (
        select block, log as "logIndex", at, tx as transaction, market, outcome, amount, who,
          sum(amount) over (partition by market, outcome order by block, log) - amount as before
        from markets.activity where kind = 'staked' and who = ${owner.toLowerCase()})
      select l.*, p.staked, p.paid from lots l
        join markets.positions p on p.market = l.market and p.outcome = l.outcome and p.owner = l.who
      where (l.block, l."logIndex") > (${block}, ${log})
      order by l.block, l."logIndex" limit ${limit + 1}`,
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const markets = await marketsByIds(db, [...new Set(page.map(({ market }) => market))]);
  return {
    items: page.map((lot) => {
      const market = need(markets.get(lot.market), `market ${lot.market}`);
      const { state, claimable } = valueOf(lot, market, now);
      const proceeds = state === "open" ? null : lotProceeds(lot.paid ?? claimable, lot);
      return {
        id: `${lot.block}:${lot.logIndex}`,
        market: lot.market,
        title: market.title,
        outcome: lot.outcome,
        label: at(market.labels, lot.outcome),
        at: lot.at,
        transaction: lot.transaction,
        amount: String(lot.amount),
        state,
        endedAt: state === "open" ? null : market.ending.at,
        proceeds: proceeds === null ? null : String(proceeds),
        gain: proceeds === null ? null : String(proceeds - lot.amount),
      };
    }),
    next: found.length > limit && last ? encodeCursor([last.block, last.logIndex]) : null,
  };
}
