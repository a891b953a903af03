import { expect, test } from "vitest";
import { itemProof, packWords, packedRoot, rootOf, type QuestionSchema } from "@sooth/oracle/core";
import type { ItemProof } from "../../api.ts";
import { isProved } from "./proof.ts";

const VALUES = [5n, 7n, 9n];
const schema = { items: { kind: "numeric", count: 3 } } as QuestionSchema;
const item = (over: Partial<ItemProof> = {}): ItemProof => ({
  question: "0x",
  status: "final",
  finalizeAt: 0,
  facts: "0",
  index: 1,
  name: "1",
  value: "7",
  label: "7",
  root: rootOf(schema, VALUES),
  proof: itemProof(VALUES, 1),
  words: null,
  ...over,
});

test("a leaf of the tree is proved, and no other value, place or root", () => {
  expect(isProved(item())).toBe(true);
  expect(isProved(item({ value: "8" }))).toBe(false);
  expect(isProved(item({ index: 0 }))).toBe(false);
  expect(isProved(item({ root: `0x${"11".repeat(32)}` }))).toBe(false);
});

test("words are proved by their hash, and hold the answer", () => {
  const words = packWords([0n, 1n]);
  const packed = { proof: null, words: words.map(String), root: packedRoot(words), value: "1" };
  expect(isProved(item(packed))).toBe(true);
  expect(isProved(item({ ...packed, value: "0" }))).toBe(false);
  expect(isProved(item({ ...packed, words: ["1"] }))).toBe(false);
  expect(isProved(item({ ...packed, words: [] }))).toBe(false);
});
