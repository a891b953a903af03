import { marketsAbi, testDollarAbi } from "@sooth/abi";
import { AppError } from "@sooth/kernel";
import { encodeErrorResult, RpcRequestError, UserRejectedRequestError } from "viem";
import { expect, test } from "vitest";
import { readableError, revertText } from "./contract-error.ts";

const USD = { decimals: 6, symbol: "tUSD" };

test("a contract's error becomes its row's sentence, amounts and moments readable", () => {
  const small = encodeErrorResult({
    abi: marketsAbi,
    errorName: "Markets_StakeTooSmall",
    args: [500_000n, 1_000_000n],
  });
  expect(revertText(small, USD)).toBe("0.50 tUSD is below the least stake of 1.00 tUSD.");
  const id = `0x${"ab".repeat(32)}` as const;
  const closed = encodeErrorResult({
    abi: marketsAbi,
    errorName: "Markets_Closed",
    args: [id, 1_747_008_000],
  });
  expect(revertText(closed, USD)).toBe("Market 0xabab…abab took stakes until 12 May 2025, 00:00:00 UTC.");
});

test("the faucet's own error has a sentence too", () => {
  const soon = encodeErrorResult({
    abi: testDollarAbi,
    errorName: "TestDollar_TooSoon",
    args: [`0x${"01".repeat(20)}`, 1_747_008_000n],
  });
  expect(revertText(soon, USD)).toBe("The faucet gives again at 12 May 2025, 00:00:00 UTC.");
});

test("foreign bytes are not guessed at", () => {
  expect(revertText("0xdeadbeef", USD)).toBeUndefined();
});

test("finds the revert where a node put it, and a refusal in the wallet", () => {
  const data = encodeErrorResult({ abi: marketsAbi, errorName: "Markets_StakeTooSmall", args: [1n, 2n] });
  const node = new RpcRequestError({
    body: {},
    url: "http://x",
    error: { code: 3, message: "execution reverted", data },
  });
  const reverted = readableError(node, USD);
  expect(reverted).toBeInstanceOf(AppError);
  expect(reverted).toMatchObject({
    code: "wallet.reverted",
    message: "0.000001 tUSD is below the least stake of 0.000002 tUSD.",
  });
  const rejected = readableError(new UserRejectedRequestError(new Error("no")), USD);
  expect(rejected).toMatchObject({ code: "wallet.rejected" });
});
