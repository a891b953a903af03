import type { Hex } from "@sooth/kernel";
import { concatHex, keccak256, numberToHex, slice } from "viem";
import { describe, expect, test } from "vitest";
import { hasEarlyQuorum, hasQuorum } from "../aggregate.ts";
import { packAgreed, unpackEntries } from "../report.ts";
import type { SignerSet } from "../weights.ts";
import type { BatchSignature } from "./batch.ts";
import {
  canSecure,
  chainedHash,
  commitmentOf,
  isHidden,
  packPlaces,
  saltOf,
  unpackPlaces,
} from "./commitment.ts";
import {
  type CommitBatch,
  commitStep,
  type Gathered,
  type OpenedReport,
  type SeatCommitment,
} from "./gathering.ts";
import { isTried, leastSpan, openFrom, pauseAfter, pieceAt } from "./phase.ts";

const SECONDS = 120;
const PHASE = 5;
const COMMIT = 2 * PHASE * SECONDS;
const LATE = COMMIT + 60;
const REVEAL = COMMIT + SECONDS;
const HALF = REVEAL + 60;
const id: Hex = `0x${"1d".repeat(32)}`;
const signature: Hex = `0x${"11".repeat(64)}1b`;
const signers: SignerSet = {
  epoch: 3,
  totalWeight: 4_000n,
  seats: [0, 1, 2, 3].map((seat) => ({ signer: `0x${String(seat).repeat(40)}` as Hex, weight: 1_000n })),
};
const salt = (seat: number): Hex => numberToHex(100 + seat, { size: 32 });
const opened = (seat: number, value: bigint, over: Partial<OpenedReport> = {}): OpenedReport => ({
  seat,
  value,
  signature,
  phase: PHASE,
  salt: salt(seat),
  ...over,
});
const own = (seat: number, value: bigint): Hex =>
  commitmentOf({ question: id, epoch: 3, round: 0, seat, value, salt: salt(seat) });
const held = (seat: number, value: bigint, phase = PHASE): SeatCommitment => ({
  epoch: 3,
  round: 0,
  phase,
  seat,
  commitment: own(seat, value),
  signature,
});
const cosigned = (seat: number, chained: Hex, over: Partial<BatchSignature> = {}): BatchSignature => ({
  epoch: 3,
  round: 0,
  phase: PHASE,
  seat,
  chained,
  signature,
  ...over,
});
const batchOf = (commitments: readonly Hex[], over: Partial<CommitBatch> = {}): CommitBatch => ({
  round: 0,
  phase: PHASE,
  chained: chainedHash(commitments),
  commitments,
  posted: true,
  adopted: false,
  ...over,
});
const step = (
  now: number,
  gathered: Partial<Gathered>,
  over: Partial<Parameters<typeof commitStep>[0]> = {},
) =>
  commitStep({
    id,
    round: 0,
    deadline: 100_000,
    terms: { aggregation: "median", min: 0n, max: 1_000n, secures: 900n },
    signers,
    gathered: { seconds: SECONDS, commitments: [], batches: [], signatures: [], opened: [], ...gathered },
    now,
    isEnough: hasQuorum,
    ...over,
  });
const three = [0, 1, 2].map((seat) => held(seat, 7n));
const four = [...three, held(3, 7n)];
const orderOf = (commitments: readonly SeatCommitment[]) => commitments.map(({ commitment }) => commitment);

describe("pieces of time", () => {
  test("take turns, and two of them are a phase", () => {
    expect(pieceAt(COMMIT, SECONDS)).toEqual({ phase: PHASE, committing: true, from: COMMIT, until: REVEAL });
    expect(pieceAt(REVEAL - 1, SECONDS).committing).toBe(true);
    expect(pieceAt(REVEAL, SECONDS)).toMatchObject({ phase: PHASE, committing: false });
    expect(pieceAt(REVEAL + SECONDS, SECONDS)).toMatchObject({ phase: PHASE + 1, committing: true });
  });
  test("a value is shown a twelfth after the time to reveal began", () => {
    expect(openFrom(PHASE, SECONDS)).toBe(REVEAL + 10);
    expect(openFrom(PHASE, 5)).toBe(11 * 5 + 1);
  });
  test("what nobody answers is tried in every phase for a while, then ever more rarely, and by all in the same", () => {
    const first = 1_001;
    const tried = Array.from({ length: 9_600 }, (_, passed) => first + passed).filter((phase) =>
      isTried(phase, first),
    );
    expect(tried.slice(0, 48)).toEqual(Array.from({ length: 48 }, (_, passed) => first + passed));
    expect(tried.length).toBeLessThan(48 + 24 * 8 + 1);
    for (const [index, phase] of tried.entries())
      expect(phase - (tried[index - 1] ?? first)).toBeLessThanOrEqual(Math.max(1, (phase - first) / 24));
    expect(isTried(first - 500, first)).toBe(true);
  });
  test("in vain twice as long each time, up to a 60th of a piece", () => {
    expect([1, 2, 3, 4, 5, 99].map((tried) => pauseAfter(tried, 600))).toEqual([1, 2, 4, 8, 10, 10]);
    expect(pauseAfter(3, 5)).toBe(1);
  });
  test("whenever it opens, in the least span lie a whole time to commit and its time to reveal", () => {
    for (let opensAt = 0; opensAt < 2 * SECONDS; opensAt += 7) {
      const first = pieceAt(opensAt, SECONDS);
      const next = first.committing ? first.until + SECONDS : first.until;
      expect(next + 2 * SECONDS).toBeLessThanOrEqual(opensAt + leastSpan(SECONDS));
    }
  });
});

describe("what is hashed", () => {
  test("the salt changes with the secret, the evidence and the clarifications", () => {
    const secret = numberToHex(1, { size: 32 });
    const evidence = numberToHex(2, { size: 32 });
    const clarified: Hex = `0x${"0c".repeat(16)}`;
    const all = [
      saltOf({ secret, evidence, clarified: null }),
      saltOf({ secret: evidence, evidence, clarified: null }),
      saltOf({ secret, evidence: secret, clarified: null }),
      saltOf({ secret, evidence, clarified }),
    ];
    expect(new Set(all).size).toBe(4);
    // As anybody can with a calculator: three words, the last one left-aligned.
    expect(all[3]).toBe(keccak256(concatHex([secret, evidence, clarified, `0x${"00".repeat(16)}`])));
  });
  test("all the weight there is must be three times what is secured", () => {
    expect([2_999n, 3_000n].map((weight) => canSecure({ secures: 1_000n }, weight))).toEqual([false, true]);
  });
  test("openings are places and salts, and other lengths are none", () => {
    const places = [
      { place: 2, salt: salt(0) },
      { place: 0, salt: salt(1) },
    ];
    expect(unpackPlaces(packPlaces(places), 2)).toEqual(places);
    expect(unpackPlaces(packPlaces(places), 3)).toBeNull();
    expect(unpackPlaces(slice(packPlaces(places), 1), 2)).toBeNull();
  });
  test("from the tier on values are hidden, but not a root, and not that there is nothing to read", () => {
    const terms = { aggregation: "median", secures: 10n } as const;
    expect(isHidden(terms, 10n, 5n)).toBe(true);
    expect(isHidden(terms, 11n, 5n)).toBe(false);
    expect(isHidden({ ...terms, aggregation: "root" }, 10n, 5n)).toBe(false);
    expect(isHidden(terms, 10n, -(1n << 95n))).toBe(false);
  });
});

describe("in the time to commit", () => {
  test("all seats: a batch at once, in the order of seats", () => {
    expect(step(COMMIT, { commitments: four.toReversed() })).toEqual({
      do: "form",
      phase: PHASE,
      chained: chainedHash(orderOf(four)),
      commitments: four,
    });
  });
  test("a quorum waits for the others to the half", () => {
    expect(step(LATE - 1, { commitments: three })).toMatchObject({
      do: "wait",
      why: "others may commit yet",
    });
    expect(step(LATE, { commitments: three })).toMatchObject({ do: "form", commitments: three });
  });
  test("less than a quorum makes no batch, nor what secures more than a third of who signs", () => {
    expect(step(LATE, { commitments: three.slice(1) })).toMatchObject({
      do: "wait",
      why: "2 of 4 seats committed",
    });
    const terms = { aggregation: "median", min: 0n, max: 1_000n, secures: 1_001n } as const;
    expect(step(LATE, { commitments: three }, { terms })).toMatchObject({ do: "wait" });
  });
  test("early answers take nine tenths", () => {
    expect(step(LATE, { commitments: three }, { isEnough: hasEarlyQuorum })).toMatchObject({ do: "wait" });
    expect(step(LATE, { commitments: four }, { isEnough: hasEarlyQuorum })).toMatchObject({ do: "form" });
  });
  test("a batch is posted once a quorum co-signed it, with what they signed, ascending by seat", () => {
    const batch = batchOf(orderOf(four), { posted: false });
    const { chained } = batch;
    const at = (signatures: readonly BatchSignature[]) =>
      step(COMMIT, { commitments: four, batches: [batch], signatures });
    const signed = [3, 0, 2].map((seat) => cosigned(seat, chained));
    expect(at(signed.slice(1))).toMatchObject({ do: "wait", why: "2 of 4 seats co-signed" });
    expect(at(signed)).toEqual({
      do: "commit",
      phase: PHASE,
      chained,
      seats: 0b1101n,
      signatures: packAgreed(signed.map(({ seat }) => ({ seat, value: 0n, signature }))),
    });
  });
  test("what was signed under another batch, in another phase or by nobody's seat is no signature", () => {
    const batch = batchOf(orderOf(four), { posted: false });
    const { chained } = batch;
    const two = [0, 1].map((seat) => cosigned(seat, chained));
    for (const third of [cosigned(2, id), cosigned(2, chained, { phase: PHASE - 1 }), cosigned(4, chained)])
      expect(step(LATE, { commitments: four, batches: [batch], signatures: [...two, third] })).toMatchObject({
        do: "wait",
      });
  });
  test("another collector's batch that a quorum signed is posted like the own; less of it holds up nothing", () => {
    const theirs = batchOf(orderOf(four), { posted: false, adopted: true });
    const signatures = [0, 1, 2].map((seat) => cosigned(seat, theirs.chained));
    expect(
      step(LATE, { commitments: three, batches: [theirs], signatures: signatures.slice(1) }),
    ).toMatchObject({
      do: "form",
      commitments: three,
    });
    const own = batchOf(orderOf(three), { posted: false });
    const both = { commitments: three, batches: [own, theirs], signatures };
    expect(step(LATE, both)).toMatchObject({ do: "commit", chained: theirs.chained, seats: 0b111n });
  });
  test("there is one batch of a phase: who comes after it is in the next phase's", () => {
    const early = batchOf(orderOf(three), { posted: false });
    expect(step(LATE, { commitments: four, batches: [early] })).toMatchObject({
      do: "wait",
      why: "0 of 4 seats co-signed",
    });
    expect(step(LATE, { commitments: four, batches: [{ ...early, posted: true }] })).toMatchObject({
      do: "wait",
      why: "the batch is on chain",
    });
  });
  test("commitments of another phase or of no seat are nobody's", () => {
    const old = four.map((each) => ({ ...each, phase: PHASE - 1 }));
    expect(step(LATE, { commitments: old })).toMatchObject({ why: "nobody committed yet" });
    const strangers = four.map((each) => ({ ...each, seat: each.seat + 4 }));
    expect(step(LATE, { commitments: strangers })).toMatchObject({ why: "nobody committed yet" });
  });
  test("nothing is posted in the last twelfth, nor what could be revealed after the deadline only", () => {
    expect(step(REVEAL - 10, { commitments: four })).toMatchObject({ do: "wait", until: REVEAL });
    expect(step(LATE, { commitments: four }, { deadline: REVEAL })).toMatchObject({ do: "wait" });
    expect(step(LATE, { commitments: four }, { deadline: REVEAL + 1 })).toMatchObject({ do: "form" });
  });
  test("choices that were shown and make no majority are not gathered again", () => {
    const terms = { aggregation: "plurality", min: 0n, max: 1n, secures: 900n } as const;
    const split = [opened(0, 0n), opened(1, 0n), opened(2, 1n), opened(3, 1n)].map((report) => ({
      ...report,
      phase: PHASE - 1,
    }));
    const again = split.map(({ seat, value }) => held(seat, value));
    expect(step(LATE, { commitments: again, opened: split }, { terms })).toMatchObject({ do: "wait" });
    expect(step(LATE, { commitments: again, opened: split.slice(1) }, { terms })).toMatchObject({
      do: "form",
    });
  });
  test("one small seat that commits and never shows cannot have a split posted again and again", () => {
    const terms = { aggregation: "plurality", min: 0n, max: 1n, secures: 900n } as const;
    const weights = [1_300n, 1_300n, 1_300n, 100n];
    const seats = signers.seats.map((each, seat) => ({ ...each, weight: weights[seat] ?? 0n }));
    const three = [opened(0, 0n), opened(1, 0n), opened(2, 1n)];
    const even = [opened(0, 0n), opened(1, 1n), opened(2, 2n)];
    const at = (shown: OpenedReport[]) => {
      const before = shown.map((report) => ({ ...report, phase: PHASE - 1 }));
      return step(LATE, { commitments: four, opened: before }, { terms, signers: { ...signers, seats } }).do;
    };
    expect([at(three), at(even)]).toEqual(["form", "wait"]);
  });
});

describe("in the time to reveal", () => {
  const commitments = orderOf(four);
  const values = [7n, 9n, 7n, 8n];
  const batch = batchOf(values.map((value, seat) => own(seat, value)));
  const all = values.map((value, seat) => opened(seat, value));

  const bent = (over: Partial<OpenedReport>) => [
    ...all.slice(0, 2),
    ...all.slice(2).map((r) => ({ ...r, ...over })),
  ];

  test("everybody of the batch: entries ascend, and each opening names its place", () => {
    const found = step(REVEAL + 10, { batches: [batch], opened: all });
    if (found.do !== "transmit") throw new Error(found.do);
    expect(unpackEntries(found.entries).map(({ seat, value }) => [seat, value])).toEqual([
      [0, 7n],
      [2, 7n],
      [3, 8n],
      [1, 9n],
    ]);
    expect(unpackPlaces(found.openings, 4)).toEqual(
      [0, 2, 3, 1].map((place) => ({ place, salt: salt(place) })),
    );
    expect(found).toMatchObject({ mode: "committed", phase: PHASE, commitments: batch.commitments });
  });
  test("a quorum of it waits for the others to the half, less forever", () => {
    expect(step(HALF - 1, { batches: [batch], opened: all.slice(1) })).toMatchObject({ do: "wait" });
    expect(step(HALF, { batches: [batch], opened: all.slice(1) })).toMatchObject({ do: "transmit" });
    expect(step(HALF, { batches: [batch], opened: all.slice(2) })).toMatchObject({ do: "wait" });
  });
  test("a batch of fewer than all seats is whole once everybody in it opened: no other can be on chain", () => {
    const small = batchOf(commitments.slice(0, 3));
    const sevens = [0, 1, 2].map((seat) => opened(seat, 7n));
    expect(step(REVEAL + 10, { batches: [small], opened: sevens })).toMatchObject({ do: "transmit" });
  });
  test("a batch that is not on chain, or of another phase, opens nothing", () => {
    const missed = { do: "wait", why: "this phase was missed: no batch that is known here is on chain" };
    expect(step(HALF, { batches: [{ ...batch, posted: false }], opened: all })).toMatchObject(missed);
    expect(step(HALF, { batches: [{ ...batch, phase: PHASE - 1 }], opened: all })).toMatchObject(missed);
  });
  test("a value or a salt that was not committed to is no report, nor one of a phase before", () => {
    expect(step(HALF, { batches: [batch], opened: bent({ value: 3n }) })).toMatchObject({ do: "wait" });
    expect(step(HALF, { batches: [batch], opened: bent({ salt: salt(9) }) })).toMatchObject({ do: "wait" });
    expect(step(HALF, { batches: [batch], opened: bent({ phase: PHASE - 1 }) })).toMatchObject({
      do: "wait",
    });
  });
  test("choices without a majority are no answer", () => {
    const terms = { aggregation: "plurality", min: 0n, max: 9n, secures: 900n } as const;
    expect(step(HALF, { batches: [batch], opened: all }, { terms })).toMatchObject({
      why: "what was revealed makes no answer",
    });
  });
});
