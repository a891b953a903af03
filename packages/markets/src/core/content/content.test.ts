import { stringToHex } from "viem";
import { expect, test } from "vitest";
import {
  bytesOf,
  cidOf,
  hashNamed,
  hashOf,
  opinionComplaint,
  opinionOf,
  pauseAfterFailure,
} from "./index.ts";

/** `printf hello | ipfs add --cid-version 1 --raw-leaves -Q` */
const HELLO = "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq";

test("a CID is the one that IPFS gives the same bytes, and leads back to the hash in any base", () => {
  const hash = hashOf(bytesOf("hello"));
  expect(cidOf(hash)).toBe(HELLO);
  expect([HELLO, hash, hash.toUpperCase().replace("0X", "0x")].map(hashNamed)).toEqual([hash, hash, hash]);
});

test.each([
  ["nothing", ""],
  ["a word", "hello"],
  ["half a hash", "0x1234"],
  ["a CID of version 0", "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR"],
  ["a directory", "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"],
  ["a very long name", "b".repeat(10_000)],
])("%s names no text", (_, name) => {
  expect(hashNamed(name)).toBe(null);
});

test.each<[string, string, string | null]>([
  ["a sentence", "Zoos should be closed.", null],
  ["one in another script", "动物园应该关闭。", null],
  ["white space", " \n\t", "it is empty"],
  ["half a character", "a\ud800", "it holds half a character"],
  ["a NUL", "a\0b", "it holds a NUL character"],
  ["5,000 characters", "a".repeat(5_000), null],
  ["5,001", "a".repeat(5_001), "it has more than 5000 characters"],
])("of %s it is said: %s", (_, text, complaint) => {
  expect(opinionComplaint(text)).toBe(complaint);
  expect(opinionOf(bytesOf(text.toWellFormed()))).toBe(
    complaint === null || text.includes("\ud800") ? text.toWellFormed() : null,
  );
});

test("bytes that are no text, or have a mark before it, are nobody's opinion or stay as they are", () => {
  expect(opinionOf(new Uint8Array([0xff, 0xfe, 0x41]))).toBe(null);
  expect(opinionOf(new Uint8Array(16_385).fill(0x41))).toBe(null);
  const marked = new Uint8Array([0xef, 0xbb, 0xbf, 0x41]);
  expect(stringToHex(opinionOf(marked) ?? "")).toBe("0xefbbbf41");
});

test("what fails is tried ever later, never later than an hour, and given up after two days", () => {
  const pauses = Array.from({ length: 60 }, (_, index) => pauseAfterFailure(index + 1, 0));
  expect(pauses.slice(0, 4)).toEqual([5, 10, 20, 40]);
  expect([pauses[20], pauses[58], pauses[59]]).toEqual([3_600, 3_600, null]);
  const total = pauses.reduce<number>((sum, pause) => sum + (pause ?? 0), 0);
  expect(total).toBeGreaterThan(1.9 * 86_400);
  expect(pauseAfterFailure(3, 1)).toBe(10);
});
