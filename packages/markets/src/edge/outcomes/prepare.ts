import type { Address, Hex } from "@sooth/kernel";
import { chainTime } from "@sooth/oracle";
import type { Terms } from "@sooth/oracle/core";
import type { z } from "zod";
import {
  approveData,
  buysTokens,
  cancelData,
  convertData,
  leastGot,
  mergeAllData,
  mergeData,
  moneyCommitted,
  mostPaid,
  MOST_TOKENS,
  orderToWire,
  orderTypedData,
  OutcomesError,
  outcomesOf,
  redeemData,
  settleData,
  type SetOrder,
  splitAllData,
  splitData,
  type wireCalls,
  type wirePreparedOrder,
  type wirePrepareCancel,
  type wirePrepareOrder,
  type wirePrepareSets,
} from "../../core/index.ts";
import { call, inJson, type Prepare } from "../prepare.ts";
import { MOST_OF_A_MAKER } from "./book-room.ts";
import { collateralOf, domainOf, filledOf, shareOf } from "./order-contract.ts";
import { liveOrders, nextNonce, orderByDigest } from "./order-rows.ts";
import { checkAmounts, checkMoney, checkTimes, lastExpiry, tradableQuestion } from "./place-order.ts";

type Calls = z.infer<typeof wireCalls>;

/** What to sign for an order, and what has to be sent before. @throws outcomes.* that says why it would not be taken */
export async function prepareOrder(
  deps: Prepare,
  asked: z.infer<typeof wirePrepareOrder>,
): Promise<z.infer<typeof wirePreparedOrder>> {
  const [now, question, first] = await Promise.all([
    chainTime(deps.hub),
    tradableQuestion(deps, asked.question, asked.outcome),
    nextNonce(deps.store.db, asked.maker),
  ]);
  const latest = lastExpiry(question, now);
  if (latest === null) throw OutcomesError.not_open({ question: question.id });
  const wanted: SetOrder = {
    maker: asked.maker.toLowerCase() as Address,
    question: question.id,
    outcome: asked.outcome,
    side: asked.side,
    amount: BigInt(asked.amount),
    price: BigInt(asked.price),
    nonce: first,
    expiresAt: asked.expiresAt ?? latest,
  };
  checkAmounts(wanted);
  await checkMoney(deps, wanted, wanted.amount);
  checkTimes(wanted, question, now);
  const order = await withFreeNonce(deps, wanted);
  const isBuyer = buysTokens(order.side);
  return {
    order: orderToWire(order),
    typedData: { purpose: "Sign the order", ...inJson(orderTypedData(domainOf(deps), order)) },
    calls: isBuyer
      ? await approval(deps, order.maker, moneyCommitted([{ order, left: order.amount }]), now)
      : [],
    pays: String(isBuyer ? mostPaid(order.price, order.amount) : 0n),
    gets: String(isBuyer ? 0n : leastGot(order.price, order.amount)),
  };
}

const TRIES = 8;

/** He may have used, or cancelled, some elsewhere. */
async function withFreeNonce(deps: Prepare, wanted: SetOrder): Promise<SetOrder> {
  for (let tried = 0n; tried < TRIES; tried++) {
    const order = { ...wanted, nonce: wanted.nonce + tried };
    if ((await filledOf(deps, order)) === 0n) return order;
  }
  // A word that he did not touch, as far as anybody can tell.
  return { ...wanted, nonce: ((wanted.nonce >> 7n) + 1n + BigInt(wanted.expiresAt)) << 7n };
}

/** The allowance that `more` needs beside what his orders may take; nothing where it is there. */
async function approval(deps: Prepare, owner: Address, more: bigint, now: number): Promise<Calls["calls"]> {
  const [{ allowance }, orders] = await Promise.all([
    collateralOf(deps, owner),
    liveOrders(deps.store.db, { maker: owner }, now, MOST_OF_A_MAKER),
  ]);
  const needed = more + moneyCommitted(orders);
  if (allowance >= needed) return [];
  const data = approveData(deps.addresses.outcomeTokens, needed);
  return [call(deps, deps.addresses.collateral, data, "Let outcome tokens take the money")];
}

/** Calls that make sets, take them apart, write down what they are worth, or pay for them. @throws outcomes.* that says why not */
export async function prepareSets(
  deps: Prepare,
  id: Hex,
  asked: z.infer<typeof wirePrepareSets>,
): Promise<Calls> {
  const question = await tradableQuestion(deps, id, asked.outcome);
  const owner = asked.owner as Address;
  const send = (data: Hex, purpose: string) => call(deps, deps.addresses.outcomeTokens, data, purpose);
  switch (asked.does) {
    case "split": {
      const amount = amountOf(asked.amount);
      const approve = await approval(deps, owner, amount, await chainTime(deps.hub));
      return { calls: [...approve, send(splitData(question.id, asked.outcome, amount), "Make sets")] };
    }
    case "merge":
      return {
        calls: [
          send(mergeData(question.id, asked.outcome, amountOf(asked.amount)), "Turn sets back into money"),
        ],
      };
    case "settle":
      return { calls: [send(settleData(question.terms), "Write down the result")] };
    case "redeem": {
      const share = await shareOf(deps, question.id, asked.outcome);
      const settle = share !== null ? [] : [send(settleData(question.terms), "Write down the result")];
      const redeem = redeemData(question.id, outcomesOf(question.terms), owner);
      return { calls: [...settle, send(redeem, "Redeem")] };
    }
    case "splitAll": {
      checkChoice(question.terms);
      const amount = amountOf(asked.amount);
      const approve = await approval(deps, owner, amount, await chainTime(deps.hub));
      return {
        calls: [...approve, send(splitAllData(question.terms, amount), "Make a yes of every outcome")],
      };
    }
    case "mergeAll": {
      checkChoice(question.terms);
      const merge = mergeAllData(question.terms, amountOf(asked.amount));
      return { calls: [send(merge, "Turn a yes of every outcome back")] };
    }
    case "convert": {
      const count = checkChoice(question.terms);
      const outcomes = asked.outcomes ?? [];
      if (outcomes.length === 0 || outcomes.some((each) => each >= count))
        throw OutcomesError.bad_outcomes({ count });
      const convert = convertData(question.terms, outcomes, amountOf(asked.amount));
      return { calls: [send(convert, "Exchange no of some for yes of the others")] };
    }
  }
}

function checkChoice(terms: Terms): number {
  const count = outcomesOf(terms);
  if (count < 2) throw OutcomesError.no_choice(undefined);
  return count;
}

function amountOf(text: string | undefined): bigint {
  const amount = BigInt(text ?? 0);
  if (amount <= 0n || amount > MOST_TOKENS) throw OutcomesError.bad_amount({ amount });
  return amount;
}

/** Calls that make orders worthless for good. @throws outcomes.unknown_order */
export async function prepareCancel(
  deps: Prepare,
  { maker, orders }: z.infer<typeof wirePrepareCancel>,
): Promise<Calls> {
  const found = await Promise.all(
    orders.map(async (digest) => {
      const stored = await orderByDigest(deps.store.db, digest);
      if (stored?.order.maker !== maker.toLowerCase()) throw OutcomesError.unknown_order({ order: digest });
      return stored.order.nonce;
    }),
  );
  return {
    calls: cancelData(found).map((data) => call(deps, deps.addresses.outcomeTokens, data, "Cancel orders")),
  };
}
