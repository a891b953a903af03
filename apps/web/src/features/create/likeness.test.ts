import { expect, test } from "vitest";
import { askedWords, foundByAny, likeness, nearest } from "./likeness.ts";

const ASKED = "Will ETH/USD close at or above 2,400 on 12 May 2026?";

test("a text is looked for by its three longest words, each once", () => {
  expect(askedWords("Will it rain in Berlin, in Berlin itself?")).toEqual(["berlin", "itself", "will"]);
  expect(askedWords("Ban all cars")).toEqual(["cars"]);
  expect(askedWords("Is it so?")).toEqual([]);
});

test("each word is looked for by itself, and what several find comes once", async () => {
  const up: Record<string, { id: string }[]> = { cars: [{ id: "1" }, { id: "2" }], centres: [{ id: "2" }] };
  expect(await foundByAny(["cars", "centres", "close"], async (word) => up[word] ?? [])).toEqual([
    { id: "1" },
    { id: "2" },
  ]);
});

test("likeness is the words of both among those of either", () => {
  expect(likeness(ASKED, ASKED.toUpperCase())).toBe(1);
  expect(likeness("a b c", "b c d")).toBe(0.5);
  expect(likeness("a b", "c d")).toBe(0);
  expect(likeness("", "")).toBe(0);
});

test("the nearest come first, and what shares a few words only does not come", () => {
  const others = [
    "Will it rain in Berlin on 12 May 2026?",
    "Will ETH/USD close at or above 3,000 on 12 May 2026?",
    "Who wins?",
    `${ASKED} `,
  ];
  const found = nearest(ASKED, others, (text) => text, 3);
  expect(found).toEqual([others[3], others[1]]);
  expect(nearest(ASKED, others, (text) => text, 1)).toEqual([others[3]]);
  expect(nearest("", others, (text) => text, 3)).toEqual([]);
});
