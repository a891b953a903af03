import { need } from "@sooth/kernel";
import { expect, test } from "vitest";
import { asked, boolSchema, OPENS } from "../../../test/people.ts";
import type { Terms } from "../../core/index.ts";
import type { KnownQuestion } from "./chain-view.ts";
import { chooseNext, newProgress } from "./schedule.ts";

const GOOD = "https://read.test";
const tools = { allowedOrigins: [GOOD, "https://read.too.test"], signal: new AbortController().signal };
const source = (name: string, origin: string) => ({
  name,
  url: `${origin}/{observeAt}`,
  path: "p",
  unit: "USD",
});
let nonce = 0n;
const questionOn = (origins: readonly string[], over: Partial<Terms> = {}): KnownQuestion => {
  nonce += 1n;
  const sources = origins.map((origin, index) => source(`s${index}`, origin));
  return { ...asked(boolSchema({ sources }), { nonce, ...over }), fault: null, clarifications: [] };
};
const many = (count: number, origins: readonly string[]) =>
  Array.from({ length: count }, () => questionOn(origins));
const progressOf = (questions: readonly KnownQuestion[]) =>
  new Map(questions.map((question) => [question.id, newProgress(question, tools)]));

test.each<[string, string[], boolean]>([
  ["the only source", [GOOD], true],
  ["two of three", [GOOD, "https://nobody.test", GOOD], true],
  ["one of two", [GOOD, "https://nobody.test"], false],
  ["one of three", ["https://nobody.test", GOOD, "https://other.test"], false],
  ["none", ["https://nobody.test"], false],
  ["none, though it begins alike", [`${GOOD}.evil.test`], false],
])("a question of which %s may be read", (_, origins, readable) => {
  expect(newProgress(questionOn(origins), tools).readable).toBe(readable);
});

test("hundreds of questions that cannot be read or never answer do not hold up one that does", () => {
  const unreadable = many(500, ["https://nobody.test"]);
  const dead = many(300, [GOOD]);
  const real = questionOn([GOOD]);
  const opened = [...unreadable, ...dead];
  const progress = progressOf([...opened, real]);
  const order: string[] = [];
  let answeredAt: number | null = null;
  // Ten minutes of polls, eight tries each; every try of the dead fails, and the real one is asked after a minute.
  for (let second = 0; second < 600; second++) {
    if (second === 60) opened.push(real);
    const now = { epochs: new Map([[0, 1]]), chain: OPENS + second, machine: second * 1_000 };
    for (const { id } of chooseNext(opened, progress, now, 8)) {
      const known = need(progress.get(id), id);
      order.push(id);
      if (id === real.id) {
        known.epoch = 1;
        answeredAt = second;
      } else {
        known.pausedUntil = now.machine + Math.min(60_000, 1_000 * 2 ** known.failures);
        known.failures += 1;
      }
      known.triedAt = now.machine;
    }
  }
  expect(answeredAt).toBe(60);
  expect(unreadable.filter(({ id }) => order.includes(id))).toEqual([]);
  // Nobody among the dead starves either.
  const tries = new Map(dead.map(({ id }) => [id, order.filter((each) => each === id).length]));
  expect(Math.min(...tries.values())).toBeGreaterThanOrEqual(10);
});

test("what is busy, done, abandoned, paused or not yet due waits; among equals the nearest deadline comes first", () => {
  const late = questionOn([GOOD], { deadline: OPENS + 900 });
  const soon = questionOn([GOOD], { deadline: OPENS + 90 });
  const others = many(5, [GOOD]);
  const opened = [...others, late, soon];
  const progress = progressOf(opened);
  const states = [{ busy: true }, { epoch: 1 }, { abandoned: true }, { pausedUntil: 6 }, { from: OPENS + 1 }];
  for (const [index, state] of states.entries())
    Object.assign(need(progress.get(need(others[index], "one").id), "progress"), state);
  const choose = (now: object, room = 9) =>
    chooseNext(opened, progress, { epochs: new Map([[0, 1]]), chain: OPENS, machine: 5, ...now }, room);
  expect(choose({})).toEqual([soon, late]);
  expect(choose({}, 1)).toEqual([soon]);
  expect(choose({}, 0)).toEqual([]);
  expect(choose({ epochs: new Map([[0, 2]]), chain: OPENS + 1, machine: 6 })).toHaveLength(5);
});
