import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { press, tabTo } from "./keyboard.ts";
import {
  chainClock,
  type Clock,
  connect,
  fillStatement,
  marketAt,
  OPINIONS,
  signStatement,
  stake,
  write,
} from "./opinion-walk.ts";
import { untilDrawn } from "./page-checks.ts";
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
  const settings: Record<string, string> = {};

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(settings), openBrowser()]);
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

  test("is told by its owner with the keyboard alone, from what the browser kept", async () => {
    const { page } = alice;
    await page.goto("/opinions/create");
    await connect(page, "Alice");
    await fillStatement(page, { statement: STATEMENT, hidden: true });
    path = await signStatement(page, STATEMENT);
    await write(page, said);
    await stake(page, said);
    // From here on nobody here tells stances; nor would the server have taken this one now.
    await stack.stop();
    settings["MARKETS_KEEPER"] = "off";
    await stack.start();
    await page.reload();
    await page.getByText("This server tells none, and so takes no hidden stance.").waitFor();
    const { terms } = await on.market();
    await clock.moveTo(terms.closesAt);
    await on.until("revealing");
    await page.getByRole("button", { name: "Tell it now" }).waitFor();
    expect(await inBothLights(alice, "112-tell-stance")).toEqual([]);
    await press(page, page.getByRole("button", { name: "Tell it now" }));
    await expect
      .poll(async () => (await on.opinions()).map(({ stance }) => stance), { timeout: 60_000, interval: 500 })
      .toEqual([said.stance * 5]);
    await expect.poll(() => page.getByText("stance hidden").count()).toBe(0);
    await page.getByRole("button", { name: "Tell it now" }).waitFor({ state: "detached" });
    expect((await on.market()).hidden.opinions).toBe(0);
  });

  test("the leaderboard is ranked and narrowed with the keyboard alone", async () => {
    const { page } = alice;
    await page.goto("/leaderboard");
    for (const [label, wanted] of [
      ["By", "by=brier"],
      ["Of", "kind=pools"],
      ["That ended in", "period=year"],
    ] as const) {
      await tabTo(page, page.getByLabel(label, { exact: true }));
      await page.keyboard.press("ArrowDown");
      await expect.poll(() => new URL(page.url()).search).toContain(wanted);
    }
  });

  test("a list goes on as its end comes near, from where it was, and stops where there is no more", async () => {
    const { page } = alice;
    const [each, count] = [20, 45];
    // The page asks for the first rows in its head already, and then once more.
    const asked = new Set<number>();
    // As many as nobody puts up in a test, each the one that is there under another name.
    await page.route("**/v1/opinion-markets?*", async (route) => {
      const url = new URL(route.request().url());
      const from = Number(url.searchParams.get("cursor") ?? 0);
      asked.add(from);
      url.searchParams.delete("cursor");
      const { items } = (await (await route.fetch({ url: url.href })).json()) as { items: object[] };
      const rows = Array.from({ length: Math.min(each, count - from) }, (_, index) => ({
        ...items[0],
        id: `0x${String(from + index + 1).padStart(64, "0")}`,
      }));
      await route.fulfill({ json: { items: rows, next: from + each < count ? String(from + each) : null } });
    });
    await page.goto("/opinions?sort=newest");
    const rows = page.getByRole("list", { name: "Statements" }).getByRole("listitem");
    await expect.poll(() => rows.count()).toBe(each);
    await untilDrawn(page);
    expect([...asked]).toEqual([0]);
    for (const [shown, then] of [
      [40, [0, 20]],
      [45, [0, 20, 40]],
      [45, [0, 20, 40]],
    ] as const) {
      await page.keyboard.press("End");
      await expect.poll(() => rows.count()).toBe(shown);
      await untilDrawn(page);
      expect([...asked]).toEqual(then);
    }
    expect(await page.getByRole("button", { name: "Load more" }).count()).toBe(0);
    await page.unroute("**/v1/opinion-markets?*");
  });
});
