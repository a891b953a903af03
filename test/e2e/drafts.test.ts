import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { findFaults } from "./page-checks.ts";
import { startDisputeStack, type DisputeStack } from "./dispute-stack.ts";

const ASKED = "Will one ether be worth 2,300 dollars at noon UTC on 12 May 2027?";
const STATEMENT = "The old harbour should become a park.";

describe.skipIf(browserPath === undefined)("what is half written, in a real browser", () => {
  let stack: DisputeStack;
  let browser: Browser;
  let ada: Visitor;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startDisputeStack(), openBrowser()]);
    ada = await visit(browser, stack.url, 1280, "light");
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await ada?.shot("failed-drafts");
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
  });

  test("a question that was left is there again, part for part", async () => {
    const { page } = ada;
    await page.goto("/create");
    await page.getByText("What you write is kept in this browser").waitFor();
    await questionField(page).fill(ASKED);
    await page.getByText("Kept in this browser as a draft.").waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Add another source" }).click();
    await page.getByRole("group", { name: "Your source 1" }).getByLabel("Name").fill("Kraken");
    await page
      .getByRole("group", { name: "Your source 1" })
      .getByLabel("Address of the JSON")
      .fill("https://me:word@x.example/p?token=s3cret");

    await page.reload();
    expect(await questionField(page).inputValue()).toBe("");
    await questionField(page).fill("Will it rain in Berlin on 12 May 2027?");
    await page.getByText("1 other draft", { exact: true }).click();
    expect(await inBothLights(ada, "88-drafts")).toEqual([]);
    await page.getByRole("button", { name: `Go on with: ${ASKED}` }).click();
    expect(await questionField(page).inputValue()).toBe(ASKED);
    await page.getByRole("button", { name: "Next" }).click();
    const source = page.getByRole("group", { name: "Your source 1" });
    expect(await source.getByLabel("Name").inputValue()).toBe("Kraken");
    // What logs in somewhere is not kept.
    expect(await source.getByLabel("Address of the JSON").inputValue()).toBe("https://x.example/p?token=");
  });

  test("a draft is deleted, taken back, and discarded, by keyboard", async () => {
    const { page } = ada;
    await page.getByRole("button", { name: /^Delete: Will it rain/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("No other drafts", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Take it back" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /^Go on with: Will it rain/ }).waitFor();
    await page.getByRole("button", { name: "Discard this draft" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("What you write is kept in this browser").waitFor();
    expect(await questionField(page).inputValue()).toBe("");
    await page.reload();
    await page.getByText("1 other draft", { exact: true }).waitFor();
  });

  test("a statement is kept beside the questions, and not among them", async () => {
    const { page } = ada;
    await page.goto("/opinions/create");
    await statementField(page).fill(STATEMENT);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("radio", { name: /^Hidden/ }).check();
    await page.getByText("Kept in this browser as a draft.").waitFor();
    await page.reload();
    await page.getByText("1 other draft", { exact: true }).click();
    expect(await page.getByRole("list", { name: "Drafts" }).getByRole("listitem").count()).toBe(1);
    await page.getByRole("button", { name: `Go on with: ${STATEMENT}` }).click();
    expect(await statementField(page).inputValue()).toBe(STATEMENT);
    expect(await inBothLights(ada, "89-statement-draft")).toEqual([]);
    await page.getByRole("button", { name: "Next" }).click();
    expect(await page.getByRole("radio", { name: /^Hidden/ }).isChecked()).toBe(true);
  });

  test("one like another is asked from its page, and who asks the same is told so", async () => {
    const { page } = ada;
    const opensAt = (await stack.now()) + 3_600;
    const schema = {
      text: ASKED,
      kind: "bool",
      outcomes: ["No", "Yes"],
      unit: "USD",
      rule: { type: "atLeast", threshold: "2300" },
      sources: stack.sources,
    };
    const alice = stack.user("Alice");
    const stakes = [alice, stack.user("Bob")];
    const { market } = await stack.open(alice, schema, { opensAt, liveness: 1_800, stakes });
    await page.goto(`/markets/${market}`);
    await page.getByRole("link", { name: "Ask one like this" }).click();
    await page.getByText("Filled in like the question you came from.").waitFor();
    expect(await questionField(page).inputValue()).toBe(ASKED);
    const told = page.getByRole("complementary", { name: "Asked already" });
    await told.getByRole("link", { name: ASKED }).waitFor();
    expect(await inBothLights(ada, "90-like")).toEqual([]);
    await page.getByRole("button", { name: "Next" }).click();
    expect(await page.getByRole("group", { name: "Your source 3" }).getByLabel("Name").inputValue()).toBe(
      "c",
    );
    await page.getByRole("button", { name: "Next" }).click();
    expect(await page.getByLabel("Time until final").inputValue()).toBe("30");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Look it over" }).click();
    await page.getByText("Yes from 2300 USD on, No below").waitFor();
    await page
      .getByText(
        /after a fee of [\d.]+\s?% on the losing stakes only\. The fee goes to the market’s creator, you\./,
      )
      .waitFor();
    expect(await inBothLights(ada, "90-review")).toEqual([]);
    // The browser's own Back goes a part back, and Forward on again.
    await page.goBack();
    await page.getByRole("heading", { name: "Money", exact: true }).waitFor();
    await page.goForward();
    await page.getByText("Yes from 2300 USD on, No below").waitFor();
    // Nothing was written, so nothing is kept.
    await page.getByText("What you write is kept in this browser").waitFor();
    await page.goto(`/opinions/create?like=0x${"0".repeat(64)}`);
    await page.getByRole("alert").waitFor();
    await page.goto("/create?like=all");
    expect(await questionField(page).inputValue()).toBe("");
  });

  test("where a browser keeps nothing, the form says so and works", async () => {
    const eve = await visit(browser, stack.url, 360, "light");
    await eve.page.addInitScript(() =>
      Object.defineProperty(window, "localStorage", {
        get: () => {
          throw new DOMException("denied", "SecurityError");
        },
      }),
    );
    await eve.page.goto("/create");
    await questionField(eve.page).fill(ASKED);
    await eve.page.getByText("This browser keeps nothing for this page").waitFor();
    await eve.page.getByRole("button", { name: "Next" }).click();
    await eve.page.getByRole("heading", { name: "Sources" }).waitFor();
    expect(await findFaults(eve.page)).toEqual([]);
    expect(eve.complaints).toEqual([]);
    await eve.shot("88-nothing-kept");
    await eve.page.context().close();
  });

  test("the console stayed silent", () => {
    expect(ada.complaints.filter((text) => !/Failed to load resource.*(400|404)/.test(text))).toEqual([]);
  });
});

const questionField = (page: Page) => page.getByLabel("Question", { exact: true });
const statementField = (page: Page) => page.getByLabel("What people are for or against");
