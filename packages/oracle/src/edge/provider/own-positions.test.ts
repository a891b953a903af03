import type { Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { type Logger, registry } from "@sooth/runtime";
import { zeroHash } from "viem";
import { expect, test } from "vitest";
import { ownPositions } from "./own-positions.ts";

const word = (n: number) => `0x${n.toString(16).padStart(40, "0")}` as Hex;
const [KEY, OLD_KEY, NEW_KEY, OWNER, OTHER] = [1, 2, 3, 4, 5].map(word) as [Hex, Hex, Hex, Hex, Hex];
const [MARKETS, POLICY, STAKE_MANAGER, CONSUMER, OPINIONS] = [11, 12, 13, 14, 15].map(word) as [
  Hex,
  Hex,
  Hex,
  Hex,
  Hex,
];
const QUESTION = "0xaa" as Hex;
const NOW = 1_000;

type Log = { block: number; eventName: string; args: Record<string, unknown> };
type Filter = {
  events?: readonly { name: string }[];
  event?: { name: string };
  args?: Record<string, readonly Hex[]>;
  fromBlock: bigint;
  toBlock: bigint;
};

/** A chain of so many blocks whose node takes `limit` of them at once. */
function chainOf(logs: Log[], { head = 50_000, limit = 500, harmless = [] as Hex[], opinionOf = "" } = {}) {
  const asked: string[] = [];
  const warned: unknown[] = [];
  let number = head;
  const client = {
    getBlock: async () => ({ number: BigInt(number), timestamp: BigInt(NOW) }),
    getLogs: async ({ events, event, args = {}, fromBlock, toBlock }: Filter) => {
      if (toBlock - fromBlock + 1n > BigInt(limit)) throw new Error("block range is too wide");
      const names = (events ?? [event]).map((each) => each?.name);
      asked.push(String(names[0]));
      return logs
        .filter(({ block }) => fromBlock <= block && block <= toBlock)
        .filter(({ eventName }) => names.includes(eventName))
        .filter((log) => Object.entries(args).every(([name, some]) => some.includes(log.args[name] as Hex)))
        .map((log) => ({ ...log, blockNumber: BigInt(log.block) }));
    },
    readContract: async ({ functionName, args }: { functionName: string; args: readonly unknown[] }) => {
      if (functionName === "marketOf") return args[0] === QUESTION && opinionOf ? word(99) : zeroHash;
      if (functionName === "holdsPosition") return args[1] === opinionOf;
      return 1n;
    },
  };
  const hub = { client } as unknown as Chain;
  const addresses = { markets: MARKETS, opinions: OPINIONS, policy: POLICY, stakeManager: STAKE_MANAGER };
  return {
    asked,
    mine: () => void number++,
    warned,
    positions: ownPositions({
      hub,
      addresses,
      fromBlock: 1,
      key: KEY,
      harmless,
      log: { warn: (about: unknown) => void warned.push(about) } as Pick<Logger, "warn">,
    }),
  };
}

const joined = { block: 2, eventName: "Joined", args: { owner: OWNER, signer: OLD_KEY } };
const rotated = { block: 3, eventName: "SignerRotated", args: { owner: OWNER, from: OLD_KEY, to: KEY } };
const after = { block: 4, eventName: "SignerRotated", args: { owner: OWNER, from: KEY, to: NEW_KEY } };
const opened = { block: 5, eventName: "Opened", args: { market: "0x01", question: QUESTION } };
const staked = (owner: Hex): Log => ({
  block: 40_000,
  eventName: "Staked",
  args: { market: "0x01", owner, outcome: 1 },
});
const named = (block: number, consumer: Hex, from: number): Log => ({
  block,
  eventName: "ConsumerSet",
  args: { consumer, from },
});

test.each([OWNER, OLD_KEY, KEY, NEW_KEY])(
  "what %s holds counts against the owner of this key",
  async (holder) => {
    const { positions } = chainOf([joined, rotated, after, opened, staked(holder)]);
    expect(await positions.recusalOf(QUESTION)).toEqual({ holder });
    expect(await positions.recusalOf("0xbb")).toBe(undefined);
  },
);

test("what others hold does not, nor while nobody named this key", async () => {
  const logs = [joined, rotated, after, opened, staked(OTHER)];
  expect(await chainOf(logs).positions.recusalOf(QUESTION)).toBe(undefined);
  expect(await chainOf([opened, staked(OWNER)]).positions.recusalOf(QUESTION)).toBe(undefined);
  expect(await chainOf([opened, staked(KEY)]).positions.recusalOf(QUESTION)).toEqual({ holder: KEY });
});

test.each([OWNER, OLD_KEY, KEY, NEW_KEY])("so does an opinion of %s", async (holder) => {
  const { positions } = chainOf([joined, rotated, after], { opinionOf: holder });
  expect(await positions.recusalOf(QUESTION)).toEqual({ holder });
  expect(await positions.recusalOf("0xbb")).toBe(undefined);
  const others = chainOf([joined, rotated, after], { opinionOf: OTHER });
  expect(await others.positions.recusalOf(QUESTION)).toBe(undefined);
});

const recusal = (logs: Log[]) => chainOf([joined, rotated, ...logs]).positions.recusalOf(QUESTION);
test("while another consumer is believed nothing is judged", async () => {
  expect(await recusal([named(6, CONSUMER, NOW)])).toEqual({ consumer: CONSUMER });
  expect(await recusal([named(6, CONSUMER, NOW + 1)])).toBe(undefined);
  expect(await recusal([named(6, CONSUMER, NOW), named(7, CONSUMER, 0)])).toBe(undefined);
  expect(await recusal([named(6, MARKETS, NOW)])).toBe(undefined);
});

test("what its operator declared harmless stands in nobody's way, but for a position of his own elsewhere", async () => {
  const harmless = [CONSUMER.toUpperCase().replace("X", "x") as Hex];
  const logs = [joined, rotated, named(6, CONSUMER, NOW)];
  const { positions, warned } = chainOf(logs, { harmless });
  expect(await positions.recusalOf(QUESTION)).toBe(undefined);
  expect([await positions.tellNoticed(), warned]).toEqual([[], []]);
  expect(await chainOf([...logs, named(7, OTHER, NOW)], { harmless }).positions.recusalOf(QUESTION)).toEqual({
    consumer: OTHER,
  });
  const own = chainOf([...logs, opened, staked(OWNER)], { harmless }).positions;
  expect(await own.recusalOf(QUESTION)).toEqual({ holder: OWNER });
});

const gaugeOf = async () => /^oracle_provider_consumers_noticed (\d+)$/m.exec(await registry.metrics())?.[1];
test("a consumer is told of in its notice time, once, and not once it is taken back or believed", async () => {
  const soon = [
    named(6, CONSUMER, NOW + 1),
    named(7, OTHER, NOW + 1),
    named(8, OTHER, 0),
    named(9, MARKETS, NOW + 1),
  ];
  const { positions, warned } = chainOf([joined, rotated, ...soon]);
  expect(await positions.recusalOf(QUESTION)).toBe(undefined);
  for (let n = 0; n < 2; n += 1)
    expect(await positions.tellNoticed()).toEqual([{ consumer: CONSUMER, from: NOW + 1 }]);
  expect(warned).toEqual([{ consumer: CONSUMER, from: NOW + 1 }]);
  expect(await gaugeOf()).toBe("1");
  const believed = chainOf([joined, rotated, named(6, CONSUMER, NOW)]);
  expect([await believed.positions.tellNoticed(), believed.warned]).toEqual([[], []]);
  expect(await gaugeOf()).toBe("0");
});

test("who asks at the same block shares one reading, and the next block is read alone", async () => {
  const { positions, asked, mine } = chainOf([joined, rotated, opened, staked(KEY)], { limit: 100_000 });
  const ask = () => Promise.all([positions.recusalOf(QUESTION), positions.recusalOf("0xbb")]);
  await ask();
  const first = asked.length;
  await ask();
  expect(asked).toHaveLength(first);
  mine();
  await ask();
  expect(asked.slice(first)).toEqual(["Joined", "Staked"]);
});
