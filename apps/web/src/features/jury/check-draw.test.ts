import { at, type Hex } from "@sooth/kernel";
import { drawSeats, juryId, jurySeed, type Seat } from "@sooth/oracle/core";
import { expect, test } from "vitest";
import type { Jury } from "../../api.ts";
import { checkDraw, termsOf } from "./check-draw.ts";

const SEED: Hex = `0x${"5e".repeat(32)}`;
const snapshot: Seat[] = Array.from({ length: 12 }, (_, index) => ({
  signer: `0x${String(index + 10).repeat(20)}` as Hex,
  weight: BigInt(100 + index),
}));
const terms = {
  arbitrable: `0x${"11".repeat(20)}`,
  subject: `0x${"22".repeat(32)}`,
  size: 9,
  jurorEpoch: 1,
  excluded: `0x${"00".repeat(31)}03`,
  fee: "9",
  openedAt: 5,
  beaconRound: "7",
};
const seats = drawSeats(
  snapshot.map(({ weight }) => weight),
  3n,
  9,
  jurySeed(SEED, juryId(termsOf({ terms }))),
);
const jury = {
  id: juryId(termsOf({ terms })),
  terms,
  seed: SEED,
  jurors: [...new Set(seats)].map((index) => ({
    index,
    signer: at(snapshot, index).signer,
    seats: seats.filter((seat) => seat === index).length,
  })),
} as unknown as Jury;

test("a jury that was drawn as told is confirmed, and nobody excluded sits", () => {
  expect(checkDraw(jury, snapshot, SEED)).toMatchObject({ ok: true, seats: 9 });
  expect(jury.jurors.some(({ index }) => index < 2)).toBe(false);
});

test.each<[string, Jury, string]>([
  ["another seed", jury, `0x${"00".repeat(32)}`],
  ["changed terms", { ...jury, terms: { ...terms, size: 31 } } as Jury, SEED],
  ["a juror left out", { ...jury, jurors: jury.jurors.slice(1) } as Jury, SEED],
  [
    "a seat too many",
    {
      ...jury,
      jurors: jury.jurors.map((juror, index) => (index === 0 ? { ...juror, seats: juror.seats + 1 } : juror)),
    },
    SEED,
  ],
  [
    "another key",
    { ...jury, jurors: jury.jurors.map((juror) => ({ ...juror, signer: `0x${"99".repeat(20)}` })) },
    SEED,
  ],
])("%s is told", (_, told, seed) => {
  expect(checkDraw(told, snapshot, seed)).toMatchObject({ ok: false });
});
