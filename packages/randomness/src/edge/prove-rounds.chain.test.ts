import { drandBeaconAbi } from "@sooth/abi";
import { enqueueTransaction, transactionStatus } from "@sooth/chain";
import { configureLogs, registry } from "@sooth/runtime";
import { rows, sql } from "@sooth/store";
import { encodeFunctionData } from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { identity, SECRET } from "../../test/relays.ts";
import { openStage, type Stage } from "../../test/stage.ts";
import { latestRound, proofOf, roundAfter, seedOf, sign, timeOf } from "../core/index.ts";
import { beaconIdentity, provedSeed } from "./beacon-contract.ts";
import { beaconHealth, randomnessChecks } from "./checks.ts";
import { proveRounds, sweepRounds } from "./prove-rounds.ts";

let stage: Stage;
let now: number;
/** Published just now; a new one for each test. */
let round: bigint;

beforeAll(async () => {
  configureLogs({ level: "silent" });
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  await sql`truncate chain.outbox cascade`.execute(stage.store.db);
  await stage.warp((await stage.chain.now()) + 100);
  now = await stage.chain.now();
  round = latestRound(identity, now);
});
afterEach(() => stage.beacon.fail({ kind: "none" }));

const seedOnChain = (of: bigint) => provedSeed(stage.chain, stage.addresses, of);
const queued = async (): Promise<string[]> =>
  (await rows<{ key: string }>(stage.store.db, sql`select key from chain.outbox order by id`)).map(
    ({ key }) => key,
  );
const keyOf = (of: bigint) => `randomness:${stage.addresses.beacon}:${of}`;
const proveCall = (of: bigint) =>
  encodeFunctionData({
    abi: drandBeaconAbi,
    functionName: "prove",
    args: [of, proofOf(of, sign(SECRET, of))],
  });

test("the contract tells the key and the schedule that it was built with, and counts as TypeScript does", async () => {
  expect(await beaconIdentity(stage.chain, stage.addresses)).toEqual(identity);
  const contract = { address: stage.addresses.beacon, abi: drandBeaconAbi } as const;
  for (const time of [0, identity.genesis - 1, identity.genesis, now, now + 1, now + 2]) {
    const after = await stage.chain.client.readContract({
      ...contract,
      functionName: "roundAfter",
      args: [time],
    });
    expect(after).toBe(roundAfter(identity, time));
    const published = await stage.chain.client.readContract({
      ...contract,
      functionName: "timeOf",
      args: [after],
    });
    expect(published).toBe(timeOf(identity, after));
  }
});

test("from the beacon to the seed: fetched, checked, proved, and the seed is TypeScript's", async () => {
  expect(await seedOnChain(round)).toBeNull();
  await sweepRounds(stage.deps, [async () => [round], async () => [round - 1n, round]], {
    chainId: 31_337,
    number: 1,
    hash: "0x",
    timestamp: now,
  });
  expect((await queued()).toSorted()).toEqual([keyOf(round - 1n), keyOf(round)].toSorted());
  const stop = stage.relay();
  await expect.poll(() => seedOnChain(round), { timeout: 60_000 }).toBe(seedOf(sign(SECRET, round)));
  await expect
    .poll(() => seedOnChain(round - 1n), { timeout: 60_000 })
    .toBe(seedOf(sign(SECRET, round - 1n)));
  await stop();
});

test("asking again changes nothing, before it is mined and after", async () => {
  await proveRounds(stage.deps, [round, round], now);
  await Promise.all([proveRounds(stage.deps, [round], now), proveRounds(stage.deps, [round], now)]);
  const asked = stage.beacon.requests();
  expect(await queued()).toEqual([keyOf(round)]);
  const stop = stage.relay();
  await expect.poll(() => seedOnChain(round), { timeout: 60_000 }).not.toBeNull();
  await stop();
  await proveRounds(stage.deps, [round], now);
  expect(await queued()).toEqual([keyOf(round)]);
  expect(stage.beacon.requests()).toBe(asked);
});

test("a round that is not published waits; the next sweep after its time takes it", async () => {
  const next = round + 1n;
  await proveRounds(stage.deps, [next], now);
  expect(await queued()).toEqual([]);
  await stage.warp(timeOf(identity, next));
  await proveRounds(stage.deps, [next], timeOf(identity, next));
  expect(await queued()).toEqual([keyOf(next)]);
});

test("what somebody else proved is left alone", async () => {
  await stage.call(proveCall(round));
  expect(await seedOnChain(round)).toBe(seedOf(sign(SECRET, round)));
  await proveRounds(stage.deps, [round], now);
  expect(await queued()).toEqual([]);
});

test.each([
  { kind: "down" },
  { kind: "broken" },
  { kind: "late", seconds: 1_000 },
  { kind: "wrong_signature" },
  { kind: "wrong_round" },
  { kind: "garbage" },
] as const)(
  "while the beacon is %o nothing is sent, and the round is taken when it is well again",
  async (fault) => {
    stage.beacon.fail(fault);
    await proveRounds(stage.deps, [round], now);
    expect(await queued()).toEqual([]);
    stage.beacon.fail({ kind: "none" });
    await proveRounds(stage.deps, [round], now);
    expect(await queued()).toEqual([keyOf(round)]);
  },
);

test("a round that cannot be is told, and hides no other", async () => {
  await expect(proveRounds(stage.deps, [0n, round], now)).rejects.toMatchObject({
    code: "randomness.bad_round",
  });
  expect(await queued()).toEqual([keyOf(round)]);
});

test("a proof that failed is asked for again, five times in all", async () => {
  const failed = async () => {
    await sql`update chain.outbox set status = 'failed'`.execute(stage.store.db);
    await proveRounds(stage.deps, [round], now);
  };
  await proveRounds(stage.deps, [round], now);
  for (let i = 0; i < 6; i++) await failed();
  const wanted = ["", ":2", ":3", ":4", ":5"].map((more) => keyOf(round) + more);
  expect(await queued()).toEqual(wanted);
});

test("a round whose proofs are given up is late until somebody proves it; one under way is not", async () => {
  const late = async (seconds: number) => {
    await proveRounds(stage.deps, [round], now + seconds);
    return (await registry.getSingleMetric("randomness_lag_seconds")?.get())?.values[0]?.value;
  };
  const since = now - timeOf(identity, round);
  for (let i = 0; i < 5; i++) {
    expect(await late(200)).toBe(0);
    await sql`update chain.outbox set status = 'failed'`.execute(stage.store.db);
  }
  expect(await late(200)).toBe(since + 200);
  await stage.call(proveCall(round));
  expect(await late(300)).toBe(0);
});

test("a false proof is refused on the chain, by the contract's name for it", async () => {
  const data = encodeFunctionData({
    abi: drandBeaconAbi,
    functionName: "prove",
    args: [round, proofOf(round, sign(SECRET + 1n, round))],
  });
  await enqueueTransaction(stage.store.db, {
    chainId: stage.chain.definition.id,
    key: "false",
    to: stage.addresses.beacon,
    data,
    purpose: "randomness",
  });
  const stop = stage.relay();
  await expect
    .poll(async () => (await transactionStatus(stage.store.db, "false"))?.error?.name, { timeout: 60_000 })
    .toBe("Randomness_BadProof");
  await stop();
  expect(await seedOnChain(round)).toBeNull();
});

test("health asks the relays once in a while, however often it is asked", async () => {
  const { check } = beaconHealth(stage.deps);
  const before = stage.beacon.requests();
  const answers = await Promise.all([1, 2, 3].map(() => check(AbortSignal.timeout(10_000))));
  expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
  expect(stage.beacon.requests()).toBe(before + 1);
});

test("readiness tells of a beacon that is well, that stands still, and that is gone", async () => {
  const { deps } = stage;
  const [reachable, fresh] = randomnessChecks(deps);
  const health = beaconHealth(deps, 0);
  const look = () => health.check(AbortSignal.timeout(10_000));
  expect(await reachable?.run()).toEqual({ ok: true, found: `round ${round}` });
  expect(await fresh?.run()).toMatchObject({ ok: true });
  expect(await look()).toMatchObject({ ok: true, detail: { round: Number(round) } });

  stage.beacon.fail({ kind: "late", seconds: 90 });
  expect(await reachable?.run()).toMatchObject({ ok: true });
  expect(await fresh?.run()).toMatchObject({ ok: false, found: expect.stringMatching(/ is 9\d s old/) });
  expect(await look()).toMatchObject({ ok: false });

  stage.beacon.fail({ kind: "down" });
  for (const check of [reachable, fresh])
    await expect(check?.run()).rejects.toMatchObject({ code: "randomness.beacon_unreachable" });
  await expect(look()).rejects.toMatchObject({ code: "randomness.beacon_unreachable" });
});
