import { opinionsAbi, testDollarAbi } from "@sooth/abi";
import { type Address, type Amount, at, type Bps, type Hex, need } from "@sooth/kernel";
import type { BeaconSource } from "@sooth/randomness";
import { registry } from "@sooth/runtime";
import { rows, sql } from "@sooth/store";
import { encodeFunctionData, type LocalAccount } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DOLLAR, HUB, openStage, type Stage } from "../../test/stage.ts";
import {
  ATTEMPTS,
  doorOf,
  opinionMarketId,
  type OpinionTerms,
  opinionTermsHash,
  textHash,
} from "../core/index.ts";
import { sweepOpinions } from "./opinions/keeper.ts";
import { refusedPayments, retryPayments } from "./refused-payments.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const unasked = (): Promise<never> => Promise.reject(new Error("nobody asks"));
const beacon: BeaconSource = { fetch: unasked, latest: unasked };
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const call = (account: LocalAccount, to: Address, data: Hex) => stage.send(account, to, data);

async function look(): Promise<void> {
  await stage.followed();
  const { number, timestamp, hash } = await stage.hub.client.getBlock({ blockTag: "latest" });
  const head = { chainId: HUB, number: Number(number), timestamp: Number(timestamp), hash };
  await sweepOpinions({ ...stage.deps, beacon }, head);
}
const balanceOf = (owner: Address) =>
  stage.hub.client.readContract({
    address: stage.addresses.collateral,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [owner],
  });
const stuck = async () => (await registry.getSingleMetric("markets_opinions_stuck")?.get())?.values[0]?.value;

/** Code that refuses every call whose first argument is this address, and hands all others to the code that stands elsewhere. */
const refusing = (blocked: Address, elsewhere: Address): Hex =>
  `0x60043573${blocked.slice(2)}14604957365f5f375f5f365f73${elsewhere.slice(2)}5af43d5f5f3e6045573d5ffd5b3d5ff35b5f5ffd` as Hex;

/** Two stakes on a market that nobody announced, void after two weeks: both go back. */
async function voidMarket(people: readonly LocalAccount[]): Promise<Hex> {
  const closesAt = (await stage.now()) + 600;
  const terms: OpinionTerms = {
    question: textHash("a question that nobody asked"),
    statement: textHash("Zoos should be closed"),
    rubric: textHash("rubric"),
    creator: at(people, 0).address,
    closesAt,
    revealSeconds: 0,
    quietSeconds: 0,
    feeBps: 250 as Bps,
    prizeBps: 0 as Bps,
    prizes: 1,
    minConfidence: 5_000,
    rule: "fourth",
    leastStake: (DOLLAR / 2n) as Amount,
    mostStake: (10n * DOLLAR) as Amount,
    quietMost: (10n * DOLLAR) as Amount,
  };
  const { opinions, collateral } = stage.addresses;
  const door = doorOf(terms);
  const hash = opinionTermsHash(terms);
  for (const account of people) {
    const approved = [opinions, DOLLAR] as const;
    await call(
      account,
      collateral,
      encodeFunctionData({ abi: testDollarAbi, functionName: "approve", args: approved }),
    );
    const args = [hash, door, 10, Number(DOLLAR), textHash("so I think")] as const;
    await call(account, opinions, encodeFunctionData({ abi: opinionsAbi, functionName: "stake", args }));
  }
  await stage.warp(closesAt + 14 * DAY);
  const expire = [hash, door, terms.question] as const;
  await call(
    at(people, 0),
    opinions,
    encodeFunctionData({ abi: opinionsAbi, functionName: "expire", args: expire }),
  );
  return opinionMarketId(terms);
}

test(
  "what the collateral refused five times is listed with its reason, and paid once a person has it tried again",
  { timeout: 180_000 },
  async () => {
    const { collateral } = stage.addresses;
    const [lucky, blocked] = [await stage.trader(), await stage.trader()];
    const before = await balanceOf(blocked.address);
    const market = await voidMarket([lucky, blocked]);
    const code = need(await stage.hub.client.getCode({ address: collateral }), "the collateral's code");
    const elsewhere = privateKeyToAccount(generatePrivateKey()).address;
    await stage.setCode(elsewhere, code);
    await stage.setCode(collateral, refusing(blocked.address, elsewhere));

    const rested = async () => {
      await stage.warp((await stage.now()) + HOUR + 60);
      await look();
    };
    const aside = async () => {
      await look();
      return refusedPayments(stage.store.db);
    };
    // The other is paid, and the refused one stands alone.
    await expect.poll(async () => (await aside()).length, { timeout: 60_000 }).toBe(1);
    expect(await balanceOf(lucky.address)).toBe(before);
    for (let attempt = 2; attempt <= ATTEMPTS; attempt++) {
      await expect.poll(async () => at(await aside(), 0).attempts, { timeout: 60_000 }).toBe(attempt - 1);
      expect(at(await aside(), 0).againAt).toBeGreaterThan(await stage.now());
      await rested();
    }
    await expect.poll(async () => (await aside())[0]?.againAt, { timeout: 60_000 }).toBeNull();
    await rested();
    expect(await stuck()).toBe(1);
    const [refused, ...others] = await aside();
    expect(others).toEqual([]);
    expect(refused).toMatchObject({
      market,
      of: "opinions",
      what: "claim",
      owner: blocked.address.toLowerCase(),
      amount: DOLLAR,
      attempts: ATTEMPTS,
      againAt: null,
      reason: expect.stringMatching(/\w/),
    });

    // The issuer lifts the block: time alone mends nothing any more.
    await stage.setCode(collateral, code);
    await rested();
    await rested();
    expect(await aside()).toHaveLength(1);
    await retryPayments(stage.store, await aside());
    // Told twice, it is tried no more often.
    await retryPayments(stage.store, await aside());
    await expect
      .poll(
        async () => {
          await look();
          return balanceOf(blocked.address);
        },
        { timeout: 60_000 },
      )
      .toBe(before);
    await rested();
    expect(await aside()).toEqual([]);
    expect(await stuck()).toBe(0);
    await retryPayments(stage.store, await aside());
    await rested();
    expect(await balanceOf(blocked.address)).toBe(before);
  },
);

test(
  "markets that are paid together with one whom the collateral refuses are paid all the same, and together",
  { timeout: 120_000 },
  async () => {
    const { collateral } = stage.addresses;
    const [lucky, other, blocked] = [await stage.trader(), await stage.trader(), await stage.trader()];
    const before = await Promise.all([lucky, other].map(({ address }) => balanceOf(address)));
    const ids: Hex[] = [];
    for (let index = 0; index < 8; index++)
      ids.push(await voidMarket([lucky, index === 2 ? blocked : other]));
    const code = need(await stage.hub.client.getCode({ address: collateral }), "the collateral's code");
    const elsewhere = privateKeyToAccount(generatePrivateKey()).address;
    await stage.setCode(elsewhere, code);
    await stage.setCode(collateral, refusing(blocked.address, elsewhere));
    const aside = async () => {
      await look();
      return refusedPayments(stage.store.db);
    };
    await expect.poll(async () => (await aside()).length, { timeout: 60_000 }).toBe(1);
    expect(at(await aside(), 0)).toMatchObject({
      market: ids[2],
      owner: blocked.address.toLowerCase(),
      attempts: 1,
    });
    await expect
      .poll(() => Promise.all([lucky, other].map(({ address }) => balanceOf(address))), { timeout: 60_000 })
      .toEqual(before);
    const paid = await rows<{ transaction: Hex; calls: number }>(
      stage.store.db,
      sql`select transaction, count(*)::int as calls from chain.outbox
        where key like 'opinions:%' and purpose = 'claim' and status in ('mined', 'final')
          and split_part(key, ':', 4) = any(${ids.filter((_, index) => index !== 2)}::text[])
        group by transaction order by calls desc`,
    );
    // Half of them at once, two of the other half, and the refused one's neighbour.
    expect(paid.map(({ calls }) => calls)).toEqual([4, 2, 1]);
    await stage.setCode(collateral, code);
  },
);
