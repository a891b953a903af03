import {
  buysTokens,
  cancelData,
  leastGot,
  matchData,
  moneyCommitted,
  mostPaid,
  type OpenOrder,
  orderFromWire,
  orderSide,
  orderTypedData,
  planMatches,
  type SetOrder,
  type SignedOrder,
  wireOpenOrder,
  wireOrderBook,
  wirePreparedOrder,
} from "@sooth/markets/core";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { z } from "zod";
import { keys, NOTHING_SENT, send, shared } from "../bundle/arguments.ts";
import { openServer, type Server, signerFor, withChains } from "../bundle/network.ts";
import { sendAll, sentLines } from "../bundle/send.ts";
import { sendDue } from "../bundle/send-due.ts";
import { callLines } from "../bundle/show-call.ts";
import { command } from "../cli/command.ts";
import { approvalOf, callOf, needForSale } from "../outcome/approve.ts";
import { outcome, price, question, tokens } from "../outcome/arguments.ts";
import { askedQuestion, lastMoment, moneyText, priceText, tokensText, unitsOf } from "../outcome/asked.ts";
import { provedOrder } from "../outcome/proved-order.ts";
import { OpsError } from "../ops-error.ts";
import { time } from "../verify/verify-question.ts";

const MILLIONTHS = 6;

export const outcomeOrder = command({
  name: "outcome order",
  about:
    "signs an order to buy or sell yes or no, and hands it in for anybody to match; sends what allowance is missing first",
  args: z.object({
    question,
    side: orderSide.describe("buyYes, buyNo, sellYes or sellNo"),
    tokens,
    price,
    outcome,
    seconds: z.coerce
      .number()
      .int()
      .positive()
      .optional()
      .describe("how long it is good; else until just before the question opens"),
    send,
    ...keys,
    ...shared,
  }),
  positional: ["question", "side", "tokens", "price"],
  run: async (o, terminal) => {
    const server = await openServer(o.url, { signs: true, deployment: o.deployment });
    const account = await signerFor(server, o);
    const asked = await askedQuestion(server, o.question, o.outcome);
    const last = lastMoment(asked, server.now());
    const wanted = {
      maker: account.address.toLowerCase() as Address,
      question: asked.id,
      outcome: o.outcome,
      side: o.side,
      amount: unitsOf(server, o.tokens),
      price: BigInt(o.price.slice(2).padEnd(MILLIONTHS, "0")),
      expiresAt: o.seconds === undefined ? last : Math.min(last, server.now() + o.seconds),
    };
    return withChains(server, async (chainAt) => {
      await needForSale(server, chainAt, account.address, wanted);
      const order = { ...wanted, nonce: await nonceFor(server, wanted) };
      const isBuyer = buysTokens(order.side);
      const calls = isBuyer
        ? await approvalOf(server, chainAt, account.address, {
            more: moneyCommitted([{ order, left: order.amount }]),
            use: "order",
          })
        : [];
      if (!o.send) {
        if (o.json) terminal.result({ order: { ...order, ...inText(order) }, calls, sent: [] });
        else
          for (const line of [
            ...orderLines(server, order),
            ...callLines(calls, server.addresses),
            NOTHING_SENT,
          ])
            terminal.line(line);
        return 0;
      }
      const sent = await sendAll(calls, account, chainAt);
      const signature = await account.signTypedData(orderTypedData(domainOf(server), order));
      const body = { order: { ...order, ...inText(order) }, signature };
      const kept = await server.api.post("/v1/outcome-orders", body, wireOpenOrder);
      if (o.json) terminal.result({ ...kept, sent });
      else
        for (const line of [...sentLines(sent), ...orderLines(server, order), `order ${kept.digest} stands`])
          terminal.line(line);
      return 0;
    });
  },
});

const domainOf = ({ hub, addresses }: Server) => ({
  chainId: hub.chainId,
  outcomeTokens: addresses.outcomeTokens,
});

const inText = ({ amount, price: of, nonce }: SetOrder) => ({
  amount: String(amount),
  price: Number(of),
  nonce: String(nonce),
});

/** Of the server only the nonce is taken: with a wrong one the order is worth nothing, and costs nothing. */
async function nonceFor(server: Server, wanted: Omit<SetOrder, "nonce">): Promise<bigint> {
  const body = { ...wanted, amount: String(wanted.amount), price: Number(wanted.price) };
  const { order } = await server.api.post("/v1/outcome-orders/prepare", body, wirePreparedOrder);
  return BigInt(order.nonce);
}

function orderLines(server: Server, { side, amount, price: of, expiresAt }: SetOrder): string[] {
  const money = buysTokens(side)
    ? `pays ${moneyText(server, mostPaid(of, amount))} at most`
    : `gets ${moneyText(server, leastGot(of, amount))} at least`;
  return [
    `${side} ${tokensText(server, amount)} at ${priceText(of)}: ${money}, for all of it`,
    `good until ${time(expiresAt)}, just before anybody can know the answer at the latest`,
  ];
}

export const outcomeCancel = command({
  name: "outcome cancel",
  about: "makes orders of this key worthless for good, by a transaction: the server forgetting one would not",
  args: z.object({
    orders: z
      .string()
      .regex(
        /^0x[0-9a-f]{64}(,0x[0-9a-f]{64})*$/,
        "wants orders as outcome balances names them, with commas in between",
      )
      .describe("orders, with commas in between"),
    send,
    ...keys,
    ...shared,
  }),
  positional: ["orders"],
  run: ({ orders, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, account }) => {
      const found: SetOrder[] = [];
      for (const digest of orders.split(",")) {
        const told = await server.api.get(`/v1/outcome-orders/${digest}`, wireOpenOrder);
        const order = provedOrder(domainOf(server), digest as Hex, orderFromWire(told.order));
        if (!sameAddress(order.maker, account)) throw OpsError.not_owner({ account, owner: order.maker });
        found.push(order);
      }
      const nonces = found.map(({ nonce }) => nonce);
      return {
        calls: cancelData(nonces).map((data) => callOf(server, "cancel", data)),
        says: found.flatMap((order) => orderLines(server, order)),
      };
    }),
});

export const outcomeMatch = command({
  name: "outcome match",
  about:
    "matches orders of a question that cross: anybody may, the makers pay each other and the caller the gas",
  args: z.object({
    question,
    outcome,
    most: z.coerce.number().int().min(1).max(50).default(10).describe("how many matches"),
    send,
    ...keys,
    ...shared,
  }),
  positional: ["question"],
  run: ({ question: id, outcome: which, most, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server }) => {
      const asked = await askedQuestion(server, id, which);
      const book = await server.api.get(`/v1/outcome-orders?question=${id}&outcome=${which}`, wireOrderBook);
      const open = book.orders.map((one, place): OpenOrder & SignedOrder => ({
        digest: one.digest as Hex,
        // What another question's makers signed is none of this one's.
        order: { ...orderFromWire(one.order), question: asked.id, outcome: which },
        signature: one.signature as Hex,
        left: BigInt(one.left),
        covered: BigInt(one.covered),
        place,
      }));
      const signed = new Map(open.map((one) => [one.digest, one]));
      const plan = planMatches(open, most).flatMap(({ taker, maker, amount }) => {
        const [takes, makes] = [signed.get(taker.digest), signed.get(maker.digest)];
        return takes && makes ? [{ takes, makes, amount }] : [];
      });
      return {
        calls: plan.map(({ takes, makes, amount }) =>
          callOf(server, "match", matchData(takes, makes, amount)),
        ),
        says: plan.map(
          ({ takes, makes, amount }) =>
            `${tokensText(server, amount)} tokens: ${takes.order.side} at ${priceText(takes.order.price)} meets ${makes.order.side} at ${priceText(makes.order.price)}`,
        ),
      };
    }),
});
