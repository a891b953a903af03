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
import { collateralOf, shareOf, tokensOf } from "./order-contract.ts";
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
  const indexes = Array.from({ length: outcomesOf(question.terms) }, (_, index) => index);
  const [now, trades, purse, outcomes] = await Promise.all([
    chainTime(deps.hub),
    tradesOn(deps.store.db, question.id),
    owner === undefined ? null : collateralOf(deps, owner),
    Promise.all(
      indexes.map(async (outcome) => {
        const [yesId, noId] = [tokenIdOf(question.id, outcome, "yes"), tokenIdOf(question.id, outcome, "no")];
        const [yesBps, yes, no] = await Promise.all([
          shareOf(deps, question.id, outcome),
          owner === undefined ? null : tokensOf(deps, owner, yesId),
          owner === undefined ? null : tokensOf(deps, owner, noId),
        ]);
        return {
          outcome,
          label: indexes.length === 1 ? "" : (question.schema.outcomes[outcome] ?? String(outcome)),
          yesId: String(yesId),
          noId: String(noId),
          yesBps,
          yes: yes === null ? null : String(yes),
          no: no === null ? null : String(no),
        };
      }),
    ),
  ]);
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
