import { expect, test } from "vitest";
import { staleKeys } from "./live.ts";

test("a block alone makes nothing stale, a stake its market and every list", () => {
  expect(staleKeys("block", "31337:9")).toEqual([]);
  expect(staleKeys("market", "0xaa")).toContainEqual(["market", "0xaa"]);
  expect(staleKeys("market", "0xaa")).toContainEqual(["markets"]);
  expect(staleKeys("market", "0xaa")).toContainEqual(["approvals"]);
});

test("an answer reaches the pages that show what it decides", () => {
  const keys = staleKeys("question", "0xbb").map(([first]) => first);
  expect(keys).toEqual(expect.arrayContaining(["question", "market", "markets", "portfolio"]));
});

test("a gap that the server cannot fill makes everything stale, an unknown topic nothing", () => {
  expect(staleKeys("bundle", "0xff")).toEqual([["bundle", "0xff"], ["bundles"], ["notifications"]]);
  expect(staleKeys("reset", "")).toEqual([[]]);
  expect(staleKeys("weather", "1")).toEqual([]);
});

test("what is said below a market reaches those who look at it", () => {
  expect(staleKeys("comment", "0xee")).toContainEqual(["comments", "0xee"]);
  expect(staleKeys("comment", "0xee")).toContainEqual(["notifications"]);
});

test("a value of a feed reaches the list of feeds", () => {
  expect(staleKeys("feed", "0xdd")).toEqual([["feeds"]]);
});

test("what happens to a provider reaches the list and every provider's page", () => {
  expect(staleKeys("provider", "0xcc")).toContainEqual(["providers"]);
});
