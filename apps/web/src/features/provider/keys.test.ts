import { expect, test } from "vitest";
import { keyFile, readKey } from "./keys.ts";

const ONE = "0x0000000000000000000000000000000000000000000000000000000000000001";
const ADDRESS = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";

test("a key is read with or without 0x, and tells its address", () => {
  expect(readKey(ONE)).toEqual({ key: ONE, address: ADDRESS });
  expect(readKey(`  ${ONE.slice(2).toUpperCase()}\n`)).toEqual({ key: ONE, address: ADDRESS });
});

test.each([
  ["", "Paste"],
  ["0x12", "64"],
  [`0x${"0".repeat(64)}`, "No key"],
  [`0x${"f".repeat(64)}`, "No key"],
])("%j is no key", (text, why) => {
  expect(readKey(text)).toEqual({ problem: expect.stringContaining(why) });
});

test("the file that is saved holds the key that can be read again", () => {
  const line =
    keyFile(ONE, ADDRESS)
      .split("\n")
      .find((text) => text.includes("=")) ?? "";
  expect(readKey(line.split("=")[1] ?? "")).toEqual({ key: ONE, address: ADDRESS });
});
