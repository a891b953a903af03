import { toAccount, privateKeyToAccount } from "viem/accounts";
import { assert, asyncProperty, bigInt, constantFrom, oneof, record, uint8Array } from "fast-check";
import { keccak256, toHex } from "viem";
import { expect, test } from "vitest";
import { signTransaction, type Unsigned } from "./sign-transaction.ts";

const account = privateKeyToAccount(`0x${"59".repeat(32)}`);
const plain: Unsigned = {
  chainId: 31_337,
  nonce: 0,
  to: `0x${"ab".repeat(20)}`,
  data: "0x",
  value: 0n,
  gas: 21_000n,
  maxFeePerGas: 2n,
  maxPriorityFeePerGas: 1n,
};

/** Around every length and value at which RLP is written in another way. */
const numbers = oneof(
  constantFrom(0n, 1n, 127n, 128n, 255n, 256n, 2n ** 64n),
  bigInt({ min: 0n, max: 2n ** 96n }),
);
const small = constantFrom(0, 1, 127, 128, 255, 256, 65_536, 2 ** 40);
const bytes = (length: number) =>
  uint8Array({ minLength: length, maxLength: length }).map((each) => toHex(each));
const data = oneof(
  ...[0, 1, 2, 54, 55, 56, 57, 255, 256, 300].map(bytes),
  constantFrom(`0x${"00".repeat(70_000)}`, "0x00", "0x7f", "0x80"),
);

test("it signs to the bytes to which viem signs", async () => {
  const any = record({
    chainId: small.map((one) => one + 1),
    nonce: small,
    to: bytes(20),
    data,
    value: numbers,
    gas: numbers,
    maxPriorityFeePerGas: numbers,
    more: numbers,
  });
  await assert(
    asyncProperty(any, async ({ more, ...one }) => {
      const transaction = { ...one, maxFeePerGas: one.maxPriorityFeePerGas + more } as Unsigned;
      const raw = await account.signTransaction({ type: "eip1559", ...transaction });
      expect(await signTransaction(account, transaction)).toEqual({ raw, hash: keccak256(raw) });
    }),
    { numRuns: 200 },
  );
});

test("an account that signs no mere hashes does it as it can", async () => {
  const { address, signMessage, signTypedData } = account;
  const own = toAccount({ address, signMessage, signTypedData, signTransaction: account.signTransaction });
  expect(await signTransaction(own, plain)).toEqual(await signTransaction(account, plain));
});

test.each<[string, Partial<Unsigned>]>([
  ["a target of another length", { to: "0xab" }],
  ["a target that is no hex", { to: `0x${"zz".repeat(20)}` }],
  ["data with half a byte", { data: "0xabc" }],
  ["data that is no hex", { data: "0xzz" }],
  ["data whose character ends like a digit", { data: "0xa\u0130" }],
  ["a target whose character ends like a digit", { to: `0x${"a".repeat(39)}\u0130` }],
  ["data without a prefix", { data: "zzab" as "0x" }],
  ["less than nothing", { value: -1n }],
])("%s is not signed", async (_, wrong) => {
  await expect(signTransaction(account, { ...plain, ...wrong })).rejects.toThrow(/no hex|no negative/);
});
