import { expect, test } from "vitest";
import { approvalWarnings, differingLabels, type ScrutinisedSheet, type Scrutiny } from "./warnings.ts";

const label = (owner: string, stance: number, keep = true) => ({ owner, stance, keep });
const sheet = (some: Partial<ScrutinisedSheet> = {}): ScrutinisedSheet => ({
  score: 50,
  confidence: 5_000,
  families: [{ scoreBps: 5_000 }],
  positions: ["a", "b", "c"].map((owner) => ({ owner, staked: "10" })),
  analysts: [{ labels: [label("a", 5_000), label("b", -5_000), label("c", 0)] }],
  ...some,
});
const found = (some: Partial<Scrutiny> = {}): Scrutiny => ({
  result: { score: 50, confidence: 8_000, count: 3 },
  minConfidence: 6_000,
  crowd: 4_800,
  sheets: [sheet(), sheet()],
  unreadable: 0,
  ...some,
});
const result = (some: Partial<Scrutiny["result"]>) => ({ result: { ...found().result, ...some } });

test("a plain result is told without a warning", () => expect(approvalWarnings(found())).toEqual([]));

test.each<[string, Partial<Scrutiny>]>([
  ["low_confidence", result({ confidence: 6_999 })],
  ["near_bound", { ...result({ score: 5 }), crowd: 1_000 }],
  ["near_bound", { ...result({ score: 95 }), crowd: 9_000 }],
  ["few_opinions", result({ count: 2 })],
  ["far_from_crowd", { crowd: 8_100 }],
  ["unsure_sheets", { sheets: [sheet(), sheet({ confidence: 4_999 })] }],
  ["unreadable_sheets", { unreadable: 1 }],
  ["spread", { sheets: [sheet(), sheet({ score: 61, families: [] })] }],
  ["spread", { sheets: [sheet({ families: [{ scoreBps: 4_000 }, { scoreBps: 6_000 }] })] }],
  ["labels_differ", { sheets: [sheet(), sheet({ analysts: [{ labels: [label("a", -100)] }] })] }],
  [
    "one_large_stake",
    { sheets: [sheet({ positions: ["51", "49"].map((staked) => ({ owner: "a", staked })) })] },
  ],
])("%s is said", (kind, some) =>
  expect(approvalWarnings(found(some)).map((one) => one.kind)).toEqual([kind]),
);

test("labels differ where one keeps what another does not, or they stand on different sides", () => {
  const analysts = (labels: ReturnType<typeof label>[]) => ({ analysts: [{ labels }] });
  expect([...differingLabels([analysts([label("a", 10)]), analysts([label("a", 9_000)])])]).toEqual([]);
  expect([...differingLabels([analysts([label("a", 10)]), analysts([label("a", -10)])])]).toEqual(["a"]);
  expect([...differingLabels([analysts([label("a", 10)]), analysts([label("a", 10, false)])])]).toEqual([
    "a",
  ]);
  // What nobody kept stands nowhere.
  expect([...differingLabels([analysts([label("a", 10, false), label("a", -10, false)])])]).toEqual([]);
});
