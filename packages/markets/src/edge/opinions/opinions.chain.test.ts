import { opinionsAbi, testDollarAbi } from "@sooth/abi";
import { DEV_MNEMONIC, devAccount } from "@sooth/chain/local-node";
import { type Address, type Amount, at, type Bps, type Hex, need, takeBps } from "@sooth/kernel";
import { beaconIdentity, type BeaconSource, sweepRounds } from "@sooth/randomness";
import { secretKeyFrom, sign } from "@sooth/randomness/core";
import { rows, sql } from "@sooth/store";
import { encodeFunctionData, type LocalAccount, toHex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readsOpinions } from "../../../test/reads-opinions.ts";
import { HUB, openStage, type Stage } from "../../../test/stage.ts";
import {
  netOf,
  payOf,
  prizeOf,
  sealStance,
  stancesOpenAt,
  tally,
  textHash,
  totalsOf,
  wireOpinionMarket,
  wirePreparedOpinion,
  wirePreparedOpinionMarket,
  wireRelayed,
  wireWalletOpinions,
} from "../../core/index.ts";
import { solvency } from "../solvency.ts";
import { awaitedRounds } from "./state-rows.ts";
import { sweepOpinions } from "./keeper.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const faucet = encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [asker.address] });
  await stage.send(asker, stage.addresses.collateral, faucet);
});
afterAll(() => stage.close());

const SECRET = secretKeyFrom(
  toHex(
    need(mnemonicToAccount(DEV_MNEMONIC, { addressIndex: 1_000 }).getHdKey().privateKey, "the beacon's key"),
  ),
);
const beacon: BeaconSource = {
  fetch: async (round) => ({ round, signature: sign(SECRET, round) }),
  latest: () => Promise.reject(new Error("nobody asks")),
};
const asker = devAccount(0);

const request = async (method: "GET" | "POST", url: string, payload?: object) => {
  const reply = await stage.app.inject({ method, url, ...(payload && { payload }) });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
};
const codeOf = (body: unknown) => z.object({ error: z.object({ code: z.string() }) }).parse(body).error.code;
const marketAt = async (id: string) =>
  wireOpinionMarket.parse((await request("GET", `/v1/opinion-markets/${id}`)).body);
const balanceOf = (owner: Address) =>
  stage.hub.client.readContract({
    address: stage.addresses.collateral,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [owner],
  });

const RUBRIC = "Clarity 20, insight 30, reasoning 30, originality 20.";
type Terms = {
  closesAt: number;
  revealSeconds?: number;
  prizeBps?: number;
  creator: Address;
  statement: string;
};

async function announce(
  question: Hex,
  { revealSeconds = 0, prizeBps = 1_000, ...rest }: Terms,
): Promise<Hex> {
  const body = {
    question,
    rubric: RUBRIC,
    revealSeconds,
    quietSeconds: 0,
    feeBps: 250,
    prizeBps,
    prizes: 3,
    minConfidence: 5_000,
    rule: "fourth",
    leastStake: "500000",
    mostStake: "10000000",
    quietMost: "10000000",
    ...rest,
  };
  const { status, body: told } = await request("POST", "/v1/opinion-markets/prepare", body);
  expect([status, told]).toEqual([200, expect.anything()]);
  const { id, calls } = wirePreparedOpinionMarket.parse(told);
  for (const { to, data } of calls) await stage.send(asker, to as Address, data as Hex);
  await stage.followed();
  expect((await marketAt(id)).statement).toBe(rest.statement);
  return id as Hex;
}

async function scoreQuestion(opensAt: number, deadline: number, text: string) {
  const schema = readsOpinions(stage.addresses.opinions, opensAt, { text });
  const question = await stage.ask(schema, { opensAt, deadline });
  await stage.followed();
  return question;
}

type Typed = Parameters<LocalAccount["signTypedData"]>[0];
type Asked = { band: number | null; amount: bigint; commitment?: Hex; sealed?: Hex };

const prepared = async (market: Hex, account: LocalAccount, { amount, ...asked }: Asked) => {
  const body = { owner: account.address, amount: String(amount), opinion: textHash("so I think"), ...asked };
  const reply = await request("POST", `/v1/opinion-markets/${market}/opinions/prepare`, body);
  expect([reply.status, reply.body]).toEqual([200, expect.anything()]);
  return wirePreparedOpinion.parse(reply.body);
};

/** Signed by the owner, sent and paid for by the platform. */
async function opine(market: Hex, account: LocalAccount, asked: Asked): Promise<void> {
  const { intent, typedData, permit } = await prepared(market, account, asked);
  const signed = {
    intent,
    signature: await account.signTypedData(typedData as never as Typed),
    permit: permit && {
      value: String(permit.message["value"]),
      deadline: Number(permit.message["deadline"]),
      signature: await account.signTypedData(permit as never as Typed),
    },
  };
  const first = await request("POST", "/v1/relay/opinions", signed);
  expect([first.status, first.body]).toEqual([202, expect.anything()]);
  const { id } = wireRelayed.parse(first.body);
  // The same one again is the same relay.
  expect(wireRelayed.parse((await request("POST", "/v1/relay/opinions", signed)).body).id).toBe(id);
  await expect
    .poll(async () => wireRelayed.parse((await request("GET", `/v1/relay/${id}`)).body).status, {
      timeout: 60_000,
    })
    .toBe("mined");
  await stage.followed();
}

const sent = () =>
  rows<{ key: string; purpose: string; status: string }>(
    stage.store.db,
    sql`select key, purpose, status from chain.outbox where key like 'opinions:%' and purpose <> 'stake' order by key`,
  );

async function look(): Promise<void> {
  await stage.followed();
  const { number, timestamp, hash } = await stage.hub.client.getBlock({ blockTag: "latest" });
  const head = { chainId: HUB, number: Number(number), timestamp: Number(timestamp), hash };
  const deps = { ...stage.deps, beacon };
  // Two machines at once.
  await Promise.all([sweepOpinions(deps, head), sweepOpinions(deps, head)]);
  const { store, hub, addresses } = stage;
  await sweepRounds({ store, hub, addresses, beacon, log: deps.log }, [() => awaitedRounds(store.db)], head);
}

/** What the contract holds and owes, as the solvency page has it. */
async function money(): Promise<{ held: bigint; owed: bigint }> {
  const told = need(await solvency(stage.deps), "a block");
  const { held, owed } = need(
    told.contracts.find(({ name }) => name === "opinions"),
    "opinions",
  );
  return { held, owed };
}

/** Until the market owes nothing, as the worker does it: a look after each block. `watch` is called between them. */
async function settle(id: Hex, watch: () => Promise<void> = async () => {}): Promise<void> {
  await expect
    .poll(
      async () => {
        await watch();
        await look();
        await stage.warp((await stage.now()) + 3);
        await stage.followed();
        const { status, owed, result, prizes } = await marketAt(id);
        const unpaid = prizes.filter(({ paidTo }) => paidTo === null).length;
        return { status, due: owed.opinions, unpaid, fee: result?.feePaid ?? true };
      },
      { timeout: 60_000, interval: 100 },
    )
    .toEqual({ status: expect.stringMatching(/settled|void/), due: 0, unpaid: 0, fee: true });
}

async function finish(question: Awaited<ReturnType<typeof scoreQuestion>>, values: readonly bigint[]) {
  await stage.warp(question.terms.opensAt + 1);
  await stage.report(question, values);
  await stage.followed();
  const found = await rows<{ final_at: number }>(
    stage.store.db,
    sql`select final_at from markets.opinion_markets where question = ${question.id}`,
  );
  await stage.warp(at(found, 0).final_at);
}

const DOLLAR = 1_000_000n;

test(
  "from the announcement to the last claim: every unit is where the formulas say",
  { timeout: 120_000 },
  async () => {
    const now = await stage.now();
    const [closesAt, creator] = [now + 600, (await stage.trader()).address];
    const question = await scoreQuestion(closesAt, closesAt + 3_000, "What do they come to?");
    const early = await request("POST", "/v1/opinion-markets/prepare", { question: question.id });
    expect(early.status).toBe(400);
    const id = await announce(question.id, { closesAt, creator, statement: "Zoos should be closed" });
    const [treasury, held] = [await balanceOf(creator), await balanceOf(stage.addresses.opinions)];
    const people = [
      { account: await stage.trader({ gas: false }), band: 12, amount: 2n * DOLLAR },
      { account: await stage.trader({ gas: false }), band: 14, amount: 5n * DOLLAR + 1n },
      { account: await stage.trader({ gas: false }), band: 3, amount: DOLLAR },
      { account: await stage.trader(), band: 12, amount: 700_003n },
    ];
    const before = await Promise.all(people.map(({ account }) => balanceOf(account.address)));
    for (const { account, band, amount } of people.slice(0, 3)) await opine(id, account, { band, amount });
    const own = at(people, 3);
    const { calls } = await prepared(id, own.account, { band: own.band, amount: own.amount });
    for (const { to, data } of calls) await stage.send(own.account, to as Address, data as Hex);
    await stage.followed();
    const twice = { owner: own.account.address, amount: "600000", opinion: textHash("again"), band: 1 };
    const refused = await request("POST", `/v1/opinion-markets/${id}/opinions/prepare`, twice);
    expect([refused.status, codeOf(refused.body)]).toEqual([409, "opinions.already_staked"]);

    await look();
    expect(await sent()).toEqual([]);
    const staked = people.reduce((all, { amount }) => all + amount, 0n);
    expect(await money()).toEqual({ held: held + staked, owed: staked });
    await finish(question, [6_250n, 6_250n, 6_250n]);
    const seen: { held: bigint; owed: bigint }[] = [];
    await settle(id, async () => void seen.push(await money()));
    await stage.followed();
    seen.push(await money());

    const market = await marketAt(id);
    // What the rules leave over, by the rules alone: nothing before the score, then what shares round away, then what prizes do.
    const opinions = people.map(({ band, amount }) => ({ band, amount: amount as Amount }));
    const shares = { rule: "fourth", feeBps: 250 as Bps, prizeBps: 1_000 as Bps, prizes: 3 } as const;
    const ended = tally(totalsOf(opinions), 63, "fourth");
    const pay = opinions.reduce((all, opinion) => all + payOf(opinion, shares, ended), 0n);
    const shared = netOf(ended.total, shares) - pay;
    const drawn = takeBps(ended.total, shares.prizeBps) - 3n * prizeOf(ended.total, shares);
    const left = seen.map((one) => one.held - one.owed);
    expect([0n, shared, shared + drawn]).toEqual(expect.arrayContaining([...new Set(left)]));
    expect(left.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(left);
    expect(seen.at(-1)).toEqual({ held: held + shared + drawn, owed: 0n });
    expect(market).toMatchObject({ status: "settled", opinions: 4, result: { score: 63, undrawn: false } });
    const total = people.reduce((all, { amount }) => all + amount, 0n);
    expect(market.volume).toBe(String(total));
    expect(market.prizes).toHaveLength(3);
    let paidOut = 0n;
    for (const [index, { account, amount }] of people.entries()) {
      const wallet = wireWalletOpinions.parse(
        (await request("GET", `/v1/wallets/${account.address}/opinions`)).body,
      );
      const won = market.prizes
        .filter(({ winner }) => winner === account.address.toLowerCase())
        .reduce((all, prize) => all + BigInt(prize.amount), 0n);
      const got = (await balanceOf(account.address)) - at(before, index) + amount;
      expect([got, wallet.paidOut]).toEqual([BigInt(at(wallet.items, 0).paid) + won, String(got)]);
      paidOut += got;
    }
    const fee = (await balanceOf(creator)) - treasury;
    expect(fee).toBe((total * 250n) / 10_000n);
    // Dust: less than a unit a claim and a prize.
    const dust = total - fee - paidOut;
    expect(dust).toBeLessThan(8n);
    expect(await balanceOf(stage.addresses.opinions)).toBe(held + dust);

    const done = await sent();
    expect(done.map(({ purpose }) => purpose).toSorted()).toEqual([
      "claim",
      "fee",
      "prize",
      "prize",
      "prize",
      "score",
    ]);
    await look();
    expect(await sent()).toEqual(done);
  },
);

test(
  "hidden stances tell themselves by the beacon; who sealed nothing and tells nobody loses to the others",
  { timeout: 120_000 },
  async () => {
    const now = await stage.now();
    const closesAt = now + 600;
    const creator = (await stage.trader()).address;
    const question = await scoreQuestion(closesAt + 3_600, closesAt + 9_000, "And these?");
    const terms = {
      closesAt,
      creator,
      statement: "Schools should start later",
      revealSeconds: 3_600,
      prizeBps: 0,
    };
    const id = await announce(question.id, terms);
    const people = await Promise.all(
      [10, 11, 2].map(async (band) => ({ band, account: await stage.trader({ gas: false }) })),
    );
    const before = await Promise.all(people.map(({ account }) => balanceOf(account.address)));
    const [identity, clockLag] = await Promise.all([
      beaconIdentity(stage.hub, stage.addresses),
      stage.hub.client.readContract({
        address: stage.addresses.opinions,
        abi: opinionsAbi,
        functionName: "CLOCK_LAG",
      }),
    ]);
    const by = { ...identity, clockLag };
    const hidden = people.map(({ account, band }, index) => {
      const secrets = { salt: toHex(index + 1, { size: 32 }), chance: toHex(index + 7, { size: 32 }) };
      const stance = { market: id, closesAt, owner: account.address, band };
      return { account, stance, secrets, ...sealStance(by, stance, secrets) };
    });
    // Locked until a round that comes out while others still stake.
    const { account, stance, secrets } = at(hidden, 0);
    const early = sealStance(by, { ...stance, closesAt: now }, secrets);
    const asked = { owner: account.address, amount: "1000000", opinion: textHash("so I think"), band: null };
    const refused = await request("POST", `/v1/opinion-markets/${id}/opinions/prepare`, {
      ...asked,
      ...early,
    });
    expect(codeOf(refused.body)).toBe("opinions.bad_seal");
    // Where nobody would tell it, a hidden stance is neither prepared nor relayed: it would cost the stake.
    const { typedData, intent } = await prepared(id, account, {
      band: null,
      amount: DOLLAR,
      ...at(hidden, 0),
    });
    stage.deps.config.MARKETS_KEEPER = "off";
    const path = `/v1/opinion-markets/${id}/opinions/prepare`;
    const { commitment: hash, sealed: lock } = at(hidden, 0);
    const untold = await request("POST", path, { ...asked, commitment: hash, sealed: lock });
    const signature = await account.signTypedData(typedData as never as Typed);
    const unsent = await request("POST", "/v1/relay/opinions", { intent, signature, permit: null });
    stage.deps.config.MARKETS_KEEPER = "auto";
    expect([codeOf(untold.body), codeOf(unsent.body)]).toEqual([
      "opinions.nobody_tells",
      "opinions.nobody_tells",
    ]);
    for (const [index, { account: owner, commitment, sealed }] of hidden.entries())
      await opine(id, owner, {
        band: null,
        amount: DOLLAR,
        commitment,
        sealed: index === 2 ? "0x" : sealed,
      });
    expect((await marketAt(id)).hidden).toEqual({ staked: "3000000", opinions: 3 });
    const telling = (index: number, over: object = {}) => {
      const { account: owner, stance: kept, secrets: known } = at(hidden, index);
      const { band } = kept;
      const asks = { owner: owner.address, band, salt: known.salt, ...over };
      return request("POST", `/v1/opinion-markets/${id}/reveals/prepare`, asks);
    };
    expect(codeOf((await telling(1)).body)).toBe("opinions.not_closed");
    await look();
    await stage.warp(closesAt);
    await look();
    expect((await marketAt(id)).hidden.opinions).toBe(3);
    // One does not wait for the beacon: with what he kept he tells it himself, and nothing else passes for it.
    expect(codeOf((await telling(1, { band: 12 })).body)).toBe("opinions.bad_reveal");
    expect(codeOf((await telling(1, { salt: at(hidden, 0).secrets.salt })).body)).toBe("opinions.bad_reveal");
    const { calls } = (await telling(1)).body as { calls: { to: string; data: string }[] };
    for (const { to, data } of calls) await stage.send(asker, to as Address, data as Hex);
    await stage.followed();
    expect((await marketAt(id)).hidden.opinions).toBe(2);
    // Told again the contract passes it over; here it is said before anybody pays for nothing.
    expect(codeOf((await telling(1)).body)).toBe("opinions.already_told");
    await stage.warp(stancesOpenAt(by, { closesAt }));
    await look();
    await expect
      .poll(
        async () => {
          await stage.followed();
          return (await marketAt(id)).hidden.opinions;
        },
        { timeout: 60_000 },
      )
      .toBe(1);
    await finish(question, [5_000n, 5_000n, 5_000n]);
    await settle(id);
    const got = await Promise.all(
      people.map(
        async ({ account }, index) => (await balanceOf(account.address)) - at(before, index) + DOLLAR,
      ),
    );
    expect(at(got, 2)).toBe(0n);
    // Both shared all three, less the fee of what was told.
    expect(3n * DOLLAR - 50_000n - at(got, 0) - at(got, 1)).toBeLessThan(2n);
    expect(at(got, 0)).toBeGreaterThan(at(got, 1));
  },
);

test(
  "a market whose question nobody answers is void, and everybody has his stake back",
  { timeout: 120_000 },
  async () => {
    const now = await stage.now();
    const closesAt = now + 600;
    const question = await scoreQuestion(closesAt, closesAt + 60, "And that?");
    const terms = { closesAt, creator: asker.address, statement: "Tea is better than coffee" };
    const id = await announce(question.id, terms);
    const [one, other] = [await stage.trader({ gas: false }), await stage.trader({ gas: false })];
    const before = [await balanceOf(one.address), await balanceOf(other.address)];
    await opine(id, one, { band: 0, amount: DOLLAR });
    await opine(id, other, { band: 20, amount: 3n * DOLLAR });
    await stage.warp(closesAt + 60);
    await look();
    await expect.poll(async () => (await marketAt(id)).status, { timeout: 60_000 }).toBe("judging");
    await stage.warp(closesAt + 62);
    await settle(id);
    expect(await marketAt(id)).toMatchObject({ status: "void", voidBecause: "invalid", result: null });
    expect([await balanceOf(one.address), await balanceOf(other.address)]).toEqual(before);
  },
);
