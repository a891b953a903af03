import { mergeData, outcomesOf, redeemData, settleData, splitData, wireOrderBook } from "@sooth/markets/core";
import type { Address } from "@sooth/kernel";
import { z } from "zod";
import { columns } from "../bench/table.ts";
import { keys, send, shared } from "../bundle/arguments.ts";
import { openServer, type Server, signerFor } from "../bundle/network.ts";
import { sendDue } from "../bundle/send-due.ts";
import { command } from "../cli/command.ts";
import { approvalOf, callOf, needTokens } from "../outcome/approve.ts";
import { outcome, owner, question, tokens } from "../outcome/arguments.ts";
import { askedQuestion, moneyText, outcomesAt, priceText, tokensText, unitsOf } from "../outcome/asked.ts";
import { OpsError } from "../ops-error.ts";
import { time } from "../verify/verify-question.ts";

export const outcomeBook = command({
  name: "outcome book",
  about: "shows what people offer for yes and no of a question, by the price of yes, and the last trades",
  args: z.object({ question, outcome, ...shared }),
  positional: ["question"],
  run: async ({ question: id, outcome: which, url, deployment, json }, terminal) => {
    const server = await openServer(url, { signs: false, deployment });
    const [book, { trades }] = await Promise.all([
      server.api.get(`/v1/outcome-orders?question=${id}&outcome=${which}`, wireOrderBook),
      outcomesAt(server, id),
    ]);
    if (json) terminal.result({ ...book, trades });
    else
      for (const line of bookLines(
        server,
        book,
        trades.filter((one) => one.outcome === which),
      ))
        terminal.line(line);
    return 0;
  },
});

function bookLines(
  server: Server,
  { levels }: z.infer<typeof wireOrderBook>,
  trades: Awaited<ReturnType<typeof outcomesAt>>["trades"],
): string[] {
  const level = (side: string) => (one: { price: number; amount: string; orders: number }) => [
    side,
    priceText(one.price),
    tokensText(server, one.amount),
    String(one.orders),
  ];
  const rows = [
    ...(levels?.asks.toReversed().map(level("yes offered")) ?? []),
    ...(levels?.bids.map(level("yes wanted")) ?? []),
  ];
  return [
    ...(rows.length === 0
      ? ["nobody offers anything now"]
      : columns([["", "price of yes", "tokens", "orders"], ...rows], [1, 2, 3]).split("\n")),
    ...trades
      .slice(0, 5)
      .map(
        ({ at, amount, yesPrice }) =>
          `${time(at)}  ${tokensText(server, amount)} tokens at ${priceText(yesPrice)}`,
      ),
  ];
}

export const outcomeBalances = command({
  name: "outcome balances",
  about:
    "shows what somebody holds of a question's tokens, what that is worth once settled, and the orders of theirs that stand",
  args: z.object({ question, owner, ...keys, ...shared }),
  positional: ["question"],
  run: async ({ question: id, owner: whose, url, deployment, json, ...key }, terminal) => {
    const server = await openServer(url, { signs: false, deployment });
    const of = (whose ?? (await signerFor(server, key)).address) as Address;
    const [held, { orders }] = await Promise.all([
      outcomesAt(server, id, of),
      server.api.get(`/v1/outcome-orders?question=${id}&maker=${of}`, wireOrderBook),
    ]);
    if (json) {
      terminal.result({ owner: of, ...held, orders });
      return 0;
    }
    for (const { outcome: which, label, yes, no, yesBps } of held.outcomes) {
      const worth =
        yesBps === null
          ? "not settled"
          : `yes is worth ${priceText(yesBps * 100)}, no ${priceText((10_000 - yesBps) * 100)}`;
      terminal.line(
        `outcome ${which}${label === "" ? "" : ` (${label})`}  ${tokensText(server, yes ?? "0")} yes, ${tokensText(server, no ?? "0")} no; ${worth}`,
      );
    }
    if (held.purse)
      terminal.line(
        `${moneyText(server, held.purse.collateral)}, of which outcome tokens may take ${moneyText(server, held.purse.allowance)}`,
      );
    for (const { order, digest, left, covered, dropped } of orders)
      terminal.line(
        `order ${digest}  ${order.side} ${tokensText(server, left)} at ${priceText(order.price)}, until ${time(order.expiresAt)}${covered === left ? "" : `; ${tokensText(server, covered)} of it can be paid`}${dropped ? "; the book is full of better prices, and this one waits for room" : ""}`,
      );
    return 0;
  },
});

export const outcomeSplit = command({
  name: "outcome split",
  about: "makes sets of a yes and a no out of collateral, one for one",
  args: z.object({ question, tokens, outcome, send, ...keys, ...shared }),
  positional: ["question", "tokens"],
  run: ({ question: id, tokens: many, outcome: which, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, account, chainAt }) => {
      const asked = await askedQuestion(server, id, which);
      const amount = unitsOf(server, many);
      const split = callOf(server, "split", splitData(asked.id, which, amount));
      return {
        calls: [...(await approvalOf(server, chainAt, account, { more: amount, use: "now" })), split],
        says: [`${moneyText(server, amount)} become ${tokensText(server, amount)} yes and as many no`],
      };
    }),
});

export const outcomeMerge = command({
  name: "outcome merge",
  about: "turns sets of a yes and a no back into collateral, one for one, at any time",
  args: z.object({ question, tokens, outcome, send, ...keys, ...shared }),
  positional: ["question", "tokens"],
  run: ({ question: id, tokens: many, outcome: which, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, account, chainAt }) => {
      const { id: of } = await askedQuestion(server, id, which);
      const amount = unitsOf(server, many);
      for (const side of ["yes", "no"] as const)
        await needTokens(server, chainAt, account, { question: of, outcomes: [which], side, amount });
      return {
        calls: [callOf(server, "merge", mergeData(of, which, amount))],
        says: [`${tokensText(server, amount)} yes and as many no become ${moneyText(server, amount)}`],
      };
    }),
});

export const outcomeRedeem = command({
  name: "outcome redeem",
  about:
    "pays out what an owner's tokens are worth once the question is final; writes down the result first where nobody has",
  args: z.object({ question, owner, send, ...keys, ...shared }),
  positional: ["question"],
  run: ({ question: id, owner: whose, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, account }) => {
      const asked = await askedQuestion(server, id, 0);
      const of = (whose ?? account) as Address;
      const { outcomes } = await outcomesAt(server, id, of);
      const held = outcomes.filter(({ yes, no }) => BigInt(yes ?? 0) + BigInt(no ?? 0) > 0n);
      if (held.length === 0) throw OpsError.not_due({ what: `${of} holds none of these tokens` });
      const isSettled = held.every(({ yesBps }) => yesBps !== null);
      const settle = isSettled ? [] : [callOf(server, "settle", settleData(asked.terms))];
      return {
        calls: [...settle, callOf(server, "redeem", redeemData(asked.id, outcomesOf(asked.terms), of))],
        says: held.map(
          ({ outcome: which, yes, no }) =>
            `${of} holds ${tokensText(server, yes ?? "0")} yes and ${tokensText(server, no ?? "0")} no of outcome ${which}`,
        ),
      };
    }),
});
