import { oracleAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { termsFromWire, termsToChain } from "@sooth/oracle/core";
import type { Browser } from "playwright-core";
import { encodeFunctionData, zeroHash } from "viem";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { startDisputeStack, until, type DisputeStack } from "./dispute-stack.ts";

describe.skipIf(browserPath === undefined)("many things are asked about at once, in a real browser", () => {
  let stack: DisputeStack;
  let browser: Browser;
  let dave: Visitor;
  let question = "";

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startDisputeStack(), openBrowser()]);
    dave = await visit(browser, stack.url, 1280, "light");
    await dave.page.goto("/create");
    await dave.page.getByRole("button", { name: "Connect", exact: true }).click();
    await dave.page.getByRole("dialog").getByRole("button", { name: /^Dave/ }).click();
    await dave.page.getByRole("button", { name: /Dave.*tUSD/ }).waitFor();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await dave?.shot("failed-asking");
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
  });

  test("a narrow screen reaches every page, and what names nothing is told by its kind", async () => {
    const eve = await visit(browser, stack.url, 360, "light");
    const { page } = eve;
    await page.goto("/");
    const main = page.getByRole("navigation", { name: "Main" });
    for (const name of ["Feeds", "Disputes", "Security"]) {
      await main.getByText("More", { exact: true }).click();
      if (name === "Feeds") await eve.shot("78-more");
      await main.getByRole("link", { name }).click();
      await page.waitForURL(new RegExp(`/${name.toLowerCase()}$`));
      await main.getByRole("link", { name }).waitFor({ state: "hidden" });
    }
    expect(await inBothLights(eve, "78-security")).toEqual([]);
    await page.goto("/providers/hello");
    await page.getByText("There is no such provider here.").waitFor();
    await page.getByRole("link", { name: "All providers" }).waitFor();
    await page.goto("/docs");
    await page.getByRole("link", { name: "network", exact: true }).click();
    await page.getByRole("link", { name: "/v1/network" }).first().waitFor();
    expect(await page.title()).toBe("Sooth API");
    await eve.shot("78-docs");
    await page.context().close();
  });

  test("the form takes a list, and says which source tells the same of each", async () => {
    const { page } = dave;
    await page.getByLabel(/Ask it of many things at once/).check();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("alert").waitFor();
    const asked = page.getByLabel("Question", { exact: true });
    await asked.fill("w".repeat(1_203));
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("203 characters too many: 1,000 at most.", { exact: true }).waitFor();
    expect((await asked.inputValue()).length).toBe(1_203);
    expect(await inBothLights(dave, "79-too-long")).toEqual([]);
    await asked.fill("Does it cost 2,300 dollars or more, in 2026?");
    await page.getByLabel("Thing 1", { exact: true }).fill("ether");
    await page.getByLabel("Thing 2", { exact: true }).fill("gold");
    expect(await inBothLights(dave, "80-many")).toEqual([]);
    await page.getByRole("button", { name: "Next" }).click();
    for (const [index, { name, url, path, unit }] of stack.sources.entries()) {
      await page.getByRole("button", { name: "Add another source" }).click();
      const source = page.getByRole("group", { name: `Your source ${index + 1}` });
      await source.getByLabel("Name").fill(name);
      await source.getByLabel("Unit").fill(unit);
      await source.getByLabel("Address of the JSON").fill(index === 0 ? url : `${url}/{item}`);
      await source.getByLabel("Path to the number").fill(path);
    }
    await page.getByLabel("Yes when the sources say at least").fill("2300");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("It says the same of each thing").first().waitFor();
    expect(await inBothLights(dave, "81-many-sources")).toEqual([]);
    await page
      .getByRole("group", { name: "Your source 1" })
      .getByLabel("Address of the JSON")
      .fill(`${stack.sources[0]?.url}/{item}`);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "in 10 min" }).click();
    await page.getByLabel("Time until final").fill("20");
    expect(await page.getByLabel("Stakes end (UTC)").count()).toBe(0);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByLabel("Watcher (optional)").fill("0x12");
    await page.getByRole("button", { name: "Look it over" }).click();
    await page.getByText("An address starts with 0x and has 40 digits more.").first().waitFor();
    await page.getByLabel("Watcher (optional)").fill(stack.user("Carol").address);
    await page.getByRole("button", { name: "Look it over" }).click();
    await page.getByText("ether · gold").waitFor();
    await page.getByText("Watched by", { exact: true }).waitFor();
    expect(await inBothLights(dave, "82-many-review")).toEqual([]);
    await page.getByRole("button", { name: "Sign and ask" }).click();
    await page.waitForURL(/\/questions\/0x[0-9a-f]{64}$/, { timeout: 60_000 });
    question = new URL(page.url()).pathname;
  });

  test("until it opens, its asker says how it is to be read", async () => {
    const { page } = dave;
    await page.getByRole("button", { name: "Clarify it" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Add it for good" }).click();
    await dialog.getByText("Write what is to be understood.").waitFor();
    await dialog.getByLabel("How it is to be read").fill("Dollars of the United States, before fees.");
    expect(await inBothLights(dave, "83-clarify")).toEqual([]);
    await dialog.getByRole("button", { name: "Add it for good" }).click();
    await dialog.getByText("It is part of the question from now on.").waitFor();
    await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
    await page.getByText("Hashed here, each with the one before: they fit").waitFor({ timeout: 60_000 });
    expect(await inBothLights(dave, "84-clarified")).toEqual([]);
  });

  test("each thing gets an answer of its own, and nobody may clarify any more", async () => {
    const { page } = dave;
    await stack.advance(660);
    await until("the answers", 120, async () => {
      const { status } = await stack.get<{ status: string }>(`/v1${question}`);
      return status === "answered";
    });
    await page.getByText("gold", { exact: true }).first().waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: "Clarify it" }).waitFor({ state: "detached" });
    expect(await inBothLights(dave, "85-many-answered")).toEqual([]);
    await page.getByRole("button", { name: "Check" }).first().click();
    await page.getByText("leads to the root").waitFor();
  });

  test("the watcher that the asker named puts them off, and the page says so", async () => {
    const { page } = dave;
    await page.getByRole("heading", { name: "Watched" }).waitFor();
    const { terms } = await stack.get<{ terms: Parameters<typeof termsFromWire>[0] }>(`/v1${question}`);
    const { addresses } = await stack.get<{ addresses: { oracle: Hex } }>("/v1/network");
    const args = [termsToChain(termsFromWire(terms)), zeroHash] as const;
    const data = encodeFunctionData({ abi: oracleAbi, functionName: "veto", args });
    await stack.send(stack.user("Carol"), [{ to: addresses.oracle, data }]);
    await page.getByRole("heading", { name: "Put off by its watcher" }).waitFor();
    expect(await inBothLights(dave, "85-put-off")).toEqual([]);
  });

  test("all of them can be objected to, under their one root", async () => {
    const { page } = dave;
    await page.getByRole("button", { name: "Dispute this answer" }).click();
    const dialog = page.getByRole("dialog");
    await expect.poll(() => dialog.getByRole("radio").count()).toBe(2);
    await dialog.getByRole("radio", { name: /Invalid/ }).check();
    expect(await inBothLights(dave, "86-many-dispute")).toEqual([]);
    await dialog.getByRole("button", { name: "See what it costs" }).click();
    await dialog.getByRole("button", { name: "Deposit and dispute" }).click();
    await dialog.getByText("Your dispute is on the chain").waitFor();
    await dialog.getByRole("button", { name: "See its steps" }).click();
    await page.getByRole("list", { name: "Steps of the dispute" }).getByText("Disputed").first().waitFor();
    expect(await inBothLights(dave, "87-many-disputed")).toEqual([]);
    expect(dave.complaints.filter((text) => !/Failed to load resource.*(400|404|409)/.test(text))).toEqual(
      [],
    );
  });
});
