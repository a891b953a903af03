import { bundleHubAbi } from "@sooth/abi";
import {
  type ByteFees,
  type Chain,
  chainById,
  type DirectCall,
  type DirectLane,
  NO_BYTE_FEES,
} from "@sooth/chain";
import { devAccount } from "@sooth/chain/local-node";
import { type Hex, need } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import {
  decodeFunctionData,
  encodeAbiParameters,
  encodeEventTopics,
  getAbiItem,
  numberToHex,
  size,
} from "viem";
import { expect, test, vi } from "vitest";
import {
  type Bundle,
  bundleId,
  bundleTypedData,
  encodeLegs,
  headerOf,
  hubGas,
  type Leg,
  NO_RESULT,
  SIGNATURE_GAS,
  NOBODY,
  showingOf,
  STANDALONE,
} from "../../core/index.ts";
import { MOST_GAS, type TriedLog } from "./attempt.ts";
import { Opener } from "./openings.ts";
import type { Signed, TriedOpening, WantedOpenings } from "./ports.ts";

const HUB = 31_337;
const PRICE = 10n;
const ETHER = 10n ** 18n;
const where = { chainId: HUB, hub: `0x${"11".repeat(20)}` as Hex };
const legOf = (data: Hex): Leg => ({
  chainId: HUB,
  kind: "shared",
  target: NOBODY,
  value: 0n,
  gasLimit: 30_000,
  data,
  ...STANDALONE,
  salt: NO_RESULT,
});
const noise = (bytes: number): Leg[] => [legOf(`0x${"a5".repeat(bytes)}`)];
const bundleOf = (salt: bigint, over: Partial<Bundle> = {}): Bundle => ({
  owner: NOBODY,
  mode: "ordered",
  legs: 1,
  deadline: 2_000,
  legsHash: NO_RESULT,
  fee: ETHER,
  salt,
  ...over,
});
const signed = (salt: bigint, legs: Leg[] | null = null, over: Partial<Bundle> = {}): Signed => ({
  bundle: bundleOf(salt, over),
  signature: "0x",
  legs,
});
const idOf = ({ bundle }: Signed): Hex => bundleId(where, bundle);
const topicsOf = (one: Signed, eventName: "Opened" | "Refused"): Hex[] =>
  encodeEventTopics({
    abi: bundleHubAbi,
    eventName,
    args: { id: idOf(one), ...(eventName === "Opened" && { owner: one.bundle.owner }) },
  }) as Hex[];
const NO_CREDIT = 4;
const OPEN_ALREADY = 1;
const opened = (one: Signed): TriedLog => ({
  address: where.hub,
  topics: topicsOf(one, "Opened"),
  data: encodeAbiParameters(getAbiItem({ abi: bundleHubAbi, name: "Opened" }).inputs.slice(2), [
    0n,
    headerOf(one.bundle),
    "0x",
  ] as never),
});
const refused =
  (why: number) =>
  (one: Signed): TriedLog => ({
    address: where.hub,
    topics: topicsOf(one, "Refused"),
    data: numberToHex(why, { size: 32 }),
  });
type Block = (one: Signed) => TriedLog;

/** An opener whose node takes in every trial all that is asked, and whose hub does in each block as `block` says. */
function opener(
  openings: readonly Signed[],
  o: { block?: Block | null; gasUsed?: bigint; gift?: bigint; bytes?: ByteFees } = {},
) {
  const { block = opened, gasUsed = 100_000n, gift = 0n, bytes = NO_BYTE_FEES } = o;
  const [sent, tried, charged]: [DirectCall[], TriedOpening[], [Hex, bigint][]] = [[], [], []];
  const wanted: WantedOpenings[] = [];
  const mined = Promise.withResolvers<void>();
  const receipt = {
    gasUsed: "0x64",
    effectiveGasPrice: numberToHex(PRICE),
    logs: block ? openings.map(block) : [],
  };
  const request = ({ method }: { method: string }): Promise<unknown> =>
    Promise.resolve(
      method === "eth_simulateV1"
        ? [
            {
              calls: [
                {
                  status: "0x1",
                  returnData: "0x",
                  gasUsed: numberToHex(gasUsed),
                  logs: openings.map(opened),
                },
              ],
            },
          ]
        : block && receipt,
    );
  const send = (call: DirectCall) => {
    sent.push(call);
    return Promise.resolve({ used: mined.promise.then(() => [NO_RESULT]) });
  };
  const lane = {
    account: NOBODY,
    market: { price: PRICE, maxFee: PRICE, maxPriorityFee: 0n, bytes },
    balance: ETHER,
    send,
  };
  const found = new Opener({
    hub: {
      definition: chainById(HUB),
      now: () => Promise.resolve(1_000),
      client: { request },
    } as unknown as Chain,
    addresses: { bundleHub: where.hub },
    handedOver: {
      openings: (asked) => {
        wanted.push(asked);
        return Promise.resolve(wanted.length === 1 ? openings : []);
      },
      tried: (all) => {
        tried.push(...all);
        return Promise.resolve();
      },
    },
    leastFee: 0n,
    attesterBps: 0,
    gift,
    charge: (id, wei) => charged.push([id, wei]),
    log: logger("test"),
  });
  const turn = () => found.turn(lane as unknown as DirectLane);
  return { turn, sent, tried, charged, wanted, mine: () => mined.resolve() };
}
const cameOf = (tried: readonly TriedOpening[], one: Signed) =>
  tried.filter(({ id }) => id === idOf(one)).map(({ came }) => came);
const decoded = ({ data }: DirectCall) => decodeFunctionData({ abi: bundleHubAbi, data });

/** What the transaction states that opens them, when all of them together took so much in the trial. */
async function stated(openings: readonly Signed[], gasUsed: bigint): Promise<bigint> {
  const { turn, sent } = opener(openings, { gasUsed });
  await turn();
  return need(sent[0], "a transaction").gas;
}

test("an owner's contract that takes all its gas in the block leaves enough for the others", async () => {
  const two = [signed(1n), signed(2n)];
  expect(await stated(two, 100_000n)).toBeGreaterThanOrEqual(100_000n + 2n * 150_000n);
});

test("a key's signature is given no more gas than it took", async () => {
  const alice = devAccount(1);
  const bundle = bundleOf(1n, { owner: alice.address });
  const one = { bundle, signature: await alice.signTypedData(bundleTypedData(where, bundle)), legs: null };
  expect(await stated([one], 100_000n)).toBeLessThan(100_000n + 150_000n);
});

test("no transaction states more than a block lets it, however dear its openings are", async () => {
  const one = signed(1n);
  expect(hubGas("ordered", 1, showingOf(null)).opening).toBeLessThan(MOST_GAS);
  expect(await stated([one], MOST_GAS - 1n)).toBe(MOST_GAS);
});

test("legs that take little are shown with the opening", async () => {
  const one = signed(1n, noise(1_000));
  const { turn, sent } = opener([one]);
  await turn();
  expect(decoded(need(sent[0], "a transaction")).args).toMatchObject([[{ legs: encodeLegs(noise(1_000)) }]]);
});

test("attack: an opening that the hub refuses in its block costs no bytes of its legs, and its owner waits", async () => {
  const one = signed(1n, noise(90_000));
  const { turn, sent, tried, charged, wanted, mine } = opener([one], {
    block: refused(NO_CREDIT),
  });
  await turn();
  expect(size(need(sent[0], "a transaction").data)).toBeLessThan(2_000);
  mine();
  await vi.waitFor(() => expect(cameOf(tried, one)).toEqual(["owed", "refused"]));
  await turn();
  expect(wanted.at(-1)?.aside.owners).toEqual([NOBODY]);
  expect([sent.length, charged.length]).toEqual([1, 0]);
});

test("what is long is shown once the hub has the fee, and its bundle is charged for both", async () => {
  const one = signed(1n, noise(90_000));
  const { turn, sent, charged, mine } = opener([one]);
  await turn();
  expect(decoded(need(sent[0], "a transaction")).args).toMatchObject([[{ legs: "0x" }]]);
  mine();
  await vi.waitFor(() => expect(charged).toHaveLength(1));
  await turn();
  const shown = need(sent[1], "a second transaction");
  expect(decoded(shown)).toEqual({ functionName: "show", args: [idOf(one), encodeLegs(noise(90_000))] });
  // EIP-7623: ten for a byte of zero, forty for any other, and what every transaction takes.
  expect(shown.gas).toBeGreaterThan(40n * 90_000n + 21_000n);
  await vi.waitFor(() => expect(charged).toHaveLength(2));
  await turn();
  expect(sent).toHaveLength(2);
});

test("attack: what no node would keep is opened, and never sent as a whole", async () => {
  const legs = Array.from({ length: 32 }, () => legOf(`0x${"a5".repeat(8_192)}`));
  const one = signed(1n, legs, { legs: 32 });
  const { turn, sent, charged, mine } = opener([one]);
  await turn();
  mine();
  await vi.waitFor(() => expect(charged).toHaveLength(1));
  await turn();
  expect(sent.map(({ data }) => size(data) < 2_000)).toEqual([true]);
});

test("what pays for its opening and not for its bytes is left to others", async () => {
  const gas = hubGas("ordered", 1, showingOf(encodeLegs(noise(90_000)))).opening;
  const one = signed(1n, noise(90_000), { fee: gas * PRICE - 1n });
  const { turn, sent, tried } = opener([one]);
  await turn();
  expect([sent.length, cameOf(tried, one)]).toEqual([0, ["waits"]]);
});

test("that somebody else was faster is nobody's fault", async () => {
  const one = signed(1n);
  const { turn, tried, wanted, mine } = opener([one], {
    block: refused(OPEN_ALREADY),
  });
  await turn();
  mine();
  await vi.waitFor(async () => {
    await turn();
    expect(wanted.at(-1)?.aside).toEqual({ ids: [], owners: [] });
  });
  expect(cameOf(tried, one)).toEqual(["owed"]);
});

test("what is under way is not opened a second time", async () => {
  const one = signed(1n);
  const { turn, wanted, mine } = opener([one]);
  await turn();
  await turn();
  expect(wanted.at(-1)?.aside.ids).toEqual([idOf(one)]);
  mine();
  await vi.waitFor(async () => {
    await turn();
    expect(wanted.at(-1)?.aside.ids).toEqual([]);
  });
});

test("of whom no receipt tells anything all is charged that his opening may have cost", async () => {
  vi.useFakeTimers();
  try {
    const one = signed(1n);
    const { turn, charged, mine } = opener([one], { block: null });
    await turn();
    mine();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(charged).toEqual([
      [idOf(one), (hubGas("ordered", 1, showingOf(null)).opening + 150_000n) * PRICE],
    ]);
  } finally {
    vi.useRealTimers();
  }
});

test("attack: what pays for gas, and not for what a rollup takes for bytes, is left to others", async () => {
  const legs = noise(2_000);
  const gas = (hubGas("ordered", 1, showingOf(encodeLegs(legs))).opening + SIGNATURE_GAS) * PRICE;
  const bytes = { base: 1_000n, perByte: 50n };
  const least = gas + 1_000n + 50n * BigInt(size(encodeLegs(legs)));
  const poor = opener([signed(1n, legs, { fee: least })], { bytes });
  await poor.turn();
  expect(poor.sent).toHaveLength(0);
  const enough = opener([signed(1n, legs, { fee: 2n * least })], { bytes });
  await enough.turn();
  expect(enough.sent).toHaveLength(1);
});
