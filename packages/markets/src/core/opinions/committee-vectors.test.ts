import { type Address, type Amount, at, type Hex } from "@sooth/kernel";
import { readFileSync } from "node:fs";
import { size, slice } from "viem";
import { expect, test } from "vitest";
import {
  approvalDigest,
  committeeOrder,
  type OpinionResult,
  packApproval,
  packSignatures,
} from "./approval.ts";
import { readReplacement, replacementDigest, replacementText } from "./replacement.ts";

/** Cases that contracts/test/markets/opinions/CommitteeVectors.t.sol puts to the contract itself. */
const { domain, approvals, replacements } = JSON.parse(
  readFileSync(new URL("../../../../../vectors/committee.json", import.meta.url), "utf8"),
) as {
  domain: { chainId: number; verifyingContract: Address };
  approvals: {
    members: Address[];
    signers: number[];
    result: Omit<OpinionResult, "total"> & { total: string };
    expiresAt: number;
    digest: Hex;
    packed: Hex;
  }[];
  replacements: {
    sitting: Address[];
    signers: number[];
    members: Address[];
    number: number;
    expiresAt: number;
    digest: Hex;
    packed: Hex;
  }[];
};
const COMMITTEE = { chainId: domain.chainId, committee: domain.verifyingContract };

/** The signatures in what the vectors packed by hand: each is behind its length. */
function unpacked(members: readonly Address[], signers: readonly number[], packed: Hex) {
  let place = 1 + 20 * members.length;
  const signed = signers.map((seat) => {
    const end = place + 2 + Number(slice(packed, place, place + 2));
    const one = { member: at(members, seat), signature: slice(packed, place + 2, end) };
    place = end;
    return one;
  });
  expect(place).toBe(size(packed));
  return signed;
}

test.each(approvals)("approval $digest", ({ members, signers, result, expiresAt, digest, packed }) => {
  const its = { ...result, total: BigInt(result.total) as Amount };
  expect(approvalDigest(COMMITTEE, its, expiresAt)).toBe(digest);
  const signed = unpacked(members, signers, slice(packed, 5));
  expect(packApproval(expiresAt, members, signed.toReversed())).toBe(packed);
});

test.each(replacements)("replacement $digest", ({ sitting, signers, members, digest, packed, ...rest }) => {
  const signatures = unpacked(sitting, signers, packed);
  const replacement = { ...COMMITTEE, sitting, members, ...rest, signatures };
  expect(replacementDigest(replacement)).toBe(digest);
  expect(packSignatures(sitting, signatures.toReversed())).toBe(packed);
  expect(committeeOrder(members.toReversed())).toEqual(members);
  expect(readReplacement(replacementText(replacement))).toEqual({ replacement });
});

test("a file that was cut, or names no five, is refused by what is wrong with it", () => {
  const { sitting, members, number, expiresAt } = at(replacements, 0);
  const replacement = { ...COMMITTEE, sitting, members, number, expiresAt, signatures: [] };
  expect(readReplacement(replacementText(replacement).slice(0, -9))).toEqual({ complaint: "it is not JSON" });
  const wrong: [Partial<typeof replacement>, RegExp][] = [
    [{ members: members.toReversed() }, /ascending/],
    [{ members: members.slice(1) }, /5 different/],
    [{ sitting: members.with(1, at(members, 0)) }, /5 different/],
    [{ number: 0 }, /number/],
    [{ committee: "0x12" }, /an address/],
  ];
  for (const [change, why] of wrong)
    expect(readReplacement(replacementText({ ...replacement, ...change }))).toEqual({
      complaint: expect.stringMatching(why),
    });
});
