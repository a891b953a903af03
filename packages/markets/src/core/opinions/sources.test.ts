import type { Address } from "@sooth/kernel";
import { type QuestionSchema, type Source, schemaComplaint } from "@sooth/oracle/core";
import { expect, test } from "vitest";
import { readsOpinions } from "../../../test/reads-opinions.ts";
import { sourcesComplaint } from "./sources.ts";

const OPINIONS: Address = `0x${"a6".repeat(20)}`;
const THEIRS = `0x${"66".repeat(20)}`;
const CLOSES = 1_800_000_000;
const here = { chainId: 31_337, opinions: OPINIONS };
const open = { closesAt: CLOSES, revealSeconds: 0 };
const read = (over: Partial<QuestionSchema> = {}, terms = open) => {
  const schema = readsOpinions(OPINIONS, CLOSES, over);
  return sourcesComplaint(schema, here, terms);
};
const own = readsOpinions(OPINIONS, CLOSES).sources[0] as Extract<Source, { type: "opinions" }>;
/** Any contract of the asker's that gives a number. */
const dictated: Source = {
  type: "chain",
  name: "a",
  unit: "points",
  scale: 0,
  chainId: 31_337,
  address: THEIRS,
  function: "function score() view returns (uint256)",
  args: [],
  result: 0,
  decimals: 0,
};

test("what the form asks is read from the market's own opinions, in whatever letters its address is written", () => {
  expect(read()).toBeNull();
  expect(
    read({ sources: [{ ...own, families: 2, confidence: 4_000 }], tolerance: "5", unit: "points" }),
  ).toBeNull();
  expect(read({ sources: [{ ...own, address: `0x${"A6".repeat(20)}` }] })).toBeNull();
  expect(read({ observeAt: CLOSES + 3_600 }, { closesAt: CLOSES, revealSeconds: 3_600 })).toBeNull();
});

test.each<[string, Partial<QuestionSchema>, string]>([
  ["nothing", { sources: [] }, "it is not read from opinions"],
  ["opinions of another contract", { sources: [{ ...own, address: THEIRS }] }, "those of another contract"],
  ["opinions of another chain", { sources: [{ ...own, chainId: 1 }] }, "of chain 1"],
  ["others beside them", { sources: [own, dictated, { ...dictated, name: "b" }] }, "3 sources"],
  ["another alone", { sources: [dictated] }, "it is not read from opinions"],
  ["others in their place", { secondary: [dictated] }, "other sources stand in"],
  ["a figure where none can be read", { default: "100" }, "it takes 100"],
  ["the first that says anything", { order: "first" }, "which sources count"],
  ["what was public by then", { discloseBy: CLOSES + 1 }, "which sources count"],
  ["a tenth of what they come to", { sources: [{ ...own, scale: -1 }] }, "multiplied by 10^-1"],
  ["opinions before the last is in", { observeAt: CLOSES - 1 }, "while they can still change"],
  ["another kind of answer", { kind: "numeric" }, "it asks for a numeric"],
])("a score that would be read from %s is refused", (_, over, why) => {
  expect(read(over)).toContain(why);
});

test("hidden stances are told before opinions are read", () => {
  expect(read({}, { closesAt: CLOSES, revealSeconds: 3_600 })).toContain("while they can still change");
});

test("these are schemas that the oracle takes: nobody else refuses them", () => {
  const taken: Partial<QuestionSchema>[] = [
    { sources: [{ ...own, scale: -1 }] },
    { sources: [own, dictated, { ...dictated, name: "b" }] },
    { secondary: [dictated], default: "100" },
  ];
  for (const over of taken) expect(schemaComplaint(readsOpinions(OPINIONS, CLOSES, over))).toBeNull();
});
