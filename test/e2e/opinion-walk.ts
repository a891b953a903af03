import type { Page } from "playwright-core";
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

/** Fills in the box of an opinion up to the button. */
export async function write(page: Page, { text, stance, amount }: Said): Promise<void> {
  const box = page.getByRole("complementary", { name: "Your opinion" });
  await box.getByLabel("What do you think, and why?").fill(text);
  await box.getByLabel("Your stance").fill(String(stance));
  await box.getByLabel("Amount", { exact: true }).fill(amount);
  await box.getByText(new RegExp(`At a score of ${stance * 5} you get`)).waitFor();
}

/** Stakes on what was written, and waits until the page shows it as one's own. */
export async function stake(page: Page, { text }: Said): Promise<void> {
  const box = page.getByRole("complementary", { name: "Your opinion" });
  await box.getByRole("button", { name: /^Stake on/ }).click();
  await untilOwn(page, text);
}

export async function untilOwn(page: Page, text: string): Promise<void> {
  const box = page.getByRole("complementary", { name: "Your opinion" });
  await box.getByRole("list", { name: "Opinions" }).getByText(text.slice(0, 40)).waitFor({ timeout: 60_000 });
}
