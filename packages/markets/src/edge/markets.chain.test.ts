import { marketsAbi, testDollarAbi } from "@sooth/abi";
import { type Address, type Amount, at, type Hex } from "@sooth/kernel";
import type { QuestionSchema } from "@sooth/oracle/core";
import { sql } from "@sooth/store";
import { encodeFunctionData, type LocalAccount } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { openOnStage, type StagedMarket, yesNo } from "../../test/staged-market.ts";
import { DOLLAR, HUB, openStage, type Stage } from "../../test/stage.ts";
import {
  intentFromWire,
  intentTypedData,
  payOut,
  wireIntent,
  wireMarket,
  wireSolvency,
  wirePortfolio,
  wireRelayed,
} from "../core/index.ts";
import { markets } from "../index.ts";
import { sweep } from "./keeper.ts";
import { marketById } from "./market-rows.ts";
import { wirePreparedMarket, wirePreparedStake } from "./prepare.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const open = (over: Partial<QuestionSchema> = {}, cuts: bigint[] = []): Promise<StagedMarket> =>
  openOnStage(stage, yesNo(over), { cuts });
const request = async (method: "GET" | "POST", url: string, payload?: object) => {
  const reply = await stage.app.inject({ method, url, ...(payload && { payload }) });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
};
const get = async <T extends z.ZodType>(shape: T, url: string): Promise<z.infer<T>> => {
  const { status, body } = await request("GET", url);
  expect(status).toBe(200);
  return shape.parse(body);
};
const codeOf = (body: unknown) => z.object({ error: z.object({ code: z.string() }) }).parse(body).error.code;

const prepare = async (market: StagedMarket, owner: Address, outcome: number, amount: bigint) => {
  const { status, body } = await request("POST", `/v1/markets/${market.id}/stakes/prepare`, {
    owner,
    outcome,
    amount: String(amount),
  });
  expect([status, body]).toEqual([200, expect.anything()]);
  return wirePreparedStake.parse(body);
};
type Prepared = z.infer<typeof wirePreparedStake>;
const typed = (data: Prepared["typedData"]) => data as never as Parameters<LocalAccount["signTypedData"]>[0];
const signed = async (account: LocalAccount, { intent, typedData, permit }: Prepared) => ({
  intent,
  signature: await account.signTypedData(typed(typedData)),
  permit: permit && {
    value: String(permit.message["value"]),
    deadline: Number(permit.message["deadline"]),
    signature: await account.signTypedData(typed(permit)),
  },
});
const relay = (body: object) => request("POST", "/v1/relay/stakes", body);
const refused = async (made: object) => {
  const { status, body: answer } = await relay(made);
  return { status, code: codeOf(answer) };
};
const settled = async (id: string) => {
  const seen = await expect
    .poll(async () => (await get(wireRelayed, `/v1/relay/${id}`)).status, { timeout: 60_000 })
    .toMatch(/mined|failed/)
    .then(() => get(wireRelayed, `/v1/relay/${id}`));
  await stage.followed();
  return seen;
};
const stakeByRelay = async (market: StagedMarket, account: LocalAccount, outcome: number, amount: bigint) => {
  const reply = await relay(await signed(account, await prepare(market, account.address, outcome, amount)));
  expect(reply).toMatchObject({ status: 202, body: { status: "queued" } });
  return settled(wireRelayed.parse(reply.body).id);
};
const stakeDirectly = async (
  market: StagedMarket,
  account: LocalAccount,
  outcome: number,
  amount: bigint,
) => {
  for (const call of (await prepare(market, account.address, outcome, amount)).calls)
    await stage.send(account, call.to as Address, call.data as Hex);
  await stage.followed();
};
const balance = (owner: Address) =>
  stage.hub.client.readContract({
    address: stage.addresses.collateral,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [owner],
  });
const keep = async () => {
  await stage.followed();
  const { number, timestamp, hash } = await stage.hub.client.getBlock();
  await sweep(stage.deps, { chainId: HUB, number: Number(number), timestamp: Number(timestamp), hash });
};
const row = async (market: StagedMarket) => {
  await stage.followed();
  const found = await marketById(stage.store.db, market.id);
  if (!found) throw new Error(`no row of ${market.id}`);
  return found;
};
const check = (id: string) => {
  const found = markets.checks(stage.deps).find((one) => one.id === id);
  if (!found) throw new Error(`no check ${id}`);
  return found.run();
};
/** Readers share a reading of the clock for 300 ms. */
const clockIsRead = () => new Promise((resolve) => setTimeout(resolve, 350));
const finish = async (market: StagedMarket, values: readonly bigint[]) => {
  await stage.warp(Math.max(market.question.terms.opensAt, (await stage.now()) + 1));
  await stage.report(market.question, values);
  await stage.warp((await stage.now()) + 60);
  await stage.followed();
  await clockIsRead();
};
const keepUntilPaid = async (market: StagedMarket) => {
  await expect
    .poll(
      async () => {
        await keep();
        const found = await stage.store.pool.query<{ left: number }>(
          `select unclaimed + (fee_due is not null)::int as left from markets.markets where id = $1`,
          [market.id],
        );
        return found.rows[0]?.left;
      },
      { timeout: 60_000, interval: 100 },
    )
    .toBe(0);
};

test("a market from its opening to the last pay-out, by rows and by chain alike", async () => {
  const market = await open();
  expect(market.id).toBe(
    await stage.hub.client.readContract({
      address: stage.addresses.markets,
      abi: marketsAbi,
      functionName: "idOf",
      args: [market.terms],
    }),
  );
  const [gasless, direct, loser] = await Promise.all([
    stage.trader({ gas: false }),
    stage.trader(),
    stage.trader(),
  ]);
  const relayed = await stakeByRelay(market, gasless, 1, 70n * DOLLAR);
  expect(relayed).toMatchObject({ status: "mined", error: null });
  await stakeDirectly(market, direct, 1, 33_333_333n);
  await stakeDirectly(market, loser, 0, 50n * DOLLAR + 1n);
  const pools = [50n * DOLLAR + 1n, 103_333_333n] as Amount[];
  expect((await row(market)).pools).toEqual(pools);
  const shown = await get(wireMarket, `/v1/markets/${market.id}`);
  expect(shown).toMatchObject({ status: "trading", stakers: 3, volume: String(153_333_334n) });
  for (const outcome of [0, 1]) {
    const onChain = await stage.hub.client.readContract({
      address: stage.addresses.markets,
      abi: marketsAbi,
      functionName: "poolOf",
      args: [market.id, outcome],
    });
    expect(onChain).toBe(pools[outcome]);
  }
  expect(await check("markets.solvent")).toMatchObject({ ok: true });
  // Nothing is rounded away yet: what is owed is all that is held.
  const { block, contracts } = await get(wireSolvency, "/v1/solvency");
  const held = await stage.hub.client.readContract({
    address: stage.addresses.collateral,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [stage.addresses.markets],
    blockNumber: BigInt(block),
  });
  expect(contracts[0]).toMatchObject({ name: "markets", held: String(held) });
  expect(BigInt(contracts[0]?.owed ?? 0)).toBeGreaterThanOrEqual(153_333_334n);

  const card = await stage.app.inject(`/v1/markets/${market.id}/card.png`);
  expect([card.statusCode, card.headers["content-type"]]).toEqual([200, "image/png"]);
  expect([card.rawPayload.readUInt32BE(16), card.rawPayload.readUInt32BE(20)]).toEqual([1200, 630]);
  const frame = await stage.app.inject(`/embed/markets/${market.id}`);
  expect([frame.statusCode, frame.headers["content-security-policy"]]).toEqual([
    200,
    "default-src 'none';style-src 'unsafe-inline';frame-ancestors *",
  ]);
  const news = await stage.app.inject({ url: "/v1/markets.atom", headers: { host: "sooth.test" } });
  expect([news.statusCode, news.headers["content-type"]]).toEqual([
    200,
    "application/atom+xml; charset=utf-8",
  ]);
  expect(news.body).toContain(`<link href="http://sooth.test/markets/${market.id}"/>`);

  const before = { gasless: await balance(gasless.address), direct: await balance(direct.address) };
  await finish(market, [1n, 1n, 1n]);
  const won = { kind: "won", winner: 1 } as const;
  const due = (staked: bigint) => payOut({ outcome: 1, staked: staked as Amount }, pools, won, 300 as never);
  const waiting = await get(wirePortfolio, `/v1/portfolio/${gasless.address}`);
  expect(waiting.positions[0]).toMatchObject({ state: "won", claimable: String(due(70n * DOLLAR)) });
  await keepUntilPaid(market);
  await keep();
  expect((await balance(gasless.address)) - before.gasless).toBe(due(70n * DOLLAR));
  expect((await balance(direct.address)) - before.direct).toBe(due(33_333_333n));
  const after = await get(wirePortfolio, `/v1/portfolio/${loser.address}`);
  expect(after.positions[0]).toMatchObject({ state: "lost", claimable: "0", claimed: "0" });
  expect(await check("markets.solvent")).toMatchObject({ ok: true });
  expect(await check("markets.sums_fit")).toMatchObject({ ok: true });
  const told = await stage.app.inject(`/v1/portfolio/${gasless.address}/feed.atom`);
  expect(told.body).toMatch(/Paid out: .* in “/);
  const sent = await stage.store.pool.query<{ purpose: string; status: string }>(
    "select purpose, status from chain.outbox where key like $1 order by purpose",
    [`markets:%:${market.id}%`],
  );
  expect(sent.rows.map(({ purpose }) => purpose)).toEqual(["claim", "fee", "stake"]);
});

test("an answer that nobody bet on gives every stake back whole", async () => {
  const market = await open({ kind: "categorical", outcomes: ["A", "B", "C"], text: "Which of the three?" });
  const trader = await stage.trader();
  const before = await balance(trader.address);
  await stakeDirectly(market, trader, 0, 7n * DOLLAR);
  await finish(market, [2n, 2n, 2n]);
  const held = await get(wirePortfolio, `/v1/portfolio/${trader.address}`);
  expect(held.positions[0]).toMatchObject({
    state: "refund",
    claimable: String(7n * DOLLAR),
    market: { status: "void" },
  });
  await keepUntilPaid(market);
  expect(await balance(trader.address)).toBe(before);
});

test("nobody answers: void after the deadline, refunded", async () => {
  const market = await open({ text: "Will anybody answer?" });
  const trader = await stage.trader();
  const before = await balance(trader.address);
  await stakeDirectly(market, trader, 1, 5n * DOLLAR);
  await stage.warp(market.question.terms.deadline);
  await keep();
  await clockIsRead();
  await expect.poll(async () => (await get(wireMarket, `/v1/markets/${market.id}`)).status).toBe("closed");
  await stage.warp(market.question.terms.deadline + 1);
  await keepUntilPaid(market);
  expect(await balance(trader.address)).toBe(before);
});

test("a number decides by the cuts, the median of what was signed", async () => {
  const market = await open(
    { kind: "numeric", outcomes: [], decimals: 2, unit: "USD", text: "The close of ETH?" },
    [200_000n, 250_000n],
  );
  const trader = await stage.trader();
  await stakeDirectly(market, trader, 1, 5n * DOLLAR);
  await finish(market, [100n, 249_999n, 900_000n]);
  expect((await row(market)).ending.result).toEqual({ kind: "won", winner: 1 });
  await keepUntilPaid(market);
});

test("an owner claims by himself, once; for another the owner is paid", async () => {
  const market = await open({ text: "Who claims for whom?" });
  const [winner, other, helper] = await Promise.all([stage.trader(), stage.trader(), stage.trader()]);
  await stakeDirectly(market, winner, 1, 5n * DOLLAR);
  await stakeDirectly(market, other, 0, 5n * DOLLAR);
  const claims = (owner: Address) => request("POST", `/v1/markets/${market.id}/claims/prepare`, { owner });
  expect(await claims(winner.address)).toMatchObject({
    status: 409,
    body: { error: { code: "markets.not_settled" } },
  });
  await finish(market, [1n, 1n, 1n]);
  const { calls } = z
    .object({ calls: z.array(z.object({ to: z.string(), data: z.string() })) })
    .parse((await claims(winner.address)).body);
  const before = { winner: await balance(winner.address), helper: await balance(helper.address) };
  for (const call of calls) await stage.send(helper, call.to as Address, call.data as Hex);
  await stage.followed();
  expect((await balance(winner.address)) - before.winner).toBe(9_850_000n);
  expect(await balance(helper.address)).toBe(before.helper);
  expect(await claims(winner.address)).toMatchObject({
    status: 409,
    body: { error: { code: "markets.nothing_to_claim" } },
  });
  expect(await claims(other.address)).toMatchObject({
    status: 409,
    body: { error: { code: "markets.nothing_to_claim" } },
  });
  await keepUntilPaid(market);
  expect((await balance(winner.address)) - before.winner).toBe(9_850_000n);
});

describe("the relay", () => {
  let market: StagedMarket;
  let owner: LocalAccount;
  beforeAll(async () => {
    market = await open({ text: "What is relayed?" });
    owner = await stage.trader({ gas: false });
  });
  const body = async (amount = 2n * DOLLAR) => signed(owner, await prepare(market, owner.address, 1, amount));
  const resign = async (over: Partial<z.infer<typeof wireIntent>>, account = owner) => {
    const made = await body();
    const intent = { ...made.intent, ...over };
    const domain = { chainId: HUB, markets: stage.addresses.markets };
    const signature = await account.signTypedData(intentTypedData(domain, intentFromWire(intent)));
    return { ...made, intent, signature };
  };

  test("the same request twice is one stake", async () => {
    const made = await body();
    const [one, two] = await Promise.all([relay(made), relay(made)]);
    expect([one.status, two.status]).toEqual([202, 202]);
    const id = wireRelayed.parse(one.body).id;
    expect(wireRelayed.parse(two.body).id).toBe(id);
    expect((await settled(id)).status).toBe("mined");
    expect(await relay(made)).toMatchObject({ status: 202, body: { id, status: "mined" } });
    expect((await row(market)).pools[1]).toBe(2n * DOLLAR);
  });

  test("two stakes at once with the same nonce: one is taken, the other told to wait", async () => {
    const [small, large] = [await body(1n * DOLLAR), await body(3n * DOLLAR)];
    const replies = await Promise.all([relay(small), relay(large)]);
    const taken = replies.find(({ status }) => status === 202);
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409]);
    await settled(wireRelayed.parse(taken?.body).id);
    const late = await refused(taken === replies[0] ? large : small);
    expect(late).toEqual({ status: 409, code: "markets.bad_nonce" });
  });

  test("a permit that somebody used before does no harm", async () => {
    const made = await body(4n * DOLLAR);
    const permit = made.permit;
    if (!permit) throw new Error("a permit is needed here");
    const thief = await stage.trader();
    const [r, s, v] = [
      permit.signature.slice(0, 66),
      `0x${permit.signature.slice(66, 130)}`,
      permit.signature.slice(130),
    ];
    const used = encodeFunctionData({
      abi: testDollarAbi,
      functionName: "permit",
      args: [
        owner.address,
        stage.addresses.markets,
        BigInt(permit.value),
        BigInt(permit.deadline),
        Number(`0x${v}`),
        r as Hex,
        s as Hex,
      ],
    });
    await stage.send(thief, stage.addresses.collateral, used);
    const reply = await relay(made);
    expect(reply.status).toBe(202);
    expect(await settled(wireRelayed.parse(reply.body).id)).toMatchObject({ status: "mined" });
  });

  test.each([
    ["a stranger's signature", async () => resign({}, await stage.trader()), 400, "markets.bad_signature"],
    [
      "another amount than was signed",
      async () => {
        const made = await body();
        return { ...made, intent: { ...made.intent, amount: "1000000" } };
      },
      400,
      "markets.bad_signature",
    ],
    ["an old nonce", () => resign({ nonce: "0" }), 409, "markets.bad_nonce"],
    ["a nonce to come", () => resign({ nonce: "999" }), 409, "markets.bad_nonce"],
    ["an unknown market", () => resign({ market: `0x${"12".repeat(32)}` }), 404, "markets.unknown"],
    ["an outcome that there is not", () => resign({ outcome: 2 }), 400, "markets.no_such_outcome"],
    ["less than the least", () => resign({ amount: "1" }), 400, "markets.stake_too_small"],
    ["more than he has", () => resign({ amount: String(10n ** 12n) }), 409, "markets.balance_too_small"],
    [
      "an intent that is over",
      async () => resign({ deadline: (await stage.now()) - 1 }),
      409,
      "markets.intent_expired",
    ],
    [
      "an intent for days",
      async () => resign({ deadline: (await stage.now()) + 90_000 }),
      400,
      "markets.intent_too_long",
    ],
    [
      "no permit and no allowance",
      async () => ({ ...(await body()), permit: null }),
      409,
      "markets.allowance_too_small",
    ],
    [
      "a permit for less",
      async () => {
        const made = await body();
        return { ...made, permit: made.permit && { ...made.permit, value: "1" } };
      },
      400,
      "markets.bad_permit",
    ],
    [
      "a permit that was signed for something else",
      async () => {
        const made = await body();
        return { ...made, permit: made.permit && { ...made.permit, value: String(9n * DOLLAR) } };
      },
      400,
      "markets.bad_permit",
    ],
    [
      "a permit without a signature",
      async () => {
        const made = await body();
        return { ...made, permit: made.permit && { ...made.permit, signature: `0x${"00".repeat(65)}` } };
      },
      400,
      "markets.bad_permit",
    ],
  ])("refuses %s", async (_, made, status, code) => {
    expect(await refused(await made())).toEqual({ status, code });
  });

  test("a contract wallet signs by its own rule, and its allowance stands in for a permit", async () => {
    const wallet = await stage.contractWallet();
    const prepared = await prepare(market, wallet, 0, 2n * DOLLAR);
    expect(prepared.permit).toBeNull();
    const reply = await relay({ intent: prepared.intent, signature: "0x1234", permit: null });
    expect(reply.status).toBe(202);
    expect(await settled(wireRelayed.parse(reply.body).id)).toMatchObject({ status: "mined", error: null });
  });

  test("refuses too many a minute, and when it is off", async () => {
    const few = { ...stage.deps, config: { ...stage.deps.config, MARKETS_RELAY_PER_MINUTE: 1 } };
    const off = { ...stage.deps, config: { ...stage.deps.config, MARKETS_RELAY: "off" as const } };
    const { relayStake } = await import("./relay.ts");
    const made = await body();
    await expect(relayStake(few, made)).rejects.toMatchObject({
      code: "markets.too_many_stakes",
      status: 429,
    });
    await expect(relayStake(off, made)).rejects.toMatchObject({ code: "markets.relay_off" });
  });

  test("refuses after the market closed; so does the contract", async () => {
    const made = await body();
    await stage.warp(market.terms.closesAt);
    expect(await refused(made)).toEqual({ status: 409, code: "markets.closed" });
    const late = await stage.trader();
    const data = encodeFunctionData({ abi: marketsAbi, functionName: "stake", args: [market.id, 1, DOLLAR] });
    await expect(stage.send(late, stage.addresses.markets, data)).rejects.toThrow(/Markets_Closed|revert/);
  });
});

test("the API prepares a market that the contract opens", async () => {
  const opensAt = (await stage.now()) + 600;
  const question = await stage.ask(yesNo({ text: "Prepared by the API?" }), {
    opensAt,
    deadline: opensAt + 600,
  });
  await stage.followed();
  const creator = at(stage.providers, 1);
  const { status, body } = await request("POST", "/v1/markets/prepare", {
    question: question.id,
    creator: creator.address,
    closesAt: opensAt,
    feeBps: 100,
  });
  expect(status).toBe(200);
  const { id, calls } = wirePreparedMarket.parse(body);
  for (const call of calls) await stage.send(creator, call.to as Address, call.data as Hex);
  await stage.followed();
  expect(await get(wireMarket, `/v1/markets/${id}`)).toMatchObject({
    id,
    status: "trading",
    terms: { outcomes: 2 },
  });
});

test("money that rows promise and the contract does not hold is found", async () => {
  const market = await open({ text: "Is everything there?" });
  const trader = await stage.trader();
  await stakeDirectly(market, trader, 1, 5n * DOLLAR);
  await expect.poll(async () => (await check("markets.solvent")).ok).toBe(true);
  await sql`update markets.markets set volume = volume + 1000000000 where id = ${market.id}`.execute(
    stage.store.db,
  );
  expect(await check("markets.solvent")).toMatchObject({ ok: false });
  expect(await check("markets.sums_fit")).toMatchObject({
    ok: false,
    found: expect.stringContaining(market.id),
  });
  await sql`update markets.markets set volume = volume - 1000000000 where id = ${market.id}`.execute(
    stage.store.db,
  );
  expect(await check("markets.solvent")).toMatchObject({ ok: true });
});
