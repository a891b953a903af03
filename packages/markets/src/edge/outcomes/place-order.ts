import { collateralToken } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { chainTime, questionById, type StoredQuestion } from "@sooth/oracle";
import { type Executor, notifyLiveAll, one, sql } from "@sooth/store";
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
import { checkRoom, makeRoom, MOST_OF_A_MAKER } from "./book-room.ts";
import { domainOf, filledOf, purseFor, signedBy } from "./order-contract.ts";
import { insertOrder, liveOrders, orderByDigest, type StoredOrder } from "./order-rows.ts";

export type OrderDeps = Pick<Deps, "store" | "hub" | "addresses">;
type PlaceDeps = OrderDeps & Pick<Deps, "config">;

/**
 * Takes an order into the book: what its maker could be made to regret, or nobody could match, is refused. The same one again is
 * the same order. A full book drops another for it, which waits for room.
 * @throws outcomes.* that says why not, chain.rpc_unreachable
 */
export async function placeOrder(
  deps: PlaceDeps,
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
  await checkMoney(deps, order, left);
  return store.transaction(async (tx) => {
    // Two orders of one maker at once would each find all of his money.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`markets.orders:${order.maker}`}, 0))`.execute(
      tx,
    );
    const again = await orderByDigest(tx, digest);
    if (again) return again;
    await checkNonce(tx, order);
    await checkCovered(tx, order, left, purse, now);
    const dropped = await makeRoom(tx, order, now);
    const seen = { byContract: by === "contract", now, left, covered: left, block: Number(head) };
    await insertOrder(tx, { ...signed, digest }, seen);
    const changed = new Set([order.question, ...dropped.map(({ question }) => question)]);
    await notifyLiveAll(
      tx,
      [...changed].map((id) => ({ topic: "question", id })),
    );
    return (await orderByDigest(tx, digest)) as StoredOrder;
  });
}

export function checkAmounts({ amount, nonce }: SetOrder): void {
  if (amount < 0n || amount > MOST_TOKENS || nonce >= 1n << 256n) throw OutcomesError.bad_amount({ amount });
  if (amount < LEAST_FILL) throw OutcomesError.order_too_small({ amount, minimum: LEAST_FILL });
}

const CENTS = 100n;

/** Who wants places in books for nothing has to put money behind each. Rounded up. @throws outcomes.too_little_money */
export async function checkMoney(
  { hub, addresses, config }: Pick<Deps, "hub" | "addresses" | "config">,
  { side, price }: SetOrder,
  tokens: bigint,
): Promise<void> {
  const { decimals } = await collateralToken(hub, addresses);
  const minimum = (BigInt(config.MARKETS_LEAST_ORDER_CENTS) * 10n ** BigInt(decimals) + CENTS - 1n) / CENTS;
  // A token that is sold is worth a unit at the most, and was made of one with another.
  const money = buysTokens(side) ? mostPaid(price, tokens) : tokens;
  if (money < minimum) throw OutcomesError.too_little_money({ money, minimum });
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
