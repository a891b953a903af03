import { assert, asyncProperty, constantFrom, uint8Array } from "fast-check";
import { bytesToHex, type Hex, recoverAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { signerOf } from "./signer-of.ts";

const bytes = (length: number) =>
  uint8Array({ minLength: length, maxLength: length }).map((found) => bytesToHex(found));
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const word = (value: bigint): string => value.toString(16).padStart(64, "0");

const byViem = (hash: Hex, signature: Hex): Promise<string | null> =>
  recoverAddress({ hash, signature }).then(
    (found) => found.toLowerCase(),
    () => null,
  );

test("who signed is found, whichever way v is written", async () => {
  await assert(
    asyncProperty(bytes(32), bytes(32), async (key, hash) => {
      const account = privateKeyToAccount(key);
      const signature = await account.sign({ hash });
      const bare = `${signature.slice(0, 130)}0${Number.parseInt(signature.slice(130), 16) - 27}` as Hex;
      expect(signerOf(hash, signature)).toBe(account.address.toLowerCase());
      expect(signerOf(hash, bare)).toBe(account.address.toLowerCase());
    }),
    { numRuns: 30 },
  );
});

test("bytes that somebody made up recover whom viem recovers, or nobody", async () => {
  await assert(
    asyncProperty(
      bytes(32),
      bytes(64),
      constantFrom(0, 1, 2, 3, 26, 27, 28, 29, 255),
      async (hash, rs, v) => {
        const signature = `${rs}${v.toString(16).padStart(2, "0")}` as Hex;
        expect(signerOf(hash, signature)).toBe(await byViem(hash, signature));
      },
    ),
    { numRuns: 100 },
  );
});

test.each([
  ["nothing", "0x"],
  ["64 bytes", `0x${"11".repeat(64)}`],
  ["66 bytes", `0x${"11".repeat(66)}`],
  ["no hex", `0x${"zz".repeat(65)}`],
  ["r of zero", `0x${word(0n)}${word(1n)}1b`],
  ["s of zero", `0x${word(1n)}${word(0n)}1b`],
  ["r of the order", `0x${word(ORDER)}${word(1n)}1b`],
  ["s of the order", `0x${word(1n)}${word(ORDER)}1b`],
  ["an r that is on no point", `0x${word(5n)}${word(1n)}1b`],
])("%s recovers nobody", async (_, signature) => {
  const hash = `0x${"22".repeat(32)}` as const;
  expect(signerOf(hash, signature as Hex)).toBeNull();
  expect(await byViem(hash, signature as Hex)).toBeNull();
});

test("the other half of the order's s recovers the same signer", async () => {
  const hash = `0x${"22".repeat(32)}` as const;
  const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
  const signature = await account.sign({ hash });
  const high = word(ORDER - BigInt(`0x${signature.slice(66, 130)}`));
  const turned = `${signature.slice(0, 66)}${high}${signature.endsWith("1b") ? "1c" : "1b"}` as Hex;
  expect(signerOf(hash, turned)).toBe(account.address.toLowerCase());
  expect(await byViem(hash, turned)).toBe(account.address.toLowerCase());
});
