import type { BlockRef } from "@sooth/chain";
import { type Address, appErrorIn } from "@sooth/kernel";
import { counter, gauge } from "@sooth/runtime";
import { type Executor, notifyLiveAll, one, rows, sql } from "@sooth/store";
import { coverOrders, type SetOrder } from "../../core/index.ts";
import { comeBack, forgetOutside } from "./book-room.ts";
import { filledOf, purseFor, signedBy } from "./order-contract.ts";
import { liveOrders, type StoredOrder, writeChecked } from "./order-rows.ts";
import type { Deps } from "../deps.ts";
import type { OrderDeps } from "./place-order.ts";

const kept = gauge(
  "markets_outcome_orders",
  "Signed orders on outcome tokens that are kept, by whether they can be matched",
  ["state"],
);

const unseen = counter(
  "markets_order_looks_failed_total",
  "Makers of whose orders the chain could not be asked, and which are taken for uncovered until it can",
);

/** Makers whose orders are looked at after one block; the others wait for the next. */
const MAKERS = 50;
/** An order that could not be matched for so long is forgotten: its maker can hand it in again. */
const IDLE_SECONDS = 86_400;
/** For so many blocks an order that is done is looked at still. */
const REORG_BLOCKS = 64;
const MOST_ROWS = 500;

/**
 * Asks the chain what became of the orders that are kept: of those whose maker traded first, then of those that were looked at longest
 * ago. Level-triggered: what a reorg or a missed look left wrong the next look mends.
 */
export async function refreshOrders(deps: OrderDeps & Pick<Deps, "log">, head: BlockRef): Promise<void> {
  const { store } = deps;
  const { db } = store;
  await forget(db, head.timestamp);
  for (const maker of await makersToCheck(db, head)) await checkOrPass(deps, maker, head);
  const back = await comeBack(db, head.timestamp);
  if (back.length > 0)
    await store.transaction((tx) =>
      notifyLiveAll(
        tx,
        back.map((id) => ({ topic: "question", id })),
      ),
    );
  await tell(db, head.timestamp);
}

const makersToCheck = async (db: Executor, head: BlockRef): Promise<Address[]> =>
  (
    await rows<{ maker: Address }>(
      db,
      sql`select o.maker from markets.outcome_orders o where left_ > 0 or checked_block > ${head.number - REORG_BLOCKS}
        group by o.maker having min(o.checked_block) < ${head.number}
        order by bool_or(o.left_ > 0 and exists (select 1 from markets.outcome_trades t
            where t.block >= o.checked_block and (t.maker = o.maker or t.taker = o.maker))) desc,
          max(o.checked_block), o.maker limit ${MAKERS}`,
    )
  ).map(({ maker }) => maker);

/** What one maker's money or wallet does holds up nobody else's orders: his wait for the next look, as the last in the row. */
async function checkOrPass(
  deps: OrderDeps & Pick<Deps, "log">,
  maker: Address,
  head: BlockRef,
): Promise<void> {
  try {
    await checkMaker(deps, maker, head);
  } catch (error) {
    if (appErrorIn(error)?.code === "chain.rpc_unreachable") throw error;
    unseen.inc();
    deps.log.warn({ err: error, maker }, "what became of a maker's orders cannot be asked");
    const { db } = deps.store;
    const live = await liveOrders(db, { maker }, head.timestamp, MOST_ROWS, head.number - REORG_BLOCKS);
    const none = live.map(({ digest, left }) => ({ digest, left, covered: 0n }));
    await writeChecked(db, none, { block: head.number, now: head.timestamp });
  }
}

/** All live orders of one maker, whose money is told out to them in the order in which they came. */
export async function checkMaker(deps: OrderDeps, maker: Address, head: BlockRef): Promise<void> {
  const { store } = deps;
  const before = await liveOrders(store.db, { maker }, head.timestamp, MOST_ROWS, head.number - REORG_BLOCKS);
  const [states, purse] = await Promise.all([
    Promise.all(before.map((stored) => stateOf(deps, stored))),
    purseFor(
      deps,
      maker,
      before.map(({ order }) => order),
    ),
  ]);
  const open = before.map((stored, index) => ({
    ...stored,
    ...(states[index] ?? { left: 0n, signed: false }),
  }));
  // What its own wallet does not stand by any more takes nothing from the others.
  const good = open.filter(({ left, signed }) => left > 0n && signed);
  const covered = new Map(coverOrders(good, purse).map((amount, index) => [good[index]?.digest, amount]));
  const checked = open.map(({ digest, left }) => ({ digest, left, covered: covered.get(digest) ?? 0n }));
  const changed = checked.flatMap((now, index): SetOrder[] => {
    const was = before[index];
    return was && (was.left !== now.left || was.covered !== now.covered) ? [was.order] : [];
  });
  await store.transaction(async (tx) => {
    await writeChecked(tx, checked, { block: head.number, now: head.timestamp });
    await notifyLiveAll(
      tx,
      [...new Set(changed.map(({ question }) => question))].map((id) => ({ topic: "question", id })),
    );
  });
}

async function stateOf(
  deps: OrderDeps,
  { order, signature, byContract }: StoredOrder,
): Promise<{ left: bigint; signed: boolean }> {
  const [filled, by] = await Promise.all([
    filledOf(deps, order),
    byContract ? signedBy(deps, { order, signature }) : "key",
  ]);
  return { left: order.amount - filled, signed: by !== null };
}

/** What can never be matched again, and what could not be for a day. */
async function forget(db: Executor, now: number): Promise<void> {
  await sql`delete from markets.outcome_orders
    where expires_at < ${now} or idle_since < ${now - IDLE_SECONDS}`.execute(db);
  await forgetOutside(db);
}

async function tell(db: Executor, now: number): Promise<void> {
  const counted = await one<{ matchable: number; idle: number; dropped: number }>(
    db,
    sql`select count(*) filter (where covered > 0 and dropped_at is null)::int as matchable,
        count(*) filter (where covered = 0)::int as idle, count(*) filter (where covered > 0 and dropped_at is not null)::int as dropped
      from markets.outcome_orders where expires_at >= ${now} and left_ > 0`,
  );
  kept.set({ state: "matchable" }, counted?.matchable ?? 0);
  kept.set({ state: "uncovered" }, counted?.idle ?? 0);
  kept.set({ state: "dropped" }, counted?.dropped ?? 0);
}
