import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { chainClock, type Clock, connect, marketAt, OPINIONS, stake, write } from "./opinion-walk.ts";
import { startStack, type RunningStack } from "./stack.ts";

const STATEMENT = "Schools should start later in the morning.";

describe.skipIf(browserPath === undefined)("a hidden stance that no keeper tells", () => {
  let stack: RunningStack;
  let browser: Browser;
  let alice: Visitor;
  let clock: Clock;
  let on: ReturnType<typeof marketAt>;
  let path = "";
  const [said] = OPINIONS;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack({ MARKETS_KEEPER: "off" }), openBrowser()]);
    alice = await visit(browser, stack.url, 360, "light");
    clock = await chainClock(stack.url);
    on = marketAt(stack.url, () => path);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await alice?.shot("failed-tell-stance");
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
  });

  test("is told by its owner, from what the browser kept", async () => {
    const { page } = alice;
    await page.goto("/opinions/create");
    await connect(page, "Alice");
    await page.getByLabel("What people are for or against").fill(STATEMENT);
    await page.getByRole("radio", { name: /^Hidden/ }).check();
    await page.getByRole("button", { name: "Sign and put it up" }).click();
    await page.waitForURL(/\/opinions\/0x[0-9a-f]{64}$/, { timeout: 60_000 });
    path = new URL(page.url()).pathname;
    await write(page, said);
    await stake(page, said);
    const { terms } = await on.market();
    await clock.moveTo(terms.closesAt);
    await on.until("revealing");
    await page.getByRole("button", { name: "Tell it now" }).waitFor();
    expect(await inBothLights(alice, "112-tell-stance")).toEqual([]);
    await page.getByRole("button", { name: "Tell it now" }).click();
    await expect
      .poll(async () => (await on.opinions()).map(({ stance }) => stance), { timeout: 60_000, interval: 500 })
      .toEqual([said.stance * 5]);
    await expect.poll(() => page.getByText("stance hidden").count()).toBe(0);
    await page.getByRole("button", { name: "Tell it now" }).waitFor({ state: "detached" });
    expect((await on.market()).hidden.opinions).toBe(0);
  });
});
