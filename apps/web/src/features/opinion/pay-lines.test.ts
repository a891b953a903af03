import type { Amount, Bps } from "@sooth/kernel";
import { at } from "@sooth/kernel";
import { BANDS, dueOf, type Ended, prizeOf, type Rule, RULES, type Shares, tally } from "@sooth/markets/core";
import { expect, test } from "vitest";
import type { OpinionMarket } from "../../api.ts";
import { cameTo, PARTS, payLines, sumOf } from "./pay-lines.ts";

type Said = { owner: string; band: number | null; amount: string };
const SAID: readonly Said[] = [
  { owner: "0xa1", band: 13, amount: "1000003" },
  { owner: "0xb2", band: 4, amount: "777777" },
  { owner: "0xc3", band: 13, amount: "59" },
  { owner: "0xd4", band: 20, amount: "12345678" },
  { owner: "0xe5", band: null, amount: "400001" },
];
const sum = (values: readonly bigint[]) => values.reduce((all, one) => all + one, 0n);
const staked = (said: readonly Said[]) => sum(said.map(({ amount }) => BigInt(amount)));

/** A market of these opinions, ended in one way, and what a claim of each pays by the contract's mirror. */
function ended(rule: Rule, ending: "scored" | "undrawn" | "void", winners: readonly string[] = []) {
  const shares: Shares = { rule, feeBps: 237 as Bps, prizeBps: 1_111 as Bps, prizes: 3 };
  const totals = Array.from({ length: BANDS }, (_, band) =>
    staked(SAID.filter((one) => one.band === band)),
  ) as Amount[];
  const untold = staked(SAID.filter(({ band }) => band === null)) as Amount;
  const told = tally(totals, 61, rule);
  const prize = String(prizeOf(told.total, shares));
  const market = {
    bands: totals.map((one) => ({ staked: String(one) })),
    hidden: { staked: String(untold) },
    terms: shares,
    result: ending === "void" ? null : { score: 61, undrawn: ending === "undrawn" },
    prizes: winners.map((winner, index) => ({ prize: index, winner, amount: prize })),
  } as unknown as OpinionMarket;
  const facts: Ended = { ending, shares, tally: ending === "void" ? null : told, untold };
  const due = ({ band, amount }: Said) =>
    dueOf({ band, amount: BigInt(amount) as Amount, paid: false, shared: false }, facts);
  return { market, due, prize: BigInt(prize) };
}

test.each(RULES)("by the rule %s the lines of every opinion are what a claim pays, to the unit", (rule) => {
  for (const ending of ["scored", "undrawn", "void"] as const) {
    const { market, due } = ended(rule, ending);
    for (const one of SAID) {
      const lines = payLines(market, one);
      expect(sumOf(lines), `${ending} ${one.owner}`).toBe(due(one));
      expect(sum(lines.map(({ parts }) => parts)) % PARTS).toBe(0n);
    }
  }
});

test("prizes are lines of whom they fell on, whichever way the address is written", () => {
  const { market, due, prize } = ended("fourth", "scored", ["0xA1", "0xd4", "0xa1"]);
  const [first] = SAID;
  const lines = payLines(market, at(SAID, 0));
  expect(lines.map(({ kind }) => kind)).toEqual(["share", "rounding", "prize", "prize"]);
  expect(first && sumOf(lines)).toBe(due(at(SAID, 0)) + 2n * prize);
  expect(payLines(market, at(SAID, 1)).map(({ kind }) => kind)).toEqual(["share", "rounding"]);
});

test("rounding takes less than a unit, and all that is paid never exceeds what was staked", () => {
  for (const ending of ["scored", "undrawn"] as const) {
    const { market } = ended("eighth", ending);
    const all = SAID.map((one) => payLines(market, one));
    for (const line of all.flat().filter(({ kind }) => kind === "rounding")) {
      expect(line.parts <= 0n && line.parts > -PARTS).toBe(true);
    }
    expect(sum(all.map(sumOf))).toBeLessThanOrEqual(staked(SAID));
  }
});

test("a void market gives the stake back, and a stance that nobody told comes to nothing", () => {
  expect(payLines(ended("linear", "void").market, at(SAID, 4))).toEqual([
    { kind: "refund", parts: 400_001n * PARTS },
  ]);
  expect(payLines(ended("linear", "scored").market, at(SAID, 4))).toEqual([{ kind: "untold", parts: 0n }]);
  expect(cameTo({ due: "1", paid: "20", won: "300" })).toBe(321n);
});
