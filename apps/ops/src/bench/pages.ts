import { at, need } from "@sooth/kernel";
import { buildWeb, loadConfig, type Stack, startStack } from "@sooth/server";
import { openStore } from "@sooth/store";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";
import { type BenchPart, type Measurement, measurement, median } from "./measurement.ts";
import { seedMarkets } from "./seed-markets.ts";

const ROOT = path.resolve(import.meta.dirname, "../../../..");
const MARKETS = 200;
const VISITS = 5;
const TARGET_SECONDS = 2.5;
/** A slow phone on a slow cell, as Lighthouse imitates them. */
const CELL = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_638_400 / 8,
  uploadThroughput: 750_000 / 8,
};
const CPU_SLOWDOWN = 4;
const NOBODY: readonly number[] = [];

/** First visits, each by a browser that was never here, to pages over 200 markets. */
export const pages: BenchPart = {
  name: "pages",
  about:
    "largest contentful paint of a first visit, in Chromium as a slow phone on a slow cell, and as it is; give --chromium FILE",
  needs: "chromium",
  run: async (onStep, { chromium: file } = {}) => {
    const executablePath = need(file, "--chromium");
    const dataDir = mkdtempSync(path.join(tmpdir(), "sooth-bench-"));
    onStep("starting engines");
    const stack = await startStack({
      config: loadConfig({ SOOTH_DATA_DIR: dataDir, SOOTH_PORT: "0" }),
      freePorts: true,
      durable: false,
      exchanges: false,
      providers: NOBODY,
      webFolder: () => buildWeb(ROOT, onStep),
    });
    try {
      const market = await seed(stack);
      const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
      try {
        const measured: Measurement[] = [];
        for (const [name, where] of [
          ["markets", "/"],
          ["market", `/markets/${market}`],
          ["opinions", "/opinions"],
          ["portfolio", "/portfolio"],
        ] as const) {
          for (const slow of [true, false]) {
            onStep(`${VISITS} first visits to ${name}, ${slow ? "as a slow phone" : "as this machine is"}`);
            const painted: number[] = [];
            for (let visit = 0; visit < VISITS; visit++)
              painted.push(await visitOnce(browser, stack.url + where, slow));
            measured.push(
              measurement({
                name: `pages.${name}.lcp${slow ? "" : "_unthrottled"}`,
                value: median(painted) / 1_000,
                unit: "s",
                reference: TARGET_SECONDS,
                against: "target of the design",
                smallerIsBetter: true,
              }),
            );
          }
        }
        return measured;
      } finally {
        await browser.close();
      }
    } finally {
      await stack.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

async function seed(stack: Stack): Promise<string> {
  const store = openStore({ url: stack.config.DATABASE_URL ?? "", applicationName: "bench" });
  try {
    const now = await stack.hub.now();
    return at(await seedMarkets(store, stack.addresses, stack.config.HUB_CHAIN_ID, MARKETS, now), 0);
  } finally {
    await store.close();
  }
}

/** Milliseconds from the request to the paint of the largest element, once the page asks for nothing any more. */
async function visitOnce(browser: Browser, url: string, slow: boolean): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  try {
    const page = await context.newPage();
    if (slow) {
      const devtools = await context.newCDPSession(page);
      await devtools.send("Network.enable");
      await devtools.send("Network.emulateNetworkConditions", CELL);
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
    }
    await page.goto(url);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() => document.querySelector("main .skeleton") === null);
    return await page.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe(
          {
            type: "largest-contentful-paint",
            buffered: true,
          },
        );
      });
    });
  } finally {
    await context.close();
  }
}
