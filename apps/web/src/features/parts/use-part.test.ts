import { expect, test } from "vitest";
import { moveTo } from "./use-part.ts";

test.each([
  ["the next one", { part: 1, from: 0 }, 2, { kind: "new", entry: { part: 2, from: 0 } }],
  ["one before", { part: 3, from: 0 }, 2, { kind: "back", by: 1 }],
  ["the first one", { part: 3, from: 0 }, 0, { kind: "back", by: 3 }],
  // Begun at the end there is nothing behind it yet.
  ["one before where the form began", { part: 4, from: 4 }, 1, { kind: "new", entry: { part: 1, from: 1 } }],
  ["on from there", { part: 1, from: 1 }, 2, { kind: "new", entry: { part: 2, from: 1 } }],
] as const)("%s", (_, entry, to, move) => {
  expect(moveTo(entry, to)).toEqual(move);
});
