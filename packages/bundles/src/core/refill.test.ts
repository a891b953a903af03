import { expect, test } from "vitest";
import { refillOf } from "./refill.ts";

const at = (balance: bigint, credit: bigint, left: bigint) =>
  refillOf({ below: 100n }, { balance, credit, left });

test("an account is filled up to twice what it should have, and not while it has enough", () => {
  expect(at(100n, 1_000n, 1_000n)).toEqual({ why: "enough" });
  expect(at(99n, 1_000n, 1_000n)).toEqual({ wei: 101n });
  expect(at(0n, 1_000n, 1_000n)).toEqual({ wei: 200n });
});

test("no more than was earned, and than is left of the day; crumbs are not sent", () => {
  expect(at(0n, 150n, 1_000n)).toEqual({ wei: 150n });
  expect(at(0n, 1_000n, 26n)).toEqual({ wei: 26n });
  expect(at(0n, 25n, 1_000n)).toEqual({ why: "no_credit" });
  expect(at(0n, 1_000n, 25n)).toEqual({ why: "capped" });
});
