import type { Browser } from "playwright-core";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { type Extension, installExtension } from "./extension.ts";
import { press } from "./keyboard.ts";
import {
  boxOf,
  chainClock,
  type Clock,
  connect,
  fillStatement,
  marketAt,
  nextPart,
  OPINIONS,
  signStatement,
  stake,
  write,
} from "./opinion-walk.ts";
import { findFaults } from "./page-checks.ts";
import { startStack, type RunningStack } from "./stack.ts";

const STATEMENT = "Cities should close their centres to private cars.";
/** For so long signatures over one result count, by the chain's clock. */
const APPROVAL_SECONDS = 3_600;
const NEEDED = 3;

type Hex = `0x${string}`;
type Key = ReturnType<typeof privateKeyToAccount>;
type Approval = {
  state: string;
  result: { score: number } | null;
  expiresAt: number;
  typedData: Parameters<Key["signTypedData"]>[0];
  missing: number;
};
type Network = {
  hub: { rpcUrl: string; chainId: number };
  devAccounts: { name: string; privateKey: Hex }[];
};

describe.skipIf(browserPath === undefined)("stances that are hidden, and a score that people sign", () => {
  let stack: RunningStack;
  let browser: Browser;
  let people: Visitor[];
  let dave: Visitor;
  let frank: Visitor;
  let extension: Extension;
  let clock: Clock;
  let on: ReturnType<typeof marketAt>;
  let keys: ReadonlyMap<string, Key>;
  let path = "";

  beforeAll(async () => {
    const settings = { LAPTOP_COMMITTEE: "test", MARKETS_APPROVAL_SECONDS: String(APPROVAL_SECONDS) };
    [stack, browser] = await Promise.all([startStack(settings), openBrowser()]);
    const widths = [1280, 360, 1280];
    people = await Promise.all(
      OPINIONS.map((_, at) => visit(browser, stack.url, widths[at] ?? 1280, "light")),
    );
    dave = await visit(browser, stack.url, 1280, "dark");
    frank = await visit(browser, stack.url, 360, "dark");
    clock = await chainClock(stack.url);
    on = marketAt(stack.url, () => path);
    const { hub, devAccounts } = (await (await fetch(`${stack.url}/v1/network`)).json()) as Network;
    keys = new Map(devAccounts.map(({ name, privateKey }) => [name, privateKeyToAccount(privateKey)]));
    const key = devAccounts.find(({ name }) => name === "Dave")?.privateKey ?? "0x";
    extension = await installExtension(dave.page, key, hub.rpcUrl, hub.chainId);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    for (const [at, each] of [...(people ?? []), dave, frank].entries())
      await each?.shot(`failed-desk-${at}`);
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
  const approval = () => on.read<Approval>("/approval");
  const signOf = async (name: string): Promise<Hex> => {
    const key = keys.get(name);
    if (!key) throw new Error(`no key of ${name}`);
    return key.signTypedData((await approval()).typedData);
  };

  test("a statement is put up whose stances stay hidden until it closes", async () => {
    const { page } = person(0);
    await page.goto("/opinions/create");
    await connect(page, "Alice");
    await page.getByLabel("What people are for or against").fill(STATEMENT);
    await nextPart(page, "Time and stances");
    await page.getByRole("radio", { name: /^Hidden/ }).check();
    await page.getByText(/each browser locks its stance, and the lock opens after closing/).waitFor();
    expect(await inBothLights(person(0), "100-put-up-hidden")).toEqual([]);
    await page.getByRole("button", { name: "Back" }).click();
    await fillStatement(page, { statement: STATEMENT, hidden: true, minConfidence: "30" });
    await page.getByText(/a stake whose stance nobody tells goes to the others/).waitFor();
    path = await signStatement(page, STATEMENT);
    expect((await on.market()).terms.revealSeconds).toBeGreaterThan(0);
  });

  test("before one stakes the page says who can read the stance and when, and then nobody can", async () => {
    for (const [at, said] of OPINIONS.entries()) {
      const { page } = person(at);
      await page.goto(path);
      if (at > 0) await connect(page, said.name);
      const box = boxOf(page);
      await page.getByText(/your browser locks yours to a round of a public beacon/).waitFor();
      await write(page, said);
      const others = at === 0 ? "those of others will move this curve" : `the ${at} hidden so far`;
      await box.getByText(new RegExp(others)).waitFor();
      await box.getByRole("button", { name: "Back" }).click();
      await box.getByText(/Locked in this browser until the market closes/).waitFor();
      await box.getByText(new RegExp(others)).waitFor();
      await nextPart(box, "Look it over and sign", "Look it over");
      expect(await findFaults(page)).toEqual([]);
      await person(at).shot(`101-hidden-opinion-${said.name.toLowerCase()}`);
      await stake(page, said);
    }
    expect((await on.opinions()).map(({ stance }) => stance)).toEqual(OPINIONS.map(() => null));
    expect((await on.market()).hidden.opinions).toBe(OPINIONS.length);
    const { page } = person(0);
    await page.getByText("All 3 stances are hidden").waitFor();
    // His own among them: what the page shows of it is what everybody sees.
    await page.getByText("stance hidden").nth(OPINIONS.length).waitFor();
    expect(await inBothLights(person(0), "102-hidden")).toEqual([]);
    expect(await inBothLights(person(1), "103-hidden-phone")).toEqual([]);
  });

  test("after closing the keeper opens every stance, and pages that stand open show them", async () => {
    const { terms, revealsUntil } = await on.market();
    await clock.moveTo(terms.closesAt);
    await on.until("revealing");
    await expect
      .poll(async () => (await on.opinions()).map(({ stance }) => stance).toSorted(byNumber), {
        timeout: 100_000,
        interval: 500,
      })
      .toEqual(OPINIONS.map(({ stance }) => stance * 5).toSorted(byNumber));
    const { page } = person(0);
    for (const { stance } of OPINIONS)
      await page
        .getByText(new RegExp(`^${stance * 5}, `))
        .first()
        .waitFor();
    await page.getByText("stance hidden").waitFor({ state: "detached" });
    expect((await on.market()).hidden.opinions).toBe(0);
    expect(await inBothLights(person(0), "104-opened")).toEqual([]);
    await clock.moveTo(revealsUntil);
    await on.until("judging");
  });

  test("the desk shows what every provider's labels say, once they have come to a score", async () => {
    const { page } = person(0);
    await page.goto("/desk");
    await page.getByText("Nothing waits for a signature").waitFor();
    expect(await inBothLights(person(0), "105-desk-empty")).toEqual([]);
    await on.untilJudged(async () => (await approval()).state === "pending", clock);
    const card = page.getByRole("article").filter({ hasText: STATEMENT });
    await card.getByText(`0 of ${NEEDED} signatures, ${NEEDED} missing`).waitFor();
    const reports = card.getByRole("list", { name: "Reports and their labels" });
    await reports
      .getByText(/3 labels worked out again/)
      .first()
      .waitFor();
    const labels = card.getByRole("list", { name: "Opinions and their labels" });
    for (const { text } of OPINIONS) {
      const row = labels.getByRole("listitem").filter({ hasText: text.slice(0, 40) });
      await row.getByText(/^offline \(.*\), 4 providers$/).waitFor();
      await row.getByText(/quality \d+$/).waitFor();
    }
    expect(await inBothLights(person(0), "106-desk")).toEqual([]);
  });

  test("a member has the opinions labelled again here, and finds every label of every provider", async () => {
    const { page } = person(0);
    const again = page.getByRole("region", { name: "Labelled again" });
    await again.getByRole("button", { name: "Sign in" }).click();
    await again.getByRole("button", { name: "Label the opinions again" }).click();
    const against = again.getByRole("list", { name: "Against each provider’s labels" });
    await against.getByText("every label is found again").waitFor();
    await against.getByText(`, the same model: ${OPINIONS.length} compared`).waitFor();
    await again.getByText(/^Score \d+, confidence/).waitFor();
    expect(await again.getByRole("button", { name: "Label the opinions again" }).count()).toBe(0);
    expect(await inBothLights(person(0), "106-desk-again")).toEqual([]);
    // Everybody sees it; only members ask for it.
    await frank.page.goto("/desk");
    await frank.page.getByText("every label is found again").waitFor();
  });

  test("who is no member cannot sign, and a stranger's signature under a member's name is refused", async () => {
    const { page } = frank;
    await page.goto("/desk");
    await connect(page, "Frank", "Connect a wallet to sign");
    await page.getByText("The connected account does not sit in the committee.").waitFor();
    expect(await page.getByRole("button", { name: /^Sign the score/ }).count()).toBe(0);
    await page.getByText("Signed elsewhere, or by a Safe").click();
    await page.getByLabel("Member", { exact: true }).selectOption({ label: "Alice" });
    await page.getByLabel("Signature", { exact: true }).fill("0x12z4");
    await page.getByText("A signature is 0x and hex digits, two a byte.").waitFor();
    await page.getByLabel("Signature", { exact: true }).fill(await signOf("Frank"));
    await page.getByRole("button", { name: "Hand it over" }).click();
    const refused = page.getByRole("alert").filter({ hasText: "opinions.bad_approval" });
    await refused.getByText(/does not take this signature as 0x.*…?.*’s over this result/).waitFor();
    expect(await inBothLights(frank, "107-desk-stranger")).toEqual([]);
    await page.getByRole("button", { name: "Leave it" }).click();
    await refused.waitFor({ state: "detached" });
    expect((await approval()).missing).toBe(NEEDED);
  });

  test("who confirms in the wallet after the time is over is told so, and signs anew", async () => {
    const { page } = dave;
    await page.goto("/desk");
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Test Extension" }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    const { expiresAt } = await approval();
    const release = extension.holdNext();
    await page.getByRole("button", { name: /^Sign the score/ }).click();
    await page.getByText("sign in your wallet…").waitFor();
    await expect.poll(() => extension.asked).toContain("eth_signTypedData_v4");
    await clock.moveTo(expiresAt);
    await expect.poll(async () => (await approval()).expiresAt).toBe(expiresAt + APPROVAL_SECONDS);
    release();
    const refused = page.getByRole("alert").filter({ hasText: "opinions.approval_expired" });
    await refused.getByText(/too late: the time of this signature was over/).waitFor();
    expect(await inBothLights(dave, "108-desk-stale")).toEqual([]);
    expect((await approval()).missing).toBe(NEEDED);
    await page.getByRole("button", { name: "Leave it" }).click();
    await page.getByRole("button", { name: /^Sign the score/ }).click();
    await page.getByText("You signed this result.").waitFor();
    expect((await approval()).missing).toBe(NEEDED - 1);
  });

  test("three of five sign, one with the keyboard alone, the score is written down, and the market is settled", async () => {
    const bob = person(1).page;
    await bob.goto("/desk");
    await bob.getByText(`1 of ${NEEDED} signatures, ${NEEDED - 1} missing`).waitFor();
    await press(bob, bob.getByRole("button", { name: /^Sign the score/ }));
    await bob.getByText("You signed this result.").waitFor();
    expect(await inBothLights(person(1), "109-desk-signed")).toEqual([]);
    const { result } = await approval();
    const alice = person(0).page;
    await alice.getByText(`2 of ${NEEDED} signatures, 1 missing`).waitFor();
    await alice.getByRole("button", { name: /^Sign the score/ }).click();
    await expect
      .poll(async () => (await on.market()).result?.score ?? null, { timeout: 90_000, interval: 500 })
      .toBe(result?.score);
    await alice.getByText("Nothing waits for a signature").waitFor();
    await on.untilJudged(async () => (await on.market()).status === "settled", clock);
    await alice.goto(path);
    await alice.getByText("Worked out here from the stakes and the score: the same to the unit").waitFor();
    expect(await inBothLights(person(0), "110-desk-settled")).toEqual([]);
  });

  test("the console stayed silent", () => {
    const unusual = [...people, dave, frank].flatMap(({ complaints }) =>
      complaints.filter((text) => !/Failed to load resource.*(400|404|409)/.test(text)),
    );
    expect(unusual).toEqual([]);
  });
});

const byNumber = (a: number | null, b: number | null): number => (a ?? -1) - (b ?? -1);
