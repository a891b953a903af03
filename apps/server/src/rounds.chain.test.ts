import { localBeacon } from "@sooth/chain";
import { oracle } from "@sooth/oracle";
import { provedSeed } from "@sooth/randomness";
import { latestRound, seedOf, sign } from "@sooth/randomness/core";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadConfig } from "./config.ts";
import { laptopAccounts } from "./laptop/accounts.ts";
import type { Slice } from "./slices.ts";
import { startStack } from "./stack.ts";

test(
  "a slice says which round it waits for, and the laptop's beacon, worker and relayer bring its seed",
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "sooth-rounds-"));
    const slice: Slice = oracle;
    const own = slice.rounds;
    const needed: bigint[] = [];
    slice.rounds = async (context, head) => [...((await own?.(context, head)) ?? []), ...needed];
    const stack = await startStack({
      config: loadConfig({ SOOTH_DATA_DIR: folder, SOOTH_PORT: "0", SOOTH_ROLES: "api,worker,relayer" }),
      freePorts: true,
      durable: false,
      exchanges: false,
    });
    onTestFinished(async () => {
      slice.rounds = own;
      await stack.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const schedule = { genesis: localBeacon.beaconGenesis, period: localBeacon.beaconPeriodSeconds };
    // Not published yet: its signature comes while everything waits for it.
    const round = latestRound(schedule, await stack.hub.now()) + 2n;
    needed.push(round);
    const seed = seedOf(sign(laptopAccounts().beaconKey, round));
    await expect
      .poll(() => provedSeed(stack.hub, stack.addresses, round), { timeout: 60_000, interval: 500 })
      .toBe(seed);

    const health = (await (await fetch(`${stack.url}/health`)).json()) as {
      components: Record<string, unknown>;
    };
    expect(health.components["beacon"]).toMatchObject({ ok: true, critical: false });
  },
);
