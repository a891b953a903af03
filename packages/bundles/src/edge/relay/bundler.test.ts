import { type Chain, chainById, type DirectLane, NO_BYTE_FEES } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { expect, test, vi } from "vitest";
import {
  type BundleShown,
  type Fact,
  feeFor,
  type Leg,
  legHash,
  legsHashOf,
  NO_RESULT,
  NOBODY,
  relayerShare,
  TIMES,
  STANDALONE,
} from "../../core/index.ts";
import { Bundler } from "./bundler.ts";

const HUB = 31_337;
const ROLLUP = 31_338;
const ETHER = 10n ** 18n;
const BPS = 2_000;
const contract: Hex = `0x${"11".repeat(20)}`;
const gift: Leg = {
  chainId: ROLLUP,
  kind: "value",
  target: `0x${"22".repeat(20)}`,
  value: 5n * ETHER,
  gasLimit: 30_000,
  data: "0x",
  ...STANDALONE,
  salt: NO_RESULT,
};
const NO_GAS = { opening: 0n, legs: [0n], deciding: 0n };
const viewOf = (name: number, leg: Leg, fee: bigint): BundleShown => ({
  id: `0x${String(name).padStart(64, "0")}`,
  bundle: {
    owner: NOBODY,
    mode: "ordered",
    legs: 1,
    deadline: 2_000,
    legsHash: legsHashOf([legHash(leg)]),
    fee,
    salt: 0n,
  },
  legs: [leg],
  hashes: [legHash(leg)],
  hub: { now: 1_000, paused: false, outcome: "open", base: BigInt(100 * name), fee, settled: false },
  chains: new Map([[ROLLUP, { now: 1_000, paused: false }]]),
  shown: [{ state: "none", result: NO_RESULT, relayer: NOBODY, failures: 0 }],
});

/**
 * Bundles of which a bundler asks for evidence, so that it can bring a leg of theirs: all in one question, since they are all
 * there when it begins.
 */
async function brought(views: readonly BundleShown[], rollup = chainById(ROLLUP)): Promise<bigint[]> {
  const end = new AbortController();
  const asked: Fact[] = [];
  const chain = (definition: typeof rollup) => ({ definition }) as Chain;
  const lane = {
    hasRoom: true,
    onHead: async () => {},
    market: { price: 0n, bytes: NO_BYTE_FEES },
  } as unknown as DirectLane;
  const bundler = new Bundler({
    hub: chain(chainById(HUB)),
    rollups: [chain({ ...rollup, id: ROLLUP })],
    addresses: { bundleHub: contract, settler: contract, escrow: contract },
    watch: {
      onChange: () => {},
      onHead: () => {},
      shown: (id) => views.find((view) => view.id === id),
      known: () => views.map(({ id }) => id),
      isSeen: () => true,
      learn: () => {},
      returned: () => "0x",
      ready: Promise.resolve(),
    },
    lanes: new Map([[ROLLUP, [lane]]]),
    relayer: NOBODY,
    evidence: {
      ask: async (facts) => {
        asked.push(...facts);
        return { missing: facts, why: "only who is asked for counts here" };
      },
    },
    handedOver: {
      legs: async () => [],
      openings: async () => [],
      tried: async () => {},
      consents: async () => new Map(),
    },
    leastFee: 0n,
    gift: 0n,
    attesterBps: BPS,
    times: TIMES,
    signal: end.signal,
    log: logger("test"),
  } as ConstructorParameters<typeof Bundler>[0]);
  const running = bundler.run();
  await vi.waitFor(() => expect(asked).not.toEqual([]), { timeout: 10_000 });
  end.abort();
  await running;
  return [...new Set(asked.flatMap((fact) => (fact.kind === "opened" ? fact.base : [])))].toSorted((a, b) =>
    Number(a - b),
  );
}

test("coins are handed on only where the leg's share brings them back", async () => {
  const enough = feeFor("ordered", NO_GAS, [gift], BPS);
  expect(relayerShare({ fee: enough, legs: 1 }, BPS)).toBeGreaterThanOrEqual(gift.value);
  expect(relayerShare({ fee: enough - 2n, legs: 1 }, BPS)).toBeLessThan(gift.value);
  const paysItself: Leg = { ...gift, kind: "account" };
  const views = [
    viewOf(1, gift, 0n),
    viewOf(2, gift, enough - 2n),
    viewOf(3, gift, enough),
    viewOf(4, paysItself, 0n),
    viewOf(5, { ...gift, kind: "shared", data: "0x01" }, 0n),
  ];
  expect(await brought(views)).toEqual([300n, 400n]);
});

test("nor where the chain's coin is another than the fee's", async () => {
  const views = [viewOf(1, gift, 1_000n * ETHER), viewOf(2, { ...gift, value: 0n }, 0n)];
  expect(await brought(views, { ...chainById(ROLLUP), nativeSymbol: "POL" })).toEqual([200n]);
});
