import type { Address, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { z } from "zod";
import {
  type OpenOrder,
  orderToWire,
  type OutcomeSide,
  type SignedOrder,
  type wireOpenOrder,
} from "../../core/index.ts";

/** An order that was handed in, as the chain stood when it was last asked. */
export type StoredOrder = OpenOrder &
  SignedOrder & { byContract: boolean; placedAt: number; dropped: boolean };

type Row = {
  digest: Hex;
  place: number;
  maker: Address;
  question: Hex;
  outcome: number;
  side: OutcomeSide;
  amount: bigint;
  price: number;
  nonce: bigint;
  expiresAt: number;
  signature: Hex;
  byContract: boolean;
  placedAt: number;
  dropped: boolean;
  left: bigint;
  covered: bigint;
};
const columns = sql`digest, place, maker, question, outcome, side, amount, price, nonce, expires_at as "expiresAt",
  signature, by_contract as "byContract", placed_at as "placedAt", dropped_at is not null as dropped, left_ as "left", covered`;

function fromRow({
  digest,
  place,
  signature,
  byContract,
  placedAt,
  dropped,
  left,
  covered,
  ...order
}: Row): StoredOrder {
  const price = BigInt(order.price);
  return {
    digest,
    place,
    signature,
    byContract,
    placedAt,
    dropped,
    left,
    covered,
    order: { ...order, price },
  };
}

export const openOrderToWire = (stored: StoredOrder): z.infer<typeof wireOpenOrder> => ({
  order: orderToWire(stored.order),
  signature: stored.signature,
  digest: stored.digest,
  left: String(stored.left),
  covered: String(stored.covered),
  placedAt: stored.placedAt,
  dropped: stored.dropped,
});

export async function orderByDigest(db: Executor, digest: string): Promise<StoredOrder | undefined> {
  const row = await one<Row>(db, sql`select ${columns} from markets.outcome_orders where digest = ${digest}`);
  return row && fromRow(row);
}

export type OrderFilter = {
  question?: string | undefined;
  outcome?: number | undefined;
  maker?: string | undefined;
  side?: OutcomeSide | undefined;
};

/** As `bidsYes` and `yesPrice` have it. */
export const isBid = sql`(side in ('buyYes', 'sellNo'))`;
export const priceOfYes = sql`(case when side in ('buyYes', 'sellYes') then price else 1000000 - price end)`;
/** Of one side of a book: its best price, and of one price who came first. */
export const bestFirst = sql`case when ${isBid} then -${priceOfYes} else ${priceOfYes} end, place`;
/** What books show and the keeper matches. */
export const inBook = (now: number) =>
  sql`(expires_at >= ${now} and left_ > 0 and covered > 0 and dropped_at is null)`;

/** Those that are good at `now` and not done, in the order in which they came. */
export async function liveOrders(
  db: Executor,
  { question, outcome, maker, side, onlyInBook }: OrderFilter & { onlyInBook?: boolean },
  now: number,
  most: number,
  /** Or, where it is given, besides those that were found done after this block: a reorg may say otherwise. */
  doneAfter?: number,
): Promise<StoredOrder[]> {
  const found = await rows<Row>(
    db,
    sql`select ${columns} from markets.outcome_orders
      where expires_at >= ${now} and ${doneAfter === undefined ? sql`left_ > 0` : sql`(left_ > 0 or checked_block > ${doneAfter})`}
        and ${question === undefined ? sql`true` : sql`question = ${question}`}
        and ${outcome === undefined ? sql`true` : sql`outcome = ${outcome}`}
        and ${maker === undefined ? sql`true` : sql`maker = ${maker.toLowerCase()}`}
        and ${onlyInBook ? inBook(now) : sql`true`}
        and ${side === undefined ? sql`true` : sql`side = ${side}`}
      order by place limit ${most}`,
  );
  return found.map(fromRow);
}

/**
 * What can be matched of one book, of each kind the best priced: what nobody could match hides nobody who can be. In the order in which
 * they came.
 */
export async function bookOrders(
  db: Executor,
  { question, outcome }: { question: string; outcome: number },
  now: number,
  mostOfAKind: number,
): Promise<StoredOrder[]> {
  const found = await rows<Row>(
    db,
    sql`select ${columns} from markets.outcome_orders where digest in (
        select digest from (select digest, row_number() over (partition by ${isBid} order by ${bestFirst}) as rank
            from markets.outcome_orders where question = ${question} and outcome = ${outcome} and ${inBook(now)}) o
          where rank <= ${mostOfAKind})
      order by place`,
  );
  return found.map(fromRow);
}

export async function insertOrder(
  tx: Executor,
  { order, signature, digest }: SignedOrder & { digest: Hex },
  o: { byContract: boolean; now: number; left: bigint; covered: bigint; block: number },
): Promise<void> {
  await sql`insert into markets.outcome_orders (digest, maker, question, outcome, side, amount, price, nonce, expires_at,
      signature, by_contract, placed_at, left_, covered, checked_block)
    values (${digest}, ${order.maker}, ${order.question}, ${order.outcome}, ${order.side}, ${String(order.amount)},
      ${Number(order.price)}, ${String(order.nonce)}, ${order.expiresAt}, ${signature}, ${o.byContract}, ${o.now},
      ${String(o.left)}, ${String(o.covered)}, ${o.block})`.execute(tx);
  await sql`insert into markets.outcome_nonces values (${order.maker}, ${String(order.nonce + 1n)})
    on conflict (maker) do update set next = greatest(markets.outcome_nonces.next, excluded.next)`.execute(
    tx,
  );
}

/** The nonce that nobody's order here of this maker had yet. */
export async function nextNonce(db: Executor, maker: string): Promise<bigint> {
  const row = await one<{ next: bigint }>(
    db,
    sql`select next from markets.outcome_nonces where maker = ${maker.toLowerCase()}`,
  );
  return row?.next ?? 0n;
}

/** What the chain said of orders at `block`. */
export async function writeChecked(
  tx: Executor,
  checked: readonly { digest: Hex; left: bigint; covered: bigint }[],
  { block, now }: { block: number; now: number },
): Promise<void> {
  await sql`update markets.outcome_orders o
    set left_ = c.left_, covered = c.covered,
      checked_block = case when c.left_ = 0 and o.left_ = 0 then o.checked_block else ${block} end,
      idle_since = case when c.covered > 0 then null else coalesce(o.idle_since, ${now}) end
    from jsonb_to_recordset(${JSON.stringify(
      checked.map(({ digest, left, covered }) => ({ digest, left_: String(left), covered: String(covered) })),
    )}::jsonb) as c (digest text, left_ numeric, covered numeric) where o.digest = c.digest`.execute(tx);
}
