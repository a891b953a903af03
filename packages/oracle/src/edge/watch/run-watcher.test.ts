import { logger } from "@sooth/runtime";
import { keccak256 } from "viem";
import { expect, onTestFinished, test } from "vitest";
import { type Sources, startSources } from "../../../test/sources.ts";
import { numericSchema, termsFor } from "../../../test/people.ts";
import {
  catchRecord,
  evidenceHash,
  plantControl,
  plantError,
  readEvidence,
  seedOf,
  type Shadow,
  type WatchFinding,
} from "../../core/index.ts";
import { runWatcher, type WatchedAnswer, type WatcherOptions } from "./run-watcher.ts";

const WATCHER = `0x${"0b".repeat(20)}` as const;
const SECRET = keccak256("0x01");
const RIGHT = 231_550n;

async function sourcesOf(...names: string[]): Promise<Sources> {
  const sources = await startSources(names);
  onTestFinished(() => sources.stop());
  return sources;
}
const knownOf = (sources: Sources) => {
  const schema = numericSchema({ sources: sources.named });
  return { schema, terms: termsFor(schema, { tolerance: 10n }), right: RIGHT };
};
const answerOf = ({ question, schema, terms, shown }: Shadow): WatchedAnswer => ({
  question,
  schema,
  terms,
  value: shown,
  round: 0,
});

/** Runs until `enough` holds of what was found, and gives it with the evidence. */
async function watch(
  sources: Sources,
  answers: WatcherOptions["answers"],
  enough: (found: readonly WatchFinding[]) => boolean,
  onWrong?: (count: number) => void,
) {
  const stop = new AbortController();
  const found: { finding: WatchFinding; evidence: string }[] = [];
  let told = 0;
  const running = runWatcher({
    answers,
    tools: { allowedOrigins: [sources.origin], retries: 0 },
    now: async () => 1_750_000_100,
    watcher: WATCHER,
    chainId: 1,
    onWrong: async (finding, evidence) => {
      onWrong?.(++told);
      found.push({ finding, evidence });
    },
    pollMs: 10,
    signal: stop.signal,
    log: logger("watcher"),
  });
  await expect.poll(() => enough(found.map(({ finding }) => finding)), { timeout: 15_000 }).toBe(true);
  stop.abort();
  await running;
  return found;
}

test("planted errors among right answers are all caught, each told once, with evidence that reads back", async () => {
  const sources = await sourcesOf("a", "b", "c");
  sources.set({ close: "2315.50" });
  const known = knownOf(sources);
  const shadows = Array.from({ length: 12 }, (_, number) =>
    number % 3 === 0
      ? plantControl(known, seedOf(SECRET, number))
      : plantError(known, seedOf(SECRET, number)),
  ).filter((shadow) => shadow !== null);
  let polls = 0;
  const answers = async () => {
    polls += 1;
    return shadows.map(answerOf);
  };
  // Twice through all of them, and then some: what was told is not told again.
  const found = await watch(sources, answers, (each) => each.length === 8 && polls > 12);
  expect(
    catchRecord(
      shadows,
      found.map(({ finding }) => finding),
    ),
  ).toMatchObject({
    planted: 8,
    caught: 8,
    falseAlarms: 0,
    rate: 10_000,
  });
  for (const { finding, evidence } of found) {
    expect(evidenceHash(evidence)).toBe(finding.evidence);
    expect(readEvidence(evidence)).toMatchObject({
      bundle: { question: finding.question, provider: WATCHER, value: String(RIGHT) },
    });
    expect(sources.asked.length).toBe(shadows.length * 3);
  }
});

test("sources that are away accuse nobody; when they are back, the answer is judged", async () => {
  const sources = await sourcesOf("a");
  const shadow = plantError(knownOf(sources), seedOf(SECRET, 1));
  if (!shadow) throw new Error("no error fits");
  const looked = () => sources.asked.length;
  const found = await watch(
    sources,
    async () => {
      if (looked() === 1) sources.set({ close: "2315.50" });
      return [answerOf(shadow)];
    },
    (each) => each.length === 1,
  );
  expect(looked()).toBe(2);
  expect(found[0]?.finding).toMatchObject({ question: shadow.question, expected: RIGHT, got: shadow.shown });
});

test("what could not be told on is told again, and answers that cannot be seen end nothing", async () => {
  const sources = await sourcesOf("a");
  sources.set({ close: "2315.50" });
  const shadow = plantError(knownOf(sources), seedOf(SECRET, 1));
  if (!shadow) throw new Error("no error fits");
  let polls = 0;
  let told = 0;
  await watch(
    sources,
    async () => {
      if (++polls < 3) throw new Error("the chain is away");
      return [answerOf(shadow)];
    },
    (each) => each.length === 1,
    (count) => {
      told = count;
      if (count === 1) throw new Error("the court is closed");
    },
  );
  expect(told).toBe(2);
});
