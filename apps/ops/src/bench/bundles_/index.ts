import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { bundleHubAbi } from "@sooth/abi";
import { openWatch } from "@sooth/bundles";
import {
  type Bundle,
  bundleId,
  bundleTypedData,
  type Leg,
  legHash,
  legsHashOf,
  openManyArgs,
} from "@sooth/bundles/core";
import { type Chain, walletOf } from "@sooth/chain";
import { at, type Hex, need } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { loadConfig, type Stack, startStack } from "@sooth/server";
import { numberToHex } from "viem";
import { waitFor } from "../waiting.ts";
import { type BenchPart, type Measurement, measurement } from "./measurement.ts";

const PER_SECOND = 20;
const SECONDS = 10;
/** A part of a second's bundles opens together: what opens is not what is measured. */
const OPENINGS = 4;
const LEG_GAS = 40_000;
const PLAIN = 100;
const IN_FLIGHT = 16;
const PATIENCE_SECONDS = 120;

/** Bundles of two legs, on a laptop as it is: real attesters, one bundler with two keys, blocks of a second. */
export const bundles: BenchPart = {
  name: "bundles",
  about:
    "from a bundle that is open to its legs having run on two rollups, beside a plain sender on the same chains",
  run: async (onStep) => {
    const dataDir = mkdtempSync(path.join(tmpdir(), "sooth-bench-"));
    const config = loadConfig({ SOOTH_DATA_DIR: dataDir, SOOTH_PORT: "0", LOG_LEVEL: "error" });
    const stack = await startStack({ config, freePorts: true, durable: false, exchanges: false });
    try {
      onStep(`${PER_SECOND} bundles a second for ${SECONDS} s, with a load of ${loadavg()[0]?.toFixed(1)}`);
      const took = await relayed(stack);
      onStep(`${PLAIN} plain transfers, ${IN_FLIGHT} at a time, on one of the rollups`);
      const plain = await sent(at(stack.rollups, 0), need(stack.accounts, "a laptop").deployer);
      return report(took, plain);
    } finally {
      await stack.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

function report(took: { seconds: number[]; all: number }, plain: number[]): Measurement[] {
  const { seconds, all } = took;
  const load = `load ${loadavg()[0]?.toFixed(1)}`;
  const against = `a plain viem transfer on one of these chains in the same run, sent to mined; ${load}`;
  const row = (name: string, part: number) =>
    measurement({
      name: `bundles.${name}`,
      value: quantile(seconds, part),
      unit: "s",
      reference: quantile(plain, part),
      against,
      smallerIsBetter: true,
    });
  return [
    row("ready_to_executed_p50", 0.5),
    row("ready_to_executed_p95", 0.95),
    measurement({
      name: "bundles.executed",
      value: seconds.length,
      unit: "bundles",
      reference: all,
      against: `opened, at ${PER_SECOND} a second; both legs of each ran well`,
      isLimit: true,
    }),
  ];
}

async function relayed(stack: Stack): Promise<{ seconds: number[]; all: number }> {
  const { hub, rollups, addresses } = stack;
  const end = new AbortController();
  const watch = openWatch({ hub, rollups, addresses, signal: end.signal, log: logger("bench") });
  const [ready, done] = [new Map<Hex, number>(), new Map<Hex, number>()];
  watch.onChange((ids) => {
    const now = performance.now();
    for (const id of ids) {
      const view = watch.shown(id);
      if (view && view.hub.outcome !== "none" && !ready.has(id)) ready.set(id, now);
      if (view?.shown.every(({ state }) => state === "ok") && !done.has(id)) done.set(id, now);
    }
  });
  try {
    await watch.ready;
    const ids = await openAll(stack);
    await waitFor(
      "every bundle to have run",
      () => Promise.resolve(ids.every((id) => done.has(id)) || undefined),
      {
        seconds: PATIENCE_SECONDS,
      },
    );
    const seconds = ids.map((id) => ((done.get(id) ?? 0) - (ready.get(id) ?? 0)) / 1_000);
    return { seconds: seconds.toSorted((a, b) => a - b), all: ids.length };
  } finally {
    end.abort();
    await watch.done;
  }
}

/** Opens them at an even pace, whatever becomes of those before. */
async function openAll({ hub, rollups, addresses, accounts }: Stack): Promise<Hex[]> {
  const account = at(need(accounts, "a laptop").users, 0).account;
  const wallet = walletOf(hub, account);
  const where = { chainId: hub.definition.id, hub: addresses.bundleHub };
  const deadline = Number(await hub.now()) + 3_600;
  const size = PER_SECOND / OPENINGS;
  let nonce = await hub.client.getTransactionCount({ address: account.address });
  const ids: Hex[] = [];
  for (let part = 0; part < SECONDS * OPENINGS; part++) {
    const next = delay(1_000 / OPENINGS);
    const openings = await Promise.all(
      Array.from({ length: size }, async (_, index) => {
        const legs = legsOf(rollups, part * size + index);
        const bundle: Bundle = {
          owner: account.address.toLowerCase() as Hex,
          mode: "ordered",
          legs: legs.length,
          deadline,
          legsHash: legsHashOf(legs.map(legHash)),
          fee: 0n,
          salt: BigInt(part * size + index),
        };
        return { bundle, legs, signature: await account.signTypedData(bundleTypedData(where, bundle)) };
      }),
    );
    ids.push(...openings.map(({ bundle }) => bundleId(where, bundle)));
    await wallet.writeContract({
      address: addresses.bundleHub,
      abi: bundleHubAbi,
      functionName: "openMany",
      args: [openManyArgs(openings)],
      gas: 200_000n * BigInt(size),
      nonce: nonce++,
    });
    await next;
  }
  return ids;
}

/** One wei to somebody on each rollup: what a leg costs at the least. */
const legsOf = (rollups: readonly Chain[], index: number): Leg[] =>
  rollups.map(({ definition }) => ({
    chainId: definition.id,
    kind: "value",
    target: numberToHex((1n << 96n) + BigInt(index), { size: 20 }),
    value: 1n,
    gasLimit: LEG_GAS,
    data: "0x",
    needsOk: [],
    needsFailed: [],
    needsSettled: [],
    undoes: null,
    splices: [],
    conditions: [],
    salt: numberToHex(index, { size: 32 }),
  }));

async function sent(chain: Chain, account: Parameters<typeof walletOf>[1]): Promise<number[]> {
  const wallet = walletOf(chain, account);
  let nonce = await chain.client.getTransactionCount({ address: account.address });
  const seconds: number[] = [];
  for (let from = 0; from < PLAIN; from += IN_FLIGHT)
    await Promise.all(
      Array.from({ length: Math.min(IN_FLIGHT, PLAIN - from) }, async () => {
        const began = performance.now();
        const hash = await wallet.sendTransaction({
          to: account.address,
          value: 1n,
          gas: 30_000n,
          nonce: nonce++,
        });
        await chain.client.waitForTransactionReceipt({ hash, pollingInterval: 50 });
        seconds.push((performance.now() - began) / 1_000);
      }),
    );
  return seconds.toSorted((a, b) => a - b);
}
