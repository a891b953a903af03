import { need } from "@sooth/kernel";
import { describe, expect, test } from "vitest";
import { type AnswerWord, INVALID, seatsOf, TOO_EARLY } from "./answer-word.ts";
import { type HeldReport, isRipe, nextStep, type Situation } from "./decide.ts";
import { unpackReport } from "./report.ts";
import type { Terms } from "./terms.ts";

const signature = `0x${"11".repeat(32)}${"22".repeat(32)}1b` as const;
const terms = (over: Partial<Terms> = {}): Terms => ({
  asker: "0x00000000000000000000000000000000000000aa",
  schema: "0x00",
  aggregation: "plurality",
  min: 0n,
  max: 1000n,
  tolerance: 0n,
  opensAt: 100,
  deadline: 200,
  liveness: 50,
  reward: 5n,
  nonce: 0n,
  domain: 0,
  endsEarly: false,
  secures: 0n,
  ...over,
});
const open = { state: "open", deadline: 200, notBefore: 100, round: 0, rewardSettled: false } as const;
const answered: AnswerWord = {
  state: "answered",
  value: 1n,
  finalizeAt: 170,
  confidence: 7500,
  seats: 7n,
  epoch: 3,
  round: 0,
  rewardSettled: false,
};
const signers = (weights: readonly bigint[]) => ({
  epoch: 3,
  totalWeight: weights.reduce((sum, weight) => sum + weight, 0n),
  seats: weights.map((weight, seat) => ({ signer: `0x${String(seat).padStart(40, "0")}` as const, weight })),
});
const report = (seat: number, value: bigint, over: Partial<HeldReport> = {}): HeldReport => ({
  seat,
  value,
  signature,
  epoch: 3,
  round: 0,
  ...over,
});
const said = (...values: bigint[]) => values.map((value, seat) => report(seat, value));
const step = (over: Partial<Situation>) =>
  nextStep({
    id: `0x${"1d".repeat(32)}`,
    terms: terms(),
    word: open,
    signers: signers([1n, 1n, 1n, 1n]),
    reports: [],
    now: 150,
    ...over,
  });
const median = terms({ aggregation: "median" });
const entriesOf = (taken: ReturnType<typeof step>, seats: bigint) =>
  taken.do === "transmit" && taken.mode === "values"
    ? need(unpackReport(taken.entries, seats, 0n), "entries").map(({ seat, value }) => [seat, value])
    : null;

describe("while open", () => {
  test("waits until reports may start", () => {
    expect(step({ now: 99, reports: [report(0, 1n), report(1, 1n), report(2, 1n)] })).toMatchObject({
      do: "wait",
      until: 100,
    });
  });
  test("waits for a quorum", () => {
    expect(step({ reports: [report(0, 1n), report(1, 1n)] })).toMatchObject({ do: "wait", until: 201 });
    expect(step({ reports: [] })).toMatchObject({ do: "wait", until: 201 });
  });
  test("a bare quorum waits a moment for more, a tenth of its window and half a minute at most", () => {
    const three = said(1n, 1n, 1n);
    const at = (now: number, o: Partial<Situation> = {}) => step({ now, reports: three, ...o });
    expect(at(104)).toMatchObject({ do: "wait", until: 105 });
    expect(at(105).do).toBe("transmit");
    expect(at(104, { reports: said(1n, 1n, 1n, 1n) }).do).toBe("transmit");
    const long = { terms: terms({ liveness: 86_400 }), word: { ...open, deadline: 1_000 } };
    expect(at(129, long)).toMatchObject({ do: "wait", until: 130 });
    expect(at(130, long).do).toBe("transmit");
    // Numbers: one far off is no agreement, and what reopens a question has no window to save.
    expect(at(104, { terms: median, reports: said(1n, 1n, 1n, 900n) }).do).toBe("wait");
    expect(at(104, { terms: median, reports: said(1n, 1n, 1n, 1n) }).do).toBe("transmit");
    expect(at(104, { reports: said(TOO_EARLY, TOO_EARLY, TOO_EARLY) }).do).toBe("transmit");
  });
  test("no quorum is waited with until the deadline is past", () => {
    // As a question that was too early opens again shortly before its deadline: half a minute of patience would outlast it.
    const word = { ...open, notBefore: 188 };
    const late = { terms: terms({ liveness: 86_400 }), word, reports: said(1n, 1n, 1n) };
    expect(step({ ...late, now: 188 })).toMatchObject({ do: "wait", until: 189 });
    expect(step({ ...late, now: 189 }).do).toBe("transmit");
    expect(isRipe(late.terms, word, { weight: 3n, totalWeight: 4n, now: 189 })).toBe(true);
  });
  test("reports that all say the same are ripe exactly when they would be sent", () => {
    const endsEarly = terms({ endsEarly: true });
    for (const now of [99, 100, 104, 105, 150])
      for (const count of [1, 2, 3, 4]) {
        const reports = said(...Array.from({ length: count }, () => 1n));
        const sent = step({ terms: endsEarly, now, reports }).do === "transmit";
        const held = { weight: BigInt(count), totalWeight: 4n, now };
        expect([now, count, isRipe(endsEarly, open, held)]).toEqual([now, count, sent]);
      }
  });
  test("two thirds are not more than two thirds", () => {
    const reports = [report(0, 1n), report(1, 1n)];
    expect(step({ reports, signers: signers([1n, 1n, 1n]) }).do).toBe("wait");
    expect(step({ reports, signers: signers([10n, 11n, 10n]) }).do).toBe("transmit");
  });
  test("equal values of a plurality go as co-signatures", () => {
    const taken = step({ reports: [report(3, 1n), report(0, 1n), report(1, 0n), report(2, 1n)] });
    expect(taken).toMatchObject({ do: "transmit", mode: "agreed", value: 1n });
    expect(taken.do === "transmit" && taken.mode === "agreed" && seatsOf(taken.seats)).toEqual([0, 2, 3]);
  });
  test("a plurality with more than half goes as own values once a quorum reported", () => {
    const five = signers([1n, 1n, 1n, 1n, 1n]);
    const reports = [report(0, 1n), report(1, 0n), report(2, 1n), report(4, 1n)];
    expect(entriesOf(step({ signers: five, reports }), 0b10111n)).toEqual([
      [1, 0n],
      [0, 1n],
      [2, 1n],
      [4, 1n],
    ]);
  });
  test("a split plurality waits", () => {
    expect(step({ reports: [report(0, 1n), report(1, 0n), report(2, 1n), report(3, 0n)] }).do).toBe("wait");
  });
  test("a median goes as own values, ascending, even when all are equal", () => {
    const reports = [report(0, 30n), report(1, 10n), report(2, 20n)];
    expect(entriesOf(step({ terms: median, reports }), 7n)).toEqual([
      [1, 10n],
      [2, 20n],
      [0, 30n],
    ]);
    const same = [report(0, 10n), report(1, 10n), report(2, 10n)];
    expect(step({ terms: median, reports: same })).toMatchObject({ do: "transmit", mode: "values" });
  });
  test.each([TOO_EARLY, INVALID])("sentinel %s goes as co-signatures for every kind", (value) => {
    const reports = [report(0, value), report(1, value), report(2, 20n), report(3, value)];
    expect(step({ terms: median, reports })).toMatchObject({
      do: "transmit",
      mode: "agreed",
      value,
      seats: 0b1011n,
    });
    expect(step({ reports })).toMatchObject({ do: "transmit", mode: "agreed", value });
  });
  test("sentinels do not count towards a quorum of values", () => {
    const reports = [report(0, TOO_EARLY), report(1, 10n), report(2, 20n)];
    expect(step({ terms: median, reports }).do).toBe("wait");
    expect(entriesOf(step({ terms: median, reports: [...reports, report(3, 30n)] }), 0b1110n)).toEqual([
      [1, 10n],
      [2, 20n],
      [3, 30n],
    ]);
  });
  test("reports of another epoch, round or seat are not counted", () => {
    const reports = [
      report(0, 1n),
      report(1, 1n),
      report(2, 1n, { epoch: 2 }),
      report(3, 1n, { round: 1 }),
      report(4, 1n),
    ];
    expect(step({ reports }).do).toBe("wait");
  });
  test("nothing is sent that could land after the deadline", () => {
    const reports = [report(0, 1n), report(1, 1n), report(2, 1n)];
    expect(step({ now: 199, reports }).do).toBe("transmit");
    expect(step({ now: 200, reports })).toMatchObject({ do: "wait", until: 201 });
  });
});

describe("before opensAt", () => {
  const early = terms({ endsEarly: true });
  const ten = signers(Array.from({ length: 10 }, () => 1n));

  test("what may end early is answered by nine tenths of all weight", () => {
    expect(step({ terms: early, now: 99, reports: said(1n, 1n, 1n) })).toMatchObject({
      do: "wait",
      until: 100,
      why: "no quorum yet",
    });
    expect(step({ terms: early, now: 99, reports: said(1n, 1n, 1n, 1n) })).toMatchObject({
      do: "transmit",
      mode: "agreed",
      value: 1n,
      seats: 15n,
    });
    const nine = said(...Array.from({ length: 9 }, () => 1n));
    expect(step({ terms: early, now: 99, signers: ten, reports: nine }).do).toBe("transmit");
    expect(step({ terms: early, now: 99, signers: ten, reports: nine.slice(1) }).do).toBe("wait");
  });
  test("from opensAt on two thirds are enough for the same reports", () => {
    expect(step({ terms: early, now: 105, reports: said(1n, 1n, 1n) }).do).toBe("transmit");
  });
  test("own values and roots need as much", () => {
    const numbers = { ...median, endsEarly: true };
    expect(step({ terms: numbers, now: 99, reports: said(1n, 2n, 3n) }).do).toBe("wait");
    expect(step({ terms: numbers, now: 99, reports: said(1n, 2n, 3n, 4n) })).toMatchObject({
      mode: "values",
    });
    const root = `0x${"ab".repeat(32)}` as const;
    const roots = said(0n, 0n, 0n, 0n).map((each) => ({ ...each, root }));
    const many = terms({ endsEarly: true, aggregation: "root" });
    expect(step({ terms: many, now: 99, reports: roots.slice(1) }).do).toBe("wait");
    expect(step({ terms: many, now: 99, reports: roots })).toMatchObject({ mode: "root", root });
  });
  test("that it is too early is no answer to it", () => {
    const reports = said(TOO_EARLY, TOO_EARLY, TOO_EARLY, TOO_EARLY);
    expect(step({ terms: early, now: 99, reports })).toMatchObject({ do: "wait", until: 100 });
  });
  test("a question that does not end early waits, and so does one that was opened again", () => {
    const reports = said(1n, 1n, 1n, 1n);
    const why = "no report before then";
    expect(step({ now: 99, reports })).toMatchObject({ do: "wait", until: 100, why });
    const again: AnswerWord = { ...open, notBefore: 160 };
    expect(step({ terms: early, word: again, reports })).toMatchObject({ do: "wait", until: 160, why });
  });
});

describe("afterwards", () => {
  test("waits for finality, then settles the reward once", () => {
    expect(step({ word: answered, now: 169 })).toMatchObject({ do: "wait", until: 170 });
    expect(step({ word: answered, now: 170 })).toEqual({ do: "settle_reward" });
    expect(step({ word: { ...answered, rewardSettled: true }, now: 170 }).do).toBe("nothing");
    expect(step({ word: answered, terms: terms({ reward: 0n }), now: 170 }).do).toBe("nothing");
  });
  test("a question without an answer gives the reward back after the deadline", () => {
    expect(step({ now: 200 }).do).toBe("wait");
    expect(step({ now: 201 })).toEqual({ do: "settle_reward" });
  });
  test("an invalid answer does too", () => {
    expect(step({ word: { ...answered, value: INVALID }, now: 170 })).toEqual({ do: "settle_reward" });
  });
  test("one that was never asked is left alone", () => {
    expect(step({ word: { state: "none" } }).do).toBe("nothing");
  });
});
