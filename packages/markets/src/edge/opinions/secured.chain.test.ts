import { opinionsAbi, testDollarAbi } from "@sooth/abi";
import { devAccount } from "@sooth/chain/local-node";
import type { Address, Amount, Bps, Hex } from "@sooth/kernel";
import { type Terms, termsToChain } from "@sooth/oracle/core";
import { encodeFunctionData, keccak256, type LocalAccount, toHex, zeroHash } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readsOpinions } from "../../../test/reads-opinions.ts";
import { DOLLAR, openStage, type Stage } from "../../../test/stage.ts";
import {
  doorOf,
  opinionMarketId,
  type OpinionTerms,
  opinionTermsHash,
  opinionTermsToChain,
  textHash,
  wireOpinionLimits,
  wireOpinionMarket,
  wirePreparedOpinion,
} from "../../core/index.ts";

const asker = devAccount(0);
const STATEMENT = "Zoos should be closed";
const RUBRIC = "Clarity 20, insight 30, reasoning 30, originality 20.";
const MOST = 10n * DOLLAR;
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const faucet = encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [asker.address] });
  await stage.send(asker, stage.addresses.collateral, faucet);
  await approve(asker, 1_000n * DOLLAR);
});
afterAll(() => stage.close());

const approve = (account: LocalAccount, amount: bigint) =>
  stage.send(
    account,
    stage.addresses.collateral,
    encodeFunctionData({
      abi: testDollarAbi,
      functionName: "approve",
      args: [stage.addresses.opinions, amount],
    }),
  );
const request = async (method: "GET" | "POST", url: string, payload?: object) => {
  const reply = await stage.app.inject({ method, url, ...(payload && { payload }) });
  return { status: reply.statusCode, body: reply.body };
};
type Reply = Awaited<ReturnType<typeof request>>;
const said = ({ status, body }: Reply) => {
  const told = z.object({ error: z.object({ code: z.string() }) }).safeParse(JSON.parse(body));
  return [status, told.data?.error.code];
};
const undersecured = [409, "opinions.undersecured"];
const beyond = [409, "opinions.beyond_secured"];

async function ask(closesAt: number, over: Partial<Terms> & { families?: number } = {}) {
  const { families, ...terms } = over;
  const opensAt = over.opensAt ?? closesAt;
  const schema = readsOpinions(stage.addresses.opinions, opensAt, families ? { families } : {});
  const question = await stage.ask(schema, { deadline: closesAt + 3_000, ...terms, opensAt });
  await stage.followed();
  return question;
}
type Question = Awaited<ReturnType<typeof ask>>;

const termsOf = ({ id }: Question, closesAt: number, revealSeconds = 0): OpinionTerms => ({
  question: id,
  statement: textHash(STATEMENT),
  rubric: textHash(RUBRIC),
  creator: asker.address.toLowerCase() as Address,
  closesAt,
  revealSeconds,
  quietSeconds: 0,
  feeBps: 250 as Bps,
  prizeBps: 0 as Bps,
  prizes: 1,
  minConfidence: 5_000,
  rule: "fourth",
  leastStake: 500_000n as Amount,
  mostStake: MOST as Amount,
  quietMost: MOST as Amount,
});

const prepare = (question: Question, closesAt: number) => {
  const { leastStake, mostStake, quietMost, ...terms } = termsOf(question, closesAt);
  return request("POST", "/v1/opinion-markets/prepare", {
    ...terms,
    statement: STATEMENT,
    rubric: RUBRIC,
    leastStake: String(leastStake),
    mostStake: String(mostStake),
    quietMost: String(quietMost),
  });
};

/** By the contract alone, which asks for nothing of what a question secures. */
async function announce(question: Question, closesAt: number, revealSeconds = 0) {
  const terms = termsOf(question, closesAt, revealSeconds);
  const args = [opinionTermsToChain(terms), termsToChain(question.terms), STATEMENT] as const;
  const announcing = encodeFunctionData({ abi: opinionsAbi, functionName: "announce", args });
  await stage.send(asker, stage.addresses.opinions, announcing);
  await stage.followed();
  return { id: opinionMarketId(terms), terms };
}

const prepareStake = (market: Hex, owner: Address, amount: bigint, over: object = { band: 3 }) =>
  request("POST", `/v1/opinion-markets/${market}/opinions/prepare`, {
    owner,
    amount: String(amount),
    opinion: textHash("so I think"),
    ...over,
  });
const shown = async (market: Hex) =>
  wireOpinionMarket.parse(JSON.parse((await request("GET", `/v1/opinion-markets/${market}`)).body));

type Typed = Parameters<LocalAccount["signTypedData"]>[0];
/** What its owner signs, from the first answer of the server. */
async function signed(market: Hex, account: LocalAccount, amount: bigint) {
  const prepared = await prepareStake(market, account.address, amount);
  expect([prepared.status, prepared.body]).toEqual([200, expect.anything()]);
  const { intent, typedData, permit } = wirePreparedOpinion.parse(JSON.parse(prepared.body));
  return {
    intent,
    signature: await account.signTypedData(typedData as never as Typed),
    permit: permit && {
      value: String(permit.message["value"]),
      deadline: Number(permit.message["deadline"]),
      signature: await account.signTypedData(permit as never as Typed),
    },
  };
}
const relay = (what: Awaited<ReturnType<typeof signed>>) => request("POST", "/v1/relay/opinions", what);

const unsafe: [string, Partial<Terms> & { families?: number }][] = [
  ["secures nothing", { secures: 0n }],
  ["secures a unit less than one may stake", { secures: MOST - 1n }],
  ["is given by whoever sits in a domain of the asker's", { domain: 7 }],
  [
    "nobody may object to for the longest time, though two families are wanted",
    { families: 2, liveness: 30 },
  ],
  ["is wanted of two families within seconds", { families: 2, deadline: 39 }],
];

test.each(unsafe)("no money moves here on a score that %s", async (_, { deadline, ...over }) => {
  const closesAt = (await stage.now()) + 600;
  const question = await ask(closesAt, {
    ...over,
    ...(deadline !== undefined && { deadline: closesAt + deadline }),
  });
  expect(said(await prepare(question, closesAt))).toEqual(undersecured);
  const { id } = await announce(question, closesAt);
  const owner = (await stage.trader()).address;
  expect(said(await prepareStake(id, owner, DOLLAR))).toEqual(undersecured);
  const intent = { market: id, owner, amount: String(DOLLAR), band: 3, opinion: textHash("so I think") };
  const relayed = await request("POST", "/v1/relay/opinions", {
    intent: {
      ...intent,
      commitment: zeroHash,
      nonce: "0",
      sealed: "0x",
      deadline: (await stage.now()) + 600,
    },
    signature: `0x${"11".repeat(65)}`,
    permit: null,
  });
  expect(said(relayed)).toEqual(undersecured);
  expect((await shown(id)).undersecured).not.toBeNull();
  expect((await request("GET", "/v1/markets.atom")).body).not.toContain(id);
});

test("what secures more than all providers stake could have no answer, so it is not put up", async () => {
  const closesAt = (await stage.now()) + 600;
  const limits = await request("GET", "/v1/opinions/limits");
  const most = BigInt(wireOpinionLimits.parse(JSON.parse(limits.body)).mostSecured ?? "0");
  // Three of four are a quorum.
  expect(most).toBe(1_000n * DOLLAR);
  expect((await prepare(await ask(closesAt, { secures: most }), closesAt)).status).toBe(200);
  const all = (4_000n * DOLLAR) / 3n;
  expect(said(await prepare(await ask(closesAt, { secures: all + 1n }), closesAt))).toEqual(undersecured);
});

test("stakes stay within what their answer secures, those under way included, and what came past this server is shown", async () => {
  const closesAt = (await stage.now()) + 600;
  const { id, terms } = await announce(await ask(closesAt, { secures: 12n * DOLLAR }), closesAt);
  expect(await shown(id)).toMatchObject({ undersecured: null, secures: "12000000", room: "12000000" });
  const [one, two, three] = [await stage.trader(), await stage.trader(), await stage.trader()];
  // Each fits by itself, and both are signed before either is handed in: at once, one is taken.
  const both = [await signed(id, one, 7n * DOLLAR), await signed(id, two, 7n * DOLLAR)];
  const taken = await Promise.all(both.map((what) => relay(what)));
  expect(taken.map((reply) => said(reply)).toSorted(([a = 0], [b = 0]) => Number(a) - Number(b))).toEqual([
    [202, undefined],
    beyond,
  ]);
  // The same one again is the same relay, whatever room there is.
  const first = both.find((_, index) => taken[index]?.status === 202);
  expect((await relay(first ?? both[0]!)).status).toBe(202);
  const late = await prepareStake(id, three.address, 5n * DOLLAR + 1n);
  expect(said(late)).toEqual(beyond);
  expect(late.body).toContain("room for 5000000 more");
  expect((await prepareStake(id, three.address, 5n * DOLLAR)).status).toBe(200);

  // The contract alone takes what it is sent.
  await approve(three, MOST);
  const args = [opinionTermsHash(terms), doorOf(terms), 20, Number(MOST), textHash("me first")] as const;
  const staking = encodeFunctionData({ abi: opinionsAbi, functionName: "stake", args });
  await stage.send(three, stage.addresses.opinions, staking);
  await expect
    .poll(async () => (await stage.followed(), (await shown(id)).volume), { timeout: 60_000 })
    .toBe(String(17n * DOLLAR));
  expect((await shown(id)).room).toBe("0");
  const four = await stage.trader();
  expect(said(await prepareStake(id, four.address, 500_000n))).toEqual(beyond);
});

test("hidden stakes count like open ones", async () => {
  const closesAt = (await stage.now()) + 600;
  const revealSeconds = 3_600;
  const opensAt = closesAt + revealSeconds;
  const question = await ask(closesAt, { secures: MOST, opensAt, deadline: opensAt + 3_000 });
  const { id, terms } = await announce(question, closesAt, revealSeconds);
  const hidden = { band: null, commitment: keccak256(toHex("a stance")), sealed: "0x" };
  const [one, two] = [await stage.trader(), await stage.trader()];
  expect((await prepareStake(id, two.address, MOST, hidden)).status).toBe(200);
  await approve(one, MOST);
  const args = [
    opinionTermsHash(terms),
    doorOf(terms),
    Number(9n * DOLLAR),
    textHash("mine"),
    hidden.commitment,
    "0x",
  ] as const;
  const staking = encodeFunctionData({ abi: opinionsAbi, functionName: "stakeHidden", args });
  await stage.send(one, stage.addresses.opinions, staking);
  await stage.followed();
  expect(said(await prepareStake(id, two.address, DOLLAR + 1n, hidden))).toEqual(beyond);
  expect((await prepareStake(id, two.address, DOLLAR, hidden)).status).toBe(200);
});
