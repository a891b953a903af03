import {
  type BlockRef,
  enqueueTransaction,
  gasAskedByHour,
  lastSender,
  marketFees,
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
  gasLeft,
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
/** What one takes stands at MARKETS_MATCH_GAS_PER_DAY; the rest is for contract wallets, whose own code decides what a signature takes. */
export const MATCH_GAS = 400_000n;
const DAY = 86_400;
/** Of a node's reason, in a log. */
const MOST_WORDS = 200;
/** Books after one block, half of them those with most money, half in turn; and matches. The others wait for the next. */
const BOOKS = 20;
const MATCHES = 10;
/** Of a book, from which those with most money are taken: small ones at better prices stand in nobody's way. */
const PLANNED = 1_000;
/** Matches that are tried beforehand after one block: one that is refused is no reason to end, many are. */
const TRIES = 40;
/** Of one maker's orders in a day: signatures cost nothing, so whoever trades with himself would have the keeper pay for it. */
const MOST_OF_A_MAKER = 40;
/** How long an order is left alone that failed when it was tried beforehand; its maker a day, where it failed on the chain and took gas. */
const ASIDE_SECONDS = 600;

/**
 * Matches orders that cross, for everybody, those with most money first. Each is tried beforehand, and nothing is sent twice. Who moves his
 * money away between that and the block costs the keeper a transaction, once a day; what all matches take has an end, in an hour and a day.
 */
export async function matchOrders(deps: Deps, head: BlockRef): Promise<void> {
  const { config, store } = deps;
  if (!keeperDuties(deps).claims || config.MARKETS_MATCH_GAS_PER_DAY === 0) return;
  await lookAtSent(deps, head);
  if (!(await mayPay(deps))) return;
  const found = await crossable(store.db, head);
  if (found.length === 0) return;
  const books: Book[] = [];
  for (const book of found) {
    const orders = await bookOrders(store.db, book, head.timestamp, MOST_OF_A_SIDE);
    books.push({ left: await withoutAside(store.db, orders, head.timestamp), plan: [], isNew: true });
  }
  const by = await senderOf(deps);
  let [sends, tries] = [MATCHES, TRIES];
  for (let match = next(books); match && sends > 0 && tries > 0; match = next(books)) {
    if (!(await mayPay(deps))) return;
    tries -= 1;
    const blamed = await tryMatch(deps, match, { by, head });
    if (blamed === null) sends -= 1;
    const book = match.book;
    // What is left of orders that are sent waits for what becomes of them; what else was planned of them counts on that.
    const gone = new Set((blamed ?? [match.taker, match.maker]).map(({ digest }) => digest));
    book.left = book.left.filter(({ digest }) => !gone.has(digest));
    if (blamed === null) continue;
    book.plan = book.plan.filter(({ taker, maker }) => !gone.has(taker.digest) && !gone.has(maker.digest));
    book.isNew = true;
  }
}

/** `left`: orders that nothing was tried with; `isNew`: they may match otherwise than planned. */
type Book = { left: StoredOrder[]; plan: SignedMatch[]; isNew: boolean };

/**
 * Of all books the planned match with most tokens, each of which is money: for it two makers have a unit together. One whose match is
 * refused leaves his book, and what is left of it is planned anew: he stands in nobody's way.
 */
function next(books: readonly Book[]): (SignedMatch & { book: Book }) | null {
  let most: (SignedMatch & { book: Book }) | null = null;
  for (const book of books) {
    if (book.plan.length === 0 && book.isNew) {
      const planned = planMatches(book.left, PLANNED) as SignedMatch[];
      book.plan = planned.toSorted((a, b) => (a.amount < b.amount ? 1 : a.amount > b.amount ? -1 : 0));
      book.isNew = false;
    }
    const [first] = book.plan;
    if (first && first.amount > (most?.amount ?? 0n)) most = { ...first, book };
  }
  most?.book.plan.shift();
  return most;
}

/** Who sends, and what he pays for gas, so that a wallet sees in a trial what it will see in earnest; nothing where he has too little. */
type Sender = { account: Address; maxFeePerGas?: bigint; maxPriorityFeePerGas?: bigint };
type Try = { by: Sender; head: BlockRef };

async function senderOf({ store, hub }: Deps): Promise<Sender> {
  const account = await lastSender(store.db, hub.definition.id);
  if (account === null) return { account: somebody() };
  const [fees, has] = await Promise.all([
    marketFees(hub.client),
    hub.client.getBalance({ address: account }),
  ]);
  if (has < MATCH_GAS * fees.maxFee) return { account };
  return { account, maxFeePerGas: fees.maxFee, maxPriorityFeePerGas: fees.maxPriorityFee };
}

type SignedMatch = Omit<Match, "taker" | "maker"> & { taker: StoredOrder; maker: StoredOrder };

/**
 * Books in which a bid meets an ask: those with most money in it, and after each block some others. By money alone who has much could have
 * his own looked at for ever, in turn alone who has many books.
 */
const crossable = (db: Executor, head: BlockRef) =>
  rows<{ question: Hex; outcome: number }>(
    db,
    sql`with o as (select question, outcome, covered, ${isBid} as is_bid, ${priceOfYes} as yes
        from markets.outcome_orders
        where ${inBook(head.timestamp)} and coalesce(aside_until, 0) <= ${head.timestamp} and ${notAside(head.timestamp)}),
      best as (select question, outcome, max(yes) filter (where is_bid) as bid, min(yes) filter (where not is_bid) as ask
        from o group by question, outcome),
      books as (select question, outcome, least(sum(covered) filter (where is_bid), sum(covered) filter (where not is_bid)) as tokens
        from o join best using (question, outcome)
        where bid >= ask and case when is_bid then yes >= ask else yes <= bid end group by question, outcome),
      ranked as (select question, outcome, row_number() over (order by tokens desc, question, outcome) as rank from books)
      select question, outcome from ranked
      order by rank > ${BOOKS / 2}, md5(question || outcome || ':' || ${String(head.number)}::text) limit ${BOOKS}`,
  );

/** Whose maker is not aside himself. */
const notAside = (now: number) =>
  sql`not exists (select 1 from markets.outcome_makers_aside a where a.maker = outcome_orders.maker and a.until_ > ${now})`;

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
        or exists (select 1 from markets.outcome_makers_aside a where a.maker = o.maker and a.until_ > ${now})
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
  const asked = await gasAskedByHour(store.db, { chainId: hub.definition.id, purpose: PURPOSE });
  return gasLeft(asked, BigInt(config.MARKETS_MATCH_GAS_PER_DAY), MATCH_GAS) >= MATCH_GAS;
}

/** Whose orders it is refused by; null where it is sent. @throws chain.rpc_unreachable */
async function tryMatch(deps: Deps, match: SignedMatch, { by, head }: Try): Promise<StoredOrder[] | null> {
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
    const orders = blamed.how === "unknown" ? [taker] : blamed.orders;
    await putAside(store.db, orders, head.timestamp + ASIDE_SECONDS);
    if (blamed.how === "known") await putMakersAside(store.db, orders, head.timestamp + ASIDE_SECONDS);
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
  by: Sender,
): Promise<{ error: AppError | null; why: string } | null> {
  try {
    await hub.client.simulateContract({
      address: addresses.outcomeTokens,
      abi: outcomeTokensAbi,
      functionName: "matchOrders",
      args: [orderToChain(taker.order), taker.signature, orderToChain(maker.order), maker.signature, amount],
      ...by,
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
 * Whose order it failed by: who is named, else whose purse is short; else it is a guess: whose word a contract gives, which may be another
 * each time. Where none of it tells, both. `amount`: tokens; none where it is not known any more.
 */
async function blame(
  deps: Deps,
  error: AppError | null,
  { taker, maker }: Pair,
  amount?: bigint,
): Promise<{ orders: StoredOrder[]; how: "known" | "guessed" | "unknown" }> {
  const said = (error?.data ?? {}) as { maker?: string; owner?: string };
  const name = (said.maker ?? said.owner)?.toLowerCase();
  const both = [taker, maker];
  const named = both.filter(({ order }) => order.maker === name);
  if (named.length > 0) return { orders: named, how: "known" };
  const purses = await Promise.all(both.map(({ order }) => purseFor(deps, order.maker, [order])));
  const short = both.filter(({ order, left }, index) => {
    const purse = purses[index];
    const [has = 0n] = purse ? coverOrders([{ order, left: amount ?? left }], purse) : [];
    return has < (amount ?? 1n);
  });
  if (short.length > 0) return { orders: short, how: "known" };
  const byContract = both.filter((one) => one.byContract);
  return byContract.length > 0 ? { orders: byContract, how: "guessed" } : { orders: both, how: "unknown" };
}

const putAside = (db: Executor, orders: readonly StoredOrder[], until: number): Promise<unknown> =>
  sql`update markets.outcome_orders set aside_until = greatest(aside_until, ${until})
    where digest = any(${orders.map(({ digest }) => digest)}::text[])`.execute(db);

/** Orders that they sign meanwhile wait as well. */
const putMakersAside = (db: Executor, orders: readonly StoredOrder[], until: number): Promise<unknown> =>
  sql`insert into markets.outcome_makers_aside
    select distinct maker, ${until}::bigint from unnest(${orders.map(({ order }) => order.maker)}::text[]) as maker
    on conflict (maker) do update set until_ = greatest(markets.outcome_makers_aside.until_, excluded.until_)`.execute(
    db,
  );

type Sent = { key: string; takerOrder: string; makerOrder: string; at: number };

/** What became of matches that were sent. */
async function lookAtSent(deps: Deps, head: BlockRef): Promise<void> {
  const { db } = deps.store;
  await sql`delete from markets.outcome_makers_aside where until_ <= ${head.timestamp}`.execute(db);
  await sql`delete from markets.outcome_matches where at < ${head.timestamp - 2 * DAY}`.execute(db);
  const sent = await rows<Sent>(
    db,
    sql`select key, taker_order as "takerOrder", maker_order as "makerOrder", at from markets.outcome_matches
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

/** Whether somebody traded with one of these since: what failed then, failed by no fault of theirs. */
async function tradedSince(db: Executor, orders: readonly StoredOrder[], at: number): Promise<boolean> {
  const found = await one(
    db,
    sql`select 1 from markets.outcome_trades t join unnest(${orders.map(({ order }) => order.question)}::text[],
        ${orders.map(({ order }) => order.outcome)}::int[], ${orders.map(({ order }) => order.maker)}::text[])
      as o(question, outcome, maker) on t.question = o.question and t.outcome = o.outcome and o.maker in (t.maker, t.taker)
      where t.at >= ${at} limit 1`,
  );
  return found !== undefined;
}

/**
 * One that failed on the chain took gas: whoever it failed by for sure is not matched again for a day, and where that is not known both
 * rest a while. Whose order somebody else matched in front of it only rests: else taking it would shut him out. One that was never sent
 * cost nothing: the order rests, and counts as nobody's match.
 */
async function undone(
  deps: Deps,
  { key, takerOrder, makerOrder, at }: Sent,
  { transaction, error }: OutboxStatus,
  head: BlockRef,
): Promise<void> {
  const { db } = deps.store;
  const wasSent = transaction !== null;
  tried.inc({ result: wasSent ? "undone" : "unsent" });
  if (!wasSent) await sql`delete from markets.outcome_matches where key = ${key}`.execute(db);
  const [taker, maker] = await Promise.all([orderByDigest(db, takerOrder), orderByDigest(db, makerOrder)]);
  if (!taker || !maker) return;
  const { orders, how } = await blame(deps, error?.data ? fromRevertData(error.data) : null, {
    taker,
    maker,
  });
  await putAside(db, orders, head.timestamp + ASIDE_SECONDS);
  if (wasSent && how !== "unknown" && !(await tradedSince(db, orders, at)))
    await putMakersAside(db, orders, head.timestamp + DAY);
}
