import { expect, test } from "vitest";
import { INVALID } from "./answer-word.ts";
import { type Explained, explain } from "./explain.ts";
import { questionSchema } from "./wire.ts";

const schema = questionSchema.parse({
  version: 1,
  text: "The price of ETH?",
  kind: "numeric",
  decimals: 2,
  unit: "USD",
  observeAt: 1_750_000_000,
});
const word = {
  state: "answered",
  value: 231_550n,
  finalizeAt: 1_750_003_600,
  confidence: 7500,
  seats: 7n,
  epoch: 1,
  round: 0,
  rewardSettled: false,
} as const;
const base: Explained = {
  schema,
  terms: {
    asker: "0x00000000000000000000000000000000000000aa",
    schema: "0x00",
    aggregation: "median",
    min: 0n,
    max: 10_000_000n,
    tolerance: 100n,
    opensAt: 1_750_000_000,
    deadline: 1_750_086_400,
    liveness: 3600,
    reward: 0n,
    nonce: 0n,
    domain: 0,
    endsEarly: false,
    secures: 0n,
  },
  word,
  reports: [
    { value: 231_500n, weight: 100n, counted: true },
    { value: 231_550n, weight: 100n, counted: true },
    { value: 231_600n, weight: 100n, counted: true },
    { value: 999_900n, weight: 100n, counted: false },
  ],
  totalWeight: 400n,
  answeredAt: 1_750_000_000,
  reopenings: [],
  now: 1_750_003_599,
};

test("an answer, step by step with its numbers", () => {
  expect(explain(base)).toEqual([
    "3 providers with 75.0% of all weight signed the reports that the contract accepted; more than two thirds were needed.",
    "They said: 1 × 2,315 USD, 1 × 2,315.5 USD, 1 × 2,316 USD.",
    "The answer is the weighted median, 2,315.5 USD: 66.6% of their weight lies at or below it, and less than half lies below.",
    "75.0% of all weight signed a value within the tolerance: the confidence is 75.0%.",
    "1 more report did not go into the answer.",
    "It becomes final at 15 Jun 2025, 16:06:40 UTC.",
  ]);
});

const saying = (value: bigint) => explain({ ...base, word: { ...word, value } });
test("an answer at an end of the bounds stands for what lies beyond as well", () => {
  expect(saying(10_000_000n)).toContain(
    "Answers are held between the bounds: 100,000 USD means that or more.",
  );
  expect(saying(0n)).toContain("Answers are held between the bounds: 0 USD means that or less.");
  expect(saying(1n).join()).not.toContain("held between");
});

test("finality, a plurality and reopenings", () => {
  const bool = { ...schema, kind: "bool" as const, outcomes: ["No", "Yes"] };
  const lines = explain({
    ...base,
    schema: bool,
    terms: { ...base.terms, aggregation: "plurality", max: 1n, tolerance: 0n },
    word: { ...word, value: 1n, round: 1 },
    reports: [0n, 1n, 1n, 1n].map((value) => ({ value, weight: 100n, counted: true })),
    reopenings: [{ round: 1, notBefore: 1_750_000_060 }],
    now: 1_750_003_600,
  });
  expect(lines[0]).toBe(
    "Round 0: more than two thirds of the weight said that it was too early; the question opened again at 15 Jun 2025, 15:07:40 UTC.",
  );
  expect(lines).toContain("They said: 1 × No, 3 × Yes.");
  expect(lines).toContain("The answer is Yes, signed by 75.0% of all weight; more than half was needed.");
  expect(lines.at(-1)).toBe("Final since 15 Jun 2025, 16:06:40 UTC: Yes.");
});

test("what may end early says how much weight that takes, before and after", () => {
  const terms = { ...base.terms, endsEarly: true };
  const open = {
    state: "open",
    deadline: 1_750_086_400,
    notBefore: 1_750_000_000,
    round: 0,
    rewardSettled: false,
  } as const;
  const before = { ...base, terms, word: open, answeredAt: null, now: 1_749_999_999 };
  expect(explain({ ...before, reports: base.reports.slice(0, 1) })).toEqual([
    "Providers may report from 15 Jun 2025, 15:06:40 UTC on, or before, if it has ended by then.",
    "1 provider reported, with 25.0% of all weight; what they said is sealed until the question is answered.",
    "Before that moment an answer needs reports with nine tenths of all weight, from then on with more than two thirds.",
  ]);
  expect(explain({ ...before, word: { ...open, notBefore: 1_750_000_060 } })).toEqual([
    "Providers may report from 15 Jun 2025, 15:07:40 UTC on.",
  ]);
  expect(explain({ ...base, terms, answeredAt: 1_749_999_999 })[0]).toContain(
    "so early nine tenths were needed.",
  );
});

test("invalid by quorum, and by silence", () => {
  const reports = [INVALID, INVALID, INVALID].map((value) => ({ value, weight: 100n, counted: true }));
  expect(explain({ ...base, word: { ...word, value: INVALID }, reports, now: 1_750_003_600 }).at(-1)).toBe(
    "Invalid since 15 Jun 2025, 16:06:40 UTC: everybody is refunded.",
  );
  const open = {
    state: "open",
    deadline: 1_750_086_400,
    notBefore: 1_750_000_000,
    round: 0,
    rewardSettled: false,
  } as const;
  expect(explain({ ...base, word: open, reports: [], now: 1_750_086_401 })).toEqual([
    "No quorum answered by 16 Jun 2025, 15:06:40 UTC, so the question is invalid and everybody is refunded.",
    "No provider has reported.",
  ]);
  expect(explain({ ...base, word: open, reports: [], now: 1_749_999_999 })).toEqual([
    "Providers may report from 15 Jun 2025, 15:06:40 UTC on.",
  ]);
  expect(explain({ ...base, word: open, reports: base.reports.slice(0, 1), now: 1_750_000_001 })).toContain(
    "1 provider reported, with 25.0% of all weight; what they said is sealed until the question is answered.",
  );
});

test("what a jury found carries nobody's signature, and says so", () => {
  const found = { ...word, ruled: true, confidence: 0, seats: 0n };
  expect(explain({ ...base, word: found, reports: [], now: word.finalizeAt })).toEqual([
    "It was decided in a dispute: the answer is 2,315.5 USD, and no provider's signature stands behind it.",
    expect.stringMatching(/^Final since .*: 2,315.5 USD\.$/),
  ]);
});
