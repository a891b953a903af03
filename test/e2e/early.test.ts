import type { Hex } from "@sooth/kernel";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { startDisputeStack, until, type DisputeStack } from "./dispute-stack.ts";

type Jury = { commitEndsAt: number; choice: number; jurors: { committed: boolean }[] };
type Batches = { items: { posted: boolean; commitments: unknown[] }[] };
const EARLY = "Will one ether be worth 2,300 dollars or more before it is all over?";
const SILENT = "Does a jury know what one ether is worth?";
const THRESHOLD = { kind: "bool", outcomes: ["No", "Yes"], unit: "USD" };
const RULE = { type: "atLeast", threshold: "2300" };
const LIVENESS = 3_000;

describe.skipIf(browserPath === undefined)("what is not answered as usual, in a real browser", () => {
  let stack: DisputeStack;
  let browser: Browser;
  let dave: Visitor;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startDisputeStack(), openBrowser()]);
    dave = await visit(browser, stack.url, 1280, "light");
    const { page } = dave;
    await page.goto("/");
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await dialog().getByRole("button", { name: /^Dave/ }).click();
    await page.getByRole("button", { name: /Dave.*tUSD/ }).waitFor();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await dave?.shot("failed-early");
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
  });
  const dialog = () => dave.page.getByRole("dialog");

  test("what ended early is answered before it opens, and the page changes by itself", async () => {
    const { page } = dave;
    const opensAt = (await stack.now()) + 900;
    const schema = {
      ...THRESHOLD,
      text: EARLY,
      rule: RULE,
      sources: stack.sources,
      endsEarly: "It is reached.",
    };
    const { question } = await stack.open(stack.user("Alice"), schema, {
      opensAt,
      liveness: LIVENESS,
      endsEarly: true,
    });
    await page.goto(`/questions/${question}`);
    await page.getByText("May end early: It is reached.").waitFor({ timeout: 60_000 });
    await page
      .getByText(/or before if it has ended/)
      .first()
      .waitFor();
    expect(await page.getByRole("list", { name: "Attempts" }).count()).toBe(0);
    expect(await inBothLights(dave, "80-may-end-early")).toEqual([]);

    await stack.handIn(question, "1", [0, 1]);
    await page.getByText(/50\.0% of the weight say that it ended early; 90\.0% is wanted/).waitFor();
    expect(await inBothLights(dave, "81-half-say-early")).toEqual([]);
    await stack.handIn(question, "1", [2, 3]);
    await page.getByRole("button", { name: "Dispute this answer" }).waitFor({ timeout: 60_000 });
    await page.getByText(/it ended early, and the contract accepted nine tenths/).waitFor();
    expect(await stack.now()).toBeLessThan(opensAt);
    expect(await inBothLights(dave, "82-ended-early")).toEqual([]);
  });

  test("who objects to silence, and no provider answers in time, wins before a jury", async () => {
    const { page } = dave;
    const opensAt = (await stack.now()) + 20;
    const schema = { ...THRESHOLD, text: SILENT, rule: RULE, sources: stack.lateSources };
    const { question } = await stack.open(stack.user("Alice"), schema, {
      opensAt,
      liveness: LIVENESS,
      within: 800,
    });
    await page.goto(`/questions/${question}`);
    await page.getByRole("heading", { level: 1, name: SILENT }).waitFor({ timeout: 60_000 });
    await stack.advance(20 + 600);
    await page.getByRole("button", { name: "Claim an answer" }).click({ timeout: 60_000 });
    await dialog().getByRole("radio", { name: "Yes", exact: true }).check();
    await dialog().getByRole("button", { name: "See what it costs" }).click();
    await dialog().getByText("If no jury finds a verdict").waitFor();
    expect(await inBothLights(dave, "83-silence-costs")).toEqual([]);
    await dialog().getByRole("button", { name: "Deposit and dispute" }).click();
    await dialog().getByText("Your dispute is on the chain").waitFor();
    await page.keyboard.press("Escape");

    // Sources are down while providers might report anew, and speak again once jurors read.
    await stack.advance(stack.rereportSeconds + 5);
    const link = page.getByRole("link", { name: "The jury and its votes" });
    await link.waitFor({ timeout: 90_000 });
    stack.lateIsBack();
    await link.click();
    await page.getByText("6 of 9 seats decide").waitFor();
    const jury = (page.url().split("/").at(-1) ?? "") as Hex;
    expect(await inBothLights(dave, "84-jury-on-silence")).toEqual([]);
    await sealedAndOver(jury);
    await page.getByText("Decided", { exact: true }).waitFor({ timeout: 90_000 });
    expect((await stack.get<Jury>(`/v1/juries/${jury}`)).choice).toBe(2);
    expect(await inBothLights(dave, "85-claim-found-right")).toEqual([]);

    await page.goto(`/questions/${question}`);
    await page.getByRole("button", { name: "Appeal", exact: true }).waitFor({ timeout: 60_000 });
    await stack.advance(stack.appealSeconds);
    const card = page.getByRole("article", { name: "Dispute, Yes against invalid" });
    await card.getByText("The answer was replaced").first().waitFor({ timeout: 90_000 });
    // His deposit less the jury's quarter: nobody had put anything down against him.
    await card.getByText(/got 187\.50/).waitFor();
    expect(await stack.get<{ label: string }>(`/v1/questions/${question}`)).toMatchObject({ label: "Yes" });
    await page.getByText("the jury of 9 found: the claim is right").waitFor();
    await page.getByText(/^It was decided in a dispute: the answer is Yes/).waitFor();
    expect(await inBothLights(dave, "86-won-before-a-jury")).toEqual([]);
  });

  /** All who were drawn have sealed, what they sealed is on the chain, and the clock moves past what is left of the window. */
  async function sealedAndOver(jury: Hex): Promise<void> {
    await until("all sealed votes on the chain", 120, async () => {
      const [{ jurors }, { items }] = await Promise.all([
        stack.get<Jury>(`/v1/juries/${jury}`),
        stack.get<Batches>(`/v1/juries/${jury}/batches`),
      ]);
      const posted = items.filter((batch) => batch.posted).flatMap(({ commitments }) => commitments);
      return (
        jurors.length > 0 && jurors.every(({ committed }) => committed) && posted.length === jurors.length
      );
    });
    const { commitEndsAt } = await stack.get<Jury>(`/v1/juries/${jury}`);
    const left = commitEndsAt - (await stack.now());
    if (left >= 0) await stack.advance(left + 10);
  }
});
