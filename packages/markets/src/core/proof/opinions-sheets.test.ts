import { type Amount, canonicalJson, type Hex, need } from "@sooth/kernel";
import { noteOn } from "@sooth/oracle/core";
import { describe, expect, test } from "vitest";
import { OPINIONS, replayed, settledStory } from "../../../test/opinion-story.ts";
import type { Label } from "../analyst/label.ts";
import { type SheetMarket, sheetOf, type SheetPosition } from "../analyst/sheet.ts";
import { textHash } from "../opinions/terms.ts";
import { endOf } from "./opinions-moved.ts";
import { checkSheets, type SheetClaim } from "./opinions-sheets.ts";

const story = settledStory();
const label: Label = {
  stance: 2_600,
  quality: 60,
  parts: { clarity: 15, insight: 15, reasoning: 20, originality: 10 },
  rejection: null,
};
const market: SheetMarket = {
  chainId: 31_337,
  contract: OPINIONS,
  market: story.id,
  question: story.terms.question,
  statement: story.terms.statement,
  rubric: story.terms.rubric,
};
const positions: SheetPosition[] = story.people
  .map(({ owner, band, amount }) => ({
    owner,
    band,
    staked: amount,
    opinion: textHash(`what ${owner} thinks`),
  }))
  .toSorted((a, b) => (a.owner < b.owner ? -1 : 1));

/** The text of a sheet on these positions, which comes to 63. */
function sheetText(
  over: Partial<SheetMarket> = {},
  its: readonly SheetPosition[] = positions,
  families: readonly string[] = ["one"],
): string {
  const labelled = families.map((family) => ({
    analyst: family,
    family,
    model: `${family}-1`,
    prompt: textHash(family),
    settings: {},
    labels: its.map(() => label),
  }));
  const made = sheetOf({ ...market, ...over }, its, labelled);
  if (!("sheet" in made)) throw new Error(made.unscored);
  return canonicalJson(made.sheet);
}

/** A finding that is this, or looks like it. */
const saying = (finding: string | RegExp): unknown =>
  typeof finding === "string" ? finding : expect.stringMatching(finding);

const check = (
  text: string | null,
  over: Partial<SheetClaim> = {},
  others: readonly string[] = [],
  families = 1,
  confidence = 0,
) => {
  const ledger = replayed(story.steps);
  const sheet = text === null ? textHash("none") : textHash(text);
  const claim: SheetClaim = { seat: 2, sheet, said: "63", signed: 6_300n, alone: true, ...over };
  const texts = new Map<Hex, string>(
    [...(text === null ? [] : [text]), ...others].map((one) => [textHash(one), one]),
  );
  const book = need(ledger.markets.get(story.id), "the market");
  const own = { lines: [], findings: [] } as Parameters<typeof noteOn>[0];
  const where = { book, texts, moment: story.question.opensAt, chainId: 31_337, contract: OPINIONS };
  checkSheets(
    [claim],
    { ...where, families, confidence },
    noteOn(own, endOf({ block: 9, at: story.end }), story.id),
  );
  return { told: own.lines.map(({ what }) => what), found: own.findings.map(({ what }) => what) };
};

test("a sheet of the market's opinions gives what its provider signed", () => {
  const { told, found } = check(sheetText());
  expect(found).toEqual([]);
  expect(told).toEqual([
    expect.stringMatching(
      /^the sheet of seat 2: 4 labels each of one \(one-1\) come to 63, confidence \d+, by family in basis points one 6300, under root 0x/,
    ),
    "score of seat 2's labels, as its evidence says: 63",
    "score of seat 2's labels in hundredths, as it signed: 6300",
  ]);
});

test("without a sheet nothing is checked, and that is told; opinions that are given are counted", () => {
  const { owner } = need(story.people[0], "one");
  const { told, found } = check(null, {}, [`what ${owner} thinks`, "what nobody thinks"]);
  expect(found).toEqual([]);
  expect(told).toEqual([
    `no sheet ${textHash("none")} was given for seat 2: its labels are not checked`,
    "1 of 4 opinions were given as texts that hash to what was staked with",
  ]);
});

test("labels of fewer families of models than the question wants are found, however many analysts say them", () => {
  expect(check(sheetText(), {}, [], 2).found).toEqual([
    "the sheet of seat 2 has labels of 1 families of models, its question wants 2",
  ]);
  const two = sheetText({}, positions, ["one", "two"]);
  const { told, found } = check(two, {}, [], 2);
  expect(found).toEqual([]);
  expect(told).toContain(
    "the sheet of seat 2 has labels of as many families of models as its question wants",
  );
  expect(check(two, {}, [], 3).found).toHaveLength(1);
  // A family that is named and labelled nothing.
  const padded = sheetText().replace(
    '"families":[{"family":"one","scoreBps":6300}]',
    '"families":[{"family":"one","scoreBps":6300},{"family":"two","scoreBps":6300}]',
  );
  expect(padded).not.toBe(sheetText());
  expect(check(padded, {}, [], 2).found).toEqual([
    "the sheet of seat 2 does not hold: its families are not those of its labels",
  ]);
});

test("labels of less confidence than the question wants are found: one family alone has half at most", () => {
  const { found } = check(sheetText(), {}, [], 1, 5_001);
  expect(found).toEqual([
    expect.stringMatching(/^the sheet of seat 2 has a confidence of \d+, its question wants 5001$/),
  ]);
  const { told, found: none } = check(sheetText(), {}, [], 1, 1);
  expect(none).toEqual([]);
  expect(told).toContain("the sheet of seat 2 has the confidence that its question wants, 1");
});

describe("a sheet that does not hold is found", () => {
  const [first, ...rest] = positions;
  const one = need(first, "a position");
  test.each<[string, () => ReturnType<typeof check>, string | RegExp]>([
    [
      "another score was signed",
      () => check(sheetText(), { signed: 6_400n }),
      "score of seat 2's labels in hundredths, as it signed: it is 6300, the log says 6400",
    ],
    [
      "the evidence says another",
      () => check(sheetText(), { said: "64" }),
      "score of seat 2's labels, as its evidence says: it is 63, the log says 64",
    ],
    ["the evidence says none", () => check(sheetText(), { said: null }), /it is 63, the log says NaN$/],
    [
      "labels that do not come to its score",
      () => check(sheetText().replace('"score":63', '"score":64')),
      /^the sheet of seat 2 does not hold: /,
    ],
    [
      "a label under another root",
      () => check(sheetText().replace('"reason":""', '"reason":"so"')),
      /^the sheet of seat 2 does not hold: its root/,
    ],
    ["no sheet at all", () => check("what"), "the sheet of seat 2 does not hold: it is not JSON"],
    [
      "of another market",
      () => check(sheetText({ market: textHash("m") })),
      "the sheet of seat 2 is of another market, statement or rubric",
    ],
    [
      "of another rubric",
      () => check(sheetText({ rubric: textHash("r") })),
      "the sheet of seat 2 is of another market, statement or rubric",
    ],
    [
      "of another contract",
      () => check(sheetText({ contract: `0x${"11".repeat(20)}` })),
      "the sheet of seat 2 is of another market, statement or rubric",
    ],
    [
      "an opinion left out",
      () => check(sheetText({}, rest)),
      "the sheet of seat 2 has 3 opinions, 1 of the market's 4 are not among them",
    ],
    [
      "opinions that are said to be left over",
      () => check(sheetText().replace('"root":', '"rest":{"opinions":1,"staked":"1"},"root":')),
      /^the sheet of seat 2 does not hold: it names 4 opinions and leaves out 1/,
    ],
    [
      "a stake that was another",
      () => check(sheetText({}, [{ ...one, staked: (one.staked + 1n) as Amount }, ...rest])),
      "the sheet of seat 2 has 4 opinions, 1 of the market's 4 are not among them",
    ],
    [
      "another text",
      () => check(sheetText({}, [{ ...one, opinion: textHash("x") }, ...rest])),
      "the sheet of seat 2 has 4 opinions, 1 of the market's 4 are not among them",
    ],
  ])("%s", (_, run, finding) => {
    expect(run().found).toContainEqual(saying(finding));
  });

  test("what other sources went into is told, not judged", () => {
    const { told, found } = check(sheetText(), { signed: 6_400n, alone: false });
    expect(found).toEqual([]);
    expect(told).toContain("seat 2 signed 6400, of other sources too");
  });
});
