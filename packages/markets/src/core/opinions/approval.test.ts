import { type Address, type Amount, at, type Hex } from "@sooth/kernel";
import { numberToHex } from "viem";
import { expect, test } from "vitest";
import {
  approvalDigest,
  committeeOrder,
  type OpinionResult,
  packApproval,
  packSignatures,
  proposalEnd,
} from "./approval.ts";

const member = (seat: number): Address => numberToHex(seat + 1, { size: 20 });
const MEMBERS = [0, 1, 2, 3, 4].map(member);
const signature = (byte: number, length = 65): Hex =>
  `0x${byte.toString(16).padStart(2, "0").repeat(length)}`;
const RESULT: OpinionResult = {
  market: numberToHex(7, { size: 32 }),
  total: 10_000_000n as Amount,
  count: 3,
  score: 62,
  confidence: 8_000,
};
const DOMAIN = { chainId: 31_337, committee: numberToHex(99, { size: 20 }) };

test("signatures are packed by seat, whoever handed his over first, and say their lengths", () => {
  const packed = packSignatures(MEMBERS, [
    { member: member(4), signature: signature(4, 3) },
    { member: member(0), signature: signature(1, 2) },
  ]);
  const head = MEMBERS.map((each) => each.slice(2)).join("");
  expect(packed).toBe(`0x11${head}000201010003040404`);
  expect(packApproval(5, MEMBERS, [])).toBe(`0x000000000500${head}`);
});

test("who does not sit is packed nowhere, whatever case his address is written in", () => {
  const [mixed, all] = [
    numberToHex(0xabcdef, { size: 20 }),
    MEMBERS.with(4, numberToHex(0xabcdef, { size: 20 })),
  ];
  const upper = `0x${mixed.slice(2).toUpperCase()}` as Address;
  expect(packSignatures(all, [{ member: upper, signature: "0x01" }]).slice(0, 4)).toBe("0x10");
  expect(packSignatures(MEMBERS, [{ member: upper, signature: "0x01" }]).slice(0, 4)).toBe("0x00");
});

test("what is signed binds every field, the expiry, the contract and the chain", () => {
  const digests = [
    approvalDigest(DOMAIN, RESULT, 100),
    approvalDigest(DOMAIN, RESULT, 101),
    approvalDigest({ ...DOMAIN, chainId: 1 }, RESULT, 100),
    approvalDigest({ ...DOMAIN, committee: member(1) }, RESULT, 100),
    ...(["total", "count", "score", "confidence"] as const).map((field) =>
      approvalDigest(DOMAIN, { ...RESULT, [field]: field === "total" ? 1n : 1 }, 100),
    ),
    approvalDigest(DOMAIN, { ...RESULT, market: numberToHex(8, { size: 32 }) }, 100),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});

test("a proposal ends whole windows after finality, and never now", () => {
  expect([0, 1, 99, 100, 101, 250].map((later) => proposalEnd(1_000, 1_000 + later, 100))).toEqual([
    1_100, 1_100, 1_100, 1_200, 1_200, 1_300,
  ]);
  expect(proposalEnd(1_000, 900, 100)).toBe(1_100);
});

test("five different accounts are put in order; others are no committee", () => {
  expect(committeeOrder(MEMBERS.toReversed())).toEqual(MEMBERS);
  expect(committeeOrder(MEMBERS.slice(1))).toBeNull();
  expect(committeeOrder(MEMBERS.with(4, at(MEMBERS, 0)))).toBeNull();
  expect(committeeOrder(MEMBERS.with(0, numberToHex(0, { size: 20 })))).toBeNull();
});
