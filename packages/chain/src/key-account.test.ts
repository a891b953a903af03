import { assert, asyncProperty, uint8Array } from "fast-check";
import { bytesToHex, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { keyAccount } from "./key-account.ts";
import { signerOf } from "./signer-of.ts";

const bytes = uint8Array({ minLength: 32, maxLength: 32 }).map((found) => bytesToHex(found));
const KEY: Hex = `0x${"11".repeat(32)}`;
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

test("a hash is signed as viem signs it, to the byte", async () => {
  await assert(
    asyncProperty(bytes, bytes, async (key, hash) => {
      const signature = await keyAccount(key).sign({ hash });
      expect(signature).toBe(await privateKeyToAccount(key).sign({ hash }));
      expect(BigInt(`0x${signature.slice(66, 130)}`) <= HALF_ORDER).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("hashes at the ends of what 32 bytes hold are signed by the key", async () => {
  // Above the curve's order the nonce is of the hash as it is, where viem's is of its rest: no hash lies there but by design.
  for (const hash of [`0x${"00".repeat(32)}`, `0x${"ff".repeat(32)}`] as Hex[]) {
    const account = keyAccount(KEY);
    expect(signerOf(hash, await account.sign({ hash }))).toBe(account.address.toLowerCase());
  }
});

test("address and what else is signed are viem's", async () => {
  const [own, viems] = [keyAccount(KEY), privateKeyToAccount(KEY)];
  expect(own.address).toBe(viems.address);
  expect(await own.signMessage({ message: "hello" })).toBe(await viems.signMessage({ message: "hello" }));
});

test("what is no key, and what is no hash of 32 bytes, is not signed with or for", async () => {
  for (const key of ["0x", `0x${"00".repeat(32)}`, `0x${"ff".repeat(32)}`, `0x${"11".repeat(33)}`] as Hex[])
    expect(() => keyAccount(key)).toThrow(/private key/i);
  for (const hash of ["0x", `0x${"22".repeat(31)}`, `0x${"22".repeat(33)}`] as Hex[])
    await expect(keyAccount(KEY).sign({ hash })).rejects.toThrow("Only hashes of 32 bytes are signed.");
});
