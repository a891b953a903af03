import type { Address, Hex } from "@sooth/kernel";
import { concatHex, keccak256, numberToHex, stringToHex } from "viem";
import { expect, test } from "vitest";
import type { EndedQuestion } from "../economy/final-question.ts";
import { clustersByOwner, periodClusters } from "./period-clusters.ts";

const DAY = 86_400;
const SEATS = 14;
const span = { chainId: 31_337, since: 0, until: 1_000 * DAY };
const ownerOf = (seat: number): Address => `0x${(0xc0 + seat).toString(16).repeat(20)}`;

/** Numbers that look like chance and are the same in every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

type Season = {
  count: number;
  from?: number;
  together?: readonly number[];
  seed?: number;
  domain?: number;
  poison?: ReadonlyMap<number, readonly number[]>;
};

/** Seats err on their own in one question of twenty; those `together` on one in ten, alike. Who errs is in a log of late ones. */
function season({ count, from = 0, together = [], seed = 5, domain = 0, poison }: Season): EndedQuestion[] {
  const next = chance(seed);
  const set = Array.from({ length: SEATS }, (_, seat) => ({ owner: ownerOf(seat), weight: 100n }));
  return Array.from({ length: count }, (_, index): EndedQuestion => {
    const wrong = () => 1n + BigInt(Math.floor(next() * 7));
    const common = next() < 0.1 ? wrong() : null;
    const values = set.map((__, seat) => {
      const own = next() < 0.05 ? wrong() : 0n;
      return common !== null && together.includes(seat) ? common : own;
    });
    for (const [seat, victims] of poison ?? [])
      values[seat] = victims.map((victim) => values[victim] ?? 0n).find((value) => value !== 0n) ?? 0n;
    const right = values.flatMap((value, seat) => (value === 0n ? [seat] : []));
    return {
      id: keccak256(stringToHex(`${seed} ${index}`)),
      terms: { aggregation: "plurality", domain, tolerance: 0n },
      finalAt: from + index * 60 + 1,
      value: 0n,
      signed: {
        value: 0n,
        seats: right.reduce((all, seat) => all | (1n << BigInt(seat)), 0n),
        report: concatHex(right.map((): Hex => `0x${"01".repeat(32)}${"02".repeat(32)}`)),
        set,
      },
      resigned: [],
      late: new Map(values.flatMap((value, seat) => (value === 0n ? [] : [[ownerOf(seat), value] as const]))),
    };
  });
}

test("those who err together are one cluster, whatever order the questions come in", () => {
  const questions = season({ count: 600, together: [2, 3, 4] });
  const found = periodClusters(span, questions);
  expect(found.map(({ members }) => members)).toEqual([[ownerOf(2), ownerOf(3), ownerOf(4)]]);
  expect(found[0]?.number).toBeGreaterThan(0);
  expect(clustersByOwner(found)).toEqual(new Map([2, 3, 4].map((seat) => [ownerOf(seat), found[0]?.number])));
  expect(periodClusters(span, questions.toReversed())).toEqual(found);
  const { text, hash } = found[0]?.evidence ?? { text: "", hash: "0x" };
  expect(keccak256(stringToHex(text))).toBe(hash);
  expect(JSON.parse(text)).toMatchObject({
    kind: "period-cluster",
    window: { questions: 600 },
    linksInAll: 3,
  });
});

test("honest mistakes make none", () => {
  expect(periodClusters(span, season({ count: 600 }))).toEqual([]);
});

test("what became final before the window counts no longer, so a cluster that dissolves is gone", () => {
  const before = season({ count: 600, together: [2, 3] });
  const after = season({ count: 600, from: 500 * DAY, seed: 6 });
  const at = (since: number) => periodClusters({ ...span, since }, [...before, ...after]).length;
  expect([at(0), at(400 * DAY)]).toEqual([1, 0]);
});

/** These seats log as their own late report whatever one of their victims got wrong. */
const poisoned = (poison: ReadonlyMap<number, readonly number[]>) => season({ count: 1_500, poison });
const seatsIn = (questions: readonly EndedQuestion[]): number[][] =>
  periodClusters(span, questions)
    .map(({ members }) => members.map((owner) => Number.parseInt(owner.slice(2, 4), 16) - 0xc0))
    .toSorted((x, y) => (x[0] ?? 0) - (y[0] ?? 0));

test("whoever logs as his own what honest ones got wrong makes no party of them, and ties himself to one", () => {
  // Any of the three would do.
  for (const victim of [0, 1, 2])
    expect(seatsIn(poisoned(new Map([[12, [victim]]])))).toEqual([[victim, 12]]);
  const clusters = seatsIn(
    poisoned(
      new Map([
        [12, [0, 1, 2]],
        [13, [3, 4, 5]],
      ]),
    ),
  );
  expect(clusters.map((members) => members.filter((seat) => seat < 12).length)).toEqual([1, 1]);
  expect(clusters.map((members) => members.at(-1))).toEqual([12, 13]);
});

const numbers = (together: readonly number[], count: number) =>
  periodClusters(span, season({ count, together })).map(({ number }) => number);

test("a cluster keeps its number while its members stay, and another has another", () => {
  expect(numbers([2, 3], 600)).toEqual(numbers([2, 3], 700));
  expect(numbers([2, 3], 600)).not.toEqual(numbers([2, 4], 600));
});

test("errors of all domains count, and those of figures are one when they lie as close as what is right", () => {
  const across = [
    ...season({ count: 150, together: [2, 3] }),
    ...season({ count: 150, together: [2, 3], seed: 7, domain: 4 }),
  ];
  expect(periodClusters(span, across).map(({ members }) => members)).toEqual([[ownerOf(2), ownerOf(3)]]);
  const figures = season({ count: 600, together: [5, 6] }).map((question, index): EndedQuestion => ({
    ...question,
    terms: { ...question.terms, aggregation: "median", tolerance: 10n },
    value: 5_000n,
    signed: {
      ...question.signed,
      value: 5_000n,
      report: entriesOf(question, 5_000n + BigInt(index % 10)),
    },
    // In one bucket of 21 units, and not the same.
    late: new Map(
      [...question.late].map(([owner, value], place) => [owner, 5_000n + value * 21n + BigInt(place % 3)]),
    ),
  }));
  expect(periodClusters(span, figures).map(({ members }) => members)).toEqual([[ownerOf(5), ownerOf(6)]]);
});

/** The right ones as entries of own values. */
const entriesOf = ({ signed }: EndedQuestion, value: bigint): Hex =>
  concatHex(
    Array.from({ length: SEATS }, (_, seat) => seat)
      .filter((seat) => ((signed.seats >> BigInt(seat)) & 1n) === 1n)
      .map((seat) =>
        concatHex([
          numberToHex(seat, { size: 1 }),
          numberToHex(value, { size: 12, signed: true }),
          `0x${"01".repeat(32)}${"02".repeat(32)}`,
        ]),
      ),
  );
