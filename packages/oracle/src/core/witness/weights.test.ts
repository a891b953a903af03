import { expect, test } from "vitest";
import { capWitnesses, type ClassedSeat, witnessEffect } from "./weights.ts";

const seat = (weight: bigint, family: string | null = null): ClassedSeat => ({ weight, family });
const sum = (weights: readonly bigint[]): bigint => weights.reduce((all, weight) => all + weight, 0n);

test.each<[string, ClassedSeat[], bigint[]]>([
  ["nobody changes without witnesses", [seat(5n), seat(7n)], [5n, 7n]],
  ["a small witness counts in full", [seat(900n), seat(10n, "a")], [900n, 10n]],
  // 800 + 100 = 900, a ninth of which is 100.
  ["one family holds a ninth", [seat(800n), seat(5_000n, "a")], [800n, 100n]],
  ["its seats share in proportion", [seat(800n), seat(3_000n, "a"), seat(1_000n, "a")], [800n, 75n, 25n]],
  // 600 + 3 * 100 = 900: three families at a ninth each are a third.
  [
    "three families hold a third",
    [seat(600n), ...["a", "b", "c"].map((name) => seat(900n, name))],
    [600n, 100n, 100n, 100n],
  ],
  // A fifth of the class' 300 each, which is below a ninth of the round.
  [
    "five families hold a third together",
    [seat(600n), ...["a", "b", "c", "d", "e"].map((name) => seat(900n, name))],
    [600n, 60n, 60n, 60n, 60n, 60n],
  ],
  ["witnesses alone count nothing", [seat(900n, "a"), seat(900n, "b")], [0n, 0n]],
  ["dust rounds down", [seat(8n), seat(1n, "a"), seat(1n, "a")], [8n, 0n, 0n]],
  ["no seats", [], []],
])("%s", (_, seats, counted) => {
  expect(capWitnesses(seats)).toEqual(counted);
});

/** A small generator of its own, so that a failure repeats. Source: mulberry32. */
function* random(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    yield ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

test("in ten thousand rounds the caps hold to the last unit, and nobody gains", () => {
  const dice = random(1);
  const next = () => dice.next().value;
  const families = [null, null, "a", "b", "c", "d", "e"];
  for (let round = 0; round < 10_000; round++) {
    const size = 10 ** Math.floor(next() * 20);
    const seats = Array.from({ length: 1 + Math.floor(next() * 12) }, () =>
      seat(BigInt(Math.floor(next() * size)), families[Math.floor(next() * families.length)] ?? null),
    );
    const counted = capWitnesses(seats);
    const of = (family: string | null | undefined) =>
      sum(
        counted.filter((_, index) =>
          family === undefined ? seats[index]?.family !== null : seats[index]?.family === family,
        ),
      );
    const whole = sum(counted);
    expect(of(null)).toBe(sum(seats.filter(({ family }) => family === null).map(({ weight }) => weight)));
    expect(3n * of(undefined) <= whole).toBe(true);
    for (const family of ["a", "b", "c", "d", "e"]) expect(9n * of(family) <= whole).toBe(true);
    expect(counted.every((weight, index) => weight >= 0n && weight <= (seats[index]?.weight ?? 0n))).toBe(
      true,
    );
  }
});

const voice = (value: bigint, weight = 10n, family = "a") => ({ value, weight, family });
const MEDIAN = { aggregation: "median", tolerance: 5n } as const;

test.each<[string, Parameters<typeof witnessEffect>[2], number, boolean]>([
  ["silence means nothing", [], 60, false],
  ["agreement changes nothing", [voice(105n), voice(95n)], 60, false],
  ["half against is not more than half", [voice(105n), voice(106n)], 60, false],
  ["more than half against doubles the window", [voice(105n), voice(106n), voice(94n)], 120, true],
  ["weight counts, not heads", [voice(100n, 30n), voice(106n), voice(94n)], 60, false],
])("%s", (_, voices, window, alerted) => {
  const effect = witnessEffect(100n, MEDIAN, voices, 60);
  expect([effect.window, effect.alert !== null]).toEqual([window, alerted]);
});

test("outcomes have no tolerance, and the alert names the families", () => {
  const effect = witnessEffect(
    1n,
    { aggregation: "plurality", tolerance: 5n },
    [voice(0n, 1n, "b"), voice(0n)],
    60,
  );
  expect(effect).toEqual({ window: 120, alert: "witnesses (a, b) contradict the quorum's answer 1" });
});
