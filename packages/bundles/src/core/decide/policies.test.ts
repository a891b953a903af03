import { expect, test } from "vitest";
import type { Leg } from "../types.ts";
import { defaultPolicy, valueOf, waitOf } from "./policies.ts";

const leg = (over: Partial<Leg>) => ({ kind: "value", value: 0n, data: "0x", ...over }) as Leg;

test("only plain wei have a worth that is known; of all else the longest wait counts", () => {
  expect(valueOf([leg({ value: 5n }), leg({ value: 7n })], 0n)).toBe(12n);
  expect(valueOf([leg({}), leg({ kind: "shared", data: "0xaa" })], 0n)).toBeNull();
  expect(valueOf([leg({ kind: "escrow", value: 1n })], 0n)).toBeNull();
  expect(valueOf(null, 0n)).toBeNull();
  const base = defaultPolicy({ id: 8453, isLocal: false });
  expect([
    waitOf(base, 10n ** 17n),
    waitOf(base, 10n ** 18n),
    waitOf(base, 10n ** 20n),
    waitOf(base, null),
  ]).toEqual([{ blocks: 2 }, "safe", "finalized", "finalized"]);
  expect(waitOf(defaultPolicy({ id: 1, isLocal: false }), 1n)).toEqual({ blocks: 3 });
  expect(waitOf(defaultPolicy({ id: 31_337, isLocal: true }), null)).toEqual({ blocks: 0 });
});

const waitOfBundle = (legs: Leg[], fee: bigint) =>
  waitOf(defaultPolicy({ id: 8453, isLocal: false }), valueOf(legs, fee));

test("nobody gets a short wait by what his bundle is made of", () => {
  const small = 3n * 10n ** 17n;
  expect(waitOfBundle([leg({ value: small })], 0n)).toEqual({ blocks: 2 });
  // A fee that receipts pay out, and legs that are small one by one.
  expect(waitOfBundle([leg({ value: 1n })], 100n * 10n ** 18n)).toBe("finalized");
  expect(waitOfBundle([leg({ value: small }), leg({ value: small })], 0n)).toBe("safe");
  // A contract's receive function may move whatever it likes for an account that it trusts.
  expect(waitOfBundle([leg({ kind: "account", value: 1n })], 0n)).toBe("finalized");
  expect(waitOfBundle([leg({ kind: "shared", value: 1n })], 0n)).toBe("finalized");
});
