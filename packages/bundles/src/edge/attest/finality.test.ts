import { expect, test } from "vitest";
import type { Leg } from "../../core/index.ts";
import { defaultPolicy, parsePolicies, valueOf, waitOf } from "./finality.ts";

const leg = (over: Partial<Leg>) => ({ kind: "value", value: 0n, data: "0x", ...over }) as Leg;

test("only plain wei have a worth that is known; of all else the longest wait counts", () => {
  expect(valueOf([leg({ value: 5n }), leg({ value: 7n })], 0n)).toBe(12n);
  expect(valueOf([leg({}), leg({ kind: "shared", data: "0xaa" })], 0n)).toBeNull();
  expect(valueOf([leg({ kind: "escrow", value: 1n })], 0n)).toBeNull();
  expect(valueOf(null, 0n)).toBeNull();
  const base = defaultPolicy({ id: 8453 });
  expect([
    waitOf(base, 10n ** 17n),
    waitOf(base, 10n ** 18n),
    waitOf(base, 10n ** 20n),
    waitOf(base, null),
  ]).toEqual([{ blocks: 2 }, "safe", "finalized", "finalized"]);
  expect(waitOf(defaultPolicy({ id: 1 }), 1n)).toEqual({ blocks: 3 });
  expect(waitOf(defaultPolicy({ id: 31_337 }), null)).toEqual({ blocks: 0 });
});

const waitOfBundle = (legs: Leg[], fee: bigint) => waitOf(defaultPolicy({ id: 8453 }), valueOf(legs, fee));

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

test("a policy is read tier by tier", () => {
  const policies = parsePolicies(["8453:100=2", "8453:*=finalized", "1:*=safe"]);
  expect(policies.get(8453)).toEqual([
    { upTo: 100n, wait: { blocks: 2 } },
    { upTo: null, wait: "finalized" },
  ]);
  expect(policies.get(1)).toEqual([{ upTo: null, wait: "safe" }]);
});

test.each([
  ["no chain", ["x:1=2"]],
  ["no wait", ["1:1=soon"]],
  ["tiers that do not ascend", ["1:5=1", "1:5=2", "1:*=safe"]],
  ["a tier behind the last", ["1:*=1", "1:5=2"]],
  ["no last tier", ["1:5=1"]],
])("%s is refused", (_, entries) =>
  expect(() => parsePolicies(entries)).toThrow(expect.objectContaining({ code: "bundles.bad_policy" })),
);
