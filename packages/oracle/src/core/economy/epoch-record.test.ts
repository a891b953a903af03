import { type Address, at, type Hex, need } from "@sooth/kernel";
import * as fc from "fast-check";
import { numberToHex, pad } from "viem";
import { describe, expect, test } from "vitest";
import {
  type EpochInput,
  epochRecords,
  type FinalQuestion,
  type FinalReport,
  informationOf,
} from "./epoch-record.ts";
import { epochTree } from "./epoch-tree.ts";
import { WAD } from "./fixed-point.ts";

const DAY = 86_400;
const START = 1_750_000_000;
const rules = { cooldown: 7 * DAY, premiumRounds: 100 };

const ownerOf = (index: number): Address => pad(numberToHex(0xa0 + index), { size: 20 });
const reportsOf = (...values: (bigint | null)[]): FinalReport[] =>
  values.map((value, i) => ({ owner: ownerOf(i), value, weight: 100n }));
const question = (
  index: number,
  values: (bigint | null)[],
  rest: Partial<FinalQuestion> = {},
): FinalQuestion => ({
  id: pad(numberToHex(index + 1), { size: 32 }),
  domain: 1,
  finalAt: START + (index + 1) * DAY,
  answer: 1n,
  numeric: false,
  tolerance: 0n,
  market: [],
  reports: reportsOf(...values),
  ...rest,
});
const run = (questions: readonly FinalQuestion[], rest: Partial<EpochInput> = {}) =>
  epochRecords({
    since: START,
    until: START + 400 * DAY,
    previous: [],
    questions,
    clusters: new Map(),
    rules,
    ...rest,
  });
const first = (questions: readonly FinalQuestion[], rest: Partial<EpochInput> = {}) =>
  at(run(questions, rest).records, 0);
const days = (count: number, values: (bigint | null)[], rest: Partial<FinalQuestion> = {}, from = 0) =>
  Array.from({ length: count }, (_, i) => question(from + i, values, rest));

const about = (...values: bigint[]) =>
  informationOf(question(0, values, { numeric: true, answer: 100n, tolerance: 5n }));
const rootOf = (questions: readonly FinalQuestion[]) => epochTree(3, run(questions).records).root;

describe("what a question tells", () => {
  test("is the floor when all say the same, and what divided providers and market otherwise", () => {
    expect(informationOf(question(0, [1n, 1n, 1n]))).toBe(WAD / 50n);
    expect(informationOf(question(0, [1n, 1n, 0n, 0n]))).toBe(WAD);
    expect(informationOf(question(0, [1n, 1n], { market: [500n, 500n] }))).toBe(WAD);
    expect(informationOf(question(0, [1n, null]))).toBe(WAD / 50n);
  });

  test("numbers within tolerance of the answer are one opinion", () => {
    expect(about(95n, 100n, 105n)).toBe(WAD / 50n);
    expect(about(94n, 100n)).toBe(WAD);
    expect(about(84n, 94n, 106n, 116n)).toBe(WAD);
    expect(about(-100n, -90n)).toBe(about(290n, 300n));
  });
});

describe("right and wrong", () => {
  test("count what the question told, mistakes three times", () => {
    const [right, wrong] = run([question(0, [1n, 0n])]).records;
    expect(right?.counts).toEqual({ right: WAD, wrong: 0n, at: START + DAY });
    expect(wrong?.counts).toEqual({ right: 0n, wrong: 3n * WAD, at: START + DAY });
    expect(need(right, "a record").score).toBeGreaterThan(need(wrong, "a record").score);
  });

  test("a question without an answer makes nobody right or wrong", () => {
    const record = first([question(0, [1n, 0n], { answer: null })]);
    expect([record.counts.right, record.counts.wrong, record.rounds]).toEqual([0n, 0n, 0]);
  });

  test("domains are apart", () => {
    const { records } = run([question(0, [1n, 0n]), question(1, [0n, 1n], { domain: 2 })]);
    expect(records.map(({ domain, owner, counts }) => [domain, owner, counts.right])).toEqual([
      [1, ownerOf(0), WAD],
      [1, ownerOf(1), 0n],
      [2, ownerOf(0), 0n],
      [2, ownerOf(1), WAD],
    ]);
  });

  test("whoever is idle returns to where everybody starts", () => {
    const { records } = run(days(50, [1n, 0n]));
    const later = first([], { previous: records, since: START + 400 * DAY, until: START + 9_000 * DAY });
    expect(at(records, 0).score).toBeGreaterThan(254);
    expect([later.score, later.factorBps]).toEqual([254, 1_000]);
  });

  test("premium needs both the score and the rounds", () => {
    // The same day, so that nothing decays: 200 questions that divided the providers.
    const busy = (count: number) => days(count, [1n, 0n], { finalAt: START + 1 });
    const now = { until: START + 1 };
    expect(first(busy(200), now)).toMatchObject({ premium: true, rounds: 200, factorBps: 10_000 });
    expect(first(busy(200), { ...now, rules: { ...rules, premiumRounds: 201 } }).premium).toBe(false);
    expect(first(busy(50), { ...now, rules: { ...rules, premiumRounds: 1 } })).toMatchObject({
      premium: false,
    });
  });
});

describe("misses", () => {
  test("are counted in a row, and any report ends the row", () => {
    expect(first(days(2, [null, 1n])).strikes).toBe(2);
    const ended = first([...days(2, [null, 1n]), question(2, [0n, 1n])]);
    expect([ended.strikes, ended.suspendedUntil]).toEqual([0, 0]);
  });

  test("three in a row suspend from the third on, and nothing weighs meanwhile", () => {
    const questions = days(3, [null, 1n]);
    const until = START + 3 * DAY + rules.cooldown;
    const during = first(questions, { until: until - 1 });
    expect(during).toMatchObject({ strikes: 3, suspendedUntil: until, factorBps: 0, premium: false });
    expect(first(questions, { until }).factorBps).toBe(1_000);
  });

  test("a report that was signed in time and left out ends the row, and counts for nothing", () => {
    const reports: FinalReport[] = [
      { owner: ownerOf(0), value: null, weight: 100n, late: true },
      { owner: ownerOf(1), value: 1n, weight: 100n },
    ];
    const record = first([...days(2, [null, 1n]), question(2, [], { reports })]);
    expect([record.strikes, record.rounds, record.counts.right]).toEqual([0, 0, 0n]);
  });

  test("while suspended are not punished again", () => {
    const record = first(days(9, [null, 1n]), { until: START + 9 * DAY });
    expect([record.strikes, record.suspendedUntil]).toEqual([3, START + 3 * DAY + rules.cooldown]);
  });

  test("after a suspension, half is the most until five right answers", () => {
    // One who was believed in full before.
    const trusted = days(200, [1n, 0n]);
    const away = days(3, [null, 1n], {}, 200);
    const back = (count: number) =>
      first([...trusted, ...away, ...days(count, [1n, 0n], {}, 212)], { until: START + 220 * DAY });
    expect(back(0)).toMatchObject({ factorBps: 5_000, probation: 5, premium: false });
    expect(back(4)).toMatchObject({ factorBps: 5_000, probation: 1 });
    expect(back(5).factorBps).toBeGreaterThan(9_000);
  });

  test("right answers from before the suspension ended, and wrong ones, end no probation", () => {
    const away = days(3, [null, 1n]);
    const early = first([...away, ...days(5, [1n, 0n], {}, 4)]);
    const wrong = first([...away, ...days(5, [0n, 1n], {}, 20)]);
    expect([early.probation, wrong.probation]).toEqual([5, 5]);
  });
});

describe("numbers outside tolerance", () => {
  const numeric = { numeric: true, tolerance: 10n, answer: 100n };
  const off = (index: number, value: bigint) => question(index, [value, 100n], numeric);

  test("the first in 30 days is a warning, the next costs", () => {
    const { records, faults } = run([off(0, 120n), off(10, 150n), off(60, 120n)]);
    expect(at(records, 0)).toMatchObject({ warnings: 2, outsideAt: START + 61 * DAY });
    expect(faults).toEqual([{ owner: ownerOf(0), question: off(10, 0n).id, ppm: 5_000 }]);
  });

  test("the edge of the tolerance is inside, and a wrong choice is the court's affair", () => {
    const { records, faults } = run([off(0, 110n), off(1, 90n), ...days(5, [0n, 1n], {}, 5)]);
    expect([at(records, 0).warnings, faults]).toEqual([0, []]);
  });
});

describe("an epoch", () => {
  const anyReport = fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, fc.bigInt({ min: -3n, max: 3n }));
  const anyQuestions = fc.array(
    fc.record({
      domain: fc.integer({ min: 1, max: 2 }),
      // Often at the same second.
      finalAt: fc.integer({ min: 1, max: 40 }).map((day) => START + day * DAY),
      answer: fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, fc.bigInt({ min: -3n, max: 3n })),
      numeric: fc.boolean(),
      tolerance: fc.bigInt({ min: 0n, max: 2n }),
      market: fc.array(fc.bigInt({ min: 0n, max: 100n }), { maxLength: 3 }),
      values: fc.array(anyReport, { minLength: 1, maxLength: 5 }),
    }),
    { maxLength: 40 },
  );
  type Drawn = { values: (bigint | null)[] } & Partial<FinalQuestion>;
  const questionsOf = (drawn: readonly Drawn[]) =>
    drawn.map(({ values, ...rest }, i) => question(i, values, rest));
  test("is the same whatever order it is given in", () => {
    fc.assert(
      fc.property(anyQuestions, fc.infiniteStream(fc.nat()), (drawn, keys) => {
        const questions = questionsOf(drawn);
        const shuffled = questions
          .map((one) => ({ key: need(keys.next().value, "a number"), one }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ one }) => ({ ...one, reports: one.reports.toReversed() }));
        expect(run(shuffled)).toEqual(run(questions));
        expect(rootOf(shuffled)).toBe(rootOf(questions));
      }),
    );
  });

  test("after another gives what both give at once", () => {
    fc.assert(
      fc.property(anyQuestions, fc.integer({ min: 0, max: 41 }), (drawn, day) => {
        const questions = questionsOf(drawn);
        const middle = START + day * DAY;
        const before = run(questions, { until: middle });
        const after = run(questions, { since: middle, previous: before.records });
        expect(after.records).toEqual(run(questions).records);
        expect([...before.faults, ...after.faults]).toEqual(run(questions).faults);
      }),
    );
  });

  test("keeps every number within its field", () => {
    fc.assert(
      fc.property(anyQuestions, (drawn) => {
        for (const record of run(questionsOf(drawn), { until: START + 40 * DAY }).records) {
          expect(record.score).toBeGreaterThanOrEqual(0);
          expect(record.score).toBeLessThanOrEqual(1_000);
          expect(record.factorBps === 0).toBe(record.suspendedUntil > START + 40 * DAY);
          expect(record.factorBps).toBeLessThanOrEqual(record.probation > 0 ? 5_000 : 10_000);
          expect(record.strikes).toBeLessThanOrEqual(255);
        }
      }),
    );
  });

  test("takes questions after its beginning and up to its end", () => {
    const questions = days(3, [1n, 0n]);
    const record = first(questions, { since: START + DAY, until: START + 2 * DAY });
    expect(record.rounds).toBe(1);
  });

  test("refuses what it would count twice", () => {
    const twice = question(0, [1n]);
    const same = { ...twice, id: twice.id.toUpperCase().replace("0X", "0x") as Hex };
    expect(() => run([twice, same])).toThrow("counts it once");
    expect(() => run([{ ...twice, reports: [...twice.reports, ...twice.reports] }])).toThrow(
      "counts it once",
    );
  });

  test("names clusters, whatever the case of an owner's letters", () => {
    const shouting = ownerOf(10).toUpperCase().replace("0X", "0x") as Address;
    const reports = [{ owner: shouting, value: 1n, weight: 1n }];
    const record = first([question(0, [], { reports })], { clusters: new Map([[ownerOf(10), 4]]) });
    expect([record.owner, record.cluster]).toEqual([ownerOf(10), 4]);
  });
});
