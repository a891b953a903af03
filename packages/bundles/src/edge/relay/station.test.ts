import { type Chain, chainById, type DirectLane } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { MethodNotFoundRpcError } from "viem";
import { afterEach, expect, test, vi } from "vitest";
import { type BundleShown, type Fact, legHash, NO_RESULT, NOBODY } from "../../core/index.ts";
import { plainLeg, ROLLUP, shownBundle } from "../../../test/shown.ts";
import { jobOf } from "./desks.ts";
import type { Asked } from "./ports.ts";
import { type Outcome, Station } from "./station.ts";

afterEach(() => vi.useRealTimers());

const contract: Hex = `0x${"11".repeat(20)}`;
const leg = plainLeg({ kind: "value", target: contract });
const view = shownBundle([leg]);
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

test.each([
  ["was believed when it was tried", "0x1", 1],
  ["made the try fail", "0x0", 2],
])("evidence that %s is asked for as often as that wants", async (_, status, times) => {
  const tried = { status, returnData: "0x", gasUsed: "0x5208", logs: [], error: { message: "reverts" } };
  const ask = vi.fn<(facts: readonly Fact[]) => Promise<Asked>>((facts) =>
    Promise.resolve({ batch: { ...batch, facts } }),
  );
  const told: Outcome[] = [];
  const station = new Station({
    chain: {
      definition: chainById(ROLLUP),
      client: { request: () => Promise.resolve([{ calls: [tried] }]) },
    } as unknown as Chain,
    lanes: [
      { hasRoom: true, isOpen: true, inFlight: 0, account: contract, balance: 0n, market: null },
    ] as unknown as DirectLane[],
    context: {
      addresses: { bundleHub: contract, settler: contract, escrow: contract },
      relayer: NOBODY,
      returned: () => "0x",
      consentOf: () => undefined,
    },
    evidence: { ask },
    affords: () => true,
    mayFail: () => false,
    settled: (_job, outcome) => told.push(outcome),
    signal: new AbortController().signal,
    log: logger("test"),
  });
  for (const count of [1, 2]) {
    station.put(jobOf(view, { do: "run", leg: 0, facts: [{ ...opened }] }, 0));
    await vi.waitFor(() => expect(told).toHaveLength(count));
  }
  expect(told).toEqual(Array.from({ length: 2 }, () => expect.objectContaining({ kind: "held_back" })));
  expect(ask).toHaveBeenCalledTimes(times);
});

test("what came a moment ago leaves with what comes in the next, though another batch ends meanwhile", async () => {
  vi.useFakeTimers();
  const asked: (readonly Fact[])[] = [];
  const first = Promise.withResolvers<Asked>();
  const told: string[] = [];
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
        return asked.length === 1 ? first.promise : Promise.resolve({ missing: facts, why: "none" });
      },
    },
    affords: () => true,
    mayFail: () => false,
    settled: ({ view: { id } }) => told.push(id),
    signal: new AbortController().signal,
    log: logger("test"),
  });
  const put = (byte: string, base: bigint) => {
    const other: BundleShown = { ...view, id: `0x${byte.repeat(32)}`, hub: { ...view.hub, base } };
    station.put(jobOf(other, { do: "run", leg: 0, facts: [{ ...opened, base }] }, 0));
  };
  put("01", 1n);
  await vi.advanceTimersByTimeAsync(25);
  expect(asked).toHaveLength(1);
  put("02", 2n);
  first.resolve({ missing: [{ ...opened, base: 1n }], why: "none" });
  await vi.advanceTimersByTimeAsync(10);
  expect(told).toHaveLength(1);
  put("03", 3n);
  await vi.advanceTimersByTimeAsync(14);
  expect(asked).toHaveLength(1);
  // By then the first of them has waited for as long as any does.
  await vi.advanceTimersByTimeAsync(1);
  expect(asked.map((facts) => facts.length)).toEqual([1, 2]);
  expect(told).toHaveLength(3);
});
