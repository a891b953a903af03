import { expect, test } from "vitest";
import type { Amount } from "@sooth/kernel";
import { opinionCard, poolCard, stanceColor } from "./card.ts";
import { totalsOf } from "./rules/bands.ts";

const market = {
  title: "Will it rain?",
  labels: ["No", "Yes"],
  pools: [300n, 100n],
  stakers: 3,
  winner: null,
  status: "trading",
  money: "4.00 SUSD",
} as const;

test("shows the larger side first, with what it says", () => {
  expect(poolCard(market)).toEqual({
    title: "Will it rain?",
    status: "Open for stakes",
    figure: { large: "75 %", small: "of the stakes say No" },
    note: null,
    parts: [
      { label: "No", shareBps: 7_500, color: "#b5532f" },
      { label: "Yes", shareBps: 2_500, color: "#0c6b5c" },
    ],
    foot: "3 people, 4.00 SUSD staked",
  });
});

test("shows who won, however small that side was", () => {
  expect(poolCard({ ...market, winner: 1, status: "settled" }).figure).toEqual({
    large: "Yes",
    small: "is the answer",
  });
});

test("claims nothing where nobody staked, nor of a void market", () => {
  const empty = poolCard({ ...market, pools: [0n, 0n], stakers: 0 });
  expect([empty.figure, empty.parts, empty.foot]).toEqual([null, [], "No stakes yet"]);
  expect(poolCard({ ...market, status: "void" }).figure).toBeNull();
});

const opined = {
  statement: "Zoos should be closed",
  status: "open",
  result: null,
  staked: totalsOf([
    { band: 20, amount: 300n as Amount },
    { band: 4, amount: 100n as Amount },
  ]),
  opinions: 2,
  money: "4.00 SUSD",
} as const;

test("an opinion market shows where its stakes stand, from against to for", () => {
  expect(opinionCard(opined)).toEqual({
    title: "Zoos should be closed",
    status: "Open for opinions",
    figure: { large: "80", small: "of 100, where the stakes stand on average" },
    note: null,
    parts: [
      { label: "Stance 20", shareBps: 2_500, color: stanceColor(20) },
      { label: "Stance 100", shareBps: 7_500, color: "#0c6b5c" },
    ],
    foot: "2 opinions, 4.00 SUSD staked",
  });
});

test("once scored it shows the score, also of 0, and never one of a void market", () => {
  const result = { score: 0, confidence: 8_750 };
  const scored = opinionCard({ ...opined, status: "settled", result });
  expect(scored.figure).toEqual({ large: "0", small: "of 100, the score, with 88 % confidence" });
  // Beside every score stands how right its analyst was.
  expect(scored.note).toMatch(/^Measured: .* right side of 84\.5 % of opinions it never saw$/);
  const gone = opinionCard({ ...opined, status: "void", result });
  expect([gone.figure, gone.note]).toEqual([null, null]);
});

test("while nobody told a stance an opinion market's card claims none", () => {
  const none = opinionCard({ ...opined, staked: totalsOf([]), opinions: 0 });
  expect([none.figure, none.parts, none.foot]).toEqual([null, [], "No opinions yet"]);
  const hidden = opinionCard({ ...opined, staked: totalsOf([]), opinions: 1 });
  expect([hidden.figure, hidden.foot]).toEqual([null, "1 opinion, 4.00 SUSD staked"]);
});

test("stances differ by colour from each other, and the ends are the app's own", () => {
  const colors = Array.from({ length: 21 }, (_, band) => stanceColor(band * 5));
  expect(new Set(colors).size).toBe(21);
  expect([colors[0], colors[20]]).toEqual(["#b5532f", "#0c6b5c"]);
});
