import { attestersAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { devAccount } from "@sooth/chain/local-node";
import { type Address, need } from "@sooth/kernel";
import { ensureJoined } from "@sooth/oracle";
import { type App, configureLogs, createApp, logger } from "@sooth/runtime";
import type { LocalAccount } from "viem";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Ledger, openLedger, relay, type Relaying } from "../../../test/relaying.ts";
import {
  alice,
  bundleOf,
  type BundleStage,
  deployer,
  HUB,
  keys,
  leg,
  openBundleStage,
  owners,
  relayer,
  ROLLUP_A,
  ROLLUP_B,
} from "../../../test/stage.ts";
import type { AttestedBatch } from "../../core/index.ts";
import { runAttester } from "../attest/index.ts";
import { batchRoutes, openGatherings } from "../batches/index.ts";
import { type BundleWatch, openWatch } from "../watch/index.ts";
import { evidenceFrom } from "./http-evidence.ts";
import type { Evidence } from "./ports.ts";

const DAY = 86_400;
const CHAINS = [HUB, ROLLUP_A, ROLLUP_B];
const ROLLUPS = [ROLLUP_A, ROLLUP_B];
/** As long as it takes to look several times and find nothing. */
const QUIET_MS = 6_000;
const newcomer = { owner: devAccount(5), key: devAccount(15) };

let stage: BundleStage;
let ledger: Ledger;
let app: App;
let watch: BundleWatch;
let one: Relaying | undefined;
let evidence: Evidence;
const batches: AttestedBatch[] = [];
const ends = new Map<LocalAccount, () => Promise<void>>();
const over = new AbortController();

beforeAll(async () => {
  configureLogs({ level: "silent" });
  [stage, ledger] = await Promise.all([openBundleStage({}, 1), openLedger()]);
  const { addresses } = stage;
  const [hub, rollups] = [stage.hub.chain, stage.rollups.map(({ chain }) => chain)];
  const log = logger("attest");
  app = await createApp({ log, version: "0", rateLimit: { max: 100_000, windowSeconds: 60 } });
  batchRoutes(app, openGatherings({ hub, rollups, addresses, store: ledger.store, log }));
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  watch = openWatch({ hub, rollups, addresses, signal: over.signal, log });
  await watch.ready;
  const view = { watch, hub, markOf: () => null };
  for (const account of [...keys, newcomer.key]) {
    const stop = new AbortController();
    const running = runAttester({
      account,
      sighting: {
        views: [view, view],
        hubChainId: HUB,
        stakeManager: addresses.stakeManager,
        domain: stage.params.bundles.domain,
        policyOf: () => [{ upTo: null, wait: { blocks: 0 } }],
      },
      attesters: addresses.attesters,
      longestValidity: stage.params.bundles.longestValiditySeconds,
      collectors: [url],
      signal: stop.signal,
      log,
    });
    ends.set(account, async () => {
      stop.abort();
      await running;
    });
  }
  const inner = evidenceFrom(url);
  evidence = {
    ask: async (...asked) => {
      const answer = await inner.ask(...asked);
      if ("batch" in answer) batches.push(answer.batch);
      return answer;
    },
  };
});
afterAll(async () => {
  await one?.stop();
  await Promise.all([...ends.values()].map((end) => end()));
  over.abort();
  await watch.done;
  app.server.closeAllConnections();
  await app.close();
  await ledger.close();
  await stage.close();
});

const until = (what: () => unknown) => vi.waitFor(what, { timeout: 60_000, interval: 100 });
const quiet = () => new Promise((resolve) => setTimeout(resolve, QUIET_MS));
const start = async () => {
  one = await relay(stage, ledger.store, [relayer], { evidence });
};
const stop = async () => {
  await one?.stop();
  one = undefined;
};

/** To the noon after so many midnights, on every chain; the day that began. */
async function toNoonAfter(midnights: number): Promise<number> {
  const now = await stage.hub.chain.now();
  const day = Math.floor(now / DAY) + midnights;
  for (const chainId of CHAINS) {
    const { node, chain } = stage.at(chainId);
    await node.increaseTime({ seconds: day * DAY + DAY / 2 - (await chain.now()) });
    await node.mine({ blocks: 1 });
  }
  return day;
}
const sentBy = (account: Address) =>
  Promise.all(CHAINS.map((id) => stage.at(id).node.getTransactionCount({ address: account })));

async function seatedOn(chainId: number): Promise<{ epoch: number; renewedAt: number }> {
  const { node } = stage.at(chainId);
  const at = { address: stage.addresses.attesters, abi: attestersAbi } as const;
  const epoch = await node.readContract({ ...at, functionName: "currentEpoch" });
  const [, renewedAt] = await node.readContract({ ...at, functionName: "epochOf", args: [epoch] });
  return { epoch, renewedAt };
}
const atHub = (account: LocalAccount, functionName: "leave" | "advanceEpoch") =>
  stage.send(HUB, account, {
    address: stage.addresses.stakeManager,
    abi: stakeManagerAbi,
    functionName,
    args: functionName === "leave" ? [] : [stage.params.bundles.domain],
  });

test("sets are renewed once a day by what their attesters say of it, and nothing is sent between", async () => {
  const [before, { epoch }] = [await sentBy(relayer.address), await seatedOn(HUB)];
  const day = await toNoonAfter(2);
  await start();
  for (const chainId of ROLLUPS)
    await until(async () => expect(await seatedOn(chainId)).toEqual({ epoch, renewedAt: day * DAY }));
  // The hub says it of itself, whenever it is asked.
  await until(async () => expect((await seatedOn(HUB)).renewedAt).toBeGreaterThan(day * DAY));
  await quiet();
  expect(await sentBy(relayer.address)).toEqual(before.map((count) => count + 1));
});

test("when one provider leaves and another joins, every chain learns the set, and a leg runs by the newcomer's word", async () => {
  const { epoch, renewedAt } = await seatedOn(ROLLUP_A);
  const { owner, key: signer } = newcomer;
  const { addresses, params } = stage;
  await stage.send(HUB, owner, {
    address: addresses.collateral,
    abi: testDollarAbi,
    functionName: "faucet",
    args: [owner.address],
  });
  await ensureJoined({
    chain: stage.hub.chain,
    addresses,
    owner,
    signer,
    stake: params.minStake,
    kinds: 1 << params.bundles.domain,
  });
  await atHub(need(owners[3], "an owner"), "leave");
  await atHub(deployer, "advanceEpoch");
  // A set is as old as the one that named it.
  for (const chainId of ROLLUPS)
    await until(async () => expect(await seatedOn(chainId)).toEqual({ epoch: epoch + 1, renewedAt }));
  const sent = await sentBy(relayer.address);
  await quiet();
  expect(await sentBy(relayer.address)).toEqual(sent);
  // Of four seats three are a quorum: without the first, the newcomer is needed.
  await need(ends.get(need(keys[0], "a key")), "its end")();
  await need(ends.get(need(keys[3], "a key")), "its end")();
  batches.length = 0;
  const target = alice.address.toLowerCase() as Address;
  const legs = [
    leg({ chainId: ROLLUP_A, target, kind: "value" }),
    leg({ chainId: ROLLUP_B, target, kind: "value", needsOk: [0] }),
  ];
  const id = await stage.open(bundleOf(legs, (await stage.hub.chain.now()) + 3_600), legs);
  await until(() => expect(watch.shown(id)?.hub.outcome).toBe("committed"));
  expect(batches.map((batch) => batch.epoch)).toEqual(batches.map(() => epoch + 1));
  expect(batches.length).toBeGreaterThan(0);
});

test("a set that was replaced since the day began renews itself before it names the next", async () => {
  const { epoch } = await seatedOn(ROLLUP_A);
  await stop();
  const day = await toNoonAfter(1);
  await atHub(need(owners[0], "an owner"), "leave");
  await atHub(deployer, "advanceEpoch");
  await start();
  for (const chainId of ROLLUPS)
    await until(async () =>
      expect(await seatedOn(chainId)).toEqual({ epoch: epoch + 1, renewedAt: day * DAY }),
    );
  expect((await seatedOn(HUB)).epoch).toBe(epoch + 1);
});

test("of two that renew the same both go on, and what one did is done", async () => {
  const rival = await openLedger();
  const other = await relay(stage, rival.store, [devAccount(10)], { evidence });
  try {
    const day = await toNoonAfter(1);
    for (const chainId of ROLLUPS)
      await until(async () => expect((await seatedOn(chainId)).renewedAt).toBe(day * DAY));
    await quiet();
    const sent = [await sentBy(relayer.address), await sentBy(devAccount(10).address)];
    await quiet();
    expect([await sentBy(relayer.address), await sentBy(devAccount(10).address)]).toEqual(sent);
    const next = await toNoonAfter(1);
    for (const chainId of ROLLUPS)
      await until(async () => expect((await seatedOn(chainId)).renewedAt).toBe(next * DAY));
  } finally {
    await other.stop();
    await rival.close();
  }
});
