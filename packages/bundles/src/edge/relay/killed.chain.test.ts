import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { bundleHubAbi, settlerAbi } from "@sooth/abi";
import { inRanges } from "@sooth/chain";
import { devAccount } from "@sooth/chain/local-node";
import { type Address, type Hex, need } from "@sooth/kernel";
import { numberToHex, parseEventLogs } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ledger, openLedger, relay, type Relaying } from "../../../test/relaying.ts";
import {
  alice,
  bundleOf,
  type BundleStage,
  HUB,
  leg,
  openBundleStage,
  ROLLUP_A,
  ROLLUP_B,
} from "../../../test/stage.ts";
import { type Bundle, bundleTypedData, type Leg, openManyArgs } from "../../core/index.ts";

/** Legs in all; two a bundle. More of them take as long as they take: SOOTH_LEGS=60000. */
const LEGS = Number(process.env.SOOTH_LEGS ?? 600);
/** As many as there are to be, within what a transaction takes. */
const PER_OPENING = Math.max(25, Math.min(200, LEGS / 100));
const KILL_MS = 2_000;
const LEAST_KILLS = 4;
const ROLLUPS = [ROLLUP_A, ROLLUP_B];

let stage: BundleStage;
let ledger: Ledger;
let rival: Relaying;

beforeAll(async () => {
  [stage, ledger] = await Promise.all([openBundleStage({}, 1), openLedger()]);
});
afterAll(async () => {
  await rival?.stop();
  await stage.close();
  await ledger.close();
});

/** Who gets one wei by a leg; twice would show. */
const receiver = (index: number): Address => numberToHex((1n << 96n) + BigInt(index), { size: 20 });
const deadline = Math.floor(Date.now() / 1_000) + 6 * 86_400;
/** A leg's share, less the attesters' part, gives back the wei that it hands on. */
const FEE = 4n;
const legsOf = (index: number): Leg[] =>
  ROLLUPS.map((chainId, place) =>
    leg({ chainId, kind: "value", target: receiver(2 * index + place), value: 1n, gasLimit: 40_000 }),
  );

/** In parts, so that there is work whenever one was killed. */
async function openAll(count: number, kills: () => number): Promise<void> {
  const hub = { chainId: HUB, hub: stage.addresses.bundleHub };
  await stage.send(HUB, alice, {
    address: hub.hub,
    abi: bundleHubAbi,
    functionName: "deposit",
    args: [alice.address],
    value: FEE * BigInt(count),
  });
  for (let from = 0; from < count; from += PER_OPENING) {
    while (kills() < Math.floor((LEAST_KILLS * from) / count)) await delay(50);
    const openings = await Promise.all(
      Array.from({ length: Math.min(PER_OPENING, count - from) }, async (_, index) => {
        const legs = legsOf(from + index);
        const bundle: Bundle = bundleOf(legs, deadline, { fee: FEE });
        return { bundle, legs, signature: await alice.signTypedData(bundleTypedData(hub, bundle)) };
      }),
    );
    await stage.send(HUB, alice, {
      address: stage.addresses.bundleHub,
      abi: bundleHubAbi,
      functionName: "openMany",
      args: [openManyArgs(openings)],
    });
  }
}

/** Keeps a bundler going that is killed every two seconds, until told to stop. */
function killedAgainAndAgain(): { kills: () => number; stop(): Promise<void> } {
  const urls = Object.fromEntries([HUB, ...ROLLUPS].map((id) => [id, stage.at(id).rpcUrl]));
  const settings = { urls, database: ledger.url, accounts: [16, 17], addresses: stage.addresses };
  let kills = 0;
  const over = new AbortController();
  let child: ChildProcess | undefined;
  const loop = async () => {
    while (!over.signal.aborted) {
      child = spawn(process.execPath, [path.join(import.meta.dirname, "../../../test/bundler-child.ts")], {
        env: { ...process.env, BUNDLER_CHILD: JSON.stringify(settings) },
        stdio: ["ignore", "pipe", "ignore"],
      });
      // Two seconds of work, after however long a busy machine takes to start it.
      await Promise.race([once(need(child.stdout, "its output"), "data"), once(child, "exit")]);
      await delay(KILL_MS);
      child.kill("SIGKILL");
      kills++;
    }
  };
  const done = loop();
  return {
    kills: () => kills,
    stop: async () => {
      over.abort();
      await done;
    },
  };
}

async function receiptsOn(chainId: number): Promise<{ ordinal: bigint; relayer: Address }[]> {
  const { node } = stage.at(chainId);
  const { settler: address } = stage.addresses;
  const receipts: { ordinal: bigint; relayer: Address }[] = [];
  await inRanges({ from: 0, to: Number(await node.getBlockNumber()), largest: 50 }, async (range) => {
    const logs = await node.getLogs({ address, ...range });
    for (const { args } of parseEventLogs({ abi: settlerAbi, eventName: "Receipt", logs }))
      receipts.push(args);
    return undefined;
  });
  return receipts;
}

/** What receivers of so many legs have, as many as there are. */
const weiOf = (from: number, count: number): Promise<bigint[]> =>
  Promise.all(
    Array.from({ length: Math.min(count, LEGS - from) }, (_, index) =>
      need(stage.at(need(ROLLUPS[(from + index) % 2], "a rollup")).node, "a node").getBalance({
        address: receiver(from + index),
      }),
    ),
  );

const isDone = (id: Hex): boolean => rival.watch.shown(id)?.hub.outcome === "committed";

test(
  `${LEGS} legs, each exactly once, while one of two bundlers is killed every two seconds`,
  { timeout: 600_000 + 100 * LEGS },
  async () => {
    const bundles = LEGS / 2;
    // Killed while nothing is done yet, and while the rival works too: both do the same, and neither knows of the other.
    const killed = killedAgainAndAgain();
    const opening = openAll(bundles, killed.kills);
    // Alone at first: who never ends is faster with everything that both see.
    while (killed.kills() < LEAST_KILLS / 2) await delay(50);
    rival = await relay(stage, ledger.store, [18, 19].map(devAccount));
    await opening;
    await expect
      .poll(() => [...rival.watch.known()].filter(isDone).length, {
        timeout: 300_000 + 50 * LEGS,
        interval: 250,
      })
      .toBe(bundles);
    await killed.stop();
    expect(killed.kills()).toBeGreaterThanOrEqual(LEAST_KILLS);
    const by = new Map<Address, number>();
    for (const chainId of ROLLUPS) {
      const receipts = await receiptsOn(chainId);
      for (const { relayer } of receipts) by.set(relayer, (by.get(relayer) ?? 0) + 1);
      const ordinals = receipts.map(({ ordinal }) => ordinal);
      expect(ordinals).toHaveLength(bundles);
      expect(new Set(ordinals).size).toBe(bundles);
    }
    // The one that was killed again and again did its part.
    expect([...by.keys()].toSorted()).toEqual([devAccount(16).address, devAccount(18).address].toSorted());
    const wei: bigint[] = [];
    for (let from = 0; from < LEGS; from += PER_OPENING) wei.push(...(await weiOf(from, PER_OPENING)));
    expect(wei).toHaveLength(LEGS);
    expect(wei.filter((one) => one !== 1n)).toEqual([]);
  },
);
