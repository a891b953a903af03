import type { PublicClient } from "viem";
import { expect, test, vi } from "vitest";
import { byteFees, feeOfBytes, NO_BYTE_FEES } from "./byte-fees.ts";

/** As Fjord's: nothing is smaller than a hundred bytes, and each more costs the same. */
const MOST = 131_072;
const PRICE = 3n;
const fjord = (bytes: bigint): bigint => PRICE * (bytes < 100n ? 100n : bytes - 40n);

const clientOf = (code: string | undefined, bound: (bytes: bigint) => bigint) => {
  const getCode = vi.fn<() => Promise<string | undefined>>(() => Promise.resolve(code));
  const readContract = vi.fn<(call: { args: [bigint] }) => Promise<bigint>>(({ args }) =>
    Promise.resolve(bound(args[0])),
  );
  return { client: { getCode, readContract } as unknown as PublicClient, getCode, readContract };
};

test("what is reckoned for bytes is never less than what the chain's oracle bounds it by, and little more", async () => {
  const { client } = clientOf("0x60", fjord);
  const fees = await byteFees(client);
  for (const bytes of [0, 1, 99, 100, 101, 700, 8_192, 100_000, MOST]) {
    const found = feeOfBytes(fees, bytes);
    expect(found).toBeGreaterThanOrEqual(fjord(BigInt(bytes)));
    expect(found - fjord(BigInt(bytes))).toBeLessThanOrEqual(PRICE * 300n);
  }
});

test("a chain without that oracle takes nothing, and is asked for it once", async () => {
  const { client, getCode, readContract } = clientOf(undefined, fjord);
  expect([await byteFees(client), await byteFees(client)]).toEqual([NO_BYTE_FEES, NO_BYTE_FEES]);
  expect([getCode.mock.calls.length, readContract.mock.calls.length]).toEqual([1, 0]);
  expect(feeOfBytes(NO_BYTE_FEES, 100_000)).toBe(0n);
});

test("what a node does not say is no price of nothing", async () => {
  const { client } = clientOf("0x60", () => {
    throw new Error("away");
  });
  await expect(byteFees(client)).rejects.toThrow("away");
  const other = clientOf("0x60", fjord);
  other.getCode.mockRejectedValueOnce(new Error("away"));
  await expect(byteFees(other.client)).rejects.toThrow("away");
  expect((await byteFees(other.client)).perByte).toBeGreaterThan(0n);
});
