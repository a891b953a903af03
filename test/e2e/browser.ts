import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";

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

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ args: FLAGS, ...(browserPath !== undefined && { executablePath: browserPath }) });

export type Theme = "light" | "dark";
export type Visitor = {
  page: Page;
  /** What the console complained of. */ complaints: string[];
  shot(name: string): Promise<void>;
};

/** A person with a browser of their own: nothing is shared with other visitors. */
export async function visit(browser: Browser, url: string, width: number, theme: Theme): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height: width < 600 ? 740 : 900 },
    colorScheme: theme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
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
