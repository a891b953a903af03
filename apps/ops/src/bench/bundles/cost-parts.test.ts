import { expect, test } from "vitest";
import { splitProfile } from "./cost-parts.ts";

const node = (id: number, functionName: string, url = "", children: number[] = []) => ({
  id,
  callFrame: { functionName, url },
  children,
});

test("time goes to the innermost part that has a name, and what waits is left out", () => {
  const spent = splitProfile({
    nodes: [
      node(1, "(root)", "", [2, 3, 7]),
      node(2, "(idle)"),
      node(3, "take", "packages/bundles/src/edge/watch/sightings.ts", [4, 5]),
      node(4, "keccakP", "node_modules/@noble/hashes/sha3.js"),
      // Of nobody's own: whoever calls it.
      node(5, "map", "", [6]),
      node(6, "slice", "node_modules/unknown/slice.js"),
      node(7, "listOnTimeout", "node:internal/timers"),
    ],
    samples: [2, 3, 4, 6, 7],
    timeDeltas: [9_000, 1_000, 2_000, 3_000, 500],
  });
  expect(spent).toEqual({ watching: 4, hashing: 2, other: 0.5 });
});
