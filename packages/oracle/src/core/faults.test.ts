import type { Hex } from "@sooth/kernel";
import { expect, test } from "vitest";
import { INVALID, TOO_EARLY } from "./answer-word.ts";
import { contradicts, outsideReports, withheldVotes } from "./faults.ts";
import type { Jury } from "./jury/jury.ts";

const root: Hex = `0x${"ab".repeat(32)}`;

test("two reports contradict each other by value or by root", () => {
  expect(contradicts({ value: 1n }, { value: 1n, root: null })).toBe(false);
  expect(contradicts({ value: 1n }, { value: 2n })).toBe(true);
  expect(contradicts({ value: 0n, root }, { value: 0n })).toBe(true);
});

test("a number is outside beyond the tolerance, within bounds, of a value", () => {
  const terms = { tolerance: 10n, min: 0n, max: 1_000n, aggregation: "median" } as const;
  const reports = [89n, 90n, 110n, 111n, 1_001n, TOO_EARLY].map((value) => ({ value }));
  expect(outsideReports(terms, 100n, reports).map(({ value }) => value)).toEqual([89n, 111n]);
  expect(outsideReports(terms, INVALID, reports)).toEqual([]);
  expect(outsideReports({ ...terms, tolerance: 0n }, 100n, reports)).toEqual([]);
  expect(outsideReports({ ...terms, aggregation: "root" }, 0n, reports)).toEqual([]);
});

const jury: Jury = {
  arbitrable: `0x${"aa".repeat(20)}`,
  subject: root,
  size: 5,
  jurorEpoch: 1,
  excluded: 0n,
  fee: 0n,
  openedAt: 1_000,
  beaconRound: 1n,
};
const commitment = (juror: number): Hex => `0x${`0${juror}`.repeat(32)}`;
const signature: Hex = `0x${"11".repeat(65)}`;
const known = {
  jury,
  windows: { evidence: 10, commit: 10, reveal: 10 },
  // 1 voted, 2 hid, 3 hid what he committed himself, 4 opened here, 5 never committed
  seats: [1, 2, 3, 4, 5],
  votes: [1, 0, 0, 0, 0] as const,
  commitments: [1, 2, 4].map((juror) => ({ juror, commitment: commitment(juror), signature })),
  batches: [{ batch: root, commitments: [commitment(1), commitment(2), commitment(4)], posted: true }],
  openings: [{ juror: 4, choice: 1 as const, salt: `0x${"00".repeat(16)}` as Hex }],
  own: [{ juror: 3 }],
  shown: [],
};

test("who committed and opened nothing is told of after the reveal window, once", () => {
  expect(withheldVotes(known, 1_029)).toEqual([]);
  expect(withheldVotes(known, 1_030)).toEqual([
    { juror: 2, commitments: known.batches[0]?.commitments, index: 1, signature },
    { juror: 3, commitments: [], index: 0, signature: "0x" },
  ]);
  expect(withheldVotes({ ...known, shown: [2, 3] }, 1_030)).toEqual([]);
  const unposted = {
    ...known,
    own: [],
    batches: known.batches.map((batch) => ({ ...batch, posted: false })),
  };
  expect(withheldVotes(unposted, 1_030)).toEqual([]);
  expect(withheldVotes({ ...known, seats: null }, 1_030)).toEqual([]);
});
