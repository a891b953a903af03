import { expect, test } from "vitest";
import {
  type EvidenceBundle,
  evidenceHash,
  evidenceText,
  excerptOf,
  MAX_EXCERPT,
  readEvidence,
} from "./evidence.ts";

const bundle: EvidenceBundle = {
  version: 1,
  chainId: 31_337,
  question: `0x${"ab".repeat(32)}`,
  round: 0,
  provider: `0x${"cd".repeat(20)}`,
  value: "1",
  reason: "the median of 3 of 3 sources is 2315.5: Yes",
  sources: [
    {
      name: "k",
      url: "https://a.test/",
      fetchedAt: 1_750_000_000,
      status: 200,
      sha256: `0x${"ef".repeat(32)}`,
      excerpt: '[["\\u0000"]]',
      value: "2315.5",
      dropped: null,
    },
  ],
};

test("reads back what was written, under one name", () => {
  const text = evidenceText(bundle);
  expect(readEvidence(text)).toEqual({ bundle });
  // printf '%s' '{}' | sha256sum
  expect(evidenceHash("{}")).toBe("0x44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  expect(evidenceHash(text)).not.toBe(evidenceHash(`${text} `));
});

test.each<[string, string, string]>([
  ["no JSON", "{", "it is not JSON"],
  ["white space", ` ${evidenceText(bundle)}`, "it is not in canonical form"],
  [
    "members that do not belong",
    evidenceText({ ...bundle, more: 1 } as EvidenceBundle),
    "it is not in canonical form",
  ],
  ["another version", evidenceText({ ...bundle, version: 2 as 1 }), "expected 1"],
  ["a huge text", `"${"ש".repeat(40_000)}"`, "it is longer than 65536 bytes"],
])("refuses %s", (_, text, complaint) => {
  const read = readEvidence(text);
  expect("complaint" in read && read.complaint).toContain(complaint);
});

test("twelve hostile bodies stay below the limit", () => {
  for (const body of [
    "\u0000".repeat(5000),
    "𐎀".repeat(5000),
    "\ud800".repeat(5000),
    '"\\'.repeat(5000),
    "plain ".repeat(9000),
  ]) {
    const excerpt = excerptOf(body);
    expect(Buffer.byteLength(JSON.stringify(excerpt))).toBeLessThanOrEqual(MAX_EXCERPT);
    expect(excerpt.length).toBeGreaterThan(100);
    const source = {
      ...bundle.sources[0],
      url: "u".repeat(2000),
      excerpt,
      dropped: "d".repeat(300),
      value: "9".repeat(190),
    };
    const text = evidenceText({
      ...bundle,
      sources: Array.from({ length: 12 }, () => source) as EvidenceBundle["sources"],
    });
    expect("bundle" in readEvidence(text)).toBe(true);
  }
});
