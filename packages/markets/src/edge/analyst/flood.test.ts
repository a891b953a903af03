import { at, canonicalJson, type Hex } from "@sooth/kernel";
import type { ReadMarket } from "@sooth/oracle";
import { nanoDollars } from "@sooth/oracle/core";
import { afterEach, expect, test } from "vitest";
import { claudeStage, FAIR, MARKET, opinionIn, says } from "../../../test/analyst/claude-stage.ts";
import { bytesOf, type LabelSheet, MOST_LABELLED, MOST_SHEET_BYTES, readSheet } from "../../core/index.ts";
import type { Analyst } from "./analyst.ts";
import { offlineAnalyst } from "./analysts/offline.ts";
import { openPanel } from "./panel.ts";

const ZERO: Hex = `0x${"00".repeat(32)}`;
type ReadPosition = ReadMarket["positions"][number];
const signal = new AbortController().signal;
/** What PROVIDER_ANALYST_DAILY_DOLLARS and PROVIDER_ANALYST_MARKET_DOLLARS are where nobody sets them. */
const CAPS = { dayCap: nanoDollars("20"), marketCap: nanoDollars("10"), patienceMs: 100_000 };
let stage: Awaited<ReturnType<typeof claudeStage>> | undefined;
afterEach(async () => {
  await stage?.messages.stop();
  stage = undefined;
});

const position = (index: number, staked: bigint, text: string): ReadPosition => ({
  owner: `0x${(index + 1).toString(16).padStart(40, "0")}`,
  band: 10,
  staked,
  opinion: `0x${(index + 1).toString(16).padStart(64, "0")}`,
  text,
});
const marketOf = (positions: readonly ReadPosition[]): ReadMarket => ({
  chainId: 31_337,
  contract: `0x${"aa".repeat(20)}`,
  market: MARKET,
  question: `0x${"02".repeat(32)}`,
  statement: "Zoos should be closed",
  statementHash: `0x${"03".repeat(32)}`,
  rubricHash: ZERO,
  positions,
});
async function sheetOf(analysts: readonly Analyst[], positions: readonly ReadPosition[]) {
  const assessed = await openPanel(analysts).assess(marketOf(positions), signal);
  if (!assessed.scored) throw new Error(assessed.why);
  const read = readSheet(assessed.sheet);
  if ("complaint" in read) throw new Error(read.complaint);
  return { sheet: read.sheet, bytes: bytesOf(assessed.sheet).length };
}
const keptBy = ({ analysts }: LabelSheet, index: number) =>
  at(analysts, index).labels.filter(({ keep }) => keep).length;

const HONEST = "Animals suffer in small cages, and go mad with boredom behind glass.";

test("2,000 opinions are labelled by two families of models within the caps that nobody set", async () => {
  stage = await claudeStage(says({ ...FAIR, stance: 90 }));
  const { analyst, market } = await stage.analystOf(CAPS);
  const crowd = Array.from({ length: 2_000 }, (_, index) =>
    position(index, 500_000n, `${HONEST} I saw it in park number ${index}.`),
  );
  const { sheet, bytes } = await sheetOf([offlineAnalyst(), analyst], crowd);
  expect([keptBy(sheet, 0), keptBy(sheet, 1), sheet.rest]).toEqual([2_000, 2_000, undefined]);
  expect(sheet.families.map(({ family }) => family)).toEqual(["offline", "claude"]);
  expect(bytes).toBeLessThan(MOST_SHEET_BYTES);
  expect(market.spentToday()).toBeLessThan(nanoDollars("10"));
}, 120_000);

/** Says wholly for of honest texts, wholly against of what the flood brings. */
const flooded = () =>
  claudeStage((request) =>
    says({ ...FAIR, stance: opinionIn(request).startsWith(HONEST) ? 100 : -100, clarity: 12 }),
  );
const honest = (count: number) =>
  Array.from({ length: count }, (_, index) => position(index, 10_000_000n, `${HONEST} Number ${index}.`));
const flood = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) =>
    position(from + index, 500_000n, `Zoos are no prison at all, ${index} times over.`),
  );

test("a flood of least stakes that the budget does not hold takes no weight from larger stakes, and voids nothing", async () => {
  stage = await flooded();
  const { analyst, market } = await stage.analystOf({ ...CAPS, marketCap: nanoDollars("0.4") });
  const { sheet } = await sheetOf([analyst], [...honest(60), ...flood(60, 500)]);
  const labels = new Map(at(sheet.analysts, 0).labels.map((label) => [label.owner, label]));
  const large = sheet.positions.filter(({ staked }) => staked === "10000000");
  expect(large.every(({ owner }) => labels.get(owner)?.keep)).toBe(true);
  const left = [...labels.values()].filter(({ reason }) => reason === "not_labelled").length;
  expect(left).toBeGreaterThan(0);
  expect(sheet.score).toBeGreaterThan(70);
  expect(market.spentToday()).toBeLessThanOrEqual(nanoDollars("0.4"));
}, 120_000);

const quick = (family: string, reason = ""): Analyst => ({
  analyst: family,
  family,
  model: "m".repeat(120),
  prompt: ZERO,
  settings: {},
  label: async ({ texts }) => ({
    done: true,
    labels: texts.map((text) => ({
      stance: text.startsWith(HONEST) ? 10_000 : -10_000,
      quality: 100,
      parts: { clarity: 20, insight: 30, reasoning: 30, originality: 20 },
      rejection: null,
      note: reason,
    })),
  }),
});

test("a sheet names the largest stakes of a market of 12,000 and sums up the rest; it fits, whatever is said in it", async () => {
  const positions = [...flood(50, 11_950), ...honest(50)];
  const both = [quick("one"), quick("two", '"'.repeat(200))];
  const { sheet, bytes } = await sheetOf(both, positions);
  expect(sheet.positions).toHaveLength(MOST_LABELLED);
  expect(sheet.rest).toEqual({ opinions: 8_000, staked: String(8_000n * 500_000n) });
  const named = new Set(sheet.positions.map(({ owner }) => owner));
  expect(honest(50).every(({ owner }) => named.has(owner))).toBe(true);
  expect(bytes).toBeLessThan(MOST_SHEET_BYTES);
  // Named are 2,475 dollars of 6,475, of which the largest stakes are few: what nobody labelled is stake that nobody kept.
  expect(sheet.confidence).toBe(3_822);
  expect(openPanel(both).reads(MARKET, positions)).toHaveLength(MOST_LABELLED);
}, 60_000);

test("a budget that ends before half of the stake is labelled gives no score", async () => {
  stage = await flooded();
  const { analyst } = await stage.analystOf({ ...CAPS, marketCap: nanoDollars("0.06") });
  const assessed = await openPanel([analyst]).assess(marketOf(flood(0, 400)), signal);
  expect(assessed.scored ? "scored" : assessed.why).toMatch(
    /^claude: labels of \d+ percent of the stake, and 50 are needed$/,
  );
}, 60_000);

test.each<[string, (sheet: LabelSheet) => void, string]>([
  [
    "a smaller stake was labelled than one that was not",
    ({ analysts }) => {
      // Of the two larger stakes.
      Object.assign(at(at(analysts, 0).labels, 1), {
        keep: false,
        quality: 0,
        stance: 0,
        parts: { clarity: 0, insight: 0, reasoning: 0, originality: 0 },
        reason: "not_labelled",
      });
    },
    "one left out a larger stake than it labelled",
  ],
  [
    "opinions are left out that had room",
    (sheet) => Object.assign(sheet, { rest: { opinions: 1, staked: "1" } }),
    "it names 3 opinions and leaves out 1",
  ],
])("where %s the sheet does not hold", async (_, change, complaint) => {
  const { sheet } = await sheetOf([quick("one")], [...flood(2, 1), ...honest(2)]);
  change(sheet);
  const read = readSheet(canonicalJson(sheet));
  expect("complaint" in read && read.complaint).toContain(complaint);
});
