import { type Address, type Amount, at, type Bps, type Hex } from "@sooth/kernel";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RULES } from "../rules/bands.ts";
import {
  badOpinionTerms,
  doorOf,
  mostAt,
  opinionMarketId,
  opinionTermsHash,
  type OpinionTerms,
  type ScoreQuestion,
  stanceCommitment,
  textHash,
} from "./terms.ts";

type Case = Omit<OpinionTerms, "rule" | "leastStake" | "mostStake" | "quietMost"> & {
  rule: number;
  leastStake: string;
  mostStake: string;
  quietMost: string;
  termsHash: Hex;
  door: string;
  id: Hex;
  stance: { market: Hex; owner: Address; band: number; salt: Hex; commitment: Hex };
};
const file = new URL("../../../../../vectors/opinions.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] };

test("terms, doors, ids and commitments are those of the contract", () => {
  expect(cases).toHaveLength(24);
  for (const { termsHash, door, id, stance, ...one } of cases) {
    const terms = {
      ...one,
      rule: at(RULES, one.rule),
      leastStake: BigInt(one.leastStake) as Amount,
      mostStake: BigInt(one.mostStake) as Amount,
      quietMost: BigInt(one.quietMost) as Amount,
    };
    expect(opinionTermsHash(terms)).toBe(termsHash);
    expect(doorOf(terms)).toBe(BigInt(door));
    expect(opinionMarketId(terms)).toBe(id);
    const { market, owner, band, salt, commitment } = stance;
    expect(stanceCommitment(market, owner, band, salt)).toBe(commitment);
  }
});

test("a text is named by its SHA-256", () => {
  expect(textHash("abc")).toBe("0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

const NOW = 1_800_000_000;
const DAY = 86_400;
const good: OpinionTerms = {
  question: `0x${"11".repeat(32)}`,
  statement: `0x${"22".repeat(32)}`,
  rubric: `0x${"33".repeat(32)}`,
  creator: `0x${"44".repeat(20)}`,
  closesAt: NOW + 3 * DAY,
  revealSeconds: 0,
  quietSeconds: 3_600,
  feeBps: 200 as Bps,
  prizeBps: 500 as Bps,
  prizes: 3,
  minConfidence: 6_000,
  rule: "fourth",
  leastStake: 500_000n as Amount,
  mostStake: 10_000_000n as Amount,
  quietMost: 1_000_000n as Amount,
};
const asked: ScoreQuestion = {
  aggregation: "median",
  min: 0n,
  max: 10_000n,
  opensAt: good.closesAt,
  endsEarly: false,
};
const bounds = { leastSeconds: DAY, mostSeconds: 14 * DAY, leastStake: 500_000n, mostStake: 500_000_000n };
const wrong = (terms: Partial<OpinionTerms>, question: Partial<ScoreQuestion> = {}) =>
  badOpinionTerms({ ...good, ...terms }, { question: { ...asked, ...question }, bounds, now: NOW });

test.each<[string | null, Partial<OpinionTerms>, Partial<ScoreQuestion>?]>([
  [null, {}],
  [null, { feeBps: 1_000 as Bps, prizeBps: 5_000 as Bps, prizes: 16 }],
  ["creator", { creator: `0x${"00".repeat(20)}` }],
  ["feeBps", { feeBps: 1_001 as Bps }],
  ["prizeBps", { prizeBps: 5_001 as Bps }],
  ["prizes", { prizes: 0 }],
  ["prizes", { prizes: 17 }],
  ["minConfidence", { minConfidence: 10_001 }],
  ["stakes", { leastStake: 499_999n as Amount }],
  ["stakes", { quietMost: 499_999n as Amount }],
  ["stakes", { quietMost: 10_000_001n as Amount }],
  ["stakes", { mostStake: 500_000_001n as Amount }],
  ["closesAt", { closesAt: NOW + DAY - 1 }],
  ["closesAt", { closesAt: NOW + 14 * DAY + 1 }],
  ["quietSeconds", { quietSeconds: 3 * DAY + 1 }],
  ["revealSeconds", { revealSeconds: 7 * DAY + 1 }],
  ["kind", {}, { max: 9_999n }],
  ["kind", {}, { aggregation: "plurality" }],
  ["opensAt", {}, { opensAt: good.closesAt - 1 }],
  ["revealSeconds", { revealSeconds: 3_599 }],
  ["opensAt", { revealSeconds: 3_600 }],
  ["opensAt", {}, { opensAt: good.closesAt + 7 * DAY + 1 }],
  ["opensAt", {}, { endsEarly: true }],
])("%s: %o %o", (what, terms, question) => expect(wrong(terms, question)).toBe(what));

test("stakes are small while it is quiet", () => {
  expect(mostAt(good, good.closesAt - 3_601)).toBe(good.mostStake);
  expect(mostAt(good, good.closesAt - 3_600)).toBe(good.quietMost);
});
