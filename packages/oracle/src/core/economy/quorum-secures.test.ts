import { expect, test } from "vitest";
import { quorumSecures } from "./quorum-secures.ts";

test("a question may secure a third of what still signs while others are away", () => {
  // Three of four are a quorum, two are none.
  expect(quorumSecures([1_000n, 1_000n, 1_000n, 1_000n])).toBe(1_000n);
  // Of 32 equal ones ten may be away: 22 are more than two thirds.
  expect(quorumSecures(Array.from({ length: 32 }, () => 300n))).toBe(2_200n);
  // Without the heaviest the rest is no quorum; without the next one and the lightest it is.
  expect(quorumSecures([10n, 500n, 300n, 300n])).toBe(266n);
});

test("it rounds down, and where nobody sits nothing may be secured", () => {
  expect(quorumSecures([1n])).toBe(0n);
  expect(quorumSecures([5n])).toBe(1n);
  expect(quorumSecures([])).toBe(0n);
});
