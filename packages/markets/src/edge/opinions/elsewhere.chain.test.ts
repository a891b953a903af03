import { opinionsAbi, testDollarAbi } from "@sooth/abi";
import { devAccount } from "@sooth/chain/local-node";
import { type Address, type Amount, type Bps, type Hex } from "@sooth/kernel";
import { type QuestionSchema, type Source, termsToChain } from "@sooth/oracle/core";
import { encodeFunctionData, zeroHash } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readsOpinions } from "../../../test/reads-opinions.ts";
import { DOLLAR, HUB, openStage, type Stage } from "../../../test/stage.ts";
import {
  opinionMarketId,
  opinionMarketPage,
  type OpinionTerms,
  opinionTermsToChain,
  textHash,
  wireOpinionMarket,
} from "../../core/index.ts";
import { firstRows } from "../first-rows.ts";

const asker = devAccount(0);
const STATEMENT = "Zoos should be closed";
const RUBRIC = "Clarity 20, insight 30, reasoning 30, originality 20.";
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  stage.deps.config.MARKETS_LEAST_FAMILIES = 2;
  const faucet = encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [asker.address] });
  await stage.send(asker, stage.addresses.collateral, faucet);
  // For what each announcement pays to the treasury.
  const approve = encodeFunctionData({
    abi: testDollarAbi,
    functionName: "approve",
    args: [stage.addresses.opinions, 1_000n * DOLLAR],
  });
  await stage.send(asker, stage.addresses.collateral, approve);
});
afterAll(() => stage.close());

const request = async (method: "GET" | "POST", url: string, payload?: object) => {
  const reply = await stage.app.inject({ method, url, ...(payload && { payload }) });
  return { status: reply.statusCode, body: reply.body };
};
const said = ({ status, body }: { status: number; body: string }) => {
  const told = z.object({ error: z.object({ code: z.string() }) }).safeParse(JSON.parse(body));
  return [status, told.data?.error.code];
};
const refused = [409, "opinions.read_elsewhere"];

/** Any contract of the creator's: here the collateral stands for it. */
const dictated = (name: string): Source => ({
  type: "chain",
  name,
  unit: "points",
  scale: 0,
  chainId: HUB,
  address: stage.addresses.collateral,
  function: "function score() view returns (uint256)",
  args: [],
  result: 0,
  decimals: 0,
});
const opinions = (address: string, families = 2): Source => ({
  type: "opinions",
  name: "opinions",
  unit: "points",
  scale: 0,
  chainId: HUB,
  address,
  families,
});
const elsewhere: Record<string, () => Partial<QuestionSchema>> = {
  "opinions of another contract": () => ({ sources: [opinions(stage.addresses.collateral)] }),
  "two numbers of a contract of the creator beside the opinions": () => ({
    sources: [opinions(stage.addresses.opinions), dictated("a"), dictated("b")],
  }),
  "a number of his contract where labels are not to be had": () => ({
    sources: [opinions(stage.addresses.opinions, 8)],
    secondary: [dictated("a")],
  }),
  "a default of his": () => ({ sources: [opinions(stage.addresses.opinions, 8)], default: "100" }),
};

async function ask(closesAt: number, over: Partial<QuestionSchema>) {
  const schema = readsOpinions(stage.addresses.opinions, closesAt, { families: 2, ...over });
  const question = await stage.ask(schema, { opensAt: closesAt, deadline: closesAt + 3_000 });
  await stage.followed();
  return question;
}
type Question = Awaited<ReturnType<typeof ask>>;

const prepare = ({ id }: Question, closesAt: number) =>
  request("POST", "/v1/opinion-markets/prepare", {
    question: id,
    statement: STATEMENT,
    rubric: RUBRIC,
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

/** By the contract alone, which reads no schema: nobody can keep a creator from it. */
async function announce({ id, terms: question }: Question, closesAt: number): Promise<Hex> {
  const terms: OpinionTerms = {
    question: id,
    statement: textHash(STATEMENT),
    rubric: textHash(RUBRIC),
    creator: asker.address.toLowerCase() as Address,
    closesAt,
    revealSeconds: 0,
    quietSeconds: 0,
    feeBps: 250 as Bps,
    prizeBps: 0 as Bps,
    prizes: 1,
    minConfidence: 5_000,
    rule: "fourth",
    leastStake: 500_000n as Amount,
    mostStake: 10_000_000n as Amount,
    quietMost: 10_000_000n as Amount,
  };
  const args = [opinionTermsToChain(terms), termsToChain(question), STATEMENT] as const;
  const announcing = encodeFunctionData({ abi: opinionsAbi, functionName: "announce", args });
  await stage.send(asker, stage.addresses.opinions, announcing);
  await stage.followed();
  return opinionMarketId(terms);
}

const stakeIn = async (market: Hex) => {
  const owner = (await stage.trader()).address;
  const opinion = { owner, amount: "1000000", band: 3, opinion: textHash("so I think") };
  const prepared = await request("POST", `/v1/opinion-markets/${market}/opinions/prepare`, opinion);
  const intent = { market, ...opinion, commitment: zeroHash, nonce: "0", sealed: "0x" };
  const relayed = await request("POST", "/v1/relay/opinions", {
    intent: { ...intent, deadline: (await stage.now()) + 600 },
    signature: `0x${"11".repeat(65)}`,
    permit: null,
  });
  return { prepared, relayed };
};
const shown = async (market: Hex) =>
  wireOpinionMarket.parse(JSON.parse((await request("GET", `/v1/opinion-markets/${market}`)).body));

const firstStatements = async () => (await firstRows("/opinions", stage.deps))?.map(({ id }) => id);

test.each(Object.keys(elsewhere))("no money moves here on a score that is read from %s", async (what) => {
  const closesAt = (await stage.now()) + 600;
  const question = await ask(closesAt, elsewhere[what]?.() ?? {});
  expect(said(await prepare(question, closesAt))).toEqual(refused);
  const market = await announce(question, closesAt);
  const { prepared, relayed } = await stakeIn(market);
  expect([said(prepared), said(relayed)]).toEqual([refused, refused]);
  expect((await shown(market)).readsElsewhere).not.toBeNull();
  const listed = opinionMarketPage.parse(JSON.parse((await request("GET", "/v1/opinion-markets")).body));
  expect(listed.items.find(({ id }) => id === market)?.readsElsewhere).not.toBeNull();
  expect((await request("GET", "/v1/markets.atom")).body).not.toContain(market);
  // What is sent before any script has run is names alone, which could not say it.
  expect(await firstStatements()).not.toContain(market);
});

test("it does on one that is read from the market's own opinions alone", async () => {
  const closesAt = (await stage.now()) + 600;
  const question = await ask(closesAt, {});
  expect((await prepare(question, closesAt)).status).toBe(200);
  const market = await announce(question, closesAt);
  expect((await stakeIn(market)).prepared.status).toBe(200);
  expect((await shown(market)).readsElsewhere).toBeNull();
  expect((await request("GET", "/v1/markets.atom")).body).toContain(market);
  expect(await firstStatements()).toContain(market);
});
