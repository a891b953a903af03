import { testDollarAbi } from "@sooth/abi";
import { devAccount } from "@sooth/chain/local-node";
import type { Address, Hex } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readsOpinions } from "../../../test/reads-opinions.ts";
import { openStage, type Stage } from "../../../test/stage.ts";
import { textHash, wireOpinionLimits, wirePreparedOpinionMarket } from "../../core/index.ts";

const asker = devAccount(0);
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const faucet = encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [asker.address] });
  await stage.send(asker, stage.addresses.collateral, faucet);
});
afterAll(() => stage.close());

const request = async (method: "GET" | "POST", url: string, payload?: object) => {
  const reply = await stage.app.inject({ method, url, ...(payload && { payload }) });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
};
const codeOf = (body: unknown) => z.object({ error: z.object({ code: z.string() }) }).parse(body).error.code;

/** A score question on labels of so many families of models. */
async function ask(closesAt: number, families?: number): Promise<Hex> {
  const text = `What do the opinions come to, of ${families ?? 1}?`;
  const schema = readsOpinions(stage.addresses.opinions, closesAt, { text, ...(families && { families }) });
  const { id } = await stage.ask(schema, { opensAt: closesAt, deadline: closesAt + 3_000 });
  await stage.followed();
  return id;
}

const prepare = (question: Hex, closesAt: number) =>
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
  });

test("where a deployment wants two families of models, no money moves on a question that wants fewer", async () => {
  const closesAt = (await stage.now()) + 600;
  const [one, two] = [await ask(closesAt), await ask(closesAt, 2)];
  // One is enough where nothing else is set: a laptop has one analyst.
  const announced = wirePreparedOpinionMarket.parse((await prepare(one, closesAt)).body);
  for (const { to, data } of announced.calls) await stage.send(asker, to as Address, data as Hex);
  await stage.followed();
  const owner = (await stage.trader()).address;
  const opinion = { owner, amount: "1000000", band: 3, opinion: textHash("so I think") };
  const stake = () => request("POST", `/v1/opinion-markets/${announced.id}/opinions/prepare`, opinion);
  expect((await stake()).status).toBe(200);

  stage.deps.config.MARKETS_LEAST_FAMILIES = 2;
  const limits = wireOpinionLimits.parse((await request("GET", "/v1/opinions/limits")).body);
  expect(limits.leastFamilies).toBe(2);
  const refused = await prepare(await ask(closesAt + 1), closesAt + 1);
  expect([refused.status, codeOf(refused.body)]).toEqual([409, "opinions.too_few_families"]);
  const late = await stake();
  expect([late.status, codeOf(late.body)]).toEqual([409, "opinions.too_few_families"]);
  expect((await prepare(two, closesAt)).status).toBe(200);
});
