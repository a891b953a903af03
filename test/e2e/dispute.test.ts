import type { Browser } from "playwright-core";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { startDisputeStack, until, type DisputeStack } from "./dispute-stack.ts";
import { installExtension } from "./extension.ts";

type Network = { hub: { rpcUrl: string; chainId: number } };
type Question = { status: string; label: string | null };
type Jury = {
  commitEndsAt: number;
  choice: number;
  phase: string;
  jurors: { signer: string; committed: boolean; choice: number | null }[];
};
const THRESHOLD = {
  text: "Is one ether worth 2,300 dollars or more?",
  kind: "bool",
  outcomes: ["No", "Yes"],
};
const PRICE = { text: "What is one ether worth, in dollars?", kind: "numeric", decimals: 2 };
const SILENT = "Does anybody know what one ether is worth?";
const WHY =
  "The closing page said <b>2,299</b> (https://prices.example/close?at=1). javascript:alert(1) https://a@evil.example";
const LIVENESS = 10_000;

describe.skipIf(browserPath === undefined)("an answer is contested, in a real browser", () => {
  let stack: DisputeStack;
  let browser: Browser;
  let dave: Visitor;
  let erin: Visitor;
  let poor: Visitor;
  let question = "";
  let price = "";
  let firstVote = "";
  const [signingKey, otherKey] = [generatePrivateKey(), generatePrivateKey()];
  const signer = privateKeyToAccount(signingKey).address.toLowerCase();

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startDisputeStack(), openBrowser()]);
    await stack.seatOnJuries(stack.user("Erin"), privateKeyToAccount(signingKey));
    [dave, erin] = await Promise.all([
      visit(browser, stack.url, 1280, "light"),
      visit(browser, stack.url, 1280, "light"),
    ]);
    for (const [visitor, name] of [
      [dave, "Dave"],
      [erin, "Erin"],
    ] as const) {
      await visitor.page.goto("/");
      await visitor.page.getByRole("button", { name: "Connect", exact: true }).click();
      await visitor.page
        .getByRole("dialog")
        .getByRole("button", { name: new RegExp(`^${name}`) })
        .click();
      await visitor.page.getByRole("button", { name: new RegExp(`${name}.*tUSD`) }).waitFor();
    }
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    await Promise.all([dave?.shot("failed-dave"), erin?.shot("failed-erin"), poor?.shot("failed-poor")]);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
  });
  const juryOf = (visitor: Visitor) => stack.get<Jury>(`/v1/juries/${visitor.page.url().split("/").at(-1)}`);

  test("four providers answer a question with a market on it, and another one", async () => {
    const [alice, bob] = [stack.user("Alice"), stack.user("Bob")];
    const opensAt = (await stack.now()) + 600;
    const terms = { opensAt, liveness: LIVENESS };
    const rule = { type: "atLeast", threshold: "2300" };
    const sourced = { unit: "USD", sources: stack.sources };
    const asked = await stack.open(
      alice,
      { ...THRESHOLD, ...sourced, rule },
      { ...terms, stakes: [alice, bob] },
    );
    question = asked.question;
    price = (await stack.open(alice, { ...PRICE, ...sourced }, terms)).question;
    await stack.advance(600);
    for (const id of [question, price])
      await until("the answer", 90, async () => {
        const { status } = await stack.get<Question>(`/v1/questions/${id}`);
        return status === "answered";
      });
    await dave.page.goto(`/questions/${question}`);
    await dave.page.getByRole("button", { name: "Dispute this answer" }).waitFor();
    expect(await inBothLights(dave, "50-answered")).toEqual([]);
  });

  test("who objects is told what it costs and may bring, before the wallet signs", async () => {
    const { page } = dave;
    await page.getByRole("button", { name: "Dispute this answer" }).click();
    const why = dialog(dave).getByLabel("Why (optional)");
    await why.waitFor();
    expect(await dialog(dave).getByRole("radio", { name: "Yes" }).count()).toBe(0);
    // What is too long stays as it was typed, and holds the button up with the reason.
    await why.fill("ü".repeat(4_100));
    await dialog(dave).getByRole("button", { name: "See what it costs" }).click();
    await dialog(dave).getByRole("alert").getByText("The reason: 8 bytes too many").waitFor();
    expect((await why.inputValue()).length).toBe(4_100);
    expect(await inBothLights(dave, "51-dispute-too-long")).toEqual([]);
    await why.fill(WHY);
    expect(await inBothLights(dave, "51-dispute")).toEqual([]);
    await dialog(dave).getByRole("button", { name: "See what it costs" }).click();
    await dialog(dave).getByText("Your deposit", { exact: true }).waitFor();
    const facts = await dialog(dave).textContent();
    for (const fact of ["250.00", "187.50", "−250.00", "left", "No dispute has been decided here"])
      expect(facts).toContain(fact);
    // Three or four signed, as it happened: what is slashed differs.
    const [, gain, slashed] =
      /\+([\d,.]+)\s?tUSD.*slashed, at least\s?([\d,.]+)\s?tUSD/.exec(facts ?? "") ?? [];
    expect(amountOf(gain)).toBeGreaterThan(0);
    expect(amountOf(gain)).toBeCloseTo(187.5 + amountOf(slashed) - 250, 2);
    expect(facts).toMatch(/in more than \d+\.\d+% of such cases gains on average/);
    expect(await inBothLights(dave, "52-dispute-costs")).toEqual([]);
    await dialog(dave).getByRole("button", { name: "Deposit and dispute" }).click();
    await dialog(dave).getByText("Your dispute is on the chain").waitFor();
    await dialog(dave).getByRole("button", { name: "See its steps" }).click();
    await page.getByRole("list", { name: "Steps of the dispute" }).getByText("Disputed").first().waitFor();
    await page.getByText(/left$/).first().waitFor();
    // The reason stands there as text: its address is a link that tells nobody anything, and its marks are no page's.
    const reason = page.getByText("The closing page said");
    await reason.waitFor();
    const link = page.getByRole("link", { name: "https://prices.example/close?at=1" });
    expect(await link.getAttribute("href")).toBe("https://prices.example/close?at=1");
    expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
    expect(await page.getByRole("link", { name: /javascript:|evil/ }).count()).toBe(0);
    await page.getByText("<b>2,299</b>").waitFor();
    expect(await page.getByText("somebody changed it").count()).toBe(0);
    expect(await inBothLights(dave, "53-disputed")).toEqual([]);
    // A server that shows other words than those whose hash the chain has is found out by the page.
    await page.route("**/v1/disputes?**", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace("2,299", "2,301") });
    });
    await page.reload();
    await page.getByRole("alert").getByText("somebody changed it").waitFor();
    expect(await inBothLights(dave, "53-changed-reason")).toEqual([]);
    await page.unrouteAll({ behavior: "wait" });
    await page.reload();
    await page.getByText("<b>2,299</b>").waitFor();
  });

  test("jurors are drawn, and the page draws them again", async () => {
    const { page } = erin;
    // Providers say the same once more; the jury need not wait for the rest of their time.
    await stack.advance(stack.rereportSeconds);
    await page.goto(`/questions/${question}`);
    await page.getByRole("link", { name: "The jury and its votes" }).click({ timeout: 60_000 });
    await page
      .getByText(/Drawn again here: the same \d+ jurors on the same 9 seats/)
      .waitFor({ timeout: 60_000 });
    expect((await juryOf(erin)).jurors.map((juror) => juror.signer)).toContain(signer);
    await page.getByRole("heading", { name: "You were drawn" }).waitFor();
    expect(await inBothLights(erin, "54-drawn")).toEqual([]);
  });

  test("a juror seals a vote with the signing key, and no other", async () => {
    const { page } = erin;
    await page.getByRole("button", { name: "Seal my vote" }).click({ timeout: 60_000 });
    await page.getByText("Choose one.").waitFor();
    await page.getByText("Without it no vote counts.").waitFor();
    await page.getByRole("radio", { name: /The answer, Yes/ }).check();
    await page.getByLabel(/^Signing key/).fill(otherKey);
    await page.getByText(/This key is 0x/).waitFor();
    expect(await inBothLights(erin, "55-vote-wrong-key")).toEqual([]);
    await page.getByLabel(/^Signing key/).fill(signingKey);
    await page.getByLabel(/^I sign:/).check();
    await page.getByRole("button", { name: "Seal my vote" }).click();
    await page.getByText("Your vote is sealed and handed over.").waitFor();
    firstVote = await saved(erin);
    expect(await inBothLights(erin, "56-sealed")).toEqual([]);
  });

  test("the juror opens it when all are sealed, and the jury finds for the answer", async () => {
    const { page } = erin;
    await moveToReveal(erin);
    await page.getByText("You sealed:").waitFor({ timeout: 60_000 });
    expect(await inBothLights(erin, "57-open-vote")).toEqual([]);
    await page.getByRole("button", { name: "Open my vote" }).click();
    await page.getByText("Opened:").or(page.getByText("You voted for")).first().waitFor({ timeout: 60_000 });
    await page.getByText("9 of 9").waitFor({ timeout: 60_000 });
    await page.getByText("Decided", { exact: true }).waitFor();
    expect(await inBothLights(erin, "58-verdict")).toEqual([]);
    expect((await juryOf(erin)).choice).toBe(1);
  });

  test("the loser appeals, and is told what that costs", async () => {
    const { page } = dave;
    await page.getByRole("button", { name: "Appeal", exact: true }).click({ timeout: 60_000 });
    expect(await inBothLights(dave, "59-appeal")).toEqual([]);
    await dialog(dave)
      .getByRole("radio", { name: /The claim, No/ })
      .check();
    await dialog(dave).getByLabel("Why (optional)").fill("The jury read the wrong minute.");
    await dialog(dave).getByRole("button", { name: "See what it costs" }).click();
    await dialog(dave).getByText("Your deposit", { exact: true }).waitFor();
    const facts = await dialog(dave).textContent();
    for (const fact of ["500.00", "−500.00", "31 seats", "left"]) expect(facts).toContain(fact);
    expect(await inBothLights(dave, "60-appeal-costs")).toEqual([]);
    await dialog(dave).getByRole("button", { name: "Deposit and appeal" }).click();
    await dialog(dave).getByText("Your appeal is on the chain").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("Jury of 31").first().waitFor({ timeout: 60_000 });
    await page.getByText("The jury read the wrong minute.").waitFor();
    await page.getByText("Why, in the words of who backs").waitFor();
    expect(await inBothLights(dave, "61-appealed")).toEqual([]);
  });

  test("a larger jury sits; a vote can be opened from the file that was saved", async () => {
    const { page } = erin;
    await page.goto(`/questions/${question}`);
    await page.getByRole("link", { name: "Jury 2 and its votes" }).click({ timeout: 60_000 });
    // What both sides say why stands before whoever votes.
    for (const said of ["The closing page said", "The jury read the wrong minute."])
      await page.getByText(said).waitFor();
    await page.getByRole("radio", { name: /The answer, Yes/ }).check({ timeout: 60_000 });
    await page.getByLabel(/^Signing key/).fill(signingKey);
    await page.getByLabel(/^I sign:/).check();
    await page.getByRole("button", { name: "Seal my vote" }).click();
    await page.getByText("Your vote is sealed and handed over.").waitFor();
    const vote = await saved(erin);
    await page.evaluate(() => {
      for (const key of Object.keys(localStorage))
        if (key.startsWith("sooth.ballot")) localStorage.removeItem(key);
    });
    await page.reload();
    await moveToReveal(erin);
    const file = page.getByLabel("The file with your vote");
    await file.setInputFiles({
      name: "vote.json",
      mimeType: "application/json",
      buffer: Buffer.from(firstVote),
    });
    await page.getByText("This vote is for another jury.").waitFor();
    expect(await inBothLights(erin, "62-wrong-file")).toEqual([]);
    await file.setInputFiles({ name: "vote.json", mimeType: "application/json", buffer: Buffer.from(vote) });
    await page.getByRole("button", { name: "Open my vote" }).click();
    await page.getByText("31 of 31").waitFor({ timeout: 60_000 });
  });

  test("without another appeal it is over: the market pays, and the loser sees where his deposits went", async () => {
    const { page } = dave;
    const bob = await stack.balanceOf(stack.user("Bob"));
    await page.getByRole("button", { name: "Appeal", exact: true }).waitFor({ timeout: 60_000 });
    await stack.advance(stack.appealSeconds);
    await page.getByText("The answer stands", { exact: true }).waitFor({ timeout: 60_000 });
    expect(await stack.get<Question>(`/v1/questions/${question}`)).toMatchObject({
      status: "final",
      label: "Yes",
    });
    await page.getByText("Where the deposits went").waitFor();
    await page.getByText("to the providers who signed the answer").waitFor();
    expect(await inBothLights(dave, "63-lost")).toEqual([]);
    await until(
      "the market's pay",
      60,
      async () => (await stack.balanceOf(stack.user("Bob"))) === bob + 200_000_000n,
    );
    await page.goto("/portfolio");
    await page.getByText("750.00").waitFor();
    await page.getByText(/nothing came back/).waitFor();
    expect(await inBothLights(dave, "64-portfolio")).toEqual([]);
  });

  test("silence is objected to as well, and who claimed what providers then report is paid from the portfolio", async () => {
    const { page } = dave;
    const opensAt = (await stack.now()) + 20;
    const rule = { type: "atLeast", threshold: "2300" };
    const asked = { ...THRESHOLD, text: SILENT, unit: "USD", sources: stack.lateSources, rule };
    const terms = { opensAt, liveness: LIVENESS, within: 800 };
    const { question: silent } = await stack.open(stack.user("Alice"), asked, terms);
    await page.goto(`/questions/${silent}`);
    await page.getByRole("heading", { level: 1, name: SILENT }).waitFor();
    expect(await page.getByRole("button", { name: "Claim an answer" }).count()).toBe(0);
    await stack.advance(20 + 600);
    await page.getByRole("button", { name: "Claim an answer" }).click({ timeout: 60_000 });
    await expect.poll(() => dialog(dave).getByRole("radio").count()).toBe(2);
    await dialog(dave).getByRole("radio", { name: "Yes", exact: true }).check();
    await dialog(dave).getByRole("button", { name: "See what it costs" }).click();
    await dialog(dave).getByText("Your deposit", { exact: true }).waitFor();
    expect(await inBothLights(dave, "68-silence")).toEqual([]);
    await dialog(dave).getByRole("button", { name: "Deposit and dispute" }).click();
    await dialog(dave).getByText("Your dispute is on the chain").waitFor();
    stack.lateIsBack();
    await page.keyboard.press("Escape");
    const card = page.getByRole("article", { name: "Dispute, Yes against invalid" });
    await card.getByText("The answer was replaced").first().waitFor({ timeout: 90_000 });
    await card.getByText(/got 250\.00/).waitFor();
    expect(await stack.get<Question>(`/v1/questions/${silent}`)).toMatchObject({ label: "Yes" });
    expect(await inBothLights(dave, "69-won")).toEqual([]);
    await page.goto("/portfolio");
    await page.getByText("Yes against invalid").waitFor();
    await page.getByText("is held for you").waitFor();
    const before = await stack.balanceOf(stack.user("Dave"));
    await page.getByRole("button", { name: "Pay it out" }).click();
    expect(await inBothLights(dave, "70-pay-out")).toEqual([]);
    await dialog(dave).getByRole("button", { name: "Pay out", exact: true }).click();
    await dialog(dave).getByText("It is in your wallet.").waitFor();
    expect((await stack.balanceOf(stack.user("Dave"))) - before).toBe(250_000_000n);
    await page.keyboard.press("Escape");
    await page.getByText("is held for you").waitFor({ state: "detached" });
  });

  test("what cannot be is refused with a sentence", async () => {
    const { page } = dave;
    await page.goto(`/questions/${price}`);
    await page.getByRole("button", { name: "Dispute this answer" }).click();
    const claim = dialog(dave).getByLabel("The right value");
    const look = dialog(dave).getByRole("button", { name: "See what it costs" });
    for (const [text, says] of [
      ["2,400", "The answer is 2,400 USD already"],
      ["much", "is not a decimal number"],
      ["-5", "lies outside the bounds"],
    ] as const) {
      await claim.fill(text);
      await look.click();
      await dialog(dave).getByText(says).waitFor();
    }
    expect(await inBothLights(dave, "65-bad-claim")).toEqual([]);
    poor = await visit(browser, stack.url, 1280, "light");
    const { hub } = await stack.get<Network>("/v1/network");
    await installExtension(poor.page, otherKey, hub.rpcUrl, hub.chainId);
    await poor.page.goto(`/questions/${price}`);
    await poor.page.getByRole("button", { name: "Dispute this answer" }).click();
    await dialog(poor).getByRole("button", { name: "Connect a wallet to dispute" }).click();
    await dialog(poor).getByRole("button", { name: "Test Extension" }).click();
    const cost = dialog(poor).getByRole("button", { name: "See what it costs" });
    await cost.click();
    await dialog(poor).getByText("Enter the value that is right.").waitFor();
    await dialog(poor).getByLabel("The right value").fill("1");
    await cost.click();
    await dialog(poor).getByRole("alert").waitFor();
    expect(await inBothLights(poor, "66-no-money")).toEqual([]);
    await stack.endWindow(price);
    await claim.fill("1");
    await look.click();
    await dialog(dave).getByRole("alert").getByText(/final/).waitFor();
    expect(await inBothLights(dave, "67-too-late")).toEqual([]);
    expect([...complaintsOf(dave), ...complaintsOf(erin), ...complaintsOf(poor)]).toEqual([]);
  });

  /** Every drawn juror has sealed, the batch is on the chain, and the clock moves past what is left of the window. */
  async function moveToReveal(juror: Visitor): Promise<void> {
    const id = juror.page.url().split("/").at(-1);
    await until("all sealed votes on the chain", 90, async () => {
      const [{ jurors }, { items }] = await Promise.all([
        juryOf(juror),
        stack.get<{ items: { posted: boolean; commitments: unknown[] }[] }>(`/v1/juries/${id}/batches`),
      ]);
      const posted = items.filter((batch) => batch.posted).flatMap(({ commitments }) => commitments);
      return jurors.every(({ committed }) => committed) && posted.length === jurors.length;
    });
    const { commitEndsAt } = await juryOf(juror);
    const left = commitEndsAt - (await stack.now());
    // Well into the next phase: whoever asks in its first second may be told of the one before.
    if (left >= 0) await stack.advance(left + 10);
    await juror.page.reload();
  }
});

const amountOf = (text = ""): number => Number(text.replaceAll(",", ""));

// Chromium tells of every failed request; a page that asks for what may not be there yet answers for itself.
const complaintsOf = ({ complaints }: Visitor): string[] =>
  complaints.filter((text) => !/Failed to load resource.*(400|404|409)/.test(text));

const dialog = ({ page }: Visitor) => page.getByRole("dialog");

/** The sealed vote as its juror keeps it. */
async function saved({ page }: Visitor): Promise<string> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save the vote to a file" }).click();
  return readFileSync(await (await download).path(), "utf8");
}
