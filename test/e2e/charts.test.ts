import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { startDisputeStack, until, type DisputeStack } from "./dispute-stack.ts";
import { tabTo } from "./keyboard.ts";

const FIRST = "Will one ether be worth 2,300 dollars when this is read, in 2027?";
const SECOND = "Will one ether be worth 2,500 dollars when this is read, in 2027?";
const THIRD = "Which of three towns builds the park, in 2027?";
const [OPEN_SECONDS, LIVENESS] = [3_000, 900];

describe.skipIf(browserPath === undefined)("odds over time, in a real browser", () => {
  let stack: DisputeStack;
  let browser: Browser;
  let ada: Visitor;
  let first = "";
  let third = "";

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startDisputeStack(), openBrowser()]);
    const opensAt = (await stack.now()) + OPEN_SECONDS;
    const users = ["Alice", "Bob", "Carol"].map((name) => stack.user(name));
    const [alice = stack.user("Alice"), bob = alice] = users;
    const numbers = (threshold: string) => ({
      kind: "bool",
      outcomes: ["No", "Yes"],
      unit: "USD",
      rule: { type: "atLeast", threshold },
      sources: stack.sources,
    });
    const towns = { kind: "categorical", outcomes: ["Elm", "Oak", "Ash"] };
    const opening = { opensAt, liveness: LIVENESS };
    const one = await stack.open(
      alice,
      { text: FIRST, ...numbers("2300") },
      { ...opening, stakes: [alice, bob] },
    );
    await stack.open(alice, { text: SECOND, ...numbers("2500") }, { ...opening, stakes: [bob, alice] });
    const of3 = await stack.open(alice, { text: THIRD, ...towns }, { ...opening, stakes: users });
    [first, third] = [`/markets/${one.market}`, `/markets/${of3.market}`];
    ada = await visit(browser, stack.url, 1280, "light");
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await ada?.shot("failed-charts");
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
  });

  test("a stretch of time is chosen by keyboard, and what happened in it is told", async () => {
    const { page } = ada;
    await stack.advance(1_200);
    await page.goto(first);
    const notes = page.getByRole("list", { name: "What happened meanwhile" });
    await notes.getByText("Opened").waitFor();
    await tabTo(page, page.getByRole("radio", { name: "All", exact: true }));
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("radio", { name: "10 min" }).isChecked()).toBe(true);
    await notes.waitFor({ state: "detached" });
    // What held when the stretch began is its first point.
    await page.getByText("Show as a table").click();
    const rows = page.getByRole("region", { name: "Odds over time" }).getByRole("row");
    expect(await rows.count()).toBe(2);
    await page.getByRole("group", { name: "Time shown" }).getByText("All", { exact: true }).click();
    await notes.getByText("Opened").waitFor();
  });

  test("two markets of a kind are drawn beside each other", async () => {
    const { page } = ada;
    await tabTo(page, page.getByRole("button", { name: "Compare with a market" }), "Shift+Tab");
    await page.keyboard.press("Enter");
    const select = page.getByLabel("Compare with");
    await select.waitFor();
    expect(await select.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await select.getByRole("option").allTextContents()).toEqual(["Compare with…", SECOND]);
    await page.keyboard.press("ArrowDown");
    await page
      .getByRole("region", { name: "Odds over time" })
      .getByRole("columnheader", { name: SECOND })
      .waitFor();
    expect(await page.getByLabel("Point in time").getAttribute("aria-valuetext")).toContain(SECOND);
    expect(await inBothLights(ada, "92-compared")).toEqual([]);
  });

  test("outcomes are chosen, one at least", async () => {
    const { page } = ada;
    await page.goto(third);
    await page.getByText("Compare outcomes").click();
    const drawing = page.getByRole("img", { name: /^Odds over time/ });
    expect(await drawing.getAttribute("aria-label")).toContain("Oak");
    await page.getByRole("checkbox", { name: "Oak" }).uncheck();
    await page.getByRole("checkbox", { name: "Ash" }).uncheck();
    expect(await drawing.getAttribute("aria-label")).not.toMatch(/Oak|Ash/);
    expect(await page.getByRole("checkbox", { name: "Elm" }).isDisabled()).toBe(true);
    expect(await inBothLights(ada, "93-outcomes")).toEqual([]);
  });

  test("stakes that ended, the answer and its end are marked where they happened", async () => {
    const { page } = ada;
    await page.goto(first);
    await stack.advance(OPEN_SECONDS - 1_150);
    const asked = async () =>
      stack.get<{ question: { id: string; status: string } }>(`/v1${first}`).then(({ question }) => question);
    await until("the answer", 120, async () => (await asked()).status === "answered");
    const notes = page.getByRole("list", { name: "What happened meanwhile" });
    await notes.getByText("Stakes ended").waitFor();
    await notes.getByText("Answered: Yes").waitFor();
    await stack.endWindow((await asked()).id);
    await notes.getByText("Final", { exact: true }).waitFor({ timeout: 60_000 });
    expect(await notes.getByRole("listitem").count()).toBe(4);
    expect(await inBothLights(ada, "94-noted")).toEqual([]);
    await page.getByRole("group", { name: "Time shown" }).getByText("Until stakes ended").click();
    expect(await notes.getByRole("listitem").allTextContents()).toEqual([
      expect.stringContaining("Opened"),
      expect.stringContaining("Stakes ended"),
    ]);
    // Read anew, nothing on the page moves while the chart comes in.
    await page.addInitScript(() => {
      Object.assign(window, { shifts: [] as number[] });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          (window as unknown as { shifts: number[] }).shifts.push(
            (entry as unknown as { value: number }).value,
          );
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.reload();
    await notes.getByText("Final", { exact: true }).waitFor();
    const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
    expect(shifts.reduce((all, one) => all + one, 0)).toBeLessThan(0.1);
  });

  test("the console stayed silent", () => {
    expect(ada.complaints).toEqual([]);
  });
});
