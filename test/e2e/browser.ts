import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { chromium, type Browser, type LaunchOptions, type Page } from "playwright-core";
import { findFaults, untilDrawn } from "./page-checks.ts";

const CANDIDATES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
];
const SHOTS = path.resolve(import.meta.dirname, "../../test-results/e2e");
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where the browser is: CHROMIUM_PATH, or a usual place; undefined on a machine without one, where these tests are skipped. */
export const browserPath = process.env.CHROMIUM_PATH ?? CANDIDATES.find((file) => existsSync(file));

export const openBrowser = (): Promise<Browser> => launch({});

/** One that keeps a page that was left for the way back, as every person's does and Playwright's does not. */
export const openKeepingBrowser = (): Promise<Browser> =>
  launch({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });

const launch = (how: LaunchOptions): Promise<Browser> =>
  chromium.launch({ ...how, args: FLAGS, ...(browserPath !== undefined && { executablePath: browserPath }) });

/** What Playwright itself writes where it allows no worker. */
const BLOCKED = /^Service Worker registration blocked by Playwright/;

export type Theme = "light" | "dark";
export type Visitor = {
  page: Page;
  /** What the console complained of. */ complaints: string[];
  shot(name: string): Promise<void>;
};

/**
 * A person with a browser of their own: nothing is shared with other visitors. Requests of a page that a worker `keeps`
 * pass by that page, so a test cannot answer them in the server's place.
 */
export async function visit(
  browser: Browser,
  url: string,
  width: number,
  theme: Theme,
  keeps = false,
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height: width < 600 ? 740 : 900 },
    colorScheme: theme,
    reducedMotion: "reduce",
    serviceWorkers: keeps ? "allow" : "block",
  });
  const page = await context.newPage();
  // What is waited for comes with a block, by a provider or a keeper, on a machine that runs them all.
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    const bad = message.type() === "error" || message.type() === "warning";
    // What failed to load is told without its address.
    const where = message.text().startsWith("Failed to load") ? `\n${message.location().url}` : "";
    if (bad && !BLOCKED.test(message.text())) complaints.push(`${message.text()}${where}`);
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  mkdirSync(SHOTS, { recursive: true });
  return {
    page,
    complaints,
    shot: async (name) => {
      await page.screenshot({ path: path.join(SHOTS, `${name}-${width}-${theme}.png`), fullPage: true });
    },
  };
}

const DESK = { width: 1280, height: 900, theme: "light" } as const;
const PHONE = { width: 360, height: 740, theme: "dark" } as const;

/** The page as it stands, on a desk by day and on a phone by night: a picture of each, and the faults of both. */
export async function inBothLights({ page }: Visitor, name: string): Promise<string[]> {
  const faults: string[] = [];
  await untilDrawn(page);
  for (const { theme, ...size } of [PHONE, DESK]) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: theme });
    // What lies under a dialog is not what the picture is of.
    const fullPage = (await page.getByRole("dialog").count()) === 0;
    await page.screenshot({ path: path.join(SHOTS, `${name}-${size.width}-${theme}.png`), fullPage });
    faults.push(...(await findFaults(page)).map((fault) => `${name}, ${size.width} px, ${theme}: ${fault}`));
  }
  return faults;
}
