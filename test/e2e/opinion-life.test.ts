import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { type DisputeStack, startDisputeStack, until } from "./dispute-stack.ts";
import { press } from "./keyboard.ts";
import { decideDispute } from "./jury-walk.ts";
import { UNDER_WAY_SECONDS } from "@sooth/markets/core";
import {
  boxOf,
  chainClock,
  type Clock,
  connect,
  fillStatement,
  marketAt,
  OPINIONS,
  signStatement,
  stake,
  walletOf,
  write,
} from "./opinion-walk.ts";
import { runLine } from "./stack.ts";

const STATEMENT = "Cities should close their centres to private cars.";
/** Chain time that the keeper waits, so that people claim by themselves. */
const GRACE_SECONDS = 7_200;
const PROVIDERS = 5;
const NAMES = OPINIONS.map(({ name }) => name);

type Providers = { items: { owner: string; seat: number | null }[] };
type Market = {
  id: string;
  status: string;
  question: { id: string; status: string; label: string | null };
  terms: { closesAt: number };
  finalAt: number | null;
  result: { score: number; fee: string; prize: string } | null;
  prizes: { winner: string; paidTo: string | null }[];
  owed: { amount: string };
};

/** Who puts a statement up asks for its market until it is listed, and who joins for his provider. */
const LISTED = /404.*\n.*\/v1\/(?:opinion-markets|providers)\/0x[0-9a-f]+$/i;

describe.skipIf(browserPath === undefined)("a whole life of an opinion market", () => {
  let stack: DisputeStack;
  let browser: Browser;
  let people: ReadonlyMap<string, Visitor>;
  let node: ReturnType<typeof runLine> | undefined;
  let clock: Clock;
  let on: ReturnType<typeof marketAt>;
  let place = "";
  /** What each had before the first stake, and what the contract held. */
  const before = new Map<string, bigint>();
  let deposit = 0n;
  const folder = mkdtempSync(path.join(tmpdir(), "sooth-e2e-fifth-"));

  beforeAll(async () => {
    const settings = { MARKETS_KEEPER_GRACE_SECONDS: String(GRACE_SECONDS) };
    [stack, browser] = await Promise.all([startDisputeStack(settings), openBrowser()]);
    const widths = { Alice: 1280, Bob: 360, Carol: 1280, Dave: 1280, Frank: 360 };
    const visitors = Object.entries(widths).map(
      async ([name, width]) => [name, await visit(browser, stack.url, width, "light")] as const,
    );
    people = new Map(await Promise.all(visitors));
    clock = await chainClock(stack.url);
    on = marketAt(stack.url, () => place);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    for (const [name, each] of people ?? []) await each.shot(`failed-life-${name.toLowerCase()}`);
  });
  afterAll(async () => {
    await node?.stop();
    await browser?.close();
    await stack?.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  const person = (name: string): Visitor => {
    const found = people.get(name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  const market = () => on.read<Market>();
  const balances = async () =>
    new Map(
      await Promise.all(NAMES.map(async (name) => [name, await stack.balanceOf(stack.user(name))] as const)),
    );

  /** Bob says that the score is another one, and puts down what that costs. */
  async function objectTo(question: string): Promise<void> {
    const { page } = person("Bob");
    await page.goto(`/questions/${question}`);
    await page.getByRole("button", { name: "Dispute this answer" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("The right value").fill("12");
    await dialog
      .getByLabel("Why (optional)")
      .fill("The labels read my opinion as the opposite of what it says.");
    await dialog.getByRole("button", { name: "See what it costs" }).click();
    await dialog.getByText("Your deposit", { exact: true }).waitFor();
    expect(await inBothLights(person("Bob"), "122-dispute")).toEqual([]);
    const held = await stack.balanceOf(stack.user("Bob"));
    await dialog.getByRole("button", { name: "Deposit and dispute" }).click();
    await dialog.getByText("Your dispute is on the chain").waitFor({ timeout: 60_000 });
    deposit = held - (await stack.balanceOf(stack.user("Bob")));
    expect(deposit).toBeGreaterThan(0n);
    await page.keyboard.press("Escape");
  }

  test("a fifth provider joins from the page, and runs its node by the line that the page shows", async () => {
    const { page } = person("Dave");
    await page.goto("/providers");
    await page.getByRole("link", { name: "Become a provider" }).click();
    await connect(page, "Dave", "Connect a wallet");
    await page.getByLabel("Stake", { exact: true }).fill("1000");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save the key to a file" }).click();
    const saved = await download;
    await saved.saveAs(path.join(folder, saved.suggestedFilename()));
    await page.getByRole("button", { name: "See what it costs" }).click();
    await page.getByRole("button", { name: "Stake and join" }).click();
    await page.waitForURL(/\/providers\/0x/, { timeout: 60_000 });
    await page.getByText("Holds 1 seat").waitFor({ timeout: 90_000 });
    const line = (await page.getByRole("region", { name: "command" }).textContent()) ?? "";
    node = runLine(line.replace("~/Downloads", folder), { SOOTH_DATA_DIR: folder });
    await expect.poll(node.said, { timeout: 90_000 }).toMatch(/The node runs|ended/);
    expect(node.said()).not.toContain("ended");
    const { items } = await stack.get<Providers>("/v1/providers?limit=100");
    expect(items.filter(({ seat }) => seat !== null)).toHaveLength(PROVIDERS);
    expect(await inBothLights(person("Dave"), "120-fifth-provider")).toEqual([]);
  });

  test("a statement is put up, and three people stake on it with an opinion each", async () => {
    const { page } = person("Alice");
    await page.goto("/opinions/create");
    await connect(page, "Alice");
    await fillStatement(page, { statement: STATEMENT, minConfidence: "30" });
    place = await signStatement(page, STATEMENT);
    for (const [name, amount] of await balances()) before.set(name, amount);
    before.set("contract", await stack.heldByOpinions());
    for (const said of OPINIONS) {
      const { page: own } = person(said.name);
      await own.goto(place);
      if (said.name !== "Alice") await connect(own, said.name);
      await write(own, said);
      await stake(own, said);
    }
    await page
      .getByRole("list", { name: "Opinions" })
      .last()
      .getByText(OPINIONS[2].text.slice(0, 40))
      .waitFor();
    expect(await inBothLights(person("Alice"), "121-three-opinions")).toEqual([]);
  });

  test("who wrote a text is told when it can be erased and what that waits for, and may change his mind", async () => {
    const { page } = person("Bob");
    await page.goto(place);
    const ask = page.getByRole("button", { name: "Erase my text" });
    const dialog = page.getByRole("dialog");
    await press(page, boxOf(page).getByRole("button", { name: "Erase my text" }));
    await dialog.getByText(/^These words came here less than two hours ago\. You can ask/).waitFor();
    expect(await dialog.getByRole("button", { name: "Sign and have it erased" }).count()).toBe(0);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await stack.textsCameBefore(UNDER_WAY_SECONDS);

    await press(page, ask);
    const sign = dialog.getByRole("button", { name: "Sign and have it erased" });
    await sign.waitFor();
    expect(await inBothLights(person("Bob"), "121-erase-text")).toEqual([]);
    await press(page, sign);
    const waits = "This text will be erased once this market has ended:";
    await dialog.getByText(waits).waitFor();
    await page.keyboard.press("Escape");
    await boxOf(page).getByText(waits).waitFor();
    await boxOf(page).getByRole("link", { name: STATEMENT }).waitFor();
    expect(await inBothLights(person("Bob"), "121-erase-waits")).toEqual([]);
    // It stands until then for everybody else, and where he looks after all that he said.
    await person("Alice").page.reload();
    const list = person("Alice").page.getByRole("list", { name: "Opinions" }).last();
    await list.getByText(OPINIONS[1].text.slice(0, 40)).waitFor();
    await page.goto("/portfolio");
    await page.getByText(waits).waitFor();
    await press(page, page.getByRole("button", { name: "Keep it after all" }));
    await ask.waitFor();
    expect(await page.getByText(waits).count()).toBe(0);
    await page.goto(place);
    await boxOf(page).getByRole("button", { name: "Erase my text" }).waitFor();
  });

  test("after closing five providers judge, and who stands far from the score disputes it", async () => {
    await clock.moveTo((await market()).terms.closesAt);
    await on.until("judging");
    const { question } = await market();
    await clock.slowly(async () => {
      await until("the score", 150, async () => (await market()).finalAt !== null);
      await until("five reports", 90, async () => {
        const { reports } = await stack.get<{ reports: unknown[] }>(`/v1/questions/${question.id}`);
        return reports.length === PROVIDERS;
      });
      await objectTo(question.id);
    });
    await until("the dispute", 60, async () => (await market()).question.status === "disputed");
    expect((await market()).finalAt).toBeNull();
    await person("Alice").page.goto(`/questions/${question.id}`);
    await person("Alice").page.getByRole("list", { name: "Steps of the dispute" }).waitFor();
    expect(await inBothLights(person("Alice"), "123-disputed")).toEqual([]);
  });

  test("it is looked at again, the score stands and becomes final", async () => {
    const { question } = await market();
    await decideDispute(stack, clock, question.id);
    await until("the final score", 60, async () => (await market()).question.status === "final");
    const { page } = person("Bob");
    await page.goto(`/questions/${question.id}`);
    await page.getByText("The answer stands", { exact: true }).waitFor({ timeout: 60_000 });
    expect(await inBothLights(person("Bob"), "124-answer-stands")).toEqual([]);
  });

  test("the score is written down, a round of the beacon draws, and every page works it out again", async () => {
    await until("the draw", 150, async () => (await market()).status === "settled");
    for (const name of ["Alice", "Bob"]) {
      const { page } = person(name);
      await page.goto(place);
      await page.getByText("Worked out here from the stakes and the score: the same to the unit").waitFor();
      await page
        .getByText(/is signed by the beacon’s key, and drawn again here it gives the same winners/)
        .waitFor();
      await page.getByRole("heading", { name: "Your line" }).waitFor();
    }
    await person("Alice")
      .page.getByText(/3 labels worked out again/)
      .first()
      .waitFor();
    expect(await inBothLights(person("Alice"), "125-settled")).toEqual([]);
  });

  test("two claim for themselves, and a stranger with a keyboard alone has the third one paid", async () => {
    for (const name of ["Alice", "Carol"]) {
      const { page } = person(name);
      const had = await stack.balanceOf(stack.user(name));
      await page.goto(place);
      await page.getByRole("button", { name: /^Claim/ }).click();
      await until(`${name}’s pay`, 60, async () => (await stack.balanceOf(stack.user(name))) > had);
    }
    const { page } = person("Frank");
    await page.goto(place);
    await press(page, page.getByRole("button", { name: "Connect", exact: true }));
    await press(page, page.getByRole("dialog").getByRole("button", { name: /^Frank/ }));
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await walletOf(page, "Frank").waitFor();
    const [bob, frank] = [stack.user("Bob"), stack.user("Frank")];
    const [hadBob, hadFrank] = [await stack.balanceOf(bob), await stack.balanceOf(frank)];
    const pay = page.getByRole("button", { name: /^Pay .* to Bob$/ });
    await pay.waitFor();
    expect(await inBothLights(person("Frank"), "126-stranger")).toEqual([]);
    await press(page, pay);
    await until("Bob’s pay", 60, async () => (await stack.balanceOf(bob)) > hadBob);
    expect(await stack.balanceOf(frank)).toBe(hadFrank);
    await until("all claims", 60, async () => {
      const { owed, prizes } = await market();
      return owed.amount === "0" && prizes.every(({ paidTo }) => paidTo !== null);
    });
    await pay.waitFor({ state: "detached" });
    // Who does not see the page hears it, and goes on from where the button was.
    await page.locator("[aria-live=polite]").getByText("Paid out").waitFor({ state: "attached" });
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(true);
  });

  test("balances reconcile to the unit", async () => {
    const { result, prizes } = await market();
    const fee = BigInt(result?.fee ?? 0);
    const items = await on.opinions();
    const came = (owner: string) => items.find((one) => one.owner === owner.toLowerCase());
    // The keeper collects the creator's fee once its time has come.
    const alice = stack.user("Alice");
    const unpaid = await stack.balanceOf(alice);
    await clock.move(GRACE_SECONDS);
    await until("the fee", 120, async () => (await stack.balanceOf(alice)) === unpaid + fee);
    for (const [name, now] of await balances()) {
      const one = came(stack.user(name).address);
      if (!one) throw new Error(`no opinion of ${name}`);
      const extra = name === "Alice" ? fee : name === "Bob" ? -deposit : 0n;
      const change = BigInt(one.paid) + BigInt(one.won) - BigInt(one.amount) + extra;
      expect(now - (before.get(name) ?? 0n), name).toBe(change);
    }
    const staked = sum(items.map(({ amount }) => amount));
    const won = sum(items.map((one) => one.won));
    expect(won).toBe(BigInt(result?.prize ?? 0) * BigInt(prizes.length));
    const dust = staked - sum(items.map(({ paid }) => paid)) - won - fee;
    // Less than a unit for each claim and prize stays with the contract, and nothing else does.
    expect(dust).toBeGreaterThanOrEqual(0n);
    expect(dust).toBeLessThan(BigInt(items.length + prizes.length));
    expect((await stack.heldByOpinions()) - (before.get("contract") ?? 0n)).toBe(dust);
    const { page } = person("Alice");
    await page.goto("/solvency");
    await page.getByText("Everything owed is there").first().waitFor();
    expect(await inBothLights(person("Alice"), "127-solvency")).toEqual([]);
    await page.goto("/portfolio");
    await page.getByRole("heading", { name: "Opinions" }).waitFor();
    expect(await inBothLights(person("Alice"), "128-portfolio")).toEqual([]);
    await person("Bob").page.goto(place);
    await person("Bob").page.getByRole("heading", { name: "Your line" }).waitFor();
    expect(await inBothLights(person("Bob"), "129-paid")).toEqual([]);
  });

  test("what is asked for after the end is erased by itself two hours later, and the card says so to all", async () => {
    const { page } = person("Bob");
    await page.goto(place);
    await press(page, boxOf(page).getByRole("button", { name: "Erase my text" }));
    await press(page, page.getByRole("dialog").getByRole("button", { name: "Sign and have it erased" }));
    await page
      .getByRole("dialog")
      .getByText(/^This text will be erased in /)
      .waitFor();
    await clock.move(UNDER_WAY_SECONDS);
    const bob = stack.user("Bob").address.toLowerCase();
    const texts = async () =>
      (
        await on.read<{ items: { owner: string; text: string | null; erasure: string | null }[] }>(
          "/opinions",
        )
      ).items
        .filter(({ owner }) => owner === bob)
        .map(({ text, erasure }) => [text, erasure]);
    await until("the erasure", 60, async () => (await texts())[0]?.[1] === "erased");
    expect(await texts()).toEqual([[null, "erased"]]);
    for (const name of ["Bob", "Carol"]) {
      const own = person(name).page;
      await own.goto(place);
      const list = own.getByRole("list", { name: "Opinions" }).last();
      await list.getByText(/^Erased on request\. Its hash stays on the chain:/).waitFor();
      expect(await own.getByText(OPINIONS[1].text.slice(0, 40)).count()).toBe(0);
    }
    expect(await boxOf(page).getByRole("button", { name: "Erase my text" }).count()).toBe(0);
    expect(await inBothLights(person("Bob"), "129-erased")).toEqual([]);
  });

  test("the console stayed silent", () => {
    const unusual = [...people.values()].flatMap(({ complaints }) =>
      complaints.filter((text) => !/Failed to load resource.*(400|409)/.test(text) && !LISTED.test(text)),
    );
    expect(unusual).toEqual([]);
  });
});

const sum = (values: readonly string[]): bigint => values.reduce((all, value) => all + BigInt(value), 0n);
