import { at } from "@sooth/kernel";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bigints, vectors } from "../../../test/vectors.ts";
import { weightsOf } from "../weights.ts";
import { seatWeights, type StakedSeat } from "./seat-weights.ts";

type Case = {
  stakes: string[];
  factors: string[];
  clusters: string[];
  families: string[];
  weights: string[];
  total: string;
};
const { cases } = vectors<{ cases: Case[] }>("economy/seat-weights");

const seatsOf = (
  stakes: readonly bigint[],
  factors: readonly number[],
  clusters: readonly number[],
  families: readonly number[] = clusters.map(() => 0),
) =>
  stakes.map((stake, i) => ({
    stake,
    factorBps: at(factors, i),
    cluster: at(clusters, i),
    family: at(families, i),
  }));
const sum = (values: readonly bigint[]) => values.reduce((all, one) => all + one, 0n);

/** Some stakes are a few units beyond `leastStake`, some are anything. */
const anySeats = (least = 1, leastStake = 0n) =>
  fc.array(
    fc.record({
      stake: fc.oneof(
        fc.bigInt({ min: leastStake, max: leastStake + 50n }),
        fc.bigInt({ min: leastStake, max: (1n << 96n) - 1n }),
      ),
      factorBps: fc.oneof(fc.constant(0), fc.integer({ min: 1_000, max: 10_000 })),
      cluster: fc.integer({ min: 0, max: 5 }),
      family: fc.constant(0),
    }),
    { minLength: least, maxLength: 32 },
  );

/** Weight by party: a provider alone or a cluster. */
function partiesOf(seats: readonly StakedSeat[], weights: readonly bigint[]) {
  const parties = new Map<string, { weight: bigint; isCluster: boolean }>();
  for (const [i, { cluster }] of seats.entries()) {
    const key = cluster === 0 ? `seat ${i}` : `cluster ${cluster}`;
    const weight = (parties.get(key)?.weight ?? 0n) + at(weights, i);
    parties.set(key, { weight, isCluster: cluster !== 0 });
  }
  return [...parties.values()].filter(({ weight }) => weight > 0n);
}

test.each(cases)("vector: $stakes", (each) => {
  const seats = seatsOf(
    bigints(each.stakes),
    each.factors.map(Number),
    each.clusters.map(Number),
    each.families.map(Number),
  );
  expect(seatWeights(seats)).toEqual({ weights: bigints(each.weights), total: BigInt(each.total) });
});

describe("every set", () => {
  test("keeps each party within its part of the whole, and the whole is the sum", () => {
    fc.assert(
      fc.property(anySeats(), (seats) => {
        const { weights, total } = seatWeights(seats);
        expect(sum(weights)).toBe(total);
        const parties = partiesOf(seats, weights);
        for (const { weight, isCluster } of parties) {
          const k = isCluster && parties.length >= 8 ? 7 : Math.min(parties.length, 4);
          expect(weight * BigInt(k)).toBeLessThanOrEqual(total);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("holds every family to a ninth and all of them to a third, and nobody else loses by them", () => {
    const anyone = anySeats().chain((seats) =>
      fc.tuple(...seats.map((seat) => fc.integer({ min: 0, max: 4 }).map((family) => ({ ...seat, family })))),
    );
    fc.assert(
      fc.property(anyone, (seats) => {
        const { weights, total } = seatWeights(seats);
        const of = (isOne: (seat: StakedSeat) => boolean) =>
          sum(weights.filter((_, i) => isOne(at(seats, i))));
        expect(sum(weights)).toBe(total);
        for (const family of [1, 2, 3, 4])
          expect(of((seat) => seat.family === family) * 9n).toBeLessThanOrEqual(total);
        expect(of(({ family }) => family !== 0) * 3n).toBeLessThanOrEqual(total);
        // Where clusters draw nobody in, people weigh among themselves what they would without.
        const people = seats.filter(({ family }) => family === 0);
        const apart = people.map((seat) => ({ ...seat, cluster: 0 }));
        const alone = seatWeights(apart);
        const beside = seatWeights([
          ...apart,
          ...seats.filter(({ family }) => family !== 0).map((seat) => ({ ...seat, cluster: 0 })),
        ]);
        for (const [i, weight] of alone.weights.entries())
          expect(at(beside.weights, i)).toBeGreaterThanOrEqual(weight);
      }),
      { numRuns: 1_000 },
    );
  });

  test("gives nobody more than his stake times his factor, and nothing without either", () => {
    fc.assert(
      fc.property(anySeats(), (seats) => {
        const { weights } = seatWeights(seats);
        seats.forEach(({ stake, factorBps }, i) => {
          expect(at(weights, i)).toBeLessThanOrEqual((stake * BigInt(factorBps)) / 10_000n);
        });
      }),
    );
  });

  test("leaves every seat a weight whose stake is not dust", () => {
    fc.assert(
      fc.property(anySeats(), (seats) => {
        // 40 units and a factor of a tenth leave 4, a unit for each quarter.
        const solid = seats.map((one) => ({
          ...one,
          stake: one.stake + 40n,
          factorBps: Math.max(one.factorBps, 1_000),
        }));
        const { weights } = seatWeights(solid);
        expect(solid.filter(({ cluster }, i) => cluster === 0 && at(weights, i) === 0n)).toEqual([]);
      }),
    );
  });

  // Not so for stakes of a few units: there one party more may round to nothing, and the rest share the whole among fewer.
  test("never weighs a seat less because it staked more, but for the unit that rounding hands out", () => {
    fc.assert(
      fc.property(
        anySeats(1, 10_000n),
        fc.nat(31),
        fc.bigInt({ min: 1n, max: 1n << 80n }),
        (seats, drawn, more) => {
          const i = drawn % seats.length;
          const seat = at(seats, i);
          const after = seatWeights(seats.with(i, { ...seat, stake: seat.stake + more }));
          expect(at(after.weights, i) + 1n).toBeGreaterThanOrEqual(at(seatWeights(seats).weights, i));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("gives a cluster nothing for one more seat with a part of the same stake", () => {
    fc.assert(
      fc.property(anySeats(), fc.nat(31), fc.integer({ min: 1, max: 99 }), (seats, drawn, percent) => {
        const i = drawn % seats.length;
        const seat = at(seats, i);
        const cluster = seat.cluster === 0 ? 6 : seat.cluster; // alone, he makes a cluster of his own
        const own = seats.with(i, { ...seat, cluster });
        const part = (seat.stake * BigInt(percent)) / 100n;
        const splitUp = [
          ...own.with(i, { ...seat, cluster, stake: seat.stake - part }),
          { ...seat, cluster, stake: part },
        ];
        const weightOf = (all: readonly StakedSeat[]) => {
          const { weights } = seatWeights(all);
          return sum(weights.filter((_, k) => all[k]?.cluster === cluster));
        };
        expect(weightOf(splitUp)).toBeLessThanOrEqual(weightOf(own));
      }),
      { numRuns: 1_000 },
    );
  });

  test("keeps the order of stakes among seats of one factor in one cluster", () => {
    fc.assert(
      fc.property(anySeats(2), (seats) => {
        const { weights } = seatWeights(seats);
        const overtaken = seats.flatMap((a, i) =>
          seats.filter(
            (b, j) =>
              a.cluster === b.cluster &&
              a.factorBps === b.factorBps &&
              a.stake > b.stake &&
              at(weights, i) < at(weights, j),
          ),
        );
        expect(overtaken).toEqual([]);
      }),
    );
  });

  test("without clusters and with full factors weighs what the cap alone leaves", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 1n, max: (1n << 96n) - 1n }), { minLength: 1, maxLength: 32 }),
        (stakes) => {
          const seats = stakes.map((stake) => ({ stake, factorBps: 10_000, cluster: 0, family: 0 }));
          expect(seatWeights(seats).weights).toEqual(weightsOf(stakes));
        },
      ),
    );
  });
});

test("one who is believed holds a quarter among newcomers, not three", () => {
  const factors = [10_000, ...Array.from({ length: 7 }, () => 1_000)];
  const seats = factors.map((factorBps) => ({ stake: 1_000n, factorBps, cluster: 0, family: 0 }));
  expect(seatWeights(seats)).toEqual({
    weights: [233n, 100n, 100n, 100n, 100n, 100n, 100n, 100n],
    total: 933n,
  });
});
