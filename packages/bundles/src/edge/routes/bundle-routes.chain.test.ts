import { bundleHubAbi, escrowAbi, testDollarAbi } from "@sooth/abi";
import { chainMigrations, followChain, walletOf } from "@sooth/chain";
import { type Address, type Hex, need } from "@sooth/kernel";
import { type App, createApp, logger } from "@sooth/runtime";
import { migrate, openStore, type Store } from "@sooth/store";
import { type TestDatabase, testDatabase } from "@sooth/store/embedded";
import { decodeFunctionData, encodeAbiParameters, encodeFunctionData, type LocalAccount } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import {
  alice,
  type BundleStage,
  deployer,
  HUB,
  leg,
  openBundleStage,
  owners,
  relayer,
  ROLLUP_A,
  ROLLUP_B,
} from "../../../test/stage.ts";
import {
  type Leg,
  legToWire,
  type WireBundleCall,
  wireBundleDetail,
  wireBundleId,
  wireBundleQuote,
  wireBundleTrial,
  type WirePreparedBundle,
  wirePreparedBundle,
} from "../../core/index.ts";
import { bundles } from "../../index.ts";

const log = logger("bundles-test");
const bob = need(owners[0], "an account");
let stage: BundleStage;
let database: TestDatabase;
let store: Store;
let app: App;
const stop = new AbortController();
const following: Promise<void>[] = [];

beforeAll(async () => {
  [stage, database] = await Promise.all([openBundleStage(), testDatabase()]);
  store = openStore({ url: database.url });
  await migrate(store, [chainMigrations, bundles.migrations]);
  const { addresses, hub, rollups } = stage;
  const follow = (chain: typeof hub.chain, handlers: ReturnType<typeof bundles.logHandlers>) =>
    followChain({ store, chain, fromBlock: 0, handlers, signal: stop.signal, log });
  following.push(follow(hub.chain, bundles.logHandlers(addresses)));
  for (const { chain } of rollups) following.push(follow(chain, bundles.rollupLogHandlers(addresses)));
  app = await createApp({ log, version: "test" });
  const config = bundles.config.parse({});
  bundles.routes(app, {
    store,
    hub: hub.chain,
    rollups: rollups.map(({ chain }) => chain),
    addresses,
    config,
    log,
  });
  await app.ready();
});
afterAll(async () => {
  stop.abort();
  await Promise.all(following);
  await app.close();
  await store.close();
  await database.drop();
  await stage.close();
});

const get = async (url: string) => {
  const reply = await app.inject({ method: "GET", url });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
};
const post = async (url: string, payload: object) => {
  const reply = await app.inject({ method: "POST", url, payload });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
};
const codeOf = ({ body }: { body: unknown }) =>
  z.object({ error: z.object({ code: z.string() }) }).parse(body).error.code;
const detail = async (id: string) => wireBundleDetail.parse((await get(`/v1/bundles/${id}`)).body);
const trial = async (id: string) => wireBundleTrial.parse((await get(`/v1/bundles/${id}/trial`)).body).legs;
const statusSoon = (id: string) => expect.poll(async () => (await detail(id)).status.kind);

/** A block for each transaction: where nothing is sent the clock stands, so it is moved to now before a deadline is asked for. */
async function soon(seconds: number): Promise<number> {
  const now = Math.floor(Date.now() / 1_000);
  for (const { node } of [stage.hub, ...stage.rollups]) {
    const head = await node.getBlock();
    await node.setNextBlockTimestamp({
      timestamp: head.timestamp > BigInt(now) ? head.timestamp + 1n : BigInt(now),
    });
    await node.mine({ blocks: 1 });
  }
  return Number(await stage.hub.chain.now()) + seconds;
}
const money = () => stage.addresses.collateral;
const faucet = (to: Address): Hex =>
  encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [to] });
const prepared = async (asked: object): Promise<WirePreparedBundle> => {
  const { status, body } = await post("/v1/bundles/prepare", asked);
  expect(status, JSON.stringify(body)).toBe(200);
  return wirePreparedBundle.parse(body);
};
async function sendCall(account: LocalAccount, { chainId, to, data, value }: WireBundleCall): Promise<void> {
  const { chain, node } = stage.at(chainId);
  const hash = await walletOf(chain, account).sendTransaction({
    to: to as Address,
    data: data as Hex,
    value: BigInt(value),
  });
  const { status } = await node.waitForTransactionReceipt({ hash, pollingInterval: 10 });
  expect(status).toBe("success");
}
const sign = (account: LocalAccount, { typedData }: WirePreparedBundle): Promise<Hex> =>
  account.signTypedData(typedData as Parameters<LocalAccount["signTypedData"]>[0]);
const held = (chainId: number, payer: Address, recipient: Address): Leg =>
  leg({
    chainId,
    target: money(),
    kind: "escrow",
    value: 5n,
    gasLimit: 0,
    data: encodeAbiParameters([{ type: "address" }, { type: "address" }], [payer, recipient]),
  });

test("a bundle is quoted by trying its legs, prepared, and opened with the call that was prepared", async () => {
  await expect.poll(async () => (await get("/v1/bundles")).status).toBe(200);
  const legs = [
    leg({ chainId: ROLLUP_A, target: money(), data: faucet(bob.address) }),
    leg({ chainId: ROLLUP_B, target: money(), data: "0xdeadbeef" }),
    leg({ chainId: ROLLUP_B, target: relayer.address.toLowerCase() as Address, data: "0x01" }),
    leg({ chainId: ROLLUP_B, target: money(), data: "0xdeadbeef", needsOk: [0] }),
  ];
  const asked = {
    owner: alice.address,
    mode: "ordered",
    deadline: await soon(600),
    legs: legs.map(legToWire),
  };
  const quote = wireBundleQuote.parse((await post("/v1/bundles/quote", asked)).body);
  expect(Number(quote.legs[0]?.callGas)).toBeGreaterThan(20_000);
  expect(quote.legs.map(({ fails }) => fails)).toEqual([
    null,
    expect.stringContaining("revert"),
    "its target has no code",
    null,
  ]);
  expect(BigInt(quote.fee)).toBeGreaterThan(BigInt(quote.cost));
  expect(quote.waits.map(({ until, blocks, seconds }) => [until, blocks, seconds])).toEqual(
    Array.from({ length: 3 }, () => ["blocks", 0, 0]),
  );

  const ready = await prepared({ ...asked, fee: "1000" });
  expect(ready.calls.map(({ what }) => what)).toEqual(["open"]);
  expect((await get(`/v1/bundles/${ready.id}`)).status).toBe(404);
  await sendCall(alice, need(ready.calls[0], "a call"));
  await expect.poll(async () => (await get(`/v1/bundles/${ready.id}`)).status).toBe(200);
  const shown = await detail(ready.id);
  expect(shown.shown.map((one) => one.leg)).toEqual(legs.map(legToWire));
  // It stands there as something that can run: whoever looks is told what would come of it, and of what waits nothing.
  expect((await trial(ready.id)).map(({ place, fails }) => [place, fails])).toEqual([
    [0, null],
    [1, expect.stringContaining("revert")],
    [2, "its target has no code"],
  ]);
  const abort = need(shown.calls[0], "a call");
  expect([abort.what, abort.by]).toEqual(["abort", alice.address.toLowerCase()]);
  await sendCall(alice, abort);
  await statusSoon(ready.id).toBe("compensating");
  expect(await trial(ready.id)).toEqual([]);
});

test("payers pay in with prepared calls, or let others bring it by a signature", async () => {
  for (const [chainId, payer] of [
    [ROLLUP_A, alice],
    [ROLLUP_B, bob],
  ] as const)
    await sendCall(payer, {
      what: "run",
      leg: null,
      by: null,
      chainId,
      to: money(),
      value: "0",
      data: faucet(payer.address),
    });
  const legs = [held(ROLLUP_A, alice.address, bob.address), held(ROLLUP_B, bob.address, alice.address)];
  const asked = {
    owner: alice.address,
    mode: "escrowed",
    deadline: await soon(600),
    legs: legs.map(legToWire),
    fee: "77",
  };
  const ready = await prepared(asked);
  const hers = alice.address.toLowerCase();
  const his = bob.address.toLowerCase();
  expect(ready.calls.map(({ what, by }) => [what, by])).toEqual([
    ["open", hers],
    ["approve", hers],
    ["approve", his],
    ["prepare", hers],
    ["prepare", his],
  ]);
  const [open, approveA, approveB, prepareA] = ready.calls.map((call) => call);
  await sendCall(alice, need(approveA, "a call"));
  await sendCall(alice, need(open, "a call"));
  await sendCall(alice, need(prepareA, "a call"));
  await expect.poll(async () => (await get(`/v1/bundles/${ready.id}`)).status).toBe(200);
  await statusSoon(ready.id).toBe("preparing");
  await expect.poll(async () => (await detail(ready.id)).shown[0]?.state).toBe("held");
  const wanted = String(need(legs[1], "a leg").value);
  const [lacking, ...others] = await trial(ready.id);
  expect([lacking?.place, others]).toEqual([1, []]);
  expect(lacking?.lacks).toMatchObject({ payer: his, allowance: "0", wanted });
  await sendCall(bob, need(approveB, "a call"));
  expect(await trial(ready.id)).toEqual([{ place: 1, fails: null, lacks: null }]);

  const url = `/v1/bundles/${ready.id}/payers`;
  const consent = { payer: bob.address, leg: 1, signature: await sign(bob, ready) };
  const wrong = await sign(relayer, ready);
  expect(codeOf(await post(url, { ...consent, signature: wrong }))).toBe("bundles.bad_signature");
  expect(codeOf(await post(url, { ...consent, leg: 0 }))).toBe("bundles.not_the_payer");
  expect(codeOf(await post(url, { ...consent, leg: 9 }))).toBe("bundles.no_such_leg");
  expect((await post(url, consent)).status).toBe(200);
  const call = need(
    (await detail(ready.id)).calls.find(({ what, leg: place }) => what === "prepare" && place === 1),
    "his leg",
  );
  expect([call.leg, call.by]).toEqual([1, null]);
  await sendCall(relayer, call);
  await statusSoon(ready.id).toBe("prepared");
});

test("what a bounded lane has no room for is refused, and what it takes is paid in with the other legs shown", async () => {
  const value = held(ROLLUP_A, alice.address, bob.address).value;
  const bound = (perHour: bigint) =>
    stage.send(ROLLUP_A, deployer, {
      address: stage.addresses.escrow,
      abi: escrowAbi,
      functionName: "setLaneLimit",
      args: [BigInt(ROLLUP_B), money(), perHour],
    });
  const legs = [held(ROLLUP_A, alice.address, bob.address), held(ROLLUP_B, bob.address, alice.address)];
  const asked = {
    owner: alice.address,
    mode: "escrowed",
    deadline: await soon(600),
    legs: legs.map(legToWire),
    fee: "78",
  };
  await bound(value - 1n);
  await expect.poll(async () => codeOf(await post("/v1/bundles/prepare", asked))).toBe("bundles.lane_full");
  expect(codeOf(await post("/v1/bundles/quote", asked))).toBe("bundles.lane_full");
  await bound(value);
  await expect.poll(async () => (await post("/v1/bundles/quote", asked)).status).toBe(200);
  // What is put in by its payer himself is told how, and the fee is of what that takes.
  const quoted = wireBundleQuote.parse((await post("/v1/bundles/quote", asked)).body);
  expect(quoted.legs.map(({ across }) => across)).toEqual([true, false]);
  const [dear, plain] = quoted.legs.map(({ gasAlone }) => Number(gasAlone));
  expect(dear).toBeGreaterThan(need(plain, "a leg"));
  const ready = await prepared(asked);
  const names = ready.calls.flatMap(({ what, data }) =>
    what === "prepare" ? decodeFunctionData({ abi: escrowAbi, data: data as Hex }).functionName : [],
  );
  expect(names).toEqual(["prepareAcross", "prepare"]);
  await sendCall(
    alice,
    need(
      ready.calls.find(({ what }) => what === "approve"),
      "an allowance",
    ),
  );
  await sendCall(
    alice,
    need(
      ready.calls.find(({ what }) => what === "open"),
      "its opening",
    ),
  );
  await expect.poll(async () => (await get(`/v1/bundles/${ready.id}`)).status).toBe(200);
  const waiting = await detail(ready.id);
  expect(waiting.lanes).toEqual([
    {
      chainId: ROLLUP_A,
      other: ROLLUP_B,
      token: money().toLowerCase(),
      places: [0],
      wanted: String(value),
      room: String(value),
      restsUntil: null,
    },
  ]);
  await sendCall(
    alice,
    need(
      waiting.calls.find(({ what, leg: place }) => what === "prepare" && place === 0),
      "her leg",
    ),
  );
  await expect.poll(async () => (await detail(ready.id)).shown[0]?.state).toBe("held");
  expect(codeOf(await post("/v1/bundles/quote", asked))).toBe("bundles.lane_full");
  await bound(0n);
  await expect.poll(async () => (await post("/v1/bundles/quote", asked)).status).toBe(200);
});

test("a signed bundle is taken when its owner has credit, and whoever opens it shows what he wanted shown", async () => {
  const legs = [
    leg({ chainId: ROLLUP_A, target: money(), data: faucet(bob.address), salt: `0x${"5a".repeat(32)}` }),
  ];
  const asked = {
    owner: bob.address,
    mode: "ordered",
    deadline: await soon(600),
    fee: "900",
    legs: legs.map(legToWire),
  };
  const ready = await prepared(asked);
  const body = { bundle: ready.bundle, legs: asked.legs, signature: await sign(bob, ready), private: true };
  const refused = await post("/v1/bundles", { ...body, signature: await sign(alice, ready) });
  expect([refused.status, codeOf(refused)]).toEqual([400, "bundles.bad_signature"]);
  const poor = await post("/v1/bundles", body);
  expect([poor.status, codeOf(poor)]).toEqual([409, "bundles.no_credit"]);
  await stage.send(HUB, bob, {
    address: stage.addresses.bundleHub,
    abi: bundleHubAbi,
    functionName: "deposit",
    args: [bob.address],
    value: 900n,
  });
  const taken = await post("/v1/bundles", body);
  expect(taken.status).toBe(201);
  const { id } = wireBundleId.parse(taken.body);
  expect(id).toBe(ready.id);
  const waiting = await detail(id);
  expect(waiting.status).toEqual({ kind: "unopened" });
  expect(waiting.shown[0]?.leg).toBeNull();
  const open = need(waiting.calls[0], "a call");
  expect([open.what, open.by]).toEqual(["open", null]);
  await sendCall(relayer, open);
  await statusSoon(id).toBe("buffered");
  expect((await detail(id)).shown[0]?.leg).toBeNull();
  expect(codeOf(await post("/v1/bundles", body))).toBe("bundles.open_already");
});
