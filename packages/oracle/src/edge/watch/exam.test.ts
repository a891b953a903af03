import { registry, logger } from "@sooth/runtime";
import { keccak256 } from "viem";
import { expect, test } from "vitest";
import { asked, numericSchema } from "../../../test/people.ts";
import type { WatchFinding } from "../../core/index.ts";
import { examination } from "./exam.ts";
import type { WatchedAnswer } from "./run-watcher.ts";

const SECRET = keccak256("0x02");
const RIGHT = 231_550n;
const answers = (count: number, url = "https://k.test/{observeAt}"): WatchedAnswer[] =>
  Array.from({ length: count }, (_, index) => {
    const schema = numericSchema({ sources: [{ name: "k", url, path: "p", unit: "USD" }] });
    const { id, terms } = asked(schema, { nonce: BigInt(index), tolerance: 10n });
    return { question: id, schema, terms, value: RIGHT, round: 1 };
  });
const found = ({ question, value }: WatchedAnswer, expected = RIGHT): WatchFinding => ({
  question,
  expected,
  got: value,
  evidence: "0x01",
  severity: 3,
});
async function outcomes(): Promise<Record<string, number>> {
  const metric = await registry.getSingleMetric("oracle_watcher_shadows_total")?.get();
  return Object.fromEntries((metric?.values ?? []).map(({ labels, value }) => [labels.outcome, value]));
}
const open = () => examination({ secret: SECRET, log: logger("exam") });
const plantedAmong = (exam: ReturnType<typeof open>, now = 0) =>
  exam.among([], now).filter(({ question }) => exam.isPlanted(question));

test("of ten right answers one comes again with a wrong value, under a name that no contract holds", () => {
  const exam = open();
  const real = answers(10);
  for (const answer of real.slice(0, 9)) exam.onRight(answer, 0);
  expect(plantedAmong(exam)).toEqual([]);
  exam.onRight(real[9] as WatchedAnswer, 0);
  const [shadow, ...others] = plantedAmong(exam);
  expect(others).toEqual([]);
  expect(shadow).toMatchObject({ schema: real[9]?.schema, round: 1 });
  expect(shadow?.value).not.toBe(RIGHT);
  expect(real.map(({ question }) => question)).not.toContain(shadow?.question);
  expect(exam.among(real, 0)).toHaveLength(11);
});

test("caught, missed, a false alarm, left alone: each is counted, once, and told to nobody", async () => {
  const exam = open();
  const real = answers(50);
  for (const answer of real) exam.onRight(answer, 0);
  const shadows = plantedAmong(exam);
  const errors = shadows.filter(({ value }) => value !== RIGHT);
  const control = shadows.find(({ value }) => value === RIGHT);
  expect([errors.length, control === undefined]).toEqual([4, false]);
  const before = await outcomes();
  const [first, second, third] = errors as [WatchedAnswer, WatchedAnswer, WatchedAnswer];
  expect(exam.onWrong(found(first))).toBe(true);
  expect(exam.onWrong(found(first))).toBe(false);
  exam.onRight(second, 0);
  // That something is wrong, without knowing what is right, is no catch.
  exam.onWrong(found(third, RIGHT + 5_000n));
  exam.onRight(control as WatchedAnswer, 0);
  const after = await outcomes();
  const rose = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
  expect([rose("caught"), rose("missed"), rose("left_alone"), rose("false_alarm")]).toEqual([1, 2, 1, 0]);
  expect(plantedAmong(exam)).toHaveLength(1);
  expect(exam.onWrong(found(real[0] as WatchedAnswer))).toBe(false);
});

test("what moves is not planted, and what cannot be read within ten minutes says nothing", async () => {
  const exam = open();
  for (const answer of answers(20, "https://k.test/now")) exam.onRight(answer, 0);
  expect(plantedAmong(exam)).toEqual([]);
  for (const answer of answers(10)) exam.onRight(answer, 0);
  const [shadow] = plantedAmong(exam, 599_999);
  expect(shadow).toBeDefined();
  const before = await outcomes();
  expect(plantedAmong(exam, 600_000)).toEqual([]);
  expect(((await outcomes())["untold"] ?? 0) - (before["untold"] ?? 0)).toBe(1);
});
