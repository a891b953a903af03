import type { Locator, Page } from "playwright-core";
import { createTestClient, http, publicActions } from "viem";
import { expect } from "vitest";

/** Said on every statement of these tests; far enough apart that somebody wins and somebody loses. */
export const OPINIONS = [
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
export type Said = (typeof OPINIONS)[number];

export type Market = {
  status: string;
  revealsUntil: number;
  terms: { closesAt: number; revealSeconds: number };
  hidden: { opinions: number; staked: string };
  result: { score: number; net: string; fee: string; prize: string } | null;
  prizes: { paidTo: string | null }[];
  owed: { amount: string };
};
export type Spoken = {
  owner: string;
  stance: number | null;
  amount: string;
  due: string;
  paid: string;
  won: string;
};

/** What the server says of the market whose page is at `path`. */
export function marketAt(url: string, path: () => string) {
  const read = async <T>(rest = ""): Promise<T> => {
    const response = await fetch(`${url}/v1/opinion-markets/${path().split("/").at(-1)}${rest}`);
    if (!response.ok) throw new Error(`${path()}${rest}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const market = () => read<Market>();
  return {
    read,
    market,
    opinions: async () => (await read<{ items: Spoken[] }>("/opinions")).items,
    until: (status: string) =>
      expect.poll(async () => (await market()).status, { timeout: 90_000, interval: 500 }).toBe(status),
    /** Once the providers said a score and its time to be disputed is over. */
    untilJudged: (judged: () => Promise<boolean>, { move }: Clock) =>
      expect
        .poll(
          async () => {
            await move(60);
            return judged();
          },
          { timeout: 150_000, interval: 3_000 },
        )
        .toBe(true),
  };
}

export type Clock = Awaited<ReturnType<typeof chainClock>>;

/** Of a local hub, and where it is slowed down. */
const [BLOCK_SECONDS, SLOW_BLOCK_SECONDS] = [1, 4];

/** The hub's clock, by which everything closes. */
export async function chainClock(url: string) {
  const { hub } = (await (await fetch(`${url}/v1/network`)).json()) as { hub: { rpcUrl: string } };
  const node = createTestClient({ mode: "anvil", transport: http(hub.rpcUrl) }).extend(publicActions);
  const move = async (seconds: number): Promise<void> => {
    await node.increaseTime({ seconds });
    await node.mine({ blocks: 1 });
  };
  return {
    move,
    /** To that moment, and not a minute beyond: what is due then has its whole time. */
    moveTo: async (time: number): Promise<void> => {
      const { timestamp } = await node.getBlock({ blockTag: "latest" });
      if (timestamp < time) await move(time - Number(timestamp));
    },
    /** While people do what has its time: of the seconds that a busy machine takes the chain counts few. Afterwards it catches up. */
    slowly: async (act: () => Promise<void>): Promise<void> => {
      await node.setBlockTimestampInterval({ interval: 1 });
      await node.setIntervalMining({ interval: SLOW_BLOCK_SECONDS });
      try {
        await act();
      } finally {
        await node.removeBlockTimestampInterval();
        await node.setIntervalMining({ interval: BLOCK_SECONDS });
      }
    },
  };
}

/** Takes a test wallet, from the button of this name. Under the dialog nothing takes what is typed. */
export async function connect(page: Page, name: string, button = "Connect"): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: new RegExp(`^${name}`) }).click();
  await dialog.waitFor({ state: "hidden" });
  await walletOf(page, name).waitFor();
}

/** The head's button, which names the wallet and what it has. */
export const walletOf = (page: Page, name: string) =>
  page.getByRole("banner").getByRole("button", { name: new RegExp(`^${name}`) });

/** What the form of a statement is given; what is left out stays as it is offered. */
export type PutUp = { statement: string; hidden?: true; minConfidence?: string };

/** Goes through the form of a statement up to its review. */
export async function fillStatement(page: Page, { statement, hidden, minConfidence }: PutUp): Promise<void> {
  await page.getByLabel("What people are for or against").fill(statement);
  await nextPart(page, "Time and stances");
  if (hidden) await page.getByRole("radio", { name: /^Hidden/ }).check();
  await nextPart(page, "Who is paid");
  await nextPart(page, "Who judges, and for what");
  if (minConfidence) await page.getByLabel("Least confidence").fill(minConfidence);
  await nextPart(page, "Look it over and sign", "Look it over");
}

/** Signs what was looked over, and tells the path of its page. */
export async function signStatement(page: Page, statement: string): Promise<string> {
  await page.getByRole("button", { name: "Sign and put it up" }).click();
  await page.waitForURL(/\/opinions\/0x[0-9a-f]{64}$/, { timeout: 60_000 });
  await page.getByRole("heading", { level: 1, name: statement }).waitFor();
  return new URL(page.url()).pathname;
}

/** To the part of a form that has this title. */
export async function nextPart(on: Page | Locator, title: string, button = "Next"): Promise<void> {
  await on.getByRole("button", { name: button, exact: true }).click();
  await on.getByRole("heading", { name: title, exact: true }).waitFor();
}

export const boxOf = (page: Page): Locator => page.getByRole("complementary", { name: "Your opinion" });

/** Fills in the box of an opinion up to its review, and looks at what it says there. */
export async function write(page: Page, said: Said): Promise<void> {
  const { text, stance, amount } = said;
  const box = boxOf(page);
  await box.getByLabel("Amount", { exact: true }).fill(amount);
  await nextPart(box, "What you say");
  await box.getByLabel("What do you think, and why?").fill(text);
  await nextPart(box, "Where you stand");
  await box.getByLabel("Your stance").fill(String(stance));
  await box.getByText(new RegExp(`At a score of ${stance * 5} you get`)).waitFor();
  await nextPart(box, "Look it over and sign", "Look it over");
  await untilReviewed(box, said);
}

/** Once the review names what was given, and what it can come to. */
export async function untilReviewed(box: Locator, { text, stance, amount }: Said): Promise<void> {
  await box.getByText(text, { exact: true }).waitFor();
  const rows = box.getByRole("definition");
  await rows.filter({ hasText: new RegExp(`^${Number(amount).toFixed(2)}\\s?tUSD$`) }).waitFor();
  await rows.filter({ hasText: `${stance * 5} of 100, ` }).waitFor();
  await rows.filter({ hasText: "2% of all stakes, to who put it up" }).waitFor();
  await rows.filter({ hasText: "5% of all stakes, drawn as 1 prize" }).waitFor();
  for (const name of ["At best", "At worst", "Stake back or more"])
    await box.getByRole("term").filter({ hasText: name }).waitFor();
  await box.getByText(new RegExp(`At a score of ${stance * 5} you get`)).waitFor();
}

/** Stakes on what was written, and waits until the page shows it as one's own. */
export async function stake(page: Page, { text }: Said): Promise<void> {
  await boxOf(page)
    .getByRole("button", { name: /^Stake on/ })
    .click();
  await untilOwn(page, text);
}

export async function untilOwn(page: Page, text: string): Promise<void> {
  await boxOf(page)
    .getByRole("list", { name: "Opinions" })
    .getByText(text.slice(0, 40))
    .waitFor({ timeout: 60_000 });
}
