import { type Address, type Amount, type Hex, need } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { z } from "zod";
import type { feePage } from "../core/index.ts";
import { chainPlace, decodeCursor, encodeCursor } from "./cursor.ts";
import { marketsByIds } from "./market-rows.ts";
import { opinionMarketsByIds } from "./opinions/market-rows.ts";

type Row = {
  block: number;
  logIndex: number;
  at: number;
  transaction: Hex;
  kind: "pool" | "opinion";
  market: Hex;
  amount: Amount;
};

/** Fees that were paid out to a creator, of pools and of opinion markets; a fee of nothing is none. */
const feesOf = (creator: Address) => sql`
  select block, log as "logIndex", at, tx as transaction, 'pool' as kind, market, amount
    from markets.activity where kind = 'fee' and who = ${creator.toLowerCase()} and amount > 0
  union all
  select block, log, at, tx, 'opinion', market, amount
    from markets.opinion_activity where kind = 'fee' and who = ${creator.toLowerCase()} and amount > 0`;

/**
 * What somebody's markets have paid him as their creator, the first first, and the sum of all of it.
 * @throws markets.bad_cursor
 */
export async function creatorFees(
  db: Executor,
  creator: Address,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<z.infer<typeof feePage>> {
  const [block, log] = cursor === undefined ? [-1, 0] : decodeCursor(chainPlace, cursor);
  const found = await rows<Row>(
    db,
    sql`select * from (${feesOf(creator)}) f where (block, "logIndex") > (${block}, ${log})
      order by block, "logIndex" limit ${limit + 1}`,
  );
  const sum = await one<{ total: Amount }>(
    db,
    sql`select coalesce(sum(amount), 0) as total from (${feesOf(creator)}) f`,
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const idsOf = (kind: Row["kind"]) => [
    ...new Set(page.filter((fee) => fee.kind === kind).map(({ market }) => market)),
  ];
  const [pools, opinions] = await Promise.all([
    marketsByIds(db, idsOf("pool")),
    opinionMarketsByIds(db, idsOf("opinion")),
  ]);
  return {
    items: page.map(({ kind, market, at, transaction, amount }) => ({
      kind,
      market,
      title:
        kind === "pool"
          ? need(pools.get(market), `market ${market}`).title
          : need(opinions.get(market), `opinion market ${market}`).statement,
      at,
      transaction,
      amount: String(amount),
    })),
    next: found.length > limit && last ? encodeCursor([last.block, last.logIndex]) : null,
    total: String(sum?.total ?? 0n),
  };
}
