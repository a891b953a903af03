import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { type BundleStack, startBundleStack } from "./bundle-stack.ts";
import { press } from "./keyboard.ts";
import { leftInEnglish } from "./left-in-english.ts";
import { connect } from "./opinion-walk.ts";

/** What was signed is believed, relayed and believed again, on a machine that runs every part of it. */
const SOON = 120_000;

describe.skipIf(browserPath === undefined)("bundles, in a real browser on three chains", () => {
  let stack: BundleStack;
  let browser: Browser;
  let alice: Visitor;
  let bob: Visitor;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startBundleStack(), openBrowser()]);
    [alice, bob] = await Promise.all([
      visit(browser, stack.url, 1280, "light"),
      visit(browser, stack.url, 360, "dark"),
    ]);
    await stack.fund(1, "Bob");
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    await alice?.shot("failed-bundles-alice");
    await bob?.shot("failed-bundles-bob");
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
  });

  test("there is nothing yet, and what is wrong with a new one is said", async () => {
    const { page } = alice;
    await page.goto("/bundles");
    await page.getByText("No bundle was opened yet").waitFor();
    expect(await inBothLights(alice, "110-no-bundle")).toEqual([]);
    await connect(page, "Alice");
    await page.getByRole("link", { name: "Make a bundle" }).click();
    // The wallet goes to the rollup for it.
    await page.getByRole("button", { name: "Get test money there" }).click();
    await page.getByText("You have 10,000.00 tUSD there.").waitFor();
    await page.getByLabel("Address of the other side").fill(stack.user("Alice").address);
    await page.getByRole("button", { name: "Look at it" }).click();
    await page.getByText("This is your own address").waitFor();
    // Nobody has to know how long chains take: the deadline follows from the quote.
    const within = page.getByLabel("It has to be done within");
    expect(await within.locator("option:checked").textContent()).toBe(
      "As long as it needs, and time to agree",
    );
    expect(await inBothLights(alice, "111-new-bundle")).toEqual([]);
  });

  test("two people swap on two rollups: one signs, the other follows the link, and both are paid", async () => {
    const { page } = alice;
    await swap(page, stack.user("Bob").address, "2 minutes");
    await page.getByText("What is promised, and what is not").waitFor();
    // Who lacks what is said in the token's own units.
    await page.getByText("has not let the escrow on Rollup B take 2.50 tUSD yet").waitFor();
    expect(await inBothLights(alice, "112-review-swap")).toEqual([]);
    const sent = [await stack.sentOn(0, "Alice"), await stack.sentOn(1, "Bob")];
    await page.getByRole("button", { name: "Sign it" }).click();
    await opened(page);
    // Nobody's money is held before everybody has signed for his own.
    await page.getByText("Somebody else pays leg 2").waitFor();
    await becomes(page, "Leg 1", "Not held yet");

    await bob.page.goto(new URL(page.url()).pathname);
    await connect(bob.page, "Bob", "Connect a wallet");
    await bob.page.getByText("You are asked to pay.").waitFor();
    await bob.page.getByText("For it you are paid").waitFor();
    expect(await inBothLights(bob, "113-asked-to-pay")).toEqual([]);
    // One way to pay stands out; by a transaction of one's own is the other.
    await bob.page.getByText("Pay by a transaction of your own instead").waitFor();
    await expect.poll(() => bob.page.getByRole("button", { name: /pay/i }).count()).toBe(1);
    await bob.page.getByRole("button", { name: "Sign and pay" }).click();
    for (const person of [alice, bob]) await isAt(person.page, "Done");
    expect(await inBothLights(alice, "114-swapped")).toEqual([]);
    expect(await stack.balanceOn(0, "Bob")).toBe(5_000_000n);
    expect(await stack.balanceOn(1, "Alice")).toBe(2_500_000n);
    // Both permitted it by signatures: neither sent anything where he paid.
    expect([await stack.sentOn(0, "Alice"), await stack.sentOn(1, "Bob")]).toEqual(sent);
    await page.getByText("No clock counts for it any more.").waitFor();
    await page.getByRole("list", { name: "Transactions" }).getByText("Leg 1: held").waitFor();
  });

  test("steps follow each other across rollups, and one takes what another returned", async () => {
    const { page } = alice;
    await page.goto("/bundles/new");
    await page.getByLabel("Steps across chains").check();
    const [first, second] = [step(page, 1), step(page, 2)];
    await fillCall(first, {
      contract: stack.collateral,
      signature: "balanceOf(address owner) returns (uint256 amount)",
      values: { "owner (address)": stack.user("Bob").address },
    });
    await fillCall(second, {
      contract: stack.collateral,
      signature: "approve(address spender, uint256 amount)",
      values: { "spender (address)": stack.user("Carol").address },
    });
    await second.getByLabel("Where amount (uint256) comes from").selectOption("0.0");
    await second.getByLabel("Only if an earlier step").check();
    await second.getByLabel("What was returned").selectOption("0.0");
    await second.getByLabel("This", { exact: true }).fill("5000000");
    expect(await inBothLights(alice, "115-new-steps")).toEqual([]);
    await page.getByRole("button", { name: "Look at it" }).click();
    // What is signed is called by the name that was written, with its arguments.
    await press(page, page.getByRole("list", { name: "Legs" }).getByRole("button", { name: /^Leg 2/ }));
    await page.getByText("spender:").last().waitFor();
    expect(await inBothLights(alice, "122-review-steps")).toEqual([]);
    await page.getByRole("button", { name: "Sign it" }).click();
    await opened(page);
    await isAt(page, "Done");
    // Every leg can be reached without a mouse, and what became of it stands there.
    await press(page, page.getByRole("list", { name: "Legs" }).getByRole("button", { name: /^Leg 2/ }));
    await page.getByText("takes", { exact: false }).first().waitFor();
    await page.getByText("Brought by").last().waitFor();
    expect(await inBothLights(alice, "116-steps-ran")).toEqual([]);
  });

  test("a rollup is cut off before it paid: after the deadline the other gives back what it held", async () => {
    const { page } = alice;
    const before = await stack.balanceOn(0, "Alice");
    await swap(page, stack.user("Bob").address, "45 seconds");
    await page.getByLabel("I open it myself").check();
    await page.getByRole("button", { name: "Open it" }).click();
    await opened(page);
    await becomes(page, "Leg 1", "Held");
    expect(await stack.balanceOn(0, "Alice")).toBe(before - 5_000_000n);
    stack.cutOff(1);
    await page.getByText("It does not answer.", { exact: false }).waitFor({ timeout: SOON });
    expect(await inBothLights(alice, "117-cut-off")).toEqual([]);
    await becomes(page, "Leg 1", "Given back");
    await expect.poll(() => stack.balanceOn(0, "Alice"), { timeout: SOON }).toBe(before);
    expect(await inBothLights(alice, "118-given-back")).toEqual([]);
    stack.bringBack(1);
    await isAt(page, "Given back");
  });

  test("steps of which one is cut off are undone, once it is known that it will never run", async () => {
    const { page } = alice;
    await page.goto("/bundles/new");
    await page.getByLabel("Steps across chains").check();
    const [first, second] = [step(page, 1), step(page, 2)];
    const allow = (amount: string): Call => ({
      contract: stack.collateral,
      signature: "approve(address spender, uint256 amount)",
      values: { "spender (address)": stack.user("Dave").address, "amount (uint256)": amount },
    });
    await fillCall(first, allow("7"));
    await first.getByLabel("Undo it when").check();
    await fillCall(first, allow("0"));
    await fillCall(second, allow("7"));
    await page.getByLabel("It has to be done within").selectOption({ label: "45 seconds" });
    await page.getByRole("button", { name: "Look at it" }).click();
    await page.getByRole("button", { name: "Sign it" }).click();
    await expect
      .poll(() => stack.allowedByLegs(0, "Alice", "Dave"), { timeout: SOON, interval: 50 })
      .toBe(7n);
    // That it ran has to be believed before the second one may: by then the other rollup is away.
    stack.cutOff(1);
    await opened(page);
    await becomes(page, "Leg 1", "Ran");
    expect(await inBothLights(alice, "119-half-done")).toEqual([]);
    await isAt(page, "Being undone");
    stack.bringBack(1);
    await isAt(page, "Undone");
    await becomes(page, "Leg 3", "Undone");
    expect(await stack.allowedByLegs(0, "Alice", "Dave")).toBe(0n);
    expect(await inBothLights(alice, "120-undone")).toEqual([]);
  });

  test("a step that would fail is said before and after it is opened, and its owner calls it off", async () => {
    const { page } = alice;
    await page.goto("/bundles/new");
    await page.getByLabel("Steps across chains").check();
    const [first, second] = [step(page, 1), step(page, 2)];
    // The contract that everybody's steps are called from holds nothing.
    await fillCall(first, {
      contract: stack.collateral,
      signature: "transfer(address to, uint256 amount)",
      values: { "to (address)": stack.user("Bob").address, "amount (uint256)": "1" },
    });
    await fillCall(second, {
      contract: stack.collateral,
      signature: "approve(address spender, uint256 amount)",
      values: { "spender (address)": stack.user("Dave").address, "amount (uint256)": "0" },
    });
    await page.getByRole("button", { name: "Look at it" }).click();
    await page.getByText("As things stand it would not run through.").waitFor();
    await page.getByText("Leg 1 would fail:", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Sign it" }).click();
    await opened(page);
    await page.locator("article").getByText("Leg 1 would fail:", { exact: false }).waitFor({ timeout: SOON });
    await isAt(page, "It would fail now");
    // Anybody may raise what it pays; an amount that is none is said, and nothing is sent.
    await page.getByText("Raise the fee", { exact: true }).click();
    await page.getByRole("button", { name: "Raise it" }).click();
    await page.getByText("Enter an amount.").waitFor();
    const fee = page
      .locator("dt", { hasText: "Fee, paid by the owner" })
      .locator("xpath=following-sibling::dd[1]");
    await page.getByLabel("By how much").fill("2");
    await page.getByRole("button", { name: "Raise it" }).click();
    await expect.poll(() => fee.textContent(), { timeout: SOON }).toMatch(/^2\.0/);
    expect(await inBothLights(alice, "123-would-fail")).toEqual([]);
    await page.getByRole("button", { name: "Call it off" }).click();
    await isAt(page, "Undone");
    expect(await inBothLights(alice, "124-called-off")).toEqual([]);
  });

  test("credit at the hub is seen, paid in and taken out", async () => {
    // Who owns no bundle: into an owner's credit comes what is left of fees, whenever somebody settles them.
    const { page } = bob;
    await page.goto("/bundles");
    const heading = page.getByRole("heading", { name: "Your credit at the hub" });
    const credit = page.locator("section").filter({ has: heading });
    await credit.getByLabel("Amount").fill("0.5");
    await credit.getByRole("button", { name: "Pay in" }).click();
    await expect.poll(() => stack.credit("Bob"), { timeout: SOON }).toBe(5n * 10n ** 17n);
    await credit.getByLabel("Amount").fill("900");
    await credit.getByRole("button", { name: "Take out", exact: true }).click();
    await credit.getByText("There are", { exact: false }).waitFor();
    expect(await inBothLights(bob, "125-credit")).toEqual([]);
    await credit.getByLabel("Amount").fill("0.100000000000000001");
    await credit.getByRole("button", { name: "Take out", exact: true }).click();
    await expect.poll(() => stack.credit("Bob"), { timeout: SOON }).toBe(399_999_999_999_999_999n);
    await credit.getByRole("button", { name: "Take it all out" }).click();
    await expect.poll(() => stack.credit("Bob"), { timeout: SOON }).toBe(0n);
  });

  test("the list has them all, and only those that are asked for", async () => {
    const { page } = bob;
    await page.goto("/bundles");
    const rows = page.getByRole("list", { name: "Bundles" }).getByRole("listitem");
    await expect.poll(() => rows.count()).toBe(5);
    expect(await inBothLights(bob, "121-bundles")).toEqual([]);
    await page.getByLabel("Mode").selectOption("ordered");
    await expect.poll(() => rows.count()).toBe(3);
    await page.getByLabel("Only mine").check();
    await page.getByText("No bundle fits these filters").waitFor();
  });

  test("in German two people swap as well: one is asked, signs, and reads what became of it", async () => {
    await swap(alice.page, stack.user("Bob").address, "2 minutes");
    await alice.page.getByRole("button", { name: "Sign it" }).click();
    await opened(alice.page);
    const { page } = bob;
    await page.getByLabel("Language").selectOption("de");
    await page.goto(new URL(alice.page.url()).pathname);
    await page.getByText("Du wirst gebeten zu zahlen.").waitFor();
    // What is promised can be read as it was given, too.
    await page.getByText("Es gilt der englische Text. Lies ihn Wort für Wort").click();
    await page.getByText("Nothing runs that you did not sign for", { exact: false }).waitFor();
    for (const place of [1, 2])
      await press(
        page,
        page.getByRole("list", { name: "Teile" }).getByRole("button", { name: `Teil ${place}` }),
      );
    expect(await leftInEnglish(page)).toEqual([]);
    expect(await inBothLights(bob, "126-german-asked")).toEqual([]);
    await page.getByRole("button", { name: "Unterschreiben und zahlen" }).click();
    await isAt(page, "Erledigt");
    await page.getByText("Keine Uhr zählt mehr dafür.").waitFor();
    await page.getByRole("list", { name: "Transaktionen" }).getByText("Teil 1: verwahrt").waitFor();
    expect(await leftInEnglish(page)).toEqual([]);
    expect(await inBothLights(bob, "127-german-swapped")).toEqual([]);

    // One that was undone, with steps that take what others returned.
    await page.goto("/bundles?mode=ordered");
    await page.getByRole("heading", { name: "Dein Guthaben beim Hub" }).waitFor();
    const rows = page.getByRole("list", { name: "Bündel" }).getByRole("listitem");
    await expect.poll(() => rows.count()).toBe(3);
    for (const index of [0, 1, 2]) {
      await rows.nth(index).getByRole("link").click();
      await page.getByRole("heading", { name: "Teil für Teil" }).waitFor();
      await page.evaluate(() => {
        for (const one of document.querySelectorAll<HTMLDetailsElement>("article details")) one.open = true;
      });
      expect(await leftInEnglish(page)).toEqual([]);
      expect(await inBothLights(bob, `128-german-steps-${index}`)).toEqual([]);
      await page.goBack();
    }
    expect(bob.complaints).toEqual([]);
  });
});

const step = (page: Page, number: number) => page.getByRole("region", { name: `Step ${number}` });

type Call = { contract: string; signature: string; values: Record<string, string> };

/** The last call of a step: what it does, or what undoes it where that is wanted. */
async function fillCall(where: Locator, { contract, signature, values }: Call): Promise<void> {
  const field = (name: string) => where.getByRole("textbox", { name, exact: true }).last();
  await field("Contract").fill(contract);
  await field("Function").fill(signature);
  for (const [name, value] of Object.entries(values)) await field(name).fill(value);
}

/** 5 on the first rollup for 2.5 on the second, up to what is looked at before signing. */
async function swap(page: Page, partner: string, within: string): Promise<void> {
  await page.goto("/bundles/new");
  await page.getByLabel("Swap with somebody").check();
  await page.getByLabel("Amount").first().fill("5");
  await page.getByLabel("Amount").last().fill("2.5");
  await page.getByLabel("Address of the other side").fill(partner);
  await page.getByLabel("It has to be done within").selectOption({ label: within });
  await page.getByRole("button", { name: "Look at it" }).click();
  await page.getByRole("button", { name: "Sign it" }).waitFor();
}

const opened = (page: Page): Promise<void> =>
  page.waitForURL(/\/bundles\/0x[0-9a-f]{64}$/, { timeout: SOON });

const becomes = (page: Page, leg: string, state: string): Promise<void> =>
  page
    .getByRole("list", { name: "Legs" })
    .getByRole("button", { name: new RegExp(`^${leg}\\b.*${state}`) })
    .waitFor({ timeout: SOON });

/** What stands over the title. */
const isAt = (page: Page, status: string): Promise<void> =>
  page.locator("article header").getByText(status, { exact: true }).waitFor({ timeout: SOON });
