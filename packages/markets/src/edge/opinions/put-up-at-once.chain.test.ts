import { oracleAbi, testDollarAbi } from "@sooth/abi";
import { devAccount } from "@sooth/chain/local-node";
import type { Address, Hex } from "@sooth/kernel";
import {
  questionId,
  schemaHash,
  schemaText,
  type Terms,
  termsToChain,
  termsToWire,
} from "@sooth/oracle/core";
import { encodeFunctionData, zeroAddress } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readsOpinions } from "../../../test/reads-opinions.ts";
import { openStage, type Stage } from "../../../test/stage.ts";
import { wireOpinionMarket, wirePreparedOpinionMarket } from "../../core/index.ts";

const asker = devAccount(0);
let stage: Stage;
let closesAt: number;
beforeAll(async () => {
  stage = await openStage();
  const faucet = encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [asker.address] });
  await stage.send(asker, stage.addresses.collateral, faucet);
  closesAt = (await stage.now()) + 600;
});
afterAll(() => stage.close());

const request = async (method: "GET" | "POST", url: string, payload?: object) => {
  const reply = await stage.app.inject({ method, url, ...(payload && { payload }) });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
};

/** A question that nobody has asked yet. */
function planned(change: Partial<Terms> = {}) {
  const schema = readsOpinions(stage.addresses.opinions, closesAt);
  const text = schemaText(schema);
  const terms: Terms = {
    asker: asker.address,
    schema: schemaHash(text),
    aggregation: "median",
    min: 0n,
    max: 10_000n,
    tolerance: 0n,
    opensAt: closesAt,
    deadline: closesAt + 3_000,
    liveness: 30,
    reward: 0n,
    nonce: 7n,
    domain: 0,
    endsEarly: false,
    secures: 1_000_000_000n,
    ...change,
  };
  return { question: questionId(terms), terms, text };
}

const prepare = (question: Hex, asking?: { terms: object; schemaText: string }) =>
  request("POST", "/v1/opinion-markets/prepare", {
    question,
    statement: "Zoos should be closed",
    rubric: "Clarity 20, insight 30, reasoning 30, originality 20.",
    creator: asker.address,
    closesAt,
    revealSeconds: 0,
    quietSeconds: 0,
    feeBps: 250,
    prizeBps: 0,
    prizes: 1,
    minConfidence: 5_000,
    rule: "fourth",
    leastStake: "500000",
    mostStake: "10000000",
    quietMost: "10000000",
    ...(asking && { asking }),
  });
const refusal = async (reply: ReturnType<typeof prepare>) => {
  const { status, body } = await reply;
  const { error } = z.object({ error: z.object({ code: z.string(), message: z.string() }) }).parse(body);
  return [status, error.code, error.message];
};

test("a market is prepared on a question that nobody has asked yet, and stands once both are sent, in their order", async () => {
  const { question, terms, text } = planned();
  expect((await refusal(prepare(question))).slice(0, 2)).toEqual([404, "markets.unknown_question"]);
  const reply = await prepare(question, { terms: termsToWire(terms), schemaText: text });
  expect([reply.status, reply.body]).toEqual([200, expect.anything()]);
  const { id, calls } = wirePreparedOpinionMarket.parse(reply.body);
  const ask = encodeFunctionData({ abi: oracleAbi, functionName: "ask", args: [termsToChain(terms), text] });
  await stage.send(asker, stage.addresses.oracle, ask);
  for (const { to, data } of calls) await stage.send(asker, to as Address, data as Hex);
  await stage.followed();
  const { body } = await request("GET", `/v1/opinion-markets/${id}`);
  expect(wireOpinionMarket.parse(body)).toMatchObject({ id, question: { id: question }, status: "open" });
});

test("what is told of it has to be that question, to the last word and number", async () => {
  const { question, terms, text } = planned({ nonce: 8n });
  const wire = termsToWire(terms);
  const told = (change: object, schemaOf = text) =>
    refusal(prepare(question, { terms: { ...wire, ...change }, schemaText: schemaOf }));
  const refused = [400, "opinions.bad_terms", "the market's terms do not hold: question"];
  expect(await told({ reward: "1" })).toEqual(refused);
  expect(await told({ asker: zeroAddress })).toEqual(refused);
  expect(await told({}, text.replace("What", "Why"))).toEqual(refused);
  expect(await told({ max: String(2n ** 200n) })).toEqual(refused);
  // One that is what it says, and cannot be read.
  const unread = "no schema at all";
  const odd = planned({ nonce: 9n, schema: schemaHash(unread) });
  const asking = { terms: termsToWire(odd.terms), schemaText: unread };
  expect(await refusal(prepare(odd.question, asking))).toEqual(refused);
});

test("who has too little for the reward and the fee together is told before he signs", async () => {
  const balance = await stage.deps.hub.client.readContract({
    address: stage.addresses.collateral,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [asker.address],
  });
  const { question, terms, text } = planned({ nonce: 10n, reward: balance });
  const reply = prepare(question, { terms: termsToWire(terms), schemaText: text });
  expect((await refusal(reply)).slice(0, 2)).toEqual([409, "markets.balance_too_small"]);
});
