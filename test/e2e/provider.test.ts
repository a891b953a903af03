import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { createTestClient, http } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath, openBrowser, visit, type Visitor } from "./browser.ts";
import { fillDomain } from "./crowd.ts";
import { findFaults } from "./page-checks.ts";
import { runLine, startStack, type RunningStack } from "./stack.ts";

type Network = {
  hub: { rpcUrl: string };
  collateral: { address: `0x${string}` };
  devAccounts: { name: string; address: string }[];
};
type Provider = {
  standings: { domain: number; next: boolean }[];
  state: string;
  signer: string;
  stake: string;
  juror: boolean;
  seat: number | null;
};
type Rules = { rules: { unbondingSeconds: number; seatsPerDomain: number } };
const FULL_DOMAIN = 9;
/** An epoch of a local network lasts a minute, and the worker starts the next one. */
const NEXT_EPOCH_MS = 150_000;

describe.skipIf(browserPath === undefined)("a provider's life, in a real browser", () => {
  let stack: RunningStack;
  let browser: Browser;
  let dave: Visitor;
  let network: Network;
  let address = "";
  const folder = mkdtempSync(path.join(tmpdir(), "sooth-e2e-node-"));

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), openBrowser()]);
    dave = await visit(browser, stack.url, 1280, "light");
    network = (await (await fetch(`${stack.url}/v1/network`)).json()) as Network;
    address = network.devAccounts.find(({ name }) => name === "Dave")?.address ?? "";
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  const provider = async () =>
    (await (await fetch(`${stack.url}/v1/providers/${address}`)).json()) as Provider;
  const dialog = () => dave.page.getByRole("dialog");

  test("states what joining costs, then stakes with a key made in the page", async () => {
    const { page } = dave;
    await page.goto("/providers");
    await page.getByRole("link", { name: "Become a provider" }).click();
    await page.getByRole("button", { name: "Connect a wallet" }).click();
    await dialog().getByRole("button", { name: /^Dave/ }).click();
    await dialog().waitFor({ state: "hidden" });
    await page.getByLabel("Stake", { exact: true }).fill("1");
    await page.getByRole("button", { name: "See what it costs" }).click();
    await page.getByText("At least 1,000.00.").waitFor();
    await page.getByText("Save the new key first").waitFor();
    await page.getByLabel("Stake", { exact: true }).fill("2000");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save the key to a file" }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toMatch(/^sooth-signing-key-0x.*\.env$/);
    await saved.saveAs(path.join(folder, saved.suggestedFilename()));
    await page.getByLabel("Sit on juries too").check();
    await dave.shot("40-join");
    expect(await findFaults(page)).toEqual([]);
    await page.getByRole("button", { name: "See what it costs" }).click();
    await page.getByRole("heading", { name: "Look it over" }).waitFor();
    await page.getByText("Leaves your wallet").waitFor();
    await page.getByText(/leave, then wait \d/).waitFor();
    await dave.shot("41-join-costs");
    expect(await findFaults(page)).toEqual([]);
    await page.getByRole("button", { name: "Stake and join" }).click();
    await page.waitForURL(/\/providers\/0x/, { timeout: 60_000 });
    await page.getByRole("heading", { name: "This is you" }).waitFor();
    expect(await provider()).toMatchObject({ state: "active", stake: "2000000000" });
  });

  test("is seated with the next epoch, without a reload", async () => {
    const { page } = dave;
    await page.getByText("Holds 1 seat").waitFor({ timeout: NEXT_EPOCH_MS });
    await page.getByText("sits on them").waitFor();
    await dave.shot("42-seated");
    expect(await findFaults(page)).toEqual([]);
    expect(await provider()).toMatchObject({ juror: true, seat: expect.any(Number) });
  });

  test("runs the node with the line that the page shows, beside the running stack", async () => {
    const { page } = dave;
    const line = (await page.getByRole("region", { name: "command" }).textContent()) ?? "";
    expect(line).toContain(`npm start -- --join ${stack.url} --settings ~/Downloads/sooth-signing-key-0x`);
    expect(line).not.toMatch(/0x[0-9a-f]{64}/);
    const node = runLine(line.replace("~/Downloads", folder), { SOOTH_DATA_DIR: folder });
    try {
      await expect.poll(node.said, { timeout: 60_000 }).toMatch(/The node runs|ended/);
      expect(node.said()).toContain(`for the provider ${address.toLowerCase()}`);
    } finally {
      await node.stop();
    }
  });

  test("changes the signing key to one that is pasted", async () => {
    const { page } = dave;
    const key = generatePrivateKey();
    await page.getByRole("button", { name: "Change signing key" }).click();
    await dialog()
      .getByRole("radio", { name: /Paste a key/ })
      .check();
    await dialog().getByLabel("Private key").fill(key.slice(0, 20));
    await dialog().getByRole("button", { name: "Use this key" }).click();
    await dialog().getByText("64 hexadecimal digits").waitFor();
    await dialog().getByLabel("Private key").fill(key);
    await dialog().getByRole("button", { name: "Use this key" }).click();
    await dialog()
      .getByText(/with the next epoch/)
      .waitFor();
    await dave.shot("43-rotate");
    expect(await findFaults(page)).toEqual([]);
    await dialog().getByRole("button", { name: "Change it" }).click();
    await dialog().getByText("The new key signs from the next epoch on").waitFor();
    await dialog().getByRole("button", { name: "Close", exact: true }).last().click();
    await page.getByText("named before, earns still").waitFor();
    expect((await provider()).signer).toBe(privateKeyToAccount(key).address.toLowerCase());
  });

  test("claims a seat where all are taken, from the smallest stake, which is named before", async () => {
    const { page } = dave;
    const { rules } = (await (await fetch(`${stack.url}/v1/providers`)).json()) as Rules;
    const place = { url: stack.url, rpcUrl: network.hub.rpcUrl, collateral: network.collateral.address };
    await fillDomain(place, FULL_DOMAIN, rules.seatsPerDomain);
    await page.getByRole("button", { name: "Choose domains" }).click();
    await dialog().getByText(String(FULL_DOMAIN), { exact: true }).click();
    await dialog().getByRole("button", { name: "Serve these" }).click();
    await dialog().getByText("Your choice stands on the chain.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Claim a seat" }).click();
    await dialog()
      .getByText(/0x.*, the smallest stake/)
      .waitFor();
    await dave.shot("43-claim-seat");
    expect(await findFaults(page)).toEqual([]);
    await dialog().getByRole("button", { name: "Take the seat" }).click();
    await dialog().getByText("The seat is yours from the next epoch on.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Claim a seat" }).waitFor({ state: "detached" });
    expect((await provider()).standings).toContainEqual(
      expect.objectContaining({ domain: FULL_DOMAIN, next: true }),
    );
  });

  test("adds stake, and no longer sits on juries", async () => {
    const { page } = dave;
    await page.getByRole("button", { name: "Add stake" }).click();
    await dialog().getByLabel("Amount").fill("50.5");
    await dialog().getByRole("button", { name: "Add", exact: true }).click();
    await dialog().getByText("Your stake has grown").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("2,050.50").first().waitFor();
    await page.getByRole("button", { name: "Stop jury duty" }).click();
    await dialog().getByRole("button", { name: "Stop", exact: true }).click();
    await dialog().getByText("You are drawn no more.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Sit on juries" }).waitFor();
    expect(await provider()).toMatchObject({ juror: false, stake: "2050500000" });
  });

  test("leaves, sees the clock, and is paid the whole stake when it has run out", async () => {
    const { page } = dave;
    await page.getByRole("button", { name: "Leave", exact: true }).click();
    await dialog()
      .getByText(/Until then it can be slashed/)
      .waitFor();
    await dave.shot("44-leave");
    expect(await findFaults(page)).toEqual([]);
    await dialog().getByRole("button", { name: "Leave", exact: true }).click();
    await dialog().getByText("You are leaving. Come back").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("Leaving, seated until the next epoch").waitFor();
    expect(await page.getByRole("button", { name: "Withdraw stake" }).isDisabled()).toBe(true);
    await dave.shot("45-unbonding");
    expect(await findFaults(page)).toEqual([]);
    const node = createTestClient({ mode: "anvil", transport: http(network.hub.rpcUrl) });
    const { rules } = (await (await fetch(`${stack.url}/v1/providers`)).json()) as Rules;
    // The seat ends with an epoch that the worker starts; from then on the whole unbonding runs.
    await page.getByText(/^Leaving, stake free in/).waitFor({ timeout: NEXT_EPOCH_MS });
    await node.increaseTime({ seconds: rules.unbondingSeconds + 60 });
    await node.mine({ blocks: 1 });
    await page.getByRole("button", { name: "Withdraw stake" }).click({ timeout: NEXT_EPOCH_MS });
    await dialog().getByText("Comes to your wallet").waitFor();
    await dialog().getByRole("button", { name: "Withdraw", exact: true }).click();
    await dialog().getByText("Your stake is in your wallet.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("Has left").waitFor();
    expect(await provider()).toMatchObject({ state: "withdrawn", stake: "0" });
  });

  test("the starter feed is on the page of feeds, fresh, and grows older before one's eyes", async () => {
    const { page } = dave;
    await page.getByRole("link", { name: "Feeds", exact: true }).first().click();
    const feed = page.getByRole("list", { name: "Feeds" }).getByRole("listitem");
    await feed.getByRole("heading", { name: "ETH/USD on the simulated exchanges" }).waitFor();
    await feed.getByText("Fresh", { exact: true }).waitFor({ timeout: NEXT_EPOCH_MS });
    await feed.getByText(/[345] keys, \d+% of the weight/).waitFor();
    await feed.getByText(/^[\d,]+(\.\d+)? USD$/).waitFor();
    const before = await feed.locator("time").textContent();
    await expect
      .poll(() => feed.locator("time").textContent(), { timeout: NEXT_EPOCH_MS, interval: 500 })
      .not.toBe(before);
    await feed.getByText("Read it in a contract").click();
    const code = await feed.getByRole("region", { name: "code" }).textContent();
    expect(code).toMatch(/IFeeds\(0x[0-9a-f]{40}\)\s+\.read\(0x[0-9a-f]{64}\)/i);
    await dave.shot("47-feeds-open");
    expect(await findFaults(page)).toEqual([]);
    await page.route("**/v1/feeds?*", (route) => route.abort());
    await page.goto("/feeds");
    await page.getByRole("alert").getByRole("button", { name: "Try again" }).waitFor();
    expect(await findFaults(page)).toEqual([]);
    await page.unroute("**/v1/feeds?*");
    await page.route("**/v1/feeds?*", (route) => route.fulfill({ json: { items: [], next: null } }));
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("There is no feed yet").waitFor();
    expect(await findFaults(page)).toEqual([]);
    await page.unroute("**/v1/feeds?*");
  });

  test("every new page holds at both widths, in both themes", async () => {
    for (const [width, theme] of [
      [1280, "dark"],
      [360, "light"],
      [360, "dark"],
    ] as const) {
      const visitor = await visit(browser, stack.url, width, theme);
      for (const [name, path] of Object.entries({
        provider: `/providers/${address}`,
        join: "/join",
        disputes: "/disputes",
        security: "/security",
        feeds: "/feeds",
        jury: `/juries/0x${"ab".repeat(32)}`,
      })) {
        await visitor.page.goto(path);
        await visitor.page.getByRole("heading", { level: 1 }).waitFor();
        await visitor.page.locator(".skeleton").first().waitFor({ state: "detached" });
        await visitor.shot(`46-${name}`);
        expect(await findFaults(visitor.page), `${name} at ${width} px, ${theme}`).toEqual([]);
      }
      await visitor.page.context().close();
    }
    expect(
      dave.complaints.filter((text) => !/Failed to load resource.*(404|409|ERR_FAILED)/.test(text)),
    ).toEqual([]);
  });
});
