import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath, openBrowser, visit, type Visitor } from "./browser.ts";
import { installExtension } from "./extension.ts";
import { chainClock } from "./opinion-walk.ts";
import { findFaults } from "./page-checks.ts";
import { startStack, type RunningStack } from "./stack.ts";

const QUESTION = "Will the simulated ETH/USD stand at or above 1 at the minute asked about, in 2026?";
const ALICE_STAKES = 25_000_000n;
const BOB_STAKES = 40_000_000n;
const FEE_BPS = 200n;
/** Alice alone on Yes: her stake and all that Bob lost, but for the fee on it. */
const ALICE_IS_PAID = ALICE_STAKES + BOB_STAKES - (BOB_STAKES * FEE_BPS) / 10_000n;
type Network = {
  sourceTemplates: { url: string; path: string }[];
  hub: { rpcUrl: string; chainId: number };
  testAccount: `0x${string}` | null;
  devAccounts: { name: string; privateKey: `0x${string}` }[];
};
/** Opening the page to a stake on the chain, for somebody who was never here. */
const NEWCOMER_MS = 30_000;

describe.skipIf(browserPath === undefined)("from a question to a pay-out, in a real browser", () => {
  let stack: RunningStack;
  let browser: Browser;
  let alice: Visitor;
  let bob: Visitor;
  let market = "";
  let question = "";
  let otherMarket = "";
  let observeAt = 0;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), openBrowser()]);
    alice = await visit(browser, stack.url, 1280, "light");
    bob = await visit(browser, stack.url, 360, "dark");
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
  });

  test("a newcomer has a wallet with money after one press", async () => {
    const { page } = alice;
    await page.goto("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await alice.shot("01-first-visit");
    await page.getByRole("button", { name: "Use Alice’s wallet" }).click();
    await page.getByRole("button", { name: /Alice.*tUSD/ }).waitFor();
    expect(await findFaults(page)).toEqual([]);
  });

  test("asks a question and opens a market on it, in one go", async () => {
    const { page } = alice;
    await page.getByRole("link", { name: "Ask a question" }).first().click();
    await page.getByLabel("Question", { exact: true }).fill("Short?");
    await page.getByRole("button", { name: "Next" }).click();
    expect(await page.getByRole("alert").textContent()).toContain("at least 8 characters");
    await page.getByLabel("Question", { exact: true }).fill(QUESTION);
    await alice.shot("02-ask");
    await page.getByRole("button", { name: "Next" }).click();
    for (const exchange of ["coinbase", "kraken", "binance"])
      await page.getByLabel(new RegExp(`simulated ${exchange}`)).check();
    await page.getByLabel("Yes when the sources say at least").fill("1");
    const { sourceTemplates } = (await (await fetch(`${stack.url}/v1/network`)).json()) as Network;
    await page.getByRole("button", { name: "Add a source of second choice" }).click();
    const second = page.getByRole("group", { name: "Second choice 1" });
    await page.getByRole("button", { name: "Next" }).click();
    await second.getByText("Still to be filled in: name, unit, address, path.").waitFor();
    await second.getByLabel("Name").fill("another look");
    await second.getByLabel("Unit").fill("USD");
    await second.getByLabel("Address of the JSON").fill(sourceTemplates[0]?.url ?? "");
    await second.getByLabel("Path to the number").fill(sourceTemplates[0]?.path ?? "");
    await alice.shot("03-sources");
    expect(await findFaults(page)).toEqual([]);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "in 10 min" }).click();
    observeAt = await soon(stack.url);
    const moment = new Date(observeAt * 1_000).toISOString().slice(0, 16);
    await page.getByLabel("Moment that the answer speaks of").fill(moment);
    await page.getByLabel("Time until final").fill("0.25");
    await alice.shot("04-times");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByLabel("Reward for the answer").fill("8");
    await page.getByLabel("Depends on it elsewhere (optional)").fill("150");
    await page.getByRole("button", { name: "Look it over" }).click();
    await page.getByText("another look", { exact: true }).waitFor();
    await page.getByText("150.00").waitFor();
    await alice.shot("05-review");
    expect(await findFaults(page)).toEqual([]);
    await page.getByRole("button", { name: "Sign and open" }).click();
    await page.waitForURL(/\/markets\/0x[0-9a-f]{64}$/, { timeout: 60_000 });
    market = new URL(page.url()).pathname;
    await page.getByRole("heading", { level: 1, name: QUESTION }).waitFor();
    await alice.shot("06-market-empty");
    expect(await findFaults(page)).toEqual([]);
  });

  test("a stranger stakes within 30 seconds of opening the page, on a phone", async () => {
    const { page } = bob;
    const opened = performance.now();
    await page.goto(market);
    await page.getByRole("button", { name: "Connect a wallet to stake" }).click();
    await page.getByRole("dialog").getByRole("button", { name: /^Bob/ }).click();
    await page.getByRole("radio", { name: /^No/ }).check();
    await page.getByLabel("Amount", { exact: true }).fill("40");
    await page.getByRole("button", { name: "Stake on No" }).click();
    await page.getByText("Your stake is on the chain.").waitFor({ timeout: NEWCOMER_MS });
    expect(performance.now() - opened).toBeLessThan(NEWCOMER_MS);
    await page.getByRole("heading", { name: "Your positions" }).waitFor();
    await bob.shot("07-staked");
    expect(await findFaults(page)).toEqual([]);
  });

  test("what others do appears without a reload, and the preview is exact", async () => {
    const { page } = alice;
    await page.getByRole("row", { name: /No.*100\.0%/ }).waitFor();
    await page.getByLabel("Amount", { exact: true }).fill("25");
    await page
      .getByRole("definition")
      .filter({ hasText: amountText(ALICE_IS_PAID) })
      .first()
      .waitFor();
    await alice.shot("08-preview");
    await page.getByRole("button", { name: "Stake on Yes" }).click();
    await page.getByText("Your stake is on the chain.").waitFor();
    await page.getByRole("row", { name: /Yes.*38\.5%/ }).waitFor();
    await bob.page.getByRole("row", { name: /Yes.*38\.5%/ }).waitFor();
    expect(await findFaults(page)).toEqual([]);
    await alice.shot("09-both-staked");
  });

  test("a wallet of the browser declines, then stakes with its own gas on another market", async () => {
    const network = (await (await fetch(`${stack.url}/v1/network`)).json()) as Network;
    const carol = await visit(browser, stack.url, 1280, "dark");
    const key = network.devAccounts.find(({ name }) => name === "Carol")?.privateKey;
    const extension = await installExtension(
      carol.page,
      key ?? "0x",
      network.hub.rpcUrl,
      network.hub.chainId,
    );
    const { page } = carol;
    await page.goto("/");
    await page
      .getByRole("list", { name: "Markets" })
      .getByRole("link")
      .filter({ hasNotText: QUESTION })
      .first()
      .click();
    await page.waitForURL(/\/markets\/0x[0-9a-f]{64}$/);
    otherMarket = new URL(page.url()).pathname;
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Test Extension" }).click();
    await page.getByLabel(/Send it myself/).check();
    await page.getByLabel("Amount", { exact: true }).fill("3.000001");
    extension.declineNext();
    await page.getByRole("button", { name: /^Stake on/ }).click();
    const declined = page
      .getByRole("alert")
      .filter({ hasText: "You declined in the wallet. Nothing was sent." });
    await declined.getByText("wallet.rejected").waitFor();
    await carol.shot("09-declined");
    expect(await findFaults(page)).toEqual([]);
    await page.getByRole("button", { name: "Try this step again" }).click();
    await page.getByText("Your stake is on the chain.").waitFor();
    await page.getByRole("region", { name: "Your positions" }).getByText("3.000001").first().waitFor();
    expect(extension.asked).toContain("wallet_switchEthereumChain");
    expect(extension.asked.filter((method) => method === "eth_sendTransaction")).toHaveLength(3);
    expect(complaintsOf(carol)).toEqual([]);
    await page.context().close();
  });

  test("a wallet that sends several calls as one stakes with one confirmation", async () => {
    const network = (await (await fetch(`${stack.url}/v1/network`)).json()) as Network;
    const dave = await visit(browser, stack.url, 1280, "light");
    const key = network.devAccounts.find(({ name }) => name === "Dave")?.privateKey;
    const { rpcUrl, chainId } = network.hub;
    expect(network.testAccount).not.toBeNull();
    const extension = await installExtension(dave.page, key ?? "0x", rpcUrl, chainId, network.testAccount);
    const { page } = dave;
    await page.goto("/");
    await page
      .getByRole("list", { name: "Markets" })
      .getByRole("link")
      .filter({ hasNotText: QUESTION })
      .first()
      .click();
    await page.waitForURL(/\/markets\/0x[0-9a-f]{64}$/);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Test Extension" }).click();
    await page.getByLabel(/Send it myself and pay the gas, confirmed once/).check();
    await page.getByLabel("Amount", { exact: true }).fill("4.000002");
    const look = extension.holdNext();
    await page.getByRole("button", { name: /^Stake on/ }).click();
    const steps = page.getByRole("list", { name: "Progress" }).getByRole("listitem");
    await steps.getByText("Let the markets take the stake, then stake, all in one").waitFor();
    expect(await steps.count()).toBe(1);
    await steps.getByText("sign in your wallet…").waitFor();
    await dave.shot("09-one-confirmation");
    expect(await findFaults(page)).toEqual([]);
    look();
    await page.getByText("Your stake is on the chain.").waitFor();
    await page.getByRole("region", { name: "Your positions" }).getByText("4.000002").first().waitFor();
    await dave.shot("09-staked-in-one");
    const confirmed = /^(eth_sendTransaction|eth_signTypedData_v4|personal_sign|wallet_sendCalls)$/;
    expect(extension.asked.filter((method) => confirmed.test(method))).toEqual(["wallet_sendCalls"]);
    expect(complaintsOf(dave)).toEqual([]);
    await page.context().close();
  });

  test("the odds can be read by keyboard and as a table", async () => {
    const { page } = alice;
    // Bob's stake alone made no odds: they begin with the second, on the other outcome.
    await page.getByText("Show as a table").click();
    const rows = page.getByRole("region", { name: "Odds over time" }).getByRole("row");
    await expect.poll(() => rows.count()).toBe(2);
    expect(await rows.last().textContent()).toContain("38.5%");
    await page.getByLabel("Current price").getByText("38.5%").first().waitFor();
    await page.goto(otherMarket);
    const slider = page.getByLabel("Point in time");
    await slider.focus();
    const now = await slider.getAttribute("aria-valuetext");
    await page.keyboard.press("ArrowLeft");
    expect(await slider.getAttribute("aria-valuetext")).not.toBe(now);
    await page.goto(market);
    await page.getByRole("heading", { level: 1, name: QUESTION }).waitFor();
  });

  test("four providers report, and every signature is checked in the browser", async () => {
    const { page } = alice;
    await page.getByRole("link", { name: /how it is answered/ }).click();
    await page.waitForURL(/\/questions\/0x[0-9a-f]{64}$/);
    question = new URL(page.url()).pathname;
    await alice.shot("10-question-open");
    await (await chainClock(stack.url)).moveTo(observeAt);
    await page.getByText("Signature checked here").nth(3).waitFor({ timeout: 200_000 });
    await page.getByRole("button", { name: "Evidence of seat 1" }).click();
    await page.getByText(/matches its hash/).waitFor();
    await page.getByText("simulated kraken").first().waitFor();
    await alice.shot("11-reports");
    expect(await findFaults(page)).toEqual([]);
  });

  test("the answer becomes final by time alone", async () => {
    const { page } = alice;
    await page.getByText("stands for ever").waitFor({ timeout: 120_000 });
    await alice.shot("12-final");
    await bob.page.goto(question);
    await bob.page.getByText("stands for ever").waitFor();
    await bob.shot("12-final");
    expect(await findFaults(bob.page)).toEqual([]);
  });

  test("the winner is paid to the unit, once", async () => {
    const { page } = alice;
    await page.getByRole("link", { name: "Portfolio" }).click();
    await page.getByRole("button", { name: /^Claim/ }).waitFor();
    await alice.shot("13-portfolio");
    await page.getByRole("button", { name: /^Claim/ }).click();
    await page.getByText("paid out", { exact: true }).first().waitFor();
    await page
      .getByRole("listitem")
      .filter({ hasText: QUESTION })
      .getByText(amountText(ALICE_IS_PAID))
      .waitFor();
    await alice.shot("14-paid");
    const portfolio = await readPortfolio(stack.url, page);
    expect(portfolio).toMatchObject({
      paidIn: String(ALICE_STAKES),
      paidOut: String(ALICE_IS_PAID),
      claimable: "0",
    });
    expect(await findFaults(page)).toEqual([]);
  });

  test("every page holds at both widths, in both themes", async () => {
    const pages = {
      list: "/",
      market,
      question,
      create: "/create",
      portfolio: "/portfolio",
      activity: "/activity",
      leaderboard: "/leaderboard",
      leagues: "/leagues",
      providers: "/providers",
      nowhere: "/nowhere",
    };
    for (const [width, theme] of [
      [1280, "dark"],
      [360, "light"],
    ] as const) {
      const visitor = await visit(browser, stack.url, width, theme);
      for (const [name, path] of Object.entries(pages)) {
        await visitor.page.goto(path);
        await visitor.page.getByRole("heading", { level: 1 }).waitFor();
        await visitor.page.waitForLoadState("load");
        await visitor.page.locator(".skeleton").first().waitFor({ state: "detached" });
        await visitor.shot(`20-${name}`);
        expect(await findFaults(visitor.page), `${name} at ${width} px, ${theme}`).toEqual([]);
      }
      expect(complaintsOf(visitor)).toEqual([]);
      await visitor.page.context().close();
    }
  });

  test("a chosen theme stays, and the way through the page by keyboard is visible", async () => {
    const { page } = alice;
    await page.goto("/");
    await page.getByRole("list", { name: "Markets" }).waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to content");
    await page.getByRole("button", { name: "Switch to dark" }).click();
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
    await page.getByRole("button", { name: /Alice/ }).click();
    await page.getByRole("dialog").waitFor();
    for (let press = 0; press < 20; press += 1) await page.keyboard.press("Tab");
    // A modal keeps the focus among its own controls (or hands it to the browser's own bars, never to the page).
    expect(
      await page.evaluate(
        () => document.activeElement === document.body || document.activeElement?.closest("dialog") !== null,
      ),
    ).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  });

  test("the console stayed silent", () => {
    expect([...complaintsOf(alice), ...complaintsOf(bob)]).toEqual([]);
  });

  test("without a server the page says so and keeps what it knows; with one it goes on", async () => {
    const { page } = alice;
    await page.goto(market);
    await page.getByRole("heading", { level: 1, name: QUESTION }).waitFor();
    await stack.stop();
    await page.getByText("No connection to the server").waitFor();
    await page.getByRole("heading", { level: 1, name: QUESTION }).waitFor();
    await alice.shot("30-offline");
    expect(await findFaults(page)).toEqual([]);
    await stack.start();
    await page.getByText("No connection to the server").waitFor({ state: "hidden", timeout: 60_000 });
    await page.getByText("More", { exact: true }).click();
    await page.getByRole("link", { name: "Activity" }).click();
    await page.getByText(QUESTION).first().waitFor();
    await alice.shot("31-back");
  });
});

/** `64.20`, as the page writes it: what is beyond the cents stands in a text of its own. */
const amountText = (units: bigint): string =>
  `${units / 1_000_000n}.${String((units / 10_000n) % 100n).padStart(2, "0")}`;

// Chromium tells of every failed request; a page that asks for what may not be there yet answers for itself.
const complaintsOf = ({ complaints }: Visitor): string[] =>
  complaints.filter((text) => !/Failed to load resource.*(404|409)/.test(text));

/** A full minute that leaves time for two stakes on any machine, in unix seconds. */
async function soon(url: string): Promise<number> {
  const { now } = (await (await fetch(`${url}/v1/network`)).json()) as { now: number };
  return Math.ceil((now + 600) / 60) * 60;
}

async function readPortfolio(url: string, page: Page): Promise<unknown> {
  const address = await page.evaluate(() => localStorage.getItem("sooth.testWallet"));
  const response = await fetch(`${url}/v1/portfolio/${address}`);
  return response.json();
}
