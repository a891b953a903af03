import { type Chain, chainById, type DirectLane } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { MethodNotFoundRpcError } from "viem";
import { expect, test, vi } from "vitest";
import {
  type BundleShown,
  type Fact,
  type Leg,
  legHash,
  legsHashOf,
  NO_RESULT,
  NOBODY,
  STANDALONE,
} from "../../core/index.ts";
import { jobOf } from "./desks.ts";
import type { Asked } from "./ports.ts";
import { type Outcome, Station } from "./station.ts";

const ROLLUP = 31_338;
const contract: Hex = `0x${"11".repeat(20)}`;
const leg: Leg = {
  chainId: ROLLUP,
  kind: "value",
  target: contract,
  value: 0n,
  gasLimit: 30_000,
  data: "0x",
  ...STANDALONE,
  salt: NO_RESULT,
};
const view: BundleShown = {
  id: `0x${"1d".repeat(32)}`,
  bundle: {
    owner: NOBODY,
    mode: "ordered",
    legs: 1,
    deadline: 2_000,
    legsHash: legsHashOf([legHash(leg)]),
    fee: 0n,
    salt: 0n,
  },
  legs: [leg],
  hashes: [legHash(leg)],
  hub: { now: 1_000, paused: false, outcome: "open", base: 7n, fee: 0n, settled: false },
  chains: new Map([[ROLLUP, { now: 1_000, paused: false }]]),
  shown: [{ state: "none", result: NO_RESULT, relayer: NOBODY, failures: 0 }],
};
const opened: Fact = {
  kind: "opened",
  base: 7n,
  index: 0,
  owner: NOBODY,
  deadline: 2_000,
  leg: legHash(leg),
};

/** What a station asks, one time after the other, of attesters that answer so. */
async function asks(answers: readonly Asked[]): Promise<{ asked: (readonly Fact[])[]; outcome: Outcome }> {
  const asked: (readonly Fact[])[] = [];
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const station = new Station({
    chain: { definition: chainById(ROLLUP) } as Chain,
    lanes: [{ hasRoom: true } as DirectLane],
    context: {
      addresses: { bundleHub: contract, settler: contract, escrow: contract },
      relayer: NOBODY,
      returned: () => "0x",
      consentOf: () => undefined,
    },
    evidence: {
      ask: (facts) => {
        asked.push(facts);
        return Promise.resolve(answers[asked.length - 1] ?? { missing: facts, why: "no more answers" });
      },
    },
    affords: () => true,
    mayFail: () => false,
    settled: (_, outcome) => resolve(outcome),
    signal: new AbortController().signal,
    log: logger("test"),
  });
  station.put(jobOf(view, { do: "run", leg: 0, facts: [opened] }, performance.now()));
  return { outcome: await promise, asked };
}

const late: Asked = { missing: [], why: "the others have not answered", isLate: true };

test("of attesters that are slow the same batch is asked again", async () => {
  const { asked, outcome } = await asks([late, late]);
  expect(asked).toEqual([[opened], [opened], [opened]]);
  expect(outcome).toEqual({ kind: "unattested", why: "no more answers" });
});

test("not for ever, and not what is refused", async () => {
  expect((await asks(Array.from({ length: 9 }, () => late))).asked).toHaveLength(5);
  expect((await asks([{ missing: [], why: "too many batches" }])).asked).toHaveLength(1);
});

const batch = { root: NO_RESULT, epoch: 1, validUntil: 9_999, seats: 7n, signatures: "0x" } as const;

test("of two halves the one that was sent is under way, though the other could not be", async () => {
  // Together they fail; then the node answers nothing, and then that it tries no calls: what is left is sent untried.
  const reverts = { status: "0x0", returnData: "0x", gasUsed: "0x0", error: { message: "reverts" } };
  const request = vi
    .fn<() => Promise<unknown>>()
    .mockResolvedValueOnce([{ calls: [reverts] }])
    .mockRejectedValueOnce(new Error("the node is gone"))
    .mockRejectedValue(new MethodNotFoundRpcError(new Error("no such method")));
  const told: [string, Outcome][] = [];
  const send = vi.fn<() => Promise<{ used: Promise<null> }>>(() =>
    Promise.resolve({ used: new Promise<null>(() => {}) }),
  );
  const lane = {
    hasRoom: true,
    isOpen: true,
    inFlight: 0,
    account: contract,
    balance: 0n,
    market: null,
    send,
  };
  const station = new Station({
    chain: { definition: chainById(ROLLUP), client: { request } } as unknown as Chain,
    lanes: [lane as unknown as DirectLane],
    context: {
      addresses: { bundleHub: contract, settler: contract, escrow: contract },
      relayer: NOBODY,
      returned: () => "0x",
      consentOf: () => undefined,
    },
    evidence: { ask: (facts) => Promise.resolve({ batch: { ...batch, facts } }) },
    affords: () => true,
    mayFail: () => false,
    settled: ({ view: { id } }, outcome) => told.push([id, outcome]),
    signal: new AbortController().signal,
    log: logger("test"),
  });
  const other: BundleShown = { ...view, id: `0x${"2d".repeat(32)}`, hub: { ...view.hub, base: 9n } };
  station.put(jobOf(view, { do: "run", leg: 0, facts: [opened] }, 0));
  station.put(jobOf(other, { do: "run", leg: 0, facts: [{ ...opened, base: 9n }] }, 0));
  await vi.waitFor(() => expect(told).toHaveLength(1));
  expect(send).toHaveBeenCalledTimes(1);
  expect(told).toEqual([[view.id, { kind: "held_back", why: "error" }]]);
});
