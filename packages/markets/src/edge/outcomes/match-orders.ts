import {
  type BlockRef,
  enqueueTransaction,
  gasAskedFor,
  lastSender,
  type OutboxStatus,
  transactionStatuses,
} from "@sooth/chain";
import { outcomeTokensAbi } from "@sooth/abi";
import { type Address, type AppError, appErrorIn, type Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { type Executor, one, rows, sql } from "@sooth/store";
import {
  coverOrders,
  fromContractError,
  fromRevertData,
  type Match,
  matchData,
  orderToChain,
  planMatches,
} from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { keeperDuties } from "../keeper-duties.ts";
import { MOST_OF_A_SIDE } from "./book-room.ts";
import { purseFor, somebody } from "./order-contract.ts";
import { bookOrders, inBook, isBid, orderByDigest, priceOfYes, type StoredOrder } from "./order-rows.ts";

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
/** Of a node's reason, in a log. */
const MOST_WORDS = 200;
/** Books and matches after one block; the others wait for the next. */
const BOOKS = 20;
const MATCHES = 10;
/** Matches that are tried beforehand after one block: one that is refused is no reason to end, many are. */
const TRIES = 40;
/** Of one maker's orders in a day: signatures cost nothing, so whoever trades with himself would have the keeper pay for it. */
const MOST_OF_A_MAKER = 40;
/** How long an order is left alone that failed when it was tried beforehand; its maker a day, where it failed on the chain and took gas. */
const ASIDE_SECONDS = 600;

/**
 * Matches orders that cross, for everybody. Each is tried beforehand, and nothing is sent twice. Who moves his money away between that and
 * the block costs the keeper a transaction, once a day; what all matches of a day take has an end.
 */
export async function matchOrders(deps: Deps, head: BlockRef): Promise<void> {
  const { config, store } = deps;
  if (!keeperDuties(deps).claims || config.MARKETS_MATCH_GAS_PER_DAY === 0) return;
  await lookAtSent(deps, head);
  const by = (await lastSender(store.db, deps.hub.definition.id)) ?? somebody();
  const rest: Rest = { sends: MATCHES, tries: TRIES };
  for (const { question, outcome } of await crossable(store.db, head)) {
    if (rest.sends === 0 || rest.tries === 0 || !(await mayPay(deps))) return;
    const found = await bookOrders(store.db, { question, outcome }, head.timestamp, MOST_OF_A_SIDE);
    await matchBook(deps, await withoutAside(store.db, found, head.timestamp), { by, head, rest });
  }
}

/** What may still be done after this block. */
type Rest = { sends: number; tries: number };
type Try = { by: Address; head: BlockRef; rest: Rest };

/** One whose match is refused leaves the book, and what is left of it is planned anew: he stands in nobody's way. */
async function matchBook(deps: Deps, orders: readonly StoredOrder[], o: Try): Promise<void> {
  const { rest } = o;
  const out = new Set<string>();
  for (let isNew = true; isNew;) {
    isNew = false;
    const left = orders.filter(({ digest }) => !out.has(digest));
    const refused = new Set<string>();
    for (const match of planMatches(left, rest.sends)) {
      const { taker, maker } = match as SignedMatch;
      if (refused.has(taker.digest) || refused.has(maker.digest)) continue;
      if (rest.sends === 0 || rest.tries === 0 || !(await mayPay(deps))) return;
      rest.tries -= 1;
      const blamed = await tryMatch(deps, match as SignedMatch, o);
      if (blamed === null) {
        rest.sends -= 1;
        // What is left of them waits for what becomes of this.
        out.add(taker.digest).add(maker.digest);
      } else for (const { digest } of blamed) refused.add(digest);
    }
    for (const digest of refused) {
      out.add(digest);
      isNew = true;
    }
  }
}

type SignedMatch = Omit<Match, "taker" | "maker"> & { taker: StoredOrder; maker: StoredOrder };

/** Books in which a bid meets an ask, after each block in another order: nobody has his looked at first for ever, or ours never. */
const crossable = (db: Executor, head: BlockRef) =>
  rows<{ question: Hex; outcome: number }>(
    db,
    sql`select question, outcome from (select question, outcome, ${isBid} as is_bid, ${priceOfYes} as yes
        from markets.outcome_orders
        where ${inBook(head.timestamp)} and coalesce(aside_until, 0) <= ${head.timestamp}) o
      group by question, outcome
      having max(yes) filter (where is_bid) >= min(yes) filter (where not is_bid)
      order by md5(question || outcome || ':' || ${String(head.number)}::text) limit ${BOOKS}`,
  );

/** Those that are on their way already, rest, are of who traded since he was looked at, or had enough matched today, wait. */
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
        or exists (select 1 from markets.outcome_trades t
          where t.block >= o.checked_block and (t.maker = o.maker or t.taker = o.maker))
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

/** Whose orders it is refused by; null where it is sent. @throws chain.rpc_unreachable */
async function tryMatch(
  deps: Deps,
  match: SignedMatch,
  { by, head }: Pick<Try, "by" | "head">,
): Promise<StoredOrder[] | null> {
  const { store, hub, addresses, log } = deps;
  const { taker, maker, amount } = match;
  const refused = await simulate(deps, match, by);
  if (refused) {
    tried.inc({ result: "refused" });
    log.debug(
      { taker: taker.digest, maker: maker.digest, why: refused.why },
      "these orders do not match now",
    );
    const blamed = await blame(deps, refused.error, { taker, maker }, amount);
    const orders = blamed.isSure ? blamed.orders : [taker];
    await putAside(store.db, orders, head.timestamp + ASIDE_SECONDS);
    return orders;
  }
  // Of this block: one that was never sent may be tried again, and is no effect that had been.
  const key = `markets:match:${taker.digest}:${maker.digest}:${taker.left}:${maker.left}:${head.number}`;
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
  return null;
}

type Pair = { taker: StoredOrder; maker: StoredOrder };

/**
 * Why it would be refused, as the contract says it where it does; null where it would not be. Asked as who sends it and on top of what is
 * under way, that a wallet does not know the one from the other. @throws chain.rpc_unreachable
 */
async function simulate(
  { hub, addresses }: Pick<Deps, "hub" | "addresses">,
  { taker, maker, amount }: Pair & { amount: bigint },
  by: Address,
): Promise<{ error: AppError | null; why: string } | null> {
  try {
    await hub.client.simulateContract({
      address: addresses.outcomeTokens,
      abi: outcomeTokensAbi,
      functionName: "matchOrders",
      args: [orderToChain(taker.order), taker.signature, orderToChain(maker.order), maker.signature, amount],
      account: by,
      blockTag: "pending",
      gas: MATCH_GAS,
    });
    return null;
  } catch (error) {
    if (!(error instanceof Error) || appErrorIn(error)?.code === "chain.rpc_unreachable") throw error;
    // Out of gas, or a node that would not run it: no word of the contract's, and no reason to stop at this pair for ever.
    return { error: fromContractError(error), why: error.message.slice(0, MOST_WORDS) };
  }
}

/**
 * Whose order it failed by: who is named, else whose purse is short, else whose word a contract gives, which may be another each time.
 * Where none of it tells, both, and that is not sure. `amount`: tokens; none where it is not known any more.
 */
async function blame(
  deps: Deps,
  error: AppError | null,
  { taker, maker }: Pair,
  amount?: bigint,
): Promise<{ orders: StoredOrder[]; isSure: boolean }> {
  const said = (error?.data ?? {}) as { maker?: string; owner?: string };
  const name = (said.maker ?? said.owner)?.toLowerCase();
  const both = [taker, maker];
  const named = both.filter(({ order }) => order.maker === name);
  if (named.length > 0) return { orders: named, isSure: true };
  const purses = await Promise.all(both.map(({ order }) => purseFor(deps, order.maker, [order])));
  const short = both.filter(({ order, left }, index) => {
    const purse = purses[index];
    const [has = 0n] = purse ? coverOrders([{ order, left: amount ?? left }], purse) : [];
    return has < (amount ?? 1n);
  });
  if (short.length > 0) return { orders: short, isSure: true };
  const byContract = both.filter((one) => one.byContract);
  return byContract.length > 0 ? { orders: byContract, isSure: true } : { orders: both, isSure: false };
}

const putAside = (db: Executor, orders: readonly StoredOrder[], until: number): Promise<unknown> =>
  sql`update markets.outcome_orders set aside_until = greatest(aside_until, ${until})
    where digest = any(${orders.map(({ digest }) => digest)}::text[])`.execute(db);

type Sent = { key: string; takerOrder: string; makerOrder: string };

/** What became of matches that were sent. */
async function lookAtSent(deps: Deps, head: BlockRef): Promise<void> {
  const { db } = deps.store;
  await sql`delete from markets.outcome_matches where at < ${head.timestamp - 2 * DAY}`.execute(db);
  const sent = await rows<Sent>(
    db,
    sql`select key, taker_order as "takerOrder", maker_order as "makerOrder" from markets.outcome_matches
      where not done limit 200`,
  );
  const statuses = await transactionStatuses(
    db,
    sent.map(({ key }) => key),
  );
  for (const match of sent) {
    const status = statuses.get(match.key);
    const isOver = !status || ["failed", "mined", "final"].includes(status.status);
    // Until the rows know of it, what it left of both orders is not known.
    if (!isOver || (status?.blockNumber ?? 0) > head.number) continue;
    if (status?.status === "failed") await undone(deps, match, status, head);
    await sql`update markets.outcome_matches set done = true where key = ${match.key}`.execute(db);
  }
}

/**
 * One that failed on the chain took gas: whoever it failed by for sure is not matched again for a day, and where that is not known both
 * rest a while. One that was never sent cost nothing: the order rests, and counts as nobody's match.
 */
async function undone(
  deps: Deps,
  { key, takerOrder, makerOrder }: Sent,
  { transaction, error }: OutboxStatus,
  head: BlockRef,
): Promise<void> {
  const { db } = deps.store;
  const wasSent = transaction !== null;
  tried.inc({ result: wasSent ? "undone" : "unsent" });
  if (!wasSent) await sql`delete from markets.outcome_matches where key = ${key}`.execute(db);
  const [taker, maker] = await Promise.all([orderByDigest(db, takerOrder), orderByDigest(db, makerOrder)]);
  if (!taker || !maker) return;
  const { orders, isSure } = await blame(deps, error?.data ? fromRevertData(error.data) : null, {
    taker,
    maker,
  });
  await putAside(db, orders, head.timestamp + ASIDE_SECONDS);
  if (!wasSent || !isSure) return;
  await sql`update markets.outcome_orders set aside_until = ${head.timestamp + DAY}
    where maker = any(${orders.map(({ order }) => order.maker)}::text[])`.execute(db);
}
