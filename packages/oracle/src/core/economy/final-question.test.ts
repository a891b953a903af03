import { type Address, at, type Hex } from "@sooth/kernel";
import { concatHex, numberToHex, pad } from "viem";
import { expect, test } from "vitest";
import { INVALID } from "../answer-word.ts";
import { type EndedQuestion, finalQuestion } from "./final-question.ts";
import { lastPeriod, untilOf } from "./period.ts";

const ownerOf = (seat: number): Address => pad(numberToHex(0xa0 + seat), { size: 20 });
const set = [0, 1, 2, 3].map((seat) => ({ owner: ownerOf(seat), weight: 100n }));
const signature: Hex = `0x${"11".repeat(64)}`;
const entry = (seat: number, value: bigint): Hex =>
  concatHex([numberToHex(seat, { size: 1 }), numberToHex(value, { size: 12, signed: true }), signature]);

const ended = (over: Partial<EndedQuestion> = {}): EndedQuestion => ({
  id: pad("0x01", { size: 32 }),
  terms: { aggregation: "median", domain: 2, tolerance: 5n },
  finalAt: 1_000,
  value: 12n,
  signed: {
    value: 12n,
    seats: 0b0111n,
    report: concatHex([entry(0, 10n), entry(2, 12n), entry(1, 14n)]),
    set,
  },
  resigned: [],
  late: new Map(),
  ...over,
});
const values = (question: EndedQuestion) =>
  finalQuestion(question)?.reports.map(({ value, late }) => (late ? "late" : value));

test("everybody seated was assigned, each with what he signed", () => {
  expect(finalQuestion(ended())).toMatchObject({ domain: 2, answer: 12n, numeric: true, tolerance: 5n });
  expect(values(ended())).toEqual([10n, 14n, 12n, null]);
  expect(values(ended({ late: new Map([[ownerOf(3), 9n]]) }))).toEqual([10n, 14n, 12n, "late"]);
});

test("a co-signed value is everybody's who signed; invalid makes nobody right or wrong", () => {
  const signed = {
    value: INVALID,
    seats: 0b1101n,
    report: concatHex([signature, signature, signature]),
    set,
  };
  const question = ended({ value: INVALID, signed });
  expect(finalQuestion(question)?.answer).toBeNull();
  expect(values(question)).toEqual([INVALID, null, INVALID, INVALID]);
});

test("what was signed first is held against what stands in the end, and whoever signed that was no absentee", () => {
  expect(values(ended({ value: 99n, resigned: [ownerOf(3)] }))).toEqual([10n, 14n, 12n, 99n]);
});

test("an owner in two seats counts once, by what he signed", () => {
  const twice = set.with(3, { ...at(set, 0), weight: 1n });
  expect(values(ended({ signed: { ...ended().signed, set: twice } }))).toEqual([10n, 14n, 12n]);
});

test("roots and logs that are no reports count for nobody", () => {
  expect(finalQuestion(ended({ terms: { aggregation: "root", domain: 0, tolerance: 0n } }))).toBeNull();
  expect(finalQuestion(ended({ signed: { ...ended().signed, report: "0x12" } }))).toBeNull();
});

test("a period is over when its end is settled", () => {
  const rules = {
    genesis: 1_000,
    periodSeconds: 100,
    settleSeconds: 10,
    answerSeconds: 50,
    livenessSeconds: 20,
    cooldownSeconds: 0,
    premiumRounds: 1,
  };
  expect(untilOf(rules, 3)).toBe(1_300);
  expect([900, 1_110, 1_111, 1_210, 1_211].map((now) => lastPeriod(rules, now))).toEqual([0, 0, 1, 1, 2]);
});
