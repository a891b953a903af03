import type { Hex } from "@sooth/kernel";
import { chainTime, questionById, type StoredQuestion } from "@sooth/oracle";
import { type Executor, notifyLive, one, sql } from "@sooth/store";
import type { z } from "zod";
import {
  buysTokens,
  coverOrders,
  earliestExpiry,
  latestExpiry,
  LEAST_FILL,
  type MakerPurse,
  MOST_TOKENS,
  mostPaid,
  orderDigest,
  orderFromWire,
  OutcomesError,
  outcomesOf,
  type SetOrder,
  type wirePostOrder,
} from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { domainOf, filledOf, purseFor, signedBy } from "./order-contract.ts";
import { insertOrder, liveOrders, orderByDigest, type StoredOrder } from "./order-rows.ts";

/** Orders of one maker that are kept at once. */
export const MOST_OF_A_MAKER = 40;
/** Orders on one outcome, and on all, of which each could be matched when it came. */
export const MOST_OF_A_BOOK = 1_000;
const MOST_OF_ALL = 20_000;

export type OrderDeps = Pick<Deps, "store" | "hub" | "addresses">;

/**
 * Takes an order into the book: what its maker could be made to regret, or nobody could match, is refused. The same one again is
 * the same order.
 * @throws outcomes.* that says why not, chain.rpc_unreachable
 */
export async function placeOrder(
  deps: OrderDeps,
  asked: z.infer<typeof wirePostOrder>,
): Promise<StoredOrder> {
  const { store } = deps;
  const order = orderFromWire(asked.order);
  checkAmounts(order);
  const digest = orderDigest(domainOf(deps), order);
  const known = await orderByDigest(store.db, digest);
  if (known) return known;
  const now = await chainTime(deps.hub);
  checkTimes(order, await tradableQuestion(deps, order.question, order.outcome), now);
  await checkRoom(store.db, order, now);
  const signed = { order, signature: asked.signature as Hex };
  const others = await liveOrders(store.db, { maker: order.maker }, now, MOST_OF_A_MAKER);
  // All that the chain is asked for is asked before a connection to the database is held.
  const [by, filled, purse, head] = await Promise.all([
    signedBy(deps, signed),
    filledOf(deps, order),
    purseFor(deps, order.maker, [...others.map((each) => each.order), order]),
    deps.hub.client.getBlockNumber({ cacheTime: 0 }),
  ]);
  if (by === null) throw OutcomesError.bad_signature({ maker: order.maker });
  if (filled >= order.amount) throw OutcomesError.nonce_used({ maker: order.maker, nonce: order.nonce });
  const left = order.amount - filled;
  return store.transaction(async (tx) => {
    // Two orders of one maker at once would each find all of his money.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`markets.orders:${order.maker}`}, 0))`.execute(
      tx,
    );
    const again = await orderByDigest(tx, digest);
    if (again) return again;
    await checkRoom(tx, order, now);
    await checkNonce(tx, order);
    await checkCovered(tx, order, left, purse, now);
    const seen = { byContract: by === "contract", now, left, covered: left, block: Number(head) };
    await insertOrder(tx, { ...signed, digest }, seen);
    await notifyLive(tx, { topic: "question", id: order.question });
    return (await orderByDigest(tx, digest)) as StoredOrder;
  });
}

export function checkAmounts({ amount, nonce }: SetOrder): void {
  if (amount < 0n || amount > MOST_TOKENS || nonce >= 1n << 256n) throw OutcomesError.bad_amount({ amount });
  if (amount < LEAST_FILL) throw OutcomesError.order_too_small({ amount, minimum: LEAST_FILL });
}

/** @throws outcomes.unknown_question, outcomes.no_sides */
export async function tradableQuestion(
  { store }: Pick<Deps, "store">,
  id: string,
  outcome: number,
): Promise<StoredQuestion> {
  const question = await questionById(store.db, id);
  if (!question) throw OutcomesError.unknown_question({ question: id as Hex });
  if (outcome >= outcomesOf(question.terms)) throw OutcomesError.no_sides(undefined);
  return question;
}

/** Until when an order placed now may be good; null where it is too late for any. */
export function lastExpiry({ terms, schema, word }: StoredQuestion, now: number): number | null {
  return word.state === "open" ? latestExpiry(terms, schema.observeAt, now) : null;
}

export function checkTimes({ expiresAt }: SetOrder, question: StoredQuestion, now: number): void {
  const latest = lastExpiry(question, now);
  if (latest === null) throw OutcomesError.not_open({ question: question.id });
  if (expiresAt > latest) throw OutcomesError.expires_too_late({ expiresAt, latest });
  const earliest = earliestExpiry(now);
  if (expiresAt < earliest) throw OutcomesError.expires_too_soon({ expiresAt, earliest });
}

type Counts = { own: number; book: number; all: number };

/** Nobody fills the table: whoever has much in it waits, and what could not be matched makes room for what can. */
async function checkRoom(db: Executor, { maker, question, outcome }: SetOrder, now: number): Promise<void> {
  const found = await one<Counts>(
    db,
    sql`select count(*) filter (where maker = ${maker})::int as own,
        count(*) filter (where question = ${question} and outcome = ${outcome} and covered > 0)::int as book,
        count(*)::int as all
      from markets.outcome_orders where expires_at >= ${now} and left_ > 0`,
  );
  if ((found?.own ?? 0) >= MOST_OF_A_MAKER)
    throw OutcomesError.too_many_orders({ maker, most: MOST_OF_A_MAKER });
  if ((found?.book ?? 0) >= MOST_OF_A_BOOK) throw OutcomesError.book_full({ most: MOST_OF_A_BOOK });
  if ((found?.all ?? 0) >= MOST_OF_ALL) throw OutcomesError.book_full({ most: MOST_OF_ALL });
}

async function checkNonce(tx: Executor, { maker, nonce }: SetOrder): Promise<void> {
  const used = await one(
    tx,
    sql`select 1 from markets.outcome_orders where maker = ${maker} and nonce = ${String(nonce)}`,
  );
  if (used) throw OutcomesError.nonce_used({ maker, nonce });
}

/** All orders of a maker that are kept can be paid together, when the last of them comes. @throws outcomes.not_covered */
async function checkCovered(
  tx: Executor,
  order: SetOrder,
  left: bigint,
  purse: MakerPurse,
  now: number,
): Promise<void> {
  const { maker } = order;
  const before = await liveOrders(tx, { maker }, now, MOST_OF_A_MAKER);
  const covered = coverOrders([...before, { order, left }], purse).at(-1) ?? 0n;
  if (covered >= left) return;
  const inMoney = buysTokens(order.side);
  throw OutcomesError.not_covered({
    maker,
    has: inMoney ? mostPaid(order.price, covered) : covered,
    wanted: inMoney ? mostPaid(order.price, left) : left,
  });
}
