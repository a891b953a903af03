import { expect, test } from "vitest";
import { feedBacking, feedMode, feedState, readingCode } from "./state.ts";

const feed = { status: "fresh", observedAt: 1_000, heartbeat: 60 } as const;

test("a value grows stale while nobody reloads the page, a second after two heartbeats", () => {
  expect(feedState(feed, 1_120).text).toBe("Fresh");
  expect(feedState(feed, 1_121).text).toBe("Stale");
});

test("a refused jump is said while the value is not stale, and no value is none", () => {
  expect(feedState({ ...feed, status: "halted" }, 1_060).text).toBe("Halted: a value was refused");
  expect(feedState({ ...feed, status: "halted" }, 2_000).text).toBe("Stale");
  expect(feedState({ ...feed, status: "unknown", observedAt: null }, 1_000).text).toBe("No value yet");
});

test("who tells it and what stands behind it", () => {
  expect(feedMode({ scheme: "values", domain: 3 })).toContain("domain 3");
  expect(feedBacking({ scheme: "values", signers: 4, weightBps: 9_999 })).toBe("4 keys, 99% of the weight");
  expect(feedBacking({ scheme: "values", signers: 1, weightBps: null })).toBe("1 key");
  expect(feedBacking({ scheme: "values", signers: 0, weightBps: null })).toBe("not known here");
  expect(feedBacking({ scheme: "first-party", signers: 1, weightBps: null })).toBe("one key, no stake");
});

test("the code asks for the status", () => {
  expect(readingCode("0xaa", "0xbb")).toMatch(/IFeeds\(0xaa\)\s+\.read\(0xbb\);\nrequire\(status/);
});
