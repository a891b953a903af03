import { convertData, mergeAllData, outcomesOf, splitAllData } from "@sooth/markets/core";
import { z } from "zod";
import { keys, send, shared } from "../bundle/arguments.ts";
import type { Server } from "../bundle/network.ts";
import { sendDue } from "../bundle/send-due.ts";
import { command } from "../cli/command.ts";
import { approvalOf, callOf, needTokens } from "../outcome/approve.ts";
import { question, tokens } from "../outcome/arguments.ts";
import {
  type AskedQuestion,
  askedQuestion,
  moneyText,
  outcomesAt,
  tokensText,
  unitsOf,
} from "../outcome/asked.ts";
import { OpsError } from "../ops-error.ts";

// What ties the outcomes of a choice together: exactly one of them is the answer.

const inAll = z.object({ question, tokens, send, ...keys, ...shared });

export const outcomeSplitAll = command({
  name: "outcome split-all",
  about: "makes a yes of every outcome of a choice out of collateral, one for one",
  args: inAll,
  positional: ["question", "tokens"],
  run: ({ question: id, tokens: many, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, account, chainAt }) => {
      const { terms, count } = await askedChoice(server, id);
      const amount = unitsOf(server, many);
      const split = callOf(server, "splitAll", splitAllData(terms, amount));
      return {
        calls: [...(await approvalOf(server, chainAt, account, { more: amount, use: "now" })), split],
        says: [`${moneyText(server, amount)} become ${tokensText(server, amount)} yes of each of ${count}`],
      };
    }),
});

export const outcomeMergeAll = command({
  name: "outcome merge-all",
  about: "turns a yes of every outcome of a choice back into collateral, one for one, at any time",
  args: inAll,
  positional: ["question", "tokens"],
  run: ({ question: id, tokens: many, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, account, chainAt }) => {
      const { id: question, terms, count } = await askedChoice(server, id);
      const amount = unitsOf(server, many);
      const all = Array.from({ length: count }, (_, each) => each);
      await needTokens(server, chainAt, account, { question, outcomes: all, side: "yes", amount });
      return {
        calls: [callOf(server, "mergeAll", mergeAllData(terms, amount))],
        says: [`${tokensText(server, amount)} yes of each of ${count} become ${moneyText(server, amount)}`],
      };
    }),
});

export const outcomeConvert = command({
  name: "outcome convert",
  about:
    "exchanges no of some outcomes of a choice for yes of all the others, and money, at what they are worth",
  args: z.object({
    question,
    outcomes: z
      .string()
      .regex(/^\d+(,\d+)*$/, "wants outcomes such as 0,2")
      .transform((text) => [...new Set(text.split(",").map(Number))])
      .describe("those whose no is given up, with commas in between"),
    tokens,
    send,
    ...keys,
    ...shared,
  }),
  positional: ["question", "outcomes", "tokens"],
  run: ({ question: id, outcomes, tokens: many, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, account, chainAt }) => {
      const { id: question, terms, count } = await askedChoice(server, id);
      if (outcomes.some((each) => each >= count))
        throw OpsError.not_due({ what: `the question has the outcomes 0 to ${count - 1}` });
      const amount = unitsOf(server, many);
      await needTokens(server, chainAt, account, { question, outcomes, side: "no", amount });
      const names = new Map(
        (await outcomesAt(server, question)).outcomes.map(({ outcome, label }) => [outcome, label]),
      );
      const ofAll = (these: readonly number[]) =>
        `${these.length > 1 ? "of each of" : "of"} ${these.map((each) => `${each} (${names.get(each) ?? ""})`).join(", ")}`;
      const others = Array.from({ length: count }, (_, each) => each).filter(
        (each) => !outcomes.includes(each),
      );
      const money = BigInt(outcomes.length - 1) * amount;
      const got = [
        ...(others.length === 0 ? [] : [`${tokensText(server, amount)} yes ${ofAll(others)}`]),
        ...(money === 0n ? [] : [moneyText(server, money)]),
      ];
      return {
        calls: [callOf(server, "convert", convertData(terms, outcomes, amount))],
        says: [`${tokensText(server, amount)} no ${ofAll(outcomes)} become ${got.join(" and ")}`],
      };
    }),
});

/** @throws ops.not_due of a question that has but a yes and a no */
async function askedChoice(server: Server, id: string): Promise<AskedQuestion & { count: number }> {
  const asked = await askedQuestion(server, id, 0);
  const count = outcomesOf(asked.terms);
  if (count < 2) throw OpsError.not_due({ what: "the question is no choice among three or more" });
  return { ...asked, count };
}
