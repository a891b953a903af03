import { type BlockRef, enqueueTransaction, gasAskedFor, transactionStatuses } from "@sooth/chain";
import { outcomeTokensAbi } from "@sooth/abi";
import type { AppError, Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { type Executor, one, rows, sql } from "@sooth/store";
import {
  fromContractError,
  fromRevertData,
  type Match,
  matchData,
  type OpenOrder,
  orderToChain,
  planMatches,
  type SignedOrder,
} from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { keeperDuties } from "../keeper-duties.ts";
import { liveOrders, type StoredOrder } from "./order-rows.ts";
import { MOST_OF_A_BOOK } from "./place-order.ts";

const tried = counter(
  "markets_order_matches_total",
  "Matches of two orders that the keeper tried, by what became of them",
  ["result"],
);

/** In the outbox, of matches alone. */
const PURPOSE = "match";
/** A match was measured at 150,000 gas; the rest is for contract wallets, whose own code decides what a signature takes. */
export const MATCH_GAS = 400_000n;
const DAY = 86_400;
/** Books and matches after one block; the others wait for the next. */
const BOOKS = 20;
const MATCHES = 10;
/** Of one maker's orders in a day: signatures cost nothing, so whoever trades with himself would have the keeper pay for it. */
const MOST_OF_A_MAKER = 40;
/** How long an order is left alone that failed when it was tried beforehand; and its maker, where it failed on the chain and took gas. */
const ASIDE_SECONDS = 600;

/**
 * Matches orders that cross, for everybody. Each is tried beforehand, and nothing is sent twice. Who moves his money away between that and
 * the block costs the keeper a transaction, once a day; what all matches of a day take has an end.
 */
export async function matchOrders(deps: Deps, head: BlockRef): Promise<void> {
  const { config, store } = deps;
  if (!keeperDuties(deps).claims || config.MARKETS_MATCH_GAS_PER_DAY === 0) return;
  await lookAtSent(deps, head);
  let planned = 0;
  for (const { question, outcome } of await crossable(store.db, head.timestamp)) {
    if (planned >= MATCHES) return;
    const found = await liveOrders(store.db, { question, outcome }, head.timestamp, MOST_OF_A_BOOK * 2);
    const left = await withoutAside(store.db, found, head.timestamp);
    for (const match of planMatches(left, MATCHES - planned)) {
      planned += 1;
      if (!(await mayPay(deps))) return;
      await tryMatch(deps, match as SignedMatch, head);
    }
  }
}

type SignedMatch = Omit<Match, "taker" | "maker"> & { taker: StoredOrder; maker: StoredOrder };

/** Books with orders of both kinds. */
const crossable = (db: Executor, now: number) =>
  rows<{ question: Hex; outcome: number }>(
    db,
    sql`select question, outcome from markets.outcome_orders
      where covered > 0 and expires_at > ${now} and coalesce(aside_until, 0) <= ${now}
      group by question, outcome
      having bool_or(side in ('buyYes', 'sellNo')) and bool_or(side in ('sellYes', 'buyNo'))
      order by max(placed_at) desc, question, outcome limit ${BOOKS}`,
  );

/** Those that are on their way already, rest, or are of who had enough matched today, wait. */
async function withoutAside(
  db: Executor,
  orders: readonly StoredOrder[],
  now: number,
): Promise<StoredOrder[]> {
  const waiting = await rows<{ digest: string }>(
    db,
    sql`select digest from markets.outcome_orders o
      where digest = any(${orders.map(({ digest }) => digest)}::text[]) and (
        aside_until > ${now}
        or exists (select 1 from markets.outcome_matches m
          where not m.done and (m.taker_order = o.digest or m.maker_order = o.digest))
        or (select count(*) from markets.outcome_matches m
          where m.at > ${now - DAY} and (m.taker = o.maker or m.maker = o.maker)) >= ${MOST_OF_A_MAKER})`,
  );
  const aside = new Set(waiting.map(({ digest }) => digest));
  return orders.filter(({ digest }) => !aside.has(digest));
}

async function mayPay({ config, hub, store }: Deps): Promise<boolean> {
  const asked = await gasAskedFor(store.db, { chainId: hub.definition.id, purpose: PURPOSE, seconds: DAY });
  return asked + MATCH_GAS <= BigInt(config.MARKETS_MATCH_GAS_PER_DAY);
}

async function tryMatch(deps: Deps, match: SignedMatch, head: BlockRef): Promise<void> {
  const { store, hub, addresses, log } = deps;
  const { taker, maker, amount } = match;
  const refused = await simulate(deps, match);
  if (refused) {
    tried.inc({ result: "refused" });
    log.debug(
      { taker: taker.digest, maker: maker.digest, why: refused.message },
      "these orders do not match now",
    );
    const { digest } = culprit(refused, match);
    await putAside(store.db, { digest }, head.timestamp + ASIDE_SECONDS);
    return;
  }
  const key = `markets:match:${taker.digest}:${maker.digest}:${taker.left}:${maker.left}`;
  await store.transaction(async (tx) => {
    const added = await one(
      tx,
      sql`insert into markets.outcome_matches (key, taker_order, maker_order, taker, maker, at)
        values (${key}, ${taker.digest}, ${maker.digest}, ${taker.order.maker}, ${maker.order.maker}, ${head.timestamp})
        on conflict do nothing returning key`,
    );
    if (!added) return;
    await enqueueTransaction(tx, {
      chainId: hub.definition.id,
      key,
      to: addresses.outcomeTokens,
      data: matchData(taker, maker, amount),
      purpose: PURPOSE,
      priority: 1,
      gasLimit: MATCH_GAS,
    });
    tried.inc({ result: "sent" });
  });
}

/** Why the contract would refuse it; null where it would not. @throws chain.rpc_unreachable */
async function simulate(
  { hub, addresses }: Pick<Deps, "hub" | "addresses">,
  { taker, maker, amount }: { taker: SignedOrder; maker: SignedOrder; amount: bigint },
): Promise<AppError | null> {
  try {
    await hub.client.simulateContract({
      address: addresses.outcomeTokens,
      abi: outcomeTokensAbi,
      functionName: "matchOrders",
      args: [orderToChain(taker.order), taker.signature, orderToChain(maker.order), maker.signature, amount],
      gas: MATCH_GAS,
    });
    return null;
  } catch (error) {
    const refused = fromContractError(error);
    if (refused) return refused;
    throw error;
  }
}

/** Whose order it failed by, as far as the contract says; else the one that came later. */
function culprit<T extends Pick<OpenOrder, "place"> & { order: { maker: string } }>(
  error: AppError | null,
  { taker, maker }: { taker: T; maker: T },
): T {
  const said = (error?.data ?? {}) as { maker?: string; owner?: string };
  const named = (said.maker ?? said.owner)?.toLowerCase();
  return named === maker.order.maker && named !== taker.order.maker ? maker : taker;
}

const putAside = (
  db: Executor,
  of: { digest: string } | { maker: string },
  until: number,
): Promise<unknown> =>
  sql`update markets.outcome_orders set aside_until = ${until}
    where ${"digest" in of ? sql`digest = ${of.digest}` : sql`maker = ${of.maker}`}`.execute(db);

/** What became of matches that were sent. Where one was undone, its gas is gone: whoever it failed by is not matched again for a day. */
async function lookAtSent({ store: { db } }: Deps, head: BlockRef): Promise<void> {
  await sql`delete from markets.outcome_matches where at < ${head.timestamp - 2 * DAY}`.execute(db);
  const sent = await rows<{ key: string; takerOrder: string; taker: string; maker: string }>(
    db,
    sql`select key, taker_order as "takerOrder", taker, maker from markets.outcome_matches where not done limit 200`,
  );
  const statuses = await transactionStatuses(
    db,
    sent.map(({ key }) => key),
  );
  for (const { key, taker, maker } of sent) {
    const status = statuses.get(key);
    const isOver = !status || ["failed", "mined", "final"].includes(status.status);
    if (!isOver) continue;
    await sql`update markets.outcome_matches set done = true where key = ${key}`.execute(db);
    if (status?.status !== "failed" || status.transaction === null) continue;
    tried.inc({ result: "undone" });
    const error = status.error?.data ? fromRevertData(status.error.data) : null;
    const both = { taker: { place: 1, order: { maker: taker } }, maker: { place: 0, order: { maker } } };
    const by = culprit(error, both).order.maker;
    await putAside(db, { maker: by }, head.timestamp + DAY);
  }
}
