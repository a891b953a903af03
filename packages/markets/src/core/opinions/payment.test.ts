import type { Amount, Bps } from "@sooth/kernel";
import { expect, test } from "vitest";
import { payOf, prizeOf, type Shares, tally, totalsOf } from "../rules/bands.ts";
import { drawOf, holdsUnit } from "./draw.ts";
import { dueOf, type Held } from "./payment.ts";
import type { OpinionEnding } from "./status.ts";

const shares: Shares = { rule: "fourth", feeBps: 200 as Bps, prizeBps: 1_000 as Bps, prizes: 2 };
const opinions = [
  { band: 12, amount: 1_000_000n as Amount },
  { band: 14, amount: 2_500_001n as Amount },
  { band: 0, amount: 700_000n as Amount },
];
const totals = totalsOf(opinions);
const ended = tally(totals, 62, "fourth");
const first: Held = { band: 12, amount: 1_000_000n as Amount, paid: false, shared: false };
const hidden: Held = { ...first, band: null };

test("what a claim pays follows from how the market ended and from what was paid", () => {
  const own = payOf({ band: 12, amount: first.amount }, shares, ended);
  const due = (held: Held, ending: OpinionEnding, untold = 0n) =>
    dueOf(held, { ending, shares, tally: ended, untold: untold as Amount });
  expect(due(first, "none")).toBe(0n);
  expect(due(first, "scored")).toBe(own);
  expect(due({ ...first, paid: true }, "scored")).toBe(0n);
  expect(due(first, "void")).toBe(1_000_000n);
  expect(due({ ...first, paid: true }, "void")).toBe(0n);
  // A stance that nobody told loses all, to those who were told.
  expect(due(hidden, "scored", 1_000_000n)).toBe(0n);
  expect(due(hidden, "undrawn", 1_000_000n)).toBe(0n);
  expect(due(first, "scored", 1_000_000n)).toBeGreaterThan(own);
  expect(due(hidden, "void")).toBe(1_000_000n);
  const whole = due(first, "undrawn");
  expect(whole).toBeGreaterThan(own);
  expect(due({ ...first, paid: true }, "undrawn")).toBe(whole - own);
  expect(due({ ...first, paid: true, shared: true }, "undrawn")).toBe(0n);
  // All together never have more than was staked less the fee.
  const all = opinions.map((opinion) => due({ ...opinion, paid: false, shared: false }, "undrawn"));
  const [paid, total] = [all.reduce((a, b) => a + b, 0n), ended.total];
  expect(paid).toBeLessThanOrEqual(total - (total * 200n) / 10_000n);
  expect(total - (total * 200n) / 10_000n - paid).toBeLessThanOrEqual(4n);
  expect(prizeOf(total, shares)).toBe(210_000n);
});

test("a draw falls on one unit, as often on a band as it weighs", () => {
  const market = `0x${"ab".repeat(32)}` as const;
  const seats = [
    { band: 12, start: 0n, amount: 1_000_000n },
    { band: 14, start: 0n, amount: 2_500_001n },
    { band: 0, start: 0n, amount: 700_000n },
  ];
  const hits = [0, 0, 0];
  for (let prize = 0; prize < 600; prize++) {
    const unit = drawOf({ seed: `0x${"cd".repeat(32)}`, market, prize }, totals, "fourth", ended);
    const holders = seats.flatMap((seat, index) => (holdsUnit(seat, unit) ? [index] : []));
    expect(holders).toHaveLength(1);
    hits[holders[0] ?? 0] = (hits[holders[0] ?? 0] ?? 0) + 1;
  }
  // Weights: 1.0 * 98^4, 2.5 * 92^4, 0.7 * 38^4: some 33 %, 66 %, 0.5 %.
  expect(hits[0]).toBeGreaterThan(150);
  expect(hits[1]).toBeGreaterThan(340);
  expect(hits[2]).toBeLessThan(20);
});
