import { opinionsAbi, oracleAbi, testDollarAbi } from "@sooth/abi";
import type { Address, Amount, Bps, Hex } from "@sooth/kernel";
import { opinionMarketId, type OpinionTerms, opinionTermsToChain, textHash } from "@sooth/markets/core";
import {
  kindOf,
  questionId,
  questionSchema,
  schemaHash,
  schemaText,
  type Terms,
  termsToChain,
} from "@sooth/oracle/core";
import type { Browser } from "playwright-core";
import { createWalletClient, encodeFunctionData, http, type LocalAccount, publicActions } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { press, tabTo } from "./keyboard.ts";
import { boxOf, connect } from "./opinion-walk.ts";
import { startStack, type RunningStack } from "./stack.ts";

const DOLLAR = 1_000_000n;
const HONEST = "Museums should be free on Sundays.";
const DICTATED = "Zoos should be closed.";

type Network = {
  hub: { chainId: number; rpcUrl: string };
  addresses: { oracle: Address; opinions: Address; collateral: Address };
  devAccounts: { name: string; privateKey: Hex }[];
};
type Put = { statement: string; readsAt: Address; closesAt: number };

/** Puts markets up by the contracts alone, which read no schema: no server can keep anybody from it. */
function bypassing({ hub, addresses }: Network, account: LocalAccount) {
  const node = createWalletClient({ account, transport: http(hub.rpcUrl) }).extend(publicActions);
  const send = async (to: Address, data: Hex): Promise<void> => {
    const hash = await node.sendTransaction({ to, data, chain: null });
    const { status } = await node.waitForTransactionReceipt({ hash, pollingInterval: 100 });
    if (status !== "success") throw new Error(`${hash} was reverted`);
  };
  const ask = async ({ statement, readsAt, closesAt }: Put): Promise<Terms> => {
    const schema = questionSchema.parse({
      version: 1,
      text: `What do the opinions on this statement come to? “${statement}”`,
      kind: "score",
      decimals: 2,
      observeAt: closesAt,
      sources: [
        { type: "opinions", name: "opinions", unit: "points", chainId: hub.chainId, address: readsAt },
      ],
    });
    const text = schemaText(schema);
    const terms: Terms = {
      asker: account.address,
      schema: schemaHash(text),
      aggregation: kindOf(schema).aggregation,
      min: 0n,
      max: 10_000n,
      tolerance: 0n,
      opensAt: closesAt,
      deadline: closesAt + 3_000,
      liveness: 600,
      reward: 0n,
      nonce: BigInt(generatePrivateKey()) >> 192n,
      domain: 0,
      endsEarly: false,
      secures: 1_000n * DOLLAR,
    };
    const args = [termsToChain(terms), text] as const;
    await send(addresses.oracle, encodeFunctionData({ abi: oracleAbi, functionName: "ask", args }));
    return terms;
  };
  return {
    now: async () => Number((await node.getBlock()).timestamp),
    payFees: () => {
      const args = [addresses.opinions, 1_000n * DOLLAR] as const;
      return send(
        addresses.collateral,
        encodeFunctionData({ abi: testDollarAbi, functionName: "approve", args }),
      );
    },
    putUp: async (put: Put): Promise<Hex> => {
      const question = await ask(put);
      const terms: OpinionTerms = {
        question: questionId(question),
        statement: textHash(put.statement),
        rubric: textHash("Clarity 20, insight 30, reasoning 30, originality 20."),
        creator: account.address,
        closesAt: put.closesAt,
        revealSeconds: 0,
        quietSeconds: 0,
        feeBps: 200 as Bps,
        prizeBps: 500 as Bps,
        prizes: 1,
        minConfidence: 3_000,
        rule: "fourth",
        leastStake: 500_000n as Amount,
        mostStake: (10n * DOLLAR) as Amount,
        quietMost: (10n * DOLLAR) as Amount,
      };
      const args = [opinionTermsToChain(terms), termsToChain(question), put.statement] as const;
      await send(
        addresses.opinions,
        encodeFunctionData({ abi: opinionsAbi, functionName: "announce", args }),
      );
      return opinionMarketId(terms);
    },
  };
}

describe.skipIf(browserPath === undefined)("a market whose score is read from another contract", () => {
  let stack: RunningStack;
  let browser: Browser;
  let bob: Visitor;
  let honest: Hex;
  let dictated: Hex;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), openBrowser()]);
    bob = await visit(browser, stack.url, 1280, "light");
    const network = (await (await fetch(`${stack.url}/v1/network`)).json()) as Network;
    const key = network.devAccounts.find(({ name }) => name === "Alice")?.privateKey;
    if (!key) throw new Error("no key of Alice");
    const { now, payFees, putUp } = bypassing(network, privateKeyToAccount(key));
    await payFees();
    const closesAt = (await now()) + 86_400;
    const { opinions, collateral } = network.addresses;
    honest = await putUp({ statement: HONEST, readsAt: opinions, closesAt });
    // Any contract of the creator's, which says what suits him: here the collateral stands for it.
    dictated = await putUp({ statement: DICTATED, readsAt: collateral, closesAt });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await bob?.shot("failed-read-elsewhere");
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
  });
  const text = async (path: string) => (await fetch(`${stack.url}${path}`)).text();

  test("its page says so in a red box, and offers no staking, with a wallet or without", async () => {
    const { page } = bob;
    // The other one is put up in the same way, and takes stakes: it is not the way that is refused.
    await expect
      .poll(async () => (await fetch(`${stack.url}/v1/opinion-markets/${dictated}`)).status, {
        timeout: 60_000,
        interval: 500,
      })
      .toBe(200);
    await page.goto(`/opinions/${honest}`);
    const amount = boxOf(page).getByLabel("Amount", { exact: true });
    await amount.waitFor();
    expect(await page.getByRole("heading", { name: "Do not stake here" }).count()).toBe(0);
    // What a page says of a market that is scored by its opinions, and whom it asks for some.
    const promises = ["The first may be you.", "analysts read every text by itself"];
    for (const promise of promises) await page.getByText(promise).waitFor();
    await page.getByText(/is staked, there is room for/).waitFor();
    await page.getByRole("link", { name: "Put up one like this" }).waitFor();

    await page.goto(`/opinions/${dictated}`);
    const warning = boxOf(page).getByRole("heading", { name: "Do not stake here" });
    await warning.waitFor();
    await boxOf(page)
      .getByText("The score of this market is not read from its own opinions alone.")
      .waitFor();
    expect(await amount.count()).toBe(0);
    await page.getByText("is not what analysts make of these texts alone").waitFor();
    for (const promise of promises) expect(await page.getByText(promise).count()).toBe(0);
    await page.getByText(/is staked; this page takes no more$/).waitFor();
    await page.getByText("This server takes no stake on it.").waitFor();
    await page.getByRole("link", { name: "Put up the same statement anew" }).waitFor();
    expect(await page.getByText(/there is room for|Put up one like this/).count()).toBe(0);
    expect(await inBothLights(bob, "97-read-elsewhere")).toEqual([]);
    await connect(page, "Bob");
    await warning.waitFor();
    expect([await amount.count(), await boxOf(page).getByRole("button").count()]).toEqual([0, 0]);
    await boxOf(page).getByRole("link", { name: "The question, and where its answer is read" }).click();
    await page.waitForURL(/\/questions\/0x[0-9a-f]{64}$/);
  });

  test("the list says so beside it, and lists that could not say it leave it out", async () => {
    const { page } = bob;
    await page.goto("/opinions");
    const rowOf = (statement: string) => page.getByRole("listitem").filter({ hasText: statement });
    await rowOf(DICTATED).getByText("Not scored by its opinions").waitFor();
    await rowOf(HONEST).waitFor();
    expect(await rowOf(HONEST).getByText("Not scored by its opinions").count()).toBe(0);
    expect(await inBothLights(bob, "97-list-read-elsewhere")).toEqual([]);
    // The page before any script, the frame of other sites, the feed.
    for (const path of ["/opinions", "/embed/opinions", "/v1/markets.atom"]) {
      await expect.poll(() => text(path), { timeout: 90_000, interval: 1_000 }).toContain(HONEST);
      expect(await text(path)).not.toContain(DICTATED);
    }
  });

  test("who put a statement up is a link to all of them, in a list whose filters say so and are changed by keyboard", async () => {
    const { page } = bob;
    await page.goto(`/opinions/${honest}`);
    await press(page, page.getByRole("definition").getByRole("link", { name: "Alice" }));
    await page.waitForURL(/\/opinions\?creator=0x[0-9a-f]{40}$/i);
    const statements = page.getByRole("list", { name: "Statements" });
    for (const statement of [HONEST, DICTATED]) await statements.getByText(statement).waitFor();
    const whose = page.getByLabel("Whose");
    expect(await whose.locator("option:checked").textContent()).toBe("Put up by Alice");
    expect(await inBothLights(bob, "97-list-filters")).toEqual([]);
    await tabTo(page, page.getByLabel("Confidence of the score"));
    await page.keyboard.press("ArrowDown");
    await page.getByText("No statement fits these filters").waitFor();
    expect(new URL(page.url()).search).toContain("leastConfidence=");
    expect(await inBothLights(bob, "97-list-nothing-fits")).toEqual([]);
  });

  test("the console stayed silent", () => {
    expect(bob.complaints).toEqual([]);
  });
});
