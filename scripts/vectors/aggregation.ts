import { randomNumbers, sum, texts, times, write } from "./cases.ts";

// Aggregation: the weighted median as the plain lower median of values repeated by weight.

type Report = { seat: number; value: bigint };

function aggregate(
  mode: "median" | "plurality",
  all: readonly bigint[],
  reports: readonly Report[],
  tolerance: bigint,
) {
  const weightOf = (some: readonly Report[]) => sum(some.map(({ seat }) => all[seat] ?? 0n));
  const total = sum(all);
  const head = {
    mode,
    weights: texts(all),
    seats: reports.map(({ seat }) => seat),
    values: texts(reports.map(({ value }) => value)),
    tolerance: String(tolerance),
  };
  const refused = { ...head, answer: "0", confidence: 0, error: "Oracle_NoQuorum" };
  if (3n * weightOf(reports) <= 2n * total) return refused;
  let answer: bigint;
  if (mode === "median") {
    const repeated = reports.flatMap(({ seat, value }) => times(Number(all[seat]), () => value));
    answer = repeated[(repeated.length - 1) >> 1] ?? 0n;
  } else {
    const most = reports.find(
      ({ value }) => 2n * weightOf(reports.filter((other) => other.value === value)) > total,
    );
    if (!most) return refused;
    answer = most.value;
  }
  const near = reports.filter(({ value }) => (value > answer ? value - answer : answer - value) <= tolerance);
  return {
    ...head,
    answer: String(answer),
    confidence: Number((weightOf(near) * 10_000n) / total),
    error: "",
  };
}

const ascending = (reports: Report[]) =>
  reports.toSorted((a, b) => Number(a.value - b.value) || a.seat - b.seat);

const reportsOf = (...values: number[]) =>
  ascending(values.map((value, seat) => ({ seat, value: BigInt(value) })));

/** The largest value of int96. */
const MOST = (1n << 95n) - 1n;
const edges = (...values: bigint[]) => values.map((value, seat) => ({ seat, value }));

export function aggregation(): void {
  const full = times(32, () => 1n);
  const random = randomNumbers(2n);
  const equal = [100n, 100n, 100n, 100n];
  const cases = [
    aggregate("median", equal, reportsOf(10, 12, 14), 2n),
    aggregate("median", equal, reportsOf(10, 12, 14, 16), 2n),
    aggregate("median", equal, reportsOf(-5, -5, 1000), 0n),
    aggregate("median", equal, reportsOf(10, 12), 5n),
    aggregate("median", [100n, 100n, 100n], reportsOf(1, 2), 5n),
    aggregate("median", [100n, 100n, 99n], reportsOf(1, 2), 5n),
    aggregate("median", [1n, 2n, 3n, 6n], reportsOf(4, 3, 2, 1), 1n),
    aggregate("median", [3n, 3n, 3n, 3n], reportsOf(1, 1, 2, 2), 0n),
    aggregate("plurality", equal, reportsOf(1, 1, 1), 0n),
    aggregate("plurality", equal, reportsOf(0, 1, 1, 1), 0n),
    aggregate("plurality", equal, reportsOf(0, 0, 1, 1), 0n),
    aggregate("plurality", equal, reportsOf(0, 1, 1), 0n),
    aggregate("plurality", [100n, 100n, 100n, 99n, 1n], reportsOf(0, 1, 2, 2, 2), 0n),
    aggregate("plurality", [100n, 100n, 101n], reportsOf(0, 0, 1), 1n),
    ...times(60, (i) => {
      const all = times(1 + Number(random(13n)), () => 1n + random(200n));
      const spread = 1n + random(i % 2 === 0 ? 4n : 2000n);
      const values = all.map((_, seat) => ({ seat, value: random(spread) - spread / 3n }));
      const present = values.filter(() => random(8n) !== 0n);
      const mode = i % 2 === 0 ? "plurality" : "median";
      return aggregate(mode, all, ascending(present.length > 0 ? present : values), random(1n + spread / 4n));
    }),
    // Half of the weight reached exactly: the lower of two values, also below zero and at the ends of the field.
    aggregate("median", equal, reportsOf(-16, -14, -12, -10), 0n),
    aggregate("median", [1n, 1n, 2n], reportsOf(-1, 0, 1), 1n),
    aggregate("median", equal, edges(-MOST - 1n, -MOST, MOST - 1n, MOST), 1n),
    aggregate("median", equal, edges(-MOST - 1n, -MOST - 1n, MOST, MOST), 2n * MOST + 1n),
    aggregate("median", equal, edges(-MOST - 1n, -MOST - 1n, MOST, MOST), 2n * MOST),
    aggregate("median", equal, edges(MOST, MOST, MOST, MOST), 0n),
    aggregate("plurality", equal, edges(-MOST - 1n, MOST, MOST, MOST), 0n),
    aggregate("plurality", equal, edges(-MOST - 1n, -MOST - 1n, MOST, MOST), 0n),
    aggregate("plurality", [200n, 200n, 1n], reportsOf(-3, -3, 2), 0n),
    // Weights with so few that repetition stays short: 32 seats, all equal, all apart, one with half.
    aggregate("median", full, ascending(full.map((_, seat) => ({ seat, value: -7n }))), 0n),
    aggregate("median", full, ascending(full.map((_, seat) => ({ seat, value: 31n - BigInt(seat) }))), 8n),
    aggregate(
      "median",
      full.with(31, 31n),
      ascending(full.map((_, seat) => ({ seat, value: BigInt(seat) }))),
      3n,
    ),
    aggregate(
      "plurality",
      full,
      ascending(full.map((_, seat) => ({ seat, value: seat < 17 ? 1n : 0n }))),
      0n,
    ),
    aggregate(
      "plurality",
      full,
      ascending(full.map((_, seat) => ({ seat, value: seat < 16 ? 1n : 0n }))),
      0n,
    ),
    ...times(10, (i) => {
      const all = times(32, () => 1n + random(50n));
      const values = all.map((_, seat) => ({ seat, value: random(MOST) - random(MOST) }));
      const few = all.map((_, seat) => ({ seat, value: random(12n) < 9n ? -1n : 1n }));
      return aggregate(
        i % 2 === 0 ? "median" : "plurality",
        all,
        ascending(i % 2 === 0 ? values : few),
        random(MOST),
      );
    }),
  ];
  write("aggregation.json", { about: "signed values to one answer; entries ascend by value", cases });
}
