import type { Address } from "@sooth/kernel";
import { chainTime } from "@sooth/oracle";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import {
  bookOf,
  type Level,
  ONE,
  outcomesOf,
  tokenIdOf,
  type wireOrderBook,
  type wireQuestionOutcomes,
  type wireTrade,
} from "../../core/index.ts";
import { MOST_OF_A_SIDE } from "./book-room.ts";
import { holdings } from "./order-contract.ts";
import { bookOrders, liveOrders, openOrderToWire, type OrderFilter } from "./order-rows.ts";
import { lastExpiry, type OrderDeps, tradableQuestion } from "./place-order.ts";

/** Where no book is asked for. */
const MOST_SHOWN = 2_000;

/**
 * Orders that can be matched now, and where one outcome is asked for its book. What cannot be matched, or was dropped, is shown to who asks for the orders
 * of its maker alone: without end of it would leave no place for what can.
 */
export async function viewBook(deps: OrderDeps, filter: OrderFilter): Promise<z.infer<typeof wireOrderBook>> {
  const { db } = deps.store;
  const now = await chainTime(deps.hub);
  const { question, outcome, maker, side } = filter;
  const book =
    question !== undefined && outcome !== undefined
      ? await bookOrders(db, { question, outcome }, now, MOST_OF_A_SIDE)
      : null;
  const shown =
    book && maker === undefined
      ? book.filter(({ order }) => side === undefined || order.side === side)
      : await liveOrders(db, { ...filter, onlyInBook: maker === undefined }, now, MOST_SHOWN);
  const levels = book && bookOf(book);
  return {
    now,
    levels: levels && { bids: levels.bids.map(levelToWire), asks: levels.asks.map(levelToWire) },
    orders: shown.map(openOrderToWire),
  };
}

const levelToWire = ({ price, amount, orders }: Level) => ({
  price: Number(price),
  amount: String(amount),
  orders,
});

/**
 * The outcomes of a question that have tokens, what they are worth, what was traded last, and what `owner` holds.
 * @throws outcomes.unknown_question, outcomes.no_sides
 */
export async function viewOutcomes(
  deps: OrderDeps,
  id: string,
  owner: Address | undefined,
): Promise<z.infer<typeof wireQuestionOutcomes>> {
  const question = await tradableQuestion(deps, id, 0);
  const count = outcomesOf(question.terms);
  const ids = Array.from({ length: count }, (_, outcome) => ({
    yesId: tokenIdOf(question.id, outcome, "yes"),
    noId: tokenIdOf(question.id, outcome, "no"),
  }));
  const [now, trades, { shares, tokens, purse }] = await Promise.all([
    chainTime(deps.hub),
    tradesOn(deps.store.db, question.id),
    holdings(deps, question.id, { count, owner, ids: ids.flatMap(({ yesId, noId }) => [yesId, noId]) }),
  ]);
  const outcomes = ids.map(({ yesId, noId }, outcome) => ({
    outcome,
    label: count === 1 ? "" : (question.schema.outcomes[outcome] ?? String(outcome)),
    yesId: String(yesId),
    noId: String(noId),
    yesBps: shares[outcome] ?? null,
    yes: tokens?.[2 * outcome]?.toString() ?? null,
    no: tokens?.[2 * outcome + 1]?.toString() ?? null,
  }));
  const last = (outcome: number) => trades.find((trade) => trade.outcome === outcome)?.yesPrice ?? null;
  return {
    question: question.id,
    latest: lastExpiry(question, now),
    outcomes: outcomes.map((one) => ({ ...one, last: last(one.outcome) })),
    purse: purse && { collateral: String(purse.balance), allowance: String(purse.allowance) },
    trades,
  };
}

type TradeRow = Omit<z.infer<typeof wireTrade>, "id" | "amount" | "yesPrice"> & {
  block: number;
  log: number;
  amount: bigint;
};

const MOST_TRADES = 30;

/** The last trades on a question, the newest first. */
async function tradesOn(db: Executor, question: string): Promise<z.infer<typeof wireTrade>[]> {
  const found = await rows<TradeRow>(
    db,
    sql`select block, log, at, tx as transaction, outcome, taker, maker, side, amount, price
      from markets.outcome_trades where question = ${question} order by block desc, log desc limit ${MOST_TRADES}`,
  );
  return found.map(({ block, log, amount, ...trade }) => ({
    ...trade,
    id: `${block}:${log}`,
    amount: String(amount),
    yesPrice: trade.side.endsWith("Yes") ? trade.price : Number(ONE) - trade.price,
  }));
}
