import type { Browser } from "playwright-core";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { connect } from "./opinion-walk.ts";
import { startStack, type RunningStack } from "./stack.ts";

const NEEDED = 3;

type Hex = `0x${string}`;
type Key = ReturnType<typeof privateKeyToAccount>;
type Seats = {
  committee: { members: string[]; replacements: number };
  replacements: { typedData: Parameters<Key["signTypedData"]>[0]; missing: number }[];
};
type Network = { devAccounts: { name: string; privateKey: Hex }[] };

describe.skipIf(browserPath === undefined)("five others are seated from the desk", () => {
  let stack: RunningStack;
  let browser: Browser;
  let alice: Visitor;
  let bob: Visitor;
  let frank: Visitor;
  let keys: ReadonlyMap<string, Key>;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack({ LAPTOP_COMMITTEE: "test" }), openBrowser()]);
    alice = await visit(browser, stack.url, 1280, "light");
    bob = await visit(browser, stack.url, 360, "light");
    frank = await visit(browser, stack.url, 1280, "dark");
    const { devAccounts } = (await (await fetch(`${stack.url}/v1/network`)).json()) as Network;
    keys = new Map(devAccounts.map(({ name, privateKey }) => [name, privateKeyToAccount(privateKey)]));
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    for (const [at, each] of [alice, bob, frank].entries()) await each?.shot(`failed-committee-${at}`);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
  });
  const keyOf = (name: string): Key => {
    const key = keys.get(name);
    if (!key) throw new Error(`no key of ${name}`);
    return key;
  };
  const seats = async () => (await (await fetch(`${stack.url}/v1/committee`)).json()) as Seats;

  test("anybody sees who sits, and how many of them sign", async () => {
    const { page } = frank;
    await page.goto("/desk");
    await page.getByText(`${NEEDED} of 5 sign`).waitFor();
    const sitting = page.getByRole("list", { name: "Who sits" });
    for (const name of ["Alice", "Bob", "Carol", "Dave", "Erin"])
      await sitting.getByText(name, { exact: true }).waitFor();
    expect(await sitting.getByText("a key").count()).toBe(5);
    await page.getByText("The first five.").waitFor();
    expect(await inBothLights(frank, "111-committee")).toEqual([]);
  });

  test("a member names others, is told what is wrong with them, and signs first", async () => {
    const { page } = alice;
    await page.goto("/desk");
    await connect(page, "Alice");
    await page.getByText("Propose a change of members").click();
    const show = page.getByRole("button", { name: "Show what is signed" });
    await show.click();
    await page.getByText("These five sit already.").waitFor();
    const { members } = (await seats()).committee;
    const seat = page.getByLabel(`Seat ${1 + members.indexOf(keyOf("Erin").address.toLowerCase())}`);
    await seat.fill("frank.eth");
    await page.getByText("An address is 0x and 40 hex digits.").waitFor();
    expect(await inBothLights(alice, "112-committee-propose")).toEqual([]);
    await seat.fill(keyOf("Frank").address);
    await show.click();
    const change = changeOn(alice);
    await change.getByText(`0 of ${NEEDED} signatures, ${NEEDED} missing`).waitFor();
    await change.getByRole("list", { name: "Leave" }).getByText("Erin", { exact: true }).waitFor();
    await change.getByRole("list", { name: "Come" }).getByText("Frank", { exact: true }).waitFor();
    // Nobody has signed: nobody else sees it.
    expect((await seats()).replacements).toEqual([]);
    await change.getByRole("button", { name: "Sign the change" }).click();
    await change.getByText("You signed this change.").waitFor();
    await change.getByText(`1 of ${NEEDED} signatures`).waitFor();
    expect(await inBothLights(alice, "113-committee-signed")).toEqual([]);
  });

  test("others see it by themselves; a signature from elsewhere counts, and a stranger's is refused", async () => {
    const change = changeOn(frank);
    await change.getByText(`1 of ${NEEDED} signatures, ${NEEDED - 1} missing`).waitFor();
    await change.getByText("Only members sign it").waitFor();
    expect(await change.getByRole("button", { name: "Sign the change" }).count()).toBe(0);
    const [open] = (await seats()).replacements;
    if (!open) throw new Error("no change");
    await change.getByText("Signed elsewhere, or by a Safe").click();
    await change.getByLabel("Member", { exact: true }).selectOption({ label: "Carol" });
    await change
      .getByLabel("Signature", { exact: true })
      .fill(await keyOf("Frank").signTypedData(open.typedData));
    await change.getByRole("button", { name: "Hand it over" }).click();
    const refused = frank.page.getByRole("alert").filter({ hasText: "opinions.bad_replacement" });
    await refused.waitFor();
    expect(await inBothLights(frank, "114-committee-stranger")).toEqual([]);
    await frank.page.getByRole("button", { name: "Leave it" }).click();
    await change
      .getByLabel("Signature", { exact: true })
      .fill(await keyOf("Carol").signTypedData(open.typedData));
    await change.getByRole("button", { name: "Hand it over" }).click();
    await change.getByText(`2 of ${NEEDED} signatures, 1 missing`).waitFor();
  });

  test("the third signs on a phone, anybody sends it, and the five others sit", async () => {
    const { page } = bob;
    await page.goto("/desk");
    await connect(page, "Bob");
    await changeOn(bob).getByRole("button", { name: "Sign the change" }).click();
    await changeOn(bob).getByText("Enough members signed. Anybody may send it.").waitFor();
    expect(await inBothLights(bob, "115-committee-enough")).toEqual([]);
    await connect(frank.page, "Frank");
    await changeOn(frank).getByRole("button", { name: "Seat the five" }).click();
    await expect.poll(async () => (await seats()).committee.replacements, { timeout: 60_000 }).toBe(1);
    const wanted = ["Alice", "Bob", "Carol", "Dave", "Frank"].map((name) =>
      keyOf(name).address.toLowerCase(),
    );
    expect((await seats()).committee.members).toEqual(wanted.toSorted());
    for (const { page: each } of [alice, bob, frank]) {
      await each.getByText("Seated anew once.").waitFor();
      await each
        .getByRole("list", { name: "Who sits" })
        .getByText(/^Frank/)
        .waitFor();
    }
    await changeOn(frank).waitFor({ state: "detached" });
    expect(await inBothLights(frank, "116-committee-replaced")).toEqual([]);
  });

  test("the console stayed silent", () => {
    const unusual = [alice, bob, frank].flatMap(({ complaints }) =>
      complaints.filter((text) => !/Failed to load resource.*400/.test(text)),
    );
    expect(unusual).toEqual([]);
  });
});

const changeOn = ({ page }: Visitor) => page.getByRole("article", { name: "Change of members" });
