import { expect, test } from "vitest";
import { type Joinable, planJoined } from "./joined.ts";

const BOUNDS = { gas: 100, bytes: 40 };
const row = (id: number, o: Partial<Joinable> = {}): Joinable => ({
  id,
  to: "0x1",
  data: "0x0000",
  purpose: "claim",
  priority: 1,
  joinsGas: 30,
  ...o,
});
/** Of half the bytes that go together. */
const long = (id: number): Joinable => row(id, { data: `0x${"00".repeat(20)}`, joinsGas: 1 });
const plan = (...rows: Joinable[]) => planJoined(rows, BOUNDS).map((calls) => calls.map(({ id }) => id));

test("calls go together in their order while they stay within the bounds", () => {
  expect(plan(...[1, 2, 3, 4, 5, 6, 7, 8].map((id) => row(id)))).toEqual([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8],
  ]);
  expect(plan(long(1), long(2), long(3), long(4))).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test("what is left by itself travels alone", () => {
  expect(plan()).toEqual([]);
  expect(plan(row(1))).toEqual([]);
  expect(plan(row(1), row(2, { joinsGas: 101 }), row(3), row(4))).toEqual([[3, 4]]);
});

test("only calls of one contract, purpose and priority go together", () => {
  expect(
    plan(
      row(1),
      row(2, { to: "0x2" }),
      row(3, { purpose: "fee" }),
      row(4, { priority: 2 }),
      row(5),
      row(6, { to: "0x2" }),
    ),
  ).toEqual([
    [1, 5],
    [2, 6],
  ]);
});
