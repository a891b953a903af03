import type { Browser } from "playwright-core";
import { createTestClient, http } from "viem";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { findFaults } from "./page-checks.ts";
import { KEEPER_GRACE_SECONDS, startStack, type RunningStack } from "./stack.ts";

const STATEMENT = "Cities should close their centres to private cars.";
const PEOPLE = [
  {
    name: "Alice",
    stance: 17,
    amount: "10",
    text: "Private cars take most of the street for a few people. Where centres were closed to them, shops sold more, because people who walk stop more often, and the air is cleaner for everybody.",
  },
  {
    name: "Bob",
    stance: 4,
    amount: "6",
    text: "Closing the centre harms people who cannot walk far and workers who carry tools. Unless buses run late at night, it only moves the traffic to poorer streets around it.",
  },
  {
    name: "Carol",
    stance: 14,
    amount: "2.5",
    text: "Cars should be kept out of the centre because streets are safer for children without them, although deliveries need a way in during the morning.",
  },
] as const;

type Market = {
  status: string;
  result: { score: number; net: string; fee: string; prize: string } | null;
  prizes: { paidTo: string | null }[];
  owed: { amount: string };
};

describe.skipIf(browserPath === undefined)("an opinion market, in a real browser", () => {
  let stack: RunningStack;
  let browser: Browser;
  let people: Visitor[];
  let path = "";
  let move: (seconds: number) => Promise<void>;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), openBrowser()]);
    const widths = [1280, 360, 1280];
    people = await Promise.all(PEOPLE.map((_, at) => visit(browser, stack.url, widths[at] ?? 1280, "light")));
    const { hub } = (await (await fetch(`${stack.url}/v1/network`)).json()) as { hub: { rpcUrl: string } };
    const node = createTestClient({ mode: "anvil", transport: http(hub.rpcUrl) });
    move = async (seconds) => {
      await node.increaseTime({ seconds });
      await node.mine({ blocks: 1 });
    };
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail")
      for (const [at, person] of (people ?? []).entries()) await person.shot(`failed-opinions-${at}`);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
  });
  const person = (at: number): Visitor => {
    const found = people[at];
    if (!found) throw new Error(`no person ${at}`);
    return found;
  };
  const market = async (): Promise<Market> =>
    (await (await fetch(`${stack.url}/v1/opinion-markets/${path.split("/").at(-1)}`)).json()) as Market;
  const until = (status: string) =>
    expect.poll(async () => (await market()).status, { timeout: 90_000, interval: 500 }).toBe(status);

  test("a statement is put up, after what is wrong with it was said", async () => {
    const { page } = person(0);
    await page.goto("/opinions");
    await page.getByText("No statement is up yet").waitFor();
    expect(await inBothLights(person(0), "90-no-statement")).toEqual([]);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Alice/ })
      .click();
    await page.getByRole("button", { name: /Alice.*tUSD/ }).waitFor();
    await page.getByRole("link", { name: "Put up a statement" }).first().click();
    await page.getByLabel("What people are for or against").fill("Should cars go?");
    await page.getByText("This is a question. People are for or against a statement.").waitFor();
    await page.getByLabel("What people are for or against").fill(STATEMENT);
    await page.getByLabel("Your fee").fill("11");
    await page.getByRole("button", { name: "Sign and put it up" }).click();
    await page.getByText("At most 10 percent.").first().waitFor();
    await page.getByLabel("Your fee").fill("2");
    await page.getByLabel("Least confidence").fill("30");
    expect(await inBothLights(person(0), "91-put-up")).toEqual([]);
    await page.getByRole("button", { name: "Sign and put it up" }).click();
    await page.waitForURL(/\/opinions\/0x[0-9a-f]{64}$/, { timeout: 60_000 });
    path = new URL(page.url()).pathname;
    await page.getByRole("heading", { level: 1, name: STATEMENT }).waitFor();
    expect(await inBothLights(person(0), "92-nobody-spoke")).toEqual([]);
  });

  test("three people say what they think, and see what it pays at every score", async () => {
    for (const [at, { name, stance, amount, text }] of PEOPLE.entries()) {
      const { page } = person(at);
      await page.goto(path);
      const box = page.getByRole("complementary", { name: "Your opinion" });
      if (at > 0) {
        await page.getByRole("button", { name: "Connect a wallet to take part" }).click();
        await page
          .getByRole("dialog")
          .getByRole("button", { name: new RegExp(`^${name}`) })
          .click();
        // Under it nothing takes what is typed, and the wallet's libraries come only now.
        await page.getByRole("dialog").waitFor({ state: "hidden" });
      }
      await box.getByLabel("What do you think, and why?").fill(text);
      await box.getByLabel("Your stance").fill(String(stance));
      await box.getByLabel("Amount", { exact: true }).fill(amount);
      await box.getByText(new RegExp(`At a score of ${stance * 5} you get`)).waitFor();
      expect(await findFaults(page)).toEqual([]);
      await person(at).shot(`93-opinion-${name.toLowerCase()}`);
      await box.getByRole("button", { name: /^Stake on/ }).click();
      await page.getByRole("heading", { name: "Your opinion" }).waitFor();
      await box.getByText(text.slice(0, 40)).waitFor({ timeout: 60_000 });
    }
    await person(0)
      .page.getByRole("list", { name: "Opinions" })
      .last()
      .getByText(PEOPLE[1].text.slice(0, 40))
      .waitFor();
    expect(await inBothLights(person(0), "94-three-opinions")).toEqual([]);
    expect(await inBothLights(person(1), "95-three-opinions-phone")).toEqual([]);
  });

  test("after closing the providers judge it, the draw follows, and the page works everything out again", async () => {
    await move(700);
    await until("judging");
    await expect
      .poll(
        async () => {
          await move(60);
          return (await market()).result?.score ?? null;
        },
        { timeout: 150_000, interval: 3_000 },
      )
      .not.toBeNull();
    await until("settled");
    const { page } = person(0);
    await page.goto(path);
    await page.getByText("Worked out here from the stakes and the score: the same to the unit").waitFor();
    await page
      .getByText(/is signed by the beacon’s key, and drawn again here it gives the same winners/)
      .waitFor();
    await page.getByRole("heading", { name: "Your line" }).waitFor();
    await page
      .getByText(/3 labels worked out again/)
      .first()
      .waitFor();
    await page
      .getByText(/^Read as \d+, .*; quality \d+ \(offline, \d providers?\)/)
      .first()
      .waitFor();
    expect(await inBothLights(person(0), "96-settled")).toEqual([]);
    await person(1).page.goto(path);
    await person(1).page.getByRole("heading", { name: "Your line" }).waitFor();
    expect(await inBothLights(person(1), "97-settled-phone")).toEqual([]);
  });

  test("one claims himself, the others are paid by a stranger, and everything that was staked is accounted for", async () => {
    const { page } = person(0);
    await page.goto(path);
    const owed = async () => BigInt((await market()).owed.amount);
    const before = await owed();
    await page.getByRole("button", { name: /^Claim/ }).click();
    await expect.poll(owed, { timeout: 60_000, interval: 500 }).toBeLessThan(before);
    expect(await owed()).toBeGreaterThan(0n);
    await move(KEEPER_GRACE_SECONDS);
    await expect
      .poll(
        async () => {
          const { owed: left, prizes } = await market();
          return [left.amount, prizes.every(({ paidTo }) => paidTo !== null)];
        },
        { timeout: 180_000, interval: 1_000 },
      )
      .toEqual(["0", true]);
    const { result, prizes } = await market();
    const { items } = (await (
      await fetch(`${stack.url}/v1${path.replace("/opinions/", "/opinion-markets/")}/opinions`)
    ).json()) as { items: { owner: string; amount: string; paid: string; won: string }[] };
    const staked = items.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    const paid = items.reduce((sum, one) => sum + BigInt(one.paid), 0n);
    const won = BigInt(result?.prize ?? 0) * BigInt(prizes.length);
    const dust = staked - paid - won - BigInt(result?.fee ?? 0);
    expect(dust).toBeGreaterThanOrEqual(0n);
    expect(dust).toBeLessThan(BigInt(items.length + prizes.length));
    await page.goto("/portfolio");
    await page.getByRole("heading", { name: "Opinions" }).waitFor();
    expect(await inBothLights(person(0), "98-portfolio-opinions")).toEqual([]);
    await page.goto("/solvency");
    await page.getByText("Everything owed is there").first().waitFor();
    expect(await inBothLights(person(0), "99-solvency")).toEqual([]);
    await page.goto("/desk");
    await page.getByText("This deployment asks for no approvals").waitFor();
    expect(await inBothLights(person(0), "99-desk")).toEqual([]);
  });

  test("the console stayed silent", () => {
    const unusual = people.flatMap(({ complaints }) =>
      complaints.filter((text) => !/Failed to load resource.*(404|409)/.test(text)),
    );
    expect(unusual).toEqual([]);
  });
});
