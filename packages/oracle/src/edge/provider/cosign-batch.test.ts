import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Hex } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { numberToHex, recoverTypedDataAddress } from "viem";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  addresses,
  asked,
  CHAIN_ID,
  clock,
  numericSchema,
  OPENS,
  seatOf,
  signers,
  WEIGHT,
} from "../../../test/people.ts";
import { batchTypedData, chainedHash, commitmentTypedData, cosignFrom } from "../../core/index.ts";
import type { CosignedBatch, ShownBatch } from "./api-client.ts";
import type { ReportCollector } from "./collectors.ts";
import { cosignBatch } from "./cosign-batch.ts";
import { openJournal } from "./journal.ts";
import type { Reporter } from "./report-question.ts";

const SECONDS = 120;
const PHASE = Math.ceil(OPENS / (2 * SECONDS));
const COMMIT = 2 * PHASE * SECONDS;
const LATE = cosignFrom(PHASE, SECONDS);
const EPOCH = 2;
const domain = { chainId: CHAIN_ID, oracle: addresses.oracle };
const question = asked(numericSchema(), { deadline: OPENS + 100_000 });
const of = { question: question.id, epoch: EPOCH, round: 0, phase: PHASE };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "sooth-cosign-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const hidden = (seat: number, secret = 0): Hex => numberToHex(1_000 * secret + seat + 1, { size: 32 });
/** A batch of these seats; `secret` tells apart what one seat committed to twice. */
async function batchOf(
  seats: readonly number[],
  over: { secret?: number; by?: number } = {},
): Promise<ShownBatch> {
  const commitments = await Promise.all(
    seats.map(async (seat) => {
      const commitment = hidden(seat, seat === 3 ? over.secret : 0);
      const key = seatOf(seat === 3 ? (over.by ?? 3) : seat);
      return {
        seat,
        commitment,
        signature: await key.signTypedData(commitmentTypedData(domain, { ...of, commitment })),
      };
    }),
  );
  const chained = chainedHash(commitments.map(({ commitment }) => commitment));
  return { ...of, chained, posted: false, cosigned: 0, commitments };
}

type Shows = readonly ShownBatch[] | "away";
/** One attempt of seat 0 at `now`, among collectors that show this; what was handed to each. */
async function attempt(
  shows: readonly Shows[],
  o: { now?: number; commitment?: Hex | null } = {},
): Promise<{ done: boolean; handed: CosignedBatch[][] }> {
  const handed = shows.map((): CosignedBatch[] => []);
  const collectors = shows.map((batches, index) => ({
    url: `http://${index}.test`,
    batches: async () => {
      if (batches === "away") throw new Error("away");
      return [...batches];
    },
    cosign: async (signed: CosignedBatch) => {
      if (batches === "away") throw new Error("away");
      if (!batches.some(({ chained }) => chained === signed.chained))
        return { outcome: "later", code: "http.503", message: "no" };
      handed[index]?.push(signed);
      return { outcome: "accepted" };
    },
  })) as unknown as ReportCollector[];
  const journal = await openJournal({
    file: path.join(folder, "signed.jsonl"),
    signer: seatOf(0).address,
    domain: `${CHAIN_ID}:${addresses.oracle}`,
    now: 0,
  });
  const view = {
    now: o.now ?? COMMIT,
    signers: async () => ({
      epoch: EPOCH,
      totalWeight: 4n * WEIGHT,
      seats: signers.map(({ address }) => ({ signer: address.toLowerCase(), weight: WEIGHT })),
    }),
  };
  const reporter = {
    hub: clock(OPENS).chain,
    addresses,
    account: seatOf(0),
    view,
    journal,
    collectors,
    log: logger("test"),
  } as unknown as Reporter;
  const { commitment = hidden(0) } = o;
  const own = {
    epoch: EPOCH,
    round: 0,
    phase: PHASE,
    seat: 0,
    commitment,
    seconds: SECONDS,
    deadline: OPENS + 100_000,
  };
  const done = await cosignBatch(reporter, { ...question, fault: null, clarifications: [] }, own);
  await journal.close();
  return { done, handed };
}
const ALL = [0, 1, 2, 3];

test("a batch with every seat is signed for whoever shows it, as the contract asks for it", async () => {
  const whole = await batchOf(ALL);
  const { done, handed } = await attempt([[whole], [whole]]);
  expect(done).toBe(true);
  const [[first], [second]] = handed as [[CosignedBatch], [CosignedBatch]];
  expect(second).toEqual(first);
  const typed = batchTypedData(domain, { ...of, chained: whole.chained as Hex });
  expect(await recoverTypedDataAddress({ ...typed, signature: first.signature as Hex })).toBe(
    seatOf(0).address,
  );
});

test("one that is away holds up nobody, and is asked again", async () => {
  const whole = await batchOf(ALL);
  const { done, handed } = await attempt(["away", [whole]]);
  expect([done, handed.map(({ length }) => length)]).toEqual([false, [0, 1]]);
});

test("who shows two batches with commitments of his own gets a signature under one, also from a node started again", async () => {
  const [one, two] = await Promise.all([batchOf(ALL, { secret: 1 }), batchOf(ALL, { secret: 2 })]);
  const lower = BigInt(one.chained) < BigInt(two.chained) ? one : two;
  const other = lower === one ? two : one;
  const { handed } = await attempt([[one, two]]);
  expect(handed[0]?.map(({ chained }) => chained)).toEqual([lower.chained]);
  // Each attempt opens the journal anew, as a node that was killed does.
  const again = await attempt([[other]], { now: LATE });
  expect([again.done, again.handed]).toEqual([false, [[]]]);
  const repeated = await attempt([[other, lower]], { now: LATE });
  expect(repeated.handed).toEqual(handed);
});

test.each([
  ["whose commitments somebody else signed", () => batchOf(ALL, { by: 2 })],
  ["with a seat in it twice", async () => ({ ...(await batchOf([0, 1, 2, 3, 3])) })],
  ["without this node", () => batchOf([1, 2, 3])],
  ["of less than a quorum", () => batchOf([0, 1])],
  ["of another epoch", async () => ({ ...(await batchOf(ALL)), epoch: EPOCH + 1 })],
  ["of another phase", async () => ({ ...(await batchOf(ALL)), phase: PHASE - 1 })],
])("a batch %s is not signed", async (_, make) => {
  expect(await attempt([[await make()]], { now: LATE })).toEqual({ done: false, handed: [[]] });
});

test("a batch that lacks a seat is signed when every collector had the time to show a larger one", async () => {
  const [part, whole] = await Promise.all([batchOf([0, 1, 2]), batchOf(ALL)]);
  expect((await attempt([[part], [part]], { now: LATE - 1 })).handed).toEqual([[], []]);
  const { done, handed } = await attempt([[part], [whole]], { now: LATE });
  expect(done).toBe(false);
  expect(handed.map((each) => each.map(({ chained }) => chained))).toEqual([[], [whole.chained]]);
});

test("who had nothing to commit to signs what holds nothing of his, and nothing that claims to", async () => {
  const [others, all] = await Promise.all([batchOf([1, 2, 3]), batchOf(ALL)]);
  expect((await attempt([[all]], { now: LATE, commitment: null })).handed).toEqual([[]]);
  const { handed } = await attempt([[others]], { now: LATE, commitment: null });
  expect(handed[0]?.map(({ chained }) => chained)).toEqual([others.chained]);
});
