import type { Hex } from "@sooth/kernel";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { startDisputeStack, type DisputeStack } from "./dispute-stack.ts";
import { connect } from "./opinion-walk.ts";

const TEXT = "Is one ether worth 2,300 dollars or more at the end of the day?";
const SOON = { timeout: 60_000 };

const formOf = (page: Page) => page.getByRole("form", { name: "Order" });
const holds = ({ page }: Visitor, side: "Yes" | "No", amount: string) =>
  page
    .getByRole("definition")
    .filter({ hasText: new RegExp(`^${amount.replace(".", "\\.")}$`) })
    .and(page.locator(`dt:text-is("${side}") + dd`))
    .waitFor(SOON);

/** Fills the form as a person does, reads what it costs, and signs. */
async function buy({ page }: Visitor, side: "Yes" | "No", tokens: string, price: string, costs: string) {
  const form = formOf(page);
  await form.getByRole("radio", { name: side, exact: true }).check();
  await form.getByRole("textbox", { name: "Tokens" }).fill(tokens);
  await form.getByRole("textbox", { name: "Price of one, at most" }).fill(price);
  await form.getByText("You pay at most").waitFor();
  expect(await form.locator("dd").first().textContent()).toContain(costs);
  await form.getByRole("button", { name: `Buy “${side}”` }).click();
  await form.getByText("Your order stands.").waitFor(SOON);
}

describe.skipIf(browserPath === undefined)("yes and no are traded, in a real browser", () => {
  let stack: DisputeStack;
  let browser: Browser;
  let alice: Visitor;
  let bob: Visitor;
  let question: Hex;
  let choice: Hex;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startDisputeStack(), openBrowser()]);
    const opensAt = (await stack.now()) + 7_200;
    const schema = {
      text: TEXT,
      kind: "bool",
      outcomes: ["No", "Yes"],
      unit: "USD",
      rule: { type: "atLeast", threshold: "2300" },
      sources: stack.sources,
    };
    ({ question } = await stack.open(stack.user("Carol"), schema, { opensAt, liveness: 60 }));
    const trees = { text: "Which tree is planted?", kind: "categorical", outcomes: ["Elm", "Oak", "Ash"] };
    const later = { opensAt: opensAt + 86_400, liveness: 60 };
    ({ question: choice } = await stack.open(stack.user("Carol"), trees, later));
    alice = await visit(browser, stack.url, 1280, "light");
    bob = await visit(browser, stack.url, 360, "light");
    for (const [who, name] of [
      [alice, "Alice"],
      [bob, "Bob"],
    ] as const) {
      await who.page.goto("/");
      await connect(who.page, name);
    }
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    await alice?.shot("failed-trade-alice");
    await bob?.shot("failed-trade-bob");
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
  });

  async function openTrading({ page }: Visitor): Promise<void> {
    await page.goto(`/questions/${question}`);
    await page.getByRole("button", { name: "Open trading" }).click(SOON);
    await formOf(page).waitFor(SOON);
  }
  test("two people sign, are matched, and one takes the rest back", async () => {
    await openTrading(alice);
    await buy(alice, "Yes", "10", "0.6", "6.00");
    const orders = alice.page.getByRole("list", { name: "Your orders" });
    await orders.getByText("Buys 10.00 “Yes” at 0.60 at most").waitFor(SOON);
    expect(await inBothLights(alice, "90-order-stands")).toEqual([]);

    await openTrading(bob);
    await bob.page.getByRole("button", { name: "Take the price 0.60" }).waitFor(SOON);
    await buy(bob, "No", "4", "0.45", "1.80");
    await holds(bob, "No", "4.00");
    await holds(alice, "Yes", "4.00");
    await orders.getByText("Buys 6.00 “Yes” at 0.60 at most").waitFor(SOON);
    expect(await inBothLights(bob, "91-traded-narrow")).toEqual([]);

    await orders.getByRole("button", { name: "Cancel it" }).click();
    await alice.page.getByText("It is on the chain.").waitFor(SOON);
    await orders.waitFor({ state: "detached", ...SOON });
    const sets = alice.page.getByRole("form", { name: "Sets" });
    await sets.getByRole("textbox").fill("3");
    await sets.getByRole("button", { name: "Make sets" }).click();
    await holds(alice, "No", "3.00");
    await sets.getByRole("textbox").fill("1");
    await sets.getByRole("button", { name: "Turn sets back" }).click();
    await holds(alice, "No", "2.00");
    await holds(alice, "Yes", "6.00");
    expect(await inBothLights(alice, "92-sets")).toEqual([]);
  });

  test("of a choice all outcomes are made, exchanged and turned back", async () => {
    const { page } = alice;
    await page.goto(`/questions/${choice}`);
    await page.getByRole("button", { name: "Open trading" }).click(SOON);
    const together = page.getByRole("region", { name: "All outcomes together" });
    const row = (label: string, yes: string, no: string) =>
      together.getByRole("row", { name: new RegExp(`^${label} ${yes} ${no}`) }).waitFor(SOON);
    await row("Elm", "0.00", "0.00");
    const amount = together.getByRole("textbox", { name: "Tokens of each kind" });
    await amount.fill("6");
    await together.getByRole("button", { name: "Make all" }).click();
    await row("Oak", "6.00", "0.00");
    const sets = page.getByRole("form", { name: "Sets" });
    await sets.getByRole("textbox").fill("2");
    await sets.getByRole("button", { name: "Make sets" }).click();
    await row("Elm", "8.00", "2.00");
    await together.getByRole("checkbox", { name: "Give up “No” of Elm" }).check();
    await amount.fill("3");
    await together.getByRole("button", { name: "Exchange" }).click();
    await together.getByText("More than you have.").waitFor(SOON);
    await amount.fill("2");
    await together.getByText("of each of the 2 others, and 0.00").waitFor(SOON);
    await together.getByRole("button", { name: "Exchange" }).click();
    await row("Ash", "8.00", "0.00");
    expect(await inBothLights(alice, "95-choice")).toEqual([]);
    await amount.fill("8");
    await together.getByRole("button", { name: "Turn all back" }).click();
    await row("Elm", "0.00", "0.00");
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await alice.shot("96-choice-narrow");
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test("once it is answered no order is taken, and who was right redeems", async () => {
    await stack.advance(7_200);
    await expect
      .poll(async () => (await stack.get<{ status: string }>(`/v1/questions/${question}`)).status, SOON)
      .toBe("answered");
    await stack.endWindow(question);
    const { page } = alice;
    await page.goto(`/questions/${question}`);
    await page.getByRole("button", { name: "Redeem or take back" }).click(SOON);
    await page.getByText("No more orders are taken").waitFor(SOON);
    await holds(alice, "Yes", "6.00");
    expect(await inBothLights(alice, "93-to-redeem")).toEqual([]);
    await page.getByRole("button", { name: "Redeem", exact: true }).click();
    await page.getByText("It is on the chain.").waitFor(SOON);
    await holds(alice, "Yes", "0.00");
    expect(await inBothLights(alice, "94-redeemed")).toEqual([]);
  });
});
