import { startEmbeddedPostgres } from "@sooth/store/embedded";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadConfig } from "./config.ts";
import { startStack } from "./stack.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sooth-away-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Half a minute was tried by hand; what heals after seconds heals by the same loops. */
const AWAY_MS = Number(process.env.SOOTH_TEST_AWAY_MS ?? 6_000);

test(
  "the database goes away and comes back: the server says so, and goes on by itself",
  { timeout: 120_000 + AWAY_MS },
  async () => {
    const dataDir = path.join(folder, "postgres");
    const database = await startEmbeddedPostgres({ dataDir, durable: false });
    const stack = await startStack({
      config: loadConfig({
        SOOTH_DATA_DIR: path.join(folder, "stack"),
        SOOTH_PORT: "0",
        DATABASE_URL: database.url,
      }),
      freePorts: true,
    });
    const status = async (where: string) => (await fetch(stack.url + where)).status;
    const openMarkets = () => fetch(`${stack.url}/v1/activity?limit=1`).then((response) => response.status);
    await expect.poll(() => status("/health"), { timeout: 20_000 }).toBe(200);

    await database.stop();
    await expect.poll(() => status("/health"), { timeout: 20_000 }).toBe(503);
    expect(await status("/v1/questions")).toBe(503);
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS));

    const again = await startEmbeddedPostgres({ dataDir, port: database.port, durable: false });
    await expect.poll(() => status("/health"), { timeout: 30_000 }).toBe(200);
    await expect.poll(openMarkets, { timeout: 30_000 }).toBe(200);
    // The follower caught up: what happens on the chain now becomes a row again.
    const head = Number(await stack.hub.client.getBlockNumber());
    const followed = async () => {
      const health = (await (await fetch(`${stack.url}/health`)).json()) as {
        components: Record<string, { detail?: { followed?: number } }>;
      };
      return health.components["chain local-hub"]?.detail?.followed ?? 0;
    };
    await expect.poll(followed, { timeout: 60_000 }).toBeGreaterThan(head);
    await stack.stop();
    await again.stop();
  },
);
