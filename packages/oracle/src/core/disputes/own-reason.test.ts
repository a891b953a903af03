import type { Hex } from "@sooth/kernel";
import { expect, test } from "vitest";
import { rootReason, silenceReason } from "./own-reason.ts";
import { MOST_REASON_BYTES, reasonComplaint } from "./reason.ts";

const QUESTION = `0x${"ab".repeat(32)}` as Hex;
const HASH = `0x${"ef".repeat(32)}` as Hex;
const OWNER = `0x${"11".repeat(20)}` as Hex;
const AT = 1_750_000_000;
const source = (over: object = {}) => ({
  name: "a",
  url: "https://a.test/close?key=1",
  fetchedAt: AT,
  status: 200,
  sha256: HASH,
  excerpt: "",
  value: "2400",
  dropped: null,
  ...over,
});
const silent = (sources: readonly ReturnType<typeof source>[]) =>
  silenceReason({
    question: QUESTION,
    watcher: OWNER,
    claim: "Yes",
    finding: "2 of 3 sources say Yes",
    first: { value: "Yes", at: AT - 60 },
    look: { at: AT, sources: [...sources] },
  });

test("a watcher tells values, hosts, times and hashes of what it read, and what did not count", () => {
  const away = {
    name: "b",
    url: "https://b.test/x",
    status: 500,
    sha256: null,
    value: null,
    dropped: "HTTP 500",
  };
  const model = { name: "w", url: "https://n.test/1 https://m.test/2", status: null, value: "1" };
  expect(silent([source(), source(away), source(model)]).split("\n")).toEqual([
    `Nobody answered ${QUESTION}. ${OWNER} read its sources and says Yes: 2 of 3 sources say Yes.`,
    "It came to Yes at 2025-06-15T15:05:40Z, and looked again at 2025-06-15T15:06:40Z:",
    `- a (a.test): 2400, HTTP 200, sha256 ${HASH}`,
    "- b (b.test): no figure, which does not count: HTTP 500, HTTP 500",
    `- w (n.test m.test): 1, sha256 ${HASH}`,
  ]);
});

test("names that an asker chose make no lines of their own, hide nothing and never fill it", () => {
  const evil = source({ name: `x\n- b (bank.test): 1\u0000\u202e\ud83d`, value: "9".repeat(200) });
  const [, , line = "", ...more] = silent([evil]).split("\n");
  expect(more).toEqual([]);
  expect(line).toBe(`- x - b (bank.test): 1\ufffd (a.test): ${"9".repeat(120)}…, HTTP 200, sha256 ${HASH}`);
  const long = {
    name: "ü".repeat(999),
    url: `https://${"h".repeat(60)}.test/${"p".repeat(1_900)}`,
    dropped: "€".repeat(300),
  };
  const text = silent(Array.from({ length: 40 }, () => source(long)));
  expect(reasonComplaint(text)).toBeNull();
  expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(MOST_REASON_BYTES);
});

test("of very many sources the rest is counted", () => {
  expect(silent(Array.from({ length: 30 }, () => source())).endsWith("\nand 6 more")).toBe(true);
});

test("a provider tells both roots, and up to which block it read", () => {
  const text = rootReason({
    question: QUESTION,
    provider: OWNER,
    domain: 3,
    period: 7,
    until: AT,
    ours: { root: HASH, providers: 4 },
    theirs: QUESTION,
    head: { number: 99, hash: HASH },
  });
  expect(reasonComplaint(text)).toBeNull();
  for (const told of [
    "period 7 of domain 3",
    HASH,
    QUESTION,
    "4 providers",
    "2025-06-15T15:06:40Z",
    "block 99",
  ])
    expect(text).toContain(told);
});
