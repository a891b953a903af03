import { expect, test } from "vitest";
import { parsePolicies, policiesOf } from "./finality.ts";

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

test("what is not said goes by the default, on this machine too", () => {
  const policyOf = policiesOf(["8453:*=7"]);
  expect([policyOf(8453), policyOf(31_338)]).toEqual([
    [{ upTo: null, wait: { blocks: 7 } }],
    [{ upTo: null, wait: { blocks: 0 } }],
  ]);
  expect(policyOf(10).at(-1)).toEqual({ upTo: null, wait: "finalized" });
});
